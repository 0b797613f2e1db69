package val

import "pyfc/ir/types"

// Writer receives the columns of one row in order, each by exactly one call.
// Generated code writes a row of any schema into it; sinks, state and tests
// implement it. Strings and bytes are views: an implementation that keeps them
// calls Keep.
type Writer interface {
	Null()
	Bool(bool)
	Int8(int8)
	Int16(int16)
	Int32(int32)
	Int64(int64)
	Float32(float32)
	Float64(float64)
	// Decimal is a DECIMAL of the given scale.
	Decimal(v Decimal, scale int)
	String(string)
	// Datum is a value of any other type: binary, temporal or nested.
	Datum(v Datum, t *types.Type)
}

// Column is the run-time description of a column: what a sink or a worker
// needs to know that the generated code doesn't say already.
type Column struct {
	Name    string
	Type    string // SQL type as types.Type prints it
	NotNull bool
	// Of is the type itself, for formats of files; nil elsewhere.
	Of *types.Type
	// Metadata says that the column is about a record, rather than a part of it.
	Metadata bool
	// Expr is the text of the expression that makes the column, for messages.
	Expr string
}
