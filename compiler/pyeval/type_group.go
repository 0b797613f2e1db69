package pyeval

import "strconv"

var (
	baseExceptionGroup = NewClass("builtins", "BaseExceptionGroup", BaseException)
	exceptionGroup     = NewClass("builtins", "ExceptionGroup", baseExceptionGroup, Exception)
)

// The parts of a group are its second argument, its message the first.
func init() {
	builtins.Add(baseExceptionGroup, exceptionGroup)
	baseExceptionGroup.Static("__new__(cls, message: str, exceptions, /)", func(c *Call) (Value, error) {
		k, _ := c.Arg("cls").(*Class)
		var parts []Value
		switch list := plain(c.Arg("exceptions")).(type) {
		case *List:
			parts = list.elems
		case *Tuple:
			parts = list.elems
		default:
			return nil, Errorf(TypeError, "second argument (exceptions) must be a sequence")
		}
		if len(parts) == 0 {
			return nil, Errorf(ValueError, "second argument (exceptions) must be a non-empty sequence")
		}
		mild := true
		for i, p := range parts {
			if !p.Class().IsA(BaseException) {
				return nil, Errorf(ValueError, "Item %d of second argument (exceptions) is not an exception", i)
			}
			mild = mild && p.Class().IsA(Exception)
		}
		switch {
		case mild && k == baseExceptionGroup:
			k = exceptionGroup
		case !mild && k.IsA(Exception):
			return nil, Errorf(TypeError, "Cannot nest BaseExceptions in an %s", k.name)
		}
		return newGroup(k, c.Arg("message"), c.Arg("exceptions"), parts), nil
	})
	baseExceptionGroup.Def("__init__(self, *args)", func(*Call) (Value, error) { return None, nil })
	baseExceptionGroup.Def("__str__(self)", func(c *Call) (Value, error) {
		n := len(partsOf(c.Self()))
		message, err := c.Thread.Str(orNone(factOf(c.Self(), "message")))
		if err != nil {
			return nil, err
		}
		text := message + " (" + strconv.Itoa(n) + " sub-exception"
		if n != 1 {
			text += "s"
		}
		return NewStr(text + ")"), nil
	})
	baseExceptionGroup.Def("derive(self, exceptions, /)", func(c *Call) (Value, error) {
		return c.Thread.Call(exceptionGroup, orNone(factOf(c.Self(), "message")), c.Arg("exceptions"))
	})
	baseExceptionGroup.Def("split(self, condition, /)", func(c *Call) (Value, error) {
		in, out, err := c.Thread.splitGroup(c.Self(), c.Arg("condition"))
		return NewTuple(orNone(in), orNone(out)), err
	})
	baseExceptionGroup.Def("subgroup(self, condition, /)", func(c *Call) (Value, error) {
		in, _, err := c.Thread.splitGroup(c.Self(), c.Arg("condition"))
		return orNone(in), err
	})
}

func newGroup(k *Class, message, given Value, parts []Value) *Instance {
	r := raise(k, message, given)
	e := exceptionOf(r.Exc)
	e.fact("message", message)
	e.fact("exceptions", NewTuple(parts...))
	return r.Exc
}

// factOf is what a group was made with, nil of what is none.
func factOf(group Value, name string) Value {
	if i, ok := group.(*Instance); ok {
		return exceptionOf(i).facts[name]
	}
	return nil
}

func partsOf(group Value) []Value {
	if parts, ok := factOf(group, "exceptions").(*Tuple); ok {
		return parts.elems
	}
	return nil
}

// splitGroup parts an exception into what a condition, a class or a function, is
// true of and the rest, nil where there is none.
func (t *Thread) splitGroup(v, condition Value) (in, out Value, err error) {
	yes := false
	switch k := condition.(type) {
	case *Class:
		yes = v.Class().IsA(k)
	case *Tuple:
		for _, one := range k.elems {
			c, ok := one.(*Class)
			yes = yes || ok && v.Class().IsA(c)
		}
	default:
		answer, err := t.Call(condition, v)
		if err != nil {
			return nil, nil, err
		}
		if yes, err = t.Truth(answer, "the condition of a group"); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case yes:
		return v, nil, nil
	case !v.Class().IsA(baseExceptionGroup):
		return nil, v, nil
	}
	var ins, outs []Value
	for _, p := range partsOf(v) {
		a, b, err := t.splitGroup(p, condition)
		if err != nil {
			return nil, nil, err
		}
		if a != nil {
			ins = append(ins, a)
		}
		if b != nil {
			outs = append(outs, b)
		}
	}
	derive := func(parts []Value) (Value, error) {
		if len(parts) == 0 {
			return nil, nil
		}
		return t.callMethod(v.Class().Lookup("derive"), v, NewList(parts...))
	}
	if in, err = derive(ins); err == nil {
		out, err = derive(outs)
	}
	return in, out, err
}
