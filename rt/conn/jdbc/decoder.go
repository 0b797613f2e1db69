package jdbc

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// Decoder takes the values of columns out of the rows that a Source has read.
// They are the texts in which databases show them.
type Decoder struct {
	table *conn.Table
	place []int    // of each of the table's columns among those that are read
	cells [][]byte // of the row; nil is NULL
}

// NewDecoder returns a decoder for the rows of t.
func NewDecoder(t *conn.Table) (*Decoder, error) {
	d := &Decoder{table: t, place: make([]int, len(t.Columns)), cells: make([][]byte, len(t.Read))}
	for i, c := range t.Read {
		d.place[c] = i
	}
	return d, nil
}

var errRow = errors.New("jdbc: a row is damaged")

// Split finds the values of a row.
func (d *Decoder) Split(row []byte) (bool, error) {
	for i := range d.cells {
		n, at := binary.Uvarint(row)
		if at <= 0 || n > uint64(len(row)-at)+1 {
			return false, errRow
		}
		row, d.cells[i] = row[at:], nil
		if n > 0 {
			d.cells[i], row = row[:n-1:n-1], row[n-1:]
		}
	}
	return true, nil
}

// Text returns a character column.
func (d *Decoder) Text(i int, _ *val.Arena) (string, bool) {
	c := d.cells[d.place[i]]
	return val.View(c), c != nil
}

// BigInt returns a BIGINT column.
func (d *Decoder) BigInt(i int) (int64, bool, error) { return d.integer(i, 64) }

// Int returns an INT column.
func (d *Decoder) Int(i int) (int32, bool, error) {
	v, ok, err := d.integer(i, 32)
	return int32(v), ok, err
}

// SmallInt returns a SMALLINT column.
func (d *Decoder) SmallInt(i int) (int16, bool, error) {
	v, ok, err := d.integer(i, 16)
	return int16(v), ok, err
}

// TinyInt returns a TINYINT column.
func (d *Decoder) TinyInt(i int) (int8, bool, error) {
	v, ok, err := d.integer(i, 8)
	return int8(v), ok, err
}

func (d *Decoder) integer(i, size int) (int64, bool, error) {
	c := d.cells[d.place[i]]
	if c == nil {
		return 0, false, nil
	}
	v, err := strconv.ParseInt(val.View(c), 10, size)
	if err != nil {
		return 0, false, d.bad(i, c)
	}
	return v, true, nil
}

// Double returns a DOUBLE column.
func (d *Decoder) Double(i int) (float64, bool, error) { return d.float(i, 64) }

// Float returns a FLOAT column.
func (d *Decoder) Float(i int) (float32, bool, error) {
	v, ok, err := d.float(i, 32)
	return float32(v), ok, err
}

func (d *Decoder) float(i, size int) (float64, bool, error) {
	c := d.cells[d.place[i]]
	if c == nil {
		return 0, false, nil
	}
	v, err := strconv.ParseFloat(val.View(c), size)
	if err != nil {
		return 0, false, d.bad(i, c)
	}
	return v, true, nil
}

// Decimal returns a DECIMAL column, rounded half up to its scale. What has too
// many digits is NULL.
func (d *Decoder) Decimal(i int, shape val.Shape) (val.Decimal, bool, error) {
	c := d.cells[d.place[i]]
	if c == nil {
		return val.Decimal{}, false, nil
	}
	v, fits, err := val.ParseDecimal(val.View(c), shape)
	if err != nil {
		return v, false, d.bad(i, c)
	}
	return v, fits, nil
}

// Boolean returns a BOOLEAN column: PostgreSQL says t and f, MySQL has numbers
// and bits.
func (d *Decoder) Boolean(i int) (v, ok bool, err error) {
	c := d.cells[d.place[i]]
	switch {
	case c == nil:
		return false, false, nil
	case len(c) == 1 && (c[0] == 't' || c[0] == 1):
		return true, true, nil
	case len(c) == 1 && (c[0] == 'f' || c[0] == 0):
		return false, true, nil
	}
	n, err := strconv.ParseInt(val.View(c), 10, 64)
	if err != nil {
		return false, false, d.bad(i, c)
	}
	return n != 0, true, nil
}

// Datum returns a column of a type without a method of its own: a date, a time,
// or a binary string.
func (d *Decoder) Datum(i int, t *types.Type, arena *val.Arena) (val.Datum, error) {
	c := d.cells[d.place[i]]
	if c == nil {
		return val.NullDatum(), nil
	}
	text := val.View(c)
	var out val.Datum
	var err error
	switch t.Kind {
	case types.Date:
		var v val.Date
		v, err = val.ParseDate(text)
		out = val.IntDatum(v)
	case types.Time:
		var v val.Time
		text, _, _ = strings.Cut(text, ".") // whole seconds, as java.sql.Time has them
		v, err = val.ParseTime(text)
		out = val.IntDatum(v)
	case types.Timestamp:
		var v val.Timestamp
		v, err = val.ParseTimestamp(text, t.Precision)
		out = val.TimestampDatum(v)
	default:
		return d.binary(i, c, arena)
	}
	if err != nil {
		return out, d.bad(i, c)
	}
	return out, nil
}

// binary returns a binary string, which PostgreSQL shows in hexadecimal.
func (d *Decoder) binary(i int, c []byte, arena *val.Arena) (val.Datum, error) {
	digits, ok := bytes.CutPrefix(c, []byte(`\x`))
	if !ok {
		return val.TextDatum(val.View(c)), nil
	}
	out := arena.Alloc(hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(out, digits); err != nil {
		return val.NullDatum(), d.bad(i, c)
	}
	return val.TextDatum(val.View(out)), nil
}

// bad is the error for a value that isn't one of its column's type.
func (d *Decoder) bad(i int, text []byte) error {
	const limit = 100
	shown := strings.ToValidUTF8(string(text[:min(len(text), limit)]), "?")
	c := d.table.Columns[i]
	return &conn.BadData{Table: d.table.Name, Column: c.Name, Err: fmt.Errorf("the database has %q, which is no value of type %s", shown, c.Type)}
}
