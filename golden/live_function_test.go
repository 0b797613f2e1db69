package golden

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// functions tests what becomes of a job whose Python function fails.
func (w *live) functions(t *testing.T) {
	start := func(t *testing.T, args ...string) (*process, string) {
		t.Helper()
		topic := w.topic(t, 1)
		// A proxy that nobody serves must not stand between job and worker.
		job := w.program(t, "fragile", topic, append(args, "--parallelism", "1")...)
		job.env = []string{"http_proxy=http://127.0.0.1:1", "https_proxy=http://127.0.0.1:1", "no_proxy="}
		p := job.start(t)
		p.waitReady(t)
		return p, topic
	}
	t.Run("Exception", func(t *testing.T) {
		p, topic := start(t)
		w.produce(t, topic, 1, "1,a,1", "2,b,1")
		p.code(t, runLimit)
		wantFailure(t, p.outcome(), 13, "fragile", "KeyError: 'b'", "Traceback (most recent call last)", "functions.py", "line 17", "in fragile")
	})
	t.Run("Null", func(t *testing.T) {
		p, topic := start(t, "-D", "python.udf.on-error=null")
		w.produce(t, topic, 1, "1,a,1", "2,b,1", "3,1,1")
		p.shows(t, "+I[1, letter]", "+I[2, null]", "+I[3, digit]")
		p.kill()
	})
	t.Run("DeadLetter", func(t *testing.T) {
		p, topic := start(t, "-D", "python.udf.on-error=dead-letter")
		w.produce(t, topic, 1, "1,a,1", "2,b,1", "3,1,1")
		p.shows(t, "+I[1, letter]", "+I[3, digit]")
		if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
			t.Errorf("exit code %d", code)
		}
		if !strings.Contains(p.log.text(), "dead_lettered=1") {
			t.Error("the row isn't counted")
		}
	})
	t.Run("Hang", func(t *testing.T) {
		p, topic := start(t, "-D", "python.udf.timeout=500ms")
		workers := p.workers(t)
		w.produce(t, topic, 1, "1,hang,1")
		p.code(t, runLimit)
		wantFailure(t, p.outcome(), 13, "fragile", "python.udf.timeout", "functions.py")
		noneLeft(t, workers)
	})
	t.Run("NothingLeftBehind", w.nothingLeft)
}

// nothingLeft kills a job: the next start clears away what it could not.
func (w *live) nothingLeft(t *testing.T) {
	temp := t.TempDir()
	topic := w.topic(t, 1)
	job := w.program(t, "fragile", topic)
	job.env = []string{"TMPDIR=" + temp}
	left := func() []string {
		found, err := filepath.Glob(filepath.Join(temp, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for range 2 {
		p := job.start(t, "--parallelism", "1")
		p.waitReady(t)
		workers := p.workers(t)
		if len(left()) != 1 {
			t.Errorf("while the job runs there are %v", left())
		}
		p.kill()
		noneLeft(t, workers)
	}
	p := job.start(t, "--parallelism", "1")
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if len(left()) != 0 {
		t.Errorf("left behind: %v", left())
	}
	if _, err := os.Stat(temp); err != nil {
		t.Error(err)
	}
}
