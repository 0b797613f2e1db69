package pyflink

import (
	"slices"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// tableClass is Table, whose instances carry a *table; groupedTableClass what
// group_by gives, with a *bind.Grouped.
var (
	tableClass        = pyeval.NewClass("pyflink.table.table", "Table")
	groupedTableClass = pyeval.NewClass("pyflink.table.table", "GroupedTable")
)

// table is a relation; nil for one that was refused.
type table struct {
	rel  ir.Rel
	name string // under which SQL finds it, once str() has asked for it
}

func newTable(rel ir.Rel) pyeval.Value { return tableClass.Make(&table{rel: rel}) }

// relOf is the relation of a Table.
func relOf(v pyeval.Value) ir.Rel {
	t, ok := pyeval.Data[*table](v)
	if !ok {
		return nil
	}
	return t.rel
}

func init() {
	tableClass.Def("__iter__(self)", func(*pyeval.Call) (pyeval.Value, error) {
		return nil, pyeval.WithHint(pyeval.Errorf(pyeval.TypeError, "'Table' object is not iterable"), "its rows are those of .execute().collect()")
	})
}

func init() {
	declare(tableClass, "A relation.", slices.Concat(columnMembers, tableWindowMembers, functionMembers, []member{
		def("select(self, *fields)", "Computes columns.", tableSelect),
		def("where(self, predicate)", "Keeps the rows for which a condition holds.", tableWhere),
		def("filter(self, predicate)", "Keeps the rows for which a condition holds.", tableWhere),
		def("order_by(self, *fields)", "Sorts the rows.", tableOrderBy),
		def("offset(self, offset: int)", "Leaves out the first rows.", tableOffset),
		def("fetch(self, fetch: int)", "Keeps so many of the first rows.", tableFetch),
		def("limit(self, fetch: int, offset: int = 0)", "Keeps so many rows behind an offset.", tableLimit),
		def("group_by(self, *fields)", "Groups the rows by keys.", groupBy),
		def("join(self, right: Table, join_predicate=None)", "Pairs the rows for which a condition holds.", joinAs(ir.InnerJoin)),
		def("left_outer_join(self, right: Table, join_predicate=None)", "Pairs rows, and keeps those of the left side.", joinAs(ir.LeftJoin)),
		def("right_outer_join(self, right: Table, join_predicate)", "Pairs rows, and keeps those of the right side.", joinAs(ir.RightJoin)),
		def("full_outer_join(self, right: Table, join_predicate)", "Pairs rows, and keeps those of both sides.", joinAs(ir.FullJoin)),
		def("union(self, right: Table)", "The different rows of both.", setOperation(sql.Union, false)),
		def("union_all(self, right: Table)", "The rows of both.", setOperation(sql.Union, true)),
		def("intersect(self, right: Table)", "The different rows that are in both.", setOperation(sql.Intersect, false)),
		def("intersect_all(self, right: Table)", "The rows that are in both, as often as in both.", setOperation(sql.Intersect, true)),
		def("minus(self, right: Table)", "The different rows that aren't in the other.", setOperation(sql.Except, false)),
		def("minus_all(self, right: Table)", "The rows without those of the other, one for one.", setOperation(sql.Except, true)),
		def("distinct(self)", "The different rows.", tableDistinct),
		def("alias(self, field: str, *fields: str)", "Renames the columns.", tableAlias),
		def("insert_into(self, table_path: str, *table_path_continued: str)", "Keeps an insertion for execute().", insertInto),
		def("get_schema(self)", "The columns with their types.", tableSchema),
		def("__str__(self)", "A name under which SQL finds the relation.", tableText),
		def("print_schema(self)", "Prints names and types of the columns.", printSchema),
		def("explain(self, *extra_details)", "The plan as text.", explainTable),
		def("execute(self)", "Runs the relation as a query.", executeTable),
		def("to_pandas(self)", "The rows as a DataFrame of pandas.", toPandas),
		def("execute_insert(self, table_path_or_descriptor, overwrite: bool = False)", "Runs an insertion.", executeInsert),
		def("__getattr__(self, name: str)", "The column of a name.", tableColumn),
	})...)
	declare(groupedTableClass, "A relation grouped by keys.",
		def("select(self, *fields)", "Computes keys and aggregates, a row per group.", groupedSelect),
		def("aggregate(self, func)", "Applies an aggregate function to each group.", aggregated(aggregatedTableClass, false)),
		def("flat_aggregate(self, func)", "Applies a table aggregate function to each group.", aggregated(flatAggregateTableClass, true)).later(),
	)
}

// fields reads arguments that are expressions or, in the legacy form, strings
// of them.
func fields(c *pyeval.Call, param string) ([]sql.Expr, error) {
	var out []sql.Expr
	for i, v := range c.Elems(param) {
		xs, err := expressionsOf(c, v, c.Where(param, i).Pos())
		if err != nil {
			return nil, err
		}
		out = append(out, xs...)
	}
	return out, nil
}

func expressionsOf(c *pyeval.Call, v pyeval.Value, at diag.Pos) ([]sql.Expr, error) {
	s, ok := v.(*pyeval.Str)
	if !ok {
		if _, isExpr := pyeval.Data[sql.Expr](v); !isExpr {
			return nil, notExpression(c, v, at)
		}
		x, err := operand(v, at)
		return []sql.Expr{x}, err
	}
	xs, ds := sql.ParseExpressions(s.String(), locator(s, at))
	for _, x := range xs {
		amongRows(c, x)
	}
	return xs, orNil(ds)
}

// amongRows makes IN of a table's name, where no column is called so, IN of the
// table's rows, as string expressions mean it: "a.in(RightTable)".
func amongRows(c *pyeval.Call, x sql.Expr) {
	in := relOf(c.Self())
	if in == nil {
		return
	}
	session := runOf(c).session
	sql.Walk(x, func(x sql.Expr) {
		call, ok := x.(*sql.Call)
		if !ok || call.Func != sql.OpIn || len(call.Args) != 2 {
			return
		}
		name, ok := call.Args[1].(*sql.Ident)
		if !ok || len(name.Parts) != 1 || in.P().Schema.Index(name.Parts[0].Text) >= 0 || !slices.Contains(session.Tables(), name.Parts[0].Text) {
			return
		}
		path := sql.Path{Parts: name.Parts, Pos: name.Pos}
		call.Written = "" // an operator, of which the operand is a query
		call.Args[1] = &sql.Subquery{At: name.At, Query: &sql.Select{At: name.At, Items: []sql.Expr{&sql.Star{At: name.At}}, From: &sql.FromTable{At: name.At, Table: path}}}
	})
}

func notExpression(c *pyeval.Call, v pyeval.Value, at diag.Pos) error {
	switch v := v.(type) {
	case *pyeval.Sym:
		return needs(v, c.Name, at)
	case *pyeval.Opaque:
		return v.Refuse("is used as an expression")
	}
	return argument(at, "%s takes expressions, not a value of type %s", c.Name, v.Class().Name()).
		WithHint(`name a column with col("…")`)
}

func tableSelect(c *pyeval.Call) (pyeval.Value, error) {
	xs, err := fields(c, "fields")
	if err != nil {
		return nil, err
	}
	return newTable(runOf(c).session.Select(relOf(c.Self()), xs, c.Span.Pos())), nil
}

func tableWhere(c *pyeval.Call) (pyeval.Value, error) {
	at := c.Where("predicate").Pos()
	xs, err := expressionsOf(c, c.Arg("predicate"), at)
	if err != nil {
		return nil, err
	}
	if len(xs) != 1 {
		return nil, argument(at, "%s takes one condition, here are %d", c.Name, len(xs))
	}
	return newTable(runOf(c).session.Where(relOf(c.Self()), xs[0], c.Span.Pos())), nil
}

// joinAs is a join of the kind with another table.
func joinAs(kind ir.JoinKind) func(c *pyeval.Call) (pyeval.Value, error) {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		cond, err := optionalCondition(c, "join_predicate")
		if err != nil {
			return nil, err
		}
		return newTable(runOf(c).session.Join(kind, relOf(c.Self()), relOf(c.Arg("right")), cond, c.Span.Pos())), nil
	}
}

