package opt

import (
	"maps"
	"slices"
	"sort"

	"pyfc/ir"
	"pyfc/ir/types"
)

// pruneColumns keeps of each relation only the columns that somebody reads, so
// that a source never decodes the others and no row carries them.
func pruneColumns(s *ir.Sink, _ *Context) {
	all := make([]int, len(s.In.P().Schema))
	for i := range all {
		all[i] = i
	}
	s.In, _ = prune(s.In, all)
}

// prune returns r with at least the needed columns, and where each column of
// the old schema is now.
func prune(r ir.Rel, need []int) (ir.Rel, map[int]int) {
	sort.Ints(need)
	switch r := r.(type) {
	case *ir.Scan:
		return r, keepScan(r, need)
	case *ir.Project:
		return pruneProject(r, need)
	case *ir.Filter:
		to := pruneInput(r, 0, union(need, ir.Columns(r.Cond)))
		r.Cond = ir.Remap(r.Cond, to)
		r.Schema, r.Keys = r.In.P().Schema, r.In.P().Keys
		return r, to
	case *ir.Sort:
		to := pruneInput(r, 0, union(need, r.Order.Columns()))
		out := ir.NewSort(r.In, r.Order.Remap(to), r.Offset, r.Limit, r.Pos)
		out.Partial = r.Partial
		return out, to
	case *ir.Correlate:
		return pruneCorrelate(r, need)
	case *ir.Normalize:
		to := pruneInput(r, 0, union(need, r.Key))
		key := make(ir.Key, len(r.Key))
		for i, c := range r.Key {
			key[i] = to[c]
		}
		return ir.NewNormalize(r.In, key, r.Pos), to
	case *ir.Rank:
		return pruneRank(r, need)
	case *ir.Over:
		return pruneOver(r, need)
	case *ir.Bridge:
		return pruneBridge(r, need)
	case *ir.Watermark:
		to := pruneInput(r, 0, union(need, append(ir.Columns(r.Mark), r.Time)))
		return ir.NewWatermark(r.In, to[r.Time], ir.Remap(r.Mark, to), r.Pos), to
	case *ir.Window:
		return pruneWindow(r, need)
	case *ir.Expand:
		return pruneExpand(r, need)
	case *ir.Aggregate:
		return pruneAggregate(r, need)
	case *ir.Join:
		return r, pruneJoin(r, need)
	case *ir.Union:
		return r, pruneUnion(r, need)
	}
	return r, identity(len(r.P().Schema))
}

func pruneInput(r ir.Rel, i int, need []int) map[int]int {
	in, to := prune(r.Inputs()[i], need)
	r.SetInput(i, in)
	return to
}

func keepScan(s *ir.Scan, need []int) map[int]int {
	if len(need) == 0 {
		need = []int{0} // a row needs a column to be one
	}
	to := map[int]int{}
	var read []int
	var schema types.Schema
	for i, c := range need {
		to[c] = i
		read = append(read, s.Read[c])
		schema = append(schema, s.Schema[c])
	}
	s.Read, s.Schema = read, schema
	s.Keys = ir.MapKeys(s.Keys, to)
	return to
}

func pruneProject(p *ir.Project, need []int) (ir.Rel, map[int]int) {
	if len(need) == 0 { // only the number of rows counts, which the input has
		return prune(p.In, nil)
	}
	to := map[int]int{}
	var columns []ir.Expr
	var names []string
	for i, c := range need {
		to[c] = i
		columns = append(columns, p.Columns[c])
		names = append(names, p.Schema[c].Name)
	}
	below := pruneInput(p, 0, ir.Columns(columns...))
	for i, e := range columns {
		columns[i] = ir.Remap(e, below)
	}
	return ir.NewProject(p.In, columns, names, p.Pos), to
}

// pruneWindow keeps all columns of the window.
func pruneWindow(w *ir.Window, need []int) (ir.Rel, map[int]int) {
	width := len(w.In.P().Schema)
	below := slices.DeleteFunc(slices.Clone(need), func(c int) bool { return c >= width })
	added := w.AddedNames()
	to := pruneInput(w, 0, union(union(below, w.Partition), []int{w.Time}))
	out := ir.NewWindow(w.In, to[w.Time], w.Assigner, added, w.Pos)
	for _, c := range w.Partition {
		out.Partition = append(out.Partition, to[c])
	}
	moved := map[int]int{}
	for old, now := range to {
		moved[old] = now
	}
	for i := range added {
		moved[width+i] = len(w.In.P().Schema) + i
	}
	return out, moved
}

