package val

import "sync"

// Cache remembers what was made from short texts that a job repeats, such as
// patterns and zones. It holds a bounded number, also of texts that are data.
type Cache[T any] struct{ made Memo[string, T] }

// Get returns what build made of the key, now or before.
func (c *Cache[T]) Get(key string, build func(string) T) T {
	v, ok := c.made.Get(key)
	if !ok {
		key = Keep(key)
		v = build(key)
		c.made.Put(key, v)
	}
	return v
}

// Memo is the memory of a Cache for any keys. What a key views is kept by the
// caller.
type Memo[K comparable, T any] struct {
	mu   sync.RWMutex
	made map[K]T
}

const memoSize = 1000

// Get returns what was put under a key.
func (m *Memo[K, T]) Get(key K) (v T, ok bool) {
	m.mu.RLock()
	v, ok = m.made[key]
	m.mu.RUnlock()
	return v, ok
}

// Put remembers a value; where there are too many, all others are forgotten.
func (m *Memo[K, T]) Put(key K, v T) {
	m.mu.Lock()
	if m.made == nil || len(m.made) >= memoSize {
		m.made = map[K]T{}
	}
	m.made[key] = v
	m.mu.Unlock()
}
