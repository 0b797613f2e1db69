package opt

import (
	"slices"
	"strings"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	agglist "pyfc/rt/agg/list"
)

// checkAggregates drops DISTINCT where it changes nothing, and reports calls
// that no accumulator computes.
func checkAggregates(s *ir.Sink, c *Context) {
	ir.Walk(s, func(r ir.Rel) {
		a, ok := r.(*ir.Aggregate)
		if !ok {
			return
		}
		in := a.In.P()
		if c.Batch {
			c.orderable(a)
		}
		for i := range a.Calls {
			call := &a.Calls[i]
			if call.UDF != nil {
				if a.Window != nil {
					c.Diags.Errorf(diag.UDFPlanned, call.Pos, "aggregate functions written in Python aren't supported over windows of time yet").WithMissing("udf", "windowed aggregate")
				}
				continue
			}
			d, ok := agglist.Lookup(call.Fn)
			if !ok {
				c.planned(call.Pos, call.Fn)
				continue
			}
			call.Distinct = call.Distinct && !d.Idempotent
			var args []types.Type
			for _, a := range call.Args {
				args = append(args, in.Schema[a].Type)
			}
			call.Monotone = in.Mode.Updating() && !call.Distinct && monotone(a, call)
			if c.Batch && !call.Distinct {
				c.besideDistinct(a, call)
			}
			switch o, ok := d.For(agglist.ArgsOf(args)); {
			case !ok:
				c.planned(call.Pos, call.Fn+" of "+argText(args))
			case o.For(in.Mode.Updating() && !call.Monotone) == nil:
				c.planned(call.Pos, call.Fn+" over rows that are updated")
			}
		}
	})
}

// besideDistinct refuses a call whose result has no least value beside one that is
// DISTINCT: PyFlink 1.20.1 computes both in two steps in batch mode, and takes the
// least of a single result in the second one.
func (c *Context) besideDistinct(a *ir.Aggregate, call *ir.AggCall) {
	distinct := func(call ir.AggCall) bool {
		d, ok := agglist.Lookup(call.Fn)
		return call.Distinct && ok && !d.Idempotent
	}
	least, _ := agglist.Lookup("MIN")
	if _, ok := least.For(agglist.ArgsOf([]types.Type{call.Type})); ok || !slices.ContainsFunc(a.Calls, distinct) {
		return
	}
	c.Diags.Errorf(diag.RefusedByFlink, call.Pos, "Flink has no plan for %s, of %s, beside an aggregate of DISTINCT values in batch mode", call.Name(), call.Type).
		WithHint("compute them in two queries, and join these")
}

// orderable refuses keys without an order: PyFlink 1.20.1 groups by sorting in
// batch mode, or asks for keys that it could sort.
func (c *Context) orderable(a *ir.Aggregate) {
	for _, g := range a.Group {
		if k := a.In.P().Schema[g]; !k.Type.Orderable() {
			c.Diags.Errorf(diag.TypeMismatch, a.Pos, "%s is %s: a batch job can't group by values that have no order", k.Name, k.Type)
		}
	}
}

// planned reports a function that is known but isn't run yet.
func (c *Context) planned(pos diag.Pos, function string) {
	c.Diags.Errorf(diag.PlanPlanned, pos, "%s isn't supported yet", function).WithMissing("function", function)
}

func argText(args []types.Type) string {
	kinds := make([]string, len(args))
	for i, t := range args {
		kinds[i] = t.Kind.String()
	}
	return strings.Join(kinds, ", ")
}

// monotone reports whether a call is MAX of what only grows within its group,
// or MIN of what only falls: an aggregate of the same kind, or COUNT for MAX,
// over rows that only come.
func monotone(a *ir.Aggregate, call *ir.AggCall) bool {
	if call.Fn != "MAX" && call.Fn != "MIN" {
		return false
	}
	for _, g := range a.Group {
		if below, at := origin(a.In, g); below == nil || at >= len(below.Group) {
			return false
		}
	}
	below, at := origin(a.In, call.Args[0])
	if below == nil || at < len(below.Group) || below.In.P().Mode.Updating() {
		return false
	}
	fn := below.Calls[at-len(below.Group)].Fn
	return fn == call.Fn || fn == "COUNT" && call.Fn == "MAX"
}

// origin is the aggregate whose column reaches r unchanged; nil for none.
func origin(r ir.Rel, column int) (*ir.Aggregate, int) {
	switch r := r.(type) {
	case *ir.Project:
		if ref, ok := r.Columns[column].(*ir.ColumnRef); ok {
			return origin(r.In, ref.Index)
		}
	case *ir.Filter:
		return origin(r.In, column)
	case *ir.Aggregate:
		if !r.OfTable() {
			return r, column
		}
	}
	return nil, 0
}
