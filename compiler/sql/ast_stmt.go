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

// Assignment is column = value: of PARTITION (…), and of UPDATE … SET. Without
// a value, X is nil.
type Assignment struct {
	Column Name
	X      Expr
}

// The statements that define and drop.
type (
	// CreateTable is CREATE [OR REPLACE] [TEMPORARY] TABLE, and REPLACE TABLE.
	CreateTable struct {
		At
		Name        Path
		Replace     bool // CREATE OR REPLACE
		ReplaceOnly bool // REPLACE TABLE
		Temporary   bool
		IfNotExists bool
		Schema
		DistributeBy *Distribution // or nil
		PartitionBy  []Name
		Comment      *String // or nil
		Options      []Option
		OptionsWhere diag.Pos   // of WITH; unknown without it
		Like         *TableLike // or nil
		Query        Query      // of AS, or nil
		QueryWord    diag.Pos   // of AS
	}

	// CreateMaterializedTable is CREATE MATERIALIZED TABLE … AS query.
	CreateMaterializedTable struct {
		At
		Name        Path
		PrimaryKey  *PrimaryKey // or nil
		Comment     *String     // or nil
		PartitionBy []Name
		Options     []Option
		Freshness   *Literal // an interval
		RefreshMode string   // FULL, CONTINUOUS or nothing
		Query       Query
	}

	// CreateView is CREATE [OR REPLACE] [TEMPORARY] VIEW … AS query.
	CreateView struct {
		At
		Name        Path
		Replace     bool
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
		Name          Path
		Replace       bool
		Temporary     bool
		System        bool
		IfNotExists   bool
		Class         *String
		Language      string
		LanguageWhere diag.Pos // of the language, or of the class without one
		Jars          []*String
	}

	// CreateCatalog is CREATE CATALOG.
	CreateCatalog struct {
		At
		Name        Path
		Replace     bool
		IfNotExists bool
		Comment     *String
		Options     []Option
	}

	// CreateDatabase is CREATE DATABASE.
	CreateDatabase struct {
		At
		Name        Path
		Replace     bool
		Temporary   bool
		IfNotExists bool
		Comment     *String
		Options     []Option
	}

	// CreateModel is CREATE [TEMPORARY] MODEL, which Flink's grammar has and
	// its planner refuses.
	CreateModel struct {
		At
		Name          Path
		Replace       bool
		Temporary     bool
		IfNotExists   bool
		Input, Output []*Column
		Comment       *String
		Options       []Option
		Query         Query // of AS, or nil
	}

	// Drop is DROP [TEMPORARY [SYSTEM]] TABLE, VIEW, FUNCTION and so on.
	Drop struct {
		At
		Kind      ObjectKind
		Name      Path
		Temporary bool
		System    bool
		IfExists  bool
		Behavior  string // of a database: CASCADE, RESTRICT or nothing
	}

	// Alter is ALTER of an object by one action.
	Alter struct {
		At
		Kind     ObjectKind
		Name     Path
		IfExists bool
		Action   Action
	}

	// AlterFunction is ALTER [TEMPORARY [SYSTEM]] FUNCTION … AS 'a.b.c'.
	AlterFunction struct {
		At
		Name      Path
		Temporary bool
		System    bool
		IfExists  bool
		Class     *String
		Language  string // empty where none is given
	}

	// AlterScope is ALTER SYSTEM or SESSION with SET or RESET.
	AlterScope struct {
		At
		Scope string
		Key   Path
		Value Expr // nil for RESET
	}
)

