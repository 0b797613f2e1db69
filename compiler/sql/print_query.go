package sql

import "strconv"

func (w *printer) query(q Query) {
	switch q := q.(type) {
	case *Select:
		w.selectQuery(q)
	case *Values:
		w.add("VALUES ")
		for i, row := range q.Rows {
			if i > 0 {
				w.add(",")
				w.gap()
			}
			w.valuesRow(row)
		}
	case *TableQuery:
		w.add("TABLE ")
		w.path(q.Table.Parts)
	case *SetOp:
		if w.calcite {
			w.calciteSetOp(q)
			return
		}
		w.term(q.Left)
		w.add(" ", q.Op.String())
		if q.All {
			w.add(" ALL")
		}
		w.add(" ")
		w.term(q.Right)
	case *With:
		w.add("WITH ")
		w.commaList(len(q.Items), func(i int) {
			item := q.Items[i]
			w.name(item.Name.Text)
			w.columns(item.Columns)
			w.add(" AS (")
			w.query(item.Query)
			w.add(")")
		})
		w.add(" ")
		if _, nested := q.Query.(*With); nested || w.calcite {
			w.add("(")
			w.query(q.Query)
			w.add(")")
		} else {
			w.bare(q.Query)
		}
	case *Ordered:
		w.ordered(q)
	}
}

// bare prints q, in brackets where ORDER BY or LIMIT would else be another's.
func (w *printer) bare(q Query) {
	if _, ok := q.(*Ordered); ok {
		w.term(q)
		return
	}
	w.query(q)
}

// term prints an operand of a set operator, in brackets unless it is one word
// and what follows it.
func (w *printer) term(q Query) {
	switch q.(type) {
	case *Select, *Values, *TableQuery:
		w.query(q)
		return
	}
	w.add("(")
	w.query(q)
	w.add(")")
}

// valuesRow prints a row of VALUES; one value that is a row or a query keeps
// its own brackets.
func (w *printer) valuesRow(row []Expr) {
	w.flag(w.calcite, OpRow)
	w.add("(")
	if len(row) == 1 {
		if c, ok := row[0].(*Call); ok && c.Func == OpRow && c.Written == "" {
			w.expr(c)
			w.add(")")
			return
		}
	}
	w.exprs(row)
	w.add(")")
}

func (w *printer) ordered(q *Ordered) {
	if w.calcite {
		w.calciteOrdered(q)
		return
	}
	w.bare(q.Query)
	w.orderBy(" ", q.OrderBy)
	if q.Fetch {
		w.optional(" OFFSET ", q.Offset, " ROWS")
		w.optional(" FETCH NEXT ", q.Limit, " ROWS ONLY")
		return
	}
	if q.LimitWord.Known() && q.Limit == nil {
		w.add(" LIMIT ALL")
	}
	w.optional(" LIMIT ", q.Limit, "")
	w.optional(" OFFSET ", q.Offset, "")
}

// optional prints x between before and after, unless it is nil.
func (w *printer) optional(before string, x Expr, after string) {
	if x != nil {
		w.add(before)
		w.expr(x)
		w.add(after)
	}
}

// orderBy prints ORDER BY items, unless there are none.
func (w *printer) orderBy(before string, items []*OrderItem) {
	if len(items) > 0 {
		w.add(before, "ORDER BY ")
		w.orderItems(items)
	}
}

func (w *printer) orderItems(items []*OrderItem) {
	w.commaList(len(items), func(i int) {
		w.expr(items[i].X)
		if items[i].Desc {
			w.add(" DESC")
		}
		if items[i].Nulls != "" {
			w.add(" NULLS ", items[i].Nulls)
		}
	})
}

