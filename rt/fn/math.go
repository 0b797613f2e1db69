package fn

import (
	"fmt"
	"math"

	"pyfc/ir/types"
	"pyfc/rt/jmath"
	"pyfc/rt/val"
)

// The elementary functions, as java.lang.Math has them.

// Exp is e^x.
func Exp(x float64) float64 { return jmath.Exp(x) }

// Ln is the natural logarithm; NaN of negative numbers.
func Ln(x float64) float64 { return jmath.Log(x) }

// Log2 is the logarithm to base 2.
func Log2(x float64) float64 { return jmath.Log(x) / jmath.Log(2) }

// Log10 is the logarithm to base 10.
func Log10(x float64) float64 { return jmath.Log10(x) }

// LogBase is the logarithm of x to a base.
func LogBase(base, x float64) float64 { return jmath.Log(x) / jmath.Log(base) }

// Power is x^y.
func Power(x, y float64) float64 { return jmath.Pow(x, y) }

// Sqrt is the square root.
func Sqrt(x float64) float64 { return math.Sqrt(x) }

// Sin is the sine of an angle in radians, as the others take it.
func Sin(x float64) float64 { return jmath.Sin(x) }

// Cos is the cosine.
func Cos(x float64) float64 { return jmath.Cos(x) }

// Tan is the tangent.
func Tan(x float64) float64 { return jmath.Tan(x) }

// Cot is the cotangent.
func Cot(x float64) float64 { return 1 / jmath.Tan(x) }

// Sinh is the hyperbolic sine.
func Sinh(x float64) float64 { return jmath.Sinh(x) }

// Cosh is the hyperbolic cosine.
func Cosh(x float64) float64 { return jmath.Cosh(x) }

// Tanh is the hyperbolic tangent.
func Tanh(x float64) float64 { return jmath.Tanh(x) }

// Asin is the arc sine.
func Asin(x float64) float64 { return jmath.Asin(x) }

// Acos is the arc cosine.
func Acos(x float64) float64 { return jmath.Acos(x) }

// Atan is the arc tangent.
func Atan(x float64) float64 { return jmath.Atan(x) }

// decimalBoth refuses a DECIMAL beside another number: PyFlink 1.20.1 has no code
// for that.
func decimalBoth(args []Arg) error {
	if (args[0].Kind == types.Decimal) != (args[1].Kind == types.Decimal) {
		return fmt.Errorf("both numbers must be DECIMAL, or neither, not (%s, %s)", args[0].Type, args[1].Type)
	}
	return nil
}

// Atan2 is the angle of the point (x, y).
func Atan2(y, x float64) float64 { return jmath.Atan2(y, x) }

// Degrees converts from radians.
func Degrees(x float64) float64 { return x * 57.29577951308232 }

// Radians converts from degrees.
func Radians(x float64) float64 { return x * 0.017453292519943295 }

// Pi is π.
func Pi() float64 { return math.Pi }

// Euler is e.
func Euler() float64 { return math.E }

// Abs is the magnitude; that of the smallest integer is itself.
func Abs[T number](x T) T {
	if x < 0 {
		return -x
	}
	return x + 0 // not -0
}

// AbsDecimal is the magnitude.
func AbsDecimal(x val.Decimal, _, _ val.Shape) val.Decimal {
	if x.Hi < 0 {
		return x.Neg()
	}
	return x
}

// SignInt is -1, 0 or 1.
func SignInt[T integer](x T) T {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}

// SignFloat is -1, 0 or 1, or x where that is NaN or a zero.
func SignFloat[T float](x T) T {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return x
}

// SignDecimal is -1, 0 or 1; NULL where the type has no digit for it.
func SignDecimal(x val.Decimal, _, to val.Shape) (val.Decimal, bool) {
	sign := int64(x.Cmp(val.Decimal{}))
	return val.DecimalOf(sign).Rescale(0, to)
}

// FloorInt is x.
func FloorInt[T integer](x T) T { return x }

// FloorFloat is the next whole number below.
func FloorFloat[T float](x T) T { return T(math.Floor(float64(x))) }

// CeilFloat is the next whole number above.
func CeilFloat[T float](x T) T { return T(math.Ceil(float64(x))) }

