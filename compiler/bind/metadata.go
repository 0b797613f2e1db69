package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/conn/list"
)

// written are the columns that a sink is given, as positions in columns.
func (o *object) written() []int {
	var out []int
	for i, w := range o.writable {
		if !o.table.Columns[i].Virtual {
			out = append(out, w)
		}
	}
	return out
}

// sinkTable is the table as a sink has it: without virtual columns.
func (o *object) sinkTable() *ir.Table {
	virtual := func(c ir.TableColumn) bool { return c.Virtual }
	if !slices.ContainsFunc(o.table.Columns, virtual) {
		return o.table
	}
	t := *o.table
	t.Columns = nil
	place := make([]int, len(o.table.Columns))
	for i, c := range o.table.Columns {
		if place[i] = len(t.Columns); !c.Virtual {
			t.Columns = append(t.Columns, c)
		}
	}
	moved := func(k ir.Key) ir.Key {
		out := slices.Clone(k)
		for i := range out {
			out[i] = place[out[i]]
		}
		return out
	}
	t.Key, t.PartitionBy = moved(t.Key), moved(t.PartitionBy)
	return &t
}

// scan reads a table. Metadata columns come in the connector's own types and are
// converted to the declared ones. It returns nil where there is a fault in these.
func (s *Session) scan(o *object, pos diag.Pos) ir.Rel {
	known := s.metadata(o.table)
	t := *o.table
	t.Columns = slices.Clone(t.Columns)
	other := false
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Metadata == "" {
			continue
		}
		typ, ok := known.find(s.Diags, o.table, *c, source)
		if !ok {
			return nil
		}
		other = other || !typ.Equal(c.Type)
		c.Type = typ
	}
	if !other {
		return ir.NewScan(o.table, s.sourceMode(o.table), pos)
	}
	scan := ir.NewScan(&t, s.sourceMode(o.table), pos)
	var columns []ir.Expr
	for i, c := range o.table.Columns {
		e := ir.Expr(ir.NewColumnRef(scan.Schema, i, c.Pos))
		if !c.Type.Equal(scan.Schema[i].Type) {
			e = ir.NewCast(e, c.Type.WithNull(c.Type.Nullable || scan.Schema[i].Type.Nullable), false, false, c.Pos)
		}
		columns = append(columns, e)
	}
	return ir.NewProject(scan, columns, o.table.Schema().Names(), pos)
}

// encodeMetadata gives the metadata columns of what is written the connector's own
// types, where the declared ones are others.
func (s *Session) encodeMetadata(in ir.Rel, t *ir.Table, pos diag.Pos) (ir.Rel, *ir.Table) {
	known := s.metadata(t)
	out := *t
	out.Columns = slices.Clone(t.Columns)
	other := false
	var columns []ir.Expr
	for i := range out.Columns {
		c := &out.Columns[i]
		e := ir.Expr(ir.NewColumnRef(in.P().Schema, i, c.Pos))
		if c.Metadata != "" {
			typ, ok := known.find(s.Diags, t, *c, sink)
			if ok && !anyNull(typ).Equal(anyNull(c.Type)) {
				other = true
				c.Type = typ.WithNull(c.Type.Nullable)
				e = ir.NewCast(e, typ.WithNull(e.Type().Nullable), false, false, c.Pos)
			}
		}
		columns = append(columns, e)
	}
	if !other {
		return in, t
	}
	return ir.NewProject(in, columns, out.Schema().Names(), pos), &out
}

// anyNull is the type with NULL in every place.
func anyNull(t types.Type) types.Type {
	t.Nullable = true
	t.Elems = slices.Clone(t.Elems)
	for i := range t.Elems {
		t.Elems[i] = anyNull(t.Elems[i])
	}
	return t
}

// metadataList is what a connector knows of records.
type metadataList []conn.Metadata

// metadata lists what the table's connector knows of records.
func (s *Session) metadata(t *ir.Table) metadataList {
	c := &optionCheck{t: t}
	connector, ok := list.Connector(t.Connector, c.generation())
	if !ok || connector.Metadata == nil {
		return nil
	}
	into := connector.Options()
	conn.Parse(c.all(), into, c.generation()) // whose faults have been reported
	return connector.Metadata(into)
}

// find returns the connector's type of a metadata column in a role, and reports
// one that the connector doesn't have or that isn't of the declared type.
func (l metadataList) find(diags *diag.List, t *ir.Table, c ir.TableColumn, r role) (types.Type, bool) {
	var keys []string
	for _, m := range l {
		if r == source && !m.Readable || r == sink && !m.Writable {
			continue
		}
		if keys = append(keys, m.Key); m.Key != c.Metadata {
			continue
		}
		if m.Planned {
			diags.Errorf(diag.ConnPlanned, c.Pos, "metadata %q of connector %q isn't supported yet", m.Key, t.Connector).WithMissing("connector", t.Connector+" metadata")
			return types.Type{}, false
		}
		typ, faults := sql.ParseType(m.Type, sql.TextLocator(t.Name, m.Type))
		for _, f := range faults {
			diags.Add(f)
		}
		from, to := typ, c.Type
		if r == sink {
			from, to = to, from
		}
		if !types.Castable(from, to) {
			diags.Errorf(diag.TypeMismatch, c.Pos, "metadata column %q is declared as %s, but the connector's %q is %s", c.Name, c.Type, m.Key, typ)
			return typ, false
		}
		return typ, len(faults) == 0
	}
	d := diags.Errorf(diag.UnknownColumn, c.Pos, "connector %q has no metadata %q for column %q of a %s", t.Connector, c.Metadata, c.Name, r)
	if near := diag.Nearest(c.Metadata, keys); near != "" {
		d.WithHint("did you mean METADATA FROM '%s'?", near)
	}
	return types.Type{}, false
}
