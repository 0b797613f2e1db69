package pyast

import (
	"fmt"

	"github.com/go-python/gpython/ast"
)

// compound raises a statement with blocks. It ends with its last block.
func (r *raiser) compound(s ast.Stmt, first int) (Stmt, int) {
	switch s := s.(type) {
	case *ast.If:
		return r.ifElse(s, first)
	case *ast.For:
		n := &For{}
		n.Target = r.forTarget(s.Target)
		n.Iter, _ = r.expr(s.Iter)
		var last int
		n.Body, last = r.stmts(s.Body)
		n.OrElse, last = r.block(s.Orelse, last)
		n.Span = r.at(first, last)
		return n, last
	case *ast.While:
		n := &While{}
		n.Test, _ = r.expr(s.Test)
		var last int
		n.Body, last = r.stmts(s.Body)
		n.OrElse, last = r.block(s.Orelse, last)
		n.Span = r.at(first, last)
		return n, last
	case *ast.With:
		n := &With{}
		for _, item := range s.Items {
			context, _ := r.expr(item.ContextExpr)
			vars, _ := r.optional(item.OptionalVars, extent{})
			setContext(vars, Store)
			n.Items = append(n.Items, WithItem{context, vars})
		}
		var last int
		n.Body, last = r.stmts(s.Body)
		n.Span = r.at(first, last)
		return n, last
	case *ast.Try:
		return r.try(s, first)
	}
	panic(fmt.Sprintf("unknown statement %T", s))
}

// block raises a block that may be missing; without one the last token is the
// one given.
func (r *raiser) block(list []ast.Stmt, last int) ([]Stmt, int) {
	if len(list) == 0 {
		return nil, last
	}
	return r.stmts(list)
}

// ifElse raises an if or elif. gpython misplaces an elif, so its own keyword
// is looked up behind the block before it.
func (r *raiser) ifElse(s *ast.If, first int) (Stmt, int) {
	r.enter()
	defer r.leave()
	n := &If{}
	n.Test, _ = r.expr(s.Test)
	var last int
	n.Body, last = r.stmts(s.Body)
	if next := r.nextToken(last); len(s.Orelse) > 0 && r.is(next, "elif") {
		var elif Stmt
		elif, last = r.ifElse(s.Orelse[0].(*ast.If), next)
		n.OrElse = []Stmt{elif}
	} else {
		n.OrElse, last = r.block(s.Orelse, last)
	}
	n.Span = r.at(first, last)
	return n, last
}

// forTarget raises the target of a for loop; gpython loses the comma of a
// tuple of one element.
func (r *raiser) forTarget(e ast.Expr) Expr {
	target, x := r.expr(e)
	if r.is(x.last+1, ",") {
		target, _ = r.tuple(x.first, []Expr{target}, x)
	}
	setContext(target, Store)
	return target
}

func (r *raiser) try(s *ast.Try, first int) (Stmt, int) {
	n := &Try{}
	var last int
	n.Body, last = r.stmts(s.Body)
	if len(s.Handlers)+len(s.Finalbody) == 0 {
		next := r.nextToken(last)
		fail(r.at(next, next), "expected 'except' or 'finally' block")
	}
	for _, h := range s.Handlers {
		except := r.nextToken(last)
		handler := &ExceptHandler{}
		var x extent
		handler.Type, x = r.optional(h.ExprType, extent{except, except})
		if r.is(x.last+1, "as") {
			handler.Name = r.tokens[x.last+2].text
		}
		handler.Body, last = r.stmts(h.Body)
		handler.Span = r.at(except, last)
		n.Handlers = append(n.Handlers, handler)
	}
	n.OrElse, last = r.block(s.Orelse, last)
	n.FinalBody, last = r.block(s.Finalbody, last)
	n.Span = r.at(first, last)
	return n, last
}

// decorators raises decorators, which were lowered to calls of one argument.
func (r *raiser) decorators(list []ast.Expr) []Expr {
	var out []Expr
	for _, d := range list {
		call := d.(*ast.Call)
		if len(call.Args) != 1 || len(call.Keywords) != 0 {
			i := r.token(call.Func)
			fail(r.at(i, i), "invalid syntax")
		}
		node, _ := r.expr(call.Args[0])
		out = append(out, node)
	}
	return out
}

func (r *raiser) function(s *ast.FunctionDef, first int) (Stmt, int) {
	name, open := first+1, first+2
	n := &FunctionDef{Name: r.tokens[name].text, NameSpan: r.at(name, name), Async: r.is(first-1, "async")}
	n.Decorators = r.decorators(s.DecoratorList)
	n.Args = r.parameters(s.Args, open)
	n.Returns, _ = r.optional(s.Returns, extent{})
	var last int
	n.Body, last = r.stmts(s.Body)
	n.Span = r.at(first, last)
	return n, last
}

func (r *raiser) class(s *ast.ClassDef, first int) (Stmt, int) {
	name, open := first+1, first+2
	n := &ClassDef{Name: r.tokens[name].text, NameSpan: r.at(name, name)}
	n.Decorators = r.decorators(s.DecoratorList)
	n.Bases, n.Keywords = r.arguments(s.Bases, s.Keywords, open)
	var last int
	n.Body, last = r.stmts(s.Body)
	n.Span = r.at(first, last)
	return n, last
}
