package bind

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/fn/list"
	"pyfc/rt/val"
)

// dialect says whose rules an expression follows.
type dialect uint8

const (
	sqlText dialect = iota
	tableAPI
)

// binder binds the expressions of one clause.
type binder struct {
	s       *Session
	dialect dialect
	scope   scope
	env     environment // of the query
	// agg takes aggregate calls, whose arguments are bound in aggScope; nil
	// where none may stand.
	agg      *aggregation
	aggScope scope
	// starred are the identifiers that * became.
	starred map[*sql.Ident]scopeColumn
	// named are the identifiers of ORDER BY that mean items of the SELECT.
	named map[*sql.Ident]sql.Expr
	// windows are those of WINDOW; inOver says that what a function over a window
	// reads is bound.
	windows []*sql.NamedWindow
	inOver  bool
	// retention is what a hint says of the groups' state.
	retention ir.Retention
	// bound are identifiers that stand for expressions.
	bound map[*sql.Ident]ir.Expr
	// clause names the clause, for messages.
	clause string
	// repeats counts the forms around that repeat their arguments.
	repeats int
}

// poison is the expression of invalid type that stands for a faulty one.
func poison(pos diag.Pos) ir.Expr { return ir.NewConst(types.Type{}, nil, pos) }

// valid reports whether all expressions have a type.
func valid(es ...ir.Expr) bool {
	for _, e := range es {
		if !e.Type().Valid() {
			return false
		}
	}
	return true
}

func (b *binder) errorf(code diag.Code, pos diag.Pos, format string, args ...any) *diag.Diagnostic {
	return b.s.Diags.Errorf(code, pos, format, args...)
}

// tellTypes adds to a fault of types where those of expressions come from: the
// declarations of columns and of Python functions.
func (b *binder) tellTypes(d *diag.Diagnostic, es ...ir.Expr) {
	told := map[diag.Pos]bool{{}: true} // unknown places say nothing
	for _, e := range es {
		var pos diag.Pos
		name := ""
		switch e := uncast(e).(type) {
		case *ir.ColumnRef:
			pos, name = b.s.declared[e], "column "+e.Name
		case *ir.UDFCall:
			pos, name = e.UDF.Pos, "function "+e.UDF.Name
		}
		if !told[pos] {
			told[pos] = true
			d.WithNote(pos, "%s of type %s is declared here", name, uncast(e).Type())
		}
	}
}

// planned reports a part that is known but isn't run yet.
func (b *binder) planned(pos diag.Pos, kind, name string) {
	b.errorf(diag.PlanPlanned, pos, "%s isn't supported yet", name).WithMissing(kind, name)
}

// expr binds an expression; it never returns nil.
func (b *binder) expr(x sql.Expr) ir.Expr {
	pos := x.Where()
	switch x := x.(type) {
	case *sql.Ident:
		return b.ident(x)
	case *sql.Literal:
		return literal(x)
	case *sql.Call:
		return b.call(x)
	case *sql.Cast:
		return b.cast(x)
	case *sql.Qualified:
		return b.difference(x)
	case *sql.Case:
		return b.caseExpr(x)
	case *sql.Subquery:
		return b.scalarQuery(x)
	case *sql.Alias:
		if b.dialect == sqlText {
			break
		}
		return b.expr(x.X)
	case *sql.Star:
		b.errorf(diag.TypeMismatch, pos, "* stands for several columns, but one value is wanted here")
		return poison(pos)
	}
	b.errorf(diag.TypeMismatch, pos, "an alias can't stand here")
	return poison(pos)
}

func (b *binder) exprs(xs []sql.Expr) []ir.Expr {
	out := make([]ir.Expr, len(xs))
	for i, x := range xs {
		out[i] = b.expr(x)
	}
	return out
}

// field is a field of a row.
func (b *binder) field(x ir.Expr, name sql.Name) ir.Expr {
	t := x.Type()
	if t.Kind != types.Row {
		b.errorf(diag.TypeMismatch, x.Pos(), "this is no row with fields, but %s", t)
		return poison(name.Pos)
	}
	if !slices.Contains(t.Names, name.Text) {
		b.errorf(diag.UnknownColumn, name.Pos, "the row has no field %q", name.Text).
			WithHint("there are %s", strings.Join(t.Names, ", "))
		return poison(name.Pos)
	}
	at := ir.NewConst(types.Of(types.Int).NotNull(), int64(slices.Index(t.Names, name.Text)), name.Pos)
	d, _ := list.Lookup(sql.OpField)
	return b.overload(d, []ir.Expr{x, at}, name.Pos)
}

