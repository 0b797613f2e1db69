package op_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// trail takes rows and watermarks, in their order.
type trail struct{ seen []string }

func (c *trail) Process(b *stream.Batch[sale]) error {
	for _, r := range b.Rows {
		c.seen = append(c.seen, fmt.Sprintf("%s%d", r.city, r.cents))
	}
	b.Release()
	return nil
}

func (c *trail) Control(e stream.Control) error {
	switch {
	case e.Kind == stream.Watermark && e.Time == math.MaxInt64:
		c.seen = append(c.seen, "<max>")
	case e.Kind == stream.Watermark:
		c.seen = append(c.seen, fmt.Sprintf("<%d>", e.Time))
	case e.Kind == stream.Idle:
		c.seen = append(c.seen, "<idle>")
	}
	return nil
}

func (c *trail) Ready() bool { return true }

func (c *trail) take() string {
	out := strings.Join(c.seen, " ")
	c.seen = nil
	return out
}

// mailbox is what an operator has asked its task to do later.
type mailbox chan func() error

func (m mailbox) post(f func() error) { m <- f }

// next does the next item, which must come.
func (m mailbox) next(t *testing.T) {
	t.Helper()
	select {
	case f := <-m:
		if err := f(); err != nil {
			t.Fatal(err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("nothing was posted")
	}
}

// newMarks follows the cents of sales, which may come 2 too late; 7 says nothing
// and -1 fails.
func newMarks(interval, idle int64) (*op.Watermarks[sale], *trail, mailbox) {
	return newGrains(interval, idle, 0)
}

func newGrains(interval, idle, grain int64) (*op.Watermarks[sale], *trail, mailbox) {
	c, mail := &trail{}, make(mailbox, 10)
	w := op.NewWatermarks(&stream.Subtask{Post: mail.post, Splits: new(stream.Splits)}, stream.Consumer[sale](c), op.WatermarkFuncs[sale]{
		Mark: func(r *sale, _ *val.Arena, to *int64) error {
			switch r.cents {
			case -1:
				return op.ErrNullTime
			case 7:
				return nil
			}
			*to = r.cents - 2
			return nil
		},
		Interval: interval, Idle: idle, Grain: grain,
	})
	return w, c, mail
}

func seen(t *testing.T, c *trail, want string) {
	t.Helper()
	if got := c.take(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// sales are insertions of these cents.
func sales(cents ...int64) []change {
	var out []change
	for _, c := range cents {
		out = append(out, ins("r", c))
	}
	return out
}

// Rows and watermarks come in the same order whatever the batches are.
func TestWatermarksPartBatches(t *testing.T) {
	const want = "r1 r2 r12 <10> r12 r5 r7 r20 r31 <29>"
	all := sales(1, 2, 12, 12, 5, 7, 20, 31)
	for size := 1; size <= len(all); size++ {
		w, c, _ := newMarks(9, 0)
		for from := 0; from < len(all); from += size {
			give(t, w, all[from:min(from+size, len(all))]...)
		}
		seen(t, c, want)
	}
	w, c, _ := newMarks(0, 0)
	give(t, w, all...)
	seen(t, c, "r1 r2 r12 <10> r12 r5 r7 r20 <18> r31 <29>")
}

// With a grain only the first watermark beyond a multiple is passed on: that
// which would be among the first without it.
func TestCoarseWatermarks(t *testing.T) {
	w, c, mail := newGrains(9, 0, 30)
	give(t, w, sales(1, 12, 30, 31, 32, 45, 90, 91, 110)...)
	seen(t, c, "r1 r12 r30 r31 r32 r45 <43> r90 <88> r91 r110 <108>")
	give(t, w, sales(120, 121, 122)...)
	mail.next(t)
	seen(t, c, "r120 r121 r122 <120>")
}

func TestWatermarksByTheClock(t *testing.T) {
	w, c, mail := newMarks(50, 0)
	give(t, w, sales(10, 20)...)
	seen(t, c, "r10 r20")
	mail.next(t)
	seen(t, c, "<18>")
	give(t, w, sales(15)...)
	control(t, w, stream.Watermark, 5) // not of this time
	control(t, w, stream.Watermark, math.MaxInt64)
	give(t, w, sales(500)...)
	seen(t, c, "r15 <max> r500")
}

func TestIdleSources(t *testing.T) {
	w, c, mail := newMarks(1000, 20)
	if err := w.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	mail.next(t)
	seen(t, c, "<idle>")
	give(t, w, sales(3)...)
	mail.next(t)
	seen(t, c, "r3 <idle>")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRowsWithoutATime(t *testing.T) {
	w, _, _ := newMarks(0, 0)
	var pool stream.Pool[sale]
	b := pool.Get()
	*b.Add() = sale{cents: -1}
	if err := w.Process(b); !errors.Is(err, op.ErrNullTime) {
		t.Error(err)
	}
}

func TestWatermarksAreRestored(t *testing.T) {
	var snap state.Snapshot
	for _, cents := range []int64{40, 30} {
		w, _, _ := newMarks(9, 0)
		give(t, w, sales(cents, cents+5)...)
		if err := w.Snapshot(&snap); err != nil {
			t.Fatal(err)
		}
	}
	w, c, mail := newMarks(9, 0)
	if err := w.Restore(&state.Restored{List: snap.List}); err != nil {
		t.Fatal(err)
	}
	if err := w.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	mail.next(t)
	give(t, w, sales(20, 39, 40)...)
	seen(t, c, "<28> r20 r39 r40 <38>")
	for n := range snap.List[0] {
		if err := w.Restore(&state.Restored{List: [][]byte{snap.List[0][:n]}}); err == nil {
			t.Errorf("%d bytes are a watermark", n)
		}
	}
}

func control(t testing.TB, to interface{ Control(stream.Control) error }, kind stream.ControlKind, time int64) {
	t.Helper()
	if err := to.Control(stream.Control{Kind: kind, Time: time}); err != nil {
		t.Fatal(err)
	}
}

// The clock's watermarks are of whole ticks, and the end makes none.
func TestClockWatermarks(t *testing.T) {
	c, mail := &trail{}, make(mailbox, 10)
	w := op.NewClockWatermarks(&stream.Subtask{Post: mail.post}, stream.Consumer[sale](c))
	if err := w.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	from := time.Now().UnixMilli()
	give(t, w, sales(1)...)
	mail.next(t)
	var mark int64
	if _, err := fmt.Sscanf(c.take(), "r1 <%d>", &mark); err != nil || mark < from-1 || mark > time.Now().UnixMilli() {
		t.Errorf("%d, %v", mark, err)
	}
	control(t, w, stream.Watermark, math.MaxInt64)
	control(t, w, stream.End, 0)
	seen(t, c, "")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// The watermark is what all splits have reached that are read and not idle.
func TestWatermarksOfSplits(t *testing.T) {
	splits := new(stream.Splits)
	c, mail := &trail{}, make(mailbox, 10)
	w := op.NewWatermarks(&stream.Subtask{Post: mail.post, Splits: splits}, stream.Consumer[sale](c), op.WatermarkFuncs[sale]{
		Mark: func(r *sale, _ *val.Arena, to *int64) error { *to = r.cents; return nil }, Idle: 50,
	})
	if !splits.Apart {
		t.Error("batches may be of several splits")
	}
	splits.Begin(0)
	splits.Begin(4)
	if err := w.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	from := func(split int, cents ...int64) {
		splits.Current = split
		give(t, w, sales(cents...)...)
	}
	from(0, 10, 20)
	from(4, 5, 15)
	from(4, 30)
	from(0, 12, 25)
	seen(t, c, "r10 r20 r5 <5> r15 <15> r30 <20> r12 r25 <25>")
	splits.Begin(7) // found later, and behind
	from(7, 3)
	from(0, 90)
	splits.End(7)
	from(4, 60)
	seen(t, c, "r3 r90 r60 <60>")
	for !slices.Contains(c.seen, "<95>") { // which is without the split that is idle
		if slices.Contains(c.seen, "<idle>") {
			t.Fatal("all splits are idle")
		}
		check := <-mail
		from(0, 95)
		if err := check(); err != nil {
			t.Fatal(err)
		}
	}
}
