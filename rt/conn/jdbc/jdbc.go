// Package jdbc reads tables of relational databases, and keeps them equal to a
// query's result: MySQL, MariaDB and PostgreSQL, by their own protocols. The
// options are those of Flink's JDBC connector, JDBC URLs included.
package jdbc

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"pyfc/rt/conn"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:        "jdbc",
	LegacyTypes: []string{"jdbc"},
	Doc:         "Reads and writes a table of MySQL, MariaDB or PostgreSQL.",
	Package:     "pyfc/rt/conn/jdbc",
	Links:       []conn.Link{{Package: "pyfc/rt/conn/jdbc/postgres", For: mayBePostgres}},
	Source:      true,
	Bounded:     conn.Always,
	Pushdown:    conn.Pushdown{Limit: true, Filter: filtering},
	Sink:        true,
	Updates:     true,
	AllTypes:    true, // but those that the check refuses
	NeedsKey:    true,
	Options:     func() any { return new(Options) },
	Check:       func(options any, t *conn.Table) []conn.OptionError { return check(options.(*Options), t) },
	CheckSource: func(options any, t *conn.Table) []conn.OptionError { return checkSource(options.(*Options), t) },
}

// Options are the connector's options. Those that begin with scan. and lookup.
// are for reading.
type Options struct {
	Connector       string `opt:"connector" legacy:"connector.type" required:"true" doc:"The connector's name: jdbc."`
	PropertyVersion string `legacy:"connector.property-version" doc:"The version of the legacy options: 1."`
	UpdateMode      string `legacy:"update-mode" enum:"append|upsert|retract" ignored:"whether the sink updates follows from the query" doc:"How the query's changes are written."`

	URL            string        `opt:"url" legacy:"connector.url" required:"true" doc:"The database: jdbc:mysql://host:3306/database, jdbc:mariadb:… or jdbc:postgresql:… A binary that was built with one of the first two has no driver for the last."`
	Table          string        `opt:"table-name" legacy:"connector.table" required:"true" doc:"The table in the database."`
	Driver         string        `opt:"driver" legacy:"connector.driver" doc:"The JDBC driver's class. Accepted; the URL says which database it is."`
	CompatibleMode string        `opt:"compatible-mode" ignored:"the dialect follows from the URL" doc:"The mode of a database that imitates another."`
	Username       string        `opt:"username" legacy:"connector.username" doc:"The user to log in as."`
	Password       string        `opt:"password" legacy:"connector.password" secret:"true" doc:"The user's password."`
	RetryTimeout   time.Duration `opt:"connection.max-retry-timeout" default:"60s" doc:"How long a database that doesn't answer is tried; while rows are written at least a minute."`

	PartitionColumn string `opt:"scan.partition.column" legacy:"connector.read.partition.column" doc:"The column by which reading is split: a number."`
	PartitionNum    *int   `opt:"scan.partition.num" legacy:"connector.read.partition.num" doc:"The number of parts."`
	PartitionLower  *int64 `opt:"scan.partition.lower-bound" legacy:"connector.read.partition.lower-bound" doc:"The smallest value of the first part. Rows below it are not read."`
	PartitionUpper  *int64 `opt:"scan.partition.upper-bound" legacy:"connector.read.partition.upper-bound" doc:"The largest value of the last part. Rows above it are not read."`
	ReadQuery       string `legacy:"connector.read.query" doc:"The query to read instead of the table."`
	FetchSize       int    `opt:"scan.fetch-size" legacy:"connector.read.fetch-size" default:"0" ignored:"rows are read as they come, and none waits for others" doc:"The rows fetched per round trip."`
	AutoCommit      bool   `opt:"scan.auto-commit" default:"true" ignored:"a query is a transaction of its own" doc:"Whether each statement is its own transaction when reading."`

	LookupCache       string        `opt:"lookup.cache" default:"NONE" enum:"NONE|PARTIAL" doc:"The cache of a lookup table."`
	CacheMaxRows      int64         `opt:"lookup.partial-cache.max-rows" legacy:"connector.lookup.cache.max-rows" doc:"The cache's size in rows."`
	CacheExpireWrite  time.Duration `opt:"lookup.partial-cache.expire-after-write" legacy:"connector.lookup.cache.ttl" doc:"How long a row stays in the cache after it was read."`
	CacheExpireAccess time.Duration `opt:"lookup.partial-cache.expire-after-access" doc:"How long a row stays in the cache after it was last used."`
	CacheMissing      bool          `opt:"lookup.partial-cache.cache-missing-key" default:"true" doc:"Whether absent keys are cached too."`
	LookupRetries     int           `opt:"lookup.max-retries" legacy:"connector.lookup.max-retries" default:"3" doc:"How often a failed lookup is tried again."`
	FilterHandling    string        `opt:"filter.handling.policy" default:"always" enum:"always|never" doc:"Whether filters are pushed into the database when reading."`
	OldCacheMaxRows   int64         `opt:"lookup.cache.max-rows" doc:"The former name of lookup.partial-cache.max-rows."`
	OldCacheTTL       time.Duration `opt:"lookup.cache.ttl" doc:"The former name of lookup.partial-cache.expire-after-write."`
	OldCacheMissing   bool          `opt:"lookup.cache.caching-missing-key" default:"true" doc:"The former name of lookup.partial-cache.cache-missing-key."`

	FlushRows     int           `opt:"sink.buffer-flush.max-rows" legacy:"connector.write.flush.max-rows" default:"100" legacydefault:"5000" doc:"The rows, one per key, that are buffered before they are written; 0 for no limit."`
	FlushInterval time.Duration `opt:"sink.buffer-flush.interval" legacy:"connector.write.flush.interval" default:"1s" legacydefault:"0" doc:"How long a row may wait in the buffer; 0 for no limit. Checkpoints and the end write all rows anyway."`
	MaxRetries    int           `opt:"sink.max-retries" legacy:"connector.write.max-retries" default:"3" doc:"How often a deadlock or a lost connection is met with another try, at least; tries go on for connection.max-retry-timeout in any case."`
	Parallelism   int           `opt:"sink.parallelism" ignored:"the sink runs with the job's parallelism, and its result is the same" doc:"The sink's parallelism, if it is not the job's."`
}

