package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
)

// decorrelator takes the parameters out of a query, so that it can be joined with
// the relation around it instead of being computed for each of its rows.
type decorrelator struct {
	b      *binder
	outer  ir.Rel             // the relation around
	values map[string]ir.Expr // the parameters' values over outer, by their texts
	pos    diag.Pos
}

// lifted is a relation without parameters, and for which of their values its
// rows are there.
type lifted struct {
	rel ir.Rel
	// conds are conditions over the columns of rel and the parameters. The
	// columns of the query come first in rel, behind them others that only
	// conditions read.
	conds []ir.Expr
	// empty is set where there is one row with these values, constants, if the
	// conditions are true for none: an aggregate of nothing is no row less.
	empty []ir.Expr
}

// sameValue is that a parameter has the value of a column, NULL being one, too.
type sameValue struct {
	ir.Expr // a constant of BOOLEAN NOT NULL
	args    []ir.Expr
}

// Operands implements ir.Expr.
func (s *sameValue) Operands() []ir.Expr { return s.args }

// WithOperands implements ir.Expr.
func (s *sameValue) WithOperands(args []ir.Expr) ir.Expr { return &sameValue{s.Expr, args} }

// newDecorrelator prepares to join in with a query, of which it returns a copy. The
// values of the parameters become columns where they are computed.
func (b *binder) newDecorrelator(in ir.Rel, params []*param, args []ir.Expr, query ir.Rel, pos diag.Pos) (*decorrelator, ir.Rel) {
	in, args = b.attach(in, args...)
	schema := in.P().Schema
	columns, names := allColumns(schema, pos)
	for i, a := range args {
		if _, ok := a.(*ir.ColumnRef); !ok && a.Type().Nullable {
			columns, names = append(columns, a), append(names, "$arg")
			args[i] = nil
		}
	}
	if n := len(schema); len(columns) > n {
		in = ir.NewProject(in, columns, names, pos)
		for i := range args {
			if args[i] == nil {
				args[i] = ir.NewColumnRef(in.P().Schema, n, pos)
				n++
			}
		}
	}
	u := &decorrelator{b: b, outer: in, values: map[string]ir.Expr{}, pos: pos}
	for i, p := range params {
		u.values[p.String()] = args[i]
	}
	return u, ir.Clone(query)
}

// allColumns are the columns of a schema as expressions, and their names.
func allColumns(s types.Schema, pos diag.Pos) ([]ir.Expr, []string) {
	columns := make([]ir.Expr, len(s))
	for i := range s {
		columns[i] = ir.NewColumnRef(s, i, pos)
	}
	return columns, s.Names()
}

// isParam reports whether e is one of the query's parameters.
func (u *decorrelator) isParam(e ir.Expr) bool {
	p, ok := e.(*param)
	return ok && u.values[p.String()] != nil
}

// params are the parameters in expressions, each once.
func (u *decorrelator) params(es ...ir.Expr) []*param {
	var out []*param
	for _, e := range es {
		ir.WalkExpr(e, func(e ir.Expr) {
			if u.isParam(e) && !slices.Contains(out, e.(*param)) {
				out = append(out, e.(*param))
			}
		})
	}
	return out
}

// correlated reports whether there is a parameter in rel.
func (u *decorrelator) correlated(rel ir.Rel) bool {
	found := false
	ir.Walk(rel, func(r ir.Rel) { found = found || len(u.params(r.Exprs()...)) > 0 })
	return found
}

// split parts a condition into what has no parameters and what has.
func (u *decorrelator) split(cond ir.Expr) (own, free []ir.Expr) {
	for _, c := range ir.Conjuncts(cond) {
		if len(u.params(c)) > 0 {
			free = append(free, c)
		} else {
			own = append(own, c)
		}
	}
	return own, free
}

