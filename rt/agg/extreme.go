package agg

import (
	"encoding/binary"
	"math"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

type ordered interface{ integer | float | string }

// extreme holds the value kept so far; Min and Max say which one that is.
// Neither can take a value back. NaN stays if it comes first, else it is
// passed over, as Flink's comparison has it.
type extreme[T ordered] struct {
	V    T
	Some bool
}

// Value returns the extreme, and false when there was no value.
func (e *extreme[T]) Value() (T, bool) { return e.V, e.Some }

func (e *extreme[T]) set(v T) { e.V, e.Some = keep(v), true }

func keep[T ordered](v T) T {
	if s, ok := any(v).(string); ok {
		return any(val.Keep(s)).(T)
	}
	return v
}

// AppendState implements State.
func (e *extreme[T]) AppendState(dst []byte) []byte {
	if !e.Some {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch v := any(e.V).(type) {
	case string:
		return append(binary.AppendUvarint(dst, uint64(len(v))), v...)
	case float32:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(float64(v)))
	case float64:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
	case int8:
		return binary.AppendVarint(dst, int64(v))
	case int16:
		return binary.AppendVarint(dst, int64(v))
	case int32:
		return binary.AppendVarint(dst, int64(v))
	case int64:
		return binary.AppendVarint(dst, v)
	}
	panic("agg: no state form for this type")
}

// ReadState implements State.
func (e *extreme[T]) ReadState(src []byte) ([]byte, error) {
	if len(src) == 0 {
		return nil, errShortState
	}
	e.Some = src[0] == 1
	src = src[1:]
	if !e.Some {
		return src, nil
	}
	return e.readValue(src)
}

func (e *extreme[T]) readValue(src []byte) ([]byte, error) {
	switch p := any(&e.V).(type) {
	case *string:
		n, w := binary.Uvarint(src)
		if w <= 0 || uint64(len(src)-w) < n {
			return nil, errShortState
		}
		*p = string(src[w : w+int(n)])
		return src[w+int(n):], nil
	case *float32, *float64:
		if len(src) < 8 {
			return nil, errShortState
		}
		f := math.Float64frombits(binary.LittleEndian.Uint64(src))
		if p32, ok := p.(*float32); ok {
			*p32 = float32(f)
		} else {
			*p.(*float64) = f
		}
		return src[8:], nil
	}
	var v int64
	rest, err := readVarint(src, &v)
	switch p := any(&e.V).(type) {
	case *int8:
		*p = int8(v)
	case *int16:
		*p = int16(v)
	case *int32:
		*p = int32(v)
	case *int64:
		*p = v
	}
	return rest, err
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

// MinDecl and MaxDecl declare MIN and MAX over insertions.
var (
	MinDecl = Decl{Name: "MIN", Doc: "The smallest value that is not NULL.", Idempotent: true, Overloads: []Overload{
		{Arg: types.TinyInt, Result: sameNullable, Acc: Min[int8]{}},
		{Arg: types.SmallInt, Result: sameNullable, Acc: Min[int16]{}},
		{Arg: types.Int, Result: sameNullable, Acc: Min[int32]{}},
		{Arg: types.BigInt, Result: sameNullable, Acc: Min[int64]{}},
		{Arg: types.Float, Result: sameNullable, Acc: Min[float32]{}},
		{Arg: types.Double, Result: sameNullable, Acc: Min[float64]{}},
		{Arg: types.VarChar, Result: sameNullable, Acc: Min[string]{}},
		{Arg: types.Decimal, Result: sameNullable, Acc: MinDecimal{}},
	}}
	MaxDecl = Decl{Name: "MAX", Doc: "The greatest value that is not NULL.", Idempotent: true, Overloads: []Overload{
		{Arg: types.TinyInt, Result: sameNullable, Acc: Max[int8]{}},
		{Arg: types.SmallInt, Result: sameNullable, Acc: Max[int16]{}},
		{Arg: types.Int, Result: sameNullable, Acc: Max[int32]{}},
		{Arg: types.BigInt, Result: sameNullable, Acc: Max[int64]{}},
		{Arg: types.Float, Result: sameNullable, Acc: Max[float32]{}},
		{Arg: types.Double, Result: sameNullable, Acc: Max[float64]{}},
		{Arg: types.VarChar, Result: sameNullable, Acc: Max[string]{}},
		{Arg: types.Decimal, Result: sameNullable, Acc: MaxDecimal{}},
	}}
)
