package agg

import (
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/val"
)

type ordered interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~float32 | ~float64 | ~string
}

// extreme holds the value kept so far; Min and Max say which one that is.
// Neither can take a value back. NaN stays if it comes first, else it is
// passed over, as Flink's comparison has it.
type extreme[T ordered] struct {
	V    T
	Some bool
}

// Value returns the extreme, and false when there was no value.
func (e *extreme[T]) Value() (T, bool) { return e.V, e.Some }

func (e *extreme[T]) set(v T) { e.V, e.Some = val.KeepAny(v), true }

// AppendState implements State.
func (e *extreme[T]) AppendState(dst []byte) []byte {
	dst = val.EncodeBool(dst, e.Some)
	if e.Some {
		dst = val.EncodeAny(dst, e.V)
	}
	return dst
}

// ReadState implements State.
func (e *extreme[T]) ReadState(src []byte) ([]byte, error) {
	src, err := val.DecodeBool(src, &e.Some)
	if err == nil && e.Some {
		src, err = val.DecodeAny(src, &e.V)
	}
	return src, err
}

// Min keeps the smallest value.
type Min[T ordered] struct{ extreme[T] }

// Add takes a value in.
func (m *Min[T]) Add(v T) {
	if !m.Some || v < m.V {
		m.set(v)
	}
}

// Max keeps the greatest value.
type Max[T ordered] struct{ extreme[T] }

// Add takes a value in.
func (m *Max[T]) Add(v T) {
	if !m.Some || v > m.V {
		m.set(v)
	}
}

// anyExtreme is extreme for the values that Go doesn't order.
type anyExtreme struct {
	V    val.Datum
	Some bool
}

// Value returns the extreme, and false when there was no value.
func (e *anyExtreme) Value() (val.Datum, bool) { return e.V, e.Some }

// keepIf takes v if it is to the given side of the value so far.
func (e *anyExtreme) keepIf(v val.Datum, side int, t *types.Type) {
	if !v.Null && (!e.Some || val.CompareDatum(v, e.V, t) == side) {
		e.V, e.Some = v.Keep(), true
	}
}

// AppendState implements State.
func (e *anyExtreme) AppendState(dst []byte) []byte {
	return val.EncodeDatum(val.EncodeBool(dst, e.Some), e.V)
}

// ReadState implements State.
func (e *anyExtreme) ReadState(src []byte) ([]byte, error) {
	src, err := val.DecodeBool(src, &e.Some)
	if err == nil {
		src, err = val.DecodeDatum(src, &e.V)
	}
	return src, err
}

// MinAny keeps the smallest value of a type that Go doesn't order.
type MinAny struct{ anyExtreme }

// Add takes a value in.
func (m *MinAny) Add(v val.Datum, t *types.Type) { m.keepIf(v, -1, t) }

// MaxAny keeps the greatest value of a type that Go doesn't order.
type MaxAny struct{ anyExtreme }

// Add takes a value in.
func (m *MaxAny) Add(v val.Datum, t *types.Type) { m.keepIf(v, 1, t) }

// The types of which MIN and MAX are one of the values.
var (
	orderedByGo = fn.NewParam("a comparable type", func(t types.Type) bool {
		return t.Numeric() && t.Kind != types.Decimal || t.Text() || t.Kind == types.Date || t.Kind == types.Time
	})
	orderedOtherwise = fn.NewParam("a comparable type", func(t types.Type) bool {
		return t.Kind == types.Decimal || t.Kind == types.Boolean || t.Timestamp()
	})
)

func extremes(byGo, otherwise, retracting any) []Overload {
	return []Overload{
		{Params: []fn.Param{orderedByGo}, Result: sameNullable, Acc: byGo, Retracting: retracting},
		{Params: []fn.Param{orderedOtherwise}, Result: sameNullable, Acc: otherwise, Retracting: retracting},
	}
}

// MinDecl and MaxDecl declare MIN and MAX.
var (
	MinDecl = Decl{Name: "MIN", Doc: "The smallest value that is not NULL.", Idempotent: true,
		Overloads: extremes(Min[int64]{}, MinAny{}, MinRetracting{})}
	MaxDecl = Decl{Name: "MAX", Doc: "The greatest value that is not NULL.", Idempotent: true,
		Overloads: extremes(Max[int64]{}, MaxAny{}, MaxRetracting{})}
)
