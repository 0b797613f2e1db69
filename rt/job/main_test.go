package job

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// TestMain makes the test binary behave like a generated one when it is
// started again by a test.
func TestMain(m *testing.M) {
	if kind := os.Getenv("JOB_UNDER_TEST"); kind != "" {
		os.Exit(Main(underTest(kind)))
	}
	os.Exit(m.Run())
}

// heldRun is the environment variable that names a run of the job under test,
// counted from 1, that doesn't come to its end: it is to be killed.
const heldRun = "JOB_HELD_RUN"

// underTest is a job that counts rows: its source gives 1, 2, 3 …, its sink
// keeps the sum and prints it at the end.
func underTest(kind string) *Spec {
	runs := 0
	build := func(g *stream.Graph, env *Env) error {
		runs++
		held := os.Getenv(heldRun) == fmt.Sprint(runs)
		limit := int64(3000)
		switch kind {
		case "endless", "stuck", "batch":
			limit = -1
		case "unreachable", "panic", "quick":
			limit = 10
		}
		s := stream.From(g, "numbers", func(sub *stream.Subtask) (stream.Source[int64], error) {
			return &ticks{sub: sub, limit: limit, held: held}, nil
		}, stream.Parallelism(1))
		stream.To(stream.KeyBy(s, func(n *int64) uint64 { return uint64(*n) }), "sum", func(sub *stream.Subtask) (stream.Consumer[int64], error) {
			if kind == "misconfigured" {
				return nil, &conn.Misconfigured{Table: "t", Err: errors.New("no such option")}
			}
			return &adder{sub: sub, kind: kind}, nil
		})
		return nil
	}
	run := &Run{Name: "sum up", Batch: kind == "batch", Session: &val.Session{}, Build: build}
	spec := &Spec{
		Name: "sum up", Script: "sum.py", Plan: "the plan\n", Fingerprint: "f" + kind, Exit: 3,
		Steps: []Step{{Print: Text{{Literal: "before\n"}}}, {Run: run}, {Print: Text{{Literal: "after\n"}}}},
	}
	if kind == "twice" {
		spec.Steps = append(spec.Steps, Step{Run: run})
	}
	return spec
}

type ticks struct {
	sub   *stream.Subtask
	limit int64
	held  bool // gives no more before its last rows
	next  int64
	pool  stream.Pool[int64]
}

func (s *ticks) Poll(ctx context.Context, wake <-chan struct{}) (*stream.Batch[int64], error) {
	if s.next == s.limit {
		return nil, io.EOF
	}
	select {
	case <-time.After(time.Millisecond):
	case <-wake:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s.held && s.next == s.limit-5 {
		return nil, nil
	}
	b := s.pool.Get()
	for len(b.Rows) < 5 && s.next != s.limit {
		s.next++
		*b.Add() = s.next
	}
	s.sub.Count.Read.Add(int64(len(b.Rows)))
	return b, nil
}

func (s *ticks) Snapshot(snap *state.Snapshot) error {
	snap.List = [][]byte{binary.AppendVarint(nil, s.next)}
	snap.Notes = []string{fmt.Sprint("next number ", s.next+1)}
	return nil
}

func (s *ticks) Restore(r *state.Restored) error {
	for _, e := range r.List {
		s.next, _ = binary.Varint(e)
	}
	return nil
}

type adder struct {
	sub  *stream.Subtask
	kind string
	sum  int64
}

func (a *adder) Open(context.Context) error {
	if a.kind == "unreachable" {
		return &conn.Unreachable{Table: "t", System: "MySQL at localhost:1", Err: errors.New("connection refused")}
	}
	return nil
}

func (a *adder) Process(b *stream.Batch[int64]) error {
	if a.kind == "panic" {
		panic("impossible")
	}
	for _, n := range b.Rows {
		a.sum += n
	}
	b.Release()
	if a.kind == "stuck" {
		fmt.Fprintln(os.Stderr, isStuck)
		time.Sleep(time.Hour)
	}
	return nil
}

// isStuck is what a stuck sink says of itself.
const isStuck = "the sink is stuck"

// untilStuck waits until the sink has its first batch.
func (s *started) untilStuck(t *testing.T) {
	t.Helper()
	waitFor(t, func() bool { return strings.Contains(s.err.String(), isStuck) })
}

func (a *adder) Control(c stream.Control) error {
	if c.Kind == stream.End {
		fmt.Printf("sum %d\n", a.sum)
	}
	return nil
}

func (a *adder) Ready() bool { return true }

func (a *adder) Snapshot(s *state.Snapshot) error {
	s.List = [][]byte{binary.AppendVarint(nil, a.sum)}
	return nil
}

func (a *adder) Restore(r *state.Restored) error {
	for _, e := range r.Share(a.sub.Index, a.sub.Parallelism) {
		sum, _ := binary.Varint(e)
		a.sum += sum
	}
	return nil
}

// text is an output that may be read while the process writes it.
type text struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (w *text) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(b)
}