// lift takes the parameters out of rel: conditions with parameters go up
// through the operators, whose rows then are those for all values. An operator
// that would mix them, like an aggregate, keeps them apart by the columns that
// the conditions compare with; where a condition is no equality, it is applied
// below the operator to pairs with the values that there are (overValues).
func (u *decorrelator) lift(rel ir.Rel) lifted {
	if !u.correlated(rel) {
		return lifted{rel: rel}
	}
	switch r := rel.(type) {
	case *ir.Filter:
		return u.liftFilter(r)
	case *ir.Project:
		return u.liftProject(r)
	case *ir.Aggregate:
		return u.liftAggregate(r)
	case *ir.Join:
		return u.liftJoin(r)
	case *ir.Union:
		return u.liftUnion(r)
	case *ir.Correlate:
		return u.liftCorrelate(r)
	case *ir.Over:
		return u.liftOver(r)
	case *ir.Expand:
		return u.liftExpand(r)
	case *ir.Sort:
		u.b.errorf(diag.RefusedByFlink, u.pos, "PyFlink 1.20.1 has no plan for ORDER BY and LIMIT in a sub-query that reads the query around it, or applies them to the rows for all of that query's").
			WithHint("number the rows by ROW_NUMBER() OVER (PARTITION BY … ORDER BY …) and join on the number")
		return lifted{rel: rel}
	}
	u.b.planned(u.pos, "sql", "a correlated sub-query with "+rel.Op().String())
	return lifted{rel: rel}
}

func (u *decorrelator) liftFilter(f *ir.Filter) lifted {
	in := u.lift(f.In)
	own, free := u.split(f.Cond)
	if in.empty != nil {
		if c, ok := onEmpty(f.Cond, in.empty).(*ir.Const); ok && c.Value != true {
			in.empty = nil
		}
		in = u.settled(in)
	}
	if len(own) > 0 {
		in.rel = ir.NewFilter(in.rel, ir.And(own...), f.Pos)
	}
	in.conds = append(in.conds, free...)
	return in
}

// onEmpty is what an expression is for the row of an empty input.
func onEmpty(e ir.Expr, row []ir.Expr) ir.Expr {
	return ir.MapExpr(e, func(e ir.Expr) ir.Expr {
		if c, ok := e.(*ir.ColumnRef); ok {
			if c.Index < len(row) {
				return row[c.Index]
			}
			return e
		}
		return opt.Fold(e)
	})
}

func (u *decorrelator) liftProject(p *ir.Project) lifted {
	in := u.lift(p.In)
	if in.empty != nil {
		row := make([]ir.Expr, len(p.Columns))
		for i, e := range p.Columns {
			row[i] = onEmpty(e, in.empty)
		}
		if allConst(row) {
			in.empty = row
		} else {
			in = u.settled(in)
		}
	}
	columns := u.replace(in.conds, p.Columns)
	if ps := u.params(columns...); len(ps) > 0 {
		in = u.overValues(in, columns...)
		columns = u.replace(in.conds, columns)
	}
	return in.project(columns, p.Schema.Names(), p.Pos)
}

func allConst(es []ir.Expr) bool {
	return !slices.ContainsFunc(es, func(e ir.Expr) bool { _, ok := e.(*ir.Const); return !ok })
}

// project computes columns, and passes those on that conditions read.
func (l lifted) project(columns []ir.Expr, names []string, pos diag.Pos) lifted {
	schema := l.rel.P().Schema
	columns = slices.Clone(columns)
	to := map[int]int{}
	for _, c := range ir.Columns(l.conds...) {
		to[c] = slices.IndexFunc(columns, func(e ir.Expr) bool { r, ok := e.(*ir.ColumnRef); return ok && r.Index == c })
		if to[c] < 0 {
			to[c] = len(columns)
			columns, names = append(columns, ir.NewColumnRef(schema, c, pos)), append(names, schema[c].Name)
		}
	}
	out := lifted{rel: ir.NewProject(l.rel, columns, names, pos), empty: l.empty}
	for _, c := range l.conds {
		out.conds = append(out.conds, ir.Remap(c, to))
	}
	return out
}

