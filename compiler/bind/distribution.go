package bind

import (
	"slices"
	"strconv"

	"pyfc/compiler/sql"
	"pyfc/ir/diag"
)

// A distribution into buckets is part of a declaration, which ALTER, LIKE and SHOW
// CREATE TABLE know; no connector of PyFlink 1.20.1's own writes buckets.

// checkDistribution reports buckets that there can't be.
func (s *Session) checkDistribution(c *sql.CreateTable) {
	d := c.DistributeBy
	if d == nil {
		return
	}
	if d.Counted && d.Buckets < 1 {
		s.Diags.Errorf(diag.OptionValue, d.Pos, "a table has at least one bucket, not %d", d.Buckets)
	}
	for _, n := range d.Columns {
		physical := func(col *sql.Column) bool { return col.Kind == sql.Physical && col.Name.Text == n.Text }
		if !slices.ContainsFunc(c.Columns, physical) {
			s.Diags.Errorf(diag.UnknownColumn, n.Pos, "a table is distributed by its physical columns, and %q is none", n.Text)
		}
	}
}

// changeDistribution is ADD, MODIFY or DROP of a distribution.
func (s *Session) changeDistribution(o *object, d *sql.CreateTable, a *sql.ChangeDistribution) bool {
	there := d.DistributeBy != nil
	switch {
	case a.Distribution == nil && !there, a.Modify && !there:
		s.Diags.Errorf(diag.UnknownColumn, a.Pos, "table %q has no distribution", o.id).WithNote(o.pos, "it is declared here")
		return false
	case a.Distribution != nil && !a.Modify && there:
		s.Diags.Errorf(diag.DuplicateName, a.Pos, "table %q has a distribution already", o.id).WithHint("MODIFY DISTRIBUTION changes it")
		return false
	}
	d.DistributeBy = a.Distribution
	return true
}

// distribution is the table's own, or that of the table of LIKE, even where it is
// excluded, as in PyFlink 1.20.1.
func (m *merge) distribution() *sql.Distribution {
	own := m.own.DistributeBy
	if own == nil {
		return m.base.DistributeBy
	}
	if m.base.DistributeBy != nil {
		m.taken(own.Pos, "DISTRIBUTION", "a distribution")
	}
	return own
}

func distributionText(d *sql.Distribution) string {
	text := "DISTRIBUTED"
	if len(d.Columns) > 0 {
		text += " BY " + d.Kind + "(" + sql.QuotedNames(d.Columns) + ")"
	}
	if d.Counted {
		text += " INTO " + strconv.Itoa(d.Buckets) + " BUCKETS"
	}
	return text + "\n"
}
