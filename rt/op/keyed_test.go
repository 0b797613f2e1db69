package op_test

import (
	"testing"

	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// byText is what generated code would say of rows kept by their text.
func byText(same func(x, y *entry) bool, unique bool) op.KeyedFuncs[entry, string] {
	return op.KeyedFuncs[entry, string]{
		Key:        func(e *entry) string { return e.key },
		Hash:       func(k *string) uint64 { return val.HashText(val.HashSeed, *k) },
		Keep:       func(e *entry) { e.key = val.Keep(e.key) },
		Same:       same,
		Unique:     unique,
		Append:     appendEntry,
		Read:       readEntry,
		EmitBefore: true,
	}
}

func equalEntries(x, y *entry) bool { return *x == *y }

func TestNormalize(t *testing.T) {
	out := &taken[entry]{}
	n := op.NewNormalize(subtask(0, 1), stream.Consumer[entry](out), byText(equalEntries, true))
	changes(t, n, entryChange{val.UpdateAfter, entry{"a", 1}}, entryChange{val.UpdateBefore, entry{"a", 1}}, entryChange{val.Insert, entry{"a", 1}}, entryChange{val.Insert, entry{"a", 2}},
		entryChange{val.Delete, entry{"b", 0}}, entryChange{val.Delete, entry{"a", 0}}, entryChange{val.UpdateAfter, entry{"a", 3}}, entryChange{val.UpdateAfter, entry{"a", 3}})
	if got := out.take(); got != "+Ia1 -Ua1 +Ua2 -Da2 +Ia3 -Ua3 +Ua3" {
		t.Error(got)
	}
}

func TestMaterialize(t *testing.T) {
	for _, c := range []struct {
		unique bool
		want   string
	}{
		{false, "+Ia1 +Ua2 +Ua2"}, // one of two equal rows is left
		{true, "+Ia1 +Ua2 +Ua2 +Ua1"},
	} {
		out := &taken[entry]{}
		m := op.NewMaterialize(subtask(0, 1), stream.Consumer[entry](out), byText(equalEntries, c.unique))
		changes(t, m, entryChange{val.Insert, entry{"a", 1}}, entryChange{val.UpdateAfter, entry{"a", 2}}, entryChange{val.UpdateAfter, entry{"a", 2}},
			entryChange{val.UpdateBefore, entry{"a", 2}}, entryChange{val.Delete, entry{"a", 7}})
		if got := out.take(); got != c.want {
			t.Errorf("unique %t: %s, want %s", c.unique, got, c.want)
		}
		changes(t, m, entryChange{val.Delete, entry{"a", 2}}, entryChange{val.Delete, entry{"a", 1}})
		if got := out.take(); got != "+Ua1 -Da1" && !c.unique || got != "-Da1" && c.unique {
			t.Errorf("unique %t: %s at the end", c.unique, got)
		}
	}
}

// The rows that are kept go on at another parallelism, in their order.
func TestKeptRowsGoOnFromSnapshot(t *testing.T) {
	f := byText(equalEntries, false)
	m := op.NewMaterialize(subtask(0, 1), stream.Consumer[entry](&taken[entry]{}), f)
	changes(t, m, entryChange{val.Insert, entry{"a", 1}}, entryChange{val.Insert, entry{"a", 2}}, entryChange{val.Insert, entry{"b", 3}})
	var snap state.Snapshot
	if err := m.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		out := &taken[entry]{}
		m := op.NewMaterialize(subtask(i, 2), stream.Consumer[entry](out), f)
		r := &state.Restored{Groups: map[int][][]byte{}}
		for g, data := range snap.Groups {
			if data != nil && state.Owner(g, 2) == i {
				r.Groups[g] = [][]byte{data}
			}
		}
		if err := m.Restore(r); err != nil {
			t.Fatal(err)
		}
		key := "a"
		if state.Owner(state.Group(f.Hash(&key)), 2) == i {
			changes(t, m, entryChange{val.Delete, entry{"a", 2}})
			if got := out.take(); got != "+Ua1" {
				t.Error(got)
			}
		}
		for g := range r.Groups {
			r.Groups[g][0] = r.Groups[g][0][:len(r.Groups[g][0])-1]
			if err := m.Restore(r); err == nil {
				t.Error("damaged state is accepted")
			}
		}
	}
}
