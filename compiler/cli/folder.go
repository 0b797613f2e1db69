package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pyfc/compiler"
	"pyfc/ir/diag"
)

// checkFolder checks each script below the request's folder.
func (a *app) checkFolder(req compiler.Request, format string) error {
	scripts, err := findScripts(req.Script)
	if err != nil {
		return err
	}
	if len(scripts) == 0 {
		return fmt.Errorf("%s: no script below it imports pyflink", req.Script)
	}
	folder := req.Script
	counts := map[diag.Verdict]int{}
	worst := diag.Plan
	var rows [][2]string
	answers := map[string]checked{}
	for _, script := range scripts {
		req.Script = script
		res := compiler.Check(req)
		rel, err := filepath.Rel(folder, script)
		if err != nil {
			return err
		}
		if isModule(res) {
			rows = append(rows, [2]string{"no job", filepath.ToSlash(rel)})
			continue
		}
		verdict := res.Verdict()
		counts[verdict]++
		worst = max(worst, verdict)
		answers[filepath.ToSlash(rel)] = answer(res)
		if format == "text" {
			for _, d := range res.Diags.Sorted() {
				a.render(d)
			}
		}
		rows = append(rows, [2]string{verdict.String(), filepath.ToSlash(rel) + why(res)})
	}
	if format == "json" {
		err = a.writeJSON(answers)
	} else {
		a.summary(rows, counts)
	}
	if err == nil && worst != diag.Plan {
		err = exit(worst.ExitCode())
	}
	return err
}

// findScripts lists the Python files below a folder that speak of pyflink.
func findScripts(folder string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && path != folder && (strings.HasPrefix(name, ".") || name == "__pycache__" || name == "venv") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".py" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err == nil && bytes.Contains(data, []byte("pyflink")) {
			out = append(out, path)
		}
		return err
	})
	return out, err
}

// isModule reports whether a script only defines things: nothing is wrong with
// it but that it writes to no sink.
func isModule(res *compiler.Result) bool {
	list := res.Diags.Sorted()
	return len(list) == 1 && list[0].Code == diag.NoPipeline
}

// why is the first reason of a verdict that isn't plan.
func why(res *compiler.Result) string {
	for _, d := range res.Diags.Sorted() {
		if d.Severity() == diag.Error {
			return fmt.Sprintf("  line %d: %s", d.Pos.Line, d.Message)
		}
	}
	return ""
}

func (a *app) summary(rows [][2]string, counts map[diag.Verdict]int) {
	for _, r := range rows {
		fmt.Fprintf(a.out, "%-12s %s\n", r[0], r[1])
	}
	jobs := 0
	for _, n := range counts {
		jobs += n
	}
	fmt.Fprintf(a.out, "%d jobs:", jobs)
	sep := " "
	for v := diag.Plan; v <= diag.Internal; v++ {
		if counts[v] > 0 {
			fmt.Fprintf(a.out, "%s%d %s", sep, counts[v], v)
			sep = ", "
		}
	}
	fmt.Fprintln(a.out)
}

func (a *app) writeJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
