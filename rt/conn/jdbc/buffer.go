package jdbc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/format/temporal"
	"pyfc/rt/val"
)

// buffer holds the rows that wait to be written, as literals. With a key it
// keeps one row per key: the last change wins.
type buffer struct {
	dialect Dialect
	table   *conn.Table
	names   []string // the columns', quoted, as the database has them
	text    []byte   // literals of the rows, comma-separated within a row
	rows    []bufferedRow
	index   map[string]int // from key to rows; nil without a key

	// The row being written:
	start  int   // of the row in text
	ends   []int // of its columns in text
	nulls  []bool
	key    []byte
	err    error // the first value that the database can't store
	errCol int
}

// bufferedRow is one change to make.
type bufferedRow struct {
	op         op
	key        string // the key's literals, comma-separated
	start, end int    // of its text in buffer.text
}

// op says what a change does, and what its text is.
type op uint8

// The operations, in the order in which a flush does them: a row that is
// inserted may take over the unique values of one that goes.
const (
	deleteWhere op = iota // a condition: a part of the key is NULL, which equals nothing
	deleteKey             // the key
	insertRow             // all values
)

func newBuffer(d Dialect, t *conn.Table) *buffer {
	b := &buffer{dialect: d, table: t}
	if len(t.Key) > 0 {
		b.index = map[string]int{}
	}
	return b
}

// begin starts a row: the writer's calls for its columns follow, then end.
func (b *buffer) begin() {
	b.start = len(b.text)
	b.ends, b.nulls = b.ends[:0], b.nulls[:0]
	b.err = nil
}

// end files the row that has been written.
func (b *buffer) end(kind val.RowKind) error {
	if b.err != nil {
		c := b.table.Columns[b.errCol]
		return &conn.BadData{Table: b.table.Name, Column: c.Name, Expr: c.Expr, Row: b.describe(), Err: b.err}
	}
	if b.index == nil {
		if kind != val.Insert {
			return fmt.Errorf("table %s: the sink has no key, but got a %s row", b.table.Name, kind)
		}
		b.rows = append(b.rows, bufferedRow{op: insertRow, start: b.start, end: len(b.text)})
		return nil
	}
	b.key = b.key[:0]
	for i, col := range b.table.Key {
		if i > 0 {
			b.key = append(b.key, ',')
		}
		b.key = append(b.key, b.column(col)...)
	}
	at, known := b.index[string(b.key)]
	if !known {
		at = len(b.rows)
		b.rows = append(b.rows, bufferedRow{key: string(b.key), start: b.start, end: b.start})
		b.index[b.rows[at].key] = at
	}
	b.put(&b.rows[at], kind)
	return nil
}

// put makes the row being written the content of r, in r's old place if it
// fits there.
func (b *buffer) put(r *bufferedRow, kind val.RowKind) {
	r.op = insertRow
	if !kind.Adds() {
		r.op = b.reduceToKey()
	}
	n := len(b.text) - b.start
	if n <= r.end-r.start {
		copy(b.text[r.start:], b.text[b.start:])
		b.text = b.text[:b.start]
	} else {
		r.start = b.start
	}
	r.end = r.start + n
}

// reduceToKey replaces the row being written by what finds it.
func (b *buffer) reduceToKey() op {
	if !slices.ContainsFunc(b.table.Key, func(col int) bool { return b.nulls[col] }) {
		b.text = append(b.text[:b.start], b.key...)
		return deleteKey
	}
	var cond []byte
	for i, col := range b.table.Key {
		if i > 0 {
			cond = append(cond, " AND "...)
		}
		cond = append(cond, b.names[col]...)
		if b.nulls[col] {
			cond = append(cond, " IS NULL"...)
			continue
		}
		cond = append(cond, '=')
		cond = append(cond, b.column(col)...)
	}
	b.text = append(b.text[:b.start], cond...)
	return deleteWhere
}

// column returns the literal of a column of the row being written.
func (b *buffer) column(i int) []byte {
	start := b.start
	if i > 0 {
		start = b.ends[i-1] + 1
	}
	return b.text[start:b.ends[i]]
}

// describe names the row being written by its key, or by all of it: "(province)
// = ('北京')".
func (b *buffer) describe() string {
	columns := b.named()
	values := make([]string, len(columns))
	for i, col := range columns {
		values[i] = string(b.column(col))
	}
	return describeRow(b.table, columns, strings.Join(values, ","))
}

