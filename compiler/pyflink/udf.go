package pyflink

import (
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyudf"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// The classes of Python functions. Scripts derive from the base classes;
// wrapperClass is what udf(…) returns and carries a *function.
var (
	userFunctionClass   = pyeval.NewClass("pyflink.table.udf", "UserDefinedFunction")
	scalarFunctionClass = pyeval.NewClass("pyflink.table.udf", "ScalarFunction", userFunctionClass)
	tableFunctionClass  = pyeval.NewClass("pyflink.table.udf", "TableFunction", userFunctionClass)
	imperativeClass     = pyeval.NewClass("pyflink.table.udf", "ImperativeAggregateFunction", userFunctionClass)
	aggregateClass      = pyeval.NewClass("pyflink.table.udf", "AggregateFunction", imperativeClass)
	tableAggregateClass = pyeval.NewClass("pyflink.table.udf", "TableAggregateFunction", imperativeClass)
	functionContext     = pyeval.NewClass("pyflink.table.udf", "FunctionContext")
	wrapperClass        = pyeval.NewClass("pyflink.table.udf", "UserDefinedScalarFunctionWrapper")
)

// function is a Python function made by udf(…).
type function struct {
	value  pyeval.Value
	udf    *ir.UDF
	inputs bool // input_types was given
	where  pyast.Span
}

// udfFunctions are the functions of the module pyflink.table.udf.
var udfFunctions = []member{
	def("udf(f = None, input_types = None, result_type = None, deterministic: bool|None = None, name: str|None = None, func_type: str = 'general', udf_type: str|None = None)",
		"Makes a scalar function of a Python function.", decorator(scalarFunction)),
	def("udtf(f = None, input_types = None, result_types = None, deterministic: bool|None = None, name: str|None = None)",
		"Makes a table function of a Python function.", decorator(plannedFunction("udtf"))).planned(),
	def("udaf(f = None, input_types = None, result_type = None, accumulator_type = None, deterministic: bool|None = None, name: str|None = None, func_type: str = 'general')",
		"Makes an aggregate function of a Python function.", decorator(plannedFunction("udaf"))).planned(),
	def("udtaf(f = None, input_types = None, result_type = None, accumulator_type = None, deterministic: bool|None = None, name: str|None = None, func_type: str = 'general')",
		"Makes a table aggregate function of a Python function.", decorator(plannedFunction("udtaf"))).planned(),
}

func init() {
	pass := func(*pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil }
	declare(userFunctionClass, "The base of all Python functions that are classes.",
		def("open(self, function_context)", "Runs once in the worker before the first row.", pass),
		def("close(self)", "Runs once in the worker after the last row.", pass),
		def("is_deterministic(self)", "Whether equal arguments give equal results.", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.True, nil }),
	)
	declare(scalarFunctionClass, "The base of scalar functions that are classes: eval gives one value for a row.")
	declare(tableFunctionClass, "The base of table functions that are classes.")
	declare(imperativeClass, "The base of aggregate functions.")
	declare(aggregateClass, "The base of aggregate functions that are classes.")
	declare(tableAggregateClass, "The base of table aggregate functions that are classes.")
	declare(functionContext, "What open() of a Python function is given in the worker.")
	declare(wrapperClass, "A Python function of the job.",
		def("__call__(self, *args)", "Calls the function in an expression.", callFunction),
		get("_name", "The function's name.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*function](c.Self())
			return pyeval.NewStr(f.udf.Name), nil
		}),
		def("alias(self, *alias_names: str)", "Names the result's columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			return nil, planned(c.At.Pos(), "UserDefinedFunctionWrapper.alias")
		}).planned(),
	)
}

// decorator answers udf(f, …) by making a function of f, and udf(…) without f
// by something that waits for it.
func decorator(make func(c *pyeval.Call, f pyeval.Value, at pyast.Span) (pyeval.Value, error)) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		if f := c.Arg("f"); f != pyeval.None {
			return make(c, f, c.Where("f"))
		}
		later := def("__call__(f)", "", func(d *pyeval.Call) (pyeval.Value, error) {
			return make(c, d.Arg("f"), d.Where("f"))
		})
		return pyeval.NewNative(later.sig, guarded(later)).In("pyflink.table.udf"), nil
	}
}

