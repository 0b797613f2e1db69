package csv

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"

	"pyfc/rt/val"
)

// text returns the value of column i as text; shared says that it stands so in
// the source's record, rather than in a buffer that the next call overwrites.
func (d *Decoder) text(i int) (text []byte, shared, ok bool) {
	text, shared, ok = d.raw(i)
	if ok && d.hasNull && string(text) == d.null {
		return nil, false, false
	}
	return text, shared, ok
}

// raw is text, where the null literal is a text like any other.
func (d *Decoder) raw(i int) (text []byte, shared, ok bool) {
	if i >= d.n {
		return nil, false, false
	}
	s := d.spans[i]
	text, shared = d.rec[s.lo:s.hi], !d.foreign
	if s.escaped {
		d.scratch = d.unescape(d.scratch[:0], text, s.quoted)
		text, shared = d.scratch, false
	}
	return text, shared, true
}

// Text returns a character column: a view of the record, or of the arena where
// the record holds it escaped.
func (d *Decoder) Text(i int, arena *val.Arena) (string, bool) {
	text, shared, ok := d.text(i)
	if !ok {
		return "", false
	}
	if d.dialect == OldFile && !utf8.Valid(text) {
		text, shared = bytes.ToValidUTF8(text, replacement), false
	}
	if shared {
		return val.View(text), true
	}
	return arena.Concat(val.View(text)), true
}

// replacement is what legacy files have in place of bytes that aren't UTF-8.
var replacement = []byte("\uFFFD")

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
	text, _, ok := d.text(i)
	if !ok {
		return 0, false, nil
	}
	if d.dialect == OldFile {
		return d.oldInteger(i, text, size)
	}
	if v, ok := parseInt(trim(text), size); ok {
		return v, true, nil
	}
	return 0, false, d.badField(i, text)
}

// Double returns a DOUBLE column.
func (d *Decoder) Double(i int) (float64, bool, error) { return d.float(i, 64) }

// Float returns a FLOAT column.
func (d *Decoder) Float(i int) (float32, bool, error) {
	v, ok, err := d.float(i, 32)
	return float32(v), ok, err
}

func (d *Decoder) float(i, size int) (float64, bool, error) {
	text, _, ok := d.text(i)
	if !ok {
		return 0, false, nil
	}
	if d.dialect == OldFile {
		return d.oldFloat(i, text, size)
	}
	if v, ok := val.ParseFloat(val.View(trim(text)), size); ok {
		return v, true, nil
	}
	return 0, false, d.badField(i, text)
}

// Decimal returns a DECIMAL column, rounded half up to its scale. What has too
// many digits is NULL.
func (d *Decoder) Decimal(i int, shape val.Shape) (val.Decimal, bool, error) {
	text, _, ok := d.text(i)
	old := d.dialect == OldFile
	if !ok || old && len(text) == 0 && !d.quoted(i) {
		return val.Decimal{}, false, nil
	}
	v, fits, err := val.ParseDecimal(val.View(text), shape)
	if err != nil || old && (d.quoted(i) || !ascii(text)) {
		return val.Decimal{}, false, d.badField(i, text)
	}
	return v, fits, nil
}

func ascii(b []byte) bool {
	return !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf })
}

// Boolean returns a BOOLEAN column: true for "true" in any case, else false.
func (d *Decoder) Boolean(i int) (bool, bool, error) {
	text, _, ok := d.text(i)
	if !ok {
		return false, false, nil
	}
	if d.dialect == OldFile {
		return d.oldBoolean(i, text)
	}
	text = trim(text)
	return len(text) == 4 && text[0]|0x20 == 't' && text[1]|0x20 == 'r' && text[2]|0x20 == 'u' && text[3]|0x20 == 'e', true, nil
}

// badField is the error for a field that isn't a value of its column's type,
// nil where such fields are NULL.
func (d *Decoder) badField(i int, text []byte) error {
	if d.ignore {
		return nil
	}
	c := d.columns[i]
	return fmt.Errorf("csv record %s: column %s: %q is not a value of type %s", sample(d.rec), c.Name, text, c.Type)
}

// trim removes what Java's String.trim does.
func trim[T string | []byte](b T) T {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// parseInt reads an integer as Java's parseLong, parseInt, parseShort and
// parseByte do.
func parseInt[T string | []byte](b T, size int) (int64, bool) {
	digits := b
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		digits = b[1:]
	}
	if len(digits) == 0 {
		return 0, false
	}
	// 18 digits fit in any case; what is longer or not ASCII is left to strconv.
	if len(digits) > 18 {
		return parseLongInt(b, size)
	}
	var n int64
	for i := range len(digits) {
		c := digits[i] - '0'
		if c > 9 {
			return parseLongInt(b, size)
		}
		n = n*10 + int64(c)
	}
	if b[0] == '-' {
		n = -n
	}
	return n, n<<(64-size)>>(64-size) == n
}

// parseLongInt reads an integer that is long or has digits other than ASCII's,
// which Java takes too.
func parseLongInt[T string | []byte](b T, size int) (int64, bool) {
	ascii := make([]byte, 0, len(b))
	for i, r := range string(b) {
		switch v, ok := val.Digit(r); {
		case ok:
			ascii = append(ascii, '0'+v)
		case i == 0 && (r == '-' || r == '+'):
			ascii = append(ascii, byte(r))
		default:
			return 0, false
		}
	}
	n, err := strconv.ParseInt(string(ascii), 10, size)
	return n, err == nil
}
