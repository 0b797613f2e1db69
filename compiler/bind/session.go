package bind

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Session is the catalog of one script's table environment.
type Session struct {
	// Diags takes the faults of everything that is bound.
	Diags *diag.List

	// Batch says whether what is bound now is for bounded input, where a
	// WATERMARK makes no time attribute.
	Batch func() bool

	// Methods are the names of the methods of expressions, for those that are
	// misspelt.
	Methods []string

	// Lacking, if set, completes the diagnostic for a method that expressions
	// don't have.
	Lacking func(d *diag.Diagnostic, method string)

	catalogs  map[string]*catalog
	current   *catalog
	permanent map[ident]*object
	temporary map[ident]*object     // found before permanent ones
	functions map[string]*ir.UDF    // by name in lower case
	unchecked map[string]bool       // names of functions whose calls take any arguments
	named     map[string]*ir.UDF    // by their own names
	unread    map[*ir.Table]*object // tables of From, whose rows may not be wanted
	unloaded  bool                  // whether the built-in functions aren't there
	foreign   []string              // modules that are refused: see RefuseModule
	plans     map[string][]*ir.Sink // what COMPILE PLAN has made, by file
	// whole are the whole names of tables and columns, by their first part as the
	// text has it; nil while no view is made.
	whole map[*sql.Name][]string

	replaced []*replacement

	// sliced are the limits and offsets that methods of tables have set.
	sliced map[*ir.Sort]bool

	// declared are the places where tables declare the columns that are used, for
	// faults of their types.
	declared map[*ir.ColumnRef]diag.Pos
}

// object is a table or view.
type object struct {
	id  ident
	pos diag.Pos
	// declared is the declaration of a table; its name and its query don't
	// count.
	declared *sql.CreateTable
	// table is set for a table, with what a query sees of it, and where the
	// table's own columns are among these. A sink may be given all of them but
	// the virtual ones.
	table    *ir.Table
	columns  types.Schema
	writable []int
	// computed are the expressions of all columns over those of the record;
	// empty where the columns are those.
	computed []ir.Expr
	// watermark is the position of the column that it follows in columns; -1
	// without one, or where that is a field of a row. mark is what it is computed
	// from, over all columns.
	watermark int
	mark      ir.Expr
	reported  map[role]bool // faults of its options are reported once per role
	// partitions are what ALTER TABLE says that there are.
	partitions []partitionSpec
	// view is set for a view; nil for one whose faults have been reported, of
	// which nothing is known.
	view   ir.Rel
	isView bool
	// query is the query of a view that SQL made, as SHOW CREATE VIEW shows it;
	// comment is what the view says of itself.
	query   string
	comment *sql.String
}

// scope is the object's columns as the expressions of its declaration find
// them.
func (o *object) scope(columns types.Schema) scope {
	return scope{schema: columns, tables: []scopeTable{{o.id.path(), 0, len(columns), o.pos}}}
}

// unknown reports whether faults in the declaration have been reported, so
// that its use is none.
func (o *object) unknown() bool { return o.isView && o.view == nil }

// NewSession returns a session with an empty catalog.
func NewSession(diags *diag.List) *Session {
	first := newCatalog(DefaultCatalog, DefaultDatabase, diag.Pos{})
	return &Session{
		Diags:     diags,
		Batch:     func() bool { return false },
		catalogs:  map[string]*catalog{first.name: first},
		current:   first,
		permanent: map[ident]*object{},
		temporary: map[ident]*object{},
		functions: map[string]*ir.UDF{},
		unchecked: map[string]bool{},
		unread:    map[*ir.Table]*object{},
		named:     map[string]*ir.UDF{},
		sliced:    map[*ir.Sort]bool{},
		declared:  map[*ir.ColumnRef]diag.Pos{},
		plans:     map[string][]*ir.Sink{},
	}
}

// Another returns a session with a catalog of its own that is part of the same
// script: what the command line replaces holds for its tables, too, and
// functions are told apart across both.
func (s *Session) Another() *Session {
	out := NewSession(s.Diags)
	out.Methods, out.Lacking = s.Methods, s.Lacking
	out.replaced, out.named, out.sliced, out.declared = s.replaced, s.named, s.sliced, s.declared
	return out
}

