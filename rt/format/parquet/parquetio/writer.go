package parquetio

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/deprecated"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	declaration "pyfc/rt/format/parquet"
	"pyfc/rt/val"
)

// Writer holds the values of one row; the files that it begins take them.
type Writer struct {
	opts    *declaration.Options
	set     declaration.Settings
	zone    *time.Location
	schema  *parquet.Schema
	columns []*branch
	column  int
	leaves  [][]parquet.Value // of the row
	scratch []byte            // of decimals
	row     parquet.Row
	rows    [1]parquet.Row
	size    int64 // of the row, about
	fault   error // the first one of the row
}

var _ conn.FileEncoder = (*Writer)(nil)

// NewWriter returns a writer for the rows of t.
func NewWriter(t *conn.Table) (*Writer, error) {
	o, err := declaration.Parse(t)
	if err != nil {
		return nil, err
	}
	w := &Writer{opts: o, zone: o.Zone()}
	w.set, _ = o.Settings() // checked by Parse
	p := planner{opts: o, dictionary: w.set.Dictionary}
	w.schema, w.columns = p.schema(t.Columns)
	w.leaves = make([][]parquet.Value, p.leaves)
	return w, nil
}

// codecs are those of declaration.Codecs.
var codecs = map[string]compress.Codec{
	"UNCOMPRESSED": &parquet.Uncompressed, "SNAPPY": &parquet.Snappy, "GZIP": &parquet.Gzip,
	"ZSTD": &parquet.Zstd, "BROTLI": &parquet.Brotli,
}

// file is a file that is written, row group by row group.
type file struct {
	w       *Writer
	out     counter
	file    *parquet.GenericWriter[any]
	pending int64 // bytes of the row group, about
}

// counter counts what is written.
type counter struct {
	out io.Writer
	n   int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.out.Write(p)
	c.n += int64(n)
	return n, err
}

// mostDictionary is how many bytes a column's dictionary grows to before its
// values are written as they are.
const mostDictionary = 1 << 20

// NewFile implements conn.FileEncoder.
func (w *Writer) NewFile(out io.Writer) (conn.FileWriter, error) {
	f := &file{w: w, out: counter{out: out}}
	f.file = parquet.NewGenericWriter[any](&f.out, w.schema, parquet.Compression(codecs[w.set.Codec]), parquet.DataPageVersion(1),
		parquet.PageBufferSize(w.set.PageSize), parquet.DictionaryMaxBytes(mostDictionary), parquet.CreatedBy("pyfc", "", ""))
	return f, nil
}

// Add implements conn.FileWriter.
func (f *file) Add() error {
	w := f.w
	w.row = w.row[:0]
	for i, values := range w.leaves {
		w.row = append(w.row, values...)
		w.leaves[i] = values[:0]
	}
	size, err := w.size, w.fault
	w.column, w.scratch, w.size, w.fault = 0, w.scratch[:0], 0, nil
	if err != nil {
		return err
	}
	w.rows[0] = w.row
	if _, err := f.file.WriteRows(w.rows[:]); err != nil {
		return err
	}
	if f.pending += size; f.pending < w.set.BlockSize {
		return nil
	}
	f.pending = 0
	return f.file.Flush()
}

// Size implements conn.FileWriter.
func (f *file) Size() int64 { return f.out.n + f.pending }

// Close implements conn.FileWriter.
func (f *file) Close() error { return f.file.Close() }

// put takes a value of the next column, which isn't nested.
func (w *Writer) put(v parquet.Value, size int64) {
	b := w.columns[w.column]
	w.column++
	w.leaves[b.leaf] = append(w.leaves[b.leaf], v.Level(0, b.def, b.leaf))
	w.size += size
}

// Null implements val.Writer, as do the methods below.
func (w *Writer) Null() {
	b := w.columns[w.column]
	w.column++
	w.null(b, 0, b.def-1)
}

// Bool writes a BOOLEAN.
func (w *Writer) Bool(v bool) { w.put(parquet.BooleanValue(v), 1) }

// Int8 writes a TINYINT.
func (w *Writer) Int8(v int8) { w.put(parquet.Int32Value(int32(v)), 4) }

// Int16 writes a SMALLINT.
func (w *Writer) Int16(v int16) { w.put(parquet.Int32Value(int32(v)), 4) }

// Int32 writes an INT.
func (w *Writer) Int32(v int32) { w.put(parquet.Int32Value(v), 4) }

// Int64 writes a BIGINT.
func (w *Writer) Int64(v int64) { w.put(parquet.Int64Value(v), 8) }

// Float32 writes a FLOAT.
func (w *Writer) Float32(v float32) { w.put(parquet.FloatValue(v), 4) }

