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
	"slices"
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
		m.functions(g.Subtasks())
		m.checkpoints(g.Checkpoints())
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Write(m.buf.Bytes()) // a scraper that has gone away needs no answer
}

// functions are the families of metrics that functions of users keep.
var functions = []struct {
	name, kind, help string
	of               []stream.MetricKind
	get              func(*stream.FunctionMetric) float64
}{
	{"pyfc_function_count_total", "counter", "Counters of functions, events of their meters, values in their distributions.",
		[]stream.MetricKind{stream.CounterMetric, stream.MeterMetric, stream.DistributionMetric}, func(m *stream.FunctionMetric) float64 { return float64(m.Count) }},
	{"pyfc_function_value", "gauge", "Gauges of functions, and the events a second of their meters.",
		[]stream.MetricKind{stream.GaugeMetric, stream.MeterMetric}, func(m *stream.FunctionMetric) float64 { return m.Value }},
	{"pyfc_function_sum", "gauge", "Sums of the distributions of functions.",
		[]stream.MetricKind{stream.DistributionMetric}, func(m *stream.FunctionMetric) float64 { return float64(m.Sum) }},
	{"pyfc_function_min", "gauge", "Least values of the distributions of functions.",
		[]stream.MetricKind{stream.DistributionMetric}, func(m *stream.FunctionMetric) float64 { return float64(m.Min) }},
	{"pyfc_function_max", "gauge", "Greatest values of the distributions of functions.",
		[]stream.MetricKind{stream.DistributionMetric}, func(m *stream.FunctionMetric) float64 { return float64(m.Max) }},
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
	for _, c := range stream.AllCounters {
		m.family(c.Metric, "counter", c.Help)
		for _, sub := range subtasks {
			m.value(labels(sub), float64(c.Get(sub.Count)))
		}
	}
	m.family("pyfc_source_lag_records", "gauge", "Records between a source's position and the end of its input, as last seen.")
	for _, sub := range subtasks {
		m.value(labels(sub), float64(sub.Count.Lag.Load()))
	}
}

func labels(sub *stream.Subtask) string {
	return fmt.Sprintf(",operator=\"%s\",subtask=\"%d\"", escape(sub.UID), sub.Index)
}

// functions writes what the functions of users report.
func (m *metrics) functions(subtasks []*stream.Subtask) {
	for _, f := range functions {
		m.family(f.name, f.kind, f.help)
		for _, sub := range subtasks {
			reported := sub.Count.Functions.Load()
			if reported == nil {
				continue
			}
			for i := range *reported {
				if r := &(*reported)[i]; slices.Contains(f.of, r.Kind) {
					m.value(labels(sub)+fmt.Sprintf(",metric=\"%s\"", escape(r.Name)), f.get(r))
				}
			}
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
