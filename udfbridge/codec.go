package udfbridge

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Args collects the argument columns of one request, to which generated code
// appends for every row.
type Args struct {
	schema *arrow.Schema
	cols   []argColumn
}

// Appender appends values, which it copies, to one argument column. It stands in
// front of Arrow's builders, since a job that touches one of these compiles the
// methods of all of Arrow's numeric arrays, a third of its functions.
type Appender[T any] interface {
	Append(T)
	AppendNull()
}

// argColumn gives typed access to an Arrow builder; of the typed fields only
// datum and that of its type are set.
type argColumn struct {
	builder  array.Builder
	bools    Appender[bool]
	int8s    Appender[int8]
	int16s   Appender[int16]
	int32s   Appender[int32]
	int64s   Appender[int64]
	float32s Appender[float32]
	float64s Appender[float64]
	strings  Appender[string]
	bytes    Appender[[]byte]
	datum    Appender[val.Datum]
}

func newArgs(schema *arrow.Schema, columns []types.Type) *Args {
	a := &Args{schema: schema}
	for i, f := range schema.Fields() {
		b := array.NewBuilder(memory.DefaultAllocator, f.Type)
		c := argColumn{builder: b, datum: &datumBuilder{b, datumAppender(b, &columns[i])}}
		switch b := b.(type) {
		case *array.BooleanBuilder:
			c.bools = b
		case *array.Int8Builder:
			c.int8s = b
		case *array.Int16Builder:
			c.int16s = b
		case *array.Int32Builder:
			c.int32s = b
		case *array.Int64Builder:
			c.int64s = b
		case *array.Float32Builder:
			c.float32s = b
		case *array.Float64Builder:
			c.float64s = b
		case *array.StringBuilder:
			c.strings = b
		case *array.BinaryBuilder:
			c.bytes = b
		}
		a.cols = append(a.cols, c)
	}
	return a
}

// Bool returns BOOLEAN column i.
func (a *Args) Bool(i int) Appender[bool] { return a.cols[i].bools }

// Int8 returns TINYINT column i.
func (a *Args) Int8(i int) Appender[int8] { return a.cols[i].int8s }

// Int16 returns SMALLINT column i.
func (a *Args) Int16(i int) Appender[int16] { return a.cols[i].int16s }

// Int32 returns INT column i.
func (a *Args) Int32(i int) Appender[int32] { return a.cols[i].int32s }

// Int64 returns BIGINT column i.
func (a *Args) Int64(i int) Appender[int64] { return a.cols[i].int64s }

// Float32 returns FLOAT column i.
func (a *Args) Float32(i int) Appender[float32] { return a.cols[i].float32s }

// Float64 returns DOUBLE column i.
func (a *Args) Float64(i int) Appender[float64] { return a.cols[i].float64s }

// String returns STRING column i.
func (a *Args) String(i int) Appender[string] { return a.cols[i].strings }

// Bytes returns BYTES column i.
func (a *Args) Bytes(i int) Appender[[]byte] { return a.cols[i].bytes }

// Datum returns column i, of any type.
func (a *Args) Datum(i int) Appender[val.Datum] { return a.cols[i].datum }

// message encapsulates the collected rows and empties the builders.
func (a *Args) message(rows int) ([]byte, error) {
	columns := make([]arrow.Array, len(a.cols))
	for i, c := range a.cols {
		columns[i] = c.builder.NewArray()
		defer columns[i].Release()
		if columns[i].Len() != rows {
			return nil, fmt.Errorf("argument column %d has %d values for %d rows", i, columns[i].Len(), rows)
		}
	}
	batch := array.NewRecordBatch(a.schema, columns, int64(rows))
	defer batch.Release()
	p, err := ipc.GetRecordBatchPayload(batch)
	if err != nil {
		return nil, err
	}
	defer p.Release()
	var b bytes.Buffer
	_, err = p.WritePayload(&b)
	return b.Bytes(), err
}

// Results are the result columns of one answered request. Strings and bytes
// are views that live as long as the output batch.
type Results struct {
	rows  int
	cols  []resultColumn
	arena *val.Arena // of the output batch
}

// resultColumn gives typed access to an Arrow array; only the fields of its
// type are set.
type resultColumn struct {
	array    arrow.Array
	nulls    bool
	bools    *array.Boolean
	int8s    []int8
	int16s   []int16
	int32s   []int32
	int64s   []int64
	float32s []float32
	float64s []float64
	strings  *array.String
	bytes    *array.Binary
	datum    reader
}

