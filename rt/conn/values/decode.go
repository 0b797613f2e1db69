package values

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// Decoder reads the values of a row:
//
//	BOOLEAN, integers        true, false, numbers
//	FLOAT, DOUBLE            numbers, or "NaN", "Infinity", "-Infinity"
//	DECIMAL                  a text in plain notation, or a number
//	CHAR, VARCHAR            a text
//
// NULL of any type is null. The readers return whether the column has a value.
type Decoder struct {
	table  *conn.Table
	fields []any
}

// NewDecoder returns a decoder for the rows of a table.
func NewDecoder(t *conn.Table) (*Decoder, error) { return &Decoder{table: t}, nil }

// Split takes the next row.
func (d *Decoder) Split(record []byte) (bool, error) {
	dec := json.NewDecoder(bytes.NewReader(record))
	dec.UseNumber()
	d.fields = d.fields[:0]
	if err := dec.Decode(&d.fields); err != nil {
		return false, fmt.Errorf("%s is no row: %w", record, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("%s is no row", record)
	}
	return true, nil
}

// field is the value of column i; ok is false for NULL.
func (d *Decoder) field(i int) (v any, ok bool, err error) {
	if i >= len(d.fields) {
		return nil, false, fmt.Errorf("a row has %d values, but the table has more columns", len(d.fields))
	}
	return d.fields[i], d.fields[i] != nil, nil
}

// bad says that column i has a value that its type doesn't have.
func (d *Decoder) bad(i int) error {
	text, err := json.Marshal(d.fields[i])
	if err != nil {
		return err
	}
	return &conn.BadData{Table: d.table.Name, Column: d.table.Columns[i].Name,
		Err: fmt.Errorf("%s is no %s", text, d.table.Columns[i].Type)}
}

// Boolean reads a BOOLEAN.
func (d *Decoder) Boolean(i int) (bool, bool, error) {
	v, ok, err := d.field(i)
	if !ok {
		return false, false, err
	}
	b, is := v.(bool)
	if !is {
		return false, false, d.bad(i)
	}
	return b, true, nil
}

// Text reads a CHAR or VARCHAR.
func (d *Decoder) Text(i int) (string, bool, error) {
	v, ok, err := d.field(i)
	if !ok {
		return "", false, err
	}
	s, is := v.(string)
	if !is {
		return "", false, d.bad(i)
	}
	return s, true, nil
}

// TinyInt reads a TINYINT.
func (d *Decoder) TinyInt(i int) (int8, bool, error) {
	v, ok, err := d.integer(i, 8)
	return int8(v), ok, err
}

// SmallInt reads a SMALLINT.
func (d *Decoder) SmallInt(i int) (int16, bool, error) {
	v, ok, err := d.integer(i, 16)
	return int16(v), ok, err
}

// Int reads an INT.
func (d *Decoder) Int(i int) (int32, bool, error) {
	v, ok, err := d.integer(i, 32)
	return int32(v), ok, err
}

// BigInt reads a BIGINT.
func (d *Decoder) BigInt(i int) (int64, bool, error) { return d.integer(i, 64) }

func (d *Decoder) integer(i, size int) (int64, bool, error) {
	v, ok, err := d.field(i)
	if !ok {
		return 0, false, err
	}
	n, _ := v.(json.Number)
	out, err := strconv.ParseInt(n.String(), 10, size)
	if err != nil {
		return 0, false, d.bad(i)
	}
	return out, true, nil
}

// Float reads a FLOAT, rounded to 32 bits.
func (d *Decoder) Float(i int) (float32, bool, error) {
	v, ok, err := d.Double(i)
	return float32(v), ok, err
}

// Double reads a DOUBLE.
func (d *Decoder) Double(i int) (float64, bool, error) {
	v, ok, err := d.field(i)
	if !ok {
		return 0, false, err
	}
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return 0, false, d.bad(i)
		}
		return f, true, nil
	case string:
		if f, known := named[v]; known {
			return f, true, nil
		}
	}
	return 0, false, d.bad(i)
}

var named = map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}

// Decimal reads a DECIMAL of the given shape.
func (d *Decoder) Decimal(i int, s val.Shape) (val.Decimal, bool, error) {
	v, ok, err := d.field(i)
	if !ok {
		return val.Decimal{}, false, err
	}
	text, is := v.(string)
	if n, number := v.(json.Number); number {
		text, is = n.String(), true
	}
	out, fits, err := val.ParseDecimal(text, s)
	if !is || !fits || err != nil {
		return val.Decimal{}, false, d.bad(i)
	}
	return out, true, nil
}
