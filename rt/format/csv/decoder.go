package csv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"unicode/utf8"

	"pyfc/rt/conn"
	"pyfc/rt/format/charset"
	"pyfc/rt/val"
)

// Decoder decodes the records of one subtask. Split finds the fields of a
// record; the getters (Text, BigInt, …) then decode single columns, by their
// position in the table, so that a column that nobody asks for costs nothing.
type Decoder struct {
	dialect Dialect
	chars
	comments bool
	hasNull  bool
	null     string
	ignore   bool
	columns  []val.Column
	expected int // fewer fields are an error, unless errors are ignored

	elementDelim string // of arrays and rows
	items        []val.Datum

	old old // of the dialect OldFile

	rec     []byte // the record, or its transcoded form
	foreign bool   // rec is a buffer of the decoder's own
	spans   []span
	n       int    // spans in use
	atEnd   bool   // scan has seen the end of its input
	fault   string // why scan found the record malformed
	buf     []byte // of a transcoded record
	scratch []byte // of an unescaped number
}

// span is the place of a field in the record, without its quotes.
type span struct {
	lo, hi          int32
	quoted, escaped bool
}

// NewDecoder returns a decoder for the records of t. Too few fields for the
// columns that are read are an error unless t's options say otherwise.
func NewDecoder(t *conn.Table) (*Decoder, error) {
	o, err := OptionsOf(t)
	if err != nil {
		return nil, err
	}
	d := &Decoder{
		dialect:      DialectOf(t),
		comments:     o.AllowComments,
		columns:      t.Columns,
		expected:     len(t.Read),
		elementDelim: o.ArrayDelimiter,
		spans:        make([]span, len(t.Columns)),
	}
	d.ignore = o.ignores(d.dialect)
	d.chars, _ = o.characters() // checked by OptionsOf
	if o.NullLiteral != nil {
		d.hasNull, d.null = true, *o.NullLiteral
	}
	if d.dialect == OldFile {
		d.old = newOld(&o)
		if o.Quote == "" {
			d.quote = 0
		}
	}
	return d, nil
}

// Split finds the fields of a record. It returns false for a record that is
// dropped: malformed where errors are ignored, without a value, or a comment.
func (d *Decoder) Split(record []byte) (bool, error) {
	d.rec, d.n, d.foreign = record, 0, false
	switch {
	case d.dialect == OldFile:
		return d.splitOld()
	case !d.splitPlain(record):
		return d.splitCarefully()
	case d.n < d.expected && !d.ignore:
		return false, d.tooShort()
	}
	return true, nil
}

// splitPlain splits a record that has nothing but delimiters: no quote, no
// escape, no line break, one encoding. Eight bytes at a time; it returns false
// when the record needs care.
func (d *Decoder) splitPlain(rec []byte) bool {
	if len(rec) < 2 || rec[0] == 0 || rec[1] == 0 || d.comments && (rec[0] == '#' || rec[0] == ' ') ||
		d.escape != 0 && bytes.IndexByte(rec, d.escape) >= 0 {
		return false
	}
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	delim, quote := uint64(d.delim)*ones, uint64(d.quote)*ones
	if d.quote == 0 {
		quote = '\n' * ones
	}
	var (
		lo, i, n int
		seen     uint64
		spans    = d.spans
	)
	for ; i+8 <= len(rec); i += 8 {
		w := binary.LittleEndian.Uint64(rec[i:])
		seen |= w
		// A byte of x is zero where w has the character; (x - ones) &^ x then
		// has its high bit set.
		q, lf, cr := w^quote, w^'\n'*ones, w^'\r'*ones
		if ((q-ones)&^q|(lf-ones)&^lf|(cr-ones)&^cr)&highs != 0 {
			return false
		}
		// This form is exact for every byte, not only for the first.
		x := w ^ delim
		for hits := ^(x&^highs + ^uint64(highs) | x | ^uint64(highs)); hits != 0; hits &= hits - 1 {
			if n >= len(spans) {
				return false
			}
			at := i + bits.TrailingZeros64(hits)>>3
			spans[n] = span{lo: int32(lo), hi: int32(at)}
			n++
			lo = at + 1
		}
	}
	for ; i < len(rec); i++ {
		switch c := rec[i]; {
		case c == d.delim:
			if n >= len(spans) {
				return false
			}
			spans[n] = span{lo: int32(lo), hi: int32(i)}
			n++
			lo = i + 1
		case c == '\n', c == '\r', c == d.quote && c != 0:
			return false
		default:
			seen |= uint64(c)
		}
	}
	if n >= len(spans) {
		return false
	}
	if seen&highs != 0 && (rec[0] == charset.BOM[0] || !utf8.Valid(rec)) {
		return false
	}
	spans[n] = span{lo: int32(lo), hi: int32(len(rec))}
	d.n = n + 1
	return true
}

