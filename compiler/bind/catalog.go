package bind

import (
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/compiler/words"
	"pyfc/ir/diag"
)

// The catalog and the database that a script starts in.
const (
	DefaultCatalog  = "default_catalog"
	DefaultDatabase = "default_database"
)

// inMemory is the type of the catalogs that keep what is declared, for as long
// as the script runs; inMemoryDatabase is the database that they begin with.
const (
	inMemory         = "generic_in_memory"
	inMemoryDatabase = "default"
)

// knownCatalogs are the types of catalogs that aren't run.
var knownCatalogs = words.Set("hive jdbc iceberg paimon hudi fluss lakesoul delta-catalog dlf aws-glue oceanbase")

// catalog holds databases.
type catalog struct {
	name      string
	options   []sql.Option
	comment   *sql.String
	pos       diag.Pos
	databases map[string]*database
	// unknown says that the catalog's declaration was refused, so that nothing
	// in it is reported.
	unknown bool
	first   string // the database that it begins with
	current string // the database that USE CATALOG goes to
}

// database is what CREATE DATABASE says of one.
type database struct {
	name    string
	options []sql.Option
	comment *sql.String
}

func newCatalog(name, first string, pos diag.Pos) *catalog {
	return &catalog{name: name, pos: pos, first: first, current: first, databases: map[string]*database{first: {name: first}}}
}

// NameFirst names the catalog and the database that there are at first, as long
// as nothing is in them.
func (s *Session) NameFirst(name, first string) {
	if len(s.catalogs) != 1 || len(s.permanent)+len(s.temporary) > 0 || s.current.name == name && s.current.databases[first] != nil {
		return
	}
	s.current = newCatalog(name, first, diag.Pos{})
	s.catalogs = map[string]*catalog{name: s.current}
}

// ident names a table or view.
type ident struct{ catalog, database, name string }

// path is the whole name.
func (id ident) path() []string { return []string{id.catalog, id.database, id.name} }

// String is the name as messages and --set have it: alone where it is in the
// catalog and database that a script starts in.
func (id ident) String() string {
	if id.catalog == DefaultCatalog && id.database == DefaultDatabase {
		return id.name
	}
	return strings.Join(id.path(), ".")
}

// CurrentCatalog returns the name of the catalog in use.
func (s *Session) CurrentCatalog() string { return s.current.name }

// CurrentDatabase returns the name of the database in use.
func (s *Session) CurrentDatabase() string { return s.current.current }

// Catalogs lists the names of the catalogs in order.
func (s *Session) Catalogs() []string { return slices.Sorted(maps.Keys(s.catalogs)) }

// Databases lists the names of the databases of the catalog in use, in order.
func (s *Session) Databases() []string { return slices.Sorted(maps.Keys(s.current.databases)) }

// catalogOf finds a catalog, or reports that there is none.
func (s *Session) catalogOf(n sql.Name) *catalog {
	c, ok := s.catalogs[n.Text]
	if !ok {
		s.unknownName(n, "catalog", s.Catalogs())
		return nil
	}
	return c
}

// declaredCatalog is catalogOf for what CREATE CATALOG says of it: PyFlink 1.20.1
// knows that of no other catalog.
func (s *Session) declaredCatalog(n sql.Name) *catalog {
	c := s.catalogOf(n)
	if c != nil && !c.unknown && c.options == nil {
		s.Diags.Errorf(diag.RefusedByFlink, n.Pos, "PyFlink 1.20.1 can't describe catalog %q: no CREATE CATALOG made it", c.name)
		return nil
	}
	return c
}

// databaseOf finds a database by one or two names, or reports that there is
// none. It is nil, too, in a catalog of which nothing is known.
func (s *Session) databaseOf(path []sql.Name) (*catalog, *database) {
	c := s.current
	if len(path) > 1 {
		if c = s.catalogOf(path[0]); c == nil {
			return nil, nil
		}
	}
	if c.unknown {
		return c, nil
	}
	n := sql.Name{Text: c.current}
	if len(path) > 0 {
		n = path[len(path)-1]
	}
	d, ok := c.databases[n.Text]
	if !ok {
		s.unknownName(n, "database", slices.Sorted(maps.Keys(c.databases)))
		return nil, nil
	}
	return c, d
}

