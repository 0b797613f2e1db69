package stdlib

import (
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
)

func init() {
	loaders["functools"] = fillFunctools
	loaders["operator"] = fillOperator
	loaders["copy"] = fillCopy
}

// Partial is the Go value behind a functools.partial.
type Partial struct {
	Func     pyeval.Value
	Args     []pyeval.Value
	Keywords *pyeval.Dict
}

var partialClass = pyeval.NewClass("functools", "partial")

func init() {
	partialClass.Static("__new__(cls, func: callable, /, *args, **keywords)", func(c *pyeval.Call) (pyeval.Value, error) {
		return partialClass.Make(&Partial{c.Arg("func"), c.Elems("args"), c.Keywords("keywords")}), nil
	})
	partialClass.Def("__call__(self, *args, **keywords)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, _ := pyeval.Data[*Partial](c.Self())
		var args []pyeval.Arg
		for _, v := range append(append([]pyeval.Value(nil), p.Args...), c.Elems("args")...) {
			args = append(args, pyeval.Arg{Value: v})
		}
		merged := pyeval.NewDict()
		for _, d := range []*pyeval.Dict{p.Keywords, c.Keywords("keywords")} {
			for k, v := range d.Items() {
				merged.SetStr(k.(*pyeval.Str).String(), v)
			}
		}
		for k, v := range merged.Items() {
			args = append(args, pyeval.Arg{Name: k.(*pyeval.Str).String(), Value: v})
		}
		return c.Thread.Invoke(p.Func, args, c.Span, c.At)
	})
	get := func(name string, f func(p *Partial) pyeval.Value) {
		partialClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) {
			p, _ := pyeval.Data[*Partial](c.Self())
			return f(p), nil
		})
	}
	get("func", func(p *Partial) pyeval.Value { return p.Func })
	get("args", func(p *Partial) pyeval.Value { return pyeval.NewTuple(p.Args...) })
	get("keywords", func(p *Partial) pyeval.Value { return p.Keywords })
}

func fillFunctools(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(partialClass)
	m.Def("reduce(function, iterable, initial=..., /)", func(c *pyeval.Call) (pyeval.Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return nil, err
		}
		acc := c.Arg("initial")
		if acc == nil {
			if len(elems) == 0 {
				return nil, pyeval.Errorf(pyeval.TypeError, "reduce() of empty iterable with no initial value")
			}
			acc, elems = elems[0], elems[1:]
		}
		for _, x := range elems {
			if acc, err = c.Thread.Call(c.Arg("function"), acc, x); err != nil {
				return nil, err
			}
		}
		return acc, nil
	})
	m.Def("wraps(wrapped, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		wrapped := c.Arg("wrapped")
		return pyeval.NewNative("wraps(f)", func(c *pyeval.Call) (pyeval.Value, error) {
			return c.Arg("f"), copyMetadata(c.Thread, wrapped, c.Arg("f"))
		}), nil
	})
	m.Def("update_wrapper(f, wrapped, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		return c.Arg("f"), copyMetadata(c.Thread, c.Arg("wrapped"), c.Arg("f"))
	})
	// Caching changes nothing that a build can see but the number of calls.
	m.Def("cmp_to_key(cmp, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		cmp := c.Arg("cmp")
		k := pyeval.NewClass("functools", "K")
		k.Def("__init__(self, obj)", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = c.Arg("obj")
			return pyeval.None, nil
		})
		k.Def("__lt__(self, other)", func(c *pyeval.Call) (pyeval.Value, error) {
			a, _ := pyeval.Data[pyeval.Value](c.Self())
			b, _ := pyeval.Data[pyeval.Value](c.Arg("other"))
			r, err := c.Thread.Call(cmp, a, b)
			if err != nil {
				return nil, err
			}
			return c.Thread.Compare("<", r, pyeval.NewInt(0))
		})
		return k, nil
	})
}

// copyMetadata makes a wrapper look like what it wraps.
func copyMetadata(t *pyeval.Thread, from, to pyeval.Value) error {
	switch to.(type) {
	case *pyeval.Function, *pyeval.Instance:
	default:
		return nil
	}
	for _, name := range []string{"__name__", "__qualname__", "__doc__", "__annotations__"} {
		v, err := t.GetAttr(from, name)
		if err != nil {
			continue // wraps() skips what the wrapped object hasn't got
		}
		if err := t.SetAttr(to, name, v); err != nil {
			return err
		}
	}
	if f, ok := from.(*pyeval.Function); ok {
		for k, v := range f.Dict().Items() {
			if err := t.SetAttr(to, k.(*pyeval.Str).String(), v); err != nil {
				return err
			}
		}
	}
	return t.SetAttr(to, "__wrapped__", from)
}

