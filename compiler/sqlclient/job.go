package sqlclient

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"pyfc/codegen/gobuild"
	"pyfc/compiler"
	"pyfc/compiler/pyflink"
	"pyfc/ir/diag"
	"pyfc/rt/conn/tableau"
	"pyfc/rt/job"
)

// row is a row of a query's result as it is shown.
type row struct {
	kind  string
	texts []string
}

// runJob builds the job of a statement, runs it to its end and shows its rows.
func (c *Client) runJob(a pyflink.Answer, found diag.List) error {
	show, err := c.view(a)
	if err != nil {
		return err
	}
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(interrupts)
	res := compiler.CompileJob(a.Job, found)
	said := found.Sorted()
	more := slices.DeleteFunc(res.Diags.Sorted(), func(d *diag.Diagnostic) bool { return slices.Contains(said, d) })
	if err := c.report(more); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pyfc-sql-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "job")
	_, err = gobuild.Build(res.Files, binary)
	if len(interrupts) > 0 { // the toolchain was, too
		return c.terminated()
	}
	if err != nil {
		return c.report([]*diag.Diagnostic{diag.New(faultOfBuild(err), diag.Pos{}, "%v", err)})
	}
	p, err := start(binary, filepath.Join(dir, "checkpoints"))
	if err != nil {
		return err
	}
	return c.follow(p, show, interrupts)
}

func faultOfBuild(err error) diag.Code {
	if failed := (*gobuild.CompileError)(nil); errors.As(err, &failed) {
		return diag.InternalError
	}
	return diag.BuildTool
}

// process is a job that runs.
type process struct {
	cmd *exec.Cmd
	out io.Reader
	log bytes.Buffer
}

// start starts a job in a process group of its own, which the terminal's Ctrl-C
// doesn't reach.
func start(binary, checkpoints string) (*process, error) {
	p := &process{cmd: exec.Command(binary, "--pyfc-checkpoint-dir", checkpoints)}
	p.cmd.Stderr = &p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = out
	return p, p.cmd.Start()
}

// redraw is how often a table that changes is drawn.
const redraw = 250 * time.Millisecond

// follow shows a job's rows until it ends. An interrupt ends the job, and a
// second one doesn't let it finish.
func (c *Client) follow(p *process, show view, interrupts <-chan os.Signal) error {
	lines := make(chan []byte, 1024)
	var readErr error
	go func() {
		defer close(lines)
		readErr = readLines(p.out, lines)
	}()
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	stopped := 0
	var failed error
	for open := true; open; {
		select {
		case line, ok := <-lines:
			if open = ok; ok && failed == nil && stopped == 0 {
				failed = show.line(line)
			}
		case <-tick.C:
			if failed == nil {
				failed = show.draw()
			}
		case <-interrupts:
			stopped++
			if err := p.stop(stopped); err != nil {
				return err
			}
		}
	}
	ended := p.cmd.Wait()
	if failed = errors.Join(failed, readErr); failed != nil {
		return failed
	}
	return c.finish(p, show, ended, stopped > 0)
}

// stop ends the process: as its own way is at first, then at once.
func (p *process) stop(times int) error {
	sig := syscall.SIGTERM
	if times > 1 {
		sig = syscall.SIGKILL
	}
	if err := p.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func readLines(from io.Reader, to chan<- []byte) error {
	r := bufio.NewReader(from)
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			to <- line
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// finish shows how the job ended.
func (c *Client) finish(p *process, show view, ended error, stopped bool) error {
	exited := (*exec.ExitError)(nil)
	switch {
	case stopped:
		if err := show.end(); err != nil {
			return err
		}
		return c.terminated()
	case errors.As(ended, &exited):
		if err := show.draw(); err != nil {
			return err
		}
		fmt.Fprint(c.opts.Err, p.fault())
		return &Failed{exited.ExitCode()}
	case ended != nil:
		return ended
	}
	return show.end()
}

// terminated says that a job was stopped; a script isn't gone on with.
func (c *Client) terminated() error {
	if _, err := io.WriteString(c.opts.Out, "Query terminated.\n"); err != nil || c.more != nil {
		return err
	}
	return &Failed{job.ExitInterrupted}
}

// fault are the lines in which the job says why it failed: those that are no
// log events, and events of errors.
func (p *process) fault() string {
	var out strings.Builder
	for line := range strings.Lines(p.log.String()) {
		if !strings.HasPrefix(line, "time=") || strings.Contains(line, " level=ERROR ") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// parse reads a row.
func parse(line []byte) (row, error) {
	kind, texts, err := tableau.ReadRow(line)
	return row{kind, texts}, err
}
