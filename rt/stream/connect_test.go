package stream_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// other is the row type of right inputs.
type other struct {
	key  string
	name string
}

// toOther makes right rows of the left ones, of every third only.
func toOther(*stream.Subtask) func(in *stream.Batch[row], out *stream.Batch[other]) error {
	return func(in *stream.Batch[row], out *stream.Batch[other]) error {
		for i := range in.Rows {
			if r := &in.Rows[i]; r.n%3 == 0 {
				*out.Add() = other{r.key, out.Arena.Concat("name of ", r.key)}
			}
		}
		return nil
	}
}

func hashOther(o *other) uint64 { return hashKey(&row{key: o.key}) }

// pairing counts left and right rows per key and yields at the end, per key,
// n = left count and from = right count.
type pairing struct {
	stream.Forward[row]
	sub    *stream.Subtask
	counts map[string]*[2]int64
	crash  func() error
	seen   *atomic.Int64
	ends   []string
	holds  bool // the right side until the left one has ended
	early  bool // right rows have come while they were held
	left   bool // the left side has ended
}

func newPairing(c *pairing) func(*stream.Subtask, stream.Consumer[row]) (stream.TwoInput[row, other], error) {
	return func(sub *stream.Subtask, next stream.Consumer[row]) (stream.TwoInput[row, other], error) {
		p := c
		if sub.Parallelism > 1 {
			p = &pairing{crash: c.crash, seen: c.seen}
		}
		p.Out, p.sub, p.counts = next, sub, map[string]*[2]int64{}
		return p, nil
	}
}

func (p *pairing) add(key string, side int) {
	c := p.counts[key]
	if c == nil {
		c = &[2]int64{}
		p.counts[val.Keep(key)] = c
	}
	c[side]++
}

func (p *pairing) ProcessLeft(b *stream.Batch[row]) error {
	for _, r := range b.Rows {
		p.add(r.key, 0)
	}
	return p.done(len(b.Rows), b.Release)
}

func (p *pairing) ProcessRight(b *stream.Batch[other]) error {
	p.early = p.early || !p.left
	for _, r := range b.Rows {
		p.add(r.key, 1)
	}
	return p.done(len(b.Rows), b.Release)
}

func (p *pairing) done(n int, release func()) error {
	release()
	if p.seen != nil {
		p.seen.Add(int64(n))
	}
	if p.crash != nil {
		return p.crash()
	}
	return nil
}

func (p *pairing) EndLeft() error {
	p.ends = append(p.ends, "left")
	p.left = true
	return nil
}

func (p *pairing) EndRight() error {
	p.ends = append(p.ends, "right")
	return nil
}

func (p *pairing) Holds() (left, right bool) { return false, p.holds && !p.left }

func (p *pairing) Control(c stream.Control) error {
	if c.Kind == stream.End {
		p.ends = append(p.ends, "both")
		b := (&stream.Pool[row]{}).Get()
		for k, n := range p.counts {
			*b.Add() = row{key: k, n: n[0], from: int(n[1])}
		}
		if err := p.Out.Process(b); err != nil {
			return err
		}
	}
	return p.Out.Control(c)
}

func (p *pairing) Snapshot(s *state.Snapshot) error {
	for k, n := range p.counts {
		g := state.Group(hashKey(&row{key: k}))
		dst := append(append(s.Groups[g], byte(len(k))), k...)
		s.Groups[g] = binary.AppendVarint(binary.AppendVarint(dst, n[0]), n[1])
	}
	return nil
}

func (p *pairing) Restore(r *state.Restored) error {
	for g, parts := range r.Groups {
		if state.Owner(g, p.sub.Parallelism) != p.sub.Index {
			return errors.New("a key group of another subtask")
		}
		for _, src := range parts {
			for len(src) > 0 {
				k := string(src[1 : 1+src[0]])
				src = src[1+src[0]:]
				l, n := binary.Varint(src)
				r, m := binary.Varint(src[n:])
				src = src[n+m:]
				p.counts[k] = &[2]int64{l, r}
			}
		}
	}
	return nil
}

