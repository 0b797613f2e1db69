package bind

import (
	"fmt"
	"slices"

	"pyfc/compiler/sql"
	"pyfc/compiler/words"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// groupingSets binds GROUP BY: the sets of keys by which rows are grouped, one
// for each choice of a set of every item.
func (b *binder) groupingSets(g *aggregation, items []sql.Expr) []ir.Key {
	out := []ir.Key{{}}
	for _, x := range items {
		var next []ir.Key
		for _, left := range out {
			for _, right := range b.setsOf(g, x) {
				next = append(next, mergedKey(left, right))
			}
		}
		out = next
	}
	return out
}

// setsOf are the sets that one item of GROUP BY stands for.
func (b *binder) setsOf(g *aggregation, x sql.Expr) []ir.Key {
	grouping, ok := x.(*sql.Grouping)
	if !ok {
		return []ir.Key{b.keysOf(g, x)}
	}
	var out []ir.Key
	switch grouping.Kind {
	case sql.EmptyGroup:
		return []ir.Key{{}}
	case sql.GroupingSets:
		for _, item := range grouping.Items {
			out = append(out, b.setsOf(g, item)...)
		}
	case sql.Rollup:
		for n := len(grouping.Items); n >= 0; n-- {
			set := ir.Key{}
			for _, item := range grouping.Items[:n] {
				set = mergedKey(set, b.keysOf(g, item))
			}
			out = append(out, set)
		}
	case sql.Cube:
		out = []ir.Key{{}}
		for _, item := range grouping.Items {
			keys := b.keysOf(g, item)
			for _, set := range slices.Clone(out) {
				out = append(out, mergedKey(set, keys))
			}
		}
	}
	return out
}

// keysOf are the keys of an expression, or of several in parentheses.
func (b *binder) keysOf(g *aggregation, x sql.Expr) ir.Key {
	if _, ok := windowCall(x); ok {
		return g.windowKeys(x.Where())
	}
	out := ir.Key{}
	for _, item := range singly([]sql.Expr{x}) {
		out = mergedKey(out, ir.Key{b.key(g, item)})
	}
	return out
}

func mergedKey(a, b ir.Key) ir.Key {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// grouped is the schema of the input as the items see it: a key that isn't in
// all sets can be NULL.
func (g *aggregation) grouped(schema types.Schema, sets []ir.Key) types.Schema {
	schema = slices.Clone(schema)
	for i, k := range g.keys {
		c, ok := k.(*ir.ColumnRef)
		if ok && c.Index < len(schema) && slices.ContainsFunc(sets, func(s ir.Key) bool { return !slices.Contains(s, i) }) {
			schema[c.Index].Type = schema[c.Index].Type.WithNull(true)
		}
	}
	return schema
}

// levels distributes sets that come several times: the first level has each
// once, the next those that come twice, and so on. As in Flink, a level of a
// single set is grouped by all keys, whether or not they are in it.
func (g *aggregation) levels(sets []ir.Key, distinct bool) [][]ir.Key {
	var out [][]ir.Key
	for i, s := range sets {
		times := 0
		for _, earlier := range sets[:i] {
			if slices.Equal(earlier, s) {
				times++
			}
		}
		switch {
		case times < len(out):
			out[times] = append(out[times], s)
		case times == 0 || !distinct:
			out = append(out, []ir.Key{s})
		}
	}
	for _, level := range out {
		slices.SortFunc(level, compareSets)
	}
	return out
}

// compareSets orders sets as Flink does, and with them the rows of a row: by
// their first keys, a set before those that it contains.
func compareSets(a, b ir.Key) int {
	n := min(len(a), len(b))
	if c := slices.Compare(a[:n], b[:n]); c != 0 {
		return c
	}
	return len(b) - len(a)
}

// absent is the value of a set in the column $e: a bit for each key that isn't
// in it, the last key's the lowest.
func (g *aggregation) absent(set ir.Key) int64 {
	var bits int64
	for i := range g.keys {
		bits <<= 1
		if !slices.Contains(set, i) {
			bits |= 1
		}
	}
	return bits
}

// expand makes a row per set of each row of in: the keys, NULL where the set
// hasn't them, the columns that calls read, and which set it is. It returns the
// positions of those columns.
func (g *aggregation) expand(in ir.Rel, positions []int, pos diag.Pos) (ir.Rel, []int) {
	schema := in.P().Schema
	n := len(g.keys)
	moved := slices.Clone(positions)
	var read []int
	for i := n; i < len(positions); i++ {
		at := slices.Index(read, positions[i])
		if at < 0 {
			at = len(read)
			read = append(read, positions[i])
		}
		moved[i] = n + 1 + at
	}
	names := slices.Clone(g.keyNames)
	names = append(names, "$e")
	for _, c := range read {
		names = append(names, schema[c].Name)
	}
	var projects [][]ir.Expr
	for _, set := range g.sets {
		var columns []ir.Expr
		for i := range n {
			c := ir.Expr(ir.NewColumnRef(schema, positions[i], pos))
			if !slices.Contains(set, i) {
				c = ir.NewConst(c.Type().WithNull(true), nil, pos)
			}
			columns = append(columns, c)
		}
		columns = append(columns, constBigInt(g.absent(set), pos))
		for _, c := range read {
			columns = append(columns, ir.NewColumnRef(schema, c, pos))
		}
		projects = append(projects, columns)
	}
	for i := range n {
		moved[i] = i
	}
	return ir.NewExpand(in, projects, names, pos), moved
}

// groupingRef stands for GROUPING of keys, or for GROUP_ID without, until place
// makes it an expression over the aggregate.
type groupingRef struct {
	ir.Expr // a constant of the result's type
	keys    []int
}

// groupingFunctions tell the grouping sets apart.
var groupingFunctions = words.Set("GROUPING GROUPING_ID GROUP_ID")

// grouping binds a call of one of these functions.
func (b *binder) grouping(x *sql.Call) ir.Expr {
	if b.agg == nil {
		b.errorf(diag.BadAggregate, x.Pos, "%s can't stand in %s, only in a query with GROUP BY", x.Func, b.clause)
		return poison(x.Pos)
	}
	if wants := x.Func != "GROUP_ID"; wants != (len(x.Args) > 0) {
		takes := "no argument"
		if wants {
			takes = "a key of GROUP BY at least"
		}
		b.errorf(diag.FunctionArgument, x.Pos, "%s takes %s", x.Func, takes)
		return poison(x.Pos)
	}
	inner := *b
	inner.scope = b.aggScope
	ref := &groupingRef{Expr: constBigInt(0, x.Pos)}
	for _, a := range x.Args {
		e := inner.expr(a)
		if !valid(e) {
			return poison(x.Pos)
		}
		at := slices.IndexFunc(b.agg.keys, func(k ir.Expr) bool { return k.String() == e.String() })
		if at < 0 {
			b.errorf(diag.BadAggregate, a.Where(), "the argument of %s must be a key of GROUP BY", x.Func)
			return poison(x.Pos)
		}
		ref.keys = append(ref.keys, at)
	}
	return ref
}

// String keeps different calls apart.
func (r *groupingRef) String() string { return fmt.Sprintf("GROUPING%v", r.keys) }

// value is the call as an expression over the aggregate's output.
func (r *groupingRef) value(b *binder, out types.Schema) ir.Expr {
	g, pos := b.agg, r.Pos()
	if len(r.keys) == 0 {
		return constBigInt(int64(g.level), pos)
	}
	switch len(g.sets) {
	case 0:
		return constBigInt(0, pos)
	case 1:
		return constBigInt(r.absent(g.sets[0]), pos)
	}
	set := ir.NewColumnRef(out, len(g.keys), pos)
	var whens, thens []ir.Expr
	for _, s := range g.sets {
		whens = append(whens, b.compare(sql.OpEq, set, constBigInt(g.absent(s), pos), pos))
		thens = append(thens, constBigInt(r.absent(s), pos))
	}
	last := len(thens) - 1
	return b.newCase(whens[:last], thens[:last], thens[last], pos)
}

// absent is the call's value in the rows of a set: a bit for each argument that
// isn't in it, also where the set is grouped by all keys nevertheless.
func (r *groupingRef) absent(set ir.Key) int64 {
	var bits int64
	for _, k := range r.keys {
		bits <<= 1
		if !slices.Contains(set, k) {
			bits |= 1
		}
	}
	return bits
}
