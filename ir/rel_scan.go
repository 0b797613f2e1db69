package ir

import (
	"strconv"

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
	// Format is the format's name; empty for connectors without. KeyFormat is that
	// of the keys of records; empty for records without.
	Format, KeyFormat string
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
	Pos   diag.Pos // of the value
	// KeyPos is that of the key; unknown where that isn't written out.
	KeyPos diag.Pos
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
	// What the source does itself of the work of the operators behind it, with
	// conditions over all columns of the table: it reads only the partitions for
	// which Partitions is true, may leave out rows for which Filter isn't, and
	// ends each subtask after Limit rows, or never for NoLimit. Conditions may be
	// nil.
	Partitions, Filter Expr
	Limit              int64
}

// Op implements Rel.
func (*Scan) Op() Op { return OpScan }

// NewScan reads all columns of a table. The mode is the source's.
func NewScan(t *Table, mode Mode, pos diag.Pos) *Scan {
	s := &Scan{Table: t, Limit: NoLimit}
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

func (s *Scan) text() string {
	text := s.Table.text()
	if s.Partitions != nil {
		text += " partitions=(" + s.Partitions.String() + ")"
	}
	if s.Filter != nil {
		text += " filter=(" + s.Filter.String() + ")"
	}
	if s.Limit != NoLimit {
		text += " limit=" + strconv.FormatInt(s.Limit, 10)
	}
	return text
}

func (p *planParser) scan(l *lineParser) Rel {
	s := &Scan{Table: p.tableUse(l), Limit: NoLimit}
	condition := func(word string) (cond Expr) {
		if l.accept(word) {
			l.expect("=", "(")
			cond = (&exprParser{l, s.Table.Schema(), p.udfs}).expr()
			l.expect(")")
		}
		return cond
	}
	s.Partitions = condition("partitions")
	s.Filter = condition("filter")
	if l.accept("limit") {
		l.expect("=")
		s.Limit = int64(l.number32())
	}
	s.Props = l.props()
	for _, c := range s.Schema {
		s.Read = append(s.Read, l.position(columnText{c.Name, -1}, s.Table.Schema()))
	}
	return s
}

// Condition is a condition in the form that sources take: a comparison of a
// column of the table with a constant, or several joined by AND, OR and NOT.
type Condition struct {
	// Op is =, <>, <, <=, >, >=, LIKE, IS NULL or IS NOT NULL of a column, or AND,
	// OR or NOT of Args.
	Op     string
	Args   []Condition
	Column int
	Value  *Const // nil for IS NULL and IS NOT NULL
}

// mirrored are the comparisons by what they are with their sides exchanged.
var mirrored = map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// ConditionOf brings e into that form, if it has one.
func ConditionOf(e Expr) (Condition, bool) {
	switch e := e.(type) {
	case *ColumnRef: // a truth value
		return Condition{Op: "=", Column: e.Index, Value: NewConst(types.Of(types.Boolean).NotNull(), true, e.Pos())}, true
	case *Call:
		switch {
		case e.Fn == "AND" || e.Fn == "OR" || e.Fn == "NOT":
			return conditionOfAll(e)
		case e.Fn == "IS NULL" || e.Fn == "IS NOT NULL":
			c, ok := e.Args[0].(*ColumnRef)
			return Condition{Op: e.Fn, Column: columnOf(c)}, ok
		case e.Fn == "LIKE" && len(e.Args) == 2:
			return comparison(e.Fn, e.Args[0], e.Args[1])
		case mirrored[e.Fn] != "":
			if c, ok := comparison(e.Fn, e.Args[0], e.Args[1]); ok {
				return c, true
			}
			return comparison(mirrored[e.Fn], e.Args[1], e.Args[0])
		}
	}
	return Condition{}, false
}

func columnOf(c *ColumnRef) int {
	if c == nil {
		return -1
	}
	return c.Index
}

func conditionOfAll(e *Call) (Condition, bool) {
	c := Condition{Op: e.Fn}
	for _, a := range e.Args {
		arg, ok := ConditionOf(a)
		if !ok {
			return c, false
		}
		c.Args = append(c.Args, arg)
	}
	return c, true
}

// comparison compares a column with a constant of its type that isn't NULL.
func comparison(op string, x, y Expr) (Condition, bool) {
	column, ok := x.(*ColumnRef)
	value, constant := y.(*Const)
	if !ok || !constant || value.Value == nil || !(column.T.SameRoot(value.T) || column.T.Text() && value.T.Text()) {
		return Condition{}, false
	}
	return Condition{Op: op, Column: column.Index, Value: value}, true
}

// Values yields a fixed list of rows.
type Values struct {
	leaf
	Rows [][]*Const
}

// Op implements Rel.
func (*Values) Op() Op { return OpValues }
