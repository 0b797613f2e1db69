package op_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/op"
	"pyfc/rt/spill"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// order and payment are the inputs of the tests' joins, ON order.id =
// payment.id AND payment.cents <= order.max. An empty id is NULL.
type order struct {
	id  string
	max int64
}

type payment struct {
	id    string
	cents int64
}

type pair struct{ l, r string }

// ordersWithPayments is what generated code would say.
func ordersWithPayments() op.JoinFuncs[order, payment, string, pair] {
	read := func(src []byte, id *string, n *int64) ([]byte, error) {
		src, err := val.DecodeText(src, id)
		if err == nil {
			src, err = val.DecodeInt(src, n)
		}
		return src, err
	}
	return op.JoinFuncs[order, payment, string, pair]{
		LeftKey:  func(o *order) string { return o.id },
		RightKey: func(p *payment) string { return p.id },
		Known:    func(id *string) bool { return *id != "" },
		Hash:     hashCity,
		Match: func(o *order, p *payment, arena *val.Arena, ok *bool) error {
			if arena.Concat(o.id, "!") == "bad!" {
				return fmt.Errorf("order %s can't be compared", o.id)
			}
			*ok = p.cents <= o.max
			return nil
		},
		Pair: func(o *order, p *payment, out *pair) {
			if o != nil {
				out.l = o.id
			}
			if p != nil {
				out.r = fmt.Sprint(p.cents)
			}
		},
		KeepLeft:    func(o *order) { o.id = val.Keep(o.id) },
		KeepRight:   func(p *payment) { p.id = val.Keep(p.id) },
		ViewedLeft:  func(o *order) int { return len(o.id) },
		ViewedRight: func(p *payment) int { return len(p.id) },
		AppendLeft:  func(dst []byte, o *order) []byte { return val.EncodeInt(val.EncodeText(dst, o.id), o.max) },
		ReadLeft:    func(src []byte, o *order) ([]byte, error) { return read(src, &o.id, &o.max) },
		AppendRight: func(dst []byte, p *payment) []byte { return val.EncodeInt(val.EncodeText(dst, p.id), p.cents) },
		ReadRight:   func(src []byte, p *payment) ([]byte, error) { return read(src, &p.id, &p.cents) },
	}
}

// pairs takes what a join emits, one text a row.
type pairs struct {
	changes []string
	batches int
	ended   bool
}

func (c *pairs) Process(b *stream.Batch[pair]) error {
	c.batches++
	for i, r := range b.Rows {
		c.changes = append(c.changes, val.Keep(fmt.Sprintf("%s(%s,%s)", b.Kind(i), r.l, r.r)))
	}
	b.Release()
	return nil
}

func (c *pairs) Control(e stream.Control) error {
	c.ended = c.ended || e.Kind == stream.End
	return nil
}

func (c *pairs) Ready() bool { return true }

func (c *pairs) take() string {
	out := strings.Join(c.changes, " ")
	c.changes = nil
	return out
}

func wholeOrder(o *order) order       { return *o }
func wholePayment(p *payment) payment { return *p }

type regularJoin = op.Join[order, payment, string, order, payment, pair]

func newJoin(kind string, index, parallelism int) (*regularJoin, *pairs) {
	c := &pairs{}
	sub := &stream.Subtask{UID: "join1", Index: index, Parallelism: parallelism, BatchSize: 2}
	return op.NewJoin(sub, stream.Consumer[pair](c), ofKind(kind),
		op.JoinIdentity[order, order]{Of: wholeOrder}, op.JoinIdentity[payment, payment]{Of: wholePayment}), c
}

func ofKind(kind string) op.JoinFuncs[order, payment, string, pair] {
	f := ordersWithPayments()
	f.LeftOuter = kind == "left" || kind == "full"
	f.RightOuter = kind == "right" || kind == "full"
	f.Semi, f.Anti = kind == "semi", kind == "anti"
	return f
}

// enter gives "+Ll a 5" (an order) or "-Dr a 3" (a payment), one batch each.
func enter(t testing.TB, j stream.TwoInput[order, payment], rows ...string) {
	t.Helper()
	for _, text := range rows {
		if err := enterOne(t, j, text); err != nil {
			t.Fatal(err)
		}
	}
}

