package pyflink

import (
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
)

// rowClass is Row, whose instances carry a *row.
var rowClass = pyeval.NewClass("pyflink.common.types", "Row")

// row is a row of values, which may have names, and its kind.
type row struct {
	values *pyeval.List
	names  []string
	kind   pyeval.Value // nil for an insertion
}

func selfRow(c *pyeval.Call) *row {
	r, _ := pyeval.Data[*row](c.Self())
	return r
}

// index is the position of a field by its name.
func (r *row) index(name string) (int, error) {
	i := slices.Index(r.names, name)
	if i < 0 {
		return 0, pyeval.Errorf(pyeval.ValueError, "%s", name)
	}
	return i, nil
}

func init() {
	declare(rowClass, "A row.",
		def("__init__(self, *args, **kwargs)", "Makes a row of values, or of values with names.", newRow),
		onClass("of_kind(row_kind, *args, **kwargs)", "Makes a row of a kind.", func(c *pyeval.Call) (pyeval.Value, error) {
			r, err := makeRow(c)
			r.kind = c.Arg("row_kind")
			return rowClass.Make(r), err
		}),
		def("as_dict(self, recursive: bool = False)", "The values by their names.", func(c *pyeval.Call) (pyeval.Value, error) {
			r := selfRow(c)
			if r.names == nil {
				return nil, pyeval.Errorf(pyeval.TypeError, "Cannot convert a Row class into dict")
			}
			return r.dict(c.Bool("recursive")), nil
		}),
		def("get_row_kind(self)", "The kind of the change.", func(c *pyeval.Call) (pyeval.Value, error) {
			if k := selfRow(c).kind; k != nil {
				return k, nil
			}
			return constantClass.Make("RowKind.INSERT"), nil
		}),
		def("set_row_kind(self, row_kind)", "Sets the kind of the change.", func(c *pyeval.Call) (pyeval.Value, error) {
			selfRow(c).kind = c.Arg("row_kind")
			return pyeval.None, nil
		}),
		def("set_field_names(self, field_names: seq)", "Names the values.", func(c *pyeval.Call) (pyeval.Value, error) {
			r := selfRow(c)
			r.names = nil
			for _, n := range c.Elems("field_names") {
				r.names = append(r.names, textValue(n))
			}
			return pyeval.None, nil
		}),
		def("get_fields_by_names(self, names: seq)", "The values of some names.", func(c *pyeval.Call) (pyeval.Value, error) {
			r, out := selfRow(c), pyeval.NewList()
			if r.names == nil {
				return r.values, nil
			}
			for _, n := range c.Elems("names") {
				i, err := r.index(textValue(n))
				if err != nil {
					return nil, err
				}
				out.Append(r.values.Elems()[i])
			}
			return out, nil
		}),
		def("__call__(self, *args)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			r := selfRow(c)
			made := &row{values: pyeval.NewList(c.Elems("args")...), kind: r.kind}
			for _, n := range r.values.Elems() {
				made.names = append(made.names, textValue(n))
			}
			return rowClass.Make(made), nil
		}),
		def("__contains__(self, item)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			r := selfRow(c)
			if r.names != nil {
				return pyeval.Bool(slices.Contains(r.names, textValue(c.Arg("item")))), nil
			}
			has, err := c.Thread.GetAttr(r.values, "__contains__")
			if err != nil {
				return nil, err
			}
			return c.Thread.Call(has, c.Arg("item"))
		}),
		def("__getitem__(self, i)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return selfRow(c).item(c, "__getitem__", c.Arg("i"))
		}),
		def("__setitem__(self, i, value)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return selfRow(c).item(c, "__setitem__", c.Arg("i"), c.Arg("value"))
		}),
		def("__getattr__(self, name: str)", "The value of a name.", func(c *pyeval.Call) (pyeval.Value, error) {
			r := selfRow(c)
			if r == nil || !slices.Contains(r.names, c.Str("name")) {
				return nil, pyeval.Errorf(pyeval.AttributeError, "%s", c.Str("name"))
			}
			return r.values.Elems()[slices.Index(r.names, c.Str("name"))], nil
		}),
		def("__len__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewInt(int64(len(selfRow(c).values.Elems()))), nil
		}),
		def("__iter__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			next, err := c.Thread.Iter(selfRow(c).values)
			return pyeval.NewIterator(next), err
		}),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			a := selfRow(c)
			b, ok := pyeval.Data[*row](c.Arg("other"))
			if !ok || len(a.names) != len(b.names) || !a.sameKind(b) {
				return pyeval.False, nil
			}
			left, right := a.sorted(), b.sorted()
			if !slices.Equal(left.names, right.names) {
				return pyeval.False, nil
			}
			same, err := c.Thread.Equal(left.values, right.values)
			return pyeval.Bool(same), err
		}),
		def("__hash__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			hash, err := c.Thread.GetAttr(pyeval.NewTuple(selfRow(c).values.Elems()...), "__hash__")
			if err != nil {
				return nil, err
			}
			return c.Thread.Call(hash)
		}),
		def("__repr__(self)", "", rowText),
		def("__str__(self)", "", rowText),
	)
}

