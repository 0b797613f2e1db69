package bind

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn"
)

// hintKind says what a hint does.
type hintKind uint8

const (
	unrunHint   hintKind = iota + 1
	joinHint             // advises how a join is done, which changes no result: it has no effect
	optionsHint          // gives the table that it stands behind other options
	ttlHint              // says for how long joins and aggregates of a query keep what comes from a table
)

// hints are the hints that Flink knows.
var hints = map[string]hintKind{
	"BROADCAST": joinHint, "SHUFFLE_HASH": joinHint, "SHUFFLE_MERGE": joinHint, "NEST_LOOP": joinHint,
	"LOOKUP": unrunHint, "OPTIONS": optionsHint, "STATE_TTL": ttlHint,
}

// kindOfHint is 0 for a hint that Flink doesn't know.
func kindOfHint(h *sql.Hint) hintKind { return hints[strings.ToUpper(h.Name.Text)] }

// refuseHint reports a hint that Flink doesn't know.
func (s *Session) refuseHint(h *sql.Hint) {
	name := strings.ToUpper(h.Name.Text)
	if kindOfHint(h) != 0 {
		return
	}
	d := s.Diags.Errorf(diag.SQLSyntax, h.Pos, "Flink knows no hint %s", name)
	d.DidYouMean(name, slices.Sorted(maps.Keys(hints)))
}

// checkHints reports hints that name no table of the query: PyFlink 1.20.1 refuses
// them, too.
func (s *Session) checkHints(q *sql.Select) {
	if len(q.Hints) == 0 {
		return
	}
	tables := tableNames(q)
	for _, h := range q.Hints {
		named := h.Names
		switch kindOfHint(h) {
		case ttlHint:
			s.checkRetentions(h, tables)
			continue
		case joinHint:
		default:
			continue
		}
		for _, l := range h.Literals {
			if c, ok := l.(*sql.Literal); ok {
				named = append(named, sql.Name{Text: fmt.Sprint(c.Value), Pos: l.Where()})
			}
		}
		if len(named) == 0 {
			s.Diags.Errorf(diag.SQLSyntax, h.Pos, "the hint %s names no table", strings.ToUpper(h.Name.Text)).
				WithHint("write %s(%s)", strings.ToUpper(h.Name.Text), strings.Join(tables, ", "))
		}
		for _, n := range named {
			s.checkHinted(n, tables)
		}
	}
}

func (s *Session) checkHinted(n sql.Name, tables []string) {
	for _, t := range tables {
		if t == n.Text {
			return
		}
	}
	d := s.Diags.Errorf(diag.UnknownTable, n.Pos, "no table of this query is called %q, which a hint is about", n.Text)
	if !d.DidYouMean(n.Text, tables) {
		d.WithHint("there are %s", strings.Join(tables, ", "))
	}
}

// tableNames are the names by which a query and what is in it call tables.
func tableNames(q *sql.Select) []string {
	var out []string
	sql.Inspect(q, func(n sql.Node) bool {
		if f, ok := n.(sql.From); ok {
			if name := nameOf(f); name != "" {
				out = append(out, name)
			}
		}
		return true
	})
	return out
}

// withOptions is a table with the options that the hints behind it name: of
// several hints with options the first one counts, as in PyFlink 1.20.1. It is nil
// after a fault.
func (s *Session) withOptions(o *object, hints []*sql.Hint) *object {
	i := slices.IndexFunc(hints, func(h *sql.Hint) bool { return kindOfHint(h) == optionsHint })
	switch {
	case i < 0:
		return o
	case len(hints[i].Options) == 0:
		s.Diags.Errorf(diag.SQLSyntax, hints[i].Pos, "the hint OPTIONS names no option").
			WithHint("write OPTIONS('key' = 'value')")
		return nil
	case o.isView:
		s.Diags.Errorf(diag.RefusedByFlink, hints[i].Pos, "%q is a view, and a hint can only give options to a table", o.id).
			WithNote(o.pos, "it is declared here")
		return nil
	}
	table, hinted := *o.table, *o
	table.Options = slices.Clone(table.Options)
	for _, option := range hints[i].Options {
		key, _ := option.Key.Value.Const()
		setOption(&table, ir.Option{Key: key, Value: option.Value.Value, Pos: option.Value.Pos})
	}
	nameConnector(&table)
	hinted.table, hinted.reported = &table, map[role]bool{}
	return &hinted
}

// checkRetentions reports a hint STATE_TTL that names no table of the query or no
// length of time.
func (s *Session) checkRetentions(h *sql.Hint, tables []string) {
	if len(h.Options) == 0 {
		s.Diags.Errorf(diag.SQLSyntax, h.Pos, "the hint STATE_TTL names no table").
			WithHint("write STATE_TTL('%s' = '1 d')", tables[0])
	}
	for _, o := range h.Options {
		name, _ := o.Key.Value.Const()
		s.checkHinted(sql.Name{Text: name, Pos: o.Key.Pos}, tables)
		text, known := o.Value.Value.Const()
		if !known {
			s.Diags.Errorf(diag.InputSymbolic, o.Value.Pos, "for how long state is kept is %s: it must be known when the job is built", o.Value.Value.Display())
		} else if _, err := retentionOf(text); err != nil {
			s.Diags.Errorf(diag.OptionValue, o.Value.Pos, "%v", err).WithHint("write a whole number and a unit: '12 h'")
		}
	}
}

// retentions are what the hints of a query say, by the names of tables. Of several
// hints about one the first counts, as in PyFlink 1.20.1.
func retentions(hints []*sql.Hint) map[string]ir.Retention {
	out := map[string]ir.Retention{}
	for _, h := range slices.Backward(hints) {
		if kindOfHint(h) != ttlHint {
			continue
		}
		for _, o := range h.Options {
			name, _ := o.Key.Value.Const()
			text, _ := o.Value.Value.Const()
			out[name], _ = retentionOf(text) // checked
		}
	}
	return out
}

// retentionOf reads a length of time for which state is kept; none is forever.
func retentionOf(text string) (ir.Retention, error) {
	length, err := conn.ParseDuration(text)
	if length == 0 {
		return ir.KeepForever, err
	}
	return ir.Retention(length.Milliseconds()), err
}

// retain gives the joins of a FROM the retentions of the tables that they join.
func retain(f sql.From, rel ir.Rel, of map[string]ir.Retention) {
	join, ok := f.(*sql.Join)
	j, isJoin := rel.(*ir.Join)
	if !ok || !isJoin {
		return
	}
	for i, side := range []sql.From{join.Left, join.Right} {
		j.Retention[i] = of[nameOf(side)]
		retain(side, j.Inputs()[i], of)
	}
}

// nameOf is what a query calls a table of its FROM; empty for a join.
func nameOf(f sql.From) string {
	switch f := f.(type) {
	case *sql.FromTable:
		return cmp.Or(f.Alias.Text, f.Table.Parts[len(f.Table.Parts)-1].Text)
	case *sql.FromQuery:
		return f.Alias.Text
	}
	return ""
}
