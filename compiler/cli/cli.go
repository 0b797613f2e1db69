// Package cli is the command line of pyfc.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pyfc/compiler"
	"pyfc/ir/diag"
)

// Version is what `pyfc version` prints.
const Version = "0.1.0"

// exit is an error that carries a process status; the message, if any, has
// been printed.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// app is what all commands share.
type app struct {
	out, err io.Writer
}

// Main runs the command line and returns the process status.
func Main(args []string, out, errOut io.Writer) int {
	a := &app{out, errOut}
	root := a.root()
	root.SetArgs(flinkSpellings(args))
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(context.Background())
	var status exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintf(errOut, "pyfc: %v\n", err)
	return 10
}

// suggestFlag adds the flag of the command that an unknown one was most likely
// meant to be.
func suggestFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return fmt.Errorf("%w%s", err, diag.DidYouMean("--"+unknown.GetSpecifiedName(), names))
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "pyfc",
		Short:         "Compile PyFlink Table API scripts into Go binaries",
		SilenceErrors: true,
		SilenceUsage:  true,
		Example: `  pyfc build job.py               # writes ./job
  pyfc run job.py -- --date 2024-01-01
  pyfc check --format=json job.py
  pyfc explain --stage=opt job.py`,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(suggestFlag)
	root.AddCommand(a.build(), a.run(), a.sql(), a.check(), a.explain(), a.test(), a.stop(), a.docs(), a.demo(), a.doctor(), a.manifest(), a.version())
	return root
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.out, "pyfc %s (PyFlink 1.20.1's types, functions and SQL; the legacy API of 1.10 and 1.11)\n", Version)
			return err
		},
	}
}

// report prints diagnostics and returns the status that they ask for.
func (a *app) report(res *compiler.Result) error {
	for _, d := range res.Diags.Sorted() {
		a.render(d)
	}
	if v := res.Verdict(); v != diag.Plan {
		return exit(v.ExitCode())
	}
	return nil
}

// render writes a diagnostic, in colours where somebody looks at it who wants
// them.
func (a *app) render(d *diag.Diagnostic) {
	a.palette().Render(a.err, d, readSource)
}

func readSource(file string) (string, bool) {
	data, err := os.ReadFile(file)
	return string(data), err == nil
}
