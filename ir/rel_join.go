package ir

import (
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// JoinKind says which rows a join yields.
type JoinKind uint8

// The kinds of joins. SemiJoin and AntiJoin yield the left rows that have a
// match, or none.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	SemiJoin
	AntiJoin
)

var joinKinds = [...]string{"inner", "left", "right", "full", "semi", "anti"}

// String is the kind's name.
func (k JoinKind) String() string { return joinKinds[k] }

// LeftOnly reports whether only columns of the left input are in the result.
func (k JoinKind) LeftOnly() bool { return k == SemiJoin || k == AntiJoin }

// KeepsLeft reports whether the result has left rows without a match, with
// NULLs for the right columns.
func (k JoinKind) KeepsLeft() bool { return k == LeftJoin || k == FullJoin }

// KeepsRight reports whether the result has right rows without a match.
func (k JoinKind) KeepsRight() bool { return k == RightJoin || k == FullJoin }

// JoinKey is an equality between a column of each input. Two NULLs are equal
// only if it is null-safe: IS NOT DISTINCT FROM.
type JoinKey struct {
	Left, Right int // positions in the inputs
	NullSafe    bool
}

// Join pairs the rows of two inputs for which all equalities and the condition
// are true. The schema is that of the left input followed by that of the right
// one, nullable where an outer join fills up with NULLs; of a semi or anti join
// it is the left input's.
type Join struct {
	binary
	Kind JoinKind
	// Equi are the equalities by which rows are brought together. The binder
	// leaves them in Cond; the pass split_joins takes them out.
	Equi []JoinKey
	// Cond is over the columns of both inputs, left before right, as they come
	// in; nil means true.
	Cond Expr
	// Window, whose end is a position in the left input, and Interval follow from
	// these in a streaming job: rows are in one window, or near in time, and are
	// forgotten with the watermark. At most one is set.
	Window   *GroupWindow
	Interval *Interval
	// Retention is what a hint says of the left and the right rows' state.
	Retention [2]Retention
}

// binary is embedded for the shape of an operator with two inputs.
type binary struct {
	Props
	Left, Right Rel
}

func (b *binary) P() *Props     { return &b.Props }
func (b *binary) Inputs() []Rel { return []Rel{b.Left, b.Right} }
func (b *binary) SetInput(i int, in Rel) {
	if i == 0 {
		b.Left = in
	} else {
		b.Right = in
	}
}

// Op implements Rel.
func (*Join) Op() Op { return OpJoin }

// Exprs implements Rel.
func (j *Join) Exprs() []Expr {
	if j.Cond == nil {
		return nil
	}
	return []Expr{j.Cond}
}

// MapExprs implements Rel.
func (j *Join) MapExprs(f func(Expr) Expr) {
	if j.Cond != nil {
		j.Cond = f(j.Cond)
	}
}

// NewJoin pairs the rows of left and right for which cond is true; cond is over
// the concatenated schemas, nil for a cross join.
func NewJoin(kind JoinKind, left, right Rel, cond Expr, pos diag.Pos) *Join {
	j := &Join{Kind: kind, Cond: cond}
	j.Left, j.Right, j.Pos = left, right, pos
	j.Schema = joinSchema(kind, left.P().Schema, right.P().Schema)
	j.Update()
	j.keepTime()
	return j
}

// keepTime leaves times what they are where rows meet within an interval: the
// watermark behind such a join is that much later.
func (j *Join) keepTime() {
	if j.Interval == nil {
		return
	}
	for i, c := range j.InputSchema() {
		j.Schema[i].Type.Time = c.Type.Time
	}
}

// Renumber sets the properties when columns of the inputs have come or gone; to
// says where each column of the schema is now.
func (j *Join) Renumber(to map[int]int) {
	before := j.Schema
	j.Schema = joinSchema(j.Kind, j.Left.P().Schema, j.Right.P().Schema)
	for i, c := range before {
		if now, ok := to[i]; ok {
			j.Schema[now] = c
		}
	}
	j.Update()
}

// Update sets row kinds and unique keys by what kind, inputs, keys and condition
// are now. The schema stays: an outer join that has become an inner one goes on
// to call columns nullable.
func (j *Join) Update() {
	j.deriveTime()
	j.Mode = j.Yields(false, true)
	j.Keys = j.uniqueKeys()
}

// InputSchema is the schema that the condition is over.
func (j *Join) InputSchema() types.Schema { return inputSchema(j) }

// JoinMode is the set of row kinds that a streaming join yields: those of its
// inputs, and all if a match can take a row back that had none.
func JoinMode(kind JoinKind, left, right Mode) Mode {
	if kind == InnerJoin || kind == SemiJoin {
		return left | right
	}
	return Retract
}

func joinSchema(kind JoinKind, left, right types.Schema) types.Schema {
	var out types.Schema
	add := func(s types.Schema, filled bool) {
		for _, c := range s {
			c.Type = c.Type.WithNull(c.Type.Nullable || filled).WithTime(types.NoAttribute)
			out = append(out, c)
		}
	}
	add(left, kind.KeepsRight())
	if !kind.LeftOnly() {
		add(right, kind.KeepsLeft())
	}
	return out
}

// Pairs are the equalities between columns of both inputs: the keys, and those
// that still stand in the condition.
func (j *Join) Pairs() []JoinKey {
	out := append([]JoinKey(nil), j.Equi...)
	for _, e := range Conjuncts(j.Cond) {
		if l, r, nullSafe, ok := EquiOperands(e); ok {
			width := len(j.Left.P().Schema)
			a, okA := l.(*ColumnRef)
			b, okB := r.(*ColumnRef)
			if !okA || !okB {
				continue
			}
			if a.Index > b.Index {
				a, b = b, a
			}
			if a.Index < width && b.Index >= width {
				out = append(out, JoinKey{a.Index, b.Index - width, nullSafe})
			}
		}
	}
	return out
}

