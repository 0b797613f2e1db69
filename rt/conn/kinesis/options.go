// Package kinesis declares the connector of Amazon Kinesis; package kinesisio reads
// and writes its data streams.
package kinesis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon"
	"pyfc/rt/javatime"
)

// Options are the options of a table of connector kinesis: those of version 5 of
// Flink's connector and, as other names, those of the versions before.
type Options struct {
	Connector string `opt:"connector" required:"true" doc:"kinesis, or kinesis-legacy."`
	ARN       string `opt:"stream.arn" doc:"The resource name of the stream."`
	Stream    string `opt:"stream" doc:"The name of the stream; stream.arn in later versions of the connector."`
	Format    string `opt:"format" required:"true" doc:"The format of the records."`
	amazon.Options

	Start         string        `opt:"source.init.position" fallback:"scan.stream.initpos" default:"LATEST" enum:"LATEST|TRIM_HORIZON|AT_TIMESTAMP" doc:"Where reading begins: behind all records, before all, or at a time."`
	Timestamp     string        `opt:"source.init.timestamp" fallback:"scan.stream.initpos-timestamp" doc:"The time to begin at, in its format or as seconds since the epoch."`
	TimeFormat    string        `opt:"source.init.timestamp.format" fallback:"scan.stream.initpos-timestamp-format" default:"yyyy-MM-dd'T'HH:mm:ss.SSSXXX" doc:"The form of that time, a pattern of Java's SimpleDateFormat."`
	Discovery     time.Duration `opt:"source.shard.discovery.interval" fallback:"scan.shard.discovery.intervalmillis" default:"10s" doc:"How often new shards are looked for."`
	Reader        string        `opt:"source.reader.type" fallback:"scan.stream.recordpublisher" default:"POLLING" enum:"POLLING|EFO" doc:"How shards are read."`
	MaxRecords    int           `opt:"source.shard.get-records.max-record-count" fallback:"scan.shard.getrecords.maxrecordcount" default:"10000" doc:"How many records a fetch asks for."`
	EmptyPause    time.Duration `opt:"source.reader.empty-records-fetch-interval" default:"250ms" doc:"The pause after a fetch without records."`
	Pause         time.Duration `opt:"source.reader.nonempty-records-fetch-interval" default:"0ms" doc:"The pause after a fetch with records."`
	FetchInterval *int64        `opt:"scan.shard.getrecords.intervalmillis" doc:"Both pauses, in milliseconds, by an older name."`
	BackoffBase   int64         `opt:"scan.shard.getrecords.backoff.base" default:"300" doc:"The first pause after a failed fetch, in milliseconds."`
	BackoffMax    int64         `opt:"scan.shard.getrecords.backoff.max" default:"1000" doc:"The longest one."`

	// What the source does without, or in its own way.
	Retries  string            `opt:"scan.shard.getrecords.maxretries" ignored:"a fetch is tried until Kinesis answers" doc:"How often a fetch is tried."`
	Iterator string            `opt:"scan.shard.getiterator.maxretries" ignored:"it is tried until Kinesis answers" doc:"How often the beginning of a shard is looked for."`
	Growth   string            `opt:"scan.shard.getrecords.backoff.expconst" ignored:"each pause is twice the one before" doc:"How much longer each pause is."`
	Assigner string            `opt:"scan.shard-assigner" ignored:"shards fall to the subtasks in turn" doc:"Which subtask reads a shard."`
	Adaptive string            `opt:"scan.shard.adaptivereads" ignored:"every fetch asks for as many records" doc:"Whether fetches ask for as many records as are taken."`
	Source   map[string]string `opt:"source.*" ignored:"it isn't known" doc:"Further options of the source in Java."`
	Scan     map[string]string `opt:"scan.*" ignored:"this source does without it" doc:"Further options of the older source in Java, which tune its client."`
	Shard    map[string]string `opt:"shard.*" ignored:"the exceptions of Java's client don't occur" doc:"Errors after which the older source goes on."`
	EFO      map[string]string `opt:"source.efo.*" doc:"Options of the reader EFO."`

	Partitioner string `opt:"sink.partitioner" doc:"How rows are dealt out to the shards of a table without PARTITIONED BY: fixed gives each subtask one shard, random is the default."`
	Delimiter   string `opt:"sink.partitioner-field-delimiter" default:"|" doc:"What stands between the columns of PARTITIONED BY in a partition key."`
	amazon.Gathering
	Producer map[string]string `opt:"sink.producer.*" ignored:"it is for the producer of an older connector" doc:"Further options of the older sink."`
}

