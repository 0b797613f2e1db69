package udfbridge

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pyfc/internal/expect"
	"pyfc/ir/types"
	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// seriesSpec calls the function f(s, n) of pandas Series.
func seriesSpec(source string, result types.Type) *Spec {
	spec := pairSpec("import pandas as pd\n"+source, result)
	spec.Functions[0].Kind = Pandas
	return spec
}

const countSource = "def f(s, n):\n    return pd.Series([str(len(s))] * len(s))\n"

// TestSeriesRows: a Series has the rows of a batch of Arrow, the last one of a
// bundle and of the input what is left.
func TestSeriesRows(t *testing.T) {
	c := newCall(t, seriesSpec(countSource, types.String()),
		"python.fn-execution.arrow.batch.size", "4", "python.fn-execution.bundle.size", "10", "python.fn-execution.bundle.time", "100000")
	c.mustFeed(pairs(23, 5))
	sizes := []string{}
	for i := 0; i < len(c.out.rows); {
		n, err := strconv.Atoi(c.out.rows[i].out)
		if err != nil || n < 1 {
			t.Fatalf("row %d has %q", i, c.out.rows[i].out)
		}
		sizes = append(sizes, c.out.rows[i].out)
		i += n
	}
	expect.List(t, sizes, "4", "4", "2", "4", "4", "2", "3")
}

