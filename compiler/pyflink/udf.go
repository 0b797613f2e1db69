package pyflink

import (
	"fmt"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyudf"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// The classes of Python functions. Scripts derive from the base classes;
// wrappers are what udf(…) and its like return, and carry a *function.
var (
	userFunctionClass   = pyeval.NewClass("pyflink.table.udf", "UserDefinedFunction")
	scalarFunctionClass = pyeval.NewClass("pyflink.table.udf", "ScalarFunction", userFunctionClass)
	tableFunctionClass  = pyeval.NewClass("pyflink.table.udf", "TableFunction", userFunctionClass)
	imperativeClass     = pyeval.NewClass("pyflink.table.udf", "ImperativeAggregateFunction", userFunctionClass)
	aggregateClass      = pyeval.NewClass("pyflink.table.udf", "AggregateFunction", imperativeClass)
	tableAggregateClass = pyeval.NewClass("pyflink.table.udf", "TableAggregateFunction", imperativeClass)
	functionContext     = pyeval.NewClass("pyflink.table.udf", "FunctionContext")

	wrapperClass          = pyeval.NewClass("pyflink.table.udf", "UserDefinedFunctionWrapper")
	scalarWrapperClass    = pyeval.NewClass("pyflink.table.udf", "UserDefinedScalarFunctionWrapper", wrapperClass)
	tableWrapperClass     = pyeval.NewClass("pyflink.table.udf", "UserDefinedTableFunctionWrapper", wrapperClass)
	aggregateWrapperClass = pyeval.NewClass("pyflink.table.udf", "UserDefinedAggregateFunctionWrapper", wrapperClass)
)

// function is a Python function made by udf(…).
type function struct {
	value  pyeval.Value
	udf    *ir.UDF
	inputs bool // input_types was given
	where  pyast.Span
	as     []sql.Name // of alias
}

// maker is one of the functions that make functions of the job.
type maker struct {
	name string
	kind ir.UDFKind
	// base is the class that objects derive from, methods are those that they
	// must have.
	base    *pyeval.Class
	methods []string
	wrapper *pyeval.Class
	// result is the parameter of its result.
	result string
}

var (
	udfMaker   = &maker{"udf", ir.ScalarUDF, scalarFunctionClass, []string{"eval"}, scalarWrapperClass, "result_type"}
	udtfMaker  = &maker{"udtf", ir.TableUDF, tableFunctionClass, []string{"eval"}, tableWrapperClass, "result_types"}
	udafMaker  = &maker{"udaf", ir.AggregateUDF, aggregateClass, []string{"create_accumulator", "accumulate", "get_value"}, aggregateWrapperClass, "result_type"}
	udtafMaker = &maker{"udtaf", ir.TableAggregateUDF, tableAggregateClass, []string{"create_accumulator", "accumulate", "emit_value"}, aggregateWrapperClass, "result_type"}

	makers = []*maker{udfMaker, udtfMaker, udafMaker, udtafMaker}
)

// udfFunctions are the functions of the module pyflink.table.udf.
var udfFunctions = []member{
	def("udf(f = None, input_types = None, result_type = None, deterministic: bool|None = None, name: str|None = None, func_type: str = 'general', udf_type: str|None = None)",
		"Makes a scalar function of a Python function.", udfMaker.decorator()),
	def("udtf(f = None, input_types = None, result_types = None, deterministic: bool|None = None, name: str|None = None)",
		"Makes a table function of a Python function.", udtfMaker.decorator()),
	def("udaf(f = None, input_types = None, result_type = None, accumulator_type = None, deterministic: bool|None = None, name: str|None = None, func_type: str = 'general')",
		"Makes an aggregate function of a Python function.", udafMaker.decorator()),
	def("udtaf(f = None, input_types = None, result_type = None, accumulator_type = None, deterministic: bool|None = None, name: str|None = None, func_type: str = 'general')",
		"Makes a table aggregate function of a Python function.", udtafMaker.decorator()),
}

func init() {
	pass := func(*pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil }
	declare(userFunctionClass, "The base of all Python functions that are classes.",
		def("open(self, function_context)", "Runs once in the worker before the first row.", pass),
		def("close(self)", "Runs once in the worker after the last row.", pass),
		def("is_deterministic(self)", "Whether equal arguments give equal results.", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.True, nil }),
	)
	declare(scalarFunctionClass, "The base of scalar functions that are classes: eval gives one value for a row.",
		inWorker("eval(self, *args)", "Gives the value for a row."))
	declare(tableFunctionClass, "The base of table functions that are classes: eval gives the rows for a row.",
		inWorker("eval(self, *args)", "Gives the rows for a row."))
	declare(imperativeClass, "The base of aggregate functions.",
		inWorker("create_accumulator(self)", "Makes what a group has so far."),
		inWorker("accumulate(self, accumulator, *args)", "Takes a row in."),
		inWorker("retract(self, accumulator, *args)", "Takes a row back."),
		inWorker("merge(self, accumulator, accumulators)", "Joins what several groups have.").later(),
		def("get_result_type(self)", "The type of the result.", noType("get_result_type")),
		def("get_accumulator_type(self)", "The type of what a group has so far.", noType("get_accumulator_type")))
	declare(aggregateClass, "The base of aggregate functions that are classes.",
		inWorker("get_value(self, accumulator)", "Gives the result of a group."))
	declare(tableAggregateClass, "The base of table aggregate functions that are classes.",
		inWorker("emit_value(self, accumulator)", "Gives the rows of a group."))
	declare(functionContext, "What open() of a Python function is given in the worker.",
		inWorker("get_metric_group(self)", "Where the function registers metrics."),
		inWorker("get_job_parameter(self, key: str, default_value: str)", "A parameter of the job."))
	declare(wrapperClass, "A Python function of the job.",
		def("__call__(self, *args)", "Calls the function in an expression.", callFunction),
		get("_name", "The function's name.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*function](c.Self())
			return pyeval.NewStr(f.udf.Name), nil
		}),
		def("alias(self, *alias_names: str)", "Names the columns of what it gives for whole rows.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*function](c.Self())
			f.as = namesOf(c, "alias_names")
			return c.Self(), nil
		}),
	)
	declare(scalarWrapperClass, "A scalar function of the job.")
	declare(tableWrapperClass, "A table function of the job.")
	declare(aggregateWrapperClass, "An aggregate function of the job.")
}

