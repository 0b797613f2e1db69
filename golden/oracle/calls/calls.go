// Package calls compares the calls that a driver makes into pyflink as CPython
// runs it with those that the evaluator sees. CPython gets a pyflink that only
// records (shim.py), in a sandbox without network, writes and processes.
package calls

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyflink"
	"pyfc/ir/diag"
)

//go:embed shim.py
var shim []byte

// Call is one call into pyflink.
type Call struct {
	File string // relative to the script's folder
	Line int
	Name string
	Args string
}

func (c Call) String() string { return fmt.Sprintf("%s:%d %s(%s)", c.File, c.Line, c.Name, c.Args) }

// Run is what one side made of a driver.
type Run struct {
	Calls []Call
	// End is empty if the driver ran to its end, else what stopped it.
	End   string
	Diags []*diag.Diagnostic // of the evaluator
	// Beside says that the evaluator leaves the script to CPython, beside the job.
	Beside bool
	Time   time.Duration
}

// limit is how long CPython may take for a driver.
const limit = 2 * time.Minute

// CPython runs a driver with the recording pyflink. The environment holds
// nothing but env.
func CPython(script string, args []string, env map[string]string) (*Run, error) {
	tmp, err := os.MkdirTemp("", "pyfc-calls-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	names, err := json.Marshal(pyflink.PublicNames())
	if err != nil {
		return nil, err
	}
	program, namesFile, out := filepath.Join(tmp, "shim.py"), filepath.Join(tmp, "names.json"), filepath.Join(tmp, "out.json")
	for path, data := range map[string][]byte{program: shim, namesFile: names} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	line := append([]string{"-rn", "python3", program, namesFile, out, script}, args...)
	cmd := exec.CommandContext(ctx, "unshare", line...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "PYTHONHASHSEED=0"}
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	start := time.Now()
	text, err := cmd.CombinedOutput()
	run := &Run{Time: time.Since(start)}
	if ctx.Err() != nil {
		run.End = "doesn't end"
		return run, nil
	}
	data, rerr := os.ReadFile(out)
	if err != nil || rerr != nil {
		return nil, fmt.Errorf("%s: %w: %s", script, err, text)
	}
	var got struct {
		Calls [][4]any `json:"calls"`
		End   string   `json:"end"`
	}
	if err := json.Unmarshal(data, &got); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", script, err, text)
	}
	for _, c := range got.Calls {
		run.Calls = append(run.Calls, Call{c[0].(string), int(c[1].(float64)), c[2].(string), c[3].(string)})
	}
	run.End = got.End
	return run, nil
}

// Evaluator runs a driver as a build does.
func Evaluator(script string, args []string, env map[string]string) (*Run, error) {
	run := &Run{}
	start := time.Now()
	record := func(t *pyeval.Thread, r pyeval.Record) {
		rel, err := filepath.Rel(filepath.Dir(script), r.Where.File.Path)
		if err != nil {
			rel = r.Where.File.Path
		}
		run.Calls = append(run.Calls, Call{rel, r.Where.Line, r.Name, showArgs(t, r.Args)})
	}
	res, err := pyflink.Run(pyflink.Options{Script: script, Args: args, Env: env, Recorder: record, Again: func() { run.Calls = nil }})
	run.Time = time.Since(start)
	if err != nil {
		return nil, err
	}
	run.Diags, run.Beside = res.Diags, res.Job != nil && res.Job.Driver != nil
	run.End = res.Stopped
	return run, nil
}

func showArgs(t *pyeval.Thread, args []pyeval.Arg) string {
	var pos, named []string
	for _, a := range args {
		if a.Name == "" {
			pos = append(pos, show(t, a.Value, 6))
		} else {
			named = append(named, a.Name+"="+show(t, a.Value, 6))
		}
	}
	sort.Strings(named)
	return strings.Join(append(pos, named...), ", ")
}

// show writes a value as shim.py does.
func show(t *pyeval.Thread, v pyeval.Value, depth int) string {
	list := func(vs []pyeval.Value) string {
		out := make([]string, len(vs))
		for i, x := range vs {
			out[i] = show(t, x, depth-1)
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	switch x := v.(type) {
	case pyeval.NoneType, pyeval.Bool, pyeval.Int, pyeval.Float, *pyeval.Str, pyeval.Bytes:
		if text, err := t.Repr(x); err == nil {
			return text
		}
	case *pyeval.Sym:
		if known, err := t.AtDefaults(x); known != nil && err == nil {
			return show(t, known, depth)
		}
		return "<input>"
	case *pyeval.Opaque:
		if !x.Reported && x.IsText() {
			return "<unknown>"
		}
	case *pyeval.List:
		if depth > 0 {
			return list(x.Elems())
		}
	case *pyeval.Tuple:
		if depth > 0 {
			return list(x.Elems())
		}
	case *pyeval.Dict:
		if depth > 0 {
			var out []string
			for k, e := range x.Items() {
				out = append(out, show(t, k, depth-1)+": "+show(t, e, depth-1))
			}
			return "{" + strings.Join(out, ", ") + "}"
		}
	case *pyeval.Function:
		return "<function " + x.Name() + ">"
	case *pyeval.Class:
		if m := x.ModuleName(); m != "pyflink" && !strings.HasPrefix(m, "pyflink.") {
			return "<class " + x.Name() + ">"
		}
	}
	if own, ok := v.(*pyeval.Instance); ok { // of a class that derives from str
		if text, ok := pyeval.Builtin(own).(*pyeval.Str); ok {
			return show(t, text, depth)
		}
	}
	return "<object>"
}

// Difference is the first place where two runs disagree, -1 if they made the
// same calls; lines counts the calls in the same line.
func Difference(a, b *Run) (first, lines int) {
	for i := range min(len(a.Calls), len(b.Calls)) {
		x, y := a.Calls[i], b.Calls[i]
		if x.Name != y.Name || !sameArgs(x.Args, y.Args) {
			return i, lines
		}
		if x.File == y.File && x.Line == y.Line {
			lines++
		}
	}
	if len(a.Calls) != len(b.Calls) {
		return min(len(a.Calls), len(b.Calls)), lines
	}
	return -1, lines
}

// sameArgs compares arguments; what depends on an input without a default, or
// on a value that nobody knows, may be anything.
func sameArgs(a, b string) bool {
	const unknown = "<unknown>"
	if a == b || a == unknown || b == unknown { // the only argument, whose text may have commas
		return true
	}
	x, y := strings.Split(a, ", "), strings.Split(b, ", ")
	vague := func(s string) bool { return strings.Contains(s, unknown) || strings.Contains(s, "<input>") }
	return len(x) == len(y) && !slices.ContainsFunc(indexes(len(x)), func(i int) bool {
		return x[i] != y[i] && !vague(x[i]) && !vague(y[i])
	})
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