// TestSeriesTime: rows that don't fill a Series go after the bundle's time.
func TestSeriesTime(t *testing.T) {
	c := newCall(t, seriesSpec(countSource, types.String()), "python.fn-execution.bundle.time", "20")
	for _, b := range pairs(3, 3) {
		if err := c.op.Process(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.op.Control(stream.Control{Kind: stream.Watermark, Time: 7}); err != nil {
		t.Fatal(err)
	}
	if err := c.until(func() bool { return len(c.out.controls) == 1 }); err != nil {
		t.Fatal(err)
	}
	expect.List(t, c.results(), "3", "3", "3")
	expect.List(t, c.out.controls, fmt.Sprintf("%d@3", stream.Watermark))
}

// TestSeriesState: a barrier overtakes rows that wait for a Series to fill, which
// go into the snapshot, and another subtask goes on with them. Its worker dies and
// is replaced; kinds of rows and their order stay.
func TestSeriesState(t *testing.T) {
	first := newCall(t, seriesSpec(countSource, types.String()), "python.fn-execution.bundle.time", "100000")
	in := pairs(20, 10)
	in[1].Kinds = make([]val.RowKind, 10)
	in[1].Kinds[9] = val.Delete
	if err := first.op.Process(in[0]); err != nil {
		t.Fatal(err)
	}
	var snap state.Snapshot
	if err := first.op.SnapshotQueued(&snap, in[1:]); err != nil {
		t.Fatal(err)
	}
	if err := first.op.Control(stream.Control{Kind: stream.Barrier}); err != nil {
		t.Fatal(err)
	}
	expect.List(t, first.out.controls, fmt.Sprintf("%d@0", stream.Barrier))

	dead := filepath.Join(t.TempDir(), "dead")
	second := prepareCall(t, seriesSpec(fmt.Sprintf(`
import os
def f(s, n):
    if n.iloc[0] >= 8 and not os.path.exists(%q):
        open(%[1]q, "w").close()
        os._exit(1)
    return s.str.upper()
`, dead), types.String()), "python.fn-execution.arrow.batch.size", "4")
	if err := second.op.Restore(restored(&snap)); err != nil {
		t.Fatal(err)
	}
	if err := second.op.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	second.mustFeed(nil)
	second.wantNumbers(20, func(i int) string { return fmt.Sprint("ROW ", i) })
	if k := second.out.kinds[19]; k != val.Delete {
		t.Errorf("the last row came back as %s", k)
	}
	expect.Contains(t, second.log.String(), "Python worker died; starting another one")
}

// TestSeriesFailure: faults of a function name it.
func TestSeriesFailure(t *testing.T) {
	for _, test := range []struct {
		body   string
		result types.Type
		want   string
	}{
		{"s.iloc[:2]", types.String(), "Python function f failed: ValueError: a pandas function must return as many values as it was given, f returned 2 for 3"},
		{"list(s)", types.String(), "Python function f failed: TypeError: a pandas function must return a Series or DataFrame, f returned list"},
		{"n + 0.5", types.Of(types.Int), "Python function f failed: pyarrow.lib.ArrowInvalid: Float value 0.5 was truncated converting to int32"},
		{"s.where(n > 1)", types.String().NotNull(), "Python function f failed: ValueError: a result that is declared NOT NULL is None"},
		{"n.nothing", types.String(), "line 3, in f"},
	} {
		c := newCall(t, seriesSpec("def f(s, n):\n    return "+test.body, test.result))
		err := c.feed(pairs(3, 3))
		var failed *FunctionError
		if !errors.As(err, &failed) || failed.ExitCode() != 13 {
			t.Fatalf("%s: got %v", test.body, err)
		}
		expect.Contains(t, err.Error(), test.want)
		if err := c.op.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSeriesAggregate: a function is called once for each group, whose rows stay in
// order; the groups come by their keys. A worker that dies is replaced.
func TestSeriesAggregate(t *testing.T) {
	dead := filepath.Join(t.TempDir(), "dead")
	source := fmt.Sprintf(`
import os
def f(s, n):
    if not os.path.exists(%q):
        open(%[1]q, "w").close()
        os._exit(1)
    return "%%d of %%s" %% (len(s), list(n))
`, dead)
	op, out, log := seriesAgg(t, source)
	in := pairs(10, 4)
	for _, b := range in {
		for i := range b.Rows {
			b.Rows[i].s = []string{"c", "a", "b"}[b.Rows[i].n%3]
		}
		if err := op.Process(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := op.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	got := []string{}
	for _, r := range out.rows {
		got = append(got, r.s+": "+r.out)
	}
	expect.List(t, got, "a: 3 of [1, 4, 7]", "b: 3 of [2, 5, 8]", "c: 4 of [0, 3, 6, 9]")
	expect.Contains(t, log.String(), "Python worker died; starting another one")
	if !out.ended {
		t.Error("the end didn't come behind the groups")
	}

	op, _, _ = seriesAgg(t, "def f(s, n):\n    return n.nothing\n")
	if err := op.Process(pairs(1, 1)[0]); err != nil {
		t.Fatal(err)
	}
	err := op.Control(stream.Control{Kind: stream.End})
	if err == nil {
		t.Fatal("no error")
	}
	expect.Contains(t, err.Error(), "Python function f failed: AttributeError", "line 3, in f")
}

// seriesAgg is an aggregation of pairs by their text.
func seriesAgg(t *testing.T, source string) (*SeriesAgg[pair, string, struct{}, pair], *collector[pair], *logBuffer) {
	t.Helper()
	spec := seriesSpec(source, types.String())
	spec.Grouping = Aggregates
	spec.Columns = append(slices.Clone(ownColumns), spec.Columns...)
	spec.Results[0].Call.Args = []Arg{Column(2), Column(3)}
	tk := newTask(t)
	out := &collector[pair]{keep: keepPair}
	a, err := NewSeriesAgg(tk.sub, NewPool(config(t), "pandas", tk.sub.Log), spec, out, AggFuncs[pair, string, struct{}, pair]{
		GroupAggFuncs: op.GroupAggFuncs[pair, string, struct{}, pair]{
			Key:    func(in *pair) string { return in.s },
			Keep:   func(k *string) { *k = val.Keep(*k) },
			Result: func(k *string, _ *struct{}, o *pair, _ *val.Arena) { o.s = *k },
			Rows:   op.RowFuncs[pair]{Keep: func(r *pair) { *r = keepPair(*r) }, Viewed: func(r *pair) int { return len(r.s) }},
		},
		Args: func(in *pair, _ []bool, args *Args) {
			args.String(2).Append(in.s)
			args.Int64(3).Append(in.n)
		},
		Values: func(r *Results, i int, o *pair) { o.out = r.String(2, i) },
	}, func(x, y *pair) int { return strings.Compare(x.s, y.s) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if err := a.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a, out, tk.log
}
