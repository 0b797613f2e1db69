package pyeval

import (
	"cmp"
	"math"
	"strings"
)

// Equal is bool(a == b), with identical objects equal, as in containers.
func (t *Thread) Equal(a, b Value) (bool, error) {
	if a == b {
		return true, nil
	}
	v, err := t.Compare("==", a, b)
	if err != nil {
		return false, err
	}
	return t.Truth(v, "a comparison")
}

// Compare is a op b for the six rich comparisons; the result of instances is
// whatever their methods say.
func (t *Thread) Compare(op string, a, b Value) (Value, error) {
	names := comparison[op]
	if o := anyOpaque(a, b); o != nil {
		t.noteOperator(names[0], names[1], a, b)
		return o.derive(o.Origin+" "+op+" …", t.Where()), nil
	}
	if v, err := t.dispatch(names[0], names[1], a, b); v != NotImplemented {
		return v, err
	}
	if op == "!=" {
		if v, err := t.dispatch("__eq__", "__eq__", a, b); v != NotImplemented {
			if err != nil {
				return nil, err
			}
			same, err := t.Truth(v, "a comparison")
			return Bool(!same), err
		}
	}
	if isSym(a) || isSym(b) {
		return t.symCompare(op, a, b)
	}
	if op == "==" || op == "!=" {
		same, err := t.builtinEqual(plain(a), plain(b))
		return Bool(same == (op == "==")), err
	}
	return t.order(op, a, b)
}

func (t *Thread) builtinEqual(a, b Value) (bool, error) {
	if err := t.enter(); err != nil {
		return false, err
	}
	defer t.leave()
	switch x := a.(type) {
	case *Str:
		y, ok := b.(*Str)
		return ok && x.s == y.s, nil
	case *Tuple:
		if y, ok := b.(*Tuple); ok {
			return t.equalElems(x.elems, y.elems)
		}
	case *List:
		if y, ok := b.(*List); ok {
			return t.equalElems(x.elems, y.elems)
		}
	case *Dict:
		if y, ok := b.(*Dict); ok {
			return t.equalDicts(x, y)
		}
	case *Set, *dictView:
		x1, y1 := asSet(t, a), asSet(t, b)
		if x1 != nil && y1 != nil && x1.Len() == y1.Len() {
			return t.subset(x1, y1)
		}
	case *Range:
		if y, ok := b.(*Range); ok {
			return x.n == y.n && (x.n == 0 || x.start == y.start && (x.n == 1 || x.step == y.step)), nil
		}
	case *BoundMethod:
		y, ok := b.(*BoundMethod)
		return ok && x.fn == y.fn && x.self == y.self, nil
	case *alias:
		y, ok := b.(*alias)
		return ok && sameType(x, y), nil
	default:
		if c, ok := numCompare(a, b); ok {
			return c == 0, nil
		}
	case *Slice:
		if b, ok := b.(*Slice); ok {
			return x.equal(t, b)
		}
	}
	return a == b, nil
}

// equal compares the parts of slices.
func (s *Slice) equal(t *Thread, o *Slice) (bool, error) {
	return t.equalElems([]Value{s.start, s.stop, s.step}, []Value{o.start, o.stop, o.step})
}

func (t *Thread) equalElems(a, b []Value) (bool, error) {
	if len(a) != len(b) {
		return false, nil
	}
	for i := range a {
		if same, err := t.Equal(a[i], b[i]); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (t *Thread) equalDicts(a, b *Dict) (bool, error) {
	if a.Len() != b.Len() {
		return false, nil
	}
	for k, v := range a.Items() {
		w, err := b.Get(t, k)
		if err != nil || w == nil {
			return false, err
		}
		if same, err := t.Equal(v, w); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (t *Thread) subset(a, b *Set) (bool, error) {
	for _, e := range a.elems() {
		if has, err := b.Has(t, e); !has || err != nil {
			return false, err
		}
	}
	return true, nil
}

// unordered is the answer of numCompare for a NaN.
const unordered = 2

// numCompare orders two numbers; ok is false when one isn't a number.
func numCompare(a, b Value) (c int, ok bool) {
	x, xi := asInt(a)
	y, yi := asInt(b)
	if xi && yi {
		return x.cmp(y), true
	}
	f, ff := plain(a).(Float)
	g, gf := plain(b).(Float)
	switch {
	case ff && gf:
		return cmpFloat(float64(f), float64(g)), true
	case ff && yi:
		return cmpFloatInt(float64(f), y), true
	case xi && gf:
		if c := cmpFloatInt(float64(g), x); c != unordered {
			return -c, true
		}
		return unordered, true
	}
	return 0, false
}

func cmpFloat(f, g float64) int {
	switch {
	case f < g:
		return -1
	case f > g:
		return 1
	case f == g:
		return 0
	}
	return unordered
}

// cmpFloatInt compares exactly: large ints aren't rounded to floats.
func cmpFloatInt(f float64, i Int) int {
	if math.IsInf(f, 0) {
		return cmpFloat(f, 0)
	}
	g, fits := i.float()
	if c := cmpFloat(f, g); c != 0 || !fits {
		return c
	}
	v, err := floatToInt(f)
	if err != nil {
		return cmpFloat(f, g)
	}
	return v.(Int).cmp(i)
}

// order is <, <=, > or >= of built-in values.
func (t *Thread) order(op string, a, b Value) (Value, error) {
	x, y := plain(a), plain(b)
	if c, ok := numCompare(x, y); ok {
		return Bool(holds(op, c)), nil
	}
	switch x := x.(type) {
	case *Str:
		if y, ok := y.(*Str); ok {
			return Bool(holds(op, strings.Compare(x.s, y.s))), nil
		}
	case Bytes:
		if y, ok := y.(Bytes); ok {
			return Bool(holds(op, strings.Compare(string(x), string(y)))), nil
		}
	case *List:
		if y, ok := y.(*List); ok {
			return t.orderElems(op, x.elems, y.elems)
		}
	case *Tuple:
		if y, ok := y.(*Tuple); ok {
			return t.orderElems(op, x.elems, y.elems)
		}
	case *Set, *dictView:
		x1, y1 := asSet(t, x), asSet(t, y)
		if x1 != nil && y1 != nil {
			return t.orderSets(op, x1, y1)
		}
	}
	return nil, Errorf(TypeError, "'%s' not supported between instances of '%s' and '%s'", op, a.Class().name, b.Class().name)
}

func holds(op string, c int) bool {
	switch {
	case c == unordered:
		return false
	case op == "<":
		return c < 0
	case op == "<=":
		return c <= 0
	case op == ">":
		return c > 0
	}
	return c >= 0
}

// orderElems compares the first elements that differ, else the lengths.
func (t *Thread) orderElems(op string, a, b []Value) (Value, error) {
	for i := 0; i < len(a) && i < len(b); i++ {
		same, err := t.Equal(a[i], b[i])
		if err != nil {
			return nil, err
		}
		if !same {
			return t.Compare(op, a[i], b[i])
		}
	}
	return Bool(holds(op, cmp.Compare(len(a), len(b)))), nil
}

func (t *Thread) orderSets(op string, a, b *Set) (Value, error) {
	if op == ">" || op == ">=" {
		a, b = b, a
	}
	if a.Len() > b.Len() || a.Len() == b.Len() && (op == "<" || op == ">") {
		return False, nil
	}
	in, err := t.subset(a, b)
	return Bool(in), err
}

// less is the order of sort.
func (t *Thread) less(a, b Value) (bool, error) {
	v, err := t.Compare("<", a, b)
	if err != nil {
		return false, err
	}
	return t.Truth(v, "a sort")
}
