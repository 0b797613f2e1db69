// Package print is the sink that writes rows to standard output as Flink's
// print connector does.
package print

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:     "print",
	Doc:      "Writes each change to standard output, as +I[1, abc].",
	Package:  "pyfc/rt/conn/print",
	Sink:     true,
	Updates:  true,
	Before:   conn.AlwaysBefore,
	AllTypes: true,
	Options:  func() any { return new(Options) },
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
	text   val.RowText
	out    io.Writer
}

// NewSink returns the sink of one subtask.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer)) (*Sink[R], error) {
	var opts Options
	if err := conn.Fatal(t.Name, conn.Parse(t.Options, &opts, conn.Modern)); err != nil {
		return nil, err
	}
	s := &Sink[R]{sub: sub, write: write, prefix: prefix(opts.Identifier, t.Static, sub), out: os.Stdout}
	if opts.StandardError {
		s.out = os.Stderr
	}
	return s, nil
}

// prefix is what a subtask's lines begin with: identifier, static partitions and
// the subtask's number, as far as there are any, as in "ID:dt=2020:2> ".
func prefix(identifier string, static []string, sub *stream.Subtask) string {
	var parts []string
	if identifier != "" {
		parts = append(parts, identifier)
	}
	parts = append(parts, static...)
	if sub.Parallelism > 1 {
		parts = append(parts, strconv.Itoa(sub.Index+1))
	}
	if parts == nil {
		return ""
	}
	return strings.Join(parts, ":") + "> "
}

// Process implements stream.Consumer: a batch is one write, so that lines of
// several subtasks don't mix.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	s.text.Buf = s.text.Buf[:0]
	for i := range b.Rows {
		s.text.Buf = append(s.text.Buf, s.prefix...)
		s.text.Begin(b.Kind(i))
		s.write(&b.Rows[i], &s.text)
		s.text.End()
		s.text.Buf = append(s.text.Buf, '\n')
	}
	rows := len(b.Rows)
	b.Release()
	if _, err := s.out.Write(s.text.Buf); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	s.sub.Count.Written.Add(int64(rows))
	return nil
}

// Control implements stream.Consumer.
func (s *Sink[R]) Control(stream.Control) error { return nil }

// Ready implements stream.Consumer.
func (s *Sink[R]) Ready() bool { return true }