func fillOperator(_ *pyeval.Thread, m *pyeval.Module) {
	for name, op := range (pyeval.Named[string]{{"add", "+"}, {"sub", "-"}, {"mul", "*"}, {"truediv", "/"}, {"floordiv", "//"}, {"mod", "%"}, {"pow", "**"}, {"and_", "&"}, {"or_", "|"}, {"xor", "^"},
		{"lshift", "<<"}, {"rshift", ">>"}, {"concat", "+"}}).All() {
		m.Def(name+"(a, b, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			return c.Thread.Binary(op, c.Arg("a"), c.Arg("b"))
		})
		m.Def("i"+strings.TrimSuffix(name, "_")+"(a, b, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			return c.Thread.Augmented(op, c.Arg("a"), c.Arg("b"))
		})
	}
	for name, op := range (pyeval.Named[string]{{"eq", "=="}, {"ne", "!="}, {"lt", "<"}, {"le", "<="}, {"gt", ">"}, {"ge", ">="}}).All() {
		m.Def(name+"(a, b, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			return c.Thread.Compare(op, c.Arg("a"), c.Arg("b"))
		})
	}
	m.Def("itemgetter(*items)", func(c *pyeval.Call) (pyeval.Value, error) {
		items := c.Elems("items")
		return pick(items, func(t *pyeval.Thread, obj, item pyeval.Value) (pyeval.Value, error) { return t.Index(obj, item) }), nil
	})
	m.Def("attrgetter(*names: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pick(c.Elems("names"), func(t *pyeval.Thread, obj, name pyeval.Value) (pyeval.Value, error) {
			for _, part := range strings.Split(name.(*pyeval.Str).String(), ".") {
				var err error
				if obj, err = t.GetAttr(obj, part); err != nil {
					return nil, err
				}
			}
			return obj, nil
		}), nil
	})
	m.Def("not_(a, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		yes, err := c.Thread.Truth(c.Arg("a"), "operator.not_()")
		return pyeval.Bool(!yes), err
	})
	for name, op := range (pyeval.Named[string]{{"neg", "-"}, {"pos", "+"}, {"inv", "~"}, {"invert", "~"}}).All() {
		m.Def(name+"(a, /)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Thread.Unary(op, c.Arg("a")) })
	}
}

// pick is a function that takes one or several parts of its argument.
func pick(parts []pyeval.Value, get func(t *pyeval.Thread, obj, part pyeval.Value) (pyeval.Value, error)) pyeval.Value {
	return pyeval.NewNative("getter(obj, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		var out []pyeval.Value
		for _, p := range parts {
			v, err := get(c.Thread, c.Arg("obj"), p)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		if len(out) == 1 {
			return out[0], nil
		}
		return pyeval.NewTuple(out...), nil
	})
}

func fillCopy(_ *pyeval.Thread, m *pyeval.Module) {
	m.Def("copy(x)", func(c *pyeval.Call) (pyeval.Value, error) { return shallow(c.Thread, c.Arg("x")) })
	m.Def("deepcopy(x, memo=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		return deep(c.Thread, c.Arg("x"), map[pyeval.Value]pyeval.Value{})
	})
}

func shallow(t *pyeval.Thread, v pyeval.Value) (pyeval.Value, error) {
	switch x := v.(type) {
	case *pyeval.List, *pyeval.Dict, *pyeval.Set:
		f, err := t.GetAttr(x, "copy")
		if err != nil {
			return nil, err
		}
		return t.Call(f)
	case *pyeval.Instance:
		if m := x.Class().Lookup("__copy__"); m != nil {
			return t.Call(m, x)
		}
		out := pyeval.Derived(x.Class(), nil)
		out.CopyFrom(x)
		return out, nil
	}
	return v, nil
}

func deep(t *pyeval.Thread, v pyeval.Value, memo map[pyeval.Value]pyeval.Value) (pyeval.Value, error) {
	if done, ok := memo[v]; ok {
		return done, nil
	}
	if err := t.Step(); err != nil {
		return nil, err
	}
	switch x := v.(type) {
	case *pyeval.List:
		out := pyeval.NewList()
		memo[v] = out
		for _, e := range x.Elems() {
			d, err := deep(t, e, memo)
			if err != nil {
				return nil, err
			}
			out.Append(d)
		}
		return out, nil
	case *pyeval.Tuple:
		var elems []pyeval.Value
		for _, e := range x.Elems() {
			d, err := deep(t, e, memo)
			if err != nil {
				return nil, err
			}
			elems = append(elems, d)
		}
		if slices.Equal(elems, x.Elems()) {
			return x, nil
		}
		return pyeval.NewTuple(elems...), nil
	case *pyeval.Dict:
		out := pyeval.NewDict()
		memo[v] = out
		return out, deepItems(t, x, out, memo)
	case *pyeval.Instance:
		if m := x.Class().Lookup("__deepcopy__"); m != nil {
			return t.Call(m, x, pyeval.NewDict())
		}
		out := pyeval.Derived(x.Class(), nil)
		out.CopyFrom(x)
		memo[v] = out
		return out, deepItems(t, x.Dict(), out.Dict(), memo)
	}
	return shallow(t, v)
}

func deepItems(t *pyeval.Thread, from, to *pyeval.Dict, memo map[pyeval.Value]pyeval.Value) error {
	for k, e := range from.Items() {
		d, err := deep(t, e, memo)
		if err != nil {
			return err
		}
		if err := to.Set(t, k, d); err != nil {
			return err
		}
	}
	return nil
}
