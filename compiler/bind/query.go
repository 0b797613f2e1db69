package bind

import (
	"pyfc/compiler/sql"
	"pyfc/ir"
)

// environment is what surrounds a query.
type environment struct {
	with  *withTable // the tables of WITH, the nearest first
	outer *outer     // of a sub-query, else nil
	// lateral is set for what stands in FROM behind other tables.
	lateral *outer
	// nested says that the query is part of another one, which doesn't keep the
	// order of its rows.
	nested bool
}

// within is the environment of a query that is part of another one.
func (e environment) within() environment {
	e.nested, e.lateral = true, nil
	return e
}

// Query binds a query.
func (s *Session) Query(q sql.Query) ir.Rel {
	if !s.runnable(q) {
		return nil
	}
	return s.bindQuery(q, environment{})
}

// bindQuery binds a query all of whose features are run: each kind in a file
// of its own.
func (s *Session) bindQuery(q sql.Query, env environment) ir.Rel {
	switch q := q.(type) {
	case *sql.Select:
		return s.selectQuery(q, env)
	case *sql.Values:
		return s.values(q, env)
	case *sql.TableQuery:
		return s.tableQuery(q, env)
	case *sql.With:
		return s.withQuery(q, env)
	case *sql.SetOp:
		return s.setOp(q, env)
	case *sql.Ordered:
		return s.ordered(q, env)
	}
	return nil
}
