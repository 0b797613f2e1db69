package pyeval

import "strings"

// alias is a type expression that isn't a class: List[int], int | None,
// Optional[str], TypeVar('T'). It exists to be written in annotations.
type alias struct {
	name   string
	origin *Class // of list[int]: list; a class derived from it derives from that
	args   []Value
}

// Class returns a class of typing.
func (*alias) Class() *Class { return aliasClass }

var aliasClass = NewClass("typing", "_GenericAlias")

// String shows the type as Python does.
func (a *alias) String() string {
	if len(a.args) == 0 {
		return a.name
	}
	parts := make([]string, len(a.args))
	for i, x := range a.args {
		parts[i] = typeName(x)
	}
	if a.name == "|" {
		return strings.Join(parts, " | ")
	}
	return a.name + "[" + strings.Join(parts, ", ") + "]"
}

func typeName(v Value) string {
	switch v := v.(type) {
	case *Class:
		if v.module == "builtins" {
			return v.qualname
		}
		return v.module + "." + v.qualname
	case *List:
		parts := make([]string, len(v.elems))
		for i, x := range v.elems {
			parts[i] = typeName(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *Str:
		return Quote(v.s)
	}
	return simpleRepr(v)
}

// NewAlias makes a type expression that can be subscripted and called; origin
// is the class that it stands for, or nil.
func NewAlias(name string, origin *Class) Value { return &alias{name: name, origin: origin} }

// AliasArgs returns the arguments of a subscripted type, nil for other values.
func AliasArgs(v Value) []Value {
	if a, ok := v.(*alias); ok {
		return a.args
	}
	return nil
}

func (a *alias) index(key Value) Value {
	out := &alias{name: a.name, origin: a.origin, args: []Value{key}}
	if t, ok := key.(*Tuple); ok {
		out.args = t.elems
	}
	return out
}

func unionType(a, b Value) Value {
	out := &alias{name: "|"}
	for _, v := range []Value{a, b} {
		if u, ok := v.(*alias); ok && u.name == "|" {
			out.args = append(out.args, u.args...)
		} else {
			out.args = append(out.args, v)
		}
	}
	return out
}

// generic lists the built-in classes that take type arguments.
var generic = map[*Class]bool{ListClass: true, DictClass: true, TupleClass: true, SetClass: true, frozensetClass: true, TypeClass: true}

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
		if generic[k] || k.module == "typing" {
			return (&alias{name: typeName(c), origin: c}).index(key), nil
		}
	}
	if o := c.opaqueBase(); o != nil {
		return o.derive(c.name+"[…]", t.Where()), nil
	}
	return nil, Errorf(TypeError, "type '%s' is not subscriptable", c.name)
}
