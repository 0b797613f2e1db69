package values

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Sink writes each change as a line of JSON: the texts of the columns are those
// of Row.toString.
//
//	{"table":"t","kind":"+I","columns":["1","abc"]}
type Sink[R any] struct {
	sub   *stream.Subtask
	table string
	write func(*R, val.Writer)
	text  val.RowText
	out   io.Writer
}

// Line is what a sink writes for one row.
type Line struct {
	Table   string   `json:"table"`
	Kind    string   `json:"kind"`
	Columns []string `json:"columns"`
}

// String is the row as Row.toString shows it: +I[1, abc].
func (l Line) String() string { return l.Kind + "[" + strings.Join(l.Columns, ", ") + "]" }

// NewSink returns the sink of one subtask.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer)) (*Sink[R], error) {
	var opts Options
	if err := conn.Fatal(t.Name, conn.Parse(t.Options, &opts, conn.Modern)); err != nil {
		return nil, err
	}
	return &Sink[R]{sub: sub, table: t.Name, write: write, out: os.Stdout}, nil
}

// Process implements stream.Consumer: a batch is one write, so that lines of
// several subtasks don't mix.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	w := bufio.NewWriterSize(s.out, 1<<20)
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	for i := range b.Rows {
		s.text.Buf = s.text.Buf[:0]
		s.text.Begin(b.Kind(i))
		s.write(&b.Rows[i], &s.text)
		s.text.End()
		if err := lines.Encode(Line{s.table, b.Kind(i).String(), s.text.Columns()}); err != nil {
			return fmt.Errorf("values: %w", err)
		}
	}
	rows := len(b.Rows)
	b.Release()
	if err := w.Flush(); err != nil {
		return fmt.Errorf("values: %w", err)
	}
	s.sub.Count.Written.Add(int64(rows))
	return nil
}

// Control implements stream.Consumer.
func (s *Sink[R]) Control(stream.Control) error { return nil }

// Ready implements stream.Consumer.
func (s *Sink[R]) Ready() bool { return true }
