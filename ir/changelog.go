package ir

// Changelog is what an operator declares about the kinds of rows: what it
// yields for what comes in, and what must come in for what it yields. The
// inference in ir/opt asks nothing else, so that it knows no operator by name.
type Changelog interface {
	// Yields is the set of kinds that the relation emits for its inputs' modes.
	// before says that its consumer wants the rows that updates replace; an
	// operator that makes updates itself leaves them out otherwise.
	Yields(batch, before bool) Mode
	// NeedsBefore reports whether input i must bring the rows that updates
	// replace, before being what the relation's consumer wants.
	NeedsBefore(i int, before bool) bool
}

// updates are the kinds of an operator that inserts and updates, with what its
// consumer wants of it.
func updates(m Mode, before bool) Mode {
	if !before {
		m &^= UpdateBefores
	}
	return m
}

// Yields implements Changelog: what the source declares.
func (l *leaf) Yields(bool, bool) Mode { return l.Mode }

// NeedsBefore implements Changelog.
func (*leaf) NeedsBefore(int, bool) bool { panic("ir: operator has no input") }

// Yields implements Changelog: what comes in.
func (u *unary) Yields(bool, bool) Mode { return u.In.P().Mode }

// NeedsBefore implements Changelog: what is wanted is wanted below.
func (*unary) NeedsBefore(_ int, before bool) bool { return before }

// NeedsBefore implements Changelog: a row that no longer passes is taken back
// by its update-before, unless the condition looks at nothing but a key.
func (f *Filter) NeedsBefore(_ int, before bool) bool {
	return before || !anyCovers(f.In.P().Keys, Columns(f.Cond))
}

func anyCovers(keys []Key, columns []int) bool {
	for _, k := range keys {
		if k.Contains(columns) {
			return true
		}
	}
	return false
}

// Yields implements Changelog: groups come, change, and go where rows go.
func (a *Aggregate) Yields(batch, before bool) Mode {
	switch {
	case batch || a.Window != nil:
		return Append
	case a.OfTable():
		return Inserts | Deletes
	case a.In.P().Mode.Updating():
		return updates(Retract, before)
	}
	return updates(Inserts|UpdateBefores|UpdateAfters, before)
}

// NeedsBefore implements Changelog: a group takes rows back by their
// update-before.
func (*Aggregate) NeedsBefore(int, bool) bool { return true }

// Yields implements Changelog.
func (j *Join) Yields(batch, before bool) Mode {
	if batch || j.Window != nil || j.Interval != nil {
		return Append
	}
	left, right := j.Left.P().Mode, j.Right.P().Mode
	return updates(JoinMode(j.Kind, left, right), before || (left|right).Has(UpdateBefores))
}

// NeedsBefore implements Changelog: without the rows that updates replace the
// join finds them by the unique key of its input, if that tells where they lie.
func (j *Join) NeedsBefore(_ int, before bool) bool {
	for i, in := range j.Inputs() {
		if in.P().Mode.Has(UpdateAfters) && !j.UniqueOnKey(i) {
			return true
		}
	}
	return before || !omitBefores(j.Inputs())
}

// Yields implements Changelog.
func (u *Union) Yields(bool, bool) Mode {
	var m Mode
	for _, in := range u.In {
		m |= in.P().Mode
	}
	return m
}

// NeedsBefore implements Changelog: all inputs bring what one can't do without.
func (u *Union) NeedsBefore(_ int, before bool) bool { return before || !omitBefores(u.In) }

// omitBefores reports whether all relations can leave out the rows that
// updates replace.
func omitBefores(rels []Rel) bool {
	for _, r := range rels {
		if !r.Yields(false, false).Has(UpdateBefores) {
			continue // it makes its updates itself, or yields none
		}
		if len(r.Inputs()) == 0 || !omitBefores(r.Inputs()) {
			return false
		}
		for i := range r.Inputs() {
			if r.NeedsBefore(i, false) {
				return false
			}
		}
	}
	return true
}
