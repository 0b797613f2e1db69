package bind

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
	agglist "pyfc/rt/agg/list"
	"pyfc/rt/fn"
	"pyfc/rt/fn/list"
)

// call binds an operator or function: a registered function, an aggregate, a
// form that becomes others, or a built-in function, in this order.
func (b *binder) call(x *sql.Call) ir.Expr {
	if x.Func == sql.OpEscape {
		return b.escape(x)
	}
	if u, ok := b.s.Function(x.Written); ok && x.Written != "" {
		return b.udf(u, x)
	}
	if b.s.unloaded && x.Written != "" {
		b.planned(x.Pos, "sql", "calls of built-in functions while the module core isn't loaded")
		return poison(x.Pos)
	}
	if x.Over != nil {
		return b.over(x)
	}
	if _, ok := agglist.Window(x.Func); ok {
		b.errorf(diag.BadAggregate, x.Pos, "%s must be followed by OVER", x.Func)
		return poison(x.Pos)
	}
	if _, ok := agglist.Lookup(x.Func); ok {
		return b.aggregate(x)
	}
	if b.isWindowProperty(x) {
		return b.tableWindowProperty(x)
	}
	if _, _, ok := windowProperty(x.Func); ok {
		return b.aboutWindow(x)
	}
	if windowFunctions[x.Func] {
		b.errorf(diag.BadAggregate, x.Pos, "%s can only stand in GROUP BY, or as TABLE(%s(…)) in FROM", x.Func, x.Func)
		return poison(x.Pos)
	}
	if groupingFunctions[x.Func] {
		return b.grouping(x)
	}
	if x.Distinct || x.Filter != nil {
		b.errorf(diag.BadAggregate, x.Pos, "DISTINCT and FILTER belong to aggregate functions, and %s is none", x.Func)
		return poison(x.Pos)
	}
	if e, ok := b.queryCall(x); ok {
		return e
	}
	if f, ok := forms[x.Func]; ok {
		if len(x.Args) < f.min || len(x.Args) > f.max {
			b.errorf(diag.FunctionArgument, x.Pos, "%s takes %s, not %d", x.Func, f.arity(), len(x.Args))
			return poison(x.Pos)
		}
		bind := func() []ir.Expr { return b.exprs(x.Args) }
		if f.repeats {
			once := bind
			bind = func() []ir.Expr { return b.repeating(x.Func, x.Pos, once) }
		}
		args := bind()
		if !valid(args...) {
			return poison(x.Pos)
		}
		return f.bind(b, x, args)
	}
	d, ok := list.Lookup(x.Func)
	if !ok {
		return b.notBuiltIn(x)
	}
	args := b.exprs(x.Args)
	if !valid(args...) {
		return poison(x.Pos)
	}
	return b.builtIn(d, args, x)
}

// notBuiltIn reports a function that has no declaration: one of Flink's, or
// one of nobody's.
func (b *binder) notBuiltIn(x *sql.Call) ir.Expr {
	b.exprs(x.Args) // for the faults in them, too
	name := x.Written
	if name == "" {
		name = x.Func
	}
	switch {
	case known(x.Func):
		b.planned(x.Pos, "function", x.Func)
	case len(b.s.foreign) == 0: // a module that was refused may have it
		b.s.unknownFunction(x.Pos, name)
	}
	return poison(x.Pos)
}

