package exprs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"pyfc/codegen/gobuild"
	"pyfc/compiler"
	"pyfc/compiler/bind"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// Figure is what was measured of one expression.
type Figure struct {
	SQL string
	// Generated and Hand are nanoseconds a row.
	Generated, Hand float64
	// Allocs and HandAllocs are allocations per thousand rows.
	Allocs, HandAllocs float64
}

// Measure generates the code of all cases, compiles it together with the
// hand-written functions in dir and lets them run by turns, for benchtime each
// (as go test -benchtime has it) and so many rounds.
func Measure(dir, benchtime string, rounds int) ([]Figure, error) {
	job, err := plan()
	if err != nil {
		return nil, err
	}
	var faults diag.List
	res := compiler.CompileJob(job, faults)
	if res.Diags.HasErrors() {
		return nil, res.Diags.Sorted()[0]
	}
	files := res.Files
	files["job/measure.go"] = harness(job)
	files["main.go"] = []byte("package main\n\nimport \"pyfcjob/job\"\n\nfunc main() { job.Measure() }\n")
	binary := filepath.Join(dir, "measure")
	if _, err := gobuild.Build(files, binary); err != nil {
		return nil, err
	}
	cmd := exec.Command(binary, benchtime, strconv.Itoa(rounds))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var figures []Figure
	return figures, json.Unmarshal(out, &figures)
}

// plan makes one sink for each case.
func plan() (*ir.Job, error) {
	var diags diag.List
	session := bind.NewSession(&diags)
	var columns []string
	for _, c := range Columns {
		columns = append(columns, c.Name+" "+c.Type)
	}
	texts := []string{"CREATE TABLE measured (" + strings.Join(columns, ", ") + ") WITH ('connector' = 'values', 'data' = '[]')"}
	for _, c := range Cases {
		texts = append(texts, "SELECT "+c.SQL+" FROM measured")
	}
	run := &ir.Submission{Name: "measure", Batch: true}
	for _, text := range texts {
		stmts, faults := sql.Parse(text, sql.TextLocator("measure.sql", text))
		for _, f := range faults {
			diags.Add(f)
		}
		for _, st := range stmts {
			if out := session.Execute(st); out.Query != nil {
				run.Sinks = append(run.Sinks, session.Collect(out.Query, st.Where()))
			}
		}
		if diags.HasErrors() {
			return nil, fmt.Errorf("%s: %w", text, diags.Sorted()[0])
		}
	}
	return &ir.Job{Name: "measure", Script: "measure.sql", Actions: []ir.Action{{Run: run}}}, nil
}

// harness is the Go file that feeds the generated functions: it lies in their
// package.
func harness(job *ir.Job) []byte {
	var b bytes.Buffer
	b.WriteString(`package job

import (
	"encoding/json"
	"flag"
	"os"
	"strconv"
	"testing"

	"pyfc/golden/bench/exprs"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Measure writes the figures of all cases to standard output. The arguments
// are the time for each benchmark and the number of rounds.
func Measure() {
	testing.Init()
	if err := flag.Set("test.benchtime", os.Args[1]); err != nil {
		panic(err)
	}
	rounds, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	in := exprs.Rows()
	var out []exprs.Figure
`)
	for i, s := range job.Sinks() {
		project := s.In
		scan := project.Inputs()[0].(*ir.Scan)
		fmt.Fprintf(&b, "\tout = append(out, exprs.Compare(%d, rounds, in, func() (func(), func()) {\n", i)
		fmt.Fprintf(&b, "\t\tinput, output := &stream.Batch[%sRow]{}, &stream.Batch[%sRow]{}\n", scan.UID, project.P().UID)
		fmt.Fprintf(&b, "\t\tfor i := range in {\n\t\t\tr, o := &in[i], %sRow{}\n", scan.UID)
		for bit, c := range scan.Schema {
			column := columnOf(c.Name)
			fmt.Fprintf(&b, "\t\t\tif r.Nulls&(1<<%d) != 0 {\n\t\t\t\to.nulls[0] |= 1 << %d\n\t\t\t} else {\n\t\t\t\to.%s = %s\n\t\t\t}\n", column.bit, bit, c.Name, column.value)
		}
		b.WriteString("\t\t\tinput.Rows = append(input.Rows, o)\n\t\t}\n\t\tvar arena *val.Arena\n")
		stage := "run" + strings.ToUpper(project.P().UID[:1]) + project.P().UID[1:]
		fmt.Fprintf(&b, `		return func() {
				arena = val.NewArena()
				output.Arena, output.Rows = arena, output.Rows[:0]
				if err := %s(input, output); err != nil {
					panic(err)
				}
			}, func() { arena.Release() }
	}))
`, stage)
	}
	b.WriteString(`	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		panic(err)
	}
}
`)
	return b.Bytes()
}

// columnOf says how a column of Row is copied into a generated row.
func columnOf(name string) (column struct {
	bit   int
	value string
}) {
	fields := map[string]string{
		"a": "r.A", "b": "r.B", "i": "r.I", "d": "r.D", "e": "r.E", "s": "r.S", "t": "r.T", "n": "r.N",
		"p": "val.DecimalOf(r.P)", "q": "val.DecimalOf(r.Q)", "f": "r.F", "dt": "val.Date(r.Day)", "ts": "val.Timestamp{Milli: r.TS}",
	}
	for i, c := range Columns {
		if c.Name == name {
			column.bit = i
		}
	}
	column.value = fields[name]
	return column
}
