package op

import (
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// JoinFuncs is what generated code knows of one join: L and R are the input
// rows, K the comparable join key, Out the result.
type JoinFuncs[L, R any, K comparable, Out any] struct {
	// LeftKey and RightKey read the key; it may view the row.
	LeftKey  func(l *L) K
	RightKey func(r *R) K
	// Known reports whether a row of the key can have a match at all: a NULL
	// equals nothing unless the key says so. May be nil: always.
	Known func(k *K) bool
	// Hash is the stable hash of a key, the one that the exchange uses.
	Hash func(k *K) uint64
	// Match sets ok where the rest of the condition is true; nil if there is
	// none. It may write into the arena, which it doesn't outlive.
	Match func(l *L, r *R, arena *val.Arena, ok *bool) error
	// Pair writes the output row over a zero one; l or r is nil where an outer
	// join fills up with NULLs, and r always for a semi or anti join.
	Pair func(l *L, r *R, out *Out)
	// KeepLeft and KeepRight clone what rows view.
	KeepLeft  func(l *L)
	KeepRight func(r *R)
	// ViewedLeft and ViewedRight are the sizes of what rows view, in bytes.
	ViewedLeft  func(l *L) int
	ViewedRight func(r *R) int
	// The state form of rows.
	AppendLeft  func(dst []byte, l *L) []byte
	ReadLeft    func(src []byte, l *L) ([]byte, error)
	AppendRight func(dst []byte, r *R) []byte
	ReadRight   func(src []byte, r *R) ([]byte, error)

	// LeftTTL and RightTTL are for how long a row is kept in a streaming join that
	// isn't written.
	LeftTTL, RightTTL TTL

	// Last is the last moment of the window that a key is in, in milliseconds:
	// only for joins of windows.
	Last func(k *K) int64
	// LeftTime and RightTime are the times of rows, in milliseconds, for joins of
	// rows whose left time is from the right one + From to that + To.
	LeftTime  func(l *L) int64
	RightTime func(r *R) int64
	From, To  int64

	// LeftOuter and RightOuter keep rows without a match, filled up with NULLs.
	LeftOuter, RightOuter bool
	// Semi yields the left rows that have a match, Anti those that have none.
	Semi, Anti bool
}

// Join is the regular join of two changelogs. It keeps both inputs and emits,
// for each input row, exactly what Flink emits: pairs of the row's kind, and
// for outer, semi and anti joins what a first match or the loss of the last one
// changes.
type Join[L, R any, K, LID, RID comparable, Out any] struct {
	stream.Forward[Out]
	f     JoinFuncs[L, R, K, Out]
	left  joinInput[L, R, K, LID, RID, Out]
	right joinInput[R, L, K, RID, LID, Out]
}

// NewJoin makes the operator of one subtask.
func NewJoin[L, R any, K, LID, RID comparable, Out any](sub *stream.Subtask, out stream.Consumer[Out], f JoinFuncs[L, R, K, Out],
	left JoinIdentity[L, LID], right JoinIdentity[R, RID]) *Join[L, R, K, LID, RID, Out] {
	j := &Join[L, R, K, LID, RID, Out]{Forward: stream.Forward[Out]{Out: out}, f: f}
	lefts := newJoinSide[L, K](left, f.LeftKey, f.KeepLeft, f.LeftTTL)
	rights := newJoinSide[R, K](right, f.RightKey, f.KeepRight, f.RightTTL)
	j.left = joinInput[L, R, K, LID, RID, Out]{
		out: newOutlet(sub, out), own: lefts, other: rights, key: f.LeftKey, known: f.Known, pair: f.Pair,
		outer: f.LeftOuter, otherOuter: f.RightOuter, handle: (*joinInput[L, R, K, LID, RID, Out]).pairs,
	}
	j.right = joinInput[R, L, K, RID, LID, Out]{
		out: newOutlet(sub, out), own: rights, other: lefts, key: f.RightKey, known: f.Known,
		pair:  func(r *R, l *L, out *Out) { f.Pair(l, r, out) },
		outer: f.RightOuter, otherOuter: f.LeftOuter, handle: (*joinInput[R, L, K, RID, LID, Out]).pairs,
	}
	if f.Match != nil {
		j.left.match = f.Match
		j.right.match = func(r *R, l *L, arena *val.Arena, ok *bool) error { return f.Match(l, r, arena, ok) }
	}
	if f.Semi || f.Anti {
		j.left.anti, j.right.anti = f.Anti, f.Anti
		j.left.handle = (*joinInput[L, R, K, LID, RID, Out]).chosen
		j.right.handle = (*joinInput[R, L, K, RID, LID, Out]).chooses
	}
	return j
}

// ProcessLeft implements stream.TwoInput.
func (j *Join[L, R, K, LID, RID, Out]) ProcessLeft(b *stream.Batch[L]) error {
	return j.left.process(b)
}

// ProcessRight implements stream.TwoInput.
func (j *Join[L, R, K, LID, RID, Out]) ProcessRight(b *stream.Batch[R]) error {
	return j.right.process(b)
}

// EndLeft implements stream.TwoInput.
func (*Join[L, R, K, LID, RID, Out]) EndLeft() error { return nil }

// EndRight implements stream.TwoInput.
func (*Join[L, R, K, LID, RID, Out]) EndRight() error { return nil }

// joinInput is what a streaming join does with the rows of one input, own,
// while other is the state of the other one.
type joinInput[T, O any, K, TID, OID comparable, Out any] struct {
	out   outlet[Out]
	own   *joinSide[T, K, TID]
	other *joinSide[O, K, OID]
	key   func(*T) K
	known func(*K) bool
	match func(own *T, other *O, arena *val.Arena, ok *bool) error
	pair  func(own *T, other *O, out *Out)
	// outer and otherOuter keep the own and the other rows without a match.
	outer, otherOuter, anti bool
	// handle does what a row of the given kind asks for, whose matches are in
	// hits.
	handle func(in *joinInput[T, O, K, TID, OID, Out], row *T, kind val.RowKind) error

	hits []int32 // slots of the other side, in the order in which they came
	n    int64   // rows in them
	// What functions get pointers to: variables would be allocated for each row.
	at      K
	matches bool
}

func (in *joinInput[T, O, K, TID, OID, Out]) process(b *stream.Batch[T]) error {
	in.out.views = b.Arena
	now := max(in.own.ttl.now(), in.other.ttl.now())
	in.own.begin(now, sweeps*len(b.Rows))
	in.other.begin(now, sweeps*len(b.Rows))
	scratch := val.NewArena()
	for i := range b.Rows {
		row := &b.Rows[i]
		if err := in.find(row, scratch); err != nil {
			return err
		}
		if err := in.handle(in, row, b.Kind(i)); err != nil {
			return err
		}
	}
	scratch.Release()
	in.out.views = nil
	b.Release()
	return in.out.flush()
}

// emit gives out a pair, or the row of one side alone, so many times.
func (in *joinInput[T, O, K, TID, OID, Out]) emit(row *T, other *O, kind val.RowKind, times int64) error {
	for range times {
		out, err := in.out.addKind(kind)
		if err != nil {
			return err
		}
		in.pair(row, other, out)
	}
	return nil
}

// find sets hits to the rows of the other side that match one.
func (in *joinInput[T, O, K, TID, OID, Out]) find(row *T, scratch *val.Arena) error {
	in.at = in.key(row)
	in.hits, in.n = in.hits[:0], 0
	if in.known != nil && !in.known(&in.at) {
		return nil
	}
	for i := in.other.first(in.at); i >= 0; i = in.other.slots[i].next {
		slot := &in.other.slots[i]
		if in.other.expired(slot) {
			continue
		}
		if in.match != nil {
			in.matches = false
			if err := in.match(row, &slot.row, scratch, &in.matches); err != nil {
				return err
			}
			if !in.matches {
				continue
			}
		}
		in.hits = append(in.hits, i)
		in.n += slot.count
	}
	return nil
}

// store takes a row in, or back.
func (in *joinInput[T, O, K, TID, OID, Out]) store(row *T, adds bool) {
	if adds {
		in.own.add(row, in.at, in.n)
	} else {
		in.own.retract(row, in.at)
	}
}

// pairs handles a row of an inner or outer join. A row of an outer input, or
// one that takes the place of filled-up rows, makes insertions and deletions of
// updates.
func (in *joinInput[T, O, K, TID, OID, Out]) pairs(row *T, kind val.RowKind) error {
	adds := kind.Adds()
	inserts := val.Delete
	if adds {
		inserts = val.Insert
	}
	if in.outer && in.n == 0 {
		if err := in.emit(row, nil, inserts, 1); err != nil {
			return err
		}
	}
	if in.otherOuter && adds {
		if err := in.count(val.Delete, 0, 1); err != nil {
			return err
		}
	}
	if in.outer || in.otherOuter && adds {
		kind = inserts
	}
	for _, i := range in.hits {
		slot := &in.other.slots[i]
		if err := in.emit(row, &slot.row, kind, slot.count); err != nil {
			return err
		}
	}
	if in.otherOuter && !adds {
		if err := in.count(val.Insert, 1, -1); err != nil {
			return err
		}
	}
	in.store(row, adds)
	return nil
}

// count adds to the number of matches of the other side's rows at hand. Those
// that had exactly so many are emitted, alone.
func (in *joinInput[T, O, K, TID, OID, Out]) count(kind val.RowKind, had, add int64) error {
	for _, i := range in.hits {
		slot := &in.other.slots[i]
		if slot.matches == had {
			if err := in.emit(nil, &slot.row, kind, slot.count); err != nil {
				return err
			}
		}
		slot.matches += add
		slot.written = in.other.now
	}
	return nil
}

// chosen handles a left row of a semi or anti join.
func (in *joinInput[T, O, K, TID, OID, Out]) chosen(row *T, kind val.RowKind) error {
	in.store(row, kind.Adds())
	if in.anti == (in.n == 0) {
		return in.emit(row, nil, kind, 1)
	}
	return nil
}

// chooses handles a right row of a semi or anti join.
func (in *joinInput[T, O, K, TID, OID, Out]) chooses(row *T, kind val.RowKind) error {
	in.store(row, kind.Adds())
	switch {
	case kind.Adds() && in.anti:
		return in.count(val.Delete, 0, 1)
	case kind.Adds():
		return in.count(kind, 0, 1)
	case in.anti:
		return in.count(val.Insert, 1, -1)
	}
	return in.count(kind, 1, -1)
}

// The sides as the state form numbers them.
const (
	leftOfJoin int64 = iota
	rightOfJoin
)

// Snapshot implements stream.Stateful.
func (j *Join[L, R, K, LID, RID, Out]) Snapshot(s *state.Snapshot) error {
	var k K
	j.left.own.snapshot(s, leftOfJoin, func(l *L) uint64 { k = j.f.LeftKey(l); return j.f.Hash(&k) }, j.f.AppendLeft)
	j.right.own.snapshot(s, rightOfJoin, func(r *R) uint64 { k = j.f.RightKey(r); return j.f.Hash(&k) }, j.f.AppendRight)
	return nil
}

// Restore implements stream.Stateful.
func (j *Join[L, R, K, LID, RID, Out]) Restore(r *state.Restored) error {
	return eachEntry(r, func(src []byte) ([]byte, error) {
		var side int64
		src, err := val.DecodeInt(src, &side)
		switch {
		case err != nil:
			return nil, err
		case side == leftOfJoin:
			return j.left.own.restore(src, j.f.LeftKey, j.f.ReadLeft)
		case side == rightOfJoin:
			return j.right.own.restore(src, j.f.RightKey, j.f.ReadRight)
		}
		return nil, noSide(side)
	})
}