// Register makes a Python function known under a name, in place of any that
// has it.
func (s *Session) Register(name string, u *ir.UDF) {
	s.tellApart(u)
	s.functions[strings.ToLower(name)] = u
	delete(s.unchecked, strings.ToLower(name))
}

// RegisterUnchecked is Register as register_function does it, which belongs to
// the old types of PyFlink: each argument of a call under the name has its own
// type, whatever the function declares. So PyFlink 1.20.1; it also leaves the
// number of arguments to the call in Python.
func (s *Session) RegisterUnchecked(name string, u *ir.UDF) {
	s.Register(name, u)
	s.unchecked[strings.ToLower(name)] = true
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

// CreateView makes a relation known under a name, where it hides a table:
// create_temporary_view, register_table. A nil relation stands for a declaration
// whose faults have been reported: whatever uses the name is silently unknown.
func (s *Session) CreateView(path sql.Path, in ir.Rel) {
	if key, ok := s.key(path); ok {
		s.define(&object{id: key, pos: path.Pos, view: in, isView: true}, true, false)
	}
}

// define puts an object into the catalog. orExists keeps one that is there
// without a fault.
func (s *Session) define(o *object, temporary, orExists bool) {
	space := s.space(temporary)
	if old := space[o.id]; old != nil && !old.unknown() {
		if !orExists {
			s.Diags.Errorf(diag.DuplicateName, o.pos, "a table or view %q exists already", o.id).
				WithNote(old.pos, "it is declared here").
				WithHint("drop it first, or say IF NOT EXISTS")
		}
		return
	}
	space[o.id] = o
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
	all := s.names(key.catalog, key.database, anyObject, s.temporary, s.permanent)
	s.unknownName(sql.Name{Text: key.String(), Pos: path.Pos}, "table or view", all)
	return nil
}

func (s *Session) find(id ident) *object {
	if o := s.temporary[id]; o != nil {
		return o
	}
	return s.permanent[id]
}

func anyObject(*object) bool { return true }

// Savepoint returns a function that makes tables, views and functions what they
// are now, and forgets which faults of them have been reported: for who types
// statements, one that has faults has done nothing.
func (s *Session) Savepoint() (rollback func()) {
	permanent, temporary, functions := maps.Clone(s.permanent), maps.Clone(s.temporary), maps.Clone(s.functions)
	return func() {
		s.permanent, s.temporary, s.functions = permanent, temporary, functions
		for _, space := range []map[ident]*object{permanent, temporary} {
			for _, o := range space {
				clear(o.reported)
			}
		}
	}
}

// Tables lists the names of all tables and views of the database in use, in
// order.
func (s *Session) Tables() []string { return s.inCurrent(anyObject, s.temporary, s.permanent) }

// Views lists those of the views.
func (s *Session) Views() []string {
	return s.inCurrent(func(o *object) bool { return o.isView }, s.temporary, s.permanent)
}

// TemporaryTables lists those of the tables and views that are temporary,
// TemporaryViews those of the views.
func (s *Session) TemporaryTables() []string { return s.inCurrent(anyObject, s.temporary) }

// TemporaryViews lists the names of the temporary views, in order.
func (s *Session) TemporaryViews() []string {
	return s.inCurrent(func(o *object) bool { return o.isView }, s.temporary)
}

func (s *Session) inCurrent(want func(*object) bool, spaces ...map[ident]*object) []string {
	return s.names(s.CurrentCatalog(), s.CurrentDatabase(), want, spaces...)
}

// From is the Table API's table or view of a name. Whether it can be read is
// looked at where its rows are wanted: its schema may be all that is.
func (s *Session) From(path sql.Path) ir.Rel {
	in, _ := s.tableOf(path, nil, func(o *object) { s.unread[o.table] = o })
	return in
}

// readTable reads a table or view, and tells its whole name.
func (s *Session) readTable(path sql.Path, hints []*sql.Hint) (ir.Rel, ident) {
	return s.tableOf(path, hints, func(o *object) { s.checkOptions(o, source) })
}

// readable looks at the tables of From whose rows are wanted now.
func (s *Session) readable(in ir.Rel) {
	if in == nil {
		return
	}
	ir.Walk(in, func(r ir.Rel) {
		if scan, ok := r.(*ir.Scan); ok && s.unread[scan.Table] != nil {
			s.checkOptions(s.unread[scan.Table], source)
		}
	})
}

func (s *Session) tableOf(path sql.Path, hints []*sql.Hint, check func(*object)) (ir.Rel, ident) {
	o := s.lookup(path)
	if o != nil {
		o = s.withOptions(o, hints)
	}
	switch {
	case o == nil:
		return nil, ident{}
	case o.isView:
		return o.view, o.id
	}
	check(o)
	in := s.scan(o, path.Pos)
	if in == nil || !valid(o.computed...) {
		return nil, o.id
	}
	if o.computed != nil {
		in = ir.NewProject(in, slices.Clone(o.computed), o.columns.Names(), o.pos)
	}
	if o.watermark >= 0 && valid(o.mark) && !s.Batch() {
		in = ir.NewWatermark(in, o.watermark, o.mark, o.pos)
	}
	return in, o.id
}

// Drop removes what the statement names.
func (s *Session) Drop(d *sql.Drop) {
	switch d.Kind {
	case sql.CatalogObject:
		s.dropCatalog(d.Name.Parts[0], d.IfExists)
		return
	case sql.DatabaseObject:
		s.dropDatabase(d)
		return
	case sql.FunctionObject:
		name := d.Name.Parts[len(d.Name.Parts)-1].Text
		if !s.DropFunction(name) && !d.IfExists {
			s.unknownFunction(d.Name.Pos, name)
		}
		return
	}
	s.dropTable(d)
}

// dropTable removes a table or view. A temporary one that hides a permanent one
// must go first.
func (s *Session) dropTable(d *sql.Drop) {
	key, ok := s.key(d.Name)
	if !ok {
		return
	}
	space := s.space(d.Temporary)
	o := space[key]
	switch {
	case !d.Temporary && s.temporary[key] != nil && s.temporary[key].isView == (d.Kind == sql.ViewObject):
		s.Diags.Errorf(diag.UnknownTable, d.Name.Pos, "%q is temporary", key).WithHint("DROP TEMPORARY %s %s", d.Kind, key)
	case o != nil && (o.isView == (d.Kind == sql.ViewObject) || o.unknown()):
		delete(space, key)
	case d.IfExists:
	default:
		x := s.Diags.Errorf(diag.UnknownTable, d.Name.Pos, "no %s is called %q", strings.ToLower(d.Kind.String()), key)
		x.DidYouMean(key.name, s.Tables())
	}
}

// Outcome is what a statement asks of the caller, besides what it changed in
// the catalog. At most one field is set; Listing is for every statement that
// has been done.
type Outcome struct {
	Query    ir.Rel     // of a SELECT or VALUES
	Sink     *ir.Sink   // of an INSERT
	Sinks    []*ir.Sink // of a STATEMENT SET, or a compiled plan
	Set      *sql.Set
	Reset    *sql.Reset
	Function *sql.CreateFunction // to be imported and registered
	Listing  *Listing            // what it answers
}

// Execute binds a statement. The outcome is empty where a fault was reported.
func (s *Session) Execute(stmt sql.Stmt) Outcome {
	if !s.runnable(stmt) {
		s.defineUnknown(stmt)
		return Outcome{}
	}
	switch st := stmt.(type) {
	case *sql.CreateFunction:
		if _, there := s.Function(st.Name.Parts[len(st.Name.Parts)-1].Text); there && st.IfNotExists {
			return Outcome{Listing: Done}
		}
		return Outcome{Function: st}
	case *sql.AlterFunction:
		return s.alterFunction(st)
	case *sql.Set:
		return Outcome{Set: st}
	case *sql.Reset:
		return Outcome{Reset: st}
	case *sql.Insert:
		return Outcome{Sink: s.insert(st)}
	case sql.Query:
		return Outcome{Query: s.bindQuery(st, environment{})}
	case *sql.Show:
		return Outcome{Listing: s.show(st)}
	case *sql.Describe:
		return Outcome{Listing: s.describe(st)}
	case *sql.Execute:
		return s.Execute(st.Stmt)
	case *sql.StatementSet:
		return Outcome{Sinks: s.insertAll(st)}
	case *sql.Explain:
		return Outcome{Listing: s.explain(st)}
	case *sql.CompilePlan:
		return s.compilePlan(st)
	case *sql.ExecutePlan:
		return s.executePlan(st)
	case *sql.CreateTable:
		if st.Query == nil {
			break
		}
		if sink := s.createAs(st); sink != nil || s.Diags.HasErrors() {
			return Outcome{Sink: sink}
		}
	}
	s.change(stmt)
	return Outcome{Listing: Done}
}

// insertAll binds the insertions of a statement set.
func (s *Session) insertAll(st *sql.StatementSet) []*ir.Sink {
	var sinks []*ir.Sink
	for _, insert := range st.Inserts {
		if sink := s.insert(insert); sink != nil {
			sinks = append(sinks, sink)
		}
	}
	return sinks
}

// explain answers with the plan of a statement as it was bound.
func (s *Session) explain(st *sql.Explain) *Listing {
	out := s.Execute(st.Stmt)
	switch {
	case out.Sink != nil:
		return Say(Explain(out.Sink))
	case out.Sinks != nil:
		return Say(Explain(out.Sinks...))
	case out.Query != nil:
		return Say(Explain(out.Query))
	}
	return nil
}

// Explain is the text of plans as they were bound; it is pyfc's own.
func Explain[R ir.Rel](rels ...R) string {
	text := "== Plan of pyfc ==\n"
	for _, r := range rels {
		text += ir.Print(r)
	}
	return text
}

// change does the statements that change the catalog.
func (s *Session) change(stmt sql.Stmt) {
	switch st := stmt.(type) {
	case *sql.CreateTable:
		s.CreateTable(st)
	case *sql.CreateView:
		s.createView(st)
	case *sql.CreateCatalog:
		s.createCatalog(st)
	case *sql.CreateDatabase:
		s.createDatabase(st)
	case *sql.Use:
		s.use(st)
	case *sql.Drop:
		s.Drop(st)
	case *sql.Alter:
		s.alter(st)
	case *sql.LoadModule:
		s.loadModule(st)
	case *sql.UnloadModule:
		s.unloadModule(st)
	case *sql.Analyze:
		s.analyze(st)
	}
}

// analyze is ANALYZE TABLE: statistics of a table change no result, so that none
// are kept.
func (s *Session) analyze(st *sql.Analyze) {
	if o := s.lookup(st.Table); o != nil && !s.Batch() {
		s.Diags.Errorf(diag.RefusedByFlink, st.Pos, "PyFlink 1.20.1 refuses ANALYZE TABLE in streaming mode")
	}
}

// alterFunction is ALTER FUNCTION: the function is registered anew.
func (s *Session) alterFunction(st *sql.AlterFunction) Outcome {
	name := st.Name.Parts[len(st.Name.Parts)-1].Text
	if _, there := s.Function(name); !there {
		if st.IfExists {
			return Outcome{Listing: Done}
		}
		s.unknownFunction(st.Name.Pos, name)
		return Outcome{}
	}
	return Outcome{Function: &sql.CreateFunction{At: st.At, Name: st.Name, Temporary: st.Temporary, System: st.System, Class: st.Class, Language: st.Language, LanguageWhere: st.Class.Pos}}
}

// defineUnknown makes what a refused statement would have defined known by
// name, so that its use is no fault.
func (s *Session) defineUnknown(stmt sql.Stmt) {
	table := func(path sql.Path, temporary bool) {
		if key, ok := s.key(path); ok {
			s.define(&object{id: key, pos: path.Pos, isView: true}, temporary, true)
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
	in, written := s.bindView(v.Query)
	if len(v.Columns) > 0 {
		in = s.rename(in, "the view", v.Columns, v.Name.Pos)
	}
	s.define(&object{id: key, pos: v.Name.Pos, view: in, isView: true, query: written, comment: v.Comment}, v.Temporary, v.IfNotExists)
}

// bindView binds the query of a view; written is its text with whole names.
func (s *Session) bindView(q sql.Query) (in ir.Rel, written string) {
	s.whole = map[*sql.Name][]string{}
	defer func() { s.whole = nil }()
	in = s.bindQuery(q, environment{})
	return in, sql.QuotedQuery(q, s.whole)
}

// means keeps the whole name of a table or column for the text of a view.
func (s *Session) means(parts []sql.Name, whole ...string) {
	if s.whole != nil {
		s.whole[&parts[0]] = whole
	}
}
