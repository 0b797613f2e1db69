package codegen

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	fnlist "pyfc/rt/fn/list"
)

const (
	pkgVal    = "pyfc/rt/val"
	pkgFn     = "pyfc/rt/fn"
	pkgAgg    = "pyfc/rt/agg"
	pkgOp     = "pyfc/rt/op"
	pkgStream = "pyfc/rt/stream"
	pkgConn   = "pyfc/rt/conn"
	pkgTypes  = "pyfc/ir/types"
)

// operand is a computed value: Go expressions, free of side effects, for the
// value and for whether it is NULL. A nil null means never; a NULL operand's
// value is the zero value.
type operand struct {
	value     func() *jen.Statement
	null      func() *jen.Statement
	constNull bool
	// atom says that value and null are variables, fields or literals, which
	// cost nothing to repeat.
	atom bool
}

// exprs emits straight-line code for expressions over one row. Statements are
// collected in block; columns are the operands of the input's columns.
type exprs struct {
	columns []operand
	block   []statement
	temps   *int
	// arena is the Go expression of the arena for new bytes.
	arena *jen.Statement
}

// newExprs emits over the row r of the given type.
func newExprs(row *rowType, arena *jen.Statement) *exprs {
	x := &exprs{temps: new(int), arena: arena}
	for i := range row.fields {
		x.columns = append(x.columns, row.operand("r", i))
	}
	return x
}

// fail leaves the function with err as a data error that names the expression
// and its place.
func fail(e ir.Expr) jen.Code {
	return jen.Return(jen.Qual(pkgVal, "Fail").Call(jen.Err(), jen.Lit(e.String()), jen.Lit(e.Pos().String())))
}

// statement is a piece of a block. One that defines a variable is left out
// where nothing uses it, so its code is made last.
type statement struct {
	code jen.Code
	// define makes the code of a definition; used is set by what reads it.
	define func() jen.Code
	used   *bool
}

func (x *exprs) add(codes ...jen.Code) {
	for _, c := range codes {
		x.block = append(x.block, statement{code: c})
	}
}

// define adds "name := value" and returns the reader of the variable.
func (x *exprs) define(prefix string, value func() *jen.Statement) func() *jen.Statement {
	name, used := x.temp(prefix), new(bool)
	x.block = append(x.block, statement{used: used, define: func() jen.Code { return jen.Id(name).Op(":=").Add(value()) }})
	return func() *jen.Statement {
		*used = true
		return jen.Id(name)
	}
}

// take returns the collected statements and empties the block. From the last
// to the first, so that a definition that is left out uses nothing.
func (x *exprs) take() []jen.Code {
	var reversed []jen.Code
	for i := len(x.block) - 1; i >= 0; i-- {
		switch s := x.block[i]; {
		case s.define == nil:
			reversed = append(reversed, s.code)
		case *s.used:
			reversed = append(reversed, s.define())
		}
	}
	x.block = nil
	slices.Reverse(reversed)
	return reversed
}

func (x *exprs) temp(prefix string) string {
	*x.temps++
	return fmt.Sprintf("%s%d", prefix, *x.temps)
}

// emit computes e and returns its operand.
func (x *exprs) emit(e ir.Expr) operand {
	switch e := e.(type) {
	case *ir.ColumnRef:
		return x.columns[e.Index]
	case *ir.Const:
		return constant(e)
	case *ir.Call:
		return x.call(e)
	case *ir.Cast:
		return x.cast(e)
	case *ir.Case:
		return x.caseWhen(e)
	}
	panic(fmt.Sprintf("codegen: no code for expression %T", e))
}

// emitStable is emit, with what is computed kept in variables.
func (x *exprs) emitStable(e ir.Expr) operand {
	o := x.emit(e)
	if o.atom {
		return o
	}
	stable := operand{value: x.define("v", o.value), atom: true}
	if o.null != nil {
		stable.null = x.define("n", o.null)
	}
	return stable
}

func constant(c *ir.Const) operand {
	if c.Value == nil {
		return operand{value: func() *jen.Statement { return zero(c.T) }, null: jen.True, constNull: true, atom: true}
	}
	return operand{value: func() *jen.Statement { return literal(c) }, atom: true}
}

func zero(t types.Type) *jen.Statement {
	switch goType(t) {
	case "bool":
		return jen.False()
	case "string":
		return jen.Lit("")
	}
	return jen.Id(goType(t)).Call(jen.Lit(0))
}

func literal(c *ir.Const) *jen.Statement {
	switch v := c.Value.(type) {
	case bool, string:
		return jen.Lit(v)
	case int64:
		return jen.Id(goType(c.T)).Call(jen.Lit(int(v)))
	case float64:
		if math.IsNaN(v) {
			return jen.Id(goType(c.T)).Call(jen.Qual("math", "NaN").Call())
		}
		if math.IsInf(v, 0) {
			return jen.Id(goType(c.T)).Call(jen.Qual("math", "Inf").Call(jen.Lit(int(math.Copysign(1, v)))))
		}
		return jen.Id(goType(c.T)).Call(jen.Lit(v))
	}
	panic(fmt.Sprintf("codegen: no literal for %T", c.Value))
}

