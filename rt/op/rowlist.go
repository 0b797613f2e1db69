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

// rowList is a list of rows that grows without moving them.
type rowList[R any] struct {
	chunks [][]R
	n      int
}

// chunkRows is the number of rows of a chunk, but for the first one, which
// starts small.
const chunkRows = 1 << 10

func (l *rowList[R]) len() int { return l.n }

func (l *rowList[R]) at(i int) *R { return &l.chunks[i/chunkRows][i%chunkRows] }

// add copies a row behind the others and returns where it is.
func (l *rowList[R]) add(row *R) *R {
	if l.n%chunkRows == 0 {
		size := chunkRows
		if l.n == 0 {
			size = 16
		}
		l.chunks = append(l.chunks, make([]R, 0, size))
	}
	last := &l.chunks[len(l.chunks)-1]
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
