package stream

import "sync"

// Shared holds a value that the subtasks of one operator have in common, such as
// what a source knows of its splits. It is safe for concurrent use; the value has
// to be, too.
type Shared struct {
	once  sync.Once
	value any
}

// Get returns the value, which the first call makes.
func (s *Shared) Get(make func() any) any {
	s.once.Do(func() { s.value = make() })
	return s.value
}
