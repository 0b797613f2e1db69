package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

func init() { loaders["dataclasses"] = fillDataclasses }

var (
	fieldClass       = pyeval.NewClass("dataclasses", "Field")
	frozenErrorClass = pyeval.NewClass("dataclasses", "FrozenInstanceError", pyeval.AttributeError)
)

// field is one field of a dataclass, also what field(…) returns.
type field struct {
	name                string
	def, factory        pyeval.Value // nil when absent
	init, repr, compare bool
	kwOnly              bool
}

func fillDataclasses(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(fieldClass, frozenErrorClass)
	const flags = "init: bool=True, repr: bool=True, eq: bool=True, order: bool=False, unsafe_hash: bool=False, frozen: bool=False, match_args=True, kw_only: bool=False, slots=False"
	m.Def("dataclass(cls=None, /, *, "+flags+")", func(c *pyeval.Call) (pyeval.Value, error) {
		options := c
		if c.Arg("cls") != pyeval.None {
			return makeDataclass(c.Thread, c.Arg("cls"), options)
		}
		return pyeval.NewNative("dataclass(cls, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			return makeDataclass(c.Thread, c.Arg("cls"), options)
		}), nil
	})
	m.Def("field(*, default=..., default_factory=..., init: bool=True, repr: bool=True, hash=None, compare: bool=True, metadata=None, kw_only: bool=False)",
		func(c *pyeval.Call) (pyeval.Value, error) {
			return fieldClass.Make(&field{def: c.Arg("default"), factory: c.Arg("default_factory"), init: c.Bool("init"),
				repr: c.Bool("repr"), compare: c.Bool("compare"), kwOnly: c.Bool("kw_only")}), nil
		})
	m.Def("is_dataclass(obj, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Bool(dataFields(classOf(c.Arg("obj"))) != nil), nil
	})
	m.Def("fields(obj, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		var out []pyeval.Value
		for _, f := range dataFields(classOf(c.Arg("obj"))) {
			i := fieldClass.Make(f)
			i.Dict().SetStr("name", pyeval.NewStr(f.name))
			out = append(out, i)
		}
		return pyeval.NewTuple(out...), nil
	})
	m.Def("asdict(obj, /)", func(c *pyeval.Call) (pyeval.Value, error) { return asPlain(c.Thread, c.Arg("obj"), true) })
	m.Def("astuple(obj, /)", func(c *pyeval.Call) (pyeval.Value, error) { return asPlain(c.Thread, c.Arg("obj"), false) })
	m.Def("replace(obj, /, **changes)", func(c *pyeval.Call) (pyeval.Value, error) {
		var args []pyeval.Arg
		for _, f := range dataFields(classOf(c.Arg("obj"))) {
			v, ok := c.Keywords("changes").GetStr(f.name)
			if !ok {
				var err error
				if v, err = c.Thread.GetAttr(c.Arg("obj"), f.name); err != nil {
					return nil, err
				}
			}
			if f.init {
				args = append(args, pyeval.Arg{Name: f.name, Value: v})
			}
		}
		return c.Thread.Invoke(c.Arg("obj").Class(), args, c.Span, c.At)
	})
}

func classOf(v pyeval.Value) *pyeval.Class {
	if k, ok := v.(*pyeval.Class); ok {
		return k
	}
	return v.Class()
}

const fieldsName = "__dataclass_fields__"

// dataFields are the fields of a dataclass in order, nil for other classes.
func dataFields(k *pyeval.Class) []*field {
	fs, _ := pyeval.Data[[]*field](k.Lookup(fieldsName))
	return fs
}

