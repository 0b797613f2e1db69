package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	fnlist "pyfc/rt/fn/list"
)

// oneOfLeast is the number of constants from which on Go's switch is used.
const oneOfLeast = 3

// oneOf emits x = c1 OR x = c2 OR …, which is what IN comes to, as one switch;
// false where e isn't that.
func (x *exprs) oneOf(e *ir.Call) (operand, bool) {
	column, values := alternatives(e)
	if len(values) < oneOfLeast {
		return operand{}, false
	}
	var cases []jen.Code
	seen := map[any]bool{}
	for _, c := range values {
		if !seen[c.Value] { // Go refuses a case that is there twice
			seen[c.Value] = true
			cases = append(cases, literal(c))
		}
	}
	o := x.stable(x.emit(column))
	v := x.temp("v")
	found := operand{value: x.variable(v, jen.Var().Id(v).Bool()), null: o.null, atom: true}
	test := jen.Switch(o.value()).Block(jen.Case(cases...).Block(jen.Id(v).Op("=").True()))
	if o.null != nil {
		test = jen.If(jen.Op("!").Parens(o.null())).Block(test)
	}
	x.add(test)
	return found, true
}

// alternatives are the constants that e compares one column with, if it does
// only that and == of Go decides; else none.
func alternatives(e ir.Expr) (*ir.ColumnRef, []*ir.Const) {
	c, ok := e.(*ir.Call)
	if !ok {
		return nil, nil
	}
	d, ok := fnlist.Lookup(c.Fn)
	if !ok {
		panic("codegen: no declaration of " + c.Fn)
	}
	o := d.Overloads[c.Overload]
	if o.Null == fn.Or {
		left, some := alternatives(c.Args[0])
		right, more := alternatives(c.Args[1])
		if left == nil || right == nil || left.Index != right.Index {
			return nil, nil
		}
		return left, append(some, more...)
	}
	if len(c.Args) != 2 || c.Fn != "=" {
		return nil, nil
	}
	column, isColumn := c.Args[0].(*ir.ColumnRef)
	value, isConst := c.Args[1].(*ir.Const)
	if !isColumn || !isConst || value.Value == nil || !switchable(column.Type()) || goType(column.Type()) != goType(value.T) {
		return nil, nil
	}
	return column, []*ir.Const{value}
}

// switchable reports whether Go's == decides whether two values of a type are
// equal.
func switchable(t types.Type) bool {
	switch goType(t) {
	case "int8", "int16", "int32", "int64", "string":
		return true
	}
	return false
}
