package pyast

import (
	"fmt"
	"sort"
	"strings"

	"github.com/go-python/gpython/ast"
	"github.com/go-python/gpython/parser"
	"github.com/go-python/gpython/py"

	"pyfc/ir/diag"
)

// Parse turns a file into its syntax tree. The diagnostic is PySyntax when
// CPython would refuse the text too, and PyUnsupported when the text has
// syntax that pyfc doesn't take: async and await, match statements, the "@"
// operator and "except*". Parse accepts a few programs that CPython refuses.
func Parse(file *File) (module *Module, diagnostic *diag.Diagnostic) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			module, diagnostic = nil, r.diagnostic
		default:
			module = nil
			diagnostic = diag.New(diag.InternalError, diag.Pos{File: file.Name}, "the parser failed: %v", r)
		}
	}()
	src := newSource(file)
	src.checkText()
	return &Module{File: file, Body: parseTokens(src, scanFile(src))}, nil
}

// parseTokens parses the statements of a token list.
func parseTokens(src *source, tokens []token) []Stmt {
	text, notes := lower(src, tokens)
	r := &raiser{src: src, tokens: tokens, notes: notes}
	tree, err := parser.Parse(strings.NewReader(text), src.file.Name, py.ExecMode)
	if err != nil {
		r.explain(err)
	}
	body, _ := r.stmts(tree.(*ast.Module).Body)
	return body
}

// explain fails with the diagnostic for an error of gpython's, which says
// where its lexer stood: behind the token that the grammar didn't expect.
func (r *raiser) explain(err error) {
	exception, ok := err.(*py.Exception)
	if !ok {
		panic(err)
	}
	line, _ := exception.Dict["lineno"].(py.Int)
	col, _ := exception.Dict["offset"].(py.Int)
	i := r.tokenBefore(int(line), int(col))
	t := &r.tokens[i]
	message := strings.Trim(fmt.Sprint(exception.Args), "(),'")
	switch {
	case t.kind == tokNewline && r.inHeader(i):
		fail(r.at(i, i), "expected ':'")
	case strings.HasPrefix(message, "can't"):
		fail(r.at(i, i), "%s", message)
	default:
		fail(r.at(i, i), "invalid syntax")
	}
}

// tokenBefore returns the token that was written last before a place of the
// lowered text.
func (r *raiser) tokenBefore(line, col int) int {
	n := sort.Search(len(r.marks), func(k int) bool {
		m := r.marks[k]
		return m.line > line || m.line == line && m.col >= col
	})
	return r.marks[max(n-1, 0)].token
}

// inHeader reports whether the newline at i ends a line that begins with the
// keyword of a compound statement.
func (r *raiser) inHeader(i int) bool {
	first := i
	for first > 0 && r.tokens[first-1].kind < tokNewline {
		first--
	}
	return headers[r.tokens[first].text] != ""
}
