package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"pyfc/rt/ops"
	"pyfc/rt/spill"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Main runs the job as a process does: with its arguments, environment,
// streams and signals. It returns the exit code.
func Main(spec *Spec) int {
	p := &process{
		spec:    spec,
		program: filepath.Base(os.Args[0]),
		args:    os.Args[1:],
		env:     environment(os.Environ()),
		stdout:  os.Stdout,
		stderr:  os.Stderr,
		exit:    os.Exit,
	}
	return p.main()
}

func environment(list []string) map[string]string {
	env := map[string]string{}
	for _, e := range list {
		name, value, _ := strings.Cut(e, "=")
		env[name] = value
	}
	return env
}

// process is one run of the binary.
type process struct {
	spec           *Spec
	program        string
	args           []string
	env            map[string]string
	stdout, stderr io.Writer
	exit           func(int) // ends the process at once

	own    *options
	values map[string]string // of the inputs
	jobEnv *Env
	runs   map[*Run]*prepared
	json   bool
	log    *slog.Logger
	store  *state.Store // nil if no run is streaming
	ops    *ops.Server  // nil without --ops-addr
	stop   stopper
	ready  atomic.Bool // has been, once
}

// gcPercent is Go's GOGC, where the environment doesn't set it. Rows aren't
// allocated one by one, so collections are rare: half of the usual headroom
// saves a fifth of the memory, and costs no CPU time that can be measured.
const gcPercent = 50

func (p *process) main() (code int) {
	if p.env["GOGC"] == "" {
		debug.SetGCPercent(gcPercent)
	}
	var handler slog.Handler = slog.NewTextHandler(p.stderr, nil)
	if p.json = p.env["PYFC_LOG"] == "json"; p.json {
		handler = slog.NewJSONHandler(p.stderr, nil)
	}
	p.log = slog.New(handler)
	defer func() {
		if v := recover(); v != nil {
			code = ExitInternal
			p.report(&stream.PanicError{Where: p.spec.Name, Value: v, Stack: debug.Stack()}, code)
		}
	}()
	code, err := p.run()
	if err != nil {
		code = exitCode(err)
		p.report(err, code)
	}
	return code
}

// run is main but for the telling of errors.
func (p *process) run() (code int, err error) {
	own, arguments, err := p.spec.parseOptions(p.args)
	if err != nil {
		return 0, err
	}
	p.own = own
	switch {
	case own.help:
		fmt.Fprint(p.stdout, p.spec.usage(p.program))
		return ExitDone, nil
	case own.printPlan:
		fmt.Fprint(p.stdout, p.spec.Plan)
		return ExitDone, nil
	case own.checkHealth:
		if own.opsAddr == "" {
			return 0, mistake("--check-health needs --ops-addr")
		}
		return ExitDone, ops.Check(own.opsAddr)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	defer p.handleSignals(cancel)() // first of all: a job that is about to start can be stopped
	if err := p.configure(arguments); err != nil {
		return 0, err
	}
	if own.opsAddr != "" {
		if p.ops, err = ops.Listen(own.opsAddr, p.spec.Name, p.log); err != nil {
			return 0, mistake("--ops-addr: %v", err)
		}
		defer func() { err = errors.Join(err, p.ops.Close()) }()
		p.log.Info("operations endpoint", "address", p.ops.Addr())
	}
	first, img, err := p.openStore()
	if p.store != nil {
		defer func() { err = errors.Join(err, p.store.Close()) }()
	}
	if err != nil {
		return 0, err
	}
	if p.spec.Driver != nil {
		return p.drive(ctx, arguments, first, img)
	}
	return p.steps(ctx, first, img)
}

// clockVariable is the environment variable that stops the clock of the job's
// functions at a time (RFC 3339), for tests of jobs.
const clockVariable = "PYFC_CLOCK"

// configure binds what is bound at start.
func (p *process) configure(arguments []string) (err error) {
	if text := p.env[clockVariable]; text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return mistake("%s: %v", clockVariable, err)
		}
		val.StopClock(at)
	}
	if p.values, err = p.spec.bindInputs(p.env, arguments); err != nil {
		return err
	}
	overrides, err := p.overrides()
	if err != nil {
		return err
	}
	config, err := p.effectiveConfig(p.spec.Config, overrides)
	if err != nil {
		return err
	}
	tables, err := p.tables(p.values)
	if err != nil {
		return err
	}
	python, err := p.pythonNames()
	if err != nil {
		return err
	}
	p.jobEnv = &Env{Tables: tables, Config: config, Python: python, Requirements: p.spec.Requirements, Log: p.log}
	if err := p.prepareRuns(overrides); err != nil {
		return err
	}
	if p.own.waitReady != "" {
		if err := os.Remove(p.own.waitReady); err != nil && !errors.Is(err, os.ErrNotExist) {
			return mistake("--wait-ready: %v", err)
		}
	}
	return nil
}

// pythonNames resolves the values for the Python code.
func (p *process) pythonNames() (map[string]string, error) {
	names := map[string]string{}
	var faults faults
	for _, s := range p.spec.Python {
		text, err := s.Value.resolve(p.values)
		if err != nil {
			faults.add("%s: %v", s.Key, err)
		}
		names[s.Key] = text
	}
	return names, faults.err("the job can't start")
}