// inWorker declares a method that runs in a worker only: scripts define it, or
// call it there.
func inWorker(sig, doc string) member {
	return def(sig, doc, func(c *pyeval.Call) (pyeval.Value, error) {
		return nil, argument(c.At.Pos(), "%s runs in the worker of a job only", c.Name)
	})
}

// noType is what an aggregate function says that doesn't tell a type.
func noType(method string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		return nil, diag.New(diag.UDFType, c.At.Pos(), "%s doesn't define %s", c.Self().Class().Name(), method).
			WithHint("define it, or give the type to udaf or udtaf")
	}
}

// decorator answers udf(f, …) by making a function of f, and udf(…) without f
// by something that waits for it.
func (m *maker) decorator() pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		if f := c.Arg("f"); f != pyeval.None {
			return m.make(c, f, c.Where("f"))
		}
		later := def("__call__(f)", "", func(d *pyeval.Call) (pyeval.Value, error) {
			return m.make(c, d.Arg("f"), d.Where("f"))
		})
		return pyeval.NewNative(later.sig, guarded(later)).In("pyflink.table.udf"), nil
	}
}

// make makes a function of the job of a Python function, by the arguments of
// the call of udf or its like.
func (m *maker) make(c *pyeval.Call, f pyeval.Value, at pyast.Span) (pyeval.Value, error) {
	pandas, err := m.takesPandas(c)
	if err != nil {
		return nil, err
	}
	if err := m.checkCallable(f, at, pandas); err != nil {
		return nil, err
	}
	u := &ir.UDF{Name: c.Str("name"), Kind: m.kind, Deterministic: true, Pos: at.Pos()}
	switch {
	case pandas && m == udfMaker:
		u.Kind = ir.PandasUDF
	case pandas:
		u.Kind = ir.PandasAggregateUDF
	}
	if d := c.Arg("deterministic"); d != pyeval.None {
		u.Deterministic = c.Bool("deterministic")
	} else if u.Deterministic, err = isDeterministic(c.Thread, f); err != nil {
		return nil, err
	}
	if u.Name == "" {
		u.Name = nameOf(f)
	}
	if fn, ok := f.(*pyeval.Function); ok {
		u.Pos = fn.Where().Pos()
	}
	if u.Result, err = m.resultType(c, f, u.Name); err != nil {
		return nil, err
	}
	if u.Args, err = inputTypes(c, f, u); err != nil {
		return nil, err
	}
	return m.wrapper.Make(&function{value: f, udf: u, inputs: c.Arg("input_types") != pyeval.None, where: c.Span}), nil
}