// unknownFunction reports a name that no function has.
func (s *Session) unknownFunction(pos diag.Pos, name string) {
	names := list.Names()
	for n := range s.functions {
		names = append(names, n)
	}
	names = append(append(names, agglist.Names()...), knownNames()...)
	slices.Sort(names)
	d := s.Diags.Errorf(diag.UnknownFunction, pos, "undefined function: %s", name)
	if !d.DidYouMean(name, names) {
		d.WithHint("a Python function is made known by create_temporary_function")
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// untypedNull reports a NULL whose type nothing tells.
func (b *binder) untypedNull(e ir.Expr) {
	b.errorf(diag.TypeMismatch, e.Pos(), "NULL has no type here").WithHint("write CAST(NULL AS type)")
}

// builtIn chooses the overload of a declared function. Operators have type
// rules of their own.
func (b *binder) builtIn(d *fn.Decl, args []ir.Expr, x *sql.Call) ir.Expr {
	switch d.Name {
	case "+", "-", "*", "/", "%":
		switch {
		case len(args) == 2 && x.Func == sql.OpMod:
			return b.percent(args[0], args[1], x.Pos)
		case len(args) == 2:
			return b.arithmetic(d.Name, args[0], args[1], x.Pos)
		case d.Name == "+" && (args[0].Type().Numeric() || args[0].Type().Interval()):
			return args[0]
		case d.Name == "-" && isZero(x.Args[0]):
			return args[0] // a literal is a decimal number, which has no -0.0
		case d.Name == "+":
			b.errorf(diag.TypeMismatch, x.Pos, "+ takes a number, not (%s)", args[0].Type())
			return poison(x.Pos)
		}
	case "=", "<>", "<", "<=", ">", ">=":
		if len(args) == 2 {
			return b.compare(d.Name, args[0], args[1], x.Pos)
		}
	case "||":
		if len(args) == 2 {
			return b.concat(args[0], args[1], x.Pos)
		}
	}
	switch d.Name {
	case sql.OpField:
		return b.fieldOf(d, args, x)
	case sql.OpMap:
		args = b.likeFirst(args)
	case sql.OpItem:
		if args[0].Type().Kind == types.Row && len(args) == 2 && b.dialect == sqlText {
			return b.itemOfRow(args[0], args[1], x.Pos)
		}
	case "JSON_OBJECT":
		args = markJSON(args, 2)
	case "JSON_ARRAY":
		args = markJSON(args, 1)
	case sql.OpIsNull, sql.OpIsNotNull:
		if len(args) == 1 && opt.NeverNull(args[0]) {
			return constBool(d.Name == sql.OpIsNotNull, x.Pos)
		}
	case sql.OpAnd, sql.OpOr, sql.OpNot:
		for i, a := range args {
			if a.Type().Kind == types.Null && b.dialect == tableAPI {
				args[i] = ir.NewConst(types.Of(types.Boolean), nil, a.Pos())
			}
		}
	}
	e := b.overload(d, args, x.Pos)
	if e != nil && d.Name == "ELEMENT" {
		return b.elementOf(e, args[0].Type().Elems[0])
	}
	if e != nil {
		return e
	}
	if null := b.strayNull(d, args); null != nil {
		b.untypedNull(null)
	} else {
		b.wrongArguments(d, args, x.Pos)
	}
	return poison(x.Pos)
}

// likeFirst gives NULL without a type the type of the first argument, as SQL's
// maps do: the value of MAP[1, NULL] is an INT.
func (b *binder) likeFirst(args []ir.Expr) []ir.Expr {
	if b.dialect != sqlText || len(args) == 0 {
		return args
	}
	args = slices.Clone(args)
	for i, a := range args {
		if a.Type().Kind == types.Null {
			args[i] = ir.NewConst(args[0].Type().WithNull(true), nil, a.Pos())
		}
	}
	return args
}

// itemOfRow is row[n], where n is a position from 1, or row['field'].
func (b *binder) itemOfRow(row, index ir.Expr, pos diag.Pos) ir.Expr {
	c, _ := index.(*ir.Const)
	if c != nil && c.T.Text() && c.Value != nil {
		return b.field(row, sql.Name{Text: c.Value.(string), Pos: pos})
	}
	n := len(row.Type().Elems)
	i, isInt := constInt(c)
	if !isInt || i < 1 || i > int64(n) {
		b.errorf(diag.FunctionArgument, pos, "the index of a row is a field's name or its position, a number from 1 to %d", n)
		return poison(pos)
	}
	d, _ := list.Lookup(sql.OpField)
	return b.overload(d, []ir.Expr{row, ir.NewConst(c.T, i-1, c.Pos())}, pos)
}

// elementOf is ELEMENT(…), which isn't NULL where the elements aren't: see
// opt.Missing.
func (b *binder) elementOf(e ir.Expr, element types.Type) ir.Expr {
	v, ok := opt.Missing(element, true)
	if element.Nullable || !ok {
		return e
	}
	missing := ir.NewConst(element, v, e.Pos())
	return ir.NewCase([]ir.Expr{b.unary(sql.OpIsNull, e, e.Pos())}, []ir.Expr{missing}, e, element, e.Pos())
}

// isZero reports whether x is the literal 0e0.
func isZero(x sql.Expr) bool {
	c, ok := x.(*sql.Literal)
	return ok && c.Value == 0.0
}

// strayNull is an argument that is NULL without a type, where all signatures
// want one.
func (b *binder) strayNull(d *fn.Decl, args []ir.Expr) ir.Expr {
	for i, a := range args {
		takesNull := func(o fn.Overload) bool { return o.Takes(len(args)) && o.Param(i).TakesNull() }
		if a.Type().Kind == types.Null && !slices.ContainsFunc(d.Overloads, takesNull) {
			return a
		}
	}
	return nil
}

// foldSigns makes constants of -1 and its like, for the signatures that look at
// an argument's value.
func foldSigns(args []ir.Expr) []ir.Expr {
	args = slices.Clone(args)
	for i, a := range args {
		if c, ok := a.(*ir.Call); ok && c.Fn == sql.OpMinus && len(c.Args) == 1 {
			if _, literal := c.Args[0].(*ir.Const); literal {
				args[i] = opt.Fold(c)
			}
		}
	}
	return args
}

// overload is the call with the first signature that takes the arguments; nil
// without.
func (b *binder) overload(d *fn.Decl, args []ir.Expr, pos diag.Pos) ir.Expr {
	args = foldSigns(args)
	given := ir.Args(args)
	for i, o := range d.Overloads {
		as, ok := o.Conversions(given)
		if !ok {
			continue
		}
		args = slices.Clone(args)
		for j, a := range args {
			if as[j].Kind != types.Null {
				args[j] = b.coerce(a, as[j])
			}
		}
		if o.Check != nil {
			if err := o.Check(given); err != nil {
				b.errorf(diag.FunctionArgument, pos, "%s: %v", d.Name, err)
				return poison(pos)
			}
		}
		if o.Unify {
			if _, ok := b.unify(args, pos, "the arguments of "+d.Name); !ok {
				return poison(pos)
			}
		}
		return ir.NewCall(d.Name, i, args, o.Type(ir.Args(args)), pos)
	}
	return nil
}

// wrongArguments reports that no signature takes the arguments.
func (b *binder) wrongArguments(d *fn.Decl, args []ir.Expr, pos diag.Pos) {
	if text := wrongPart(d.Name, args); text != "" {
		b.tellTypes(b.errorf(diag.FunctionArgument, pos, "%s", text), args...)
		return
	}
	var given []string
	for _, a := range args {
		given = append(given, a.Type().String())
	}
	var takes []string
	for _, o := range d.Overloads {
		if !o.Takes(len(args)) && slices.ContainsFunc(d.Overloads, func(o fn.Overload) bool { return o.Takes(len(args)) }) {
			continue // of no interest: the number of arguments is right
		}
		takes = append(takes, o.Signature())
	}
	code := diag.FunctionArgument
	if d.Name == strings.Trim(d.Name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") || d.Name == "AND" || d.Name == "OR" || d.Name == "NOT" {
		code = diag.TypeMismatch
	}
	b.tellTypes(b.errorf(code, pos, "%s takes %s, not (%s)", d.Name, strings.Join(takes, ", or "), strings.Join(given, ", ")), args...)
}

// wrongPart says what is wrong with the arguments of a function whose signature
// says it badly; "" of others.
func wrongPart(name string, args []ir.Expr) string {
	listed := func(what string, args []ir.Expr) string {
		seen := ""
		for _, a := range args {
			if text := a.Type().WithNull(true).String(); !strings.Contains(seen, text) {
				seen += ", " + text
			}
		}
		return fmt.Sprintf("%s have no common type: %s", what, strings.TrimPrefix(seen, ", "))
	}
	switch {
	case name == "ARRAY" && len(args) > 1:
		return listed("the elements of ARRAY", args)
	case name == "MAP" && len(args)%2 == 1:
		return "MAP takes pairs of a key and a value, not " + count(len(args), "expression")
	case name == "MAP" && len(args) > 2:
		return listed("the keys or the values of MAP", args)
	case name == "ITEM" && args[0].Type().Kind == types.Map:
		return fmt.Sprintf("the keys of this map are %s, not %s", args[0].Type().Elems[0], args[1].Type())
	case name == "ITEM" && args[0].Type().Kind == types.Array && args[1].Type().Kind != types.Int:
		return fmt.Sprintf("the index of an array is INT, not %s", args[1].Type())
	case name == "EXTRACT" && len(args) == 2 && !args[1].Type().Temporal():
		return fmt.Sprintf("EXTRACT takes a date, time, timestamp or interval, not %s", args[1].Type())
	case name == "EXTRACT" && len(args) == 2 && isConst(args[0]):
		return fmt.Sprintf("%s has no %v", args[1].Type(), args[0].(*ir.Const).Value)
	}
	return ""
}

// arithmetic binds a op b. In the Table API, + joins text, too.
func (b *binder) arithmetic(op string, x, y ir.Expr, pos diag.Pos) ir.Expr {
	tx, ty := x.Type(), y.Type()
	switch {
	case tx.Kind == types.Null:
		b.untypedNull(x)
		return poison(pos)
	case ty.Kind == types.Null:
		b.untypedNull(y)
		return poison(pos)
	case op == "+" && b.dialect == tableAPI && tx.Text():
		return b.concat(x, b.coerce(y, textOf(ty)), pos)
	case tx.Temporal() || ty.Temporal():
		return b.temporalArithmetic(op, x, y, pos)
	case !tx.Numeric() || !ty.Numeric():
		d := b.errorf(diag.TypeMismatch, pos, "cannot apply '%s' to %s and %s, it takes two numbers", op, tx, ty)
		b.tellTypes(d, x, y)
		if op == "+" && (tx.Text() || ty.Text()) && b.dialect == sqlText {
			d.WithHint("texts are joined by ||")
		}
		return poison(pos)
	case op == "%" && (tx.Approximate() || ty.Approximate()):
		b.tellTypes(b.errorf(diag.TypeMismatch, pos, "cannot apply '%%' to %s and %s, it takes two exact numbers", tx, ty), x, y)
		return poison(pos)
	}
	return b.numeric(op, x, y, pos)
}

// percent binds x % y. PyFlink 1.20.1's planner takes it to have the type of y,
// and fails where the remainder of a DECIMAL has another; MOD has no such limit.
func (b *binder) percent(x, y ir.Expr, pos diag.Pos) ir.Expr {
	e := b.arithmetic(sql.OpMod, x, y, pos)
	if valid(e) && b.dialect == sqlText && e.Type().Kind == types.Decimal && !e.Type().WithNull(true).Equal(y.Type().WithNull(true)) {
		b.errorf(diag.TypeMismatch, pos, "cannot apply '%%' to %s and %s, the remainder doesn't have the divisor's type", x.Type(), y.Type()).
			WithHint("MOD(x, y) does")
		return poison(pos)
	}
	return e
}

// textOf is what a value is converted to when it is joined to text.
func textOf(t types.Type) types.Type {
	if t.Text() {
		return t
	}
	return types.String()
}

// numeric makes the call of an arithmetic operator. Its operands get one type:
// that of the result, or for a remainder the wider one, which is then cut to
// the divisor's. DECIMAL operands keep theirs.
func (b *binder) numeric(op string, x, y ir.Expr, pos diag.Pos) ir.Expr {
	d, _ := list.Lookup(op)
	if exactDecimals(x.Type(), y.Type()) {
		return b.overload(d, []ir.Expr{b.coerce(x, x.Type().AsDecimal()), b.coerce(y, y.Type().AsDecimal())}, pos)
	}
	t := arithmetic(op, x.Type(), y.Type())
	if op == "%" {
		wide := types.CommonNumber(x.Type(), y.Type()).WithNull(t.Nullable)
		e := b.overload(d, []ir.Expr{b.coerce(x, wide), b.coerce(y, wide)}, pos)
		return b.coerce(e, t)
	}
	return b.overload(d, []ir.Expr{b.coerce(x, t), b.coerce(y, t)}, pos)
}

// concat binds x || y.
func (b *binder) concat(x, y ir.Expr, pos diag.Pos) ir.Expr {
	tx, ty := x.Type(), y.Type()
	d, _ := list.Lookup("||")
	if !tx.Text() || !ty.Text() {
		b.wrongArguments(d, []ir.Expr{x, y}, pos)
		return poison(pos)
	}
	t := concatenation(tx, ty)
	if b.dialect == tableAPI { // there, Flink gives it the longer one's type
		t, _ = types.Common(tx, ty)
		t.Kind = types.VarChar
	}
	return ir.NewCall("||", 0, []ir.Expr{x, y}, t, pos)
}

// compare binds x op y for a comparison.
func (b *binder) compare(op string, x, y ir.Expr, pos diag.Pos) ir.Expr {
	if !valid(x, y) {
		return poison(pos)
	}
	tx, ty := x.Type(), y.Type()
	result := types.Of(types.Boolean).WithNull(tx.Nullable || ty.Nullable)
	equality := op == sql.OpEq || op == sql.OpNe
	left, right := rowFields(x), rowFields(y)
	switch {
	case equality && b.dialect == sqlText && left != nil && len(left) == len(right):
		return b.compareFields(op, left, right, pos)
	case tx.Kind == types.Null || ty.Kind == types.Null:
		return ir.NewConst(types.Of(types.Boolean), nil, pos)
	case tx.Text() && ty.Text():
		return b.textComparison(op, x, y, result, pos)
	case b.dialect == sqlText && equality && (tx.Text() && neverText(ty) || ty.Text() && neverText(tx)):
		return b.differ(op == sql.OpNe, x, y, pos)
	case b.dialect == sqlText && (tx.Text() || ty.Text()):
		left, right, ok := b.fromText(equality, x, y)
		if !ok {
			b.incomparable(op, x, y, pos)
			return poison(pos)
		}
		if x, y = left, right; !valid(x, y) {
			return poison(pos)
		}
	case tx.Timestamp() && ty.Timestamp() && tx.Kind != ty.Kind:
		t := types.Of(types.TimestampLTZ)
		t.Precision = max(tx.Precision, ty.Precision)
		x, y = b.coerce(x, t), b.coerce(y, t)
	case exactDecimals(tx, ty):
		x, y = b.coerce(x, tx.AsDecimal()), b.coerce(y, ty.AsDecimal())
	default:
		t, ok := types.Common(tx, ty)
		if !ok {
			b.incomparable(op, x, y, pos)
			return poison(pos)
		}
		x, y = b.coerce(x, t), b.coerce(y, t)
	}
	d, _ := list.Lookup(op)
	if e := b.overload(d, []ir.Expr{x, y}, pos); e != nil {
		return e
	}
	b.planned(pos, "function", op+" of "+tx.Kind.String()+" and "+ty.Kind.String())
	return ir.NewCall(op, 0, []ir.Expr{x, y}, result, pos)
}

// rowFields are the fields of ROW(…) or (…, …); nil for any other expression.
func rowFields(e ir.Expr) []ir.Expr {
	if c, ok := e.(*ir.Call); ok && c.Fn == sql.OpRow {
		return c.Args
	}
	return nil
}

// compareFields is = or <> of two rows that are written as their fields: unlike
// for rows that are values, the result is NULL where a NULL field decides.
func (b *binder) compareFields(op string, x, y []ir.Expr, pos diag.Pos) ir.Expr {
	all := b.compare(sql.OpEq, x[0], y[0], pos)
	for i := 1; i < len(x); i++ {
		all = b.connect(sql.OpAnd, all, b.compare(sql.OpEq, x[i], y[i], pos), pos)
	}
	if op == sql.OpEq {
		return all
	}
	return b.unary(sql.OpNot, all, pos)
}

// neverText reports whether no text is equal to a value of the type, whatever
// they look like: 'TRUE' = TRUE is FALSE in PyFlink 1.20.1.
func neverText(t types.Type) bool { return t.Kind == types.Boolean || t.Interval() }

// differ is what x = y, or x <> y, gives where they are always different: NULL
// if one is NULL, else FALSE, or TRUE.
func (b *binder) differ(result bool, x, y ir.Expr, pos diag.Pos) ir.Expr {
	d, _ := list.Lookup(sql.OpAnd)
	both := b.overload(d, []ir.Expr{b.compare(sql.OpEq, x, x, pos), b.compare(sql.OpEq, y, y, pos)}, pos)
	if result {
		return both
	}
	d, _ = list.Lookup(sql.OpNot)
	return b.overload(d, []ir.Expr{both}, pos)
}

// fromText converts the operand that is text to the other's type; false where
// SQL doesn't compare the two: what is neither a number nor a time, intervals,
// and numbers by equality. Numbers are compared by order as BIGINT at least.
// Text that isn't constant is converted for an equality so that what cannot be
// read is NULL.
func (b *binder) fromText(equality bool, x, y ir.Expr) (ir.Expr, ir.Expr, bool) {
	t := y.Type()
	if t.Text() {
		t = x.Type()
	}
	switch {
	case t.Temporal() && !t.Interval(), t.Kind == types.Boolean && !equality:
	case t.Numeric() && !equality:
		if !t.Approximate() {
			t, _ = types.Common(types.Of(types.BigInt), t)
		}
	default:
		return x, y, false
	}
	convert := func(e ir.Expr) ir.Expr {
		if !e.Type().Text() {
			return b.coerce(e, t)
		}
		c, isConst := e.(*ir.Const)
		try := equality && !isConst
		out := b.convert(e, t.WithNull(e.Type().Nullable || try), true, try, e.Pos())
		if equality && isConst && t.Kind != types.TimestampLTZ { // which depends on the session's zone
			if _, read := opt.Fold(out).(*ir.Const); !read {
				b.errorf(diag.TypeMismatch, e.Pos(), "'%v' is no %s", c.Value, t.WithNull(true))
				return poison(e.Pos())
			}
		}
		return out
	}
	return convert(x), convert(y), true
}

// textComparison compares two texts, which need not be of one type for that.
func (b *binder) textComparison(op string, x, y ir.Expr, t types.Type, pos diag.Pos) ir.Expr {
	d, _ := list.Lookup(op)
	i := slices.IndexFunc(d.Overloads, func(o fn.Overload) bool { return o.Accepts(ir.Args([]ir.Expr{x, y})) })
	return ir.NewCall(op, i, []ir.Expr{x, y}, t, pos)
}

func (b *binder) incomparable(op string, x, y ir.Expr, pos diag.Pos) {
	tx, ty := x.Type(), y.Type()
	d := b.errorf(diag.TypeMismatch, pos, "cannot compare %s with %s by '%s'", tx, ty, op)
	b.tellTypes(d, x, y)
	switch {
	case tx.Text():
		d.WithHint("convert one side: CAST(… AS %s)", ty.WithNull(true))
	case ty.Text():
		d.WithHint("convert one side: CAST(… AS %s)", tx.WithNull(true))
	}
}

// markJSON puts behind each value of a JSON object or array whether it is JSON
// already, as the calls that make these are. Values stand at every step-th
// place, behind what to do with NULL.
func markJSON(args []ir.Expr, step int) []ir.Expr {
	var out []ir.Expr
	for i, a := range args {
		out = append(out, a)
		if i > 0 && i%step == 0 {
			out = append(out, constBool(makesJSON(a), a.Pos()))
		}
	}
	return out
}

func makesJSON(e ir.Expr) bool {
	if c, ok := e.(*ir.Call); ok {
		return c.Fn == "JSON_OBJECT" || c.Fn == "JSON_ARRAY"
	}
	return false
}
