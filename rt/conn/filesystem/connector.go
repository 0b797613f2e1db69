// Package filesystem reads files, those that are there or those that come into a
// folder, and writes them.
package filesystem

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"pyfc/rt/conn"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:            "filesystem",
	LegacyTypes:     []string{"filesystem"},
	Doc:             "Reads the records of a file, or of all files in a folder, and writes files into one; its folders can be partitions. They lie on the machine or in S3.",
	Package:         "pyfc/rt/conn/filesystem",
	Source:          true,
	Sink:            true,
	Overwrites:      conn.BatchOverwrite,
	AllTypes:        true,
	Metadata:        metadata,
	Bounded:         func(options any) bool { return options.(*Options).MonitorInterval == 0 },
	Bytes:           true,
	PartitionsApart: true,
	Splits:          true,
	Pushdown:        conn.Pushdown{Partitions: true, Limit: true},
	Size:            sizeOf,
	Links:           []conn.Link{{Package: "pyfc/rt/conn/filesystem/s3", For: onS3}},
	Options:         func() any { return new(Options) },
	Check:           check,
}

// Options are the connector's options.
type Options struct {
	Connector       string        `opt:"connector" legacy:"connector.type" required:"true" doc:"The connector's name: filesystem."`
	Version         string        `legacy:"connector.property-version" enum:"1" doc:"The version of these options."`
	UpdateMode      string        `legacy:"update-mode" enum:"append" doc:"How changes are written: a file only takes insertions."`
	Path            string        `opt:"path" legacy:"connector.path" required:"true" doc:"A file or folder; relative to the working directory, file:///…, or s3://bucket/…."`
	Format          string        `opt:"format" required:"modern" doc:"The format of the files."`
	MonitorInterval time.Duration `opt:"source.monitor-interval" doc:"Makes the source unbounded: the folder is listed again after this time."`
	PathRegex       string        `opt:"source.path.regex-pattern" doc:"Only files whose whole path matches this regular expression of Java are read."`
	Statistics      string        `opt:"source.report-statistics" ignored:"no statistics are needed" doc:"Which statistics of the files the planner gets."`
	PartitionName   string        `opt:"partition.default-name" default:"__DEFAULT_PARTITION__" doc:"The folder of rows whose partition column is NULL or empty."`

	RollSize         conn.MemorySize `opt:"sink.rolling-policy.file-size" default:"128mb" doc:"The size at which a file that is written is finished."`
	RollInterval     time.Duration   `opt:"sink.rolling-policy.rollover-interval" default:"30 min" doc:"The age at which a file that is written is finished."`
	RollCheck        time.Duration   `opt:"sink.rolling-policy.check-interval" default:"1 min" ignored:"the age is looked at with every batch of rows" doc:"How often the age is looked at."`
	AutoCompaction   bool            `opt:"auto-compaction" default:"false" doc:"Whether small files are put together."`
	CompactionSize   conn.MemorySize `opt:"compaction.file-size" ignored:"files are not put together" doc:"The size of the files that are put together."`
	CommitTrigger    string          `opt:"sink.partition-commit.trigger" default:"process-time" enum:"process-time|partition-time" doc:"By which time a partition is finished."`
	CommitDelay      time.Duration   `opt:"sink.partition-commit.delay" default:"0 s" doc:"How long after its time a partition is finished."`
	CommitZone       string          `opt:"sink.partition-commit.watermark-time-zone" default:"UTC" planned:"finishing partitions by the watermark" doc:"The time zone of the watermark that finishes a partition."`
	ExtractorKind    string          `opt:"partition.time-extractor.kind" default:"default" planned:"the time of a partition" doc:"How a partition's time is found."`
	ExtractorClass   string          `opt:"partition.time-extractor.class" planned:"the time of a partition" doc:"A Java class that finds a partition's time."`
	ExtractorPattern string          `opt:"partition.time-extractor.timestamp-pattern" planned:"the time of a partition" doc:"How a partition's time is made from its columns."`
	ExtractorFormat  string          `opt:"partition.time-extractor.timestamp-formatter" default:"yyyy-MM-dd HH:mm:ss" planned:"the time of a partition" doc:"The form of a partition's time."`
	CommitPolicy     []string        `opt:"sink.partition-commit.policy.kind" sep:"," doc:"How a finished partition is made known."`
	CommitClass      string          `opt:"sink.partition-commit.policy.class" planned:"a policy in Java" doc:"A Java class that makes it known."`
	CommitParameters string          `opt:"sink.partition-commit.policy.class.parameters" planned:"a policy in Java" doc:"The parameters of that class."`
	SuccessFile      string          `opt:"sink.partition-commit.success-file.name" default:"_SUCCESS" doc:"The file that makes a finished partition known."`
	SinkParallelism  *int            `opt:"sink.parallelism" planned:"a parallelism of the sink's own" doc:"The number of subtasks that write."`
}

