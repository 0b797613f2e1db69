package raw

import (
	"fmt"
	"math"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// Decoder takes a record as the value of the only column; a record without value
// is NULL. Bytes of another number than a type has fail the job.
type Decoder struct {
	form
	table  string
	column string
	record []byte
}

// NewDecoder returns a decoder for the records of t.
func NewDecoder(t *conn.Table) (*Decoder, error) {
	f, err := formOf(t)
	if err != nil {
		return nil, err
	}
	return &Decoder{form: f, table: t.Name, column: t.Columns[0].Name}, nil
}

// NewSplitter returns a splitter for the files of a table: a record is a line.
func NewSplitter(*conn.Table) (conn.LineSplitter, error) { return conn.LineSplitter{}, nil }

// Split takes the next record.
func (d *Decoder) Split(record []byte) (bool, error) {
	d.record = record
	return true, nil
}

// Text is the record as a text. What isn't valid in its encoding becomes U+FFFD.
func (d *Decoder) Text(int, *val.Arena) (string, bool) {
	if d.record == nil {
		return "", false
	}
	text, err := d.charset.Decode(val.View(d.record))
	return text, err == nil
}

// sized are the record's bytes, of which the type has n; ok is false for NULL.
func (d *Decoder) sized(n int, kind types.Kind) (b []byte, ok bool, err error) {
	if d.record != nil && len(d.record) != n {
		return nil, false, &conn.BadData{Table: d.table, Column: d.column,
			Err: fmt.Errorf("size of data received for deserializing %s type is not %d: it is %d", kind, n, len(d.record))}
	}
	return d.record, d.record != nil, nil
}

// Boolean returns a truth value: whether the byte isn't 0.
func (d *Decoder) Boolean(int) (bool, bool, error) {
	b, ok, err := d.sized(1, types.Boolean)
	return ok && b[0] != 0, ok, err
}

// TinyInt returns a TINYINT.
func (d *Decoder) TinyInt(int) (v int8, ok bool, err error) {
	b, ok, err := d.sized(1, types.TinyInt)
	if ok {
		v = int8(b[0])
	}
	return v, ok, err
}

// SmallInt returns a SMALLINT.
func (d *Decoder) SmallInt(int) (v int16, ok bool, err error) {
	b, ok, err := d.sized(2, types.SmallInt)
	if ok {
		v = int16(d.order.Uint16(b))
	}
	return v, ok, err
}

// Int returns an INT.
func (d *Decoder) Int(int) (int32, bool, error) {
	v, ok, err := d.word(types.Int)
	return int32(v), ok, err
}

// BigInt returns a BIGINT.
func (d *Decoder) BigInt(int) (int64, bool, error) {
	v, ok, err := d.long(types.BigInt)
	return int64(v), ok, err
}

// Float returns a FLOAT.
func (d *Decoder) Float(int) (float32, bool, error) {
	v, ok, err := d.word(types.Float)
	return math.Float32frombits(v), ok, err
}

// Double returns a DOUBLE.
func (d *Decoder) Double(int) (float64, bool, error) {
	v, ok, err := d.long(types.Double)
	return math.Float64frombits(v), ok, err
}

func (d *Decoder) word(kind types.Kind) (v uint32, ok bool, err error) {
	b, ok, err := d.sized(4, kind)
	if ok {
		v = d.order.Uint32(b)
	}
	return v, ok, err
}

func (d *Decoder) long(kind types.Kind) (v uint64, ok bool, err error) {
	b, ok, err := d.sized(8, kind)
	if ok {
		v = d.order.Uint64(b)
	}
	return v, ok, err
}

// Datum returns a binary string: the record as it is.
func (d *Decoder) Datum(int, *types.Type, *val.Arena) (val.Datum, error) {
	if d.record == nil {
		return val.NullDatum(), nil
	}
	return val.TextDatum(val.View(d.record)), nil
}
