package pyeval

// dunder gives the method names of a binary operator: of the left operand, of
// the right one, and of the augmented assignment.
var dunder = map[string][3]string{
	"+":  {"__add__", "__radd__", "__iadd__"},
	"-":  {"__sub__", "__rsub__", "__isub__"},
	"*":  {"__mul__", "__rmul__", "__imul__"},
	"@":  {"__matmul__", "__rmatmul__", "__imatmul__"},
	"/":  {"__truediv__", "__rtruediv__", "__itruediv__"},
	"//": {"__floordiv__", "__rfloordiv__", "__ifloordiv__"},
	"%":  {"__mod__", "__rmod__", "__imod__"},
	"**": {"__pow__", "__rpow__", "__ipow__"},
	"<<": {"__lshift__", "__rlshift__", "__ilshift__"},
	">>": {"__rshift__", "__rrshift__", "__irshift__"},
	"&":  {"__and__", "__rand__", "__iand__"},
	"|":  {"__or__", "__ror__", "__ior__"},
	"^":  {"__xor__", "__rxor__", "__ixor__"},
}

// comparison gives the method of a comparison and that of its mirror image.
var comparison = map[string][2]string{
	"==": {"__eq__", "__eq__"},
	"!=": {"__ne__", "__ne__"},
	"<":  {"__lt__", "__gt__"},
	"<=": {"__le__", "__ge__"},
	">":  {"__gt__", "__lt__"},
	">=": {"__ge__", "__le__"},
}

// Binary is a op b.
func (t *Thread) Binary(op string, a, b Value) (Value, error) {
	if x, ok := a.(Int); ok {
		if y, ok := b.(Int); ok {
			return t.intBinary(op, x, y)
		}
	}
	names := dunder[op]
	if o := anyOpaque(a, b); o != nil {
		t.noteOperator(names[0], names[1], a, b)
		return o.derive(o.Origin+" "+op+" …", t.Where()), nil
	}
	if v, err := t.dispatch(names[0], names[1], a, b); v != NotImplemented {
		return v, err
	}
	if isSym(a) || isSym(b) {
		return t.symBinary(op, a, b)
	}
	if s, ok := plain(a).(Bytes); ok && op == "%" {
		return t.percentBytes(s, b)
	}
	v, err := t.builtinBinary(op, plain(a), plain(b))
	if v == nil && err == nil {
		if err := sequenceError(op, a, b); err != nil {
			return nil, err
		}
		if op == "**" {
			op = "** or pow()"
		}
		return nil, Errorf(TypeError, "unsupported operand type(s) for %s: '%s' and '%s'", op, a.Class().name, b.Class().name)
	}
	return v, err
}

// sequenceError is CPython's own message for + and * of a sequence.
func sequenceError(op string, a, b Value) error {
	name := plain(a).Class().name
	switch plain(a).(type) {
	case *Str, *List, *Tuple:
		if op == "+" {
			return Errorf(TypeError, `can only concatenate %s (not "%s") to %s`, name, b.Class().name, name)
		}
	case Bytes:
		if op == "+" {
			return Errorf(TypeError, "can't concat %s to bytes", b.Class().name)
		}
	default:
		if op != "*" || elemsOf(plain(b)) == nil {
			return nil
		}
		a, b = b, a
	}
	if op != "*" {
		return nil
	}
	return Errorf(TypeError, "can't multiply sequence by non-int of type '%s'", b.Class().name)
}

func anyOpaque(vs ...Value) *Opaque {
	for _, v := range vs {
		if o, ok := v.(*Opaque); ok {
			return o
		}
	}
	return nil
}

func isSym(v Value) bool {
	_, ok := v.(*Sym)
	return ok
}

// dispatch tries the operator methods of instances, the right operand's first
// when its class derives from the left one's. NotImplemented means that there
// are none, or that they declined.
func (t *Thread) dispatch(left, right string, a, b Value) (Value, error) {
	f, g := operatorMethod(a, left), operatorMethod(b, right)
	if g != nil && a.Class() != b.Class() && b.Class().IsA(a.Class()) {
		if v, err := t.callMethod(g, b, a); v != NotImplemented {
			return v, err
		}
		g = nil
	}
	if f != nil {
		if v, err := t.callMethod(f, a, b); v != NotImplemented {
			return v, err
		}
	}
	if g != nil {
		return t.callMethod(g, b, a)
	}
	return NotImplemented, nil
}

