package stdlib

import "pyfc/compiler/pyeval"

func init() { loaders["abc"] = fillABC }

var (
	abcMeta  = pyeval.NewClass("abc", "ABCMeta", pyeval.TypeClass)
	abcClass = pyeval.NewClass("abc", "ABC").SetMeta(abcMeta)
)

const abstractMark = "__isabstractmethod__"

func fillABC(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(abcClass, abcMeta)
	abstract := func(name string, wrap *pyeval.Class) {
		m.Def(name+"(f, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if f, ok := c.Arg("f").(*pyeval.Function); ok {
				f.Dict().SetStr(abstractMark, pyeval.True)
			}
			if wrap == nil {
				return c.Arg("f"), nil
			}
			return c.Thread.Call(wrap, c.Arg("f"))
		})
	}
	abstract("abstractmethod", nil)
	abstract("abstractproperty", (*pyeval.Property)(nil).Class())
	abstract("abstractclassmethod", (*pyeval.ClassMethod)(nil).Class())
	abstract("abstractstaticmethod", (*pyeval.StaticMethod)(nil).Class())
}

func init() {
	abcMeta.Static("__new__(meta, name: str, bases: tuple, ns: dict, /, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		meta, ok := c.Arg("meta").(*pyeval.Class)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "ABCMeta.__new__(X): X is not a type object")
		}
		k, err := c.Thread.NewType(meta, c.Str("name"), c.Elems("bases"), c.Keywords("ns"), c.Named("kw")...)
		if err != nil {
			return nil, err
		}
		names := pyeval.NewFrozenSet()
		for _, name := range k.Abstract() {
			if err := names.Add(c.Thread, pyeval.NewStr(name)); err != nil {
				return nil, err
			}
		}
		k.Set("__abstractmethods__", names)
		return k, nil
	})
	abcMeta.Def("register(cls, subclass, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		k, ok := c.Arg("cls").(*pyeval.Class)
		sub, isClass := c.Arg("subclass").(*pyeval.Class)
		if !ok || !isClass {
			return nil, pyeval.Errorf(pyeval.TypeError, "Can only register classes")
		}
		k.Register(sub)
		return sub, nil
	})
}