// FloorDecimal is the next whole number below.
func FloorDecimal(x val.Decimal, from, to val.Shape) (val.Decimal, bool) {
	return roundDecimal(x, from, 0, to, down)
}

// CeilDecimal is the next whole number above.
func CeilDecimal(x val.Decimal, from, to val.Shape) (val.Decimal, bool) {
	return roundDecimal(x, from, 0, to, up)
}

// elementary declares a function of one number.
func elementary(name, doc string, f func(float64) float64, examples ...Example) Decl {
	return Decl{Name: name, Doc: doc, Examples: examples,
		Overloads: []Overload{{Params: []Param{Double}, Result: alwaysDouble, Impls: []any{f}}}}
}

func wholeDecimal(args []Arg) types.Type {
	return types.NewDecimal(args[0].Precision, 0).NotNull()
}

// wide excludes TINYINT and SMALLINT, for which Flink 1.20.1 generates code
// that it can't compile.
var wide = NewParam("INT, BIGINT, FLOAT, DOUBLE or DECIMAL", func(t types.Type) bool {
	return t.Numeric() && t.Kind != types.TinyInt && t.Kind != types.SmallInt
})

var (
	numericFloor = []Overload{
		{Params: []Param{Decimal}, Result: wholeDecimal, Impls: []any{FloorDecimal}},
		{Params: []Param{Numeric}, Result: sameAsFirst, Impls: []any{FloorInt[int8], FloorInt[int16], FloorInt[int32], FloorInt[int64], FloorFloat[float32], FloorFloat[float64]}}}
	numericCeil = []Overload{
		{Params: []Param{Decimal}, Result: wholeDecimal, Impls: []any{CeilDecimal}},
		{Params: []Param{Numeric}, Result: sameAsFirst, Impls: []any{FloorInt[int8], FloorInt[int16], FloorInt[int32], FloorInt[int64], CeilFloat[float32], CeilFloat[float64]}}}
)