// fieldOf binds x.field, or the Table API's get of a name or a position.
func (b *binder) fieldOf(d *fn.Decl, args []ir.Expr, x *sql.Call) ir.Expr {
	row := args[0].Type()
	if len(args) == 2 && row.Kind == types.Row {
		c, _ := args[1].(*ir.Const)
		if c != nil && c.T.Text() {
			return b.field(args[0], sql.Name{Text: c.Value.(string), Pos: c.Pos()})
		}
		if i, isInt := constInt(c); isInt && i >= 0 && i < int64(len(row.Elems)) {
			return b.overload(d, args, x.Pos)
		}
	}
	if c, ok := args[len(args)-1].(*ir.Const); ok && c.T.Text() && row.Kind != types.Row && b.dialect == tableAPI {
		name := c.Value.(string)
		e := b.errorf(diag.TypeMismatch, x.Pos, "an expression of type %s has no method and no field %q", row, name)
		e.DidYouMean(name, b.s.Methods)
		if b.s.Lacking != nil {
			b.s.Lacking(e, name)
		}
		return poison(x.Pos)
	}
	b.wrongArguments(d, args, x.Pos)
	return poison(x.Pos)
}

// constInt is the value of an INT constant.
func constInt(c *ir.Const) (int64, bool) {
	if c == nil || c.T.Kind != types.Int {
		return 0, false
	}
	v, ok := c.Value.(int64)
	return v, ok
}

// literal makes a constant.
func literal(x *sql.Literal) ir.Expr {
	return ir.NewConst(x.Type, literalValue(x), x.Pos)
}

// literalValue is a literal's value as a constant has it.
func literalValue(x *sql.Literal) any {
	switch v := x.Value.(type) {
	case time.Time:
		p := val.TimestampFromUnix(v.Unix(), int64(v.Nanosecond()))
		switch x.Type.Kind {
		case types.Date:
			return p.Date()
		case types.Time:
			return p.Time()
		}
		return p
	case int64:
		switch x.Type.Kind {
		case types.IntervalYearMonth:
			return val.Months(v)
		case types.IntervalDayTime:
			return val.Millis(v)
		}
	}
	return x.Value
}

// cast binds CAST and TRY_CAST.
func (b *binder) cast(x *sql.Cast) ir.Expr {
	arg := b.expr(x.X)
	if !valid(arg) || !x.Type.Valid() {
		return poison(x.Pos)
	}
	from := arg.Type()
	to := x.Type.WithNull(from.Nullable || x.Try)
	if to.Kind == types.Time {
		to.Precision = 0 // the planner of PyFlink 1.20.1 has no other
	}
	switch {
	case from.Kind == types.Null:
		return ir.NewConst(to.WithNull(true), nil, x.Pos)
	case from.Equal(to) && from.Unit == to.Unit:
		return arg
	case b.dialect == sqlText && to.Interval() && to.Unit == "" && from.Numeric(),
		to.Unit != "" && from.Kind == types.Decimal && !isConst(arg):
		b.uncastable(x, from)
		return poison(x.Pos)
	case to.Unit != "" && (from.Integer() || from.Kind == types.Decimal):
		return b.unitsOf(arg, isLiteral(x.X), to, x.Try, x.Pos)
	case from.Unit != "" && isConst(arg) && (to.Kind == types.TinyInt || to.Kind == types.SmallInt):
		b.uncastable(x, from)
		return poison(x.Pos)
	case from.Unit != "" && (to.Integer() || to.Kind == types.Decimal):
		return b.unitsIn(arg, to, x.Try, x.Pos)
	case !types.Castable(from, to):
		b.uncastable(x, from)
		return poison(x.Pos)
	}
	e := b.convert(arg, to, false, x.Try, x.Pos)
	if c, ok := opt.Fold(e).(*ir.Const); ok && to.Kind == types.Time {
		if t, ok := c.Value.(val.Time); ok && int64(t) >= val.MillisPerDay {
			b.errorf(diag.TypeMismatch, x.Pos, "the hour is out of range: a TIME ends before 24:00:00")
			return poison(x.Pos)
		}
	}
	return e
}

// isLiteral reports whether a number is written out, maybe with a sign.
func isLiteral(x sql.Expr) bool {
	if c, ok := x.(*sql.Call); ok && c.Func == sql.OpMinus && len(c.Args) == 1 {
		x = c.Args[0]
	}
	_, ok := x.(*sql.Literal)
	return ok
}

