package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

func init() { loaders["typing"] = fillTyping }

var (
	genericClass    = pyeval.NewClass("typing", "Generic").TakesTypes()
	protocolMeta    = pyeval.NewClass("typing", "_ProtocolMeta", abcMeta)
	protocolClass   = pyeval.NewClass("typing", "Protocol", genericClass).SetMeta(protocolMeta)
	namedTupleMeta  = pyeval.NewClass("typing", "NamedTupleMeta", pyeval.TypeClass)
	namedTupleClass = pyeval.NewClass("typing", "NamedTuple").SetMeta(namedTupleMeta)
)

// abcNames are the abstract containers, with the built-in class that stands
// for each in isinstance.
var abcNames = pyeval.Named[*pyeval.Class]{
	{"Iterable", nil}, {"Iterator", nil}, {"Generator", nil}, {"Callable", nil}, {"Hashable", nil}, {"Sized", nil}, {"Collection", nil},
	{"Container", nil}, {"Reversible", nil}, {"Awaitable", nil}, {"Coroutine", nil}, {"AsyncIterator", nil}, {"AsyncIterable", nil},
	{"Sequence", nil}, {"MutableSequence", pyeval.ListClass}, {"Mapping", pyeval.DictClass}, {"MutableMapping", pyeval.DictClass},
	{"AbstractSet", pyeval.SetClass}, {"MutableSet", pyeval.SetClass}, {"KeysView", nil}, {"ValuesView", nil}, {"ItemsView", nil},
}

// specialForms are the names that only stand in annotations.
var specialForms = []string{"Any", "Optional", "Union", "Literal", "Final", "ClassVar", "NoReturn", "Never", "Self", "Annotated",
	"Pattern", "Match", "IO", "TextIO", "BinaryIO", "Concatenate", "TypeAlias", "SupportsInt", "SupportsFloat", "SupportsIndex",
	"SupportsAbs", "SupportsRound", "TypeGuard", "Required", "NotRequired", "LiteralString", "Unpack"}

func fillTyping(_ *pyeval.Thread, m *pyeval.Module) {
	for name, stands := range abcNames.All() {
		m.Set(name, pyeval.NewAlias("typing."+name, stands))
	}
	for name, class := range (pyeval.Named[*pyeval.Class]{
		{"List", pyeval.ListClass}, {"Dict", pyeval.DictClass}, {"Tuple", pyeval.TupleClass}, {"Set", pyeval.SetClass},
		{"FrozenSet", pyeval.NewFrozenSet().Class()}, {"Type", pyeval.TypeClass}, {"DefaultDict", pyeval.DefaultDictClass},
		{"Counter", counterClass}, {"OrderedDict", orderedDictClass}, {"Deque", dequeClass},
	}).All() {
		m.Set(name, pyeval.NewAlias("typing."+name, class))
	}
	m.Set("Text", pyeval.StrClass)
	for _, name := range specialForms {
		m.Set(name, pyeval.NewAlias("typing."+name, nil))
	}
	m.Add(genericClass, protocolClass, namedTupleClass, typedDictClass)
	m.Set("TYPE_CHECKING", pyeval.False)
	m.Def("TypeVar(name: str, /, *constraints, bound=None, covariant: bool=False, contravariant: bool=False)", func(c *pyeval.Call) (pyeval.Value, error) {
		sign := "~"
		if c.Bool("covariant") {
			sign = "+"
		} else if c.Bool("contravariant") {
			sign = "-"
		}
		return typeVariable(c, sign, "bound", "constraints"), nil
	})
	m.Def("ParamSpec(name: str, /, *, bound=None, **kw)", func(c *pyeval.Call) (pyeval.Value, error) { return typeVariable(c, "~", "bound"), nil })
	m.Set("AnyStr", pyeval.NewTypeName("~AnyStr", pyeval.NewDict()))
	m.Def("NewType(name: str, tp, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if !isIdentifier(c.Str("name")) {
			return nil, pyeval.Errorf(pyeval.ValueError, "%s is no name for a type", pyeval.Quote(c.Str("name")))
		}
		return pyeval.NewNative(c.Str("name")+"(x, /)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Arg("x"), nil }), nil
	})
	m.Def("cast(typ, val, /)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Arg("val"), nil })
	for _, name := range []string{"overload", "final", "no_type_check", "override", "runtime_checkable"} {
		m.Def(name+"(f, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if k, ok := c.Arg("f").(*pyeval.Class); ok && name == "runtime_checkable" {
				k.Set(runtimeMark, pyeval.True)
			}
			return c.Arg("f"), nil
		})
	}
	fillHints(m)
}

