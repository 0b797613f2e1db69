package kafka

import (
	"slices"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// UpsertOptions are the options of a table of connector upsert-kafka.
type UpsertOptions struct {
	Connector string   `opt:"connector" required:"true" doc:"upsert-kafka"`
	Topics    []string `opt:"topic" required:"true" doc:"The topics to read, separated by a semicolon, or the one to write."`
	common

	FlushRows     int           `opt:"sink.buffer-flush.max-rows" default:"0" doc:"The changes, of whatever keys, after which the last of each key is written; 0 writes all changes."`
	FlushInterval time.Duration `opt:"sink.buffer-flush.interval" default:"0" doc:"How long a change may wait for others of its key; 0 writes all changes. Checkpoints and the end write what waits anyway."`
}

const upsertName = "upsert-kafka"

// Upsert declares the connector upsert-kafka.
var Upsert = conn.Connector{
	Name:      upsertName,
	Doc:       "Reads and writes the changes of a table by its primary key, which is the key of messages in topics of Apache Kafka; one without a value deletes.",
	Package:   "pyfc/rt/conn/kafka",
	Source:    true,
	Sink:      true,
	AllTypes:  true,
	Updates:   true,
	NeedsKey:  true,
	Bytes:     true,
	Links:     links,
	Bounded:   func(options any) bool { return options.(*UpsertOptions).Bounded != "unbounded" },
	Changelog: func(any) []val.RowKind { return []val.RowKind{val.Insert, val.UpdateAfter, val.Delete} },
	Metadata:  func(any) []conn.Metadata { return messageMetadata },
	RecordKey: func(options any, t *conn.Table) conn.RecordKey {
		key := options.(*UpsertOptions).asOptions(t).recordKey(t)
		key.Tombstones = true
		return key
	},
	Options: func() any { return &UpsertOptions{} },
	Check:   func(options any, t *conn.Table) []conn.OptionError { return options.(*UpsertOptions).check(t) },
	CheckSource: func(options any, t *conn.Table) []conn.OptionError {
		return options.(*UpsertOptions).asOptions(t).checkSource(t)
	},
	CheckSink: func(options any, t *conn.Table) []conn.OptionError {
		return options.(*UpsertOptions).asOptions(t).checkSink(t)
	},
}

// asOptions are the options of the table of connector kafka that has the same
// messages: keys hold the primary key, and reading begins with the first message.
func (u *UpsertOptions) asOptions(t *conn.Table) *Options {
	o := &Options{Topics: u.Topics, common: u.common, Startup: "earliest-offset", Discovery: 5 * time.Minute, Partitioner: "default", upsert: u}
	for _, i := range t.Key {
		o.KeyFields = append(o.KeyFields, t.Columns[i].Name)
	}
	if t.Key == nil { // at start
		for _, i := range t.RecordKey.Columns {
			o.KeyFields = append(o.KeyFields, t.Columns[i].Name)
		}
	}
	return o
}

func parseUpsert(t *conn.Table, role func(*Options, *conn.Table) []conn.OptionError) (*Options, error) {
	own, _ := conn.SplitFormat(t.Options, conn.Modern)
	u := &UpsertOptions{}
	errs := conn.Parse(own, u, conn.Modern)
	o := u.asOptions(t)
	return o, conn.Fatal(t.Name, slices.Concat(errs, u.check(t), role(o, t)))
}

// check looks at what the single options can't tell.
func (u *UpsertOptions) check(t *conn.Table) []conn.OptionError {
	missing := func(key, message string) []conn.OptionError {
		return []conn.OptionError{{Key: key, Kind: conn.MissingOption, Message: message}}
	}
	o := u.asOptions(t)
	switch {
	case len(o.KeyFields) == 0:
		return []conn.OptionError{{Key: "connector", Kind: conn.BadValue, Message: "a table of connector upsert-kafka needs a PRIMARY KEY, whose columns are the key of its messages",
			Hint: "add PRIMARY KEY (…) NOT ENFORCED to the table"}}
	case u.KeyFormat == "":
		return missing("key.format", "the option key.format is required")
	case u.ValueFormat == "":
		return missing("value.format", "the option value.format is required")
	}
	return o.check(t)
}

// checkGathering looks at how changes are gathered.
func (u *UpsertOptions) checkGathering() (errs []conn.OptionError) {
	fault := func(key, message string) {
		errs = append(errs, conn.OptionError{Key: key, Kind: conn.BadValue, Message: message})
	}
	const rows, interval = "sink.buffer-flush.max-rows", "sink.buffer-flush.interval"
	switch {
	case u.FlushRows < 0:
		fault(rows, rows+" is negative")
	case (u.FlushRows > 0) != (u.FlushInterval > 0):
		fault(rows, rows+" and "+interval+" must both be greater than zero for changes to be gathered, or both zero")
	}
	return errs
}