// plain makes a function of an object that says its types by itself.
func (m *maker) plain(c *pyeval.Call, f pyeval.Value, at pyast.Span) (pyeval.Value, error) {
	if err := m.checkCallable(f, at, false); err != nil {
		return nil, err
	}
	u := &ir.UDF{Name: f.Class().Name(), Kind: m.kind, Pos: at.Pos()}
	var err error
	if u.Deterministic, err = isDeterministic(c.Thread, f); err != nil {
		return nil, err
	}
	u.Result, err = declaredType(c, f, "get_result_type")
	return m.wrapper.Make(&function{value: f, udf: u, where: c.Span}), err
}

// takesPandas reports whether the function works on pandas Series.
func (m *maker) takesPandas(c *pyeval.Call) (bool, error) {
	if m == udtfMaker {
		return false, nil
	}
	kind := "func_type"
	if m == udfMaker && c.Given("udf_type") {
		kind = "udf_type"
	}
	switch t := c.Str(kind); {
	case t == "general":
		return false, nil
	case t == "pandas" && m != udtafMaker:
		return true, nil
	case m == udtafMaker:
		return false, argument(c.Where(kind).Pos(), "%s must be 'general', not %q", kind, t)
	default:
		return false, argument(c.Where(kind).Pos(), "%s must be 'general' or 'pandas', not %q", kind, t)
	}
}

// resultType reads what the function gives: a table function an ARRAY of rows.
func (m *maker) resultType(c *pyeval.Call, f pyeval.Value, name string) (types.Type, error) {
	v, at := c.Arg(m.result), c.Where(m.result).Pos()
	if v == pyeval.None && f.Class().IsA(imperativeClass) {
		return declaredType(c, f, "get_result_type")
	}
	if v == pyeval.None {
		return types.Type{}, diag.New(diag.UDFType, c.At.Pos(), "the function %s has no %s", name, m.result).
			WithHint("say what it returns, e.g. %s=DataTypes.STRING()", m.result)
	}
	if m.kind != ir.TableUDF {
		return typeOf(c, v, at)
	}
	row, err := rowOfResults(c, v, at)
	return types.Type{Kind: types.Array, Elems: []types.Type{row}}, err
}

// declaredType asks an object of a script's class for a type.
func declaredType(c *pyeval.Call, f pyeval.Value, method string) (types.Type, error) {
	get, err := c.Thread.GetAttr(f, method)
	if err != nil {
		return types.Type{}, err
	}
	v, err := c.Thread.Call(get)
	if err != nil {
		return types.Type{}, err
	}
	if poisoned(v) {
		return types.Type{}, nil
	}
	return typeOf(c, v, c.At.Pos())
}

// rowOfResults is the row that result_types says: a list of types, one type, or
// a row of them, whose names count if it is a text.
func rowOfResults(c *pyeval.Call, v pyeval.Value, at diag.Pos) (types.Type, error) {
	list := []pyeval.Value{v}
	switch v := v.(type) {
	case *pyeval.List:
		list = v.Elems()
	case *pyeval.Tuple:
		list = v.Elems()
	}
	row := types.Type{Kind: types.Row}
	for i, e := range list {
		t, err := typeOf(c, e, at)
		if err != nil {
			return row, err
		}
		row.Elems = append(row.Elems, t)
		row.Names = append(row.Names, fmt.Sprintf("f%d", i))
	}
	if len(list) != 1 || list[0] != v || row.Elems[0].Kind != types.Row {
		return row, nil
	}
	single := row.Elems[0].NotNull()
	if _, isText := v.(*pyeval.Str); !isText {
		names := make([]string, len(single.Elems))
		for i := range names {
			names[i] = fmt.Sprintf("f%d", i)
		}
		single.Names = names
	}
	return single, nil
}

