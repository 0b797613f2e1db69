// Package ops serves the operations endpoint of a running job: /healthz,
// /ready and /metrics in Prometheus' text format.
package ops

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"pyfc/rt/stream"
)

// Server is the endpoint. It lives as long as the process runs jobs.
type Server struct {
	job      string
	started  time.Time
	running  atomic.Pointer[stream.Graph] // nil while no job is ready
	http     http.Server
	listener net.Listener
}

// Listen starts to serve at addr; port 0 chooses one.
func Listen(addr, job string, log *slog.Logger) (*Server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Server{job: job, started: time.Now(), listener: l}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /ready", s.ready)
	mux.HandleFunc("GET /metrics", s.metrics)
	s.http = http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("operations endpoint failed", "error", err)
		}
	}()
	return s, nil
}

// Addr returns the address that is served.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Ready says that a job's sources are positioned and its sinks reached; nil
// that no job is in this state any more.
func (s *Server) Ready(g *stream.Graph) { s.running.Store(g) }

// Close stops serving.
func (s *Server) Close() error { return s.http.Close() }

func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.running.Load() == nil {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

func (s *Server) metrics(w http.ResponseWriter, _ *http.Request) {
	m := metrics{job: escape(s.job)}
	m.family("pyfc_uptime_seconds", "gauge", "Time since the process started.")
	m.value("", time.Since(s.started).Seconds())
	g := s.running.Load()
	ready := 0.0
	if g != nil {
		ready = 1
	}
	m.family("pyfc_ready", "gauge", "1 when sources are positioned and sinks reached.")
	m.value("", ready)
	if g != nil {
		m.operators(g.Subtasks())
		m.checkpoints(g.Checkpoints())
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Write(m.buf.Bytes()) // a scraper that has gone away needs no answer
}

// counters are the metrics of an operator subtask.
var counters = []struct {
	name, kind, help string
	get              func(*stream.Counters) int64
}{
	{"pyfc_records_read_total", "counter", "Records taken from outside.", func(c *stream.Counters) int64 { return c.Read.Load() }},
	{"pyfc_rows_in_total", "counter", "Rows handled.", func(c *stream.Counters) int64 { return c.In.Load() }},
	{"pyfc_rows_written_total", "counter", "Rows given to the outside.", func(c *stream.Counters) int64 { return c.Written.Load() }},
	{"pyfc_records_malformed_total", "counter", "Records dropped because they could not be decoded.", func(c *stream.Counters) int64 { return c.Malformed.Load() }},
	{"pyfc_rows_late_total", "counter", "Rows behind the watermark, dropped.", func(c *stream.Counters) int64 { return c.Late.Load() }},
	{"pyfc_rows_dead_lettered_total", "counter", "Rows set aside by an on-error policy.", func(c *stream.Counters) int64 { return c.DeadLettered.Load() }},
	{"pyfc_source_lag_records", "gauge", "Records between a source's position and the end of its input, as last seen.", func(c *stream.Counters) int64 { return c.Lag.Load() }},
}

// metrics writes Prometheus' text format.
type metrics struct {
	buf  bytes.Buffer
	job  string
	name string // of the family at hand
}

func (m *metrics) family(name, kind, help string) {
	m.name = name
	fmt.Fprintf(&m.buf, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (m *metrics) value(labels string, v float64) {
	fmt.Fprintf(&m.buf, "%s{job=\"%s\"%s} %v\n", m.name, m.job, labels, v)
}

func (m *metrics) operators(subtasks []*stream.Subtask) {
	for _, c := range counters {
		m.family(c.name, c.kind, c.help)
		for _, sub := range subtasks {
			labels := fmt.Sprintf(",operator=\"%s\",subtask=\"%d\"", escape(sub.UID), sub.Index)
			m.value(labels, float64(c.get(sub.Count)))
		}
	}
}

func (m *metrics) checkpoints(s stream.CheckpointStats) {
	underWay := 0.0
	if s.UnderWay {
		underWay = 1
	}
	m.family("pyfc_checkpoints_completed_total", "counter", "Checkpoints completed since the start.")
	m.value("", float64(s.Completed))
	m.family("pyfc_checkpoint_under_way", "gauge", "1 while a checkpoint is being taken.")
	m.value("", underWay)
	m.family("pyfc_checkpoint_last_id", "gauge", "Number of the last complete checkpoint.")
	m.value("", float64(s.LastID))
	m.family("pyfc_checkpoint_last_duration_seconds", "gauge", "From its trigger until it was durable.")
	m.value("", s.LastDuration.Seconds())
	m.family("pyfc_checkpoint_last_size_bytes", "gauge", "Size of its data.")
	m.value("", float64(s.LastBytes))
}

// escape makes a label's value.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}
