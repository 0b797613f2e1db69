package opt

import (
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn"
)

// checkOverwrite refuses INSERT OVERWRITE where the sink can't replace what is
// there.
func checkOverwrite(s *ir.Sink, c *Context) {
	if !s.Overwrite {
		return
	}
	switch connectorOf(s.Table).Overwrites {
	case conn.NoOverwrite:
		c.Diags.Errorf(diag.ConnRole, s.Pos, "INSERT OVERWRITE requires a sink that can replace what is there; connector %q can't", s.Table.Connector).
			WithNote(s.Table.Pos, "the sink table is declared here")
	case conn.BatchOverwrite:
		if !c.Batch {
			c.Diags.Errorf(diag.ConnRole, s.Pos, "connector %q runs INSERT OVERWRITE in batch mode only: a stream has no end at which its rows could take the place of others", s.Table.Connector)
		}
	}
}
