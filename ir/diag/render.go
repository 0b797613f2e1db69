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
func Render(w io.Writer, d *Diagnostic, sources Sources) { Plain.Render(w, d, sources) }

// Palette are the colours of a rendered diagnostic, as the sequences that a
// terminal takes; an empty one leaves its part as it is.
type Palette struct {
	Error, Warning string // the severity, and the carets under its place
	Place          string
	Hint           string // the words hint and note
}

// The palettes: for files and pipes, and for terminals.
var (
	Plain  = Palette{}
	Colour = Palette{Error: "\x1b[1;31m", Warning: "\x1b[1;33m", Place: "\x1b[1m", Hint: "\x1b[1;36m"}
)

func paint(colour, text string) string {
	if colour == "" || text == "" {
		return text
	}
	return colour + text + "\x1b[0m"
}

// Render writes a diagnostic in the palette's colours.
func (c Palette) Render(w io.Writer, d *Diagnostic, sources Sources) {
	place, colour := d.Pos.String(), c.Error
	if place != "" {
		place += ": "
	}
	if d.Severity() == Warning {
		colour = c.Warning
	}
	fmt.Fprintf(w, "%s%s: %s\n", paint(c.Place, place), paint(colour, fmt.Sprintf("%s[%s]", d.Severity(), d.Code)), d.Message)
	excerpt(w, d.Pos, sources, colour)
	if d.Hint != "" {
		fmt.Fprintf(w, "   %s %s\n", paint(c.Hint, "hint:"), d.Hint)
	}
	for _, n := range d.Notes {
		fmt.Fprintf(w, "   %s %s: %s\n", paint(c.Hint, "note:"), n.Pos, n.Message)
		excerpt(w, n.Pos, sources, c.Hint)
	}
}

// excerpt writes the line of a position with carets under its columns.
func excerpt(w io.Writer, p Pos, sources Sources, colour string) {
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
	fmt.Fprintf(w, "%5d | %s\n      | %s%s\n", p.Line, line, blanks(line, start), paint(colour, strings.Repeat("^", width)))
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
