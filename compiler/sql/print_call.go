package sql

import "strings"

// call prints an operator between or around its operands, each of which is in
// brackets unless it is a leaf, or a function before its arguments.
func (w *printer) call(c *Call) {
	if len(c.Args) < leastOperands[c.Func] { // an API call with too few
		w.function(c)
		return
	}
	if w.calcite && w.calciteCall(c) {
		return
	}
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
	case OpIsJSON:
		w.operand(c.Args[0])
		w.add(" ", c.Func)
		if len(c.Args) > 1 {
			w.add(" ", jsonWord(c, 1))
		}
	case OpIsNull, OpIsNotNull, OpIsTrue, OpIsNotTrue, OpIsFalse, OpIsNotFalse, OpIsUnknown, OpIsNotUnknown,
		OpIsEmpty, OpIsNotEmpty, OpIsASet, OpIsNotASet, OpFormatJSON:
		w.operand(c.Args[0])
		w.add(" ", c.Func)
	case OpLike, OpILike, OpRLike, OpSimilar:
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
		w.add(" IN ")
		w.bracketed(c.Args[1:])
	case OpItem:
		w.operand(c.Args[0])
		w.add("[")
		w.expr(c.Args[1])
		w.add("]")
	case OpArray, OpMap, OpMultiset:
		w.add(c.Func)
		if subquery(c.Args) {
			w.expr(c.Args[0])
			return
		}
		w.add("[")
		w.exprs(c.Args)
		w.add("]")
	case OpExists, OpUnique:
		w.add(c.Func, " ")
		w.operand(c.Args[0])
	default:
		switch {
		case c.Func == opOverlaps && len(c.Args) == 4:
			w.bracketed(c.Args[:2])
			w.add(" ", c.Func, " ")
			w.bracketed(c.Args[2:])
		case infixWords[c.Func]:
			w.infix(c.Args, c.Func)
		case quantified[c.Func]:
			w.operand(c.Args[0])
			w.add(" ", c.Func, " ")
			w.bracketed(c.Args[1:])
		default:
			w.function(c)
		}
	}
}

// leastOperands are the numbers of operands without which an operator can't be
// printed as SQL writes it.
var leastOperands = map[string]int{
	OpNot: 1, OpIsJSON: 1, OpIsNull: 1, OpIsNotNull: 1, OpIsTrue: 1, OpIsNotTrue: 1, OpIsFalse: 1, OpIsNotFalse: 1,
	OpIsUnknown: 1, OpIsNotUnknown: 1, OpIsEmpty: 1, OpIsNotEmpty: 1, OpIsASet: 1, OpIsNotASet: 1, OpFormatJSON: 1,
	OpLike: 2, OpILike: 2, OpRLike: 2, OpSimilar: 2, OpBetween: 3, OpBetweenSymmetric: 3, OpIn: 1, OpItem: 2,
	OpExists: 1, OpUnique: 1,
}

// infixWords are the operators between two operands that are printed as they
// are named, besides the common ones.
var infixWords = map[string]bool{
	OpMultisetUnion + " ALL": true, OpMultisetUnion + " DISTINCT": true,
	OpMultisetExcept + " ALL": true, OpMultisetExcept + " DISTINCT": true,
	OpMultisetIntersect + " ALL": true, OpMultisetIntersect + " DISTINCT": true,
}

// quantified are the comparisons with SOME and ALL.
var quantified = map[string]bool{}

func init() {
	for _, op := range wordOperators {
		infixWords[op.text] = true
	}
	for op, prec := range binaryPrec {
		if prec == precComparison {
			quantified[op+" SOME"], quantified[op+" ALL"] = true, true
		}
	}
}

// subquery reports whether args are a query alone.
func subquery(args []Expr) bool {
	if len(args) != 1 {
		return false
	}
	_, ok := args[0].(*Subquery)
	return ok
}

// bracketed prints (args); a query has its own brackets.
func (w *printer) bracketed(args []Expr) {
	if subquery(args) {
		w.expr(args[0])
		return
	}
	w.add("(")
	w.exprs(args)
	w.add(")")
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
	if w.calcite {
		w.within(x, precSign)
		return
	}
	switch x := x.(type) {
	case *Ident, *Literal, *Cast, *Case, *Star, *Subquery, *Param, *Default:
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
	case OpAnd, OpOr, OpNot, OpLike, OpILike, OpRLike, OpSimilar, OpBetween, OpBetweenSymmetric, OpIn, OpRange, OpItem, OpField:
		return true
	}
	if fn == OpExists || fn == OpUnique || fn == OpFormatJSON || infixWords[fn] || quantified[fn] {
		return true
	}
	return strings.HasPrefix(fn, "IS ") || strings.Trim(fn, "+-*/%|=<>") == ""
}

