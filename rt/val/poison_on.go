//go:build pyfcpoison

package val

// poison overwrites released bytes, so that a view that outlived its arena
// shows in every golden.
func poison(b []byte) {
	b = b[:cap(b)]
	for i := range b {
		b[i] = 0xDB
	}
}
