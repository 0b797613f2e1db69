package jobtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pyfc/codegen/gobuild"
	"pyfc/compiler"
	"pyfc/ir/diag"
	"pyfc/rt/conn/values"
)

// Result is what a case gave.
type Result struct {
	// Differences are lines by what differs: want/TABLE.csv.
	Differences []Difference
	// Diags are those of the compiler, if the script doesn't build.
	Diags diag.List
	// Updated says that expectations were rewritten.
	Updated bool
}

// Difference is where an expectation doesn't hold.
type Difference struct {
	File  string
	Lines []string
}

// Passed reports whether all expectations held.
func (r *Result) Passed() bool { return len(r.Differences) == 0 && !r.Diags.HasErrors() }

// Run compiles and runs a case, and compares; with update its expectations
// become what came out, and those that there are none of yet are made: the
// contents of each sink. The error says that the case couldn't be run.
func (c *Case) Run(ctx context.Context, update bool) (*Result, error) {
	dir, err := os.MkdirTemp("", "pyfc-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary, sinks, res, err := c.build(dir)
	if err != nil || res.Diags.HasErrors() {
		return &Result{Diags: res.Diags}, err
	}
	out, err := c.execute(ctx, dir, binary)
	if err != nil {
		return nil, err
	}
	o, err := observe(out, sinks)
	if err != nil {
		return nil, err
	}
	if update {
		return &Result{Updated: true}, c.accept(o)
	}
	return c.compare(o)
}

// build compiles the case into an executable.
func (c *Case) build(dir string) (binary string, sinks []sink, res *compiler.Result, err error) {
	res = &compiler.Result{}
	script, err := c.unpack(dir)
	if err != nil {
		return "", nil, res, err
	}
	inputs, err := c.inputs()
	if err != nil {
		return "", nil, res, err
	}
	res = compiler.Bind(compiler.Request{Script: script, Args: c.Spec.Args, Env: c.Spec.Env})
	if res.Diags.HasErrors() {
		return "", nil, res, nil
	}
	if sinks, err = substitute(res.Job, inputs, dir); err != nil {
		return "", nil, res, fmt.Errorf("%s: %w", c.Path, err)
	}
	if res = compiler.CompileJob(res.Job, res.Diags); res.Diags.HasErrors() {
		return "", nil, res, nil
	}
	binary = filepath.Join(dir, ".pyfc-job")
	_, err = gobuild.Build(res.Files, binary)
	return binary, sinks, res, err
}

// execute runs the job; its standard output has the changes of the sinks.
func (c *Case) execute(ctx context.Context, dir, binary string) ([]byte, error) {
	args := []string{"--pyfc-parallelism", "1", "--pyfc-checkpoint-dir", filepath.Join(dir, ".pyfc-checkpoints"), "--"}
	cmd := exec.CommandContext(ctx, binary, append(args, c.Spec.Args...)...)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	for name, value := range c.Spec.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if c.Spec.Clock != nil {
		cmd.Env = append(cmd.Env, "PYFC_CLOCK="+c.Spec.Clock.Format(time.RFC3339Nano))
	}
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: the job ended with %w\n%s", c.Path, err, strings.TrimSpace(log.String()))
	}
	return out.Bytes(), nil
}

// observed is what a run showed.
type observed struct {
	tables  map[string]*contents
	changes map[string]*strings.Builder
	stdout  strings.Builder
}

// observe sorts standard output into changes of sinks and what the script
// prints.
func observe(out []byte, sinks []sink) (*observed, error) {
	o := &observed{tables: map[string]*contents{}, changes: map[string]*strings.Builder{}}
	for _, s := range sinks {
		o.tables[s.name] = &contents{sink: s}
		o.changes[s.name] = &strings.Builder{}
	}
	var errs []error
	for line := range bytes.Lines(out) {
		var change values.Line
		if !bytes.HasPrefix(line, []byte(`{"table":`)) || json.Unmarshal(line, &change) != nil || o.tables[change.Table] == nil {
			o.stdout.Write(line)
			continue
		}
		errs = append(errs, o.tables[change.Table].apply(change))
		fmt.Fprintln(o.changes[change.Table], change)
	}
	return o, errors.Join(errs...)
}

// find returns what an expectation is about: the contents of a table, or a
// text.
func (o *observed) find(file string) (table *contents, text string, err error) {
	name := strings.TrimPrefix(file, wantDir)
	if file == stdout {
		return nil, o.stdout.String(), nil
	}
	base := strings.TrimSuffix(name, filepath.Ext(name))
	if o.tables[base] == nil {
		var names []string
		for n := range o.tables {
			names = append(names, n)
		}
		slices.Sort(names)
		return nil, "", fmt.Errorf("%s: the job writes no table %s%s; it writes %s", file, base, diag.DidYouMean(base, names), strings.Join(names, ", "))
	}
	switch filepath.Ext(name) {
	case ".csv":
		return o.tables[base], "", nil
	case ".changes":
		return nil, o.changes[base].String(), nil
	}
	return nil, "", fmt.Errorf("%s: an expectation is called TABLE.csv (contents), TABLE.changes or stdout", file)
}

func (c *Case) compare(o *observed) (*Result, error) {
	res := &Result{}
	wanted := c.wanted()
	if wanted == nil {
		return nil, fmt.Errorf("%s: nothing is expected; pyfc test -update writes down what comes out, to be read and kept", c.Path)
	}
	for _, file := range wanted {
		table, text, err := o.find(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Path, err)
		}
		var lines []string
		if table == nil {
			lines = lineDifference(text, string(c.files[file]))
		} else if lines, err = table.difference(c.files[file]); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.Path, file, err)
		}
		if lines != nil {
			res.Differences = append(res.Differences, Difference{file, lines})
		}
	}
	return res, nil
}

// accept makes what came out the expectations.
func (c *Case) accept(o *observed) error {
	wanted := c.wanted()
	if wanted == nil {
		for name := range o.tables {
			wanted = append(wanted, wantDir+name+".csv")
		}
		slices.Sort(wanted)
	}
	for _, file := range wanted {
		table, text, err := o.find(file)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Path, err)
		}
		data := []byte(text)
		if table != nil {
			if data, err = table.text(); err != nil {
				return err
			}
		}
		c.set(file, data)
	}
	return c.Save()
}
