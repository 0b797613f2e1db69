package op

// keyIndex finds slots by the hashes of their keys, which lie with the slots: a
// map would have a copy of each, and look at it before the slot is.
type keyIndex struct {
	entries []keyEntry // a power of two, at most half of them used
	n       int
}

// keyEntry is empty where next, one more than the slot, is 0.
type keyEntry struct {
	tag  uint32
	next int32
}

// minEntries is the size of an index that has anything.
const minEntries = 16

// tagOf is what an index keeps of a hash. Its lower bits say where a search
// begins. The keys of a subtask have the hash's lower bits in common, so that
// others count.
func tagOf(hash uint64) uint32 { return uint32(hash * 0x9E3779B97F4A7C15 >> 32) }

// first is where the search for a hash begins; the places behind it follow, to
// the first one that is empty.
func (x *keyIndex) first(hash uint64) int { return x.home(tagOf(hash)) }

func (x *keyIndex) home(tag uint32) int { return int(tag) & (len(x.entries) - 1) }

// at is the slot at a place of the search for a hash, or -1 if it is another
// hash's; end says that the search ends there without one.
func (x *keyIndex) at(place int, hash uint64) (slot int32, end bool) {
	e := x.entries[place]
	switch {
	case e.next == 0:
		return -1, true
	case e.tag == tagOf(hash):
		return e.next - 1, false
	}
	return -1, false
}

// candidate is the first slot that a search for a hash comes to, -1 if there is
// none. It may be another hash's.
func (x *keyIndex) candidate(hash uint64) int32 {
	if x.n == 0 {
		return -1
	}
	for place := x.first(hash); ; place = x.after(place) {
		if slot, end := x.at(place, hash); end || slot >= 0 {
			return slot
		}
	}
}

// after is the place behind another.
func (x *keyIndex) after(place int) int { return (place + 1) & (len(x.entries) - 1) }

// add takes a slot in.
func (x *keyIndex) add(hash uint64, slot int32) {
	if 2*(x.n+1) > len(x.entries) {
		old := x.entries
		x.entries = make([]keyEntry, max(minEntries, 2*len(old)))
		for _, e := range old {
			if e.next > 0 {
				x.put(e)
			}
		}
	}
	x.put(keyEntry{tagOf(hash), slot + 1})
	x.n++
}

// put writes an entry at the first free place.
func (x *keyIndex) put(e keyEntry) {
	place := x.home(e.tag)
	for x.entries[place].next != 0 {
		place = x.after(place)
	}
	x.entries[place] = e
}
