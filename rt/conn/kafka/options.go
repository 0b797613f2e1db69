// Package kafka reads and writes topics of Apache Kafka: it exchanges record sets
// with brokers over kafka-go's protocol package, and decodes and encodes batches
// itself, so that values are views of the fetched bytes, transactions are honoured
// and rows are written without an allocation.
package kafka

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// Options are the options of a table of connector kafka, in both generations.
type Options struct {
	Connector       string   `opt:"connector" doc:"kafka"`
	Type            string   `legacy:"connector.type" doc:"kafka"`
	Version         string   `legacy:"connector.version" enum:"universal|0.8|0.9|0.10|0.11" doc:"The version of Kafka; all are spoken to alike."`
	PropertyVersion string   `legacy:"connector.property-version" enum:"1" doc:"The version of these options."`
	UpdateMode      string   `legacy:"update-mode" enum:"append" doc:"How changes are written: a topic only takes insertions."`
	Topics          []string `opt:"topic" legacy:"connector.topic" doc:"The topics to read, separated by a semicolon, or the one to write."`
	Pattern         string   `opt:"topic-pattern" doc:"A regular expression: all topics whose whole name matches are read."`
	common

	Format    string   `opt:"format" doc:"The format of the values."`
	KeyFields []string `opt:"key.fields" doc:"The columns that are in the key."`

	Startup        string        `opt:"scan.startup.mode" legacy:"connector.startup-mode" default:"group-offsets" enum:"group-offsets|earliest-offset|latest-offset|timestamp|specific-offsets" doc:"Where reading begins."`
	StartOffsets   string        `opt:"scan.startup.specific-offsets" legacy:"connector.specific-offsets" doc:"The offsets to begin at: partition:0,offset:42;partition:1,offset:300."`
	StartTimestamp *int64        `opt:"scan.startup.timestamp-millis" legacy:"connector.startup-timestamp-millis" doc:"The time to begin at, in milliseconds since the epoch."`
	Discovery      time.Duration `opt:"scan.topic-partition-discovery.interval" default:"5 min" legacydefault:"5 min" doc:"How often new partitions are looked for; 0 never does."`

	Partitioner      string `opt:"sink.partitioner" legacy:"connector.sink-partitioner" default:"default" doc:"How rows are dealt out to the partitions that are written: default and round-robin go by the key's hash, or where there is none to one partition after the other, a batch at a time; fixed gives each subtask one partition."`
	PartitionerClass string `legacy:"connector.sink-partitioner-class" planned:"a partitioner in Java" doc:"A Java class that does it."`
	Semantic         string `opt:"sink.semantic" enum:"at-least-once|exactly-once|none" doc:"Deprecated: see sink.delivery-guarantee."`

	upsert *UpsertOptions // of connector upsert-kafka that these options stand for
}

// common are the options that kafka and upsert-kafka have in common.
type common struct {
	Servers    []string          `opt:"properties.bootstrap.servers" legacy:"connector.properties.bootstrap.servers" required:"true" sep:"," doc:"The brokers to ask for the others, as host:port, separated by commas."`
	Group      string            `opt:"properties.group.id" legacy:"connector.properties.group.id" doc:"The consumer group, whose offsets are kept."`
	Properties map[string]string `opt:"properties.*" legacy:"connector.properties.*" doc:"Settings of Kafka's own clients."`

	KeyFormat     string `opt:"key.format" doc:"The format of the keys."`
	KeyPrefix     string `opt:"key.fields-prefix" doc:"What the names of key columns begin with, and those in the key don't."`
	ValueFormat   string `opt:"value.format" doc:"The format of the values."`
	FieldsInclude string `opt:"value.fields-include" default:"ALL" enum:"ALL|EXCEPT_KEY" doc:"Whether key columns are in the value too."`

	Bounded         string `opt:"scan.bounded.mode" default:"unbounded" enum:"unbounded|latest-offset|group-offsets|timestamp|specific-offsets" doc:"Where reading ends."`
	StopOffsets     string `opt:"scan.bounded.specific-offsets" doc:"The offsets to end before: partition:0,offset:42;partition:1,offset:300."`
	StopTimestamp   *int64 `opt:"scan.bounded.timestamp-millis" doc:"The time to end before, in milliseconds since the epoch."`
	ScanParallelism *int   `opt:"scan.parallelism" doc:"The number of subtasks that read."`

	Guarantee       string `opt:"sink.delivery-guarantee" default:"at-least-once" enum:"at-least-once|exactly-once|none" doc:"Whether a row may be written twice. What none allows to be lost isn't, either."`
	TransactionalID string `opt:"sink.transactional-id-prefix" doc:"What the names of transactions begin with."`
	SinkParallelism *int   `opt:"sink.parallelism" ignored:"the sink runs with the job's parallelism" doc:"The number of subtasks that write."`
}

