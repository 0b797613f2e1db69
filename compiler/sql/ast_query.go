package sql

import "pyfc/ir/diag"

// Query is a statement that yields rows: a Select, Values, TableQuery, SetOp,
// With or Ordered.
type Query interface {
	Stmt
	query()
}

// The queries.
type (
	// Select is SELECT [DISTINCT] items [FROM …] [WHERE …] [GROUP BY …]
	// [HAVING …] [WINDOW …].
	Select struct {
		At
		Hints         []*Hint
		Stream        bool // SELECT STREAM, which Flink reads as SELECT
		Distinct      bool
		DistinctWord  diag.Pos // of DISTINCT
		Items         []Expr
		From          From   // or nil
		Cond          Expr   // of WHERE, or nil
		GroupBy       []Expr // keys, and Groupings among them
		GroupDistinct bool   // GROUP BY DISTINCT
		Having        Expr   // or nil
		Windows       []*NamedWindow
	}

	// Values is VALUES (…), (…). A row that isn't in brackets has one value.
	Values struct {
		At
		Rows [][]Expr
	}

	// TableQuery is TABLE name, all rows of a table or view.
	TableQuery struct {
		At
		Table Path
	}

	// SetOp is Left op [ALL] Right.
	SetOp struct {
		At
		Op          SetOperator
		All         bool
		Left, Right Query
		Word        diag.Pos // of the operator
	}

	// With is WITH items Query.
	With struct {
		At
		Items []*CommonTable
		Query Query
		Word  diag.Pos
	}

	// Ordered is a query with ORDER BY, LIMIT or FETCH, and OFFSET; what isn't
	// written is nil.
	Ordered struct {
		At
		Query   Query
		OrderBy []*OrderItem
		Limit   Expr
		Offset  Expr
		Fetch   bool // the limit is FETCH FIRST n ROWS ONLY
		// The places of the clauses' keywords; unknown for one that isn't there.
		OrderWord, OffsetWord, LimitWord diag.Pos
	}
)

// SetOperator joins the rows of two queries.
type SetOperator uint8

// The set operators.
const (
	Union SetOperator = iota
	Intersect
	Except
)

// String is the operator's keyword.
func (o SetOperator) String() string { return [...]string{"UNION", "INTERSECT", "EXCEPT"}[o] }

// CommonTable is name [(columns)] AS (query) of WITH.
type CommonTable struct {
	At
	Name    Name
	Columns []Name // or none
	Query   Query
}

// OrderItem is X [ASC | DESC] [NULLS FIRST | LAST].
type OrderItem struct {
	At
	X     Expr
	Desc  bool
	Nulls string // FIRST, LAST or nothing
}

// NamedWindow is name AS (specification) of WINDOW.
type NamedWindow struct {
	At
	Name   Name
	Window *Window
}

// Window is what follows OVER: a name, or a specification in brackets, which
// may begin with the name of a window that it refines.
type Window struct {
	At
	Name        Name // or empty
	Named       bool // OVER name, without brackets
	PartitionBy []Expr
	OrderBy     []*OrderItem
	Frame       *Frame // or nil
	// Partial is ALLOW or DISALLOW, of PARTIAL, or empty.
	Partial string
}

// Frame is ROWS or RANGE [BETWEEN] From [AND To].
type Frame struct {
	At
	Rows bool
	From Bound
	To   *Bound // nil without BETWEEN
}

// Bound is one end of a frame.
type Bound struct {
	Kind   BoundKind
	Offset Expr // of Preceding and Following
}

// BoundKind is the kind of a frame's end.
type BoundKind uint8

// The kinds of ends.
const (
	UnboundedPreceding BoundKind = iota
	Preceding
	CurrentRow
	Following
	UnboundedFollowing
)

// String is the end in SQL; an offset stands before it.
func (k BoundKind) String() string {
	return [...]string{"UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"}[k]
}

// Hint is NAME [(options)] of /*+ … */. At most one kind of options is set.
type Hint struct {
	At
	Name     Name
	Options  []HintOption
	Names    []Name
	Literals []Expr
}

// HintOption is key = 'value' of a hint; Quote says that the key is a string, too.
type HintOption struct {
	Option
	Quote bool
}

// From is what a Select reads.
type From interface {
	Node
	from()
}

// Rename gives what FROM reads another name, and its columns, too: [AS] Alias
// [(Columns)]. Both may be missing.
type Rename struct {
	Alias   Name
	Columns []Name
}

