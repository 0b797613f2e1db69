package udfbridge

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// datumBuilder is the column of values of one type, which may be nested.
type datumBuilder struct {
	builder array.Builder
	append  func(val.Datum)
}

// Append appends a value.
func (b *datumBuilder) Append(d val.Datum) { b.append(d) }

// AppendNull appends NULL.
func (b *datumBuilder) AppendNull() { b.builder.AppendNull() }

// datumAppender returns the function that appends values of the type t, NULL
// included, to a builder of its Arrow type.
func datumAppender(b array.Builder, t *types.Type) func(val.Datum) {
	set := notNull(b, t)
	return func(d val.Datum) {
		if d.Null {
			b.AppendNull()
		} else {
			set(d)
		}
	}
}

// notNull is datumAppender for values that aren't NULL.
func notNull(b array.Builder, t *types.Type) func(val.Datum) {
	switch b := b.(type) {
	case *array.BooleanBuilder:
		return func(d val.Datum) { b.Append(d.Bool()) }
	case *array.Int8Builder:
		return func(d val.Datum) { b.Append(int8(d.Int())) }
	case *array.Int16Builder:
		return func(d val.Datum) { b.Append(int16(d.Int())) }
	case *array.Int32Builder:
		return func(d val.Datum) { b.Append(int32(d.Int())) }
	case *array.Int64Builder:
		return func(d val.Datum) { b.Append(d.Int()) }
	case *array.Float32Builder:
		return func(d val.Datum) { b.Append(float32(d.Float())) }
	case *array.Float64Builder:
		return func(d val.Datum) { b.Append(d.Float()) }
	case *array.StringBuilder:
		return func(d val.Datum) { b.Append(d.Text()) }
	case *array.BinaryBuilder:
		return func(d val.Datum) { b.AppendString(d.Text()) }
	case *array.Decimal128Builder:
		return func(d val.Datum) {
			n := d.Decimal()
			b.Append(decimal128.New(n.Hi, n.Lo))
		}
	case *array.Date32Builder:
		return func(d val.Datum) { b.Append(arrow.Date32(d.Int())) }
	case *array.Time32Builder:
		return func(d val.Datum) { b.Append(arrow.Time32(d.Int())) }
	case *array.TimestampBuilder:
		return func(d val.Datum) { b.Append(arrow.Timestamp(micros(d.Timestamp()))) }
	case *array.ListBuilder:
		return listAppender(b, t)
	case *array.MapBuilder:
		return mapAppender(b, t)
	case *array.StructBuilder:
		return rowAppender(b, t)
	}
	panic("udfbridge: no builder for " + t.String())
}

// micros is a timestamp as Python has it, which knows no nanoseconds.
func micros(t val.Timestamp) int64 { return t.Milli*1000 + int64(t.Nano)/1000 }

func listAppender(b *array.ListBuilder, t *types.Type) func(val.Datum) {
	elem := &t.Elems[0]
	add := datumAppender(b.ValueBuilder(), elem)
	return func(d val.Datum) {
		b.Append(true)
		a := d.Array()
		for i := range a.Len() {
			add(a.At(i, elem))
		}
	}
}

func mapAppender(b *array.MapBuilder, t *types.Type) func(val.Datum) {
	addKey, addValue := datumAppender(b.KeyBuilder(), &t.Elems[0]), datumAppender(b.ItemBuilder(), &t.Elems[1])
	return func(d val.Datum) {
		b.Append(true)
		m := d.Map()
		for i := range m.Len() {
			key, value := m.At(i, t)
			addKey(key)
			addValue(value)
		}
	}
}

func rowAppender(b *array.StructBuilder, t *types.Type) func(val.Datum) {
	fields := make([]func(val.Datum), len(t.Elems))
	for i := range fields {
		fields[i] = datumAppender(b.FieldBuilder(i), &t.Elems[i])
	}
	return func(d val.Datum) {
		b.Append(true)
		r := d.Row()
		for i, add := range fields {
			add(r.Field(i, t))
		}
	}
}

// reader reads value i of a result column. Nested values are made in the arena;
// texts and bytes view the column.
type reader func(i int, arena *val.Arena) val.Datum

// readerOf returns the reader of an array whose Arrow type is that of t. An array
// of another type is no answer of ours, and panics.
func readerOf(a arrow.Array, t *types.Type) reader {
	read := valueReader(a, t)
	if a.NullN() == 0 {
		return read
	}
	return func(i int, arena *val.Arena) val.Datum {
		if a.IsNull(i) {
			return val.NullDatum()
		}
		return read(i, arena)
	}
}

