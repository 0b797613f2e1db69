package stream

import "sync/atomic"

// Counters account for the rows of one operator subtask. In is counted in
// front of every operator; the others are the operator's own business.
type Counters struct {
	Read         atomic.Int64 // records taken from outside
	In           atomic.Int64 // rows handled
	Written      atomic.Int64 // rows given to the outside
	Malformed    atomic.Int64 // records dropped because they could not be decoded
	Late         atomic.Int64 // rows behind the watermark, dropped
	DeadLettered atomic.Int64 // rows set aside by an on-error policy
	Failed       atomic.Int64 // results that are NULL because a function failed
	// Lag is the number of records between a source's position and the end of
	// its input, as last seen.
	Lag atomic.Int64
	// Functions is what the functions of users last reported, nil before.
	Functions atomic.Pointer[[]FunctionMetric]
}

// Counter is one of Counters as it is shown.
type Counter struct {
	Name         string // in the log, where it is shown if it isn't 0
	Always       bool   // it is shown there even so
	Metric, Help string // for Prometheus
	Get          func(*Counters) int64
}

// AllCounters are those that add up, in the order in which they are shown.
var AllCounters = []Counter{
	{"read", true, "pyfc_records_read_total", "Records taken from outside.", func(c *Counters) int64 { return c.Read.Load() }},
	{"handled", true, "pyfc_rows_in_total", "Rows handled.", func(c *Counters) int64 { return c.In.Load() }},
	{"written", true, "pyfc_rows_written_total", "Rows given to the outside.", func(c *Counters) int64 { return c.Written.Load() }},
	{"malformed", false, "pyfc_records_malformed_total", "Records dropped because they could not be decoded.", func(c *Counters) int64 { return c.Malformed.Load() }},
	{"late", false, "pyfc_rows_late_total", "Rows behind the watermark, dropped.", func(c *Counters) int64 { return c.Late.Load() }},
	{"dead_lettered", false, "pyfc_rows_dead_lettered_total", "Rows set aside by an on-error policy.", func(c *Counters) int64 { return c.DeadLettered.Load() }},
	{"failed", false, "pyfc_results_failed_total", "Results that are NULL because a function failed.", func(c *Counters) int64 { return c.Failed.Load() }},
}

// FunctionMetric is the state of one metric that a function of the user keeps.
type FunctionMetric struct {
	Name string // behind the names of its groups, separated by dots
	Kind MetricKind
	// Count is the counter's value, or the number of events.
	Count int64
	// Value is the gauge's value, or the meter's events a second.
	Value         float64
	Sum, Min, Max int64 // of a distribution
}

// MetricKind is one of PyFlink's kinds of metrics.
type MetricKind uint8

// The kinds of metrics.
const (
	CounterMetric MetricKind = iota
	GaugeMetric
	MeterMetric
	DistributionMetric
)