func enterOne(t testing.TB, j stream.TwoInput[order, payment], text string) error {
	t.Helper()
	var side, id string
	var n int64
	if _, err := fmt.Sscan(text[2:], &side, &id, &n); err != nil {
		t.Fatal(err)
	}
	if id == "NULL" {
		id = ""
	}
	kind := val.RowKind(slices.Index([]string{"+I", "-U", "+U", "-D"}, text[:2]))
	if side == "l" {
		var pool stream.Pool[order]
		b := pool.Get()
		b.Arena = val.NewArena()
		*b.AddKind(kind) = order{b.Arena.Concat(id), n}
		return j.ProcessLeft(b)
	}
	var pool stream.Pool[payment]
	b := pool.Get()
	b.Arena = val.NewArena()
	*b.AddKind(kind) = payment{b.Arena.Concat(id), n}
	return j.ProcessRight(b)
}

// TestJoinChangelogs has, for every kind, what each input row makes it emit.
func TestJoinChangelogs(t *testing.T) {
	cases := []struct{ row, inner, left, right, full, semi, anti string }{
		{"+I l a 5", "", "+I(a,)", "", "+I(a,)", "", "+I(a,)"},
		{"+I r a 3", "+I(a,3)", "-D(a,) +I(a,3)", "+I(a,3)", "-D(a,) +I(a,3)", "+I(a,)", "-D(a,)"},
		{"+I r a 9", "", "", "+I(,9)", "+I(,9)", "", ""},
		{"+I r a 3", "+I(a,3)", "+I(a,3)", "+I(a,3)", "+I(a,3)", "", ""},
		{"-U r a 3", "-U(a,3)", "-U(a,3)", "-D(a,3)", "-D(a,3)", "", ""},
		{"+U r a 4", "+U(a,4)", "+I(a,4)", "+I(a,4)", "+I(a,4)", "", ""},
		{"-D r a 4", "-D(a,4)", "-D(a,4)", "-D(a,4)", "-D(a,4)", "", ""},
		{"-U r a 3", "-U(a,3)", "-U(a,3) +I(a,)", "-D(a,3)", "-D(a,3) +I(a,)", "-U(a,)", "+I(a,)"},
		{"+U r a 2", "+U(a,2)", "-D(a,) +I(a,2)", "+I(a,2)", "-D(a,) +I(a,2)", "+U(a,)", "-D(a,)"},
		{"+U l a 10", "+U(a,9) +U(a,2)", "+I(a,9) +I(a,2)", "-D(,9) +I(a,9) +I(a,2)", "-D(,9) +I(a,9) +I(a,2)", "+U(a,)", ""},
		{"-U l a 10", "-U(a,9) -U(a,2)", "-D(a,9) -D(a,2)", "-U(a,9) -U(a,2) +I(,9)", "-D(a,9) -D(a,2) +I(,9)", "-U(a,)", ""},
		{"-D l a 5", "-D(a,2)", "-D(a,2)", "-D(a,2) +I(,2)", "-D(a,2) +I(,2)", "-D(a,)", ""},
		{"-D l a 5", "-D(a,2)", "-D(a,2)", "-D(a,2)", "-D(a,2)", "-D(a,)", ""}, // it isn't there, and goes on all the same
		{"+I l NULL 5", "", "+I(,)", "", "+I(,)", "", "+I(,)"},
		{"+I r NULL 5", "", "", "+I(,5)", "+I(,5)", "", ""},
		{"-D r NULL 5", "", "", "-D(,5)", "-D(,5)", "", ""},
	}
	for i, kind := range []string{"inner", "left", "right", "full", "semi", "anti"} {
		j, out := newJoin(kind, 0, 1)
		for _, c := range cases {
			enter(t, j, c.row)
			if got, want := out.take(), []string{c.inner, c.left, c.right, c.full, c.semi, c.anti}[i]; got != want {
				t.Errorf("%s: %s gives %q, want %q", kind, c.row, got, want)
			}
		}
	}
}

