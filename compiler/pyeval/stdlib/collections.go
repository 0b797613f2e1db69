package stdlib

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
)

func init() {
	loaders["collections"] = fillCollections
	loaders["collections.abc"] = func(_ *pyeval.Thread, m *pyeval.Module) {
		// C[int] of an abstract class is a type expression that stands for C.
		m.Def("_alias(cls, item, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			k, _ := c.Arg("cls").(*pyeval.Class)
			return c.Thread.Index(pyeval.NewAlias(k.ModuleName()+"."+k.Qualname(), k), c.Arg("item"))
		})
	}
}

var (
	orderedDictClass = pyeval.NewClass("collections", "OrderedDict", pyeval.DictClass)
	counterClass     = pyeval.NewClass("collections", "Counter", pyeval.DictClass)
	dequeClass       = pyeval.NewClass("collections", "deque", pyeval.ListClass)
)

func fillCollections(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(orderedDictClass, counterClass, dequeClass, pyeval.DefaultDictClass)
	m.Def("namedtuple(typename: str, field_names, *, defaults=None, rename: bool=False, module=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		names, err := fieldNames(c)
		if err != nil {
			return nil, err
		}
		var defaults []pyeval.Value
		if d := c.Arg("defaults"); d != pyeval.None {
			if defaults, err = c.Thread.Iterate(d); err != nil {
				return nil, err
			}
		}
		if c.Bool("rename") {
			for i, n := range names {
				if !isIdentifier(n) || pyast.IsKeyword(n) || n[0] == '_' || slices.Contains(names[:i], n) {
					names[i] = fmt.Sprintf("_%d", i)
				}
			}
		}
		return namedTuple(c.Thread, c.Str("typename"), names, defaults, c.Bool("rename"))
	})
}

func fieldNames(c *pyeval.Call) ([]string, error) {
	if s, ok := c.Arg("field_names").(*pyeval.Str); ok {
		return strings.FieldsFunc(s.String(), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }), nil
	}
	elems, err := c.Thread.Iterate(c.Arg("field_names"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range elems {
		s, err := c.Thread.Str(e)
		if err != nil {
			return nil, err
		}
		names = append(names, s)
	}
	return names, nil
}

// namedTuple makes the class of a named tuple; defaults belong to the last
// fields.
func namedTuple(t *pyeval.Thread, name string, fields []string, defaults []pyeval.Value, renamed bool) (*pyeval.Class, error) {
	if err := checkNames(name, fields, renamed); err != nil {
		return nil, err
	}
	k, err := t.NewType(pyeval.TypeClass, name, []pyeval.Value{pyeval.TupleClass}, pyeval.NewDict())
	if err != nil {
		return nil, err
	}
	if len(defaults) > len(fields) {
		return nil, pyeval.Errorf(pyeval.TypeError, "Got more default values than field names")
	}
	byName := pyeval.NewDict()
	var params strings.Builder
	var names []pyeval.Value
	for i, f := range fields {
		params.WriteString(", " + f)
		if j := i - (len(fields) - len(defaults)); j >= 0 {
			params.WriteString("=...")
			byName.SetStr(f, defaults[j])
		}
		names = append(names, pyeval.NewStr(f))
	}
	nameElements(k, name, fields)
	k.Set("__doc__", pyeval.NewStr(name+"("+strings.Join(fields, ", ")+")"))
	k.Set("_fields", pyeval.NewTuple(names...)).Set("_field_defaults", byName)
	k.Static("__new__(cls"+params.String()+")", func(c *pyeval.Call) (pyeval.Value, error) {
		class, ok := c.Arg("cls").(*pyeval.Class)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "__new__(X): X is not a type object")
		}
		elems := append([]pyeval.Value(nil), c.Args()[1:]...)
		for i, v := range elems {
			if v == nil {
				elems[i], _ = byName.GetStr(fields[i])
			}
		}
		return pyeval.Derived(class, pyeval.NewTuple(elems...)), nil
	})
	defineNamed(k, fields)
	return k, nil
}

// checkNames refuses what can't be the names of a class and its fields.
func checkNames(class string, fields []string, renamed bool) error {
	for i, n := range append([]string{class}, fields...) {
		switch {
		case !isIdentifier(n):
			return pyeval.Errorf(pyeval.ValueError, "Type names and field names must be valid identifiers: %s", pyeval.Quote(n))
		case pyast.IsKeyword(n):
			return pyeval.Errorf(pyeval.ValueError, "Type names and field names cannot be a keyword: %s", pyeval.Quote(n))
		case i > 0 && n[0] == '_' && !renamed:
			return pyeval.Errorf(pyeval.ValueError, "Field names cannot start with an underscore: %s", pyeval.Quote(n))
		case i > 0 && slices.Contains(fields[:i-1], n):
			return pyeval.Errorf(pyeval.ValueError, "Encountered duplicate field name: %s", pyeval.Quote(n))
		}
	}
	return nil
}

// defineNamed gives the class of a named tuple its methods.
func defineNamed(k *pyeval.Class, fields []string) {
	k.ClassMethod("_make(cls, iterable, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return nil, err
		}
		return c.Thread.Call(k, elems...)
	})
	k.Def("_asdict(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		d := pyeval.NewDict()
		for i, f := range fields {
			d.SetStr(f, tuple(c)[i])
		}
		return d, nil
	})
	k.Def("_replace(self, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		elems := append([]pyeval.Value(nil), tuple(c)...)
		var unknown []pyeval.Value
		for name := range c.Keywords("kw").Items() {
			if !slices.Contains(fields, textOf(name)) {
				unknown = append(unknown, name)
			}
		}
		if unknown != nil {
			list, err := c.Thread.Repr(pyeval.NewList(unknown...))
			if err != nil {
				return nil, err
			}
			return nil, pyeval.Errorf(pyeval.ValueError, "Got unexpected field names: %s", list)
		}
		for i, f := range fields {
			if v, ok := c.Keywords("kw").GetStr(f); ok {
				elems[i] = v
			}
		}
		return c.Thread.Call(k, elems...)
	})
}

