package stream_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"pyfc/rt/state"
	"pyfc/rt/stream"
)

// TestMain fails if a goroutine of any test is left.
func TestMain(m *testing.M) {
	before := runtime.NumGoroutine()
	code := m.Run()
	deadline := time.Now().Add(time.Minute)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before && code == 0 {
		buf := make([]byte, 1<<20)
		fmt.Printf("%d goroutines are left:\n%s\n", n-before, buf[:runtime.Stack(buf, true)])
		code = 1
	}
	os.Exit(code)
}

// mark appends "!" to every key and drops every fifth row.
func mark(*stream.Subtask) func(in, out *stream.Batch[row]) error {
	return func(in, out *stream.Batch[row]) error {
		for i := range in.Rows {
			if in.Rows[i].n%5 == 0 {
				continue
			}
			r := out.Add()
			*r = in.Rows[i]
			r.key = out.Arena.Concat(r.key, "!")
		}
		return nil
	}
}

func TestOrderInOneSubtask(t *testing.T) {
	for _, size := range []int{1, 3, 0} {
		var got collected
		g := stream.NewGraph(stream.Config{Parallelism: 1, BatchSize: size})
		s := stream.From(g, "source", newNumbers(2500, 7))
		stream.To(stream.KeyBy(stream.Map(s, "mark", mark), hashKey), "sink", got.sink)
		if e := run(t, g); e != stream.Finished {
			t.Fatalf("ending = %v", e)
		}
		if len(got.rows) != 2000 || got.closed != 1 {
			t.Fatalf("batch size %d: %d rows, closed %d times", size, len(got.rows), got.closed)
		}
		last := int64(-1)
		for _, r := range got.rows {
			if r.n <= last || r.key != fmt.Sprintf("k%d!", r.n%7) {
				t.Fatalf("batch size %d: row %v after %d", size, r, last)
			}
			last = r.n
		}
		end := got.controls[len(got.controls)-2:]
		if end[0].Kind != stream.Watermark || end[0].Time != math.MaxInt64 || end[1].Kind != stream.End {
			t.Errorf("the last control elements are %v", end)
		}
	}
}

func TestExchangeByKey(t *testing.T) {
	var got collected
	g := stream.NewGraph(stream.Config{Parallelism: 3, BatchSize: 10})
	s := stream.From(g, "source", newNumbers(1000, 20), stream.Parallelism(2))
	stream.To(stream.KeyBy(s, hashKey), "sink", got.sink)
	run(t, g)
	if len(got.rows) != 2000 || got.closed != 3 {
		t.Fatalf("%d rows, %d sinks closed", len(got.rows), got.closed)
	}
	used := map[int]bool{}
	for key, subtasks := range got.subtask {
		if len(subtasks) != 1 {
			t.Errorf("key %s came to subtasks %v", key, subtasks)
		}
		for s := range subtasks {
			used[s] = true
		}
	}
	if len(used) != 3 {
		t.Errorf("rows came to subtasks %v only", used)
	}
	last := map[string]int64{}
	for _, r := range got.rows {
		of := fmt.Sprint(r.key, r.from)
		if n, ok := last[of]; ok && r.n <= n {
			t.Fatalf("key %s of producer %d: %d after %d", r.key, r.from, r.n, n)
		}
		last[of] = r.n
	}
}

func TestRebalance(t *testing.T) {
	var got collected
	g := stream.NewGraph(stream.Config{Parallelism: 4, BatchSize: 5})
	s := stream.From(g, "source", newNumbers(100, 1), stream.Parallelism(1))
	stream.To(stream.Rebalance(s), "sink", got.sink)
	run(t, g)
	if len(got.rows) != 100 || len(got.subtask["k0"]) != 4 {
		t.Errorf("%d rows in subtasks %v", len(got.rows), got.subtask["k0"])
	}
}

// TestFanOut writes into the arena of a batch that others read meanwhile.
func TestFanOut(t *testing.T) {
	var direct, mapped, other collected
	g := stream.NewGraph(stream.Config{Parallelism: 2, BatchSize: 10})
	s := stream.From(g, "source", newNumbers(500, 9))
	stream.To(stream.Map(stream.Rebalance(s), "m1", mark), "mapped", mapped.sink)
	stream.To(s, "direct", direct.sink)
	stream.To(stream.KeyBy(stream.Map(s, "m2", mark), hashKey), "other", other.sink)
	run(t, g)
	if len(direct.rows) != 1000 || len(mapped.rows) != 800 || len(other.rows) != 800 {
		t.Fatalf("%d, %d and %d rows", len(direct.rows), len(mapped.rows), len(other.rows))
	}
	for _, c := range []struct {
		rows   []row
		suffix string
	}{{direct.rows, ""}, {mapped.rows, "!"}, {other.rows, "!"}} {
		for _, r := range c.rows {
			if r.key != fmt.Sprintf("k%d%s", r.n%9, c.suffix) {
				t.Fatalf("row %v", r)
			}
		}
	}
}

func TestBackPressure(t *testing.T) {
	got := collected{slow: time.Millisecond}
	g := stream.NewGraph(stream.Config{Parallelism: 2, BatchSize: 1})
	var sources []*numbers
	s := stream.From(g, "source", func(sub *stream.Subtask) (stream.Source[row], error) {
		src := &numbers{sub: sub, limit: -1, keys: 8}
		sources = append(sources, src)
		return src, nil
	})
	stream.To(stream.KeyBy(s, hashKey), "sink", got.sink)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := g.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	var read int64
	for _, s := range sources {
		read += s.next
	}
	if waiting := read - int64(len(got.rows)); waiting < 0 || waiting > 50 {
		t.Errorf("%d rows were read, %d written", read, len(got.rows))
	}
}

