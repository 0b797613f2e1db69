// Package blackhole is the sink that counts rows and drops them.
package blackhole

import (
	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:    "blackhole",
	Doc:     "Counts rows and drops them.",
	Package: "pyfc/rt/conn/blackhole",
	Sink:    true,
	Updates: true,
	Options: func() any { return new(Options) },
}

// Options are the connector's options.
type Options struct {
	Connector string `opt:"connector" required:"true" doc:"The connector's name: blackhole."`
}

// Sink drops the rows of one subtask.
type Sink[R any] struct{ sub *stream.Subtask }

// NewSink returns the sink of one subtask. Rows are dropped unread, so that
// write isn't called.
func NewSink[R any](sub *stream.Subtask, t conn.Table, _ func(*R, val.Writer)) (*Sink[R], error) {
	var opts Options
	if err := conn.Fatal(t.Name, conn.Parse(t.Options, &opts, conn.Modern)); err != nil {
		return nil, err
	}
	return &Sink[R]{sub: sub}, nil
}

// Process implements stream.Consumer.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	s.sub.Count.Written.Add(int64(len(b.Rows)))
	b.Release()
	return nil
}

// Control implements stream.Consumer.
func (s *Sink[R]) Control(stream.Control) error { return nil }

// Ready implements stream.Consumer.
func (s *Sink[R]) Ready() bool { return true }
