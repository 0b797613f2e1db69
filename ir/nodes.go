// Package ir is the relational intermediate representation: typed, resolved
// operators and expressions that the binder makes, the optimiser rewrites and
// the code generator reads. It holds no Go source text and no unresolved name.
package ir

import (
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Op identifies a relational operator.
type Op uint8

// The operators. To add one: a row in ops below, rel_x.go beside this file,
// bind, codegen/op_x.go, rt/op/x.go and a golden; a test names what is missing.
const (
	OpScan Op = iota
	OpValues
	OpProject
	OpFilter
	OpBridge
	OpExchange
	OpExpand
	OpWatermark
	OpWindow
	OpAggregate
	OpCorrelate
	OpJoin
	OpUnion
	OpSort
	OpOver
	OpRank
	OpNormalize
	OpMaterialize
	OpSink
	numOps
)

// OpInfo is what is declared about an operator.
type OpInfo struct {
	Name    string
	Inputs  int    // number of inputs, or Several
	Updates string // changelog: what it does with updates
	State   string // what a checkpoint holds of it
	Time    string // what it does with time attributes
	Doc     string // meaning in a sentence
}

// Several is the number of inputs of an operator that takes one or more.
const Several = -1

var ops = [numOps]OpInfo{
	OpScan: {"Scan", 0, "emits what the source declares", "read position of each split", "sets them as the table declares",
		"reads the rows of a declared table, only the columns that are used"},
	OpValues: {"Values", 0, "insertions", "number of rows emitted", "none",
		"yields a fixed list of rows"},
	OpProject: {"Project", 1, "keeps each row's kind", "none", "keeps those of columns passed on unchanged",
		"computes one output column per expression"},
	OpFilter: {"Filter", 1, "keeps each row's kind, drops rows whatever their kind", "none", "keeps them",
		"keeps the rows for which the condition is true"},
	OpBridge: {"Bridge", 1, "keeps each row's kind", "rows not yet answered", "keeps them",
		"appends the results of Python functions that run in a worker"},
	OpExchange: {"Exchange", 1, "keeps each row's kind and the order of rows of one key", "none", "keeps them",
		"sends rows with equal keys to the same subtask"},
	OpExpand: {"Expand", 1, "keeps each row's kind", "none", "keeps those of columns passed on unchanged",
		"yields each row several times, with other columns: once per grouping set"},
	OpWatermark: {"Watermark", 1, "keeps each row's kind", "the watermark", "makes one of the time that it follows",
		"says how far the time of events has come"},
	OpWindow: {"Window", 1, "keeps each row's kind", "the rows of sessions that are open", "keeps them, and adds the window's last moment",
		"pairs each row with the windows that its time is in"},
	OpAggregate: {"Aggregate", 1, "takes insertions and retractions, emits an update per changed result; by windows, one row when the window is over", "accumulators by group key", "drops them, but for a window's last moment",
		"one row per group with the values of aggregate functions"},
	OpCorrelate: {"Correlate", 1, "keeps each row's kind", "none", "keeps them",
		"pairs each row with the elements of a collection in it"},
	OpJoin: {"Join", 2, "takes all kinds; pairs have the kind of the row that makes them, and rows without a match come and go; of windows or within an interval of time, insertions only", "rows of both inputs by key", "drops them",
		"pairs the rows of two inputs for which a condition is true"},
	OpUnion: {"Union", Several, "keeps each row's kind", "none", "keeps those that all inputs have",
		"yields the rows of all inputs"},
	OpSort: {"Sort", 1, "takes insertions only", "the rows so far", "keeps them",
		"yields the rows in an order, from an offset on and up to a limit"},
	OpOver: {"Over", 1, "takes insertions only", "the rows so far", "keeps them",
		"appends to each row the values of functions over the rows around it"},
	OpRank: {"Rank", 1, "takes all kinds; rows come and go as their number does, and are updated where it is a column", "the rows of each partition, or those that are yielded", "keeps them",
		"yields the rows of each partition whose number in an order is within bounds"},
	OpNormalize: {"Normalize", 1, "takes the last row of each key, emits full changes", "the last row of each key", "keeps them",
		"completes a changelog that lacks what updates replace"},
	OpMaterialize: {"Materialize", 1, "takes full changes, emits the last row of each key", "the rows of each key", "keeps them",
		"keeps of the rows of one key of a sink the one that came last"},
	OpSink: {"Sink", 1, "takes what the connector takes", "none, or rows of an open transaction", "ends them",
		"writes the rows into a declared table"},
}

// Ops lists all operators.
func Ops() []Op {
	out := make([]Op, numOps)
	for i := range out {
		out[i] = Op(i)
	}
	return out
}

// Info returns the declaration of the operator.
func (o Op) Info() OpInfo { return ops[o] }

// String is the operator's name.
func (o Op) String() string { return ops[o].Name }

// Mode is the set of row kinds that a relation can yield.
type Mode uint8

// The row kinds as bits, and the three usual sets.
const (
	Inserts Mode = 1 << iota
	UpdateBefores
	UpdateAfters
	Deletes

	Append  = Inserts
	Upsert  = Inserts | UpdateAfters | Deletes
	Retract = Inserts | UpdateBefores | UpdateAfters | Deletes
)

// Has reports whether all kinds of m are in the set.
func (s Mode) Has(m Mode) bool { return s&m == m }

// Updating reports whether the relation yields anything but insertions.
func (s Mode) Updating() bool { return s&^Inserts != 0 }

// String lists the kinds as Flink's explain does: "I,UB,UA,D".
func (s Mode) String() string {
	out := ""
	for i, n := range [...]string{"I", "UB", "UA", "D"} {
		if s&(1<<i) != 0 {
			if out != "" {
				out += ","
			}
			out += n
		}
	}
	return out
}

// Key is a set of column positions, ascending.
type Key []int

// Props is what every relation has.
type Props struct {
	// UID is the operator's stable name within the job, given by the last
	// pass; state is found by it.
	UID    string
	Schema types.Schema
	Mode   Mode
	// Keys are the unique keys: no two rows of the materialised relation agree
	// on all columns of one.
	Keys []Key
	// Shared numbers, from 1, the relations that several others take as input;
	// 0 is one that has one consumer.
	Shared int
	Pos    diag.Pos
}

// Rel is a relational operator with its inputs.
type Rel interface {
	Op() Op
	Inputs() []Rel
	SetInput(i int, in Rel)
	// P gives access to the properties.
	P() *Props
	// Exprs lists the operator's own scalar expressions, for passes and
	// checks; MapExprs replaces each by what f returns for it.
	Exprs() []Expr
	MapExprs(f func(Expr) Expr)
	Changelog
	// copied is a copy of the operator alone, inputs and properties shared.
	copied() Rel
}

// leaf and unary are embedded for the shape of an operator's inputs.
type leaf struct{ Props }

func (l *leaf) P() *Props              { return &l.Props }
func (*leaf) Inputs() []Rel            { return nil }
func (*leaf) SetInput(int, Rel)        { panic("ir: operator has no input") }
func (*leaf) Exprs() []Expr            { return nil }
func (*leaf) MapExprs(func(Expr) Expr) {}

type unary struct {
	Props
	In Rel
}

func (u *unary) P() *Props              { return &u.Props }
func (u *unary) Inputs() []Rel          { return []Rel{u.In} }
func (u *unary) SetInput(_ int, in Rel) { u.In = in }
func (*unary) Exprs() []Expr            { return nil }
func (*unary) MapExprs(func(Expr) Expr) {}

// Walk calls f for rel and all relations below it, inputs first.
func Walk(rel Rel, f func(Rel)) {
	for _, in := range rel.Inputs() {
		Walk(in, f)
	}
	f(rel)
}

// Rewrite replaces each relation, inputs first, by what f returns for it.
func Rewrite(rel Rel, f func(Rel) Rel) Rel {
	for i, in := range rel.Inputs() {
		rel.SetInput(i, Rewrite(in, f))
	}
	return f(rel)
}
