// Package conn declares what a connector is: its name, its options as a typed
// struct, and the byte source or sink that it builds. Compiler and binary read
// the same declaration, so that checks, defaults, documentation and the
// did-you-mean of options come from one place.
package conn

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Generation says which connector generation a table's options belong to.
type Generation uint8

// The generations. They differ in option names, defaults and in how the sink's
// key is found.
const (
	Modern Generation = iota // 'connector' = 'kafka'
	Legacy                   // 'connector.type' = 'kafka', 'format.type' = 'csv'
)

// Table is a declared table as its connector sees it.
type Table struct {
	Name    string // as in the script, for messages and --set
	Options map[string]string
	Columns []val.Column // of the physical schema, in order
	// Read are the positions in Columns that the plan reads (sources).
	Read []int
	// Key are the positions in Columns by which the sink updates; empty for
	// append-only queries. Declared says that it is the table's PRIMARY KEY
	// rather than the query's key.
	Key      []int
	Declared bool
	// Changes says that the records tell what became of rows; the compiler sets it
	// for the checks of options.
	Changes bool
	// PartitionBy are the positions in Columns of PARTITIONED BY, in its order;
	// Static are the values of a static PARTITION clause of a sink: "dt=2020".
	PartitionBy []int
	Static      []string
	// PartitionsInside says that records hold the columns of PARTITIONED BY.
	PartitionsInside bool
	// Aside are the columns that records don't hold: of a source, as far as they
	// are read, partition columns and metadata, whose values it gives; of a sink
	// metadata.
	Aside []Aside
	// What a source does of the work of the operators behind it, if its connector's
	// Pushdown says that it does: Partitions, unless nil, chooses the partitions to
	// read; Filter are conditions that must all be true; Limit, unless 0, is the
	// number of rows after which a subtask may end.
	Partitions *Partitions
	Filter     []Condition
	Limit      int64
	// RecordKey says which columns the keys of records hold.
	RecordKey RecordKey
	// Batch says that the job is a batch job, Overwrite that a sink replaces
	// what is there.
	Batch, Overwrite bool
	// Serial tells the uses of tables within a job apart.
	Serial int
	// Where is the place of the table's declaration: "job.py:12:5".
	Where string
	// Settings are the job's configuration; nil at build.
	Settings map[string]string
	// Rows takes what a sink gives the driver of the job; nil where that is
	// standard output.
	Rows io.Writer
}

// Aside is a column that isn't in the records of a source.
type Aside struct {
	Column   int    // its position in Table.Columns
	Metadata string // the key of a metadata column; empty for a partition column
	Type     *types.Type
}

// RecordKey describes records that have keys beside their values, as the messages
// of a queue do.
type RecordKey struct {
	// Columns are the positions in Table.Columns, in the key's order; empty for
	// records without keys.
	Columns []int
	// Apart says that the value doesn't hold these columns, too.
	Apart bool
	// Prefix is what the names of these columns have before those in the key.
	Prefix string
	// Tombstones says that a record without a value deletes the row of its key.
	Tombstones bool
}

// Decodes reports whether a source takes the key's columns from keys: what is in
// the values, too, counts there, unless there is no value.
func (k RecordKey) Decodes() bool { return k.Apart || k.Tombstones }

// Records is the table as its format sees it: without the columns that its
// records, or their values, don't hold.
func (t *Table) Records() *Table {
	if (len(t.PartitionBy) == 0 || t.PartitionsInside) && !t.RecordKey.Apart && !slices.ContainsFunc(t.Columns, func(c val.Column) bool { return c.Metadata }) {
		return t
	}
	r := *t
	r.Columns, r.Read, r.Aside, r.PartitionBy, r.RecordKey = nil, nil, nil, nil, RecordKey{}
	for i, c := range t.Columns {
		if c.Metadata || !t.PartitionsInside && slices.Contains(t.PartitionBy, i) || t.RecordKey.Apart && slices.Contains(t.RecordKey.Columns, i) {
			continue
		}
		if slices.Contains(t.Read, i) {
			r.Read = append(r.Read, len(r.Columns))
		}
		r.Columns = append(r.Columns, c)
	}
	return &r
}