// Equal rows are counted, and each of them makes its pairs.
func TestJoinOfEqualRows(t *testing.T) {
	j, out := newJoin("full", 0, 1)
	enter(t, j, "+I l a 5", "+I l a 5", "+I r a 3")
	if got, want := out.take(), "+I(a,) +I(a,) -D(a,) -D(a,) +I(a,3) +I(a,3)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	enter(t, j, "-D l a 5", "-D r a 3", "-D l a 5")
	if got, want := out.take(), "-D(a,3) -D(a,3) +I(a,) -D(a,)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// An input with a unique key may come without the rows that updates replace.
func TestJoinByUniqueKey(t *testing.T) {
	c := &pairs{}
	sub := &stream.Subtask{UID: "join1", Parallelism: 1, BatchSize: 10}
	id := func(o *order) string { return o.id }
	j := op.NewJoin(sub, stream.Consumer[pair](c), ofKind("inner"),
		op.JoinIdentity[order, string]{Of: id, Replaces: true}, op.JoinIdentity[payment, payment]{Of: wholePayment})
	enter(t, j, "+I l a 5", "+I r a 3", "+U l a 2", "+U l a 8", "+I r a 7", "+U l a 1", "+I r a 1", "-D l a 1", "+I r a 0")
	if got, want := c.take(), "+I(a,3) +U(a,3) +I(a,7) +I(a,1) -D(a,1)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestJoinFailsWithItsCondition(t *testing.T) {
	j, _ := newJoin("inner", 0, 1)
	enter(t, j, "+I l bad 5")
	if err := enterOne(t, j, "+I r bad 3"); err == nil || !strings.Contains(err.Error(), "can't be compared") {
		t.Error(err)
	}
}

// Rows come back at another parallelism with their counts of matches.
func TestJoinRestoredAtOtherParallelism(t *testing.T) {
	one, _ := newJoin("full", 0, 1)
	var ids []string
	for i := range 40 {
		ids = append(ids, fmt.Sprintf("k%d", i))
	}
	for _, id := range ids {
		enter(t, one, "+I l "+id+" 5", "+I l "+id+" 5", "+I r "+id+" 3", "+I r "+id+" 9")
	}
	var snap state.Snapshot
	if err := one.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for index := range 3 {
		j, out := newJoin("full", index, 3)
		r := &state.Restored{Groups: map[int][][]byte{}}
		for kg, data := range snap.Groups {
			if data != nil && state.Owner(kg, 3) == index {
				r.Groups[kg] = [][]byte{data}
			}
		}
		if err := j.Restore(r); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if state.Owner(state.Group(hashCity(&id)), 3) != index {
				continue
			}
			seen++
			enter(t, j, "-D r "+id+" 3", "-D l "+id+" 5", "+I l "+id+" 9")
			want := strings.ReplaceAll("-D(x,3) -D(x,3) +I(x,) +I(x,) -D(x,) -D(,9) +I(x,9)", "x", id)
			if got := out.take(); got != want {
				t.Fatalf("got\n%s\nwant\n%s", got, want)
			}
		}
	}
	if seen != len(ids) {
		t.Errorf("%d of %d keys", seen, len(ids))
	}
}

func TestJoinRefusesDamagedState(t *testing.T) {
	j, _ := newJoin("full", 0, 1)
	enter(t, j, "+I l a 5", "+I r a 3")
	var snap state.Snapshot
	if err := j.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	for kg, data := range snap.Groups {
		half := len(data) / 2 // the first row ends there
		for n := 1; n < len(data); n++ {
			if n == half {
				continue
			}
			h, _ := newJoin("full", 0, 1)
			err := h.Restore(&state.Restored{Groups: map[int][][]byte{kg: {data[:n]}}})
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("key group %d", kg)) {
				t.Errorf("%d of %d bytes: %v", n, len(data), err)
			}
		}
	}
	h, _ := newJoin("full", 0, 1)
	if err := h.Restore(&state.Restored{Groups: map[int][][]byte{1: {val.EncodeInt(nil, 7)}}}); err == nil {
		t.Error("a third side is taken")
	}
}

// TestHashJoin compares every kind with the rows left by the changelog of the
// regular join, whichever side comes first.
func TestHashJoin(t *testing.T) {
	rows := []string{
		"+I l a 5", "+I l a 1", "+I l b 5", "+I l b 5", "+I l c 0", "+I l NULL 5", "+I l d 9",
		"+I r a 3", "+I r a 4", "+I r b 5", "+I r c 7", "+I r NULL 1", "+I r e 2", "+I r b 6", "+I r b 5",
	}
	for _, kind := range []string{"inner", "left", "right", "full", "semi", "anti"} {
		regular, out := newJoin(kind, 0, 1)
		enter(t, regular, rows...)
		want := materialised(out.changes)
		for _, rightFirst := range []bool{true, false} {
			c := &pairs{}
			j := op.NewHashJoin(&stream.Subtask{BatchSize: 2}, stream.Consumer[pair](c), ofKind(kind))
			given := slices.Clone(rows)
			if rightFirst {
				slices.Reverse(given)
			}
			for i, row := range given {
				if left, _ := j.Holds(); !left {
					t.Fatal("the left side isn't held before the right one ends")
				}
				enter(t, j, row)
				if rightFirst && i == 7 { // the last of the right rows
					if err := j.EndRight(); err != nil {
						t.Fatal(err)
					}
					if left, _ := j.Holds(); left {
						t.Fatal("the left side is held for ever")
					}
					enter(t, j, given[i+1:]...)
					break
				}
			}
			if !rightFirst {
				if err := j.EndRight(); err != nil {
					t.Fatal(err)
				}
			}
			for _, end := range []func() error{j.EndLeft, func() error { return j.Control(stream.Control{Kind: stream.End}) }} {
				if err := end(); err != nil {
					t.Fatal(err)
				}
			}
			if got := materialised(c.changes); got != want || !c.ended {
				t.Errorf("%s, right first %t: got\n%s\nwant\n%s", kind, rightFirst, got, want)
			}
		}
	}
}

