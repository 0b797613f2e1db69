package bind

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// hintKind says what a hint does.
type hintKind uint8

const (
	unrunHint   hintKind = iota + 1
	joinHint             // advises how a join is done, which changes no result: it has no effect
	optionsHint          // gives the table that it stands behind other options
)

// hints are the hints that Flink knows.
var hints = map[string]hintKind{
	"BROADCAST": joinHint, "SHUFFLE_HASH": joinHint, "SHUFFLE_MERGE": joinHint, "NEST_LOOP": joinHint,
	"LOOKUP": unrunHint, "OPTIONS": optionsHint, "STATE_TTL": unrunHint,
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
	if near := diag.Nearest(name, slices.Sorted(maps.Keys(hints))); near != "" {
		d.WithHint("did you mean %s?", near)
	}
}

// checkHints reports hints on joins that name no table of the query: PyFlink
// 1.20.1 refuses them, too.
func (s *Session) checkHints(q *sql.Select) {
	if len(q.Hints) == 0 {
		return
	}
	tables := tableNames(q)
	for _, h := range q.Hints {
		if kindOfHint(h) != joinHint {
			continue
		}
		named := h.Names
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
	if near := diag.Nearest(n.Text, tables); near != "" {
		d.WithHint("did you mean %s?", near)
	} else {
		d.WithHint("there are %s", strings.Join(tables, ", "))
	}
}

// tableNames are the names by which a query and what is in it call tables.
func tableNames(q *sql.Select) []string {
	var out []string
	sql.Inspect(q, func(n sql.Node) bool {
		switch f := n.(type) {
		case *sql.FromTable:
			if f.Alias.Text != "" {
				out = append(out, f.Alias.Text)
			} else {
				out = append(out, f.Table.Parts[len(f.Table.Parts)-1].Text)
			}
		case *sql.FromQuery:
			if f.Alias.Text != "" {
				out = append(out, f.Alias.Text)
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