// The statements that write, read and ask.
type (
	// Insert is INSERT INTO or OVERWRITE … query.
	Insert struct {
		At
		Into      Path
		Upsert    bool // UPSERT INTO, which Flink refuses when it validates
		Overwrite bool
		Hints     []*Hint
		Partition []Assignment
		Columns   []Name // the sink's columns that the query fills, or none
		// Nested are the columns as written, where one is a path into a row.
		Nested        []Path
		Query         Query
		PartitionWord diag.Pos // of PARTITION
	}

	// StatementSet is EXECUTE STATEMENT SET BEGIN inserts END. Bare says that
	// it stands without EXECUTE, behind EXPLAIN or COMPILE PLAN.
	StatementSet struct {
		At
		Bare    bool
		Inserts []*Insert
	}

	// Execute is EXECUTE query or insert.
	Execute struct {
		At
		Stmt Stmt
	}

	// Update is UPDATE table SET … [WHERE …].
	Update struct {
		At
		Table Path
		Hints []*Hint
		Alias Name
		Set   []Assignment
		Cond  Expr // or nil
	}

	// Delete is DELETE FROM table [WHERE …].
	Delete struct {
		At
		Table Path
		Hints []*Hint
		Alias Name
		Cond  Expr // or nil
	}

	// Merge is MERGE INTO, which Flink's grammar has and its planner refuses.
	Merge struct {
		At
		Table   Path
		Hints   []*Hint
		Alias   Name
		Using   From
		On      Expr
		Set     []Assignment // of WHEN MATCHED; columns may be paths
		SetPath []Path
		Columns []Name // of WHEN NOT MATCHED THEN INSERT, or none
		Values  []Expr // nil without WHEN NOT MATCHED
	}

	// Truncate is TRUNCATE TABLE.
	Truncate struct {
		At
		Table Path
	}

	// CallProcedure is CALL procedure(…).
	CallProcedure struct {
		At
		Call *Call
	}

	// Describe is DESCRIBE of a table, catalog, database or job.
	Describe struct {
		At
		What     string // TABLE, CATALOG, DATABASE, MODEL or JOB
		Extended bool
		Name     Path
		Job      *String // the id of a job
	}

	// Explain is EXPLAIN [details] of a query, an insertion or a set of them.
	Explain struct {
		At
		PlanFor bool     // EXPLAIN PLAN FOR
		Details []string // ESTIMATED_COST, CHANGELOG_MODE, JSON_EXECUTION_PLAN, PLAN_ADVICE
		Stmt    Stmt
	}

	// Analyze is ANALYZE TABLE … COMPUTE STATISTICS.
	Analyze struct {
		At
		Table      Path
		Partition  []Assignment
		Columns    []Name
		AllColumns bool
	}

	// Show is SHOW of a list, of what is current or of how something was
	// created. What is the words behind SHOW: "TABLES", "CREATE VIEW".
	Show struct {
		At
		What string
		// Name is the object of SHOW CREATE, SHOW COLUMNS and SHOW PARTITIONS.
		Name      Path
		In        Path   // FROM or IN, or empty
		Word      string // FROM or IN as written
		Not       bool
		Like      string // LIKE, ILIKE or nothing
		Pattern   *String
		Partition []Assignment
	}
)

// The statements about the session, plans and jobs.
type (
	// Use is USE [CATALOG] name, and USE MODULES.
	Use struct {
		At
		What    string // CATALOG, DATABASE or MODULES
		Name    Path
		Modules []Name
	}

	// LoadModule is LOAD MODULE name [WITH (…)].
	LoadModule struct {
		At
		Name    Name
		Options []Option
	}

	// UnloadModule is UNLOAD MODULE name.
	UnloadModule struct {
		At
		Name Name
	}

	// Set is SET 'key' = 'value'; without key, SET alone, which lists the
	// configuration.
	Set struct {
		At
		Key, Value *String
	}

	// Reset is RESET ['key'].
	Reset struct {
		At
		Key *String // or nil
	}

	// Jar is ADD JAR or REMOVE JAR.
	Jar struct {
		At
		Remove bool
		Path   *String
	}

	// StopJob is STOP JOB 'id' [WITH SAVEPOINT] [WITH DRAIN].
	StopJob struct {
		At
		ID        *String
		Savepoint bool
		Drain     bool
	}

	// CompilePlan is COMPILE [AND EXECUTE] PLAN 'file' FOR an insertion or a
	// set of them.
	CompilePlan struct {
		At
		Execute     bool
		File        *String
		IfNotExists bool
		Stmt        Stmt
	}

	// ExecutePlan is EXECUTE PLAN 'file'.
	ExecutePlan struct {
		At
		File *String
	}

	// Command is a statement of the SQL client: BEGIN STATEMENT SET, END,
	// HELP, CLEAR or QUIT.
	Command struct {
		At
		Words string
	}
)

// ObjectKind is the kind of what a statement creates, alters or drops.
type ObjectKind uint8

// The kinds.
const (
	TableObject ObjectKind = iota
	ViewObject
	FunctionObject
	CatalogObject
	DatabaseObject
	ModelObject
	MaterializedTableObject
)

// String is the kind's keywords.
func (k ObjectKind) String() string {
	return [...]string{"TABLE", "VIEW", "FUNCTION", "CATALOG", "DATABASE", "MODEL", "MATERIALIZED TABLE"}[k]
}

// ColumnKind says where a declared column's values come from.
type ColumnKind uint8

// The kinds of columns.
const (
	Physical ColumnKind = iota // from the record
	Computed                   // from an expression: c AS a + b
	Metadata                   // from the record's envelope: ts TIMESTAMP(3) METADATA FROM 'timestamp'
)

// Schema is what the elements of a table declare, or those of a change to it.
type Schema struct {
	Columns []*Column
	// Hidden are fields of the record that only computed columns read; legacy
	// descriptors declare them, no SQL text does.
	Hidden     []*Column
	Watermark  *Watermark  // or nil
	PrimaryKey *PrimaryKey // or nil
	Unique     []*PrimaryKey
}

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
	// Path is the name of a nested column in ALTER TABLE; empty for others.
	Path []Name
	// Place is where ALTER TABLE puts the column: FIRST, AFTER After, or the
	// end.
	First bool
	After []Name
}

// Watermark is WATERMARK FOR Column AS Expr. Column may be a path into a row.
type Watermark struct {
	At
	Column []Name
	Expr   Expr
}

// PrimaryKey is PRIMARY KEY (Columns) NOT ENFORCED, of the table or, with one
// column, of that column. UNIQUE has the same form.
type PrimaryKey struct {
	At
	Name     Name // of CONSTRAINT, or empty
	Columns  []Name
	OfColumn bool // it stands behind its column
	Enforced bool // NOT ENFORCED isn't written: Flink refuses it
}

