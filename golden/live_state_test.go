package golden

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pyfc/compiler/cli"
	"pyfc/golden/services"
)

// checkpoints tests the folder that a job keeps its checkpoints in.
func (w *live) checkpoints(t *testing.T) {
	topic := w.topic(t, 1)
	w.produce(t, topic, 1, "a", "b")
	job := w.program(t, "show", topic, mode(false, "earliest-offset")...)
	args := slices.Concat([]string{job.choose[job.job]}, job.args, []string{"--parallelism", "1"})

	// Without --checkpoint-dir it is beside the job, which says so.
	dir := t.TempDir()
	p := launch(t, dir, nil, w.binary, args...)
	p.shows(t, "+I[a]", "+I[b]")
	found, err := filepath.Glob(filepath.Join(dir, "*.pyfc"))
	if err != nil || len(found) != 1 {
		t.Fatalf("checkpoint folders: %v, %v", found, err)
	}
	if !strings.Contains(p.log.text(), "dir=./"+filepath.Base(found[0])) {
		t.Error("the log doesn't name the checkpoint folder")
	}
	job.dir = found[0]

	// Nobody else may work on it.
	wantFailure(t, job.run(t), 12, job.dir, fmt.Sprint(p.cmd.Process.Pid))
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}

	// Another plan's state is not for this one.
	other := w.program(t, "copy", topic)
	other.dir = job.dir
	wantFailure(t, other.run(t), 10, "its fingerprint is "+fingerprint(t, job.dir), "this job's is ", "--restore none")

	// It goes on where it was, from an older checkpoint if the newest is
	// damaged, and it tells that.
	w.produce(t, topic, 1, "c")
	p = job.start(t)
	p.shows(t, "+I[c]")
	p.until(t, func() string {
		if n := len(list(t, job.dir)); n < 2 {
			return fmt.Sprintf("%d checkpoints are kept", n)
		}
		return ""
	})
	p.kill()
	newest := slices.MaxFunc(list(t, job.dir), func(a, b string) int { return len(a)*100 - len(b)*100 + strings.Compare(a, b) })
	if err := os.WriteFile(filepath.Join(newest, "data"), []byte("nonsense"), 0o644); err != nil {
		t.Fatal(err)
	}
	p = job.start(t)
	p.waitReady(t)
	w.produce(t, topic, 1, "d")
	p.until(t, func() string { return differ([]string{"+I[d]"}, last(p)) })
	if text := p.log.text(); !strings.Contains(text, "level=ERROR") || !strings.Contains(text, newest) {
		t.Errorf("it doesn't say that %s is damaged", newest)
	}
	p.kill()

	// All of it again, or from a checkpoint that is named.
	kept := filepath.Join(t.TempDir(), "kept")
	if err := os.CopyFS(kept, os.DirFS(job.dir)); err != nil {
		t.Fatal(err)
	}
	p = job.start(t, "--restore", "none")
	p.shows(t, "+I[a]", "+I[b]", "+I[c]", "+I[d]")
	p.kill()
	w.produce(t, topic, 1, "e")
	p = job.start(t, "--restore", kept)
	p.until(t, func() string { return differ([]string{"+I[e]"}, last(p)) })
	if strings.Contains(p.stdout.text(), "+I[a]") {
		t.Error("it began anew, not from the checkpoint")
	}
	p.kill()
	for _, path := range []string{filepath.Join(kept, "chk-999999"), t.TempDir(), filepath.Join(kept, "nowhere")} {
		wantFailure(t, job.run(t, "--restore", path), 10, path, "no checkpoint")
	}
}

// last is the last row that was printed.
func last(p *process) []string {
	rows := printed(p.stdout.text())
	return rows[max(0, len(rows)-1):]
}

