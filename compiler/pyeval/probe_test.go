package pyeval_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
)

var update = flag.Bool("update", false, "record CPython's output of the probes anew (needs python3)")

// recorder is a host that keeps what a script prints and accepts no effects.
type recorder struct {
	bytes.Buffer
	sleeps int
}

func (r *recorder) Print(text pyeval.Value, stderr bool, _ pyast.Span) {
	if !stderr {
		fmt.Fprint(&r.Buffer, text)
	}
}

func (*recorder) Effect(pyeval.Effect) bool { return false }

func (r *recorder) Sleep(pyeval.Value, pyast.Span) error {
	if r.sleeps++; r.sleeps > 2 {
		return pyeval.ErrKeepRunning
	}
	return nil
}

// probe is one script of a probe file with CPython's output.
type probe struct{ name, script, want string }

// readProbes parses "### name" headings, each followed by a script, a line
// "---" and the output.
func readProbes(t testing.TB, path string) []probe {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []probe
	for _, part := range strings.Split("\n"+strings.TrimSuffix(string(data), "\n"), "\n### ")[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		script, want, _ := strings.Cut(rest+"\n", "\n---\n")
		out = append(out, probe{name, strings.TrimSuffix(script, "\n") + "\n", strings.TrimSuffix(want, "\n")})
	}
	return out
}

// runScript evaluates a script in a folder of its own.
func runScript(t *testing.T, script string, opts pyeval.Options) (*pyeval.Interp, *recorder, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "probe.py")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	host := &recorder{}
	opts.Host = host
	in := pyeval.New(opts)
	register(in)
	return in, host, in.RunFile(path)
}

func TestProbes(t *testing.T) {
	files, err := filepath.Glob("testdata/probes*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no probe files", err)
	}
	for _, file := range files {
		probes := readProbes(t, file)
		if *update {
			record(t, file, probes)
		}
		for _, p := range probes {
			t.Run(p.name, func(t *testing.T) {
				in, host, err := runScript(t, p.script, pyeval.Options{Args: []string{}})
				if err != nil {
					t.Fatalf("%v\n%v", err, in.Diagnostics())
				}
				if got := strings.TrimSuffix(host.String(), "\n"); got != p.want {
					t.Errorf("got\n%s\nCPython prints\n%s", got, p.want)
				}
			})
		}
	}
}

// record runs the probes in CPython and writes their output into the file.
func record(t *testing.T, file string, probes []probe) {
	var out strings.Builder
	for i := range probes {
		p := &probes[i]
		path := filepath.Join(t.TempDir(), "probe.py")
		if err := os.WriteFile(path, []byte(p.script), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := exec.Command("python3", "-W", "ignore", path).Output()
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		p.want = strings.TrimSuffix(string(got), "\n")
		fmt.Fprintf(&out, "### %s\n%s---\n%s\n", p.name, p.script, p.want)
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestYAML compares with what PyYAML 6.0.3 printed in CPython.
func TestYAML(t *testing.T) {
	for _, p := range readProbes(t, "testdata/yaml.txt") {
		in, host, err := runScript(t, p.script, pyeval.Options{Args: []string{}})
		if err != nil {
			t.Fatalf("%s: %v\n%v", p.name, err, in.Diagnostics())
		}
		if got := strings.TrimSuffix(host.String(), "\n"); got != p.want {
			t.Errorf("%s: got\n%s\nPyYAML gives\n%s", p.name, got, p.want)
		}
	}
}

func TestDotenv(t *testing.T) {
	_, host, err := runScript(t, `
import dotenv, io
print(dotenv.dotenv_values(stream=io.StringIO('A=1\n# c\nexport B="x y\\n" # z\nC=\'s\'\nD=${A}/d # end\nE\nF=\n')))
`, pyeval.Options{Args: []string{}})
	want := "{'A': '1', 'B': 'x y\\n', 'C': 's', 'D': '1/d', 'E': None, 'F': ''}\n"
	if err != nil || host.String() != want {
		t.Errorf("printed %q, %v", host.String(), err)
	}
}
