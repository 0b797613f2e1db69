package bind

import (
	"maps"
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir/types"
)

// What a script may ask of a catalog and its databases, by names: a catalog or
// database that isn't there has nothing, and nothing is reported.

// HasCatalog reports whether there is a catalog of the name.
func (s *Session) HasCatalog(name string) bool { return s.catalogs[name] != nil }

// DefaultDatabaseOf is the database that a catalog begins with.
func (s *Session) DefaultDatabaseOf(catalog string) string {
	if c := s.catalogs[catalog]; c != nil {
		return c.first
	}
	return ""
}

// DatabasesOf lists the names of a catalog's databases in order.
func (s *Session) DatabasesOf(catalog string) []string {
	if c := s.catalogs[catalog]; c != nil {
		return slices.Sorted(maps.Keys(c.databases))
	}
	return nil
}

// DatabaseOptions are what CREATE DATABASE said of a database: its options and
// its comment, nil without.
func (s *Session) DatabaseOptions(catalog, name string) (options []sql.Option, comment *sql.String, ok bool) {
	c := s.catalogs[catalog]
	if c == nil || c.databases[name] == nil {
		return nil, nil, false
	}
	return c.databases[name].options, c.databases[name].comment, true
}

// SetDatabaseOptions says it anew; it reports whether there is the database.
func (s *Session) SetDatabaseOptions(catalog, name string, options []sql.Option, comment *sql.String) bool {
	_, _, ok := s.DatabaseOptions(catalog, name)
	if ok {
		s.catalogs[catalog].databases[name] = &database{name, options, comment}
	}
	return ok
}

// TablesOf lists the names of the permanent tables and views of a database in
// order, or those of its views.
func (s *Session) TablesOf(catalog, database string, views bool) []string {
	return s.names(catalog, database, func(o *object) bool { return o.isView || !views }, s.permanent)
}

// Declared is what a permanent table or view was declared as: the declaration,
// nil for a view, and its columns.
func (s *Session) Declared(catalog, database, name string) (d *sql.CreateTable, columns types.Schema, ok bool) {
	o := s.permanent[ident{catalog, database, name}]
	switch {
	case o == nil:
		return nil, nil, false
	case o.isView && o.view == nil:
		return nil, nil, true
	case o.isView:
		return nil, o.view.P().Schema, true
	}
	return o.declared, o.columns, true
}
