package udfbridge

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"pyfc/rt/stream"
	"pyfc/udfbridge/python"
	"pyfc/udfbridge/udfpb"
)

// session is the open stream of one Call to its worker.
type session struct {
	w      *worker
	log    *slog.Logger
	id     uint64
	ctx    context.Context // until close
	cancel context.CancelFunc
	stream udfpb.Data_CallClient
	// requests has room for all requests that may be unanswered, so that
	// sending never blocks the task.
	requests chan *udfpb.CallRequest
	follow   sync.WaitGroup // goroutines that receive log records and metrics

	start      time.Time
	unanswered atomic.Int64
	progress   atomic.Int64 // time of the last sign of life, since start

	to    handlers
	ended sync.Once // guards to.end
}

// handlers are told, on goroutines of the session, of all that comes from the
// worker: answers in the order of the requests; the end at most once, when the
// worker or the stream has ended by itself.
type handlers struct {
	answer  func(answer)
	end     func(error)
	metrics func([]stream.FunctionMetric)
}

// answer is the worker's answer to one request.
type answer struct {
	response *udfpb.CallResponse
	results  *Results // nil for a failure
}

// openSession opens the functions at a worker.
func openSession(ctx context.Context, w *worker, req *udfpb.OpenRequest, timeout time.Duration, log *slog.Logger) (*session, error) {
	open, cancelOpen := context.WithTimeout(ctx, timeout)
	defer cancelOpen()
	resp, err := w.control().Open(open, req)
	switch {
	case err == nil && resp.GetFailure() != nil:
		return nil, &python.SetupError{Err: newFunctionError(resp.GetFailure())}
	case errors.Is(open.Err(), context.DeadlineExceeded):
		return nil, &HangError{Functions: "open() of " + req.Task, Timeout: timeout}
	case status.Code(err) == codes.FailedPrecondition || status.Code(err) == codes.Unknown:
		return nil, &python.SetupError{Err: errors.New(status.Convert(err).Message())}
	case err != nil:
		return nil, w.autopsy(err)
	}
	s := &session{w: w, log: log, id: resp.GetSession(), requests: make(chan *udfpb.CallRequest, window), start: time.Now()}
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	named := metadata.AppendToOutgoingContext(s.ctx, "pyfc-session", strconv.FormatUint(s.id, 10))
	if s.stream, err = udfpb.NewDataClient(w.conn).Call(named); err != nil {
		s.cancel()
		return nil, w.autopsy(err)
	}
	return s, nil
}

// run starts the session's goroutines.
func (s *session) run(results *resultReader, timeout time.Duration, to handlers) {
	s.to = to
	s.follow.Add(2)
	go s.followLogs()
	go s.followMetrics()
	go s.send()
	go s.receive(results)
	go s.watch(timeout)
}

// post queues a request; there must not be more than window unanswered.
func (s *session) post(r *udfpb.CallRequest) {
	if s.unanswered.Add(1) == 1 {
		s.alive()
	}
	r.Session = s.id
	s.requests <- r
}

func (s *session) alive() { s.progress.Store(int64(time.Since(s.start))) }

func (s *session) send() {
	for {
		select {
		case r := <-s.requests:
			if err := s.stream.Send(r); err != nil {
				return // receive learns why
			}
		case <-s.stream.Context().Done():
			return
		}
	}
}

func (s *session) receive(results *resultReader) {
	for {
		resp, err := s.stream.Recv()
		if err != nil {
			s.end(func() error { return s.w.autopsy(err) })
			return
		}
		s.alive()
		a := answer{response: resp}
		switch outcome := resp.Outcome.(type) {
		case *udfpb.CallResponse_Progress:
			continue
		case *udfpb.CallResponse_Batch:
			if a.results, err = results.read(outcome.Batch); err != nil {
				s.end(func() error { return err })
				return
			}
		}
		s.unanswered.Add(-1)
		s.to.answer(a)
	}
}

