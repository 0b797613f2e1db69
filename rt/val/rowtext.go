package val

import (
	"slices"
	"strconv"

	"pyfc/ir/types"
)

// RowText writes rows as Java's Row.toString does, which is how PyFlink's print
// connector and its collected rows show them: +I[1, abc, null]. It is a Writer
// between Begin and End of each row.
type RowText struct {
	Buf []byte
	// Starts are the places in Buf where the columns of the last row begin.
	Starts []int
}

// Begin starts a row.
func (t *RowText) Begin(kind RowKind) {
	t.Buf = append(t.Buf, kind.String()...)
	t.Buf = append(t.Buf, '[')
	t.Starts = t.Starts[:0]
}

// End ends the row.
func (t *RowText) End() { t.Buf = append(t.Buf, ']') }

// Columns returns the texts of the last row's columns.
func (t *RowText) Columns() []string {
	columns := make([]string, len(t.Starts))
	end := len(t.Buf) - 1
	for i, start := range slices.Backward(t.Starts) {
		columns[i] = string(t.Buf[start:end])
		end = start - len(separator)
	}
	return columns
}

const separator = ", "

// next begins a column.
func (t *RowText) next() {
	if len(t.Starts) > 0 {
		t.Buf = append(t.Buf, separator...)
	}
	t.Starts = append(t.Starts, len(t.Buf))
}

// Null implements Writer, as do the methods below.
func (t *RowText) Null() { t.String("null") }

// Bool writes true or false.
func (t *RowText) Bool(v bool) {
	t.next()
	t.Buf = strconv.AppendBool(t.Buf, v)
}

// Int8 writes a TINYINT.
func (t *RowText) Int8(v int8) { t.Int64(int64(v)) }

// Int16 writes a SMALLINT.
func (t *RowText) Int16(v int16) { t.Int64(int64(v)) }

// Int32 writes an INT.
func (t *RowText) Int32(v int32) { t.Int64(int64(v)) }

// Int64 writes a BIGINT.
func (t *RowText) Int64(v int64) {
	t.next()
	t.Buf = strconv.AppendInt(t.Buf, v, 10)
}

// Float32 writes a FLOAT as Float.toString does.
func (t *RowText) Float32(v float32) {
	t.next()
	t.Buf = AppendFloat(t.Buf, v)
}

// Float64 writes a DOUBLE as Double.toString does.
func (t *RowText) Float64(v float64) {
	t.next()
	t.Buf = AppendDouble(t.Buf, v)
}

// Decimal writes a DECIMAL as BigDecimal.toString does.
func (t *RowText) Decimal(v Decimal, scale int) {
	t.next()
	t.Buf = AppendDecimal(t.Buf, v, scale)
}

// String writes a text without quotes.
func (t *RowText) String(v string) {
	t.next()
	t.Buf = append(t.Buf, v...)
}

// Datum writes a value of any other type.
func (t *RowText) Datum(d Datum, typ *types.Type) {
	t.next()
	t.Buf = AppendJava(t.Buf, d, typ)
}
