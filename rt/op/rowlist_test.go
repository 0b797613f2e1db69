package op

import "testing"

// TestRowList holds rows at their positions and places, beyond one chunk.
func TestRowList(t *testing.T) {
	var l rowList[int]
	first := (*int)(nil)
	for i := range 3*chunkRows + 1 {
		square := i * i
		if at := l.add(&square); *at != square {
			t.Fatalf("%d is where %d was added", *at, square)
		}
		if i == chunkRows {
			first = l.at(0)
		}
	}
	for i := range l.len() {
		if *l.at(i) != i*i {
			t.Fatalf("row %d is %d", i, *l.at(i))
		}
	}
	if first != l.at(0) {
		t.Error("a row has moved from a full chunk")
	}
}
