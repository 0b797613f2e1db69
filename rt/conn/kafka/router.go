package kafka

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// router is a Writer that hands each column of a row to a writer of its own;
// without one it is left out.
type router struct {
	to     []val.Writer
	column int
}

var _ val.Writer = (*router)(nil)

// begin returns the router for another row.
func (r *router) begin() *router {
	r.column = 0
	return r
}

func (r *router) next() val.Writer {
	w := r.to[r.column]
	r.column++
	if w == nil {
		return nowhere
	}
	return w
}

// Null implements val.Writer, as do the methods below.
func (r *router) Null() { r.next().Null() }

// Bool hands on a BOOLEAN.
func (r *router) Bool(v bool) { r.next().Bool(v) }

// Int8 hands on a TINYINT.
func (r *router) Int8(v int8) { r.next().Int8(v) }

// Int16 hands on a SMALLINT.
func (r *router) Int16(v int16) { r.next().Int16(v) }

// Int32 hands on an INT.
func (r *router) Int32(v int32) { r.next().Int32(v) }

// Int64 hands on a BIGINT.
func (r *router) Int64(v int64) { r.next().Int64(v) }

// Float32 hands on a FLOAT.
func (r *router) Float32(v float32) { r.next().Float32(v) }

// Float64 hands on a DOUBLE.
func (r *router) Float64(v float64) { r.next().Float64(v) }

// Decimal hands on a DECIMAL.
func (r *router) Decimal(v val.Decimal, scale int) { r.next().Decimal(v, scale) }

// String hands on a text.
func (r *router) String(v string) { r.next().String(v) }

// Datum hands on a value of any other type.
func (r *router) Datum(d val.Datum, t *types.Type) { r.next().Datum(d, t) }

// discard is a Writer that drops all columns.
type discard struct{}

var nowhere val.Writer = discard{}

// Null implements val.Writer, as do the methods below: nothing happens.
func (discard) Null() {}

// Bool drops a BOOLEAN.
func (discard) Bool(bool) {}

// Int8 drops a TINYINT.
func (discard) Int8(int8) {}

// Int16 drops a SMALLINT.
func (discard) Int16(int16) {}

// Int32 drops an INT.
func (discard) Int32(int32) {}

// Int64 drops a BIGINT.
func (discard) Int64(int64) {}

// Float32 drops a FLOAT.
func (discard) Float32(float32) {}

// Float64 drops a DOUBLE.
func (discard) Float64(float64) {}

// Decimal drops a DECIMAL.
func (discard) Decimal(val.Decimal, int) {}

// String drops a text.
func (discard) String(string) {}

// Datum drops a value of any other type.
func (discard) Datum(val.Datum, *types.Type) {}
