package op

import "testing"

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
