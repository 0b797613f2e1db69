// Package val holds the values that rows are made of: row kinds, the arenas
// that string columns view, and the visitor through which sinks read a row.
package val

import (
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// RowKind says what a row of a changelog does. Its values are Flink's.
type RowKind uint8

// The row kinds.
const (
	Insert RowKind = iota
	UpdateBefore
	UpdateAfter
	Delete
)

// String is Flink's short form: "+I", "-U", "+U", "-D".
func (k RowKind) String() string { return [...]string{"+I", "-U", "+U", "-D"}[k] }

// Adds reports whether the row adds to a result (+I, +U) rather than takes
// away from it.
func (k RowKind) Adds() bool { return k == Insert || k == UpdateAfter }

// Arena owns bytes that the strings of a batch view. It is reference counted:
// the last Release recycles it. Only the task that holds an arena exclusively
// may write into it.
type Arena struct {
	refs    atomic.Int32
	parent  *Arena
	adopted [][]byte // from a source
	recycle func([]byte)
	full    [][]byte // chunks
	cur     []byte   // the chunk being written; its capacity never moves
}

const chunkSize = 64 << 10

// chunks are those that no arena holds.
var chunks = sync.Pool{New: func() any { return new([chunkSize]byte) }}

// newChunk has room for n bytes.
func newChunk(n int) []byte {
	if n > chunkSize {
		return make([]byte, 0, n)
	}
	return chunks.Get().(*[chunkSize]byte)[:0]
}

// poisoning overwrites released bytes, so that a view that outlived its arena
// shows. PYFC_POISON in the environment of any binary asks for it.
var poisoning = os.Getenv("PYFC_POISON") != ""

func poison(b []byte) {
	if poisoning {
		b = b[:cap(b)]
		for i := range b {
			b[i] = 0xDB
		}
	}
}

func freeChunk(c []byte) {
	poison(c)
	if cap(c) == chunkSize {
		chunks.Put((*[chunkSize]byte)(c[:chunkSize]))
	}
}

// NewArena returns an arena with one reference.
func NewArena() *Arena {
	a := &Arena{}
	a.refs.Store(1)
	return a
}

// NewChild returns an arena that keeps parent alive and may be written to
// while others read the parent. It takes over the caller's reference.
func NewChild(parent *Arena) *Arena {
	a := NewArena()
	a.parent = parent
	return a
}

// Adopt makes the arena the owner of buf, a source's buffer. The recycle
// function, if any, gets it back at the last Release.
func (a *Arena) Adopt(buf []byte, recycle func([]byte)) {
	a.adopted = append(a.adopted, buf)
	a.recycle = recycle
}

// Retain adds a reference.
func (a *Arena) Retain() {
	if a != nil {
		a.refs.Add(1)
	}
}

// Shared reports whether there is more than one reference.
func (a *Arena) Shared() bool { return a.refs.Load() > 1 }

// Release drops a reference. After the last one no view may be read.
func (a *Arena) Release() {
	if a == nil || a.refs.Add(-1) > 0 {
		return
	}
	if a.parent != nil {
		a.parent.Release()
		a.parent = nil
	}
	for _, b := range a.adopted {
		poison(b)
		if a.recycle != nil {
			a.recycle(b)
		}
	}
	for _, c := range a.full {
		freeChunk(c)
	}
	if a.cur != nil {
		freeChunk(a.cur)
	}
	a.adopted, a.full, a.cur = nil, nil, nil
}

// Alloc returns n writable bytes of the arena.
func (a *Arena) Alloc(n int) []byte {
	if cap(a.cur)-len(a.cur) < n {
		if a.cur != nil {
			a.full = append(a.full, a.cur)
		}
		a.cur = newChunk(n)
	}
	l := len(a.cur)
	a.cur = a.cur[:l+n]
	return a.cur[l : l+n : l+n]
}

// Concat writes the parts one after the other and returns the view.
func (a *Arena) Concat(parts ...string) string {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	buf := a.Alloc(n)
	i := 0
	for _, p := range parts {
		i += copy(buf[i:], p)
	}
	return View(buf)
}

// View returns the bytes as a string without a copy; it is valid as long as
// their owner is.
func View(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Keep clones a view, for whatever outlives the call: state, keys, buffers,
// samples.
func Keep[T ~string](s T) T { return T(strings.Clone(string(s))) }
