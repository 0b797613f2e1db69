package codegen

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	fnlist "pyfc/rt/fn/list"
	"pyfc/rt/val"
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
	// typeVar is the Go expression of a pointer to a type.
	typeVar func(types.Type) *jen.Statement
	// stateVar is the Go expression of a pointer to a new variable of a type of
	// package fn.
	stateVar func(reflect.Type) *jen.Statement
	// session is the variable of what functions know of the submission.
	session string
	// progress is set by what needs to know how far the time of events has come;
	// the code then has it as a variable of that name. Nil is a place that doesn't
	// know, where checkTypes has refused what asks.
	progress *bool
	// uses counts the expressions over columns by their text; memo holds those
	// that repeat and have been computed. See share.
	uses map[string]int
	memo map[string]operand
}

// newExprs emits over the row r of the given type.
func (g *generator) newExprs(row *rowType, arena *jen.Statement, progress *bool) *exprs {
	x := &exprs{temps: new(int), arena: arena, typeVar: g.typeVar, stateVar: g.stateVar, session: g.session, progress: progress}
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
	// unless is set where code isn't needed.
	unless *bool
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

// variable adds the declaration of a variable that is assigned to later and
// returns its reader. Go refuses one that nothing reads.
func (x *exprs) variable(name string, declaration jen.Code) func() *jen.Statement {
	read := new(bool)
	x.block = append(x.block, statement{code: declaration}, statement{code: jen.Id("_").Op("=").Id(name), unless: read})
	return func() *jen.Statement {
		*read = true
		return jen.Id(name)
	}
}

// take returns the collected statements and empties the block. From the last
// to the first, so that a definition that is left out uses nothing.
func (x *exprs) take() []jen.Code {
	var reversed []jen.Code
	for i := len(x.block) - 1; i >= 0; i-- {
		switch s := x.block[i]; {
		case s.define == nil && (s.unless == nil || !*s.unless):
			reversed = append(reversed, s.code)
		case s.define != nil && *s.used:
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
	return x.shared(e, func() operand { return x.compute(e) })
}

func (x *exprs) compute(e ir.Expr) operand {
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
func (x *exprs) emitStable(e ir.Expr) operand { return x.stable(x.emit(e)) }

func (x *exprs) stable(o operand) operand {
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
	if t.Kind == types.Null {
		return jen.Qual(pkgVal, "NullDatum").Call()
	}
	switch z := infoOf(t).zero; z {
	case "{}":
		return goTypeOf(t).Values()
	case "0":
		return goTypeOf(t).Call(jen.Lit(0))
	default:
		return jen.Id(z)
	}
}

func literal(c *ir.Const) *jen.Statement {
	switch v := c.Value.(type) {
	case bool, string:
		return jen.Lit(v)
	case int64:
		return jen.Id(goType(c.T)).Call(jen.Lit(int(v)))
	case val.Date, val.Time, val.Months, val.Millis:
		return goTypeOf(c.T).Call(jen.Lit(int(reflect.ValueOf(v).Int())))
	case val.Timestamp:
		return goTypeOf(c.T).Values(jen.Id("Milli").Op(":").Lit(int(v.Milli)), jen.Id("Nano").Op(":").Lit(int(v.Nano)))
	case []byte:
		return goTypeOf(c.T).Call(jen.Lit(string(v)))
	case float64:
		if math.IsNaN(v) {
			return jen.Id(goType(c.T)).Call(jen.Qual("math", "NaN").Call())
		}
		if math.IsInf(v, 0) {
			return jen.Id(goType(c.T)).Call(jen.Qual("math", "Inf").Call(jen.Lit(int(math.Copysign(1, v)))))
		}
		return jen.Id(goType(c.T)).Call(jen.Lit(v))
	case *big.Int:
		d, ok := val.DecimalOfBig(v)
		if !ok {
			panic(fmt.Sprintf("codegen: %s has too many digits", c))
		}
		return goTypeOf(c.T).Values(jen.Id("Hi").Op(":").Lit(int(d.Hi)), jen.Id("Lo").Op(":").Lit(d.Lo))
	}
	panic(fmt.Sprintf("codegen: no literal for %T", c.Value))
}

func (x *exprs) call(c *ir.Call) operand {
	d, ok := fnlist.Lookup(c.Fn)
	if !ok {
		panic("codegen: no declaration of " + c.Fn)
	}
	o := d.Overloads[c.Overload]
	switch o.Null {
	case fn.And, fn.Or:
		if found, ok := x.oneOf(c); ok {
			return found
		}
		left := x.emitStable(c.Args[0])
		if canFail(c.Args[1]) {
			return x.shortCircuit(o.Null, left, c.Args[1], c.T)
		}
		return x.connective(o.Null, left, x.emitStable(c.Args[1]))
	case fn.IsNull, fn.IsNotNull:
		return nullTest(o.Null == fn.IsNull, x.emit(c.Args[0]))
	}
	args := make([]operand, len(c.Args))
	for i, a := range c.Args {
		args[i] = x.emit(a)
	}
	f, ok := fnlist.For(o.Impls, ir.Args(c.Args))
	if !ok {
		panic(fmt.Sprintf("codegen: no implementation of %s for its arguments", c))
	}
	return x.strict(c, f.Signature, args, false)
}

// invoke is the Go call of an implementation for e's operands, with more
// arguments behind. Go cannot infer the result type of a conversion from its
// arguments.
func (x *exprs) invoke(e ir.Expr, f fnlist.Signature, values, behind []jen.Code) *jen.Statement {
	call := jen.Qual(pkgFn, f.Name)
	if _, conversion := e.(*ir.Cast); conversion && f.Generic && !f.Arena && f.Result.PkgPath() == "" {
		call.Types(jen.Id(f.Result.String()))
	}
	var before []jen.Code
	if f.State != nil {
		before = append(before, x.stateVar(f.State))
	}
	if f.Session {
		before = append(before, jen.Id(x.session))
	}
	if f.Progress {
		*x.progress = true
		before = append(before, jen.Id("progress"))
	}
	if f.Arena {
		before = append(before, x.arena.Clone())
	}
	var computes []jen.Code
	for _, t := range f.Computes(exprTypes(e.Operands()), e.Type()) {
		if f.Shapes > 0 {
			computes = append(computes, shapeOf(t))
		} else {
			computes = append(computes, x.typeVar(t))
		}
	}
	if f.Variadic {
		return call.Call(slices.Concat(before, computes, values)...)
	}
	return call.Call(slices.Concat(before, values, computes, behind)...)
}

// asDatum is an operand as a val.Datum.
func asDatum(o operand, t types.Type) *jen.Statement {
	if o.constNull {
		return jen.Qual(pkgVal, "NullDatum").Call()
	}
	info := infoOf(t)
	d := jen.Qual(pkgVal, info.datum+"Datum").Call(o.value())
	if o.null != nil {
		return d.Dot("Unless").Call(o.null())
	}
	return d
}

// fromDatum is the value of a val.Datum that isn't NULL.
func fromDatum(d *jen.Statement, t types.Type) *jen.Statement {
	info := infoOf(t)
	v := d.Dot(info.datum).Call()
	if info.readAs == "" {
		return v
	}
	return goTypeOf(t).Call(v)
}

func exprTypes(es []ir.Expr) []types.Type {
	out := make([]types.Type, len(es))
	for i, e := range es {
		out[i] = e.Type()
	}
	return out
}

func shapeOf(t types.Type) *jen.Statement {
	return shape(val.Shape{Precision: t.Precision, Scale: t.Scale})
}

func shape(s val.Shape) *jen.Statement {
	return jen.Qual(pkgVal, "Shape").Values(jen.Id("Precision").Op(":").Lit(s.Precision), jen.Id("Scale").Op(":").Lit(s.Scale))
}

// strict calls f unless an argument is NULL. With try, NULL takes the place of
// an error; behind are arguments that f takes besides e's.
func (x *exprs) strict(e ir.Expr, f fnlist.Signature, args []operand, try bool, behind ...jen.Code) operand {
	var nulls []func() *jen.Statement
	for i, a := range args {
		switch {
		case f.WantsType(i) || f.SeesNull(i):
		case a.constNull:
			return operand{value: func() *jen.Statement { return zero(e.Type()) }, null: jen.True, constNull: true, atom: true}
		case a.null != nil:
			nulls = append(nulls, a.null)
		}
	}
	// The call is made when it is asked for: one that nothing reads must not
	// count as a use of its arguments.
	var made *jen.Statement
	call := func() *jen.Statement {
		if made == nil {
			made = x.invoke(e, f, x.arguments(e, f, args), behind)
		}
		return made.Clone()
	}
	if len(nulls) == 0 && !f.Fails && !f.Partial && !f.GivesDatum() {
		return operand{value: call}
	}
	v := x.temp("v")
	out := operand{value: x.variable(v, jen.Var().Id(v).Add(goTypeOf(e.Type()))), atom: true}
	targets := []jen.Code{jen.Id(v)}
	if e.Type().Nullable && (f.Partial || f.GivesDatum() || try && f.Fails) {
		n := x.temp("n")
		out.null = x.variable(n, nullVar(n, nulls))
		targets = append(targets, jen.Id(n))
	} else if len(nulls) > 0 {
		out.null = nulls[0]
		if len(nulls) > 1 {
			out.null = x.define("n", func() *jen.Statement { return anyOf(nulls) })
		}
	}
	body := jen.Block(assign(e, targets, f, call(), try)...)
	if len(nulls) > 0 {
		body = jen.If(jen.Op("!").Parens(out.null())).Add(body)
	}
	x.add(body)
	return out
}

// arguments are the Go arguments of a call of f for e's operands.
func (x *exprs) arguments(e ir.Expr, f fnlist.Signature, args []operand) []jen.Code {
	values := make([]jen.Code, len(args))
	for i, a := range args {
		t := e.Operands()[i].Type()
		switch {
		case f.WantsType(i):
			values[i] = jen.Qual(pkgVal, "Typed").Values(jen.Dict{jen.Id("Datum"): asDatum(a, t), jen.Id("Type"): x.typeVar(t)})
		case f.SeesNull(i):
			values[i] = asDatum(a, t)
		default:
			values[i] = a.value()
		}
	}
	return values
}

// nullVar declares a variable that says whether a result is NULL: to begin
// with, whether an argument is.
func nullVar(name string, nulls []func() *jen.Statement) jen.Code {
	if len(nulls) == 0 {
		return jen.Var().Id(name).Bool()
	}
	return jen.Id(name).Op(":=").Add(anyOf(nulls))
}

// assign stores the results of a call in the targets: the value, and whether it
// is NULL where there is a second one.
func assign(e ir.Expr, targets []jen.Code, f fnlist.Signature, call *jen.Statement, try bool) []jen.Code {
	results := []jen.Code{jen.Id("x")}
	var null *jen.Statement
	value := jen.Id("x")
	if f.GivesDatum() {
		value, null = fromDatum(jen.Id("x"), e.Type()), jen.Id("x").Dot("Null")
		if len(targets) == 1 {
			null = nil
		}
	}
	switch {
	case f.Partial && len(targets) > 1:
		results, null = append(results, jen.Id("ok")), jen.Op("!").Id("ok")
	case f.Partial:
		results = append(results, jen.Id("_"))
	}
	var check []jen.Code
	if failed := jen.Err().Op("!=").Nil(); f.Fails {
		results = append(results, jen.Err())
		switch {
		case !try:
			check = append(check, jen.If(failed).Block(fail(e)))
		case null == nil:
			null = failed
		default:
			null = null.Op("||").Add(failed)
		}
	}
	values := []jen.Code{value}
	if null != nil {
		values = append(values, null)
	}
	out := append([]jen.Code{jen.List(results...).Op(":=").Add(call)}, check...)
	return append(out, jen.List(targets...).Op("=").List(values...))
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

// shortCircuit is AND and OR whose right side can fail: it is computed only
// where the left one doesn't decide.
func (x *exprs) shortCircuit(rule fn.NullRule, left operand, right ir.Expr, t types.Type) operand {
	v := x.temp("v")
	out := operand{value: x.variable(v, jen.Id(v).Op(":=").Lit(rule == fn.Or)), atom: true}
	n := ""
	if t.Nullable {
		n = x.temp("n")
		out.null = x.variable(n, jen.Var().Id(n).Bool())
	}
	undecided := left.value()
	if rule == fn.Or {
		undecided = jen.Op("!").Parens(undecided)
	}
	if left.null != nil {
		undecided = left.null().Op("||").Add(undecided)
	}
	x.add(jen.If(undecided).Block(x.nested(func() {
		both := x.connective(rule, left, x.emitStable(right))
		x.add(jen.Id(v).Op("=").Add(both.value()))
		if both.null != nil {
			x.add(jen.Id(n).Op("=").Add(both.null()))
		}
	})...))
	return out
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
	from, to := c.Arg.Type(), c.T
	if via, ok := fnlist.CastVia(from, to); ok {
		return x.cast(ir.NewCast(ir.NewCast(c.Arg, via, c.Implicit, c.Try, c.Pos()), to, c.Implicit, c.Try, c.Pos()))
	}
	arg := x.emit(c.Arg)
	if fn.SameValues(from, to) {
		return arg
	}
	if nested, ok := fn.CastNested(from, to); ok {
		return x.castNested(c, arg, nested)
	}
	d, ok := fnlist.Cast(from.Kind, to.Kind)
	if !ok {
		panic(fmt.Sprintf("codegen: no cast from %s to %s", from, to))
	}
	return x.strict(c, fnlist.SignatureOf(d.Impl), []operand{arg}, c.NullsErrors())
}

// caseWhen evaluates only the branch that is taken.
func (x *exprs) caseWhen(c *ir.Case) operand {
	v, n := x.temp("v"), x.temp("n")
	out := operand{value: x.variable(v, jen.Var().Id(v).Add(goTypeOf(c.T))), atom: true}
	if c.T.Nullable {
		out.null = x.variable(n, jen.Var().Id(n).Bool())
	}
	branch := func(e ir.Expr) []jen.Code {
		return x.nested(func() {
			o := x.emit(e)
			if !o.constNull {
				x.add(jen.Id(v).Op("=").Add(o.value()))
			}
			if o.null != nil && c.T.Nullable { // else the condition has excluded it
				x.add(jen.Id(n).Op("=").Add(o.null()))
			}
		})
	}
	var from func(i int) []jen.Code
	from = func(i int) []jen.Code {
		if i == len(c.Whens) {
			return branch(c.Else)
		}
		return x.nested(func() {
			cond := truth(x.emit(c.Whens[i]))
			then := branch(c.Thens[i])
			x.add(jen.If(cond).Block(then...).Else().Block(from(i + 1)...))
		})
	}
	x.add(jen.Block(from(0)...))
	return out
}

// truth is whether a BOOLEAN is true, NULL counting as false: a NULL's value is
// false already.
func truth(o operand) *jen.Statement { return o.value() }

// nested collects the statements that f adds in a block of their own.
func (x *exprs) nested(f func()) []jen.Code {
	outer := x.block
	x.block = nil
	x.scoped(f)
	inner := x.take()
	x.block = outer
	return inner
}
