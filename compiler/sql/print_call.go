package sql

import "strings"

// call prints an operator between or around its operands, each of which is in
// brackets unless it is a leaf, or a function before its arguments.
func (w *printer) call(c *Call) {
	switch c.Func {
	case OpPlus, OpMinus:
		if len(c.Args) == 1 {
			w.add(c.Func, " ")
			w.operand(c.Args[0])
			return
		}
		w.infix(c.Args, c.Func)
	case OpTimes, OpDiv, OpMod, OpConcat, OpEq, OpNe, OpLt, OpLe, OpGt, OpGe, OpAnd, OpOr,
		OpIsDistinct, OpIsNotDistinct, OpRange:
		w.infix(c.Args, c.Func)
	case OpNot:
		w.add("NOT ")
		w.operand(c.Args[0])
	case OpIsNull, OpIsNotNull, OpIsTrue, OpIsNotTrue, OpIsFalse, OpIsNotFalse, OpIsUnknown, OpIsNotUnknown:
		w.operand(c.Args[0])
		w.add(" ", c.Func)
	case OpLike, OpSimilar:
		w.infix(c.Args[:2], c.Func)
		if len(c.Args) > 2 {
			w.add(" ESCAPE ")
			w.operand(c.Args[2])
		}
	case OpBetween, OpBetweenSymmetric:
		w.infix(c.Args[:2], c.Func)
		w.add(" AND ")
		w.operand(c.Args[2])
	case OpIn:
		w.operand(c.Args[0])
		w.add(" IN (")
		w.exprs(c.Args[1:])
		w.add(")")
	case OpIsJSON:
		w.operand(c.Args[0])
		w.add(" ", c.Func)
		if len(c.Args) > 1 {
			w.add(" ", jsonWord(c, 1))
		}
	case OpItem:
		w.operand(c.Args[0])
		w.add("[")
		w.expr(c.Args[1])
		w.add("]")
	case OpArray, OpMap:
		w.add(c.Func, "[")
		w.exprs(c.Args)
		w.add("]")
	default:
		w.function(c)
	}
}

// infix prints operands with an operator between them; an API call may have
// fewer than the operator needs.
func (w *printer) infix(args []Expr, op string) {
	for i, a := range args {
		if i > 0 {
			w.add(" ", op, " ")
		}
		w.operand(a)
	}
}

// operand prints x, in brackets unless nothing can bind into it.
func (w *printer) operand(x Expr) {
	switch x := x.(type) {
	case *Ident, *Literal, *Cast, *Case, *Star:
		w.expr(x)
		return
	case *Call:
		if !isOperator(x.Func) {
			w.expr(x)
			return
		}
	}
	w.add("(")
	w.expr(x)
	w.add(")")
}

// isOperator reports whether a call prints with its operands at its ends.
func isOperator(fn string) bool {
	switch fn {
	case OpAnd, OpOr, OpNot, OpLike, OpSimilar, OpBetween, OpBetweenSymmetric, OpIn, OpRange, OpItem, OpField:
		return true
	}
	return strings.HasPrefix(fn, "IS ") || strings.Trim(fn, "+-*/%|=<>") == ""
}

// function prints NAME(args), with the syntax of its own where it has one.
func (w *printer) function(c *Call) {
	switch {
	case c.Func == OpField && len(c.Args) == 2:
		if lit, ok := c.Args[1].(*Literal); ok {
			if name, ok := lit.Value.(string); ok {
				w.operand(c.Args[0])
				w.add(".")
				w.name(name)
				return
			}
		}
	case c.Func == OpRow && c.Written == "":
		w.add("ROW(")
		w.exprs(c.Args)
		w.add(")")
		return
	case niladic[c.Func] && len(c.Args) == 0:
		w.add(c.Func)
		return
	}
	for _, n := range c.Path {
		w.name(n.Text)
		w.add(".")
	}
	w.functionName(c)
	w.add("(")
	w.arguments(c)
	w.add(")")
	if c.Filter != nil {
		w.add(" FILTER (WHERE ")
		w.expr(c.Filter)
		w.add(")")
	}
}

// functionName prints the name as written where SQL has it so.
func (w *printer) functionName(c *Call) {
	if strings.EqualFold(c.Func, c.Written) && !reserved[c.Func] {
		w.name(c.Written)
		return
	}
	if callable[c.Func] {
		w.add(c.Func)
		return
	}
	w.name(c.Func)
}

// arguments prints what stands in the brackets.
func (w *printer) arguments(c *Call) {
	if c.Distinct {
		w.add("DISTINCT ")
	}
	symbol := func(i int) bool {
		if i >= len(c.Args) {
			return false
		}
		lit, ok := c.Args[i].(*Literal)
		if !ok {
			return false
		}
		s, ok := lit.Value.(string)
		return ok && s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
	}
	word := func(i int) string { return c.Args[i].(*Literal).Value.(string) }
	switch {
	case w.json(c):
	case c.Func == "EXTRACT" && len(c.Args) == 2 && symbol(0):
		w.add(word(0), " FROM ")
		w.expr(c.Args[1])
	case (c.Func == "FLOOR" || c.Func == "CEIL") && len(c.Args) == 2 && symbol(1):
		w.expr(c.Args[0])
		w.add(" TO ", word(1))
	case c.Func == "TRIM" && len(c.Args) == 3 && symbol(0):
		w.add(word(0), " ")
		w.expr(c.Args[1])
		w.add(" FROM ")
		w.expr(c.Args[2])
	case (c.Func == "TIMESTAMPADD" || c.Func == "TIMESTAMPDIFF") && symbol(0):
		w.add(word(0), ", ")
		w.exprs(c.Args[1:])
	case c.Func == "POSITION" && len(c.Args) == 2:
		w.operand(c.Args[0])
		w.add(" IN ")
		w.operand(c.Args[1])
	case c.Func == "OVERLAY" && len(c.Args) >= 3:
		for i, word := range []string{"", " PLACING ", " FROM ", " FOR "}[:min(len(c.Args), 4)] {
			w.add(word)
			w.expr(c.Args[i])
		}
	default:
		w.exprs(c.Args)
	}
}
