// Package kafka reads topics of Apache Kafka: it fetches record sets over
// kafka-go's protocol package and decodes the batches itself, so that values
// are views of the fetched bytes and transactions are honoured.
package kafka

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pyfc/rt/conn"
)

// Options are the options of a Kafka table, in both generations.
type Options struct {
	Connector       string            `opt:"connector" doc:"kafka"`
	Type            string            `legacy:"connector.type" doc:"kafka"`
	Version         string            `legacy:"connector.version" enum:"universal|0.8|0.9|0.10|0.11" doc:"The version of Kafka; all are spoken to alike."`
	PropertyVersion string            `legacy:"connector.property-version" enum:"1" doc:"The version of these options."`
	UpdateMode      string            `legacy:"update-mode" enum:"append" doc:"How changes are written: a topic only takes insertions."`
	Topics          []string          `opt:"topic" legacy:"connector.topic" doc:"The topics to read, separated by a semicolon, or the one to write."`
	Pattern         string            `opt:"topic-pattern" doc:"A regular expression: all topics whose whole name matches are read."`
	Servers         []string          `opt:"properties.bootstrap.servers" legacy:"connector.properties.bootstrap.servers" required:"true" sep:"," doc:"The brokers to ask for the others, as host:port, separated by commas."`
	Group           string            `opt:"properties.group.id" legacy:"connector.properties.group.id" doc:"The consumer group, whose offsets are kept."`
	Properties      map[string]string `opt:"properties.*" legacy:"connector.properties.*" doc:"Settings of Kafka's own clients."`

	Format        string   `opt:"format" doc:"The format of the values."`
	KeyFormat     string   `opt:"key.format" planned:"reading the keys of messages" doc:"The format of the keys."`
	KeyFields     []string `opt:"key.fields" planned:"reading the keys of messages" doc:"The columns that are in the key."`
	KeyPrefix     string   `opt:"key.fields-prefix" planned:"reading the keys of messages" doc:"What the names of key columns begin with."`
	ValueFormat   string   `opt:"value.format" doc:"The format of the values."`
	FieldsInclude string   `opt:"value.fields-include" default:"ALL" enum:"ALL|EXCEPT_KEY" doc:"Whether key columns are in the value too."`

	Startup         string        `opt:"scan.startup.mode" legacy:"connector.startup-mode" default:"group-offsets" enum:"group-offsets|earliest-offset|latest-offset|timestamp|specific-offsets" doc:"Where reading begins."`
	StartOffsets    string        `opt:"scan.startup.specific-offsets" legacy:"connector.specific-offsets" doc:"The offsets to begin at: partition:0,offset:42;partition:1,offset:300."`
	StartTimestamp  *int64        `opt:"scan.startup.timestamp-millis" legacy:"connector.startup-timestamp-millis" doc:"The time to begin at, in milliseconds since the epoch."`
	Bounded         string        `opt:"scan.bounded.mode" default:"unbounded" enum:"unbounded|latest-offset|group-offsets|timestamp|specific-offsets" doc:"Where reading ends."`
	StopOffsets     string        `opt:"scan.bounded.specific-offsets" doc:"The offsets to end before: partition:0,offset:42;partition:1,offset:300."`
	StopTimestamp   *int64        `opt:"scan.bounded.timestamp-millis" doc:"The time to end before, in milliseconds since the epoch."`
	Discovery       time.Duration `opt:"scan.topic-partition-discovery.interval" default:"5 min" legacydefault:"5 min" doc:"How often new partitions are looked for; 0 never does."`
	ScanParallelism *int          `opt:"scan.parallelism" doc:"The number of subtasks that read."`

	Partitioner      string `opt:"sink.partitioner" legacy:"connector.sink-partitioner" default:"default" doc:"How rows are dealt out to the partitions that are written."`
	PartitionerClass string `legacy:"connector.sink-partitioner-class" doc:"A Java class that does it."`
	Semantic         string `opt:"sink.semantic" enum:"at-least-once|exactly-once|none" doc:"Deprecated: see sink.delivery-guarantee."`
	Guarantee        string `opt:"sink.delivery-guarantee" default:"at-least-once" enum:"at-least-once|exactly-once|none" doc:"Whether a row may be written twice."`
	TransactionalID  string `opt:"sink.transactional-id-prefix" doc:"What the names of transactions begin with."`
	SinkParallelism  *int   `opt:"sink.parallelism" doc:"The number of subtasks that write."`
}

// Connector declares the connector.
var Connector = conn.Connector{
	SinkPlanned: true,
	Name:        "kafka",
	LegacyTypes: []string{"kafka"},
	Doc:         "Reads the values of the messages in topics of Apache Kafka.",
	Package:     "pyfc/rt/conn/kafka",
	Source:      true,
	Bytes:       true,
	Metadata:    func(any) []conn.Metadata { return messageMetadata },
	Options:     func() any { return &Options{} },
	Check:       func(options any, t *conn.Table) []conn.OptionError { return options.(*Options).check(t) },
	CheckSource: func(options any, t *conn.Table) []conn.OptionError { return options.(*Options).checkSource(t) },
}

// messageMetadata are what messages have beside their values.
var messageMetadata = []conn.Metadata{
	{Key: "topic", Type: "STRING NOT NULL", Readable: true, Planned: true, Doc: "The topic."},
	{Key: "partition", Type: "INT NOT NULL", Readable: true, Planned: true, Doc: "The partition."},
	{Key: "headers", Type: "MAP<STRING NOT NULL, BYTES NOT NULL> NOT NULL", Readable: true, Writable: true, Planned: true, Doc: "The headers."},
	{Key: "leader-epoch", Type: "INT", Readable: true, Planned: true, Doc: "The epoch of the partition's leader."},
	{Key: "offset", Type: "BIGINT NOT NULL", Readable: true, Planned: true, Doc: "The offset within the partition."},
	{Key: "timestamp", Type: "TIMESTAMP_LTZ(3) NOT NULL", Readable: true, Writable: true, Planned: true, Doc: "The time of the message."},
	{Key: "timestamp-type", Type: "STRING NOT NULL", Readable: true, Planned: true, Doc: "Whose time that is: CreateTime, LogAppendTime or NoTimestampType."},
}

// parse reads the options of a table and checks them as the compiler did.
func parse(t *conn.Table) (*Options, error) {
	own, _ := conn.SplitFormat(t.Options, conn.GenerationOf(t.Options))
	o := &Options{}
	errs := conn.Parse(own, o, conn.GenerationOf(t.Options))
	return o, conn.Fatal(t.Name, slices.Concat(errs, o.check(t), o.checkSource(t)))
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
	return errs
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