func isConst(e ir.Expr) bool {
	_, ok := e.(*ir.Const)
	return ok
}

// uncastable reports a conversion that there isn't, and what does instead.
func (b *binder) uncastable(x *sql.Cast, from types.Type) {
	name := "CAST"
	if x.Try {
		name = "TRY_CAST"
	}
	to := x.Type
	d := b.errorf(diag.TypeMismatch, x.Pos, "%s doesn't convert %s to %s", name, from, to.WithNull(true))
	switch {
	case from.Numeric() && to.Timestamp():
		d.WithHint("TO_TIMESTAMP_LTZ(seconds, 0) or TO_TIMESTAMP(FROM_UNIXTIME(seconds)) does")
	case from.Timestamp() && to.Numeric():
		d.WithHint("UNIX_TIMESTAMP(CAST(… AS STRING)) does")
	case from.Numeric() && to.Interval():
		d.WithHint("an integer times an interval does: n * INTERVAL '1' DAY")
	case from.Interval() && to.Numeric():
		d.WithHint("EXTRACT(unit FROM …) gives a field of it")
	}
}

// convert makes a cast, planned where its conversion isn't built.
func (b *binder) convert(e ir.Expr, to types.Type, implicit, try bool, pos diag.Pos) ir.Expr {
	if c, ok := e.(*ir.Const); ok && !try { // what TRY_CAST gives is nullable, whatever it is
		if folded := convertConst(c, to); folded != nil {
			return folded
		}
	}
	from := e.Type()
	if !convertible(from, to) {
		b.planned(pos, "cast", fmt.Sprintf("CAST of %s to %s", from.WithNull(true), to.WithNull(true)))
	}
	to.Nullable = to.Nullable || list.CastCanBeNull(from, to)
	return ir.NewCast(e, to, implicit, try, pos)
}

// convertible reports whether the conversion is built.
func convertible(from, to types.Type) bool {
	if via, ok := list.CastVia(from, to); ok {
		to = via
	}
	if nested, ok := fn.CastNested(from, to); ok {
		for i := range nested.From {
			if !convertible(nested.From[i], nested.To[i]) {
				return false
			}
		}
		return true
	}
	_, ok := list.Cast(from.Kind, to.Kind)
	return ok || fn.SameValues(from, to)
}

// coerce converts e to t without the script's saying so; text of another
// length stays as it is.
func (b *binder) coerce(e ir.Expr, t types.Type) ir.Expr {
	from := e.Type()
	t = t.WithNull(from.Nullable)
	if !valid(e) || from.SameRoot(t) || from.Kind == types.VarChar && t.Kind == types.VarChar {
		return e
	}
	return b.convert(e, t, true, false, e.Pos())
}

