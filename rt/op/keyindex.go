package op

// keyIndex finds slots by the hashes of their keys, which lie with the slots: a
// map would have a copy of each, and look at it before the slot is.
type keyIndex struct {
	entries []keyEntry // a power of two, at most half of them used
	n       int
}

// keyEntry is empty where next, one more than the slot, is 0.
type keyEntry struct {
	hash uint32
	next int32
}

// minEntries is the size of an index that has anything.
const minEntries = 16

// first is where the search for a hash begins; the places behind it follow, to
// the first one that is empty. The keys of a subtask have their lower bits in
// common, so that others count.
func (x *keyIndex) first(hash uint64) int {
	return int(hash*0x9E3779B97F4A7C15>>32) & (len(x.entries) - 1)
}

// at is the slot at a place of the search for a hash, or -1 if it is another
// hash's; end says that the search ends there without one.
func (x *keyIndex) at(place int, hash uint64) (slot int32, end bool) {
	e := x.entries[place]
	switch {
	case e.next == 0:
		return -1, true
	case e.hash == uint32(hash>>32):
		return e.next - 1, false
	}
	return -1, false
}

// after is the place behind another.
func (x *keyIndex) after(place int) int { return (place + 1) & (len(x.entries) - 1) }

// grow makes room for another slot; hash is that of a slot's key.
func (x *keyIndex) grow(hash func(slot int32) uint64) {
	if 2*(x.n+1) <= len(x.entries) {
		return
	}
	old := x.entries
	x.entries = make([]keyEntry, max(minEntries, 2*len(old)))
	x.n = 0
	for _, e := range old {
		if e.next > 0 {
			x.add(hash(e.next-1), e.next-1)
		}
	}
}

// add takes a slot in, for which there is room.
func (x *keyIndex) add(hash uint64, slot int32) {
	place := x.first(hash)
	for x.entries[place].next != 0 {
		place = x.after(place)
	}
	x.entries[place] = keyEntry{uint32(hash >> 32), slot + 1}
	x.n++
}
