package pyflink

import (
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/conn/rowloop"
)

// A driver that computes with the rows of a query runs in CPython, beside the
// job (ir.Driver). The evaluation takes such a script through to its end twice:
// the first run finds out that it is one; in the second the rows are late
// values, and what every call of the script into the package gave is kept.

// driver is what the second run keeps.
type driver struct {
	*ir.Driver
	// answer is what the call that is being made gives the driver, where that
	// isn't its value.
	answer *ir.DriverAnswer
}

// needsDriver notes what makes the script one that computes with rows, and
// ends this run.
func (r *run) needsDriver(pos diag.Pos, what string) error {
	r.beside(pos, what)
	return pyeval.ErrKeepRunning
}

// late is what a call gives that reads the rows of a query, or else lets the
// job answer: kind says how the driver gets it.
func (r *run) late(c *pyeval.Call, kind ir.DriverKind, submission int, origin string) pyeval.Value {
	r.driver.answer = &ir.DriverAnswer{Kind: kind, Run: submission}
	return pyeval.NewLate(origin, c.Span)
}

// rows submits a query whose rows the driver takes, once.
func (r *run) rows(c *pyeval.Call, q *query, kind ir.DriverKind, origin string) (pyeval.Value, error) {
	if q.take() {
		comes := rowloop.Shows
		if kind == ir.DriverPandas {
			comes = rowloop.Frames
		}
		parts, err := rowTemplate(q, comes, c.Span.Pos())
		if err != nil {
			return nil, err
		}
		sink := r.session.Loop(q.rel, parts, q.at)
		if sink == nil {
			return pyeval.Poison(c.Span), nil
		}
		q.submission = r.submit(bind.CollectTable, q.at, sink)
	}
	return r.late(c, kind, q.submission, origin), nil
}

// rowTemplate is how a row travels to the driver: its kind and a Python tuple,
// a line each. Comes reports whether values of a type are as the driver wants them.
func rowTemplate(q *query, comes func(types.Type) bool, pos diag.Pos) ([]rowloop.Part, error) {
	for _, c := range q.rel.P().Schema {
		if !comes(c.Type) {
			return nil, diag.New(diag.APIPlanned, pos, "column %s is %s, whose values don't come to Python as such", c.Name, c.Type).
				WithMissing("api", "TableResult.collect of "+c.Type.Kind.String())
		}
	}
	return []rowloop.Part{{Form: rowloop.Kind}, {Form: rowloop.Tuple}, {Text: "\n"}}, nil
}

// listing makes the rows that a statement answers what the driver gets.
func (d *driver) listing(t *pyeval.Thread, rows [][]any) error {
	list := pyeval.NewList()
	for _, row := range rows {
		list.Append(pyeval.NewTuple(cellValues(row)...))
	}
	text, err := t.Repr(list)
	d.answer = &ir.DriverAnswer{Kind: ir.DriverAnswers, Text: ir.Literal(text)}
	return err
}

// decided refuses to define what a late value decides: the plans behind would
// depend on it.
func (r *run) decided(c *pyeval.Call) error {
	on, _ := c.Thread.Uncertain()
	if r.driver == nil || on == nil {
		return nil
	}
	return refusedAt(on, "decides whether this is defined", c)
}

func refusedAt(on *pyeval.Opaque, how string, c *pyeval.Call) error {
	err := on.Refuse(how)
	if d, ok := err.(*diag.Diagnostic); ok {
		d.Pos = c.Span.Pos()
	}
	return err
}

// note keeps a call of the script and what it gave.
func (d *driver) note(c *pyeval.Call, v pyeval.Value, err error) error {
	answer := d.answer
	d.answer = nil
	name := c.Name[strings.LastIndexByte(c.Name, '.')+1:]
	if c.Thread.Nested() || strings.HasPrefix(name, "__") {
		return nil
	}
	if on, loop := c.Thread.Uncertain(); loop && answer != nil && answer.Submits() {
		return refusedAt(on, "decides how often this is submitted", c)
	}
	if answer == nil {
		var aerr error
		if answer, aerr = answerOf(c, v, err); aerr != nil {
			return aerr
		}
	}
	file, own := c.Thread.Interp().OwnName(c.Span.File.Path)
	if !own {
		return nil // the package's own text
	}
	call := ir.DriverCall{File: file, Line: c.Span.Line, EndLine: max(c.Span.EndLine, c.At.EndLine), Name: name, Answer: *answer}
	call.Args, call.Loose = shownArgs(c)
	d.Calls = append(d.Calls, call)
	return nil
}