// replace puts columns in the place of parameters that conditions equate with
// them.
func (u *decorrelator) replace(conds, es []ir.Expr) []ir.Expr {
	known := map[string]ir.Expr{}
	for _, c := range conds {
		k, ok := u.asKey(c)
		if !ok || !u.isParam(k.outer) {
			continue
		}
		p, e := k.outer.Type(), k.local.Type()
		if e.WithNull(p.Nullable).Equal(p) && (p.Nullable || !e.Nullable) {
			known[k.outer.String()] = k.local
		}
	}
	out := make([]ir.Expr, len(es))
	for i, e := range es {
		out[i] = ir.MapExpr(e, func(e ir.Expr) ir.Expr {
			if u.isParam(e) && known[e.String()] != nil {
				return known[e.String()]
			}
			return e
		})
	}
	return out
}

// key is a condition that an expression over parameters equals one over
// columns.
type key struct {
	outer, local ir.Expr
	nullSafe     bool
}

// asKey takes a condition apart that is a key.
func (u *decorrelator) asKey(cond ir.Expr) (key, bool) {
	args := cond.Operands()
	_, same := cond.(*sameValue)
	if c, ok := cond.(*ir.Call); !same && (!ok || c.Fn != sql.OpEq) {
		return key{}, false
	}
	for i, x := range args {
		y := args[1-i]
		if len(u.params(x)) > 0 && !hasColumns(x) && len(u.params(y)) == 0 && hasColumns(y) {
			return key{x, y, same}, true
		}
	}
	return key{}, false
}

// keyed makes all conditions equalities with columns, which it returns. Columns
// that are computed for that follow the others.
func (u *decorrelator) keyed(l lifted) (lifted, []key) {
	l = u.settled(l)
	if slices.ContainsFunc(l.conds, func(c ir.Expr) bool { _, ok := u.asKey(c); return !ok }) {
		l = u.overValues(l)
	}
	columns, names := allColumns(l.rel.P().Schema, u.pos)
	var keys []key
	for _, c := range l.conds {
		k, _ := u.asKey(c)
		if _, ok := k.local.(*ir.ColumnRef); !ok {
			columns, names = append(columns, k.local), append(names, "$key")
		}
		keys = append(keys, k)
	}
	if n := len(l.rel.P().Schema); len(columns) > n {
		l.rel = ir.NewProject(l.rel, columns, names, u.pos)
		for i, k := range keys {
			if _, ok := k.local.(*ir.ColumnRef); !ok {
				keys[i].local = ir.NewColumnRef(l.rel.P().Schema, n, u.pos)
				n++
			}
		}
	}
	l.conds = u.conditions(keys)
	return l, keys
}

// conditions are the conditions that keys stand for.
func (u *decorrelator) conditions(keys []key) []ir.Expr {
	var out []ir.Expr
	for _, k := range keys {
		if k.nullSafe {
			out = append(out, newSame(k.outer, k.local))
		} else {
			out = append(out, u.b.compare(sql.OpEq, k.outer, k.local, u.pos))
		}
	}
	return out
}

func newSame(x, y ir.Expr) ir.Expr {
	return &sameValue{constBool(true, x.Pos()), []ir.Expr{x, y}}
}

// settled makes the row of an empty input one of the relation.
func (u *decorrelator) settled(l lifted) lifted {
	if l.empty == nil {
		return l
	}
	return u.overValues(l)
}

