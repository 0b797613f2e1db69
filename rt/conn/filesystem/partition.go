package filesystem

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// A partition is a folder below the table's for each column of PARTITIONED BY, in
// its order: dt=2020-01-01/hour=12. Characters that Hive's folders can't have are
// written as %2F.

// escapedInNames are the characters that a folder's name has in hexadecimal,
// beside the control characters.
const escapedInNames = "\"#%'*/:=?\\\x7f{}[]^"

// appendName writes a name or value as part of a folder's name.
func appendName(dst []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || strings.IndexByte(escapedInNames, c) >= 0 {
			dst = append(dst, '%', "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}

// nameOf is the reverse of appendName.
func nameOf(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	var out []byte
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if c, err := strconv.ParseUint(text[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(c))
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return string(out)
}

// router is the Writer of a partitioned sink: it puts the columns of a row into
// the record, or into the name of its folder.
type router struct {
	record   val.Writer
	slots    []int // of each column among the partition columns, or -1
	prefixes []string
	standIn  string // for NULL and the empty text
	column   int
	texts    [][]byte // of the partition columns
	dir      []byte
}

var _ val.Writer = (*router)(nil)

// newRouter returns the router of a table. With a table that isn't partitioned
// every column goes into the record.
func newRouter(t *conn.Table, record val.Writer, standIn string) *router {
	r := &router{record: record, slots: make([]int, len(t.Columns)), standIn: standIn, texts: make([][]byte, len(t.PartitionBy))}
	for i := range r.slots {
		r.slots[i] = -1
	}
	for slot, i := range t.PartitionBy {
		r.slots[i] = slot
		r.prefixes = append(r.prefixes, string(appendName(nil, t.Columns[i].Name))+"=")
	}
	return r
}

// row ends a row and returns its folder below the table's, valid until the next
// call.
func (r *router) row() (dir []byte) {
	r.column, r.dir = 0, r.dir[:0]
	for i, text := range r.texts {
		if i > 0 {
			r.dir = append(r.dir, '/')
		}
		r.dir = append(r.dir, r.prefixes[i]...)
		if len(text) == 0 {
			r.dir = append(r.dir, r.standIn...)
			continue
		}
		r.dir = appendName(r.dir, val.View(text))
	}
	return r.dir
}

// to returns the place of the next column's text, nil where the column belongs to
// the record.
func (r *router) to() *[]byte {
	slot := r.slots[r.column]
	r.column++
	if slot < 0 {
		return nil
	}
	r.texts[slot] = r.texts[slot][:0]
	return &r.texts[slot]
}

// Null implements val.Writer, as do the methods below. The texts of partitions
// are those of Java's toString.
func (r *router) Null() {
	if r.to() == nil {
		r.record.Null()
	}
}

// Bool takes a BOOLEAN.
func (r *router) Bool(v bool) {
	if text := r.to(); text != nil {
		*text = strconv.AppendBool(*text, v)
		return
	}
	r.record.Bool(v)
}

// Int8 takes a TINYINT.
func (r *router) Int8(v int8) {
	if text := r.to(); text != nil {
		*text = strconv.AppendInt(*text, int64(v), 10)
		return
	}
	r.record.Int8(v)
}

// Int16 takes a SMALLINT.
func (r *router) Int16(v int16) {
	if text := r.to(); text != nil {
		*text = strconv.AppendInt(*text, int64(v), 10)
		return
	}
	r.record.Int16(v)
}

// Int32 takes an INT.
func (r *router) Int32(v int32) {
	if text := r.to(); text != nil {
		*text = strconv.AppendInt(*text, int64(v), 10)
		return
	}
	r.record.Int32(v)
}

// Int64 takes a BIGINT.
func (r *router) Int64(v int64) {
	if text := r.to(); text != nil {
		*text = strconv.AppendInt(*text, v, 10)
		return
	}
	r.record.Int64(v)
}

// Float32 takes a FLOAT.
func (r *router) Float32(v float32) {
	if text := r.to(); text != nil {
		*text = val.AppendFloat(*text, v)
		return
	}
	r.record.Float32(v)
}

// Float64 takes a DOUBLE.
func (r *router) Float64(v float64) {
	if text := r.to(); text != nil {
		*text = val.AppendDouble(*text, v)
		return
	}
	r.record.Float64(v)
}

// Decimal takes a DECIMAL.
func (r *router) Decimal(v val.Decimal, scale int) {
	if text := r.to(); text != nil {
		*text = val.AppendDecimal(*text, v, scale)
		return
	}
	r.record.Decimal(v, scale)
}

// String takes a text.
func (r *router) String(v string) {
	if text := r.to(); text != nil {
		*text = append(*text, v...)
		return
	}
	r.record.String(v)
}

// Datum takes a value of any other type. Flink writes a DATE as the number of its
// day, and a TIME as that of its millisecond.
func (r *router) Datum(v val.Datum, t *types.Type) {
	text := r.to()
	switch {
	case text == nil:
		r.record.Datum(v, t)
	case t.Kind == types.Date || t.Kind == types.Time:
		*text = strconv.AppendInt(*text, v.Int(), 10)
	default:
		*text = val.AppendJava(*text, v, t)
	}
}

// partitionValue reads the value of a partition column from its folder's name.
func partitionValue(text string, t *types.Type, standIn string) (val.Datum, error) {
	if text == standIn {
		return val.NullDatum(), nil
	}
	var err error
	var n int64
	switch t.Kind {
	case types.Char, types.VarChar:
		return val.TextDatum(text), nil
	case types.Boolean:
		return val.BoolDatum(strings.EqualFold(text, "true")), nil
	case types.TinyInt, types.SmallInt, types.Int, types.BigInt:
		n, err = strconv.ParseInt(text, 10, map[types.Kind]int{types.TinyInt: 8, types.SmallInt: 16, types.Int: 32, types.BigInt: 64}[t.Kind])
		return val.IntDatum(n), err
	case types.Float, types.Double:
		size := 64
		if t.Kind == types.Float {
			size = 32
		}
		if f, ok := val.ParseFloat(text, size); ok {
			return val.FloatDatum(f), nil
		}
	case types.Decimal:
		d, fits, err := val.ParseDecimal(text, val.Shape{Precision: t.Precision, Scale: t.Scale})
		return val.DecimalDatum(d).Unless(!fits), err
	case types.Date:
		if n, err = strconv.ParseInt(text, 10, 32); err == nil { // as the sink writes it
			return val.IntDatum(n), nil
		}
		at, err := time.Parse("2006-01-02", text)
		return val.IntDatum(val.FloorDiv(at.Unix(), 24*60*60)), err
	case types.Timestamp:
		at, err := time.Parse("2006-01-02T15:04:05", text)
		if err != nil {
			at, err = time.Parse("2006-01-02T15:04", text) // Java leaves out seconds of 0
		}
		return val.TimestampDatum(val.TimestampFromUnix(at.Unix(), int64(at.Nanosecond()))), err
	}
	return val.Datum{}, fmt.Errorf("%q is no value of type %s", text, t)
}

// canPartition reports whether a column of the type can name a folder.
func canPartition(typ string) bool {
	for _, p := range []string{"CHAR", "VARCHAR", "STRING", "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "DATE", "TIMESTAMP"} {
		if strings.HasPrefix(typ, p) && !strings.HasPrefix(typ, "TIMESTAMP_LTZ") && !strings.HasPrefix(typ, "INTERVAL") {
			return true
		}
	}
	return false
}
