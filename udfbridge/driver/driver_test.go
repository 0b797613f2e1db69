package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pyfc/rt/job"
)

// call is a call of job.py that gives something.
func called(line int, name, kind string, step int, args ...string) job.DriverCall {
	return job.DriverCall{File: "job.py", Line: line, EndLine: line, Name: name, Kind: kind, Run: step, Args: args}
}

// drive runs a script whose submissions submit answers, and returns what it
// prints.
func drive(ctx context.Context, t *testing.T, script string, calls []job.DriverCall, submit func(context.Context, int, io.Writer) error) (out string, code int, err error) {
	t.Helper()
	printed := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(printed)
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = f
	defer func() { os.Stdout = stdout }()
	p := &Program{Root: "/nowhere", Script: "job.py", Files: map[string]string{"job.py": script, "conf/q.sql": "SELECT 'ü'", "parts/tools.py": "def twice(x):\n    return 2 * x\n"}}
	code, err = p.Main(ctx, &job.DriverHost{Calls: calls, Texts: make([]string, len(calls)), Folder: t.TempDir(), Args: []string{"--n", "1"},
		Log: slog.New(slog.DiscardHandler), Submit: submit})
	f.Close()
	data, rerr := os.ReadFile(printed)
	if rerr != nil {
		t.Fatal(rerr)
	}
	return string(data), code, err
}

var (
	errBroken = errors.New("the source is broken")
	tenRows   = func(ctx context.Context, step int, rows io.Writer) error {
		switch {
		case step == 9:
			return errBroken
		case rows == nil:
			return nil
		}
		for i := range 10 {
			if _, err := fmt.Fprintf(rows, "+I(%d, 'r%d')\n", i, step); err != nil {
				return err
			}
		}
		return nil
	}
)

func TestDrivers(t *testing.T) {
	const query = "from pyflink.table import TableEnvironment\nt_env = TableEnvironment.create()\n"
	for _, c := range []struct {
		name, script string
		calls        []job.DriverCall
		out          string
		code         int
		err          string
	}{
		{"sum", query + "print(sum(r[0] for r in t_env.execute_sql('Q').collect()))",
			[]job.DriverCall{called(3, "execute_sql", "", 0, "Q"), called(3, "collect", "rows", 0)}, "45\n", 0, ""},
		{"two at once", query + "a, b = t_env.a().collect(), t_env.b().collect()\nprint([(x[0], y[1]) for x, y in zip(a, b)][:2])\na.close()\nb.close()",
			[]job.DriverCall{called(3, "collect", "rows", 0), called(3, "collect", "rows", 1)}, "[(0, 'r1'), (1, 'r1')]\n", 0, ""},
		{"modules, arguments, exit code", "import sys\nfrom parts.tools import twice\nprint(twice(4), sys.argv, __name__)\nsys.exit(3)", nil, "8 ['job.py', '--n', '1'] __main__\n", 3, ""},
		{"file of the build", "import pathlib\nwith open('conf/q.sql') as f:\n    print(f.read())\nprint(pathlib.Path('/nowhere/conf/q.sql').read_text())\ntry:\n    open('none')\nexcept FileNotFoundError as e:\n    print(e)", nil,
			"SELECT 'ü'\nSELECT 'ü'\n[Errno 2] No such file or directory: 'none'\n", 0, ""},
		{"processes that it leaves behind", "import os, time\njob = os.getppid()\nif os.fork() == 0:\n    while os.path.exists(f'/proc/{job}'):\n        time.sleep(.1)\n    os._exit(0)\nprint('done')", nil, "done\n", 0, ""},
		{"exception", "print('a')\n1 / 0", nil, "a\n", 1, ""},
		{"failed submission", query + "t_env.execute_sql('Q')", []job.DriverCall{called(3, "execute_sql", "run", 9, "Q")}, "", 0, "the source is broken"},
		{"failed submission that is caught", query + "from py4j.protocol import Py4JJavaError\ntry:\n    t_env.execute_sql('Q')\nexcept Py4JJavaError as e:\n    print(e)",
			[]job.DriverCall{called(5, "execute_sql", "run", 9, "Q")}, "the source is broken\n", 0, ""},
		{"other text", query + "t_env.execute_sql('P')", []job.DriverCall{called(3, "execute_sql", "run", 1, "Q")}, "",
			0, "job.py:3: execute_sql is called with ['P']; the build has seen it called with ['Q']"},
		{"once more", query + "for _ in range(2):\n    t_env.execute_sql('Q')", []job.DriverCall{called(4, "execute_sql", "run", 1, "Q")}, "",
			0, "job.py:4: execute_sql is called more often than the build has seen it called"},
		{"text of an object", query + "print(f'{t_env.get_config()}')", nil, "", 0, "job.py:3: the driver takes the text of get_config, which a compiled job doesn't know"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, code, err := drive(t.Context(), t, c.script, c.calls, tenRows)
			message := ""
			if err != nil {
				message = err.Error()
			}
			if out != c.out || code != c.code || message != c.err {
				t.Errorf("got %q, code %d, error %q\nwant %q, code %d, error %q", out, code, message, c.out, c.code, c.err)
			}
		})
	}
}

// TestStoppedDriver checks that a driver ends when its job is stopped, though
// nobody takes the rows that are left.
func TestStoppedDriver(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	endless := func(ctx context.Context, _ int, rows io.Writer) error {
		for {
			if _, err := io.WriteString(rows, "+I(1,)\n"); err != nil {
				return err
			}
			stop(job.ErrStopped)
		}
	}
	const script = "from pyflink.table import T\nimport time\nrows = T.collect()\nprint(next(rows), flush=True)\ntime.sleep(600)"
	start := time.Now()
	out, _, err := drive(ctx, t, script, []job.DriverCall{called(3, "collect", "rows", 0)}, endless)
	if !errors.Is(err, job.ErrStopped) || time.Since(start) > 5*time.Minute {
		t.Errorf("error %v after %s", err, time.Since(start))
	}
	if out != "" && !strings.HasPrefix(out, "<Row(1)>") {
		t.Errorf("printed %q", out)
	}
}
