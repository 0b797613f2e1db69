// Package parquetio reads and writes files of Apache Parquet with the types and
// encodings that PyFlink 1.20.1 gives them.
package parquetio

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	declaration "pyfc/rt/format/parquet"
	"pyfc/rt/val"
)

// Decoder decodes the files of one subtask, and of these only the columns that
// are read. It takes in some rows of all columns at a time; the getters (Text,
// BigInt, …) then give the values of one row after the other.
type Decoder struct {
	table   *conn.Table
	zone    *time.Location
	columns []column   // as in the table; those that aren't read have no reader
	groups  []rowGroup // of the file that are still to be read
	left    int64      // rows of the current one
	row     int        // that the getters give
	items   []val.Datum
}

// rowGroup is a row group, with how many of its rows are skipped.
type rowGroup struct {
	parquet.RowGroup
	skip int64
}

// column is a column of the table in the current file.
type column struct {
	read   bool
	node   *node // nil for one that the file doesn't have
	values []val.Datum
}

var _ conn.FileDecoder = (*Decoder)(nil)

// NewDecoder returns a decoder for the rows of t.
func NewDecoder(t *conn.Table) (*Decoder, error) {
	o, err := declaration.Parse(t)
	if err != nil {
		return nil, err
	}
	d := &Decoder{table: t, zone: o.Zone(), columns: make([]column, len(t.Columns))}
	for _, i := range t.Read {
		d.columns[i].read = true
	}
	return d, nil
}

// Open implements conn.FileDecoder: a row group belongs to its first byte.
func (d *Decoder) Open(file io.ReaderAt, size, lo, hi, skip int64) (err error) {
	defer recovered(&err)
	f, err := parquet.OpenFile(file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(256<<10))
	if err != nil {
		return fmt.Errorf("it can't be read as parquet: %w", err)
	}
	for i := range d.columns {
		c := &d.columns[i]
		c.node = nil
		if !c.read {
			continue
		}
		if c.node, err = d.find(f.Root(), d.table.Columns[i]); err != nil {
			return err
		}
	}
	d.groups, d.left = d.groups[:0], 0
	for i, g := range f.RowGroups() {
		chunks := f.Metadata().RowGroups[i].Columns
		if len(chunks) == 0 || g.NumRows() == 0 {
			continue
		}
		if codec := chunks[0].MetaData.Codec; codec == format.Lz4 || codec == format.Lz4Raw {
			// The library loses what it decompresses where that is less than three times as long.
			return fmt.Errorf("it is compressed with %s, which isn't supported yet; SNAPPY, GZIP, ZSTD and BROTLI are", codec)
		}
		first := chunks[0].MetaData.DataPageOffset
		if at := chunks[0].MetaData.DictionaryPageOffset; at > 0 {
			first = min(first, at)
		}
		if first < lo || first >= hi {
			continue
		}
		skipped := min(skip, g.NumRows())
		skip -= skipped
		if skipped < g.NumRows() {
			d.groups = append(d.groups, rowGroup{g, skipped})
		}
	}
	return nil
}

// find matches a column of the table with one of the file, which may lack it.
func (d *Decoder) find(root *parquet.Column, c val.Column) (*node, error) {
	column := root.Column(c.Name)
	if column == nil {
		return nil, nil
	}
	n, err := match(column, c.Of, d.zone)
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", c.Name, err)
	}
	return n, nil
}

// Load implements conn.FileDecoder.
func (d *Decoder) Load(limit int, arena *val.Arena) (n int, err error) {
	defer recovered(&err)
	for d.left == 0 {
		if len(d.groups) == 0 {
			return 0, nil
		}
		if err := d.begin(d.groups[0]); err != nil {
			return 0, err
		}
		d.groups = d.groups[1:]
	}
	n = int(min(int64(limit), d.left))
	return n, d.load(n, arena)
}

// begin starts with a row group. What is skipped is read, too: pages needn't
// begin with rows.
func (d *Decoder) begin(g rowGroup) error {
	d.left = g.NumRows()
	chunks := g.ColumnChunks()
	for i := range d.columns {
		if n := d.columns[i].node; n != nil {
			if err := n.begin(chunks); err != nil {
				return d.failed(i, err)
			}
		}
	}
	const step = 1024
	for skip := g.skip; skip > 0; skip -= step {
		arena := val.NewArena()
		err := d.load(int(min(skip, step)), arena)
		arena.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// load takes in the next n rows of the row group.
func (d *Decoder) load(n int, arena *val.Arena) error {
	for i := range d.columns {
		c := &d.columns[i]
		if !c.read {
			continue
		}
		c.values = slices.Grow(c.values[:0], n)[:n]
		if c.node == nil {
			for j := range c.values {
				c.values[j] = val.NullDatum()
			}
		} else if err := d.fill(c, arena); err != nil {
			return d.failed(i, err)
		}
	}
	d.left -= int64(n)
	d.row = -1
	return nil
}

// fill takes in the values of one column.
func (d *Decoder) fill(c *column, arena *val.Arena) error {
	if l := c.node.leaf; l != nil && !l.repeated() {
		return l.flat(c.values)
	}
	if err := c.node.levels(len(c.values)); err != nil {
		return err
	}
	for j := range c.values {
		c.values[j] = d.build(c.node, arena)
	}
	return nil
}

func (d *Decoder) failed(column int, err error) error {
	return fmt.Errorf("column %s: %w", d.table.Columns[column].Name, err)
}

// recovered turns what the reader of a damaged file panics with into an error.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("it is damaged: %v", r)
	}
}

// Split goes to the next row.
func (d *Decoder) Split([]byte) (bool, error) {
	d.row++
	return true, nil
}

func (d *Decoder) at(i int) (val.Datum, bool) {
	x := d.columns[i].values[d.row]
	return x, !x.Null
}

// Text returns a text.
func (d *Decoder) Text(i int, _ *val.Arena) (string, bool) {
	x, ok := d.at(i)
	return x.Text(), ok
}

// Boolean returns a truth value.
func (d *Decoder) Boolean(i int) (bool, bool, error) {
	x, ok := d.at(i)
	return x.Bool(), ok, nil
}

// TinyInt returns a TINYINT.
func (d *Decoder) TinyInt(i int) (int8, bool, error) {
	x, ok := d.at(i)
	return int8(x.Int()), ok, nil
}

// SmallInt returns a SMALLINT.
func (d *Decoder) SmallInt(i int) (int16, bool, error) {
	x, ok := d.at(i)
	return int16(x.Int()), ok, nil
}

// Int returns an INT.
func (d *Decoder) Int(i int) (int32, bool, error) {
	x, ok := d.at(i)
	return int32(x.Int()), ok, nil
}

// BigInt returns a BIGINT.
func (d *Decoder) BigInt(i int) (int64, bool, error) {
	x, ok := d.at(i)
	return x.Int(), ok, nil
}

// Float returns a FLOAT.
func (d *Decoder) Float(i int) (float32, bool, error) {
	x, ok := d.at(i)
	return float32(x.Float()), ok, nil
}

// Double returns a DOUBLE.
func (d *Decoder) Double(i int) (float64, bool, error) {
	x, ok := d.at(i)
	return x.Float(), ok, nil
}

// Decimal returns a DECIMAL, which has the column's precision and scale.
func (d *Decoder) Decimal(i int, _ val.Shape) (val.Decimal, bool, error) {
	x, ok := d.at(i)
	return x.Decimal(), ok, nil
}

// Datum returns a value of any other type.
func (d *Decoder) Datum(i int, _ *types.Type, _ *val.Arena) (val.Datum, error) {
	x, _ := d.at(i)
	return x, nil
}
