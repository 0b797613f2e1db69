package jobtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"pyfc/codegen/gobuild"
	"pyfc/compiler"
	"pyfc/ir"
	"pyfc/rt/conn/values"
)

// Record makes a case of a script with the first rows, at most n, of each of
// its real sources, read as the script says. It ends when there are enough, the
// sources end, or ctx does; what has been read until then is kept.
func Record(ctx context.Context, req compiler.Request, n int, out string) (*Case, *compiler.Result, error) {
	if exists(out) {
		return nil, nil, fmt.Errorf("%s is there already", out)
	}
	script, err := filepath.Rel(filepath.Dir(out), req.Script)
	if err != nil {
		return nil, nil, err
	}
	res := compiler.Bind(req)
	if res.Diags.HasErrors() {
		return nil, res, nil
	}
	c := &Case{Path: out, Spec: Spec{Script: filepath.ToSlash(script), Args: req.Args, Env: req.Env}, files: map[string][]byte{}}
	spec, err := json.MarshalIndent(c.Spec, "", "  ")
	if err != nil {
		return nil, res, err
	}
	c.set(specName, append(spec, '\n'))
	if err := c.recordFiles(res.Job, n); err != nil {
		return nil, res, err
	}
	recording := recording(res.Job)
	if sinks := recording.Sinks(); len(sinks) > 0 {
		if res = compiler.CompileJob(recording, res.Diags); res.Diags.HasErrors() {
			return nil, res, nil
		}
		if err := c.messages(ctx, res, sinks, n); err != nil {
			return nil, res, err
		}
	}
	return c, res, c.Save()
}

// recordFiles takes the first lines of the files that the job reads.
func (c *Case) recordFiles(job *ir.Job, n int) error {
	read := sources(job)
	for _, name := range slices.Sorted(maps.Keys(read)) {
		t := read[name]
		if t.Connector != "filesystem" {
			if t.Format == "" {
				return fmt.Errorf("%s: rows of the connector %s can't be recorded; write them into %s%s.json", name, t.Connector, inDir, name)
			}
			continue
		}
		o, ok := t.Option("path")
		if !ok {
			o, _ = t.Option("connector.path")
		}
		path, ok := o.Value.Const()
		if !ok {
			return fmt.Errorf("%s: its path is only known when the job starts; give the build its value: --env", name)
		}
		lines, err := head(strings.TrimPrefix(path, "file://"), n)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c.set(inDir+name+".txt", lines)
	}
	return nil
}

// head returns the first n lines of a file.
func head(path string, n int) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var lines []byte
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<24)
	for i := 0; i < n && in.Scan(); i++ {
		lines = append(append(lines, in.Bytes()...), '\n')
	}
	return lines, in.Err()
}

// messages runs the recording job until there are n of each source.
func (c *Case) messages(ctx context.Context, res *compiler.Result, sinks []*ir.Sink, n int) error {
	dir, err := os.MkdirTemp("", "pyfc-record-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "recorder")
	if _, err := gobuild.Build(res.Files, binary); err != nil {
		return err
	}
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	args := []string{"--pyfc-checkpoint-dir", filepath.Join(dir, "checkpoints")}
	cmd := exec.CommandContext(ctx, binary, append(append(args, "--"), c.Spec.Args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Env = os.Environ()
	for name, value := range c.Spec.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = c.collect(stdout, sinks, n, enough)
	if ended := cmd.Wait(); ended != nil && ctx.Err() == nil {
		err = errors.Join(err, fmt.Errorf("recording ended with %w\n%s", ended, strings.TrimSpace(log.String())))
	}
	return err
}

// collect takes n records for each sink from what the recording job shows.
func (c *Case) collect(stdout io.Reader, sinks []*ir.Sink, n int, enough func()) error {
	missing := map[string]int{}
	for _, s := range sinks {
		missing[s.Table.Name] = n
		c.set(inDir+s.Table.Name+".txt", nil)
	}
	in := bufio.NewScanner(stdout)
	in.Buffer(nil, 1<<26)
	for in.Scan() {
		var line values.Line
		if json.Unmarshal(in.Bytes(), &line) != nil || missing[line.Table] == 0 {
			continue
		}
		record := line.Columns[0]
		if strings.ContainsRune(record, '\n') {
			enough()
			return fmt.Errorf("%s: a record has more than one line and can't be recorded: %.80q", line.Table, record)
		}
		name := inDir + line.Table + ".txt"
		c.files[name] = append(c.files[name], record+"\n"...)
		if missing[line.Table]--; missing[line.Table] == 0 {
			delete(missing, line.Table)
		}
		if len(missing) == 0 {
			enough()
			break
		}
	}
	_, _ = io.Copy(io.Discard, stdout) // what else it had to show
	return in.Err()
}

// Inputs are the names of the tables with an input, in order.
func (c *Case) Inputs() []string {
	var out []string
	for _, name := range c.order {
		if file, ok := strings.CutPrefix(name, inDir); ok {
			out = append(out, fmt.Sprintf("%s (%d)", strings.TrimSuffix(file, ".txt"), bytes.Count(c.files[name], []byte("\n"))))
		}
	}
	slices.Sort(out)
	return out
}
