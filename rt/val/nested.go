package val

import (
	"encoding/binary"

	"pyfc/ir/types"
)

// Nested values are encoded, so that they lie in an arena like texts, compare
// with ==, and one function serves all element types. All numbers are little
// endian.
//
//	ARRAY          count (4 bytes), null bits, slots, heap
//	ROW            null bits, slots, heap
//	MAP, MULTISET  length of the keys' array (4 bytes), array of the keys, array of the values
//
// A slot has the width of its type. What has no fixed width lies in the heap;
// its slot holds offset and length, 4 bytes each, counted from the value's
// first byte. The slot of a NULL is zero.

// Array is the value of an ARRAY.
type Array string

// Map is the value of a MAP, or of a MULTISET, whose values are the counts.
type Map string

// Row is the value of a ROW.
type Row string

const (
	varWidth = 8 // of a slot that points into the heap
	countLen = 4 // of a count or length
)

// slotWidth is the width of a type's slot; fixed is false for one that points
// into the heap.
func slotWidth(k types.Kind) (width int, fixed bool) {
	switch k {
	case types.Boolean, types.TinyInt, types.Null:
		return 1, true
	case types.SmallInt:
		return 2, true
	case types.Int, types.Date, types.Time, types.IntervalYearMonth, types.Float:
		return 4, true
	case types.BigInt, types.IntervalDayTime, types.Double:
		return 8, true
	case types.Timestamp, types.TimestampLTZ:
		return 12, true
	case types.Decimal:
		return 16, true
	}
	return varWidth, false
}

func nullBytes(n int) int { return (n + 7) / 8 }

// writeSlot stores d at buf[at:], and in the heap at buf[heap:] what doesn't
// fit the slot. It returns where the heap goes on.
func writeSlot(buf []byte, at, heap int, d Datum, t *types.Type) int {
	le := binary.LittleEndian
	switch width, fixed := slotWidth(t.Kind); {
	case !fixed:
		le.PutUint32(buf[at:], uint32(heap))
		le.PutUint32(buf[at+4:], uint32(len(d.text)))
		return heap + copy(buf[heap:], d.text)
	case t.Kind == types.Float:
		le.PutUint32(buf[at:], floatBits(d))
	case width == 1:
		buf[at] = byte(d.word)
	case width == 2:
		le.PutUint16(buf[at:], uint16(d.word))
	case width == 4:
		le.PutUint32(buf[at:], uint32(d.word))
	default:
		le.PutUint64(buf[at:], uint64(d.word))
		switch width {
		case 12:
			le.PutUint32(buf[at+8:], uint32(d.high))
		case 16:
			le.PutUint64(buf[at+8:], uint64(d.high))
		}
	}
	return heap
}

// readSlot is the reverse of writeSlot.
func readSlot(s string, at int, t *types.Type) Datum {
	switch width, fixed := slotWidth(t.Kind); {
	case !fixed:
		offset := int(word32(s, at))
		return Datum{text: s[offset : offset+int(word32(s, at+4))]}
	case t.Kind == types.Float:
		return floatDatum(word32(s, at))
	case width == 1:
		return Datum{word: int64(int8(s[at]))}
	case width == 2:
		return Datum{word: int64(int16(uint16(s[at]) | uint16(s[at+1])<<8))}
	case width == 4:
		return Datum{word: int64(int32(word32(s, at)))}
	case width == 12:
		return Datum{word: word64(s, at), high: int64(int32(word32(s, at+8)))}
	case width == 16:
		return Datum{word: word64(s, at), high: word64(s, at+8)}
	default:
		return Datum{word: word64(s, at)}
	}
}

func word32(s string, at int) uint32 {
	_ = s[at+3]
	return uint32(s[at]) | uint32(s[at+1])<<8 | uint32(s[at+2])<<16 | uint32(s[at+3])<<24
}

func word64(s string, at int) int64 {
	return int64(uint64(word32(s, at)) | uint64(word32(s, at+4))<<32)
}

// Len is the number of elements.
func (a Array) Len() int {
	if a == "" {
		return 0
	}
	return int(word32(string(a), 0))
}

// At is element i, from 0, of an array of the given element type.
func (a Array) At(i int, elem *types.Type) Datum {
	if a[countLen+i/8]&(1<<(i%8)) != 0 {
		return Datum{Null: true}
	}
	width, _ := slotWidth(elem.Kind)
	return readSlot(string(a), countLen+nullBytes(a.Len())+i*width, elem)
}