// operatorMethod finds a dunder method that isn't object's. Only instances
// and classes with a metaclass have any; the built-in values are handled by
// type switches.
func operatorMethod(v Value, name string) Value {
	switch v := v.(type) {
	case *Instance:
	case *Class:
		if v.meta == nil {
			return nil
		}
	default:
		return nil
	}
	m, owner := v.Class().lookup(name)
	if owner == ObjectClass || owner == TypeClass {
		return nil
	}
	return m
}

// Augmented is a op= b: in place where a's type does that, else Binary.
func (t *Thread) Augmented(op string, a, b Value) (Value, error) {
	if m := operatorMethod(a, dunder[op][2]); m != nil {
		if v, err := t.callMethod(m, a, b); v != NotImplemented {
			return v, err
		}
	}
	switch x := plain(a).(type) {
	case *List:
		switch op {
		case "+":
			if o, ok := b.(*Opaque); ok {
				return o.derive("[…] + "+o.Origin, t.Where()), nil
			}
			elems, err := t.Iterate(b)
			x.elems = append(x.elems, elems...)
			return a, err
		case "*":
			r, err := t.Binary(op, x, b)
			if l, ok := r.(*List); ok {
				x.elems = l.elems
				return a, nil
			}
			return r, err
		}
	case *Set:
		if done, err := t.setInPlace(op, x, b); done {
			return a, err
		}
	case *Dict:
		if y, ok := plain(b).(*Dict); ok && op == "|" {
			return a, t.updateDict(x, y)
		}
	}
	return t.Binary(op, a, b)
}

// builtinBinary is the operator of built-in types; nil and nil mean that the
// types don't fit.
func (t *Thread) builtinBinary(op string, a, b Value) (Value, error) {
	x, xi := asInt(a)
	y, yi := asInt(b)
	if xi && yi {
		if p, ok := a.(Bool); ok {
			if q, ok := b.(Bool); ok {
				if v := boolBinary(op, bool(p), bool(q)); v != nil {
					return v, nil
				}
			}
		}
		return t.intBinary(op, x, y)
	}
	if f, g, ok, err := bothFloats(a, b); ok || err != nil {
		if err != nil {
			return nil, err
		}
		return floatBinary(op, f, g)
	}
	switch op {
	case "+":
		return t.add(a, b)
	case "*":
		if yi {
			return t.repeat(a, y)
		}
		if xi {
			return t.repeat(b, x)
		}
	case "%":
		switch a := a.(type) {
		case *Str:
			return t.percent(a, b)
		}
	case "|", "&", "-", "^":
		return t.setBinary(op, a, b)
	}
	return nil, nil
}

func boolBinary(op string, p, q bool) Value {
	switch op {
	case "&":
		return Bool(p && q)
	case "|":
		return Bool(p || q)
	case "^":
		return Bool(p != q)
	}
	return nil
}

// bothFloats converts two numbers of which at least one is a float.
func bothFloats(a, b Value) (f, g float64, ok bool, err error) {
	_, fa := a.(Float)
	_, fb := b.(Float)
	if !fa && !fb {
		return 0, 0, false, nil
	}
	f, ok1, err1 := toFloat(a)
	g, ok2, err2 := toFloat(b)
	if err1 == nil {
		err1 = err2
	}
	return f, g, ok1 && ok2, err1
}

// toFloat converts a number; ok is false for other values.
func toFloat(v Value) (f float64, ok bool, err error) {
	if f, ok := v.(Float); ok {
		return float64(f), true, nil
	}
	if i, ok := asInt(v); ok {
		f, fits := i.float()
		if !fits {
			return 0, false, Errorf(OverflowError, "int too large to convert to float")
		}
		return f, true, nil
	}
	return 0, false, nil
}

func (t *Thread) add(a, b Value) (Value, error) {
	switch a := a.(type) {
	case *Str:
		if b, ok := b.(*Str); ok {
			return concat(a, b), t.alloc(len(a.s) + len(b.s))
		}
	case Bytes:
		if b, ok := b.(Bytes); ok {
			return a + b, t.alloc(len(a) + len(b))
		}
	case *List:
		if b, ok := b.(*List); ok {
			return NewList(joined(a.elems, b.elems)...), t.alloc(16 * (len(a.elems) + len(b.elems)))
		}
	case *Tuple:
		if b, ok := b.(*Tuple); ok {
			return NewTuple(joined(a.elems, b.elems)...), t.alloc(16 * (len(a.elems) + len(b.elems)))
		}
	}
	return nil, nil
}

