package bind

import (
	"strings"

	"fmt"
	"math"
	"slices"
	"strconv"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/fn/list"
)

// form is a function or operator that becomes CASE, comparisons and
// connectives.
type form struct {
	min, max int // number of arguments
	// repeats says that an argument stands in the result more than once.
	repeats bool
	bind    func(b *binder, x *sql.Call, args []ir.Expr) ir.Expr
}

// maxRepeats bounds the nesting of forms that repeat an argument: the result
// grows by a factor with each.
const maxRepeats = 8

// repeating binds the arguments of a form that repeats them.
func (b *binder) repeating(name string, pos diag.Pos, bind func() []ir.Expr) []ir.Expr {
	b.repeats++
	defer func() { b.repeats-- }()
	if b.repeats > maxRepeats {
		b.planned(pos, "function", name+" nested more than "+strconv.Itoa(maxRepeats)+" times")
		return []ir.Expr{poison(pos)}
	}
	return bind()
}

// arity says how many arguments the form takes.
func (f form) arity() string {
	switch {
	case f.max == math.MaxInt:
		return fmt.Sprintf("at least %s", count(f.min, "argument"))
	case f.min == f.max:
		return count(f.min, "argument")
	}
	return fmt.Sprintf("%d to %d arguments", f.min, f.max)
}

var forms map[string]form

func init() { // not a composite literal: CASE and the others call one another
	forms = map[string]form{
		"TYPEOF":               {1, 2, false, typeOf},
		"CURRENT_DATABASE":     {0, 0, false, currentDatabase},
		sql.OpIsTrue:           {1, 1, false, truth(true, false)},
		sql.OpIsNotTrue:        {1, 1, false, truth(true, true)},
		sql.OpIsFalse:          {1, 1, false, truth(false, false)},
		sql.OpIsNotFalse:       {1, 1, false, truth(false, true)},
		sql.OpIsUnknown:        {1, 1, false, unknown(sql.OpIsNull)},
		sql.OpIsNotUnknown:     {1, 1, false, unknown(sql.OpIsNotNull)},
		sql.OpIsDistinct:       {2, 2, true, distinct(false)},
		sql.OpIsNotDistinct:    {2, 2, true, distinct(true)},
		sql.OpBetween:          {3, 3, true, between},
		sql.OpBetweenSymmetric: {3, 3, true, betweenSymmetric},
		sql.OpIn:               {2, math.MaxInt, true, in},
		"IF":                   {3, 3, false, ifForm},
		"COALESCE":             {1, math.MaxInt, true, coalesce},
		"IFNULL":               {2, 2, true, coalesce},
		"NULLIF":               {2, 2, true, nullIf},
		sql.OpInterval:         {1, 1, false, intervalOf},
		sql.OpFields:           {1, math.MaxInt, false, fieldRow},
	}
}

// fieldRow is ROW(…) with the names that the Table API gives the fields.
func fieldRow(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	d, _ := list.Lookup("ROW")
	e := b.builtIn(d, args, x)
	if c, ok := e.(*ir.Call); ok {
		for i := range c.T.Names {
			c.T.Names[i] = "f" + strconv.Itoa(i)
		}
	}
	return e
}

// intervalOf is what the Table API's units are of anything but a literal.
func intervalOf(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	b.errorf(diag.FunctionArgument, x.Pos, "only a literal number has a unit of time, not %s", args[0].Type()).
		WithHint("multiply an interval: lit(1).day * x")
	return poison(x.Pos)
}

func constBool(v bool, pos diag.Pos) ir.Expr {
	return ir.NewConst(types.Of(types.Boolean).NotNull(), v, pos)
}

// connect is x AND y, or x OR y.
func (b *binder) connect(op string, x, y ir.Expr, pos diag.Pos) ir.Expr {
	if !valid(x, y) {
		return poison(pos)
	}
	d, _ := list.Lookup(op)
	return b.overload(d, []ir.Expr{x, y}, pos)
}

func (b *binder) unary(op string, x ir.Expr, pos diag.Pos) ir.Expr {
	if !valid(x) {
		return poison(pos)
	}
	d, _ := list.Lookup(op)
	return b.overload(d, []ir.Expr{x}, pos)
}

