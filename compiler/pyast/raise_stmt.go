package pyast

import (
	"fmt"

	"github.com/go-python/gpython/ast"
)

// stmts raises statements; last is the last one's last token.
func (r *raiser) stmts(list []ast.Stmt) (out []Stmt, last int) {
	for i := 0; i < len(list); i++ {
		first := r.token(list[i])
		r.enter(first)
		var s Stmt
		if colon, ok := r.annotations[first]; ok {
			s, last = r.annotated(list[i:], first, colon)
			if s.(*AnnAssign).Value != nil {
				i++ // the value stood in a statement of its own
			}
		} else {
			s, last = r.stmt(list[i], first)
		}
		r.leave()
		out = append(out, s)
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
	case *ast.Assign, *ast.AugAssign, *ast.Delete, *ast.ExprStmt:
		return r.binding(s, at), last
	case *ast.Import, *ast.ImportFrom, *ast.Global, *ast.Nonlocal:
		return r.naming(s, first, at), last
	case *ast.Return, *ast.Raise, *ast.Assert:
		return r.leaving(s, at), last
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

// annotated raises "target: annotation = value", which was lowered to
// "target = annotation; value".
func (r *raiser) annotated(list []ast.Stmt, first, colon int) (Stmt, int) {
	last := r.simpleEnd(first)
	n := &AnnAssign{stmtNode: stmtNode{r.node(extent{first, last})}}
	assign, ok := list[0].(*ast.Assign)
	if !ok || len(assign.Targets) != 1 {
		fail(r.at(colon, colon), "invalid syntax")
	}
	var x extent
	n.Target, _ = r.expr(assign.Targets[0])
	switch n.Target.(type) {
	case *Name, *Attribute, *Subscript:
	case *Tuple:
		fail(n.Target.Where(), "only single target (not tuple) can be annotated")
	case *List:
		fail(n.Target.Where(), "only single target (not list) can be annotated")
	default:
		fail(n.Target.Where(), "illegal target for annotation")
	}
	n.Annotation, x = r.expr(assign.Value)
	if x.last == last {
		return n, last
	}
	equals := x.last + 1
	if len(list) > 1 {
		if value, ok := list[1].(*ast.ExprStmt); ok {
			n.Value, x = r.expr(value.Value)
		}
	}
	if n.Value == nil || x.last != last {
		fail(r.at(equals, equals), "invalid syntax")
	}
	return n, last
}

// binding raises assignments, deletions and expressions.
func (r *raiser) binding(s ast.Stmt, at stmtNode) Stmt {
	switch s := s.(type) {
	case *ast.Assign:
		targets, _ := r.list(s.Targets)
		value, _ := r.expr(s.Value)
		return &Assign{at, targets, value}
	case *ast.AugAssign:
		target, _ := r.expr(s.Target)
		checkAugmented(target)
		value, _ := r.expr(s.Value)
		return &AugAssign{at, target, binaryOps[s.Op], value}
	case *ast.Delete:
		targets, _ := r.list(s.Targets)
		return &Delete{at, targets}
	case *ast.ExprStmt:
		value, _ := r.expr(s.Value)
		return &ExprStmt{at, value}
	}
	panic(fmt.Sprintf("unknown statement %T", s))
}

// checkAugmented refuses targets that gpython lets pass.
func checkAugmented(target Expr) {
	switch target.(type) {
	case *Tuple:
		fail(target.Where(), "'tuple' is an illegal expression for augmented assignment")
	case *List:
		fail(target.Where(), "'list' is an illegal expression for augmented assignment")
	}
}

// leaving raises statements that may end a block.
func (r *raiser) leaving(s ast.Stmt, at stmtNode) Stmt {
	switch s := s.(type) {
	case *ast.Return:
		value, _ := r.optional(s.Value, extent{})
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
	}
	return out
}
