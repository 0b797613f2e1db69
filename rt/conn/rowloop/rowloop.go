// Package rowloop writes to standard output what a driver's loop over the rows
// of TableResult.collect() prints, where the loop does nothing else. It is a
// connector that no script can name.
package rowloop

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:     "row-loop",
	Doc:      "Writes what a loop of the driver prints for each row.",
	Package:  "pyfc/rt/conn/rowloop",
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
	Connector string `opt:"connector" required:"true" doc:"The connector's name: row-loop."`
	Template  string `opt:"template" required:"true" doc:"What is printed for each row: a JSON array of parts."`
}

// Part is a part of what is printed for a row.
type Part struct {
	Form Form   `json:"form,omitempty"`
	Text string `json:"text,omitempty"` // of Literal; what stands between columns of All
	// Column is the position of the column of Str and Repr.
	Column int `json:"column,omitempty"`
}

// Form says what a part shows.
type Form string

// The forms.
const (
	Literal Form = ""
	Str     Form = "str"   // str() of a column
	Repr    Form = "repr"  // repr() of a column
	Row     Form = "row"   // str() of the row
	List    Form = "list"  // str(list(row))
	Tuple   Form = "tuple" // str(tuple(row))
	Kind    Form = "kind"  // the kind of the row
	All     Form = "all"   // str() of all columns
)

// Sink prints rows. A job has one subtask of it.
type Sink[R any] struct {
	sub   *stream.Subtask
	write func(*R, val.Writer)
	parts []Part
	row   columns
	buf   []byte
	out   io.Writer
}

// NewSink returns the sink.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer)) (*Sink[R], error) {
	var opts Options
	if err := conn.Fatal(t.Name, conn.Parse(t.Options, &opts, conn.Modern)); err != nil {
		return nil, err
	}
	s := &Sink[R]{sub: sub, write: write, out: t.Rows}
	if t.Rows == nil {
		s.out = os.Stdout
	}
	if err := json.Unmarshal([]byte(opts.Template), &s.parts); err != nil {
		return nil, fmt.Errorf("row-loop: template: %w", err)
	}
	return s, nil
}

// Process implements stream.Consumer.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	s.buf = s.buf[:0]
	for i := range b.Rows {
		s.row.begin()
		s.write(&b.Rows[i], &s.row)
		for _, p := range s.parts {
			s.buf = s.row.append(s.buf, p, b.Kind(i))
		}
	}
	rows := len(b.Rows)
	b.Release()
	if _, err := s.out.Write(s.buf); err != nil {
		return fmt.Errorf("row-loop: %w", err)
	}
	s.sub.Count.Written.Add(int64(rows))
	return nil
}

// Control implements stream.Consumer.
func (s *Sink[R]) Control(stream.Control) error { return nil }

// Ready implements stream.Consumer.
func (s *Sink[R]) Ready() bool { return true }

// append writes a part for the row.
func (c *columns) append(dst []byte, p Part, kind val.RowKind) []byte {
	join := func(open, end string, texts []string) []byte {
		return append(append(append(dst, open...), strings.Join(texts, ", ")...), end...)
	}
	switch p.Form {
	case Str:
		return append(dst, c.strs[p.Column]...)
	case Repr:
		return append(dst, c.reprs[p.Column]...)
	case Row:
		return join("<Row(", ")>", c.reprs)
	case List:
		return join("[", "]", c.reprs)
	case Tuple:
		if len(c.reprs) == 1 {
			return join("(", ",)", c.reprs)
		}
		return join("(", ")", c.reprs)
	case Kind:
		return append(dst, kind.String()...)
	case All:
		return append(dst, strings.Join(c.strs, p.Text)...)
	}
	return append(dst, p.Text...)
}
