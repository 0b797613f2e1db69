package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"pyfc/compiler"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// checked is the answer of `pyfc check --format=json`.
type checked struct {
	Status  string         `json:"status"`
	Missing []diag.Missing `json:"missing"`
	// Driver says why the script runs in CPython beside the job, if it does.
	Driver      string      `json:"driver,omitempty"`
	Pipelines   []pipeline  `json:"pipelines"`
	Diagnostics []diag.JSON `json:"diagnostics"`
}

// pipeline is one sink with what feeds it.
type pipeline struct {
	Sources   []string `json:"sources"`
	Sinks     []string `json:"sinks"`
	Operators []string `json:"operators"`
	Schema    []column `json:"schema"`
}

type column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func (a *app) check() *cobra.Command {
	var flags jobFlags
	var format string
	c := &cobra.Command{
		Use:   "check job.py | check FOLDER [-- script arguments]",
		Short: "Say whether scripts build, and what is wrong or missing",
		Long: `Say whether a script builds, and what is wrong or missing; of a folder, whether
each of the scripts below it does, with a table in the end; a file that submits
no job, such as a module, is not counted.

Exit status: 0 plan (it builds), 11 planned (well-formed, but needs a part that
pyfc doesn't run yet), 10 needs-input or refused, 70 a fault of pyfc.`,
		Example: "  pyfc check job.py\n  pyfc check --format=json job.py --env TOPIC=clicks",
		RunE: func(c *cobra.Command, args []string) error {
			if format != "json" && format != "text" {
				return fmt.Errorf("--format=%s: want text or json", format)
			}
			req, err := flags.request(c, args)
			if err != nil {
				return err
			}
			if info, err := os.Stat(req.Script); err == nil && info.IsDir() {
				return a.checkFolder(req, format)
			}
			res := compiler.Check(req)
			if format == "json" {
				return a.checkJSON(res)
			}
			return a.checkText(res)
		},
	}
	flags.register(c)
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

func (a *app) checkText(res *compiler.Result) error {
	err := a.report(res)
	fmt.Fprintln(a.out, res.Verdict())
	if res.Job != nil && res.Job.Driver != nil {
		fmt.Fprintf(a.out, "  %s\n", driverMode(res.Job.Driver))
	}
	for _, m := range missing(res) {
		fmt.Fprintf(a.out, "  missing %s %s\n", m.Kind, m.Name)
	}
	return err
}

func (a *app) checkJSON(res *compiler.Result) error {
	if err := a.writeJSON(answer(res)); err != nil {
		return err
	}
	if code := res.Verdict().ExitCode(); code != 0 {
		return exit(code)
	}
	return nil
}

func answer(res *compiler.Result) checked {
	out := checked{
		Status: res.Verdict().String(), Missing: missing(res),
		Pipelines: pipelines(res.Job), Diagnostics: []diag.JSON{},
	}
	if res.Job != nil && res.Job.Driver != nil {
		out.Driver = driverMode(res.Job.Driver)
	}
	for _, d := range res.Diags.Sorted() {
		out.Diagnostics = append(out.Diagnostics, d.JSON())
	}
	return out
}

func missing(res *compiler.Result) []diag.Missing {
	out := []diag.Missing{}
	seen := map[diag.Missing]bool{}
	for _, d := range res.Diags.Sorted() {
		for _, m := range d.Missing {
			if !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
		}
	}
	return out
}

func pipelines(job *ir.Job) []pipeline {
	out := []pipeline{}
	if job == nil {
		return out
	}
	for _, s := range job.Sinks() {
		p := pipeline{Sources: []string{}, Sinks: []string{s.Table.Name}, Operators: []string{}, Schema: []column{}}
		ir.Walk(s, func(r ir.Rel) {
			if scan, ok := r.(*ir.Scan); ok {
				p.Sources = append(p.Sources, scan.Table.Name)
			}
			p.Operators = append(p.Operators, strings.ToLower(r.Op().String()))
		})
		for _, c := range s.P().Schema {
			p.Schema = append(p.Schema, column{c.Name, c.Type.String()})
		}
		out = append(out, p)
	}
	return out
}
