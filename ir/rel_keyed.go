package ir

import (
	"slices"

	"pyfc/ir/diag"
)

// Normalize makes a full changelog of one that gives the last row of each key:
// what an update replaces, and all of a row that is deleted.
type Normalize struct {
	unary
	Key Key
}

// Op implements Rel.
func (*Normalize) Op() Op { return OpNormalize }

// NewNormalize completes the changes of in, of which key is a key.
func NewNormalize(in Rel, key Key, pos diag.Pos) *Normalize {
	n := &Normalize{Key: key}
	n.In, n.Pos = in, pos
	n.Schema, n.Mode, n.Keys = in.P().Schema, Retract, []Key{key}
	return n
}

// Yields implements Changelog.
func (*Normalize) Yields(_, before bool) Mode { return updates(Retract, before) }

// NeedsBefore implements Changelog: it knows the rows itself.
func (*Normalize) NeedsBefore(int, bool) bool { return false }

func (n *Normalize) copied() Rel {
	c := *n
	c.Key = slices.Clone(n.Key)
	return &c
}

func parseNormalize(l *lineParser, in Rel) Rel {
	key, _ := l.optionalKey()
	n := &Normalize{Key: l.resolve(key, in.P().Schema)}
	n.In, n.Props = in, l.props()
	return n
}

// Materialize yields for each key of a sink the row that came last of those
// that are there, where rows of several keys of the query go into one of the
// sink.
type Materialize struct {
	unary
	Key Key // the sink's
	// By is the key of the query, by which its rows are told apart; nil where
	// they are told by all columns.
	By Key
}

// Op implements Rel.
func (*Materialize) Op() Op { return OpMaterialize }

// NewMaterialize keeps the last row of each key.
func NewMaterialize(in Rel, key, by Key, pos diag.Pos) *Materialize {
	m := &Materialize{Key: key, By: by}
	m.In, m.Pos = in, pos
	m.Schema, m.Mode, m.Keys = in.P().Schema, Upsert, []Key{sortedKey(slices.Clone(key))}
	return m
}

// Yields implements Changelog.
func (*Materialize) Yields(bool, bool) Mode { return Upsert }

// NeedsBefore implements Changelog: a row may leave its key.
func (*Materialize) NeedsBefore(int, bool) bool { return true }

func (m *Materialize) copied() Rel {
	c := *m
	c.Key, c.By = slices.Clone(m.Key), slices.Clone(m.By)
	return &c
}

func (m *Materialize) text() string {
	s := "key=" + m.Key.Names(m.In.P().Schema)
	if m.By != nil {
		s += " by=" + m.By.Names(m.In.P().Schema)
	}
	return s
}

func parseMaterialize(l *lineParser, in Rel) Rel {
	key, _ := l.optionalKey()
	m := &Materialize{Key: l.resolve(key, in.P().Schema)}
	if l.accept("by") {
		l.expect("=")
		m.By = l.resolve(l.columnList(), in.P().Schema)
	}
	m.In, m.Props = in, l.props()
	return m
}

// verifyKeyed checks an operator that passes on its input's columns.
func verifyKeyed(r Rel, keys ...Key) error {
	in := r.Inputs()[0].P().Schema
	if err := within("key", slices.Concat(keys...), len(in)); err != nil {
		return err
	}
	return verifyPassed(r.P().Schema, in)
}
