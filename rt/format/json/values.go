package json

import (
	"bytes"
	"encoding/base64"
	"math"
	"strconv"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/format/temporal"
	rtjson "pyfc/rt/json"
	"pyfc/rt/val"
)

// Text returns a character column: the string, the text of a number or truth
// value as it stands in the record, or of an object or array without blanks.
func (d *Decoder) Text(i int, arena *val.Arena) (string, bool) {
	v := d.fields[i]
	if !v.present() {
		return "", false
	}
	return d.text(v, arena), true
}

// text is a value's text in an arena, or a view of the record.
func (d *Decoder) text(v value, arena *val.Arena) string {
	switch {
	case v.kind == '{' || v.kind == '[':
		doc, err := rtjson.Parse(val.View(v.text))
		if err != nil { // nested deeper than that package goes
			return arena.Concat(val.View(v.text))
		}
		d.scrap = rtjson.Append(d.scrap[:0], doc.Root())
		doc.Free()
		return arena.Concat(val.View(d.scrap))
	case v.escaped:
		d.scrap = unescape(d.scrap[:0], v.text)
		return arena.Concat(val.View(d.scrap))
	case len(d.utf8) > 0:
		return arena.Concat(val.View(v.text))
	}
	return val.View(v.text)
}

// trimmed is the text of a scalar without the blanks around it, valid until the
// next call.
func (d *Decoder) trimmed(v value) []byte {
	if v.escaped {
		d.scrap = unescape(d.scrap[:0], v.text)
		v.text = d.scrap
	}
	return bytes.TrimFunc(v.text, func(r rune) bool { return r <= ' ' })
}

// Boolean returns a BOOLEAN column: true, or the text of it, else false.
func (d *Decoder) Boolean(i int) (bool, bool, error) {
	v := d.fields[i]
	return d.boolean(v), v.present(), nil
}

func (d *Decoder) boolean(v value) bool {
	return bytes.EqualFold(d.trimmed(v), []byte("true"))
}

// TinyInt returns a TINYINT column.
func (d *Decoder) TinyInt(i int) (int8, bool, error) {
	n, ok, err := d.integer(i, 8)
	return int8(n), ok, err
}

// SmallInt returns a SMALLINT column.
func (d *Decoder) SmallInt(i int) (int16, bool, error) {
	n, ok, err := d.integer(i, 16)
	return int16(n), ok, err
}

// Int returns an INT column.
func (d *Decoder) Int(i int) (int32, bool, error) {
	n, ok, err := d.integer(i, 32)
	return int32(n), ok, err
}

// BigInt returns a BIGINT column.
func (d *Decoder) BigInt(i int) (int64, bool, error) { return d.integer(i, 64) }

func (d *Decoder) integer(i, bits int) (int64, bool, error) {
	v := d.fields[i]
	if !v.present() {
		return 0, false, nil
	}
	if n, ok := d.parseInt(v, bits); ok {
		return n, true, nil
	}
	return 0, false, d.bad(i, v)
}

// parseInt reads an integer. INT and BIGINT take any number that is in their
// range, without its fraction.
func (d *Decoder) parseInt(v value, bits int) (int64, bool) {
	text := d.trimmed(v)
	n, ok := shortInt(text)
	if ok {
		return n, n<<(64-bits)>>(64-bits) == n
	}
	n, err := strconv.ParseInt(val.View(text), 10, bits)
	if err == nil {
		return n, true
	}
	if v.kind != '0' || bits < 32 || !bytes.ContainsAny(text, ".eE") {
		return 0, false
	}
	f, ok := val.ParseFloat(val.View(text), 64)
	switch max := float64(uint64(1)<<(bits-1) - 1); { // for BIGINT it is 2^63
	case !ok || f > max || f < -float64(uint64(1)<<(bits-1)):
		return 0, false
	case f == max && bits == 64:
		return math.MaxInt64, true
	}
	return int64(f), true
}

// shortInt reads an integer of up to 18 digits, which needs no check.
func shortInt(text []byte) (n int64, ok bool) {
	digits := text
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if text[0] == '-' {
		n = -n
	}
	return n, true
}

// Float returns a FLOAT column.
func (d *Decoder) Float(i int) (float32, bool, error) {
	f, ok, err := d.float(i, 32)
	return float32(f), ok, err
}

// Double returns a DOUBLE column.
func (d *Decoder) Double(i int) (float64, bool, error) { return d.float(i, 64) }

func (d *Decoder) float(i, bits int) (float64, bool, error) {
	v := d.fields[i]
	if !v.present() {
		return 0, false, nil
	}
	if f, ok := d.parseFloat(v, bits); ok {
		return f, true, nil
	}
	return 0, false, d.bad(i, v)
}

