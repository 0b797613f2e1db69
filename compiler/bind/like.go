package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir/diag"
)

// like puts a declaration together of that of another table and its own: CREATE
// TABLE … LIKE. It is nil where a fault was reported.
func (s *Session) like(c *sql.CreateTable) *sql.CreateTable {
	o := s.lookup(c.Like.Table)
	switch {
	case o == nil || o.unknown():
		return nil
	case o.isView:
		s.Diags.Errorf(diag.UnknownTable, c.Like.Table.Pos, "%q is a view; LIKE is for tables", o.id)
		return nil
	}
	m := &merge{s: s, base: o.declared, own: c, strategy: strategies(c.Like)}
	out := *c
	out.Like = nil
	out.Columns = m.columns()
	out.PrimaryKey = m.primaryKey()
	out.Watermark = m.watermark()
	out.PartitionBy = m.partitions()
	out.DistributeBy = m.distribution()
	out.Options = m.options()
	return &out
}

// What LIKE does with the parts of a table where it isn't told: OPTIONS of equal
// keys are the new table's, of the rest a second one is a fault.
func strategies(l *sql.TableLike) func(part string) string {
	given := map[string]string{"OPTIONS": "OVERWRITING"}
	for _, o := range l.Options {
		if o.Part == "ALL" {
			given = map[string]string{}
		}
	}
	all := "INCLUDING"
	for _, o := range l.Options {
		if o.Part == "ALL" {
			all = o.Strategy
		} else {
			given[o.Part] = o.Strategy
		}
	}
	return func(part string) string {
		if st, ok := given[part]; ok {
			return st
		}
		return all
	}
}

// merge joins the declarations of two tables.
type merge struct {
	s         *Session
	base, own *sql.CreateTable
	strategy  func(part string) string
}

// taken reports a part that both tables declare, which INCLUDING doesn't allow.
func (m *merge) taken(pos diag.Pos, part, what string) bool {
	if m.strategy(part) != "INCLUDING" {
		return false
	}
	m.s.Diags.Errorf(diag.DuplicateName, pos, "the table of LIKE has %s already", what).WithHint("EXCLUDING %s leaves it out", part)
	return true
}

func (m *merge) columns() []*sql.Column {
	var out []*sql.Column
	part := map[sql.ColumnKind]string{sql.Computed: "GENERATED", sql.Metadata: "METADATA"}
	for _, c := range m.base.Columns {
		if c.Kind == sql.Physical || m.strategy(part[c.Kind]) != "EXCLUDING" {
			out = append(out, c)
		}
	}
	for _, c := range m.own.Columns {
		i := slices.IndexFunc(out, func(d *sql.Column) bool { return d.Name.Text == c.Name.Text })
		if i >= 0 && c.Kind != sql.Physical && out[i].Kind == c.Kind && m.strategy(part[c.Kind]) == "OVERWRITING" {
			out[i] = c
			continue
		}
		out = append(out, c) // a name that is there is reported with the declaration
	}
	return out
}

func (m *merge) primaryKey() *sql.PrimaryKey {
	switch base, own := m.base.PrimaryKey, m.own.PrimaryKey; {
	case base == nil || m.strategy("CONSTRAINTS") == "EXCLUDING":
		return own
	case own != nil && m.taken(own.Pos, "CONSTRAINTS", "a primary key"):
		return own
	default:
		return base
	}
}

func (m *merge) watermark() *sql.Watermark {
	switch base, own := m.base.Watermark, m.own.Watermark; {
	case base == nil || m.strategy("WATERMARKS") == "EXCLUDING":
		return own
	case own == nil:
		return base
	default:
		m.taken(own.Pos, "WATERMARKS", "a watermark")
		return own
	}
}

// partitions are the table's own or those of the other one, even where they are
// excluded, as in PyFlink 1.20.1.
func (m *merge) partitions() []sql.Name {
	if len(m.own.PartitionBy) == 0 {
		return m.base.PartitionBy
	}
	if len(m.base.PartitionBy) > 0 {
		m.taken(m.own.PartitionBy[0].Pos, "PARTITIONS", "partitions")
	}
	return m.own.PartitionBy
}

func (m *merge) options() []sql.Option {
	if m.strategy("OPTIONS") == "EXCLUDING" {
		return m.own.Options
	}
	out := slices.Clone(m.base.Options)
	for _, o := range m.own.Options {
		key := o.Key.Value.Display()
		i := slices.IndexFunc(out, func(p sql.Option) bool { return p.Key.Value.Display() == key })
		switch {
		case i < 0:
			out = append(out, o)
		case !m.taken(o.Key.Pos, "OPTIONS", "an option '"+key+"'"):
			out[i] = o
		}
	}
	return out
}
