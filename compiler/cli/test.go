package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"pyfc/compiler/jobtest"
	"pyfc/rt/job"
)

func (a *app) test() *cobra.Command {
	var flags jobFlags
	var update bool
	var record int
	var out string
	c := &cobra.Command{
		Use:   "test PATH… | test --record N job.py -o CASE.txtar",
		Short: "Run jobs on recorded inputs and compare what they write",
		Long: `Run jobs on recorded inputs and compare what they write.

A test is a .txtar file, or a folder with a case.json, that holds:
  case.json          {"script": "../job.py", "args": [], "env": {}, "clock": "2024-01-01T00:00:00Z"}
  in/TABLE.txt       records of a source in the table's format, one a line
  in/TABLE.json      or its rows: [[1, "a"], [2, null]]
  want/TABLE.csv     what a sink holds in the end; columns may be left out
  want/TABLE.changes or what it takes, change by change
  want/stdout        what the script prints
The script is compiled as always; only its sources and sinks are exchanged. With
a clock, the time of functions such as NOW() stands still.

Exit status: 0 all tests passed, 1 some didn't, 10 one can't be run.`,
		Example: `  pyfc test jobs/
  pyfc test -update jobs/daily.txtar      # accept what comes out
  pyfc test --record 100 job.py -o jobs/daily.txtar`,
		RunE: func(c *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			if record > 0 {
				return a.record(ctx, c, flags, args, record, out)
			}
			if len(args) == 0 {
				args = []string{"."}
			}
			return a.runTests(ctx, args, update)
		},
	}
	flags.register(c)
	c.Flags().BoolVar(&update, "update", false, "rewrite expectations to what comes out")
	c.Flags().IntVar(&record, "record", 0, "make a test from the first `N` rows of each of the script's sources")
	c.Flags().StringVarP(&out, "output", "o", "", "the test to write (default: the script's name with .txtar, here)")
	return c
}

func (a *app) runTests(ctx context.Context, paths []string, update bool) error {
	failed, count, broken := 0, 0, false
	for _, path := range paths {
		all, err := jobtest.Find(path)
		if err != nil {
			return err
		}
		for _, c := range all {
			count++
			res, err := c.Run(ctx, update)
			if ctx.Err() != nil {
				return exit(job.ExitInterrupted)
			}
			switch {
			case err != nil:
				broken = true
				fmt.Fprintf(a.out, "ERROR %v\n", err)
			case res.Diags.HasErrors():
				broken = true
				fmt.Fprintf(a.out, "ERROR %s: the script doesn't build\n", c.Path)
				for _, d := range res.Diags.Sorted() {
					a.render(d)
				}
			case res.Updated:
				fmt.Fprintf(a.out, "wrote %s\n", c.Path)
			case !res.Passed():
				failed++
				fmt.Fprintf(a.out, "FAIL  %s\n", c.Path)
				for _, d := range res.Differences {
					fmt.Fprintf(a.out, "  %s:\n", d.File)
					for _, line := range d.Lines {
						fmt.Fprintf(a.out, "    %s\n", line)
					}
				}
			default:
				fmt.Fprintf(a.out, "ok    %s\n", c.Path)
			}
		}
	}
	switch {
	case broken:
		return exit(job.ExitMistake)
	case failed > 0:
		fmt.Fprintf(a.out, "%d of %d tests failed\n", failed, count)
		return exit(1)
	}
	return nil
}

func (a *app) record(ctx context.Context, c *cobra.Command, flags jobFlags, args []string, n int, out string) error {
	req, err := flags.request(c, args)
	if err != nil {
		return err
	}
	if out == "" {
		out = scriptName(req.Script) + ".txtar"
	}
	if filepath.Ext(out) != ".txtar" {
		return fmt.Errorf("-o %s: want a name that ends with .txtar", out)
	}
	made, res, err := jobtest.Record(ctx, req, n, out)
	if res != nil {
		if err := a.report(res); err != nil {
			return err
		}
	}
	if err != nil {
		return fmt.Errorf("--record: %w", err)
	}
	fmt.Fprintf(a.out, "wrote %s with rows of %v; pyfc test -update %s adds what the job makes of them\n", out, made.Inputs(), out)
	return nil
}
