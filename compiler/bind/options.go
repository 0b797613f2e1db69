package bind

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/words"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn"
	"pyfc/rt/conn/list"
	"pyfc/rt/val"
)

// role is what a table is used as.
type role uint8

const (
	source role = iota
	sink
)

func (r role) String() string { return [...]string{"source", "sink"}[r] }

// knownConnectors are connectors of Flink and its neighbours that scripts name,
// and of which nothing else is known: they are planned rather than unknown.
var knownConnectors = words.Set(`
		bigquery cassandra clickhouse csv datahub db2-cdc delta doris elasticsearch faker fluss gelly hbase
		hive hologres http-sink hudi iceberg influxdb iotdb kudu lakesoul maxcompute milvus mqtt nats neo4j
		mongodb-cdc mysql-cdc oceanbase-cdc odps opensearch-1 opensearch-2 oracle-cdc paimon
		postgres-cdc prometheus pulsar python-input-format python-sink-function rabbitmq redis
		rest-lookup rocketmq selectdb sls snowflake socket sqs
		sqlserver-cdc starrocks tdengine tidb-cdc vitess-cdc`)

// checkOptions checks a table's options for a role, once, where it is first
// used so: as in Flink, a table that nothing uses may be faulty.
func (s *Session) checkOptions(o *object, r role) {
	if o.reported[r] {
		return
	}
	o.reported[r] = true
	c := &optionCheck{diags: s.Diags, t: o.table, first: len(o.reported) == 1}
	connector := c.connector(r)
	if connector == nil {
		return
	}
	format := c.format(connector)
	if c.first { // the same for both roles
		c.values(connector, format)
	}
	if r == source {
		c.used(connector, connector.CheckSource)
	} else {
		c.used(connector, connector.CheckSink)
	}
}

// optionCheck reports what is wrong with the options of a table.
type optionCheck struct {
	diags *diag.List
	t     *ir.Table
	first bool
}

func (c *optionCheck) generation() conn.Generation {
	if c.t.Legacy {
		return conn.Legacy
	}
	return conn.Modern
}

// named reports whether the option that names a connector or format is there
// and known at build.
func (c *optionCheck) named(key string) bool {
	o, ok := c.t.Option(key)
	if !ok {
		c.diags.Errorf(diag.OptionMissing, c.t.Pos, "table %q has no option '%s'", c.t.Name, key).
			WithHint("WITH ('%s' = '…')", key)
		return false
	}
	for _, part := range o.Value {
		if in := part.Input; in != nil {
			c.diags.Errorf(diag.InputSymbolic, o.Pos, "the value of %s is known only at start, but it names the %s", in.Name, key).
				WithHint("give it at build: pyfc build job.py %s", in.Supply).
				WithMissing(in.Kind, in.Name).WithNote(in.Pos, "it is read here")
			return false
		}
	}
	return true
}

// connector finds the connector and checks that it can be used in the role.
func (c *optionCheck) connector(r role) *conn.Connector {
	key := "connector"
	if c.t.Legacy {
		key = "connector.type"
	}
	if !c.named(key) {
		return nil
	}
	o, _ := c.t.Option(key)
	found, ok := list.Connector(c.t.Connector, c.generation())
	ok = ok && !found.Internal
	switch {
	case !ok && !knownConnectors[c.t.Connector]:
		c.unknown(o, "connector", c.t.Connector, c.connectorNames())
		return nil
	case !ok || found.Package == "":
		c.diags.Errorf(diag.ConnPlanned, o.Pos, "connector %q isn't supported yet", c.t.Connector).WithMissing("connector", c.t.Connector)
		if !ok {
			return nil
		}
	}
	can, planned := found.Source, found.SourcePlanned
	if r == sink {
		can, planned = found.Sink, found.SinkPlanned
	}
	switch {
	case planned:
		c.diags.Errorf(diag.ConnPlanned, o.Pos, "connector %q as a %s isn't supported yet", c.t.Connector, r).
			WithMissing("connector", fmt.Sprintf("%s as a %s", c.t.Connector, r))
	case !can:
		c.diags.Errorf(diag.ConnRole, o.Pos, "connector %q can't be used as a %s", c.t.Connector, r).
			WithNote(c.t.Pos, "table %q is declared here", c.t.Name)
	}
	return found
}

