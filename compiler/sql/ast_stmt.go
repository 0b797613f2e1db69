package sql

import (
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// Query is a statement that yields rows: a Select or Values.
type Query interface {
	Stmt
	query()
}

// String is a string literal of a statement's own syntax: an option's key or
// value, a comment, a class name. Values of WITH and SET may have parts that
// are known only at start.
type String struct {
	At
	Value ir.Text
}

// Option is one 'key' = 'value' of WITH.
type Option struct {
	Key, Value *String
}

// The statements.
type (
	// CreateTable is CREATE [TEMPORARY] TABLE.
	CreateTable struct {
		At
		Name         Path
		Temporary    bool
		IfNotExists  bool
		Columns      []*Column
		Watermark    *Watermark  // or nil
		PrimaryKey   *PrimaryKey // or nil
		PartitionBy  []Name
		Comment      *String // or nil
		Options      []Option
		OptionsWhere diag.Pos // of WITH; unknown without it
	}

	// CreateView is CREATE [TEMPORARY] VIEW … AS query.
	CreateView struct {
		At
		Name        Path
		Temporary   bool
		IfNotExists bool
		Columns     []Name // new names for the query's columns, or none
		Comment     *String
		Query       Query
	}

	// CreateFunction is CREATE [TEMPORARY [SYSTEM]] FUNCTION … AS 'a.b.c'
	// LANGUAGE PYTHON. Language is in upper case, "JAVA" where none is given.
	CreateFunction struct {
		At
		Name        Path
		Temporary   bool
		System      bool
		IfNotExists bool
		Class       *String
		Language    string
	}

	// Drop is DROP [TEMPORARY [SYSTEM]] TABLE, VIEW or FUNCTION.
	Drop struct {
		At
		Kind      ObjectKind
		Name      Path
		Temporary bool
		System    bool
		IfExists  bool
	}

	// Insert is INSERT INTO … query.
	Insert struct {
		At
		Into    Path
		Columns []Name // the sink's columns that the query fills, or none
		Query   Query
	}

	// Set is SET 'key' = 'value'; without key, SET alone, which lists the
	// configuration.
	Set struct {
		At
		Key, Value *String
	}

	// Select is SELECT items [FROM …] [WHERE …] [GROUP BY …] [HAVING …].
	Select struct {
		At
		Items   []Expr
		From    From // or nil
		Cond    Expr // of WHERE, or nil
		GroupBy []Expr
		Having  Expr // or nil
	}

	// Values is VALUES (…), (…). A row that isn't in brackets has one value.
	Values struct {
		At
		Rows [][]Expr
	}
)

// ObjectKind is what a Drop drops.
type ObjectKind uint8

// The kinds.
const (
	TableObject ObjectKind = iota
	ViewObject
	FunctionObject
)

// String is the kind's keyword.
func (k ObjectKind) String() string { return [...]string{"TABLE", "VIEW", "FUNCTION"}[k] }

// ColumnKind says where a declared column's values come from.
type ColumnKind uint8

// The kinds of columns.
const (
	Physical ColumnKind = iota // from the record
	Computed                   // from an expression: c AS a + b
	Metadata                   // from the record's envelope: ts TIMESTAMP(3) METADATA FROM 'timestamp'
)

// Column is a column's declaration.
type Column struct {
	At
	Name    Name
	Kind    ColumnKind
	Type    types.Type // not of a Computed one
	Expr    Expr       // of a Computed one
	Key     *String    // of a Metadata one: FROM 'key', or nil
	Virtual bool       // of a Metadata one: not written
	Comment *String    // or nil
}

// Watermark is WATERMARK FOR Column AS Expr. Column may be a path into a row.
type Watermark struct {
	At
	Column []Name
	Expr   Expr
}

// PrimaryKey is PRIMARY KEY (Columns) NOT ENFORCED, of the table or, with one
// column, of that column.
type PrimaryKey struct {
	At
	Columns []Name
}

// From is what a Select reads: a FromTable or a FromQuery.
type From interface {
	Node
	from()
}

// FromTable is a table or view, under another name if Alias isn't empty.
type FromTable struct {
	At
	Table Path
	Alias Name
}

// FromQuery is a query in brackets.
type FromQuery struct {
	At
	Query Query
	Alias Name
}

func (*CreateTable) stmt()    {}
func (*CreateView) stmt()     {}
func (*CreateFunction) stmt() {}
func (*Drop) stmt()           {}
func (*Insert) stmt()         {}
func (*Set) stmt()            {}
func (*Select) stmt()         {}
func (*Values) stmt()         {}
func (*Select) query()        {}
func (*Values) query()        {}
func (*FromTable) from()      {}
func (*FromQuery) from()      {}
