package ir

import (
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Table is a declared table, source or sink.
type Table struct {
	Name    string // as the script names it
	Columns []TableColumn
	// Key is the declared primary key, as positions in Columns.
	Key Key
	// PartitionBy are the columns of PARTITIONED BY, in its order.
	PartitionBy Key
	Options     []Option
	Pos         diag.Pos
	// Connector is the connector's name in the list of connectors; Legacy says
	// that the options are of the 1.10 generation ('connector.type').
	Connector string
	Legacy    bool
	// Format is the format's name; empty for connectors without.
	Format string
}

// TableColumn is a column of a record, or one of its metadata.
type TableColumn struct {
	Column
	Pos diag.Pos
	// Metadata is the key of a METADATA column, empty for one of the record.
	// Virtual says that it isn't written.
	Metadata string
	Virtual  bool
}

// Option is one entry of a WITH clause.
type Option struct {
	Key   string
	Value Text
	Pos   diag.Pos
}

// Option returns the option with the given key.
func (t *Table) Option(key string) (Option, bool) {
	for _, o := range t.Options {
		if o.Key == key {
			return o, true
		}
	}
	return Option{}, false
}

// Schema returns the columns without their positions.
func (t *Table) Schema() types.Schema {
	s := make(types.Schema, len(t.Columns))
	for i, c := range t.Columns {
		s[i] = c.Column
	}
	return s
}

// Scan reads a declared table.
type Scan struct {
	leaf
	Table *Table
	// Read are the positions in Table.Columns that are decoded, in the order
	// of the schema.
	Read []int
}

// Op implements Rel.
func (*Scan) Op() Op { return OpScan }

// NewScan reads all columns of a table. The mode is the source's.
func NewScan(t *Table, mode Mode, pos diag.Pos) *Scan {
	s := &Scan{Table: t}
	s.Pos, s.Mode = pos, mode
	for i, c := range t.Columns {
		s.Read = append(s.Read, i)
		s.Schema = append(s.Schema, c.Column)
	}
	if t.Key != nil {
		s.Keys = []Key{t.Key}
	}
	return s
}

// Values yields a fixed list of rows.
type Values struct {
	leaf
	Rows [][]*Const
}

// Op implements Rel.
func (*Values) Op() Op { return OpValues }
