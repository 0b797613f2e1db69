package op

import "pyfc/rt/val"

// TTL is the time after which state goes that nobody has written since, in
// milliseconds of processing time: table.exec.state.ttl. 0 keeps it for ever.
// State that has expired isn't seen any more, and is forgotten bit by bit as
// rows come.
type TTL int64

// now is the moment that writes and reads are taken at, in milliseconds since
// the epoch. Where nothing expires the clock isn't asked.
func (t TTL) now() int64 {
	if t == 0 {
		return 0
	}
	return val.Now().UnixMilli()
}

// expired reports whether state is gone at a moment.
func (t TTL) expired(written, now int64) bool { return t > 0 && written+int64(t) <= now }

// sweeps is how many entries of state are looked at for each row that comes, so
// that what has expired goes faster than state grows.
const sweeps = 2

// sweep has some entries of state looked at, when so many rows have come. A map
// begins anywhere, so that each has its turn.
func sweep[K comparable, V any](entries map[K]V, rows int, look func(K, V)) {
	n := sweeps * rows
	for k, v := range entries {
		if n--; n < 0 {
			return
		}
		look(k, v)
	}
}

// timed is a row with the moment at which it was written.
type timed[R any] struct {
	row     R
	written int64
}

// readTimed reads the moment and then the row.
func readTimed[R any](src []byte, read func(src []byte, r *R) ([]byte, error)) (row timed[R], _ []byte, err error) {
	if src, err = val.DecodeInt(src, &row.written); err == nil {
		src, err = read(src, &row.row)
	}
	return row, src, err
}