// Connector declares the connector, Legacy its older name beside version 5.
var (
	Connector = declare("kinesis")
	Legacy    = declare("kinesis-legacy")
)

func declare(name string) conn.Connector {
	return conn.Connector{
		Name:        name,
		Doc:         "Reads the records of data streams of Amazon Kinesis, and writes rows as records.",
		Package:     "pyfc/rt/conn/kinesis/kinesisio",
		Source:      true,
		Sink:        true,
		AllTypes:    true,
		Bytes:       true,
		Metadata:    func(any) []conn.Metadata { return recordMetadata },
		Options:     func() any { return &Options{} },
		Check:       func(options any, t *conn.Table) []conn.OptionError { return options.(*Options).check() },
		CheckSource: func(options any, t *conn.Table) []conn.OptionError { return options.(*Options).checkSource(t) },
		CheckSink:   func(options any, t *conn.Table) []conn.OptionError { return options.(*Options).checkSink(t) },
	}
}

// recordMetadata are what records have beside their data.
var recordMetadata = []conn.Metadata{
	{Key: "timestamp", Type: "TIMESTAMP_LTZ(3) NOT NULL", Readable: true, Doc: "When the stream took the record, approximately."},
	{Key: "shard-id", Type: "VARCHAR(128) NOT NULL", Readable: true, Doc: "The shard."},
	{Key: "sequence-number", Type: "VARCHAR(128) NOT NULL", Readable: true, Doc: "The record's number within the shard."},
}

// ParseSource reads the options of a table that is read, and checks them as the
// compiler did.
func ParseSource(t *conn.Table) (*Options, error) { return parse(t, (*Options).checkSource) }

// ParseSink is ParseSource for a table that is written.
func ParseSink(t *conn.Table) (*Options, error) { return parse(t, (*Options).checkSink) }

func parse(t *conn.Table, role func(*Options, *conn.Table) []conn.OptionError) (*Options, error) {
	own, _ := conn.SplitFormat(t.Options, conn.Modern)
	o := &Options{}
	errs := conn.Parse(own, o, conn.Modern)
	return o, conn.Fatal(t.Name, slices.Concat(errs, o.check(), role(o, t)))
}

