package golden

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pyfc/compiler"
	"pyfc/golden/multicall"
	"pyfc/golden/services"
)

// live is the world of the jobs in the folder live: all of them in one binary,
// and the servers that they work with.
type live struct {
	binary string
	choose map[string]string // script → the argument that chooses it
	kafka  *services.Kafka
	maria  *services.MariaDB
	pg     *services.Postgres
}

// TestLive runs whole binaries among real servers: what they deliver through
// crashes, where they begin and end to read, and what they say when something
// is wrong.
func TestLive(t *testing.T) {
	t.Parallel()
	w := &live{choose: map[string]string{}}
	w.build(t, "live/*.py")
	w.kafka = services.StartKafka(t, services.KafkaOptions{})
	w.maria = services.StartMariaDB(t, services.MariaDBOptions{Charset: "latin1"})
	w.pg = services.StartPostgres(t, services.PostgresOptions{})
	for _, part := range []struct {
		name string
		run  func(*live, *testing.T)
	}{
		{"Delivery", (*live).delivery},
		{"Kafka", (*live).reading},
		{"Messages", (*live).messages},
		{"Checkpoints", (*live).checkpoints},
		{"Signals", (*live).signals},
		{"Database", (*live).database},
		{"Functions", (*live).functions},
		{"Operations", (*live).operations},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(w, t) })
	}
}

// build compiles scripts and links them.
func (w *live) build(t *testing.T, pattern string) {
	t.Helper()
	scripts, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var linked multicall.Binary
	for _, script := range scripts {
		name := strings.TrimSuffix(filepath.Base(script), ".py")
		if name == "tables" || name == "functions" {
			continue // modules
		}
		res := compiler.Compile(compiler.Request{Script: script})
		if v := res.Verdict(); v.ExitCode() != 0 {
			t.Fatalf("%s is %s: %v", script, v, res.Diags.Sorted())
		}
		w.choose[name] = linked.Add(res.Files)
	}
	w.binary = build(t, &linked)
}

// topic creates a topic and returns its name.
func (w *live) topic(t *testing.T, partitions int) string {
	t.Helper()
	name := strings.ToLower(strings.NewReplacer("/", "_", "#", "_", ",", "_").Replace(t.Name()))
	w.kafka.CreateTopic(t, name, partitions)
	return name
}

// produce sends texts to a topic, dealt out over its partitions.
func (w *live) produce(t *testing.T, topic string, partitions int, texts ...string) {
	t.Helper()
	messages := make([]message, len(texts))
	for i, text := range texts {
		messages[i].value = []byte(text)
	}
	send(t, w.kafka, topic, partitions, messages...)
}

// program is a job of the folder live with its settings.
type program struct {
	*live
	job  string
	dir  string   // checkpoints
	args []string // own options
	env  []string
}

// program makes one that reads a topic of the world's broker.
func (w *live) program(t *testing.T, job, topic string, args ...string) *program {
	t.Helper()
	prefix := "lines."
	if strings.HasSuffix(job, "_legacy") {
		prefix += "connector."
	}
	return &program{live: w, job: job, dir: filepath.Join(t.TempDir(), "checkpoints"), args: append([]string{
		"-D", "execution.checkpointing.interval=200ms",
		"--set", prefix + "topic=" + topic, "--set", prefix + "properties.bootstrap.servers=" + w.kafka.Addr(),
	}, args...)}
}

func (p *program) command(args ...string) []string {
	return slices.Concat([]string{p.choose[p.job], "--checkpoint-dir", p.dir}, p.args, args)
}

// start runs the program until it ends or the test does.
func (p *program) start(t *testing.T, args ...string) *process {
	t.Helper()
	return launch(t, t.TempDir(), p.env, p.binary, p.command(args...)...)
}

// run runs the program to its end.
func (p *program) run(t *testing.T, args ...string) outcome {
	t.Helper()
	q := p.start(t, args...)
	select {
	case <-q.exited:
	case <-time.After(runLimit):
		t.Fatalf("not ended after %v", runLimit)
	}
	return q.outcome()
}

// process is a running binary.
type process struct {
	cmd    *exec.Cmd
	ready  chan struct{} // closed at the log event "ready"
	exited chan struct{}
	log    *logLines
	stdout *logLines
}

// launch starts a binary with more environment variables.
func launch(t *testing.T, dir string, env []string, binary string, args ...string) *process {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return followed(t, cmd)
}

