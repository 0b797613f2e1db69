package tableau

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Null is how a tableau shows NULL.
const Null = "<NULL>"

// DefaultMaxWidth is the default of table.display.max-column-width.
const DefaultMaxWidth = 30

const (
	opName   = "op"
	cutOff   = "..."
	emptySet = "Empty set\n"
)

// Layout is the form of a tableau: the names and widths of its columns.
type Layout struct {
	names  []string
	widths []int
}

// ByType lays columns out by their types, before any row is known, as PyFlink
// does for the result of a query. maxWidth is the width of the types that have
// none of their own; op adds the column of the kinds of rows.
func ByType(columns []types.Column, maxWidth int, op bool) *Layout {
	l := &Layout{}
	if op {
		l.add(opName, len(opName))
	}
	for _, c := range columns {
		l.add(c.Name, max(typeWidth(c.Type, maxWidth), len(Null), utf16Len(c.Name)))
	}
	return l
}

// ByContent lays columns out by what is in them, as PyFlink does for the
// results of other statements; nothing is cut.
func ByContent(names []string, rows [][]string) *Layout { return ByContentUpTo(0, names, rows) }

// ByContentUpTo is ByContent with columns that are no wider than maxWidth; 0
// leaves their widths free.
func ByContentUpTo(maxWidth int, names []string, rows [][]string) *Layout {
	l := &Layout{}
	for i, n := range names {
		w := Width(n)
		for _, r := range rows {
			w = max(w, Width(r[i]))
		}
		if maxWidth > 0 {
			w = min(w, maxWidth)
		}
		l.add(n, w)
	}
	return l
}

// given is the layout of a table's columns with these widths.
func given(columns []val.Column, widths []string) (*Layout, error) {
	l := &Layout{}
	if len(widths) == len(columns)+1 {
		l.names = append(l.names, opName)
	}
	for _, c := range columns {
		l.names = append(l.names, c.Name)
	}
	if len(l.names) != len(widths) {
		return nil, fmt.Errorf("%d widths are given for %d columns", len(widths), len(columns))
	}
	for _, text := range widths {
		w, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("width %w", err)
		}
		l.widths = append(l.widths, w)
	}
	return l, nil
}

// Widths are the widths of the columns as the connector's option has them.
func (l *Layout) Widths() string {
	texts := make([]string, len(l.widths))
	for i, w := range l.widths {
		texts[i] = strconv.Itoa(w)
	}
	return strings.Join(texts, ",")
}

func (l *Layout) add(name string, width int) {
	l.names, l.widths = append(l.names, name), append(l.widths, width)
}

// typeWidth is the width of a type's longest value.
func typeWidth(t types.Type, maxWidth int) int {
	fraction := func(base int) int {
		if t.Precision == 0 {
			return base
		}
		return base + len(".") + t.Precision
	}
	switch t.Kind {
	case types.TinyInt:
		return len("-128")
	case types.SmallInt:
		return len("-32768")
	case types.Int:
		return len("-2147483648")
	case types.BigInt:
		return len("-9223372036854775808")
	case types.Decimal:
		return t.Precision + len("-.")
	case types.Boolean:
		return len("FALSE")
	case types.Date:
		return len("2020-02-29")
	case types.Time:
		return fraction(len("12:34:56"))
	case types.Timestamp, types.TimestampLTZ:
		return fraction(len("2020-02-29 12:34:56"))
	}
	return maxWidth
}

// AppendHead appends the names of the columns between two lines.
func (l *Layout) AppendHead(dst []byte) []byte {
	dst = l.AppendRow(l.AppendLine(dst), l.names)
	return l.AppendLine(dst)
}

// AppendRow appends a row, whose cells are given as text.
func (l *Layout) AppendRow(dst []byte, cells []string) []byte {
	for i, c := range cells {
		dst = l.appendCell(dst, i, c)
	}
	return append(dst, '\n')
}

// AppendFoot appends the last line and the number of rows. A tableau without
// rows is nothing but the words that say so.
func (l *Layout) AppendFoot(dst []byte, rows int64) []byte {
	if rows == 0 {
		return append(dst, emptySet...)
	}
	dst = strconv.AppendInt(l.AppendLine(dst), rows, 10)
	if rows == 1 {
		return append(dst, " row in set\n"...)
	}
	return append(dst, " rows in set\n"...)
}

// Text is a whole tableau.
func Text(names []string, rows [][]string) string {
	l := ByContent(names, rows)
	var out []byte
	if len(rows) > 0 {
		out = l.AppendHead(out)
	}
	for _, r := range rows {
		out = l.AppendRow(out, r)
	}
	return string(l.AppendFoot(out, int64(len(rows))))
}

// AppendLine appends the line between the head, the rows and the foot.
func (l *Layout) AppendLine(dst []byte) []byte {
	for _, w := range l.widths {
		dst = append(dst, '+')
		for range w + 2 {
			dst = append(dst, '-')
		}
	}
	return append(dst, "+\n"...)
}

// appendCell appends a cell, aligned to the right; a text that is too wide is
// cut. The row's closing bar is part of its last cell.
func (l *Layout) appendCell(dst []byte, i int, text string) []byte {
	dst = append(dst, "| "...)
	if w := Width(text); w <= l.widths[i] {
		dst = append(appendBlanks(dst, l.widths[i]-w), text...)
	} else {
		dst = append(appendCut(dst, text, l.widths[i]-len(cutOff)), cutOff...)
	}
	dst = append(dst, ' ')
	if i == len(l.widths)-1 {
		dst = append(dst, '|')
	}
	return dst
}

// appendCut appends as much of a text as fits, with blanks before it where a
// wide character would have been cut in two. Half of a character that Java has
// as two becomes a question mark.
func appendCut(dst []byte, text string, limit int) []byte {
	used, end := 0, 0
	half := false
	for i, r := range text {
		end = i
		first, second := unitWidths(r)
		if used+first > limit {
			break
		}
		used += first
		if second > 0 && used+second > limit {
			half = true
			break
		}
		used += second
	}
	dst = append(appendBlanks(dst, limit-used), text[:end]...)
	if half {
		dst = append(dst, '?')
	}
	return dst
}

func appendBlanks(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}

// Width is the number of columns that PyFlink takes a text to fill.
func Width(text string) int {
	w := 0
	for _, r := range text {
		first, second := unitWidths(r)
		w += first + second
	}
	return w
}

// unitWidths are the widths of a character's one or two UTF-16 units: the first
// counts as the whole character does, two for a wide one, the second as one.
func unitWidths(r rune) (first, second int) {
	first = 1
	if r >= utf8.RuneSelf {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			first = 2
		}
	}
	if r > 0xffff {
		second = 1
	}
	return first, second
}

// utf16Len is the length of a text as Java counts it.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