func TestFirstErrorEndsAll(t *testing.T) {
	boom := errors.New("boom")
	got := collected{fail: boom}
	g := stream.NewGraph(stream.Config{Parallelism: 3})
	s := stream.From(g, "source", newNumbers(-1, 20))
	stream.To(stream.KeyBy(stream.Map(s, "mark", mark), hashKey), "sink", got.sink)
	_, err := g.Run(t.Context())
	var at *stream.OperatorError
	if !errors.Is(err, boom) || !errors.As(err, &at) || at.UID != "sink" {
		t.Errorf("err = %v", err)
	}
	if got.closed != 3 {
		t.Errorf("%d sinks closed", got.closed)
	}
}

func TestPanicIsReported(t *testing.T) {
	var got collected
	g := stream.NewGraph(stream.Config{Parallelism: 1})
	s := stream.From(g, "source", newNumbers(10, 2))
	stream.To(stream.Map(s, "bad", func(*stream.Subtask) func(in, out *stream.Batch[row]) error {
		return func(in, out *stream.Batch[row]) error { panic("out of order") }
	}), "sink", got.sink)
	_, err := g.Run(t.Context())
	var p *stream.PanicError
	if !errors.As(err, &p) || p.Value != "out of order" || !strings.Contains(string(p.Stack), "graph_test.go") {
		t.Errorf("err = %v", err)
	}
	if got.closed != 1 {
		t.Errorf("the sink was closed %d times", got.closed)
	}
}

// opening is a sink whose Open and Close are watched.
type opening struct {
	sink
	open func(ctx context.Context) error
}

func (o *opening) Open(ctx context.Context) error { return o.open(ctx) }

func TestOpenFailsBeforeTheFirstRow(t *testing.T) {
	var got collected
	refused := errors.New("refused")
	g := stream.NewGraph(stream.Config{Parallelism: 2, Ready: func() error { return errors.New("ready without its sink") }})
	s := stream.From(g, "source", newNumbers(-1, 2))
	stream.To(s, "sink", func(sub *stream.Subtask) (stream.Consumer[row], error) {
		return &opening{sink{&got, sub}, func(ctx context.Context) error {
			if sub.Index == 1 {
				return refused
			}
			<-ctx.Done() // waits for its target until the job is given up
			return ctx.Err()
		}}, nil
	})
	if _, err := g.Run(t.Context()); !errors.Is(err, refused) {
		t.Errorf("err = %v", err)
	}
	if len(got.rows) != 0 || got.closed != 2 {
		t.Errorf("%d rows, %d sinks closed", len(got.rows), got.closed)
	}
}

func TestStopWhileOpening(t *testing.T) {
	var got collected
	g := stream.NewGraph(stream.Config{Parallelism: 1})
	s := stream.From(g, "source", newNumbers(-1, 2))
	stream.To(s, "sink", func(sub *stream.Subtask) (stream.Consumer[row], error) {
		return &opening{sink{&got, sub}, func(ctx context.Context) error {
			g.Stop(false)
			<-ctx.Done()
			return ctx.Err()
		}}, nil
	})
	if ending := run(t, g); ending != stream.Stopped || got.closed != 1 {
		t.Errorf("ending = %v, closed %d times", ending, got.closed)
	}
}

func TestWiringMistakes(t *testing.T) {
	cases := map[string]func(g *stream.Graph){
		"occurs twice": func(g *stream.Graph) {
			s := stream.From(g, "a", newNumbers(1, 1))
			stream.To(s, "a", (&collected{}).sink)
		},
		"has no consumer": func(g *stream.Graph) {
			stream.Map(stream.From(g, "a", newNumbers(1, 1)), "b", mark)
		},
		"parallelism 129": func(g *stream.Graph) {
			stream.To(stream.From(g, "a", newNumbers(1, 1), stream.Parallelism(state.KeyGroups+1)), "b", (&collected{}).sink)
		},
		"a: no": func(g *stream.Graph) {
			stream.To(stream.From(g, "a", func(*stream.Subtask) (stream.Source[row], error) { return nil, errors.New("no") }), "b", (&collected{}).sink)
		},
	}
	for want, wire := range cases {
		g := stream.NewGraph(stream.Config{Parallelism: 1})
		wire(g)
		if _, err := g.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("err = %v, want %s", err, want)
		}
	}
}

func TestCountersAndPost(t *testing.T) {
	var got collected
	var posted bool
	g := stream.NewGraph(stream.Config{Parallelism: 1})
	s := stream.From(g, "source", func(sub *stream.Subtask) (stream.Source[row], error) {
		go sub.Post(func() error { posted = true; return nil })
		return &numbers{sub: sub, limit: 5, keys: 1, pause: 20 * time.Millisecond}, nil
	})
	stream.To(stream.Map(s, "mark", mark), "sink", got.sink)
	run(t, g)
	if !posted {
		t.Error("the posted function didn't run")
	}
	in := map[string]int64{}
	for _, sub := range g.Subtasks() {
		in[sub.UID] = sub.Count.In.Load()
	}
	if in["mark"] != 5 || in["sink"] != 4 {
		t.Errorf("rows handled: %v", in)
	}
}
