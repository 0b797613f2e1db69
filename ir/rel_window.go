package ir

import (
	"fmt"
	"slices"

	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/window"
)

// Window pairs each row with the windows that its time is in: TABLE(TUMBLE(…))
// and its like, and what GROUP BY TUMBLE(…) groups. Rows whose time is NULL are
// in none. The schema is the input's, followed by start and end of the window
// as TIMESTAMP(3), and its last moment in the type of the time.
type Window struct {
	unary
	Time     int // position of a TIMESTAMP or TIMESTAMP_LTZ
	Assigner window.Assigner
	// Partition are the columns whose rows make sessions together; none for other
	// windows.
	Partition Key
}

// WindowColumns are the names of the columns that a window adds.
var WindowColumns = []string{"window_start", "window_end", "window_time"}

// Op implements Rel.
func (*Window) Op() Op { return OpWindow }

// NewWindow pairs the rows of in with their windows. Each row is in one at most
// if the windows tumble or are sessions, so that only then unique keys survive.
func NewWindow(in Rel, time int, a window.Assigner, names []string, pos diag.Pos) *Window {
	w := &Window{Time: time, Assigner: a}
	w.In, w.Pos, w.Mode = in, pos, in.P().Mode
	if a.Kind == window.Tumble || a.Kind == window.Session {
		w.Keys = in.P().Keys
	}
	edge := types.Type{Kind: types.Timestamp, Precision: 3}
	w.Schema = append(w.Schema, in.P().Schema...)
	for i, t := range []types.Type{edge, edge, in.P().Schema[time].Type.NotNull()} {
		w.Schema = append(w.Schema, Column{Name: names[i], Type: t})
	}
	return w
}

// Sessions reports whether the windows are sessions, which depend on other rows.
func (w *Window) Sessions() bool { return w.Assigner.Kind == window.Session }

// AddedNames are the names of the window's columns.
func (w *Window) AddedNames() []string { return w.Schema[len(w.In.P().Schema):].Names() }

func (w *Window) copied() Rel {
	c := *w
	c.Partition = slices.Clone(w.Partition)
	return &c
}

func (w *Window) text() string {
	a := w.Assigner
	in := w.In.P().Schema
	if w.Sessions() {
		return fmt.Sprintf("%s time=(%s) size=%d partition=%s", a.Kind, columnName(w.Time, in), a.Size, w.Partition.Names(in))
	}
	return fmt.Sprintf("%s time=(%s) size=%d step=%d offset=%d", a.Kind, columnName(w.Time, in), a.Size, a.Step, a.Offset)
}

func parseWindow(l *lineParser, in Rel) Rel {
	w := &Window{}
	kind, ok := window.KindOf(l.name())
	if !ok {
		l.failf("no such window")
	}
	w.Assigner.Kind = kind
	w.Time = l.timeColumn(in.P().Schema)
	number := func(name string, to *int64) {
		l.expect(name, "=")
		*to = l.number64()
	}
	number("size", &w.Assigner.Size)
	if kind == window.Session {
		l.expect("partition", "=")
		w.Partition = l.resolve(l.columnList(), in.P().Schema)
	} else {
		number("step", &w.Assigner.Step)
		number("offset", &w.Assigner.Offset)
	}
	w.In, w.Props = in, l.props()
	return w
}

func verifyWindow(w *Window) error {
	in := w.In.P().Schema
	if err := verifyTime(w.Time, in); err != nil {
		return err
	}
	if err := sameLen("columns", len(in)+len(WindowColumns), len(w.Schema)); err != nil {
		return err
	}
	if err := verifyPassed(w.Schema[:len(in)], in); err != nil {
		return err
	}
	if err := within("partition", w.Partition, len(in)); err != nil {
		return err
	}
	return w.Assigner.Check()
}