// Declarations.
var (
	ExpDecl   = elementary("EXP", "e to a power.", Exp, Example{"EXP(4.56)", "95.58347983006624"}, Example{"EXP(42)", "1.73927494152050099E18"})
	LnDecl    = elementary("LN", "The natural logarithm.", Ln, Example{"LN(4.56)", "1.5173226235262947"}, Example{"LN(CAST(-1 AS DOUBLE))", "NaN"}, Example{"LN(CAST(0 AS DOUBLE))", "-Infinity"})
	Log2Decl  = elementary("LOG2", "The logarithm to base 2.", Log2, Example{"LOG2(4.56)", "2.189033824390017"}, Example{"LOG2(42)", "5.392317422778761"})
	Log10Decl = elementary("LOG10", "The logarithm to base 10.", Log10, Example{"LOG10(4.56)", "0.658964842664435"}, Example{"LOG10(42)", "1.6232492903979006"})
	LogDecl   = Decl{Name: "LOG", Doc: "The natural logarithm, or that to a base, which comes first.",
		Overloads: []Overload{{Params: []Param{Double}, Result: alwaysDouble, Impls: []any{Ln}}, {Params: []Param{Double, Double}, Result: alwaysDouble, Impls: []any{LogBase}}},
		Examples:  []Example{{"LOG(42)", "3.7376696182833684"}, {"LOG(2, 8)", "3.0"}, {"LOG(1, 5)", "Infinity"}, {"LOG(0, 5)", "-0.0"}, {"LOG(2, CAST(-8 AS DOUBLE))", "NaN"}}}
	PowerDecl = Decl{Name: "POWER", Doc: "A number to a power.",
		Overloads: []Overload{{Params: []Param{Double, Double}, Result: alwaysDouble, Impls: []any{Power}}},
		Examples:  []Example{{"POWER(2, 10)", "1024.0"}, {"POWER(CAST(2.5 AS DECIMAL(3, 1)), CAST(3.5 AS DECIMAL(3, 1)))", "24.705294220065465"}, {"POWER(4, 0.5)", "2.0"}}}
	SqrtDecl    = elementary("SQRT", "The square root.", Sqrt, Example{"SQRT(42)", "6.48074069840786"}, Example{"SQRT(CAST(-1 AS DOUBLE))", "NaN"})
	SinDecl     = elementary("SIN", "The sine.", Sin, Example{"SIN(0.5)", "0.479425538604203"}, Example{"SIN(2)", "0.9092974268256817"})
	CosDecl     = elementary("COS", "The cosine.", Cos, Example{"COS(0)", "1.0"})
	TanDecl     = elementary("TAN", "The tangent.", Tan, Example{"TAN(CAST(4.5 AS DOUBLE))", "4.637332054551185"})
	CotDecl     = elementary("COT", "The cotangent.", Cot, Example{"COT(0.5)", "1.830487721712452"}, Example{"COT(2)", "-0.45765755436028577"})
	SinhDecl    = elementary("SINH", "The hyperbolic sine.", Sinh, Example{"SINH(-1)", "-1.1752011936438014"}, Example{"SINH(3)", "10.017874927409903"})
	CoshDecl    = elementary("COSH", "The hyperbolic cosine.", Cosh, Example{"COSH(0)", "1.0"})
	TanhDecl    = elementary("TANH", "The hyperbolic tangent.", Tanh, Example{"TANH(3)", "0.9950547536867305"}, Example{"TANH(44)", "1.0"})
	AsinDecl    = elementary("ASIN", "The arc sine.", Asin, Example{"ASIN(0.5)", "0.5235987755982989"}, Example{"ASIN(2)", "NaN"})
	AcosDecl    = elementary("ACOS", "The arc cosine.", Acos, Example{"ACOS(1)", "0.0"})
	AtanDecl    = elementary("ATAN", "The arc tangent.", Atan, Example{"ATAN(1)", "0.7853981633974483"})
	DegreesDecl = elementary("DEGREES", "Radians in degrees.", Degrees, Example{"DEGREES(0.5)", "28.64788975654116"}, Example{"DEGREES(2)", "114.59155902616465"})
	RadiansDecl = elementary("RADIANS", "Degrees in radians.", Radians, Example{"RADIANS(0.5)", "0.008726646259971648"}, Example{"RADIANS(2)", "0.03490658503988659"})
	Atan2Decl   = Decl{Name: "ATAN2", Doc: "The angle of the point whose y and x are given.",
		Overloads: []Overload{{Params: []Param{Double, Double}, Check: decimalBoth, Result: alwaysDouble, Impls: []any{Atan2}}},
		Examples:  []Example{{"ATAN2(1, 2)", "0.4636476090008061"}}}
	PiDecl  = Decl{Name: "PI", Doc: "The number π.", Overloads: []Overload{{Result: alwaysDouble, Impls: []any{Pi}}}, Examples: []Example{{"PI()", "3.141592653589793"}}}
	EDecl   = Decl{Name: "E", Doc: "The base of the natural logarithm.", Overloads: []Overload{{Result: alwaysDouble, Impls: []any{Euler}}}, Examples: []Example{{"E()", "2.718281828459045"}}}
	AbsDecl = Decl{Name: "ABS", Doc: "The magnitude.",
		Overloads: []Overload{{Params: []Param{Numeric}, Result: sameAsFirst, Impls: []any{Abs[int8], Abs[int16], Abs[int32], Abs[int64], Abs[float32], Abs[float64], AbsDecimal}}},
		Examples:  []Example{{"ABS(CAST(-42 AS TINYINT))", "42"}, {"ABS(CAST(-4.6 AS DOUBLE))", "4.6"}, {"ABS(-4.56)", "4.56"}, {"ABS(-2147483647 - 1)", "-2147483648"}}}
	SignDecl = Decl{Name: "SIGN", Doc: "-1, 0 or 1.",
		Overloads: []Overload{
			{Params: []Param{Decimal}, Result: sameAsFirst, Impls: []any{SignDecimal}},
			{Params: []Param{wide}, Result: sameAsFirst, Impls: []any{SignInt[int32], SignInt[int64], SignFloat[float32], SignFloat[float64]}}},
		Examples: []Example{{"SIGN(42)", "1"}, {"SIGN(-4.56)", "-1.00"}, {"SIGN(CAST(-4.6 AS DOUBLE))", "-1.0"}, {"SIGN(CAST(0.3 AS DECIMAL(5, 2)))", "1.00"}}}
)
