package pyast

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"pyfc/ir/diag"
)

// source is the text of a file as Python reads it: without a byte order mark
// and with every line ended by "\n". Lines and columns are those of the file.
type source struct {
	file *File
	text string
}

func newSource(f *File) *source {
	text := strings.TrimPrefix(f.Src, "\ufeff")
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return &source{file: f, text: text}
}

// place is a point of a source: its byte offset, line and column.
type place struct{ off, line, col int }

var fileStart = place{0, 1, 1}

// after returns the place behind text when text begins at p.
func (p place) after(text string) place {
	p.off += len(text)
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		p.line += strings.Count(text, "\n")
		p.col = 1
		text = text[i+1:]
	}
	p.col += utf8.RuneCountInString(text)
	return p
}

func (s *source) span(from, to place) Span {
	return Span{File: s.file, Line: from.line, Col: from.col, EndLine: to.line, EndCol: to.col}
}

// failure carries a diagnostic from the depth of the front end up to Parse.
type failure struct{ diagnostic *diag.Diagnostic }

// fail gives up with a syntax error at a span.
func fail(at Span, format string, args ...any) {
	panic(failure{diag.New(diag.PySyntax, caret(at), format, args...)})
}

// refuse gives up on something that Python allows and pyfc doesn't take.
func refuse(at Span, hint, format string, args ...any) {
	panic(failure{diag.New(diag.PyUnsupported, caret(at), format, args...).WithHint("%s", hint)})
}

// caret is the position to underline; an empty span still gets one column.
func caret(at Span) diag.Pos {
	pos := at.Pos()
	if pos.EndColumn == pos.Column {
		pos.EndColumn = 0
	}
	return pos
}

// checkText refuses a text that Python cannot read as UTF-8.
func (s *source) checkText() {
	if i := strings.IndexByte(s.text, 0); i >= 0 {
		at := fileStart.after(s.text[:i])
		fail(s.span(at, at.after(" ")), "source code cannot contain null bytes")
	}
	s.checkEncoding()
	if utf8.ValidString(s.text) {
		return
	}
	valid := 0
	for {
		r, n := utf8.DecodeRuneInString(s.text[valid:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		valid += n
	}
	at := fileStart.after(s.text[:valid])
	fail(s.span(at, at.after(" ")), "byte 0x%02x is not UTF-8; pyfc reads scripts as UTF-8", s.text[valid])
}

// codingComment declares a file's encoding, on its first or second line.
var codingComment = regexp.MustCompile(`^(?:[ \t\f]*(?:#[^\n]*)?\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`)

// checkEncoding refuses a declared encoding that would give other characters
// than UTF-8 does.
func (s *source) checkEncoding() {
	m := codingComment.FindStringSubmatchIndex(s.text)
	if m == nil || isASCII(s.text) {
		return
	}
	name := s.text[m[2]:m[3]]
	if norm := strings.ReplaceAll(strings.ToLower(name), "_", "-"); norm == "utf8" || norm == "utf-8" || strings.HasPrefix(norm, "utf-8-") {
		return
	}
	from := fileStart.after(s.text[:m[2]])
	refuse(s.span(from, from.after(name)), "Save the script as UTF-8.", "the source encoding %s is not supported", name)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
