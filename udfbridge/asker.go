package udfbridge

import (
	"context"
	"fmt"
	"slices"

	"pyfc/rt/stream"
	"pyfc/udfbridge/udfpb"
)

// asker asks a worker one request at a time about groups of rows, and waits for
// the answer.
type asker struct {
	starter
	session  *session // nil if there is no worker
	outcomes chan outcome
	lastID   uint64
}

// outcome is what becomes of a request: an answer, or the end of the session.
type outcome struct {
	answer answer
	err    error
}

// newAsker is for answers with the operator's own columns in front of the
// results.
func newAsker(sub *stream.Subtask, pool *Pool, spec *Spec) (asker, error) {
	s, err := newStarter(sub, pool, spec, slices.Concat(ownColumns, spec.resultTypes()))
	return asker{starter: s}, err
}

// Open starts the worker and opens the functions.
func (k *asker) Open(ctx context.Context) error {
	k.begin(ctx)
	return k.start()
}

// start connects to a worker.
func (k *asker) start() error {
	s, err := k.connect()
	if err != nil {
		return err
	}
	outcomes := make(chan outcome, 2) // one request at a time, and the end
	k.session, k.outcomes = s, outcomes
	return k.follow(s,
		func(a answer) { outcomes <- outcome{answer: a} },
		func(err error) { outcomes <- outcome{err: err} })
}

// ask sends a request about a number of rows and waits for its answer. A worker
// that dies is replaced, and asked again.
func (k *asker) ask(request *udfpb.CallRequest, rows int) (answer, error) {
	for {
		if k.session == nil {
			if err := k.start(); err != nil {
				return answer{}, err
			}
		}
		k.lastID++
		request.Id = k.lastID
		k.session.post(request)
		var o outcome
		select {
		case o = <-k.outcomes:
		case <-k.ctx.Done():
			return answer{}, k.ctx.Err()
		}
		if o.err == nil {
			k.answered()
			if f := o.answer.response.GetFailure(); f != nil {
				return answer{}, newFunctionError(f)
			}
			return o.answer, fits(request, o.answer)
		}
		if err := k.replace(o.err, rows); err != nil {
			return answer{}, err
		}
	}
}

// fits checks that an answer is that of a request.
func fits(request *udfpb.CallRequest, a answer) error {
	if a.response.Id == request.Id && len(a.response.Groups) == len(request.Groups) {
		return nil
	}
	return fmt.Errorf("the Python worker answered request %d with %d groups, expected was request %d with %d",
		a.response.Id, len(a.response.Groups), request.Id, len(request.Groups))
}

// replace handles the end of a session that we didn't close: the next start is of
// another worker.
func (k *asker) replace(err error, rows int) error {
	death, err := k.lost(err)
	if err != nil {
		return err
	}
	k.sub.Log.Warn("Python worker died; starting another one", "error", death, "replayed_rows", rows)
	if err := k.session.close(); err != nil {
		k.sub.Log.Debug("closing the session of a dead worker", "error", err)
	}
	k.session = nil
	return nil
}

// Close closes the functions and ends the worker.
func (k *asker) Close() error {
	if k.cancel == nil {
		return nil // never opened
	}
	k.cancel()
	if k.session == nil {
		return nil
	}
	return k.session.close()
}
