package raw

import (
	"fmt"
	"math"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// Writer makes a record of the only column of a row. The record of NULL is nil.
type Writer struct {
	form
	buf  []byte
	null bool
}

var _ conn.Encoder = (*Writer)(nil)

// NewWriter returns a writer for the rows of t.
func NewWriter(t *conn.Table) (*Writer, error) {
	f, err := formOf(t)
	if err != nil {
		return nil, err
	}
	return &Writer{form: f, buf: []byte{}}, nil
}

// Record implements conn.Encoder.
func (w *Writer) Record() ([]byte, error) {
	record := w.buf
	if w.null {
		record = nil
	}
	w.buf, w.null = w.buf[:0], false
	return record, nil
}

// Null implements val.Writer, as do the methods below.
func (w *Writer) Null() { w.null = true }

// Bool writes a byte, 1 or 0.
func (w *Writer) Bool(v bool) {
	b := byte(0)
	if v {
		b = 1
	}
	w.buf = append(w.buf, b)
}

// Int8 writes a byte.
func (w *Writer) Int8(v int8) { w.buf = append(w.buf, byte(v)) }

// Int16 writes two bytes.
func (w *Writer) Int16(v int16) { w.buf = w.order.AppendUint16(w.buf, uint16(v)) }

// Int32 writes four bytes.
func (w *Writer) Int32(v int32) { w.buf = w.order.AppendUint32(w.buf, uint32(v)) }

// Int64 writes eight bytes.
func (w *Writer) Int64(v int64) { w.buf = w.order.AppendUint64(w.buf, uint64(v)) }

// Float32 writes the four bytes of IEEE 754.
func (w *Writer) Float32(v float32) { w.buf = w.order.AppendUint32(w.buf, math.Float32bits(v)) }

// Float64 writes the eight bytes of IEEE 754.
func (w *Writer) Float64(v float64) { w.buf = w.order.AppendUint64(w.buf, math.Float64bits(v)) }

// Decimal has no form here: a table with such a column is refused.
func (w *Writer) Decimal(val.Decimal, int) { panic("raw: a DECIMAL") }

// String writes a text in its encoding.
func (w *Writer) String(v string) { w.buf = append(w.buf, w.charset.Encode(v)...) }

// Datum writes a binary string as it is.
func (w *Writer) Datum(v val.Datum, t *types.Type) {
	if !t.Binary() {
		panic(fmt.Sprintf("raw: a %s", t))
	}
	w.buf = append(w.buf, v.Text()...)
}