// Float64 writes a DOUBLE.
func (w *Writer) Float64(v float64) { w.put(parquet.DoubleValue(v), 8) }

// Decimal writes a DECIMAL.
func (w *Writer) Decimal(v val.Decimal, _ int) {
	w.put(w.decimal(v, w.columns[w.column].size), 16)
}

// String writes a text.
func (w *Writer) String(v string) { w.put(text(v), int64(len(v))+4) }

// Datum writes a value of any other type.
func (w *Writer) Datum(v val.Datum, _ *types.Type) {
	b := w.columns[w.column]
	w.column++
	w.write(b, v, 0)
}

// text is a view, which a file has taken when Add returns.
func text(v string) parquet.Value {
	return parquet.ByteArrayValue(unsafe.Slice(unsafe.StringData(v), len(v)))
}

// decimal is the digits as an integer of size bytes, the highest first.
func (w *Writer) decimal(v val.Decimal, size int) parquet.Value {
	from := len(w.scratch)
	w.scratch = binary.BigEndian.AppendUint64(w.scratch, uint64(v.Hi))
	w.scratch = binary.BigEndian.AppendUint64(w.scratch, v.Lo)
	return parquet.FixedLenByteArrayValue(w.scratch[from:][16-size:])
}

// null writes that there is no value from a level on.
func (w *Writer) null(b *branch, rep, def int) {
	if len(b.kids) == 0 {
		w.leaves[b.leaf] = append(w.leaves[b.leaf], parquet.NullValue().Level(rep, def, b.leaf))
		w.size++
		return
	}
	for _, kid := range b.kids {
		w.null(kid, rep, def)
	}
}

// errNullKey is a row that the format can't hold, nor does PyFlink's.
var errNullKey = errors.New("a MAP has a NULL key")

// write writes a value that may be nested.
func (w *Writer) write(b *branch, v val.Datum, rep int) {
	if v.Null {
		w.null(b, rep, b.def-1)
		return
	}
	switch b.typ.Kind {
	case types.Row:
		for i, kid := range b.kids {
			w.write(kid, v.Row().Field(i, b.typ), rep)
		}
	case types.Array:
		w.list(b, v.Array().Len(), rep, func(i, rep int) {
			w.write(b.kids[0], v.Array().At(i, &b.typ.Elems[0]), rep)
		})
	case types.Map, types.Multiset:
		w.list(b, v.Map().Len(), rep, func(i, rep int) {
			key, value := v.Map().At(i, b.typ)
			if key.Null && w.fault == nil {
				w.fault = errNullKey
			}
			w.write(b.kids[0], key, rep)
			w.write(b.kids[1], value, rep)
		})
	default:
		w.leaves[b.leaf] = append(w.leaves[b.leaf], w.scalar(v, b).Level(rep, b.def, b.leaf))
		w.size += 8
	}
}

// list writes n entries.
func (w *Writer) list(b *branch, n, rep int, entry func(i, rep int)) {
	if n == 0 {
		w.null(b, rep, b.def)
		return
	}
	for i := range n {
		entry(i, rep)
		rep = b.rep
	}
}

// scalar is a value that isn't nested.
func (w *Writer) scalar(v val.Datum, b *branch) parquet.Value {
	switch b.typ.Kind {
	case types.Boolean:
		return parquet.BooleanValue(v.Bool())
	case types.TinyInt, types.SmallInt, types.Int, types.Date, types.Time:
		return parquet.Int32Value(int32(v.Int()))
	case types.BigInt:
		return parquet.Int64Value(v.Int())
	case types.Float:
		return parquet.FloatValue(float32(v.Float()))
	case types.Double:
		return parquet.DoubleValue(v.Float())
	case types.Decimal:
		return w.decimal(v.Decimal(), b.size)
	case types.Timestamp, types.TimestampLTZ:
		at := v.Timestamp()
		at.Milli = val.LegacyInstant(w.zone, at.Milli)
		return w.timestamp(at)
	}
	w.size += int64(len(v.Text()))
	return text(v.Text())
}

// timestamp is an instant in the form of the options.
func (w *Writer) timestamp(at val.Timestamp) parquet.Value {
	if w.opts.Int64Time {
		switch w.opts.TimeUnit {
		case "millis":
			return parquet.Int64Value(at.Milli)
		case "micros":
			return parquet.Int64Value(at.Milli*1000 + int64(at.Nano/1000))
		}
		return parquet.Int64Value(at.Milli*nanosPerMill + int64(at.Nano))
	}
	day := val.FloorDiv(at.Milli, val.MillisPerDay)
	nanos := uint64((at.Milli-day*val.MillisPerDay)*nanosPerMill + int64(at.Nano))
	return parquet.Int96Value(deprecated.Int96{uint32(nanos), uint32(nanos >> 32), uint32(day + epochDay)})
}
