// Package print is the sink that writes rows to standard output as Flink's
// print connector does.
package print

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:        "print",
	Doc:         "Writes each change to standard output, as +I[1, abc].",
	Package:     "pyfc/rt/conn/print",
	Sink:        true,
	Updates:     true,
	KeepsBefore: true,
	Options:     func() any { return new(Options) },
}

// Options are the connector's options.
type Options struct {
	Connector     string `opt:"connector" required:"true" doc:"The connector's name: print."`
	Identifier    string `opt:"print-identifier" doc:"A text that each line begins with."`
	StandardError bool   `opt:"standard-error" default:"false" doc:"Writes to standard error instead of standard output."`
	Parallelism   int    `opt:"sink.parallelism" planned:"a parallelism of the sink's own" doc:"The sink's parallelism, if it is not the job's."`
}

// Sink prints the rows of one subtask.
type Sink[R any] struct {
	sub    *stream.Subtask
	write  func(*R, val.Writer)
	prefix string
	line   line
	out    io.Writer
}

// NewSink returns the sink of one subtask.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer)) (*Sink[R], error) {
	var opts Options
	if err := conn.Fatal(t.Name, conn.Parse(t.Options, &opts, conn.Modern)); err != nil {
		return nil, err
	}
	s := &Sink[R]{sub: sub, write: write, prefix: prefix(opts.Identifier, sub), out: os.Stdout}
	if opts.StandardError {
		s.out = os.Stderr
	}
	return s, nil
}

// prefix is what a subtask's lines begin with: "", "ID> ", "2> " or "ID:2> ".
func prefix(identifier string, sub *stream.Subtask) string {
	p := identifier
	if sub.Parallelism > 1 {
		if p != "" {
			p += ":"
		}
		p += strconv.Itoa(sub.Index + 1)
	}
	if p != "" {
		p += "> "
	}
	return p
}

// Process implements stream.Consumer: a batch is one write, so that lines of
// several subtasks don't mix.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	s.line.buf = s.line.buf[:0]
	for i := range b.Rows {
		s.line.begin(s.prefix, b.Kind(i))
		s.write(&b.Rows[i], &s.line)
		s.line.end()
	}
	rows := len(b.Rows)
	b.Release()
	if _, err := s.out.Write(s.line.buf); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	s.sub.Count.Written.Add(int64(rows))
	return nil
}

// Control implements stream.Consumer.
func (s *Sink[R]) Control(stream.Control) error { return nil }

// Ready implements stream.Consumer.
func (s *Sink[R]) Ready() bool { return true }

// line writes rows as text.
type line struct {
	buf   []byte
	first bool
}

func (l *line) begin(prefix string, kind val.RowKind) {
	l.buf = append(l.buf, prefix...)
	l.buf = append(l.buf, kind.String()...)
	l.buf = append(l.buf, '[')
	l.first = true
}

func (l *line) end() { l.buf = append(l.buf, ']', '\n') }

// next begins a column.
func (l *line) next() {
	if !l.first {
		l.buf = append(l.buf, ", "...)
	}
	l.first = false
}

// The methods of val.Writer.

func (l *line) Null() { l.String("null") }

func (l *line) Bool(v bool) {
	l.next()
	l.buf = strconv.AppendBool(l.buf, v)
}

func (l *line) Int8(v int8)   { l.Int64(int64(v)) }
func (l *line) Int16(v int16) { l.Int64(int64(v)) }
func (l *line) Int32(v int32) { l.Int64(int64(v)) }

func (l *line) Int64(v int64) {
	l.next()
	l.buf = strconv.AppendInt(l.buf, v, 10)
}

func (l *line) Float32(v float32) {
	l.next()
	l.buf = val.AppendFloat(l.buf, v)
}

func (l *line) Float64(v float64) {
	l.next()
	l.buf = val.AppendDouble(l.buf, v)
}

func (l *line) Decimal(v val.Decimal, scale int) {
	l.next()
	l.buf = val.AppendDecimal(l.buf, v, scale)
}

func (l *line) String(v string) {
	l.next()
	l.buf = append(l.buf, v...)
}

// Datum writes the bytes of a binary value as Java prints its signed ones:
// [97, -1].
func (l *line) Datum(d val.Datum, _ *types.Type) {
	l.next()
	l.buf = append(l.buf, '[')
	for i, b := range []byte(d.Text()) {
		if i > 0 {
			l.buf = append(l.buf, ", "...)
		}
		l.buf = strconv.AppendInt(l.buf, int64(int8(b)), 10)
	}
	l.buf = append(l.buf, ']')
}
