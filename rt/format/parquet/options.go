// Package parquet declares the format of Apache Parquet; its files are read and
// written by package parquetio.
package parquet

import (
	"fmt"
	"slices"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/conn"
)

// Options are the options of the format, without their prefix ("parquet.").
type Options struct {
	UTC       bool              `opt:"utc-timezone" default:"false" doc:"Whether timestamps are in UTC, rather than in the machine's time zone."`
	TimeUnit  string            `opt:"timestamp.time.unit" default:"micros" enum:"nanos|micros|millis" doc:"The unit of timestamps of 64 bits."`
	Int64Time bool              `opt:"write.int64.timestamp" default:"false" doc:"Whether timestamps are written with 64 bits, rather than 96."`
	BatchSize int               `opt:"batch-size" default:"2048" ignored:"as many rows are read at once as are passed on" doc:"How many rows are read at once."`
	Others    map[string]string `opt:"*" doc:"Properties of the writer: compression, block.size, page.size, enable.dictionary."`
}

// Format declares the format.
var Format = conn.Format{
	Name:     "parquet",
	Doc:      "Files of Apache Parquet: only the columns that a query needs are read.",
	Package:  "pyfc/rt/format/parquet/parquetio",
	Options:  func() any { return new(Options) },
	Check:    check,
	Supports: supports,
	Files:    true,
}

func check(options any, t *conn.Table) (errs []conn.OptionError) {
	if conn.GenerationOf(t.Options) == conn.Legacy {
		errs = append(errs, conn.OptionError{Kind: conn.Unfit, Message: "the format parquet is none of the legacy connectors'"})
	}
	_, faults := options.(*Options).Settings()
	return append(errs, faults...)
}

// supports reports whether columns of a type can be read and written.
func supports(t types.Type) bool {
	return t.Kind != types.Null && !t.Interval() && !slices.ContainsFunc(t.Elems, func(e types.Type) bool { return !supports(e) })
}

// Parse parses the options of a table's format, and checks them as the compiler did.
func Parse(t *conn.Table) (*Options, error) {
	o := new(Options)
	_, use := conn.SplitFormat(t.Options, conn.GenerationOf(t.Options))
	if use.Name != Format.Name {
		return nil, fmt.Errorf("table %s: its format is %q, not parquet", t.Name, use.Name)
	}
	return o, conn.Fatal(t.Name, append(use.Parse(o), check(o, t)...))
}

// Zone is the zone of the timestamps in files.
func (o *Options) Zone() *time.Location {
	if o.UTC {
		return time.UTC
	}
	return time.Local
}