func (w *printer) selectQuery(s *Select) {
	w.add("SELECT")
	if len(s.Hints) > 0 {
		w.gap()
		w.hints(s.Hints, "", "")
		w.gap()
	} else {
		w.add(" ")
	}
	w.flag(s.Stream, "STREAM ")
	w.flag(s.Distinct, "DISTINCT ")
	w.exprs(s.Items)
	if s.From != nil {
		w.gap()
		w.add("FROM ")
		w.from(s.From)
	}
	if s.Cond != nil {
		w.gap()
		w.optional("WHERE ", s.Cond, "")
	}
	if len(s.GroupBy) > 0 {
		w.gap()
		w.add("GROUP BY ")
		w.flag(s.GroupDistinct, "DISTINCT ")
		w.exprs(s.GroupBy)
	}
	if s.Having != nil {
		w.gap()
		w.optional("HAVING ", s.Having, "")
	}
	if len(s.Windows) > 0 {
		w.gap()
		w.add("WINDOW ")
		w.commaList(len(s.Windows), func(i int) {
			w.name(s.Windows[i].Name.Text)
			w.add(" AS ")
			w.window(s.Windows[i].Window)
		})
	}
}

// flag prints the text where on.
func (w *printer) flag(on bool, text string) {
	if on {
		w.add(text)
	}
}

func (w *printer) hints(hints []*Hint, before, after string) {
	if len(hints) == 0 {
		return
	}
	w.add(before, "/*+ ")
	w.commaList(len(hints), func(i int) { w.oneHint(hints[i]) })
	w.add(" */", after)
}

func (w *printer) oneHint(h *Hint) {
	w.name(h.Name.Text)
	switch {
	case len(h.Options) > 0:
		w.add("(")
		w.commaList(len(h.Options), func(i int) {
			o := h.Options[i]
			if key, _ := o.Key.Value.Const(); o.Quote {
				w.string(key)
			} else {
				w.name(key)
			}
			w.add(" = ")
			w.text(o.Value.Value)
		})
		w.add(")")
	case len(h.Names) > 0:
		w.add("(")
		w.names(h.Names)
		w.add(")")
	case len(h.Literals) > 0:
		w.add("(")
		w.exprs(h.Literals)
		w.add(")")
	}
}

func (w *printer) grouping(g *Grouping) {
	w.add(g.Kind.String())
	if g.Kind != EmptyGroup {
		w.flag(!w.calcite, " ")
		w.add("(")
		w.commaList(len(g.Items), func(i int) { w.groupingItem(g.Items[i]) })
		w.add(")")
	}
}

// groupingItem prints a column, or several in brackets.
func (w *printer) groupingItem(x Expr) {
	if c, ok := x.(*Call); ok && w.calcite && c.Func == OpRow && c.Written == "" {
		w.bracketed(c.Args)
		return
	}
	w.expr(x)
}

func (w *printer) tableArg(a *TableArg) {
	if _, ok := a.Query.(*TableQuery); ok {
		w.query(a.Query)
	} else {
		w.add("(")
		w.query(a.Query)
		w.add(")")
	}
	if len(a.PartitionBy) > 0 {
		w.add(" PARTITION BY (")
		w.names(a.PartitionBy)
		w.add(")")
	}
	if len(a.OrderBy) > 0 {
		w.add(" ORDER BY (")
		w.orderItems(a.OrderBy)
		w.add(")")
	}
}

func (w *printer) window(x *Window) {
	if x.Named {
		w.name(x.Name.Text)
		return
	}
	w.add("(")
	sep := ""
	part := func(print func()) {
		w.add(sep)
		sep = " "
		print()
	}
	if x.Name.Text != "" {
		part(func() { w.name(x.Name.Text) })
	}
	if len(x.PartitionBy) > 0 {
		part(func() { w.add("PARTITION BY "); w.exprs(x.PartitionBy) })
	}
	if len(x.OrderBy) > 0 {
		part(func() { w.orderBy("", x.OrderBy) })
	}
	if x.Frame != nil {
		part(func() { w.frame(x.Frame) })
	}
	if x.Partial != "" {
		part(func() { w.add(x.Partial, " PARTIAL") })
	}
	w.add(")")
}

func (w *printer) frame(f *Frame) {
	if f.Rows {
		w.add("ROWS ")
	} else {
		w.add("RANGE ")
	}
	w.flag(f.To != nil, "BETWEEN ")
	w.bound(f.From)
	if f.To != nil {
		w.add(" AND ")
		w.bound(*f.To)
	}
}