// tuple is the elements of a method's named tuple.
func tuple(c *pyeval.Call) []pyeval.Value { return c.Self().(*pyeval.Tuple).Elems() }

func init() {
	dict := selfDict
	orderedDictClass.Def("move_to_end(self, key, last: bool=True)", func(c *pyeval.Call) (pyeval.Value, error) {
		d := dict(c)
		v, err := d.Delete(c.Thread, c.Arg("key"))
		if err != nil {
			return nil, err
		}
		if v == nil {
			return nil, pyeval.Raise(pyeval.KeyError, c.Arg("key"))
		}
		if c.Bool("last") {
			return pyeval.None, d.Set(c.Thread, c.Arg("key"), v)
		}
		return pyeval.None, d.SetFirst(c.Thread, c.Arg("key"), v)
	})
	orderedDictClass.Def("__eq__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		other, ok := pyeval.Builtin(c.Arg("other")).(*pyeval.Dict)
		if !ok {
			return pyeval.NotImplemented, nil
		}
		same, err := c.Thread.Equal(dict(c), other)
		if same && c.Arg("other").Class().IsA(orderedDictClass) { // then in the same order, too
			same, err = c.Thread.Equal(pyeval.NewList(dict(c).Keys()...), pyeval.NewList(other.Keys()...))
		}
		return pyeval.Bool(same), err
	})
	orderedDictClass.Set("__hash__", pyeval.None)
	orderedDictClass.Def("popitem(self, last: bool=True)", func(c *pyeval.Call) (pyeval.Value, error) {
		keys := dict(c).Keys()
		if len(keys) == 0 {
			return nil, pyeval.Raise(pyeval.KeyError, pyeval.NewStr("dictionary is empty"))
		}
		key := keys[0]
		if c.Bool("last") {
			key = keys[len(keys)-1]
		}
		v, err := dict(c).Delete(c.Thread, key)
		return pyeval.NewTuple(key, v), err
	})
	orderedDictClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		items := pyeval.NewList()
		for k, v := range dict(c).Items() {
			items.Append(pyeval.NewTuple(k, v))
		}
		s, err := c.Thread.Repr(items)
		if len(items.Elems()) == 0 {
			return str("OrderedDict()")
		}
		return pyeval.NewStr("OrderedDict(" + s + ")"), err
	})
	counterClass.Def("__init__(self, source=None, /, **counts)", countUp)
	counterClass.Def("update(self, source=None, /, **counts)", countUp)
	counterClass.Def("__missing__(self, key)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(0), nil })
	counterClass.Def("most_common(self, n: int|None=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		items, err := mostCommon(c.Thread, dict(c))
		if err != nil {
			return nil, err
		}
		if c.Arg("n") != pyeval.None {
			items = items[:min(max(c.Int("n"), 0), int64(len(items)))]
		}
		return pyeval.NewList(items...), nil
	})
	counterClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		items, err := mostCommon(c.Thread, dict(c))
		if err != nil {
			return nil, err
		}
		d := pyeval.NewDict()
		for _, it := range items {
			kv := it.(*pyeval.Tuple).Elems()
			if err := d.Set(c.Thread, kv[0], kv[1]); err != nil {
				return nil, err
			}
		}
		if d.Len() == 0 {
			return str("Counter()")
		}
		s, err := c.Thread.Repr(d)
		return pyeval.NewStr("Counter(" + s + ")"), err
	})
	defDeque()
}

// countUp counts the elements of an iterable, or adds the counts of a mapping.
func countUp(c *pyeval.Call) (pyeval.Value, error) {
	t, d := c.Thread, c.Self().(*pyeval.Dict)
	add := func(k, n pyeval.Value) error {
		old, err := d.Get(t, k)
		if err != nil {
			return err
		}
		if old != nil {
			if n, err = t.Binary("+", old, n); err != nil {
				return err
			}
		}
		return d.Set(t, k, n)
	}
	src := c.Arg("source")
	if m, ok := pyeval.Builtin(src).(*pyeval.Dict); ok {
		for k, n := range m.Items() {
			if err := add(k, n); err != nil {
				return nil, err
			}
		}
	} else if src != pyeval.None {
		elems, err := t.Iterate(src)
		if err != nil {
			return nil, err
		}
		for _, e := range elems {
			if err := add(e, pyeval.NewInt(1)); err != nil {
				return nil, err
			}
		}
	}
	for k, n := range c.Keywords("counts").Items() {
		if err := add(k, n); err != nil {
			return nil, err
		}
	}
	return pyeval.None, nil
}

// mostCommon are the (key, count) pairs, the largest counts first.
func mostCommon(t *pyeval.Thread, d *pyeval.Dict) ([]pyeval.Value, error) {
	var items []pyeval.Value
	for k, n := range d.Items() {
		items = append(items, pyeval.NewTuple(k, n))
	}
	key := pyeval.NewNative("key(item, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return c.Arg("item").(*pyeval.Tuple).Elems()[1], nil
	})
	return t.SortedBy(items, key, true)
}
