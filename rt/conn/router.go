package conn

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Router is a Writer that hands each column of a row to a writer of its own;
// without one it is left out.
type Router struct {
	To     []val.Writer // by column; nil for none
	column int
}

var _ val.Writer = (*Router)(nil)

// Begin returns the router for another row.
func (r *Router) Begin() *Router {
	r.column = 0
	return r
}

func (r *Router) next() val.Writer {
	w := r.To[r.column]
	r.column++
	if w == nil {
		return nowhere
	}
	return w
}

// Null implements val.Writer, as do the methods below.
func (r *Router) Null() { r.next().Null() }

// Bool hands on a BOOLEAN.
func (r *Router) Bool(v bool) { r.next().Bool(v) }

// Int8 hands on a TINYINT.
func (r *Router) Int8(v int8) { r.next().Int8(v) }

// Int16 hands on a SMALLINT.
func (r *Router) Int16(v int16) { r.next().Int16(v) }

// Int32 hands on an INT.
func (r *Router) Int32(v int32) { r.next().Int32(v) }

// Int64 hands on a BIGINT.
func (r *Router) Int64(v int64) { r.next().Int64(v) }

// Float32 hands on a FLOAT.
func (r *Router) Float32(v float32) { r.next().Float32(v) }

// Float64 hands on a DOUBLE.
func (r *Router) Float64(v float64) { r.next().Float64(v) }

// Decimal hands on a DECIMAL.
func (r *Router) Decimal(v val.Decimal, scale int) { r.next().Decimal(v, scale) }

// String hands on a text.
func (r *Router) String(v string) { r.next().String(v) }

// Datum hands on a value of any other type.
func (r *Router) Datum(d val.Datum, t *types.Type) { r.next().Datum(d, t) }

// Discard is a Writer that drops all columns. Others embed it for what they don't
// take.
type Discard struct{}

var nowhere val.Writer = Discard{}

// Null implements val.Writer, as do the methods below: nothing happens.
func (Discard) Null() {}

// Bool drops a BOOLEAN.
func (Discard) Bool(bool) {}

// Int8 drops a TINYINT.
func (Discard) Int8(int8) {}

// Int16 drops a SMALLINT.
func (Discard) Int16(int16) {}

// Int32 drops an INT.
func (Discard) Int32(int32) {}

// Int64 drops a BIGINT.
func (Discard) Int64(int64) {}

// Float32 drops a FLOAT.
func (Discard) Float32(float32) {}

// Float64 drops a DOUBLE.
func (Discard) Float64(float64) {}

// Decimal drops a DECIMAL.
func (Discard) Decimal(val.Decimal, int) {}

// String drops a text.
func (Discard) String(string) {}

// Datum drops a value of any other type.
func (Discard) Datum(val.Datum, *types.Type) {}
