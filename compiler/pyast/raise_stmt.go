package pyast

import (
	"fmt"
	"strings"

	"github.com/go-python/gpython/ast"
)

// stmts raises the statements of a block; last is the block's last token, a
// semicolon if there is one.
func (r *raiser) stmts(list []ast.Stmt) (out []Stmt, last int) {
	for len(list) > 0 {
		first := r.token(list[0])
		r.current = first
		r.enter()
		var s Stmt
		used := 1
		if _, ok := list[0].(*ast.ExprStmt); ok {
			s, last, used = r.expression(list)
		} else {
			s, last = r.stmt(list[0], first)
		}
		r.leave()
		out = append(out, s)
		list = list[used:]
	}
	if r.is(last+1, ";") {
		last++
	}
	return out, last
}

// stmt raises a statement that begins with token first.
func (r *raiser) stmt(s ast.Stmt, first int) (Stmt, int) {
	switch s := s.(type) {
	case *ast.FunctionDef:
		return r.function(s, first)
	case *ast.ClassDef:
		return r.class(s, first)
	case *ast.If, *ast.For, *ast.While, *ast.With, *ast.Try:
		return r.compound(s, first)
	}
	last := r.simpleEnd(first)
	at := stmtNode{r.node(extent{first, last})}
	switch s := s.(type) {
	case *ast.Import, *ast.ImportFrom, *ast.Global, *ast.Nonlocal:
		return r.naming(s, first, at), last
	case *ast.Return, *ast.Raise, *ast.Assert:
		return r.leaving(s, first, at), last
	case *ast.Pass:
		return &Pass{at}, last
	case *ast.Break:
		return &Break{at}, last
	case *ast.Continue:
		return &Continue{at}, last
	}
	panic(fmt.Sprintf("unknown statement %T", s))
}

// simpleEnd returns the last token of the simple statement that begins at
// first.
func (r *raiser) simpleEnd(first int) int {
	i := first
	for r.tokens[i].kind != tokNewline && !r.is(i, ";") {
		if r.tokens[i].partner > i {
			i = r.tokens[i].partner
		}
		i++
	}
	return i - 1
}

// expression raises an expression or an assignment, the parts of which were
// lowered to statements of their own. It returns the number of these.
func (r *raiser) expression(list []ast.Stmt) (s Stmt, last, used int) {
	var parts []Expr
	var separators []int
	var whole extent
	for {
		value, x := r.expr(list[used].(*ast.ExprStmt).Value)
		if used == 0 {
			whole = x
		}
		whole.last = x.last
		parts = append(parts, value)
		used++
		next := x.last + 1
		if t := &r.tokens[next]; !separates[t.text] || t.kind != tokOp {
			break
		}
		separators = append(separators, next)
		if used == len(list) || r.token(list[used]) != next+1 || !isExprStmt(list[used]) {
			fail(r.at(next+1, next+1), "invalid syntax")
		}
	}
	at := stmtNode{r.node(whole)}
	if len(separators) == 0 {
		return &ExprStmt{at, parts[0]}, whole.last, used
	}
	return r.assignment(at, parts, separators), whole.last, used
}

func isExprStmt(s ast.Stmt) bool {
	_, ok := s.(*ast.ExprStmt)
	return ok
}

// assignment makes the assignment that parts with separators between them
// are: "a = b = c", "a: b = c" or "a += b".
func (r *raiser) assignment(at stmtNode, parts []Expr, separators []int) Stmt {
	first := r.tokens[separators[0]].text
	for i, sep := range separators[1:] {
		ok := r.is(sep, "=") && (first == "=" || first == ":" && i == 0)
		if !ok {
			fail(r.at(sep, sep), "invalid syntax")
		}
	}
	switch first {
	case "=":
		n := len(parts) - 1
		for _, target := range parts[:n] {
			hint := meantEqual
			if n > 1 {
				hint = ""
			}
			checkTarget(target, "assign to", hint)
			setContext(target, Store)
		}
		return &Assign{at, parts[:n], parts[n]}
	case ":":
		checkAnnotated(parts[0])
		setContext(parts[0], Store)
		return &AnnAssign{at, parts[0], parts[1], append(parts, nil)[2]}
	}
	checkAugmented(parts[0])
	setContext(parts[0], Store)
	return &AugAssign{at, parts[0], strings.TrimSuffix(first, "="), parts[1]}
}

// leaving raises statements that may end a block.
func (r *raiser) leaving(s ast.Stmt, first int, at stmtNode) Stmt {
	switch s := s.(type) {
	case *ast.Return:
		value, x := r.optional(s.Value, extent{})
		if r.is(first, "del") {
			return &Delete{at, r.deleted(value, x, first)}
		}
		return &Return{at, value}
	case *ast.Raise:
		exc, _ := r.optional(s.Exc, extent{})
		cause, _ := r.optional(s.Cause, extent{})
		return &Raise{at, exc, cause}
	case *ast.Assert:
		test, _ := r.expr(s.Test)
		msg, _ := r.optional(s.Msg, extent{})
		return &Assert{at, test, msg}
	}
	panic(fmt.Sprintf("unknown statement %T", s))
}

// deleted returns the targets of a del statement, which was lowered to a
// return of them.
func (r *raiser) deleted(value Expr, x extent, first int) []Expr {
	if value == nil {
		fail(r.at(first+1, first+1), "invalid syntax")
	}
	targets := []Expr{value}
	inBrackets := r.tokens[x.first].opens() && r.tokens[x.first].partner == x.last
	if t, ok := value.(*Tuple); ok && !inBrackets {
		targets = t.Elts
	}
	for _, target := range targets {
		checkTarget(target, "delete", "")
		setContext(target, Del)
	}
	return targets
}

// naming raises statements that consist of names; these are read from the
// tokens behind the keyword at first.
func (r *raiser) naming(s ast.Stmt, first int, at stmtNode) Stmt {
	switch s := s.(type) {
	case *ast.Import:
		return &Import{at, r.aliases(s.Names)}
	case *ast.ImportFrom:
		i := first + 1
		level := 0
		for ; r.is(i, ".") || r.is(i, "..."); i++ {
			level += len(r.tokens[i].text)
		}
		module := ""
		if !r.is(i, "import") {
			module, _ = r.dotted(i)
		}
		return &ImportFrom{at, module, r.aliases(s.Names), level}
	case *ast.Global:
		return &Global{at, r.names(first+1, len(s.Names))}
	case *ast.Nonlocal:
		return &Nonlocal{at, r.names(first+1, len(s.Names))}
	}
	panic(fmt.Sprintf("unknown statement %T", s))
}

// dotted reads a dotted name that begins at token i; it returns its last
// token too.
func (r *raiser) dotted(i int) (string, int) {
	name := r.tokens[i].text
	for r.is(i+1, ".") {
		i += 2
		name += "." + r.tokens[i].text
	}
	return name, i
}

// names reads n names with commas between them.
func (r *raiser) names(i, n int) []string {
	out := make([]string, n)
	for k := range out {
		out[k] = r.tokens[i+2*k].text
	}
	return out
}

func (r *raiser) aliases(list []*ast.Alias) []Alias {
	out := make([]Alias, len(list))
	for k, a := range list {
		first := r.token(a)
		name, last := r.dotted(first)
		out[k].Name = name
		if a.AsName != "" {
			last += 2
			out[k].AsName = r.tokens[last].text
		}
		out[k].Span = r.at(first, last)
		if k == len(list)-1 && r.is(last+1, ",") && r.tokens[last+1].within < 0 {
			fail(r.at(last+1, last+1), "trailing comma not allowed without surrounding parentheses")
		}
	}
	return out
}
