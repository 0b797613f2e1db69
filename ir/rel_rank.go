package ir

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// RankStrategy says what a Rank makes of its input, and so which changes it
// emits. Strategies are Flink's.
type RankStrategy uint8

// The strategies.
const (
	// RankAppend takes insertions only and keeps no more rows than it yields.
	RankAppend RankStrategy = iota
	// RankUpdate takes updates by a key whose rows only ever rise.
	RankUpdate
	// RankRetract takes every kind and keeps all rows.
	RankRetract
	// RankLast takes insertions only and yields the one row that is first in the
	// order; of equal ones the one that came last.
	RankLast
)

var rankStrategies = [...]string{"append", "update", "retract", "last"}

// String is the strategy's name.
func (s RankStrategy) String() string { return rankStrategies[s] }

// Rank yields the rows of each partition whose number in an order lies between
// two bounds, while rows come, change and go.
type Rank struct {
	unary
	Partition []int // positions in the input; empty for one partition
	Order     Order // empty: in the order in which they came
	// From and To are the numbers of the first and the last row, from 1.
	From, To int64
	// Number says that the number is a column behind those of the input.
	Number   bool
	Strategy RankStrategy
	// Key, of RankUpdate, is the key of the input whose rows are updated.
	Key Key
	// Window says that the partitions are windows of a streaming job, whose rows
	// are given out once each is over. Its end is a position in the input.
	Window *GroupWindow
}

// Op implements Rel.
func (*Rank) Op() Op { return OpRank }

// NewRank keeps the rows of in from number from up to to. name is that of the
// column with the number, "" for none.
func NewRank(in Rel, partition []int, order Order, from, to int64, name string, pos diag.Pos) *Rank {
	r := &Rank{Partition: partition, Order: order, From: from, To: to, Number: name != ""}
	r.In, r.Pos = in, pos
	r.Mode = Retract
	r.Schema = slices.Clone(in.P().Schema)
	if r.Number {
		r.Schema = append(r.Schema, Column{Name: name, Type: types.Of(types.BigInt).NotNull()})
	}
	r.Keys = r.keys()
	if w, ok := WindowsOf(in); ok && w.Attribute != types.NoAttribute {
		if w, ok = w.within(partition); ok {
			r.Window, r.Mode = &GroupWindow{End: w.End[0], Local: w.Local}, Append
		}
	}
	return r
}

// keys are the keys of the input that don't leave a partition, what is one row
// of a partition, and the number within it.
func (r *Rank) keys() []Key {
	var out []Key
	partition := sortedKey(slices.Clone(Key(r.Partition)))
	switch {
	case r.From == 1 && r.To == 1:
		out = append(out, partition)
	case r.Number:
		out = append(out, append(partition, len(r.Schema)-1))
	}
	for _, k := range r.In.P().Keys {
		if k.Contains(r.Partition) && !slices.ContainsFunc(out, func(o Key) bool { return slices.Equal(o, k) }) {
			out = append(out, k)
		}
	}
	return out
}

// Yields implements Changelog. Rows in the order in which they came stay, if
// nothing takes them back.
func (r *Rank) Yields(batch, before bool) Mode {
	switch {
	case batch || r.Window != nil:
		return Append
	case r.Strategy == RankLast:
		return updates(Inserts|UpdateBefores|UpdateAfters, before)
	case len(r.Order) == 0 && !r.In.P().Mode.Updating():
		return Append
	}
	return updates(Retract, before)
}

// NeedsBefore implements Changelog: rows are found by their update-before,
// unless a key tells them.
func (r *Rank) NeedsBefore(int, bool) bool { return r.Strategy == RankRetract }

// Numbered reports whether the changes are those of the numbers rather than of
// the set of rows: with the number as a column, or rows left out in front.
func (r *Rank) Numbered() bool { return r.Number || r.From > 1 }

func (r *Rank) copied() Rel {
	c := *r
	c.Partition, c.Order, c.Key = slices.Clone(r.Partition), slices.Clone(r.Order), slices.Clone(r.Key)
	return &c
}

func (r *Rank) text() string {
	in := r.In.P().Schema
	parts := []string{r.Strategy.String()}
	if r.Strategy == RankUpdate {
		parts = append(parts, "by="+r.Key.Names(in))
	}
	if len(r.Partition) > 0 {
		parts = append(parts, "partition="+Key(r.Partition).Names(in))
	}
	if len(r.Order) > 0 {
		parts = append(parts, "order="+r.Order.text(in))
	}
	return strings.Join(append(parts, fmt.Sprintf("from=%d to=%d", r.From, r.To)), " ") + r.Window.text(in)
}

func parseRank(l *lineParser, in Rel) Rel {
	r := &Rank{}
	name := l.name()
	strategy := slices.Index(rankStrategies[:], name)
	if strategy < 0 {
		l.failf("%q is no strategy", name)
	}
	r.Strategy = RankStrategy(strategy)
	schema := in.P().Schema
	columns := func(word string) Key {
		if !l.accept(word) {
			return nil
		}
		l.expect("=")
		return l.resolve(l.columnList(), schema)
	}
	r.Key, r.Partition = columns("by"), columns("partition")
	if l.accept("order") {
		l.expect("=")
		r.Order = l.order(schema)
	}
	l.expect("from", "=")
	r.From = l.number64()
	l.expect("to", "=")
	r.To = l.number64()
	var end columnText
	if r.Window, end = l.groupWindow(); r.Window != nil {
		r.Window.End = l.position(end, schema)
	}
	r.In, r.Props = in, l.props()
	r.Number = len(r.Schema) > len(schema)
	return r
}

func (r *Rank) verify() error {
	in := r.In.P().Schema
	if r.From < 1 || r.To < r.From {
		return fmt.Errorf("from %d to %d", r.From, r.To)
	}
	width := len(in)
	if r.Number {
		width++
	}
	if err := sameLen("columns", width, len(r.Schema)); err != nil {
		return err
	}
	if err := r.Window.verify(in); err != nil {
		return err
	}
	if err := within("rank", slices.Concat(r.Partition, r.Order.Columns(), r.Key), len(in)); err != nil {
		return err
	}
	return verifyPassed(r.Schema[:len(in)], in)
}
