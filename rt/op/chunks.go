package op

// chunks is a growing list that never moves what it has: an append to a slice
// copies it now and then, and needs more than twice its memory meanwhile.
type chunks[T any] struct {
	parts [][]T // all but the last are full
	n     int
}

// chunkSize is the length of a chunk.
const chunkSize = 1 << 12

// add appends an element and returns its number.
func (c *chunks[T]) add(v T) int32 {
	last := len(c.parts) - 1
	if c.n&(chunkSize-1) == 0 {
		c.parts = append(c.parts, nil)
		last++
		if c.n > 0 { // the first one grows: most lists are short
			c.parts[last] = make([]T, 0, chunkSize)
		}
	}
	c.parts[last] = append(c.parts[last], v)
	c.n++
	return int32(c.n - 1)
}

// at is the element of a number.
func (c *chunks[T]) at(n int32) *T {
	return &c.parts[uint32(n)/chunkSize][uint32(n)%chunkSize]
}

// bits is a set of numbers that aren't negative.
type bits []uint64

func (b bits) has(n int) bool { return n/64 < len(b) && b[n/64]>>(n%64)&1 != 0 }

func (b *bits) set(n int) {
	for n/64 >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[n/64] |= 1 << (n % 64)
}
