package pyeval

import (
	"strings"
	"unicode/utf8"

	"pyfc/compiler/pyast"
)

// Str is a Python str: valid UTF-8 plus the memory of which string constants
// its parts came from, so that a fault inside an SQL text can be shown in the
// script.
type Str struct {
	s      string
	pieces []piece // in order, not overlapping; gaps have no known origin
	runes  int     // number of code points, -1 until counted
}

// piece says that s[off:off+n] is constant.Text[from:from+n].
type piece struct {
	off, n   int
	constant *pyast.Constant
	from     int
}

// maxPieces bounds the memory of origins; a string built from more constants
// forgets where the rest came from.
const maxPieces = 256

// NewStr makes a str without a known origin.
func NewStr(s string) *Str { return &Str{s: s, runes: -1} }

// constStr makes the str of a constant.
func constStr(c *pyast.Constant) *Str {
	return &Str{s: c.Text, runes: -1, pieces: []piece{{0, len(c.Text), c, 0}}}
}

// Class returns str.
func (*Str) Class() *Class { return StrClass }

// String returns the text.
func (s *Str) String() string { return s.s }

// Len returns the number of code points.
func (s *Str) Len() int {
	if s.runes < 0 {
		s.runes = utf8.RuneCountInString(s.s)
	}
	return s.runes
}

// ascii reports whether code points are bytes.
func (s *Str) ascii() bool { return s.Len() == len(s.s) }

// Locate maps a byte offset of the text to the script: the place of that
// character in the constant that it came from. ok is false where the origin is
// unknown.
func (s *Str) Locate(off int) (span pyast.Span, ok bool) {
	for _, p := range s.pieces {
		if off >= p.off && off < p.off+p.n || off == p.off+p.n && off == len(s.s) {
			return p.constant.PosAt(p.from + off - p.off), true
		}
	}
	return pyast.Span{}, false
}

// Origin returns the first string constant that the text came from, nil when
// there is none.
func (s *Str) Origin() *pyast.Constant {
	if len(s.pieces) == 0 {
		return nil
	}
	return s.pieces[0].constant
}

// slice returns s.s[lo:hi] (byte offsets) with its origins.
func (s *Str) slice(lo, hi int) *Str {
	out := NewStr(s.s[lo:hi])
	for _, p := range s.pieces {
		a, b := max(p.off, lo), min(p.off+p.n, hi)
		if a < b {
			out.pieces = append(out.pieces, piece{a - lo, b - a, p.constant, p.from + a - p.off})
		}
	}
	return out
}

// strBuilder joins strs and keeps their origins.
type strBuilder struct {
	b      strings.Builder
	pieces []piece
}

func (b *strBuilder) add(s *Str) {
	for _, p := range s.pieces {
		if len(b.pieces) == maxPieces {
			break
		}
		p.off += b.b.Len()
		b.pieces = append(b.pieces, p)
	}
	b.b.WriteString(s.s)
}

func (b *strBuilder) str() *Str {
	return &Str{s: b.b.String(), pieces: b.pieces, runes: -1}
}

// concat joins strs.
func concat(parts ...*Str) *Str {
	var b strBuilder
	for _, p := range parts {
		b.add(p)
	}
	return b.str()
}

// byteOffset converts an index of a code point (0 to Len) to one of a byte.
func (s *Str) byteOffset(i int) int {
	if s.ascii() {
		return i
	}
	for off := range s.s {
		if i == 0 {
			return off
		}
		i--
	}
	return len(s.s)
}

// runeOffset converts an index of a byte to one of a code point.
func (s *Str) runeOffset(off int) int {
	if s.ascii() {
		return off
	}
	return utf8.RuneCountInString(s.s[:off])
}
