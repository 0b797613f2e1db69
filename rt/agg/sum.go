package agg

import (
	"encoding/binary"
	"math"

	"pyfc/ir/types"
)

type integer interface{ int8 | int16 | int32 | int64 }
type float interface{ float32 | float64 }

// SumInt adds integers up; the sum wraps around, as in Flink.
type SumInt[T integer] struct {
	Sum T
	N   int64 // values in the sum; without any it is NULL
}

// Add takes a value in.
func (s *SumInt[T]) Add(v T) { s.Sum += v; s.N++ }

// Retract takes a value back.
func (s *SumInt[T]) Retract(v T) { s.Sum -= v; s.N-- }

// Value returns the sum, and false when it is NULL.
func (s *SumInt[T]) Value() (T, bool) { return s.Sum, s.N != 0 }

// AppendState implements State.
func (s *SumInt[T]) AppendState(dst []byte) []byte {
	return binary.AppendVarint(binary.AppendVarint(dst, int64(s.Sum)), s.N)
}

// ReadState implements State.
func (s *SumInt[T]) ReadState(src []byte) ([]byte, error) {
	var sum int64
	src, err := readVarint(src, &sum)
	if err != nil {
		return nil, err
	}
	s.Sum = T(sum)
	return readVarint(src, &s.N)
}

// SumFloat adds FLOATs or DOUBLEs up, in the order of arrival.
type SumFloat[T float] struct {
	Sum T
	N   int64
}

// Add takes a value in. The first is the sum: 0 + -0 would lose its sign.
func (s *SumFloat[T]) Add(v T) {
	if s.N == 0 && s.Sum == 0 {
		s.Sum = v
	} else {
		s.Sum += v
	}
	s.N++
}

// Retract takes a value back.
func (s *SumFloat[T]) Retract(v T) { s.Sum -= v; s.N-- }

// Value returns the sum, and false when it is NULL.
func (s *SumFloat[T]) Value() (T, bool) { return s.Sum, s.N != 0 }

// AppendState implements State.
func (s *SumFloat[T]) AppendState(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(float64(s.Sum)))
	return binary.AppendVarint(dst, s.N)
}

// ReadState implements State.
func (s *SumFloat[T]) ReadState(src []byte) ([]byte, error) {
	if len(src) < 8 {
		return nil, errShortState
	}
	s.Sum = T(math.Float64frombits(binary.LittleEndian.Uint64(src)))
	return readVarint(src[8:], &s.N)
}

func sameNullable(arg types.Type) types.Type { return arg.WithNull(true) }

// SumDecl declares SUM.
var SumDecl = Decl{Name: "SUM", Doc: "The sum of the values that are not NULL; NULL if there are none. Integers wrap around; a DECIMAL that takes more than 38 digits is NULL.",
	Overloads: []Overload{
		{Arg: types.TinyInt, Result: sameNullable, Acc: SumInt[int8]{}, Retracts: true},
		{Arg: types.SmallInt, Result: sameNullable, Acc: SumInt[int16]{}, Retracts: true},
		{Arg: types.Int, Result: sameNullable, Acc: SumInt[int32]{}, Retracts: true},
		{Arg: types.BigInt, Result: sameNullable, Acc: SumInt[int64]{}, Retracts: true},
		{Arg: types.Float, Result: sameNullable, Acc: SumFloat[float32]{}, Retracts: true},
		{Arg: types.Double, Result: sameNullable, Acc: SumFloat[float64]{}, Retracts: true},
		{Arg: types.Decimal, Result: decimalSum, Acc: SumDecimal{}, Overflows: true, Retracts: true},
	}}
