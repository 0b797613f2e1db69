package bind

import (
	"pyfc/compiler/sql"
	"pyfc/ir"
)

// setOp binds UNION, INTERSECT and EXCEPT.
func (s *Session) setOp(q *sql.SetOp, env environment) ir.Rel {
	s.bindQuery(q.Left, env) // for the faults in them
	s.bindQuery(q.Right, env)
	(&binder{s: s}).planned(q.Word, "sql", q.Op.String())
	return nil
}
