package stdlib

import "pyfc/compiler/pyeval"

func init() {
	loaders["typing"] = fillTyping
	loaders["abc"] = fillABC
	loaders["types"] = fillTypes
}

var (
	genericClass    = pyeval.NewClass("typing", "Generic")
	protocolClass   = pyeval.NewClass("typing", "Protocol", genericClass)
	namedTupleMeta  = pyeval.NewClass("typing", "NamedTupleMeta", pyeval.TypeClass)
	namedTupleClass = pyeval.NewClass("typing", "NamedTuple").SetMeta(namedTupleMeta)
	abcMeta         = pyeval.NewClass("abc", "ABCMeta", pyeval.TypeClass)
	abcClass        = pyeval.NewClass("abc", "ABC").SetMeta(abcMeta)
)

// abcNames are the abstract containers, with the built-in class that stands
// for each in isinstance.
var abcNames = map[string]*pyeval.Class{
	"Iterable": nil, "Iterator": nil, "Generator": nil, "Callable": nil, "Hashable": nil, "Sized": nil, "Collection": nil,
	"Container": nil, "Reversible": nil, "Awaitable": nil, "Coroutine": nil, "AsyncIterator": nil, "AsyncIterable": nil,
	"Sequence": nil, "MutableSequence": pyeval.ListClass, "Mapping": pyeval.DictClass, "MutableMapping": pyeval.DictClass,
	"Set": pyeval.SetClass, "MutableSet": pyeval.SetClass, "KeysView": nil, "ValuesView": nil, "ItemsView": nil,
}

func fillABCs(m *pyeval.Module, prefix string) {
	for name, stands := range abcNames {
		m.Set(name, pyeval.NewAlias(prefix+"."+name, stands))
	}
}

func fillTyping(_ *pyeval.Thread, m *pyeval.Module) {
	fillABCs(m, "typing")
	for name, class := range map[string]*pyeval.Class{
		"List": pyeval.ListClass, "Dict": pyeval.DictClass, "Tuple": pyeval.TupleClass, "Set": pyeval.SetClass,
		"FrozenSet": nil, "Type": pyeval.TypeClass, "DefaultDict": pyeval.DefaultDictClass, "Text": pyeval.StrClass,
		"Counter": counterClass, "OrderedDict": orderedDictClass, "Deque": dequeClass,
	} {
		m.Set(name, pyeval.NewAlias("typing."+name, class))
	}
	m.Set("Text", pyeval.StrClass)
	for _, name := range []string{"Any", "Optional", "Union", "Literal", "Final", "ClassVar", "NoReturn", "Never", "Self",
		"Annotated", "AnyStr", "Pattern", "Match", "IO", "TextIO", "BinaryIO", "Concatenate", "TypeAlias", "SupportsInt",
		"SupportsFloat", "TypeGuard", "Required", "NotRequired"} {
		m.Set(name, pyeval.NewAlias("typing."+name, nil))
	}
	m.Add(genericClass, protocolClass, namedTupleClass)
	m.Set("TYPE_CHECKING", pyeval.False)
	for _, name := range []string{"TypeVar", "ParamSpec", "NewType"} {
		m.Def(name+"(name: str, *args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewAlias("~"+c.Str("name"), nil), nil
		})
	}
	m.Def("cast(typ, val, /)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Arg("val"), nil })
	for _, name := range []string{"overload", "final", "no_type_check", "runtime_checkable"} {
		m.Def(name+"(f, /)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Arg("f"), nil })
	}
	m.Def("get_type_hints(obj, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		return c.Thread.GetAttr(c.Arg("obj"), "__annotations__")
	})
}

func init() {
	for _, k := range []*pyeval.Class{genericClass, protocolClass} {
		k.Static("__class_getitem__(item)", func(*pyeval.Call) (pyeval.Value, error) { return genericClass, nil })
	}
	namedTupleMeta.Static("__new__(meta, name: str, bases: tuple, ns: dict, /, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		var fields []string
		var defaults []pyeval.Value
		if notes, ok := c.Keywords("ns").GetStr("__annotations__"); ok {
			for k := range notes.(*pyeval.Dict).Items() {
				name := k.(*pyeval.Str).String()
				fields = append(fields, name)
				if v, ok := c.Keywords("ns").GetStr(name); ok {
					defaults = append(defaults, v)
					c.Keywords("ns").DeleteStr(name)
				}
			}
		}
		k, err := namedTuple(c.Thread, c.Str("name"), fields, defaults)
		if err != nil {
			return nil, err
		}
		for name, v := range c.Keywords("ns").Items() {
			k.Set(name.(*pyeval.Str).String(), v)
		}
		return k, nil
	})
}

func fillABC(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(abcClass, abcMeta)
	for _, name := range []string{"abstractmethod", "abstractproperty", "abstractclassmethod", "abstractstaticmethod"} {
		m.Def(name+"(f, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if f, ok := c.Arg("f").(*pyeval.Function); ok {
				f.Dict().SetStr("__isabstractmethod__", pyeval.True)
			}
			return c.Arg("f"), nil
		})
	}
}

func init() {
	abcMeta.Static("__new__(meta, name: str, bases: tuple, ns: dict, /, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		meta, ok := c.Arg("meta").(*pyeval.Class)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "ABCMeta.__new__(X): X is not a type object")
		}
		k, err := c.Thread.NewType(meta, c.Str("name"), c.Elems("bases"), c.Keywords("ns"))
		if err != nil {
			return nil, err
		}
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

// simpleNamespaceClass is types.SimpleNamespace.
var simpleNamespaceClass = pyeval.NewClass("types", "SimpleNamespace")

func fillTypes(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(simpleNamespaceClass)
	m.Set("BuiltinFunctionType", (*pyeval.Native)(nil).Class()).Set("NoneType", pyeval.NoneClass)
	m.Set("ModuleType", (*pyeval.Module)(nil).Class())
	for _, name := range []string{"FunctionType", "LambdaType"} {
		m.Set(name, (*pyeval.Function)(nil).Class())
	}
	m.Set("GeneratorType", (*pyeval.Generator)(nil).Class()).Set("MethodType", (*pyeval.BoundMethod)(nil).Class())
}

func init() {
	simpleNamespaceClass.Def("__init__(self, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		for k, v := range c.Keywords("kw").Items() {
			if err := c.Thread.SetAttr(c.Self(), k.(*pyeval.Str).String(), v); err != nil {
				return nil, err
			}
		}
		return pyeval.None, nil
	})
}
