package sql

import "reflect"

// Walk calls f for x and all expressions in it, outer ones first. It doesn't
// go into subqueries.
func Walk(x Expr, f func(Expr)) {
	if x == nil {
		return
	}
	Inspect(x, func(n Node) bool {
		if _, query := n.(Query); query {
			return false
		}
		if e, ok := n.(Expr); ok {
			f(e)
		}
		return true
	})
}

// Inspect calls f for n and, where f returns true, for the nodes in it, in the
// order of the text.
func Inspect(n Node, f func(Node) bool) {
	if n == nil || reflect.ValueOf(n).IsNil() || !f(n) {
		return
	}
	i := inspector{f}
	switch n := n.(type) {
	case Expr:
		i.expr(n)
	case Query:
		i.query(n)
	case From:
		i.from(n)
	case Stmt:
		i.stmt(n)
	case Action:
		i.action(n)
	default:
		i.part(n)
	}
}

type inspector struct{ f func(Node) bool }

func (i inspector) node(n Node) { Inspect(n, i.f) }

func (i inspector) exprs(xs []Expr) { nodes(i, xs) }

func nodes[T Node](i inspector, ns []T) {
	for _, n := range ns {
		i.node(n)
	}
}

func (i inspector) expr(x Expr) {
	switch x := x.(type) {
	case *Call:
		i.exprs(x.Args)
		nodes(i, x.OrderBy)
		i.exprs(x.WithinDistinct)
		nodes(i, x.WithinGroup)
		i.node(x.Filter)
		i.node(x.Over)
	case *Cast:
		i.node(x.X)
	case *Alias:
		i.node(x.X)
	case *Subquery:
		i.node(x.Query)
	case *Grouping:
		i.exprs(x.Items)
	case *TableArg:
		i.node(x.Query)
		nodes(i, x.OrderBy)
	case *NamedArg:
		i.node(x.X)
	case *Qualified:
		i.node(x.X)
	case *Case:
		i.node(x.Operand)
		for _, w := range x.Whens {
			i.node(w.Cond)
			i.exprs(w.More)
			i.node(w.Then)
		}
		i.node(x.Else)
	}
}

func (i inspector) query(q Query) {
	switch q := q.(type) {
	case *Select:
		nodes(i, q.Hints)
		i.exprs(q.Items)
		i.node(q.From)
		i.node(q.Cond)
		i.exprs(q.GroupBy)
		i.node(q.Having)
		nodes(i, q.Windows)
	case *Values:
		for _, row := range q.Rows {
			i.exprs(row)
		}
	case *SetOp:
		i.node(q.Left)
		i.node(q.Right)
	case *With:
		nodes(i, q.Items)
		i.node(q.Query)
	case *Ordered:
		i.node(q.Query)
		nodes(i, q.OrderBy)
		i.node(q.Limit)
		i.node(q.Offset)
	}
}

func (i inspector) from(f From) {
	switch f := f.(type) {
	case *FromTable:
		nodes(i, f.Hints)
		nodes(i, f.Extend)
		i.node(f.AsOf)
	case *FromQuery:
		i.node(f.Query)
	case *FromFunction:
		i.node(f.Call)
	case *Unnest:
		i.exprs(f.Args)
	case *Join:
		i.node(f.Left)
		i.node(f.Right)
		i.node(f.On)
	case *Match:
		i.match(f)
	case *Pivot:
		i.node(f.Input)
		i.exprs(f.Aggregates)
		i.exprs(f.Values)
	case *Unpivot:
		i.node(f.Input)
		for _, v := range f.Values {
			i.node(v.As)
		}
	case *Sample:
		i.node(f.Input)
		i.node(f.Arg)
		i.node(f.Seed)
	}
}

func (i inspector) match(m *Match) {
	i.node(m.Input)
	i.exprs(m.PartitionBy)
	nodes(i, m.OrderBy)
	nodes(i, m.Measures)
	i.node(m.Pattern)
	i.node(m.Within)
	nodes(i, m.Subsets)
	nodes(i, m.Define)
}

func (i inspector) stmt(s Stmt) {
	switch s := s.(type) {
	case *CreateTable:
		nodes(i, s.Columns)
		i.node(s.Watermark)
		i.node(s.PrimaryKey)
		nodes(i, s.Unique)
		i.node(s.DistributeBy)
		i.node(s.Like)
		i.node(s.Query)
	case *CreateMaterializedTable:
		i.node(s.PrimaryKey)
		i.node(s.Freshness)
		i.node(s.Query)
	case *CreateView:
		i.node(s.Query)
	case *CreateModel:
		nodes(i, s.Input)
		nodes(i, s.Output)
		i.node(s.Query)
	case *Alter:
		i.node(s.Action)
	case *Insert:
		nodes(i, s.Hints)
		i.assignments(s.Partition)
		i.node(s.Query)
	case *StatementSet:
		nodes(i, s.Inserts)
	case *Execute:
		i.node(s.Stmt)
	case *Update:
		nodes(i, s.Hints)
		i.assignments(s.Set)
		i.node(s.Cond)
	case *Delete:
		nodes(i, s.Hints)
		i.node(s.Cond)
	case *Merge:
		nodes(i, s.Hints)
		i.node(s.Using)
		i.node(s.On)
		i.assignments(s.Set)
		i.exprs(s.Values)
	case *CallProcedure:
		i.node(s.Call)
	case *Explain:
		i.node(s.Stmt)
	case *Analyze:
		i.assignments(s.Partition)
	case *Show:
		i.assignments(s.Partition)
	case *CompilePlan:
		i.node(s.Stmt)
	case *AlterScope:
		i.node(s.Value)
	}
}

func (i inspector) assignments(as []Assignment) {
	for _, a := range as {
		i.node(a.X)
	}
}

func (i inspector) action(a Action) {
	switch a := a.(type) {
	case *ChangeSchema:
		nodes(i, a.Columns)
		i.node(a.Watermark)
		i.node(a.PrimaryKey)
		nodes(i, a.Unique)
	case *ChangeDistribution:
		i.node(a.Distribution)
	case *AddPartitions:
		for _, p := range a.Partitions {
			i.assignments(p.Values)
		}
	case *DropPartitions:
		for _, p := range a.Partitions {
			i.assignments(p.Values)
		}
	case *Compact:
		i.assignments(a.Partition)
	case *AsQuery:
		i.node(a.Query)
	case *Refreshing:
		i.assignments(a.Partition)
		i.node(a.Freshness)
	}
}

// part goes into what is neither expression, query, table reference nor
// statement.
func (i inspector) part(n Node) {
	switch n := n.(type) {
	case *CommonTable:
		i.node(n.Query)
	case *OrderItem:
		i.node(n.X)
	case *NamedWindow:
		i.node(n.Window)
	case *Window:
		i.exprs(n.PartitionBy)
		nodes(i, n.OrderBy)
		i.node(n.Frame)
	case *Frame:
		i.node(n.From.Offset)
		if n.To != nil {
			i.node(n.To.Offset)
		}
	case *Hint:
		i.exprs(n.Literals)
	case *Pattern:
		nodes(i, n.Parts)
	case *Subset:
		i.exprs(n.Symbols)
	case *Definition:
		i.node(n.Cond)
	case *Column:
		i.node(n.Expr)
	case *Watermark:
		i.node(n.Expr)
	}
}