// overValues pairs a relation with the values that the parameters in its
// conditions, and in more expressions, have in the relation around, each
// combination once. What is left to say is that parameters have these values.
func (u *decorrelator) overValues(l lifted, more ...ir.Expr) lifted {
	params := u.params(append(slices.Clone(l.conds), more...)...)
	values := u.domain(params)
	width := len(l.rel.P().Schema)
	at := func(first int, s types.Schema) map[string]ir.Expr {
		to := map[string]ir.Expr{}
		for i, p := range params {
			to[p.String()] = ir.NewColumnRef(s, first+i, u.pos)
		}
		return to
	}
	var rel ir.Rel
	if l.empty == nil {
		both := slices.Concat(l.rel.P().Schema, values.P().Schema)
		rel = u.joinOn(ir.InnerJoin, l.rel, values, substitute(l.conds, at(width, both)))
	} else {
		rel = u.withEmpty(l, values, at)
	}
	out := lifted{rel: rel}
	schema := rel.P().Schema
	for i, p := range params {
		out.conds = append(out.conds, newSame(p, ir.NewColumnRef(schema, width+i, u.pos)))
	}
	return out
}

// withEmpty pairs values with the rows of l, or with that of an empty input.
func (u *decorrelator) withEmpty(l lifted, values ir.Rel, at func(int, types.Schema) map[string]ir.Expr) ir.Rel {
	width, n := len(l.rel.P().Schema), len(values.P().Schema)
	l, mark := u.marked(l)
	both := slices.Concat(values.P().Schema, l.rel.P().Schema)
	joined := u.joinOn(ir.LeftJoin, values, l.rel, substitute(moved(l.conds, 0, n), at(0, both)))
	schema := joined.P().Schema
	none := u.b.unary(sql.OpIsNull, ir.NewColumnRef(schema, n+mark, u.pos), u.pos)
	columns := make([]ir.Expr, width, width+n)
	for i := range columns {
		columns[i] = ir.NewColumnRef(schema, n+i, u.pos)
		if i < len(l.empty) {
			t := l.rel.P().Schema[i].Type
			columns[i] = ir.NewCase([]ir.Expr{none}, []ir.Expr{l.empty[i]}, columns[i], t, u.pos)
		}
	}
	names := l.rel.P().Schema[:width].Names()
	for i := range n {
		columns, names = append(columns, ir.NewColumnRef(schema, i, u.pos)), append(names, schema[i].Name)
	}
	return ir.NewProject(joined, columns, names, u.pos)
}

// domain are the combinations of values that parameters have in the relation
// around.
func (u *decorrelator) domain(params []*param) ir.Rel {
	var columns []ir.Expr
	var names []string
	group := make([]int, len(params))
	for i, p := range params {
		columns, names = append(columns, u.values[p.String()]), append(names, p.name)
		group[i] = i
	}
	in := ir.NewProject(ir.Clone(u.outer), columns, names, u.pos)
	return ir.NewAggregate(in, group, nil, nil, u.pos)
}

// substitute puts expressions in the place of parameters, by their texts.
func substitute(es []ir.Expr, to map[string]ir.Expr) []ir.Expr {
	out := make([]ir.Expr, len(es))
	for i, e := range es {
		out[i] = ir.MapExpr(e, func(e ir.Expr) ir.Expr {
			if p, ok := e.(*param); ok && to[p.String()] != nil {
				return to[p.String()]
			}
			return e
		})
	}
	return out
}

// join joins the relation around with l where the conditions of l hold, and
// more of them over the columns of both.
func (u *decorrelator) join(kind ir.JoinKind, l lifted, conds ...ir.Expr) ir.Rel {
	conds = append(moved(l.conds, 0, len(u.outer.P().Schema)), conds...)
	return u.joinOn(kind, u.outer, l.rel, substitute(conds, u.values))
}

// moved are expressions where the columns from position was on, and those
// behind it, are now at position now.
func moved(es []ir.Expr, was, now int) []ir.Expr {
	out := make([]ir.Expr, len(es))
	for i, e := range es {
		to := map[int]int{}
		for _, c := range ir.Columns(e) {
			if to[c] = c; c >= was {
				to[c] = c - was + now
			}
		}
		out[i] = ir.Remap(e, to)
	}
	return out
}