func (w *printer) bound(b Bound) {
	if b.Offset != nil {
		w.operand(b.Offset)
		w.add(" ")
	}
	w.add(b.Kind.String())
}

func (w *printer) from(f From) {
	switch f := f.(type) {
	case *FromTable:
		w.path(f.Table.Parts)
		if len(f.Hints) > 0 {
			w.gap()
			w.hints(f.Hints, "", "")
		}
		if len(f.Extend) > 0 {
			w.add(" EXTEND (")
			w.commaList(len(f.Extend), func(i int) { w.column(f.Extend[i]) })
			w.add(")")
		}
		w.optional(" FOR SYSTEM_TIME AS OF ", f.AsOf, "")
		w.rename(f.Rename)
	case *FromQuery:
		w.flag(f.Lateral, "LATERAL ")
		w.add("(")
		w.query(f.Query)
		w.add(")")
		w.rename(f.Rename)
	case *FromFunction:
		w.flag(f.Lateral, "LATERAL ")
		w.add("TABLE(")
		w.flag(f.Specific, "SPECIFIC ")
		w.function(f.Call)
		w.add(")")
		w.rename(f.Rename)
	case *Unnest:
		w.add("UNNEST(")
		w.exprs(f.Args)
		w.add(")")
		w.flag(f.Ordinality, " WITH ORDINALITY")
		w.rename(f.Rename)
	case *Join:
		w.join(f)
	case *Match:
		w.match(f)
	case *Pivot:
		w.pivot(f)
	case *Unpivot:
		w.unpivot(f)
	case *Sample:
		w.sample(f)
	}
}

func (w *printer) rename(r Rename) {
	if r.Alias.Text != "" {
		w.add(" AS ")
		w.name(r.Alias.Text)
		w.columns(r.Columns)
	}
}

func (w *printer) join(j *Join) {
	if left, ok := j.Left.(*Join); ok && left.Kind == Comma && j.Kind != Comma {
		w.add("(")
		w.from(left)
		w.add(")")
	} else {
		w.from(j.Left)
	}
	switch {
	case j.Kind == Comma:
		w.add(",")
		w.gap()
	default:
		w.gap()
		w.flag(j.Natural, "NATURAL ")
		w.flag(w.calcite && j.Kind == Inner, "INNER ")
		w.add(j.Kind.String(), " ")
	}
	if right, ok := j.Right.(*Join); ok && (right.Kind == Comma || j.Kind != Comma) {
		w.add("(")
		w.from(right)
		w.add(")")
	} else {
		w.from(j.Right)
	}
	w.optional(" ON ", j.On, "")
	if len(j.Using) > 0 {
		w.add(" USING")
		w.columns(j.Using)
	}
}

// input prints what a clause such as PIVOT follows.
func (w *printer) input(f From) {
	if _, ok := f.(*Join); ok {
		w.add("(")
		w.from(f)
		w.add(")")
		return
	}
	w.from(f)
}

func (w *printer) match(m *Match) {
	w.input(m.Input)
	w.add(" MATCH_RECOGNIZE (")
	if len(m.PartitionBy) > 0 {
		w.add("PARTITION BY ")
		w.exprs(m.PartitionBy)
		w.add(" ")
	}
	w.orderBy("", m.OrderBy)
	w.flag(len(m.OrderBy) > 0, " ")
	if len(m.Measures) > 0 {
		w.add("MEASURES ")
		w.commaList(len(m.Measures), func(i int) { w.expr(m.Measures[i]) })
		w.add(" ")
	}
	switch m.RowsPerMatch {
	case "ONE":
		w.add("ONE ROW PER MATCH ")
	case "ALL":
		w.add("ALL ROWS PER MATCH ")
	}
	if m.After.Skip != SkipUnsaid {
		w.add("AFTER MATCH SKIP ", m.After.Skip.String(), " ")
		if m.After.Symbol.Text != "" {
			w.name(m.After.Symbol.Text)
			w.add(" ")
		}
	}
	w.add("PATTERN (")
	w.flag(m.AnchoredStart, "^ ")
	w.pattern(m.Pattern, false)
	w.flag(m.AnchoredEnd, " $")
	w.add(")")
	w.optional(" WITHIN ", m.Within, "")
	w.matchNames(m)
	w.add(")")
	w.rename(m.Rename)
}

