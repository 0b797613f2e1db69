package pyflink

import (
	"math"
	"strings"
	"sync"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// expressionClass is the type of col("a"): its instances carry a sql.Expr.
var expressionClass = pyeval.NewClass("pyflink.table.expression", "Expression")

// newExpression wraps an expression.
func newExpression(x sql.Expr) pyeval.Value { return expressionClass.Make(x) }

// expressionOperators are Python's operators with those that they stand for.
// Reflected ones have the expression on the right.
var expressionOperators = []struct{ method, op string }{
	{"__eq__", sql.OpEq}, {"__ne__", sql.OpNe}, {"__lt__", sql.OpLt}, {"__gt__", sql.OpGt}, {"__le__", sql.OpLe}, {"__ge__", sql.OpGe},
	{"__and__", sql.OpAnd}, {"__or__", sql.OpOr}, {"__rand__", sql.OpAnd}, {"__ror__", sql.OpOr},
	{"__add__", sql.OpPlus}, {"__sub__", sql.OpMinus}, {"__mul__", sql.OpTimes}, {"__truediv__", sql.OpDiv}, {"__mod__", sql.OpMod},
	{"__radd__", sql.OpPlus}, {"__rsub__", sql.OpMinus}, {"__rmul__", sql.OpTimes}, {"__rtruediv__", sql.OpDiv}, {"__rmod__", sql.OpMod},
	{"__pow__", "POWER"}, {"__rpow__", "POWER"},
}

func init() {
	members := []member{
		def("alias(self, name: str, *extra_names: str)", "Names the expression.", expressionAlias),
		def("cast(self, data_type: DataType)", "Converts to a type; fails on data that can't be.", expressionCast(false)),
		def("try_cast(self, data_type: DataType)", "Converts to a type; NULL for data that can't be.", expressionCast(true)),
		def("get(self, name_or_index: str|int)", "A field of a row.", expressionField("name_or_index")),
		def("in_(self, first_element_or_table, *remaining_elements)", "Whether the value is one of several.", expressionIn),
		def("__getattr__(self, name: str)", "A field of a row.", expressionField("name")),
		def("__getitem__(self, index)", "An element of a list or map.", expressionItem),
		def("over(self, alias)", "The aggregate over a window of over_window.", expressionOver),
		def("__neg__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return newExpression(sql.Op(c.Span.Pos(), sql.OpMinus, exprOf(c.Self()))), nil
		}),
		def("__invert__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return newExpression(sql.Op(c.Span.Pos(), sql.OpIsNotTrue, exprOf(c.Self()))), nil
		}),
		def("__abs__(self)", "", expressionMethod("abs")),
	}
	members = append(members, jsonMembers...)
	for _, o := range expressionOperators {
		reflected := strings.HasPrefix(o.method, "__r")
		members = append(members, def(o.method+"(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			other, err := operand(c.Arg("other"), c.Where("other").Pos())
			if err != nil {
				return nil, err
			}
			if reflected {
				return newExpression(sql.Op(c.Span.Pos(), o.op, other, exprOf(c.Self()))), nil
			}
			return newExpression(sql.Op(c.Span.Pos(), o.op, exprOf(c.Self()), other)), nil
		}))
	}
	expressionClass.Def("__bool__(self)", expressionTruth)
	declare(expressionClass, "A scalar expression over the columns of a table.", append(members, plainMethods(members)...)...)
}

// expressionTruth tells of and, or, not, if and chained comparisons, which know
// of an expression only that there is one.
func expressionTruth(c *pyeval.Call) (pyeval.Value, error) {
	where := c.Thread.Where()
	if !c.Thread.Nested() {
		c.Thread.Report(diag.New(diag.APITruth, where.Pos(), "Python takes this expression as true and drops it").
			WithHint("conditions on rows are joined by &, | and ~, each in parentheses: (a > 1) & (b < 5)"))
	}
	return pyeval.True, nil
}

// plainMethods are the members of the real class that are calls of the function
// of their name: col("a").upper_case, col("a").substring(1, 2).
func plainMethods(special []member) []member {
	own := map[string]bool{}
	for _, m := range special {
		own[m.Name()] = true
	}
	var out []member
	for _, k := range known()["pyflink.table.expression"].classes {
		if k.name != "Expression" {
			continue
		}
		for _, m := range k.members {
			name := strings.TrimSuffix(m, "!")
			switch {
			case own[name], operatorMethod(name):
			case strings.HasSuffix(m, "!"):
				out = append(out, get(name, "The function "+name+" of the value.", expressionMethod(name)))
			default:
				out = append(out, def(name+"(self, *args)", "The function "+name+" of the value.", expressionMethod(name)))
			}
		}
	}
	return out
}

// expressionMethods are the names of the members of expressions.
var expressionMethods = sync.OnceValue(func() []string {
	var out []string
	for _, k := range expressionClass.Dict().Keys() {
		if name := textValue(k); !strings.HasPrefix(name, "_") {
			out = append(out, name)
		}
	}
	return out
})

// exprOf is the expression that an Expression carries.
func exprOf(v pyeval.Value) sql.Expr {
	x, _ := pyeval.Data[sql.Expr](v)
	return x
}

