package bind

import (
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// joinKinds are the joins of the plan; a comma and CROSS JOIN are inner ones
// without a condition.
var joinKinds = map[sql.JoinKind]ir.JoinKind{
	sql.Inner: ir.InnerJoin, sql.Cross: ir.InnerJoin, sql.Comma: ir.InnerJoin,
	sql.Left: ir.LeftJoin, sql.Right: ir.RightJoin, sql.Full: ir.FullJoin,
}

// join binds a join of two table references.
func (s *Session) join(j *sql.Join, env environment) (ir.Rel, scope) {
	left, leftScope := s.reference(j.Left, env)
	if left != nil && isCollection(j.Right) && j.Kind != sql.Right && j.Kind != sql.Full && !j.Natural && j.Using == nil {
		return s.joinCollection(j, left, leftScope, env)
	}
	if left == nil && readsLeft(j.Right) {
		return nil, scope{}
	}
	rightEnv, lateral := s.beside(leftScope, env)
	right, rightScope := s.reference(j.Right, rightEnv)
	if left == nil || right == nil {
		return nil, scope{}
	}
	b := &binder{s: s, scope: leftScope.beside(&rightScope), env: env, clause: "ON"}
	b.tablesDiffer(len(leftScope.tables))
	cond, merged := b.joinCondition(j, &leftScope, &rightScope)
	if cond != nil && !valid(cond) {
		cond = nil // reported; what follows is checked
	}
	var rel ir.Rel
	if len(lateral.params) > 0 {
		if rel = b.joinLateral(joinKinds[j.Kind], left, right, lateral, cond, j.Word); rel == nil {
			return nil, scope{}
		}
	} else {
		rel = b.newJoin(joinKinds[j.Kind], left, right, cond, j.Word)
	}
	out := b.scope
	out.schema = rel.P().Schema
	out.merge(merged)
	return rel, out
}

// newJoin joins on a condition. Sub-queries in it are tested behind an inner join;
// for an outer one their values are columns of its inputs.
func (b *binder) newJoin(kind ir.JoinKind, left, right ir.Rel, cond ir.Expr, pos diag.Pos) ir.Rel {
	var plain, queries []ir.Expr
	for _, c := range ir.Conjuncts(cond) {
		if hasQuery(c) {
			queries = append(queries, c)
		} else {
			plain = append(plain, c)
		}
	}
	switch {
	case len(queries) == 0:
		return ir.NewJoin(kind, left, right, cond, pos)
	case kind != ir.InnerJoin:
		return b.joinOnValues(kind, left, right, cond, pos)
	}
	return b.newFilter(ir.NewJoin(kind, left, right, ir.And(plain...), pos), ir.And(queries...), pos)
}

// joinOnValues attaches each sub-query of a join's condition to the input that it
// asks about, or to the right one if it asks about none, joins on what is then a
// condition like others, and drops the values.
func (b *binder) joinOnValues(kind ir.JoinKind, left, right ir.Rel, cond ir.Expr, pos diag.Pos) ir.Rel {
	wasLeft, wasRight := len(left.P().Schema), len(right.P().Schema)
	lefts, rights := map[*sql.Subquery]ir.Expr{}, map[*sql.Subquery]ir.Expr{}
	ir.WalkExpr(cond, func(e ir.Expr) {
		q, ok := e.(*subquery)
		if !ok || lefts[q.origin] != nil || rights[q.origin] != nil {
			return
		}
		var values []ir.Expr
		switch asked := ir.Columns(q.args...); {
		case !slices.ContainsFunc(asked, func(i int) bool { return i < wasLeft }):
			right, values = b.attach(right, moved([]ir.Expr{q}, wasLeft, 0)...)
			rights[q.origin] = values[0]
		case !slices.ContainsFunc(asked, func(i int) bool { return i >= wasLeft }):
			left, values = b.attach(left, q)
			lefts[q.origin] = values[0]
		default:
			b.planned(q.Pos(), "sql", "a sub-query that asks about both sides of an outer join")
			lefts[q.origin] = q.Expr
		}
	})
	isLeft := len(left.P().Schema)
	cond = ir.MapExpr(moved([]ir.Expr{cond}, wasLeft, isLeft)[0], func(e ir.Expr) ir.Expr {
		q, ok := e.(*subquery)
		switch {
		case !ok:
			return e
		case lefts[q.origin] != nil:
			return lefts[q.origin]
		}
		return moved([]ir.Expr{rights[q.origin]}, 0, isLeft)[0]
	})
	return reordered(ir.NewJoin(kind, left, right, cond, pos), append(span(0, wasLeft), span(isLeft, wasRight)...))
}

// Join is Table.join and its outer forms; cond is nil for none. A name belongs to
// one side only.
func (s *Session) Join(kind ir.JoinKind, left, right ir.Rel, cond sql.Expr, pos diag.Pos) ir.Rel {
	if left == nil || right == nil {
		return nil
	}
	b := &binder{s: s, dialect: tableAPI, scope: scopeOf(left, right), clause: "join"}
	if both := sharedNames(left, right); len(both) > 0 {
		b.errorf(diag.DuplicateName, pos, "join relations with ambiguous names: [%s]", strings.Join(both, ", ")).
			WithHint("rename the columns of one side, for example with alias")
		return nil
	}
	var e ir.Expr
	if cond != nil {
		if e = b.condition(cond); !valid(e) {
			e = nil // reported; what follows is checked
		} else if !equatesColumns(e, len(left.P().Schema)) {
			b.errorf(diag.TypeMismatch, cond.Where(), "invalid join condition: %s. At least one equi-join predicate is required", e).
				WithHint("compare a column of one table with one of the other; other conditions go into where, or into SQL")
		}
	}
	return ir.NewJoin(kind, left, right, e, pos)
}

// equatesColumns reports whether a condition holds what the Table API asks for:
// an equality of two columns, one of each side; or nothing but TRUE.
func equatesColumns(cond ir.Expr, width int) bool {
	if c, ok := cond.(*ir.Const); ok {
		return c.Value == true
	}
	return slices.ContainsFunc(ir.Conjuncts(cond), func(e ir.Expr) bool {
		l, r, nullSafe, ok := ir.EquiOperands(e)
		if !ok || nullSafe {
			return false
		}
		a, okA := uncast(l).(*ir.ColumnRef)
		b, okB := uncast(r).(*ir.ColumnRef)
		return okA && okB && (a.Index < width) != (b.Index < width)
	})
}

// uncast is e without the casts of coercion.
func uncast(e ir.Expr) ir.Expr {
	for {
		c, ok := e.(*ir.Cast)
		if !ok || !c.Implicit {
			return e
		}
		e = c.Arg
	}
}

func sharedNames(left, right ir.Rel) []string {
	names := right.P().Schema.Names()
	return slices.DeleteFunc(left.P().Schema.Names(), func(n string) bool { return !slices.Contains(names, n) })
}

// beside is the scope of the columns of s followed by those of right.
func (s *scope) beside(right *scope) scope {
	width := len(s.schema)
	out := scope{schema: slices.Concat(s.schema, right.schema), tables: slices.Clone(s.tables)}
	out.declared = append(make([]diag.Pos, 0, len(out.schema)), s.declared...)
	out.declared = append(out.declared[:width], right.declared...)
	for _, t := range right.tables {
		t.first += width
		out.tables = append(out.tables, t)
	}
	out.plain = slices.Clone(s.all())
	for _, c := range right.all() {
		out.plain = append(out.plain, c.shifted(width))
	}
	return out
}

// shifted is the column where width others stand before the schema.
func (c scopeColumn) shifted(width int) scopeColumn {
	at := make([]int, len(c.at))
	for i := range at {
		at[i] = c.at[i] + width
	}
	return scopeColumn{name: c.name, at: at}
}

// merge puts the columns of USING first and takes the two out that each is
// made of.
func (s *scope) merge(merged []scopeColumn) {
	gone := map[int]bool{}
	for _, m := range merged {
		for _, at := range m.at {
			gone[at] = true
		}
	}
	rest := slices.DeleteFunc(s.plain, func(c scopeColumn) bool { return gone[c.at[0]] })
	s.plain = append(merged, rest...)
}

// tablesDiffer reports tables of the right side that are called as one of the
// first n, those of the left side, are.
func (b *binder) tablesDiffer(n int) {
	tables := b.scope.tables
	for _, right := range tables[n:] {
		for _, left := range tables[:n] {
			if slices.Equal(left.path, right.path) {
				b.errorf(diag.DuplicateName, right.pos, "two tables of FROM are called %q", right.name()).
					WithNote(left.pos, "this is the other one").WithHint("give one of them an alias")
			}
		}
	}
}

// joinCondition is the condition of a join, nil for none, and the columns that
// USING or NATURAL make of two.
func (b *binder) joinCondition(j *sql.Join, left, right *scope) (ir.Expr, []scopeColumn) {
	if j.On != nil {
		return b.condition(j.On), nil
	}
	names := j.Using
	if j.Natural {
		names = commonNames(left, right, j)
	}
	var conds []ir.Expr
	var merged []scopeColumn
	for _, n := range names {
		l, okLeft := b.joined(n, left)
		r, okRight := b.joined(n, right)
		if !okLeft || !okRight {
			continue
		}
		r = r.shifted(len(left.schema))
		merged = append(merged, scopeColumn{name: n.Text, at: slices.Concat(l.at, r.at)})
		conds = append(conds, b.compare(sql.OpEq, b.column(l, n.Pos), b.column(r, n.Pos), n.Pos))
	}
	if !valid(conds...) {
		return poison(j.Word), merged
	}
	return ir.And(conds...), merged
}

// commonNames are the names that both sides of a NATURAL JOIN have.
func commonNames(left, right *scope, j *sql.Join) []sql.Name {
	var out []sql.Name
	for _, c := range left.all() {
		if len(named(right.all(), c.name)) > 0 {
			out = append(out, sql.Name{Text: c.name, Pos: j.Word})
		}
	}
	return out
}

// joined is the one column of a side that USING names.
func (b *binder) joined(n sql.Name, side *scope) (scopeColumn, bool) {
	found := named(side.all(), n.Text)
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		one := *b
		one.scope = *side
		one.unknownColumn(n, nil)
	default:
		b.errorf(diag.AmbiguousColumn, n.Pos, "column %q isn't the only one of its name on one side of the join", n.Text)
	}
	return scopeColumn{}, false
}