// pruneExpand keeps a column at least, so that there is a row to expand to.
func pruneExpand(e *ir.Expand, need []int) (ir.Rel, map[int]int) {
	if len(need) == 0 {
		need = []int{0}
	}
	to := map[int]int{}
	var names []string
	projects := make([][]ir.Expr, len(e.Projects))
	for i, c := range need {
		to[c] = i
		names = append(names, e.Schema[c].Name)
		for j, p := range e.Projects {
			projects[j] = append(projects[j], p[c])
		}
	}
	read := slices.Concat(projects...)
	if e.Times != nil {
		read = append(read, e.Times)
	}
	below := pruneInput(e, 0, ir.Columns(read...))
	for _, p := range projects {
		for i, x := range p {
			p[i] = ir.Remap(x, below)
		}
	}
	out := ir.NewExpand(e.In, projects, names, e.Pos)
	if e.Times != nil {
		out.Times = ir.Remap(e.Times, below)
	}
	return out, to
}

func pruneBridge(b *ir.Bridge, need []int) (ir.Rel, map[int]int) {
	width := len(b.In.P().Schema)
	var pass, results []int
	for _, c := range need {
		if c < width {
			pass = append(pass, c)
		} else {
			results = append(results, c)
		}
	}
	if len(results) == 0 {
		return prune(b.In, need)
	}
	var calls []*ir.UDFCall
	var names []string
	for _, c := range results {
		calls = append(calls, b.Calls[c-width])
		names = append(names, b.Schema[c].Name)
	}
	b.Calls = calls
	below := pruneInput(b, 0, union(pass, ir.Columns(b.Exprs()...)))
	b.MapExprs(func(e ir.Expr) ir.Expr { return ir.Remap(e, below) })
	to := map[int]int{}
	for old, now := range below {
		to[old] = now
	}
	for i, c := range results {
		to[c] = len(b.In.P().Schema) + i
	}
	return ir.NewBridge(b.In, calls, names), to
}

// pruneCorrelate keeps all columns of the element.
func pruneCorrelate(c *ir.Correlate, need []int) (ir.Rel, map[int]int) {
	width := len(c.In.P().Schema)
	below := []int{c.Column}
	for _, i := range need {
		if i < width {
			below = union(below, []int{i})
		}
	}
	names := c.ElementNames()
	to := map[int]int{}
	for old, now := range pruneInput(c, 0, below) {
		to[old] = now
	}
	for i := range names {
		to[width+i] = len(c.In.P().Schema) + i
	}
	return ir.NewCorrelate(c.In, to[c.Column], names, c.Outer, c.Pos), to
}

// pruneRank drops the number that nobody reads.
func pruneRank(r *ir.Rank, need []int) (ir.Rel, map[int]int) {
	width := len(r.In.P().Schema)
	name := ""
	pass := slices.DeleteFunc(slices.Clone(need), func(c int) bool { return c >= width })
	if len(pass) < len(need) {
		name = r.Schema[width].Name
	}
	to := maps.Clone(pruneInput(r, 0, union(pass, append(slices.Clone(r.Partition), r.Order.Columns()...))))
	partition := make([]int, len(r.Partition))
	for i, c := range r.Partition {
		partition[i] = to[c]
	}
	out := ir.NewRank(r.In, partition, r.Order.Remap(to), r.From, r.To, name, r.Pos)
	out.Strategy = r.Strategy
	to[width] = len(r.In.P().Schema)
	return out, to
}

