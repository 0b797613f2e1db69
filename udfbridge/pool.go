package udfbridge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"pyfc/rt/stream"
	"pyfc/udfbridge/python"
	"pyfc/udfbridge/udfpb"
)

// Protocol is the version of udf.proto that this package speaks.
const Protocol = 2

const (
	startTimeout = 60 * time.Second // for a worker to answer after its start
	reapTimeout  = 10 * time.Second // for a process to be reaped whose connection broke
	stopTimeout  = 3 * time.Second  // for each step of an orderly end
)

// Pool is where the calls of a job get their workers from.
type Pool struct {
	cfg     python.Config
	log     *slog.Logger
	prepare func(context.Context) (command []string, err error)
}

// NewPool returns the pool of a job. The requirements, the text of a
// requirements file or empty, go into the workers' Python environment. Nothing
// is started before a call is opened.
func NewPool(cfg python.Config, requirements string, log *slog.Logger) *Pool {
	p := &Pool{cfg: cfg, log: log}
	var once sync.Mutex // one environment is made, and a failure may be tried again
	var command []string
	p.prepare = func(ctx context.Context) ([]string, error) {
		once.Lock()
		defer once.Unlock()
		if command != nil {
			return command, nil
		}
		py, err := python.Find(ctx, cfg.Executable, requirements, log)
		if err != nil {
			return nil, err
		}
		folder, err := InstallWorker()
		if err != nil {
			return nil, &python.SetupError{Err: fmt.Errorf("unpacking the worker: %w", err)}
		}
		removeStale(log)
		command = []string{py.Path, folder}
		return command, nil
	}
	return p
}

func newMetrics(report *udfpb.MetricReport) []stream.FunctionMetric {
	var out []stream.FunctionMetric
	for _, m := range report.Metrics {
		n := stream.FunctionMetric{Name: strings.Join(append(slices.Clone(m.Scope), m.Name), ".")}
		switch v := m.Value.(type) {
		case *udfpb.Metric_Counter:
			n.Kind, n.Count = stream.CounterMetric, v.Counter
		case *udfpb.Metric_Gauge:
			n.Kind, n.Value = stream.GaugeMetric, v.Gauge
		case *udfpb.Metric_Meter:
			n.Kind, n.Count, n.Value = stream.MeterMetric, v.Meter.Count, v.Meter.Rate
		case *udfpb.Metric_Distribution:
			d := v.Distribution
			n.Kind, n.Count, n.Sum, n.Min, n.Max = stream.DistributionMetric, d.Count, d.Sum, d.Min, d.Max
		}
		out = append(out, n)
	}
	return out
}

// worker is a connection to a Python worker that has registered.
type worker struct {
	conn *grpc.ClientConn
	// process is nil for a worker at an address.
	process *process
	folder  *scratch // for the process's socket and code
	address string
	log     *slog.Logger
}

// deathError says that a worker ended, or its connection did, without a fault
// of the functions that it could tell.
type deathError struct {
	err error
	// outside says that it was SIGKILL, which code of the function doesn't
	// cause: somebody, or a system short of memory.
	outside bool
}

func (e *deathError) Error() string { return e.err.Error() }
func (e *deathError) Unwrap() error { return e.err }

// start starts a worker process, or connects to the worker at the configured
// address.
func (p *Pool) start(ctx context.Context, log *slog.Logger) (w *worker, err error) {
	w = &worker{address: p.cfg.Address, log: log}
	defer func(begun *worker) {
		if err != nil {
			begun.close()
		}
	}(w) // what is returned beside an error is nil
	if w.address == "" {
		if err := w.spawn(ctx, p, log); err != nil {
			return nil, err
		}
	}
	w.conn, err = grpc.NewClient(w.target(),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithNoProxy(),
		grpc.WithInitialWindowSize(16<<20),
		grpc.WithInitialConnWindowSize(16<<20),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<31-1), grpc.MaxCallSendMsgSize(1<<31-1)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 10 * time.Millisecond, Multiplier: 1.3, MaxDelay: 250 * time.Millisecond},
			MinConnectTimeout: 20 * time.Second,
		}))
	if err != nil {
		return nil, &python.SetupError{Err: err}
	}
	return w, w.register(ctx, log)
}

// spawn starts the worker's process.
func (w *worker) spawn(ctx context.Context, p *Pool, log *slog.Logger) error {
	command, err := p.prepare(ctx)
	if err != nil {
		return err
	}
	if w.folder, err = newScratch(); err != nil {
		return &python.SetupError{Err: err}
	}
	if w.process, err = startProcess(log, command[0], command[1], "--listen", w.target(), "--child", w.folder.path); err != nil {
		return &python.SetupError{Err: err}
	}
	return nil
}

// target is the worker's address as gRPC writes it.
func (w *worker) target() string {
	if w.address != "" {
		return "dns:///" + w.address
	}
	return "unix:" + filepath.Join(w.folder.path, "socket")
}

// register waits for the worker to answer.
func (w *worker) register(ctx context.Context, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if w.process != nil {
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			select {
			case <-w.process.done:
				cancel()
			case <-stop:
			}
		}()
	}
	resp, err := w.control().Register(ctx, &udfpb.RegisterRequest{Protocol: Protocol}, grpc.WaitForReady(true))
	if err != nil && w.process != nil {
		// The connection of a killed process breaks before it is known to have
		// ended.
		select {
		case <-w.process.done:
		case <-time.After(reapTimeout):
		}
	}
	switch {
	case err == nil:
		log.Debug("Python worker is up", "pid", resp.Pid, "python", resp.Python, "pyarrow", resp.Pyarrow)
		return nil
	case w.ended() && w.process.killed():
		return w.process.death()
	case w.ended():
		return &python.SetupError{Err: w.process.fate()} // it doesn't run with this Python
	case status.Code(err) == codes.FailedPrecondition:
		return &python.SetupError{Err: errors.New(status.Convert(err).Message())}
	case w.process == nil:
		return &UnreachableError{w.address, err}
	}
	return &python.SetupError{Err: fmt.Errorf("the worker process doesn't answer: %w\n%s", err, w.process.stderr)}
}

func (w *worker) control() udfpb.ControlClient { return udfpb.NewControlClient(w.conn) }

func (w *worker) ended() bool {
	if w.process == nil {
		return false
	}
	select {
	case <-w.process.done:
		return true
	default:
		return false
	}
}

// autopsy explains a connection that broke with the given error.
func (w *worker) autopsy(err error) error {
	if w.process == nil {
		return &deathError{err: &UnreachableError{w.address, err}}
	}
	select {
	case <-w.process.done:
		return w.process.death()
	case <-time.After(reapTimeout):
		return &deathError{err: fmt.Errorf("worker process %d: the connection broke: %w", w.process.pid, err)}
	}
}

// kill ends a worker process at once.
func (w *worker) kill() {
	if w.process != nil {
		w.process.kill()
	}
}

// close ends a worker process, by force if it doesn't end by itself, and frees
// what belongs to the connection.
func (w *worker) close() {
	if w.process != nil && w.conn != nil && !w.ended() {
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		if _, err := w.control().Drain(ctx, &udfpb.DrainRequest{}); err == nil {
			select {
			case <-w.process.done:
			case <-ctx.Done():
			}
		}
		cancel()
	}
	if w.process != nil {
		w.process.kill()
		w.process.stdin.Close()
		<-w.process.done
	}
	if w.conn != nil {
		w.conn.Close()
	}
	if w.folder != nil {
		if err := w.folder.remove(); err != nil {
			w.log.Debug("the worker's folder stays", "error", err)
		}
	}
}
