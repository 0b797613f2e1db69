package pyudf

import (
	"fmt"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// page is a file of blank lines that is filled in where the original's lines
// are kept.
type page struct {
	src    []string // the original's lines
	out    []string
	closed []bool // lines that nothing can be appended to
}

func newPage(f *pyast.File) *page {
	src := strings.Split(f.Src, "\n")
	return &page{src: src, out: make([]string, len(src)), closed: make([]bool, len(src))}
}

// indent returns the white space at the start of a line.
func (p *page) indent(line int) string {
	l := p.src[line-1]
	return l[:len(l)-len(strings.TrimLeft(l, " \t\f"))]
}

// put writes a statement of one line; ok is false when the line is taken by
// something that it can't follow.
func (p *page) put(line int, indent, text string) (ok bool) {
	i := line - 1
	switch {
	case p.out[i] == "":
		p.out[i] = indent + text
	case p.closed[i]:
		return false
	default:
		p.out[i] += "; " + text
	}
	return true
}

// open writes the head of a block.
func (p *page) open(line int, indent, text string) (ok bool) {
	if p.out[line-1] != "" {
		return p.out[line-1] == indent+text
	}
	p.out[line-1], p.closed[line-1] = indent+text, true
	return true
}

// copy writes a statement as it stands in the original.
func (p *page) copy(st pyast.Stmt) (ok bool) {
	first, last := firstLine(st), st.Where().EndLine
	if first == last && !compound(st) {
		return p.put(first, p.indent(first), cut(p.src[first-1], st.Where().Col, st.Where().EndCol))
	}
	if p.out[first-1] != "" || p.out[last-1] != "" {
		return false
	}
	copy(p.out[first-1:last], p.src[first-1:last])
	for i := first; i <= last; i++ {
		p.closed[i-1] = true
	}
	if !compound(st) { // a statement that begins or ends beside another one
		p.out[first-1] = p.indent(first) + cut(p.src[first-1], st.Where().Col, 0)
		p.out[last-1] = cut(p.src[last-1], 1, st.Where().EndCol)
	}
	return true
}

// firstLine is the line on which a statement with its decorators begins.
func firstLine(st pyast.Stmt) int {
	line := st.Where().Line
	for _, d := range decorators(st) {
		line = min(line, d.Where().Line)
	}
	return line
}

func compound(st pyast.Stmt) bool { return bodies(st) != nil }

// cut returns the columns [from, to) of a line, counted in code points from 1;
// to is 0 for the rest of the line.
func cut(line string, from, to int) string {
	r := []rune(line)
	if to == 0 || to > len(r) {
		to = len(r) + 1
	}
	return string(r[from-1 : to-1])
}

// text is the source between the two ends of a span.
func text(f *pyast.File, s pyast.Span) string {
	lines := strings.Split(f.Src, "\n")[s.Line-1 : s.EndLine]
	if len(lines) == 1 {
		return cut(lines[0], s.Col, s.EndCol)
	}
	out := append([]string{cut(lines[0], s.Col, 0)}, lines[1:]...)
	out[len(out)-1] = cut(lines[len(lines)-1], 1, s.EndCol)
	return strings.Join(out, "\n")
}

// render writes the slice; extra is a statement for the line of its span, under
// the given block, that isn't in the file.
func (s *slicer) render(extra *extra) (string, error) {
	p := newPage(s.module.File())
	p.apply(s.edits)
	opened := map[*block]bool{}
	var fail *diag.Diagnostic
	check := func(ok bool, st pyast.Stmt) {
		if !ok && fail == nil {
			fail = diag.New(diag.UDFShipping, st.Where().Pos(), "a Python function needs part of this line, but the other part can't travel to the worker").
				WithHint("put the statements on lines of their own")
		}
	}
	var open func(b *block)
	open = func(b *block) {
		if b == nil || opened[b] {
			return
		}
		opened[b] = true
		open(b.parent)
		line := b.header.Where().Line
		check(p.open(line, p.indent(line), s.head(b)), b.header)
	}
	for _, l := range s.levels {
		for _, u := range l.units {
			values := s.found.values[u]
			if !s.found.keep[u] && values == nil {
				continue
			}
			open(u.block)
			if s.found.keep[u] {
				check(p.copyUnit(s, u), u.stmt)
			}
			for _, name := range sorted(values) {
				line := firstLine(u.stmt)
				check(p.put(line, p.indent(line), name+" = "+values[name]), u.stmt)
			}
		}
	}
	if extra != nil {
		open(extra.block)
		check(p.copyExtra(extra), extra.at)
	}
	if fail != nil {
		return "", fail
	}
	return strings.TrimRight(strings.Join(p.out, "\n"), "\n \t") + "\n", nil
}

// head is the line that opens a block in place of its own: the names that the
// original's head binds get their values by a loop of one round.
func (s *slicer) head(b *block) string {
	values := s.found.heads[b]
	if len(values) == 0 {
		return "if True:"
	}
	var left, right []string
	for _, name := range sorted(values) {
		left, right = append(left, name), append(right, values[name])
	}
	return fmt.Sprintf("for %s, in [(%s,)]:", strings.Join(left, ", "), strings.Join(right, ", "))
}

// copyUnit copies a statement; of an import only the names that are needed, so
// that a worker needs no more than the function does.
func (p *page) copyUnit(s *slicer, u *unit) bool {
	var names []pyast.Alias
	var prefix string
	switch st := u.stmt.(type) {
	case *pyast.ImportFrom:
		names, prefix = st.Names, "from "+s.absolute(st)+" import "
	case *pyast.Import:
		names, prefix = st.Names, "import "
	default:
		return p.copy(u.stmt)
	}
	var kept []string
	for _, a := range names {
		lv, needed := s.found.owner[a.Bound()]
		switch {
		case a.Name == "*":
			kept = append(kept, sorted(s.found.stars[u])...)
		case !needed || lv != u.level:
		case a.AsName != "":
			kept = append(kept, a.Name+" as "+a.AsName)
		default:
			kept = append(kept, a.Name)
		}
	}
	line := u.stmt.Where().Line
	return p.put(line, p.indent(line), prefix+strings.Join(kept, ", "))
}

// extra is an assignment that a slice adds: the function as an expression.
type extra struct {
	at     pyast.Stmt // the statement in which the expression stands
	block  *block
	line   int
	indent string
	text   string // may have several lines
}

func (p *page) copyExtra(e *extra) bool {
	lines := strings.Split(e.text, "\n")
	for len(p.out) < e.line+len(lines)-1 {
		p.out, p.closed, p.src = append(p.out, ""), append(p.closed, false), append(p.src, "")
	}
	for i := range lines[1:] {
		if p.out[e.line+i] != "" {
			return false
		}
		p.out[e.line+i], p.closed[e.line+i] = lines[i+1], true
	}
	return p.put(e.line, e.indent, lines[0])
}