// makeDataclass collects the fields from the annotations and adds the methods.
func makeDataclass(t *pyeval.Thread, v pyeval.Value, opts *pyeval.Call) (pyeval.Value, error) {
	k, ok := v.(*pyeval.Class)
	if !ok {
		return v, nil
	}
	fields := inherited(k)
	notes, _ := k.Dict().GetStr("__annotations__")
	if d, ok := notes.(*pyeval.Dict); ok {
		for name, typ := range d.Items() {
			f, err := ownField(t, k, name.(*pyeval.Str).String(), typ, opts)
			if err != nil {
				return nil, err
			}
			if f != nil {
				fields = put(fields, f)
			}
		}
	}
	k.Set(fieldsName, fieldClass.Make(fields))
	if _, own := k.Dict().GetStr("__init__"); opts.Bool("init") && !own {
		if err := addInit(k, fields, opts.Bool("frozen")); err != nil {
			return nil, err
		}
	}
	if _, own := k.Dict().GetStr("__repr__"); opts.Bool("repr") && !own {
		addRepr(k, fields)
	}
	if _, own := k.Dict().GetStr("__eq__"); opts.Bool("eq") && !own {
		addComparison(k, fields, opts)
	}
	if opts.Bool("frozen") {
		k.Def("__setattr__(self, name: str, value, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			return nil, pyeval.Errorf(frozenErrorClass, "cannot assign to field '%s'", c.Str("name"))
		})
	}
	return k, nil
}

// inherited are the fields of the bases, the nearest last.
func inherited(k *pyeval.Class) []*field {
	var fields []*field
	mro := k.MRO()
	for i := len(mro) - 1; i > 0; i-- {
		if own, ok := mro[i].Dict().GetStr(fieldsName); ok {
			fs, _ := pyeval.Data[[]*field](own)
			for _, f := range fs {
				fields = put(fields, f)
			}
		}
	}
	return fields
}

// put adds a field, or replaces the one of its name where it stands.
func put(fields []*field, f *field) []*field {
	for i := range fields {
		if fields[i].name == f.name {
			out := append([]*field(nil), fields...)
			out[i] = f
			return out
		}
	}
	return append(fields, f)
}

// ownField makes the field of one annotation; nil for a ClassVar.
func ownField(t *pyeval.Thread, k *pyeval.Class, name string, typ pyeval.Value, opts *pyeval.Call) (*field, error) {
	if text, err := t.Repr(typ); err == nil && strings.HasPrefix(text, "typing.ClassVar") {
		return nil, nil
	}
	f := &field{name: name, init: true, repr: true, compare: true, kwOnly: opts.Bool("kw_only")}
	def, ok := k.Dict().GetStr(name)
	if spec, isField := pyeval.Data[*field](def); ok && isField {
		*f = *spec
		f.name = name
		f.kwOnly = f.kwOnly || opts.Bool("kw_only")
		k.Dict().DeleteStr(name)
		if f.def != nil {
			k.Set(name, f.def)
		}
		return f, nil
	}
	switch def.(type) {
	case *pyeval.List, *pyeval.Dict, *pyeval.Set:
		return nil, pyeval.Errorf(pyeval.ValueError, "mutable default %s for field %s is not allowed: use default_factory", simpleName(def), name)
	}
	if ok {
		f.def = def
	}
	return f, nil
}

func simpleName(v pyeval.Value) string { return "<class '" + v.Class().Name() + "'>" }

// addInit makes __init__ from the fields.
func addInit(k *pyeval.Class, fields []*field, frozen bool) error {
	var pos, kw []string
	defaulted := ""
	for _, f := range fields {
		if !f.init {
			continue
		}
		p := f.name
		if f.def != nil || f.factory != nil {
			p += "=..."
		}
		switch {
		case f.kwOnly:
			kw = append(kw, p)
			continue
		case p != f.name:
			defaulted = f.name
		case defaulted != "":
			return pyeval.Errorf(pyeval.TypeError, "non-default argument '%s' follows default argument", f.name)
		}
		pos = append(pos, p)
	}
	if kw != nil {
		pos = append(append(pos, "*"), kw...)
	}
	k.Def("__init__("+strings.Join(append([]string{"self"}, pos...), ", ")+")", func(c *pyeval.Call) (pyeval.Value, error) {
		obj, ok := c.Args()[0].(*pyeval.Instance)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "__init__() needs an object of the class")
		}
		for _, f := range fields {
			var v pyeval.Value
			if f.init {
				v = c.Arg(f.name)
			}
			if v == nil && f.factory != nil {
				var err error
				if v, err = c.Thread.Call(f.factory); err != nil {
					return nil, err
				}
			}
			if v == nil {
				v = f.def
			}
			switch {
			case v == nil:
			case frozen:
				obj.Dict().SetStr(f.name, v)
			default:
				if err := c.Thread.SetAttr(obj, f.name, v); err != nil {
					return nil, err
				}
			}
		}
		if post := k.Lookup("__post_init__"); post != nil {
			return c.Thread.Call(post, obj)
		}
		return pyeval.None, nil
	})
	return nil
}