// splitCarefully splits any record by scan's rules.
func (d *Decoder) splitCarefully() (bool, error) {
	if d.rec == nil {
		return false, nil // a message without a value
	}
	if len(d.rec) == 0 && d.dialect == File {
		return d.splitBlankLine()
	}
	rec, ok := charset.UTF8(d.rec, d.dialect == Message, &d.buf)
	d.foreign = len(d.buf) > 0
	if ok {
		d.rec = rec
	} else {
		return false, d.failUnless(d.ignore && d.dialect == Message, "it is not encoded in UTF-8")
	}
	_, what := d.scan(d.rec, 0)
	switch {
	case what == nothing && d.comments:
		return false, nil
	case what == nothing:
		return false, d.failUnless(d.ignore, "it is empty")
	case what == malformed:
		return false, d.failUnless(d.ignore, d.fault)
	case what == broken: // files have no record behind it, messages need none
		return false, d.failUnless(d.ignore && d.dialect == Message, d.fault)
	case d.n < d.expected && !d.ignore:
		return false, d.tooShort()
	}
	return true, nil
}

// splitBlankLine makes a blank line of a file a row with one empty field.
func (d *Decoder) splitBlankLine() (bool, error) {
	d.spans[0], d.n = span{}, 1
	if d.n < d.expected && !d.ignore {
		return false, d.tooShort()
	}
	return true, nil
}

// found is what scan found.
type found uint8

const (
	nothing   found = iota // no record before the end of the input
	complete               // a record
	malformed              // a faulty record, skipped to its end
	broken                 // a faulty record whose end cannot be told
)

const (
	faultUnclosed  = "a quoted field isn't closed"
	faultAfter     = "something other than a delimiter follows a closing quote"
	faultTooMany   = "it has more fields than the table has columns"
	faultEscapeEnd = "it ends with an escape character"
)

// scan finds the fields of the record that begins at b[pos] and returns where
// the next one begins. The rules are those of the Jackson parser in Flink: a
// quote counts only as the first character of a field; blanks may follow the
// closing one; one blank field too many is accepted. After a fault the rest of
// the record is skipped field by field; a second fault there is final.
func (d *Decoder) scan(b []byte, pos int) (next int, what found) {
	d.n, d.atEnd, d.fault = 0, false, ""
	if d.comments {
		pos = d.skipComments(b, pos)
	}
	if pos >= len(b) {
		d.atEnd = true
		return pos, nothing
	}
	what = complete
	for fields, blank := 0, false; ; fields++ {
		s, after, fault := d.field(b, pos)
		if fault != "" {
			if what == malformed {
				return len(b), broken
			}
			what, d.fault = malformed, fault
			if after >= len(b) {
				d.atEnd = true
				return after, what
			}
			pos = after
			continue
		}
		switch {
		case what == malformed:
		case fields < len(d.spans):
			d.spans[fields] = s
			d.n = fields + 1
		case blank || !d.blank(b, s):
			what, d.fault = malformed, faultTooMany
		default:
			blank = true
		}
		switch {
		case after >= len(b):
			d.atEnd = true
			return after, what
		case b[after] == d.delim:
			pos = after + 1
		default:
			return d.lineEnd(b, after), what
		}
	}
}