// Connector declares the connector.
var Connector = conn.Connector{
	Name:        "kafka",
	LegacyTypes: []string{"kafka"},
	Doc:         "Reads the messages in topics of Apache Kafka, and writes rows as messages.",
	Package:     "pyfc/rt/conn/kafka",
	Source:      true,
	Sink:        true,
	AllTypes:    true,
	Bytes:       true,
	Metadata:    func(any) []conn.Metadata { return messageMetadata },
	RecordKey:   func(options any, t *conn.Table) conn.RecordKey { return options.(*Options).recordKey(t) },
	Options:     func() any { return &Options{} },
	Check:       func(options any, t *conn.Table) []conn.OptionError { return options.(*Options).check(t) },
	Links:       links,
	Bounded:     func(options any) bool { return options.(*Options).Bounded != "unbounded" },
	CheckSource: func(options any, t *conn.Table) []conn.OptionError { return options.(*Options).checkSource(t) },
	CheckSink:   func(options any, t *conn.Table) []conn.OptionError { return options.(*Options).checkSink(t) },
}

// parse reads the options of a table and checks them as the compiler did; role
// is the check for what the table is used as.
func parse(t *conn.Table, role func(*Options, *conn.Table) []conn.OptionError) (*Options, error) {
	if t.Options["connector"] == upsertName {
		return parseUpsert(t, role)
	}
	own, _ := conn.SplitFormat(t.Options, conn.GenerationOf(t.Options))
	o := &Options{}
	errs := conn.Parse(own, o, conn.GenerationOf(t.Options))
	return o, conn.Fatal(t.Name, slices.Concat(errs, o.check(t), role(o, t)))
}

// checkSource looks at where reading begins and ends: offsets of a group need
// one. A sink has no use for them.
func (o *Options) checkSource(t *conn.Table) []conn.OptionError {
	if conn.GenerationOf(t.Options) != conn.Modern || o.Group != "" || o.Startup != "group-offsets" && o.Bounded != "group-offsets" {
		return nil
	}
	return []conn.OptionError{{Key: "properties.group.id", Kind: conn.MissingOption, Message: fmt.Sprintf(
		"Property group.id is required when offsets are those of a group (scan.startup.mode is %s)", o.Startup)}}
}