// expressionMethod applies a Table API function to the receiver and arguments.
func expressionMethod(name string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		args := []sql.Expr{exprOf(c.Self())}
		if len(c.Args()) > 1 {
			more, err := operands(c, "args")
			if err != nil {
				return nil, err
			}
			args = append(args, more...)
		}
		return newExpression(sql.Method(c.Span.Pos(), name, args...)), nil
	}
}

// operands turns the arguments *rest into expressions.
func operands(c *pyeval.Call, rest string) ([]sql.Expr, error) {
	var out []sql.Expr
	for i, v := range c.Elems(rest) {
		x, err := operand(v, c.Where(rest, i).Pos())
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func expressionAlias(c *pyeval.Call) (pyeval.Value, error) {
	x := sql.As(c.Span.Pos(), exprOf(c.Self()))
	x.Names = []sql.Name{{Text: c.Str("name"), Pos: c.Where("name").Pos()}}
	for i, n := range c.Elems("extra_names") {
		x.Names = append(x.Names, sql.Name{Text: textValue(n), Pos: c.Where("extra_names", i).Pos()})
	}
	return newExpression(x), nil
}

// textValue is the Go string of a str, "" for anything else.
func textValue(v pyeval.Value) string {
	s, ok := v.(*pyeval.Str)
	if !ok {
		return ""
	}
	return s.String()
}

func expressionCast(try bool) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		t, _ := pyeval.Data[types.Type](c.Arg("data_type"))
		x := sql.CastTo(c.Span.Pos(), exprOf(c.Self()), t)
		x.Try = try
		return newExpression(x), nil
	}
}

func expressionField(param string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		at := c.Where(param).Pos()
		field, err := operand(c.Arg(param), at)
		return newExpression(sql.Op(c.Span.Pos(), sql.OpField, exprOf(c.Self()), field)), err
	}
}

func expressionItem(c *pyeval.Call) (pyeval.Value, error) {
	index, err := operand(c.Arg("index"), c.Where("index").Pos())
	return newExpression(sql.Op(c.Span.Pos(), sql.OpItem, exprOf(c.Self()), index)), err
}

func expressionIn(c *pyeval.Call) (pyeval.Value, error) {
	first := c.Arg("first_element_or_table")
	if t, isTable := pyeval.Data[*table](first); isTable {
		if t.rel == nil {
			return pyeval.Poison(c.Span), nil
		}
		query := &sql.Subquery{At: sql.At{Pos: c.Where("first_element_or_table").Pos()}, Query: runOf(c).queryOf(t.rel, c.Span.Pos())}
		return newExpression(sql.Op(c.Span.Pos(), sql.OpIn, exprOf(c.Self()), query)), nil
	}
	x, err := operand(first, c.Where("first_element_or_table").Pos())
	if err != nil {
		return nil, err
	}
	rest, err := operands(c, "remaining_elements")
	args := append([]sql.Expr{exprOf(c.Self()), x}, rest...)
	return newExpression(sql.Op(c.Span.Pos(), sql.OpIn, args...)), err
}

// operand turns a value into an expression: an Expression, or a literal.
func operand(v pyeval.Value, at diag.Pos) (sql.Expr, error) {
	if x, ok := pyeval.Data[sql.Expr](v); ok {
		return x, nil
	}
	if v.Class() == constantClass { // TimePointUnit.HOUR
		return sql.Text(at, constantName(v)), nil
	}
	switch v := v.(type) {
	case pyeval.NoneType:
		return sql.Null(at, types.Of(types.Null)), nil
	case pyeval.Bool:
		return sql.Bool(at, bool(v)), nil
	case pyeval.Float:
		return sql.Double(at, float64(v)), nil
	case *pyeval.Str:
		return sql.Text(at, v.String()), nil
	case pyeval.Int:
		n, fits := v.Int64()
		switch {
		case !fits:
			return nil, diag.New(diag.LiteralRange, at, "%s doesn't fit BIGINT", v)
		case n < math.MinInt32 || n > math.MaxInt32:
			return sql.Integer(at, types.BigInt, n), nil
		}
		return sql.Integer(at, types.Int, n), nil
	case *pyeval.Sym:
		d := v.Needs("the expression")
		d.Pos = at
		return nil, d
	case *pyeval.Opaque:
		return nil, v.Refuse("is used in an expression")
	}
	return nil, argument(at, "an expression can't be made of a value of type %s", v.Class().Name()).
		WithHint(`name a column with col("…"), or give a plain value`)
}

// expressionOver gives a call the window that an alias names.
func expressionOver(c *pyeval.Call) (pyeval.Value, error) {
	alias, err := oneExpression(c, "alias")
	if err != nil {
		return nil, err
	}
	id, isName := alias.(*sql.Ident)
	call, isCall := exprOf(c.Self()).(*sql.Call)
	switch {
	case !isName:
		return nil, argument(c.Where("alias").Pos(), "over takes the alias of a window").WithHint(`write over(col("w"))`)
	case !isCall:
		return nil, argument(c.Span.Pos(), "only an aggregate has a window")
	}
	with := *call
	with.OverWord = c.Where("alias").Pos()
	with.Over = &sql.Window{At: id.At, Name: id.Parts[0], Named: true}
	return newExpression(&with), nil
}
