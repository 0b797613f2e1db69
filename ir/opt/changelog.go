package opt

import (
	"slices"
	"strings"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn"
	"pyfc/rt/conn/list"
)

func connectorOf(t *ir.Table) *conn.Connector {
	gen := conn.Modern
	if t.Legacy {
		gen = conn.Legacy
	}
	c, _ := list.Connector(t.Connector, gen)
	return c
}

// sinkKeys decides by which columns a sink updates, refuses updating queries
// that the sink cannot take, and labels the columns for messages about data.
func sinkKeys(s *ir.Sink, c *Context) {
	checkOverwrite(s, c)
	inferModes(s.In, c.Batch)
	rankStrategies(s.In, c)
	for i := range s.Table.Columns {
		s.Labels = append(s.Labels, label(s.In, i))
	}
	connector := connectorOf(s.Table)
	updating := s.In.P().Mode.Updating()
	switch {
	case updating && !connector.Updates && !takesChanges(s.Table):
		c.Diags.Errorf(diag.SinkMode, s.Pos, "table sink %q doesn't support consuming update changes, which the query yields", s.Table.Name).
			WithNote(s.Table.Pos, "the sink, of connector %q, is declared here and takes insertions only", s.Table.Connector)
	case s.Table.Legacy:
		if connector.NeedsKey && updating {
			legacyKey(s, c)
		}
	case s.Table.Key != nil:
		declaredKey(s, updating, c)
		if connector.NeedsKey {
			s.Key, s.Declared = s.Table.Key, true
		}
	case connector.NeedsKey && updating:
		c.Diags.Errorf(diag.SinkNoKey, s.Pos, "please declare primary key for sink table %q when query contains update/delete record", s.Table.Name).
			WithHint("add PRIMARY KEY (%s) NOT ENFORCED to the table", keyNames(s)).
			WithNote(s.Table.Pos, "the sink table is declared here")
	}
}

// takesChanges reports whether the records of a table tell what became of rows.
func takesChanges(t *ir.Table) bool {
	f, ok := list.Format(t.Format)
	return ok && f.Changes
}

// declaredKey looks at the primary key of the table: where rows of several keys
// of the query may go into one of the sink, the last one of those that are
// there is the sink's.
func declaredKey(s *ir.Sink, updating bool, c *Context) {
	keys := s.In.P().Keys
	within := func(k ir.Key) bool { return s.Table.Key.Contains(k) }
	when := c.chosen(materializer)
	if !updating || when == "NONE" || when == "AUTO" && slices.ContainsFunc(keys, within) {
		return
	}
	var by ir.Key
	if len(keys) > 0 {
		by = slices.MinFunc(keys, func(x, y ir.Key) int { return len(x) - len(y) })
	}
	s.In = ir.NewMaterialize(s.In, s.Table.Key, by, s.Pos)
}

// enforceSinks decides what becomes of rows that don't fit the columns of their
// sink.
func enforceSinks(s *ir.Sink, c *Context) {
	if s.Table.Legacy {
		return // its generation enforces nothing
	}
	for i, column := range s.Table.Columns {
		given := s.In.P().Schema[i].Type
		s.DropNulls = s.DropNulls || c.chosen(notNullEnforcer) == "DROP" && !column.Type.Nullable && given.Nullable
		s.FitLengths = s.FitLengths || c.chosen(lengthEnforcer) == "TRIM_PAD" && column.Type.Limited()
	}
}

// normalizeSources completes the changes of sources that give the last row of
// each key, and of those that may repeat changes.
func normalizeSources(s *ir.Sink, c *Context) {
	if c.Batch {
		return
	}
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		scan, ok := r.(*ir.Scan)
		if !ok || !scan.Mode.Updating() {
			return r
		}
		upsert := scan.Mode.Has(ir.UpdateAfters) && !scan.Mode.Has(ir.UpdateBefores)
		switch keyed := len(scan.Keys) > 0; {
		case !keyed && c.on(duplicates):
			c.Diags.Errorf(diag.RefusedByFlink, scan.Pos, "%s is enabled, which requires the changelog sources to define a PRIMARY KEY, and table %q has none", duplicates.key, scan.Table.Name).
				WithHint("add PRIMARY KEY (…) NOT ENFORCED to the table").
				WithNote(scan.Table.Pos, "the table is declared here")
			return r
		case !keyed || !upsert && !c.on(duplicates):
			return r
		}
		return ir.NewNormalize(scan, scan.Keys[0], scan.Pos)
	})
}

// legacyKey takes the query's key, as sinks of the 1.10 generation do.
func legacyKey(s *ir.Sink, c *Context) {
	keys := s.In.P().Keys
	if len(keys) == 0 || len(keys[0]) == 0 {
		c.Diags.Errorf(diag.SinkNoKey, s.Pos, "UpsertStreamTableSink requires that Table has a full primary keys if it is updated: the query into %q has no key", s.Table.Name).
			WithHint("select all columns of GROUP BY, unchanged")
		return
	}
	s.Key = keys[0]
}

// keyNames are the sink's columns that the query's key goes into.
func keyNames(s *ir.Sink) string {
	keys := s.In.P().Keys
	if len(keys) == 0 || len(keys[0]) == 0 {
		return "…"
	}
	return strings.Trim(keys[0].Names(s.Table.Schema()), "()")
}

