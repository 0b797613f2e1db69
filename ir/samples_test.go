package ir

import (
	"math"
	"math/big"
	"reflect"

	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/val"
	"pyfc/rt/window"
)

var (
	bigint  = types.Of(types.BigInt)
	double  = types.Of(types.Double)
	text    = types.String()
	boolean = types.Of(types.Boolean)
	none    diag.Pos
)

// sampleColumns is the input of the sample expressions: names that need quotes,
// that are keywords or that come twice, and types of every shape.
var sampleColumns = types.Schema{
	{Name: "a", Type: bigint},
	{Name: "NOT", Type: boolean},
	{Name: "a b", Type: double.NotNull()},
	{Name: "tick`s", Type: text},
	{Name: "a", Type: types.Of(types.Int)},
	{Name: "", Type: types.NewDecimal(10, 2)},
	{Name: "line\nbreak\\", Type: types.Of(types.Timestamp)},
	{Name: "名", Type: types.Type{Kind: types.Row, Nullable: true, Names: []string{"x`", "y"}, Elems: []types.Type{bigint.NotNull(), text}}},
	{Name: "U", Type: types.Type{Kind: types.Map, Elems: []types.Type{text, {Kind: types.Array, Nullable: true, Elems: []types.Type{double}}}}},
	{Name: "CASE", Type: types.Type{Kind: types.Multiset, Nullable: true, Elems: []types.Type{types.NewChar(3)}}},
	{Name: "$f0", Type: types.Of(types.IntervalDayTime)},
	{Name: "DISTINCT", Type: types.Type{Kind: types.Row, Nullable: true}},
	{Name: "v", Type: types.Type{Kind: types.VarChar, Nullable: true, Precision: 5}},
	{Name: "lz", Type: types.Type{Kind: types.TimestampLTZ, Precision: 3}},
}

func sampleUDFs() map[string]*UDF {
	return map[string]*UDF{
		"f":     {Name: "f", Args: []types.Type{text}, Result: text, Deterministic: true},
		"UPPER": {Name: "UPPER", Result: bigint.NotNull()},
		"a b":   {Name: "a b", Args: []types.Type{}, Kind: PandasUDF, Result: types.NewDecimal(38, 18)},
	}
}

// sampleExprs are expressions of every kind, with all that can differ in it.
func sampleExprs(udfs map[string]*UDF) []Expr {
	col := func(i int) Expr { return NewColumnRef(sampleColumns, i, none) }
	lit := func(t types.Type, v any) Expr { return NewConst(t, v, none) }
	call := func(fn string, n int, t types.Type, args ...Expr) Expr { return NewCall(fn, n, args, t, none) }
	notNull := boolean.NotNull()
	one := lit(bigint.NotNull(), int64(1))
	cond := call("<=", 0, boolean, col(0), one)
	out := []Expr{
		lit(notNull, true), lit(boolean, false), lit(boolean, nil), lit(types.Of(types.Null), nil),
		lit(bigint.NotNull(), int64(-5)), lit(types.Of(types.TinyInt), int64(7)),
		lit(double.NotNull(), 1e300), lit(double, math.Inf(-1)), lit(double, math.Inf(1)), lit(types.Of(types.Float).NotNull(), 0.5),
		lit(double.NotNull(), math.Copysign(0, -1)),
		lit(types.NewDecimal(5, 2).NotNull(), big.NewInt(-5)), lit(types.NewDecimal(5, 0), big.NewInt(12)),
		lit(types.NewChar(5).NotNull(), "it's 名"[:len("it's ")]), lit(types.NewChar(3).NotNull(), "名😀"), lit(text.NotNull(), "x"), lit(text, "x"),
		lit(types.NewChar(0).NotNull(), ""), lit(types.NewChar(6).NotNull(), "a\n\\'\x01b"), lit(types.NewChar(3).NotNull(), `a\b`),
		lit(types.Type{Kind: types.Binary, Precision: 2}, []byte{0, 255}), lit(types.Of(types.VarBinary), []byte{}),
		lit(types.Of(types.Date).NotNull(), val.Date(19000)), lit(types.Type{Kind: types.Timestamp, Precision: 3}, val.Timestamp{Milli: -1, Nano: 5}),
		lit(types.Type{Kind: types.Time, Precision: 3}, val.Time(1500)), lit(types.Of(types.IntervalYearMonth).NotNull(), val.Months(-3)), lit(types.Of(types.IntervalDayTime).NotNull(), val.Millis(86400000)),
		cond, call("<", 0, notNull, one, one), call("AND", 0, boolean, cond, col(1)), call("OR", 0, boolean, col(1), lit(boolean, nil)),
		call("NOT", 0, boolean, col(1)), call("IS NULL", 0, notNull, col(3)), call("IS NOT NULL", 0, notNull, col(3)),
		call("-", 0, bigint, col(0), lit(bigint.NotNull(), int64(-1))), call("-", 2, bigint, col(0)), call("%", 0, bigint, col(0), one),
		call("||", 0, text, col(3), lit(types.NewChar(1).NotNull(), "x")),
		call("||", 0, types.Type{Kind: types.VarChar, Nullable: true, Precision: 6}, col(12), lit(types.NewChar(1).NotNull(), "x")),
		call("/", 0, types.NewDecimal(38, 6), col(5), col(5)), call("+", 0, types.NewDecimal(11, 2), col(5), col(5)),
		call("UPPER", 0, text, col(3)), call("UPPER", 0, text.NotNull(), col(3)), call("CHAR_LENGTH", 0, types.Of(types.Int), col(3)),
		NewCast(col(0), double, false, false, none), NewCast(col(0), double, true, false, none),
		NewCast(col(2), text, false, true, none), NewCast(col(0), double.NotNull(), true, false, none), NewCast(col(2), double, true, false, none),
		NewCase([]Expr{cond}, []Expr{col(0)}, one, bigint, none), NewCase([]Expr{cond, col(1)}, []Expr{one, one}, one, bigint.NotNull(), none),
		NewCase([]Expr{cond}, []Expr{col(3)}, col(12), text, none), NewCase([]Expr{cond}, []Expr{col(0)}, one, bigint.NotNull(), none),
		NewCase(nil, nil, one, bigint.NotNull(), none),
		NewUDFCall(udfs["f"], []Expr{NewUDFCall(udfs["f"], []Expr{col(3)}, none)}, none),
		NewUDFCall(udfs["UPPER"], []Expr{col(3), col(1), one}, none), NewUDFCall(udfs["a b"], nil, none),
	}
	for i := range sampleColumns {
		out = append(out, col(i))
	}
	return out
}

