// Package filesystem reads files as a bounded source.
package filesystem

import (
	"fmt"
	"net/url"
	"time"

	"pyfc/rt/conn"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:        "filesystem",
	LegacyTypes: []string{"filesystem"},
	Doc:         "Reads the records of a file, or of all files in a folder.",
	Package:     "pyfc/rt/conn/filesystem",
	Source:      true,
	Bounded:     true,
	Bytes:       true,
	Splits:      true,
	Options:     func() any { return new(Options) },
	Check:       check,
}

// Options are the connector's options.
type Options struct {
	Connector       string            `opt:"connector" legacy:"connector.type" required:"true" doc:"The connector's name: filesystem."`
	Version         string            `legacy:"connector.property-version" ignored:"there is one version"`
	Path            string            `opt:"path" legacy:"connector.path" required:"true" doc:"A file or folder; relative to the working directory, or file:///…."`
	Format          string            `opt:"format" doc:"The format of the files."`
	MonitorInterval time.Duration     `opt:"source.monitor-interval" planned:"watching a folder for new files" doc:"Makes the source unbounded: the folder is listed again after this time."`
	PartitionName   string            `opt:"partition.default-name" default:"__DEFAULT_PARTITION__" ignored:"only partitioned tables use it"`
	PathRegex       string            `opt:"source.path.regex-pattern" planned:"choosing files by a pattern" doc:"Only files whose path matches are read."`
	Statistics      string            `opt:"source.report-statistics" ignored:"no statistics are needed"`
	Sink            map[string]string `opt:"sink.*" ignored:"only sinks use it"`
	AutoCompaction  bool              `opt:"auto-compaction" default:"false" ignored:"only sinks use it"`
	CompactionSize  string            `opt:"compaction.file-size" ignored:"only sinks use it"`
}

func check(options any, _ *conn.Table) []conn.OptionError {
	o := options.(*Options)
	if _, err := localPath(o.Path); err != nil {
		return []conn.OptionError{{Key: "path", Kind: conn.BadValue, Message: err.Error()}}
	}
	return nil
}

// localPath turns a path or a file URL into a path.
func localPath(path string) (string, error) {
	u, err := url.Parse(path)
	if err != nil || u.Scheme == "" {
		return path, nil // a plain path may hold any character
	}
	if u.Scheme != "file" || u.Host != "" && u.Host != "localhost" {
		return "", fmt.Errorf("path %s: only local files can be read (file:///…)", path)
	}
	return u.Path, nil
}
