package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"pyfc/compiler"
	"pyfc/compiler/pyast"
	"pyfc/ir"
)

// explainStages are the values of --stage, in the order of the pipeline.
var explainStages = []struct {
	name, doc string
	front     bool // the front end alone makes it
	print     func(a *app, res *compiler.Result)
}{
	{"ast", "the syntax tree of the script", true, (*app).explainAST},
	{"script", "what the driver did: inputs, files, actions", true, (*app).explainScript},
	{"plan", "the plan as the script says it", false, func(a *app, r *compiler.Result) { fmt.Fprint(a.out, strings.Join(r.Bound, "\n")) }},
	{"opt", "the plan after the optimiser, and which pass changed it", false, (*app).explainOpt},
	{"go", "the generated Go", false, (*app).explainGo},
	{"udf", "each Python function, and why it runs where it does", true, (*app).explainUDF},
}

func (a *app) explain() *cobra.Command {
	var flags jobFlags
	var stage string
	names := make([]string, len(explainStages))
	var docs strings.Builder
	for i, s := range explainStages {
		names[i] = s.name
		fmt.Fprintf(&docs, "\n  %-7s %s", s.name, s.doc)
	}
	c := &cobra.Command{
		Use:     "explain job.py --stage=STAGE [-- script arguments]",
		Short:   "Show what a stage of the compiler makes of a script",
		Long:    "Show what a stage of the compiler makes of a script.\n\nStages:" + docs.String(),
		Example: "  pyfc explain --stage=opt job.py",
		RunE: func(c *cobra.Command, args []string) error {
			i := slices.Index(names, stage)
			if i < 0 {
				return fmt.Errorf("--stage=%s: want one of %s", stage, strings.Join(names, ", "))
			}
			req, err := flags.request(c, args)
			if err != nil {
				return err
			}
			compile := compiler.Explain
			if explainStages[i].front {
				compile = compiler.Bind
			}
			res := compile(req)
			if res.Job != nil || stage == "ast" {
				explainStages[i].print(a, res)
			}
			return a.report(res)
		},
	}
	flags.register(c)
	c.Flags().StringVar(&stage, "stage", "opt", strings.Join(names, " | "))
	return c
}

func (a *app) explainOpt(res *compiler.Result) {
	for _, p := range res.Plans {
		fmt.Fprintln(a.out, p)
	}
	for _, t := range res.Trace {
		fmt.Fprintf(a.out, "-- %s: after %s\n%s\n", t.Sink, t.Pass, t.Plan)
	}
}

func (a *app) explainGo(res *compiler.Result) {
	var names []string
	for name := range res.Files {
		if filepath.Ext(name) == ".go" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(a.out, "// ---- %s\n%s\n", name, res.Files[name])
	}
}

func (a *app) explainUDF(res *compiler.Result) {
	for _, u := range res.Job.UDFs() {
		fmt.Fprintf(a.out, "%s: %s: bridge: %s\n", u.Pos, u.Name, u.Reason)
	}
}

// explainAST prints the script's tree; where it doesn't parse, the report says
// so.
func (a *app) explainAST(res *compiler.Result) {
	src, ok := readSource(res.Request.Script)
	if !ok {
		return
	}
	if m, fault := pyast.Parse(&pyast.File{Name: res.Request.Script, Path: res.Request.Script, Src: src}); fault == nil {
		_ = pyast.Dump(a.out, m) // a broken pipe ends the process anyway
	}
}

// explainScript prints what evaluating the driver gave, before any planning.
func (a *app) explainScript(res *compiler.Result) {
	fmt.Fprintf(a.out, "script %s\n", res.Job.Script)
	if d := res.Job.Driver; d != nil {
		fmt.Fprintln(a.out, driverMode(d))
	}
	for _, in := range res.Script.Inputs {
		state := "bound at start"
		switch {
		case in.Baked:
			state = "baked"
		case in.HasDefault:
			state += ", by default " + strconv.Quote(in.Default)
		}
		for _, where := range in.Where {
			fmt.Fprintf(a.out, "input %s %s: %s (%s)\n", in.Kind, in.Name, state, where.Pos())
		}
	}
	for _, f := range res.Script.Files {
		fmt.Fprintf(a.out, "file %s sha256=%s (%s)\n", f.Path, f.SHA256, f.Where.Pos())
	}
	for _, s := range res.Job.Config {
		fmt.Fprintf(a.out, "set %s = %s\n", s.Key, s.Value.Display())
	}
	for _, f := range res.Job.Files {
		fmt.Fprintf(a.out, "ship %s, %d bytes\n", f.Path, len(f.Data))
	}
	if d := res.Job.Driver; d != nil {
		for _, f := range d.Files {
			fmt.Fprintf(a.out, "driver file %s, %d bytes\n", f.Path, len(f.Data))
		}
	}
	for _, act := range res.Job.Actions {
		if act.Run == nil {
			fmt.Fprintf(a.out, "print %q\n", act.Print.Display())
			continue
		}
		for _, s := range act.Run.Sinks {
			fmt.Fprintf(a.out, "run %q: insert into %s (%s)\n", act.Run.Name, s.Table.Name, s.Pos)
		}
	}
}

// driverMode says that the script runs beside the job, and why.
func driverMode(d *ir.Driver) string {
	return fmt.Sprintf("driver mode: the script runs in CPython beside the job, because of %s (%s)", d.Why, d.Pos)
}
