package opt

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/ir"
)

// The settings that keep equal parts of a job's plans apart, true by default.
const (
	sharesPlans = "table.optimizer.reuse-sub-plan-enabled"
	sharesScans = "table.optimizer.reuse-source-enabled"
)

// scanned tells scans apart that differ in more than the columns they read.
type scanned struct {
	table *ir.Table
	line  string
}

func scannedBy(s *ir.Scan) scanned { return scanned{s.Table, ir.Line(s)} }

// alignScans lets all scans that read the same rows of a table read the columns
// that any of them needs, so that share_relations makes one of them: rows are
// decoded once.
func alignScans(sinks []*ir.Sink, c *Context) {
	if !c.setting(sharesPlans, true) || !c.setting(sharesScans, true) {
		return
	}
	read := map[scanned][]int{}
	for _, s := range sinks {
		ir.Walk(s, func(r ir.Rel) {
			if s, ok := r.(*ir.Scan); ok {
				read[scannedBy(s)] = union(read[scannedBy(s)], s.Read)
			}
		})
	}
	for _, s := range sinks {
		aligned := false
		rewriteInput(s, func(r ir.Rel) ir.Rel {
			scan, ok := r.(*ir.Scan)
			if !ok || len(scan.Read) == len(read[scannedBy(scan)]) {
				return r
			}
			aligned = true
			return aligning(scan, read[scannedBy(scan)])
		})
		if aligned {
			mergeProjects(s, c)
		}
	}
}

// aligning yields the columns of a scan from one that reads more.
func aligning(s *ir.Scan, read []int) ir.Rel {
	wide := ir.NewScan(s.Table, s.Mode, s.Pos)
	wide.Partitions, wide.Filter, wide.Limit = s.Partitions, s.Filter, s.Limit
	to := keepScan(wide, slices.Sorted(slices.Values(read)))
	columns := make([]ir.Expr, len(s.Read))
	for i, column := range s.Read {
		columns[i] = ir.NewColumnRef(wide.Schema, to[column], s.Pos)
	}
	return ir.NewProject(wide, columns, s.Schema.Names(), s.Pos)
}

// shareRelations makes one relation of those that yield the same rows, within
// the plan of a sink and among sinks that run as one job. What isn't
// deterministic is computed for each consumer.
func shareRelations(sinks []*ir.Sink, c *Context) {
	if !c.setting(sharesPlans, true) {
		return
	}
	p := &sharing{scans: c.setting(sharesScans, true), known: map[string]ir.Rel{}, class: map[ir.Rel]int{}, serial: map[any]int{}}
	for _, s := range sinks {
		rewriteInput(s, p.relation)
	}
	consumers := map[ir.Rel]int{}
	eachOnce(sinks, func(r ir.Rel) {
		for _, in := range r.Inputs() {
			consumers[in]++
		}
	})
	eachOnce(sinks, func(r ir.Rel) {
		if consumers[r] > 1 {
			c.shared++
			r.P().Shared = c.shared
		}
	})
}

// eachOnce calls f for all relations of the plans, inputs first, shared ones
// once.
func eachOnce(sinks []*ir.Sink, f func(ir.Rel)) {
	seen := map[ir.Rel]bool{}
	for _, s := range sinks {
		ir.Walk(s, func(r ir.Rel) {
			if !seen[r] {
				seen[r] = true
				f(r)
			}
		})
	}
}

// sharing knows the relations of a job by what they yield.
type sharing struct {
	scans bool
	known map[string]ir.Rel
	// class numbers relations, alike where they yield the same.
	class map[ir.Rel]int
	// serial numbers tables and functions, whose names may come twice.
	serial map[any]int
}

// relation is r or one that yields the same. Exchanges belong to what they lead
// to, and fixed rows cost nothing: they are shared with their consumer only.
func (p *sharing) relation(r ir.Rel) ir.Rel {
	key := p.text(r)
	before, ok := p.known[key]
	if !ok || !repeatable(r) {
		p.class[r] = len(p.class)
		p.known[key] = r
		return r
	}
	p.class[r] = p.class[before]
	switch r.Op() {
	case ir.OpExchange, ir.OpValues:
		return r
	case ir.OpScan:
		if !p.scans {
			return r
		}
	}
	return before
}

// text says what r yields: equal texts mean equal rows, if r is repeatable.
func (p *sharing) text(r ir.Rel) string {
	var b strings.Builder
	props := r.P()
	fmt.Fprint(&b, ir.Line(r), props.Mode, props.Keys, props.Schema)
	number := func(x any) {
		if p.serial[x] == 0 {
			p.serial[x] = len(p.serial) + 1
		}
		fmt.Fprintf(&b, " %d", p.serial[x])
	}
	if s, ok := r.(*ir.Scan); ok {
		number(s.Table)
	}
	for _, u := range ir.UDFsOf(r) {
		number(u)
	}
	for _, in := range r.Inputs() {
		fmt.Fprintf(&b, " <%d", p.class[in])
	}
	return b.String()
}

// repeatable reports whether an operator gives the same rows for the same input
// each time.
func repeatable(r ir.Rel) bool {
	if slices.ContainsFunc(ir.UDFsOf(r), func(u *ir.UDF) bool { return !u.Deterministic }) {
		return false
	}
	return !slices.ContainsFunc(r.Exprs(), ir.Volatile)
}
