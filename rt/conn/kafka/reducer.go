package kafka

import (
	"slices"
	"time"
)

// reducer keeps the last change of each key until it is time to send them.
type reducer struct {
	limit    int           // changes, of whatever keys
	interval time.Duration // that a change may wait
	index    map[string]int
	entries  []outgoing
	changes  int
}

func newReducer(limit int, interval time.Duration) *reducer {
	return &reducer{limit: limit, interval: interval, index: map[string]int{}}
}

// put takes a change over and reports whether it is time to send.
func (r *reducer) put(m *outgoing) bool {
	at, known := r.index[string(m.key)]
	if !known {
		at = len(r.entries)
		if at < cap(r.entries) {
			r.entries = r.entries[:at+1] // with the memory that it has
		} else {
			r.entries = append(r.entries, outgoing{})
		}
		r.entries[at].key = append(r.entries[at].key[:0], m.key...)
		r.index[string(m.key)] = at
	}
	e := &r.entries[at]
	e.time = m.time
	e.value = copied(e.value, m.value)
	e.headers = slices.Clone(m.headers)
	r.changes++
	return r.changes >= r.limit
}

// copied is src, in the memory of dst if it is enough; nil stays nil.
func copied(dst, src []byte) []byte {
	if src == nil {
		return nil
	}
	if dst == nil {
		dst = []byte{}
	}
	return append(dst[:0], src...)
}

// each sends the kept changes.
func (r *reducer) each(send func(*outgoing) error) error {
	for i := range r.entries {
		if err := send(&r.entries[i]); err != nil {
			return err
		}
	}
	r.entries, r.changes = r.entries[:0], 0
	clear(r.index)
	return nil
}