// checkPairs compares the result with what producers sources of limit rows
// give.
func checkPairs(t *testing.T, got *collected, limit, keys, producers int64) {
	t.Helper()
	want := map[string][2]int64{}
	for n := range limit {
		k := fmt.Sprintf("k%d", n%keys)
		w := want[k]
		w[0] += producers
		if n%3 == 0 {
			w[1] += producers
		}
		want[k] = w
	}
	if len(got.rows) != len(want) {
		t.Fatalf("%d keys, want %d", len(got.rows), len(want))
	}
	for _, r := range got.rows {
		if n := [2]int64{r.n, int64(r.from)}; n != want[r.key] {
			t.Errorf("%s: %v, want %v", r.key, n, want[r.key])
		}
	}
}

func TestConnect(t *testing.T) {
	for _, parallelism := range []int{1, 3} {
		var got collected
		var op pairing
		g := stream.NewGraph(stream.Config{Parallelism: parallelism, BatchSize: 7})
		l := stream.From(g, "left", newNumbers(3000, 40), stream.Parallelism(2))
		r := stream.Map(stream.From(g, "right", newNumbers(3000, 40), stream.Parallelism(2)), "names", toOther)
		stream.To(stream.Connect(l, stream.ByKey(hashKey), r, stream.ByKey(hashOther), "pair", newPairing(&op)), "sink", got.sink)
		run(t, g)
		checkPairs(t, &got, 3000, 40, 2)
		if parallelism > 1 {
			continue
		}
		if len(op.ends) != 3 || op.ends[2] != "both" {
			t.Errorf("ends: %v", op.ends)
		}
		end := got.controls[len(got.controls)-2:]
		if end[0].Kind != stream.Watermark || end[0].Time != math.MaxInt64 || end[1].Kind != stream.End {
			t.Errorf("the last control elements are %v", end)
		}
	}
}

// A source that feeds both sides must not wait for itself, whichever side the
// operator would rather have first.
func TestConnectWithItself(t *testing.T) {
	for _, holds := range []bool{false, true} {
		var got collected
		op := pairing{holds: holds}
		g := stream.NewGraph(stream.Config{Parallelism: 1, BatchSize: 3})
		s := stream.From(g, "source", newNumbers(3000, 40))
		r := stream.Map(stream.KeyBy(s, hashKey), "names", toOther)
		stream.To(stream.Connect(s, stream.ByKey(hashKey), r, stream.ByKey(hashOther), "pair", newPairing(&op)), "sink", got.sink)
		run(t, g)
		checkPairs(t, &got, 3000, 40, 1)
		if !op.early {
			t.Error("the right side has waited for the left one, which waits for it")
		}
	}
}

func TestHeldSideComesLast(t *testing.T) {
	var got collected
	op := pairing{holds: true}
	g := stream.NewGraph(stream.Config{Parallelism: 1, BatchSize: 3})
	l := stream.From(g, "left", newNumbers(500, 40))
	r := stream.Map(stream.From(g, "right", newNumbers(3000, 40)), "names", toOther)
	stream.To(stream.Connect(l, stream.ByKey(hashKey), r, stream.ByKey(hashOther), "pair", newPairing(&op)), "sink", got.sink)
	run(t, g)
	if op.early {
		t.Error("rows of the held side have come first")
	}
	if !slices.Equal(op.ends, []string{"left", "right", "both"}) {
		t.Errorf("ends: %v", op.ends)
	}
}

