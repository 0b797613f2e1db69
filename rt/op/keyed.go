package op

import (
	"slices"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// KeyedFuncs is what generated code knows of rows that are kept by a key: R is
// the row, K the comparable key.
type KeyedFuncs[R any, K comparable] struct {
	// Key reads a row's key; Hash is the one that the exchange uses.
	Key  func(r *R) K
	Hash func(k *K) uint64
	// Keep clones what a row views.
	Keep func(r *R)
	// Same says that two rows of a key are the same. Unique says that there is
	// one of these at most: a new one replaces it.
	Same   func(x, y *R) bool
	Unique bool
	// Append and Read are the state form of a row.
	Append func(dst []byte, r *R) []byte
	Read   func(src []byte, r *R) ([]byte, error)
	// TTL is for how long a key is kept that no row comes for. With one, a
	// Normalize emits a row that changes nothing, too, so that what is behind
	// knows that it is alive.
	TTL TTL
	// EmitBefore says that consumers want -U rows.
	EmitBefore bool
}

// kept are the rows of each key, in the order in which they came.
type kept[R any, K comparable] struct {
	f    KeyedFuncs[R, K]
	rows map[K]keptRows[R]
	now  int64 // of the batch at hand
}

// keptRows are the rows of a key, and when they were written.
type keptRows[R any] struct {
	rows    []R
	written int64
}

func newKept[R any, K comparable](f KeyedFuncs[R, K]) kept[R, K] {
	return kept[R, K]{f: f, rows: map[K]keptRows[R]{}}
}

// begin sets the time for a batch of n rows and forgets some of the keys that
// have expired.
func (s *kept[R, K]) begin(n int) {
	if s.f.TTL == 0 {
		return
	}
	s.now = s.f.TTL.now()
	sweep(s.rows, n, func(k K, rows keptRows[R]) {
		if s.f.TTL.expired(rows.written, s.now) {
			delete(s.rows, k)
		}
	})
}

// get are the rows of a key.
func (s *kept[R, K]) get(k K) []R {
	rows := s.rows[k]
	if s.f.TTL.expired(rows.written, s.now) {
		delete(s.rows, k)
		return nil
	}
	return rows.rows
}

// set keeps a row at a place of those of its key, or behind them.
func (s *kept[R, K]) set(k K, rows []R, at int, row *R) {
	if at == 0 {
		delete(s.rows, k) // the key views the row that goes
	}
	if at < len(rows) {
		rows[at] = *row
	} else {
		rows = append(rows, *row)
	}
	s.f.Keep(&rows[at])
	s.put(rows)
}

// remove forgets the row at a place of those of its key.
func (s *kept[R, K]) remove(k K, rows []R, at int) []R {
	if at == 0 {
		delete(s.rows, k)
	}
	rows = slices.Delete(rows, at, at+1)
	if len(rows) > 0 {
		s.put(rows)
	}
	return rows
}

// put sets the rows of a key, under that of the first one: what a key views must
// be kept.
func (s *kept[R, K]) put(rows []R) { s.rows[s.f.Key(&rows[0])] = keptRows[R]{rows, s.now} }

// Snapshot implements stream.Stateful.
func (s *kept[R, K]) Snapshot(snap *state.Snapshot) error {
	for k, rows := range s.rows {
		kg := state.Group(s.f.Hash(&k))
		for i := range rows.rows {
			snap.Groups[kg] = s.f.Append(val.EncodeInt(snap.Groups[kg], rows.written), &rows.rows[i])
		}
	}
	return nil
}

// Restore implements stream.Stateful.
func (s *kept[R, K]) Restore(r *state.Restored) error {
	return eachEntry(r, func(src []byte) ([]byte, error) {
		row, src, err := readTimed(src, s.f.Read)
		if err != nil {
			return nil, err
		}
		k := s.f.Key(&row.row)
		s.rows[k] = keptRows[R]{append(s.rows[k].rows, row.row), row.written}
		return src, nil
	})
}

// Normalize completes changes that give the last row of each key: it emits what
// an update replaces, and all of a row that goes. Where changes are repeated it
// drops an insertion of the row that is there, as PyFlink does; an update that
// changes nothing is emitted.
type Normalize[R any, K comparable] struct {
	stream.Forward[R]
	kept[R, K]
	pool stream.Pool[R]
}

// NewNormalize makes the operator of one subtask.
func NewNormalize[R any, K comparable](_ *stream.Subtask, out stream.Consumer[R], f KeyedFuncs[R, K]) *Normalize[R, K] {
	return &Normalize[R, K]{Forward: stream.Forward[R]{Out: out}, kept: newKept(f)}
}

// Process implements stream.Consumer.
func (n *Normalize[R, K]) Process(b *stream.Batch[R]) error {
	n.begin(len(b.Rows))
	out := n.pool.Get()
	out.Arena = b.ShareArena()
	for i := range b.Rows {
		row := &b.Rows[i]
		k := n.f.Key(row)
		before := n.get(k)
		switch kind := b.Kind(i); {
		case kind == val.UpdateBefore: // its update tells
			continue
		case !kind.Adds():
			if before != nil {
				*out.AddKind(val.Delete) = before[0]
				delete(n.rows, k)
			}
			continue
		case before == nil:
			*out.AddKind(val.Insert) = *row
			n.set(k, nil, 0, row)
			continue
		case kind == val.Insert && n.f.TTL == 0 && n.f.Same(&before[0], row):
			continue
		}
		if n.f.EmitBefore {
			*out.AddKind(val.UpdateBefore) = before[0]
		}
		*out.AddKind(val.UpdateAfter) = *row
		n.set(k, before, 0, row)
	}
	b.Release()
	return sendOn(n.Out, out)
}

// Materialize yields for each key the row that came last of those that are
// there. Same tells rows by the query's key, if it has one.
type Materialize[R any, K comparable] struct {
	stream.Forward[R]
	kept[R, K]
	pool stream.Pool[R]
}

// NewMaterialize makes the operator of one subtask.
func NewMaterialize[R any, K comparable](_ *stream.Subtask, out stream.Consumer[R], f KeyedFuncs[R, K]) *Materialize[R, K] {
	return &Materialize[R, K]{Forward: stream.Forward[R]{Out: out}, kept: newKept(f)}
}

// Process implements stream.Consumer.
func (m *Materialize[R, K]) Process(b *stream.Batch[R]) error {
	m.begin(len(b.Rows))
	out := m.pool.Get()
	out.Arena = b.ShareArena()
	for i := range b.Rows {
		row := &b.Rows[i]
		k := m.f.Key(row)
		rows := m.get(k)
		at := m.find(rows, row)
		if b.Kind(i).Adds() {
			m.add(k, rows, at, row, out)
		} else if at >= 0 {
			m.retract(k, rows, at, row, out)
		}
	}
	b.Release()
	return sendOn(m.Out, out)
}

// find is the place of a row that is the same, -1 for none.
func (m *Materialize[R, K]) find(rows []R, row *R) int {
	for i := range rows {
		if m.f.Same(&rows[i], row) {
			return i
		}
	}
	return -1
}

func (m *Materialize[R, K]) add(k K, rows []R, at int, row *R, out *stream.Batch[R]) {
	kind := val.UpdateAfter
	if len(rows) == 0 {
		kind = val.Insert
	}
	*out.AddKind(kind) = *row
	if at < 0 || !m.f.Unique {
		at = len(rows)
	}
	m.set(k, rows, at, row)
}

func (m *Materialize[R, K]) retract(k K, rows []R, at int, row *R, out *stream.Batch[R]) {
	rows = m.remove(k, rows, at)
	switch {
	case len(rows) == 0:
		*out.AddKind(val.Delete) = *row
	case at == len(rows):
		*out.AddKind(val.UpdateAfter) = rows[at-1]
	}
}