// truth is x IS [NOT] TRUE or FALSE: a test that is never NULL.
func truth(value, negated bool) func(*binder, *sql.Call, []ir.Expr) ir.Expr {
	return func(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
		cond := b.tested(x, args[0])
		if !value {
			cond = b.unary(sql.OpNot, cond, x.Pos)
		}
		return b.newCase([]ir.Expr{cond}, []ir.Expr{constBool(!negated, x.Pos)}, constBool(negated, x.Pos), x.Pos)
	}
}

// tested is the operand of a test for a truth value.
func (b *binder) tested(x *sql.Call, arg ir.Expr) ir.Expr {
	if arg.Type().Kind == types.Null && b.dialect == sqlText {
		b.untypedNull(arg)
		return poison(x.Pos)
	}
	return b.boolean(arg, x.Func+" tests a boolean expression")
}

// unknown is x IS [NOT] UNKNOWN.
func unknown(op string) func(*binder, *sql.Call, []ir.Expr) ir.Expr {
	return func(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
		return b.unary(op, b.tested(x, args[0]), x.Pos)
	}
}

// distinct is x IS [NOT] DISTINCT FROM y, for which NULL equals NULL.
func distinct(negated bool) func(*binder, *sql.Call, []ir.Expr) ir.Expr {
	return func(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
		op, ofNull := sql.OpNe, sql.OpIsNotNull
		if negated {
			op, ofNull = sql.OpEq, sql.OpIsNull
		}
		bothKnown := b.compare(op, args[0], args[1], x.Pos)
		if args[0].Type().Text() != args[1].Type().Text() { // text that cannot be read is different
			bothKnown = b.sureIf(!negated, bothKnown)
		}
		e := b.newCase(
			[]ir.Expr{b.unary(sql.OpIsNull, args[0], x.Pos), b.unary(sql.OpIsNull, args[1], x.Pos)},
			[]ir.Expr{b.unary(ofNull, args[1], x.Pos), constBool(!negated, x.Pos)},
			bothKnown, x.Pos)
		if c, ok := e.(*ir.Case); ok {
			c.T = c.T.NotNull() // the last branch sees no NULL
		}
		return e
	}
}

// sureIf is a condition that is instead where it is NULL.
func (b *binder) sureIf(instead bool, cond ir.Expr) ir.Expr {
	test, pos := cond, cond.Pos()
	if instead {
		test = b.unary(sql.OpNot, cond, pos)
	}
	return b.newCase([]ir.Expr{test}, []ir.Expr{constBool(!instead, pos)}, constBool(instead, pos), pos)
}

// between is low <= x AND x <= high.
func between(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	low := b.compare(sql.OpGe, args[0], args[1], x.Pos)
	high := b.compare(sql.OpLe, args[0], args[2], x.Pos)
	return b.connect(sql.OpAnd, low, high, x.Pos)
}

func betweenSymmetric(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	swapped := []ir.Expr{args[0], args[2], args[1]}
	return b.connect(sql.OpOr, between(b, x, args), between(b, x, swapped), x.Pos)
}

// in is x = a OR x = b OR …; in SQL text the elements are converted to the type
// of x, whatever is lost by it.
func in(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	if b.dialect == sqlText && !b.alike(args[0].Type(), args[1:]) {
		return poison(x.Pos)
	}
	var out ir.Expr
	for _, a := range args[1:] {
		if b.dialect == sqlText {
			a = b.element(args[0].Type(), a)
		}
		eq := b.compare(sql.OpEq, args[0], a, a.Pos())
		if out == nil {
			out = eq
		} else {
			out = b.connect(sql.OpOr, out, eq, x.Pos)
		}
	}
	return out
}

// alike reports whether the elements of a list have a common type; NULL has
// none with elements that must be converted to or from text.
func (b *binder) alike(t types.Type, elements []ir.Expr) bool {
	common := types.Of(types.Null)
	nulls := false
	for _, e := range elements {
		next, ok := types.Common(common, e.Type())
		if !ok {
			b.errorf(diag.TypeMismatch, e.Pos(), "the values of the list have no common type: %s and %s", common, e.Type())
			return false
		}
		common = next
		nulls = nulls || e.Type().Kind == types.Null
	}
	if nulls && common.Kind != types.Null && t.Kind != types.Null && common.Text() != t.Text() {
		b.errorf(diag.TypeMismatch, elements[0].Pos(), "%s and a list of %s with NULL have no common type", t, common)
		return false
	}
	return true
}