// check looks at what the single options can't tell.
func (o *Options) check(t *conn.Table) (errs []conn.OptionError) {
	gen := conn.GenerationOf(t.Options)
	fault := func(kind conn.OptionFault, key, format string, args ...any) {
		if gen == conn.Legacy {
			key = legacyKey(key)
		}
		errs = append(errs, conn.OptionError{Key: key, Kind: kind, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case len(o.Topics) == 0 && o.Pattern == "":
		fault(conn.MissingOption, "topic", "a Kafka table needs a topic")
	case len(o.Topics) > 0 && o.Pattern != "":
		fault(conn.BadValue, "topic-pattern", "topic and topic-pattern exclude each other")
	case o.Pattern != "":
		if _, err := regexp.Compile(o.Pattern); err != nil {
			fault(conn.BadValue, "topic-pattern", "topic-pattern: %v", err)
		}
	}
	point := func(mode, timestampKey string, timestamp *int64, offsetsKey, offsets string) {
		switch {
		case mode == "timestamp" && timestamp == nil:
			fault(conn.MissingOption, timestampKey, "the mode timestamp needs %s", timestampKey)
		case mode == "specific-offsets" && offsets == "":
			fault(conn.MissingOption, offsetsKey, "the mode specific-offsets needs %s", offsetsKey)
		case mode == "specific-offsets" && (len(o.Topics) > 1 || o.Pattern != ""):
			fault(conn.BadValue, offsetsKey, "specific offsets are only possible for a single topic")
		case offsets != "":
			if _, err := parseOffsets(offsets); err != nil {
				fault(conn.BadValue, offsetsKey, "%s: %v", offsetsKey, err)
			}
		}
	}
	point(o.Startup, "scan.startup.timestamp-millis", o.StartTimestamp, "scan.startup.specific-offsets", o.StartOffsets)
	point(o.Bounded, "scan.bounded.timestamp-millis", o.StopTimestamp, "scan.bounded.specific-offsets", o.StopOffsets)
	_, faults := o.client()
	for _, f := range faults {
		fault(f.Kind, "properties."+f.Key, "%s", f.Message)
	}
	if gen == conn.Modern {
		errs = append(errs, o.checkKey(t)...)
	}
	return errs
}

// checkSink looks at how rows are written.
func (o *Options) checkSink(t *conn.Table) (errs []conn.OptionError) {
	gen := conn.GenerationOf(t.Options)
	fault := func(kind conn.OptionFault, key, format string, args ...any) {
		if gen == conn.Legacy {
			key = legacyKey(key)
		}
		errs = append(errs, conn.OptionError{Key: key, Kind: kind, Message: fmt.Sprintf(format, args...)})
	}
	switch strings.ToLower(o.Partitioner) {
	case "default", "fixed":
	case "round-robin":
		if len(o.KeyFields) > 0 {
			fault(conn.BadValue, "sink.partitioner", "the partitioner round-robin only works without key.fields")
		}
	default:
		fault(conn.Planned, "sink.partitioner", "sink.partitioner: the Java class %s isn't run; default, fixed and round-robin are", o.Partitioner)
	}
	if o.Guarantee == "exactly-once" || o.Semantic == "exactly-once" {
		key := "sink.delivery-guarantee"
		if o.Guarantee != "exactly-once" {
			key = "sink.semantic"
		}
		if o.TransactionalID == "" {
			fault(conn.MissingOption, "sink.transactional-id-prefix", "sink.transactional-id-prefix must be given with exactly-once")
		}
		fault(conn.Planned, key, "%s: writing in transactions isn't supported yet; at-least-once is", key)
	}
	switch {
	case o.Pattern != "":
		fault(conn.BadValue, "topic-pattern", "topic-pattern: a sink writes to one topic, which the option topic names")
	case len(o.Topics) > 1:
		fault(conn.BadValue, "topic", "topic: a sink writes to one topic, not to %d", len(o.Topics))
	}
	if o.upsert != nil {
		errs = append(errs, o.upsert.checkGathering()...)
	}
	return errs
}

// checkKey looks at what the keys of messages hold.
func (o *Options) checkKey(t *conn.Table) (errs []conn.OptionError) {
	fault := func(key, format string, args ...any) {
		errs = append(errs, conn.OptionError{Key: key, Kind: conn.BadValue, Message: fmt.Sprintf(format, args...)})
	}
	if t.Changes && t.Options["connector"] == upsertName {
		fault("value.format", "connector upsert-kafka can't have a format of changes for its values: a message is the row that a key has now")
	}
	if t.Declared && !t.Changes && t.Options["connector"] != upsertName {
		fault("format", "a table of connector kafka can't have a PRIMARY KEY: its messages are insertions, which nothing keeps from having one key; upsert-kafka reads and writes changes by key")
	}
	switch {
	case o.KeyFormat == "" && len(o.KeyFields) > 0:
		fault("key.fields", "key.fields can only be given with key.format")
	case o.KeyFormat != "" && len(o.KeyFields) == 0:
		fault("key.format", "key.format needs the columns that are in the key: key.fields")
	}
	for _, name := range o.KeyFields {
		i := column(t, name)
		switch {
		case i < 0:
			var names []string
			for _, c := range t.Columns {
				if !c.Metadata {
					names = append(names, c.Name)
				}
			}
			fault("key.fields", "key.fields: the table has no column %s of its messages; it has %s", name, strings.Join(names, ", "))
		case !strings.HasPrefix(name, o.KeyPrefix):
			fault("key.fields-prefix", "all key.fields must begin with key.fields-prefix %s, and %s doesn't", o.KeyPrefix, name)
		}
	}
	if o.KeyPrefix != "" && o.FieldsInclude == "ALL" {
		fault("key.fields-prefix", "key.fields-prefix can't be given where key columns are in the value, too: value.fields-include is ALL, and EXCEPT_KEY would do")
	}
	return errs
}

// column finds a column of the messages by name; -1 if there is none.
func column(t *conn.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c val.Column) bool { return c.Name == name && !c.Metadata })
}

// recordKey says which columns the keys of messages hold.
func (o *Options) recordKey(t *conn.Table) conn.RecordKey {
	key := conn.RecordKey{Apart: o.FieldsInclude == "EXCEPT_KEY", Prefix: o.KeyPrefix}
	for _, name := range o.KeyFields {
		key.Columns = append(key.Columns, column(t, name))
	}
	return key
}

// legacyKey is the legacy spelling of a modern key.
func legacyKey(key string) string {
	for _, d := range conn.Describe(&Options{}) {
		if d.Key == key {
			return d.Legacy
		}
	}
	return "connector." + key
}

// parseOffsets reads "partition:0,offset:42;partition:1,offset:300".
func parseOffsets(text string) (map[int32]int64, error) {
	out := map[int32]int64{}
	for pair := range strings.SplitSeq(strings.TrimSuffix(text, ";"), ";") {
		p, o, ok := strings.Cut(pair, ",")
		ps, okP := strings.CutPrefix(strings.TrimSpace(p), "partition:")
		os, okO := strings.CutPrefix(strings.TrimSpace(o), "offset:")
		partition, errP := strconv.ParseInt(ps, 10, 32)
		offset, errO := strconv.ParseInt(os, 10, 64)
		if !ok || !okP || !okO || errP != nil || errO != nil || partition < 0 || offset < 0 {
			return nil, fmt.Errorf("%q is not of the form partition:0,offset:42", pair)
		}
		out[int32(partition)] = offset
	}
	return out, nil
}