func TestConnectKilledAndRestoredAtOtherParallelism(t *testing.T) {
	const limit = 20000
	killed := errors.New("killed")
	dir := t.TempDir()
	var seen atomic.Int64
	var got collected
	for i, parallelism := range []int{1, 3, 2, 4} {
		ctx, kill := context.WithCancelCause(t.Context())
		start := seen.Load()
		op := &pairing{seen: &seen, crash: func() error {
			if i < 3 && seen.Load()-start > 12000 {
				kill(killed)
			}
			return nil
		}}
		store, err := state.Open(dir, state.Identity{Job: "pairs"}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		img, err := store.Latest()
		if err != nil {
			t.Fatal(err)
		}
		cfg := stream.Config{Parallelism: parallelism, BatchSize: 7, Interval: time.Millisecond, Store: store}
		if img != nil {
			cfg.Restore = img.Restored
		}
		g := stream.NewGraph(cfg)
		l := stream.From(g, "left", newNumbers(limit, 50), stream.Parallelism(2))
		r := stream.Map(stream.From(g, "right", newNumbers(limit, 50), stream.Parallelism(2)), "names", toOther)
		stream.To(stream.Connect(l, stream.ByKey(hashKey), r, stream.ByKey(hashOther), "pair", newPairing(op)), "sink", got.sink)
		ending, err := g.Run(ctx)
		if i < 3 && !errors.Is(err, killed) || i == 3 && (err != nil || ending != stream.Finished) {
			t.Fatalf("run %d: %v, %v", i, ending, err)
		}
		kill(nil)
		store.Close()
	}
	checkPairs(t, &got, limit, 50, 2)
}

func TestUnion(t *testing.T) {
	var got collected
	g := stream.NewGraph(stream.Config{Parallelism: 3, BatchSize: 7})
	a := stream.From(g, "a", newNumbers(1000, 10))
	b := stream.From(g, "b", newNumbers(1000, 10), stream.Parallelism(1))
	stream.To(stream.Union(a, b, stream.Map(b, "mark", mark)), "sink", got.sink)
	run(t, g)
	if len(got.rows) != 3000+1000+800 || got.closed != 3 {
		t.Errorf("%d rows, %d sinks closed", len(got.rows), got.closed)
	}
	last := map[string]int64{}
	for _, r := range got.rows {
		of := fmt.Sprint(len(r.key) > 2, r.from)
		if r.from == 0 {
			continue // two streams without a mark have it
		}
		if n, ok := last[of]; ok && r.n <= n {
			t.Fatalf("producer %d: %d after %d", r.from, r.n, n)
		}
		last[of] = r.n
	}
}

// slowEnd gives its rows out in pieces at the end, each only when there is room.
type slowEnd struct {
	stream.Forward[row]
	sub    *stream.Subtask
	rows   []int64
	pool   stream.Pool[row]
	pieces int
}

func (s *slowEnd) Process(b *stream.Batch[row]) error {
	for _, r := range b.Rows {
		s.rows = append(s.rows, r.n)
	}
	b.Release()
	return nil
}

func (s *slowEnd) Control(c stream.Control) error {
	if c.Kind != stream.End {
		return s.Out.Control(c)
	}
	s.sub.Continue(s.Out.Ready, func() (bool, error) {
		if !s.Out.Ready() {
			return false, errors.New("there is no room")
		}
		s.pieces++
		b := s.pool.Get()
		n := min(10, len(s.rows))
		for _, v := range s.rows[:n] {
			*b.Add() = row{key: "k", n: v}
		}
		s.rows = s.rows[n:]
		if err := s.Out.Process(b); err != nil || len(s.rows) > 0 {
			return true, err
		}
		return false, s.Out.Control(c)
	})
	return nil
}

func TestContinueWaitsForRoom(t *testing.T) {
	got := collected{slow: time.Millisecond}
	var op *slowEnd
	g := stream.NewGraph(stream.Config{Parallelism: 1, BatchSize: 10})
	s := stream.Then(stream.From(g, "source", newNumbers(500, 1)), "late", func(sub *stream.Subtask, next stream.Consumer[row]) (stream.Consumer[row], error) {
		op = &slowEnd{Forward: stream.Forward[row]{Out: next}, sub: sub}
		return op, nil
	})
	stream.To(stream.KeyBy(s, hashKey), "sink", got.sink)
	run(t, g)
	if len(got.rows) != 500 || op.pieces != 50 {
		t.Errorf("%d rows in %d pieces", len(got.rows), op.pieces)
	}
	for i, r := range got.rows {
		if r.n != int64(i) {
			t.Fatalf("row %d is %d", i, r.n)
		}
	}
}