// describeAt names a buffered row.
func (b *buffer) describeAt(r bufferedRow) string {
	values := r.key
	if b.index == nil {
		values = string(b.text[r.start:r.end])
	}
	return describeRow(b.table, b.named(), values)
}

// named returns the columns by which messages name a row.
func (b *buffer) named() []int {
	if len(b.table.Key) > 0 {
		return b.table.Key
	}
	all := make([]int, len(b.table.Columns))
	for i := range all {
		all[i] = i
	}
	return all
}

func describeRow(t *conn.Table, columns []int, values string) string {
	names := make([]string, len(columns))
	for i, col := range columns {
		names[i] = t.Columns[col].Name
	}
	const limit = 300
	if len(values) > limit {
		values = strings.ToValidUTF8(values[:limit], "") + "…"
	}
	return "(" + strings.Join(names, ", ") + ") = (" + values + ")"
}

// reset forgets all rows.
func (b *buffer) reset() {
	b.text, b.rows = b.text[:0], b.rows[:0]
	clear(b.index)
}

// next begins a column.
func (b *buffer) next() {
	if len(b.ends) > 0 {
		b.text = append(b.text, ',')
	}
}

// done ends a column. err says that its value can't be stored; messages then
// show it as the text says.
func (b *buffer) done(err error, shown string) {
	if err != nil {
		b.text = append(b.text, shown...)
		if b.err == nil {
			b.err, b.errCol = err, len(b.ends)
		}
	}
	b.ends = append(b.ends, len(b.text))
	b.nulls = append(b.nulls, false)
}

// The methods of val.Writer.

func (b *buffer) Null() {
	b.next()
	b.text = append(b.text, "NULL"...)
	b.ends = append(b.ends, len(b.text))
	b.nulls = append(b.nulls, true)
}

func (b *buffer) Bool(v bool) {
	b.next()
	if v {
		b.text = append(b.text, "TRUE"...)
	} else {
		b.text = append(b.text, "FALSE"...)
	}
	b.done(nil, "")
}

func (b *buffer) Int8(v int8)   { b.Int64(int64(v)) }
func (b *buffer) Int16(v int16) { b.Int64(int64(v)) }
func (b *buffer) Int32(v int32) { b.Int64(int64(v)) }

func (b *buffer) Int64(v int64) {
	b.next()
	b.text = strconv.AppendInt(b.text, v, 10)
	b.done(nil, "")
}

func (b *buffer) Float32(v float32) { b.float(float64(v), 32) }
func (b *buffer) Float64(v float64) { b.float(v, 64) }

func (b *buffer) float(v float64, bits int) {
	b.next()
	text, err := b.dialect.AppendFloat(b.text, v, bits)
	b.text = text
	if err != nil {
		b.done(err, string(val.AppendDouble(nil, v)))
		return
	}
	b.done(nil, "")
}

// Decimal writes the digits without an exponent: with one the literal would be
// a DOUBLE.
func (b *buffer) Decimal(v val.Decimal, scale int) {
	b.next()
	b.text = val.AppendPlainDecimal(b.text, v, scale)
	b.done(nil, "")
}

func (b *buffer) String(v string) {
	b.next()
	text, err := b.dialect.AppendString(b.text, v)
	b.text = text
	if err != nil {
		b.done(err, strconv.Quote(v))
		return
	}
	b.done(nil, "")
}

// Datum writes a binary value, a date or a time; the compiler lets no other
// types through.
func (b *buffer) Datum(d val.Datum, t *types.Type) {
	b.next()
	switch t.Kind {
	case types.Date, types.Time, types.Timestamp:
		b.text = append(appendTime(append(b.text, '\''), d, t), '\'')
		b.done(nil, "")
		return
	}
	text, err := b.dialect.AppendBytes(b.text, []byte(d.Text()))
	b.text = text
	b.done(err, "…")
}

// appendTime writes a date or time as both databases read it. A TIME has no
// fraction, as in java.sql.Time.
func appendTime(dst []byte, d val.Datum, t *types.Type) []byte {
	switch t.Kind {
	case types.Date:
		return temporal.AppendDate(dst, val.Date(d.Int()))
	case types.Time:
		return temporal.AppendTime(dst, val.Time(d.Int()))
	}
	return temporal.AppendTimestamp(dst, d.Timestamp(), false, false)
}
