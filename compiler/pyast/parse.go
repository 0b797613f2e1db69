package pyast

import (
	"fmt"
	"strings"

	"github.com/go-python/gpython/ast"
	"github.com/go-python/gpython/parser"
	"github.com/go-python/gpython/py"

	"pyfc/compiler/words"
	"pyfc/ir/diag"
)

// Parse turns a file into its syntax tree. The diagnostic is PySyntax when
// CPython would refuse the text too, and PyUnsupported when the text has
// syntax that pyfc doesn't take: await outside of functions, match statements, the "@"
// operator, "except*" and encodings other than UTF-8. The language is that of
// CPython 3.11; a few malformed programs that it refuses are accepted.
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
	i := r.marks[max(r.markAt(int(line), int(col))-1, 0)].token
	if strings.Contains(fmt.Sprint(exception.Args), "can't") {
		r.checkLoopTargets()
	}
	r.complain(i)
}

// complain fails with what is wrong with token i, which the grammar didn't
// expect.
func (r *raiser) complain(i int) {
	t, first := &r.tokens[i], i
	for first > 0 && r.tokens[first-1].kind < tokNewline {
		first--
	}
	word := r.tokens[first].text
	inBrackets := t.within >= 0
	switch header := headers[word] != ""; {
	case t.kind == tokNewline && header:
		fail(r.at(i, i), "expected ':'")
	case t.is(",") && word == "except" && !inBrackets:
		fail(r.at(first+1, i), "multiple exception types must be parenthesized")
	case t.is("=") && (header || inBrackets):
		fail(r.at(i, i), "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
	case i == first+1 && (word == "print" || word == "exec") && t.startsOperand():
		fail(r.at(first, i), "Missing parentheses in call to '%s'. Did you mean %s(...)?", word, word)
	case inBrackets && i > 0 && r.tokens[i-1].endsOperand() && t.startsOperand():
		fail(r.at(i, i), "invalid syntax. Perhaps you forgot a comma?")
	}
	fail(r.at(i, i), "invalid syntax")
}

// checkLoopTargets fails at the first target of a loop or with statement that
// cannot be assigned to. gpython finds them too, but says so only when it has
// read the whole statement.
func (r *raiser) checkLoopTargets() {
	for i := range r.tokens {
		if !r.is(i, "for") && !r.is(i, "as") {
			continue
		}
		end := i + 1
		for r.tokens[end].kind < tokNewline && !endsTarget[r.tokens[end].text] {
			end = max(end, r.tokens[end].partner) + 1
		}
		from := r.tokens[i+1].from
		target := parseTokens(r.src, scanExpr(r.src, from, r.tokens[end].from.off))
		for _, s := range target {
			if e, ok := s.(*ExprStmt); ok {
				checkTarget(e.Value, "assign to", "")
			}
		}
	}
}

// endsTarget are the tokens behind the target of a "for" or "as".
var endsTarget = words.Set("in , : ) ] }")
