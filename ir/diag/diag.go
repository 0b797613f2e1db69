// Package diag is the user interface of failure: coded diagnostics with a
// place in the user's files, a hint and notes, rendered for a terminal or as
// data. It is a leaf: every other package may import it, it imports none.
package diag

import (
	"fmt"
	"sort"
)

// Pos is a place in a source file. Line and Column count from 1; Column counts
// Unicode code points. EndColumn is the column after the last one that a caret
// underlines, on the same line; 0 means one column. The zero Pos is unknown.
type Pos struct {
	File      string
	Line      int
	Column    int
	EndColumn int
}

// Known reports whether the position is a real one.
func (p Pos) Known() bool { return p.Line > 0 }

// String prints "file:line:column".
func (p Pos) String() string {
	if !p.Known() {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Severity says whether a diagnostic stops the build.
type Severity uint8

// The severities. Errors cannot be silenced.
const (
	Error Severity = iota
	Warning
	Note
)

// String returns the name that users see.
func (s Severity) String() string { return [...]string{"error", "warning", "note"}[s] }

// Related is a second place that explains a diagnostic: where a table was
// declared, where a value was made.
type Related struct {
	Pos     Pos
	Message string
}

// Diagnostic is one message to the user.
type Diagnostic struct {
	Code    Code
	Message string
	Pos     Pos
	Hint    string // what would work, in a sentence or as code
	Notes   []Related
	// Missing names what a "planned" or "needs-input" verdict lacks; empty
	// for ordinary errors.
	Missing []Missing
}

// Missing is a part that pyfc doesn't run yet, or an input that the build
// needs.
type Missing struct {
	Kind string `json:"kind"` // "function", "connector", "env", "argument", …
	Name string `json:"name"`
}

// Severity follows from the code.
func (d *Diagnostic) Severity() Severity { return d.Code.Info().Severity }

// Error lets a diagnostic travel as a Go error.
func (d *Diagnostic) Error() string {
	if d.Pos.Known() {
		return fmt.Sprintf("%s: %s [%s]", d.Pos, d.Message, d.Code)
	}
	return fmt.Sprintf("%s [%s]", d.Message, d.Code)
}

// New makes a diagnostic.
func New(code Code, pos Pos, format string, args ...any) *Diagnostic {
	return &Diagnostic{Code: code, Pos: pos, Message: fmt.Sprintf(format, args...)}
}

// WithHint sets the hint and returns the diagnostic.
func (d *Diagnostic) WithHint(format string, args ...any) *Diagnostic {
	d.Hint = fmt.Sprintf(format, args...)
	return d
}

// DidYouMean sets the hint to the candidate that a name was most likely meant to
// be, and reports whether there is one.
func (d *Diagnostic) DidYouMean(name string, candidates []string) bool {
	near := Nearest(name, candidates)
	if near != "" {
		d.WithHint("did you mean %s?", near)
	}
	return near != ""
}

// WithNote adds a second place and returns the diagnostic.
func (d *Diagnostic) WithNote(pos Pos, format string, args ...any) *Diagnostic {
	d.Notes = append(d.Notes, Related{pos, fmt.Sprintf(format, args...)})
	return d
}

// WithMissing adds a missing part or input and returns the diagnostic.
func (d *Diagnostic) WithMissing(kind, name string) *Diagnostic {
	d.Missing = append(d.Missing, Missing{kind, name})
	return d
}

// List collects diagnostics. The zero value is ready to use.
type List struct {
	items []*Diagnostic
}

// Add appends a diagnostic unless an equal one is there already.
func (l *List) Add(d *Diagnostic) {
	for _, o := range l.items {
		if o.Code == d.Code && o.Pos == d.Pos && o.Message == d.Message {
			return
		}
	}
	l.items = append(l.items, d)
}

// Len is the number of diagnostics.
func (l *List) Len() int { return len(l.items) }

// Behind returns the diagnostics behind the first n.
func (l *List) Behind(n int) []*Diagnostic { return l.items[n:] }

// Cut leaves the first n diagnostics.
func (l *List) Cut(n int) { l.items = l.items[:n] }

// Errorf adds a diagnostic and returns it, so that a hint can be set.
func (l *List) Errorf(code Code, pos Pos, format string, args ...any) *Diagnostic {
	d := New(code, pos, format, args...)
	l.Add(d)
	return d
}

// HasErrors reports whether any diagnostic has severity Error.
func (l *List) HasErrors() bool {
	for _, d := range l.items {
		if d.Severity() == Error {
			return true
		}
	}
	return false
}

// Sorted returns the diagnostics by file, line and column; those without a
// place come last.
func (l *List) Sorted() []*Diagnostic {
	out := append([]*Diagnostic(nil), l.items...)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Pos, out[j].Pos
		if a.Known() != b.Known() {
			return a.Known()
		}
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	return out
}