// unknownName reports a name that nothing of a kind has.
func (s *Session) unknownName(n sql.Name, what string, names []string) {
	d := s.Diags.Errorf(diag.UnknownTable, n.Pos, "no %s is called %q", what, n.Text)
	if !d.DidYouMean(n.Text, names) && len(names) > 0 {
		d.WithHint("there are %s", strings.Join(names, ", "))
	}
}

// key is the whole name of a path, whose catalog and database must be there. It
// is false where they aren't, or nothing is known of them.
func (s *Session) key(path sql.Path) (ident, bool) {
	n := len(path.Parts) - 1
	if n > 2 {
		s.Diags.Errorf(diag.UnknownTable, path.Pos, "a path has at most a catalog, a database and a name")
		return ident{}, false
	}
	c, d := s.databaseOf(path.Parts[:n])
	if d == nil {
		return ident{}, false
	}
	return ident{c.name, d.name, path.Parts[n].Text}, true
}

// space is what holds the permanent or the temporary objects.
func (s *Session) space(temporary bool) map[ident]*object {
	if temporary {
		return s.temporary
	}
	return s.permanent
}

// useCatalog is USE CATALOG.
func (s *Session) useCatalog(n sql.Name) {
	if c := s.catalogOf(n); c != nil {
		s.current = c
	}
}

// UseCatalog makes a catalog the one in use.
func (s *Session) UseCatalog(name string, pos diag.Pos) { s.useCatalog(sql.Name{Text: name, Pos: pos}) }

// UseDatabase makes a database of the catalog in use the one in use.
func (s *Session) UseDatabase(name string, pos diag.Pos) {
	s.useDatabase([]sql.Name{{Text: name, Pos: pos}})
}

func (s *Session) useDatabase(path []sql.Name) {
	if len(path) > 2 {
		s.Diags.Errorf(diag.UnknownTable, path[0].Pos, "a database has at most a catalog and a name")
		return
	}
	if c, d := s.databaseOf(path); d != nil {
		s.current, c.current = c, d.name
	}
}

// use is USE of a catalog, a database or modules.
func (s *Session) use(st *sql.Use) {
	switch st.What {
	case "CATALOG":
		s.useCatalog(st.Name.Parts[0])
	case "DATABASE":
		s.useDatabase(st.Name.Parts)
	case "MODULES":
		s.useModules(st.Modules)
	}
}

// alterCatalog is ALTER CATALOG.
func (s *Session) alterCatalog(st *sql.Alter) {
	c := s.catalogOf(st.Name.Parts[0])
	if c == nil {
		return
	}
	fixed := func(key *sql.String) bool {
		is := key.Value.Display() == "type"
		if is {
			s.Diags.Errorf(diag.OptionValue, key.Pos, "the type of a catalog can't be changed")
		}
		return is
	}
	switch a := st.Action.(type) {
	case *sql.SetComment:
		c.comment = a.Comment
	case *sql.SetOptions:
		if !slices.ContainsFunc(a.Options, func(o sql.Option) bool { return fixed(o.Key) }) {
			c.options = withOptions(c.options, a.Options)
		}
	case *sql.ResetOptions:
		if !slices.ContainsFunc(a.Keys, fixed) {
			c.options = withoutOptions(c.options, a.Keys)
		}
	}
}

// createCatalog is CREATE CATALOG.
func (s *Session) createCatalog(st *sql.CreateCatalog) {
	name := st.Name.Parts[len(st.Name.Parts)-1]
	if old := s.catalogs[name.Text]; old != nil {
		if !st.IfNotExists {
			s.Diags.Errorf(diag.DuplicateName, name.Pos, "a catalog %q exists already", name.Text).WithNote(old.pos, "it is declared here")
		}
		return
	}
	c := newCatalog(name.Text, inMemoryDatabase, name.Pos)
	if o, ok := option(st.Options, "default-database"); ok {
		first, _ := o.Value.Value.Const()
		c = newCatalog(name.Text, first, name.Pos)
	}
	c.options, c.comment = st.Options, st.Comment
	c.unknown = !s.checkCatalog(st, name)
	s.catalogs[name.Text] = c
}

