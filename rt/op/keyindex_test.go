package op

import (
	"math/rand/v2"
	"testing"
)

// TestKeyIndex finds what it has, among keys whose hashes are alike in the bits
// by which subtasks are chosen, or at all.
func TestKeyIndex(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, hashes := range []func() uint64{
		r.Uint64, func() uint64 { return r.Uint64() << 7 }, func() uint64 { return uint64(r.IntN(3)) },
	} {
		var x keyIndex
		var keys []uint64
		for range 300 {
			keys = append(keys, hashes())
			x.add(keys[len(keys)-1], int32(len(keys)-1))
		}
		for slot, h := range keys {
			found := false
			for place, end := x.first(h), false; !found && !end; place = x.after(place) {
				var s int32
				s, end = x.at(place, h)
				found = s == int32(slot)
			}
			if !found {
				t.Fatalf("slot %d with hash %x isn't found", slot, h)
			}
		}
	}
}
