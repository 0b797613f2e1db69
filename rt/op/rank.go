package op

import (
	"slices"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// RankFuncs is what generated code knows of a rank: In is the input row, K the
// comparable key of partitions, Out the input row with or without its number.
type RankFuncs[In any, K comparable, Out any] struct {
	// Key reads the key of a row's partition; Hash is the one that the exchange
	// uses.
	Key  func(r *In) K
	Hash func(k *K) uint64
	// Keep clones what a row views.
	Keep func(r *In)
	// Compare orders rows; nil leaves them in the order in which they came.
	Compare func(x, y *In) int
	// Same says that two rows are the same: of one key where rows are updated by
	// it, else equal.
	Same func(x, y *In) bool
	// Write makes the output row of a number over a zero one.
	Write func(r *In, number int64, o *Out)
	// Append and Read are the state form of a row.
	Append func(dst []byte, r *In) []byte
	Read   func(src []byte, r *In) ([]byte, error)
	// From and To are the numbers that are yielded, from 1.
	From, To int64
	// Numbered says that a row whose number changes is an update; else only rows
	// that come and go matter.
	Numbered bool
	// Strategy says what the input brings.
	Strategy RankStrategy
	// Last is the last moment of the window that a row is in, in milliseconds:
	// only for windows.
	Last func(r *In) int64
	// TTL is for how long a row is kept that isn't written.
	TTL TTL
	// EmitBefore says that consumers want -U rows.
	EmitBefore bool
}

// RankStrategy says what a Rank makes of its input.
type RankStrategy uint8

// The strategies: rows that only come, rows that are updated by a key and only
// rise, rows of every kind; and rows that only come, of which the one that is
// first is yielded, of equal ones the latest.
const (
	RankAppend RankStrategy = iota
	RankUpdate
	RankRetract
	RankLast
)

// ranked is the rows of a partition in their order; equal ones in the order in
// which they came. Unless rows can be taken back there are no more than can be
// yielded.
type ranked[In any] struct{ rows []timed[In] }

// Rank yields the rows of each partition whose number is within bounds, and for
// each input row the changes that Flink emits.
type Rank[In any, K comparable, Out any] struct {
	stream.Forward[Out]
	f     RankFuncs[In, K, Out]
	parts map[K]*ranked[In]
	pool  stream.Pool[Out]
	// Of the batch at hand.
	out *stream.Batch[Out]
	now int64
	// before is what functions get a pointer to: a variable would be allocated for
	// each row.
	before In
}

// NewRank makes the operator of one subtask.
func NewRank[In any, K comparable, Out any](_ *stream.Subtask, out stream.Consumer[Out], f RankFuncs[In, K, Out]) *Rank[In, K, Out] {
	return &Rank[In, K, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, parts: map[K]*ranked[In]{}}
}

// Process implements stream.Consumer.
func (r *Rank[In, K, Out]) Process(b *stream.Batch[In]) error {
	r.begin(len(b.Rows))
	r.out = r.pool.Get()
	r.out.Arena = b.ShareArena()
	for i := range b.Rows {
		row := &b.Rows[i]
		k := r.f.Key(row)
		p := r.parts[k]
		if p != nil {
			r.expire(p)
		}
		switch {
		case !b.Kind(i).Adds():
			if p != nil {
				r.retract(p, row)
				if len(p.rows) == 0 {
					delete(r.parts, k)
				}
			}
		case p != nil:
			r.add(p, row)
		default:
			p = &ranked[In]{}
			if r.add(p, row); len(p.rows) > 0 {
				r.parts[r.f.Key(&p.rows[0].row)] = p
			}
		}
	}
	b.Release()
	out := r.out
	r.out = nil
	return sendOn(r.Out, out)
}

// begin sets the time for a batch of n rows and forgets some of the rows that
// have expired.
func (r *Rank[In, K, Out]) begin(n int) {
	if r.f.TTL == 0 {
		return
	}
	r.now = r.f.TTL.now()
	sweep(r.parts, n, func(k K, p *ranked[In]) {
		if r.expire(p); len(p.rows) == 0 {
			delete(r.parts, k)
		}
	})
}

// expire forgets the rows of a partition that have expired. As in Flink nobody
// is told: the numbers of the others change only with the next rows.
func (r *Rank[In, K, Out]) expire(p *ranked[In]) {
	if r.f.TTL == 0 {
		return
	}
	p.rows = slices.DeleteFunc(p.rows, func(o timed[In]) bool { return r.f.TTL.expired(o.written, r.now) })
}

// add takes a row in.
func (r *Rank[In, K, Out]) add(p *ranked[In], row *In) {
	if r.f.Strategy == RankUpdate {
		if old := r.find(p, row); old >= 0 {
			r.update(p, old, row)
			return
		}
	}
	at := r.f.place(p.rows, row)
	top := r.f.To == 1 && r.f.Strategy != RankRetract
	switch {
	case r.f.Strategy != RankRetract && int64(at) >= r.f.To:
		return
	case top && len(p.rows) > 0: // the only row that counts is replaced
		r.emit(val.UpdateBefore, &p.rows[0].row, 1)
		r.emit(val.UpdateAfter, row, 1)
		r.set(p, 0, row)
		return
	}
	r.insert(p, at, row)
	if r.f.Numbered {
		r.moveDown(p, at)
	} else if n := int(r.f.To); at < n {
		if len(p.rows) > n {
			r.emit(val.Delete, &p.rows[n].row, r.f.To)
		}
		r.emit(val.Insert, row, int64(at)+1)
	}
	if r.f.Strategy != RankRetract && int64(len(p.rows)) > r.f.To {
		p.rows = slices.Delete(p.rows, int(r.f.To), len(p.rows))
	}
}

// find is the position of the first row that is the same, -1 for none.
func (r *Rank[In, K, Out]) find(p *ranked[In], row *In) int {
	for i := range p.rows {
		if r.f.Same(&p.rows[i].row, row) {
			return i
		}
	}
	return -1
}

// insert keeps a row at a position, in front of the one that is there.
func (r *Rank[In, K, Out]) insert(p *ranked[In], at int, row *In) {
	p.rows = slices.Insert(p.rows, at, timed[In]{*row, r.now})
	r.f.Keep(&p.rows[at].row)
}

// set keeps a row at a position, instead of the one that is there.
func (r *Rank[In, K, Out]) set(p *ranked[In], at int, row *In) {
	p.rows[at] = timed[In]{*row, r.now}
	r.f.Keep(&p.rows[at].row)
}

// place is where a row goes: behind the rows that are equal by the order, or
// before them where the latest is wanted.
func (f *RankFuncs[In, K, Out]) place(rows []timed[In], row *In) int {
	last := f.Strategy == RankLast
	switch {
	case last && (f.Compare == nil || len(rows) == 0 || f.Compare(row, &rows[0].row) <= 0):
		return 0
	case last || f.Compare == nil:
		return len(rows)
	}
	low, high := 0, len(rows)
	for low < high {
		mid := int(uint(low+high) / 2)
		if f.Compare(&rows[mid].row, row) <= 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// moveDown emits that the row at a position is new and the rows behind it have
// the next number.
func (r *Rank[In, K, Out]) moveDown(p *ranked[In], at int) {
	last := min(int64(len(p.rows))-1, r.f.To) // numbers that were taken
	n := int64(at) + 1
	for ; n <= last; n++ {
		r.emit(val.UpdateBefore, &p.rows[n].row, n)
		r.emit(val.UpdateAfter, &p.rows[n-1].row, n)
	}
	if n <= r.f.To {
		r.emit(val.Insert, &p.rows[n-1].row, n)
	}
}

// update replaces the row at a position by one of the same key, which can't be
// behind it.
func (r *Rank[In, K, Out]) update(p *ranked[In], old int, row *In) {
	r.before = p.rows[old].row
	at := old
	if r.f.Compare(&r.before, row) != 0 {
		p.rows = slices.Delete(p.rows, old, old+1)
		at = r.f.place(p.rows, row)
		r.insert(p, at, row)
	} else {
		r.set(p, at, row)
	}
	if !r.f.Numbered {
		r.emit(val.UpdateBefore, &r.before, int64(old)+1)
		r.emit(val.UpdateAfter, row, int64(at)+1)
		return
	}
	for i := at; i < old; i++ {
		r.emit(val.UpdateBefore, &p.rows[i+1].row, int64(i)+1)
		r.emit(val.UpdateAfter, &p.rows[i].row, int64(i)+1)
	}
	r.emit(val.UpdateBefore, &r.before, int64(old)+1)
	r.emit(val.UpdateAfter, &p.rows[max(old, at)].row, int64(old)+1)
}

// retract takes the first row that equals the given one out, if there is one.
func (r *Rank[In, K, Out]) retract(p *ranked[In], row *In) {
	at := r.find(p, row)
	if at < 0 {
		return
	}
	if r.f.Numbered {
		n := int64(at) + 1
		for ; n < int64(len(p.rows)) && n <= r.f.To; n++ {
			r.emit(val.UpdateBefore, &p.rows[n-1].row, n)
			r.emit(val.UpdateAfter, &p.rows[n].row, n)
		}
		if n <= r.f.To {
			r.emit(val.Delete, &p.rows[n-1].row, n)
		}
	} else if n := int(r.f.To); at < n {
		r.emit(val.Delete, &p.rows[at].row, int64(at)+1)
		if len(p.rows) > n {
			r.emit(val.Insert, &p.rows[n].row, r.f.To)
		}
	}
	p.rows = slices.Delete(p.rows, at, at+1)
}

// emit adds a change, if its number is within the bounds.
func (r *Rank[In, K, Out]) emit(kind val.RowKind, row *In, number int64) {
	if number < r.f.From || number > r.f.To || kind == val.UpdateBefore && !r.f.EmitBefore {
		return
	}
	r.f.Write(row, number, r.out.AddKind(kind))
}

// Snapshot implements stream.Stateful: the rows of each partition, in order.
func (r *Rank[In, K, Out]) Snapshot(s *state.Snapshot) error {
	for k, p := range r.parts {
		kg := state.Group(r.f.Hash(&k))
		for i := range p.rows {
			s.Groups[kg] = r.f.Append(val.EncodeInt(s.Groups[kg], p.rows[i].written), &p.rows[i].row)
		}
	}
	return nil
}

// Restore implements stream.Stateful.
func (r *Rank[In, K, Out]) Restore(from *state.Restored) error {
	return eachEntry(from, func(src []byte) ([]byte, error) {
		row, src, err := readTimed(src, r.f.Read)
		if err != nil {
			return nil, err
		}
		k := r.f.Key(&row.row)
		if r.parts[k] == nil {
			r.parts[k] = &ranked[In]{}
		}
		r.parts[k].rows = append(r.parts[k].rows, row)
		return src, nil
	})
}
