package fn

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// mode is a way of rounding.
type mode uint8

const (
	halfUp   mode = iota // to the nearest, halves away from zero
	truncate             // toward zero
	down                 // toward negative infinity
	up                   // toward positive infinity
)

// roundDigits gives digits * 10^-scale with places behind the point, again
// as digits of that scale's power of ten; places may be negative.
func roundDigits(digits *big.Int, scale, places int, how mode) *big.Int {
	if places >= scale {
		return digits
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale-places)), nil)
	q, r := new(big.Int).QuoRem(digits, unit, new(big.Int))
	away := false
	switch how {
	case halfUp:
		away = new(big.Int).Abs(new(big.Int).Lsh(r, 1)).Cmp(unit) >= 0
	case down:
		away = r.Sign() < 0
	case up:
		away = r.Sign() > 0
	}
	if away {
		q.Add(q, big.NewInt(int64(r.Sign())))
	}
	return q.Mul(q, unit)
}

// maxPlaces bounds the places that make a difference for any number.
const maxPlaces = 400

func roundDecimal(x val.Decimal, from val.Shape, places int, to val.Shape, how mode) (val.Decimal, bool) {
	places = min(max(places, -maxPlaces), maxPlaces)
	digits := roundDigits(x.Big(), from.Scale, places, how)
	if unused := from.Scale - to.Scale; unused > 0 { // zeros, or cut by the type
		digits = new(big.Int).Quo(digits, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(unused)), nil))
		from.Scale = to.Scale
	}
	d, ok := val.DecimalOfBig(digits)
	if !ok {
		return val.Decimal{}, false
	}
	return d.Rescale(from.Scale, to)
}

// RoundDecimal rounds to so many places, halves away from zero.
func RoundDecimal(x val.Decimal, places int32, from, _, to val.Shape) (val.Decimal, bool) {
	return roundDecimal(x, from, int(places), to, halfUp)
}

// TruncateDecimal cuts the places behind.
func TruncateDecimal(x val.Decimal, places int32, from, _, to val.Shape) (val.Decimal, bool) {
	return roundDecimal(x, from, int(places), to, truncate)
}

// RoundDecimalWhole is RoundDecimal to a whole number.
func RoundDecimalWhole(x val.Decimal, from, to val.Shape) (val.Decimal, bool) {
	return roundDecimal(x, from, 0, to, halfUp)
}

// TruncateDecimalWhole is TruncateDecimal to a whole number.
func TruncateDecimalWhole(x val.Decimal, from, to val.Shape) (val.Decimal, bool) {
	return roundDecimal(x, from, 0, to, truncate)
}

// RoundInt rounds to a power of ten where places is negative; what then doesn't
// fit wraps around.
func RoundInt[T integer](x T, places int32) T { return roundInt(x, places, halfUp) }

// TruncateInt is RoundInt toward zero.
func TruncateInt[T integer](x T, places int32) T { return roundInt(x, places, truncate) }

func roundInt[T integer](x T, places int32, how mode) T {
	if places >= 0 {
		return x
	}
	r := roundDigits(big.NewInt(int64(x)), 0, max(int(places), -maxPlaces), how)
	low := new(big.Int).And(r, new(big.Int).SetUint64(math.MaxUint64))
	return T(low.Uint64())
}

// RoundFloat rounds the shortest decimal form, halves away from zero.
func RoundFloat[T float](x T, places int32) (T, error) { return roundFloat(x, places, halfUp) }

// TruncateFloat cuts the places behind in the shortest decimal form. As in
// Flink, it fails for 1e20 and more.
func TruncateFloat[T float](x T, places int32) (T, error) {
	if math.Abs(float64(x)) >= 1e20 {
		return 0, errors.New("the number is too large to be truncated")
	}
	return roundFloat(x, places, truncate)
}

// RoundFloatWhole is RoundFloat to a whole number.
func RoundFloatWhole[T float](x T) (T, error) { return RoundFloat(x, 0) }

// TruncateFloatWhole is TruncateFloat to a whole number.
func TruncateFloatWhole[T float](x T) (T, error) { return TruncateFloat(x, 0) }