func (c *optionCheck) connectorNames() []string {
	names := slices.Sorted(maps.Keys(knownConnectors))
	for _, known := range list.Connectors {
		if !known.Internal {
			names = append(names, known.Name)
		}
	}
	return names
}

func (c *optionCheck) unknown(o ir.Option, what, name string, names []string) {
	d := c.diags.Errorf(diag.ConnUnknown, o.Pos, "no %s is called %q", what, name)
	d.DidYouMean(name, names)
}

// format finds the format of a connector that needs one; nil without.
func (c *optionCheck) format(connector *conn.Connector) *conn.Format {
	if !connector.Bytes {
		return nil
	}
	key := "format"
	if c.t.Legacy {
		key = "format.type"
	} else if _, ok := c.t.Option("value.format"); ok {
		key = "value.format"
	}
	found := c.formatOf(key, c.t.Format)
	if found != nil && found.Files && !connector.Splits {
		c.notOfFiles(key, found)
		return nil
	}
	return found
}

// notOfFiles reports a format of files that an option gives to something else.
func (c *optionCheck) notOfFiles(key string, f *conn.Format) {
	o, _ := c.t.Option(key)
	c.diags.Errorf(diag.ConnRole, o.Pos, "format %q is one of whole files, and the connector %s has none", f.Name, c.t.Connector)
}

// formatOf finds the format of the name that an option gives; nil without.
func (c *optionCheck) formatOf(key, name string) *conn.Format {
	if !c.named(key) {
		return nil
	}
	o, _ := c.t.Option(key)
	found, ok := list.Format(name)
	switch {
	case !ok:
		var names []string
		for _, f := range list.Formats {
			names = append(names, f.Name)
		}
		c.unknown(o, "format", name, names)
		return nil
	case found.Package == "":
		c.diags.Errorf(diag.ConnPlanned, o.Pos, "format %q isn't supported yet", name).WithMissing("format", name)
		if c.t.Legacy {
			return nil // its options of that generation aren't known
		}
	}
	return found
}

// sourceMode says which kinds of rows a table's source yields.
func (s *Session) sourceMode(t *ir.Table) ir.Mode {
	c := &optionCheck{t: t}
	connector, ok := list.Connector(t.Connector, c.generation())
	if f, known := list.Format(t.Format); known && f.Changes {
		if s.Batch() {
			s.Diags.Errorf(diag.RefusedByFlink, t.Pos, "a table of format %s holds changes of rows, and in batch mode only tables of insertions can be queried", t.Format).
				WithHint("in streaming mode it is read to its end, too")
		}
		return ir.Retract
	}
	if !ok || connector.Changelog == nil {
		return ir.Append
	}
	into := connector.Options()
	conn.Parse(c.all(), into, c.generation()) // whose faults have been reported
	var mode ir.Mode
	for _, k := range connector.Changelog(into) {
		mode |= 1 << k
	}
	if mode != ir.Append && s.Batch() {
		s.Diags.Errorf(diag.RefusedByFlink, t.Pos, "querying a table in batch mode is only possible for sources of insertions, and source %q yields other changes, too", t.Name)
	}
	if mode.Has(ir.UpdateAfters) && !mode.Has(ir.UpdateBefores) && t.Key == nil {
		s.Diags.Errorf(diag.RefusedByFlink, t.Pos, "source %q yields updates without the rows that they replace, which a primary key must tell", t.Name).
			WithHint("add PRIMARY KEY (…) NOT ENFORCED to the table")
	}
	return mode
}

// all are the options by key, with inputs that are bound at start by name.
func (c *optionCheck) all() map[string]string {
	all := map[string]string{}
	for _, o := range c.t.Options {
		all[o.Key] = o.Value.Display()
	}
	return all
}

