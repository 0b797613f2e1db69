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
	"slices"
	"strings"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:       "values",
	Doc:        "Reads rows that are given as JSON, and writes each change to standard output; for tests.",
	Package:    "pyfc/rt/conn/values",
	Source:     true,
	Bounded:    conn.Always,
	Sink:       true,
	Updates:    true,
	Before:     conn.BeforeUnkeyed,
	AllTypes:   true,
	Overwrites: conn.AlwaysOverwrite, // each run's rows are all that there is
	Options:    func() any { return new(Options) },
	Check:      check,
	Metadata:   metadata,
	Pushdown:   conn.Pushdown{Limit: true, Filter: filtering},
	Changelog:  func(options any) []val.RowKind { kinds, _ := options.(*Options).kinds(); return kinds },
}

// Options are the connector's options.
type Options struct {
	Connector string `opt:"connector" required:"true" doc:"The connector's name: values."`
	Data      string `opt:"data" doc:"The rows as a JSON array of rows; a row is an array of the values of all columns, or an object that gives it a kind: {\"-U\": [1]}."`
	Path      string `opt:"path" doc:"A file that holds the rows in place of the option data."`
	// ChangelogMode has the short names of Flink's explain.
	ChangelogMode []string `opt:"changelog-mode" sep:"," default:"I" doc:"The kinds of rows that the source yields: I, UB, UA, D."`
	DisableLookup bool     `opt:"disable-lookup" default:"false" doc:"Keeps lookup joins from reading the table."`
	Readable      string   `opt:"readable-metadata" doc:"The metadata columns of a source: name:TYPE."`
	Writable      string   `opt:"writable-metadata" doc:"The metadata columns of a sink: name:TYPE."`
}

// metadata are the columns that the options name. They are part of a row, in the
// order of the table's columns.
func metadata(options any) []conn.Metadata {
	o := options.(*Options)
	return append(metadataOf(o.Readable, conn.Metadata{Readable: true}), metadataOf(o.Writable, conn.Metadata{Writable: true})...)
}

// metadataOf reads a list such as "a:INT,b:DECIMAL(10, 2)".
func metadataOf(text string, m conn.Metadata) (out []conn.Metadata) {
	depth, from := 0, 0
	for i := 0; i <= len(text); i++ {
		switch {
		case i < len(text) && strings.IndexByte("(<", text[i]) >= 0:
			depth++
		case i < len(text) && strings.IndexByte(")>", text[i]) >= 0:
			depth--
		case i == len(text) || text[i] == ',' && depth == 0:
			if key, typ, ok := strings.Cut(text[from:i], ":"); ok {
				m.Key, m.Type = strings.TrimSpace(key), typ
				out = append(out, m)
			}
			from = i + 1
		}
	}
	return out
}

// modeNames are the kinds as changelog-mode names them.
var modeNames = map[string]val.RowKind{"I": val.Insert, "UB": val.UpdateBefore, "UA": val.UpdateAfter, "D": val.Delete}

// kindNames are the kinds as rows name them.
var kindNames = map[string]val.RowKind{}

func init() {
	for _, k := range modeNames {
		kindNames[k.String()] = k
	}
}

// kinds are the kinds of rows that the source yields.
func (o *Options) kinds() ([]val.RowKind, error) {
	var kinds []val.RowKind
	for _, name := range o.ChangelogMode {
		k, ok := modeNames[name]
		if !ok {
			return nil, fmt.Errorf("%q is no kind of row (I, UB, UA, D)", name)
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
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
	if _, err := o.kinds(); err != nil {
		return bad("changelog-mode", err)
	}
	rows, err := o.parse([]byte(o.Data))
	if err != nil {
		return bad("data", err)
	}
	d := &Decoder{table: t}
	for i, r := range rows {
		if _, err := d.Split(r.values); err != nil {
			return bad("data", fmt.Errorf("row %d: %w", i+1, err))
		}
	}
	return nil
}

// row is a row's text with its kind.
type row struct {
	kind   val.RowKind
	values json.RawMessage
}

// parse splits the text of all rows.
func (o *Options) parse(data []byte) ([]row, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	var texts []json.RawMessage
	if err := json.Unmarshal(data, &texts); err != nil {
		return nil, fmt.Errorf("the rows are no JSON array: %w", err)
	}
	allowed, err := o.kinds()
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(texts))
	for i, text := range texts {
		r, err := parseRow(text)
		if err == nil && !slices.Contains(allowed, r.kind) {
			err = fmt.Errorf("changelog-mode %s has no %s", strings.Join(o.ChangelogMode, ","), r.kind)
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
		rows[i] = r
	}
	return rows, nil
}

// parseRow takes the kind off: [1, "a"] or {"-U": [1, "a"]}.
func parseRow(text json.RawMessage) (row, error) {
	if !bytes.HasPrefix(text, []byte("{")) {
		return row{val.Insert, text}, nil
	}
	var one map[string]json.RawMessage
	if err := json.Unmarshal(text, &one); err != nil {
		return row{}, err
	}
	for name, values := range one {
		if kind, ok := kindNames[name]; ok && len(one) == 1 {
			return row{kind, values}, nil
		}
	}
	return row{}, fmt.Errorf(`%s is no row of one kind, such as {"-U": [1, "a"]}`, text)
}

// Source yields the rows in order; they are read by the first subtask, so that
// the order holds.
type Source struct {
	stream.Position
	sub   *stream.Subtask
	table *conn.Table
	opts  Options
	rows  []row
}

// NewSource returns the source of one subtask.
func NewSource(sub *stream.Subtask, t *conn.Table) (*Source, error) {
	s := &Source{Position: stream.NewPosition(sub, "rows of "+t.Name), sub: sub, table: t}
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
			return &conn.Misconfigured{Table: s.table.Name, Err: err}
		}
	}
	rows, err := s.opts.parse(data)
	if err != nil {
		return &conn.Misconfigured{Table: s.table.Name, Err: err}
	}
	s.rows, err = s.filtered(rows)
	return err
}

// Close implements stream.Closer.
func (s *Source) Close() error { return nil }

// Poll implements conn.ByteSource.
func (s *Source) Poll(_ context.Context, _ <-chan struct{}, r *conn.Records, limit int) error {
	if s.Next < int64(len(s.rows)) {
		r.Arena = val.NewArena() // for what is decoded
	}
	for len(r.Values) < limit {
		if s.Next >= int64(len(s.rows)) {
			return io.EOF
		}
		r.Values = append(r.Values, s.rows[s.Next].values)
		r.Kinds = append(r.Kinds, s.rows[s.Next].kind)
		s.Next++
	}
	return nil
}