func (w *text) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// started is a job in a process of its own.
type started struct {
	*exec.Cmd
	out, err text
	ready    string // the --wait-ready file
}

func start(t *testing.T, kind, dir string, args ...string) *started {
	t.Helper()
	return startWith(t, kind, dir, nil, args...)
}

// startWith starts a job with more environment variables.
func startWith(t *testing.T, kind, dir string, env []string, args ...string) *started {
	t.Helper()
	s := &started{ready: filepath.Join(t.TempDir(), "ready")}
	s.Cmd = exec.Command(os.Args[0], append([]string{"--checkpoint-dir", dir, "--wait-ready", s.ready,
		"-D", "execution.checkpointing.interval=20 ms"}, args...)...)
	s.Env = append(append(os.Environ(), "JOB_UNDER_TEST="+kind, "TMPDIR="+t.TempDir()), env...)
	s.Stdout, s.Stderr = &s.out, &s.err
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// untilReady waits for the event.
func (s *started) untilReady(t *testing.T) {
	t.Helper()
	waitFor(t, func() bool {
		_, err := os.Stat(s.ready)
		return err == nil
	})
}

// ops is the reader of the pages that a job with --ops-addr serves.
func (s *started) ops(t *testing.T) (get func(path string) string) {
	t.Helper()
	var m []string
	waitFor(t, func() bool {
		m = regexp.MustCompile(`address=(\S+)`).FindStringSubmatch(s.err.String())
		return m != nil
	})
	return func(path string) string {
		resp, err := http.Get("http://" + m[1] + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(resp.StatusCode, " ", string(body))
	}
}

// untilSummed waits until rows have reached the sink.
func untilSummed(t *testing.T, get func(path string) string) {
	t.Helper()
	waitFor(t, func() bool {
		return regexp.MustCompile(`pyfc_rows_in_total\{job="sum up",operator="sum",subtask="[0-9]"\} [1-9]`).MatchString(get("/metrics"))
	})
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited for too long")
		}
	}
}

// code waits for the exit.
func (s *started) code(t *testing.T) int {
	t.Helper()
	late := time.AfterFunc(2*time.Minute, func() { s.Process.Kill() })
	defer late.Stop()
	var exit *exec.ExitError
	if err := s.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return s.ProcessState.ExitCode()
}