// function prints NAME(args), with the syntax of its own where it has one.
func (w *printer) function(c *Call) {
	switch {
	case c.Func == OpField && len(c.Args) == 2:
		if w.field(c) {
			return
		}
	case c.Func == OpRow && c.Written == "":
		w.add("ROW(")
		w.exprs(c.Args)
		w.add(")")
		return
	case c.Written == "" && len(c.Args) == 1 && w.wordBefore(c):
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
	w.afterCall(c)
}

// field prints x.name, or x.name(args).
func (w *printer) field(c *Call) bool {
	row := func() {
		switch x := c.Args[0].(type) {
		case *Ident: // (a).b, which is no column b of a table a
			w.add("(")
			w.expr(x)
			w.add(")")
		case *Call:
			if x.Func == OpField {
				w.expr(x) // f(x).a.b
				break
			}
			w.operand(x)
		default:
			w.operand(x)
		}
		w.add(".")
	}
	switch f := c.Args[1].(type) {
	case *Call:
		row()
		w.function(f)
		return true
	case *Literal:
		if name, ok := f.Value.(string); ok {
			row()
			w.name(name)
			return true
		}
	}
	return false
}

// wordBefore prints the forms that are a word before a call or name.
func (w *printer) wordBefore(c *Call) bool {
	switch c.Func {
	case "RUNNING", "FINAL", "SPECIFIC", "NEW":
		w.add(c.Func, " ")
		w.expr(c.Args[0])
	case "NEXT VALUE", "CURRENT VALUE":
		w.add(c.Func, " FOR ")
		w.expr(c.Args[0])
	case OpEscape:
		w.add("{fn ")
		inner := c.Args[0].(*Call)
		w.add(inner.Written, "(")
		w.exprs(inner.Args)
		w.add(")}")
	default:
		return false
	}
	return true
}

// afterCall prints what follows the arguments.
func (w *printer) afterCall(c *Call) {
	if c.Nulls != "" && c.Func != "ARRAY_AGG" {
		w.add(" ", c.Nulls, " NULLS")
	}
	if len(c.WithinDistinct) > 0 {
		w.add(" WITHIN DISTINCT (")
		w.exprs(c.WithinDistinct)
		w.add(")")
	}
	if len(c.WithinGroup) > 0 {
		w.add(" WITHIN GROUP (")
		w.orderBy("", c.WithinGroup)
		w.add(")")
	}
	w.optional(" FILTER (WHERE ", c.Filter, ")")
	if c.Over != nil {
		w.add(" OVER ")
		w.window(c.Over)
	}
}

// functionName prints the name as written where SQL has it so.
func (w *printer) functionName(c *Call) {
	switch {
	case w.calcite && standardFunctions[c.Func]:
		w.add(c.Func)
		return
	case w.calcite:
		w.name(c.Func)
		return
	}
	if strings.EqualFold(c.Func, c.Written) && !reserved[c.Func] {
		w.name(c.Written)
		return
	}
	if name := strings.TrimSuffix(c.Func, " USING"); callable[name] || keywordOperands[name] != nil {
		w.add(name)
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
	case c.Func == "POSITION" && len(c.Args) >= 2:
		w.operand(c.Args[0])
		w.add(" IN ")
		w.operand(c.Args[1])
		if len(c.Args) > 2 {
			w.add(" FROM ")
			w.expr(c.Args[2])
		}
	case c.Func == "OVERLAY" && len(c.Args) >= 3:
		for i, word := range []string{"", " PLACING ", " FROM ", " FOR "}[:min(len(c.Args), 4)] {
			w.add(word)
			w.expr(c.Args[i])
		}
	case w.json(c):
	case strings.HasSuffix(c.Func, " USING") && len(c.Args) == 2:
		w.expr(c.Args[0])
		w.add(" USING ")
		w.expr(c.Args[1])
	default:
		w.exprs(c.Args)
		if c.Func == "ARRAY_AGG" && c.Nulls != "" {
			w.add(" ", c.Nulls, " NULLS")
		}
		w.orderBy(" ", c.OrderBy)
	}
}