// EquiOperands takes an equality apart; ok is false for any other expression.
func EquiOperands(e Expr) (left, right Expr, nullSafe, ok bool) {
	switch e := e.(type) {
	case *Call:
		if e.Fn == "=" {
			return e.Args[0], e.Args[1], false, true
		}
		if e.Fn == "OR" {
			return orBothNull(e)
		}
	case *Case:
		return notDistinct(e)
	}
	return nil, nil, false, false
}

// notDistinct recognises what IS NOT DISTINCT FROM is bound as: CASE WHEN a IS
// NULL THEN b IS NULL WHEN b IS NULL THEN FALSE ELSE a = b END.
func notDistinct(e *Case) (left, right Expr, nullSafe, ok bool) {
	equal, isCall := e.Else.(*Call)
	if !isCall || equal.Fn != "=" || len(e.Whens) != 2 || !isConst(e.Thens[1], false) {
		return nil, nil, false, false
	}
	l, r := equal.Args[0], equal.Args[1]
	return l, r, true, testsNull(e.Whens[0], l) && testsNull(e.Thens[0], r) && testsNull(e.Whens[1], r)
}

// orBothNull recognises a = b OR a IS NULL AND b IS NULL.
func orBothNull(e *Call) (left, right Expr, nullSafe, ok bool) {
	for i, a := range e.Args {
		equal, isCall := a.(*Call)
		both, isAnd := e.Args[1-i].(*Call)
		if !isCall || equal.Fn != "=" || !isAnd || both.Fn != "AND" {
			continue
		}
		l, r := equal.Args[0], equal.Args[1]
		if testsNull(both.Args[0], l) && testsNull(both.Args[1], r) || testsNull(both.Args[0], r) && testsNull(both.Args[1], l) {
			return l, r, true, true
		}
	}
	return nil, nil, false, false
}

// testsNull reports whether e is of IS NULL, without the implicit casts of of.
func testsNull(e, of Expr) bool {
	c, ok := e.(*Call)
	if !ok || c.Fn != "IS NULL" {
		return false
	}
	for {
		if c.Args[0].String() == of.String() {
			return true
		}
		cast, ok := of.(*Cast)
		if !ok || !cast.Implicit {
			return false
		}
		of = cast.Arg
	}
}

func isConst(e Expr, value bool) bool {
	c, ok := e.(*Const)
	return ok && c.Value == value
}

// Conjuncts lists the operands of a condition's ANDs; none for nil and TRUE.
func Conjuncts(e Expr) []Expr {
	if e == nil || isConst(e, true) {
		return nil
	}
	if c, ok := e.(*Call); ok && c.Fn == "AND" {
		var out []Expr
		for _, a := range c.Args {
			out = append(out, Conjuncts(a)...)
		}
		return out
	}
	return []Expr{e}
}

// And is true where all conditions are; nil for none.
func And(es ...Expr) Expr {
	var out Expr
	for _, e := range es {
		if out == nil {
			out = e
			continue
		}
		t := types.Of(types.Boolean).WithNull(out.Type().Nullable || e.Type().Nullable)
		out = NewCall("AND", 0, []Expr{out, e}, t, e.Pos())
	}
	return out
}

// uniqueKeys derives the unique keys as Flink does: an input's stay unique if
// each of its rows meets one row of the other at most, and pairs of keys of
// both always are.
func (j *Join) uniqueKeys() []Key {
	left, right := j.Left.P().Keys, j.Right.P().Keys
	if j.Kind.LeftOnly() {
		return left
	}
	var onLeft, onRight Key
	for _, k := range j.Pairs() {
		onLeft, onRight = append(onLeft, k.Left), append(onRight, k.Right)
	}
	width := len(j.Left.P().Schema)
	shifted := make([]Key, len(right))
	for i, k := range right {
		for _, c := range k {
			shifted[i] = append(shifted[i], c+width)
		}
	}
	var out []Key
	if !j.Kind.KeepsRight() && anyWithin(right, onRight) {
		out = append(out, left...)
	}
	if !j.Kind.KeepsLeft() && anyWithin(left, onLeft) {
		out = append(out, shifted...)
	}
	for _, l := range left {
		for _, r := range shifted {
			pair := append(append(Key{}, l...), r...)
			if !hasKey(out, pair) {
				out = append(out, pair)
			}
		}
	}
	return out
}

// anyWithin reports whether one of the keys has no column but the given ones,
// which are then unique.
func anyWithin(keys []Key, columns Key) bool {
	for _, k := range keys {
		if columns.Contains(k) {
			return true
		}
	}
	return false
}

func hasKey(keys []Key, key Key) bool {
	for _, k := range keys {
		if k.Contains(key) && key.Contains(k) {
			return true
		}
	}
	return false
}

// UniqueOnKey reports whether input i, 0 for the left one, has a unique key
// that contains all columns it is joined by: then an update keeps its place in
// the join's state without the row that it replaces.
func (j *Join) UniqueOnKey(i int) bool {
	on := Key{}
	for _, k := range j.Equi {
		if i == 0 {
			on = append(on, k.Left)
		} else {
			on = append(on, k.Right)
		}
	}
	for _, k := range j.Inputs()[i].P().Keys {
		if k.Contains(on) {
			return true
		}
	}
	return false
}