// field finds the field that begins at b[pos]. After is the place of the
// delimiter or line break behind it, or the end of b; behind a fault, where
// skipping goes on.
func (d *Decoder) field(b []byte, pos int) (s span, after int, fault string) {
	if pos < len(b) && b[pos] == d.quote && d.quote != 0 {
		return d.quotedField(b, pos+1)
	}
	s.lo = int32(pos)
	for pos < len(b) {
		switch c := b[pos]; {
		case c == d.delim, c == '\n', c == '\r':
			s.hi = int32(pos)
			return s, pos, ""
		case c == d.escape && c != 0:
			s.escaped = true
			pos++
			if pos >= len(b) {
				d.atEnd = true
				return s, pos, faultEscapeEnd
			}
		}
		pos++
	}
	s.hi = int32(pos)
	return s, pos, ""
}

func (d *Decoder) quotedField(b []byte, pos int) (s span, after int, fault string) {
	s.lo, s.quoted = int32(pos), true
	for ; ; pos++ {
		if pos >= len(b) {
			d.atEnd = true
			return s, len(b), faultUnclosed
		}
		switch c := b[pos]; {
		case c == d.quote && pos+1 < len(b) && b[pos+1] == d.quote:
			s.escaped = true
			pos++
			continue
		case c == d.quote:
		case c == d.escape && c != 0:
			s.escaped = true
			pos++
			continue
		default:
			continue
		}
		break
	}
	s.hi = int32(pos)
	for pos++; pos < len(b); pos++ {
		switch c := b[pos]; {
		case c == d.delim, c == '\n', c == '\r':
			return s, pos, ""
		case c > ' ':
			return s, pos + 1, faultAfter
		}
	}
	return s, pos, ""
}

// blank reports whether the field holds nothing but what Java's trim removes.
func (d *Decoder) blank(b []byte, s span) bool {
	text := b[s.lo:s.hi]
	if s.escaped {
		text = d.unescape(d.scratch[:0], text, s.quoted)
	}
	return len(trim(text)) == 0
}

// skipComments skips comment lines, line breaks and blanks before a record.
func (d *Decoder) skipComments(b []byte, pos int) int {
	for pos < len(b) {
		switch b[pos] {
		case ' ', '\n', '\r':
			pos++
		case '#':
			n := bytes.IndexAny(b[pos:], "\r\n")
			if n < 0 {
				return len(b)
			}
			pos += n
		default:
			return pos
		}
	}
	return pos
}

// lineEnd returns the place behind the line break at b[pos].
func (d *Decoder) lineEnd(b []byte, pos int) int {
	if b[pos] == '\r' {
		if pos+1 >= len(b) {
			d.atEnd = true // \n may follow
		} else if b[pos+1] == '\n' {
			return pos + 2
		}
	}
	return pos + 1
}

// unescape appends the value of an escaped field to dst.
func (d *Decoder) unescape(dst, text []byte, quoted bool) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case i+1 >= len(text):
		case quoted && c == d.quote && text[i+1] == c:
			i++
		case c == d.escape && c != 0:
			i++
			c = unescaped(text[i])
		}
		dst = append(dst, c)
	}
	return dst
}

// unescaped is the character that an escaped one stands for.
func unescaped(c byte) byte {
	switch c {
	case '0':
		return 0
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

func (d *Decoder) tooShort() error {
	return d.failUnless(false, fmt.Sprintf("%d fields expected but there are %d", d.expected, d.n))
}

// failUnless returns an error about the record, unless errors are ignored.
func (d *Decoder) failUnless(ignored bool, why string) error {
	if ignored {
		return nil
	}
	return fmt.Errorf("csv record %s: %s", sample(d.rec), why)
}

// sample quotes a record for a message, shortened.
func sample(rec []byte) string {
	const limit = 200
	if len(rec) > limit {
		return fmt.Sprintf("%q…", rec[:limit])
	}
	return fmt.Sprintf("%q", rec)
}