// makeRow reads values, or values with names.
func makeRow(c *pyeval.Call) (*row, error) {
	values, named := c.Elems("args"), c.Keywords("kwargs")
	r := &row{values: pyeval.NewList(values...)}
	if named == nil || named.Len() == 0 {
		return r, nil
	}
	if len(values) > 0 {
		return r, pyeval.Errorf(pyeval.ValueError, "Can not use both args and kwargs to create Row")
	}
	for k, v := range named.Items() {
		r.names = append(r.names, textValue(k))
		r.values.Append(v)
	}
	return r, nil
}

func newRow(c *pyeval.Call) (pyeval.Value, error) {
	r, err := makeRow(c)
	c.Self().(*pyeval.Instance).Data = r
	return pyeval.None, err
}

// item gets or sets a value by its position or name.
func (r *row) item(c *pyeval.Call, method string, key pyeval.Value, more ...pyeval.Value) (pyeval.Value, error) {
	if name, byName := key.(*pyeval.Str); byName {
		i, err := r.index(name.String())
		if err != nil {
			return nil, err
		}
		key = pyeval.NewInt(int64(i))
	}
	f, err := c.Thread.GetAttr(r.values, method)
	if err != nil {
		return nil, err
	}
	return c.Thread.Call(f, append([]pyeval.Value{key}, more...)...)
}

// dict is the row by its names; with deep the rows in it, too.
func (r *row) dict(deep bool) pyeval.Value {
	out := pyeval.NewDict()
	for i, n := range r.names {
		v := r.values.Elems()[i]
		if inner, ok := pyeval.Data[*row](v); ok && deep && inner.names != nil {
			v = inner.dict(true)
		}
		out.SetStr(n, v)
	}
	return out
}

func (r *row) sameKind(other *row) bool {
	name := func(r *row) string {
		if r.kind == nil {
			return "RowKind.INSERT"
		}
		s, _ := pyeval.Data[string](r.kind)
		return s
	}
	return name(r) == name(other)
}

// sorted is the row in the order of its names.
func (r *row) sorted() *row {
	if r.names == nil {
		return r
	}
	out := &row{values: pyeval.NewList(), names: slices.Sorted(slices.Values(r.names))}
	for _, n := range out.names {
		out.values.Append(r.values.Elems()[slices.Index(r.names, n)])
	}
	return out
}

func rowText(c *pyeval.Call) (pyeval.Value, error) {
	r := selfRow(c)
	parts := make([]string, len(r.values.Elems()))
	for i, v := range r.values.Elems() {
		text, err := c.Thread.Repr(v)
		if err != nil {
			return nil, err
		}
		if r.names != nil {
			text = r.names[i] + "=" + text
		}
		parts[i] = text
	}
	if r.names != nil {
		return pyeval.NewStr("Row(" + strings.Join(parts, ", ") + ")"), nil
	}
	return pyeval.NewStr("<Row(" + strings.Join(parts, ", ") + ")>"), nil
}
