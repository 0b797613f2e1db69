package pyast

import (
	"fmt"

	"github.com/go-python/gpython/ast"
)

var binaryOps = map[ast.OperatorNumber]string{
	ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Modulo: "%", ast.Pow: "**",
	ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&", ast.FloorDiv: "//",
}

var unaryOps = map[ast.UnaryOpNumber]string{ast.Invert: "~", ast.Not: "not", ast.UAdd: "+", ast.USub: "-"}

var boolOps = map[ast.BoolOpNumber]string{ast.And: "and", ast.Or: "or"}

var compareOps = map[ast.CmpOp]string{
	ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
	ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}

// expr raises an expression. The extent includes the parentheses around it,
// the node's own span doesn't.
func (r *raiser) expr(e ast.Expr) (Expr, extent) {
	r.enter()
	defer r.leave()
	node, x := r.bare(e)
	return node, r.outer(x)
}

// optional raises an expression that may be missing; without one the extent
// is the one given.
func (r *raiser) optional(e ast.Expr, x extent) (Expr, extent) {
	if e == nil {
		return nil, x
	}
	return r.expr(e)
}

// list raises expressions that follow each other; their extents reach from
// the first to the last one.
func (r *raiser) list(es []ast.Expr) (nodes []Expr, x extent) {
	for i, e := range es {
		node, ex := r.expr(e)
		if i == 0 {
			x = ex
		}
		x.last = ex.last
		nodes = append(nodes, node)
	}
	return nodes, x
}

// bare raises an expression; the extent is that of its span.
func (r *raiser) bare(e ast.Expr) (Expr, extent) {
	switch e := e.(type) {
	case *ast.Name, *ast.NameConstant, *ast.Ellipsis, *ast.Num, *ast.Str, *ast.Bytes:
		return r.atom(r.token(e))
	case *ast.Attribute, *ast.Subscript, *ast.Call:
		return r.trailer(e)
	case *ast.BinOp, *ast.UnaryOp, *ast.BoolOp, *ast.Compare, *ast.IfExp:
		return r.operation(e)
	case *ast.Tuple, *ast.List, *ast.Set, *ast.Dict:
		return r.display(e)
	case *ast.ListComp, *ast.SetComp, *ast.DictComp, *ast.GeneratorExp:
		return r.comprehension(e)
	case *ast.Lambda:
		return r.lambda(e)
	case *ast.Starred:
		first := r.token(e)
		value, x := r.expr(e.Value)
		return r.starred(first, value, x.last)
	case *ast.Yield:
		first := r.token(e)
		value, x := r.optional(e.Value, extent{first, first})
		x.first = first
		return &Yield{exprNode{r.node(x)}, value}, x
	case *ast.YieldFrom:
		value, x := r.expr(e.Value)
		x.first = r.token(e)
		return &YieldFrom{exprNode{r.node(x)}, value}, x
	}
	panic(fmt.Sprintf("unknown expression %T", e))
}

func (r *raiser) starred(first int, value Expr, last int) (Expr, extent) {
	x := extent{first, last}
	return &Starred{exprNode{r.node(x)}, value}, x
}

// atom raises a name or literal from its token.
func (r *raiser) atom(i int) (Expr, extent) {
	x := extent{i, i}
	t := &r.tokens[i]
	switch t.kind {
	case tokNumber:
		kind, text := number(t.text)
		return &Constant{exprNode: exprNode{r.node(x)}, Kind: kind, Text: text}, x
	case tokString:
		return r.strings(i)
	}
	kind, ok := constants[t.text]
	if !ok {
		return &Name{exprNode: exprNode{r.node(x)}, ID: t.text}, x
	}
	return &Constant{exprNode: exprNode{r.node(x)}, Kind: kind}, x
}

var constants = map[string]ConstKind{"None": ConstNone, "True": ConstTrue, "False": ConstFalse, "...": ConstEllipsis}

// trailer raises what follows an operand: gpython places it at its dot or
// bracket, or nowhere.
func (r *raiser) trailer(e ast.Expr) (Expr, extent) {
	switch e := e.(type) {
	case *ast.Attribute:
		value, x := r.expr(e.Value)
		x.last += 2 // the dot and the name
		name := r.tokens[x.last].text
		return &Attribute{exprNode{r.node(x)}, value, name, r.at(x.last, x.last), Load}, x
	case *ast.Subscript:
		value, x := r.expr(e.Value)
		x.last = r.tokens[x.last+1].partner
		return &Subscript{exprNode{r.node(x)}, value, r.index(e.Slice), Load}, x
	case *ast.Call:
		fun, x := r.expr(e.Func)
		open := x.last + 1
		x.last = r.tokens[open].partner
		args, keywords := r.arguments(e.Args, e.Keywords, open)
		return &Call{exprNode{r.node(x)}, fun, args, keywords}, x
	}
	panic(fmt.Sprintf("unknown trailer %T", e))
}

func (r *raiser) operation(e ast.Expr) (Expr, extent) {
	switch e := e.(type) {
	case *ast.BinOp:
		left, x := r.expr(e.Left)
		right, rx := r.expr(e.Right)
		x.last = rx.last
		return &BinOp{exprNode{r.node(x)}, left, binaryOps[e.Op], right}, x
	case *ast.UnaryOp:
		operand, x := r.expr(e.Operand)
		x.first = r.token(e)
		return &UnaryOp{exprNode{r.node(x)}, unaryOps[e.Op], operand}, x
	case *ast.BoolOp:
		values, x := r.list(e.Values)
		return &BoolOp{exprNode{r.node(x)}, boolOps[e.Op], values}, x
	case *ast.Compare:
		left, x := r.expr(e.Left)
		others, ox := r.list(e.Comparators)
		x.last = ox.last
		ops := make([]string, len(e.Ops))
		for i, op := range e.Ops {
			ops[i] = compareOps[op]
		}
		return &Compare{exprNode{r.node(x)}, left, ops, others}, x
	case *ast.IfExp:
		body, x := r.expr(e.Body)
		test, _ := r.expr(e.Test)
		orElse, ox := r.expr(e.Orelse)
		x.last = ox.last
		return &IfExp{exprNode{r.node(x)}, test, body, orElse}, x
	}
	panic(fmt.Sprintf("unknown operation %T", e))
}

// lambda raises a lambda and what lowering made one.
func (r *raiser) lambda(e *ast.Lambda) (Expr, extent) {
	first := r.token(e)
	switch body, x := r.expr(e.Body); {
	case r.is(first, "lambda"):
		x.first = first
		return &Lambda{exprNode{r.node(x)}, r.parameters(e.Args, first), body}, x
	case r.is(first, "*"):
		return r.starred(first, body, x.last)
	case r.is(first, "**"):
		fail(r.at(first, first), "invalid syntax")
		return nil, x
	default:
		x.first = first
		target := &Name{exprNode{r.node(extent{first, first})}, r.tokens[first].text, Store}
		return &NamedExpr{exprNode{r.node(x)}, target, body}, x
	}
}