// MakeArray encodes n elements, which at is asked for twice each.
func MakeArray(arena *Arena, elem *types.Type, n int, at func(i int) Datum) Array {
	width, fixed := slotWidth(elem.Kind)
	heap := countLen + nullBytes(n) + n*width
	size := heap
	if !fixed {
		for i := range n {
			size += len(at(i).text)
		}
	}
	buf := arena.Alloc(size)
	clear(buf[:heap])
	binary.LittleEndian.PutUint32(buf, uint32(n))
	for i := range n {
		d := at(i)
		if d.Null {
			buf[countLen+i/8] |= 1 << (i % 8)
			continue
		}
		heap = writeSlot(buf, countLen+nullBytes(n)+i*width, heap, d, elem)
	}
	return Array(View(buf))
}

// NewArray encodes the elements.
func NewArray(arena *Arena, elem *types.Type, items ...Datum) Array {
	return MakeArray(arena, elem, len(items), func(i int) Datum { return items[i] })
}

// Field is field i, from 0, of a row of the ROW type t. Those of the zero value,
// which a NULL column holds, are NULL.
func (r Row) Field(i int, t *types.Type) Datum {
	if len(r) == 0 || r[i/8]&(1<<(i%8)) != 0 {
		return Datum{Null: true}
	}
	at := nullBytes(len(t.Elems))
	for j := range i {
		width, _ := slotWidth(t.Elems[j].Kind)
		at += width
	}
	return readSlot(string(r), at, &t.Elems[i])
}

// NewRow encodes the fields of a row of the ROW type t.
func NewRow(arena *Arena, t *types.Type, fields ...Datum) Row {
	heap := nullBytes(len(fields))
	size := 0
	for i, d := range fields {
		width, fixed := slotWidth(t.Elems[i].Kind)
		heap += width
		if !fixed && !d.Null {
			size += len(d.text)
		}
	}
	buf := arena.Alloc(heap + size)
	clear(buf[:heap])
	at := nullBytes(len(fields))
	for i, d := range fields {
		if d.Null {
			buf[i/8] |= 1 << (i % 8)
		} else {
			heap = writeSlot(buf, at, heap, d, &t.Elems[i])
		}
		width, _ := slotWidth(t.Elems[i].Kind)
		at += width
	}
	return Row(View(buf))
}

// countType is the type of a MULTISET's counts.
var countType = types.Of(types.Int).NotNull()

// MapValue is the type of the values of a MAP, or the counts of a MULTISET.
func MapValue(t *types.Type) *types.Type {
	if t.Kind == types.Multiset {
		return &countType
	}
	return &t.Elems[1]
}

// Keys are the keys of a map, or the elements of a multiset.
func (m Map) Keys() Array {
	if m == "" {
		return ""
	}
	return Array(m[countLen : countLen+word32(string(m), 0)])
}

// Values are the values of a map, in the order of Keys.
func (m Map) Values() Array {
	if m == "" {
		return ""
	}
	return Array(m[countLen+word32(string(m), 0):])
}

// Len is the number of entries.
func (m Map) Len() int { return m.Keys().Len() }

// At is entry i, from 0, of a map of the given type.
func (m Map) At(i int, t *types.Type) (key, value Datum) {
	return m.Keys().At(i, &t.Elems[0]), m.Values().At(i, MapValue(t))
}

// Lookup finds the value of a key.
func (m Map) Lookup(key Datum, t *types.Type) (value Datum, ok bool) {
	keys := m.Keys()
	for i := range keys.Len() {
		if EqualDatum(keys.At(i, &t.Elems[0]), key, &t.Elems[0]) {
			return m.Values().At(i, MapValue(t)), true
		}
	}
	return Datum{Null: true}, false
}

// MakeMap encodes a MAP or MULTISET of two arrays of the same length: keys,
// which must differ, and values.
func MakeMap(arena *Arena, keys, values Array) Map {
	buf := arena.Alloc(countLen + len(keys) + len(values))
	binary.LittleEndian.PutUint32(buf, uint32(len(keys)))
	n := countLen + copy(buf[countLen:], keys)
	copy(buf[n:], values)
	return Map(View(buf))
}
