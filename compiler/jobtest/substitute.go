package jobtest

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/conn/replay"
)

// sink is a table that the job writes, with what its contents depend on.
type sink struct {
	name    string
	columns []string
	key     []int // positions of the columns by which it updates
	id      []int // of those that name a row; nil if nothing does
}

// substitute exchanges the tables of a bound job for those of a test: sources
// read the inputs, by table, sinks show what they take.
func substitute(job *ir.Job, inputs map[string]string, dir string) ([]sink, error) {
	var sinks []sink
	used, done := map[string]bool{}, map[*ir.Scan]bool{}
	tables := map[*ir.Table]*ir.Table{}
	var missing, apart []string
	for _, s := range job.Sinks() {
		ir.Walk(s, func(r ir.Rel) {
			scan, ok := r.(*ir.Scan)
			if !ok || done[scan] || fixed(scan.Table) {
				return
			}
			done[scan] = true
			file, ok := inputs[scan.Table.Name]
			if !ok {
				missing = append(missing, scan.Table.Name)
				return
			}
			used[scan.Table.Name] = true
			if filepath.Ext(file) != ".json" && !plainRecords(scan.Table) {
				apart = append(apart, scan.Table.Name)
				return
			}
			if tables[scan.Table] == nil {
				tables[scan.Table] = source(scan, filepath.Join(dir, filepath.FromSlash(file)))
			}
			scan.Table = tables[scan.Table]
		})
		if s.Table.Connector == "tableau" {
			continue // it prints what the script asked to see
		}
		names := make([]string, len(s.Table.Columns))
		for i, c := range s.Table.Columns {
			names[i] = c.Name
		}
		id := []int(s.Key)
		if keys := s.P().Keys; id == nil && len(keys) > 0 {
			id = keys[0]
		}
		sinks = append(sinks, sink{s.Table.Name, names, s.Key, id})
		shown := *s.Table
		shown.Connector, shown.Format, shown.Legacy = "values", "", false
		shown.Options = []ir.Option{option("connector", "values")}
		s.Table = &shown
	}
	if apart != nil {
		slices.Sort(apart)
		return nil, fmt.Errorf("%[1]s has columns beside the values of its records, which in/%[1]s.txt can't hold: the case needs in/%[1]s.json", apart[0])
	}
	if missing != nil {
		slices.Sort(missing)
		return nil, fmt.Errorf("no input for %s: the case needs in/%s.txt or in/%s.json", strings.Join(slices.Compact(missing), ", "), missing[0], missing[0])
	}
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		if !used[name] {
			return nil, fmt.Errorf("%s: the job reads no table %s%s", inputs[name], name, diag.DidYouMean(name, slices.Sorted(maps.Keys(used))))
		}
	}
	return sinks, nil
}

// fixed reports whether a source's rows stand in the script itself.
func fixed(t *ir.Table) bool { return t.Connector == "values" || t.Connector == "datagen" }

// plainRecords reports whether the values of a table's records hold all of its
// columns, but for those that the paths of files tell.
func plainRecords(t *ir.Table) bool {
	return t.Connector == "filesystem" ||
		t.KeyFormat == "" && !slices.ContainsFunc(t.Columns, func(c ir.TableColumn) bool { return c.Metadata != "" })
}

// source is the table that reads a file in place of the scan's connector.
func source(scan *ir.Scan, file string) *ir.Table {
	t := scan.Table
	out := *t
	if filepath.Ext(file) == ".json" {
		out.Connector, out.Format, out.KeyFormat, out.Legacy = "values", "", "", false
		out.Options = []ir.Option{option("connector", "values"), option("path", file), option("changelog-mode", scan.Mode.String())}
		return &out
	}
	if t.Connector == "filesystem" { // its format finds the records
		key := "path"
		if t.Legacy {
			key = "connector.path"
		}
		out.Options = slices.Clone(t.Options)
		for i := range out.Options {
			if out.Options[i].Key == key {
				out.Options[i] = option(key, file)
			}
		}
		return &out
	}
	out.Connector = replay.Connector.Name
	out.Options = append(slices.Clone(t.Options), option(replay.Key, file))
	return &out
}

func option(key, value string) ir.Option {
	return ir.Option{Key: key, Value: ir.Literal(value)}
}

// sources are the tables that the job reads.
func sources(job *ir.Job) map[string]*ir.Table {
	out := map[string]*ir.Table{}
	for _, s := range job.Sinks() {
		ir.Walk(s, func(r ir.Rel) {
			if scan, ok := r.(*ir.Scan); ok && !fixed(scan.Table) {
				out[scan.Table.Name] = scan.Table
			}
		})
	}
	return out
}

// recording is a job that shows the records of the sources that read messages
// as they are.
func recording(job *ir.Job) *ir.Job {
	out := *job
	run := &ir.Submission{Name: "recording"}
	all := sources(job)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if t := all[name]; t.Format != "" && t.Connector != "filesystem" && plainRecords(t) {
			run.Sinks = append(run.Sinks, recorder(t))
		}
	}
	out.Actions = []ir.Action{{Run: run}}
	return &out
}

func recorder(t *ir.Table) *ir.Sink {
	raw := *t
	raw.Columns = []ir.TableColumn{{Column: types.Column{Name: "record", Type: types.String()}}}
	raw.Key, raw.Format = nil, replay.Format
	shown := raw
	shown.Connector, shown.Format, shown.Legacy = "values", "", false
	shown.Options = []ir.Option{option("connector", "values")}
	return ir.NewSink(ir.NewScan(&raw, ir.Append, t.Pos), &shown, t.Pos)
}
