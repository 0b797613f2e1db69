package codegen

import (
	"fmt"
	"math/big"
	"reflect"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// over wires functions over windows.
func (w *wiring) over(r *ir.Over) stream {
	from := w.rel(r.In)
	row := w.row(r.UID, r.Schema)
	n := exported(r.UID)
	x := &overCode{generator: w.generator, Over: r, name: n, in: from.row, out: row}
	w.ops.Comment(headline(r))
	var partition ir.Order
	for _, c := range r.Partition {
		partition = append(partition, ir.Collation{Column: c})
	}
	funcs := jen.Qual(pkgOp, "OverFuncs").Types(jen.Id(from.row.name), jen.Id(row.name)).Values(jen.Dict{
		jen.Id("Partition"): w.compareFunc("partition"+n, partition, from.row),
		jen.Id("Order"):     w.compareFunc("order"+n, r.Order, from.row),
		jen.Id("RowFuncs"):  w.rowFuncs(from.row),
		jen.Id("Start"):     x.start(),
		jen.Id("Windows"): jen.Index().Qual(pkgOp, "Window").Types(jen.Id(from.row.name), jen.Id(row.name)).
			Values(lined(x.windows())...),
	})
	return w.then(r, from, row, "NewOver", funcs)
}

// overCode emits the functions of one Over.
type overCode struct {
	*generator
	*ir.Over
	name    string // of the operator, as part of names
	in, out *rowType
}

// start emits the copy of an input row.
func (x *overCode) start() *jen.Statement {
	name := "start" + x.name
	x.ops.Func().Id(name).Params(jen.Id("r").Op("*").Id(x.in.name), jen.Id("o").Op("*").Id(x.out.name)).BlockFunc(func(b *jen.Group) {
		copyColumns(b, x.in, x.out)
	})
	return jen.Id(name)
}

// windows are the makers of all columns, the aggregates of one frame together.
func (x *overCode) windows() []jen.Code {
	var out []jen.Code
	frames := map[string][]int{}
	var order []string
	for i, c := range x.Calls {
		if c.Frame == nil {
			out = append(out, x.function(i))
			continue
		}
		key := c.Frame.String()
		if frames[key] == nil {
			order = append(order, key)
		}
		frames[key] = append(frames[key], i)
	}
	for n, key := range order {
		out = append(out, x.frame(fmt.Sprintf("%s%d", x.name, n+1), frames[key]))
	}
	return out
}

// column is the place of a call's result.
func (x *overCode) column(call int) int { return len(x.in.fields) + call }

// positionFunctions are the constructors of functions of a row's position.
var positionFunctions = map[string]string{
	"ROW_NUMBER": "OverRowNumber", "RANK": "OverRank", "DENSE_RANK": "OverDenseRank",
	"PERCENT_RANK": "OverPercentRank", "CUME_DIST": "OverCumeDist", "NTILE": "OverTile",
}

// function makes a function that looks at the whole partition.
func (x *overCode) function(i int) *jen.Statement {
	c := x.Calls[i]
	if constructor, ok := positionFunctions[c.Fn]; ok {
		var args []jen.Code
		if c.Fn == "NTILE" {
			args = append(args, x.onInput(jen.Int64(), jen.Return(x.in.get("r", c.Args[0]))))
		}
		set := jen.Func().Params(jen.Id("o").Op("*").Id(x.out.name), jen.Id("v").Add(goTypeOf(c.Type))).
			Block(x.out.get("o", x.column(i)).Op("=").Id("v"))
		return jen.Qual(pkgOp, constructor).Types(jen.Id(x.in.name), jen.Id(x.out.name)).Call(append(args, set)...)
	}
	sign := map[string]int{"LAG": -1, "LEAD": 1}[c.Fn]
	if sign == 0 {
		panic("codegen: no window function " + c.Fn)
	}
	offset := jen.Return(jen.Lit(1))
	if len(c.Args) > 1 {
		offset = jen.Return(x.in.get("r", c.Args[1]))
	}
	without := x.out.setNull("o", x.column(i))
	if len(c.Args) > 2 {
		without = jen.Add(x.out.assign("o", x.column(i), x.in.operand("r", c.Args[2])))
	}
	move := func(what jen.Code) *jen.Statement {
		return jen.Func().Params(jen.Id("o").Op("*").Id(x.out.name), jen.Id("r").Op("*").Id(x.in.name)).Block(what)
	}
	return jen.Qual(pkgOp, "OverShift").Call(jen.Lit(sign), x.onInput(jen.Int64(), offset),
		move(x.out.assign("o", x.column(i), x.in.operand("r", c.Args[0]))), move(without))
}

func (x *overCode) onInput(result *jen.Statement, body jen.Code) *jen.Statement {
	return jen.Func().Params(jen.Id("r").Op("*").Id(x.in.name)).Add(result).Block(body)
}

// frame emits the aggregates of one frame.
func (x *overCode) frame(n string, calls []int) *jen.Statement {
	schema := x.In.P().Schema
	f := x.Calls[calls[0]].Frame
	a := &aggregation{name: "acc" + n, in: x.in}
	exact := f.From.Kind != ir.UnboundedPreceding
	for _, i := range calls {
		acc := accumulatorOf(x.Calls[i].AggCall, schema, false)
		acc.field = fmt.Sprintf("%s%d", fieldName(acc.call.Fn), i+1)
		a.accs = append(a.accs, acc)
		exact = exact && takesBack(x.Calls[i].AggCall, schema)
	}
	a.declare(x.ops)
	x.accumulate("add"+n, a, "Add")
	retract := jen.Nil()
	if exact {
		x.accumulate("retract"+n, a, "Retract")
		retract = jen.Id("retract" + n)
	}
	x.ops.Func().Id("result"+n).Params(jen.Id("a").Op("*").Id(a.name), jen.Id("o").Op("*").Id(x.out.name),
		jen.Id("arena").Op("*").Qual(pkgVal, "Arena")).BlockFunc(func(b *jen.Group) {
		for k, i := range calls {
			x.setResult(b, x.out, x.column(i), a.accs[k], "a")
		}
	})
	return jen.Qual(pkgOp, "OverFrame").Call(
		jen.Qual(pkgOp, "FrameFuncs").Types(jen.Id(x.in.name), jen.Id(a.name), jen.Id(x.out.name)).Values(jen.Dict{
			jen.Id("From"):    x.bound("from"+n, f.Rows, f.From, true),
			jen.Id("To"):      x.bound("to"+n, f.Rows, f.To, false),
			jen.Id("Add"):     jen.Id("add" + n),
			jen.Id("Retract"): retract,
			jen.Id("Result"):  jen.Id("result" + n),
		}))
}

// takesBack reports whether taking a value back leaves what was there before
// it, to the digit: sums of floating-point numbers don't.
func takesBack(c ir.AggCall, in types.Schema) bool {
	if c.Type.Approximate() {
		return false
	}
	o := overloadOf(c, in)
	return reflect.TypeOf(o.For(true)) == reflect.TypeOf(o.Acc)
}

// bound is one end of a frame, its begin or not.
func (x *overCode) bound(name string, rows bool, b ir.FrameBound, begin bool) *jen.Statement {
	d := jen.Dict{}
	kind := func(k string) { d[jen.Id("Kind")] = jen.Qual(pkgOp, k) }
	switch {
	case b.Kind == ir.UnboundedPreceding || b.Kind == ir.UnboundedFollowing:
		kind("Unbounded")
	case b.Kind == ir.CurrentRow && rows:
		kind("AtRow")
	case b.Kind == ir.CurrentRow:
		kind("AtPeers")
	case rows:
		kind("AtRow")
		n, _ := b.Offset.Value.(int64)
		if b.Kind == ir.Preceding {
			n = -n
		}
		d[jen.Id("Rows")] = jen.Lit(int(n))
	default:
		kind("AtDistance")
		d[jen.Id("Compare")] = x.distance(name, b, begin)
	}
	return jen.Qual(pkgOp, "Bound").Types(jen.Id(x.in.name)).Values(d)
}

// distance emits where a row lies by RANGE: its key x against that of the
// current row y with the offset. In descending order what precedes is greater.
// A NULL is at no distance from a value, on the far side of any bound, where a
// frame that only grows waits for it for ever; from another NULL it is 0 away.
func (x *overCode) distance(name string, b ir.FrameBound, begin bool) *jen.Statement {
	c := x.Order[0]
	back := (b.Kind == ir.Preceding) != c.Desc
	t := x.in.fields[c.Column].typ
	row, current := x.in.get("row", c.Column), x.in.get("current", c.Column)
	var cmp *jen.Statement
	switch v := b.Offset.Value.(type) {
	case int64:
		cmp = jen.Qual(pkgVal, "CompareShiftedInt").Call(jen.Int64().Call(row), jen.Int64().Call(current), jen.Lit(int(signed(v, back))))
	case val.Millis:
		n := jen.Lit(int(signed(int64(v), back)))
		if t.Timestamp() {
			cmp = jen.Qual(pkgVal, "CompareShiftedTimestamp").Call(row, current, n)
		} else {
			cmp = jen.Qual(pkgVal, "CompareShiftedInt").Call(jen.Int64().Call(row), jen.Int64().Call(current), n)
		}
	case float64:
		if back {
			v = -v
		}
		cmp = jen.Qual(pkgVal, "CompareFloat").Call(jen.Float64().Call(row), jen.Float64().Call(current).Op("+").Lit(v))
	case *big.Int:
		if back {
			v = new(big.Int).Neg(v)
		}
		cmp = jen.Qual(pkgVal, "CompareShiftedDecimal").Call(row, current, literal(ir.NewConst(b.Offset.T, v, b.Offset.Pos())), shapeOf(t))
	default:
		panic(fmt.Sprintf("codegen: RANGE of %s", b.Offset))
	}
	if c.Desc {
		cmp = jen.Op("-").Add(cmp)
	}
	if x.in.fields[c.Column].bit >= 0 {
		one := 1
		if begin {
			one = -1
		}
		both := 0
		if begin == (b.Kind == ir.Following) && !b.Offset.IsZero() {
			both = one
		}
		cmp = jen.Qual(pkgVal, "OrNullsApart").Call(x.in.isNull("row", c.Column), x.in.isNull("current", c.Column), jen.Lit(one), jen.Lit(both), cmp)
	}
	x.ops.Func().Id(name).Params(jen.Id("row"), jen.Id("current").Op("*").Id(x.in.name)).Int().Block(jen.Return(cmp))
	return jen.Id(name)
}

func signed(n int64, negative bool) int64 {
	if negative {
		return -n
	}
	return n
}
