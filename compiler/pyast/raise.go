package pyast

import (
	"sort"

	"github.com/go-python/gpython/ast"
)

// raiser turns gpython's tree of the lowered text into ours. gpython's
// positions are used only to find the source token a node begins with, and
// only for the nodes where they are right; all spans follow from the tokens.
type raiser struct {
	src    *source
	tokens []token
	notes
	depth   int
	current int // the first token of the statement being raised
}

// extent is the range of tokens that a node consists of, both inclusive.
type extent struct{ first, last int }

// maxDepth bounds the nesting of a tree, so that walks over it can recurse.
const maxDepth = 5000

// enter counts a level of nesting.
func (r *raiser) enter() {
	if r.depth++; r.depth > maxDepth {
		fail(r.at(r.current, r.current), "too deeply nested")
	}
}

func (r *raiser) leave() { r.depth-- }

// at is the span from the start of token first to the end of token last.
func (r *raiser) at(first, last int) Span {
	return r.src.span(r.tokens[first].from, r.tokens[last].to)
}

func (r *raiser) node(x extent) At { return At{r.at(x.first, x.last)} }

// is reports whether token i exists and is the keyword or operator s.
func (r *raiser) is(i int, s string) bool {
	return i >= 0 && i < len(r.tokens) && r.tokens[i].is(s)
}

// token returns the source token that was written where a node of gpython's
// begins.
func (r *raiser) token(n ast.Ast) int {
	return r.marks[min(r.markAt(n.GetLineno(), n.GetColOffset()), len(r.marks)-1)].token
}

// markAt returns the index of the first mark at or behind a place of the
// lowered text.
func (r *raiser) markAt(line, col int) int {
	return sort.Search(len(r.marks), func(k int) bool {
		m := r.marks[k]
		return m.line > line || m.line == line && m.col >= col
	})
}

// outer widens an extent by the parentheses that stand directly around it.
// Those of a call or of parameters are no part of the expression.
func (r *raiser) outer(x extent) extent {
	for x.first > 0 && r.tokens[x.first-1].opens() && r.tokens[x.first-1].partner == x.last+1 {
		x.first--
		x.last++
	}
	return x
}

// brackets returns the extent of the brackets directly around token i.
func (r *raiser) brackets(i int) extent {
	open := r.tokens[i].within
	return extent{open, r.tokens[open].partner}
}

// nextToken returns the first token behind i that isn't layout.
func (r *raiser) nextToken(i int) int {
	for i++; i < len(r.tokens)-1; i++ {
		if k := r.tokens[i].kind; k != tokNewline && k != tokIndent && k != tokDedent {
			break
		}
	}
	return i
}