// checkCatalog checks the type and the other options of a catalog.
func (s *Session) checkCatalog(st *sql.CreateCatalog, name sql.Name) bool {
	o, ok := option(st.Options, "type")
	if !ok {
		s.Diags.Errorf(diag.OptionMissing, name.Pos, "catalog %q has no option 'type'", name.Text).WithHint("WITH ('type' = '%s')", inMemory)
		return false
	}
	switch kind, _ := o.Value.Value.Const(); {
	case kind == inMemory:
	case knownCatalogs[kind]:
		s.Diags.Errorf(diag.ConnPlanned, o.Value.Pos, "catalogs of the type %s aren't supported yet", kind).WithMissing("catalog", kind)
		return false
	default:
		s.unknownName(sql.Name{Text: kind, Pos: o.Value.Pos}, "type of catalogs", []string{inMemory})
		return false
	}
	known := []string{"type", "default-database", "property-version"}
	for _, o := range st.Options {
		if key, _ := o.Key.Value.Const(); !slices.Contains(known, key) {
			s.Diags.Errorf(diag.OptionUnknown, o.Key.Pos, "catalogs of the type %s have no option '%s'", inMemory, key).
				WithHint("there are %s", strings.Join(known, ", "))
		}
	}
	return true
}

// option finds an option by its key; of equal keys the last counts.
func option(options []sql.Option, key string) (sql.Option, bool) {
	for _, o := range slices.Backward(options) {
		if k, _ := o.Key.Value.Const(); k == key {
			return o, true
		}
	}
	return sql.Option{}, false
}

// dropCatalog is DROP CATALOG.
func (s *Session) dropCatalog(n sql.Name, ifExists bool) {
	switch c := s.catalogs[n.Text]; {
	case c == nil:
		if !ifExists {
			s.catalogOf(n)
		}
	case c == s.current:
		s.inUse(n, "catalog")
	default:
		delete(s.catalogs, n.Text)
		for id := range s.permanent {
			if id.catalog == n.Text {
				delete(s.permanent, id)
			}
		}
	}
}

func (s *Session) inUse(n sql.Name, what string) {
	s.Diags.Errorf(diag.UnknownTable, n.Pos, "%s %q is in use, so it can't be dropped", what, n.Text).WithHint("USE another one first")
}

// createDatabase is CREATE DATABASE.
func (s *Session) createDatabase(st *sql.CreateDatabase) {
	c := s.current
	name := st.Name.Parts[len(st.Name.Parts)-1]
	if len(st.Name.Parts) > 1 {
		c = s.catalogOf(st.Name.Parts[0])
	}
	switch {
	case c == nil || c.unknown:
	case c.databases[name.Text] == nil:
		c.databases[name.Text] = &database{name.Text, st.Options, st.Comment}
	case !st.IfNotExists:
		s.Diags.Errorf(diag.DuplicateName, name.Pos, "a database %q exists already in catalog %q", name.Text, c.name)
	}
}

// dropDatabase is DROP DATABASE; one that isn't empty needs CASCADE.
func (s *Session) dropDatabase(st *sql.Drop) {
	path := st.Name.Parts
	name := path[len(path)-1]
	c := s.current
	if len(path) > 1 {
		c = s.catalogOf(path[0])
	}
	if c == nil || c.unknown || st.IfExists && c.databases[name.Text] == nil {
		return
	}
	c, d := s.databaseOf(path)
	if d == nil {
		return
	}
	if c == s.current && d.name == c.current {
		s.inUse(name, "database")
		return
	}
	tables := s.names(c.name, d.name, anyObject, s.permanent)
	if len(tables) > 0 && st.Behavior != "CASCADE" {
		s.Diags.Errorf(diag.UnknownTable, name.Pos, "database %q is not empty: it has %s", name.Text, strings.Join(tables, ", ")).
			WithHint("DROP DATABASE %s CASCADE", name.Text)
		return
	}
	for _, t := range tables {
		delete(s.permanent, ident{c.name, d.name, t})
	}
	delete(c.databases, d.name)
}

// Anonymous begins the names of tables that no statement can name, which no list
// shows.
const Anonymous = "*anonymous_"

// names lists the names of the objects of a database that are wanted, in order.
func (s *Session) names(catalog, database string, want func(*object) bool, spaces ...map[ident]*object) []string {
	var names []string
	for _, space := range spaces {
		for id, o := range space {
			if id.catalog == catalog && id.database == database && !strings.HasPrefix(id.name, Anonymous) && want(o) {
				names = append(names, id.name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// DropTemporary forgets a temporary table or view; it reports whether there was
// one.
func (s *Session) DropTemporary(path sql.Path, kind sql.ObjectKind) bool {
	key, ok := s.key(path)
	o := s.temporary[key]
	if !ok || o == nil || o.isView != (kind == sql.ViewObject) && !o.unknown() {
		return false
	}
	delete(s.temporary, key)
	return true
}