// joinOn joins relations on conditions over the columns of both, left before
// right. Of a sameValue both operands are columns, one of each side, unless one
// of them is never NULL.
func (u *decorrelator) joinOn(kind ir.JoinKind, left, right ir.Rel, conds []ir.Expr) ir.Rel {
	width := len(left.P().Schema)
	var plain []ir.Expr
	var equal []ir.JoinKey
	for _, c := range conds {
		s, ok := c.(*sameValue)
		switch {
		case !ok:
			plain = append(plain, c)
		case !s.args[0].Type().Nullable || !s.args[1].Type().Nullable:
			plain = append(plain, u.b.compare(sql.OpEq, s.args[0], s.args[1], u.pos))
		default:
			x, y := s.args[0].(*ir.ColumnRef).Index, s.args[1].(*ir.ColumnRef).Index
			equal = append(equal, ir.JoinKey{Left: min(x, y), Right: max(x, y) - width, NullSafe: true})
		}
	}
	j := ir.NewJoin(kind, left, right, ir.And(plain...), u.pos)
	if equal != nil {
		j.Equi = equal
		j.Update()
	}
	return j
}

// marked adds a column that is never NULL, unless an outer join fills it up.
func (u *decorrelator) marked(l lifted) (lifted, int) {
	columns, names := allColumns(l.rel.P().Schema, u.pos)
	l.rel = ir.NewProject(l.rel, append(columns, constBool(true, u.pos)), append(names, "$mark"), u.pos)
	return l, len(columns)
}

// distinct keeps of l what its conditions read, each combination once; without
// conditions, one row if there is any.
func (u *decorrelator) distinct(l lifted) lifted {
	l, keys := u.keyed(l)
	if len(keys) == 0 {
		in := ir.NewProject(l.rel, []ir.Expr{constBool(true, u.pos)}, []string{"$any"}, u.pos)
		return lifted{rel: ir.NewAggregate(in, []int{0}, nil, nil, u.pos)}
	}
	l = l.project(nil, nil, u.pos)
	_, names := allColumns(l.rel.P().Schema, u.pos)
	group := make([]int, len(names))
	for i := range group {
		group[i] = i
	}
	l.rel = ir.NewAggregate(l.rel, group, nil, nil, u.pos)
	return l
}

// unique reports whether the conditions leave one row at most.
func (l lifted) unique() bool {
	var fixed ir.Key
	for _, c := range l.conds {
		args := c.Operands()
		_, same := c.(*sameValue)
		if call, ok := c.(*ir.Call); !same && (!ok || call.Fn != sql.OpEq) {
			continue
		}
		for i, x := range args {
			if ref, ok := x.(*ir.ColumnRef); ok && !hasColumns(args[1-i]) {
				fixed = append(fixed, ref.Index)
			}
		}
	}
	return slices.ContainsFunc(l.rel.P().Keys, fixed.Contains)
}

// single makes it a failure that there is more than one row for the same values
// of the parameters.
func (u *decorrelator) single(l lifted) lifted {
	l, keys := u.keyed(l)
	group := make([]int, len(keys))
	for i, k := range keys {
		group[i] = k.local.(*ir.ColumnRef).Index
	}
	first := l.rel.P().Schema[0]
	call := ir.AggCall{Fn: "SINGLE_VALUE", Args: []int{0}, Filter: -1, Type: first.Type.WithNull(true), Pos: u.pos}
	agg := ir.NewAggregate(l.rel, group, []ir.AggCall{call}, []string{first.Name}, u.pos)
	schema := agg.Schema
	columns := []ir.Expr{ir.NewColumnRef(schema, len(group), u.pos)}
	names := []string{first.Name}
	for i := range keys {
		columns, names = append(columns, ir.NewColumnRef(schema, i, u.pos)), append(names, schema[i].Name)
	}
	out := lifted{rel: ir.NewProject(agg, columns, names, u.pos)}
	for i := range keys {
		keys[i].local = ir.NewColumnRef(out.rel.P().Schema, i+1, u.pos)
	}
	out.conds = u.conditions(keys)
	return out
}
