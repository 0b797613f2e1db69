package op

// queue is a list of rows that come behind the others and go from the front.
type queue[R any] struct {
	rows []R
	gone int // of rows
}

func (q *queue[R]) len() int { return len(q.rows) - q.gone }

func (q *queue[R]) all() []R { return q.rows[q.gone:] }

func (q *queue[R]) first() *R { return &q.rows[q.gone] }

// add copies a row behind the others and returns where it is. Rows move to the
// front instead of into more memory where half of it is free.
func (q *queue[R]) add(row *R) *R {
	if len(q.rows) == cap(q.rows) && q.gone > 0 && 2*q.gone >= len(q.rows) {
		n := copy(q.rows, q.all())
		clear(q.rows[n:])
		q.rows, q.gone = q.rows[:n], 0
	}
	q.rows = append(q.rows, *row)
	return &q.rows[len(q.rows)-1]
}

// drop forgets the first row.
func (q *queue[R]) drop() {
	var zero R
	q.rows[q.gone] = zero
	q.gone++
}
