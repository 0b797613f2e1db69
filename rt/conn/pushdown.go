package conn

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Pushdown declares what a source does itself of the work of the operators
// behind it. What a plan asks for is in its Table. That columns which nobody
// reads may be left out goes without saying: see Table.Read.
type Pushdown struct {
	// Partitions says that it reads only those that Table.Partitions chooses.
	Partitions bool
	// Limit says that a subtask may end after Table.Limit rows. What reads through
	// a Decoded does, whatever the connector does about it.
	Limit bool
	// Filter reports whether it leaves out all rows for which a condition that
	// Table.Filter would have isn't true: behind it nobody looks at the condition
	// again. The table has no options that are bound when the job starts, the
	// condition no values.
	Filter func(t *Table, c *Condition) bool
}

// Partitions chooses the partitions that a plan needs.
type Partitions struct {
	// Columns are the partition columns that it depends on.
	Columns []Aside
	// Holds gets the values of Columns.
	Holds func(values []val.Datum, holds *bool) error
}

// Condition is a condition on the rows of a source: a comparison of a column
// with a value, or several joined by AND, OR and NOT. As in SQL, it is unknown
// where a NULL is compared.
type Condition struct {
	// Op is =, <>, <, <=, >, >=, LIKE, IS NULL or IS NOT NULL of a column, or AND,
	// OR or NOT of Args.
	Op     string
	Args   []Condition
	Column int // in Table.Columns
	// Type is the column's, Value one of that type.
	Type  *types.Type
	Value val.Datum
}