// element converts an element of a list to the type of what it is compared
// with, where SQL compares the two.
func (b *binder) element(t types.Type, e ir.Expr) ir.Expr {
	from := e.Type()
	_, comparable := types.Common(t, from)
	mixed := t.Text() != from.Text() && !t.Interval() && !from.Interval() && types.Castable(from, t) && types.Castable(t, from) && !t.Nested() && !t.Binary()
	switch {
	case t.Kind == types.Null || from.Kind == types.Null, !comparable && !mixed,
		t.Nested(), t.Text() && from.Text() && !(t.Kind == types.Char && from.Kind == types.VarChar):
		return e
	}
	return b.coerce(e, t)
}

func ifForm(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	for _, a := range args {
		if a.Type().Kind == types.Null {
			b.untypedNull(a)
			return poison(x.Pos)
		}
	}
	if t := args[1].Type(); (t.Nested() || t.Interval()) && b.dialect == sqlText {
		b.errorf(diag.FunctionArgument, x.Pos, "IF takes numbers, strings, dates, times or BOOLEAN, not %s", t).
			WithHint("CASE WHEN … THEN … ELSE … END takes any type")
		return poison(x.Pos)
	}
	cond := b.boolean(args[0], "IF requires a boolean expression")
	e := b.newCase([]ir.Expr{cond}, []ir.Expr{args[1]}, args[2], x.Pos)
	if c, ok := e.(*ir.Case); ok { // unlike CASE, its type is nullable with the condition's
		c.T.Nullable = c.T.Nullable || cond.Type().Nullable
	}
	return e
}

// coalesce is the first of its arguments that isn't NULL. What follows one
// that never is cannot be reached.
func coalesce(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	for len(args) > 1 && args[0].Type().Kind == types.Null {
		args = args[1:]
	}
	args = slices.Clone(args)
	t, ok := b.unifyBy(types.Merged, args, x.Pos, "the arguments of "+x.Func)
	if !ok {
		return poison(x.Pos)
	}
	n := len(args) - 1
	var whens, thens []ir.Expr
	for i, a := range args {
		if !a.Type().Nullable {
			n = i
			break
		}
		if i < n {
			whens = append(whens, b.unary(sql.OpIsNotNull, a, x.Pos))
			thens = append(thens, a)
		}
	}
	if len(whens) == 0 {
		return args[n]
	}
	return ir.NewCase(whens, thens, args[n], t.WithNull(args[n].Type().Nullable), x.Pos)
}

// typeOf is the text of the type of its first argument; the second one, whether
// only types that SQL can write count, changes nothing for the types there are.
func typeOf(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	if len(args) > 1 {
		if c, ok := args[1].(*ir.Const); !ok || c.Type().Kind != types.Boolean {
			b.errorf(diag.FunctionArgument, args[1].Pos(), "TYPEOF takes a value and TRUE or FALSE, not (%s, %s)", args[0].Type(), args[1].Type())
			return poison(x.Pos)
		}
	}
	return ir.NewConst(types.String(), plannersIntervals.Replace(args[0].Type().String()), x.Pos)
}

// plannersIntervals turns the names of intervals into those of PyFlink 1.20.1's
// planner, which has one type for all with months and one for the others.
var plannersIntervals = strings.NewReplacer("INTERVAL YEAR TO MONTH", "INTERVAL MONTH", "INTERVAL DAY TO SECOND", "INTERVAL SECOND(3)")

// currentDatabase is the name of the database in which plain names are looked
// up.
func currentDatabase(b *binder, x *sql.Call, _ []ir.Expr) ir.Expr {
	return ir.NewConst(types.String().NotNull(), b.s.CurrentDatabase(), x.Pos)
}

// nullIf is NULL where both are equal, else the first.
func nullIf(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	equal := b.compare(sql.OpEq, args[0], args[1], x.Pos)
	if args[0].Type().Kind == types.Null {
		b.untypedNull(args[0])
		return poison(x.Pos)
	}
	t := args[0].Type().WithNull(true)
	if b.nullArray(t, x.Pos) {
		return poison(x.Pos)
	}
	return b.newCase([]ir.Expr{equal}, []ir.Expr{ir.NewConst(t, nil, x.Pos)}, args[0], x.Pos)
}
