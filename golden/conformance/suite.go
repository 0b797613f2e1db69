package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pyfc/codegen/gobuild"
	"pyfc/compiler"
	"pyfc/golden/multicall"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn/values"
)

// Result is what became of a case.
type Result struct {
	Case   *Case
	Passed bool
	// Why classifies a failure in a word: "planned", "refused", "internal",
	// "build", "hung", "exit", "differs", "accepted".
	Why    string
	Detail string
	// Unsupported says of a case that expects an error that it fails for
	// another reason: pyfc doesn't run a part of it yet.
	Unsupported bool
	Got         []string // rows, where it ran
}

func (r *Result) fail(why, format string, args ...any) {
	r.Passed, r.Why, r.Detail = false, why, fmt.Sprintf(format, args...)
}

// perPackage is how many cases are the submissions of one job, which the Go
// compiler is through with sooner than with a job for each; perBinary is how many
// cases are linked into one binary, runLimit how long one may run before it counts
// as hung.
const (
	perPackage = 25
	perBinary  = 250
	runLimit   = time.Minute
)

// exitData is the exit code of a job that fails on data.
const exitData = 13

// entry is a case on its way.
type entry struct {
	*Result
	files gobuild.Files        // of the case by itself
	sinks map[string]*ir.Table // that it writes, by name
	job   string               // the package that it is in
	step  int                  // of that job
}

// Run compiles the cases, builds binaries in dir, runs them and compares.
// Some of them, chosen at random, are built alone too, as a user's job is, and
// must give the same. The results are in the order of the cases. The error is
// one of the tools.
func Run(ctx context.Context, cases []*Case, dir string, alone int) ([]*Result, error) {
	var results []*Result
	var runnable []*entry
	for _, c := range cases {
		e := &entry{Result: &Result{Case: c}}
		results = append(results, e.Result)
		if e.compile() {
			runnable = append(runnable, e)
		}
	}
	built := make(chan *batch, 1)
	var failed error
	go func() {
		defer close(built)
		for i, chunk := range slices.Collect(slices.Chunk(runnable, perBinary)) {
			b := &batch{binary: filepath.Join(dir, "jobs"+strconv.Itoa(i)), entries: chunk}
			if failed = b.build(); failed != nil {
				return
			}
			built <- b
		}
	}()
	for b := range built {
		if err := b.run(ctx); err != nil {
			for range built { // let the builder end
			}
			return results, err
		}
	}
	if failed != nil {
		return results, failed
	}
	for _, i := range rand.Perm(len(runnable))[:min(alone, len(runnable))] {
		if err := runnable[i].alone(ctx, filepath.Join(dir, "alone"+strconv.Itoa(i))); err != nil {
			return results, err
		}
	}
	return results, nil
}

// alone builds and runs a case by itself. It fails where that gives something
// else than the binary of many.
func (e *entry) alone(ctx context.Context, binary string) error {
	if e.Why == "build" {
		return nil
	}
	if _, err := gobuild.Build(e.files, binary); err != nil {
		return err
	}
	out, err := run(ctx, runLimit, binary)
	if err != nil {
		return err
	}
	shared := Result{Passed: e.Passed, Why: e.Why, Got: e.Got}
	e.Got = nil
	if e.judge(out); e.Passed != shared.Passed || e.Why != shared.Why || !same(shared.Got, e.Got, e.Case.Ordered) {
		e.fail("alone", "built alone: %s\n%s", e.Result, diff(shared.Got, e.Got))
	}
	return nil
}

// compile takes a case through the compiler. It reports whether there is
// something to run; otherwise the case is decided.
func (e *entry) compile() bool {
	c := e.Case
	res := compile(c)
	verdict := res.Verdict()
	if verdict == diag.Plan {
		e.Passed = !c.ExpectError
		if c.ErrorPhase == "validation" {
			e.fail("accepted", "it compiles, but Flink refuses it")
			return false
		}
		e.files, e.sinks = res.Files, map[string]*ir.Table{}
		for _, s := range res.Job.Sinks() {
			e.sinks[s.Table.Name] = s.Table
		}
		return true
	}
	e.Passed = c.ExpectError && c.ErrorPhase != "runtime" && verdict == diag.Refused
	if !e.Passed {
		e.fail(verdict.String(), "%s", describe(res))
		e.Unsupported = c.ExpectError && verdict == diag.Planned
	}
	return false
}

func describe(res *compiler.Result) string {
	var lines []string
	for _, d := range res.Diags.Sorted() {
		if d.Severity() == diag.Error {
			lines = append(lines, d.Error())
		}
	}
	return strings.Join(lines, "\n")
}

// batch are the cases of one binary.
type batch struct {
	linked  multicall.Binary
	binary  string // its path
	entries []*entry
}

