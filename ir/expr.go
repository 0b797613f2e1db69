package ir

import (
	"math/big"

	"pyfc/ir/diag"
	"pyfc/ir/types"
	fnlist "pyfc/rt/fn/list"
	"pyfc/rt/val"
)

// Expr is a typed scalar expression over one input row.
type Expr interface {
	Type() types.Type
	Pos() diag.Pos
	// Operands are what the expression computes on; WithOperands is the same expression over others.
	Operands() []Expr
	WithOperands(args []Expr) Expr
	// String is the expression as plans and messages print it.
	String() string
}

// node is embedded for what every expression has.
type node struct {
	T types.Type
	P diag.Pos
}

// Type returns the expression's type.
func (n *node) Type() types.Type { return n.T }

// Pos returns the expression's place in the user's files.
func (n *node) Pos() diag.Pos { return n.P }

// ColumnRef is the value of an input column.
type ColumnRef struct {
	node
	Index int
	Name  string
}

// NewColumnRef refers to column i of a schema.
func NewColumnRef(s types.Schema, i int, pos diag.Pos) *ColumnRef {
	return &ColumnRef{node{s[i].Type, pos}, i, s[i].Name}
}

// Operands implements Expr.
func (*ColumnRef) Operands() []Expr { return nil }

// WithOperands implements Expr.
func (c *ColumnRef) WithOperands([]Expr) Expr { return c }

// Const is a literal or a folded expression. Value is nil for NULL, else bool,
// int64 for all integers, float64 for FLOAT and DOUBLE, string for CHAR and
// VARCHAR, []byte for BINARY and VARBINARY, *big.Int (unscaled) for DECIMAL,
// val.Date, val.Time, val.Timestamp, val.Months and val.Millis for the temporal
// types. Nested types have no constants but NULL.
type Const struct {
	node
	Value any
}

// NewConst makes a literal.
func NewConst(t types.Type, value any, pos diag.Pos) *Const {
	return &Const{node{t.WithTime(types.NoAttribute), pos}, value}
}

// IsZero reports whether the constant is the number zero, or an interval of none.
func (c *Const) IsZero() bool {
	switch v := c.Value.(type) {
	case int64:
		return v == 0
	case float64:
		return v == 0
	case *big.Int:
		return v.Sign() == 0
	case val.Millis:
		return v == 0
	}
	return false
}

// Operands implements Expr.
func (*Const) Operands() []Expr { return nil }

// WithOperands implements Expr.
func (c *Const) WithOperands([]Expr) Expr { return c }

// Call is a built-in scalar function or operator. Fn is the name under which
// rt/fn declares it, Overload the position of the chosen signature.
type Call struct {
	node
	Fn       string
	Overload int
	Args     []Expr
}

// NewCall makes a call whose overload has been chosen.
func NewCall(fn string, overload int, args []Expr, t types.Type, pos diag.Pos) *Call {
	return &Call{node{t, pos}, fn, overload, args}
}

// Operands implements Expr.
func (c *Call) Operands() []Expr { return c.Args }

// WithOperands implements Expr.
func (c *Call) WithOperands(args []Expr) Expr {
	d := *c
	d.Args = args
	return &d
}

// Cast converts Arg to the expression's type. Implicit casts come from
// coercion, not from the script.
type Cast struct {
	node
	Arg      Expr
	Implicit bool
	// Try yields NULL where the conversion fails.
	Try bool
}

// NewCast converts arg to t.
func NewCast(arg Expr, t types.Type, implicit, try bool, pos diag.Pos) *Cast {
	return &Cast{node{t.WithTime(types.NoAttribute), pos}, arg, implicit, try}
}

// NullsErrors reports whether NULL takes the place of a failure. What is
// neither text nor nested converts the same with TRY_CAST, failures included.
func (c *Cast) NullsErrors() bool {
	from := c.Arg.Type()
	return c.Try && (from.Text() || from.Nested())
}

// Operands implements Expr.
func (c *Cast) Operands() []Expr { return []Expr{c.Arg} }

// WithOperands implements Expr.
func (c *Cast) WithOperands(args []Expr) Expr {
	d := *c
	d.Arg = args[0]
	return &d
}

// Case is CASE WHEN Whens[i] THEN Thens[i] … ELSE Else END; Else is never nil.
type Case struct {
	node
	Whens []Expr
	Thens []Expr
	Else  Expr
}

// NewCase makes a searched CASE.
func NewCase(whens, thens []Expr, els Expr, t types.Type, pos diag.Pos) *Case {
	return &Case{node{t, pos}, whens, thens, els}
}

// Operands implements Expr: whens, thens, else.
func (c *Case) Operands() []Expr {
	out := append([]Expr(nil), c.Whens...)
	out = append(out, c.Thens...)
	return append(out, c.Else)
}

