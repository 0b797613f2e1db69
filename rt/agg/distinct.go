package agg

import (
	"unsafe"

	"pyfc/rt/val"
)

// Distinct counts how often each list of arguments has come, for the DISTINCT
// calls that have them in common. K is a generated struct, comparable, that
// holds NULL and floating point numbers so that equal ones are one key.
type Distinct[K comparable] struct {
	// Pointers, since to assign to a key that is there may make the map take over
	// the key at hand, whose views don't last.
	seen map[K]*int64
}

// Add takes arguments in and reports whether they are new. keep clones what a
// new key views.
func (d *Distinct[K]) Add(k K, keep func(*K)) bool {
	if n := d.seen[k]; n != nil {
		*n++
		return false
	}
	if d.seen == nil {
		d.seen = map[K]*int64{}
	}
	own := k
	keep(&own)
	n := int64(1)
	d.seen[own] = &n
	return true
}

// Retract takes arguments back and reports whether they were there for the
// last time.
func (d *Distinct[K]) Retract(k K, _ func(*K)) bool {
	n := d.seen[k]
	if n == nil {
		return false
	}
	if *n > 1 {
		*n--
		return false
	}
	delete(d.seen, k)
	return true
}

// Bytes is what the arguments take, in bytes, roughly, without what they view.
func (d *Distinct[K]) Bytes() int {
	var k K
	return len(d.seen) * (int(unsafe.Sizeof(k)) + entryBytes)
}

// entryBytes is what an entry of a map takes besides its key, in bytes, roughly.
const entryBytes = 32

// AppendState encodes the arguments, in no order, each by the given function.
func (d *Distinct[K]) AppendState(dst []byte, encode func([]byte, *K) []byte) []byte {
	dst = val.EncodeInt(dst, int64(len(d.seen)))
	for k, n := range d.seen {
		dst = val.EncodeInt(encode(dst, &k), *n)
	}
	return dst
}

// ReadState decodes them and returns the rest of src.
func (d *Distinct[K]) ReadState(src []byte, decode func([]byte, *K) ([]byte, error)) ([]byte, error) {
	n := 0
	src, err := val.DecodeCount(src, &n)
	if err != nil || n == 0 {
		return src, err
	}
	d.seen = make(map[K]*int64, n)
	for range n {
		var k K
		var count int64
		if src, err = decode(src, &k); err == nil {
			src, err = val.DecodeInt(src, &count)
		}
		if err != nil {
			return nil, err
		}
		d.seen[k] = &count
	}
	return src, nil
}
