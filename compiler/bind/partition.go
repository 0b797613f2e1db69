package bind

import (
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// staticPartition is a PARTITION clause with values: columns of the sink that are
// the same in all rows of an INSERT.
type staticPartition struct {
	columns []int // in the sink
	values  []ir.Expr
	names   []string
	texts   []string // "dt=2020"
}

func (p staticPartition) has(i int) bool { return slices.Contains(p.columns, i) }

// extend adds the values to a query's columns, and their columns to the targets.
func (p staticPartition) extend(in ir.Rel, targets []int) (ir.Rel, []int) {
	if len(p.columns) == 0 {
		return in, targets
	}
	var columns []ir.Expr
	schema := in.P().Schema
	for i := range schema {
		columns = append(columns, ir.NewColumnRef(schema, i, in.P().Pos))
	}
	names := append(schema.Names(), p.names...)
	return ir.NewProject(ir.Clone(in), append(columns, p.values...), names, in.P().Pos), append(slices.Clone(targets), p.columns...)
}

// partition binds the PARTITION clause of an INSERT.
func (s *Session) partition(o *object, st *sql.Insert) (p staticPartition, ok bool) {
	ok = true
	b := &binder{s: s, clause: "PARTITION"}
	for _, a := range st.Partition {
		i := o.columns.Index(a.Column.Text)
		switch {
		case i < 0 || !slices.Contains(o.table.PartitionBy, slices.Index(o.writable, i)):
			ok = false
			d := s.Diags.Errorf(diag.UnknownColumn, a.Column.Pos, "table %q isn't partitioned by a column %q", o.id, a.Column.Text).
				WithNote(o.pos, "the table is declared here")
			d.DidYouMean(a.Column.Text, s.partitionNames(o))
			continue
		case p.has(i):
			ok = false
			s.Diags.Errorf(diag.DuplicateName, a.Column.Pos, "column %q is named twice", a.Column.Text)
			continue
		}
		e := b.expr(a.X)
		c, constant := e.(*ir.Const)
		if !constant || !e.Type().Valid() {
			ok = false
			if e.Type().Valid() {
				s.Diags.Errorf(diag.FunctionArgument, a.X.Where(), "the value of a partition is a literal")
			}
			continue
		}
		text := c.Literal()
		if v, isText := c.Value.(string); isText {
			text = v
		}
		want := o.columns[i].Type
		p.columns, p.values = append(p.columns, i), append(p.values, ir.NewCast(e, want, false, false, a.X.Where()))
		p.names, p.texts = append(p.names, a.Column.Text), append(p.texts, a.Column.Text+"="+text)
	}
	slices.SortFunc(p.texts, func(a, b string) int { return partitionPlace(o, a) - partitionPlace(o, b) })
	return p, ok
}

// partitionPlace is where the column of "dt=2020" stands in PARTITIONED BY.
func partitionPlace(o *object, text string) int {
	name, _, _ := strings.Cut(text, "=")
	return slices.IndexFunc(o.table.PartitionBy, func(i int) bool { return o.table.Columns[i].Name == name })
}

func (s *Session) partitionNames(o *object) []string {
	var names []string
	for _, i := range o.table.PartitionBy {
		names = append(names, o.columns[o.writable[i]].Name)
	}
	return names
}