// answerOf is what the driver gets for the value of a call.
func answerOf(c *pyeval.Call, v pyeval.Value, err error) (*ir.DriverAnswer, error) {
	if raised, ok := err.(*pyeval.Raised); ok {
		class, message, _ := strings.Cut(raised.Error(), ": ")
		return &ir.DriverAnswer{Kind: ir.DriverRaises, Name: class, Text: ir.Literal(message)}, nil
	}
	if sym, ok := v.(*pyeval.Sym); ok {
		text, err := textOf(sym, c.Span.Pos())
		return &ir.DriverAnswer{Kind: ir.DriverString, Text: text}, err
	}
	if !isLiteral(v) {
		return &ir.DriverAnswer{Kind: ir.DriverObject}, nil
	}
	text, err := c.Thread.Repr(v)
	return &ir.DriverAnswer{Kind: ir.DriverValue, Text: ir.Literal(text)}, err
}

// isLiteral reports whether a value's repr is a Python literal.
func isLiteral(v pyeval.Value) bool {
	all := func(vs []pyeval.Value) bool {
		for _, x := range vs {
			if !isLiteral(x) {
				return false
			}
		}
		return true
	}
	switch v := v.(type) {
	case pyeval.NoneType, pyeval.Bool, pyeval.Int, pyeval.Float, *pyeval.Str, pyeval.Bytes:
		return true
	case *pyeval.List:
		return all(v.Elems())
	case *pyeval.Tuple:
		return all(v.Elems())
	case *pyeval.Dict:
		for k, x := range v.Items() {
			if !isLiteral(k) || !isLiteral(x) {
				return false
			}
		}
		return true
	}
	return false
}

// shownArgs are the texts among the arguments, which the driver must pass again
// when it runs; loose where some are only known then.
func shownArgs(c *pyeval.Call) (texts []string, loose bool) {
	for _, a := range c.Passed() {
		switch v := a.Value.(type) {
		case *pyeval.Str:
			texts = append(texts, v.String())
		case *pyeval.Sym:
			loose = true
		}
	}
	return texts, loose
}

// drive evaluates the script once more, as one that computes with rows.
func drive(opts Options, why *ir.Driver) *run {
	r := newRun(opts, true)
	r.driver = &driver{Driver: why}
	r.job.Driver = why
	return r
}

// writtenPath is the path in the file system that a table's sink writes at, ""
// where there is none or only the start knows it.
func writtenPath(t *ir.Table) string {
	for _, o := range t.Options {
		if o.Key == "path" || o.Key == "connector.path" {
			path, _ := o.Value.Const()
			return strings.TrimPrefix(path, "file://")
		}
	}
	return ""
}

// starNames are what the script's modules import from the package by *.
func (r *run) starNames() map[string][]string {
	var out map[string][]string
	for _, m := range r.interp.Modules() {
		if m.AST() == nil {
			continue
		}
		for _, st := range m.AST().Body {
			from, ok := st.(*pyast.ImportFrom)
			if !ok || from.Names[0].Name != "*" {
				continue
			}
			if names := PublicNames()[from.Module]; names != nil {
				if out == nil {
					out = map[string][]string{}
				}
				out[from.Module] = names
			}
		}
	}
	return out
}

// ownFiles are the files that the driver needs to run: the script and the
// modules that it imported, and what it read at build.
func (r *run) ownFiles() []ir.File {
	var out []ir.File
	root := r.interp.Root()
	add := func(name string, data string) {
		out = append(out, ir.File{Path: name, Data: []byte(data)})
	}
	for _, m := range r.interp.Modules() {
		if f := m.File(); f != nil {
			add(m.Way(), f.Src)
		}
	}
	for _, f := range r.interp.FilesRead() {
		data, err := os.ReadFile(f.Source)
		if err != nil || !utf8.Valid(data) {
			continue // CPython looks for it where the binary runs
		}
		path := f.Path
		if !filepath.IsAbs(path) {
			path = filepath.Join(root, path)
		}
		if rel, err := filepath.Rel(root, path); err == nil && filepath.IsLocal(rel) {
			add(filepath.ToSlash(rel), string(data))
		}
	}
	return out
}
