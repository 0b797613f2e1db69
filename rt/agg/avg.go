package agg

import "pyfc/rt/fn"

// AvgInt is the mean of integers, truncated toward zero as Flink does.
type AvgInt[T integer] struct{ SumInt[int64] }

// Add takes a value in.
func (a *AvgInt[T]) Add(v T) { a.SumInt.Add(int64(v)) }

// Retract takes a value back.
func (a *AvgInt[T]) Retract(v T) { a.SumInt.Retract(int64(v)) }

// Value returns the mean, and false when it is NULL.
func (a *AvgInt[T]) Value() (T, bool) {
	if a.N == 0 {
		return 0, false
	}
	return T(a.Sum / a.N), true
}

// AvgFloat is the mean of FLOATs or DOUBLEs.
type AvgFloat[T float] struct{ SumFloat[float64] }

// Add takes a value in.
func (a *AvgFloat[T]) Add(v T) { a.SumFloat.Add(float64(v)) }

// Retract takes a value back.
func (a *AvgFloat[T]) Retract(v T) { a.SumFloat.Retract(float64(v)) }

// Value returns the mean, and false when it is NULL.
func (a *AvgFloat[T]) Value() (T, bool) {
	if a.N == 0 {
		return 0, false
	}
	return T(a.Sum / float64(a.N)), true
}

// AvgDecl declares AVG.
var AvgDecl = Decl{Name: "AVG", Doc: "The mean of the values that are not NULL, in their own type; NULL if there are none.",
	Overloads: []Overload{
		{Params: []fn.Param{integers}, Result: sameNullable, Acc: AvgInt[int64]{}},
		{Params: []fn.Param{approximates}, Result: sameNullable, Acc: AvgFloat[float64]{}},
		{Params: []fn.Param{decimals}, Result: decimalMean, Acc: AvgDecimal{}, Overflows: true},
	}}