// matchNames prints SUBSET and DEFINE.
func (w *printer) matchNames(m *Match) {
	if len(m.Subsets) > 0 {
		w.add(" SUBSET ")
		w.commaList(len(m.Subsets), func(i int) {
			w.name(m.Subsets[i].Name.Text)
			w.add(" = (")
			w.exprs(m.Subsets[i].Symbols)
			w.add(")")
		})
	}
	w.add(" DEFINE ")
	w.commaList(len(m.Define), func(i int) {
		w.name(m.Define[i].Symbol.Text)
		w.add(" AS ")
		w.expr(m.Define[i].Cond)
	})
}

// pattern prints p, in brackets if it is an operand and has operands itself.
func (w *printer) pattern(p *Pattern, operand bool) {
	separated := func(sep string) {
		w.flag(operand, "(")
		for i, part := range p.Parts {
			w.flag(i > 0, sep)
			w.pattern(part, true)
		}
		w.flag(operand, ")")
	}
	switch p.Op {
	case PatternSymbol:
		w.name(p.Symbol.Text)
	case PatternConcat:
		separated(" ")
	case PatternAlter:
		separated(" | ")
	case PatternRepeat:
		w.flag(operand && p.Parts[0].Op == PatternRepeat, "(")
		nested := p.Parts[0].Op == PatternRepeat
		w.flag(nested, "(")
		w.pattern(p.Parts[0], true)
		w.flag(nested, ")")
		w.quantifier(p)
		w.flag(operand && nested, ")")
	case PatternExclude:
		w.add("{- ")
		w.pattern(p.Parts[0], false)
		w.add(" -}")
	case PatternPermute:
		w.add("PERMUTE(")
		w.commaList(len(p.Parts), func(i int) { w.pattern(p.Parts[i], false) })
		w.add(")")
	}
}

func (w *printer) quantifier(p *Pattern) {
	count := func(n int) {
		if n >= 0 {
			w.add(strconv.Itoa(n))
		}
	}
	switch {
	case p.Min == 0 && p.Max == -1:
		w.add("*")
	case p.Min == 1 && p.Max == -1:
		w.add("+")
	case p.Min == 0 && p.Max == 1:
		w.add("?")
	case p.Min == p.Max:
		w.add("{", strconv.Itoa(p.Min), "}")
	default:
		w.add("{")
		count(p.Min)
		w.add(",")
		count(p.Max)
		w.add("}")
	}
	w.flag(p.Reluctant, "?")
}

func (w *printer) nameOrNames(ns []Name) {
	if len(ns) == 1 {
		w.name(ns[0].Text)
		return
	}
	w.add("(")
	w.names(ns)
	w.add(")")
}

func (w *printer) pivot(v *Pivot) {
	w.input(v.Input)
	w.add(" PIVOT (")
	w.exprs(v.Aggregates)
	w.add(" FOR ")
	w.nameOrNames(v.Axis)
	w.add(" IN (")
	w.exprs(v.Values)
	w.add("))")
	w.rename(v.Rename)
}

func (w *printer) unpivot(u *Unpivot) {
	w.input(u.Input)
	w.add(" UNPIVOT ")
	w.flag(u.Nulls != "", u.Nulls+" NULLS ")
	w.add("(")
	w.nameOrNames(u.Measures)
	w.add(" FOR ")
	w.nameOrNames(u.Axis)
	w.add(" IN (")
	w.commaList(len(u.Values), func(i int) {
		w.nameOrNames(u.Values[i].Columns)
		w.optional(" AS ", u.Values[i].As, "")
	})
	w.add("))")
	w.rename(u.Rename)
}

func (w *printer) sample(s *Sample) {
	w.input(s.Input)
	w.add(" TABLESAMPLE ", s.Method, " (")
	w.expr(s.Arg)
	w.add(")")
	w.optional(" REPEATABLE (", s.Seed, ")")
}
