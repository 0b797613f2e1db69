package bind

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir/diag"
)

// hints are the hints that Flink knows, and whether they only advise how a join
// is done, which changes no result: those are taken and have no effect.
var hints = map[string]bool{
	"BROADCAST": true, "SHUFFLE_HASH": true, "SHUFFLE_MERGE": true, "NEST_LOOP": true,
	"LOOKUP": false, "OPTIONS": false, "STATE_TTL": false,
}

// refuseHint reports a hint that Flink doesn't know.
func (s *Session) refuseHint(h *sql.Hint) {
	name := strings.ToUpper(h.Name.Text)
	if _, known := hints[name]; known {
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
		if !hints[strings.ToUpper(h.Name.Text)] {
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
