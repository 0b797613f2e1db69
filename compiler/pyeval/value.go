package pyeval

import (
	"math"
	"math/big"
)

// Value is a Python value. The concrete types are those of this package:
// NoneType, Bool, Int, Float, *Str, Bytes, *List, *Tuple, *Dict, *Set, *Range,
// *Slice, *Function, *Native, *BoundMethod, *Class, *Instance, *Module, *Sym,
// *Opaque and a few that scripts seldom meet. All are comparable in Go.
type Value interface {
	// Class is the Python class, what type(x) gives.
	Class() *Class
}

// NoneType is the type of None.
type NoneType struct{}

// EllipsisType is the type of the constant "...".
type EllipsisType struct{}

// NotImplementedType is the type of NotImplemented.
type NotImplementedType struct{}

// The values of one kind.
var (
	None           Value = NoneType{}
	Ellipsis       Value = EllipsisType{}
	NotImplemented Value = NotImplementedType{}
	True           Value = Bool(true)
	False          Value = Bool(false)
)

// Class returns NoneType's class.
func (NoneType) Class() *Class { return NoneClass }

// Class returns ellipsis.
func (EllipsisType) Class() *Class { return ellipsisClass }

// Class returns NotImplementedType.
func (NotImplementedType) Class() *Class { return notImplementedClass }

// Bool is a Python bool.
type Bool bool

// Class returns bool.
func (Bool) Class() *Class { return BoolClass }

// Int is a Python int of any size.
type Int struct {
	n   int64
	big *big.Int // set only when the value doesn't fit n
}

// NewInt makes an int.
func NewInt(n int64) Int { return Int{n: n} }

// NewBig makes an int; the caller must not change b afterwards.
func NewBig(b *big.Int) Int {
	if b.IsInt64() {
		return Int{n: b.Int64()}
	}
	return Int{big: b}
}

// Class returns int.
func (Int) Class() *Class { return IntClass }

// Int64 returns the value and whether it fits.
func (i Int) Int64() (int64, bool) { return i.n, i.big == nil }

// Big returns the value as a big.Int that the caller must not change.
func (i Int) Big() *big.Int {
	if i.big != nil {
		return i.big
	}
	return big.NewInt(i.n)
}

// Sign returns -1, 0 or 1.
func (i Int) Sign() int {
	switch {
	case i.big != nil:
		return i.big.Sign()
	case i.n < 0:
		return -1
	case i.n > 0:
		return 1
	}
	return 0
}

// String returns the decimal digits.
func (i Int) String() string {
	return i.Big().String()
}

// cmp orders two ints.
func (i Int) cmp(o Int) int {
	if i.big == nil && o.big == nil {
		switch {
		case i.n < o.n:
			return -1
		case i.n > o.n:
			return 1
		}
		return 0
	}
	return i.Big().Cmp(o.Big())
}

// float converts to the nearest float; ok is false when it is too large.
func (i Int) float() (f float64, ok bool) {
	if i.big == nil {
		return float64(i.n), true
	}
	f, _ = new(big.Float).SetInt(i.big).Float64()
	return f, !math.IsInf(f, 0)
}

// Float is a Python float.
type Float float64

// Class returns float.
func (Float) Class() *Class { return FloatClass }

// Bytes is a Python bytes object.
type Bytes string

// Class returns bytes.
func (Bytes) Class() *Class { return BytesClass }

// asInt takes an int or a bool as an int, as Python's arithmetic does, also an
// instance of a class that derives from int.
func asInt(v Value) (Int, bool) {
	switch v := plain(v).(type) {
	case Int:
		return v, true
	case Bool:
		if v {
			return NewInt(1), true
		}
		return NewInt(0), true
	}
	return Int{}, false
}

// plain is the built-in value of an instance whose class derives from a
// built-in one, and v itself for all others.
func plain(v Value) Value {
	if i, ok := v.(*Instance); ok && i.builtin != nil {
		return i.builtin
	}
	return v
}