// label is the text of the expression that makes column i of a relation, with
// the names of what it is computed from.
func label(r ir.Rel, i int) string {
	switch r := r.(type) {
	case *ir.Project:
		return labelExpr(r.Columns[i], r.In)
	case *ir.Filter, *ir.Sort, *ir.Normalize, *ir.Materialize, *ir.Watermark:
		return label(r.Inputs()[0], i)
	case *ir.Bridge:
		if n := len(r.In.P().Schema); i >= n {
			return labelExpr(r.Calls[i-n], r.In)
		}
		return label(r.In, i)
	case *ir.Window:
		if i < len(r.In.P().Schema) {
			return label(r.In, i)
		}
	case *ir.Expand:
		for _, columns := range r.Projects {
			if _, filler := columns[i].(*ir.Const); !filler {
				return labelExpr(columns[i], r.In)
			}
		}
	case *ir.Rank:
		if i < len(r.In.P().Schema) {
			return label(r.In, i)
		}
	case *ir.Over:
		if n := len(r.In.P().Schema); i >= n {
			return labelCall(r.Calls[i-n].AggCall, r.In)
		}
		return label(r.In, i)
	case *ir.Aggregate:
		if i < len(r.Group) {
			return label(r.In, r.Group[i])
		}
		if !r.OfTable() {
			return labelCall(r.Calls[i-len(r.Group)], r.In)
		}
	case *ir.Correlate:
		if i < len(r.In.P().Schema) {
			return label(r.In, i)
		}
	case *ir.Join:
		return labelJoin(r, i)
	case *ir.Union:
		return label(r.In[0], i)
	}
	return r.P().Schema[i].Name
}

// labelJoin is label for column i of the columns of both inputs.
func labelJoin(j *ir.Join, i int) string {
	if n := len(j.Left.P().Schema); i >= n {
		return label(j.Right, i-n)
	}
	return label(j.Left, i)
}

func labelCall(call ir.AggCall, in ir.Rel) string {
	if len(call.Args) == 0 {
		return call.Name() + "(*)"
	}
	return call.Name() + "(" + label(in, call.Args[0]) + ")"
}

func labelExpr(e ir.Expr, in ir.Rel) string {
	return ir.MapExpr(e, func(e ir.Expr) ir.Expr {
		text := ir.Untyped(e)
		switch x := e.(type) {
		case *ir.ColumnRef:
			text = label(in, x.Index)
		case *ir.Cast:
			if x.Implicit {
				text = x.Arg.String()
			}
		}
		return &labelled{e, text}
	}).String()
}

// labelled is an expression that prints as a given text.
type labelled struct {
	ir.Expr
	text string
}

func (l *labelled) String() string { return l.text }

// inferModes sets which row kinds each relation yields, from the sources up,
// as if every consumer wanted update-befores.
func inferModes(r ir.Rel, batch bool) {
	ir.Walk(r, func(r ir.Rel) { r.P().Mode = r.Yields(batch, true) })
}

// changelogModes takes away the update-befores that nobody reads: Flink's
// inference, from the sink down.
func changelogModes(s *ir.Sink, c *Context) {
	dropBefores(s.In, wantsBefore(s), c.Batch)
	in := s.In.P()
	s.Mode, s.Keys, s.Schema = in.Mode, in.Keys, in.Schema
}

// wantsBefore reports whether the sink must see the row that an update
// replaces: because it shows it, or because the update may change the sink's
// key.
func wantsBefore(s *ir.Sink) bool {
	key := s.Key
	if key == nil {
		key = s.Table.Key
	}
	isKey := func(k ir.Key) bool { return slices.Equal(k, key) }
	switch connectorOf(s.Table).Before {
	case conn.AlwaysBefore:
		return true
	case conn.BeforeUnkeyed:
		if s.Table.Key == nil {
			return true
		}
	}
	return key != nil && !slices.ContainsFunc(s.In.P().Keys, isKey)
}

// dropBefores takes the update-befores away from the operators that make them
// where nobody down to the sink wants them.
func dropBefores(r ir.Rel, wanted, batch bool) {
	for i, in := range r.Inputs() {
		dropBefores(in, r.NeedsBefore(i, wanted), batch)
	}
	r.P().Mode = r.Yields(batch, wanted)
}

// coalesceUpdates lets an aggregation emit once per key and batch where every
// consumer down to the sink updates by that key. Each intermediate result is
// seen by sinks that show changes, so none of them may be on the way.
func coalesceUpdates(s *ir.Sink, c *Context) {
	if s.Key == nil || c.Batch {
		return
	}
	key := s.Key
	for r := s.In; ; {
		switch x := r.(type) {
		case *ir.Project:
			below := ir.Key{}
			for _, i := range key {
				c, ok := x.Columns[i].(*ir.ColumnRef)
				if !ok {
					return
				}
				below = append(below, c.Index)
			}
			key, r = below, x.In
		case *ir.Aggregate:
			groups := ir.Key{}
			for i := range x.Group {
				groups = append(groups, i)
			}
			x.Coalesce = key.Contains(groups) && groups.Contains(key) && !x.Mode.Has(ir.UpdateBefores)
			return
		default:
			return
		}
	}
}
