package opt

import (
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
	inferModes(s.In, c.Batch)
	in := s.In.P()
	for i := range s.Table.Columns {
		s.Labels = append(s.Labels, label(s.In, i))
	}
	connector := connectorOf(s.Table)
	updating := in.Mode.Updating()
	switch {
	case updating && !connector.Updates:
		c.Diags.Errorf(diag.SinkMode, s.Pos, "table sink %q doesn't support consuming update changes, which the query yields", s.Table.Name).
			WithNote(s.Table.Pos, "the sink, of connector %q, is declared here and takes insertions only", s.Table.Connector)
	case !connector.NeedsKey:
	case s.Table.Legacy:
		legacyKey(s, c, updating)
	case s.Table.Key == nil && updating:
		c.Diags.Errorf(diag.SinkNoKey, s.Pos, "please declare primary key for sink table %q when query contains update/delete record", s.Table.Name).
			WithHint("add PRIMARY KEY (%s) NOT ENFORCED to the table", strings.Join(keyNames(in), ", ")).
			WithNote(s.Table.Pos, "the sink table is declared here")
	case s.Table.Key != nil:
		s.Key, s.Declared = s.Table.Key, true
		if updating && !anyWithin(in.Keys, s.Key) {
			c.Diags.Errorf(diag.PlanPlanned, s.Pos, "the sink's primary key %s is not the query's key, which needs the upsert materialiser", s.Key.Names(in.Schema)).
				WithMissing("operator", "SinkUpsertMaterializer").
				WithNote(s.Table.Pos, "the sink table is declared here")
		}
	}
}

// legacyKey takes the query's key, as sinks of the 1.10 generation do.
func legacyKey(s *ir.Sink, c *Context, updating bool) {
	if !updating {
		return
	}
	if len(s.In.P().Keys) == 0 || len(s.In.P().Keys[0]) == 0 {
		c.Diags.Errorf(diag.SinkNoKey, s.Pos, "UpsertStreamTableSink requires that Table has a full primary keys if it is updated: the query into %q has no key", s.Table.Name).
			WithHint("select all columns of GROUP BY, unchanged")
		return
	}
	s.Key = s.In.P().Keys[0]
}

func keyNames(p *ir.Props) []string {
	if len(p.Keys) == 0 || len(p.Keys[0]) == 0 {
		return []string{"…"}
	}
	var out []string
	for _, c := range p.Keys[0] {
		out = append(out, p.Schema[c].Name)
	}
	return out
}

func anyWithin(keys []ir.Key, outer ir.Key) bool {
	for _, k := range keys {
		if outer.Contains(k) {
			return true
		}
	}
	return false
}

// label is the text of the expression that makes column i of a relation, with
// the names of what it is computed from.
func label(r ir.Rel, i int) string {
	switch r := r.(type) {
	case *ir.Project:
		return labelExpr(r.Columns[i], r.In)
	case *ir.Filter:
		return label(r.In, i)
	case *ir.Bridge:
		if n := len(r.In.P().Schema); i >= n {
			return labelExpr(r.Calls[i-n], r.In)
		}
		return label(r.In, i)
	case *ir.Aggregate:
		if i < len(r.Group) {
			return label(r.In, r.Group[i])
		}
		call := r.Calls[i-len(r.Group)]
		if len(call.Args) == 0 {
			return call.Fn + "(*)"
		}
		return call.Fn + "(" + label(r.In, call.Args[0]) + ")"
	}
	return r.P().Schema[i].Name
}

func labelExpr(e ir.Expr, in ir.Rel) string {
	if c, ok := e.(*ir.ColumnRef); ok {
		return label(in, c.Index)
	}
	if c, ok := e.(*ir.Cast); ok && c.Implicit {
		return labelExpr(c.Arg, in)
	}
	named := ir.MapExpr(e, func(e ir.Expr) ir.Expr {
		switch x := e.(type) {
		case *ir.ColumnRef:
			return &labelled{x, label(in, x.Index)}
		case *ir.Cast:
			if x.Implicit {
				return x.Arg
			}
		case *ir.Const:
			if _, isText := x.Value.(string); !isText {
				text, _, _ := strings.Cut(x.String(), ":")
				return &labelled{ir.NewColumnRef(in.P().Schema, 0, x.Pos()), text}
			}
		}
		return e
	})
	return named.String()
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
	ir.Walk(r, func(r ir.Rel) {
		p := r.P()
		switch r := r.(type) {
		case *ir.Scan, *ir.Values, *ir.Sink:
		case *ir.Aggregate:
			in := r.In.P().Mode
			switch {
			case batch:
				p.Mode = ir.Append
			case in.Updating():
				p.Mode = ir.Retract
			default:
				p.Mode = ir.Inserts | ir.UpdateBefores | ir.UpdateAfters
			}
		default:
			p.Mode = r.Inputs()[0].P().Mode
		}
	})
}

// changelogModes takes away the update-befores that nobody reads: Flink's
// inference, from the sink down.
func changelogModes(s *ir.Sink, _ *Context) {
	wanted := s.In.P().Mode
	if connector := connectorOf(s.Table); connector.NeedsKey && s.Key != nil && !connector.KeepsBefore {
		wanted &^= ir.UpdateBefores
	}
	dropBefores(s.In, wanted.Has(ir.UpdateBefores))
	s.Mode, s.Keys, s.Schema = s.In.P().Mode, s.In.P().Keys, s.In.P().Schema
}

func dropBefores(r ir.Rel, wanted bool) {
	switch r := r.(type) {
	case *ir.Aggregate:
		// It takes rows back by their update-before.
		dropBefores(r.In, true)
	case *ir.Filter:
		// A row that no longer passes is taken back by its update-before,
		// unless the condition looks at nothing but a key.
		dropBefores(r.In, wanted || !anyCovers(r.In.P().Keys, ir.Columns(r.Cond)))
		wanted = wanted || r.In.P().Mode.Has(ir.UpdateBefores)
	default:
		for _, in := range r.Inputs() {
			dropBefores(in, wanted)
		}
	}
	if !wanted {
		r.P().Mode &^= ir.UpdateBefores
	}
}

func anyCovers(keys []ir.Key, columns []int) bool {
	for _, k := range keys {
		if k.Contains(columns) {
			return true
		}
	}
	return false
}

// coalesceUpdates lets an aggregation emit once per key and batch where every
// consumer down to the sink updates by that key. Each intermediate result is
// seen by sinks that show changes, so none of them may be on the way.
func coalesceUpdates(s *ir.Sink, _ *Context) {
	if s.Key == nil || connectorOf(s.Table).KeepsBefore {
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
