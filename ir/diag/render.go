package diag

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Sources gives the text of a file by the name that positions carry; false if
// there is none.
type Sources func(file string) (string, bool)

// Render writes a diagnostic as a terminal shows it:
//
//	job.py:12:9: error[BND002]: no column "amuont"
//	   12 | SELECT amuont * 2
//	      |        ^^^^^^
//	   hint: did you mean "amount"?
//	   note: job.py:5:1: the table is declared here
func Render(w io.Writer, d *Diagnostic, sources Sources) {
	place := d.Pos.String()
	if place != "" {
		place += ": "
	}
	fmt.Fprintf(w, "%s%s[%s]: %s\n", place, d.Severity(), d.Code, d.Message)
	excerpt(w, d.Pos, sources)
	if d.Hint != "" {
		fmt.Fprintf(w, "   hint: %s\n", d.Hint)
	}
	for _, n := range d.Notes {
		fmt.Fprintf(w, "   note: %s: %s\n", n.Pos, n.Message)
		excerpt(w, n.Pos, sources)
	}
}

// excerpt writes the line of a position with carets under its columns.
func excerpt(w io.Writer, p Pos, sources Sources) {
	if !p.Known() || sources == nil {
		return
	}
	src, ok := sources(p.File)
	if !ok {
		return
	}
	lines := strings.Split(src, "\n")
	if p.Line > len(lines) {
		return
	}
	line := strings.TrimRight(lines[p.Line-1], "\r")
	start := p.Column - 1
	width := 1
	if p.EndColumn > p.Column {
		width = p.EndColumn - p.Column
	}
	if n := utf8.RuneCountInString(line); start > n {
		start = n
	} else if start+width > n {
		width = max(1, n-start)
	}
	fmt.Fprintf(w, "%5d | %s\n      | %s%s\n", p.Line, line, blanks(line, start), strings.Repeat("^", width))
}

// blanks is as wide on a terminal as the first n code points of line: tabs stay
// tabs, wide characters take two columns.
func blanks(line string, n int) string {
	var b strings.Builder
	for _, r := range line {
		if n == 0 {
			break
		}
		n--
		switch {
		case r == '\t':
			b.WriteByte('\t')
		case r >= 0x1100 && (r <= 0x115F || r >= 0x2E80 && r <= 0xFFDC && r != 0x303F):
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// JSON is a diagnostic as `check --format=json` prints it.
type JSON struct {
	Code     Code       `json:"code"`
	Severity string     `json:"severity"`
	Message  string     `json:"message"`
	File     string     `json:"file"`
	Line     int        `json:"line"`
	Column   int        `json:"column"`
	Hint     string     `json:"hint"`
	Notes    []JSONNote `json:"notes"`
}

// JSONNote is a second place.
type JSONNote struct {
	Message string `json:"message"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

// JSON converts the diagnostic.
func (d *Diagnostic) JSON() JSON {
	j := JSON{Code: d.Code, Severity: d.Severity().String(), Message: d.Message,
		File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Column, Hint: d.Hint, Notes: []JSONNote{}}
	for _, n := range d.Notes {
		j.Notes = append(j.Notes, JSONNote{n.Message, n.Pos.File, n.Pos.Line, n.Pos.Column})
	}
	return j
}