// typeVariable is a TypeVar or the like with the attributes of the call.
func typeVariable(c *pyeval.Call, sign string, attrs ...string) pyeval.Value {
	d := pyeval.NewDict()
	d.SetStr("__name__", c.Arg("name"))
	for _, a := range attrs {
		d.SetStr("__"+a+"__", c.Arg(a))
	}
	return pyeval.NewTypeName(sign+c.Str("name"), d)
}

// runtimeMark is set on protocols that isinstance may ask about.
const runtimeMark = "_is_runtime_protocol"

func init() {
	namedTupleMeta.Static("__new__(meta, name: str, bases: tuple, ns: dict, /, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		return typedTuple(c.Thread, c.Str("name"), c.Keywords("ns"))
	})
	namedTupleMeta.Def("__call__(cls, name: str, fields=(), /, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		notes, err := c.Thread.Call(pyeval.DictClass, c.Arg("fields"))
		if err != nil {
			return nil, err
		}
		ns := pyeval.NewDict()
		ns.SetStr("__annotations__", notes)
		return typedTuple(c.Thread, c.Str("name"), ns)
	})
	protocolMeta.Def("__instancecheck__(cls, obj, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		k, ok := c.Arg("cls").(*pyeval.Class)
		if !ok || c.Arg("obj").Class().IsA(k) {
			return pyeval.Bool(ok), nil
		}
		if mark, _ := k.Dict().GetStr(runtimeMark); mark != pyeval.True {
			return nil, pyeval.Errorf(pyeval.TypeError, "Instance and class checks can only be used with @runtime_checkable protocols")
		}
		for _, name := range protocolMembers(k) {
			if _, err := c.Thread.GetAttr(c.Arg("obj"), name); err != nil {
				return pyeval.False, nil
			}
		}
		return pyeval.True, nil
	})
}

// protocolMembers are the names that an object of a protocol has.
func protocolMembers(k *pyeval.Class) []string {
	var out []string
	for _, base := range k.MRO() {
		if base == protocolClass || base == genericClass || base == pyeval.ObjectClass {
			continue
		}
		names := base.Dict()
		if notes, ok := names.GetStr("__annotations__"); ok {
			for n := range notes.(*pyeval.Dict).Items() {
				out = append(out, textOf(n))
			}
		}
		for n := range names.Items() {
			if !strings.HasPrefix(textOf(n), "_") || textOf(n) == "__call__" || textOf(n) == "__iter__" || textOf(n) == "__len__" {
				out = append(out, textOf(n))
			}
		}
	}
	return out
}

// typedTuple makes a named tuple of annotated names.
func typedTuple(t *pyeval.Thread, name string, ns *pyeval.Dict) (pyeval.Value, error) {
	var fields []string
	var defaults []pyeval.Value
	if notes, ok := ns.GetStr("__annotations__"); ok {
		for k := range notes.(*pyeval.Dict).Items() {
			field := textOf(k)
			v, given := ns.GetStr(field)
			if !given && defaults != nil {
				return nil, pyeval.Errorf(pyeval.TypeError, "Non-default namedtuple field %s cannot follow default field %s", field, fields[len(fields)-1])
			}
			fields = append(fields, field)
			if given {
				defaults = append(defaults, v)
				ns.DeleteStr(field)
			}
		}
	}
	k, err := namedTuple(t, name, fields, defaults, false)
	if err != nil {
		return nil, err
	}
	for name, v := range ns.Items() {
		k.Set(textOf(name), v)
	}
	return k, nil
}