// impl is what reflection tells of a function that implements an overload.
type impl struct {
	name  string // in package fn
	arena bool   // takes the arena first
	fails bool   // returns an error
}

func implOf(f any) impl {
	v := reflect.ValueOf(f)
	name := runtime.FuncForPC(v.Pointer()).Name()
	name, _, _ = strings.Cut(name[strings.LastIndex(name, "/fn.")+len("/fn."):], "[")
	t := v.Type()
	return impl{
		name:  name,
		arena: t.NumIn() > 0 && t.In(0).String() == "*val.Arena",
		fails: t.NumOut() == 2,
	}
}

func (x *exprs) call(c *ir.Call) operand {
	d, ok := fnlist.Lookup(c.Fn)
	if !ok {
		panic("codegen: no declaration of " + c.Fn)
	}
	o := d.Overloads[c.Overload]
	switch o.Null {
	case fn.And, fn.Or:
		return x.connective(o.Null, x.emitStable(c.Args[0]), x.emitStable(c.Args[1]))
	case fn.IsNull, fn.IsNotNull:
		return nullTest(o.Null == fn.IsNull, x.emit(c.Args[0]))
	}
	args := make([]operand, len(c.Args))
	for i, a := range c.Args {
		args[i] = x.emit(a)
	}
	return x.strict(c, implFor(o.Impls, c), args, nil)
}

// implFor picks the function for the call's Go argument types. A generic
// function's instances share their name, so any that takes them will do.
func implFor(impls []any, c *ir.Call) impl {
	for _, f := range impls {
		t := reflect.TypeOf(f)
		skip := 0
		if t.NumIn() > 0 && t.In(0).String() == "*val.Arena" {
			skip = 1
		}
		if t.NumIn()-skip != len(c.Args) {
			continue
		}
		match := true
		for i, a := range c.Args {
			match = match && t.In(i+skip).String() == goType(a.Type())
		}
		if match {
			return implOf(f)
		}
	}
	panic(fmt.Sprintf("codegen: no implementation of %s for its arguments", c))
}

// strict calls f unless an argument is NULL. typeArgs are explicit type
// arguments, for functions whose result type cannot be inferred.
func (x *exprs) strict(e ir.Expr, f impl, args []operand, typeArgs []jen.Code) operand {
	var values []jen.Code
	if f.arena {
		values = append(values, x.arena.Clone())
	}
	var nulls []func() *jen.Statement
	for _, a := range args {
		if a.constNull {
			return operand{value: func() *jen.Statement { return zero(e.Type()) }, null: jen.True, constNull: true, atom: true}
		}
		values = append(values, a.value())
		if a.null != nil {
			nulls = append(nulls, a.null)
		}
	}
	call := jen.Qual(pkgFn, f.name)
	if typeArgs != nil {
		call = call.Types(typeArgs...)
	}
	call = call.Call(values...)
	if len(nulls) == 0 && !f.fails {
		return operand{value: func() *jen.Statement { return call.Clone() }}
	}
	v := x.temp("v")
	x.add(jen.Var().Id(v).Id(goType(e.Type())))
	out := operand{value: func() *jen.Statement { return jen.Id(v) }, atom: true}
	body := []jen.Code{jen.Id(v).Op("=").Add(call)}
	if f.fails {
		body = x.failing(e, v, call)
	}
	if len(nulls) == 0 {
		x.add(body...)
		return out
	}
	out.null = nulls[0]
	if len(nulls) > 1 {
		out.null = x.define("n", func() *jen.Statement { return anyOf(nulls) })
	}
	x.add(jen.If(jen.Op("!").Parens(out.null())).Block(body...))
	return out
}

func (x *exprs) failing(e ir.Expr, v string, call *jen.Statement) []jen.Code {
	return []jen.Code{
		jen.List(jen.Id("x"), jen.Err()).Op(":=").Add(call),
		jen.If(jen.Err().Op("!=").Nil()).Block(fail(e)),
		jen.Id(v).Op("=").Id("x"),
	}
}

func anyOf(conds []func() *jen.Statement) *jen.Statement {
	s := conds[0]()
	for _, c := range conds[1:] {
		s = s.Op("||").Add(c())
	}
	return s
}

func nullTest(isNull bool, o operand) operand {
	test := jen.False
	if o.null != nil {
		test = o.null
	}
	if isNull {
		return operand{value: func() *jen.Statement { return jen.Parens(test()) }}
	}
	return operand{value: func() *jen.Statement { return jen.Op("!").Parens(test()) }}
}

