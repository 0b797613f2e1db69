package op

import (
	"errors"
	"slices"
	"testing"

	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// sizes takes the sizes of batches until it fails.
type sizes struct {
	seen   []int
	arenas []*val.Arena
	fails  error
}

func (s *sizes) Process(b *stream.Batch[int]) error {
	s.seen, s.arenas = append(s.seen, len(b.Rows)), append(s.arenas, b.Arena)
	b.Release()
	return s.fails
}
func (*sizes) Control(stream.Control) error { return nil }
func (*sizes) Ready() bool                  { return true }

// No batch is larger than a full one or empty, and all view the rows' arena.
func TestOutlet(t *testing.T) {
	to := &sizes{}
	o := newOutlet(&stream.Subtask{BatchSize: 2}, stream.Consumer[int](to))
	o.views = val.NewArena()
	for i := range 5 {
		row, err := o.addKind(val.Delete)
		if err != nil {
			t.Fatal(err)
		}
		*row = i
	}
	for range 2 {
		if err := o.flush(); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(to.seen, []int{2, 2, 1}) {
		t.Errorf("batches of %v", to.seen)
	}
	for _, a := range to.arenas {
		if a != o.views {
			t.Error("a batch has another arena")
		}
	}
	if o.views.Shared() {
		t.Error("a batch that is gone holds the arena")
	}
}

// What follows the outlet fails the operator.
func TestOutletFails(t *testing.T) {
	full := errors.New("no room")
	o := newOutlet(&stream.Subtask{BatchSize: 1}, stream.Consumer[int](&sizes{fails: full}))
	if _, err := o.add(); err != nil {
		t.Fatal(err)
	}
	if _, err := o.add(); !errors.Is(err, full) {
		t.Errorf("the second row: %v", err)
	}
	if _, err := o.add(); err != nil {
		t.Fatal(err)
	}
	if err := o.flush(); !errors.Is(err, full) {
		t.Errorf("the end: %v", err)
	}
}