// end reports the session's end unless it was closed by us.
func (s *session) end(why func() error) {
	s.ended.Do(func() { s.to.end(why()) })
}

// watch stops a worker that makes no progress.
func (s *session) watch(timeout time.Duration) {
	tick := time.NewTicker(max(timeout/8, 10*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-s.stream.Context().Done():
			return
		case <-tick.C:
		}
		quiet := time.Since(s.start) - time.Duration(s.progress.Load())
		if s.unanswered.Load() > 0 && quiet > timeout {
			s.end(func() error {
				err := &HangError{Timeout: timeout, Stack: s.stack()}
				s.w.kill()
				return err
			})
			return
		}
	}
}

// stack asks the worker where its functions are.
func (s *session) stack() string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	h, err := s.w.control().Health(ctx, &udfpb.HealthRequest{Session: s.id})
	if err != nil {
		return "" // it doesn't even answer this, which the error says already
	}
	return h.Stack
}

// close ends the session and its worker. The error is that of a function's
// close().
func (s *session) close() error {
	broken := true
	s.ended.Do(func() { broken = false })
	var failure error
	if !broken {
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		resp, err := s.w.control().Close(ctx, &udfpb.CloseRequest{Session: s.id})
		cancel()
		if err != nil {
			s.log.Warn("the Python functions were not closed in time", "error", err)
			s.w.kill()
		} else {
			waitFor(&s.follow, stopTimeout)
		}
		if resp.GetFailure() != nil {
			failure = newFunctionError(resp.Failure)
		}
	}
	s.cancel()
	s.w.close()
	s.follow.Wait()
	return failure
}

// waitFor waits for a group, but not forever.
func waitFor(g *sync.WaitGroup, limit time.Duration) {
	done := make(chan struct{})
	go func() { g.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(limit):
	}
}

// followLogs writes the functions' log records to the log.
func (s *session) followLogs() {
	defer s.follow.Done()
	stream, err := udfpb.NewLoggingClient(s.w.conn).Follow(s.ctx, &udfpb.FollowRequest{Session: s.id})
	for err == nil {
		var r *udfpb.LogRecord
		if r, err = stream.Recv(); err == nil {
			s.writeLog(r)
		}
	}
	s.followed("log", err)
}

func (s *session) writeLog(r *udfpb.LogRecord) {
	level := slog.Level((r.Level - 20) * 2 / 5) // DEBUG 10 → -4, INFO 20 → 0, WARNING 30 → 4, ERROR 40 → 8
	if !s.log.Enabled(s.ctx, level) {
		return
	}
	rec := slog.NewRecord(time.Unix(0, r.TimeNanos), level, r.Message, 0)
	rec.AddAttrs(slog.String("logger", r.Logger))
	if r.File != "" {
		rec.AddAttrs(slog.String("file", r.File), slog.Int("line", int(r.Line)))
	}
	if r.Exception != "" {
		rec.AddAttrs(slog.String("exception", r.Exception))
	}
	if err := s.log.Handler().Handle(s.ctx, rec); err != nil {
		s.log.Error("log record of a Python function lost", "error", err)
	}
}

// pythonLevel is the least Python log level that the log takes.
func pythonLevel(log *slog.Logger) int32 {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn} {
		if log.Enabled(context.Background(), level) {
			return int32(level)*5/2 + 20
		}
	}
	return 40
}

// followMetrics passes the functions' metrics on.
func (s *session) followMetrics() {
	defer s.follow.Done()
	stream, err := udfpb.NewMetricsClient(s.w.conn).Follow(s.ctx, &udfpb.FollowRequest{Session: s.id})
	for err == nil {
		var r *udfpb.MetricReport
		if r, err = stream.Recv(); err == nil {
			s.to.metrics(newMetrics(r))
		}
	}
	s.followed("metrics", err)
}

// followed reports a stream that ended before its session did.
func (s *session) followed(what string, err error) {
	if err != io.EOF && s.ctx.Err() == nil {
		s.log.Debug("stream of a Python worker ended", "stream", what, "error", err)
	}
}
