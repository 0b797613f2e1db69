package agg

import (
	"encoding/binary"
	"math"

	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/val"
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

// SumDecl declares SUM.
var SumDecl = Decl{Name: "SUM", Doc: "The sum of the values that are not NULL; NULL if there are none. Integers wrap around; a DECIMAL that takes more than 38 digits is NULL.",
	Overloads: []Overload{
		{Params: []fn.Param{integers}, Result: sameNullable, Acc: SumInt[int64]{}},
		{Params: []fn.Param{approximates}, Result: sameNullable, Acc: SumFloat[float64]{}},
		{Params: []fn.Param{decimals}, Result: decimalSum, Acc: SumDecimal{}, Overflows: true},
	}}

// The sums of SUM0: zero where there is no value.
type (
	Sum0Int[T integer] struct{ SumInt[T] }
	Sum0Float[T float] struct{ SumFloat[T] }
	Sum0Decimal        struct{ SumDecimal }
)

// Value returns the sum.
func (s *Sum0Int[T]) Value() (T, bool) { return s.Sum, true }

// Value returns the sum.
func (s *Sum0Float[T]) Value() (T, bool) { return s.Sum, true }

// Value returns the sum, and false when it is too large.
func (s *Sum0Decimal) Value() (val.Decimal, bool) { return s.Sum, !s.Lost }

// Sum0Decl declares SUM0.
var Sum0Decl = Decl{Name: "$SUM0", Doc: "The sum of the values that are not NULL; 0 if there are none.",
	Overloads: []Overload{
		{Params: []fn.Param{integers}, Result: sameNotNull, Acc: Sum0Int[int64]{}},
		{Params: []fn.Param{approximates}, Result: sameNotNull, Acc: Sum0Float[float64]{}},
		{Params: []fn.Param{decimals}, Result: decimalSum0, Acc: Sum0Decimal{}},
	}}

func sameNotNull(args []fn.Arg) types.Type { return args[0].NotNull() }

func decimalSum0(args []fn.Arg) types.Type { return decimalSum(args).NotNull() }
