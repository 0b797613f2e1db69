// Package values is the connector of tests: a table whose rows stand in its
// declaration or in a file, and a sink that shows each change that it takes.
package values

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:        "values",
	Doc:         "Reads rows that are given as JSON, and writes each change to standard output; for tests.",
	Package:     "pyfc/rt/conn/values",
	Source:      true,
	Bounded:     true,
	Sink:        true,
	Updates:     true,
	KeepsBefore: true,
	AllTypes:    true,
	Options:     func() any { return new(Options) },
	Check:       check,
}

// Options are the connector's options.
type Options struct {
	Connector string `opt:"connector" required:"true" doc:"The connector's name: values."`
	Data      string `opt:"data" doc:"The rows as a JSON array of rows; a row is an array of the values of all columns."`
	Path      string `opt:"path" doc:"A file that holds the rows in place of the option data."`
}

// check parses the rows at build, so that a typing error is told where it
// stands.
func check(options any, t *conn.Table) []conn.OptionError {
	o := options.(*Options)
	bad := func(key string, err error) []conn.OptionError {
		return []conn.OptionError{{Key: key, Kind: conn.BadValue, Message: fmt.Sprintf("%s: %v", key, err),
			Hint: `rows are written as [[1, "a"], [2, null]]`}}
	}
	if o.Data != "" && o.Path != "" {
		return bad("path", errors.New("the rows are given by the option data already"))
	}
	rows, err := parseRows([]byte(o.Data))
	if err != nil {
		return bad("data", err)
	}
	d := &Decoder{table: t}
	for i, r := range rows {
		if _, err := d.Split(r); err != nil {
			return bad("data", fmt.Errorf("row %d: %w", i+1, err))
		}
	}
	return nil
}

// parseRows splits the text of all rows.
func parseRows(data []byte) ([]json.RawMessage, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(data, &rows); err != nil {
		return nil, fmt.Errorf("the rows are no JSON array: %w", err)
	}
	return rows, nil
}

// Source yields the rows in order; they are read by the first subtask, so that
// the order holds.
type Source struct {
	sub   *stream.Subtask
	table string
	opts  Options
	rows  []json.RawMessage
	next  int64
}

// NewSource returns the source of one subtask.
func NewSource(sub *stream.Subtask, t *conn.Table) (*Source, error) {
	s := &Source{sub: sub, table: t.Name}
	if err := conn.Fatal(t.Name, conn.Parse(t.Options, &s.opts, conn.Modern)); err != nil {
		return nil, err
	}
	return s, nil
}

// Open implements stream.Opener: it reads the rows.
func (s *Source) Open(context.Context) error {
	if s.sub.Index > 0 {
		return nil
	}
	data := []byte(s.opts.Data)
	if s.opts.Path != "" {
		var err error
		if data, err = os.ReadFile(s.opts.Path); err != nil {
			return &conn.Misconfigured{Table: s.table, Err: err}
		}
	}
	rows, err := parseRows(data)
	if err != nil {
		return &conn.Misconfigured{Table: s.table, Err: err}
	}
	s.rows = rows
	return nil
}

// Close implements stream.Closer.
func (s *Source) Close() error { return nil }

// Poll implements conn.ByteSource.
func (s *Source) Poll(_ context.Context, _ <-chan struct{}, r *conn.Records, limit int) error {
	if s.next < int64(len(s.rows)) {
		r.Arena = val.NewArena() // for what is decoded
	}
	for len(r.Values) < limit {
		if s.next >= int64(len(s.rows)) {
			return io.EOF
		}
		r.Values = append(r.Values, s.rows[s.next])
		s.next++
	}
	return nil
}

// Snapshot implements conn.ByteSource.
func (s *Source) Snapshot(snap *state.Snapshot) error {
	if s.sub.Index == 0 {
		snap.List = append(snap.List, val.EncodeInt(nil, s.next))
	}
	return nil
}

// Restore implements conn.ByteSource.
func (s *Source) Restore(r *state.Restored) error {
	for _, entry := range r.List {
		if _, err := val.DecodeInt(entry, &s.next); err != nil {
			return fmt.Errorf("position in the rows of %s: %w", s.table, err)
		}
	}
	return nil
}
