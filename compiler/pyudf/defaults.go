package pyudf

import (
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
)

// edit is a text that stands in a slice in place of an expression.
type edit struct {
	at   pyast.Span
	text string
}

// freeze replaces the defaults of a function's parameters by the values that
// they had when it was defined. What a slice would compute anew may differ by
// then: the variable of a loop, say, has its last value.
func (s *slicer) freeze(fn *pyeval.Function) {
	a := arguments(fn)
	positional := append(append([]*pyast.Arg(nil), a.PosOnly...), a.Args...)
	positional = positional[len(positional)-len(a.Defaults):]
	for i, d := range append(append([]pyast.Expr(nil), a.Defaults...), a.KwDefaults...) {
		if _, constant := d.(*pyast.Constant); d == nil || constant {
			continue
		}
		p := append(positional[:len(positional):len(positional)], a.KwOnly...)[i]
		if text, plain := s.literal(fn.Default(p.Name)); plain {
			s.edits = append(s.edits, edit{d.Where(), text})
		}
	}
}

func arguments(fn *pyeval.Function) *pyast.Arguments {
	if fn.Def() != nil {
		return fn.Def().Args
	}
	return fn.Lambda().Args
}

// edited reports whether another text stands in place of an expression.
func (s *slicer) edited(x pyast.Expr) bool {
	for _, e := range s.edits {
		if x != nil && e.at == x.Where() {
			return true
		}
	}
	return false
}

// readsOf are the names that an expression needs at once or when it is called;
// those of edited defaults are not among them.
func (s *slicer) readsOf(x pyast.Expr) names {
	if l, ok := x.(*pyast.Lambda); ok {
		frozen, args := *l, *l.Args
		kept := func(list []pyast.Expr) (out []pyast.Expr) {
			for _, d := range list {
				if d != nil && !s.edited(d) {
					out = append(out, d)
				}
			}
			return out
		}
		args.Defaults, args.KwDefaults = kept(args.Defaults), kept(args.KwDefaults)
		frozen.Args = &args
		x = &frozen
	}
	return effectsOfExpr(x).reads
}

// text is the source of an expression with the edits inside it.
func (s *slicer) text(at pyast.Span) string {
	out, rest := "", at
	for _, e := range s.edits {
		if !contains(rest, e.at) {
			continue
		}
		before := rest
		before.EndLine, before.EndCol = e.at.Line, e.at.Col
		out += text(s.module.File(), before) + e.text
		rest.Line, rest.Col = e.at.EndLine, e.at.EndCol
	}
	return out + text(s.module.File(), rest)
}

// apply makes the edits in the original's lines. What follows an edit on its
// line moves, so they are made from the last to the first.
func (p *page) apply(edits []edit) {
	for i := len(edits) - 1; i >= 0; i-- {
		at := edits[i].at
		before, behind := cut(p.src[at.Line-1], 1, at.Col), cut(p.src[at.EndLine-1], at.EndCol, 0)
		for l := at.Line; l < at.EndLine-1; l++ {
			p.src[l] = ""
		}
		if at.Line == at.EndLine {
			p.src[at.Line-1] = before + edits[i].text + behind
			continue
		}
		p.src[at.Line-1], p.src[at.EndLine-1] = before+edits[i].text, behind
	}
}
