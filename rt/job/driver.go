package job

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"pyfc/rt/state"
	"pyfc/rt/stream"
)

// Driver is the script itself, where it runs beside the job and asks for its
// submissions. The steps then are those alone.
type Driver struct {
	// Calls are the script's calls into PyFlink in order, with their answers.
	Calls []DriverCall
	// Main runs the script to its end and returns its exit code. An error is
	// one that keeps it from running, or that of the submission that ended it.
	Main func(context.Context, *DriverHost) (int, error)
}

// DriverCall is one call of the script.
type DriverCall struct {
	File          string // from the script's folder, with slashes
	Line, EndLine int
	Name          string // of the function or method
	// Args are the texts among the arguments; Loose says that they may differ
	// from run to run.
	Args  []string
	Loose bool
	// Kind says what the call gives, by way of the others: the step Run, the
	// exception Class, Text.
	Kind  string
	Run   int
	Class string
	Text  Text
}

// DriverHost is what the job does for its driver. Submit may be called by
// several goroutines.
type DriverHost struct {
	Calls []DriverCall
	// Texts are those of Calls with the values of the start.
	Texts []string
	// Folder is where the driver leaves files for the job.
	Folder string
	// Args are the script's arguments.
	Args   []string
	Config map[string]string
	// Requirements are the packages of the job.
	Requirements []string
	Log          *slog.Logger
	// Submit runs a step to its end, which writes what it gives the driver, if
	// it does, to rows. It returns ErrStopped if the job is stopped before.
	Submit func(ctx context.Context, step int, rows io.Writer) error
}

// ErrStopped says that the job was stopped before its driver had ended.
var ErrStopped = errors.New("the job was stopped")

// driverFolder begins the paths of files that the driver leaves for the job.
const driverFolder = "<driver>/"

// drive runs the driver. What the streaming steps before first insert is done;
// img is what step first goes on from. Results are read anew.
func (p *process) drive(ctx context.Context, args []string, first int, img *state.Image) (int, error) {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	folder, err := os.MkdirTemp("", "pyfc-driver-")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err := os.RemoveAll(folder); err != nil {
			p.log.Error("the driver's files are left", "error", err)
		}
	}()
	for _, t := range p.jobEnv.Tables {
		if file, ok := strings.CutPrefix(t.Options["path"], driverFolder); ok {
			t.Options["path"] = filepath.Join(folder, file)
		}
	}
	d := &driving{process: p, first: first, img: img, end: end}
	host := &DriverHost{Folder: folder, Calls: p.spec.Driver.Calls, Args: args, Config: p.jobEnv.Config, Requirements: p.spec.Requirements,
		Log: p.log, Submit: d.submit}
	for _, c := range host.Calls {
		text, err := c.Text.resolve(p.values)
		if err != nil {
			return 0, mistake("%s:%d: %v", c.File, c.Line, err)
		}
		host.Texts = append(host.Texts, text)
	}
	p.stop.onRequest(d.stop)
	code, err := p.spec.Driver.Main(ctx, host)
	if context.Cause(ctx) != ErrStopped {
		return code, err
	}
	if d.complete {
		return ExitDone, nil
	}
	return ExitIncomplete, nil
}

// driving is a driver that runs.
type driving struct {
	*process
	first int
	img   *state.Image
	end   context.CancelCauseFunc // ends driver and results

	mu        sync.Mutex
	inserting int // insertions that run
	// complete says that a stop has left a final checkpoint.
	complete bool
}

// stop ends the driver; insertions that run take their final checkpoint first.
func (d *driving) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inserting == 0 {
		d.end(ErrStopped)
	}
}

func (d *driving) count(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inserting += n
}

func (d *driving) submit(ctx context.Context, step int, rows io.Writer) error {
	run := d.spec.Steps[step].Run
	if run.Result {
		_, err := d.runGraph(ctx, run, nil, rows)
		return err
	}
	d.count(1)
	defer func() {
		d.count(-1)
		if d.process.stop.asked() { // while it ended by itself
			d.stop()
		}
	}()
	var img *state.Image
	if !run.Batch {
		if step < d.first {
			return nil // done before the checkpoint
		}
		if step == d.first {
			img = d.img
		}
		d.store.Begin(slices.Index(d.streaming(), step), d.runs[run].Parallelism)
	}
	ending, err := d.runGraph(ctx, run, img, nil)
	if err == nil && ending != stream.Finished {
		d.mu.Lock()
		d.complete = !run.Batch
		d.mu.Unlock()
		d.end(ErrStopped)
		return ErrStopped
	}
	return err
}
