package op

import (
	"cmp"
	"slices"
)

// RowFuncs is what generated code knows of rows that are kept, in memory or in
// files.
type RowFuncs[R any] struct {
	// Keep clones what a row views; Viewed is the size of that, in bytes.
	Keep   func(r *R)
	Viewed func(r *R) int
	// Append and Read are the state form of a row.
	Append func(dst []byte, r *R) []byte
	Read   func(src []byte, r *R) ([]byte, error)
}

// appendKept appends a row that outlives its batch.
func appendKept[R any](rows []R, row *R, keep func(*R)) []R {
	rows = append(rows, *row)
	keep(&rows[len(rows)-1])
	return rows
}

// rowList is a growing list that, but for a short one, never moves what it has:
// an append to a slice copies it now and then, and needs more than twice its
// memory meanwhile.
type rowList[R any] struct {
	chunks [][]R // all but the last are full
	n      int
}

// chunkRows is the number of rows of a chunk.
const chunkRows = 1 << 12

func (l *rowList[R]) len() int { return l.n }

func (l *rowList[R]) at(i int) *R { return &l.chunks[uint(i)/chunkRows][uint(i)%chunkRows] }

// newRowList is a list that n rows, or those of a chunk, fit into as it is.
func newRowList[R any](n int) rowList[R] {
	return rowList[R]{chunks: [][]R{make([]R, 0, min(n, chunkRows))}}
}

// add copies a row behind the others and returns where it is.
func (l *rowList[R]) add(row *R) *R {
	if l.n == len(l.chunks)*chunkRows {
		size := chunkRows
		if l.n == 0 {
			size = 16 // it grows: most lists are short
		}
		l.chunks = append(l.chunks, make([]R, 0, size))
	}
	last := &l.chunks[len(l.chunks)-1]
	if n := len(*last); n == cap(*last) {
		*last = append(make([]R, 0, min(2*n, chunkRows)), *last...)
	}
	*last = append(*last, *row)
	l.n++
	return &(*last)[len(*last)-1]
}

// positions are those of the rows in their order, equal ones as they came; over
// may be written.
func (l *rowList[R]) positions(over []int32, compare func(x, y *R) int) []int32 {
	at := resized(over, l.n)
	for i := range at {
		at[i] = int32(i)
	}
	if compare != nil {
		slices.SortFunc(at, func(x, y int32) int {
			return cmp.Or(compare(l.at(int(x)), l.at(int(y))), int(x-y))
		})
	}
	return at
}

func (l *rowList[R]) clear() { *l = rowList[R]{} }
