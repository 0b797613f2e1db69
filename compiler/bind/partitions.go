package bind

import (
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir/diag"
)

// What the catalog knows of a table's partitions is what ALTER TABLE says of
// them; no query and no INSERT asks it. So PyFlink 1.20.1's catalogs in memory.

// partitionSpec is a partition: the values of its columns, in the order in which
// ALTER TABLE names them. Two that differ in the order alone are equal.
type partitionSpec struct {
	columns []string
	values  map[string]string
}

// String is the partition as SHOW PARTITIONS names it: "dt=2020/h=1".
func (p partitionSpec) String() string {
	parts := make([]string, len(p.columns))
	for i, c := range p.columns {
		parts[i] = c + "=" + p.values[c]
	}
	return strings.Join(parts, "/")
}

func (p partitionSpec) equal(o partitionSpec) bool { return maps.Equal(p.values, o.values) }

// within reports whether the partition has all the values of another one.
func (p partitionSpec) within(o partitionSpec) bool {
	for c, v := range o.values {
		if own, ok := p.values[c]; !ok || own != v {
			return false
		}
	}
	return true
}

// partitionSpecOf reads PARTITION (column = constant, …).
func (s *Session) partitionSpecOf(values []sql.Assignment) (p partitionSpec, ok bool) {
	p.values = map[string]string{}
	for _, a := range values {
		text, isText := partitionValue(a.X)
		if !isText {
			s.Diags.Errorf(diag.FunctionArgument, a.X.Where(), "the value of a partition is a string or a number")
			return p, false
		}
		if _, twice := p.values[a.Column.Text]; !twice {
			p.columns = append(p.columns, a.Column.Text)
		}
		p.values[a.Column.Text] = text
	}
	return p, true
}

// partitionValue is the text of a constant that names a partition.
func partitionValue(x sql.Expr) (string, bool) {
	switch x := x.(type) {
	case *sql.Literal:
		if text, ok := x.Value.(string); ok {
			return text, true
		}
		return sql.QuotedExpr(x), x.Type.Numeric()
	case *sql.Call: // a number with its sign
		text, ok := partitionValue(x.Args[0])
		if x.Func == sql.OpMinus {
			text = "-" + text
		}
		return text, ok
	}
	return "", false
}

// partitionedTable finds a permanent table, or reports that there is none. A
// table without PARTITIONED BY has no partitions to speak of.
func (s *Session) partitionedTable(path sql.Path) *object {
	key, ok := s.key(path)
	if !ok {
		return nil
	}
	o := s.permanent[key]
	switch {
	case o == nil && s.temporary[key] != nil:
		s.Diags.Errorf(diag.UnknownTable, path.Pos, "%q is temporary, and a catalog knows partitions of what isn't", key)
		return nil
	case o == nil:
		s.lookup(path) // reports it
		return nil
	case o.unknown():
		return nil
	case o.isView || len(o.table.PartitionBy) == 0:
		s.notPartitioned(o, path.Pos)
		return nil
	}
	return o
}

func (s *Session) notPartitioned(o *object, pos diag.Pos) {
	s.Diags.Errorf(diag.RefusedByFlink, pos, "%q is not partitioned", o.id).WithNote(o.pos, "it is declared here").
		WithHint("PARTITIONED BY (column) in CREATE TABLE makes partitions")
}

func (s *Session) showPartitions(st *sql.Show) *Listing {
	o := s.partitionedTable(st.Name)
	if o == nil {
		return nil
	}
	of, ok := s.partitionSpecOf(st.Partition)
	if !ok {
		return nil
	}
	var names []string
	for _, p := range o.partitions {
		if p.within(of) {
			names = append(names, p.String())
		}
	}
	return column("partition name", names...)
}

// addPartitions is ALTER TABLE … ADD PARTITION.
func (s *Session) addPartitions(path sql.Path, a *sql.AddPartitions) {
	o := s.partitionedTable(path)
	if o == nil {
		return
	}
	keys := slices.Sorted(slices.Values(s.partitionNames(o)))
	for _, spec := range a.Partitions {
		p, ok := s.partitionSpecOf(spec.Values)
		there := slices.ContainsFunc(o.partitions, p.equal)
		switch {
		case !ok:
			return
		case !slices.Equal(slices.Sorted(maps.Keys(p.values)), keys):
			s.Diags.Errorf(diag.UnknownColumn, spec.Values[0].Column.Pos, "a partition of %q has a value of each of its columns: %s", o.id, strings.Join(s.partitionNames(o), ", ")).
				WithNote(o.pos, "the table is declared here")
			return
		case !there:
			o.partitions = append(o.partitions, p)
		case !a.IfNotExists:
			s.Diags.Errorf(diag.DuplicateName, spec.Values[0].Column.Pos, "partition %s of %q exists already", p, o.id).WithHint("ADD IF NOT EXISTS PARTITION")
			return
		}
	}
}

// dropPartitions is ALTER TABLE … DROP PARTITION, which names whole partitions.
func (s *Session) dropPartitions(path sql.Path, a *sql.DropPartitions) {
	key, ok := s.key(path)
	if !ok {
		return
	}
	o := s.permanent[key]
	for _, spec := range a.Partitions {
		p, ok := s.partitionSpecOf(spec.Values)
		if !ok {
			return
		}
		at := -1
		if o != nil {
			at = slices.IndexFunc(o.partitions, p.equal)
		}
		switch {
		case at >= 0:
			o.partitions = slices.Delete(o.partitions, at, at+1)
		case !a.IfExists:
			s.Diags.Errorf(diag.UnknownTable, spec.Values[0].Column.Pos, "%q has no partition %s", key, p).WithHint("SHOW PARTITIONS lists them; DROP IF EXISTS PARTITION takes it either way")
			return
		}
	}
}

// compact is ALTER TABLE … COMPACT, which PyFlink 1.20.1 does for tables that it
// manages itself alone; there are none without a connector of that kind.
func (s *Session) compact(path sql.Path, a *sql.Compact, ifExists bool) {
	key, ok := s.key(path)
	if !ok || ifExists && s.permanent[key] == nil {
		return
	}
	if s.lookup(path) != nil {
		s.Diags.Errorf(diag.RefusedByFlink, a.Pos, "PyFlink 1.20.1 refuses COMPACT: it is for tables that it manages itself, and %q has a connector", key)
	}
}
