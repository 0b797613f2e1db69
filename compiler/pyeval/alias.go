package pyeval

import (
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/rt/pytext"
)

// alias is a type expression that isn't a class: List[int], int | None,
// Optional[str], TypeVar('T'). It exists to be written in annotations.
type alias struct {
	name   string
	origin *Class // of list[int]: list; a class derived from it derives from that
	args   []Value
	dict   *Dict // attributes, may be nil
}

// Class returns a class of typing.
func (*alias) Class() *Class { return aliasClass }

var aliasClass = NewClass("typing", "_GenericAlias")

// The names of unions: Union[int, str] and int | str.
const (
	unionName    = "typing.Union"
	optionalName = "typing.Optional"
	barName      = "|"
)

func (a *alias) isUnion() bool { return (a.name == unionName || a.name == barName) && a.args != nil }

// String shows the type as Python does.
func (a *alias) String() string {
	if len(a.args) == 0 {
		return a.name
	}
	args := a.args
	name := a.name
	if i := slices.Index(args, Value(NoneClass)); name == unionName && i >= 0 && len(args) == 2 {
		name, args = optionalName, []Value{args[1-i]}
	}
	parts := make([]string, len(args))
	for i, x := range args {
		parts[i] = TypeText(x)
		if x == Value(NoneClass) && name == barName {
			parts[i] = "None"
		}
	}
	if name == barName {
		return strings.Join(parts, " | ")
	}
	return name + "[" + strings.Join(parts, ", ") + "]"
}

