package ir

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pyfc/ir/types"
)

// Print renders a plan: one line per relation with its row kinds, unique keys
// and columns, inputs indented below their consumer.
//
//	Sink stats connector=jdbc key=(province) [I,UA] unique=(province)
//	  Aggregate group=(province) calls=(COUNT(*)) coalesced [I,UA] unique=(province) : (province STRING, n BIGINT NOT NULL)
//	    …
//
// A relation with several consumers is printed below each, with its number.
// Parse reads it back. Source positions, operators' names and labels aren't
// printed.
func Print(rel Rel) string {
	var b strings.Builder
	printRel(&b, rel, 0)
	return b.String()
}

func printRel(b *strings.Builder, rel Rel, depth int) {
	p := rel.P()
	b.WriteString(strings.Repeat("  ", depth) + Line(rel))
	fmt.Fprintf(b, " [%s]", p.Mode)
	for _, k := range p.Keys {
		b.WriteString(" unique=" + k.Names(p.Schema))
	}
	if p.Shared > 0 {
		fmt.Fprintf(b, " shared=%d", p.Shared)
	}
	if rel.Op() != OpSink { // its columns are the input's
		b.WriteString(" : " + p.Schema.String())
	}
	b.WriteByte('\n')
	for _, in := range rel.Inputs() {
		printRel(b, in, depth+1)
	}
}

func (t *Table) text() string { return types.Name(t.Name) + " connector=" + word(t.Connector) }

// word prints the name of a connector or format, in which a hyphen between
// words needs no quotes.
func word(s string) string {
	for _, part := range strings.Split(s, "-") {
		if types.Name(part) != part {
			return types.Quote(s, '`')
		}
	}
	return s
}

// Line is the relation with what it does, without properties and inputs.
func Line(rel Rel) string {
	if s := detail(rel); s != "" {
		return rel.Op().String() + " " + s
	}
	return rel.Op().String()
}

func detail(rel Rel) string {
	switch r := rel.(type) {
	case *Scan:
		return r.text()
	case *Values:
		return r.text()
	case *Project:
		return "(" + exprList(r.Columns) + ")"
	case *Filter:
		return "(" + r.Cond.String() + ")"
	case *Bridge:
		parts := make([]string, len(r.Calls))
		for i, c := range r.Calls {
			parts[i] = c.String()
		}
		return "(" + strings.Join(parts, ", ") + ")"
	case *Exchange:
		return "hash=" + r.Key.Names(r.In.P().Schema)
	case *Expand:
		lists := make([]string, len(r.Projects))
		for i, p := range r.Projects {
			lists[i] = "(" + exprList(p) + ")"
		}
		text := strings.Join(lists, ", ")
		if r.Times != nil {
			text += " times=" + r.Times.String()
		}
		return text
	case *Aggregate:
		return r.text()
	case *Watermark:
		return r.text()
	case *Window:
		return r.text()
	case *Correlate:
		return r.text()
	case *Join:
		return r.text()
	case *Sort:
		return r.text()
	case *Over:
		return r.text()
	case *Rank:
		return r.text()
	case *Normalize:
		return "key=" + r.Key.Names(r.In.P().Schema)
	case *Materialize:
		return r.text()
	case *Sink:
		return r.text()
	}
	return ""
}

func (s *Sink) text() string {
	text := s.Table.text()
	if s.Overwrite {
		text += " overwrite"
	}
	if s.Static != nil {
		quoted := make([]string, len(s.Static))
		for i, v := range s.Static {
			quoted[i] = types.Quote(v, '\'')
		}
		text += " partition=(" + strings.Join(quoted, ", ") + ")"
	}
	if s.Key != nil {
		text += " key=" + s.Key.Names(s.Table.Schema())
	}
	if s.DropNulls {
		text += " nulls=drop"
	}
	if s.FitLengths {
		text += " lengths=fit"
	}
	return text
}

// text is the rows; the types of their values are those of the columns.
func (v *Values) text() string {
	rows := make([]string, len(v.Rows))
	for i, row := range v.Rows {
		values := make([]string, len(row))
		for j, c := range row {
			values[j] = c.Literal()
		}
		rows[i] = "(" + strings.Join(values, ", ") + ")"
	}
	return strings.Join(rows, ", ")
}

func (a *Aggregate) text() string {
	in := a.In.P().Schema
	parts := make([]string, len(a.Calls))
	for i, c := range a.Calls {
		parts[i] = c.text(in)
	}
	s := "group=" + Key(a.Group).Names(in) + " calls=(" + strings.Join(parts, ", ") + ")"
	if a.Coalesce {
		s += " coalesced"
	}
	return s + a.Window.text(a.Schema[:len(a.Group)]) + retentionText(a.Retention)
}

// retentionText is the retentions of an operator's inputs, or nothing where no hint
// says something.
func retentionText(of ...Retention) string {
	if !slices.ContainsFunc(of, func(r Retention) bool { return r != 0 }) {
		return ""
	}
	parts := make([]string, len(of))
	for i, r := range of {
		parts[i] = strconv.FormatInt(int64(r), 10)
	}
	return " ttl=(" + strings.Join(parts, ", ") + ")"
}

func (j *Join) text() string {
	s := j.Kind.String()
	if len(j.Equi) > 0 {
		parts := make([]string, len(j.Equi))
		for i, k := range j.Equi {
			equal := " = "
			if k.NullSafe {
				equal = " IS NOT DISTINCT FROM "
			}
			parts[i] = columnName(k.Left, j.Left.P().Schema) + equal + columnName(k.Right, j.Right.P().Schema)
		}
		s += " on=(" + strings.Join(parts, ", ") + ")"
	}
	if j.Cond != nil {
		s += " (" + j.Cond.String() + ")"
	}
	switch {
	case j.Window != nil:
		s += " windowed"
	case j.Interval != nil:
		s += fmt.Sprintf(" within=(%d, %d)", j.Interval.From, j.Interval.To)
	}
	return s + retentionText(j.Retention[:]...)
}

func (c AggCall) text(in types.Schema) string {
	args := "*"
	if len(c.Args) > 0 {
		args = columnNames(c.Args, in)
	}
	if c.Distinct {
		args = "DISTINCT " + args
	}
	name := c.Fn
	if c.UDF != nil {
		name = functionName(c.UDF.Name)
	}
	s := name + "(" + args + ")"
	if c.Filter >= 0 {
		s += " FILTER (" + columnName(c.Filter, in) + ")"
	}
	if c.Monotone {
		s += " monotone"
	}
	return s
}

// Names prints the key with the schema's column names: "(a, b)".
func (k Key) Names(s types.Schema) string { return "(" + columnNames(k, s) + ")" }

func columnNames(columns []int, s types.Schema) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = columnName(c, s)
	}
	return strings.Join(names, ", ")
}

// columnName is a column's name, with its position where an earlier column has
// the same name.
func columnName(i int, s types.Schema) string {
	name := types.Name(s[i].Name)
	if s.Index(s[i].Name) != i {
		name += "#" + strconv.Itoa(i)
	}
	return name
}
