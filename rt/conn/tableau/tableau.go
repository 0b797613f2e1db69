// Package tableau shows the result of a query as TableResult.print() does: in a
// frame, with the kinds of rows where the query is a streaming one. It is a
// connector that no script can name.
package tableau

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:     "tableau",
	Doc:      "Shows the rows of a query in a frame on standard output.",
	Package:  "pyfc/rt/conn/tableau",
	Internal: true,
	Single:   true,
	Sink:     true,
	Updates:  true,
	Before:   conn.AlwaysBefore,
	AllTypes: true,
	Options:  func() any { return new(Options) },
}

// Options are the connector's options.
type Options struct {
	Connector string   `opt:"connector" required:"true" doc:"The connector's name: tableau."`
	Widths    []string `opt:"widths" sep:"," doc:"The widths of the columns; with one more, the first is that of the kinds of rows."`
	Lines     bool     `opt:"lines" default:"false" doc:"Writes the texts of each row as a line of JSON, for a program that shows them."`
	Zone      string   `opt:"time-zone" default:"default" doc:"The zone of TIMESTAMP_LTZ."`
}

// Sink shows rows. A job has one subtask of it.
type Sink[R any] struct {
	sub    *stream.Subtask
	write  func(*R, val.Writer)
	layout *Layout // nil where rows are written as lines
	op     bool
	cells  cells
	buf    []byte
	rows   int64
	out    io.Writer
}

// NewSink returns the sink.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer)) (*Sink[R], error) {
	var opts Options
	if err := conn.Fatal(t.Name, conn.Parse(t.Options, &opts, conn.Modern)); err != nil {
		return nil, err
	}
	zone, err := val.LoadZone(opts.Zone)
	if err != nil {
		return nil, &conn.Misconfigured{Table: t.Name, Err: err}
	}
	if opts.Lines {
		return &Sink[R]{sub: sub, write: write, op: true, cells: cells{zone: zone}, out: os.Stdout}, nil
	}
	layout, err := given(t.Columns, opts.Widths)
	if err != nil {
		return nil, &conn.Misconfigured{Table: t.Name, Err: err}
	}
	return &Sink[R]{sub: sub, write: write, layout: layout, op: len(layout.names) > len(t.Columns),
		cells: cells{zone: zone}, out: os.Stdout}, nil
}

// Process implements stream.Consumer.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	s.buf = s.buf[:0]
	if s.layout != nil && s.rows == 0 && len(b.Rows) > 0 {
		s.buf = s.layout.AppendHead(s.buf)
	}
	for i := range b.Rows {
		s.cells.begin()
		if s.op {
			s.cells.String(b.Kind(i).String())
		}
		s.write(&b.Rows[i], &s.cells)
		if s.layout == nil {
			line, err := json.Marshal(s.cells.texts)
			if err != nil {
				return fmt.Errorf("tableau: %w", err)
			}
			s.buf = append(append(s.buf, line...), '\n')
			continue
		}
		s.buf = s.layout.AppendRow(s.buf, s.cells.texts)
	}
	rows := int64(len(b.Rows))
	s.rows += rows
	b.Release()
	s.sub.Count.Written.Add(rows)
	return s.flush()
}

// Control implements stream.Consumer: at the end of the rows their number is
// told.
func (s *Sink[R]) Control(c stream.Control) error {
	if c.Kind != stream.End || s.layout == nil {
		return nil
	}
	s.buf = s.layout.AppendFoot(s.buf[:0], s.rows)
	return s.flush()
}

// Ready implements stream.Consumer.
func (s *Sink[R]) Ready() bool { return true }

func (s *Sink[R]) flush() error {
	if _, err := s.out.Write(s.buf); err != nil {
		return fmt.Errorf("tableau: %w", err)
	}
	return nil
}

// ReadRow reads the line of a row: its kind and the texts of its columns.
func ReadRow(line []byte) (kind string, texts []string, err error) {
	if err := json.Unmarshal(line, &texts); err != nil {
		return "", nil, fmt.Errorf("%q is no row: %w", line, err)
	}
	if len(texts) == 0 {
		return "", nil, errors.New("a row has no kind")
	}
	return texts[0], texts[1:], nil
}

// cells collects the texts of a row's columns. It is a val.Writer.
type cells struct {
	zone  *time.Location
	texts []string
	buf   []byte // holds what texts view, but for strings of the row
}

func (c *cells) begin() { c.texts, c.buf = c.texts[:0], c.buf[:0] }

// add makes a cell of what grow appends. A buffer that has to grow leaves the
// cells before in the old one.
func (c *cells) add(grow func(dst []byte) []byte) {
	start := len(c.buf)
	c.buf = grow(c.buf)
	c.texts = append(c.texts, val.View(c.buf[start:]))
}

// Null implements val.Writer, as do the methods below.
func (c *cells) Null() { c.String(Null) }

// Bool writes TRUE or FALSE.
func (c *cells) Bool(v bool) { c.add(func(dst []byte) []byte { return val.AppendTruth(dst, v) }) }

// Int8 writes a TINYINT.
func (c *cells) Int8(v int8) { c.Int64(int64(v)) }

// Int16 writes a SMALLINT.
func (c *cells) Int16(v int16) { c.Int64(int64(v)) }

// Int32 writes an INT.
func (c *cells) Int32(v int32) { c.Int64(int64(v)) }

// Int64 writes a BIGINT.
func (c *cells) Int64(v int64) {
	c.add(func(dst []byte) []byte { return strconv.AppendInt(dst, v, 10) })
}

// Float32 writes a FLOAT as Float.toString does.
func (c *cells) Float32(v float32) {
	c.add(func(dst []byte) []byte { return val.AppendFloat(dst, v) })
}

// Float64 writes a DOUBLE as Double.toString does.
func (c *cells) Float64(v float64) {
	c.add(func(dst []byte) []byte { return val.AppendDouble(dst, v) })
}

// Decimal writes a DECIMAL.
func (c *cells) Decimal(v val.Decimal, scale int) {
	c.add(func(dst []byte) []byte { return val.AppendPlainDecimal(dst, v, scale) })
}

// String writes a text.
func (c *cells) String(v string) { c.texts = append(c.texts, v) }

// Datum writes a value of any other type.
func (c *cells) Datum(d val.Datum, t *types.Type) {
	c.add(func(dst []byte) []byte { return val.AppendSQL(dst, d, t, c.zone) })
}
