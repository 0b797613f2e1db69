package json

import (
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/format/temporal"
	rtjson "pyfc/rt/json"
	"pyfc/rt/val"
)

// Writer encodes one row at a time as a JSON object.
type Writer struct {
	opts    Options
	zulu    bool
	columns []val.Column
	names   [][]byte // "name":
	buf     []byte
	column  int
	fault   error // the first one of the row
}

var _ conn.Encoder = (*Writer)(nil)

// NewWriter returns a writer for the rows of t, a conn.ChangeEncoder if its format
// is one of changes.
func NewWriter(t *conn.Table) (conn.Encoder, error) {
	_, options, err := format(t)
	if err != nil {
		return nil, err
	}
	w := &Writer{opts: rowOptions(options), zulu: zulu(t), columns: t.Columns, buf: []byte{'{'}}
	for _, c := range t.Columns {
		w.names = append(w.names, append(appendText(nil, c.Name), ':'))
	}
	if f := frameOf(options); f != nil {
		return &changeWriter{Writer: w, frame: f}, nil
	}
	return w, nil
}

// Record implements conn.Encoder.
func (w *Writer) Record() ([]byte, error) {
	record, err := append(w.buf, '}'), w.fault
	w.buf, w.column, w.fault = record[:1], 0, nil
	return record, err
}

// next begins the next column.
func (w *Writer) next() {
	if len(w.buf) > 1 {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(w.buf, w.names[w.column]...)
	w.column++
}

// Null implements val.Writer, as do the methods below.
func (w *Writer) Null() {
	if w.opts.IgnoreNulls {
		w.column++
		return
	}
	w.next()
	w.buf = append(w.buf, "null"...)
}

// Bool writes true or false.
func (w *Writer) Bool(v bool) { w.next(); w.buf = rtjson.AppendBool(w.buf, v) }

// Int8 writes a TINYINT.
func (w *Writer) Int8(v int8) { w.Int64(int64(v)) }

// Int16 writes a SMALLINT.
func (w *Writer) Int16(v int16) { w.Int64(int64(v)) }

// Int32 writes an INT.
func (w *Writer) Int32(v int32) { w.Int64(int64(v)) }

// Int64 writes a BIGINT.
func (w *Writer) Int64(v int64) { w.next(); w.buf = w.append(w.buf, val.IntDatum(v), &bigInt) }

var bigInt = types.Of(types.BigInt)

// Float32 writes a FLOAT; what isn't finite in quotes.
func (w *Writer) Float32(v float32) { w.next(); w.buf = rtjson.AppendFloat(w.buf, v) }

// Float64 writes a DOUBLE likewise.
func (w *Writer) Float64(v float64) { w.next(); w.buf = rtjson.AppendDouble(w.buf, v) }

// Decimal writes a DECIMAL without the zeros at its end, and with an exponent
// where Java would, unless the options say otherwise.
func (w *Writer) Decimal(v val.Decimal, scale int) {
	w.next()
	w.buf = w.decimal(w.buf, v, scale)
}

func (w *Writer) decimal(dst []byte, v val.Decimal, scale int) []byte {
	if v, scale = v.StripZeros(scale); w.opts.PlainDecimals {
		return val.AppendPlainDecimal(dst, v, scale)
	}
	return val.AppendDecimal(dst, v, scale)
}

// String writes a text.
func (w *Writer) String(v string) { w.next(); w.buf = appendText(w.buf, v) }

// Datum writes a value of any other type.
func (w *Writer) Datum(v val.Datum, t *types.Type) { w.next(); w.buf = w.append(w.buf, v, t) }

// append writes a value of any type.
func (w *Writer) append(dst []byte, v val.Datum, t *types.Type) []byte {
	if v.Null {
		return append(dst, "null"...)
	}
	switch t.Kind {
	case types.Boolean:
		return rtjson.AppendBool(dst, v.Bool())
	case types.Float:
		return rtjson.AppendFloat(dst, float32(v.Float()))
	case types.Double:
		return rtjson.AppendDouble(dst, v.Float())
	case types.Decimal:
		return w.decimal(dst, v.Decimal(), t.Scale)
	case types.Char, types.VarChar:
		return appendText(dst, v.Text())
	case types.Binary, types.VarBinary:
		return rtjson.AppendBinary(dst, v.Text())
	case types.Array:
		return w.array(dst, v.Array(), &t.Elems[0])
	case types.Map, types.Multiset:
		return w.entries(dst, v.Map(), t)
	case types.Row:
		return w.row(dst, v.Row(), t)
	case types.Date, types.Time, types.Timestamp, types.TimestampLTZ:
		return w.temporal(dst, v, t)
	}
	return val.AppendJava(dst, v, &bigInt) // integers, and intervals as such
}

func (w *Writer) array(dst []byte, a val.Array, elem *types.Type) []byte {
	dst = append(dst, '[')
	for i := range a.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = w.append(dst, a.At(i, elem), elem)
	}
	return append(dst, ']')
}