// check looks at what the options' types can't tell.
func check(o *Options, t *conn.Table) []conn.OptionError {
	key := func(modern, legacy string) string {
		if conn.GenerationOf(t.Options) == conn.Legacy {
			return legacy
		}
		return modern
	}
	var errs []conn.OptionError
	url := key("url", "connector.url")
	target, notes, err := parseURL(o.URL)
	if err != nil && o.URL != "" {
		fault := conn.OptionError{Key: url, Kind: conn.BadValue, Message: url + ": " + err.Error()}
		if errors.Is(err, errNotBuilt) {
			fault.Kind = conn.Planned
		}
		errs = append(errs, fault)
	}
	for _, n := range notes {
		errs = append(errs, conn.OptionError{Key: url, Kind: conn.Ignored, Message: n.text, Hint: n.hint})
	}
	if target != nil && target.password != "" {
		errs = append(errs, conn.OptionError{Key: url, Kind: conn.Secret, Message: url + " holds a password that stands in the script as text"})
	}
	if o.Username == "" && o.Password != "" {
		user := key("username", "connector.username")
		errs = append(errs, conn.OptionError{Key: user, Kind: conn.MissingOption, Message: "a password is given, but no " + user})
	}
	for _, bad := range []struct {
		key string
		n   int
	}{
		{key("sink.buffer-flush.max-rows", "connector.write.flush.max-rows"), o.FlushRows},
		{key("sink.max-retries", "connector.write.max-retries"), o.MaxRetries},
	} {
		if bad.n < 0 {
			errs = append(errs, conn.OptionError{Key: bad.key, Kind: conn.BadValue, Message: fmt.Sprintf("%s: %d is negative", bad.key, bad.n)})
		}
	}
	for _, c := range t.Columns {
		fault := conn.OptionError{Key: key("connector", "connector.type")}
		switch {
		case familyOf(c.Type) == unknownFamily:
			fault.Kind, fault.Message = conn.Planned, fmt.Sprintf("column %s: the jdbc connector has no %s", c.Name, c.Type)
		case tooPrecise.MatchString(c.Type):
			fault.Kind, fault.Message = conn.BadValue, fmt.Sprintf("column %s is %s, but databases keep at most 6 digits of a second", c.Name, c.Type)
			fault.Hint = "declare TIMESTAMP(6)"
		default:
			continue
		}
		errs = append(errs, fault)
	}
	return errs
}

// tooPrecise are the timestamps that Flink's dialects refuse.
var tooPrecise = regexp.MustCompile(`^TIMESTAMP\([789]\)`)

// checkSource looks at how the table is read.
func checkSource(o *Options, t *conn.Table) []conn.OptionError {
	key := "scan.partition.column"
	if conn.GenerationOf(t.Options) == conn.Legacy {
		key = "connector.read.partition.column"
	}
	fault := func(format string, args ...any) []conn.OptionError {
		return []conn.OptionError{{Key: key, Kind: conn.BadValue, Message: fmt.Sprintf(format, args...)}}
	}
	given := 0
	for _, is := range []bool{o.PartitionColumn != "", o.PartitionNum != nil, o.PartitionLower != nil, o.PartitionUpper != nil} {
		if is {
			given++
		}
	}
	switch {
	case given == 0:
		return nil
	case given < 4:
		return fault("%s: the column, the number of parts and both bounds must be given together, or none of them", key)
	case *o.PartitionLower > *o.PartitionUpper:
		return fault("%s: the lower bound %d is larger than the upper bound %d", key, *o.PartitionLower, *o.PartitionUpper)
	case *o.PartitionNum < 1:
		return fault("%s: the number of parts is %d", key, *o.PartitionNum)
	}
	return nil
}

// settings parses and checks the options of a table, and returns what to log;
// role is the check for what the table is used as.
func settings(t conn.Table, role func(*Options, *conn.Table) []conn.OptionError) (*Options, *Target, []conn.OptionError, error) {
	var o Options
	faults := conn.Parse(t.Options, &o, conn.GenerationOf(t.Options))
	faults = append(faults, check(&o, &t)...)
	faults = append(faults, role(&o, &t)...)
	if err := conn.Fatal(t.Name, faults); err != nil {
		return nil, nil, nil, err
	}
	target, _, err := parseURL(o.URL)
	if err != nil {
		return nil, nil, nil, err
	}
	if !target.dialect.Linked() {
		return nil, nil, nil, &conn.Misconfigured{Table: t.Name, Err: fmt.Errorf("this binary was built without %s; build it with a URL of that database, or with one that the build doesn't know", target.dialect.Name())}
	}
	if o.Username != "" {
		target.user, target.password = o.Username, o.Password
	}
	return &o, target, faults, nil
}
