package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"pyfc/codegen/gobuild"
	"pyfc/compiler"
	"pyfc/ir/diag"
	"pyfc/rt/cachedir"
	"pyfc/rt/job"
)

func (a *app) build() *cobra.Command {
	var flags jobFlags
	var out, emit string
	var img imageFlags
	c := &cobra.Command{
		Use:   "build job.py [-o OUT | --image FILE.tar] [-- script arguments]",
		Short: "Compile a script into a binary or a container image",
		Example: `  pyfc build job.py                      # writes ./job
  pyfc build job.py -o /srv/job --env REGION=eu
  pyfc build job.py --emit-go generated/ # also keep the generated Go
  pyfc build job.py --image job.tar --platform linux/arm64`,
		RunE: func(c *cobra.Command, args []string) error {
			req, err := flags.request(c, args)
			if err != nil {
				return err
			}
			target, err := img.target()
			if err != nil {
				return err
			}
			if img.file != "" && out == "" {
				dir, err := os.MkdirTemp("", "pyfc-image-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(dir)
				out = filepath.Join(dir, "job")
			}
			if out == "" {
				out = scriptName(req.Script)
			}
			res, err := a.compileFor(target, req, out, emit)
			if err != nil {
				return err
			}
			if img.file != "" {
				if err := a.image(c.Context(), img, res, out); err != nil {
					return err
				}
			}
			displaced := job.Displaced(res.Job.Arguments)
			for _, name := range slices.Sorted(maps.Keys(displaced)) {
				fmt.Fprintf(a.err, "note: %s is the script's own option; the binary's is %s\n", name, displaced[name])
			}
			return nil
		},
	}
	flags.register(c)
	c.Flags().StringVarP(&out, "output", "o", "", "the binary to write (default: the script's name without .py, here)")
	c.Flags().StringVar(&emit, "emit-go", "", "also write the generated Go module into `DIR`")
	img.register(c)
	return c
}

// compile builds the script for this machine; see compileFor.
func (a *app) compile(req compiler.Request, out, emit string) (*compiler.Result, error) {
	return a.compileFor(gobuild.Target{}, req, out, emit)
}

// compileFor builds the script into out and prints what there is to say.
func (a *app) compileFor(target gobuild.Target, req compiler.Request, out, emit string) (*compiler.Result, error) {
	res := compiler.Compile(req)
	if err := a.report(res); err != nil {
		return res, err
	}
	if emit != "" {
		if err := emitModule(res.Files, emit); err != nil {
			return res, err
		}
	}
	if _, err := gobuild.BuildFor(target, res.Files, out); err != nil {
		return res, a.buildFault(err)
	}
	return res, nil
}

func emitModule(files gobuild.Files, dir string) error {
	root, err := gobuild.Root()
	if err != nil {
		return err
	}
	module, err := gobuild.Module(files, root)
	if err != nil {
		return err
	}
	return gobuild.Write(module, dir)
}

// buildFault tells pyfc's own mistakes, which it keeps for a report, from an
// unusable toolchain.
func (a *app) buildFault(err error) error {
	var failed *gobuild.CompileError
	code := diag.BuildTool
	if errors.As(err, &failed) {
		code = diag.InternalError
		report := filepath.Join(failed.Dir, "report.txt")
		if writeErr := os.WriteFile(report, []byte(failed.Output), 0o644); writeErr == nil {
			err = fmt.Errorf("generated code doesn't compile; this is a fault of pyfc, please report it with %s", report)
		}
	}
	a.render(diag.New(code, diag.Pos{}, "%v", err))
	return exit(code.Info().Verdict.ExitCode())
}

func (a *app) run() *cobra.Command {
	var flags jobFlags
	own := map[string]*string{} // of the binary
	c := &cobra.Command{
		Use:   "run job.py [-- script arguments]",
		Short: "Compile a script and run it",
		Example: `  pyfc run job.py
  pyfc run job.py -D parallelism.default=1 -- --date 2024-01-01
  pyfc run job.py --restore none         # after a change of the query`,
		RunE: func(c *cobra.Command, args []string) error {
			req, err := flags.request(c, args)
			if err != nil {
				return err
			}
			dir, err := cachedir.Make("run")
			if err != nil {
				return err
			}
			binary := filepath.Join(dir, scriptName(req.Script)+fmt.Sprintf("-%d", os.Getpid()))
			if _, err := a.compile(req, binary, ""); err != nil {
				return err
			}
			var options []string
			for _, name := range slices.Sorted(maps.Keys(own)) {
				if *own[name] != "" {
					options = append(options, "--pyfc-"+name, *own[name])
				}
			}
			return start(binary, append(append(options, "--"), req.Args...))
		},
	}
	flags.register(c)
	own["parallelism"] = c.Flags().String("parallelism", "", "subtasks of each operator: `N`")
	own["checkpoint-dir"] = c.Flags().String("checkpoint-dir", "", "keep checkpoints in `DIR` (default: a folder here with the job's name)")
	own["restore"] = c.Flags().String("restore", "", "begin from the checkpoint at `PATH`, or none for afresh")
	return c
}

// start runs the binary in the foreground, removes it, and passes its status on.
// Signals reach both processes; pyfc waits for the binary's own way of ending.
func start(binary string, args []string) error {
	cmd := exec.Command(binary, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Start()
	if err := errors.Join(err, os.Remove(binary)); err != nil { // which lives on while it runs
		return err
	}
	stop := forwardSignals(cmd.Process, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	err = cmd.Wait()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		if status, ok := failed.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return exit(128 + int(status.Signal()))
		}
		return exit(failed.ExitCode())
	}
	return err
}

// scriptName is the script's file name without .py.
func scriptName(script string) string { return strings.TrimSuffix(filepath.Base(script), ".py") }
