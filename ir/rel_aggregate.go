package ir

import (
	"slices"
	"sort"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// AggCall is one call of an aggregate function.
type AggCall struct {
	// Fn is the function's declared name: "COUNT", "SUM". It is empty for a function
	// written in Python, which UDF is.
	Fn  string
	UDF *UDF
	// Args are positions in the input; none for COUNT(*).
	Args     []int
	Distinct bool
	// Filter is the position of a BOOLEAN input column that lets a row in, or -1.
	Filter int
	Type   types.Type
	// Monotone says that the values only grow for MAX, or fall for MIN, so that
	// taking rows back changes nothing in the end; as in Flink they aren't.
	Monotone bool
	Pos      diag.Pos
}

// Name is the function's name.
func (c *AggCall) Name() string {
	if c.UDF != nil {
		return c.UDF.Name
	}
	return c.Fn
}

// Aggregate yields one row per group: the group columns, then one column per
// call. A table aggregate function, which is the only call then, yields any
// number of rows per group, whose columns follow.
type Aggregate struct {
	unary
	Group []int // positions in the input; empty for one global group
	Calls []AggCall
	// Coalesce says that the operator may emit once per key and batch, since
	// every consumer updates by that key. Set by the pass coalesce_updates.
	Coalesce bool
	// Window says that the groups are windows of a streaming job, whose rows are
	// given out once each is over.
	Window *GroupWindow
	// Global marks an aggregate without GROUP BY, which yields a row for the
	// empty input in batch mode.
	Global bool
	// Retention is what a hint says of the groups' state.
	Retention Retention
}

// Retention is for how long a streaming operator keeps state that isn't written,
// in milliseconds, where a hint says so: 0 is what the job's setting says.
type Retention int64

// KeepForever is the retention of state that never expires.
const KeepForever Retention = -1

// Op implements Rel.
func (*Aggregate) Op() Op { return OpAggregate }

// OfTable reports whether the call is of a table aggregate function.
func (a *Aggregate) OfTable() bool {
	return len(a.Calls) == 1 && a.Calls[0].UDF != nil && a.Calls[0].UDF.Kind == TableAggregateUDF
}

// InPython reports whether a function is written in Python.
func (a *Aggregate) InPython() bool {
	return slices.ContainsFunc(a.Calls, func(c AggCall) bool { return c.UDF != nil })
}

// results are the types of the columns behind the groups'.
func (a *Aggregate) results() []types.Type {
	if a.OfTable() {
		return ElementFields(a.Calls[0].UDF.Result)
	}
	out := make([]types.Type, len(a.Calls))
	for i, c := range a.Calls {
		out[i] = c.Type
	}
	return out
}

// ElementFields are the types of the columns that a result of a type makes: the
// fields of a ROW, or one.
func ElementFields(t types.Type) []types.Type {
	if t.Kind == types.Row {
		return t.Elems
	}
	return []types.Type{t}
}

// NewAggregate groups in. The group columns are its unique key, but for a table
// aggregate function, whose result has none.
func NewAggregate(in Rel, group []int, calls []AggCall, names []string, pos diag.Pos) *Aggregate {
	a := &Aggregate{Group: group, Calls: calls, Global: len(group) == 0}
	a.In, a.Pos = in, pos
	a.Mode = Retract
	key := Key{}
	windows, windowed := below(in, func(i int) []int { return placesOf(group, i) })
	if windowed && windows.Attribute != types.NoAttribute {
		a.Window, a.Mode = &GroupWindow{End: windows.End[0], Local: windows.Local}, Append
	}
	for i, g := range group {
		key = append(key, i)
		c := in.P().Schema[g]
		if !windowed || !slices.Contains(windows.Time, i) {
			c.Type = c.Type.WithTime(types.NoAttribute)
		}
		a.Schema = append(a.Schema, c)
	}
	for i, t := range a.results() {
		a.Schema = append(a.Schema, Column{Name: names[i], Type: t})
	}
	if a.OfTable() {
		a.Mode = Inserts | Deletes
	} else {
		a.Keys = []Key{key}
	}
	return a
}

// Exchange sends rows with equal keys to the same subtask; with no key, all
// rows to one.
type Exchange struct {
	unary
	Key Key
}

// Op implements Rel.
func (*Exchange) Op() Op { return OpExchange }

// NewExchange distributes in by the key.
func NewExchange(in Rel, key Key) *Exchange {
	e := &Exchange{Key: key}
	e.In, e.Props = in, *in.P()
	return e
}

// Sink writes its input into a table.
type Sink struct {
	unary
	Table *Table
	// Key is the key by which the sink updates, as positions in Table.Columns;
	// nil for an append-only query. Declared says that it is the table's
	// PRIMARY KEY rather than the query's key.
	Key      Key
	Declared bool
	// Labels are the texts of the expressions that made the columns, for
	// messages about data.
	Labels []string
	// Overwrite says that the rows replace what is there.
	Overwrite bool
	// Static are the values of PARTITION (dt = '2020'): "dt=2020". The query
	// has them as columns, too.
	Static []string
	// DropNulls says that a row with NULL in a NOT NULL column is left out, and
	// doesn't fail the job; FitLengths that texts and binary strings are cut to the
	// length of their columns, and filled up to that of CHAR and BINARY.
	DropNulls, FitLengths bool
}

// Op implements Rel.
func (*Sink) Op() Op { return OpSink }

// NewSink writes in, whose schema must be the table's.
func NewSink(in Rel, t *Table, pos diag.Pos) *Sink {
	s := &Sink{Table: t}
	s.In, s.Pos = in, pos
	s.Schema, s.Mode, s.Keys = in.P().Schema, in.P().Mode, in.P().Keys
	return s
}

func sortedKey(k Key) Key {
	sort.Ints(k)
	return k
}

// Contains reports whether every column of other is in k.
func (k Key) Contains(other Key) bool {
	in := map[int]bool{}
	for _, c := range k {
		in[c] = true
	}
	for _, c := range other {
		if !in[c] {
			return false
		}
	}
	return true
}
