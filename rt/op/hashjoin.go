package op

import (
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// HashJoin is the join of batch mode: it takes the right input in, by key, and
// then looks the rows of the left one up. Without a key it is a nested loop.
type HashJoin[L, R any, K comparable, Out any] struct {
	stream.Forward[Out]
	f     JoinFuncs[L, R, K, Out]
	sub   *stream.Subtask
	rows  []hashRow[R]
	index map[K]joinList
	built bool // the right input has ended
	// early are left batches that came before that.
	early []*stream.Batch[L]
	pool  stream.Pool[Out]
	// What the functions get pointers to: variables would be allocated for each
	// row.
	key     K
	matches bool
}

// hashRow is a right row and the next one of its key, -1 for none.
type hashRow[R any] struct {
	row     R
	next    int32
	matched bool // some left row matches
}

// NewHashJoin makes the operator of one subtask.
func NewHashJoin[L, R any, K comparable, Out any](sub *stream.Subtask, out stream.Consumer[Out], f JoinFuncs[L, R, K, Out]) *HashJoin[L, R, K, Out] {
	return &HashJoin[L, R, K, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, index: map[K]joinList{}}
}

// Holds implements stream.Holder.
func (j *HashJoin[L, R, K, Out]) Holds() (left, right bool) { return !j.built, false }

// ProcessRight implements stream.TwoInput.
func (j *HashJoin[L, R, K, Out]) ProcessRight(b *stream.Batch[R]) error {
	for i := range b.Rows {
		j.build(&b.Rows[i])
	}
	b.Release()
	return nil
}

// build takes a right row in, unless none of its matches would show.
func (j *HashJoin[L, R, K, Out]) build(row *R) {
	j.key = j.f.RightKey(row)
	known := j.f.Known == nil || j.f.Known(&j.key)
	list, seen := joinList{}, false
	if known {
		list, seen = j.index[j.key]
	}
	if !known && !j.f.RightOuter || seen && (j.f.Semi || j.f.Anti) && j.f.Match == nil {
		return
	}
	n := int32(len(j.rows))
	j.rows = append(j.rows, hashRow[R]{row: *row, next: -1})
	j.f.KeepRight(&j.rows[n].row)
	if !known {
		return
	}
	if seen {
		j.rows[list.last].next = n
	} else {
		list.first = n
	}
	list.last = n
	j.index[j.f.RightKey(&j.rows[n].row)] = list // a map may take over the key: that of the kept row
}

// EndRight implements stream.TwoInput.
func (j *HashJoin[L, R, K, Out]) EndRight() error {
	j.built = true
	for _, b := range j.early {
		if err := j.probe(b); err != nil {
			return err
		}
	}
	j.early = nil
	return nil
}

// ProcessLeft implements stream.TwoInput.
func (j *HashJoin[L, R, K, Out]) ProcessLeft(b *stream.Batch[L]) error {
	if !j.built {
		j.early = append(j.early, b)
		return nil
	}
	return j.probe(b)
}

// EndLeft implements stream.TwoInput.
func (*HashJoin[L, R, K, Out]) EndLeft() error { return nil }

// probe looks the rows of a left batch up.
func (j *HashJoin[L, R, K, Out]) probe(b *stream.Batch[L]) error {
	out := j.batch(b.ShareArena())
	scratch := val.NewArena()
	for i := range b.Rows {
		row := &b.Rows[i]
		found := false
		for n := j.first(row); n >= 0; n = j.rows[n].next {
			right := &j.rows[n]
			if j.f.Match != nil {
				j.matches = false
				if err := j.f.Match(row, &right.row, scratch, &j.matches); err != nil {
					return err
				}
				if !j.matches {
					continue
				}
			}
			found, right.matched = true, true
			if j.f.Semi || j.f.Anti {
				break
			}
			j.f.Pair(row, &right.row, out.Add())
			var err error
			if out, err = j.whenFull(out); err != nil {
				return err
			}
		}
		if found && j.f.Semi || !found && (j.f.LeftOuter || j.f.Anti) {
			j.f.Pair(row, nil, out.Add())
			var err error
			if out, err = j.whenFull(out); err != nil {
				return err
			}
		}
	}
	scratch.Release()
	b.Release()
	return j.send(out)
}

// first is the first right row of a left row's key, -1 for none.
func (j *HashJoin[L, R, K, Out]) first(row *L) int32 {
	j.key = j.f.LeftKey(row)
	if j.f.Known == nil || j.f.Known(&j.key) {
		if list, ok := j.index[j.key]; ok {
			return list.first
		}
	}
	return -1
}

func (j *HashJoin[L, R, K, Out]) batch(arena *val.Arena) *stream.Batch[Out] {
	out := j.pool.Get()
	out.Arena = arena
	return out
}

// whenFull sends a full batch on and returns the one to go on with.
func (j *HashJoin[L, R, K, Out]) whenFull(out *stream.Batch[Out]) (*stream.Batch[Out], error) {
	if len(out.Rows) < j.sub.BatchSize {
		return out, nil
	}
	next := j.batch(out.ShareArena())
	return next, j.Out.Process(out)
}

func (j *HashJoin[L, R, K, Out]) send(out *stream.Batch[Out]) error {
	if len(out.Rows) == 0 {
		out.Release()
		return nil
	}
	return j.Out.Process(out)
}

// Control implements stream.TwoInput: at the end the right rows without a match
// go out.
func (j *HashJoin[L, R, K, Out]) Control(c stream.Control) error {
	if c.Kind == stream.End && j.f.RightOuter {
		out := j.batch(nil)
		for i := range j.rows {
			if j.rows[i].matched {
				continue
			}
			j.f.Pair(nil, &j.rows[i].row, out.Add())
			var err error
			if out, err = j.whenFull(out); err != nil {
				return err
			}
		}
		if err := j.send(out); err != nil {
			return err
		}
	}
	return j.Out.Control(c)
}
