package fn

import (
	"errors"
	"math"
	"slices"
)

type integer interface {
	~int8 | ~int16 | ~int32 | ~int64
}
type float interface{ float32 | float64 }
type number interface{ integer | float }

// ErrDivisionByZero is what an integer division by zero fails with; the text
// is Java's.
var ErrDivisionByZero = errors.New("/ by zero")

// Add returns a + b; integers wrap around.
func Add[T number](a, b T) T { return T(a + b) }

// Sub returns a - b; integers wrap around.
func Sub[T number](a, b T) T { return T(a - b) }

// Mul returns a * b; integers wrap around. The conversion keeps the compiler
// from fusing the product into a following addition, which would round
// differently from machine to machine.
func Mul[T number](a, b T) T { return T(a * b) }

// DivFloat returns a / b; by zero it is infinite or NaN.
func DivFloat[T float](a, b T) T { return T(a / b) }

// DivInt returns a / b truncated toward zero.
func DivInt[T integer](a, b T) (T, error) {
	if b == 0 {
		return 0, ErrDivisionByZero
	}
	return a / b, nil
}

// ModInt returns the remainder of a / b, with the sign of a.
func ModInt[T integer](a, b T) (T, error) {
	if b == 0 {
		return 0, ErrDivisionByZero
	}
	return a % b, nil
}

// ModFloat returns the floating-point remainder of a / b, with the sign of a.
func ModFloat[T float](a, b T) T { return T(math.Mod(float64(a), float64(b))) }

// Neg returns -a; the smallest integer stays itself.
func Neg[T number](a T) T { return -a }

// Declarations.
var (
	PlusDecl = Decl{Name: "+", Doc: "Sum of two numbers or intervals, or a time moved by an interval; integers wrap around, a DECIMAL that is too large is NULL.",
		Overloads: slices.Concat([]Overload{
			{Params: []Param{Decimal, Decimal}, Result: sumOfDecimals, Impls: []any{AddDecimal}},
			{Params: []Param{Numeric, Numeric}, Unify: true, Result: sameAsFirst,
				Impls: []any{Add[int8], Add[int16], Add[int32], Add[int64], Add[float32], Add[float64]}}}, temporalPlus),
		Examples: []Example{{"1 + 2", "3"}, {"9223372036854775807 + CAST(1 AS BIGINT)", "-9223372036854775808"}, {"CAST(127 AS TINYINT) + CAST(1 AS TINYINT)", "-128"},
			{"TIMESTAMP '2021-03-31 12:34:56' + INTERVAL '11' MONTH", "2022-02-28 12:34:56"}, {"INTERVAL '1.5' SECOND + TIMESTAMP '2021-03-31 12:34:56'", "2021-03-31 12:34:57.5"},
			{"INTERVAL '13' HOUR + INTERVAL '1 02:03:04.567' DAY TO SECOND", "+1 15:03:04.567"}}}
	MinusDecl = Decl{Name: "-", Doc: "Difference of two numbers or intervals, the negative of one, or a time moved back by an interval; integers wrap around.",
		Overloads: slices.Concat([]Overload{
			{Params: []Param{Decimal, Decimal}, Result: sumOfDecimals, Impls: []any{SubDecimal}},
			{Params: []Param{Numeric, Numeric}, Unify: true, Result: sameAsFirst,
				Impls: []any{Sub[int8], Sub[int16], Sub[int32], Sub[int64], Sub[float32], Sub[float64]}},
			{Params: []Param{Numeric}, Result: sameAsFirst,
				Impls: []any{Neg[int8], Neg[int16], Neg[int32], Neg[int64], Neg[float32], Neg[float64], NegDecimal}}}, temporalMinus),
		Examples: []Example{{"1 - 2", "-1"}, {"-(-2147483647 - 1)", "-2147483648"},
			{"TIMESTAMP '2021-03-31 12:34:56' - INTERVAL '11' MONTH", "2020-04-30 12:34:56"}, {"INTERVAL '11' MONTH - INTERVAL '1' YEAR", "-0-01"}, {"-(INTERVAL '13' HOUR)", "-0 13:00:00.000"}}}
	TimesDecl = Decl{Name: "*", Doc: "Product of two numbers, or a multiple of an interval; integers wrap around.",
		Overloads: slices.Concat([]Overload{
			{Params: []Param{Decimal, Decimal}, Result: productOfDecimals, Impls: []any{MulDecimal}},
			{Params: []Param{Numeric, Numeric}, Unify: true, Result: sameAsFirst,
				Impls: []any{Mul[int8], Mul[int16], Mul[int32], Mul[int64], Mul[float32], Mul[float64]}}}, temporalTimes),
		Examples: []Example{{"3 * 4", "12"}, {"2147483647 * 2", "-2"}, {"CAST('0.1' AS DOUBLE) * 3", "0.30000000000000004"}, {"3 * INTERVAL '11' MONTH", "+2-09"}, {"INTERVAL '1 02:03:04.567' DAY TO SECOND * 3", "+3 06:09:13.701"}}}
	DivideDecl = Decl{Name: "/", Doc: "Quotient of two numbers; integers are truncated toward zero, DECIMALs rounded half up, and both fail by zero.",
		Overloads: []Overload{
			{Params: []Param{Decimal, Decimal}, Result: quotientOfDecimals, Impls: []any{DivDecimal}},
			{Params: []Param{Integer, Integer}, Unify: true, Result: sameAsFirst,
				Impls: []any{DivInt[int8], DivInt[int16], DivInt[int32], DivInt[int64]}},
			{Params: []Param{Numeric, Numeric}, Unify: true, Result: sameAsFirst,
				Impls: []any{DivFloat[float32], DivFloat[float64]}}},
		Examples: []Example{{"7 / 2", "3"}, {"-7 / 2", "-3"}, {"CAST(CAST(1 AS DOUBLE) / 0 AS STRING)", "Infinity"}, {"1 / CAST(NULL AS INT)", "NULL"}, {"CAST(7 AS DOUBLE) / 2", "3.5"}}}
	ModDecl = Decl{Name: "%", Aliases: []string{"MOD"}, Doc: "Remainder, with the sign of the first argument.",
		Overloads: []Overload{
			{Params: []Param{Decimal, Decimal}, Result: remainderOfDecimals, Impls: []any{ModDecimal}},
			{Params: []Param{Integer, Integer}, Unify: true, Result: sameAsFirst,
				Impls: []any{ModInt[int8], ModInt[int16], ModInt[int32], ModInt[int64]}},
			{Params: []Param{Numeric, Numeric}, Unify: true, Result: sameAsFirst,
				Impls: []any{ModFloat[float32], ModFloat[float64]}}},
		Examples: []Example{{"MOD(-7, 3)", "-1"}, {"MOD(7, -3)", "1"}}}
)