// check looks at what the single options can't tell.
func (o *Options) check() (errs []conn.OptionError) {
	fault := func(kind conn.OptionFault, key, format string, args ...any) {
		errs = append(errs, conn.OptionError{Key: key, Kind: kind, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case o.ARN == "" && o.Stream == "":
		fault(conn.MissingOption, "stream.arn", "a Kinesis table needs the resource name of a stream, stream.arn, or its name: stream")
	case o.ARN != "" && o.Stream != "":
		fault(conn.BadValue, "stream", "stream and stream.arn exclude each other")
	case o.ARN != "" && !namesStream(o.ARN):
		fault(conn.BadValue, "stream.arn", "stream.arn: %q is not of the form arn:aws:kinesis:us-east-1:012345678901:stream/name", o.ARN)
	}
	if o.Region == "" && (o.ARN != "" || o.Endpoint == "") {
		fault(conn.MissingOption, "aws.region", "the option aws.region is required: the region of the stream")
	}
	return slices.Concat(errs, o.Options.Check())
}

// namesStream reports whether a resource name is that of a data stream. As for
// Amazon's SDK, partition, region and account may be anything.
func namesStream(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && parts[2] == "kinesis" && strings.HasPrefix(parts[5], "stream/")
}

// checkSource looks at how the stream is read.
func (o *Options) checkSource(t *conn.Table) (errs []conn.OptionError) {
	// The message begins by the key, as the script spells it.
	fault := func(kind conn.OptionFault, key, format string, args ...any) {
		key = conn.Spelled(t.Options, o, key)
		errs = append(errs, conn.OptionError{Key: key, Kind: kind, Message: key + ": " + fmt.Sprintf(format, args...)})
	}
	if o.Reader == "EFO" {
		fault(conn.Planned, "source.reader.type", "reading by a registered consumer (EFO) isn't supported yet; POLLING is")
	}
	switch {
	case o.Start != "AT_TIMESTAMP":
	case o.Timestamp == "":
		fault(conn.MissingOption, "source.init.timestamp", "the position AT_TIMESTAMP needs a time")
	default:
		if _, err := o.StartTime(time.Now()); err != nil {
			fault(conn.BadValue, "source.init.timestamp", "%v", err)
		}
	}
	if o.MaxRecords < 1 || o.MaxRecords > mostRecords {
		fault(conn.BadValue, "source.shard.get-records.max-record-count", "%d is not between 1 and %d", o.MaxRecords, mostRecords)
	}
	if o.BackoffBase < 1 || o.BackoffMax < o.BackoffBase {
		fault(conn.BadValue, "scan.shard.getrecords.backoff.base", "%d, and max, %d, are no pauses in milliseconds that become longer", o.BackoffBase, o.BackoffMax)
	}
	return errs
}

// checkSink looks at how rows are written.
func (o *Options) checkSink(t *conn.Table) (errs []conn.OptionError) {
	fault := func(kind conn.OptionFault, key, format string, args ...any) {
		errs = append(errs, conn.OptionError{Key: key, Kind: kind, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case o.Partitioner != "" && len(t.PartitionBy) > 0:
		fault(conn.BadValue, "sink.partitioner", "sink.partitioner can't be given for a table with PARTITIONED BY: its columns are the partition key")
	case !slices.Contains([]string{"", "fixed", "random"}, o.Partitioner):
		fault(conn.Planned, "sink.partitioner", "sink.partitioner: the Java class %s isn't run; fixed and random are", o.Partitioner)
	}
	for _, i := range t.PartitionBy {
		if c := t.Columns[i]; !canPartition(c.Type) {
			fault(conn.BadValue, "connector", "column %s of PARTITIONED BY is %s; partition keys are made of texts, truth values, whole and floating point numbers", c.Name, c.Type)
		}
	}
	return slices.Concat(errs, o.Gathering.Check())
}

// canPartition reports whether a column of a type can be part of a partition key:
// the types whose values Flink's connector knows a text of.
func canPartition(typ string) bool {
	base, _, _ := strings.Cut(typ, "(")
	return slices.Contains([]string{"CHAR", "VARCHAR", "STRING", "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE"}, base)
}

// mostRecords is how many records Kinesis gives at a time.
const mostRecords = 10000

// StartTime is where AT_TIMESTAMP begins.
func (o *Options) StartTime(now time.Time) (time.Time, error) {
	format, err := javatime.NewSimpleFormat(o.TimeFormat)
	if err == nil {
		if milli, ok := format.Parse(o.Timestamp, time.Local, now); ok {
			return time.UnixMilli(milli), nil
		}
	}
	seconds, number := strconv.ParseFloat(o.Timestamp, 64)
	switch {
	case number == nil && seconds >= 0:
		return time.UnixMilli(int64(seconds * 1000)), nil
	case err != nil:
		return time.Time{}, fmt.Errorf("the pattern %q: %w", o.TimeFormat, err)
	}
	return time.Time{}, fmt.Errorf("%q is neither of the form %s nor seconds since the epoch", o.Timestamp, o.TimeFormat)
}

// Pauses are those after a fetch without and with records.
func (o *Options) Pauses() (empty, full time.Duration) {
	if o.FetchInterval != nil {
		d := time.Duration(*o.FetchInterval) * time.Millisecond
		return d, d
	}
	return o.EmptyPause, o.Pause
}

// Name is the stream's, for messages and to tell streams apart.
func (o *Options) Name() string {
	if o.ARN != "" {
		return o.ARN[strings.LastIndexByte(o.ARN, '/')+1:]
	}
	return o.Stream
}

// Service names stream and place for messages.
func (o *Options) Service() string {
	return fmt.Sprintf("stream %s of Amazon Kinesis at %s", o.Name(), o.Where())
}
