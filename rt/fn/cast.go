package fn

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// CastDecl declares the conversion from one kind of scalar to another.
type CastDecl struct {
	From, To types.Kind
	// Impl is a Go function of the form of Overload.Impls. It isn't called where
	// SameValues says that the value stays as it is.
	Impl any
	// Fits says of an Impl that can give NULL when it never does; nil for one
	// that gives none, or can for any types.
	Fits func(from, to types.Type) bool
}

// IntToInt converts between integer types; what doesn't fit wraps around, as
// in Java.
func IntToInt[To, From integer](v From) To { return To(v) }

// IntToFloat converts an integer to the nearest FLOAT or DOUBLE.
func IntToFloat[To float, From integer](v From) To { return To(v) }

// FloatToInt truncates; NaN is 0 and what doesn't fit saturates, as in Java.
func FloatToInt[To integer, From float](v From) To {
	f := math.Trunc(float64(v))
	switch {
	case f != f:
		return 0
	case f >= math.MaxInt64:
		return narrow[To](math.MaxInt64)
	case f <= math.MinInt64:
		return narrow[To](math.MinInt64)
	}
	return narrow[To](int64(f))
}

// narrow saturates to 32 bits first and then cuts to the type's width, which
// is what Java's (byte) and (short) casts of a double do.
func narrow[To integer](v int64) To {
	var t To
	if _, isLong := any(t).(int64); isLong {
		return To(v)
	}
	return To(int32(min(max(v, math.MinInt32), math.MaxInt32)))
}

// FloatToFloat converts between FLOAT and DOUBLE.
func FloatToFloat[To, From float](v From) To { return To(v) }

// TextToInt parses an integer; blanks around it are ignored, a fraction is cut
// off.
func TextToInt[To integer](s string) (To, error) {
	whole, fraction, pointed := strings.Cut(strings.Trim(s, " "), ".")
	if pointed && strings.Trim(whole, "+-") == "" {
		whole += "0" // .5 and even a point alone
	}
	var t To
	v, err := strconv.ParseInt(whole, 10, bits(t))
	if err != nil || strings.Trim(fraction, "0123456789") != "" {
		return 0, fmt.Errorf("cannot read %q as an integer", s)
	}
	return To(v), nil
}

func bits[T integer](v T) int {
	switch any(v).(type) {
	case int8:
		return 8
	case int16:
		return 16
	case int32:
		return 32
	}
	return 64
}

// TextToFloat parses a FLOAT or DOUBLE as Java does; blanks and control
// characters around it are ignored.
func TextToFloat[To float](s string) (To, error) {
	size := 64
	if _, isFloat := any(To(0)).(float32); isFloat {
		size = 32
	}
	v, ok := val.ParseFloat(strings.TrimFunc(s, func(r rune) bool { return r <= ' ' }), size)
	if !ok {
		return 0, fmt.Errorf("cannot read %q as a number", s)
	}
	return To(v), nil
}

// IntToText writes an integer in decimal.
func IntToText[From integer](a *val.Arena, v From) string {
	var buf [20]byte
	return a.Concat(val.View(strconv.AppendInt(buf[:0], int64(v), 10)))
}

// FloatToText writes a FLOAT as Java 17 does.
func FloatToText(a *val.Arena, v float32) string {
	var buf [32]byte
	return a.Concat(val.View(val.AppendFloat(buf[:0], v)))
}

// DoubleToText writes a DOUBLE as Java 17 does.
func DoubleToText(a *val.Arena, v float64) string {
	var buf [32]byte
	return a.Concat(val.View(val.AppendDouble(buf[:0], v)))
}

// BoolToNumber is 1 or 0.
func BoolToNumber[To number](v bool) To {
	if v {
		return 1
	}
	return 0
}

// NotZero is false for zero.
func NotZero[To ~bool, From number](v From) To { return v != 0 }

// Casts lists the conversions that are built.
var Casts = buildCasts()

func buildCasts() []CastDecl {
	ints := []types.Kind{types.TinyInt, types.SmallInt, types.Int, types.BigInt}
	out := []CastDecl{
		{From: types.Float, To: types.Double, Impl: FloatToFloat[float64, float32]},
		{From: types.Double, To: types.Float, Impl: FloatToFloat[float32, float64]},
		{From: types.VarChar, To: types.Double, Impl: TextToFloat[float64]},
		{From: types.VarChar, To: types.Float, Impl: TextToFloat[float32]},
		{From: types.Float, To: types.VarChar, Impl: FloatToText},
		{From: types.Double, To: types.VarChar, Impl: DoubleToText},
	}
	numbers := []any{NotZero[bool, int8], NotZero[bool, int16], NotZero[bool, int32], NotZero[bool, int64], NotZero[bool, float32], NotZero[bool, float64]}
	fromBool := []any{BoolToNumber[int8], BoolToNumber[int16], BoolToNumber[int32], BoolToNumber[int64], BoolToNumber[float32], BoolToNumber[float64]}
	for i, k := range append(ints[:len(ints):len(ints)], types.Float, types.Double) {
		out = append(out, CastDecl{From: k, To: types.Boolean, Impl: numbers[i]}, CastDecl{From: types.Boolean, To: k, Impl: fromBool[i]})
	}
	add := func(from, to types.Kind, impls ...any) {
		for i, k := range ints {
			if from == types.Invalid {
				out = append(out, CastDecl{From: k, To: to, Impl: impls[i]})
			} else {
				out = append(out, CastDecl{From: from, To: k, Impl: impls[i]})
			}
		}
	}
	add(types.Invalid, types.TinyInt, IntToInt[int8, int8], IntToInt[int8, int16], IntToInt[int8, int32], IntToInt[int8, int64])
	add(types.Invalid, types.SmallInt, IntToInt[int16, int8], IntToInt[int16, int16], IntToInt[int16, int32], IntToInt[int16, int64])
	add(types.Invalid, types.Int, IntToInt[int32, int8], IntToInt[int32, int16], IntToInt[int32, int32], IntToInt[int32, int64])
	add(types.Invalid, types.BigInt, IntToInt[int64, int8], IntToInt[int64, int16], IntToInt[int64, int32], IntToInt[int64, int64])
	add(types.Invalid, types.Float, IntToFloat[float32, int8], IntToFloat[float32, int16], IntToFloat[float32, int32], IntToFloat[float32, int64])
	add(types.Invalid, types.Double, IntToFloat[float64, int8], IntToFloat[float64, int16], IntToFloat[float64, int32], IntToFloat[float64, int64])
	add(types.Invalid, types.VarChar, IntToText[int8], IntToText[int16], IntToText[int32], IntToText[int64])
	add(types.Double, types.Invalid, FloatToInt[int8, float64], FloatToInt[int16, float64], FloatToInt[int32, float64], FloatToInt[int64, float64])
	add(types.Float, types.Invalid, FloatToInt[int8, float32], FloatToInt[int16, float32], FloatToInt[int32, float32], FloatToInt[int64, float32])
	add(types.VarChar, types.Invalid, TextToInt[int8], TextToInt[int16], TextToInt[int32], TextToInt[int64])
	return slices.Concat(out, textCasts, decimalCasts(), temporalCasts)
}