// parseFloat reads a FLOAT or DOUBLE. A number is a DOUBLE first, and then
// rounded; a text isn't.
func (d *Decoder) parseFloat(v value, bits int) (float64, bool) {
	if v.kind == '0' {
		bits = 64
	}
	return val.ParseFloat(val.View(d.trimmed(v)), bits)
}

// Decimal returns a DECIMAL column, rounded half up to its scale. What has too
// many digits is NULL.
func (d *Decoder) Decimal(i int, shape val.Shape) (val.Decimal, bool, error) {
	v := d.fields[i]
	if !v.present() {
		return val.Decimal{}, false, nil
	}
	x, fits, err := val.ParseDecimal(val.View(d.trimmed(v)), shape)
	if err != nil {
		return val.Decimal{}, false, d.bad(i, v)
	}
	return x, fits, nil
}

// Datum returns a column of any type.
func (d *Decoder) Datum(i int, t *types.Type, arena *val.Arena) (val.Datum, error) {
	v := d.fields[i]
	if !v.present() {
		return val.NullDatum(), nil
	}
	d.stack = d.stack[:0]
	if x, ok := d.datum(v, t, arena); ok {
		return x, nil
	}
	return val.NullDatum(), d.bad(i, v)
}

// datum converts a value; ok is false for one that isn't of the type.
func (d *Decoder) datum(v value, t *types.Type, arena *val.Arena) (x val.Datum, ok bool) {
	if !v.present() {
		return val.NullDatum(), true
	}
	switch t.Kind {
	case types.Char, types.VarChar:
		return val.TextDatum(d.text(v, arena)), true
	case types.Boolean:
		return val.BoolDatum(d.boolean(v)), true
	case types.TinyInt, types.SmallInt, types.Int, types.BigInt, types.IntervalYearMonth, types.IntervalDayTime:
		n, ok := d.parseInt(v, intBits[t.Kind])
		return val.IntDatum(n), ok
	case types.Float:
		f, ok := d.parseFloat(v, 32)
		return val.FloatDatum(float32(f)), ok
	case types.Double:
		f, ok := d.parseFloat(v, 64)
		return val.FloatDatum(f), ok
	case types.Decimal:
		x, fits, err := val.ParseDecimal(val.View(d.trimmed(v)), val.Shape{Precision: t.Precision, Scale: t.Scale})
		return val.DecimalDatum(x).Unless(!fits), err == nil
	case types.Array:
		return d.array(v, t, arena)
	case types.Map, types.Multiset:
		return d.entries(v, t, arena)
	case types.Row:
		return d.row(v, t, arena)
	}
	if v.kind != '"' {
		return x, false
	}
	if v.escaped {
		d.scrap = unescape(d.scrap[:0], v.text)
		v.text = d.scrap
	}
	if t.Binary() {
		return binary(v.text, arena)
	}
	return d.temporal(val.View(v.text), t)
}

// temporal reads a DATE, TIME or timestamp.
func (d *Decoder) temporal(text string, t *types.Type) (val.Datum, bool) {
	switch t.Kind {
	case types.Date:
		date, ok := temporal.ParseDate(text)
		return val.IntDatum(date), ok
	}
	if d.zulu {
		if t.Kind == types.Time {
			clock, ok := temporal.ParseZuluTime(text)
			return val.IntDatum(clock), ok
		}
		at, ok := temporal.ParseZuluTimestamp(text, t.Precision)
		return val.TimestampDatum(at), ok
	}
	if t.Kind == types.Time {
		clock, ok := temporal.ParseTime(text)
		return val.IntDatum(clock), ok
	}
	at, ok := temporal.ParseTimestamp(text, d.opts.Timestamps == isoForm, t.Kind == types.TimestampLTZ, t.Precision)
	return val.TimestampDatum(at), ok
}

// zulu reports whether a table is of the legacy generation, whose TIME and
// TIMESTAMP end with Z.
func zulu(t *conn.Table) bool { return conn.GenerationOf(t.Options) == conn.Legacy }

// isoForm is the value of timestamp-format.standard for a T in timestamps.
const isoForm = "ISO-8601"

// intBits is the size of integers, and of what is written as one.
var intBits = map[types.Kind]int{
	types.TinyInt: 8, types.SmallInt: 16, types.Int: 32, types.BigInt: 64,
	types.IntervalYearMonth: 32, types.IntervalDayTime: 64,
}

// binary decodes base 64; blanks may stand between groups of four digits.
func binary(text []byte, arena *val.Arena) (val.Datum, bool) {
	digits := arena.Alloc(len(text))[:0]
	for _, c := range text {
		if c > ' ' || len(digits)%4 != 0 {
			digits = append(digits, c)
		}
	}
	if bytes.ContainsAny(digits, "\r\n") { // which Decode would skip anywhere
		return val.Datum{}, false
	}
	n, err := base64.StdEncoding.Strict().Decode(digits, digits)
	return val.TextDatum(val.View(digits[:n])), err == nil
}
