package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

func init() { loaders["types"] = fillTypes }

// simpleNamespaceClass is types.SimpleNamespace, proxyClass a mapping that
// can't be changed; the data of its instances is the *pyeval.Dict behind it.
var (
	simpleNamespaceClass = pyeval.NewClass("types", "SimpleNamespace")
	proxyClass           = pyeval.NewClass("types", "mappingproxy")
)

func fillTypes(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(simpleNamespaceClass).Set("MappingProxyType", proxyClass)
	m.Set("BuiltinFunctionType", (*pyeval.Native)(nil).Class()).Set("BuiltinMethodType", (*pyeval.Native)(nil).Class())
	m.Set("NoneType", pyeval.NoneClass).Set("ModuleType", (*pyeval.Module)(nil).Class())
	for _, name := range []string{"FunctionType", "LambdaType"} {
		m.Set(name, (*pyeval.Function)(nil).Class())
	}
	m.Set("GeneratorType", (*pyeval.Generator)(nil).Class()).Set("MethodType", (*pyeval.BoundMethod)(nil).Class())
}

func init() {
	simpleNamespaceClass.Def("__init__(self, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		for k, v := range c.Keywords("kw").Items() {
			if err := c.Thread.SetAttr(c.Self(), textOf(k), v); err != nil {
				return nil, err
			}
		}
		return pyeval.None, nil
	})
	simpleNamespaceClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		name := c.Self().Class().Name()
		if c.Self().Class() == simpleNamespaceClass {
			name = "namespace"
		}
		return namespaceText(c, name)
	})
	simpleNamespaceClass.Def("__eq__(self, other, /)", equalAttributes(simpleNamespaceClass))
	proxyClass.Static("__new__(cls, mapping: dict, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return proxyClass.Make(pyeval.Builtin(c.Arg("mapping"))), nil
	})
	behind := func(c *pyeval.Call) pyeval.Value {
		d, _ := pyeval.Data[*pyeval.Dict](c.Self())
		return d
	}
	for _, name := range []string{"keys", "values", "items", "get", "copy", "__iter__"} {
		proxyClass.Def(name+"(self, *args)", func(c *pyeval.Call) (pyeval.Value, error) {
			return method(c.Thread, behind(c), name, c.Elems("args")...)
		})
	}
	proxyClass.Def("__len__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		n, err := c.Thread.Len(behind(c))
		return pyeval.NewInt(int64(n)), err
	})
	proxyClass.Def("__getitem__(self, key, /)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Thread.Index(behind(c), c.Arg("key")) })
	proxyClass.Def("__contains__(self, key, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		in, err := c.Thread.Contains(behind(c), c.Arg("key"))
		return pyeval.Bool(in), err
	})
	proxyClass.Def("__eq__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		other := c.Arg("other")
		if d, ok := pyeval.Data[*pyeval.Dict](other); ok {
			other = d
		}
		same, err := c.Thread.Equal(behind(c), other)
		return pyeval.Bool(same), err
	})
	proxyClass.Def("__str__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Thread.Text(behind(c)) })
	proxyClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		s, err := c.Thread.Repr(behind(c))
		return pyeval.NewStr("mappingproxy(" + s + ")"), err
	})
}

// namespaceText is the repr of an object that is nothing but its attributes:
// name(a=1, b='x').
func namespaceText(c *pyeval.Call, name string) (pyeval.Value, error) {
	var parts []string
	for k, v := range c.Self().(*pyeval.Instance).Dict().Items() {
		s, err := c.Thread.Repr(v)
		if err != nil {
			return nil, err
		}
		parts = append(parts, textOf(k)+"="+s)
	}
	return str(name + "(" + strings.Join(parts, ", ") + ")")
}

// equalAttributes compares an object with another one of the class by their
// attributes.
func equalAttributes(class *pyeval.Class) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		o, ok := c.Arg("other").(*pyeval.Instance)
		if !ok || !o.Class().IsA(class) {
			return pyeval.NotImplemented, nil
		}
		same, err := c.Thread.Equal(c.Self().(*pyeval.Instance).Dict(), o.Dict())
		return pyeval.Bool(same), err
	}
}