// WithOperands implements Expr.
func (c *Case) WithOperands(args []Expr) Expr {
	d := *c
	n := len(c.Whens)
	d.Whens, d.Thens, d.Else = args[:n:n], args[n:2*n:2*n], args[2*n]
	return &d
}

// UDF is a registered Python function.
type UDF struct {
	// Name is the name under which it was registered first.
	Name string
	Kind UDFKind
	Args []types.Type
	// Result is what a call gives; of a TableUDF an ARRAY of the rows.
	Result        types.Type
	Deterministic bool
	// WholeRow says that it is given its arguments as one Row.
	WholeRow bool
	Pos      diag.Pos // of its definition
	// Ref is how a worker finds the function.
	Ref PyRef
	// Reason says why it isn't translated to Go.
	Reason string
}

// UDFKind says what a Python function is called with.
type UDFKind uint8

// The kinds of Python functions.
const (
	ScalarUDF UDFKind = iota
	PandasUDF
	TableUDF
	AggregateUDF
	TableAggregateUDF
	PandasAggregateUDF
)

var udfKinds = [...]string{"scalar", "pandas", "table", "aggregate", "table_aggregate", "pandas_aggregate"}

// String is the kind's name.
func (k UDFKind) String() string { return udfKinds[k] }

// Pandas reports whether a function takes pandas Series.
func (u *UDF) Pandas() bool { return u.Kind == PandasUDF || u.Kind == PandasAggregateUDF }

// PyRef is how a worker finds a Python object: either Module is imported, or
// Source is compiled as File. Name is the qualified name therein.
type PyRef struct {
	Module string
	Source string
	File   string
	Name   string
	// Inputs are names that Source reads and doesn't bind, because their value
	// is only known at start; they are set before Source runs.
	Inputs []PyInput
}

// PyInput is a global name of a Python source with its text.
type PyInput struct {
	Name  string
	Value Text
}

// UDFCall is a call of a Python function.
type UDFCall struct {
	node
	UDF  *UDF
	Args []Expr
}

// NewUDFCall calls a Python function.
func NewUDFCall(u *UDF, args []Expr, pos diag.Pos) *UDFCall {
	return &UDFCall{node{u.Result, pos}, u, args}
}

// Operands implements Expr.
func (c *UDFCall) Operands() []Expr { return c.Args }

// WithOperands implements Expr.
func (c *UDFCall) WithOperands(args []Expr) Expr {
	d := *c
	d.Args = args
	return &d
}

// MapExpr replaces e and all its operands, operands first, by what f returns.
func MapExpr(e Expr, f func(Expr) Expr) Expr {
	args := e.Operands()
	if len(args) > 0 {
		mapped := make([]Expr, len(args))
		for i, a := range args {
			mapped[i] = MapExpr(a, f)
		}
		e = e.WithOperands(mapped)
	}
	return f(e)
}

// WalkExpr calls f for e and all its operands, operands first.
func WalkExpr(e Expr, f func(Expr)) {
	for _, a := range e.Operands() {
		WalkExpr(a, f)
	}
	f(e)
}

// Volatile reports whether a built-in function in e gives another result each
// time it is called.
func Volatile(e Expr) bool {
	found := false
	WalkExpr(e, func(e Expr) {
		if c, ok := e.(*Call); ok {
			d, declared := fnlist.Lookup(c.Fn)
			found = found || declared && d.Volatile
		}
	})
	return found
}

// TellsProgress reports whether a function in e tells how far the time of events
// has come.
func TellsProgress(e Expr) bool {
	found := false
	WalkExpr(e, func(e Expr) {
		if c, ok := e.(*Call); ok {
			if d, declared := fnlist.Lookup(c.Fn); declared {
				f, known := fnlist.For(d.Overloads[c.Overload].Impls, Args(c.Args))
				found = found || known && f.Progress
			}
		}
	})
	return found
}

// Columns returns the positions of all input columns that the expressions
// read, in order of first use.
func Columns(es ...Expr) []int {
	seen := map[int]bool{}
	var out []int
	for _, e := range es {
		WalkExpr(e, func(e Expr) {
			if c, ok := e.(*ColumnRef); ok && !seen[c.Index] {
				seen[c.Index] = true
				out = append(out, c.Index)
			}
		})
	}
	return out
}

// Remap replaces each column position by to[position].
func Remap(e Expr, to map[int]int) Expr {
	return MapExpr(e, func(e Expr) Expr {
		if c, ok := e.(*ColumnRef); ok {
			d := *c
			d.Index = to[c.Index]
			return &d
		}
		return e
	})
}
