package op

import (
	"unsafe"

	"pyfc/rt/spill"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// HashJoin is the join of batch mode: it takes the right input in, by key, and
// then looks the rows of the left one up. Without a key it is a nested loop.
// What doesn't fit into the budget of memory goes into files: see spilledJoin.
type HashJoin[L, R any, K comparable, Out any] struct {
	stream.Forward[Out]
	f      JoinFuncs[L, R, K, Out]
	sub    *stream.Subtask
	memory *spill.Account
	table  hashTable[R]
	built  bool // the right input has ended
	// early are left batches that came before that.
	early []*stream.Batch[L]
	// spilled is set once the right input doesn't fit.
	spilled *spilledJoin[L, R, K, Out]
	pool    stream.Pool[Out]
	// What the functions get pointers to: variables would be allocated for each
	// row.
	key     K
	matches bool
}

// hashTable holds right rows by key, those of one key in the order in which they
// came.
type hashTable[R any] struct {
	rows  []hashRow[R]
	lists []joinList // the rows of each key
	index keyIndex   // of the lists
}

// hashRow is a right row and the next one of its key, -1 for none.
type hashRow[R any] struct {
	row     R
	next    int32
	matched bool // some left row matches
}

// indexBytes is what a map entry takes besides its key, in bytes, roughly.
const indexBytes = 24

// NewHashJoin makes the operator of one subtask.
func NewHashJoin[L, R any, K comparable, Out any](sub *stream.Subtask, out stream.Consumer[Out], f JoinFuncs[L, R, K, Out]) *HashJoin[L, R, K, Out] {
	return &HashJoin[L, R, K, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, memory: sub.Memory.Open()}
}

// Holds implements stream.Holder.
func (j *HashJoin[L, R, K, Out]) Holds() (left, right bool) { return !j.built, false }

// ProcessRight implements stream.TwoInput.
func (j *HashJoin[L, R, K, Out]) ProcessRight(b *stream.Batch[R]) error {
	for i := range b.Rows {
		row := &b.Rows[i]
		if j.spilled == nil && !j.build(row, false) {
			if err := j.spill(); err != nil {
				return err
			}
		}
		if j.spilled != nil {
			if err := j.spilled.right(row); err != nil {
				return err
			}
		}
	}
	b.Release()
	return nil
}

// build takes a right row in, unless none of its matches would show. It reports
// whether there was room, which paid says that there is.
func (j *HashJoin[L, R, K, Out]) build(row *R, paid bool) bool {
	j.key = j.f.RightKey(row)
	known := j.known()
	list, hash := int32(-1), uint64(0)
	if known {
		hash = j.f.Hash(&j.key)
		list = j.find(hash)
	}
	if !known && !j.f.RightOuter || list >= 0 && (j.f.Semi || j.f.Anti) && j.f.Match == nil {
		return true
	}
	if !paid && !j.memory.Grow(j.bytes(row)) {
		return false
	}
	t := &j.table
	n := int32(len(t.rows))
	t.rows = append(t.rows, hashRow[R]{row: *row, next: -1})
	j.f.KeepRight(&t.rows[n].row)
	switch {
	case !known:
	case list >= 0:
		t.rows[t.lists[list].last].next = n
		t.lists[list].last = n
	default:
		t.lists = append(t.lists, joinList{n, n})
		t.index.grow(j.hashOf)
		t.index.add(hash, int32(len(t.lists)-1))
	}
	return true
}

// find is the list of the key at hand, or -1.
func (j *HashJoin[L, R, K, Out]) find(hash uint64) int32 {
	t := &j.table
	if t.index.n == 0 {
		return -1
	}
	for place := t.index.first(hash); ; place = t.index.after(place) {
		list, end := t.index.at(place, hash)
		if end || list >= 0 && j.f.RightKey(&t.rows[t.lists[list].first].row) == j.key {
			return list
		}
	}
}

// hashOf is the hash of the key of a list.
func (j *HashJoin[L, R, K, Out]) hashOf(list int32) uint64 {
	k := j.f.RightKey(&j.table.rows[j.table.lists[list].first].row)
	return j.f.Hash(&k)
}

// known reports whether a row of the key at hand can have a match.
func (j *HashJoin[L, R, K, Out]) known() bool { return j.f.Known == nil || j.f.Known(&j.key) }

// bytes is what a right row takes, in bytes, roughly.
func (j *HashJoin[L, R, K, Out]) bytes(row *R) int64 {
	var k K
	return int64(unsafe.Sizeof(hashRow[R]{})) + int64(unsafe.Sizeof(k)) + indexBytes + int64(j.f.ViewedRight(row))
}

// spill moves what is there into files, in which the rest follows.
func (j *HashJoin[L, R, K, Out]) spill() error {
	s, err := newSpilledJoin(j)
	if err != nil {
		return err
	}
	j.spilled = s
	for i := range j.table.rows {
		if err := s.right(&j.table.rows[i].row); err != nil {
			return err
		}
	}
	j.clear()
	return nil
}

// clear forgets all rows.
func (j *HashJoin[L, R, K, Out]) clear() {
	j.table = hashTable[R]{}
	j.memory.Clear()
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
	if j.built || j.spilled != nil {
		return j.probe(b)
	}
	bytes := int64(0)
	for i := range b.Rows {
		bytes += int64(unsafe.Sizeof(b.Rows[i])) + int64(j.f.ViewedLeft(&b.Rows[i]))
	}
	j.early = append(j.early, b)
	if j.memory.Grow(bytes) {
		return nil
	}
	if err := j.spill(); err != nil {
		return err
	}
	early := j.early
	j.early = nil
	for _, b := range early {
		if err := j.probe(b); err != nil {
			return err
		}
	}
	return nil
}

// EndLeft implements stream.TwoInput.
func (*HashJoin[L, R, K, Out]) EndLeft() error { return nil }

// probe looks the rows of a left batch up, or puts them aside until it can.
func (j *HashJoin[L, R, K, Out]) probe(b *stream.Batch[L]) error {
	if j.spilled != nil {
		for i := range b.Rows {
			if err := j.spilled.left(&b.Rows[i]); err != nil {
				return err
			}
		}
		b.Release()
		return nil
	}
	out := j.batch(b.ShareArena())
	scratch := val.NewArena()
	for i := range b.Rows {
		row := &b.Rows[i]
		found, next, err := j.pairs(row, out, scratch)
		if err != nil {
			return err
		}
		out = next
		if found && j.f.Semi || !found && (j.f.LeftOuter || j.f.Anti) {
			if out, err = j.alone(row, nil, out); err != nil {
				return err
			}
		}
	}
	scratch.Release()
	b.Release()
	return j.send(out)
}

// pairs emits the pairs of a left row; for a semi or anti join it only looks
// whether there is one.
func (j *HashJoin[L, R, K, Out]) pairs(row *L, out *stream.Batch[Out], scratch *val.Arena) (found bool, _ *stream.Batch[Out], err error) {
	for n := j.first(row); n >= 0; n = j.table.rows[n].next {
		right := &j.table.rows[n]
		if j.f.Match != nil {
			j.matches = false
			if err := j.f.Match(row, &right.row, scratch, &j.matches); err != nil {
				return false, out, err
			}
			if !j.matches {
				continue
			}
		}
		found, right.matched = true, true
		if j.f.Semi || j.f.Anti {
			break
		}
		if out, err = j.alone(row, &right.row, out); err != nil {
			return false, out, err
		}
	}
	return found, out, nil
}

// first is the first right row of a left row's key, -1 for none.
func (j *HashJoin[L, R, K, Out]) first(row *L) int32 {
	j.key = j.f.LeftKey(row)
	if j.known() {
		if list := j.find(j.f.Hash(&j.key)); list >= 0 {
			return j.table.lists[list].first
		}
	}
	return -1
}

// alone emits one row, and sends the batch on that this fills. It returns the
// batch to go on with.
func (j *HashJoin[L, R, K, Out]) alone(l *L, r *R, out *stream.Batch[Out]) (*stream.Batch[Out], error) {
	j.f.Pair(l, r, out.Add())
	if len(out.Rows) < j.sub.BatchSize {
		return out, nil
	}
	next := j.batch(out.ShareArena())
	return next, j.Out.Process(out)
}

func (j *HashJoin[L, R, K, Out]) batch(arena *val.Arena) *stream.Batch[Out] {
	out := j.pool.Get()
	out.Arena = arena
	return out
}

func (j *HashJoin[L, R, K, Out]) send(out *stream.Batch[Out]) error {
	if len(out.Rows) == 0 {
		out.Release()
		return nil
	}
	return j.Out.Process(out)
}

// Control implements stream.TwoInput: at the end what is in files is joined, and
// the right rows without a match go out.
func (j *HashJoin[L, R, K, Out]) Control(c stream.Control) error {
	if c.Kind != stream.End {
		return j.Out.Control(c)
	}
	if j.spilled != nil {
		return atEnd(j.sub, j.Out, c, j.spilled.piece)
	}
	if err := j.unmatched(); err != nil {
		return err
	}
	return j.Out.Control(c)
}

// unmatched emits the right rows at hand that have no match, if they are asked
// for.
func (j *HashJoin[L, R, K, Out]) unmatched() (err error) {
	if !j.f.RightOuter {
		return nil
	}
	out := j.batch(nil)
	for i := range j.table.rows {
		if r := &j.table.rows[i]; !r.matched {
			if out, err = j.alone(nil, &r.row, out); err != nil {
				return err
			}
		}
	}
	return j.send(out)
}

// Close implements stream.Closer. The files are removed with the budget.
func (j *HashJoin[L, R, K, Out]) Close() error {
	j.memory.Close()
	return nil
}