func check(options any, t *conn.Table) (errs []conn.OptionError) {
	o := options.(*Options)
	legacy := conn.GenerationOf(t.Options) == conn.Legacy
	if _, err := localPath(o.Path); err != nil && schemeOf(o.Path) == "" {
		key := "path"
		if legacy {
			key = "connector.path"
		}
		errs = append(errs, pathFault(key, o.Path, err))
	}
	if _, err := pathPattern(o.PathRegex); err != nil {
		errs = append(errs, conn.OptionError{Key: "source.path.regex-pattern", Kind: conn.BadValue, Message: fmt.Sprintf("source.path.regex-pattern: %v", err)})
	}
	errs = append(errs, checkSink(o)...)
	for _, i := range t.PartitionBy {
		if c := t.Columns[i]; !canPartition(c.Type) {
			errs = append(errs, conn.OptionError{Key: "path", Kind: conn.BadValue, Message: fmt.Sprintf("column %s is %s, which can't name the folder of a partition", c.Name, c.Type)})
		}
	}
	if !legacy {
		return errs
	}
	for _, key := range messagesOnly {
		if _, ok := t.Options[key]; ok {
			errs = append(errs, conn.OptionError{Key: key, Kind: conn.UnknownOption, Message: "the legacy filesystem connector has no option " + key})
		}
	}
	return errs
}

// checkSink checks what the options say about finished files and partitions.
func checkSink(o *Options) (errs []conn.OptionError) {
	planned := func(on bool, key, what string) {
		if on {
			errs = append(errs, conn.OptionError{Key: key, Kind: conn.Planned, Message: fmt.Sprintf("%s: %s isn't supported yet", key, what)})
		}
	}
	planned(o.AutoCompaction, "auto-compaction", "putting small files together")
	planned(o.CommitTrigger == "partition-time", "sink.partition-commit.trigger", "finishing partitions by the watermark")
	for _, policy := range o.CommitPolicy {
		fault := conn.OptionError{Key: "sink.partition-commit.policy.kind", Kind: conn.BadValue, Hint: successFile + " is one",
			Message: fmt.Sprintf("sink.partition-commit.policy.kind: there is no policy %q", policy)}
		switch policy {
		case successFile:
			continue
		case "metastore":
			fault.Message, fault.Hint = "sink.partition-commit.policy.kind: the policy metastore is for tables of Hive only", "use "+successFile
		case "custom":
			fault.Kind, fault.Message = conn.Planned, "sink.partition-commit.policy.kind: a policy in Java isn't supported"
		}
		errs = append(errs, fault)
	}
	return errs
}

// optionsOf parses the options of a table and finds its place.
func optionsOf(t *conn.Table) (o *Options, store Store, path string, err error) {
	o = new(Options)
	gen := conn.GenerationOf(t.Options)
	rest, _ := conn.SplitFormat(t.Options, gen)
	if err := conn.Fatal(t.Name, conn.Parse(rest, o, gen)); err != nil {
		return nil, nil, "", err
	}
	if store, path, err = place(o.Path, t.Settings); err != nil {
		return nil, nil, "", &conn.Misconfigured{Table: t.Name, Err: err}
	}
	return o, store, path, nil
}

// messagesOnly are options of the legacy csv format that the connectors for
// messages have; the csv files of the legacy filesystem connector don't.
var messagesOnly = []string{
	"format.allow-comments", "format.array-element-delimiter", "format.disable-quote-character",
	"format.escape-character", "format.null-literal", "format.schema",
}

// remoteSchemes are the file systems that Flink has plugins for.
var remoteSchemes = []string{"abfs", "abfss", "gs", "hdfs", "oss", "s3p", "viewfs", "wasb", "wasbs"}

// pathFault is the fault of a path that isn't local: a file system that isn't
// read yet, or no path at all.
func pathFault(key, path string, err error) conn.OptionError {
	scheme, _, _ := strings.Cut(path, ":")
	switch {
	case slices.Contains(remoteSchemes, strings.ToLower(scheme)):
		return conn.OptionError{Key: key, Kind: conn.Planned, Message: fmt.Sprintf("%s %s: the file system %s isn't supported yet", key, path, scheme),
			Hint: "a mounted folder works as a local path"}
	case len(scheme) == 1:
		// PyFlink 1.20.1 plans such a job and fails when it runs.
		return conn.OptionError{Key: key, Kind: conn.Ignored, Message: fmt.Sprintf("%s %s: a path of Windows names nothing here", key, path),
			Hint: "give the binary another one: --set TABLE." + key + "=…"}
	}
	return conn.OptionError{Key: key, Kind: conn.BadValue, Message: err.Error()}
}

// localPath turns a path or a file URL into a path.
func localPath(path string) (string, error) {
	u, err := url.Parse(path)
	if err != nil || u.Scheme == "" {
		return path, nil // a plain path may hold any character
	}
	switch {
	case u.Scheme != "file" || u.Host != "" && u.Host != "localhost":
		return "", fmt.Errorf("path %s: only local files (file:///…) and those of S3 (s3://…) can be read", path)
	case u.Path == "":
		return "", fmt.Errorf("path %s: a file URL needs an absolute path (file:///…)", path)
	}
	return u.Path, nil
}

// onS3 reports whether a table's files are those of S3.
func onS3(options map[string]string) bool {
	return schemeOf(options["path"]+options["connector.path"]) != ""
}
