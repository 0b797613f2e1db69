package op_test

import (
	"fmt"
	"testing"
	"time"

	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// tick stops the clock at a moment of the test, in milliseconds.
func tick(t *testing.T, ms int64) {
	t.Helper()
	val.StopClock(time.UnixMilli(1_000_000 + ms))
	t.Cleanup(func() { val.StopClock(time.Time{}) })
}

// handedOver gives the state of one subtask to the two that follow it, and
// returns that of the one which has the group.
func handedOver(t *testing.T, from interface{ Snapshot(*state.Snapshot) error }, to func(i int) interface {
	Restore(*state.Restored) error
}) {
	t.Helper()
	var snap state.Snapshot
	if err := from.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if err := to(i).Restore(restored(&snap, i, 2)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestGroupsExpire(t *testing.T) {
	f := perCity()
	f.TTL = 100
	g, out := newAggregation(f, 0, 1)
	tick(t, 0)
	give(t, g, ins("a", 5), ins("b", 1))
	tick(t, 99)
	give(t, g, ins("a", 0))
	out.take()
	tick(t, 100) // b is gone, and so nothing can be taken back from it
	give(t, g, ins("a", 1), before("b", 1), ins("b", 7), ins("c", 1))
	expect(t, out, "-U(a,2,5) +U(a,3,6) +I(b,1,7) +I(c,1,1)")
	tick(t, 200) // a was written at 100
	give(t, g, ins("a", 2))
	expect(t, out, "+I(a,1,2)")
}

// With a time to live a result that stays the same is emitted all the same.
func TestUnchangedResultsAreShownWithTTL(t *testing.T) {
	f := perCity()
	f.TTL = 100
	f.Result = func(city *string, a *sums, t *total, _ *val.Arena) { t.city = *city }
	g, out := newAggregation(f, 0, 1)
	tick(t, 0)
	give(t, g, ins("a", 5), ins("a", 5))
	expect(t, out, "+I(a,0,0) -U(a,0,0) +U(a,0,0)")
}

// Expired state is forgotten although nobody asks for it: what is left after
// enough rows of one key fits into a snapshot of that key.
func TestExpiredStateIsForgotten(t *testing.T) {
	size := func(s interface{ Snapshot(*state.Snapshot) error }) (n int) {
		var snap state.Snapshot
		if err := s.Snapshot(&snap); err != nil {
			t.Fatal(err)
		}
		for _, g := range snap.Groups {
			n += len(g)
		}
		return n
	}
	f := perCity()
	f.TTL = 100
	g, _ := newAggregation(f, 0, 1)
	join, _ := newJoinWithTTL("inner", 100, 100, 0, 1)
	k := byText(equalEntries, true)
	k.TTL = 100
	normalize := op.NewNormalize(subtask(0, 1), stream.Consumer[entry](&taken[entry]{}), k)
	rk := ranking(1, 3, false, op.RankAppend)
	rk.TTL = 100
	rk.Key = func(e *entry) int64 { return e.nr }
	rank := op.NewRank(subtask(0, 1), stream.Consumer[place](&taken[place]{}), rk)
	one := func(i int) {
		give(t, g, ins(fmt.Sprint("city", i), 1))
		enter(t, join, fmt.Sprintf("+I l id%d 1", i))
		changes(t, normalize, entryChange{val.Insert, entry{fmt.Sprint("key", i), 1}})
		changes(t, rank, entryChange{val.Insert, entry{"key", int64(i)}})
	}
	tick(t, 0)
	for i := range 50 {
		one(i)
	}
	tick(t, 100)
	for range 2000 { // maps are swept from anywhere
		one(7)
	}
	for name, s := range map[string]interface{ Snapshot(*state.Snapshot) error }{"groups": g, "join": join, "normalize": normalize, "rank": rank} {
		if n := size(s); n == 0 || n > 40 {
			t.Errorf("%s: %d bytes of state", name, n)
		}
	}
}

func newJoinWithTTL(kind string, left, right op.TTL, index, parallelism int) (*regularJoin, *pairs) {
	c := &pairs{}
	f := ofKind(kind)
	f.LeftTTL, f.RightTTL = left, right
	sub := &stream.Subtask{UID: "join1", Index: index, Parallelism: parallelism, BatchSize: 2}
	return op.NewJoin(sub, stream.Consumer[pair](c), f,
		op.JoinIdentity[order, order]{Of: wholeOrder}, op.JoinIdentity[payment, payment]{Of: wholePayment}), c
}

// TestSidesOfAJoinExpireApart has rows of one side only expire, whichever side's
// rows come.
func TestSidesOfAJoinExpireApart(t *testing.T) {
	for _, c := range []struct {
		left, right op.TTL
		want        string
	}{{100, 0, "+I(b,1)"}, {0, 100, "+I(a,2)"}} {
		j, out := newJoinWithTTL("inner", c.left, c.right, 0, 1)
		tick(t, 0)
		enter(t, j, "+I l a 9", "+I r b 1")
		tick(t, 100)
		enter(t, j, "+I r a 2", "+I l b 8")
		if got := out.take(); got != c.want {
			t.Errorf("left %d, right %d: %s, want %s", c.left, c.right, got, c.want)
		}
	}
}

func TestRowsOfAJoinExpire(t *testing.T) {
	j, out := newJoinWithTTL("left", 100, 100, 0, 1)
	tick(t, 0)
	enter(t, j, "+I l a 9", "+I l b 9", "+I r b 1")
	if got := out.take(); got != "+I(a,) +I(b,) -D(b,) +I(b,1)" {
		t.Error(got)
	}
	tick(t, 60)
	enter(t, j, "+I r b 2") // b was written for its number of matches
	if got := out.take(); got != "+I(b,2)" {
		t.Error(got)
	}
	tick(t, 100)
	enter(t, j, "+I r a 1", "+I l b 8") // order a and payment 1 are gone
	if got := out.take(); got != "+I(b,2)" {
		t.Error(got)
	}
	tick(t, 150)
	enter(t, j, "+I r b 3")
	if got := out.take(); got != "+I(b,3) +I(b,3)" {
		t.Error(got)
	}
	tick(t, 170)
	handed, outs := make([]*regularJoin, 2), make([]*pairs, 2)
	handedOver(t, j, func(i int) interface {
		Restore(*state.Restored) error
	} {
		handed[i], outs[i] = newJoinWithTTL("left", 100, 100, i, 2)
		return handed[i]
	})
	city := "b"
	i := state.Owner(state.Group(hashCity(&city)), 2)
	enter(t, handed[i], "+I l b 7") // payment 2 is gone, payment 3 isn't
	if got := outs[i].take(); got != "+I(b,3)" {
		t.Error("after a restore:", got)
	}
}

func TestKeptRowsExpire(t *testing.T) {
	f := byText(equalEntries, true)
	f.TTL = 100
	out := &taken[entry]{}
	n := op.NewNormalize(subtask(0, 1), stream.Consumer[entry](out), f)
	tick(t, 0)
	changes(t, n, entryChange{val.Insert, entry{"a", 1}}, entryChange{val.Insert, entry{"a", 1}}, entryChange{val.Insert, entry{"b", 1}})
	if got := out.take(); got != "+Ia1 -Ua1 +Ua1 +Ib1" {
		t.Error(got)
	}
	tick(t, 100)
	changes(t, n, entryChange{val.Delete, entry{"a", 1}}, entryChange{val.UpdateAfter, entry{"b", 2}})
	if got := out.take(); got != "+Ib2" {
		t.Error(got)
	}
	m := op.NewMaterialize(subtask(0, 1), stream.Consumer[entry](out), f)
	changes(t, m, entryChange{val.Insert, entry{"a", 1}})
	tick(t, 200)
	changes(t, m, entryChange{val.Delete, entry{"a", 1}}, entryChange{val.UpdateAfter, entry{"a", 2}})
	if got := out.take(); got != "+Ia1 +Ia2" {
		t.Error(got)
	}
}

func TestRankedRowsExpire(t *testing.T) {
	f := ranking(1, 2, false, op.RankAppend)
	f.TTL = 100
	out := &taken[place]{}
	r := op.NewRank(subtask(0, 1), stream.Consumer[place](out), f)
	tick(t, 0)
	changes(t, r, entryChange{val.Insert, entry{"a", 1}})
	tick(t, 50)
	changes(t, r, entryChange{val.Insert, entry{"b", 3}})
	tick(t, 100) // a is gone
	changes(t, r, entryChange{val.Insert, entry{"c", 5}}, entryChange{val.Insert, entry{"d", 7}})
	if got := out.take(); got != "+I(a1,1) +I(b3,2) +I(c5,2)" {
		t.Error(got)
	}
	var again *op.Rank[entry, int64, place]
	handedOver(t, r, func(i int) interface {
		Restore(*state.Restored) error
	} {
		next := op.NewRank(subtask(i, 2), stream.Consumer[place](out), f)
		k := int64(1)
		if state.Owner(state.Group(f.Hash(&k)), 2) == i {
			again = next
		}
		return next
	})
	tick(t, 150) // and b, but not c
	changes(t, again, entryChange{val.Insert, entry{"d", 9}}, entryChange{val.Insert, entry{"e", 9}})
	if got := out.take(); got != "+I(d9,2)" {
		t.Error("after a restore:", got)
	}
}
