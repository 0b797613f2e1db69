package sql

import (
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Node is anything with a place in the user's files.
type Node interface{ Where() diag.Pos }

// At is embedded in every node and holds its place.
type At struct{ Pos diag.Pos }

// Where returns the node's place.
func (a *At) Where() diag.Pos { return a.Pos }

// Name is one identifier, its back quotes removed.
type Name struct {
	Text string
	Pos  diag.Pos
}

// Path is a table or function name: [[catalog.]database.]name.
type Path struct {
	Parts []Name
	Pos   diag.Pos
}

// Expr is an unbound expression.
type Expr interface {
	Node
	expr()
}

// The expressions.
type (
	// Ident is a column, or a path that binding splits into a table, a column
	// and fields of it.
	Ident struct {
		At
		Parts []Name
	}

	// Literal is a constant of a decided type. Value is nil for NULL, and else
	//	bool                 BOOLEAN
	//	int64                TINYINT to BIGINT; INTERVAL in months or milliseconds
	//	float64              FLOAT, DOUBLE
	//	*big.Int             DECIMAL, without its decimal point
	//	string               CHAR, VARCHAR
	//	[]byte               BINARY, VARBINARY
	//	time.Time, in UTC    DATE, TIME (on 1970-01-01), TIMESTAMP, TIMESTAMP_LTZ
	Literal struct {
		At
		Type  types.Type
		Value any
		// Written is an interval as the text has it; empty for others.
		Written string
	}

	// Call is a function call or an operator. Func is one of the Op constants
	// for an operator, else the name in upper case, as SQL names what is built
	// in ("SUM", "CHAR_LENGTH"). Written is the name as the script has it,
	// empty for an operator: a registered function of that name goes before
	// what is built in. COUNT(*) has a Star as its argument.
	Call struct {
		At
		Func     string
		Written  string
		Path     []Name // catalog and database before the name, mostly none
		Args     []Expr
		Distinct bool // of an aggregate: SUM(DISTINCT a), a.sum.distinct
		// What else may follow an aggregate, or stand at the end of its
		// arguments; nil and empty where it isn't written.
		OrderBy        []*OrderItem // ARRAY_AGG(a ORDER BY b)
		Nulls          string       // IGNORE or RESPECT, of NULLS
		WithinDistinct []Expr       // WITHIN DISTINCT (…)
		WithinGroup    []*OrderItem // WITHIN GROUP (ORDER BY …)
		Filter         Expr         // FILTER (WHERE …)
		Over           *Window
		OverWord       diag.Pos // of OVER
	}

	// Cast is CAST(X AS Type), or TRY_CAST.
	Cast struct {
		At
		X    Expr
		Type types.Type
		Try  bool
	}

	// Alias names an expression. Only the first of Names counts, unless X is a
	// call of a table function.
	Alias struct {
		At
		X     Expr
		Names []Name
	}

	// Star is *, or t.* with a table.
	Star struct {
		At
		Table []Name
	}

	// Subquery is a query in brackets: a scalar, the second operand of IN, or
	// the operand of EXISTS.
	Subquery struct {
		At
		Query Query
	}

	// Grouping is an element of GROUP BY that stands for several groups.
	Grouping struct {
		At
		Kind  GroupingKind
		Items []Expr
	}

	// TableArg is an argument that is a table, of a table function: TABLE t, or
	// a query, [PARTITION BY …] [ORDER BY …].
	TableArg struct {
		At
		Query       Query
		PartitionBy []Name
		OrderBy     []*OrderItem
	}

	// NamedArg is an argument with its parameter's name: Name => X.
	NamedArg struct {
		At
		Name Name
		X    Expr
	}

	// Default is DEFAULT, in place of a value or argument.
	Default struct{ At }

	// Param is ?, which has no value in PyFlink.
	Param struct{ At }

	// Qualified is the difference of two points in time as an interval:
	// (a - b) DAY TO SECOND.
	Qualified struct {
		At
		X         Expr
		Qualifier string // "DAY TO SECOND(3)"
	}

	// Case is CASE [Operand] WHEN … THEN … [ELSE Else] END; Operand and Else
	// may be nil.
	Case struct {
		At
		Operand Expr
		Whens   []When
		Else    Expr
	}
)

// When is one branch of a Case. More are further values that a Case with an
// operand compares with: WHEN 1, 2 THEN ….
type When struct {
	Cond Expr
	More []Expr
	Then Expr
}

// GroupingKind is the kind of a Grouping.
type GroupingKind uint8

// The kinds of groupings.
const (
	EmptyGroup   GroupingKind = iota // (): all rows are one group
	GroupingSets                     // GROUPING SETS (…)
	Rollup                           // ROLLUP (…)
	Cube                             // CUBE (…)
)

// String is the kind in SQL.
func (k GroupingKind) String() string {
	return [...]string{"()", "GROUPING SETS", "ROLLUP", "CUBE"}[k]
}

func (*Ident) expr()     {}
func (*Literal) expr()   {}
func (*Call) expr()      {}
func (*Cast) expr()      {}
func (*Alias) expr()     {}
func (*Star) expr()      {}
func (*Case) expr()      {}
func (*Subquery) expr()  {}
func (*Grouping) expr()  {}
func (*TableArg) expr()  {}
func (*NamedArg) expr()  {}
func (*Default) expr()   {}
func (*Param) expr()     {}
func (*Qualified) expr() {}

// Func of a Call that is an operator. Negated forms (NOT LIKE, NOT IN, NOT
// BETWEEN) are an OpNot around the plain one.
const (
	OpPlus  = "+" // with one argument: unary plus
	OpMinus = "-" // with one argument: negation
	OpTimes = "*"
	OpDiv   = "/"
	OpMod   = "%"

	OpConcat = "||"

	OpEq = "="
	OpNe = "<>"
	OpLt = "<"
	OpLe = "<="
	OpGt = ">"
	OpGe = ">="

	OpAnd = "AND"
	OpOr  = "OR"
	OpNot = "NOT"

	OpIsNull        = "IS NULL"
	OpIsNotNull     = "IS NOT NULL"
	OpIsTrue        = "IS TRUE"
	OpIsNotTrue     = "IS NOT TRUE"
	OpIsFalse       = "IS FALSE"
	OpIsNotFalse    = "IS NOT FALSE"
	OpIsUnknown     = "IS UNKNOWN"
	OpIsNotUnknown  = "IS NOT UNKNOWN"
	OpIsDistinct    = "IS DISTINCT FROM"
	OpIsNotDistinct = "IS NOT DISTINCT FROM"

	OpIsEmpty    = "IS EMPTY"
	OpIsNotEmpty = "IS NOT EMPTY"
	OpIsASet     = "IS A SET"
	OpIsNotASet  = "IS NOT A SET"

	OpLike             = "LIKE"       // value, pattern[, escape]
	OpILike            = "ILIKE"      // the same
	OpRLike            = "RLIKE"      // the same
	OpSimilar          = "SIMILAR TO" // value, pattern[, escape]
	OpBetween          = "BETWEEN"    // value, low, high
	OpBetweenSymmetric = "BETWEEN SYMMETRIC"
	OpIn               = "IN" // value, elements…

	OpItem  = "ITEM"  // a[i], m['k']: collection, index
	OpField = "."     // f(x).a: row, CHAR literal with the field's name
	OpRow   = "ROW"   // ROW(…), (a, b)
	OpArray = "ARRAY" // ARRAY[…]
	OpMap   = "MAP"   // MAP[k, v, …]
	OpRange = "TO"    // string expressions: withColumns(1 to 3), (a to c)

	// The operators of multisets, periods and quantified comparisons. A
	// quantified comparison is named "= SOME", "< ALL"; its second operand is a
	// Subquery, or it has a list of them.
	OpMultisetUnion     = "MULTISET UNION" // DISTINCT or ALL behind it
	OpMultisetExcept    = "MULTISET EXCEPT"
	OpMultisetIntersect = "MULTISET INTERSECT"
	OpMemberOf          = "MEMBER OF"
	OpSubmultisetOf     = "SUBMULTISET OF"
	OpMultiset          = "MULTISET" // MULTISET[…]
	OpFormatJSON        = "FORMAT JSON"
	OpExists            = "EXISTS"
	OpUnique            = "UNIQUE"

	OpEscape  = "FN"      // {fn NAME(…)}: the call
	OpFlatten = "FLATTEN" // all fields of a row as columns
	OpAsc     = "ASC"
	OpDesc    = "DESC"
	OpRows    = "ROWS" // a window's length in rows: 10.rows
)
