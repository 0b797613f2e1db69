package op

import "testing"

// TestChunks holds elements at their numbers and places, beyond one chunk.
func TestChunks(t *testing.T) {
	var c chunks[int]
	first := (*int)(nil)
	for i := range 3*chunkSize + 1 {
		if n := c.add(i * i); int(n) != i {
			t.Fatalf("element %d has the number %d", i, n)
		}
		if i == chunkSize {
			first = c.at(0)
		}
	}
	for i := range c.n {
		if *c.at(int32(i)) != i*i {
			t.Fatalf("element %d is %d", i, *c.at(int32(i)))
		}
	}
	if first != c.at(0) {
		t.Error("an element has moved from a full chunk")
	}
}

// TestBits has what was set, and nothing beside it.
func TestBits(t *testing.T) {
	var b bits
	set := map[int]bool{0: true, 63: true, 64: true, 200: true}
	for n := range set {
		b.set(n)
	}
	for n := range 300 {
		if b.has(n) != set[n] {
			t.Errorf("%d: %v", n, b.has(n))
		}
	}
}
