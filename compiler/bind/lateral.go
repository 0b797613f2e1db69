package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// around is where names are looked up that the tables of a lateral reference
// don't have: among the tables before it in FROM, then in the query around.
func (e environment) around() *outer {
	if e.lateral != nil {
		return e.lateral
	}
	return e.outer
}

// beside is the environment of what stands in FROM to the right of tables.
func (s *Session) beside(left scope, env environment) (environment, *outer) {
	o := &outer{b: &binder{s: s, scope: left, env: environment{with: env.with, outer: env.around()}}}
	env.lateral = o
	return env, o
}

// readsLeft reports whether a reference may read the tables before it.
func readsLeft(f sql.From) bool {
	switch f := f.(type) {
	case *sql.Unnest, *sql.FromFunction:
		return true
	case *sql.FromQuery:
		return f.Lateral
	case *sql.Join:
		return readsLeft(f.Left) || readsLeft(f.Right)
	}
	return false
}

// unnest binds UNNEST that stands alone or reads columns of tables before it:
// the elements of a collection, as rows.
func (s *Session) unnest(f *sql.Unnest, env environment) (ir.Rel, scope) {
	b := &binder{s: s, env: environment{with: env.with, outer: env.around()}, clause: "UNNEST"}
	return b.correlate(f, newValues([][]*ir.Const{{}}, nil, f.Pos), false)
}

// correlate pairs the rows of in, whose columns are those in scope, with the
// elements of a collection.
func (b *binder) correlate(f *sql.Unnest, in ir.Rel, outer bool) (ir.Rel, scope) {
	switch {
	case f.Ordinality:
		b.errorf(diag.RefusedByFlink, f.Pos, "Flink has no plan for UNNEST WITH ORDINALITY")
		return nil, scope{}
	case len(f.Args) != 1:
		b.errorf(diag.RefusedByFlink, f.Pos, "Flink has no plan for UNNEST of %s", count(len(f.Args), "collection"))
		return nil, scope{}
	}
	e := b.expr(f.Args[0])
	if !valid(e) {
		return nil, scope{}
	}
	elements := ir.ElementColumns(e.Type())
	if elements == nil {
		b.errorf(diag.FunctionArgument, e.Pos(), "UNNEST takes an ARRAY, a MAP or a MULTISET, not %s", e.Type())
		return nil, scope{}
	}
	if elements = b.elementNames(f, elements); elements == nil {
		return nil, scope{}
	}
	return b.pairWith(in, e, elements.Names(), f.Rename, outer, f.Pos)
}

// pairWith pairs the rows of in with the elements of a collection, whose columns
// get the names. The scope has these alone.
func (b *binder) pairWith(in ir.Rel, e ir.Expr, elements []string, as sql.Rename, outer bool, pos diag.Pos) (ir.Rel, scope) {
	width := len(in.P().Schema)
	columns, names := allColumns(in.P().Schema, pos)
	at := len(columns)
	if ref, ok := e.(*ir.ColumnRef); ok {
		at = ref.Index
	} else {
		in = b.newProject(in, append(columns, e), append(names, "$collection"), pos)
	}
	c := ir.NewCorrelate(in, at, elements, outer, pos)
	order := append(span(0, width), span(len(in.P().Schema), len(elements))...)
	rel := ir.Rel(c)
	if len(order) < len(c.Schema) {
		rel = reordered(c, order)
	}
	sc := scope{schema: rel.P().Schema[width:]}
	if as.Alias.Text != "" {
		sc.tables = []scopeTable{{[]string{as.Alias.Text}, 0, len(elements), as.Alias.Pos}}
	}
	return rel, sc
}

// elementNames gives the columns of an element their names: those of the alias,
// or for the only one, if it has none, the alias itself. It is nil where they
// don't fit.
func (b *binder) elementNames(f *sql.Unnest, elements types.Schema) types.Schema {
	switch {
	case len(f.Columns) > 0:
		if !b.s.namesFit("the alias "+f.Alias.Text, "its query has", f.Columns, len(elements), f.Alias.Pos) {
			return nil
		}
		for i, c := range f.Columns {
			elements[i].Name = c.Text
		}
	case elements[0].Name == "" && f.Alias.Text != "":
		elements[0].Name = f.Alias.Text
	case elements[0].Name == "":
		elements[0].Name = "EXPR$0"
	}
	return elements
}

// joinCollection binds a join with UNNEST or a table function, which reads its
// collection from the row on the left.
func (s *Session) joinCollection(j *sql.Join, left ir.Rel, leftScope scope, env environment) (ir.Rel, scope) {
	b := &binder{s: s, scope: leftScope, env: environment{with: env.with, outer: env.around()}}
	var rel ir.Rel
	var elements scope
	outer := j.Kind == sql.Left
	switch f := j.Right.(type) {
	case *sql.Unnest:
		b.clause = "UNNEST"
		rel, elements = b.correlate(f, left, outer)
	case *sql.FromFunction:
		rel, elements = b.correlateFunction(f, left, outer)
	}
	if rel == nil {
		return nil, scope{}
	}
	out := leftScope.beside(&elements)
	out.schema = rel.P().Schema
	b.scope, b.clause = out, "ON"
	b.tablesDiffer(len(leftScope.tables))
	if j.On == nil {
		return rel, out
	}
	cond := b.condition(j.On)
	if c, ok := cond.(*ir.Const); !valid(cond) || ok && c.Value == true {
		return rel, out
	}
	if _, isUnnest := j.Right.(*sql.Unnest); outer && isUnnest {
		b.planned(j.On.Where(), "sql", "LEFT JOIN UNNEST on a condition")
	} else if outer {
		b.errorf(diag.RefusedByFlink, j.On.Where(), "LEFT JOIN of a table function takes no condition but TRUE").WithHint("write ON TRUE")
	}
	return b.newFilter(rel, cond, j.Word), out
}

// joinLateral joins left with a relation in which o is what it has of left. As
// in Flink, an aggregate without GROUP BY has no row for what it has of left if
// it has read none for that.
func (b *binder) joinLateral(kind ir.JoinKind, left, right ir.Rel, o *outer, cond ir.Expr, pos diag.Pos) ir.Rel {
	if kind != ir.InnerJoin && kind != ir.LeftJoin {
		b.errorf(diag.RefusedByFlink, pos, "what reads the tables on its left is joined by JOIN or LEFT JOIN only")
		return nil
	}
	was, width := len(left.P().Schema), len(right.P().Schema)
	u, rel := b.newDecorrelator(left, o.params, o.args, right, pos)
	now := len(u.outer.P().Schema)
	l := u.lift(rel)
	l.empty = nil
	rel = u.join(kind, l, moved(ir.Conjuncts(cond), was, now)...)
	return reordered(rel, slices.Concat(span(0, was), span(now, width)))
}