// Keys is the table as the format of its keys sees it: the key's columns, named
// as there, and the options of that format.
func (t *Table) Keys() *Table {
	k := *t
	k.Columns, k.Read, k.Aside, k.PartitionBy, k.RecordKey = nil, nil, nil, nil, RecordKey{}
	for i, column := range t.RecordKey.Columns {
		c := t.Columns[column]
		c.Name = strings.TrimPrefix(c.Name, t.RecordKey.Prefix)
		k.Columns = append(k.Columns, c)
		if t.RecordKey.Decodes() && slices.Contains(t.Read, column) {
			k.Read = append(k.Read, i)
		}
	}
	k.Options = map[string]string{"connector": t.Options["connector"]}
	use := KeyFormat(t.Options)
	k.Options["format"] = use.Name
	for key, text := range use.Options {
		k.Options[use.Name+"."+key] = text
	}
	return &k
}

// Connector is the declaration of one connector: the compiler's list has one
// line for each.
type Connector struct {
	Name        string   // value of 'connector'
	LegacyTypes []string // values of 'connector.type'
	Doc         string
	// Package is the Go import path of the implementation, empty for a
	// connector that is known but not built yet. The compiler doesn't link it where it
	// isn't the declaration's own.
	Package string
	// Links are what a binary links only for some tables of the connector.
	Links []Link
	// Internal says that the compiler makes tables of the connector, and that no
	// script may name it.
	Internal bool
	// Single says that one subtask takes the rows of all.
	Single bool
	// Source and Sink say in which role the connector can be used.
	Source, Sink bool
	// SourcePlanned and SinkPlanned say that Flink's connector has that role,
	// and pyfc doesn't run it yet.
	SourcePlanned, SinkPlanned bool
	// Bounded says whether a source with these options ends; nil stands for never.
	Bounded func(options any) bool
	// Bytes says that the connector moves records of bytes and needs a format.
	Bytes bool
	// PartitionsApart says that records don't hold the columns of PARTITIONED BY:
	// the names of folders do.
	PartitionsApart bool
	// Splits says that the source reads bytes in which the format finds the
	// records: its NewSource takes a Splitter.
	Splits bool
	// Pushdown says what the source does of the work of the operators behind it.
	Pushdown Pushdown
	// Size tells how many bytes a bounded source holds at build, if it can; nil for
	// a connector that never can.
	Size func(t *Table) (bytes int64, ok bool)
	// Updates says that the sink takes -U, +U and -D rows; NeedsKey that it
	// then needs a key; Before when it also wants -U rows.
	Updates, NeedsKey bool
	Before            Before
	// Changelog lists the kinds of rows that a source with these options
	// yields; nil stands for insertions only.
	Changelog func(options any) []val.RowKind
	// Overwrites says when the sink runs INSERT OVERWRITE.
	Overwrites Overwrites
	// Metadata lists the metadata columns that tables with these options can
	// have; nil for a connector without.
	Metadata func(options any) []Metadata
	// RecordKey says which columns the keys of a table's records hold, for
	// connectors whose records have keys: their NewSink takes an encoder for keys,
	// too, which is nil for a table without. Its faults have been reported by Check.
	RecordKey func(options any, t *Table) RecordKey
	// AllTypes says that the sink writes values of every type. Others take
	// numbers, texts, truth values and binary strings.
	AllTypes bool
	// Options returns a new, zero options struct; its fields carry the tags
	// that Parse reads.
	Options func() any
	// Check looks at parsed options as a whole; CheckSource and CheckSink at what
	// only matters where the table is read or written. All may be nil.
	Check, CheckSource, CheckSink func(options any, t *Table) []OptionError
}

// Link is a package that only tables with certain options need. It registers itself
// with its connector.
type Link struct {
	Package string // the Go import path
	// For reports whether a table with these options needs it, where values that the
	// build doesn't know are anything.
	For func(options map[string]string) bool
}

// Linked returns the packages that a binary links, beside the implementation, for a
// table with these options.
func (c *Connector) Linked(options map[string]string) (packages []string) {
	for _, l := range c.Links {
		if l.For(options) {
			packages = append(packages, l.Package)
		}
	}
	return packages
}

// Always is the Bounded of connectors whose sources always end.
func Always(any) bool { return true }

// Ends reports whether a source with these options ends. Faults among them have
// been reported.
func (c *Connector) Ends(options map[string]string, gen Generation) bool {
	if c.Bounded == nil {
		return false
	}
	if c.Bytes {
		options, _ = SplitFormat(options, gen)
	}
	into := c.Options()
	Parse(options, into, gen)
	return c.Bounded(into)
}

// Metadata is something that a connector knows of a record, beside its columns.
type Metadata struct {
	Key  string // of METADATA FROM
	Type string // as SQL text
	// Readable and Writable say what a column can be used for.
	Readable, Writable bool
	Planned            bool // not run yet
	Doc                string
}