// build makes a job of several cases at a time. Those of a job that the Go compiler
// refuses become jobs of their own, so that only those at fault fail.
func (b *batch) build() error {
	b.linked.Target.Plain = true // what they give is all that counts
	for group := range slices.Chunk(b.entries, perPackage) {
		files, err := together(group)
		if err != nil {
			return err
		}
		name := b.linked.Add(files)
		for i, e := range group {
			e.job, e.step = name, i
		}
	}
	if err := b.linked.Build(b.binary); err != nil || len(b.linked.Broken) == 0 {
		return err
	}
	for _, e := range b.entries {
		if _, broken := b.linked.Broken[e.job]; broken {
			e.job, e.step = b.linked.Add(e.files), 0
		}
	}
	return b.linked.Build(b.binary)
}

// together compiles one job whose submissions are those of the cases.
func together(group []*entry) (gobuild.Files, error) {
	job := newJob()
	for _, e := range group {
		one := &binder{c: e.Case, job: newJob()}
		one.bind()
		job.Actions = append(job.Actions, one.job.Actions...)
	}
	res := compiler.CompileJob(job, diag.List{})
	if res.Verdict() != diag.Plan {
		return nil, fmt.Errorf("cases compile by themselves, but not together:\n%s", describe(res))
	}
	return res.Files, nil
}

// run runs all cases, two at a time.
func (b *batch) run(ctx context.Context) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	next := make(chan *entry)
	for range 2 {
		wg.Go(func() {
			for e := range next {
				if text, broken := b.linked.Broken[e.job]; broken {
					e.fail("build", "%s", text)
					continue
				}
				out, err := run(ctx, runLimit, b.binary, multicall.Step(e.job, e.step))
				if err != nil {
					mu.Lock()
					first = err
					mu.Unlock()
					continue
				}
				e.judge(out)
			}
		})
	}
	for _, e := range b.entries {
		next <- e
	}
	close(next)
	wg.Wait()
	return first
}

// judge compares what a run left with what is expected.
func (e *entry) judge(out outcome) {
	c := e.Case
	lines, err := parseLines(out.stdout)
	if err != nil {
		e.fail("internal", "output: %v", err)
		return
	}
	for _, l := range lines {
		e.Got = append(e.Got, l.String())
	}
	switch {
	case out.hung:
		e.fail("hung", "it didn't end within %v", runLimit)
	case c.ExpectError && out.code == exitData:
		e.Passed = true
	case c.ExpectError && out.code == 0:
		e.fail("accepted", "it gives a result, but Flink fails")
	case out.code != 0:
		e.fail("exit", "exit code %d\n%s", out.code, told(out.stderr))
	case c.Sinks != nil:
		e.compareSinks(lines)
	case c.ExpectCount != nil:
		if e.Passed = len(lines) == *c.ExpectCount; !e.Passed {
			e.fail("differs", "%d rows, want %d", len(lines), *c.ExpectCount)
		}
	default:
		if e.Passed = same(c.Expect, e.Got, c.Ordered); !e.Passed {
			e.fail("differs", "%s", diff(c.Expect, e.Got))
		}
	}
}

// told is what a job told, without its log events.
func told(stderr string) string {
	var out []string
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "time=") {
			out = append(out, strings.TrimSuffix(line, "\n"))
		}
	}
	return strings.Join(out[:min(len(out), 40)], "\n")
}

func parseLines(stdout string) ([]values.Line, error) {
	var out []values.Line
	for line := range strings.Lines(stdout) {
		var l values.Line
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		out = append(out, l)
	}
	return out, nil
}

func diff(want, got []string) string {
	return "got:  " + strings.Join(got, "\n      ") + "\nwant: " + strings.Join(want, "\n      ")
}

// compareSinks compares what each sink received: its changes, or the rows that
// are left after them.
func (e *entry) compareSinks(lines []values.Line) {
	for i := range e.Case.Sinks {
		s := &e.Case.Sinks[i]
		var own []values.Line
		for _, l := range lines {
			if l.Table == s.Name {
				own = append(own, l)
			}
		}
		if s.Compare == "materialized" {
			own = materialize(own, e.sinks[s.Name])
		}
		var got []string
		for _, l := range own {
			got = append(got, l.String())
		}
		if want := e.Case.expected(s); !same(want, got, e.Case.Ordered) {
			e.fail("differs", "sink %s\n%s", s.Name, diff(want, got))
			return
		}
	}
	e.Passed = true
}

// materialize applies changes: by the sink's key, or by whole rows.
func materialize(changes []values.Line, t *ir.Table) []values.Line {
	keyOf := func(l values.Line) string {
		if t == nil || t.Key == nil {
			return fmt.Sprintf("%q", l.Columns)
		}
		var key []string
		for _, i := range t.Key {
			key = append(key, l.Columns[i])
		}
		return fmt.Sprintf("%q", key)
	}
	keyed := t != nil && t.Key != nil
	var out []values.Line
	for _, l := range changes {
		i := slices.IndexFunc(out, func(o values.Line) bool { return keyOf(o) == keyOf(l) })
		adds := l.Kind == "+I" || l.Kind == "+U"
		l.Kind = "+I"
		switch {
		case adds && keyed && i >= 0:
			out[i] = l
		case adds:
			out = append(out, l)
		case i >= 0:
			out = slices.Delete(out, i, i+1)
		}
	}
	return out
}