func column(s types.Schema) []TableColumn {
	out := make([]TableColumn, len(s))
	for i, c := range s {
		out[i].Column = c
	}
	return out
}

// sampleRels has a plan with a relation of each operator at its top.
func sampleRels() map[Op]Rel {
	udfs := sampleUDFs()
	out := map[Op]Rel{}
	add := func(r Rel, m Mode) Rel {
		r.P().Mode = m
		out[r.Op()] = r
		return r
	}
	names := types.Schema{{Name: "k", Type: text.NotNull()}, {Name: "on", Type: boolean}, {Name: "n", Type: bigint}}
	source := &Table{Name: "a b", Columns: column(names), Key: Key{0, 1}, Connector: "upsert-kafka", Legacy: true, Format: "csv"}
	scan := NewScan(source, Upsert, none)
	scan.Read, scan.Schema, scan.Keys = []int{1, 0}, types.Schema{names[1], names[0]}, []Key{{0, 1}}
	scan.Partitions, scan.Limit = NewColumnRef(names, 1, none), 7
	add(scan, Upsert)

	values := &Values{Rows: [][]*Const{
		{NewConst(text, "it's", none), NewConst(bigint.NotNull(), int64(-1), none), NewConst(double, math.Inf(-1), none)},
		{NewConst(text, nil, none), NewConst(bigint.NotNull(), int64(2), none), NewConst(double, 2.0, none)},
	}}
	values.Schema = types.Schema{{Name: "x", Type: text}, {Name: "y", Type: bigint.NotNull()}, {Name: "z", Type: double}}
	add(values, Append)

	all := &Values{}
	all.Schema, all.Mode = sampleColumns, Append
	exprs := sampleExprs(udfs)
	project := add(NewProject(all, exprs, make([]string, len(exprs)), none), Append)
	filter := add(NewFilter(project, exprs[1], none), Append)
	call := NewUDFCall(udfs["f"], []Expr{NewConst(types.NewChar(1).NotNull(), "x", none)}, none)
	bridge := add(NewBridge(scan, []*UDFCall{call, call, NewUDFCall(udfs["a b"], nil, none)}, []string{"f", "f", "k"}), Upsert)
	exchange := add(NewExchange(bridge, Key{1, 3, 4}), Upsert)
	aggregate := NewAggregate(exchange, []int{3, 1}, []AggCall{
		{Fn: "COUNT", Filter: -1, Type: bigint.NotNull()},
		{Fn: "COUNT", Filter: 0, Distinct: true, Args: []int{4, 0}, Type: bigint.NotNull()},
		{Fn: "MAX", Filter: 0, Args: []int{4}, Type: text},
	}, []string{"n", "", "x"}, none)
	aggregate.Coalesce = true
	add(aggregate, Retract)
	add(NewExpand(values, [][]Expr{{NewColumnRef(values.Schema, 0, none), NewConst(bigint.NotNull(), int64(0), none)},
		{NewConst(text, nil, none), NewConst(bigint.NotNull(), int64(1), none)}}, []string{"x", "$e"}, none), Append)
	moments := NewProject(values, []Expr{NewConst(types.Type{Kind: types.Timestamp, Precision: 3, Nullable: true}, nil, none)}, []string{"a b"}, none)
	add(NewWatermark(moments, 0, NewColumnRef(moments.Schema, 0, none), none), Append)
	add(NewWindow(moments, 0, window.Assigner{Kind: window.Hop, Size: 10, Step: 5, Offset: 3}, WindowColumns, none), Append)
	out[OpExpand].(*Expand).Times = NewColumnRef(values.Schema, 1, none)
	join := NewJoin(FullJoin, aggregate, values, NewCall("<=", 0, []Expr{
		NewColumnRef(append(aggregate.Schema[:5:5], values.Schema...), 2, none), NewColumnRef(append(aggregate.Schema[:5:5], values.Schema...), 6, none)}, boolean, none), none)
	join.Equi = []JoinKey{{0, 0, false}, {4, 0, true}}
	add(join, Retract)
	collections := &Values{}
	collections.Schema, collections.Mode = sampleColumns, Append
	add(NewCorrelate(collections, 8, []string{"k", "a b"}, true, none), Append)
	add(NewUnion([]Rel{values, values}, none), Append)
	over := NewOver(filter, []int{3, 0}, Order{{Column: 4, Desc: true}}, []OverCall{
		{AggCall: AggCall{Fn: "RANK", Filter: -1, Type: bigint.NotNull()}},
		{AggCall: AggCall{Fn: "LAG", Args: []int{5, 0}, Filter: -1, Type: text}},
		{AggCall{Fn: "COUNT", Filter: -1, Type: bigint.NotNull()}, &Frame{Rows: true, From: FrameBound{Kind: UnboundedPreceding}, To: FrameBound{Preceding, NewConst(bigint.NotNull(), int64(1), none)}}},
		{AggCall{Fn: "MAX", Args: []int{1}, Filter: -1, Type: boolean}, &Frame{From: FrameBound{Kind: CurrentRow}, To: FrameBound{Following, NewConst(types.NewDecimal(2, 1).NotNull(), big.NewInt(5), none)}}},
		{AggCall{Fn: "MIN", Args: []int{1}, Filter: -1, Type: boolean}, &Frame{From: FrameBound{Following, NewConst(types.Of(types.IntervalDayTime).NotNull(), val.Millis(7200000), none)}, To: FrameBound{Kind: UnboundedFollowing}}},
	}, []string{"r", "l", "n", "x", "y"}, none)
	add(over, Append)
	rank := NewRank(filter, []int{3, 0}, Order{{Column: 4, Desc: true}}, 2, 7, "rn", none)
	rank.Strategy, rank.Key = RankUpdate, Key{3, 4}
	add(rank, Retract)
	materialize := NewMaterialize(rank, []int{4, 0}, Key{3, 4}, none)
	add(NewNormalize(materialize, Key{0, 2}, none), Retract)
	add(materialize, Upsert)
	sort := NewSort(filter, Order{{Column: 0}, {Column: 1, Desc: true}, {Column: 2, NullsOther: true}, {Column: 3, Desc: true, NullsOther: true}}, 2, 10, none)
	sort.Partial, sort.Shared = true, 2
	add(sort, Append)

	sink := NewSink(aggregate, &Table{Name: "out", Columns: column(aggregate.Schema), Key: Key{0, 1}, Connector: "jdbc"}, none)
	sink.Key, sink.Declared = Key{0, 1}, true
	add(sink, Inserts|UpdateAfters|Deletes)
	return out
}

// kindOf is the name of an expression's or relation's Go type.
func kindOf(x any) string { return reflect.TypeOf(x).Elem().Name() }
