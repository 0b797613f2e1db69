package agg

import (
	"encoding/binary"

	"pyfc/ir/types"
	"pyfc/rt/fn"
)

// Count counts rows, or the non-NULL values of an argument.
type Count struct{ N int64 }

// Add counts one value.
func (c *Count) Add() { c.N++ }

// Retract takes one value back.
func (c *Count) Retract() { c.N-- }

// Value returns the count; it is never NULL.
func (c *Count) Value() (int64, bool) { return c.N, true }

// AppendState implements State.
func (c *Count) AppendState(dst []byte) []byte { return binary.AppendVarint(dst, c.N) }

// ReadState implements State.
func (c *Count) ReadState(src []byte) ([]byte, error) { return readVarint(src, &c.N) }

// CountDecl declares COUNT.
var CountDecl = Decl{Name: "COUNT", Doc: "The number of rows, or of values that are not NULL.",
	Overloads: []Overload{
		{Result: bigintNotNull, Acc: Count{}},
		{Params: []fn.Param{fn.Any}, Result: bigintNotNull, Acc: Count{}},
	}}

// ApproxCountDistinctDecl declares APPROX_COUNT_DISTINCT, which the binder makes
// a COUNT of DISTINCT values.
var ApproxCountDistinctDecl = Decl{Name: "APPROX_COUNT_DISTINCT",
	Doc:       "The number of different values that are not NULL, in batch mode; exact, where Flink estimates it.",
	Overloads: []Overload{{Params: []fn.Param{estimable}, Result: bigintNotNull}}}

var estimable = fn.NewParam("a number, a string or a time", func(t types.Type) bool {
	return t.Numeric() || t.Text() || t.Temporal() && !t.Interval()
})