// optionalCondition reads an argument that is a condition, nil for None.
func optionalCondition(c *pyeval.Call, param string) (sql.Expr, error) {
	if c.Arg(param) == pyeval.None {
		return nil, nil
	}
	return oneExpression(c, param)
}

// setOperation is a set operation with another table.
func setOperation(op sql.SetOperator, all bool) func(c *pyeval.Call) (pyeval.Value, error) {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		return newTable(runOf(c).session.SetOp(op, all, relOf(c.Self()), relOf(c.Arg("right")), c.Span.Pos())), nil
	}
}

func tableDistinct(c *pyeval.Call) (pyeval.Value, error) {
	return newTable(runOf(c).session.Distinct(relOf(c.Self()), c.Span.Pos())), nil
}

func tableOrderBy(c *pyeval.Call) (pyeval.Value, error) {
	xs, err := fields(c, "fields")
	if err != nil {
		return nil, err
	}
	return newTable(runOf(c).session.OrderBy(relOf(c.Self()), xs, c.Span.Pos())), nil
}

func tableOffset(c *pyeval.Call) (pyeval.Value, error) { return sliced(c, "offset", "") }

func tableFetch(c *pyeval.Call) (pyeval.Value, error) { return sliced(c, "", "fetch") }

func tableLimit(c *pyeval.Call) (pyeval.Value, error) { return sliced(c, "offset", "fetch") }