func pruneOver(o *ir.Over, need []int) (ir.Rel, map[int]int) {
	width := len(o.In.P().Schema)
	var pass, results []int
	var calls []ir.OverCall
	var names []string
	for _, c := range need {
		if c < width {
			pass = append(pass, c)
			continue
		}
		results = append(results, c)
		calls, names = append(calls, o.Calls[c-width]), append(names, o.Schema[c].Name)
	}
	if len(calls) == 0 {
		return prune(o.In, need)
	}
	to := maps.Clone(pruneInput(o, 0, union(pass, o.Reads(calls))))
	for i := range calls {
		calls[i] = calls[i].Remap(to)
	}
	partition := make([]int, len(o.Partition))
	for i, c := range o.Partition {
		partition[i] = to[c]
	}
	order := o.Order.Remap(to)
	for i, c := range results {
		to[c] = len(o.In.P().Schema) + i
	}
	return ir.NewOver(o.In, partition, order, calls, names, o.Pos), to
}

func pruneAggregate(a *ir.Aggregate, need []int) (ir.Rel, map[int]int) {
	groups := len(a.Group)
	to := identity(groups)
	var calls []ir.AggCall
	var names []string
	if a.OfTable() { // it gives all columns of its rows
		to, calls, names = identity(len(a.Schema)), slices.Clone(a.Calls), a.Schema.Names()[groups:]
		need = nil
	}
	for _, c := range need {
		if c >= groups {
			to[c] = groups + len(calls)
			calls = append(calls, a.Calls[c-groups])
			names = append(names, a.Schema[c].Name)
		}
	}
	read := append([]int(nil), a.Group...)
	for _, c := range calls {
		read = union(read, c.Args)
		if c.Filter >= 0 {
			read = union(read, []int{c.Filter})
		}
	}
	below := pruneInput(a, 0, read)
	group := make([]int, groups)
	for i, g := range a.Group {
		group[i] = below[g]
	}
	for i := range calls {
		args := make([]int, len(calls[i].Args))
		for j, c := range calls[i].Args {
			args[j] = below[c]
		}
		calls[i].Args = args
		if calls[i].Filter >= 0 {
			calls[i].Filter = below[calls[i].Filter]
		}
	}
	out := ir.NewAggregate(a.In, group, calls, names, a.Pos)
	out.Retention = a.Retention
	return out, to
}

func pruneJoin(j *ir.Join, need []int) map[int]int {
	width := len(j.Left.P().Schema)
	all := len(j.Schema)
	var left, right []int
	for _, c := range union(need, ir.Columns(j.Exprs()...)) {
		if c < width {
			left = append(left, c)
		} else {
			right = append(right, c-width)
		}
	}
	for _, k := range j.Equi {
		left, right = union(left, []int{k.Left}), union(right, []int{k.Right})
	}
	toLeft, toRight := pruneInput(j, 0, left), pruneInput(j, 1, right)
	for i, k := range j.Equi {
		j.Equi[i].Left, j.Equi[i].Right = toLeft[k.Left], toRight[k.Right]
	}
	to := map[int]int{}
	for old, now := range toLeft {
		to[old] = now
	}
	for old, now := range toRight {
		to[width+old] = len(j.Left.P().Schema) + now
	}
	j.MapExprs(func(e ir.Expr) ir.Expr { return ir.Remap(e, to) })
	j.Renumber(to)
	for old := range to {
		if old >= all { // of a semi or anti join's right side
			delete(to, old)
		}
	}
	return to
}

// pruneUnion takes the same columns of every input, in the same order.
func pruneUnion(u *ir.Union, need []int) map[int]int {
	if len(need) == 0 {
		need = []int{0}
	}
	for i, in := range u.In {
		var names []string
		for _, c := range need {
			names = append(names, in.P().Schema[c].Name)
		}
		below := pruneInput(u, i, slices.Clone(need))
		columns := make([]ir.Expr, len(need))
		for j, c := range need {
			columns[j] = ir.NewColumnRef(u.In[i].P().Schema, below[c], u.Pos)
		}
		u.In[i] = ir.NewProject(u.In[i], columns, names, u.Pos)
	}
	u.Derive()
	to := map[int]int{}
	for i, c := range need {
		to[c] = i
	}
	return to
}

func identity(n int) map[int]int {
	to := make(map[int]int, n)
	for i := range n {
		to[i] = i
	}
	return to
}

func union(a, b []int) []int {
	seen := map[int]bool{}
	var out []int
	for _, s := range [][]int{a, b} {
		for _, c := range s {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}