// IsNull reports whether the result in column c of row i is NULL.
func (r *Results) IsNull(c, i int) bool { return r.cols[c].nulls && r.cols[c].array.IsNull(i) }

// Bool returns the BOOLEAN in column c of row i.
func (r *Results) Bool(c, i int) bool { return r.cols[c].bools.Value(i) }

// Int8 returns the TINYINT in column c of row i.
func (r *Results) Int8(c, i int) int8 { return r.cols[c].int8s[i] }

// Int16 returns the SMALLINT in column c of row i.
func (r *Results) Int16(c, i int) int16 { return r.cols[c].int16s[i] }

// Int32 returns the INT in column c of row i.
func (r *Results) Int32(c, i int) int32 { return r.cols[c].int32s[i] }

// Int64 returns the BIGINT in column c of row i.
func (r *Results) Int64(c, i int) int64 { return r.cols[c].int64s[i] }

// Float32 returns the FLOAT in column c of row i.
func (r *Results) Float32(c, i int) float32 { return r.cols[c].float32s[i] }

// Float64 returns the DOUBLE in column c of row i.
func (r *Results) Float64(c, i int) float64 { return r.cols[c].float64s[i] }

// String returns the STRING in column c of row i.
func (r *Results) String(c, i int) string { return r.cols[c].strings.Value(i) }

// Bytes returns the BYTES in column c of row i.
func (r *Results) Bytes(c, i int) []byte { return r.cols[c].bytes.Value(i) }

// Datum returns the value in column c of row i, whatever its type.
func (r *Results) Datum(c, i int) val.Datum { return r.cols[c].datum(i, r.arena) }

func newResults(batch arrow.RecordBatch, columns []types.Type) *Results {
	r := &Results{rows: int(batch.NumRows()), cols: make([]resultColumn, batch.NumCols())}
	for i, a := range batch.Columns() {
		c := &r.cols[i]
		c.array, c.nulls = a, a.NullN() > 0
		switch a := a.(type) {
		case *array.Boolean:
			c.bools = a
		case *array.Int8:
			c.int8s = a.Int8Values()
		case *array.Int16:
			c.int16s = a.Int16Values()
		case *array.Int32:
			c.int32s = a.Int32Values()
		case *array.Int64:
			c.int64s = a.Int64Values()
		case *array.Float32:
			c.float32s = a.Float32Values()
		case *array.Float64:
			c.float64s = a.Float64Values()
		case *array.String:
			c.strings = a
		case *array.Binary:
			c.bytes = a
		}
		c.datum = readerOf(a, &columns[i])
	}
	return r
}

// adopt makes the arena own the bytes that the variable-length results of rows
// [from, to) view. No two arenas get the same bytes.
func (r *Results) adopt(arena *val.Arena, from, to int) {
	r.arena = arena
	for i := range r.cols {
		switch c := &r.cols[i]; {
		case c.strings != nil:
			adoptRange(arena, c.strings.ValueBytes(), c.strings.ValueOffsets(), from, to)
		case c.bytes != nil:
			adoptRange(arena, c.bytes.ValueBytes(), c.bytes.ValueOffsets(), from, to)
		}
	}
}

func adoptRange(arena *val.Arena, values []byte, offsets []int32, from, to int) {
	start := offsets[0]
	lo, hi := offsets[from]-start, offsets[to]-start
	if lo < hi {
		arena.Adopt(values[lo:hi:hi], nil)
	}
}

// resultReader decodes the record batches of one stream.
type resultReader struct {
	feed    bytes.Reader
	columns []types.Type
	reader  *ipc.Reader
}

func newResultReader(columns []types.Type, message []byte) (*resultReader, error) {
	var err error
	rr := &resultReader{columns: columns}
	rr.feed.Reset(message)
	rr.reader, err = ipc.NewReader(&rr.feed)
	return rr, err
}

// read decodes one encapsulated record batch. Its memory is the garbage
// collector's.
func (rr *resultReader) read(message []byte) (*Results, error) {
	rr.feed.Reset(message)
	batch, err := rr.reader.Read()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("answer of the Python worker: %w", err)
	}
	batch.Retain() // the reader releases it at the next Read
	return newResults(batch, rr.columns), nil
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
