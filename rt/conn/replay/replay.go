// Package replay stands in for the sources of a job under test: it hands the
// lines of a file to the table's format as the records that the real source
// would have read. Recording goes the other way: the real source's records
// become rows of one column, as they are.
package replay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector. Its tables are made by `pyfc test` from
// those of a script, whose options they keep for the format.
var Connector = conn.Connector{
	Name:     "replay",
	Doc:      "Reads recorded records from a file, for tests of jobs.",
	Package:  "pyfc/rt/conn/replay",
	Internal: true,
	Source:   true,
	Bounded:  conn.Always,
	Bytes:    true,
	Options:  func() any { return new(Options) },
}

// Key is the option that names the file.
const Key = "pyfc.replay.path"

// Options are the connector's options.
type Options struct {
	Path string `opt:"pyfc.replay.path" required:"true" doc:"The file with a record in each line."`
}

// Source yields the lines of the file in order; the first subtask reads them.
type Source struct {
	stream.Position
	sub   *stream.Subtask
	table string
	path  string
	lines [][]byte
}

// NewSource returns the source of one subtask.
func NewSource(sub *stream.Subtask, t *conn.Table) (*Source, error) {
	path := t.Options[Key]
	if path == "" {
		return nil, &conn.Misconfigured{Table: t.Name, Err: errors.New("nothing was recorded for it")}
	}
	return &Source{Position: stream.NewPosition(sub, "records of "+t.Name), sub: sub, table: t.Name, path: path}, nil
}

// Open implements stream.Opener: it reads the file.
func (s *Source) Open(context.Context) error {
	if s.sub.Index > 0 {
		return nil
	}
	data, err := os.ReadFile(s.path)
	if err != nil {
		return &conn.Misconfigured{Table: s.table, Err: err}
	}
	s.lines = Lines(data)
	return nil
}

// Lines are the records in a file.
func Lines(data []byte) [][]byte {
	if len(data) == 0 {
		return nil
	}
	return bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
}

// Close implements stream.Closer.
func (s *Source) Close() error { return nil }

// Poll implements conn.ByteSource.
func (s *Source) Poll(_ context.Context, _ <-chan struct{}, r *conn.Records, limit int) error {
	left := int64(len(s.lines)) - s.Next
	if left > 0 {
		r.Arena = val.NewArena() // for what is decoded; the lines are nobody's to change
	}
	n := min(left, int64(limit))
	r.Values = append(r.Values, s.lines[s.Next:s.Next+n]...)
	if s.Next += n; s.Next == int64(len(s.lines)) {
		return io.EOF
	}
	return nil
}

// Format is the name of the decoder below, which is no format that a script
// can name.
const Format = "record"

// Decoder takes a record as the value of the only column.
type Decoder struct{ record []byte }

// NewDecoder returns a decoder.
func NewDecoder(*conn.Table) (*Decoder, error) { return &Decoder{}, nil }

// Split takes the next record; none is malformed.
func (d *Decoder) Split(record []byte) (bool, error) {
	d.record = record
	return true, nil
}

// Text is the record; one without a value is NULL.
func (d *Decoder) Text(_ int, _ *val.Arena) (string, bool) {
	return val.View(d.record), d.record != nil
}
