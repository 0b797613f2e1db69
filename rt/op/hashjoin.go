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
	// early are left rows that came before that: copies, since a batch may be a
	// small part of what it views.
	early rowList[L]
	// spilled is set once the right input doesn't fit.
	spilled *spilledJoin[L, R, K, Out]
	out     outlet[Out]
	// hashes and hits are those of the rows of the batch at hand: see lookUp.
	hashes []uint64
	hits   []int32
	// What the functions get pointers to: variables would be allocated for each
	// row.
	key     K
	matches bool
}

// hashTable holds right rows by key, those of one key in the order in which they
// came.
type hashTable[R any] struct {
	rows    rowList[hashRow[R]]
	index   keyIndex // of each key's first row
	matched bits     // the rows that some left row matches
}

// hashRow is a right row in the list of its key.
type hashRow[R any] struct {
	row  R
	next int32 // row of the key, -1 for none
	last int32 // row of the key, where this is its first one
}

// indexBytes is what a key takes in an index, in bytes: entries are doubled when
// half of them are used.
const indexBytes = 3 * int64(unsafe.Sizeof(keyEntry{}))

// NewHashJoin makes the operator of one subtask.
func NewHashJoin[L, R any, K comparable, Out any](sub *stream.Subtask, out stream.Consumer[Out], f JoinFuncs[L, R, K, Out]) *HashJoin[L, R, K, Out] {
	return &HashJoin[L, R, K, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, memory: sub.Memory.Open(), out: newOutlet(sub, out)}
}

// Holds implements stream.Holder.
func (j *HashJoin[L, R, K, Out]) Holds() (left, right bool) { return !j.built, false }

