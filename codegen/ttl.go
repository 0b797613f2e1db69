package codegen

import (
	"time"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn"
)

// The settings that are lengths of time.
const (
	// stateTTLKey says for how long a streaming job keeps state that nobody writes.
	stateTTLKey = "table.exec.state.ttl"
	// markIntervalKey says how often watermarks are passed on, idleTimeoutKey
	// after what time a source without rows isn't waited for.
	markIntervalKey = "pipeline.auto-watermark-interval"
	idleTimeoutKey  = "table.exec.source.idle-timeout"
)

// lengths are the values of these settings; 0 where there is none.
type lengths struct{ ttl, markInterval, idle time.Duration }

func lengthsOf(config []ir.Setting, diags *diag.List) lengths {
	return lengths{
		ttl:          lengthOf(stateTTLKey, 0, config, diags),
		markInterval: lengthOf(markIntervalKey, 200*time.Millisecond, config, diags),
		idle:         lengthOf(idleTimeoutKey, 0, config, diags),
	}
}

// lengthOf is one of the settings, or what it is by default.
func lengthOf(key string, byDefault time.Duration, config []ir.Setting, diags *diag.List) time.Duration {
	length := byDefault
	for _, s := range config { // the last one of a key counts
		if s.Key != key {
			continue
		}
		text, known := s.Value.Const()
		if !known {
			diags.Errorf(diag.InputSymbolic, s.Pos, "%s is %s: it must be known when the job is built", s.Key, s.Value.Display())
			return byDefault
		}
		d, err := conn.ParseDuration(text)
		if err != nil {
			diags.Errorf(diag.OptionValue, s.Pos, "%s: %v", s.Key, err).WithHint("write a whole number and a unit: '12 h'")
			return byDefault
		}
		length = d
	}
	return length
}

// expire adds to an operator's functions for how long it keeps state, in the
// given field: as long as a hint says, or the job's setting. Batch jobs keep it to
// their end.
func (w *wiring) expire(funcs jen.Dict, field string, hint ir.Retention) {
	ms := w.ttl.Milliseconds()
	if hint != 0 {
		ms = int64(hint)
	}
	if ms > 0 && !w.batch {
		funcs[jen.Id(field)] = jen.Lit(int(ms))
	}
}
