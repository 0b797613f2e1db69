package opt

import (
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// pushIntoSources gives conditions and limits to sources that take them, as
// their connectors declare. What the source doesn't decide stays.
func pushIntoSources(s *ir.Sink, _ *Context) {
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		switch r := r.(type) {
		case *ir.Filter:
			return pushConditions(r)
		case *ir.Sort:
			pushLimit(r)
		}
		return r
	})
}

// sourceBelow finds the scan that r passes rows of on, through projections and,
// if they may be passed, filters. The columns are what r's are of the scan's.
func sourceBelow(r ir.Rel, filters bool) (scan *ir.Scan, columns []ir.Expr) {
	switch r := r.(type) {
	case *ir.Scan:
		return r, passOn(r, len(r.Schema))
	case *ir.Filter:
		if filters {
			return sourceBelow(r.In, filters)
		}
	case *ir.Project:
		scan, below := sourceBelow(r.In, filters)
		if scan == nil {
			return nil, nil
		}
		columns = make([]ir.Expr, len(r.Columns))
		for i, e := range r.Columns {
			columns[i] = substitute(e, below)
		}
		return scan, columns
	}
	return nil, nil
}

// pushConditions gives a filter's conditions to the source below it.
func pushConditions(f *ir.Filter) ir.Rel {
	scan, columns := sourceBelow(f.In, true)
	if scan == nil || scan.Limit != ir.NoLimit {
		return f
	}
	place := map[int]int{} // in the table
	for i, c := range scan.Read {
		place[i] = c
	}
	_, staying := split(ir.Conjuncts(f.Cond), func(e ir.Expr) bool {
		inScan := substitute(e, columns)
		return movable(inScan) && decides(scan, ir.Remap(inScan, place))
	})
	if len(staying) == 0 {
		return f.In
	}
	f.Cond = ir.And(staying...)
	return f
}

// decides gives a condition over the table's columns to the scan, if it takes it,
// and reports whether nobody has to look at it again.
func decides(s *ir.Scan, e ir.Expr) bool {
	takes := connectorOf(s.Table).Pushdown
	columns := ir.Columns(e)
	if takes.Partitions && len(columns) > 0 && s.Table.PartitionBy.Contains(columns) {
		s.Partitions = and(s.Partitions, e)
		return true
	}
	c, ok := ir.ConditionOf(e)
	if !ok || takes.Filter == nil || !takes.Filter(declared(s.Table), sourceCondition(s.Table, c)) {
		return false
	}
	s.Filter = and(s.Filter, e)
	return true
}

// and joins a condition, which may be nil, with another.
func and(a, b ir.Expr) ir.Expr {
	if a == nil {
		return b
	}
	return ir.And(a, b)
}

// declared is the table as its connector looks at it.
func declared(t *ir.Table) *conn.Table {
	out := &conn.Table{Name: t.Name, Key: t.Key, PartitionBy: t.PartitionBy, Options: map[string]string{}}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, val.Column{Name: c.Name, Type: c.Type.WithNull(true).String(), NotNull: !c.Type.Nullable})
	}
	for _, o := range t.Options {
		if v, known := o.Value.Const(); known {
			out.Options[o.Key] = v
		}
	}
	return out
}

// sourceCondition is a condition as a connector looks at it.
func sourceCondition(t *ir.Table, c ir.Condition) *conn.Condition {
	out := &conn.Condition{Op: c.Op, Column: c.Column}
	if c.Args == nil {
		out.Type = &t.Columns[c.Column].Type
	}
	for _, a := range c.Args {
		out.Args = append(out.Args, *sourceCondition(t, a))
	}
	return out
}

// ends reports whether reading a table ends. Options that are known only at start
// may say so.
func ends(t *ir.Table) bool {
	gen := conn.Modern
	if t.Legacy {
		gen = conn.Legacy
	}
	options := map[string]string{}
	for _, o := range t.Options {
		options[o.Key] = o.Value.Display()
	}
	return connectorOf(t).Ends(options, gen)
}

// checkSources refuses batch jobs that would never end.
func checkSources(s *ir.Sink, c *Context) {
	if !c.Batch {
		return
	}
	ir.Walk(s, func(r ir.Rel) {
		scan, ok := r.(*ir.Scan)
		if !ok || connectorOf(scan.Table) == nil || connectorOf(scan.Table).Package == "" || ends(scan.Table) {
			return
		}
		c.Diags.Errorf(diag.RefusedByFlink, scan.Pos, "querying an unbounded table %q in batch mode is not allowed: the source is unbounded", scan.Table.Name).
			WithHint("use the streaming mode, or bound the source by its options").
			WithNote(scan.Table.Pos, "the table is declared here")
	})
}

// pushLimit lets each subtask of a bounded source end where a limit without
// order has enough rows from it.
func pushLimit(s *ir.Sort) {
	if len(s.Order) > 0 || s.Limit <= 0 {
		return
	}
	scan, _ := sourceBelow(s.In, false)
	if scan == nil {
		return
	}
	if c := connectorOf(scan.Table); !ends(scan.Table) || !c.Pushdown.Limit || scan.Mode.Updating() {
		return
	}
	if scan.Limit == ir.NoLimit || s.End() < scan.Limit {
		scan.Limit = s.End()
	}
}
