package op

import (
	"fmt"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// WindowJoin joins the rows of two streams that are in the same window, once the
// watermark of both says that the window is over. Rows that come for a window
// that is over are late, and dropped.
type WindowJoin[L, R any, K comparable, Out any] struct {
	stream.Forward[Out]
	f     JoinFuncs[L, R, K, Out]
	sub   *stream.Subtask
	panes panes[*joinPane[L, R, K]]
	out   outlet[Out]
	// matched says of the right rows of the key at hand whether they have a match.
	matched []bool
	// What functions get pointers to: variables would be allocated for each row.
	key K
	hit bool
}

// joinPane has the rows of windows that end at the same moment by their keys,
// in the order of the first rows.
type joinPane[L, R any, K comparable] struct {
	index map[K]int
	keys  []joinRows[L, R, K]
}

// joinRows are the rows of a key.
type joinRows[L, R any, K comparable] struct {
	key    K
	lefts  []L
	rights []R
}

// NewWindowJoin makes the operator of one subtask.
func NewWindowJoin[L, R any, K comparable, Out any](sub *stream.Subtask, out stream.Consumer[Out], f JoinFuncs[L, R, K, Out]) *WindowJoin[L, R, K, Out] {
	j := &WindowJoin[L, R, K, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, out: newOutlet(sub, out)}
	j.panes = newPanes(func() *joinPane[L, R, K] { return &joinPane[L, R, K]{index: map[K]int{}} })
	return j
}

// ProcessLeft implements stream.TwoInput.
func (j *WindowJoin[L, R, K, Out]) ProcessLeft(b *stream.Batch[L]) error {
	takeWindows(j, b, j.f.LeftKey, j.f.KeepLeft, func(rows *joinRows[L, R, K]) *[]L { return &rows.lefts })
	return nil
}

// ProcessRight implements stream.TwoInput.
func (j *WindowJoin[L, R, K, Out]) ProcessRight(b *stream.Batch[R]) error {
	takeWindows(j, b, j.f.RightKey, j.f.KeepRight, func(rows *joinRows[L, R, K]) *[]R { return &rows.rights })
	return nil
}

// takeWindows takes in a batch of one side.
func takeWindows[T, L, R any, K comparable, Out any](j *WindowJoin[L, R, K, Out], b *stream.Batch[T], key func(*T) K, keep func(*T), side func(*joinRows[L, R, K]) *[]T) {
	for i := range b.Rows {
		row := &b.Rows[i]
		j.key = key(row)
		pane := j.pane()
		if pane == nil {
			continue
		}
		if i, known := pane.index[j.key]; known {
			rows := side(&pane.keys[i])
			*rows = appendKept(*rows, row, keep)
		} else {
			first := appendKept(nil, row, keep)
			*side(pane.rows(key(&first[0]))) = first
		}
	}
	b.Release()
}

// pane is that of the window of the key at hand; nil if it is over.
func (j *WindowJoin[L, R, K, Out]) pane() *joinPane[L, R, K] {
	at := j.f.Last(&j.key)
	if at <= j.panes.time {
		j.sub.Count.Late.Add(1)
		return nil
	}
	return j.panes.at(at)
}

// rows are those of a key, which views a row that is kept.
func (p *joinPane[L, R, K]) rows(k K) *joinRows[L, R, K] {
	i, known := p.index[k]
	if !known {
		i = len(p.keys)
		p.index[k] = i
		p.keys = append(p.keys, joinRows[L, R, K]{key: k})
	}
	return &p.keys[i]
}

// EndLeft implements stream.TwoInput.
func (*WindowJoin[L, R, K, Out]) EndLeft() error { return nil }

// EndRight implements stream.TwoInput.
func (*WindowJoin[L, R, K, Out]) EndRight() error { return nil }

// Control implements stream.TwoInput: what a watermark ends is joined before it
// is passed on.
func (j *WindowJoin[L, R, K, Out]) Control(c stream.Control) error {
	if c.Kind == stream.Watermark {
		if err := j.panes.advance(c.Time, j.close); err != nil {
			return err
		}
		if err := j.out.flush(); err != nil {
			return err
		}
	}
	return j.Out.Control(c)
}

// close joins the rows of a pane.
func (j *WindowJoin[L, R, K, Out]) close(_ int64, pane *joinPane[L, R, K]) error {
	scratch := val.NewArena()
	defer scratch.Release()
	for i := range pane.keys {
		if err := j.join(&pane.keys[i], scratch); err != nil {
			return err
		}
	}
	return nil
}

func (j *WindowJoin[L, R, K, Out]) join(rows *joinRows[L, R, K], scratch *val.Arena) error {
	rights := rows.rights
	if j.f.Known != nil && !j.f.Known(&rows.key) {
		rights = nil
	}
	matched := resized(j.matched, len(rights))
	j.matched = matched
	clear(matched)
	for i := range rows.lefts {
		left, found := &rows.lefts[i], false
		for k := range rights {
			if ok, err := j.matches(left, &rights[k], scratch); err != nil {
				return err
			} else if !ok {
				continue
			}
			found, matched[k] = true, true
			if j.f.Semi || j.f.Anti {
				break
			}
			if err := j.emit(left, &rights[k]); err != nil {
				return err
			}
		}
		if found && j.f.Semi || !found && (j.f.LeftOuter || j.f.Anti) {
			if err := j.emit(left, nil); err != nil {
				return err
			}
		}
	}
	for k := range rows.rights {
		if j.f.RightOuter && (k >= len(matched) || !matched[k]) {
			if err := j.emit(nil, &rows.rights[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *WindowJoin[L, R, K, Out]) matches(l *L, r *R, scratch *val.Arena) (bool, error) {
	if j.f.Match == nil {
		return true, nil
	}
	j.hit = false
	err := j.f.Match(l, r, scratch, &j.hit)
	return j.hit, err
}

func (j *WindowJoin[L, R, K, Out]) emit(l *L, r *R) error {
	out, err := j.out.add()
	if err == nil {
		j.f.Pair(l, r, out)
	}
	return err
}

// Snapshot implements stream.Stateful.
func (j *WindowJoin[L, R, K, Out]) Snapshot(s *state.Snapshot) error {
	j.panes.snapshot(s)
	for _, pane := range j.panes.open {
		for i := range pane.keys {
			rows := &pane.keys[i]
			kg := state.Group(j.f.Hash(&rows.key))
			dst := s.Groups[kg]
			for k := range rows.lefts {
				dst = j.f.AppendLeft(val.EncodeInt(dst, leftOfJoin), &rows.lefts[k])
			}
			for k := range rows.rights {
				dst = j.f.AppendRight(val.EncodeInt(dst, rightOfJoin), &rows.rights[k])
			}
			s.Groups[kg] = dst
		}
	}
	return nil
}

// Restore implements stream.Stateful.
func (j *WindowJoin[L, R, K, Out]) Restore(r *state.Restored) error {
	if err := j.panes.restore(r); err != nil {
		return err
	}
	at := func(k K) *joinRows[L, R, K] {
		j.key = k
		return j.panes.at(j.f.Last(&j.key)).rows(k)
	}
	return eachEntry(r, func(src []byte) ([]byte, error) {
		return j.f.readSide(src, func(l L, src []byte) ([]byte, error) {
			rows := at(j.f.LeftKey(&l))
			rows.lefts = append(rows.lefts, l)
			return src, nil
		}, func(r R, src []byte) ([]byte, error) {
			rows := at(j.f.RightKey(&r))
			rows.rights = append(rows.rights, r)
			return src, nil
		})
	})
}

// readSide reads the side of an entry and its row, and hands the row over with
// what follows it.
func (f *JoinFuncs[L, R, K, Out]) readSide(src []byte, left func(L, []byte) ([]byte, error), right func(R, []byte) ([]byte, error)) ([]byte, error) {
	var side int64
	src, err := val.DecodeInt(src, &side)
	switch {
	case err != nil:
		return nil, err
	case side == leftOfJoin:
		var l L
		if src, err = f.ReadLeft(src, &l); err != nil {
			return nil, err
		}
		return left(l, src)
	case side == rightOfJoin:
		var r R
		if src, err = f.ReadRight(src, &r); err != nil {
			return nil, err
		}
		return right(r, src)
	}
	return nil, noSide(side)
}

func noSide(side int64) error { return fmt.Errorf("a join has no side %d", side) }
