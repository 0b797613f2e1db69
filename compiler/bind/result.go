package bind

import (
	"encoding/json"
	"slices"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/conn/rowloop"
	"pyfc/rt/conn/tableau"
)

// CollectTable is the name of the table that a collected query is written to.
const CollectTable = "collect"

// Collect writes a query's rows and their changes to standard output, one by
// one, as a TableResult hands them to its caller.
func (s *Session) Collect(in ir.Rel, pos diag.Pos) *ir.Sink {
	return s.resultSink(in, "values", pos)
}

// Frame says how a query's result is shown.
type Frame struct {
	// Op shows the kinds of rows; MaxWidth is the width of columns whose type
	// has none of its own.
	Op       bool
	MaxWidth int
	// Zone is that of TIMESTAMP_LTZ; nil stands for the machine's.
	Zone ir.Text
}

// Show writes a query's rows to standard output in a frame: TableResult.print.
func (s *Session) Show(in ir.Rel, f Frame, pos diag.Pos) *ir.Sink {
	if in == nil {
		return nil
	}
	return s.tableau(in, "widths", tableau.ByType(in.P().Schema, f.MaxWidth, f.Op).Widths(), f, pos)
}

// Rows writes the texts of a query's rows to standard output for a program that
// shows them: the lines of tableau.ReadRow.
func (s *Session) Rows(in ir.Rel, f Frame, pos diag.Pos) *ir.Sink {
	return s.tableau(in, "lines", "true", f, pos)
}

func (s *Session) tableau(in ir.Rel, key, value string, f Frame, pos diag.Pos) *ir.Sink {
	more := []ir.Option{{Key: key, Value: ir.Literal(value), Pos: pos}}
	if f.Zone != nil {
		more = append(more, ir.Option{Key: "time-zone", Value: f.Zone, Pos: pos})
	}
	return s.resultSink(in, tableau.Connector.Name, pos, more...)
}

// Loop writes to standard output what a loop of the driver prints for each row:
// TableResult.collect. The template says what.
func (s *Session) Loop(in ir.Rel, template []rowloop.Part, pos diag.Pos) *ir.Sink {
	text, err := json.Marshal(template)
	if err != nil {
		s.Diags.Errorf(diag.InternalError, pos, "the template of a loop: %v", err)
		return nil
	}
	return s.resultSink(in, rowloop.Connector.Name, pos, ir.Option{Key: "template", Value: ir.Literal(string(text)), Pos: pos})
}

// resultSink writes to a table of a connector that is made for results.
func (s *Session) resultSink(in ir.Rel, connector string, pos diag.Pos, more ...ir.Option) *ir.Sink {
	s.readable(in)
	if in == nil || slices.ContainsFunc(in.P().Schema, func(c types.Column) bool { return !c.Type.Valid() }) {
		return nil
	}
	t := &ir.Table{Name: CollectTable, Pos: pos, Connector: connector,
		Options: append([]ir.Option{{Key: "connector", Value: ir.Literal(connector), Pos: pos}}, more...)}
	for _, c := range in.P().Schema {
		t.Columns = append(t.Columns, ir.TableColumn{Column: c, Pos: pos})
	}
	return ir.NewSink(ir.Clone(in), t, pos)
}