func joined(a, b []Value) []Value {
	return append(append(make([]Value, 0, len(a)+len(b)), a...), b...)
}

// repeat is sequence * n; the budget is asked before anything is built.
func (t *Thread) repeat(a Value, times Int) (Value, error) {
	n := max(times.n, 0)
	if times.big != nil {
		n = 0
		if times.Sign() > 0 {
			n = 1 << 40
		}
	}
	size := 0
	switch a := a.(type) {
	case *Str:
		size = len(a.s)
	case Bytes:
		size = len(a)
	case *List:
		size = 16 * len(a.elems)
	case *Tuple:
		size = 16 * len(a.elems)
	default:
		return nil, nil
	}
	if err := t.allocTimes(size, n); err != nil {
		return nil, err
	}
	if size == 0 {
		n = 0
	}
	switch a := a.(type) {
	case *Str:
		return repeatStr(a, int(n)), nil
	case Bytes:
		return Bytes(repeatStr(NewStr(string(a)), int(n)).s), nil
	case *List:
		return NewList(repeatElems(a.elems, int(n))...), nil
	case *Tuple:
		return NewTuple(repeatElems(a.elems, int(n))...), nil
	}
	return nil, nil
}

func repeatStr(s *Str, n int) *Str {
	var b strBuilder
	for range n {
		b.add(s)
	}
	return b.str()
}

func repeatElems(elems []Value, n int) []Value {
	out := make([]Value, 0, len(elems)*n)
	for range n {
		out = append(out, elems...)
	}
	return out
}

// isTypeLike reports whether a value may stand in X | Y of an annotation.
func isTypeLike(v Value) bool {
	switch v.(type) {
	case *Class, NoneType, *alias:
		return true
	}
	return false
}

// Unary is op v for "-", "+" and "~".
func (t *Thread) Unary(op string, v Value) (Value, error) {
	name := map[string]string{"-": "__neg__", "+": "__pos__", "~": "__invert__"}[op]
	if o, ok := v.(*Opaque); ok {
		t.noteOperator(name, name, v, nil)
		return o.derive(op+o.Origin, t.Where()), nil
	}
	if m := operatorMethod(v, name); m != nil {
		return t.callMethod(m, v)
	}
	if s, ok := v.(*Sym); ok {
		known, err := t.Assume(s, "operator "+op)
		if err != nil {
			return nil, err
		}
		return t.Unary(op, known)
	}
	v = plain(v)
	if f, ok := v.(Float); ok && op != "~" {
		if op == "-" {
			f = -f
		}
		return f, nil
	}
	if i, ok := asInt(v); ok {
		return intUnary(op, i), nil
	}
	return nil, Errorf(TypeError, "bad operand type for unary %s: '%s'", op, v.Class().name)
}

// Truth is bool(v); what says what depends on it, for the message about a
// value that isn't known.
func (t *Thread) Truth(v Value, what string) (bool, error) {
	switch v := v.(type) {
	case Bool:
		return bool(v), nil
	case NoneType:
		return false, nil
	case *Str:
		return v.s != "", nil
	case *Sym:
		return t.symTruth(v, what)
	case *Opaque:
		t.AssumeOpaque(v, "decides "+what)
		return what != "a loop", nil // which would not end
	case *Instance:
		return t.instanceTruth(v)
	case Float:
		return v != 0, nil
	case Int:
		return v.Sign() != 0, nil
	}
	if n := builtinLen(v); n >= 0 {
		return n > 0, nil
	}
	return true, nil
}

func (t *Thread) instanceTruth(v *Instance) (bool, error) {
	if m := operatorMethod(v, "__bool__"); m != nil {
		r, err := t.callMethod(m, v)
		if err != nil {
			return false, err
		}
		if _, ok := r.(Bool); !ok {
			return false, Errorf(TypeError, "__bool__ should return bool, returned %s", r.Class().name)
		}
		return r == True, nil
	}
	if m := operatorMethod(v, "__len__"); m != nil {
		n, err := t.callMethod(m, v)
		i, _ := asInt(n)
		return i.Sign() != 0, err
	}
	if v.builtin != nil {
		return t.Truth(v.builtin, "a condition")
	}
	return true, nil
}
