package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir/diag"
)

// alter is ALTER TABLE, VIEW, DATABASE or CATALOG.
func (s *Session) alter(st *sql.Alter) {
	switch st.Kind {
	case sql.DatabaseObject:
		s.alterDatabase(st)
		return
	case sql.CatalogObject:
		s.alterCatalog(st)
		return
	}
	switch a := st.Action.(type) {
	case *sql.AddPartitions:
		s.addPartitions(st.Name, a)
		return
	case *sql.DropPartitions:
		s.dropPartitions(st.Name, a)
		return
	case *sql.Compact:
		s.compact(st.Name, a, st.IfExists)
		return
	}
	key, ok := s.key(st.Name)
	if !ok {
		return
	}
	o := s.permanent[key]
	switch {
	case o == nil && st.IfExists:
		return
	case o == nil && s.temporary[key] != nil:
		s.Diags.Errorf(diag.UnknownTable, st.Name.Pos, "%q is temporary, and ALTER is for what isn't", key)
		return
	case o == nil:
		s.lookup(st.Name) // reports it
		return
	case o.unknown():
		return
	case o.isView != (st.Kind == sql.ViewObject):
		s.Diags.Errorf(diag.UnknownTable, st.Name.Pos, "%q is a %s", key, map[bool]string{true: "view", false: "table"}[o.isView])
		return
	}
	switch a := st.Action.(type) {
	case *sql.RenameTo:
		s.renameObject(o, a)
	case *sql.AsQuery:
		if in, written := s.bindView(a.Query); in != nil {
			o.view, o.query = in, written
		}
	default:
		s.redeclare(o, a)
	}
}

func (s *Session) alterDatabase(st *sql.Alter) {
	_, d := s.databaseOf(st.Name.Parts)
	if a, ok := st.Action.(*sql.SetOptions); ok && d != nil {
		d.options = withOptions(d.options, a.Options)
	}
}

// renameObject gives a table or view another name in its database.
func (s *Session) renameObject(o *object, a *sql.RenameTo) {
	to := o.id
	to.name = a.Name.Parts[len(a.Name.Parts)-1].Text
	if old := s.permanent[to]; old != nil {
		s.Diags.Errorf(diag.DuplicateName, a.Name.Pos, "a table or view %q exists already", to).WithNote(old.pos, "it is declared here")
		return
	}
	delete(s.permanent, o.id)
	renamed := *o
	renamed.id = to
	if o.table != nil {
		table := *o.table
		table.Name = to.String()
		renamed.table = &table
	}
	s.permanent[to] = &renamed
}

// redeclare declares a table anew, changed by an action.
func (s *Session) redeclare(o *object, action sql.Action) {
	d := *o.declared
	d.Columns = slices.Clone(d.Columns)
	if !s.changeDeclaration(o, &d, action) {
		return
	}
	before := len(s.Diags.Sorted())
	changed := s.declare(o.id, &d)
	changed.partitions = o.partitions
	if len(s.Diags.Sorted()) == before {
		s.permanent[o.id] = changed
	}
}

// changeDeclaration does an action on a declaration; it reports whether it
// could.
func (s *Session) changeDeclaration(o *object, d *sql.CreateTable, action sql.Action) bool {
	switch a := action.(type) {
	case *sql.SetOptions:
		d.Options = withOptions(d.Options, a.Options)
	case *sql.ResetOptions:
		return s.resetOptions(d, a)
	case *sql.RenameColumn:
		return s.renameColumn(o, d, a)
	case *sql.DropColumns:
		return s.dropColumns(o, d, a)
	case *sql.DropPart:
		return s.dropPart(o, d, a)
	case *sql.ChangeSchema:
		return s.changeSchema(o, d, a)
	case *sql.ChangeDistribution:
		return s.changeDistribution(o, d, a)
	}
	return true
}

// withOptions are options with others over them.
func withOptions(options, over []sql.Option) []sql.Option {
	out := slices.Clone(options)
	for _, o := range over {
		key := o.Key.Value.Display()
		if i := slices.IndexFunc(out, func(p sql.Option) bool { return p.Key.Value.Display() == key }); i >= 0 {
			out[i] = o
		} else {
			out = append(out, o)
		}
	}
	return out
}

func (s *Session) resetOptions(d *sql.CreateTable, a *sql.ResetOptions) bool {
	for _, k := range a.Keys {
		key := k.Value.Display()
		if key == "connector" {
			s.Diags.Errorf(diag.OptionMissing, k.Pos, "a table can't do without the option 'connector'")
			return false
		}
	}
	d.Options = withoutOptions(d.Options, a.Keys)
	return true
}

// withoutOptions are options but those of some keys.
func withoutOptions(options []sql.Option, keys []*sql.String) []sql.Option {
	return slices.DeleteFunc(slices.Clone(options), func(o sql.Option) bool {
		return slices.ContainsFunc(keys, func(k *sql.String) bool { return k.Value.Display() == o.Key.Value.Display() })
	})
}

// columnOf finds a column by a name of one part, or reports that there is none.
func (s *Session) columnOf(o *object, d *sql.CreateTable, path []sql.Name) int {
	if len(path) > 1 {
		(&binder{s: s}).planned(path[0].Pos, "sql", "ALTER TABLE of nested columns")
		return -1
	}
	i := slices.IndexFunc(d.Columns, func(c *sql.Column) bool { return c.Name.Text == path[0].Text })
	if i < 0 {
		(&binder{s: s, scope: o.scope(o.columns), clause: "ALTER TABLE"}).unknownColumn(path[0], nil)
	}
	return i
}