func plannedFunction(name string) func(*pyeval.Call, pyeval.Value, pyast.Span) (pyeval.Value, error) {
	return func(c *pyeval.Call, _ pyeval.Value, _ pyast.Span) (pyeval.Value, error) {
		return nil, diag.New(diag.UDFPlanned, c.At.Pos(), "functions made by %s aren't supported yet", name).WithMissing("udf", name)
	}
}

func scalarFunction(c *pyeval.Call, f pyeval.Value, at pyast.Span) (pyeval.Value, error) {
	if err := checkCallable(c, f, at); err != nil {
		return nil, err
	}
	u := &ir.UDF{Name: c.Str("name"), Kind: ir.ScalarUDF, Deterministic: true, Pos: at.Pos()}
	kind := "func_type"
	if c.Given("udf_type") {
		kind = "udf_type"
	}
	switch t := c.Str(kind); t {
	case "general":
	case "pandas":
		return nil, diag.New(diag.UDFPlanned, c.Where(kind).Pos(), "pandas functions aren't supported yet").WithMissing("udf", "pandas")
	default:
		return nil, argument(c.Where(kind).Pos(), "%s must be 'general' or 'pandas', not %q", kind, t)
	}
	if d := c.Arg("deterministic"); d != pyeval.None {
		u.Deterministic = c.Bool("deterministic")
	} else if v, err := isDeterministic(c.Thread, f); err != nil {
		return nil, err
	} else {
		u.Deterministic = v
	}
	if u.Name == "" {
		u.Name = nameOf(f)
	}
	if fn, ok := f.(*pyeval.Function); ok {
		u.Pos = fn.Where().Pos()
	}
	var err error
	if c.Arg("result_type") == pyeval.None {
		return nil, diag.New(diag.UDFType, c.At.Pos(), "the function %s has no result_type", u.Name).
			WithHint("say what it returns, e.g. result_type=DataTypes.STRING()")
	}
	if u.Result, err = typeOf(c, c.Arg("result_type"), c.Where("result_type").Pos()); err != nil {
		return nil, err
	}
	if u.Args, err = inputTypes(c, f, u); err != nil {
		return nil, err
	}
	return wrapperClass.Make(&function{f, u, c.Arg("input_types") != pyeval.None, c.Span}), nil
}

func checkCallable(c *pyeval.Call, f pyeval.Value, at pyast.Span) error {
	if class, ok := f.(*pyeval.Class); ok {
		return diag.New(diag.UDFType, at.Pos(), "%s is a class; a function of the job is made of an object of it", class.Name()).
			WithHint("write %s()", class.Name())
	}
	if f.Class().IsA(scalarFunctionClass) || pyeval.Callable(f) && !isWrapper(f) {
		if f.Class().IsA(scalarFunctionClass) && f.Class().Lookup("eval") == nil {
			return diag.New(diag.UDFType, at.Pos(), "the class %s has no method eval", f.Class().Name())
		}
		return nil
	}
	for _, k := range []*pyeval.Class{tableFunctionClass, aggregateClass, tableAggregateClass} {
		if f.Class().IsA(k) {
			return diag.New(diag.UDFType, at.Pos(), "udf makes scalar functions, but %s derives from %s", f.Class().Name(), k.Name())
		}
	}
	return diag.New(diag.UDFType, at.Pos(), "a value of type %s is no function", f.Class().Name())
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
	if low, high, known := arity(f); known && (len(out) < low || high >= 0 && len(out) > high) {
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

// shippable is the function as package pyudf takes it.
func (f *function) shippable(wrapper pyeval.Value) pyudf.Function {
	return pyudf.Function{Value: f.value, Wrapper: wrapper, Where: f.where.Pos()}
}