// values parses the options as the binary will at start. Values that are known
// only then are taken to be right.
func (c *optionCheck) values(connector *conn.Connector, format *conn.Format) {
	all := c.all()
	own, use := all, conn.FormatUse{}
	if connector.Bytes {
		own, use = conn.SplitFormat(all, c.generation())
	}
	table := c.table(all)
	table.PartitionsInside = !connector.PartitionsApart
	if connector.Options != nil {
		into := connector.Options()
		faults := conn.Parse(own, into, c.generation())
		if connector.Check != nil && !slices.ContainsFunc(faults, fatal) {
			faults = append(faults, connector.Check(into, table)...)
		}
		c.report(faults)
		if connector.RecordKey != nil && !c.t.Legacy && !slices.ContainsFunc(faults, fatal) {
			table.RecordKey = connector.RecordKey(into, table)
		}
	}
	c.formatValues(format, use, table.Records())
	if len(table.RecordKey.Columns) > 0 {
		found := c.formatOf("key.format", c.t.KeyFormat)
		if found != nil && found.Files {
			c.notOfFiles("key.format", found)
			return
		}
		c.formatValues(found, conn.KeyFormat(all), table.Keys())
	}
}

// formatValues parses the options of a format for the records that it has.
func (c *optionCheck) formatValues(format *conn.Format, use conn.FormatUse, records *conn.Table) {
	if format == nil || format.Options == nil {
		return
	}
	into := format.Options()
	faults := use.Parse(into)
	if format.Check != nil && !slices.ContainsFunc(faults, fatal) {
		for _, f := range format.Check(into, records) {
			f.Key = use.Prefix + f.Key
			faults = append(faults, f)
		}
	}
	c.report(faults)
}

// used reports what is wrong with options for what the table is used as, unless
// they are faulty in themselves.
func (c *optionCheck) used(connector *conn.Connector, check func(options any, t *conn.Table) []conn.OptionError) {
	if check == nil {
		return
	}
	all := c.all()
	own := all
	if connector.Bytes {
		own, _ = conn.SplitFormat(all, c.generation())
	}
	into := connector.Options()
	if !slices.ContainsFunc(conn.Parse(own, into, c.generation()), fatal) {
		c.report(check(into, c.table(all)))
	}
}

func fatal(e conn.OptionError) bool { return e.Kind != conn.Ignored && e.Kind != conn.Secret }

// table is the table as a connector's own check sees it.
func (c *optionCheck) table(options map[string]string) *conn.Table {
	t := &conn.Table{Name: c.t.Name, Options: options, Key: c.t.Key, Declared: c.t.Key != nil, Changes: c.changes(), PartitionBy: c.t.PartitionBy, Where: c.t.Pos.String()}
	for i, col := range c.t.Columns {
		t.Columns = append(t.Columns, val.Column{Name: col.Name, Type: col.Type.WithNull(true).String(), NotNull: !col.Type.Nullable, Metadata: col.Metadata != ""})
		t.Read = append(t.Read, i)
	}
	return t
}

var optionCodes = map[conn.OptionFault]diag.Code{
	conn.UnknownOption: diag.OptionUnknown, conn.MissingOption: diag.OptionMissing, conn.BadValue: diag.OptionValue,
	conn.Ignored: diag.OptionWarn, conn.Secret: diag.SecretLiteral, conn.Planned: diag.ConnPlanned, conn.Unfit: diag.RefusedByFlink,
}

func (c *optionCheck) report(faults []conn.OptionError) {
	for _, f := range faults {
		if f.Kind == conn.MissingOption && f.Key == "format" {
			continue // format tells of it
		}
		pos := c.t.Pos
		o, ok := c.t.Option(f.Key)
		if ok {
			pos = o.Pos
			if o.KeyPos.Known() && (f.Kind == conn.UnknownOption || f.Kind == conn.Ignored) {
				pos = o.KeyPos
			}
			if _, known := o.Value.Const(); !known && (f.Kind == conn.BadValue || f.Kind == conn.Secret) {
				continue
			}
		}
		d := c.diags.Errorf(optionCodes[f.Kind], pos, "%s", f.Message)
		if f.Hint != "" {
			d.WithHint("%s", f.Hint)
		}
		if f.Kind == conn.Planned {
			d.WithMissing("option", f.Key)
		}
		if !ok {
			d.Message = "table \"" + c.t.Name + "\": " + strings.TrimPrefix(d.Message, "the ")
		}
	}
}

// changes reports whether the table's records tell what became of rows.
func (c *optionCheck) changes() bool {
	f, ok := list.Format(c.t.Format)
	return ok && f.Changes
}
