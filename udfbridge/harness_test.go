package udfbridge

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
	"pyfc/udfbridge/python"
)

// task drives one operator as rt/stream does: everything on one goroutine.
type task struct {
	tb   testing.TB
	mail chan func() error
	sub  *stream.Subtask
	log  *logBuffer
}

func newTask(tb testing.TB) *task {
	t := &task{tb: tb, mail: make(chan func() error, 10000), log: &logBuffer{}}
	log := slog.New(slog.NewTextHandler(t.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	t.sub = &stream.Subtask{
		UID: "udf", Parallelism: 1, Log: log, Count: &stream.Counters{}, BatchSize: 1000,
		Post: func(f func() error) { t.mail <- f },
	}
	return t
}

// until runs the mailbox until cond holds, or an item fails.
func (t *task) until(cond func() bool) error {
	t.tb.Helper()
	deadline := time.After(120 * time.Second)
	for !cond() {
		select {
		case f := <-t.mail:
			if err := f(); err != nil {
				return err
			}
		case <-deadline:
			t.tb.Fatalf("nothing happens any more; log:\n%s", t.log)
		}
	}
	return nil
}

// logBuffer collects a log for the test to look into.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// collector is the end of a chain: it keeps copies of the rows.
type collector[R any] struct {
	keep     func(R) R
	rows     []R
	kinds    []val.RowKind
	controls []string
	ended    bool
}

func (c *collector[R]) Process(b *stream.Batch[R]) error {
	for i, r := range b.Rows {
		c.rows = append(c.rows, c.keep(r))
		c.kinds = append(c.kinds, b.Kind(i))
	}
	b.Release()
	return nil
}

func (c *collector[R]) Control(e stream.Control) error {
	c.controls = append(c.controls, fmt.Sprintf("%d@%d", e.Kind, len(c.rows)))
	c.ended = c.ended || e.Kind == stream.End
	return nil
}

func (c *collector[R]) Ready() bool { return true }

// pair is the row of most tests: an optional string and a number in, the same
// and an optional result out.
type pair struct {
	n       int64
	s       string
	sNull   bool
	out     string
	outNull bool
}

func keepPair(p pair) pair {
	p.s, p.out = val.Keep(p.s), val.Keep(p.out)
	return p
}

// pairCodec calls with (s, n) and takes a STRING.
var pairCodec = Codec[pair, pair]{
	Args: func(in []pair, a *Args, _ *val.Arena) error {
		s, n := a.String(0), a.Int64(1)
		for i := range in {
			if in[i].sNull {
				s.AppendNull()
			} else {
				s.Append(in[i].s)
			}
			n.Append(in[i].n)
		}
		return nil
	},
	Result: func(in *pair, i int, r *Results, out *pair) error {
		*out = *in
		if out.outNull = r.IsNull(0, i); !out.outNull {
			out.out = r.String(0, i)
		}
		return nil
	},
	Append: func(dst []byte, r *pair) []byte {
		dst = binary.AppendVarint(dst, r.n)
		dst = binary.AppendUvarint(dst, uint64(len(r.s)))
		return append(dst, r.s...)
	},
	Decode: func(src []byte, r *pair) ([]byte, error) {
		n, l := binary.Varint(src)
		r.n = n
		size, m := binary.Uvarint(src[l:])
		src = src[l+m:]
		r.s = val.View(src[:size])
		return src[size:], nil
	},
}

var pairColumns = []types.Type{types.String(), types.Of(types.BigInt)}

// pairSpec calls the function f(s, n) of the driver's source.
func pairSpec(source string, result types.Type) *Spec {
	return &Spec{
		Code:      &Code{Sources: []Source{{Module: "__main__", File: "job.py", Text: source}}},
		Functions: []Function{{Name: "f", Module: "__main__", Expression: "f", Deterministic: true}},
		Columns:   pairColumns,
		Results:   []Result{{Call: Expr{Function: 0, Args: []Arg{Column(0), Column(1)}}, Type: result}},
	}
}

// pairs returns n rows in batches of the given size, with strings in an arena.
func pairs(n, batch int) []*stream.Batch[pair] {
	var pool stream.Pool[pair]
	var out []*stream.Batch[pair]
	for i := 0; i < n; i += batch {
		b := pool.Get()
		b.Arena = val.NewArena()
		for k := i; k < min(i+batch, n); k++ {
			r := b.Add()
			r.n, r.s = int64(k), b.Arena.Concat("row ", fmt.Sprint(k))
		}
		out = append(out, b)
	}
	return out
}

// call is a running operator over pairs.
type call struct {
	*task
	op  *Call[pair, pair]
	out *collector[pair]
}

// newCall opens an operator that the test closes.
func newCall(tb testing.TB, spec *Spec, settings ...string) *call {
	tb.Helper()
	c := prepareCall(tb, spec, settings...)
	if err := c.op.Open(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return c
}

func prepareCall(tb testing.TB, spec *Spec, settings ...string) *call {
	tb.Helper()
	return prepareWith(tb, spec, pairCodec, settings...)
}

func prepareWith(tb testing.TB, spec *Spec, codec Codec[pair, pair], settings ...string) *call {
	tb.Helper()
	c := &call{task: newTask(tb), out: &collector[pair]{keep: keepPair}}
	requirements := ""
	if spec.pandas() {
		requirements = "pandas"
	}
	pool := NewPool(config(tb, settings...), requirements, c.sub.Log)
	op, err := NewCall(c.sub, pool, spec, codec, c.out)
	if err != nil {
		tb.Fatal(err)
	}
	c.op = op
	tb.Cleanup(func() { op.Close() })
	return c
}

// config parses key, value pairs.
func config(tb testing.TB, settings ...string) python.Config {
	tb.Helper()
	m := map[string]string{}
	for i := 0; i < len(settings); i += 2 {
		m[settings[i]] = settings[i+1]
	}
	cfg, err := python.ParseConfig(m)
	if err != nil {
		tb.Fatal(err)
	}
	return cfg
}

// feed pushes batches as room allows, then End, and waits for it.
func (c *call) feed(batches []*stream.Batch[pair]) error {
	for _, b := range batches {
		if err := c.until(c.op.Ready); err != nil {
			return err
		}
		if err := c.op.Process(b); err != nil {
			return err
		}
	}
	if err := c.op.Control(stream.Control{Kind: stream.End}); err != nil {
		return err
	}
	return c.until(func() bool { return c.out.ended })
}

func (c *call) mustFeed(batches []*stream.Batch[pair]) {
	c.tb.Helper()
	if err := c.feed(batches); err != nil {
		c.tb.Fatalf("%v\nlog:\n%s", err, c.log)
	}
}

// wantNumbers checks that n results came in order, each made by want.
func (c *call) wantNumbers(n int, want func(i int) string) {
	c.tb.Helper()
	if len(c.out.rows) != n {
		c.tb.Fatalf("%d rows came out, want %d; log:\n%s", len(c.out.rows), n, c.log)
	}
	for i, r := range c.out.rows {
		if r.n != int64(i) || r.s != fmt.Sprint("row ", i) || r.out != want(i) || r.outNull {
			c.tb.Fatalf("row %d is %+v, want %q", i, r, want(i))
		}
	}
}

// results lists the results, with None for NULL.
func (c *call) results() []string {
	var out []string
	for _, r := range c.out.rows {
		if r.outNull {
			out = append(out, "None")
		} else {
			out = append(out, r.out)
		}
	}
	return out
}

// restored is what a fresh subtask gets of a snapshot.
func restored(s *state.Snapshot) *state.Restored { return &state.Restored{List: s.List} }

var _ stream.Overtaker[pair] = (*Call[pair, pair])(nil)
var _ stream.Opener = (*Call[pair, pair])(nil)
var _ stream.Closer = (*Call[pair, pair])(nil)
