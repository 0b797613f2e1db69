package udfbridge

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"pyfc/ir/types"
	"pyfc/udfbridge/python"
)

// plainTypes are the Arrow types of the SQL types that have no parameters.
var plainTypes = map[types.Kind]arrow.DataType{
	types.Boolean:   arrow.FixedWidthTypes.Boolean,
	types.TinyInt:   arrow.PrimitiveTypes.Int8,
	types.SmallInt:  arrow.PrimitiveTypes.Int16,
	types.Int:       arrow.PrimitiveTypes.Int32,
	types.BigInt:    arrow.PrimitiveTypes.Int64,
	types.Float:     arrow.PrimitiveTypes.Float32,
	types.Double:    arrow.PrimitiveTypes.Float64,
	types.Char:      arrow.BinaryTypes.String,
	types.VarChar:   arrow.BinaryTypes.String,
	types.Binary:    arrow.BinaryTypes.Binary,
	types.VarBinary: arrow.BinaryTypes.Binary,
	types.Date:      arrow.FixedWidthTypes.Date32,
	types.Time:      arrow.FixedWidthTypes.Time32ms,
	types.Timestamp: &arrow.TimestampType{Unit: arrow.Microsecond},
	// The zone tells the worker that it is an instant.
	types.TimestampLTZ: arrow.FixedWidthTypes.Timestamp_us,
}

// arrowType is the Arrow type as which values of a SQL type travel; nil for one
// whose values don't.
func arrowType(t types.Type) arrow.DataType {
	var parts []arrow.Field
	for i, e := range t.Elems {
		inner := arrowType(e)
		if inner == nil {
			return nil
		}
		f := arrow.Field{Type: inner, Nullable: true}
		if t.Kind == types.Row {
			f.Name = t.Names[i]
		}
		parts = append(parts, f)
	}
	switch t.Kind {
	case types.Decimal:
		return &arrow.Decimal128Type{Precision: int32(t.Precision), Scale: int32(t.Scale)}
	case types.Array:
		return arrow.ListOf(parts[0].Type)
	case types.Map:
		return arrow.MapOf(parts[0].Type, parts[1].Type)
	case types.Row:
		return arrow.StructOf(parts...)
	}
	return plainTypes[t.Kind]
}

// schemaOf returns the schema of columns of the given types and names, if there
// are any, and the Arrow IPC message that tells it.
func schemaOf(columns []types.Type, names []string) (*arrow.Schema, []byte, error) {
	fields := make([]arrow.Field, len(columns))
	for i, t := range columns {
		typ := arrowType(t)
		if typ == nil {
			return nil, nil, &python.SetupError{Err: fmt.Errorf("%s cannot travel to a Python function", t)}
		}
		fields[i] = arrow.Field{Name: "c" + strconv.Itoa(i), Type: typ, Nullable: true}
		if names != nil {
			fields[i].Name = names[i]
		}
	}
	schema := arrow.NewSchema(fields, nil)
	p := ipc.GetSchemaPayload(schema, memory.DefaultAllocator)
	defer p.Release()
	var b bytes.Buffer
	_, err := p.WritePayload(&b)
	return schema, b.Bytes(), err
}