// followed starts a command and follows what it says.
func followed(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, ready: make(chan struct{}), exited: make(chan struct{}), log: &logLines{}, stdout: &logLines{}}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var output sync.WaitGroup
	output.Go(func() {
		follow(stderr, func(line string) {
			p.log.add(line)
			if strings.Contains(line, "msg=ready") {
				close(p.ready)
			}
		})
	})
	output.Go(func() { follow(stdout, p.stdout.add) })
	go func() {
		output.Wait()
		_ = cmd.Wait() // the state tells how it ended
		close(p.exited)
	}()
	t.Cleanup(func() {
		select {
		case <-p.exited:
		default:
			_ = cmd.Process.Kill()
			<-p.exited
		}
		if t.Failed() {
			t.Logf("log of %d:\n%s", cmd.Process.Pid, p.log.text())
		}
	})
	return p
}

func follow(r io.Reader, line func(string)) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		line(in.Text())
	}
}

// outcome is what a process that has ended left.
func (p *process) outcome() outcome {
	return outcome{p.cmd.ProcessState.ExitCode(), p.stdout.text(), p.log.text()}
}

// waitReady waits for the binary's ready event.
func (p *process) waitReady(t *testing.T) {
	t.Helper()
	select {
	case <-p.ready:
	case <-p.exited:
		t.Fatalf("the job ended before it was ready: %s", p.cmd.ProcessState)
	case <-time.After(2 * time.Minute):
		t.Fatal("the job isn't ready after two minutes")
	}
}

// end sends a signal and returns the exit code. A signal that the job is to
// handle waits until the job is ready: before, it ends the process as it would
// any other.
func (p *process) end(t *testing.T, sig syscall.Signal, limit time.Duration) int {
	t.Helper()
	if sig != syscall.SIGKILL {
		p.waitReady(t)
	}
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	return p.code(t, limit)
}

// code waits for the end and returns the exit code.
func (p *process) code(t *testing.T, limit time.Duration) int {
	t.Helper()
	select {
	case <-p.exited:
	case <-time.After(limit):
		t.Fatalf("not ended after %v", limit)
	}
	return p.cmd.ProcessState.ExitCode()
}

// kill ends the process as a crash would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.exited
}

// workers are the process ids of the Python workers of a running binary.
func (p *process) workers(t *testing.T) []int {
	t.Helper()
	return children(t, p.cmd.Process.Pid)
}

// until waits until a condition holds; what says what it is while it doesn't.
func (p *process) until(t *testing.T, what func() string) {
	t.Helper()
	deadline := time.Now().Add(converges)
	for {
		wrong := what()
		if wrong == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %v: %s", converges, wrong)
		}
		select {
		case <-p.exited:
			t.Fatalf("the job ended (%s): %s", p.cmd.ProcessState, wrong)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// shows waits until these rows are printed, in any order.
func (p *process) shows(t *testing.T, want ...string) {
	t.Helper()
	p.until(t, func() string { return differ(want, printed(p.stdout.text())) })
}

// printed returns the rows that the print sink wrote, without the number of the
// subtask.
func printed(stdout string) (rows []string) {
	for line := range strings.Lines(stdout) {
		if i := strings.Index(line, "+I["); i >= 0 {
			rows = append(rows, strings.TrimSpace(line[i:]))
		}
	}
	return rows
}

// differ compares lines as multisets and says how they differ.
func differ(want, got []string) string {
	want, got = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))
	if slices.Equal(want, got) {
		return ""
	}
	count := map[string]int{}
	for _, s := range want {
		count[s]++
	}
	for _, s := range got {
		count[s]--
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows, want %d;", len(got), len(want))
	for s, n := range count {
		if n != 0 && b.Len() < 500 {
			fmt.Fprintf(&b, " %s: %+d;", s, -n)
		}
	}
	return b.String()
}

// get returns what an operations endpoint answers, with the status.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b.String()
}

// wantFailure compares how a process ended: its exit code, and parts of what
// it said.
func wantFailure(t *testing.T, got outcome, code int, parts ...string) {
	t.Helper()
	if got.code != code {
		t.Errorf("exit code %d, want %d", got.code, code)
	}
	for _, p := range parts {
		if !strings.Contains(got.stderr, p) {
			t.Errorf("%q is missing in:\n%s", p, got.stderr)
		}
	}
}