// list returns the checkpoints of a folder.
func list(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "chk-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// fingerprint reads the name of the plan out of a checkpoint's manifest.
func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(list(t, dir)[0], "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), `"fingerprint": "`)
	name, _, _ := strings.Cut(rest, `"`)
	if name == "" {
		t.Fatalf("no fingerprint in %s", text)
	}
	return name
}

// signals ends jobs in all ways.
func (w *live) signals(t *testing.T) {
	topic := w.topic(t, 1)
	job := w.program(t, "show", topic, mode(false, "earliest-offset")...)
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		p := job.start(t)
		p.waitReady(t)
		if code := p.end(t, sig, stopLimit); code != 0 {
			t.Errorf("exit code %d after %v", code, sig)
		}
	}
	for _, drain := range []string{"", "--drain"} {
		p := job.start(t)
		p.waitReady(t)
		args := append(strings.Fields("stop "+drain), job.dir)
		var stderr strings.Builder
		if code := cli.Main(args, os.Stdout, &stderr); code != 0 {
			t.Errorf("pyfc %v: exit code %d\n%s", args, code, stderr.String())
		}
		if code := p.code(t, stopLimit); code != 0 {
			t.Errorf("exit code %d after pyfc %v", code, args)
		}
		how := map[string]string{"": "how=stopped", "--drain": "how=drained"}[drain]
		if !strings.Contains(p.log.text(), how) {
			t.Errorf("no %s in the log:\n%s", how, p.log.text())
		}
	}
	var stderr strings.Builder
	if code := cli.Main([]string{"stop", job.dir}, os.Stdout, &stderr); code != 10 || !strings.Contains(stderr.String(), "no job is running") {
		t.Errorf("pyfc stop without a job: exit code %d\n%s", code, stderr.String())
	}
	t.Run("DatabaseDown", w.stopWithoutDatabase)
}

// stopWithoutDatabase stops jobs whose rows the database doesn't take: the
// final checkpoint can't complete.
func (w *live) stopWithoutDatabase(t *testing.T) {
	topic := w.topic(t, 1)
	s := w.onMaria(t, "copied", "unstoppable", "id BIGINT, k VARCHAR(50), amount BIGINT")
	job := w.program(t, "copy", topic, append(s.args, "--stop-timeout", "500ms")...)
	log := newLedger()
	stuck := func() *process {
		p := job.start(t)
		p.waitReady(t)
		w.maria.Stop()
		w.produce(t, topic, 1, log.make(10)...)
		p.until(t, func() string {
			if !strings.Contains(p.log.text(), "the database doesn't take a statement") {
				return "no row is written"
			}
			return ""
		})
		return p
	}
	p := stuck()
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 15 {
		t.Errorf("exit code %d, want 15", code)
	}
	w.maria.Restart(t)
	job.args = append(job.args, "--stop-timeout", "5min")
	p = stuck()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	p.until(t, func() string {
		if !strings.Contains(p.log.text(), "msg=stopping") {
			return "it doesn't stop"
		}
		return ""
	})
	if code := p.end(t, syscall.SIGINT, stopLimit); code != 130 {
		t.Errorf("exit code %d after the second SIGINT, want 130", code)
	}
	w.maria.Restart(t)
	p = job.start(t)
	p.until(t, func() string {
		seen := slices.Compact(slices.Sorted(slices.Values(s.rows(t))))
		return differ(log.copied(), seen)
	})
	p.kill()
}

// operations asks a running job how it does.
func (w *live) operations(t *testing.T) {
	topic := w.topic(t, 2)
	s := w.onPostgres(t, "copied", "operated", "id BIGINT, k VARCHAR(50), amount BIGINT")
	file := filepath.Join(t.TempDir(), "ready")
	addr := net.JoinHostPort("127.0.0.1", fmt.Sprint(services.FreePort(t)))
	job := w.program(t, "copy", topic, append(s.args, "--wait-ready", file, "--ops-addr", addr, "--parallelism", "1")...)
	w.produce(t, topic, 2, "1,a,1", "2,b,2", "too,many,columns,here", "\"unclosed")
	p := job.start(t)
	p.waitReady(t)
	text, err := os.ReadFile(file)
	for deadline := time.Now().Add(stopLimit); err != nil && time.Now().Before(deadline); text, err = os.ReadFile(file) {
		time.Sleep(10 * time.Millisecond) // it is written behind the log event
	}
	if err != nil || strings.TrimSpace(string(text)) != fmt.Sprint(p.cmd.Process.Pid) {
		t.Errorf("the ready file holds %q, %v", text, err)
	}
	s.holds(t, p, []string{"1 a 1", "2 b 2"})
	for _, path := range []string{"/healthz", "/ready"} {
		if status, text := get(t, "http://"+addr+path); status != 200 {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	p.until(t, func() string {
		_, text := get(t, "http://"+addr+"/metrics")
		for _, want := range []string{
			"pyfc_ready{", "pyfc_records_read_total{", `} 4`, "pyfc_records_malformed_total{", "pyfc_rows_written_total{", `} 2`,
			"pyfc_source_lag_records{", "pyfc_checkpoint_last_duration_seconds{",
		} {
			if !strings.Contains(text, want) {
				return want + " is missing in " + text
			}
		}
		return ""
	})
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(p.log.text(), "malformed=2") {
		t.Error("the log doesn't count two malformed messages")
	}
}