func valueReader(a arrow.Array, t *types.Type) reader {
	switch t.Kind {
	case types.Boolean:
		v := a.(*array.Boolean)
		return func(i int, _ *val.Arena) val.Datum { return val.BoolDatum(v.Value(i)) }
	case types.TinyInt:
		return intReader(a.(*array.Int8).Int8Values())
	case types.SmallInt:
		return intReader(a.(*array.Int16).Int16Values())
	case types.Int:
		return intReader(a.(*array.Int32).Int32Values())
	case types.BigInt:
		return intReader(a.(*array.Int64).Int64Values())
	case types.Date:
		return intReader(a.(*array.Date32).Date32Values())
	case types.Time:
		return intReader(a.(*array.Time32).Time32Values())
	case types.Float:
		v := a.(*array.Float32).Float32Values()
		return func(i int, _ *val.Arena) val.Datum { return val.FloatDatum(v[i]) }
	case types.Double:
		v := a.(*array.Float64).Float64Values()
		return func(i int, _ *val.Arena) val.Datum { return val.FloatDatum(v[i]) }
	case types.Char, types.VarChar:
		v := a.(*array.String)
		return func(i int, _ *val.Arena) val.Datum { return val.TextDatum(v.Value(i)) }
	case types.Binary, types.VarBinary:
		v := a.(*array.Binary)
		return func(i int, _ *val.Arena) val.Datum { return val.TextDatum(v.ValueString(i)) }
	case types.Decimal:
		v := a.(*array.Decimal128)
		return func(i int, _ *val.Arena) val.Datum {
			n := v.Value(i)
			return val.DecimalDatum(val.Decimal{Hi: n.HighBits(), Lo: n.LowBits()})
		}
	case types.Timestamp, types.TimestampLTZ:
		return timestampReader(a.(*array.Timestamp), t)
	case types.Array:
		v := a.(*array.List)
		elements := elementsOf(v.ListValues(), &t.Elems[0])
		return func(i int, arena *val.Arena) val.Datum {
			from, to := v.ValueOffsets(i)
			return val.TextDatum(elements(int(from), int(to), arena))
		}
	case types.Map:
		v := a.(*array.Map)
		keys, values := elementsOf(v.Keys(), &t.Elems[0]), elementsOf(v.Items(), &t.Elems[1])
		return func(i int, arena *val.Arena) val.Datum {
			from, to := v.ValueOffsets(i)
			return val.TextDatum(val.MakeMap(arena, keys(int(from), int(to), arena), values(int(from), int(to), arena)))
		}
	case types.Row:
		return rowReader(a.(*array.Struct), t)
	}
	panic("udfbridge: no reader for " + t.String())
}

func intReader[T ~int8 | ~int16 | ~int32 | ~int64](v []T) reader {
	return func(i int, _ *val.Arena) val.Datum { return val.IntDatum(v[i]) }
}

// timestampReader cuts what a TIMESTAMP has no digits for as PyFlink does: three
// digits are left, or six.
func timestampReader(a *array.Timestamp, t *types.Type) reader {
	v := a.TimestampValues()
	millis := t.Precision <= 3
	return func(i int, _ *val.Arena) val.Datum {
		us := int64(v[i])
		ts := val.Timestamp{Milli: val.FloorDiv(us, 1000)}
		if !millis {
			ts.Nano = int32(val.FloorMod(us, 1000)) * 1000
		}
		return val.TimestampDatum(ts)
	}
}

// elementsOf returns the function that encodes the values [from, to) of a column
// as an array.
func elementsOf(a arrow.Array, t *types.Type) func(from, to int, arena *val.Arena) val.Array {
	read := readerOf(a, t)
	var items []val.Datum
	return func(from, to int, arena *val.Arena) val.Array {
		items = items[:0]
		for i := from; i < to; i++ {
			items = append(items, read(i, arena))
		}
		return val.NewArray(arena, t, items...)
	}
}

func rowReader(a *array.Struct, t *types.Type) reader {
	fields := make([]reader, len(t.Elems))
	for i := range fields {
		fields[i] = readerOf(a.Field(i), &t.Elems[i])
	}
	items := make([]val.Datum, len(fields))
	return func(i int, arena *val.Arena) val.Datum {
		for j, read := range fields {
			items[j] = read(i, arena)
		}
		return val.TextDatum(val.NewRow(arena, t, items...))
	}
}
