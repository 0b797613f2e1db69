// Package stream moves batches of rows between the operators of a job: tasks
// with mailboxes, bounded ports, key-group exchanges, checkpoint barriers.
package stream

import (
	"sync"
	"sync/atomic"

	"pyfc/rt/val"
)

// Batch is the unit that travels between operators: rows, their kinds, and the
// arena that their strings view. It has one owner; Process passes it on.
type Batch[R any] struct {
	Rows []R
	// Kinds has one entry per row, or is empty when all rows are insertions.
	Kinds []val.RowKind
	// Arena owns the bytes that the rows' strings view; nil if there are none.
	Arena *val.Arena

	refs atomic.Int32
	pool *Pool[R]
}

// Kind returns the kind of row i.
func (b *Batch[R]) Kind(i int) val.RowKind {
	if len(b.Kinds) == 0 {
		return val.Insert
	}
	return b.Kinds[i]
}

// Add appends a zero row and returns it for filling in; for insert-only
// streams.
func (b *Batch[R]) Add() *R {
	var zero R
	b.Rows = append(b.Rows, zero)
	return &b.Rows[len(b.Rows)-1]
}

// AddKind appends a zero row of the given kind and returns it.
func (b *Batch[R]) AddKind(k val.RowKind) *R {
	b.Kinds = append(b.Kinds, k)
	return b.Add()
}

// Drop takes the last added row back.
func (b *Batch[R]) Drop() {
	b.Rows = b.Rows[:len(b.Rows)-1]
	if len(b.Kinds) > len(b.Rows) {
		b.Kinds = b.Kinds[:len(b.Rows)]
	}
}

// Retain adds an owner, for a fan-out. A batch with several owners is
// read-only.
func (b *Batch[R]) Retain() { b.refs.Add(1) }

// Shared reports whether the batch has more than one owner.
func (b *Batch[R]) Shared() bool { return b.refs.Load() > 1 }

// Release gives the batch up. The last owner's release recycles rows and
// arena.
func (b *Batch[R]) Release() {
	if b.refs.Add(-1) > 0 {
		return
	}
	b.Arena.Release()
	b.Arena = nil
	clear(b.Rows)
	b.Rows = b.Rows[:0]
	b.Kinds = b.Kinds[:0]
	if b.pool != nil {
		b.pool.p.Put(b)
	}
}

// TakeArena returns the arena for a batch derived from this one, writable by
// the caller: the batch's own if the caller is its only owner, else a child.
func (b *Batch[R]) TakeArena() *val.Arena {
	if b.Arena == nil {
		return val.NewArena()
	}
	if b.Shared() {
		b.Arena.Retain()
		return val.NewChild(b.Arena)
	}
	a := b.Arena
	b.Arena = nil
	if a.Shared() {
		return val.NewChild(a)
	}
	return a
}

// ShareArena returns another reference to the arena, for a batch whose rows
// are copies of this one's.
func (b *Batch[R]) ShareArena() *val.Arena {
	b.Arena.Retain()
	return b.Arena
}

// Pool recycles batches.
type Pool[R any] struct{ p sync.Pool }

// Get returns an empty batch with one owner.
func (p *Pool[R]) Get() *Batch[R] {
	b, _ := p.p.Get().(*Batch[R])
	if b == nil {
		b = &Batch[R]{pool: p}
	}
	b.refs.Store(1)
	return b
}
