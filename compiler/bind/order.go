package bind

import (
	"pyfc/compiler/sql"
	"pyfc/ir"
)

// ordered binds ORDER BY, OFFSET and LIMIT.
func (s *Session) ordered(q *sql.Ordered, env environment) ir.Rel {
	s.bindQuery(q.Query, env) // for the faults in it
	(&binder{s: s}).planned(q.Pos, "sql", "ORDER BY and LIMIT")
	return nil
}