// materialised are the rows that a changelog leaves, sorted.
func materialised(changes []string) string {
	count := map[string]int{}
	for _, c := range changes {
		if c[0] == '+' {
			count[c[2:]]++
		} else {
			count[c[2:]]--
		}
	}
	var out []string
	for row, n := range count {
		for range n {
			out = append(out, row)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestHashJoinSpills joins ten times as much as the budget has room for, of many
// keys and of one, and compares with what comes out without a budget.
func TestHashJoinSpills(t *testing.T) {
	for _, keys := range []int{80, 1} {
		var rows []string
		for i := range 240 {
			rows = append(rows, fmt.Sprintf("+I l k%d %d", i%(keys+keys/2), i%7), fmt.Sprintf("+I r k%d %d", i%keys, i%9))
		}
		rows = append(rows, "+I l NULL 5", "+I r NULL 5")
		for _, kind := range []string{"inner", "left", "right", "full", "semi", "anti"} {
			want := hashJoined(t, kind, nil, rows)
			memory := spill.New(int64(len(rows)/2*70/10), t.TempDir())
			if got := hashJoined(t, kind, memory, rows); got != want {
				t.Errorf("%s of %d keys: %d rows, want %d", kind, keys, strings.Count(got, " "), strings.Count(want, " "))
			}
			if err := memory.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// hashJoined is what a hash join yields that works in pieces, only when there is
// room.
func hashJoined(t *testing.T, kind string, memory *spill.Memory, rows []string) string {
	t.Helper()
	c := &pairs{}
	var work func() (bool, error)
	sub := &stream.Subtask{BatchSize: 16, Memory: memory, Continue: func(_ func() bool, next func() (bool, error)) { work = next }}
	j := op.NewHashJoin(sub, stream.Consumer[pair](c), ofKind(kind))
	enter(t, j, rows...)
	for _, end := range []func() error{j.EndRight, j.EndLeft, func() error { return j.Control(stream.Control{Kind: stream.End}) }} {
		if err := end(); err != nil {
			t.Fatal(err)
		}
	}
	if spilled := work != nil; spilled != (memory != nil) || spilled == c.ended {
		t.Fatalf("spilled: %t, ended: %t", spilled, c.ended)
	}
	for more := work != nil; more; {
		var err error
		if more, err = work(); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil || !c.ended {
		t.Fatal(err, c.ended)
	}
	return materialised(c.changes)
}

// A left batch that comes too early is given up at once: its arena may have much
// that its rows don't view.
func TestHashJoinKeepsNoBatch(t *testing.T) {
	j := op.NewHashJoin(&stream.Subtask{BatchSize: 16}, stream.Consumer[pair](&pairs{}), ofKind("inner"))
	given := false
	var pool stream.Pool[order]
	b := pool.Get()
	b.Arena = val.NewArena()
	b.Arena.Adopt(make([]byte, 1000), func([]byte) { given = true })
	*b.Add() = order{"a", 5}
	if err := j.ProcessLeft(b); err != nil {
		t.Fatal(err)
	}
	if !given {
		t.Error("the batch's arena is kept")
	}
}

// A row that alone is more than the budget can't be joined.
func TestHashJoinSaysWhenMemoryIsExhausted(t *testing.T) {
	var work func() (bool, error)
	memory := spill.New(20, t.TempDir())
	defer memory.Close()
	sub := &stream.Subtask{BatchSize: 16, Memory: memory, Continue: func(_ func() bool, next func() (bool, error)) { work = next }}
	j := op.NewHashJoin(sub, stream.Consumer[pair](&pairs{}), ofKind("inner"))
	enter(t, j, "+I r a 1", "+I l a 5")
	if err := j.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatal(err)
	}
	for {
		more, err := work()
		var exhausted *spill.ExhaustedError
		if errors.As(err, &exhausted) {
			return
		}
		if err != nil || !more {
			t.Fatalf("got %v", err)
		}
	}
}
