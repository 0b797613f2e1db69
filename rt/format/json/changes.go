package json

import (
	"fmt"

	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// changeOptions are what the formats of changes share.
type changeOptions struct {
	IgnoreParseErrors bool   `opt:"ignore-parse-errors" default:"false" doc:"Whether a bad field becomes NULL and a malformed message is dropped, instead of failing the job."`
	Timestamps        string `opt:"timestamp-format.standard" default:"SQL" enum:"SQL|ISO-8601" doc:"The form of TIMESTAMP and TIMESTAMP_LTZ, as of the format json."`
	NullKeys          string `opt:"map-null-key.mode" default:"FAIL" enum:"FAIL|DROP|LITERAL" doc:"What becomes of an entry whose key is NULL when a map is written, as of the format json."`
	NullKeyLiteral    string `opt:"map-null-key.literal" default:"null" doc:"The key in place of NULL."`
	PlainDecimals     bool   `opt:"encode.decimal-as-plain-number" default:"false" doc:"Whether DECIMAL is never written with an exponent."`
	IgnoreNulls       bool   `opt:"encode.ignore-null-fields" default:"false" doc:"Whether what is NULL is left out when a row is written."`
}

func (o *changeOptions) rows() Options {
	return Options{IgnoreParseErrors: o.IgnoreParseErrors, Timestamps: o.Timestamps, NullKeys: o.NullKeys, NullKeyLiteral: o.NullKeyLiteral,
		PlainDecimals: o.PlainDecimals, IgnoreNulls: o.IgnoreNulls}
}

type debeziumOptions struct {
	SchemaInclude bool `opt:"schema-include" default:"false" doc:"Whether a message holds its schema, and the change below payload."`
	changeOptions
}

type canalOptions struct {
	changeOptions
	Database string `opt:"database.include" doc:"A regular expression: only the changes of databases whose name matches it are read."`
	Table    string `opt:"table.include" doc:"A regular expression: only the changes of tables whose name matches it are read."`
}

type maxwellOptions struct{ changeOptions }

// The formats of changes: a message says what became of a row, and holds it.
var (
	Debezium = changesFormat("debezium-json", "Changes as Debezium captures them.", func() any { return &debeziumOptions{} })
	Canal    = changesFormat("canal-json", "Changes as Canal captures them.", func() any { return &canalOptions{} })
	Maxwell  = changesFormat("maxwell-json", "Changes as Maxwell captures them.", func() any { return &maxwellOptions{} })
)

func changesFormat(name, doc string, options func() any) conn.Format {
	return conn.Format{Name: name, Doc: doc, Package: Format.Package, Options: options, Check: checkChanges, Supports: supports, Changes: true}
}

// checkChanges compiles the patterns of canal-json.
func checkChanges(options any, _ *conn.Table) (errs []conn.OptionError) {
	o, ok := options.(*canalOptions)
	if !ok {
		return nil
	}
	for key, pattern := range map[string]string{"database.include": o.Database, "table.include": o.Table} {
		if _, err := namePattern(pattern); err != nil {
			errs = append(errs, conn.OptionError{Key: key, Kind: conn.BadValue, Message: fmt.Sprintf("%s: %v", key, err)})
		}
	}
	return errs
}

// format finds the format of a table among those of this package, and its
// parsed options.
func format(t *conn.Table) (f *conn.Format, options any, err error) {
	_, use := conn.SplitFormat(t.Options, conn.GenerationOf(t.Options))
	for _, f := range []*conn.Format{&Format, &Debezium, &Canal, &Maxwell} {
		if f.Name == use.Name {
			options := f.Options()
			errs := use.Parse(options)
			errs = append(errs, f.Check(options, t)...)
			return f, options, conn.Fatal(t.Name, errs)
		}
	}
	return nil, nil, fmt.Errorf("table %s: its format is %q, not json", t.Name, use.Name)
}

// rowOptions are the options by which the rows in records are read and written.
func rowOptions(options any) Options {
	switch o := options.(type) {
	case *debeziumOptions:
		return o.rows()
	case *canalOptions:
		return o.rows()
	case *maxwellOptions:
		return o.rows()
	}
	return *options.(*Options)
}

// frame is what stands before and behind the object of a row, by whether the
// change adds the row or takes it back.
type frame struct{ before, behind [2]string }

func frameOf(options any) *frame {
	switch o := options.(type) {
	case *debeziumOptions:
		if o.IgnoreNulls {
			return &frame{[2]string{`{"after":`, `{"before":`}, [2]string{`,"op":"c"}`, `,"op":"d"}`}}
		}
		return &frame{[2]string{`{"before":null,"after":`, `{"before":`}, [2]string{`,"op":"c"}`, `,"after":null,"op":"d"}`}}
	case *canalOptions:
		return &frame{[2]string{`{"data":[`, `{"data":[`}, [2]string{`],"type":"INSERT"}`, `],"type":"DELETE"}`}}
	case *maxwellOptions:
		return &frame{[2]string{`{"data":`, `{"data":`}, [2]string{`,"type":"insert"}`, `,"type":"delete"}`}}
	}
	return nil
}

// changeWriter encodes what became of one row at a time.
type changeWriter struct {
	*Writer
	frame *frame
	taken int // 1 if the row is taken back
	whole []byte
}

var _ conn.ChangeEncoder = (*changeWriter)(nil)

// Change implements conn.ChangeEncoder. What an update replaces goes, and what it
// brings comes to be.
func (w *changeWriter) Change(kind val.RowKind) {
	w.taken = 0
	if !kind.Adds() {
		w.taken = 1
	}
}

// Record implements conn.Encoder.
func (w *changeWriter) Record() ([]byte, error) {
	object, err := w.Writer.Record()
	w.whole = append(append(append(w.whole[:0], w.frame.before[w.taken]...), object...), w.frame.behind[w.taken]...)
	return w.whole, err
}
