package udfbridge

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/internal/expect"
	"pyfc/ir/types"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// rowsType is what a table function of one STRING column gives.
var rowsType = types.Type{Kind: types.Array, Elems: []types.Type{{Kind: types.Row, Names: []string{"f0"}, Elems: []types.Type{types.String()}}}}

// tableCall opens the table function f(s, n); the rows that it gives are joined by
// commas.
func tableCall(t *testing.T, source string, restore *state.Restored) *call {
	t.Helper()
	spec := pairSpec(source, rowsType)
	spec.Functions[0].Kind = Table
	c := &call{task: newTask(t), out: &collector[pair]{keep: keepPair}}
	codec := pairCodec
	codec.Result = func(in *pair, i int, r *Results, out *pair) error {
		*out = *in
		given := r.Datum(0, i).Array()
		row := rowsType.Elems[0]
		parts := make([]string, given.Len())
		for k := range parts {
			parts[k] = given.At(k, &row).Row().Field(0, &row).Text()
		}
		out.out = strings.Join(parts, ",")
		return nil
	}
	op, err := NewCall(c.sub, NewPool(config(t), "", c.sub.Log), spec, codec, c.out)
	if err != nil {
		t.Fatal(err)
	}
	c.op = op
	t.Cleanup(func() { op.Close() })
	if restore != nil {
		if err := op.Restore(restore); err != nil {
			t.Fatal(err)
		}
	}
	if err := op.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTableFunctionState: a barrier overtakes rows whose rows a table function
// hasn't given yet, and another subtask goes on with them, whose worker dies on the
// way. All rows come once and in order, each with its kind and all that the
// function gives for it.
func TestTableFunctionState(t *testing.T) {
	want := func(i int) string { return strings.Repeat(",", max(i%4-1, 0)) }
	kinds := []val.RowKind{val.Insert, val.UpdateBefore, val.UpdateAfter, val.Delete}
	in := pairs(20, 5)
	for _, b := range in {
		for i := range b.Rows {
			b.Kinds = append(b.Kinds, kinds[b.Rows[i].n%4])
		}
	}
	first := tableCall(t, "import time\ndef f(s, n):\n    time.sleep(0.05)\n    for _ in range(n % 4):\n        yield ''\n", nil)
	for _, b := range in[:2] {
		if err := first.op.Process(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.until(func() bool { return len(first.out.rows) >= 3 }); err != nil {
		t.Fatal(err)
	}
	var snap state.Snapshot
	if err := first.op.SnapshotQueued(&snap, in[2:]); err != nil {
		t.Fatal(err)
	}
	if err := first.op.Control(stream.Control{Kind: stream.Barrier}); err != nil {
		t.Fatal(err)
	}
	done := len(first.out.rows)
	expect.List(t, first.out.controls, fmt.Sprintf("%d@%d", stream.Barrier, done))

	dead := filepath.Join(t.TempDir(), "dead")
	second := tableCall(t, fmt.Sprintf(`
import os
def f(s, n):
    for i in range(n %% 4):
        if n == 14 and i == 1 and not os.path.exists(%q):
            open(%[1]q, "w").close()
            os._exit(1)
        yield ""
`, dead), restored(&snap))
	second.mustFeed(nil)
	expect.Contains(t, second.log.String(), "Python worker died; starting another one")
	second.out.rows = append(first.out.rows[:done:done], second.out.rows...)
	second.out.kinds = append(first.out.kinds[:done:done], second.out.kinds...)
	second.wantNumbers(20, want)
	for i, k := range second.out.kinds {
		if k != kinds[i%4] {
			t.Errorf("row %d came as %s, want %s", i, k, kinds[i%4])
		}
	}
}

// TestTableFunctionFailure: a generator that raises on the way fails its row, of
// which nothing comes out.
func TestTableFunctionFailure(t *testing.T) {
	c := tableCall(t, "def f(s, n):\n    yield s\n    if n == 2:\n        raise ValueError('no more')\n", nil)
	err := c.feed(pairs(4, 1))
	if err == nil {
		t.Fatal("no error")
	}
	expect.Contains(t, err.Error(), "Python function f called with ('row 2', 2) failed: ValueError: no more", "line 4, in f")
	for _, r := range c.out.rows {
		if r.n >= 2 {
			t.Errorf("row %d came out", r.n)
		}
	}
}
