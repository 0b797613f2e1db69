package op

import (
	"container/heap"
	"errors"
	"slices"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// SessionFuncs is what generated code knows of session windows: In is the input
// row, K the comparable key whose rows make sessions, Out the row with its
// window.
type SessionFuncs[In any, K comparable, Out any] struct {
	// Key reads the key; Hash is the one that the exchange uses.
	Key  func(r *In) K
	Hash func(k *K) uint64
	// Time is the time of a row in milliseconds, as windows see it; false for
	// NULL, which is in no window.
	Time func(r *In) (int64, bool)
	// Gap ends a session in which no row comes for so many milliseconds.
	Gap int64
	// Last is the last moment of a window that ends at to, as watermarks see it.
	Last func(to int64) int64
	// Write makes the row with its window over a zero one.
	Write func(r *In, from, to int64, o *Out)
	// Keep, Append and Read are those of a row that is kept.
	Keep   func(r *In)
	Append func(dst []byte, r *In) []byte
	Read   func(src []byte, r *In) ([]byte, error)
	// Updates says that rows aren't all insertions.
	Updates bool
}

// Sessions pairs the rows of each key with the session that they are in. A
// session grows with its rows, so that they go out when the watermark says that
// it is over. A row that would only make a session that is over is late, and
// dropped.
type Sessions[In any, K comparable, Out any] struct {
	stream.Forward[Out]
	f         SessionFuncs[In, K, Out]
	sub       *stream.Subtask
	keys      map[K][]*session[In, K]
	due       sessions[In, K] // the least moment first
	watermark watermark
	out       outlet[Out]
}

// session is a window that is open, from its start to just before its end.
type session[In any, K comparable] struct {
	key      K
	from, to int64
	rows     []kindRow[In]
	// at is the moment at which the watermark looks at it: its last one, or
	// what this was before it grew. gone says that it is part of another.
	at   int64
	gone bool
}

// kindRow is a row that is kept, with its kind.
type kindRow[In any] struct {
	row  In
	kind val.RowKind
}

var errEmptySession = errors.New("a session without rows")

// NewSessions makes the operator of one subtask.
func NewSessions[In any, K comparable, Out any](sub *stream.Subtask, out stream.Consumer[Out], f SessionFuncs[In, K, Out]) *Sessions[In, K, Out] {
	return &Sessions[In, K, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, keys: map[K][]*session[In, K]{}, watermark: noWatermark, out: newOutlet(sub, out)}
}

// Process implements stream.Consumer.
func (s *Sessions[In, K, Out]) Process(b *stream.Batch[In]) error {
	late := 0
	for i := range b.Rows {
		row := &b.Rows[i]
		at, ok := s.f.Time(row)
		if !ok {
			continue
		}
		w := s.session(s.f.Key(row), at, at+s.f.Gap)
		if w == nil {
			late++
			continue
		}
		w.rows = append(w.rows, kindRow[In]{*row, b.Kind(i)})
		kept := &w.rows[len(w.rows)-1].row
		s.f.Keep(kept)
		if len(w.rows) == 1 { // its key views the batch
			w.key = s.f.Key(kept)
			s.open(w)
		}
	}
	if late > 0 {
		s.sub.Count.Late.Add(int64(late))
	}
	b.Release()
	return nil
}

// session is the one of a key that a window is in, which grows by it: the
// sessions that the window touches become one. A new one has no rows, and there
// is none for a window that is over.
func (s *Sessions[In, K, Out]) session(k K, from, to int64) *session[In, K] {
	var found *session[In, K]
	open := s.keys[k]
	for i := 0; i < len(open); {
		w := open[i]
		switch {
		case w.from > to || w.to < from:
			i++
			continue
		case found == nil:
			found = w
			i++
		default:
			found.rows = append(found.rows, w.rows...)
			w.rows, w.gone = nil, true
			open = slices.Delete(open, i, i+1)
			s.keys[k] = open
		}
		from, to = min(from, w.from), max(to, w.to)
	}
	if found != nil {
		found.from, found.to = from, to
		return found
	}
	if s.f.Last(to) <= s.watermark.time {
		return nil
	}
	return &session[In, K]{key: k, from: from, to: to}
}

// open takes a new session in.
func (s *Sessions[In, K, Out]) open(w *session[In, K]) {
	s.keys[w.key] = append(s.keys[w.key], w)
	w.at = s.f.Last(w.to)
	heap.Push(&s.due, w)
}

// Control implements stream.Consumer: the rows of sessions that a watermark ends
// go out before it is passed on.
func (s *Sessions[In, K, Out]) Control(c stream.Control) error {
	if c.Kind == stream.Watermark && s.watermark.rises(c.Time) {
		if err := s.close(c.Time); err != nil {
			return err
		}
	}
	return s.Out.Control(c)
}

func (s *Sessions[In, K, Out]) close(watermark int64) error {
	for len(s.due) > 0 && s.due[0].at <= watermark {
		w, _ := heap.Pop(&s.due).(*session[In, K])
		if w.gone {
			continue
		}
		if at := s.f.Last(w.to); at > w.at { // it has grown
			w.at = at
			heap.Push(&s.due, w)
			continue
		}
		s.forget(w)
		if err := s.give(w); err != nil {
			return err
		}
	}
	return s.out.flush()
}

// give gives the rows of a session out.
func (s *Sessions[In, K, Out]) give(w *session[In, K]) error {
	for i := range w.rows {
		r := &w.rows[i]
		var row *Out
		var err error
		if s.f.Updates {
			row, err = s.out.addKind(r.kind)
		} else {
			row, err = s.out.add()
		}
		if err != nil {
			return err
		}
		s.f.Write(&r.row, w.from, w.to, row)
	}
	return nil
}

func (s *Sessions[In, K, Out]) forget(w *session[In, K]) {
	rest := slices.DeleteFunc(s.keys[w.key], func(o *session[In, K]) bool { return o == w })
	if len(rest) == 0 {
		delete(s.keys, w.key)
	} else {
		s.keys[w.key] = rest
	}
}

// Snapshot implements stream.Stateful.
func (s *Sessions[In, K, Out]) Snapshot(snap *state.Snapshot) error {
	s.watermark.snapshot(snap)
	for k, open := range s.keys {
		kg := state.Group(s.f.Hash(&k))
		dst := snap.Groups[kg]
		for _, w := range open {
			dst = val.EncodeInt(val.EncodeInt(val.EncodeInt(dst, w.from), w.to), int64(len(w.rows)))
			for i := range w.rows {
				dst = s.f.Append(val.EncodeInt(dst, int64(w.rows[i].kind)), &w.rows[i].row)
			}
		}
		snap.Groups[kg] = dst
	}
	return nil
}

// Restore implements stream.Stateful.
func (s *Sessions[In, K, Out]) Restore(r *state.Restored) error {
	if err := s.watermark.restore(r); err != nil {
		return err
	}
	return eachEntry(r, func(src []byte) ([]byte, error) {
		w := &session[In, K]{}
		var n int64
		src, err := decodeInts(src, &w.from, &w.to, &n)
		for ; n > 0 && err == nil; n-- {
			var kind int64
			var kr kindRow[In]
			if src, err = val.DecodeInt(src, &kind); err == nil {
				src, err = s.f.Read(src, &kr.row)
			}
			kr.kind = val.RowKind(kind)
			w.rows = append(w.rows, kr)
		}
		if err == nil && len(w.rows) == 0 {
			err = errEmptySession
		}
		if err != nil {
			return nil, err
		}
		w.key = s.f.Key(&w.rows[0].row)
		s.open(w)
		return src, nil
	})
}

// sessions is a heap by the moment at which the watermark looks at them.
type sessions[In any, K comparable] []*session[In, K]

func (h sessions[In, K]) Len() int           { return len(h) }
func (h sessions[In, K]) Less(i, j int) bool { return h[i].at < h[j].at }
func (h sessions[In, K]) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *sessions[In, K]) Push(x any) {
	w, _ := x.(*session[In, K])
	*h = append(*h, w)
}

// Pop implements heap.Interface.
func (h *sessions[In, K]) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
