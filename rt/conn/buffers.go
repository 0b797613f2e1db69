package conn

import "sync"

// Buffers recycles the buffers that a source reads into. Arenas give them back
// from any goroutine.
type Buffers struct {
	mu   sync.Mutex
	free [][]byte
}

// maxFree is how many buffers wait to be used again: enough for what is read
// ahead from a few places, with what it is decompressed to.
const maxFree = 16

// Get returns a buffer of n bytes with any content.
func (p *Buffers) Get(n int) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	best := -1
	for i, b := range p.free {
		if cap(b) >= n && (best < 0 || cap(b) < cap(p.free[best])) {
			best = i
		}
	}
	if best < 0 {
		return make([]byte, n, max(n+n/4, 4<<10))
	}
	b := p.free[best]
	last := len(p.free) - 1
	p.free[best], p.free[last] = p.free[last], nil
	p.free = p.free[:last]
	return b[:n]
}

// Put gives a buffer back. When there are too many the smallest goes.
func (p *Buffers) Put(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) < maxFree {
		p.free = append(p.free, b)
		return
	}
	small := 0
	for i := range p.free {
		if cap(p.free[i]) < cap(p.free[small]) {
			small = i
		}
	}
	if cap(b) > cap(p.free[small]) {
		p.free[small] = b
	}
}