// openStore locks the checkpoint folder, if a run needs one, and finds the
// step to begin with and the checkpoint to restore there.
func (p *process) openStore() (first int, img *state.Image, err error) {
	runs := p.streaming()
	if len(runs) == 0 {
		return 0, nil, nil
	}
	dir := p.own.checkpointDir
	if dir == "" {
		dir = "." + string(filepath.Separator) + folderName(p.spec.Name) + ".pyfc"
		p.log.Info("checkpoint folder; --checkpoint-dir chooses another", "dir", dir)
	}
	id := state.Identity{Job: p.spec.Name, Fingerprint: p.spec.Fingerprint, Runs: len(runs)}
	if p.store, err = state.Open(dir, id, p.log); err != nil {
		return 0, nil, err
	}
	if err := clearRequest(dir); err != nil {
		return 0, nil, err
	}
	p.stop.folder(dir)
	switch p.own.restore {
	case "none":
		return 0, nil, nil
	case "":
		img, err = p.store.Latest()
	default:
		img, err = state.Load(p.own.restore, id, p.log)
	}
	if err != nil {
		return 0, nil, unrestored(err)
	}
	if img == nil {
		return 0, nil, nil
	}
	if img.Finished() {
		if img.Run()+1 >= len(runs) {
			return 0, nil, mistake("--restore %s: the job had finished with this checkpoint", p.own.restore)
		}
		return runs[img.Run()+1], nil, nil
	}
	p.log.Info("restoring", "checkpoint", img.Path(), "parallelism", img.Parallelism())
	return runs[img.Run()], img, nil
}

// unrestored says what to do where a checkpoint can't be taken.
func unrestored(err error) error {
	return fmt.Errorf("%w\n--restore PATH takes another checkpoint, --restore none starts fresh", err)
}

// streaming lists the steps that run with checkpoints.
func (p *process) streaming() []int {
	var runs []int
	for i, s := range p.spec.Steps {
		if s.Run != nil && s.Run.checkpoints(p.spec) {
			runs = append(runs, i)
		}
	}
	return runs
}

// folderName makes a job's name fit for a folder.
func folderName(job string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, job)
}

// steps does what the driver did, from step first on; img is what its run goes
// on from.
func (p *process) steps(ctx context.Context, first int, img *state.Image) (int, error) {
	run := 0
	for i, step := range p.spec.Steps {
		streaming := step.Run != nil && !step.Run.Batch
		if streaming {
			run++
		}
		if i < first {
			continue // done before the checkpoint
		}
		if step.Run == nil {
			if err := p.print(step); err != nil {
				return 0, err
			}
			continue
		}
		if streaming {
			p.store.Begin(run-1, p.runs[step.Run].Parallelism)
		}
		ending, err := p.runGraph(ctx, step.Run, img, nil)
		if err != nil {
			return 0, err
		}
		if ending != stream.Finished {
			if step.Run.Batch {
				return ExitIncomplete, nil
			}
			return ExitDone, nil
		}
		img = nil
	}
	return p.spec.Exit, nil
}

func (p *process) print(step Step) error {
	text, err := step.Print.resolve(p.values)
	if err != nil {
		return mistake("print: %v", err)
	}
	to := p.stdout
	if step.Stderr {
		to = p.stderr
	}
	_, err = io.WriteString(to, text)
	return err
}

// runGraph wires one submission and runs it to its end. What it gives the driver
// goes to rows.
func (p *process) runGraph(ctx context.Context, run *Run, img *state.Image, rows io.Writer) (stream.Ending, error) {
	own := p.runs[run]
	cfg := stream.Config{
		Log:         p.log,
		Parallelism: own.Parallelism,
		BatchSize:   own.BatchSize,
	}
	if run.Batch {
		cfg.Memory = spill.New(own.Memory, "")
		defer func() {
			if err := cfg.Memory.Close(); err != nil {
				p.log.Error("files of what didn't fit into memory are left", "error", err)
			}
		}()
	} else if run.checkpoints(p.spec) {
		cfg.Store = p.store
		cfg.Interval = own.Interval
	}
	if img != nil {
		cfg.Restore = img.Restored
	}
	var g *stream.Graph
	cfg.Ready = func() error { return p.nowReady(run, g) }
	g = stream.NewGraph(cfg)
	run.Session.Start = val.Now()
	if err := run.Build(g, own.env.writing(rows)); err != nil {
		return 0, err
	}
	if rows == nil {
		defer p.stop.watch(g)()
	}
	if p.ops != nil {
		defer p.ops.Ready(nil)
	}
	ending, err := g.Run(ctx)
	p.account(g)
	if err == nil {
		p.log.Info("ended", "job", run.Name, "how", ending.String())
	}
	return ending, err
}

// nowReady tells that sources are positioned and sinks reached.
func (p *process) nowReady(run *Run, g *stream.Graph) error {
	if p.ops != nil {
		p.ops.Ready(g)
	}
	p.log.Info("ready", "job", run.Name, "parallelism", p.runs[run].Parallelism)
	if p.own.waitReady == "" || p.ready.Swap(true) {
		return nil
	}
	temp := p.own.waitReady + ".tmp"
	err := os.WriteFile(temp, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o644)
	if err == nil {
		err = os.Rename(temp, p.own.waitReady)
	}
	if err != nil {
		return mistake("--wait-ready: %v", err)
	}
	return nil
}

// account logs what became of the rows, one event for each operator.
func (p *process) account(g *stream.Graph) {
	var order []string
	sums := map[string][]int64{}
	for _, sub := range slices.Backward(g.Subtasks()) {
		if sums[sub.UID] == nil {
			order = append(order, sub.UID)
			sums[sub.UID] = make([]int64, len(stream.AllCounters))
		}
		for i, c := range stream.AllCounters {
			sums[sub.UID][i] += c.Get(sub.Count)
		}
	}
	for _, uid := range order {
		args := []any{"operator", uid}
		for i, c := range stream.AllCounters {
			if n := sums[uid][i]; n > 0 || c.Always {
				args = append(args, c.Name, n)
			}
		}
		p.log.Info("rows", args...)
	}
}
