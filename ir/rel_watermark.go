package ir

import (
	"fmt"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Watermark says how far the time of events has come: after each row at least
// as far as Mark, so that earlier rows are late. What is behind it waits for
// that: windows, and all that sorts by time. The column of the time is a time
// attribute from here on. Where it is one of processing time already, the
// watermark is the machine's clock.
type Watermark struct {
	unary
	Time int // position of a TIMESTAMP or TIMESTAMP_LTZ
	// Mark is a point in time; NULL says nothing.
	Mark Expr
	// Grain says that nothing that waits can tell watermarks between two multiples
	// of so many milliseconds apart; 0 that every one counts. Set by the pass
	// watermark_grains.
	Grain int64
}

// Op implements Rel.
func (*Watermark) Op() Op { return OpWatermark }

// Exprs implements Rel.
func (w *Watermark) Exprs() []Expr { return []Expr{w.Mark} }

// MapExprs implements Rel.
func (w *Watermark) MapExprs(f func(Expr) Expr) { w.Mark = f(w.Mark) }

// NewWatermark follows a column of in.
func NewWatermark(in Rel, time int, mark Expr, pos diag.Pos) *Watermark {
	w := &Watermark{Time: time, Mark: mark}
	w.In, w.Pos, w.Mode, w.Keys = in, pos, in.P().Mode, in.P().Keys
	w.Schema = append(w.Schema, in.P().Schema...)
	if w.Schema[time].Type.Time == types.NoAttribute {
		w.Schema[time].Type.Time = types.Rowtime
	}
	return w
}

func (w *Watermark) copied() Rel { c := *w; return &c }

func (w *Watermark) text() string {
	text := fmt.Sprintf("time=(%s) (%s)", columnName(w.Time, w.In.P().Schema), w.Mark)
	if w.Grain > 0 {
		text += fmt.Sprintf(" grain=%d", w.Grain)
	}
	return text
}

func parseWatermark(e *exprParser, in Rel) Rel {
	w := &Watermark{Time: e.timeColumn(in.P().Schema)}
	e.expect("(")
	w.Mark = e.expr()
	e.expect(")")
	if e.accept("grain") {
		e.expect("=")
		w.Grain = e.number64()
	}
	w.In, w.Props = in, e.props()
	return w
}

// timeColumn reads time=(column).
func (l *lineParser) timeColumn(in types.Schema) int {
	l.expect("time", "=")
	return l.position(l.oneColumn(), in)
}

// oneColumn reads (column).
func (l *lineParser) oneColumn() columnText {
	l.expect("(")
	c := l.columnText()
	l.expect(")")
	return c
}

func verifyWatermark(w *Watermark) error {
	in := w.In.P().Schema
	if err := verifyTime(w.Time, in); err != nil {
		return err
	}
	if !w.Mark.Type().Timestamp() {
		return fmt.Errorf("the watermark is %s", w.Mark.Type())
	}
	return verifyPassed(w.Schema, in)
}

// verifyTime checks that a column is one of points in time.
func verifyTime(time int, in types.Schema) error {
	if err := within("time", []int{time}, len(in)); err != nil {
		return err
	}
	if !in[time].Type.Timestamp() {
		return fmt.Errorf("the time is %s", in[time].Type)
	}
	return nil
}
