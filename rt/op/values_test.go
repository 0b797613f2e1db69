package op_test

import (
	"errors"
	"io"
	"testing"

	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
)

func TestValuesGoOnWhereTheyWere(t *testing.T) {
	sub := &stream.Subtask{Parallelism: 1, BatchSize: 2}
	rows := []int{1, 2, 3, 4, 5}
	v := op.NewValues(sub, rows)
	if got := poll(t, v); len(got) != 2 || got[0] != 1 || got[1] != 2 {
		t.Errorf("first batch %v", got)
	}
	var snap state.Snapshot
	if err := v.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	v = op.NewValues(sub, rows)
	if err := v.Restore(&state.Restored{List: snap.List}); err != nil {
		t.Fatal(err)
	}
	var rest []int
	for got := poll(t, v); got != nil; got = poll(t, v) {
		rest = append(rest, got...)
	}
	if len(rest) != 3 || rest[0] != 3 || rest[2] != 5 {
		t.Errorf("after the restart %v", rest)
	}
	if err := v.Restore(&state.Restored{List: [][]byte{{}}}); err == nil {
		t.Error("a damaged position is taken")
	}
}

// poll returns the next batch's rows, nil at the end.
func poll(t *testing.T, v *op.Values[int]) []int {
	t.Helper()
	b, err := v.Poll(t.Context(), nil)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Rows
}