// Overwrites says when a sink can replace what is there.
type Overwrites uint8

// The rules.
const (
	NoOverwrite Overwrites = iota
	BatchOverwrite
	AlwaysOverwrite
)

// Before says when a sink wants to see the rows that updates replace, apart from
// where it needs them because an update may change its key.
type Before uint8

// The rules.
const (
	NoBefore      Before = iota
	AlwaysBefore         // print
	BeforeUnkeyed        // where the table has no primary key
)

// Format is the declaration of one format.
type Format struct {
	Name    string // value of 'format', or of 'format.type'
	Doc     string
	Package string // as that of a Connector
	Options func() any
	// Check looks at parsed options as a whole, and at the table's records. It may
	// be nil.
	Check func(options any, t *Table) []OptionError
	// Supports reports whether columns of a type can be read and written.
	Supports func(types.Type) bool
	// Changes says that a record tells what became of rows: its package has a
	// NewChangeReader, and its encoder is a ChangeEncoder.
	Changes bool
	// Files says that it is one of files that aren't a sequence of records: its
	// decoder is a FileDecoder, its encoder a FileEncoder, and only connectors of
	// files take it.
	Files bool
}

// OptionError is one fault in a table's options.
type OptionError struct {
	Key     string // as in the script
	Kind    OptionFault
	Message string
	Hint    string
}

// OptionFault classifies an OptionError.
type OptionFault uint8

// The faults.
const (
	UnknownOption OptionFault = iota
	MissingOption
	BadValue
	Ignored // a warning: accepted, without effect
	Secret  // a warning: a password as text
	Planned // known, but not run yet
	Unfit   // what the table has fits no options
)

// Records is what one poll of a byte source yields.
type Records struct {
	// Arena owns the bytes of Values.
	Arena *val.Arena
	// Values has one entry per record; nil is a record without a value.
	Values [][]byte
	// Loaded is the number of rows that a FileDecoder holds, in place of Values.
	Loaded int
	// Keys has the key of each record of a table with a RecordKey; nil is a record
	// without a key.
	Keys [][]byte
	// Kinds has the kind of each row, or is empty when all are insertions.
	Kinds []val.RowKind
	// Aside has for each record the values of the table's Aside columns, one
	// after the other.
	Aside []val.Datum
}

// len is the number of records.
func (r *Records) len() int { return max(r.Loaded, len(r.Values)) }

// ByteSource reads records of bytes, for a format to decode. It is used by one
// goroutine.
type ByteSource interface {
	stream.Opener
	stream.Closer
	// Poll fills r with up to limit records (more only where one fetched unit
	// cannot be split). It blocks like stream.Source's Poll and returns io.EOF
	// at the end of a bounded source.
	Poll(ctx context.Context, wake <-chan struct{}, r *Records, limit int) error
	// Snapshot and Restore handle the read positions, one list entry a split.
	Snapshot(s *state.Snapshot) error
	Restore(r *state.Restored) error
}

// Locator is a byte source that can say where a record of its last Poll lies; i
// is its number in that. It is asked when the record can't be decoded.
type Locator interface {
	Locate(i int, record []byte) string
}

// Splitter finds records in the bytes of a file; a format that can be read from
// files has a NewSplitter.
type Splitter interface {
	// Begin returns how many bytes at the beginning of a file belong to no
	// record, and false when data is too short to tell.
	Begin(data []byte, atEnd bool) (int, bool)
	// Next finds the record at the beginning of data and returns how many
	// bytes it takes; 0 means that more data is needed, or that there is none.
	// The record is nil where the bytes hold none.
	Next(data []byte, atEnd bool) (taken int, record []byte)
}

// LineSplitter finds the records of formats that have one in a line, which ends
// with \n or \r\n.
type LineSplitter struct{}

// Begin implements Splitter: a file holds nothing but records.
func (LineSplitter) Begin([]byte, bool) (int, bool) { return 0, true }

// Next implements Splitter.
func (LineSplitter) Next(data []byte, atEnd bool) (taken int, record []byte) {
	i := bytes.IndexByte(data, '\n')
	switch {
	case i < 0 && !atEnd || len(data) == 0:
		return 0, nil
	case i < 0:
		return len(data), data
	}
	line := bytes.TrimSuffix(data[:i], []byte{'\r'})
	return i + 1, line[:len(line):len(line)]
}