// Distribution is BY [Kind](Columns) INTO Buckets BUCKETS.
type Distribution struct {
	At
	Kind    string // HASH, RANGE or nothing
	Columns []Name // or none
	Buckets int
	Counted bool // whether their number is given
}

// TableLike is LIKE Table (options).
type TableLike struct {
	At
	Table   Path
	Options []LikeOption
}

// LikeOption is a strategy for a part of the table: INCLUDING OPTIONS.
type LikeOption struct{ Strategy, Part string }

// Action is what an Alter does.
type Action interface {
	Node
	action()
}

// The actions.
type (
	// RenameTo is RENAME TO Name.
	RenameTo struct {
		At
		Name Path
	}

	// RenameColumn is RENAME Column TO Name.
	RenameColumn struct {
		At
		Column []Name
		Name   Name
	}

	// SetOptions is SET (options).
	SetOptions struct {
		At
		Options []Option
	}

	// ResetOptions is RESET (keys).
	ResetOptions struct {
		At
		Keys []*String
	}

	// SetComment is COMMENT 'text', of a catalog.
	SetComment struct {
		At
		Comment *String
	}

	// ChangeSchema is ADD or MODIFY of columns, constraint and watermark.
	ChangeSchema struct {
		At
		Modify    bool
		Bracketed bool
		Schema
	}

	// ChangeDistribution is ADD or MODIFY DISTRIBUTION; with neither columns
	// nor number of buckets, DROP DISTRIBUTION.
	ChangeDistribution struct {
		At
		Modify       bool
		Distribution *Distribution // nil for DROP
	}

	// DropColumns is DROP a, or DROP (a, b).
	DropColumns struct {
		At
		Columns   []Path
		Bracketed bool
	}

	// DropPart is DROP PRIMARY KEY, WATERMARK or CONSTRAINT name.
	DropPart struct {
		At
		Part string
		Name Name // of a constraint
	}

	// AddPartitions is ADD [IF NOT EXISTS] PARTITION (…) [WITH (…)] ….
	AddPartitions struct {
		At
		IfNotExists bool
		Partitions  []PartitionSpec
	}

	// DropPartitions is DROP [IF EXISTS] PARTITION (…), ….
	DropPartitions struct {
		At
		IfExists   bool
		Partitions []PartitionSpec
	}

	// Compact is [PARTITION (…)] COMPACT.
	Compact struct {
		At
		Partition []Assignment
	}

	// AsQuery is AS query, of a view.
	AsQuery struct {
		At
		Query Query
	}

	// Refreshing is SUSPEND, RESUME or REFRESH of a materialized table, and SET
	// FRESHNESS or REFRESH_MODE.
	Refreshing struct {
		At
		What      string // the first word, or FRESHNESS, REFRESH_MODE
		Partition []Assignment
		Options   []Option
		Freshness *Literal
		Mode      string
	}
)

// PartitionSpec is PARTITION (Values) [WITH (Options)].
type PartitionSpec struct {
	Values  []Assignment
	Options []Option
}

func (*CreateTable) stmt()             {}
func (*CreateMaterializedTable) stmt() {}
func (*CreateView) stmt()              {}
func (*CreateFunction) stmt()          {}
func (*CreateCatalog) stmt()           {}
func (*CreateDatabase) stmt()          {}
func (*CreateModel) stmt()             {}
func (*Drop) stmt()                    {}
func (*Alter) stmt()                   {}
func (*AlterFunction) stmt()           {}
func (*AlterScope) stmt()              {}
func (*Insert) stmt()                  {}
func (*StatementSet) stmt()            {}
func (*Execute) stmt()                 {}
func (*Update) stmt()                  {}
func (*Delete) stmt()                  {}
func (*Merge) stmt()                   {}
func (*Truncate) stmt()                {}
func (*CallProcedure) stmt()           {}
func (*Describe) stmt()                {}
func (*Explain) stmt()                 {}
func (*Analyze) stmt()                 {}
func (*Show) stmt()                    {}
func (*Use) stmt()                     {}
func (*LoadModule) stmt()              {}
func (*UnloadModule) stmt()            {}
func (*Set) stmt()                     {}
func (*Reset) stmt()                   {}
func (*Jar) stmt()                     {}
func (*StopJob) stmt()                 {}
func (*CompilePlan) stmt()             {}
func (*ExecutePlan) stmt()             {}
func (*Command) stmt()                 {}

func (*RenameTo) action()           {}
func (*RenameColumn) action()       {}
func (*SetOptions) action()         {}
func (*ResetOptions) action()       {}
func (*SetComment) action()         {}
func (*ChangeSchema) action()       {}
func (*ChangeDistribution) action() {}
func (*DropColumns) action()        {}
func (*DropPart) action()           {}
func (*AddPartitions) action()      {}
func (*DropPartitions) action()     {}
func (*Compact) action()            {}
func (*AsQuery) action()            {}
func (*Refreshing) action()         {}