// TypeText shows a type as it is written in annotations.
func TypeText(v Value) string {
	switch v := v.(type) {
	case *Class:
		if v.module == "builtins" {
			return v.qualname
		}
		return v.module + "." + v.qualname
	case *List:
		parts := make([]string, len(v.elems))
		for i, x := range v.elems {
			parts[i] = TypeText(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case EllipsisType:
		return "..."
	case *Str:
		return pytext.Quote(v.s)
	}
	return simpleRepr(v)
}

// NewAlias makes a type expression that can be subscripted and called; origin
// is the class that it stands for, or nil.
func NewAlias(name string, origin *Class) Value { return &alias{name: name, origin: origin} }

// NewTypeName is a type expression with attributes, such as a TypeVar.
func NewTypeName(name string, attrs *Dict) Value { return &alias{name: name, dict: attrs} }

// Subscripted takes a type expression apart: its name without arguments, the
// class that it stands for or nil, and the arguments. ok is false for all
// other values.
func Subscripted(v Value) (name string, origin *Class, args []Value, ok bool) {
	a, ok := v.(*alias)
	if !ok {
		return "", nil, nil, false
	}
	return a.name, a.origin, a.args, true
}

// WithTypeArgs is a subscripted type with other arguments.
func WithTypeArgs(v Value, args []Value) Value {
	a, ok := v.(*alias)
	if !ok {
		return v
	}
	if a.name == unionName {
		return union(unionName, args)
	}
	return &alias{name: a.name, origin: a.origin, args: args, dict: a.dict}
}

func (a *alias) index(key Value) Value {
	args := []Value{key}
	if t, ok := key.(*Tuple); ok {
		args = t.elems
	}
	if strings.HasPrefix(a.name, "typing.") && a.name != "typing.Literal" {
		args = slices.Clone(args)
		for i, x := range args {
			args[i] = typeArgument(x, a.name == "typing.Annotated" && i > 0)
		}
	}
	switch a.name {
	case unionName:
		return union(unionName, args)
	case optionalName:
		return union(unionName, append(args, NoneClass))
	}
	return &alias{name: a.name, origin: a.origin, args: args}
}

// typeArgument is an argument of a type of typing: None stands for its class
// and a text for a type of that name.
func typeArgument(v Value, metadata bool) Value {
	switch x := v.(type) {
	case NoneType:
		if !metadata {
			return NoneClass
		}
	case *Str:
		if !metadata {
			d := NewDict()
			d.SetStr("__forward_arg__", x)
			return NewTypeName("ForwardRef("+pytext.Quote(x.s)+")", d)
		}
	}
	return v
}

// union makes one type of several: those of inner unions, each once.
func union(name string, args []Value) Value {
	out := &alias{name: name}
	for _, v := range args {
		inner := []Value{v}
		if u, ok := v.(*alias); ok && u.isUnion() {
			inner = u.args
		}
		for _, x := range inner {
			if x == None {
				x = NoneClass
			}
			if !slices.ContainsFunc(out.args, func(o Value) bool { return sameType(o, x) }) {
				out.args = append(out.args, x)
			}
		}
	}
	if len(out.args) == 1 {
		return out.args[0]
	}
	return out
}

// sameType compares two arguments of a type.
func sameType(a, b Value) bool {
	x, ok := a.(*alias)
	y, ok2 := b.(*alias)
	if !ok || !ok2 {
		return a == b
	}
	if !x.isUnion() || !y.isUnion() {
		return x == y || x.dict == nil && y.dict == nil && x.String() == y.String()
	}
	in := func(all []Value) func(Value) bool {
		return func(v Value) bool { return slices.ContainsFunc(all, func(o Value) bool { return sameType(o, v) }) }
	}
	return len(x.args) == len(y.args) && !slices.ContainsFunc(x.args, func(v Value) bool { return !in(y.args)(v) })
}

func unionType(a, b Value) Value { return union(barName, []Value{a, b}) }

// aliasAttr is an attribute of a type expression: its own or that of the class
// that it stands for.
func (t *Thread) aliasAttr(a *alias, name string) (Value, error) {
	if a.dict != nil {
		if v, ok := a.dict.GetStr(name); ok {
			return v, nil
		}
	}
	switch name {
	case "__class__":
		return aliasClass, nil
	case "__args__":
		if a.args != nil {
			return NewTuple(a.args...), nil
		}
	case "__origin__":
		if a.origin != nil {
			return a.origin, nil
		}
	case "__name__", "_name":
		return NewStr(a.name[strings.LastIndexByte(a.name, '.')+1:]), nil
	}
	if a.origin != nil {
		return t.classAttr(a.origin, name)
	}
	return nil, nil
}

// EvalType evaluates a type that is written as a text, by the names of a
// module.
func (t *Thread) EvalType(text string, m *Module) (Value, error) {
	tree, d := pyast.Parse(&pyast.File{Name: m.name, Src: "(" + text + "\n)\n"})
	if d != nil || len(tree.Body) != 1 {
		return nil, Errorf(syntaxError, "Forward reference must be an expression -- got %s", pytext.Quote(text))
	}
	e, ok := tree.Body[0].(*pyast.ExprStmt)
	if !ok {
		return nil, Errorf(syntaxError, "Forward reference must be an expression -- got %s", pytext.Quote(text))
	}
	fr := &frame{info: scanBody(tree.Body), ns: m.dict, module: m, caller: t.frame, at: t.Where()}
	t.frame = fr
	defer func() { t.frame = fr.caller }()
	return t.eval(e.Value)
}

// TakesTypes lets scripts subscript a class written in Go and those that
// derive from it: C[int].
func (c *Class) TakesTypes() *Class {
	c.generic = true
	return c
}

func init() {
	for _, c := range []*Class{ListClass, DictClass, TupleClass, SetClass, frozensetClass, TypeClass} {
		c.TakesTypes()
	}
}

// classIndex is C[key]: the metaclass's or class's own meaning, or a type
// expression.
func (t *Thread) classIndex(c *Class, key Value) (Value, error) {
	if m := operatorMethod(c, "__getitem__"); m != nil {
		return t.callMethod(m, c, key)
	}
	if m := c.Lookup("__class_getitem__"); m != nil {
		f, err := t.classAttr(c, "__class_getitem__")
		if err != nil {
			return nil, err
		}
		return t.Call(f, key)
	}
	for _, k := range c.mro {
		if k.generic {
			return (&alias{name: TypeText(c), origin: c}).index(key), nil
		}
	}
	if o := c.opaqueBase(); o != nil {
		return o.derive(c.name+"[…]", t.Where()), nil
	}
	return nil, Errorf(TypeError, "type '%s' is not subscriptable", c.name)
}