// sliced takes the numbers of rows to leave out and to keep from parameters,
// "" for none.
func sliced(c *pyeval.Call, offset, fetch string) (pyeval.Value, error) {
	skip, keep := int64(0), ir.NoLimit
	for param, to := range (pyeval.Named[*int64]{{offset, &skip}, {fetch, &keep}}).All() {
		if param == "" {
			continue
		}
		if *to = c.Int(param); *to < 0 {
			return nil, argument(c.Where(param).Pos(), "%s takes a natural number of rows, not %d", c.Name, *to)
		}
	}
	return newTable(runOf(c).session.Slice(relOf(c.Self()), skip, keep, c.Span.Pos())), nil
}

func groupBy(c *pyeval.Call) (pyeval.Value, error) {
	xs, err := fields(c, "fields")
	if err != nil {
		return nil, err
	}
	return groupedTableClass.Make(runOf(c).session.GroupBy(relOf(c.Self()), xs, c.Span.Pos())), nil
}

func groupedSelect(c *pyeval.Call) (pyeval.Value, error) {
	xs, err := fields(c, "fields")
	if err != nil {
		return nil, err
	}
	g, _ := pyeval.Data[*bind.Grouped](c.Self())
	return newTable(g.Select(xs, c.Span.Pos())), nil
}

// tableAlias takes names one by one or, in the legacy form, in one string.
func tableAlias(c *pyeval.Call) (pyeval.Value, error) {
	var names []sql.Name
	if len(c.Elems("fields")) == 0 && strings.Contains(c.Str("field"), ",") {
		off := 0
		for _, part := range strings.Split(c.Str("field"), ",") {
			name := strings.TrimSpace(part)
			names = append(names, sql.Name{Text: name, Pos: nameAt(c, "field", off+strings.Index(part, name), len(name))})
			off += len(part) + 1
		}
	} else {
		names = append(names, sql.Name{Text: c.Str("field"), Pos: c.Where("field").Pos()})
		for i, v := range c.Elems("fields") {
			names = append(names, sql.Name{Text: textValue(v), Pos: c.Where("fields", i).Pos()})
		}
	}
	rel := relOf(c.Self())
	if rel == nil {
		return newTable(nil), nil
	}
	schema := rel.P().Schema
	if len(names) > len(schema) {
		return nil, argument(names[len(schema)].Pos, "alias gives %s, but the table has %s", count(len(names), "name"), count(len(schema), "column"))
	}
	items := make([]sql.Expr, len(schema))
	for i, col := range schema {
		items[i] = sql.Col(c.Span.Pos(), col.Name)
		if i < len(names) {
			items[i] = &sql.Alias{At: sql.At{Pos: names[i].Pos}, X: items[i], Names: names[i : i+1]}
		}
	}
	return newTable(runOf(c).session.Select(rel, items, c.Span.Pos())), nil
}

func insertInto(c *pyeval.Call) (pyeval.Value, error) {
	path, err := pathOf(c, "table_path")
	if err != nil {
		return nil, err
	}
	path.Parts = append(path.Parts, namesOf(c, "table_path_continued")...)
	return keepInsert(c, c.Self(), path), nil
}

func executeInsert(c *pyeval.Call) (pyeval.Value, error) {
	path, err := target(c, "table_path_or_descriptor", relOf(c.Self()))
	if err != nil {
		return nil, err
	}
	r := runOf(c)
	if sink := r.session.Insert(relOf(c.Self()), path, c.Span.Pos()); sink != nil {
		sink.Overwrite = c.Bool("overwrite")
		return r.insert(c.Span.Pos(), sink), nil
	}
	return pyeval.Poison(c.Span), nil
}

func executeTable(c *pyeval.Call) (pyeval.Value, error) {
	return runOf(c).ran(relOf(c.Self()), c.Span.Pos()), nil
}

// tableColumn is table.name: the column, or what a misspelt method gets.
func tableColumn(c *pyeval.Call) (pyeval.Value, error) {
	name := c.Str("name")
	rel := relOf(c.Self())
	if rel == nil {
		return pyeval.Poison(c.Span), nil
	}
	schema := rel.P().Schema
	if schema.Index(name) >= 0 {
		return newExpression(sql.Col(c.Span.Pos(), name)), nil
	}
	d := diag.New(diag.APIUnknown, c.Span.Pos(), "Table has no member and no column %q", name)
	candidates := schema.Names()
	for _, k := range tableClass.Dict().Keys() {
		if n := textValue(k); !strings.HasPrefix(n, "_") {
			candidates = append(candidates, n)
		}
	}
	d.DidYouMean(name, candidates)
	lacking(d, tableClass.Name(), name)
	return nil, d
}