// checkCallable refuses what is no function of the kind.
func (m *maker) checkCallable(f pyeval.Value, at pyast.Span, pandas bool) error {
	if class, ok := f.(*pyeval.Class); ok {
		return diag.New(diag.UDFType, at.Pos(), "%s is a class; a function of the job is made of an object of it", class.Name()).
			WithHint("write %s()", class.Name())
	}
	for _, o := range makers {
		if o != m && f.Class().IsA(o.base) {
			return diag.New(diag.UDFType, at.Pos(), "%s makes functions that derive from %s, but %s derives from %s", m.name, m.base.Name(), f.Class().Name(), o.base.Name()).
				WithHint("use %s", o.name)
		}
	}
	switch {
	case f.Class().IsA(m.base):
		for _, method := range m.methods {
			if _, inherited := m.base.Lookup(method).(*pyeval.Function); !inherited && f.Class().Lookup(method) == m.base.Lookup(method) {
				return diag.New(diag.UDFType, at.Pos(), "the class %s has no method %s", f.Class().Name(), method)
			}
		}
		return nil
	case !pyeval.Callable(f) || isWrapper(f):
		return diag.New(diag.UDFType, at.Pos(), "a value of type %s is no function", f.Class().Name())
	case m == udtafMaker, m == udafMaker && !pandas:
		d := diag.New(diag.UDFType, at.Pos(), "%s takes an object of a class that derives from %s", m.name, m.base.Name())
		if m == udafMaker {
			d.WithHint("a plain function can aggregate pandas Series: func_type='pandas'")
		}
		return d
	}
	return nil
}

func isWrapper(v pyeval.Value) bool {
	_, ok := pyeval.Data[*function](v)
	return ok
}

// isDeterministic asks an object of a script's class.
func isDeterministic(t *pyeval.Thread, f pyeval.Value) (bool, error) {
	if !f.Class().IsA(userFunctionClass) {
		return true, nil
	}
	method, err := t.GetAttr(f, "is_deterministic")
	if err != nil {
		return false, err
	}
	v, err := t.Call(method)
	if err != nil {
		return false, err
	}
	return t.Truth(v, "is_deterministic()")
}

// nameOf is the name that PyFlink gives to a function without name=….
func nameOf(f pyeval.Value) string {
	switch f := f.(type) {
	case *pyeval.Function:
		return f.Name()
	case *pyeval.BoundMethod:
		return nameOf(f.Func())
	}
	return f.Class().Name()
}

// inputTypes reads input_types and checks their number against the function's
// parameters. Without them the arguments may have any types.
func inputTypes(c *pyeval.Call, f pyeval.Value, u *ir.UDF) ([]types.Type, error) {
	v := c.Arg("input_types")
	at := c.Where("input_types").Pos()
	var list []pyeval.Value
	switch v := v.(type) {
	case pyeval.NoneType:
		return nil, nil
	case *pyeval.List:
		list = v.Elems()
	case *pyeval.Tuple:
		list = v.Elems()
	default:
		list = []pyeval.Value{v}
	}
	out := make([]types.Type, len(list))
	for i, e := range list {
		t, err := typeOf(c, e, at)
		if err != nil {
			return nil, err
		}
		out[i] = t
	}
	if len(out) == 1 && out[0].Kind == types.Row { // a ROW stands for its fields
		out = out[0].Elems
	}
	if low, high, known := arity(f); known && !f.Class().IsA(imperativeClass) && (len(out) < low || high >= 0 && len(out) > high) {
		return nil, diag.New(diag.UDFType, at, "input_types names %s, but %s takes %s", count(len(out), "argument"), u.Name, takes(low, high)).
			WithNote(u.Pos, "the function is defined here")
	}
	return out, nil
}

// callFunction is f(a, b) in an expression.
func callFunction(c *pyeval.Call) (pyeval.Value, error) {
	args, err := operands(c, "args")
	if err != nil {
		return nil, err
	}
	name, err := runOf(c).inline(c.Self(), c.At)
	if err != nil {
		return nil, err
	}
	return newExpression(sql.CallOf(c.Span.Pos(), name, args...)), nil
}

// wholeRow is the call of a function that is given alone: with all columns, as
// one Row. As in PyFlink 1.20.1 it takes rows from then on.
func (r *run) wholeRow(v pyeval.Value, at pyast.Span) (sql.Expr, error) {
	name, err := r.inline(v, at)
	if err != nil {
		return nil, err
	}
	f, _ := pyeval.Data[*function](v)
	f.udf.WholeRow = true
	return sql.CallOf(at.Pos(), name, &sql.Star{At: sql.At{Pos: at.Pos()}}), nil
}

