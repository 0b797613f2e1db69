package pyflink

import (
	"maps"
	"slices"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyast"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Client executes statements one after the other, as the execute_sql of a
// script would, each in a job of its own.
type Client struct{ run *run }

// Answer is what a statement gave: a text to show, or a job to run.
type Answer struct {
	Text string
	// Job is nil where there is none to run. Columns are those of the rows that
	// it writes as tableau.ReadRow takes them; nil for an insertion.
	Job     *ir.Job
	Columns types.Schema
	// MaxWidth is the width of columns whose type has none of its own.
	MaxWidth int
	Batch    bool
}

// NewClient returns a client that finds Python modules and files in the folder
// dir. Of the options the configuration and the dependencies count.
func NewClient(dir string, opts Options) (*Client, error) {
	r := newRun(opts, false)
	for _, key := range slices.Sorted(maps.Keys(opts.Config)) {
		r.config.setText(key, opts.Config[key], diag.Pos{})
	}
	if err := r.interp.Begin(opts.Script, dir); err != nil {
		return nil, err
	}
	return &Client{r}, nil
}

// Execute executes a statement of the file that name stands for in the
// diagnostics. Where these have an error it has done nothing, and there is no
// answer.
func (c *Client) Execute(name string, st sql.Stmt) (Answer, diag.List) {
	r := c.run
	r.bound, r.diags = diag.List{}, nil
	rollback := r.session.Savepoint()
	known := r.interp.Diagnostics()
	r.job = &ir.Job{Script: name}
	a, err := c.answer(&pyast.File{Name: name, Path: name}, st)
	if err == nil && a.Job != nil && !r.bound.HasErrors() {
		r.complete()
	}
	if err != nil {
		r.report(err)
	}
	var all diag.List
	for _, d := range slices.Concat(r.interp.Diagnostics(), r.bound.Sorted(), r.diags) {
		if !slices.Contains(known, d) {
			all.Add(d)
		}
	}
	if all.HasErrors() {
		rollback()
	}
	return a, all
}

func (c *Client) answer(file *pyast.File, st sql.Stmt) (Answer, error) {
	r := c.run
	if set, ok := st.(*sql.Set); ok && set.Key == nil {
		return Answer{Text: listingText(r.config.listing())}, nil
	}
	out, err := r.execute(r.interp.Thread(), file, st)
	if err != nil {
		return Answer{}, err
	}
	sinks := out.Sinks
	if out.Sink != nil {
		sinks = append(sinks, out.Sink)
	}
	switch {
	case out.Listing != nil:
		return Answer{Text: listingText(out.Listing)}, nil
	case out.Query != nil:
		return c.query(out.Query, st.Where())
	case sinks != nil:
		r.submitInserts(st.Where(), sinks...)
		return Answer{Job: r.job, Batch: r.config.batch()}, nil
	}
	return Answer{}, nil
}

func (c *Client) query(rel ir.Rel, at diag.Pos) (Answer, error) {
	r := c.run
	f, err := r.frame(!r.config.batch())
	if err != nil {
		return Answer{}, err
	}
	if sink := r.session.Rows(rel, f, at); sink != nil {
		r.submit(bind.CollectTable, at, sink)
	}
	return Answer{Job: r.job, Columns: rel.P().Schema, MaxWidth: f.MaxWidth, Batch: !f.Op}, nil
}

// Setting is the value of a configuration entry, "" where it isn't set.
func (c *Client) Setting(key string) string { return c.run.config.text(key) }

// Session is the catalog that the statements have made.
func (c *Client) Session() *bind.Session { return c.run.session }

// listing shows all entries in the order of their keys.
func (cf *config) listing() *bind.Listing {
	l := &bind.Listing{Columns: types.Schema{{Name: "key", Type: types.String()}, {Name: "value", Type: types.String()}}}
	for _, k := range slices.Sorted(slices.Values(cf.keys)) {
		l.Rows = append(l.Rows, []any{k, cf.text(k)})
	}
	return l
}
