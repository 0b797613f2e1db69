// Package driver runs the script of a job beside the job, in CPython, where it
// computes with what the job gives. The script's pyflink (the worker's package
// pyfc_driver) does nothing itself: each call is matched with one that the
// build has seen, and submissions and rows are asked of this process over a
// pair of pipes.
package driver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"pyfc/rt/job"
	"pyfc/udfbridge"
	"pyfc/udfbridge/python"
)

// Program is the script as it travels with its job.
type Program struct {
	// Root is the script's folder at build, which __file__ and tracebacks name.
	Root   string
	Script string // its file name
	// Files are the texts of the script and its modules, by path from Root.
	Files map[string]string
	// Names are what import * takes, by module.
	Names map[string][]string
	// Packages are those that the driver needs beside what its Python has.
	Packages []string
}

// Main runs the script to its end and returns its exit code, as job.Driver
// wants it.
func (p *Program) Main(ctx context.Context, h *job.DriverHost) (int, error) {
	interpreter, err := python.FindForDriver(ctx, h.Config["python.executable"], p.Packages, strings.Join(h.Requirements, "\n"), h.Log)
	if err != nil {
		return 0, err
	}
	worker, err := udfbridge.InstallWorker()
	if err != nil {
		return 0, err
	}
	file := filepath.Join(h.Folder, "program.json")
	text, err := json.Marshal(p.message(h))
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(interpreter.Path, append([]string{filepath.Join(worker, "pyfc_driver"), file}, h.Args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return run(ctx, cmd, h)
}

// call is a job.DriverCall as the Python side reads it.
type call struct {
	File  string   `json:"file"`
	Line  int      `json:"line"`
	End   int      `json:"end"`
	Name  string   `json:"name"`
	Args  []string `json:"args"`
	Loose bool     `json:"loose"`
	Kind  string   `json:"kind"`
	Run   int      `json:"run"`
	Class string   `json:"class"`
	Text  string   `json:"text"`
}

func (p *Program) message(h *job.DriverHost) any {
	calls := make([]call, len(h.Calls))
	for i, c := range h.Calls {
		args := c.Args
		if args == nil {
			args = []string{}
		}
		calls[i] = call{c.File, c.Line, c.EndLine, c.Name, args, c.Loose, c.Kind, c.Run, c.Class, h.Texts[i]}
	}
	return map[string]any{"root": p.Root, "script": p.Script, "files": p.Files, "names": p.Names, "calls": calls, "folder": h.Folder}
}

// run runs the process and answers what it asks.
func run(ctx context.Context, cmd *exec.Cmd, h *job.DriverHost) (int, error) {
	requests, theirOut, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer requests.Close()
	theirIn, answers, err := os.Pipe()
	if err != nil {
		theirOut.Close()
		return 0, err
	}
	defer answers.Close()
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	ended, err := udfbridge.StartChild(cmd)
	theirIn.Close()
	theirOut.Close()
	if err != nil {
		return 0, err
	}
	s := &server{host: h, results: map[int]*result{}}
	var serving sync.WaitGroup
	serving.Go(func() { s.serve(ctx, requests, answers) })
	defer func() {
		requests.Close() // a process that the driver has left behind may hold the other end
		serving.Wait()
	}()
	select {
	case <-ctx.Done():
		unix.Kill(-cmd.Process.Pid, unix.SIGKILL) // it fails only if it has ended
		<-ended
		return 0, context.Cause(ctx)
	case err = <-ended:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var exit *exec.ExitError
	switch {
	case s.fatal != nil:
		return 0, s.fatal
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode(), nil
	case err != nil:
		return 0, fmt.Errorf("the driver: %w", err)
	}
	return 0, nil
}

// server answers the requests of one driver.
type server struct {
	host    *job.DriverHost
	results map[int]*result

	mu     sync.Mutex
	failed error // of the last submission that failed
	fatal  error // that which ends the driver
}

// request is what the driver asks: one of the fields is set.
type request struct {
	Run    *int    `json:"run"`
	Next   *int    `json:"next"`
	Close  *int    `json:"close"`
	Refuse *string `json:"refuse"`
	Failed *string `json:"failed"`
}

// answer is what it gets; Bytes of rows follow it.
type answer struct {
	Error string `json:"error,omitempty"`
	Bytes int    `json:"bytes"`
	End   bool   `json:"end,omitempty"`
}

func (s *server) serve(ctx context.Context, requests io.Reader, answers io.Writer) {
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		cancel()
		for _, r := range s.results {
			<-r.ended
		}
	}()
	lines := bufio.NewReader(requests)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return // the driver has ended
		}
		var req request
		if err := json.Unmarshal(line, &req); err != nil {
			s.end(fmt.Errorf("a request of the driver: %w", err))
			return
		}
		a, rows := s.answer(ctx, req)
		text, err := json.Marshal(a)
		if err != nil {
			s.end(err)
			return
		}
		if _, err := answers.Write(append(append(text, '\n'), rows...)); err != nil {
			return // the driver has ended
		}
	}
}

func (s *server) answer(ctx context.Context, req request) (answer, []byte) {
	var err error
	switch {
	case req.Run != nil:
		err = s.host.Submit(ctx, *req.Run, nil)
	case req.Next != nil:
		r := s.results[*req.Next]
		if r == nil {
			r = s.begin(ctx, *req.Next)
		}
		rows, more := <-r.rows
		if more {
			return answer{Bytes: len(rows)}, rows
		}
		<-r.ended
		if r.err == nil {
			return answer{End: true}, nil
		}
		err = r.err
	case req.Close != nil:
		if r := s.results[*req.Close]; r != nil {
			r.close()
		}
	case req.Refuse != nil:
		s.end(&job.Mistake{Message: *req.Refuse})
	case req.Failed != nil:
		s.mu.Lock()
		s.fatal = s.failed
		s.mu.Unlock()
	}
	if err == nil {
		return answer{}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err
	return answer{Error: err.Error()}, nil
}

func (s *server) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fatal = err
}

// result is a submission whose rows the driver takes one piece after the other.
// It waits while nobody does.
type result struct {
	rows   chan []byte
	ended  chan struct{}
	err    error           // once ended
	closed <-chan struct{} // by close, or by the end of the job
	close  func()
}

func (s *server) begin(ctx context.Context, step int) *result {
	ctx, cancel := context.WithCancel(ctx)
	r := &result{rows: make(chan []byte), ended: make(chan struct{}), closed: ctx.Done(), close: cancel}
	s.results[step] = r
	go func() {
		defer close(r.ended)
		defer close(r.rows)
		defer cancel()
		r.err = s.host.Submit(ctx, step, r)
	}()
	return r
}

// errClosed is what a sink gets whose rows nobody takes any more.
var errClosed = errors.New("the driver takes no more rows")

// Write hands rows over.
func (r *result) Write(rows []byte) (int, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	select {
	case r.rows <- bytes.Clone(rows):
		return len(rows), nil
	case <-r.closed:
		return 0, errClosed
	}
}
