package op

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// What comes behind and goes in front leaves the rows in between, whatever moves.
func TestQueue(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var q queue[int]
	var want []int
	for i := range 1000 {
		if len(want) > 0 && r.IntN(20) < 9 {
			q.drop()
			want = want[1:]
		} else {
			if at := q.add(&i); *at != i {
				t.Fatalf("%d is where %d was added", *at, i)
			}
			want = append(want, i)
		}
		if q.len() != len(want) || len(want) > 0 && *q.first() != want[0] || !slices.Equal(q.all(), want) {
			t.Fatalf("%v, want %v", q.all(), want)
		}
	}
}
