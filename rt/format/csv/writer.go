package csv

import (
	"strconv"

	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// Writer encodes one row at a time, as Flink's csv sinks do: Record, after one
// call per column, returns the line. Flink's rule for quotes is a coarse one: a
// text is quoted when it is long, or has a backslash or any character up to the
// delimiter or quote in the order of codes: with a comma also for a blank.
type Writer struct {
	chars
	old          bool // of the dialect OldFile
	minSafe      byte // the first character that never asks for quotes
	null         string
	plain        bool // columns of DECIMAL without exponent
	elementDelim string
	buf          []byte
	scrap        []byte // the text of a value
	started      bool
}

var _ conn.Encoder = (*Writer)(nil)

// Bulk implements conn.BulkEncoder.
func (*Writer) Bulk() {}

// NewWriter returns a writer for the rows of t.
func NewWriter(t *conn.Table) (*Writer, error) {
	o, err := OptionsOf(t)
	if err != nil {
		return nil, err
	}
	w := &Writer{elementDelim: o.ArrayDelimiter, plain: DialectOf(t) == Message}
	w.chars, _ = o.characters() // checked by OptionsOf
	if o.NullLiteral != nil {
		w.null = *o.NullLiteral
	}
	if w.old = DialectOf(t) == OldFile; w.old {
		w.quote = 0 // the legacy sink quotes nothing
	}
	w.minSafe = max(w.delim, w.quote, '\n') + 1
	return w, nil
}

// Record implements conn.Encoder. The record is without a line break.
func (w *Writer) Record() ([]byte, error) {
	line := w.buf
	w.buf, w.started = w.buf[:0], false
	return line, nil
}

// next puts the delimiter in front of every column but the first.
func (w *Writer) next() {
	if w.started {
		w.buf = append(w.buf, w.delim)
	}
	w.started = true
}

// Null writes the null literal, by default nothing.
func (w *Writer) Null() { w.next(); w.buf = append(w.buf, w.null...) }

// Bool writes true or false.
func (w *Writer) Bool(v bool) { w.next(); w.buf = strconv.AppendBool(w.buf, v) }

// Int8 writes a TINYINT.
func (w *Writer) Int8(v int8) { w.Int64(int64(v)) }

// Int16 writes a SMALLINT.
func (w *Writer) Int16(v int16) { w.Int64(int64(v)) }

// Int32 writes an INT.
func (w *Writer) Int32(v int32) { w.Int64(int64(v)) }

// Int64 writes a BIGINT.
func (w *Writer) Int64(v int64) { w.next(); w.buf = strconv.AppendInt(w.buf, v, 10) }

// Float32 writes a FLOAT as Java does.
func (w *Writer) Float32(v float32) { w.next(); w.buf = val.AppendFloat(w.buf, v) }

// Float64 writes a DOUBLE as Java does.
func (w *Writer) Float64(v float64) { w.next(); w.buf = val.AppendDouble(w.buf, v) }

// Decimal writes a DECIMAL as Flink does: as a text, without the zeros at its
// end; in files, as in arrays and rows, with an exponent where Java would.
func (w *Writer) Decimal(v val.Decimal, scale int) {
	if v, scale = v.StripZeros(scale); w.plain {
		w.scrap = val.AppendPlainDecimal(w.scrap[:0], v, scale)
	} else {
		w.scrap = val.AppendDecimal(w.scrap[:0], v, scale)
	}
	w.String(val.View(w.scrap))
}

// String writes a text, quoted where Flink quotes it.
func (w *Writer) String(v string) {
	w.next()
	if !w.quotes(v) {
		w.buf = append(w.buf, v...)
		return
	}
	w.buf = append(w.buf, w.quote)
	for i := range len(v) {
		if c := v[i]; c == w.quote || c == w.escape && c != 0 {
			w.buf = append(w.buf, c) // doubled
		}
		w.buf = append(w.buf, v[i])
	}
	w.buf = append(w.buf, w.quote)
}

// quotes reports whether Flink quotes the text. Its length counts in UTF-16
// code units.
func (w *Writer) quotes(v string) bool {
	const longest = 24
	if w.quote == 0 {
		return false
	}
	units := 0
	for _, r := range v {
		if units++; r > 0xFFFF {
			units++
		}
		if r < rune(w.minSafe) || r == '\\' || r == rune(w.escape) && r != 0 {
			return true
		}
	}
	return units > longest
}