func (w *Writer) row(dst []byte, r val.Row, t *types.Type) []byte {
	dst = append(dst, '{')
	first := true
	for i := range t.Elems {
		v := r.Field(i, t)
		if v.Null && w.opts.IgnoreNulls {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendText(dst, t.Names[i]), ':')
		dst = w.append(dst, v, &t.Elems[i])
	}
	return append(dst, '}')
}

func (w *Writer) entries(dst []byte, m val.Map, t *types.Type) []byte {
	dst = append(dst, '{')
	first := true
	for i := range m.Len() {
		k, v := m.At(i, t)
		key, keep := w.key(k)
		if !keep {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendText(dst, key), ':')
		dst = w.append(dst, v, val.MapValue(t))
	}
	return append(dst, '}')
}

// key is the text of a map's key; keep is false for an entry that is left out.
func (w *Writer) key(k val.Datum) (key string, keep bool) {
	switch {
	case !k.Null:
		return k.Text(), true
	case w.opts.NullKeys == "LITERAL":
		return w.opts.NullKeyLiteral, true
	case w.opts.NullKeys == "FAIL" && w.fault == nil:
		w.fault = fmt.Errorf("column %s: %w", w.columns[w.column-1].Name, errNullKey)
	}
	return "", false
}

var errNullKey = errors.New("a map has a NULL key, which JSON can't hold; the option map-null-key.mode = 'DROP' or 'LITERAL' says what becomes of it")

// temporal writes a DATE, TIME or timestamp in quotes.
func (w *Writer) temporal(dst []byte, v val.Datum, t *types.Type) []byte {
	dst = append(dst, '"')
	switch t.Kind {
	case types.Date:
		dst = temporal.AppendDate(dst, val.Date(v.Int()))
	case types.Time:
		dst = temporal.AppendTime(dst, val.Time(v.Int()))
		if w.zulu {
			dst = append(dst, 'Z')
		}
	default:
		dst = temporal.AppendTimestamp(dst, v.Timestamp(), w.zulu || w.opts.Timestamps == isoForm, w.zulu || t.Kind == types.TimestampLTZ)
	}
	return append(dst, '"')
}

// appendText writes a text in quotes. Characters behind the basic plane are
// written as the two halves that Java has them in.
func appendText(dst []byte, s string) []byte {
	const lead = 0xF0 // of the bytes of such characters
	wide := false
	for i := range len(s) {
		wide = wide || s[i] >= lead
	}
	if !wide {
		return rtjson.AppendString(dst, s)
	}
	dst = append(dst, '"')
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		char := s[:size]
		s = s[size:]
		if r <= 0xFFFF {
			start := len(dst)
			dst = rtjson.AppendString(dst, char)
			dst = append(dst[:start], dst[start+1:len(dst)-1]...) // without its quotes
			continue
		}
		high, low := utf16.EncodeRune(r)
		dst = fmt.Appendf(dst, "\\u%04X\\u%04X", high, low)
	}
	return append(dst, '"')
}