// total adds up what the sinks printed.
func total(t *testing.T, out string) (sum int64) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?m)^sum (\d+)$`).FindAllStringSubmatch(out, -1) {
		var n int64
		if _, err := fmt.Sscan(m[1], &n); err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}

const all = 3000 * 3001 / 2

func TestStepsAndExit(t *testing.T) {
	s := start(t, "whole", t.TempDir(), "--parallelism", "1")
	if code := s.code(t); code != 3 {
		t.Errorf("exit code %d, want the driver's 3\n%s", code, s.err.String())
	}
	if want := fmt.Sprintf("before\nsum %d\nafter\n", all); s.out.String() != want {
		t.Errorf("output %q, want %q", s.out.String(), want)
	}
	for _, want := range []string{`msg=rows operator=numbers read=3000`, `msg=rows operator=sum read=0 handled=3000`, "how=finished"} {
		if !strings.Contains(s.err.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, s.err.String())
		}
	}
}

// checkpointed reports whether there is a checkpoint of a run, counted from 0, other than
// one before.
func checkpointed(t *testing.T, dir string, run int, before map[string]bool) bool {
	t.Helper()
	for _, m := range manifests(t, dir) {
		text, err := os.ReadFile(m)
		if err == nil && !before[m] && strings.Contains(string(text), fmt.Sprintf(`"run": %d`, run)) {
			return true
		}
	}
	return false
}

func manifests(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "chk-*", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestKillAndRestart(t *testing.T) {
	dir := t.TempDir()
	var out string
	for i := range 5 {
		before := map[string]bool{}
		for _, m := range manifests(t, dir) {
			before[m] = true
		}
		env := []string{heldRun + "=1"}
		if i == 4 {
			env = nil
		}
		s := startWith(t, "killed", dir, env, "--parallelism", fmt.Sprint(1+i%3))
		if i < 4 {
			waitFor(t, func() bool { return checkpointed(t, dir, 0, before) })
			time.Sleep(time.Duration(20*i) * time.Millisecond) // in the middle of something
			s.Process.Kill()
		}
		s.code(t)
		out = s.out.String()
		if restored := strings.Contains(s.err.String(), "restoring"); restored != (i > 0) {
			t.Errorf("start %d: restored %v\n%s", i, restored, s.err.String())
		}
	}
	if sum := total(t, out); sum != all {
		t.Errorf("sum %d, want %d", sum, all)
	}
	again := start(t, "killed", dir)
	if again.code(t); total(t, again.out.String()) != all || strings.Contains(again.err.String(), "restoring") {
		t.Errorf("a finished job doesn't start fresh: %s\n%s", again.out.String(), again.err.String())
	}
}

func TestSignals(t *testing.T) {
	dir := t.TempDir()
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		s := start(t, "endless", dir)
		s.untilReady(t)
		s.Process.Signal(sig)
		if code := s.code(t); code != 0 || total(t, s.out.String()) != 0 || strings.Contains(s.out.String(), "after") {
			t.Errorf("%v: exit code %d, output %q\n%s", sig, code, s.out.String(), s.err.String())
		}
		if final, err := state.Ended(dir); !final || err != nil {
			t.Errorf("%v: final checkpoint %v, %v", sig, final, err)
		}
	}
}

// stopping stops this process when it is told something.
type stopping struct {
	text
	at string
}

func (w *stopping) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(w.at)) {
		if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
			return 0, err
		}
	}
	return w.text.Write(b)
}

// TestStopBeforeTheStart stops a job that is still looking at its configuration.
func TestStopBeforeTheStart(t *testing.T) {
	said := &stopping{at: "configuration key has no effect"}
	p := &process{spec: underTest("endless"), program: "job", stdout: io.Discard, stderr: said, exit: func(code int) { t.Errorf("exit %d", code) },
		args: []string{"--checkpoint-dir", t.TempDir(), "-D", "nothing.of.the.kind=1"}}
	if code := p.main(); code != ExitDone || !strings.Contains(said.String(), "how=stopped") {
		t.Errorf("exit code %d\n%s", code, said.String())
	}
}

func TestSecondInterrupt(t *testing.T) {
	s := start(t, "stuck", t.TempDir())
	s.untilStuck(t)
	waitFor(t, func() bool {
		s.Process.Signal(syscall.SIGINT)
		return s.Process.Signal(syscall.Signal(0)) != nil || exited(s.Process.Pid)
	})
	if code := s.code(t); code != ExitInterrupted {
		t.Errorf("exit code %d\n%s", code, s.err.String())
	}
}

// exited reports whether a child is a zombie.
func exited(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestStopTakesTooLong(t *testing.T) {
	s := start(t, "stuck", t.TempDir(), "--stop-timeout", "100 ms")
	s.untilStuck(t)
	s.Process.Signal(syscall.SIGTERM)
	if code := s.code(t); code != ExitIncomplete {
		t.Errorf("exit code %d\n%s", code, s.err.String())
	}
}

func TestStopOfABatchJob(t *testing.T) {
	dir := t.TempDir()
	s := start(t, "batch", dir)
	s.untilReady(t)
	s.Process.Signal(syscall.SIGTERM)
	if code := s.code(t); code != ExitIncomplete {
		t.Errorf("exit code %d\n%s", code, s.err.String())
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("a batch job left %v in the checkpoint folder, %v", entries, err)
	}
}

func TestStopRunning(t *testing.T) {
	dir := t.TempDir()
	if err := StopRunning(dir, false); exitCode(err) != ExitMistake {
		t.Errorf("no job: %v", err)
	}
	for _, drain := range []bool{false, true} {
		s := start(t, "endless", dir, "--ops-addr", "127.0.0.1:0")
		s.untilReady(t)
		untilSummed(t, s.ops(t)) // a drain shows what has been read
		var reaped sync.WaitGroup
		var code int
		reaped.Go(func() { code = s.code(t) })
		if err := StopRunning(dir, drain); err != nil {
			t.Error(err)
		}
		reaped.Wait()
		if drained := total(t, s.out.String()) > 0; code != 0 || drained != drain {
			t.Errorf("drain %v: exit code %d, output %q", drain, code, s.out.String())
		}
	}
}

func TestLockedFolder(t *testing.T) {
	dir := t.TempDir()
	first := start(t, "endless", dir)
	first.untilReady(t)
	second := start(t, "endless", dir)
	if code := second.code(t); code != ExitUnreachable || !strings.Contains(second.err.String(), fmt.Sprint("locked by process ", first.Process.Pid)) {
		t.Errorf("exit code %d\n%s", code, second.err.String())
	}
	first.Process.Kill()
	first.code(t)
}

func TestOtherPlan(t *testing.T) {
	dir := t.TempDir()
	s := start(t, "endless", dir)
	s.untilReady(t)
	s.Process.Kill()
	s.code(t)
	other := start(t, "quick", dir)
	if code := other.code(t); code != ExitMistake || !strings.Contains(other.err.String(), "fendless") ||
		!strings.Contains(other.err.String(), "fquick") || !strings.Contains(other.err.String(), "--restore none") {
		t.Errorf("exit code %d\n%s", code, other.err.String())
	}
	fresh := start(t, "quick", dir, "--restore", "none")
	if code := fresh.code(t); code != 3 || total(t, fresh.out.String()) != 55 {
		t.Errorf("exit code %d, output %q\n%s", code, fresh.out.String(), fresh.err.String())
	}
}

func TestFailures(t *testing.T) {
	for kind, want := range map[string]struct {
		code int
		text string
	}{
		"misconfigured": {ExitMistake, "sum.py: sum: table t: no such option\n"},
		"unreachable":   {ExitUnreachable, "sum.py: sum: table t: MySQL at localhost:1 is unreachable: connection refused\n"},
		"panic":         {ExitInternal, "please report it with the file"},
	} {
		s := start(t, kind, t.TempDir())
		if code := s.code(t); code != want.code || !strings.Contains(s.err.String(), want.text) {
			t.Errorf("%s: exit code %d\n%s", kind, code, s.err.String())
		}
		if strings.Contains(s.err.String(), "goroutine ") {
			t.Errorf("%s: a bare stack trace:\n%s", kind, s.err.String())
		}
		if strings.Contains(s.out.String(), "after") {
			t.Errorf("%s: the driver went on: %s", kind, s.out.String())
		}
	}
}

// TestSecondRunGoesOn kills a job in its second run: the first isn't repeated.
func TestSecondRunGoesOn(t *testing.T) {
	dir := t.TempDir()
	s := startWith(t, "twice", dir, []string{heldRun + "=2"}, "--parallelism", "1")
	waitFor(t, func() bool { return checkpointed(t, dir, 1, nil) })
	s.Process.Kill()
	s.code(t)
	s = start(t, "twice", dir, "--parallelism", "1")
	s.code(t)
	if want := fmt.Sprintf("sum %d\n", all); s.out.String() != want {
		t.Errorf("output %q, want %q\n%s", s.out.String(), want, s.err.String())
	}
}

func TestPrintPlan(t *testing.T) {
	s := start(t, "endless", t.TempDir(), "--print-plan")
	if code := s.code(t); code != 0 || s.out.String() != "the plan\n" {
		t.Errorf("exit code %d, output %q", code, s.out.String())
	}
}

func TestOpsEndpoint(t *testing.T) {
	s := start(t, "endless", t.TempDir(), "--ops-addr", "127.0.0.1:0", "--parallelism", "1")
	defer func() {
		s.Process.Kill()
		s.code(t)
	}()
	s.untilReady(t)
	get := s.ops(t)
	if got := get("/healthz"); got != "200 ok\n" {
		t.Errorf("/healthz: %s", got)
	}
	if got := get("/ready"); got != "200 ready\n" {
		t.Errorf("/ready: %s", got)
	}
	untilSummed(t, get)
	waitFor(t, func() bool {
		return regexp.MustCompile(`(?m)^pyfc_checkpoints_completed_total\{job="sum up"\} [1-9]`).MatchString(get("/metrics"))
	})
}
