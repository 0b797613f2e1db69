package fn

import (
	"errors"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// What arithmetic on DECIMALs fails with; the texts are Java's.
//
//lint:file-ignore ST1005 Java begins its messages with capitals.
var (
	ErrDecimalByZero    = errors.New("Division by zero")
	ErrDecimalUndefined = errors.New("Division undefined")
	ErrDecimalQuotient  = errors.New("Division impossible")
)

// AddDecimal returns a + b.
func AddDecimal(a, b val.Decimal, as, bs, to val.Shape) (val.Decimal, bool) {
	return val.AddDecimal(a, as.Scale, b, bs.Scale, to)
}

// SubDecimal returns a - b.
func SubDecimal(a, b val.Decimal, as, bs, to val.Shape) (val.Decimal, bool) {
	return val.SubDecimal(a, as.Scale, b, bs.Scale, to)
}

// MulDecimal returns a * b.
func MulDecimal(a, b val.Decimal, as, bs, to val.Shape) (val.Decimal, bool) {
	return val.MulDecimal(a, as.Scale, b, bs.Scale, to)
}

// DivDecimal returns a / b.
func DivDecimal(a, b val.Decimal, as, bs, to val.Shape) (val.Decimal, bool, error) {
	if b == (val.Decimal{}) {
		return val.Decimal{}, false, divisionByZero(a)
	}
	q, ok := val.DivDecimal(a, as.Scale, b, bs.Scale, to)
	return q, ok, nil
}

// ModDecimal returns the remainder of a / b, with the sign of a.
func ModDecimal(a, b val.Decimal, as, bs, to val.Shape) (val.Decimal, bool, error) {
	if b == (val.Decimal{}) {
		return val.Decimal{}, false, divisionByZero(a)
	}
	r, ok, whole := val.RemDecimal(a, as.Scale, b, bs.Scale, to)
	if !whole {
		return val.Decimal{}, false, ErrDecimalQuotient
	}
	return r, ok, nil
}

func divisionByZero(a val.Decimal) error {
	if a == (val.Decimal{}) {
		return ErrDecimalUndefined
	}
	return ErrDecimalByZero
}

// NegDecimal returns -a.
func NegDecimal(a val.Decimal) val.Decimal { return a.Neg() }

// EqualDecimal and the others compare two DECIMALs of any scales.
func EqualDecimal(a, b val.Decimal, as, bs, _ val.Shape) bool {
	return val.CmpDecimal(a, as.Scale, b, bs.Scale) == 0
}

// NotEqualDecimal returns a <> b.
func NotEqualDecimal(a, b val.Decimal, as, bs, _ val.Shape) bool {
	return val.CmpDecimal(a, as.Scale, b, bs.Scale) != 0
}

// LessDecimal returns a < b.
func LessDecimal(a, b val.Decimal, as, bs, _ val.Shape) bool {
	return val.CmpDecimal(a, as.Scale, b, bs.Scale) < 0
}

// LessOrEqualDecimal returns a <= b.
func LessOrEqualDecimal(a, b val.Decimal, as, bs, _ val.Shape) bool {
	return val.CmpDecimal(a, as.Scale, b, bs.Scale) <= 0
}

// GreaterDecimal returns a > b.
func GreaterDecimal(a, b val.Decimal, as, bs, _ val.Shape) bool {
	return val.CmpDecimal(a, as.Scale, b, bs.Scale) > 0
}

// GreaterOrEqualDecimal returns a >= b.
func GreaterOrEqualDecimal(a, b val.Decimal, as, bs, _ val.Shape) bool {
	return val.CmpDecimal(a, as.Scale, b, bs.Scale) >= 0
}

// decimalResult is the DECIMAL for an exact result of so many digits before
// and behind the point, cut to 38 digits by giving up those behind, down to 6.
// Where that isn't enough, the result can be too large, and then is NULL.
func decimalResult(whole, scale int) types.Type {
	if whole+scale > val.MaxPrecision {
		scale = max(val.MaxPrecision-whole, min(scale, 6))
	}
	digits := whole + scale
	return types.NewDecimal(min(val.MaxPrecision, digits), scale).WithNull(digits > val.MaxPrecision)
}

func wholeDigits(t types.Type) int { return t.Precision - t.Scale }

func sumOfDecimals(args []Arg) types.Type {
	a, b := args[0].Type, args[1].Type
	return decimalResult(max(wholeDigits(a), wholeDigits(b))+1, max(a.Scale, b.Scale))
}

func productOfDecimals(args []Arg) types.Type {
	a, b := args[0].Type, args[1].Type
	return decimalResult(wholeDigits(a)+wholeDigits(b)+1, a.Scale+b.Scale)
}

func quotientOfDecimals(args []Arg) types.Type {
	a, b := args[0].Type, args[1].Type
	return decimalResult(wholeDigits(a)+b.Scale, max(6, a.Scale+b.Precision+1))
}

func remainderOfDecimals(args []Arg) types.Type {
	a, b := args[0].Type, args[1].Type
	if a.Scale == 0 && b.Scale == 0 { // the remainder fits the divisor
		return b.NotNull()
	}
	return decimalResult(min(wholeDigits(a), wholeDigits(b)), max(a.Scale, b.Scale))
}
