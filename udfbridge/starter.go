package udfbridge

import (
	"context"
	"errors"
	"fmt"

	"pyfc/ir/types"
	"pyfc/rt/stream"
	"pyfc/udfbridge/udfpb"
)

const (
	maxDeaths = 3  // workers in a row that die without answering
	maxKills  = 20 // likewise, by SIGKILL
)

// starter starts the workers of an operator, one after the other as they die.
type starter struct {
	sub  *stream.Subtask
	pool *Pool
	spec *Spec
	open *udfpb.OpenRequest
	args *Args
	// answers are the types of the columns of answers.
	answers []types.Type

	ctx    context.Context // ends with the task, for the worker's starts
	cancel context.CancelFunc
	deaths int // of workers in a row, without an answer
	kills  int // those among them by SIGKILL
}

// newStarter prepares what an operator asks of its workers, whose answers have
// columns of the given types.
func newStarter(sub *stream.Subtask, pool *Pool, spec *Spec, answers []types.Type) (starter, error) {
	open, schema, err := spec.openRequest(answers)
	if err != nil {
		return starter{}, err
	}
	open.Task = fmt.Sprintf("%s/%d", sub.UID, sub.Index)
	open.LogLevel = pythonLevel(sub.Log)
	return starter{sub: sub, pool: pool, spec: spec, open: open, args: newArgs(schema, spec.Columns), answers: answers}, nil
}

// begin sets the context of all starts.
func (s *starter) begin(ctx context.Context) { s.ctx, s.cancel = context.WithCancel(ctx) }

// connect starts a worker and a session. A worker that dies meanwhile is
// replaced as often as one that dies at work.
func (s *starter) connect() (*session, error) {
	for {
		open, err := s.connectOnce()
		var death *deathError
		if !errors.As(err, &death) {
			return open, err
		}
		if err := s.died(death); err != nil {
			return nil, err
		}
	}
}

func (s *starter) connectOnce() (*session, error) {
	w, err := s.pool.start(s.ctx, s.sub.Log)
	if err != nil {
		return nil, err
	}
	open, err := openSession(s.ctx, w, s.open, s.pool.cfg.Timeout, s.sub.Log)
	if err != nil {
		w.kill()
		w.close()
		return nil, err
	}
	return open, nil
}

// follow has the operator told of what comes from a session.
func (s *starter) follow(from *session, answer func(answer), end func(error)) error {
	results, err := newResultReader(s.answers, s.open.ResultSchema)
	if err != nil {
		return err
	}
	from.run(results, s.pool.cfg.Timeout, handlers{
		answer: answer, end: end,
		metrics: func(m []stream.FunctionMetric) { s.sub.Count.Functions.Store(&m) },
	})
	return nil
}

// lost is the death of a worker at work, behind which another one may start; for
// any other end of a session that we didn't close it is the error of the job.
func (s *starter) lost(end error) (*deathError, error) {
	var death *deathError
	if errors.As(end, &death) {
		return death, s.died(death)
	}
	if hang, ok := end.(*HangError); ok {
		hang.Functions = s.spec.names()
	}
	return nil, end
}

// died counts a death; the error says that it was one too many. Kills from outside say
// little about the function, so many are borne.
func (s *starter) died(death *deathError) error {
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	s.deaths++
	if death.outside {
		s.kills++
	}
	if s.deaths-s.kills >= maxDeaths || s.kills >= maxKills {
		return &CrashError{Functions: s.spec.names(), Deaths: s.deaths, Err: death}
	}
	return nil
}

// answered notes that a worker is of use.
func (s *starter) answered() { s.deaths, s.kills = 0, 0 }
