// Package exprs holds typical expressions with what a programmer would write
// by hand for each in Go: the yardstick of generated code.
package exprs

import (
	"pyfc/rt/val"
)

// Row is the input of the hand-written functions. A column is NULL where its
// bit in Nulls is set, by its place among Columns.
type Row struct {
	Nulls uint64
	A, B  int64
	I     int32
	D, E  float64
	S, T  string
	N     string
	P, Q  int64 // DECIMAL(10, 2) without the point
	F     bool
	Day   int32 // days since 1970-01-01
	TS    int64 // milliseconds since 1970-01-01
}

// Columns are the columns of the table, as DDL; the position of each is its
// null bit.
var Columns = []struct{ Name, Type string }{
	{"a", "BIGINT"}, {"b", "BIGINT"}, {"i", "INT"}, {"d", "DOUBLE"}, {"e", "DOUBLE"}, {"s", "STRING"}, {"t", "STRING"},
	{"n", "STRING"}, {"p", "DECIMAL(10, 2)"}, {"q", "DECIMAL(10, 2)"}, {"f", "BOOLEAN"}, {"dt", "DATE"}, {"ts", "TIMESTAMP(3)"},
}

// The null bits.
const (
	nullA = 1 << iota
	nullB
	nullI
	nullD
	nullE
	nullS
	nullT
	nullN
	nullP
	nullQ
	nullF
	nullDay
	nullTS
)

// Result is one output row.
type Result[T any] struct {
	Null  bool
	Value T
}

// Case is an expression with its hand-written counterpart, which computes it
// for all rows of in and returns how many results it wrote. Texts that it makes
// go to the arena.
type Case struct {
	SQL  string
	Hand func(in []Row, arena *val.Arena) int
}

// each makes a Case's function of one that computes a row.
func each[T any](f func(r *Row, arena *val.Arena) (v T, null bool)) func([]Row, *val.Arena) int {
	var out []Result[T]
	return func(in []Row, arena *val.Arena) int {
		out = out[:0]
		for i := range in {
			v, null := f(&in[i], arena)
			out = append(out, Result[T]{null, v})
		}
		return len(out)
	}
}
