package agg

import (
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/val"
)

// sumShape is the shape of sums; their scale is that of the argument, on which
// adding doesn't depend.
var sumShape = val.Shape{Precision: val.MaxPrecision}

// DecimalSum is the running sum behind SUM and AVG.
type DecimalSum struct {
	Sum  val.Decimal
	N    int64 // values in the sum
	Lost bool  // the sum took more than 38 digits
}

func (s *DecimalSum) add(v val.Decimal) {
	var ok bool
	s.Sum, ok = val.AddDecimal(s.Sum, 0, v, 0, sumShape)
	s.Lost = s.Lost || !ok
}

// AppendState implements State.
func (s *DecimalSum) AppendState(dst []byte) []byte {
	return val.EncodeBool(val.EncodeInt(val.EncodeDecimal(dst, s.Sum), s.N), s.Lost)
}

// ReadState implements State.
func (s *DecimalSum) ReadState(src []byte) ([]byte, error) {
	src, err := val.DecodeDecimal(src, &s.Sum)
	if err == nil {
		src, err = val.DecodeInt(src, &s.N)
	}
	if err == nil {
		src, err = val.DecodeBool(src, &s.Lost)
	}
	return src, err
}

// SumDecimal adds DECIMALs up. As in Flink a sum that overflows is NULL, and
// begins anew with the next value.
type SumDecimal struct{ DecimalSum }

// Add takes a value in.
func (s *SumDecimal) Add(v val.Decimal) { s.put(v, 1) }

// Retract takes a value back.
func (s *SumDecimal) Retract(v val.Decimal) { s.put(v.Neg(), -1) }

func (s *SumDecimal) put(v val.Decimal, n int64) {
	s.N += n
	s.Lost = false // and then Sum is zero
	s.add(v)
}

// Value returns the sum, and false when it is NULL.
func (s *SumDecimal) Value() (val.Decimal, bool) {
	if s.N == 0 || s.Lost {
		return val.Decimal{}, false
	}
	return s.Sum, true
}

// AvgDecimal is the mean of DECIMALs. As in Flink it stays NULL once the sum
// has overflowed.
type AvgDecimal struct{ DecimalSum }

// Add takes a value in.
func (a *AvgDecimal) Add(v val.Decimal) { a.put(v, 1) }

// Retract takes a value back.
func (a *AvgDecimal) Retract(v val.Decimal) { a.put(v.Neg(), -1) }

func (a *AvgDecimal) put(v val.Decimal, n int64) {
	a.N += n
	if !a.Lost {
		a.add(v)
	}
}

// Value returns the mean, and false when it is NULL.
func (a *AvgDecimal) Value(arg, result val.Shape) (val.Decimal, bool) {
	if a.N == 0 || a.Lost {
		return val.Decimal{}, false
	}
	return val.DivDecimal(a.Sum, arg.Scale, val.DecimalOf(a.N), 0, result)
}

func decimalSum(args []fn.Arg) types.Type {
	return types.NewDecimal(val.MaxPrecision, args[0].Scale)
}

func decimalMean(args []fn.Arg) types.Type {
	return types.NewDecimal(val.MaxPrecision, max(6, args[0].Scale))
}
