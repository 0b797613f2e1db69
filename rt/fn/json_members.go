package fn

import (
	"slices"
	"sync"

	"pyfc/rt/json"
	"pyfc/rt/val"
)

// members are those of a JSON object that is being written.
type members struct{ list []member }

type member struct {
	key    string
	value  val.Typed
	isJSON bool
}

var memberLists = sync.Pool{New: func() any { return new(members) }}

func newMembers() *members { return memberLists.Get().(*members) }

func (m *members) free() {
	clear(m.list)
	m.list = m.list[:0]
	memberLists.Put(m)
}

// put sets the value of a key.
func (m *members) put(key string, value val.Typed, isJSON bool) {
	for i := range m.list {
		if m.list[i].key == key {
			m.list[i] = member{key, value, isJSON}
			return
		}
	}
	m.list = append(m.list, member{key, value, isJSON})
}

// append writes the object, its keys in order.
func (m *members) append(dst []byte) []byte {
	slices.SortFunc(m.list, func(a, b member) int { return json.CompareKeys(a.key, b.key) })
	dst = append(dst, '{')
	for i, e := range m.list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(json.AppendString(dst, e.key), ':')
		dst = appendMember(dst, e.value, e.isJSON)
	}
	return append(dst, '}')
}
