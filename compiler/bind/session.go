package bind

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// The names of the catalog and the database that a script starts in; there
// are no others.
const (
	DefaultCatalog  = "default_catalog"
	DefaultDatabase = "default_database"
)

// Session is the catalog of one script's table environment.
type Session struct {
	// Diags takes the faults of everything that is bound.
	Diags *diag.List

	permanent map[string]*object
	temporary map[string]*object // found before permanent ones
	functions map[string]*ir.UDF // by name in lower case
	named     map[string]*ir.UDF // by their own names

	replaced []*replacement
}

// object is a table or view.
type object struct {
	name string
	pos  diag.Pos
	// table is set for a table, with what a query sees of it, and what a sink
	// may be given: positions in columns.
	table    *ir.Table
	columns  types.Schema
	writable []int
	reported map[role]bool // faults of its options are reported once per role
	// view is set for a view; nil for one whose faults have been reported, of
	// which nothing is known.
	view   ir.Rel
	isView bool
}

// scope is the object's columns as the expressions of its declaration find
// them.
func (o *object) scope(columns types.Schema) scope {
	path := []string{DefaultCatalog, DefaultDatabase, o.name}
	return scope{schema: columns, tables: []scopeTable{{path, 0, len(columns), o.pos}}}
}

// unknown reports whether faults in the declaration have been reported, so
// that its use is none.
func (o *object) unknown() bool { return o.isView && o.view == nil }

// NewSession returns a session with an empty catalog.
func NewSession(diags *diag.List) *Session {
	return &Session{
		Diags:     diags,
		permanent: map[string]*object{},
		temporary: map[string]*object{},
		functions: map[string]*ir.UDF{},
		named:     map[string]*ir.UDF{},
	}
}

// Register makes a Python function known under a name, in place of any that
// has it.
func (s *Session) Register(name string, u *ir.UDF) {
	s.tellApart(u)
	s.functions[strings.ToLower(name)] = u
}

// tellApart gives a function a name that no other one has: lambdas, or
// functions of several modules, may share theirs, but expressions with equal
// texts are taken for equal.
func (s *Session) tellApart(u *ir.UDF) {
	for i, own := 2, u.Name; s.named[u.Name] != nil && s.named[u.Name] != u; i++ {
		u.Name = fmt.Sprintf("%s#%d", own, i)
	}
	s.named[u.Name] = u
}

// Function returns the registered function of that name.
func (s *Session) Function(name string) (*ir.UDF, bool) {
	u, ok := s.functions[strings.ToLower(name)]
	return u, ok
}

// DropFunction forgets a registered function; it reports whether there was
// one.
func (s *Session) DropFunction(name string) bool {
	_, ok := s.Function(name)
	delete(s.functions, strings.ToLower(name))
	return ok
}

// CreateView makes a relation known under a name: create_temporary_view,
// register_table. A view that is temporary hides a table of its name. A nil
// relation stands for a declaration whose faults have been reported: whatever
// uses the name is silently unknown.
func (s *Session) CreateView(path sql.Path, in ir.Rel, temporary bool) {
	if key, ok := s.key(path); ok {
		s.define(key, &object{name: key, pos: path.Pos, view: in, isView: true}, temporary, false)
	}
}

// define puts an object into the catalog. orExists keeps one that is there
// without a fault.
func (s *Session) define(key string, o *object, temporary, orExists bool) {
	space := s.permanent
	if temporary {
		space = s.temporary
	}
	if old := space[key]; old != nil && !old.unknown() {
		if !orExists {
			s.Diags.Errorf(diag.DuplicateName, o.pos, "a table or view %q exists already", key).
				WithNote(old.pos, "it is declared here").
				WithHint("drop it first, or say IF NOT EXISTS")
		}
		return
	}
	space[key] = o
}

// lookup finds a table or view, or reports that there is none.
func (s *Session) lookup(path sql.Path) *object {
	key, ok := s.key(path)
	if !ok {
		return nil
	}
	if o := s.find(key); o != nil {
		return o
	}
	d := s.Diags.Errorf(diag.UnknownTable, path.Pos, "no table or view is called %q", key)
	names := s.Tables()
	if near := diag.Nearest(key, names); near != "" {
		d.WithHint("did you mean %s?", near)
	} else if len(names) > 0 {
		d.WithHint("there are %s", strings.Join(names, ", "))
	}
	return nil
}

func (s *Session) find(key string) *object {
	if o := s.temporary[key]; o != nil {
		return o
	}
	return s.permanent[key]
}

