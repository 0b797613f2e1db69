package bind

import (
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// COMPILE PLAN keeps the plan of insertions under the name of a file, EXECUTE
// PLAN runs it, whatever has become of its tables. The binary is the compiled
// plan, so that no file is written: a plan lives as long as its script.

// compilePlan binds insertions and keeps their plans. Where a file has its plan
// already, that one counts, if the statement allows it.
func (s *Session) compilePlan(st *sql.CompilePlan) Outcome {
	file := st.File.Value.Display()
	_, there := s.plans[file]
	switch {
	case s.Batch():
		s.Diags.Errorf(diag.RefusedByFlink, st.Pos, "PyFlink 1.20.1 refuses COMPILE PLAN in batch mode")
		return Outcome{}
	case there && !st.IfNotExists && !st.Execute:
		s.Diags.Errorf(diag.DuplicateName, st.File.Pos, "the file %q has a plan already", file).WithHint("COMPILE PLAN '%s' IF NOT EXISTS FOR …", file)
		return Outcome{}
	case !there:
		out := s.Execute(st.Stmt)
		if out.Sink != nil {
			out.Sinks = append(out.Sinks, out.Sink)
		}
		s.plans[file] = out.Sinks
	}
	if st.Execute {
		return Outcome{Sinks: s.planOf(file)}
	}
	return Outcome{Listing: Done}
}

func (s *Session) executePlan(st *sql.ExecutePlan) Outcome {
	file := st.File.Value.Display()
	switch _, there := s.plans[file]; {
	case s.Batch():
		s.Diags.Errorf(diag.RefusedByFlink, st.Pos, "PyFlink 1.20.1 refuses EXECUTE PLAN in batch mode")
	case !there:
		s.Diags.Errorf(diag.SQLPlanned, st.File.Pos, "EXECUTE PLAN of a file that this script didn't compile isn't supported yet").
			WithMissing("sql", "EXECUTE PLAN of a file").WithHint("COMPILE PLAN '%s' FOR INSERT INTO … makes one", file)
	default:
		return Outcome{Sinks: s.planOf(file)}
	}
	return Outcome{}
}

// planOf copies the kept plan of a file: the optimiser changes what it is given.
func (s *Session) planOf(file string) []*ir.Sink {
	var out []*ir.Sink
	for _, sink := range s.plans[file] {
		out = append(out, ir.Clone(sink).(*ir.Sink))
	}
	return out
}