func roundFloat[T float](x T, places int32, how mode) (T, error) {
	v := float64(x)
	if v-v != 0 {
		return 0, errors.New("NaN and infinity can't be rounded")
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	e, _ := strconv.Atoi(exponent)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits, _ := new(big.Int).SetString(whole+fraction, 10)
	scale := len(fraction) - e
	if scale < 0 {
		digits.Mul(digits, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-scale)), nil))
		scale = 0
	}
	r := roundDigits(digits, scale, min(max(int(places), -maxPlaces), maxPlaces), how)
	out, err := strconv.ParseFloat(r.String()+"e"+strconv.Itoa(-scale), 64)
	return T(out), err
}

// roundedType is the type of a DECIMAL that is rounded to so many places, where
// that is constant.
func roundedType(args []Arg) types.Type {
	t, places := args[0].NotNull(), int64(0)
	if len(args) > 1 {
		var known bool
		if places, known = args[1].Value.(int64); !known {
			return t
		}
	}
	if places >= int64(t.Scale) {
		return t
	}
	places = max(places, 0)
	whole := t.Precision - t.Scale
	return types.NewDecimal(min(val.MaxPrecision, 1+whole+int(places)), int(places)).NotNull()
}

// roundOverloads are those of ROUND and TRUNCATE.
func roundOverloads(takes Param, decimal, decimalWhole any, ints, floats, floatsWhole []any) []Overload {
	whole := append([]any{FloorInt[int8], FloorInt[int16], FloorInt[int32], FloorInt[int64]}, floatsWhole...)
	return []Overload{
		{Params: []Param{Decimal, int32Param}, Result: roundedType, Impls: []any{decimal}},
		{Params: []Param{Decimal}, Result: roundedType, Impls: []any{decimalWhole}},
		{Params: []Param{takes, int32Param}, Result: sameAsFirst, Impls: append(ints, floats...)},
		{Params: []Param{takes}, Result: sameAsFirst, Impls: whole},
	}
}

// Declarations.
var (
	RoundDecl = Decl{Name: "ROUND", Doc: "A number rounded to decimal places, 0 by default; halves away from zero.",
		Overloads: roundOverloads(Numeric, RoundDecimal, RoundDecimalWhole, []any{RoundInt[int8], RoundInt[int16], RoundInt[int32], RoundInt[int64]},
			[]any{RoundFloat[float32], RoundFloat[float64]}, []any{RoundFloatWhole[float32], RoundFloatWhole[float64]}),
		Examples: []Example{{"ROUND(125, -1)", "130"}, {"ROUND(CAST(125 AS TINYINT), -1)", "-126"}, {"ROUND(125, 5)", "125"}, {"ROUND(CAST(12.345 AS DOUBLE), 1)", "12.3"},
			{"ROUND(CAST(-12.355 AS DOUBLE), 1)", "-12.4"}, {"ROUND(CAST(-12.355 AS DOUBLE), -2)", "0.0"}, {"ROUND(CAST(12.345 AS FLOAT), 5)", "12.345"}, {"ROUND(12.345, 1)", "12.3"}, {"ROUND(12.345, -1)", "10"},
			{"ROUND(999.99, 0)", "1000"}, {"ROUND(999.99, -2)", "1000"}, {"ROUND(CAST(1e300 AS DOUBLE), 1)", "1.0E300"}, {"ROUND(CAST(2.5 AS DOUBLE), 0)", "3.0"}, {"ROUND(-4.56)", "-5"},
			{"ROUND(CAST('NaN' AS DOUBLE), 1)", "error"}}}
	TruncateDecl = Decl{Name: "TRUNCATE", Doc: "A number cut to decimal places, 0 by default.",
		Overloads: roundOverloads(wide, TruncateDecimal, TruncateDecimalWhole, []any{TruncateInt[int32], TruncateInt[int64]},
			[]any{TruncateFloat[float32], TruncateFloat[float64]}, []any{TruncateFloatWhole[float32], TruncateFloatWhole[float64]}),
		Examples: []Example{{"TRUNCATE(125, -1)", "120"}, {"TRUNCATE(CAST(-12.355 AS DOUBLE), 1)", "-12.3"}, {"TRUNCATE(CAST(12.345 AS FLOAT), 1)", "12.3"}, {"TRUNCATE(-12.355, 1)", "-12.3"},
			{"TRUNCATE(999.99, -1)", "990"}, {"TRUNCATE(CAST(1e300 AS DOUBLE), 1)", "error"}, {"TRUNCATE(-4.56)", "-4"}, {"TRUNCATE(CAST(-4.6 AS DOUBLE))", "-4.0"}}}
)