// convertConst converts a constant where that is exact and certain to be what
// the job would compute: numbers to wider numbers, text to text. It returns
// nil for any other conversion.
func convertConst(c *ir.Const, to types.Type) *ir.Const {
	if c.Value == nil {
		return ir.NewConst(to.WithNull(true), nil, c.Pos())
	}
	to = to.WithNull(false)
	from := c.Type()
	switch v := c.Value.(type) {
	case int64:
		switch {
		case !from.Integer():
		case to.Integer() && to.Kind >= from.Kind:
			return ir.NewConst(to, v, c.Pos())
		case to.Kind == types.Double, to.Kind == types.Float && v == int64(float32(v)):
			return ir.NewConst(to, float64(v), c.Pos())
		case to.Kind == types.Decimal:
			return rescale(big.NewInt(v), 0, to, c.Pos())
		}
	case *big.Int:
		switch to.Kind {
		case types.Double:
			folded, _ := opt.Fold(ir.NewCast(c, to, true, false, c.Pos())).(*ir.Const)
			return folded
		case types.Decimal:
			return rescale(v, from.Scale, to, c.Pos())
		}
	case string:
		if to.Kind == types.VarChar && from.Precision <= to.Precision {
			return ir.NewConst(to, v, c.Pos())
		}
	}
	return nil
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// rescale gives an unscaled value the scale of a DECIMAL, if it fits.
func rescale(v *big.Int, scale int, to types.Type, pos diag.Pos) *ir.Const {
	if to.Scale < scale {
		return nil
	}
	v = new(big.Int).Mul(v, pow10(to.Scale-scale))
	if new(big.Int).Abs(v).Cmp(pow10(to.Precision)) >= 0 {
		return nil
	}
	return ir.NewConst(to, v, pos)
}

// condition binds an expression that must be BOOLEAN.
func (b *binder) condition(x sql.Expr) ir.Expr {
	e := b.expr(x)
	return b.boolean(e, b.clause+" requires a boolean expression")
}

// boolean checks that e is BOOLEAN, NULL of no type included.
func (b *binder) boolean(e ir.Expr, must string) ir.Expr {
	t := e.Type()
	switch {
	case !valid(e) || t.Kind == types.Boolean:
		return e
	case t.Kind == types.Null:
		return ir.NewConst(types.Of(types.Boolean), nil, e.Pos())
	}
	b.tellTypes(b.errorf(diag.TypeMismatch, e.Pos(), "%s, but this is of type %s", must, t), e)
	return poison(e.Pos())
}

// caseExpr binds CASE; one with an operand compares it with each WHEN.
func (b *binder) caseExpr(x *sql.Case) ir.Expr {
	var operand ir.Expr
	if x.Operand != nil {
		operand = b.repeating("CASE", x.Pos, func() []ir.Expr { return []ir.Expr{b.expr(x.Operand)} })[0]
	}
	var whens, thens []ir.Expr
	for _, w := range x.Whens {
		whens = append(whens, b.when(operand, w))
		thens = append(thens, b.expr(w.Then))
	}
	els := ir.Expr(ir.NewConst(types.Of(types.Null), nil, x.Pos))
	if x.Else != nil {
		els = b.expr(x.Else)
	}
	return b.newCase(whens, thens, els, x.Pos)
}

// when is the condition of a branch of CASE: whether the operand equals one of
// its values, or without one a BOOLEAN.
func (b *binder) when(operand ir.Expr, w sql.When) ir.Expr {
	if operand == nil {
		return b.boolean(b.expr(w.Cond), "WHEN requires a boolean expression")
	}
	cond := b.compare(sql.OpEq, operand, b.expr(w.Cond), w.Cond.Where())
	for _, x := range w.More {
		cond = b.connect(sql.OpOr, cond, b.compare(sql.OpEq, operand, b.expr(x), x.Where()), x.Where())
	}
	return cond
}

// newCase makes a CASE whose branches get their common type.
func (b *binder) newCase(whens, thens []ir.Expr, els ir.Expr, pos diag.Pos) ir.Expr {
	branches := append(slices.Clone(thens), els)
	if !valid(whens...) || !valid(branches...) {
		return poison(pos)
	}
	nullFirst := branches[0].Type().Kind == types.Null
	t, ok := b.unify(branches, pos, "the branches of CASE")
	if !ok || nullFirst && b.nullArray(t, pos) {
		return poison(pos)
	}
	n := len(thens)
	return ir.NewCase(whens, branches[:n:n], branches[n], t, pos)
}

// nullArray refuses NULL as what an array is first merged with, as PyFlink 1.20.1
// does in SQL.
func (b *binder) nullArray(t types.Type, pos diag.Pos) bool {
	if t.Kind != types.Array || b.dialect != sqlText {
		return false
	}
	b.errorf(diag.TypeMismatch, pos, "NULL and then %s are no branches of one CASE", t).
		WithHint("put NULL last, or write CAST(NULL AS %s)", t.WithNull(true))
	return true
}

// unify converts expressions to their common type, in place. what says what
// they are.
func (b *binder) unify(es []ir.Expr, pos diag.Pos, what string) (types.Type, bool) {
	return b.unifyBy(types.Common, es, pos, what)
}

// unifyBy is unify with a rule of its own for what the common type is.
func (b *binder) unifyBy(common func(a, b types.Type) (types.Type, bool), es []ir.Expr, pos diag.Pos, what string) (types.Type, bool) {
	t := es[0].Type()
	for _, e := range es[1:] {
		next, ok := common(t, e.Type())
		if !ok {
			b.tellTypes(b.errorf(diag.TypeMismatch, e.Pos(), "%s have no common type: %s and %s", what, t, e.Type()), es...)
			return types.Type{}, false
		}
		t = next
	}
	if t.Kind == types.Null {
		b.errorf(diag.TypeMismatch, pos, "%s are all NULL, so their type is unknown", what).WithHint("write CAST(NULL AS type)")
		return types.Type{}, false
	}
	for i, e := range es {
		es[i] = b.coerce(e, t)
	}
	return t, true
}
