package stdlib

import "pyfc/compiler/pyeval"

func init() {
	loaders["contextlib"] = fillContextlib
	loaders["io"] = fillIO
}

var (
	suppressClass    = pyeval.NewClass("contextlib", "suppress")
	nullcontextClass = pyeval.NewClass("contextlib", "nullcontext")
	closingClass     = pyeval.NewClass("contextlib", "closing")
)

func fillContextlib(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(suppressClass, nullcontextClass, closingClass)
}

// method calls a method of a value.
func method(t *pyeval.Thread, v pyeval.Value, name string, args ...pyeval.Value) (pyeval.Value, error) {
	f, err := t.GetAttr(v, name)
	if err != nil {
		return nil, err
	}
	return t.Call(f, args...)
}

func init() {
	suppressClass.Def("__init__(self, *classes)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.None, c.Thread.SetAttr(c.Self(), "classes", c.Arg("classes"))
	})
	suppressClass.Def("__exit__(self, typ, exc, tb)", func(c *pyeval.Call) (pyeval.Value, error) {
		classes, err := c.Thread.GetAttr(c.Self(), "classes")
		if err != nil || c.Arg("exc") == pyeval.None {
			return pyeval.False, err
		}
		for _, k := range classes.(*pyeval.Tuple).Elems() {
			if k, ok := k.(*pyeval.Class); ok && c.Arg("exc").Class().IsA(k) {
				return pyeval.True, nil
			}
		}
		return pyeval.False, nil
	})
	for _, k := range []*pyeval.Class{nullcontextClass, closingClass} {
		k.Def("__init__(self, thing=None)", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.None, c.Thread.SetAttr(c.Self(), "thing", c.Arg("thing"))
		})
		k.Def("__enter__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Thread.GetAttr(c.Self(), "thing") })
	}
	suppressClass.Def("__enter__(self)", none)
	nullcontextClass.Def("__exit__(self, *exc)", none)
	closingClass.Def("__exit__(self, *exc)", func(c *pyeval.Call) (pyeval.Value, error) {
		thing, err := c.Thread.GetAttr(c.Self(), "thing")
		if err != nil {
			return nil, err
		}
		_, err = method(c.Thread, thing, "close")
		return pyeval.None, err
	})
}

func fillIO(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(pyeval.IOClasses()...)
	m.Set("SEEK_SET", pyeval.NewInt(0)).Set("SEEK_CUR", pyeval.NewInt(1)).Set("SEEK_END", pyeval.NewInt(2))
	m.Set("DEFAULT_BUFFER_SIZE", pyeval.NewInt(8192))
}