// connective is AND and OR. A NULL operand's value is false, so the plain
// connective of the values is right where the result isn't NULL.
func (x *exprs) connective(rule fn.NullRule, a, b operand) operand {
	op, decides := "&&", func(o operand) *jen.Statement { return o.value() }
	if rule == fn.Or {
		op, decides = "||", func(o operand) *jen.Statement { return jen.Op("!").Parens(o.value()) }
	}
	out := operand{value: func() *jen.Statement { return jen.Parens(a.value().Op(op).Add(b.value())) }}
	if a.null == nil && b.null == nil {
		return out
	}
	// unknown is true where o doesn't decide the result: it is NULL or neutral.
	open := func(o operand) *jen.Statement {
		if o.null == nil {
			return decides(o)
		}
		return jen.Parens(o.null().Op("||").Add(decides(o)))
	}
	var terms []func() *jen.Statement
	for _, pair := range [][2]operand{{a, b}, {b, a}} {
		if pair[0].null != nil {
			terms = append(terms, func() *jen.Statement { return pair[0].null().Op("&&").Add(open(pair[1])) })
		}
	}
	out.null = func() *jen.Statement { return jen.Parens(anyOf(terms)) }
	return out
}

func (x *exprs) cast(c *ir.Cast) operand {
	arg := x.emit(c.Arg)
	from, to := c.Arg.Type(), c.T
	d, ok := fnlist.Cast(from.Kind, to.Kind)
	if from.Kind == to.Kind && !to.Text() || ok && d.Impl == nil {
		return arg
	}
	if !ok {
		panic(fmt.Sprintf("codegen: no cast from %s to %s", from, to))
	}
	f := implOf(d.Impl)
	var typeArgs []jen.Code
	if t := reflect.TypeOf(d.Impl); strings.Contains(runtime.FuncForPC(reflect.ValueOf(d.Impl).Pointer()).Name(), "[") && !f.arena {
		typeArgs = []jen.Code{jen.Id(t.Out(0).String())}
	}
	if c.Try && f.fails {
		return x.tryCast(c, f, arg, typeArgs)
	}
	return x.strict(c, f, []operand{arg}, typeArgs)
}

// tryCast is NULL where the conversion fails.
func (x *exprs) tryCast(c *ir.Cast, f impl, arg operand, typeArgs []jen.Code) operand {
	v, n := x.temp("v"), x.temp("n")
	x.add(jen.Var().Id(v).Id(goType(c.T)), jen.Id(n).Op(":=").True())
	call := jen.Qual(pkgFn, f.name)
	if typeArgs != nil {
		call = call.Types(typeArgs...)
	}
	body := jen.If(jen.List(jen.Id("x"), jen.Err()).Op(":=").Add(call.Call(arg.value())), jen.Err().Op("==").Nil()).
		Block(jen.List(jen.Id(v), jen.Id(n)).Op("=").List(jen.Id("x"), jen.False()))
	if arg.null != nil {
		body = jen.If(jen.Op("!").Parens(arg.null())).Block(body)
	}
	x.add(body)
	return operand{value: func() *jen.Statement { return jen.Id(v) }, null: func() *jen.Statement { return jen.Id(n) }, atom: true}
}

// caseWhen evaluates only the branch that is taken.
func (x *exprs) caseWhen(c *ir.Case) operand {
	v, n := x.temp("v"), x.temp("n")
	x.add(jen.Var().Id(v).Id(goType(c.T)))
	out := operand{value: func() *jen.Statement { return jen.Id(v) }, atom: true}
	if c.T.Nullable {
		x.add(jen.Var().Id(n).Bool())
		out.null = func() *jen.Statement { return jen.Id(n) }
	}
	branch := func(e ir.Expr) []jen.Code {
		return x.nested(func() {
			o := x.emit(e)
			if !o.constNull {
				x.add(jen.Id(v).Op("=").Add(o.value()))
			}
			if o.null != nil {
				x.add(jen.Id(n).Op("=").Add(o.null()))
			}
		})
	}
	rest := branch(c.Else)
	for i := len(c.Whens) - 1; i >= 0; i-- {
		rest = x.nested(func() {
			cond := x.emit(c.Whens[i])
			x.add(jen.If(truth(cond)).Block(branch(c.Thens[i])...).Else().Block(rest...))
		})
	}
	x.add(jen.Block(rest...))
	return out
}

// truth is whether a BOOLEAN is true, NULL counting as false: a NULL's value is
// false already.
func truth(o operand) *jen.Statement { return o.value() }

// nested collects the statements that f adds in a block of their own.
func (x *exprs) nested(f func()) []jen.Code {
	outer := x.block
	x.block = nil
	f()
	inner := x.take()
	x.block = outer
	return inner
}