func addRepr(k *pyeval.Class, fields []*field) {
	k.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		var parts []string
		for _, f := range fields {
			if !f.repr {
				continue
			}
			v, err := c.Thread.GetAttr(c.Self(), f.name)
			if err != nil {
				return nil, err
			}
			s, err := c.Thread.Repr(v)
			if err != nil {
				return nil, err
			}
			parts = append(parts, f.name+"="+s)
		}
		return str(c.Self().Class().Qualname() + "(" + strings.Join(parts, ", ") + ")")
	})
}

// addComparison adds __eq__, and with order=True the others.
func addComparison(k *pyeval.Class, fields []*field, opts *pyeval.Call) {
	key := func(t *pyeval.Thread, v pyeval.Value) (pyeval.Value, error) {
		var elems []pyeval.Value
		for _, f := range fields {
			if f.compare {
				x, err := t.GetAttr(v, f.name)
				if err != nil {
					return nil, err
				}
				elems = append(elems, x)
			}
		}
		return pyeval.NewTuple(elems...), nil
	}
	compare := func(name, op string) {
		k.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if c.Arg("other").Class() != c.Self().Class() {
				return pyeval.NotImplemented, nil
			}
			a, err := key(c.Thread, c.Self())
			if err != nil {
				return nil, err
			}
			b, err := key(c.Thread, c.Arg("other"))
			if err != nil {
				return nil, err
			}
			return c.Thread.Compare(op, a, b)
		})
	}
	compare("__eq__", "==")
	if opts.Bool("order") {
		for name, op := range map[string]string{"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="} {
			compare(name, op)
		}
	}
	if !opts.Bool("frozen") && !opts.Bool("unsafe_hash") {
		k.Set("__hash__", pyeval.None)
		return
	}
	k.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		v, err := key(c.Thread, c.Self())
		if err != nil {
			return nil, err
		}
		n, err := c.Thread.Hash(v)
		return pyeval.NewInt(n), err
	})
}

// asPlain turns dataclasses inside a value into dicts or tuples.
func asPlain(t *pyeval.Thread, v pyeval.Value, dict bool) (pyeval.Value, error) {
	switch x := v.(type) {
	case *pyeval.List:
		out := pyeval.NewList()
		for _, e := range x.Elems() {
			p, err := asPlain(t, e, dict)
			if err != nil {
				return nil, err
			}
			out.Append(p)
		}
		return out, nil
	case *pyeval.Dict:
		out := pyeval.NewDict()
		for k, e := range x.Items() {
			p, err := asPlain(t, e, dict)
			if err != nil {
				return nil, err
			}
			if err := out.Set(t, k, p); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	fields := dataFields(v.Class())
	if fields == nil {
		return v, nil
	}
	d := pyeval.NewDict()
	var elems []pyeval.Value
	for _, f := range fields {
		x, err := t.GetAttr(v, f.name)
		if err != nil {
			return nil, err
		}
		if x, err = asPlain(t, x, dict); err != nil {
			return nil, err
		}
		d.SetStr(f.name, x)
		elems = append(elems, x)
	}
	if dict {
		return d, nil
	}
	return pyeval.NewTuple(elems...), nil
}
