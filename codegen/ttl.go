package codegen

import (
	"time"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn"
)

// stateTTLKey says for how long a streaming job keeps state that nobody writes.
const stateTTLKey = "table.exec.state.ttl"

// stateTTL is the job's setting; 0 where there is none.
func stateTTL(job *ir.Job, diags *diag.List) time.Duration {
	ttl := time.Duration(0)
	for _, s := range job.Config { // the last one of a key counts
		if s.Key != stateTTLKey {
			continue
		}
		text, known := s.Value.Const()
		if !known {
			diags.Errorf(diag.InputSymbolic, s.Pos, "%s is %s: for how long state is kept must be known when the job is built", s.Key, s.Value.Display())
			return 0
		}
		d, err := conn.ParseDuration(text)
		if err != nil {
			diags.Errorf(diag.OptionValue, s.Pos, "%s: %v", s.Key, err).WithHint("write a whole number and a unit: '12 h'")
			return 0
		}
		ttl = d
	}
	return ttl
}

// expire adds to an operator's functions for how long it keeps state. Batch jobs
// keep it to their end.
func (w *wiring) expire(funcs jen.Dict) {
	if ms := w.ttl.Milliseconds(); ms > 0 && !w.batch {
		funcs[jen.Id("TTL")] = jen.Lit(int(ms))
	}
}