func (s *Session) renameColumn(o *object, d *sql.CreateTable, a *sql.RenameColumn) bool {
	i := s.columnOf(o, d, a.Column)
	if i < 0 || !s.unused(d, a.Column[0], "renamed") {
		return false
	}
	c := *d.Columns[i]
	c.Name = a.Name
	d.Columns[i] = &c
	rename := func(names []sql.Name) []sql.Name {
		out := slices.Clone(names)
		for i := range out {
			if out[i].Text == a.Column[0].Text {
				out[i] = a.Name
			}
		}
		return out
	}
	if d.PrimaryKey != nil {
		k := *d.PrimaryKey
		k.Columns = rename(k.Columns)
		d.PrimaryKey = &k
	}
	d.PartitionBy = rename(d.PartitionBy)
	return true
}

func (s *Session) dropColumns(o *object, d *sql.CreateTable, a *sql.DropColumns) bool {
	for _, path := range a.Columns {
		i := s.columnOf(o, d, path.Parts)
		if i < 0 {
			return false
		}
		name := path.Parts[0]
		d.Columns = slices.Delete(d.Columns, i, i+1)
		keyed := d.PrimaryKey != nil && slices.ContainsFunc(d.PrimaryKey.Columns, func(n sql.Name) bool { return n.Text == name.Text })
		if keyed || slices.ContainsFunc(d.PartitionBy, func(n sql.Name) bool { return n.Text == name.Text }) {
			s.Diags.Errorf(diag.UnknownColumn, name.Pos, "column %q is part of a key, so it can't be dropped", name.Text)
			return false
		}
		if !s.unused(d, name, "dropped") {
			return false
		}
	}
	return true
}

// unused reports whether no computed column and no watermark is computed of a
// column.
func (s *Session) unused(d *sql.CreateTable, name sql.Name, what string) bool {
	uses := func(x sql.Expr) bool {
		found := false
		sql.Inspect(x, func(n sql.Node) bool {
			id, ok := n.(*sql.Ident)
			found = found || ok && id.Parts[0].Text == name.Text
			return true
		})
		return found
	}
	by := ""
	for _, c := range d.Columns {
		if c.Kind == sql.Computed && uses(c.Expr) {
			by = "column " + c.Name.Text
		}
	}
	if b := d.DistributeBy; b != nil && slices.ContainsFunc(b.Columns, func(n sql.Name) bool { return n.Text == name.Text }) {
		by = "the DISTRIBUTION"
	}
	if w := d.Watermark; w != nil && (w.Column[0].Text == name.Text || uses(w.Expr)) {
		by = "the WATERMARK"
	}
	if by != "" {
		s.Diags.Errorf(diag.UnknownColumn, name.Pos, "%s is computed of column %q, so it can't be %s", by, name.Text, what)
	}
	return by == ""
}

func (s *Session) dropPart(o *object, d *sql.CreateTable, a *sql.DropPart) bool {
	missing := func() bool {
		s.Diags.Errorf(diag.UnknownColumn, a.Pos, "table %q has no %s to drop", o.id, a.Part).WithNote(o.pos, "it is declared here")
		return false
	}
	if a.Part == "WATERMARK" {
		if d.Watermark == nil {
			return missing()
		}
		d.Watermark = nil
		return true
	}
	k := d.PrimaryKey
	if k == nil || a.Name.Text != "" && a.Name.Text != k.Name.Text {
		return missing()
	}
	for i, c := range d.Columns { // which stay NOT NULL
		if slices.ContainsFunc(k.Columns, func(n sql.Name) bool { return n.Text == c.Name.Text }) {
			changed := *c
			changed.Type.Nullable = false
			d.Columns[i] = &changed
		}
	}
	d.PrimaryKey = nil
	return true
}

// changeSchema is ADD or MODIFY of columns, key and watermark.
func (s *Session) changeSchema(o *object, d *sql.CreateTable, a *sql.ChangeSchema) bool {
	for _, c := range a.Columns {
		if len(c.Path) > 1 {
			return s.columnOf(o, d, c.Path) >= 0
		}
		at := len(d.Columns)
		if a.Modify {
			i := s.columnOf(o, d, []sql.Name{c.Name})
			if i < 0 {
				return false
			}
			at = i
			d.Columns = slices.Delete(d.Columns, i, i+1)
		}
		switch {
		case c.First:
			at = 0
		case len(c.After) > 0:
			i := s.columnOf(o, d, c.After)
			if i < 0 {
				return false
			}
			at = i + 1
		}
		d.Columns = slices.Insert(d.Columns, at, c)
	}
	ok := true
	if a.PrimaryKey != nil {
		ok = s.changes(o, a, "PRIMARY KEY", d.PrimaryKey != nil) && ok
		d.PrimaryKey = a.PrimaryKey
	}
	if a.Watermark != nil {
		ok = s.changes(o, a, "WATERMARK", d.Watermark != nil) && ok
		d.Watermark = a.Watermark
	}
	return ok
}

// changes reports whether a part may be added, or modified: it must not be
// there yet, or must be.
func (s *Session) changes(o *object, a *sql.ChangeSchema, part string, there bool) bool {
	switch {
	case there && !a.Modify:
		s.Diags.Errorf(diag.DuplicateName, a.Pos, "table %q has a %s already", o.id, part).WithHint("MODIFY changes it")
	case !there && a.Modify:
		s.Diags.Errorf(diag.UnknownColumn, a.Pos, "table %q has no %s yet", o.id, part).WithHint("ADD makes one")
	default:
		return true
	}
	return false
}