// ProcessRight implements stream.TwoInput.
func (j *HashJoin[L, R, K, Out]) ProcessRight(b *stream.Batch[R]) error {
	lookUp(j, b.Rows, j.f.RightKey)
	for i := range b.Rows {
		row := &b.Rows[i]
		if j.spilled == nil && !j.build(row, j.hashes[i], j.hits[i], false) {
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

// build takes a right row in, unless none of its matches would show; hit is the
// first row of its key, or -1 if that isn't known. It reports whether there was
// room, which paid says that there is.
func (j *HashJoin[L, R, K, Out]) build(row *R, hash uint64, hit int32, paid bool) bool {
	j.key = j.f.RightKey(row)
	known := j.known()
	if known && hit < 0 {
		hit = j.find(hash)
	}
	if !known && !j.f.RightOuter || hit >= 0 && (j.f.Semi || j.f.Anti) && j.f.Match == nil {
		return true
	}
	if !paid && !j.memory.Grow(j.bytes(row)) {
		return false
	}
	t := &j.table
	n := int32(t.rows.len())
	j.f.KeepRight(&t.rows.add(&hashRow[R]{row: *row, next: -1, last: n}).row)
	switch {
	case !known:
	case hit >= 0:
		first := t.rows.at(int(hit))
		t.rows.at(int(first.last)).next = n
		first.last = n
	default:
		t.index.add(hash, n)
	}
	return true
}

// lookUp sets hashes and hits for the rows of a batch: a hit is the first right
// row of the key, -1 for none. It goes over all rows with each of its steps,
// since a step's visits to memory don't wait for each other, while the steps of
// one row do.
func lookUp[T, L, R any, K comparable, Out any](j *HashJoin[L, R, K, Out], rows []T, key func(*T) K) {
	j.hashes, j.hits = j.hashes[:0], j.hits[:0]
	for i := range rows {
		j.key = key(&rows[i])
		j.hashes = append(j.hashes, j.f.Hash(&j.key))
	}
	for _, hash := range j.hashes {
		j.hits = append(j.hits, j.table.index.candidate(hash))
	}
	for i, hit := range j.hits {
		if hit < 0 {
			continue
		}
		if j.key = key(&rows[i]); j.f.RightKey(&j.table.rows.at(int(hit)).row) != j.key {
			j.hits[i] = j.find(j.hashes[i])
		}
	}
}

// find is the first row of the key at hand, or -1.
func (j *HashJoin[L, R, K, Out]) find(hash uint64) int32 {
	t := &j.table
	if t.index.n == 0 {
		return -1
	}
	for place := t.index.first(hash); ; place = t.index.after(place) {
		n, end := t.index.at(place, hash)
		if end || n >= 0 && j.f.RightKey(&t.rows.at(int(n)).row) == j.key {
			return n
		}
	}
}

// known reports whether a row of the key at hand can have a match.
func (j *HashJoin[L, R, K, Out]) known() bool { return j.f.Known == nil || j.f.Known(&j.key) }

// bytes is what a right row takes, in bytes, roughly.
func (j *HashJoin[L, R, K, Out]) bytes(row *R) int64 {
	return int64(unsafe.Sizeof(hashRow[R]{})) + indexBytes + int64(j.f.ViewedRight(row))
}

// spill moves what is there into files, in which the rest follows.
func (j *HashJoin[L, R, K, Out]) spill() error {
	s, err := newSpilledJoin(j)
	if err != nil {
		return err
	}
	j.spilled = s
	for i := range j.table.rows.len() {
		if err := s.right(&j.table.rows.at(i).row); err != nil {
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
	return j.probeEarly()
}

func (j *HashJoin[L, R, K, Out]) probeEarly() error {
	early := j.early
	j.early.clear()
	for _, rows := range early.chunks {
		if err := j.probe(rows, nil); err != nil {
			return err
		}
	}
	return nil
}

// ProcessLeft implements stream.TwoInput.
func (j *HashJoin[L, R, K, Out]) ProcessLeft(b *stream.Batch[L]) error {
	defer b.Release()
	if j.built || j.spilled != nil {
		return j.probe(b.Rows, b.Arena)
	}
	bytes := int64(0)
	for i := range b.Rows {
		row := j.early.add(&b.Rows[i])
		j.f.KeepLeft(row)
		bytes += int64(unsafe.Sizeof(*row)) + int64(j.f.ViewedLeft(row))
	}
	if j.memory.Grow(bytes) {
		return nil
	}
	if err := j.spill(); err != nil {
		return err
	}
	return j.probeEarly()
}

// EndLeft implements stream.TwoInput.
func (*HashJoin[L, R, K, Out]) EndLeft() error { return nil }

// probe looks left rows up, which view the arena, or puts them into files until
// it can.
func (j *HashJoin[L, R, K, Out]) probe(rows []L, arena *val.Arena) error {
	if j.spilled != nil {
		for i := range rows {
			if err := j.spilled.left(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	}
	lookUp(j, rows, j.f.LeftKey)
	j.out.views = arena
	scratch := val.NewArena()
	for i := range rows {
		row := &rows[i]
		found, err := j.pairs(row, j.hits[i], scratch)
		if err != nil {
			return err
		}
		if found && j.f.Semi || !found && (j.f.LeftOuter || j.f.Anti) {
			if err := j.emit(row, nil); err != nil {
				return err
			}
		}
	}
	scratch.Release()
	err := j.out.flush()
	j.out.views = nil
	return err
}

// pairs emits the pairs of a left row with the right ones of its key, of which
// it is given the first; for a semi or anti join it only looks whether there is
// one.
func (j *HashJoin[L, R, K, Out]) pairs(row *L, n int32, scratch *val.Arena) (found bool, err error) {
	for next := n; next >= 0; {
		right := j.table.rows.at(int(next))
		n, next = next, right.next
		if j.f.Match != nil {
			j.matches = false
			if err := j.f.Match(row, &right.row, scratch, &j.matches); err != nil {
				return false, err
			}
			if !j.matches {
				continue
			}
		}
		found = true
		if j.f.RightOuter {
			j.table.matched.set(int(n))
		}
		if j.f.Semi || j.f.Anti {
			break
		}
		if err := j.emit(row, &right.row); err != nil {
			return false, err
		}
	}
	return found, nil
}

// emit gives out a pair, or the row of one side alone.
func (j *HashJoin[L, R, K, Out]) emit(l *L, r *R) error {
	out, err := j.out.add()
	if err == nil {
		j.f.Pair(l, r, out)
	}
	return err
}

// Control implements stream.TwoInput: at the end what is in files is joined, and
// the right rows without a match go out.
func (j *HashJoin[L, R, K, Out]) Control(c stream.Control) error {
	if c.Kind != stream.End {
		return j.Out.Control(c)
	}
	if j.spilled != nil {
		return AtEnd(j.sub, j.Out, c, j.spilled.piece)
	}
	if err := j.unmatched(); err != nil {
		return err
	}
	return j.Out.Control(c)
}

// unmatched emits the right rows at hand that have no match, if they are asked
// for.
func (j *HashJoin[L, R, K, Out]) unmatched() error {
	if !j.f.RightOuter {
		return nil
	}
	for i := range j.table.rows.len() {
		if !j.table.matched.has(i) {
			if err := j.emit(nil, &j.table.rows.at(i).row); err != nil {
				return err
			}
		}
	}
	return j.out.flush()
}

// Close implements stream.Closer. The files are removed with the budget.
func (j *HashJoin[L, R, K, Out]) Close() error {
	j.memory.Close()
	return nil
}
