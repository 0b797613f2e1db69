package op

import (
	"math"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// IntervalJoin joins the rows of two streams whose times lie within an interval
// of each other. Pairs go out at once; a row is kept until the watermark says
// that no row of the other side can meet it, and one of an outer side that met
// none goes out then. As in Flink rows are looked through when one of their key
// comes, and else a while after they could have been forgotten: a late row may
// meet what is still there.
type IntervalJoin[L, R any, K comparable, Out any] struct {
	stream.Forward[Out]
	f     JoinFuncs[L, R, K, Out]
	left  *nearSide[L, R, K, Out]
	right *nearSide[R, L, K, Out]
	nearOutput[Out, K]
}

// nearOutput is what both sides of an interval join share.
type nearOutput[Out any, K comparable] struct {
	out   outlet[Out]
	panes panes[*[]func() error]
}

// nearSide is one side of the join: its own rows, T, meet those of the other
// one, O.
type nearSide[T, O any, K comparable, Out any] struct {
	*nearOutput[Out, K]
	other *nearSide[O, T, K, Out]
	keys  map[K]*nearRows[T]
	key   func(*T) K
	known func(*K) bool
	time  func(*T) int64
	keep  func(*T)
	match func(own *T, other *O, arena *val.Arena, ok *bool) error
	pair  func(own *T, other *O, out *Out)
	// back and ahead are how far before and behind a row's time that of the other
	// one may lie.
	back, ahead int64
	outer       bool
	expired     int64 // rows up to that time meet none, as seen last
	at          K     // what functions get a pointer to
	hit         bool
}

// nearRows are the rows of a key on one side.
type nearRows[T any] struct {
	rows   []nearRow[T]
	marked bool // the watermark looks at them at some moment
}

// nearRow is a row with its time.
type nearRow[T any] struct {
	row  T
	time int64
	met  bool
}

// NewIntervalJoin makes the operator of one subtask.
func NewIntervalJoin[L, R any, K comparable, Out any](sub *stream.Subtask, out stream.Consumer[Out], f JoinFuncs[L, R, K, Out]) *IntervalJoin[L, R, K, Out] {
	j := &IntervalJoin[L, R, K, Out]{Forward: stream.Forward[Out]{Out: out}, f: f}
	j.out = newOutlet(sub, out)
	j.panes = newPanes(func() *[]func() error { return new([]func() error) })
	j.left = &nearSide[L, R, K, Out]{
		nearOutput: &j.nearOutput, keys: map[K]*nearRows[L]{}, key: f.LeftKey, known: f.Known, time: f.LeftTime, keep: f.KeepLeft,
		match: f.Match, pair: f.Pair, back: f.To, ahead: -f.From, outer: f.LeftOuter,
	}
	j.right = &nearSide[R, L, K, Out]{
		nearOutput: &j.nearOutput, keys: map[K]*nearRows[R]{}, key: f.RightKey, known: f.Known, time: f.RightTime, keep: f.KeepRight,
		pair: func(r *R, l *L, out *Out) { f.Pair(l, r, out) }, back: -f.From, ahead: f.To, outer: f.RightOuter,
	}
	if f.Match != nil {
		j.right.match = func(r *R, l *L, arena *val.Arena, ok *bool) error { return f.Match(l, r, arena, ok) }
	}
	j.left.other, j.right.other = j.right, j.left
	return j
}

// ProcessLeft implements stream.TwoInput.
func (j *IntervalJoin[L, R, K, Out]) ProcessLeft(b *stream.Batch[L]) error { return j.left.process(b) }

// ProcessRight implements stream.TwoInput.
func (j *IntervalJoin[L, R, K, Out]) ProcessRight(b *stream.Batch[R]) error {
	return j.right.process(b)
}

// EndLeft implements stream.TwoInput.
func (*IntervalJoin[L, R, K, Out]) EndLeft() error { return nil }

// EndRight implements stream.TwoInput.
func (*IntervalJoin[L, R, K, Out]) EndRight() error { return nil }

// Control implements stream.TwoInput.
func (j *IntervalJoin[L, R, K, Out]) Control(c stream.Control) error {
	if c.Kind == stream.Watermark {
		if err := j.panes.advance(c.Time, runAll); err != nil {
			return err
		}
		if err := j.out.flush(); err != nil {
			return err
		}
		if c.Time != math.MaxInt64 { // a row may yet go out with another that came so much later
			c.Time -= max(-j.f.From, j.f.To, 0)
		}
	}
	return j.Out.Control(c)
}

func runAll(_ int64, todo *[]func() error) error {
	for _, f := range *todo {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (s *nearSide[T, O, K, Out]) process(b *stream.Batch[T]) error {
	s.out.views = b.Arena
	scratch := val.NewArena()
	defer scratch.Release()
	for i := range b.Rows {
		if err := s.take(&b.Rows[i], scratch); err != nil {
			return err
		}
	}
	s.out.views = nil
	b.Release()
	return s.out.flush()
}

// take pairs a row with those of the other side, and keeps it as long as others
// may follow.
func (s *nearSide[T, O, K, Out]) take(row *T, scratch *val.Arena) error {
	t := s.time(row)
	met := false
	if never := s.back+s.ahead < 0; !never && s.other.expired < t+s.ahead {
		var err error
		if met, err = s.meet(row, t, scratch); err != nil {
			return err
		}
	} else if never {
		return s.alone(row)
	}
	if s.panes.time >= t+s.ahead {
		if met {
			return nil
		}
		return s.alone(row)
	}
	rows := s.keys[s.key(row)]
	known := rows != nil
	if !known {
		rows = &nearRows[T]{}
	}
	rows.rows = append(rows.rows, nearRow[T]{*row, t, met})
	kept := &rows.rows[len(rows.rows)-1].row
	s.keep(kept)
	k := s.key(kept)
	if !known {
		s.keys[k] = rows
	}
	s.mark(k, rows)
	return nil
}

// alone emits a row of an outer side that has met none.
func (s *nearSide[T, O, K, Out]) alone(row *T) error {
	if !s.outer {
		return nil
	}
	out, err := s.out.add()
	if err == nil {
		s.pair(row, nil, out)
	}
	return err
}

// meet pairs a row with those of the other side whose time is near, and forgets
// those that can't meet any more.
func (s *nearSide[T, O, K, Out]) meet(row *T, t int64, scratch *val.Arena) (met bool, err error) {
	s.at = s.key(row)
	others := s.other.keys[s.at]
	s.other.expire()
	if others == nil || s.known != nil && !s.known(&s.at) {
		return false, nil
	}
	for i := range others.rows {
		o := &others.rows[i]
		if o.time < t-s.back || o.time > t+s.ahead {
			continue
		}
		if s.match != nil {
			s.hit = false
			if err := s.match(row, &o.row, scratch, &s.hit); err != nil {
				return false, err
			}
			if !s.hit {
				continue
			}
		}
		met, o.met = true, true
		out, err := s.out.add()
		if err != nil {
			return false, err
		}
		s.pair(row, &o.row, out)
	}
	return met, s.other.forget(others)
}

// expire sets the time up to which rows can't meet others any more.
func (s *nearSide[T, O, K, Out]) expire() {
	s.expired = s.panes.time
	if s.expired < math.MaxInt64 && s.expired > math.MinInt64+s.ahead {
		s.expired -= s.ahead + 1
	}
}

// forget removes the rows of a key that have expired.
func (s *nearSide[T, O, K, Out]) forget(rows *nearRows[T]) error {
	left := 0
	for i := range rows.rows {
		r := &rows.rows[i]
		switch {
		case r.time > s.expired:
			if i > left {
				rows.rows[left] = *r
			}
			left++
		case !r.met:
			if err := s.alone(&r.row); err != nil {
				return err
			}
		}
	}
	clear(rows.rows[left:])
	rows.rows = rows.rows[:left]
	return nil
}

// mark has the watermark look at the rows of a key when the earliest is behind.
func (s *nearSide[T, O, K, Out]) mark(k K, rows *nearRows[T]) {
	if rows.marked {
		return
	}
	rows.marked = true
	first := rows.rows[0].time
	for i := range rows.rows {
		first = min(first, rows.rows[i].time)
	}
	pane := s.panes.at(first + s.ahead + (s.back+s.ahead)/2 + 1)
	*pane = append(*pane, func() error {
		rows.marked = false
		s.expire()
		if err := s.forget(rows); err != nil {
			return err
		}
		if len(rows.rows) == 0 {
			delete(s.keys, k)
		} else {
			s.mark(k, rows)
		}
		return nil
	})
}

// Snapshot implements stream.Stateful.
func (j *IntervalJoin[L, R, K, Out]) Snapshot(s *state.Snapshot) error {
	j.panes.snapshot(s)
	j.left.snapshot(s, leftOfJoin, j.f.Hash, j.f.AppendLeft)
	j.right.snapshot(s, rightOfJoin, j.f.Hash, j.f.AppendRight)
	return nil
}

func (s *nearSide[T, O, K, Out]) snapshot(snap *state.Snapshot, side int64, hash func(*K) uint64, appendRow func([]byte, *T) []byte) {
	for k, rows := range s.keys {
		kg := state.Group(hash(&k))
		dst := snap.Groups[kg]
		for i := range rows.rows {
			r := &rows.rows[i]
			dst = val.EncodeBool(appendRow(val.EncodeInt(dst, side), &r.row), r.met)
		}
		snap.Groups[kg] = dst
	}
}

// Restore implements stream.Stateful.
func (j *IntervalJoin[L, R, K, Out]) Restore(r *state.Restored) error {
	if err := j.panes.restore(r); err != nil {
		return err
	}
	return eachEntry(r, func(src []byte) ([]byte, error) {
		return j.f.readSide(src, j.left.restore, j.right.restore)
	})
}

func (s *nearSide[T, O, K, Out]) restore(row T, src []byte) ([]byte, error) {
	r := nearRow[T]{row: row, time: s.time(&row)}
	src, err := val.DecodeBool(src, &r.met)
	if err != nil {
		return nil, err
	}
	k := s.key(&row)
	rows := s.keys[k]
	if rows == nil {
		rows = &nearRows[T]{}
		s.keys[k] = rows
	}
	rows.rows = append(rows.rows, r)
	s.mark(k, rows)
	return src, nil
}
