package ops_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"pyfc/rt/ops"
	"pyfc/rt/stream"
)

// once is a source of one row and its sink.
type once struct{ sub *stream.Subtask }

func (o once) Poll(context.Context, <-chan struct{}) (*stream.Batch[int], error) {
	b := (&stream.Pool[int]{}).Get()
	b.Add()
	o.sub.Count.Read.Add(1)
	o.sub.Count.Lag.Store(41)
	return b, io.EOF
}

func (o once) Process(b *stream.Batch[int]) error {
	o.sub.Count.Written.Add(1)
	o.sub.Count.Functions.Store(&[]stream.FunctionMetric{
		{Name: "shop.rows", Kind: stream.CounterMetric, Count: 5}, {Name: "speed", Kind: stream.MeterMetric, Count: 10, Value: 1.5},
		{Name: "sizes", Kind: stream.DistributionMetric, Count: 3, Sum: 12, Min: -1, Max: 9}, {Name: "half", Kind: stream.GaugeMetric, Value: 2},
	})
	b.Release()
	return nil
}

func (once) Control(stream.Control) error { return nil }
func (once) Ready() bool                  { return true }

func TestEndpoint(t *testing.T) {
	s, err := ops.Listen("127.0.0.1:0", `the "job"`, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	get := func(path string) (int, string) {
		resp, err := http.Get("http://" + s.Addr() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	if code, _ := get("/ready"); code != http.StatusServiceUnavailable {
		t.Errorf("/ready before the job is: %d", code)
	}
	if _, body := get("/metrics"); !strings.Contains(body, `pyfc_ready{job="the \"job\""} 0`) {
		t.Errorf("/metrics before the job is ready:\n%s", body)
	}

	var g *stream.Graph
	g = stream.NewGraph(stream.Config{Parallelism: 1, Ready: func() error { s.Ready(g); return nil }})
	src := stream.From(g, "source", func(sub *stream.Subtask) (stream.Source[int], error) { return once{sub}, nil })
	stream.To(src, "sink", func(sub *stream.Subtask) (stream.Consumer[int], error) { return once{sub}, nil })
	if _, err := g.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if code, _ := get("/ready"); code != http.StatusOK {
		t.Errorf("/ready: %d", code)
	}
	_, body := get("/metrics")
	for _, want := range []string{
		"# TYPE pyfc_rows_in_total counter\n",
		`pyfc_records_read_total{job="the \"job\"",operator="source",subtask="0"} 1` + "\n",
		`pyfc_source_lag_records{job="the \"job\"",operator="source",subtask="0"} 41` + "\n",
		`pyfc_rows_in_total{job="the \"job\"",operator="sink",subtask="0"} 1` + "\n",
		`pyfc_rows_written_total{job="the \"job\"",operator="sink",subtask="0"} 1` + "\n",
		`pyfc_results_failed_total{job="the \"job\"",operator="sink",subtask="0"} 0` + "\n",
		`pyfc_function_count_total{job="the \"job\"",operator="sink",subtask="0",metric="shop.rows"} 5` + "\n",
		`pyfc_function_count_total{job="the \"job\"",operator="sink",subtask="0",metric="speed"} 10` + "\n",
		`pyfc_function_value{job="the \"job\"",operator="sink",subtask="0",metric="speed"} 1.5` + "\n",
		`pyfc_function_value{job="the \"job\"",operator="sink",subtask="0",metric="half"} 2` + "\n",
		`pyfc_function_sum{job="the \"job\"",operator="sink",subtask="0",metric="sizes"} 12` + "\n",
		`pyfc_function_min{job="the \"job\"",operator="sink",subtask="0",metric="sizes"} -1` + "\n",
		`pyfc_function_max{job="the \"job\"",operator="sink",subtask="0",metric="sizes"} 9` + "\n",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %s\n%s", want, body)
		}
	}
	s.Ready(nil)
	if code, _ := get("/ready"); code != http.StatusServiceUnavailable {
		t.Errorf("/ready after the job: %d", code)
	}
}