// The table references.
type (
	// FromTable is a table or view. AsOf is the time of FOR SYSTEM_TIME AS OF,
	// or nil.
	FromTable struct {
		At
		Table Path
		Hints []*Hint
		// Extend are columns in brackets behind the name, which Calcite's
		// grammar has: t EXTEND (c INT). Flink refuses them when it validates.
		Extend []*Column
		AsOf   Expr
		Rename
	}

	// FromQuery is [LATERAL] (query).
	FromQuery struct {
		At
		Lateral bool
		Query   Query
		Rename
	}

	// FromFunction is [LATERAL] TABLE(call): a table function or a window.
	FromFunction struct {
		At
		Lateral  bool
		Specific bool // TABLE(SPECIFIC call)
		Call     *Call
		Rename
	}

	// Unnest is UNNEST(collections) [WITH ORDINALITY].
	Unnest struct {
		At
		Args       []Expr
		Ordinality bool
		Rename
	}

	// Join is Left join Right [ON On | USING (Using)].
	Join struct {
		At
		Kind        JoinKind
		Natural     bool
		Left, Right From
		On          Expr     // or nil
		Using       []Name   // or none
		Word        diag.Pos // of the join's keywords
	}

	// Match is Input MATCH_RECOGNIZE (…).
	Match struct {
		At
		Input       From
		PartitionBy []Expr
		OrderBy     []*OrderItem
		Measures    []*Alias
		// RowsPerMatch is ONE or ALL, of ROWS PER MATCH, or empty.
		RowsPerMatch string
		After        AfterMatch
		Pattern      *Pattern
		// Anchored: the pattern begins with ^, ends with $.
		AnchoredStart, AnchoredEnd bool
		Within                     Expr // or nil
		Subsets                    []*Subset
		Define                     []*Definition
		Word                       diag.Pos
		Rename
	}

	// Pivot is Input PIVOT (Aggregates FOR Axis IN (Values)).
	Pivot struct {
		At
		Input      From
		Aggregates []Expr
		Axis       []Name
		Values     []Expr // rows of several values are OpRow calls
		Word       diag.Pos
		Rename
	}

	// Unpivot is Input UNPIVOT [INCLUDE | EXCLUDE NULLS] (Measures FOR Axis IN
	// (Values)).
	Unpivot struct {
		At
		Input    From
		Nulls    string // INCLUDE, EXCLUDE or nothing
		Measures []Name
		Axis     []Name
		Values   []UnpivotValue
		Word     diag.Pos
		Rename
	}

	// Sample is Input TABLESAMPLE Method (percent) [REPEATABLE (seed)], or
	// SUBSTITUTE('name').
	Sample struct {
		At
		Input  From
		Method string // BERNOULLI, SYSTEM or SUBSTITUTE
		Arg    Expr
		Seed   Expr // or nil
		Word   diag.Pos
	}
)

// UnpivotValue is columns [AS constants] of UNPIVOT.
type UnpivotValue struct {
	Columns []Name
	As      Expr // or nil
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of joins.
const (
	Inner JoinKind = iota
	Left
	Right
	Full
	Cross
	Comma // a, b
)

// String is the join in SQL.
func (k JoinKind) String() string {
	return [...]string{"JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", ","}[k]
}

// AfterMatch is AFTER MATCH SKIP …: where the search goes on.
type AfterMatch struct {
	Skip   AfterMatchSkip
	Symbol Name // of SkipToFirst and SkipToLast
}

// AfterMatchSkip is the strategy of AFTER MATCH.
type AfterMatchSkip uint8

// The strategies.
const (
	SkipUnsaid AfterMatchSkip = iota // no AFTER MATCH
	SkipToNextRow
	SkipPastLastRow
	SkipToFirst
	SkipToLast
)

// String is the strategy in SQL; a symbol follows the last two.
func (s AfterMatchSkip) String() string {
	return [...]string{"", "TO NEXT ROW", "PAST LAST ROW", "TO FIRST", "TO LAST"}[s]
}

// Pattern is a row pattern: a symbol, or an operator over patterns.
type Pattern struct {
	At
	Op     PatternOp
	Symbol Name
	Parts  []*Pattern
	// Min and Max bound a PatternRepeat; -1 for one that isn't written.
	Min, Max  int
	Reluctant bool
}

// PatternOp is the kind of a pattern.
type PatternOp uint8

// The kinds of patterns.
const (
	PatternSymbol  PatternOp = iota // A
	PatternConcat                   // A B
	PatternAlter                    // A | B
	PatternRepeat                   // A{1,3}, A*, A+, A?
	PatternExclude                  // {- A -}
	PatternPermute                  // PERMUTE(A, B)
)

// Subset is Name = (Symbols) of MATCH_RECOGNIZE.
type Subset struct {
	At
	Name    Name
	Symbols []Expr
}

// Definition is Symbol AS Cond of DEFINE.
type Definition struct {
	At
	Symbol Name
	Cond   Expr
}

func (*Select) stmt()       {}
func (*Values) stmt()       {}
func (*TableQuery) stmt()   {}
func (*SetOp) stmt()        {}
func (*With) stmt()         {}
func (*Ordered) stmt()      {}
func (*Select) query()      {}
func (*Values) query()      {}
func (*TableQuery) query()  {}
func (*SetOp) query()       {}
func (*With) query()        {}
func (*Ordered) query()     {}
func (*FromTable) from()    {}
func (*FromQuery) from()    {}
func (*FromFunction) from() {}
func (*Unnest) from()       {}
func (*Join) from()         {}
func (*Match) from()        {}
func (*Pivot) from()        {}
func (*Unpivot) from()      {}
func (*Sample) from()       {}