// Encoder writes rows as records of bytes. It is a Writer for the columns of one
// row; Record then returns its bytes, valid until the next call, and begins
// another row. The error is that of a row that the format can't hold.
type Encoder interface {
	val.Writer
	Record() ([]byte, error)
}

// ChangeEncoder is the encoder of a format of changes: what became of the row is
// told before its record is asked for.
type ChangeEncoder interface {
	Encoder
	Change(kind val.RowKind)
}

// Decoded is a stream.Source that decodes a byte source's records.
type Decoded[R any] struct {
	ByteSource
	// Decode turns one record into a row. It returns false for a record that
	// is dropped as malformed.
	Decode func(record []byte, row *R, arena *val.Arena) (bool, error)
	// Aside puts the values of columns that aren't in the record into the row;
	// it may be nil.
	Aside func(values []val.Datum, row *R) error
	// Key turns a record's key into columns of its row, before Decode does its
	// value, and returns false for one for which the record is dropped. It is nil
	// for records without keys.
	Key func(key []byte, row *R, arena *val.Arena) (bool, error)

	sub   *stream.Subtask
	pool  stream.Pool[R]
	recs  Records
	limit int64 // rows after which the source ends, or 0
	rows  int64 // since the start
}

// NewDecoded returns the source of one subtask, which ends after the table's
// limit.
func NewDecoded[R any](sub *stream.Subtask, t *Table, src ByteSource, decode func([]byte, *R, *val.Arena) (bool, error), aside func([]val.Datum, *R) error) *Decoded[R] {
	return &Decoded[R]{ByteSource: src, Decode: decode, Aside: aside, sub: sub, limit: t.Limit}
}

// Keyed returns the source with the decoding of keys.
func (d *Decoded[R]) Keyed(key func([]byte, *R, *val.Arena) (bool, error)) *Decoded[R] {
	d.Key = key
	return d
}

// Committed implements stream.CommitListener for the byte sources that do.
func (d *Decoded[R]) Committed(checkpoint int64) error {
	if l, ok := d.ByteSource.(stream.CommitListener); ok {
		return l.Committed(checkpoint)
	}
	return nil
}

// most is the number of records to ask for.
func (d *Decoded[R]) most() int {
	if d.limit == 0 {
		return d.sub.BatchSize
	}
	return int(min(d.limit-d.rows, int64(d.sub.BatchSize)))
}

// Poll implements stream.Source.
func (d *Decoded[R]) Poll(ctx context.Context, wake <-chan struct{}) (*stream.Batch[R], error) {
	d.recs.Values, d.recs.Keys, d.recs.Kinds, d.recs.Aside = d.recs.Values[:0], d.recs.Keys[:0], d.recs.Kinds[:0], d.recs.Aside[:0]
	d.recs.Arena, d.recs.Loaded = nil, 0
	if d.limit > 0 && d.rows >= d.limit {
		return nil, io.EOF
	}
	end := d.ByteSource.Poll(ctx, wake, &d.recs, d.most())
	n := d.recs.len()
	if n == 0 {
		d.recs.Arena.Release()
		return nil, end
	}
	b := d.pool.Get()
	b.Arena = d.recs.Arena
	malformed := 0
	for i := range n {
		if len(d.recs.Kinds) > 0 {
			b.Kinds = append(b.Kinds, d.recs.Kinds[i])
		}
		var rec []byte
		if d.recs.Loaded == 0 {
			rec = d.recs.Values[i]
		}
		keep, err := d.decode(i, rec, b.Add(), b.Arena)
		if err != nil {
			if l, ok := d.ByteSource.(Locator); ok {
				err = fmt.Errorf("%s: %w", l.Locate(i, rec), err)
			}
			return nil, err
		}
		if !keep {
			b.Drop()
			malformed++
		}
	}
	d.sub.Count.Read.Add(int64(n))
	d.sub.Count.Malformed.Add(int64(malformed))
	d.rows += int64(len(b.Rows))
	return b, end
}

// decode turns record i into a row; false stands for one that is dropped.
func (d *Decoded[R]) decode(i int, record []byte, row *R, arena *val.Arena) (bool, error) {
	if d.Key != nil {
		if keep, err := d.Key(d.recs.Keys[i], row, arena); err != nil || !keep {
			return false, err
		}
	}
	keep, err := d.Decode(record, row, arena)
	if err == nil && keep && d.Aside != nil {
		n := len(d.recs.Aside) / d.recs.len()
		err = d.Aside(d.recs.Aside[i*n:(i+1)*n], row)
	}
	return keep, err
}
