package bind

import (
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/fn/list"
)

// dateParts are the functions that are EXTRACT of a unit.
var dateParts = map[string]string{
	"YEAR": "YEAR", "QUARTER": "QUARTER", "MONTH": "MONTH", "WEEK": "WEEK", "DAYOFYEAR": "DOY", "DAYOFMONTH": "DAY",
	"DAYOFWEEK": "DOW", "HOUR": "HOUR", "MINUTE": "MINUTE", "SECOND": "SECOND",
}

func init() {
	for name, unit := range dateParts {
		forms[name] = form{1, 1, false, func(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
			d, _ := list.Lookup("EXTRACT")
			return b.builtIn(d, []ir.Expr{textConst(unit, x.Pos), args[0]}, x)
		}}
	}
	forms["OVERLAPS"] = form{4, 4, true, overlaps}
}

func textConst(s string, pos diag.Pos) ir.Expr {
	return ir.NewConst(types.NewChar(len(s)).NotNull(), s, pos)
}

// overlaps binds (a, b) OVERLAPS (c, d), where b and d are points in time or
// how long after a and c these are.
func overlaps(b *binder, x *sql.Call, args []ir.Expr) ir.Expr {
	for i := 1; i < 4; i += 2 {
		if args[i].Type().Interval() {
			if args[i] = b.arithmetic(sql.OpPlus, args[i-1], args[i], x.Pos); !valid(args[i]) {
				return poison(x.Pos)
			}
		}
	}
	d, _ := list.Lookup("OVERLAPS")
	if local := args[0].Type().Kind == types.TimestampLTZ; local != (args[2].Type().Kind == types.TimestampLTZ) {
		b.wrongArguments(d, args, x.Pos)
		return poison(x.Pos)
	}
	return b.builtIn(d, args, x)
}

// difference binds (a - b) DAY TO SECOND or YEAR TO MONTH. Which unit comes
// first tells the kind of interval; more of the qualifier doesn't count.
func (b *binder) difference(x *sql.Qualified) ir.Expr {
	minus, ok := x.X.(*sql.Call)
	if !ok { // the parser sees to it
		b.errorf(diag.TypeMismatch, x.Pos, "only a difference has an interval's qualifier")
		return poison(x.Pos)
	}
	args := b.exprs(minus.Args)
	if !valid(args...) {
		return poison(x.Pos)
	}
	if l, r := args[0].Type(), args[1].Type(); l.Kind == types.Date && r.Timestamp() || l.Timestamp() && r.Kind == types.Date {
		b.errorf(diag.TypeMismatch, minus.Pos, "both must be of one type, not %s and %s", l, r).
			WithHint("CAST one, or use TIMESTAMPDIFF(unit, from, to)")
		return poison(x.Pos)
	}
	d, _ := list.Lookup(fn.MillisBetweenName)
	if strings.HasPrefix(x.Qualifier, "YEAR") || strings.HasPrefix(x.Qualifier, "MONTH") {
		d, _ = list.Lookup(fn.MonthsBetweenName)
	}
	e := b.builtIn(d, args, minus)
	if c, ok := e.(*ir.Call); ok && !strings.Contains(x.Qualifier, " TO ") {
		c.T.Unit, _, _ = strings.Cut(x.Qualifier, "(") // DAY(3)
	}
	return e
}

// unitsOf casts a number to an interval: a literal counts its field, any other
// number months or milliseconds.
func (b *binder) unitsOf(n ir.Expr, literal bool, to types.Type, try bool, pos diag.Pos) ir.Expr {
	count := n
	if literal {
		count = b.arithmetic("*", n, constBigInt(types.IntervalUnit(to.Unit), pos), pos)
	}
	count = b.convert(count, types.Of(types.BigInt).WithNull(count.Type().Nullable), false, try, pos)
	return b.convert(count, to.WithNull(to.Nullable || count.Type().Nullable), false, try, pos)
}

// unitsIn casts an interval of one field to a number: how many of it there are.
func (b *binder) unitsIn(interval ir.Expr, to types.Type, try bool, pos diag.Pos) ir.Expr {
	from := interval.Type()
	count := b.convert(interval, types.Of(types.BigInt).WithNull(from.Nullable), false, try, pos)
	count = b.arithmetic("/", count, constBigInt(types.IntervalUnit(from.Unit), pos), pos)
	return b.convert(count, to, false, try, pos)
}

func constBigInt(v int64, pos diag.Pos) ir.Expr {
	return ir.NewConst(types.Of(types.BigInt).NotNull(), v, pos)
}

// temporalArithmetic binds a op b where one is a date, a time or an interval.
func (b *binder) temporalArithmetic(op string, x, y ir.Expr, pos diag.Pos) ir.Expr {
	if op == sql.OpPlus && x.Type().Interval() && y.Type().Kind == types.TimestampLTZ && b.dialect == sqlText {
		b.errorf(diag.RefusedByFlink, pos, "PyFlink 1.20.1 adds no %s to an interval", y.Type().WithNull(true)).WithHint("put the interval last")
		return poison(pos)
	}
	if op == sql.OpPlus && x.Type().Interval() && !y.Type().Interval() {
		x, y = y, x
	}
	tx, ty := x.Type(), y.Type()
	d, _ := list.Lookup(op)
	if e := b.overload(d, []ir.Expr{x, y}, pos); e != nil {
		return e
	}
	fault := b.errorf(diag.TypeMismatch, pos, "cannot apply '%s' to %s and %s", op, tx, ty)
	b.tellTypes(fault, x, y)
	switch {
	case tx.Text() || ty.Text():
		fault.WithHint("make a TIMESTAMP of the text: TO_TIMESTAMP(x)")
	case op == sql.OpMinus && !tx.Interval() && !ty.Interval():
		fault.WithHint("the time between two points is TIMESTAMPDIFF(unit, from, to)")
	case op == sql.OpTimes:
		fault.WithHint("an interval is multiplied by an integer")
	case op == sql.OpPlus || op == sql.OpMinus:
		fault.WithHint("add an INTERVAL: x + INTERVAL '1' DAY")
	}
	return poison(pos)
}