// Tables lists the names of all tables and views in order.
func (s *Session) Tables() []string {
	var names []string
	for _, space := range []map[string]*object{s.temporary, s.permanent} {
		for n := range space {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// key is the last name of a path whose catalog and database are the default
// ones; others are reported.
func (s *Session) key(path sql.Path) (string, bool) {
	n := len(path.Parts) - 1
	given := path.Parts[:n]
	defaults := []string{DefaultCatalog, DefaultDatabase}
	if n > len(defaults) {
		s.Diags.Errorf(diag.UnknownTable, path.Pos, "a path has at most a catalog, a database and a name")
		return "", false
	}
	for i, name := range defaults[len(defaults)-n:] {
		if given[i].Text != name {
			s.Diags.Errorf(diag.UnknownTable, given[i].Pos, "no catalog or database is called %q", given[i].Text).
				WithHint("did you mean %s?", name)
			return "", false
		}
	}
	return path.Parts[n].Text, true
}

// From reads a table or view.
func (s *Session) From(path sql.Path) ir.Rel {
	o := s.lookup(path)
	switch {
	case o == nil:
		return nil
	case o.isView:
		return o.view
	}
	s.checkOptions(o, source)
	scan := ir.NewScan(o.table, s.sourceMode(o.table), path.Pos)
	scan.Schema = o.columns
	return scan
}

// Drop removes what the statement names.
func (s *Session) Drop(d *sql.Drop) {
	if d.Kind == sql.FunctionObject {
		name := d.Name.Parts[len(d.Name.Parts)-1].Text
		if !s.DropFunction(name) && !d.IfExists {
			s.unknownFunction(d.Name.Pos, name)
		}
		return
	}
	key, ok := s.key(d.Name)
	if !ok {
		return
	}
	space := s.permanent
	if d.Temporary {
		space = s.temporary
	}
	o := space[key]
	switch {
	case o != nil && o.isView == (d.Kind == sql.ViewObject):
		delete(space, key)
	case d.IfExists:
	case o == nil && !d.Temporary && s.temporary[key] != nil:
		s.Diags.Errorf(diag.UnknownTable, d.Name.Pos, "%q is temporary", key).WithHint("DROP TEMPORARY %s %s", d.Kind, key)
	default:
		s.Diags.Errorf(diag.UnknownTable, d.Name.Pos, "no %s is called %q", strings.ToLower(d.Kind.String()), key)
	}
}

// Outcome is what a statement asks of the caller, besides what it changed in
// the catalog. At most one field is set.
type Outcome struct {
	Query    ir.Rel   // of a SELECT or VALUES
	Sink     *ir.Sink // of an INSERT
	Set      *sql.Set
	Function *sql.CreateFunction // to be imported and registered
}

// Execute binds a statement. The outcome is empty where a fault was reported.
func (s *Session) Execute(stmt sql.Stmt) Outcome {
	if !s.runnable(stmt) {
		s.defineUnknown(stmt)
		return Outcome{}
	}
	switch st := stmt.(type) {
	case *sql.CreateTable:
		s.CreateTable(st)
	case *sql.CreateView:
		s.createView(st)
	case *sql.CreateFunction:
		return Outcome{Function: st}
	case *sql.Drop:
		s.Drop(st)
	case *sql.Set:
		return Outcome{Set: st}
	case *sql.Insert:
		if sink := s.insert(st); sink != nil {
			return Outcome{Sink: sink}
		}
	case sql.Query:
		return Outcome{Query: s.bindQuery(st, environment{})}
	}
	return Outcome{}
}

// defineUnknown makes what a refused statement would have defined known by
// name, so that its use is no fault.
func (s *Session) defineUnknown(stmt sql.Stmt) {
	table := func(path sql.Path, temporary bool) {
		if key, ok := s.key(path); ok {
			s.define(key, &object{name: key, pos: path.Pos, isView: true}, temporary, true)
		}
	}
	switch st := stmt.(type) {
	case *sql.CreateTable:
		table(st.Name, st.Temporary)
	case *sql.CreateView:
		table(st.Name, st.Temporary)
	case *sql.CreateMaterializedTable:
		table(st.Name, false)
	case *sql.CreateFunction:
		name := st.Name.Parts[len(st.Name.Parts)-1].Text
		s.Register(name, &ir.UDF{Name: name})
	}
}

// createView binds CREATE VIEW.
func (s *Session) createView(v *sql.CreateView) {
	key, ok := s.key(v.Name)
	if !ok {
		return
	}
	in := s.bindQuery(v.Query, environment{})
	if len(v.Columns) > 0 {
		in = s.rename(in, "the view", v.Columns, v.Name.Pos)
	}
	s.define(key, &object{name: key, pos: v.Name.Pos, view: in, isView: true}, v.Temporary, v.IfNotExists)
}