// functionCall reads an argument that is the call of a function, or a function
// that is given alone, whose aliases are told then.
func functionCall(c *pyeval.Call, param string) (sql.Expr, []sql.Name, error) {
	f, alone := pyeval.Data[*function](c.Arg(param))
	if !alone {
		x, err := oneExpression(c, param)
		return x, nil, err
	}
	x, err := runOf(c).wholeRow(c.Arg(param), c.Where(param))
	return x, f.as, err
}

// named gives an expression names, if there are any.
func named(x sql.Expr, as []sql.Name) sql.Expr {
	if len(as) == 0 {
		return x
	}
	return &sql.Alias{At: sql.At{Pos: x.Where()}, X: x, Names: as}
}

// lateralJoin is Table.join_lateral, or with outer left_outer_join_lateral.
func lateralJoin(outer bool) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		call, as, err := functionCall(c, "table_function_call")
		if err != nil {
			return nil, err
		}
		if isWrapper(c.Arg("table_function_call")) && len(as) == 0 {
			return nil, argument(c.Where("table_function_call").Pos(), "a function that is given alone needs names for its columns").
				WithHint(`write f.alias("a", "b")`)
		}
		cond, err := optionalCondition(c, "join_predicate")
		if err != nil {
			return nil, err
		}
		return newTable(runOf(c).session.JoinLateral(relOf(c.Self()), named(call, as), cond, outer, c.Span.Pos())), nil
	}
}

// mapped is Table.map or flat_map.
func mapped(by func(*bind.Session, ir.Rel, sql.Expr, diag.Pos) ir.Rel) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		call, _, err := functionCall(c, "func")
		if err != nil {
			return nil, err
		}
		return newTable(by(runOf(c).session, relOf(c.Self()), call, c.Span.Pos())), nil
	}
}

// aggregated is aggregate or flat_aggregate of a table, of groups, or of groups
// in windows.
func aggregated(class *pyeval.Class, flat bool) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		call, as, err := functionCall(c, "func")
		if err != nil {
			return nil, err
		}
		g, isGrouped := pyeval.Data[*bind.Grouped](c.Self())
		if !isGrouped {
			g = runOf(c).session.GroupBy(relOf(c.Self()), nil, c.Span.Pos())
		}
		return class.Make(&table{rel: g.Aggregate(named(call, as), flat, c.Span.Pos())}), nil
	}
}

// The tables behind aggregate and flat_aggregate carry a *table.
var (
	aggregatedTableClass    = pyeval.NewClass("pyflink.table.table", "AggregatedTable")
	flatAggregateTableClass = pyeval.NewClass("pyflink.table.table", "FlatAggregateTable")
)

func init() {
	members := []member{
		def("select(self, *fields)", "Computes columns of the keys and of what the function gives.", tableSelect),
	}
	declare(aggregatedTableClass, "A relation that an aggregate function was applied to.", members...)
	declare(flatAggregateTableClass, "A relation that a table aggregate function was applied to.", members...)
}

// functionMembers are the members of Table that apply Python functions to rows.
var functionMembers = []member{
	def("join_lateral(self, table_function_call, join_predicate = None)", "Pairs each row with those that a table function gives for it.", lateralJoin(false)),
	def("left_outer_join_lateral(self, table_function_call, join_predicate = None)", "Pairs each row with those that a table function gives for it, and keeps rows without.", lateralJoin(true)),
	def("map(self, func)", "Makes of each row one, by a scalar function.", mapped((*bind.Session).Map)),
	def("flat_map(self, func)", "Makes of each row several, by a table function.", mapped((*bind.Session).FlatMap)),
	def("aggregate(self, func)", "Applies an aggregate function to all rows.", aggregated(aggregatedTableClass, false)),
	def("flat_aggregate(self, func)", "Applies a table aggregate function to all rows.", aggregated(flatAggregateTableClass, true)),
}

// shippable is the function as package pyudf takes it.
func (f *function) shippable(wrapper pyeval.Value) pyudf.Function {
	return pyudf.Function{Value: f.value, Wrapper: wrapper, Where: f.where.Pos()}
}
