package fn

import (
	"slices"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// ArrayAppend puts an element behind the array.
func ArrayAppend(a *val.Arena, v val.Array, d val.Datum, array, _, result *types.Type) val.Array {
	n := v.Len()
	return val.MakeArray(a, &result.Elems[0], n+1, func(i int) val.Datum {
		if i == n {
			return d
		}
		return v.At(i, &array.Elems[0])
	})
}

// ArrayPrepend puts an element before the array.
func ArrayPrepend(a *val.Arena, v val.Array, d val.Datum, array, _, result *types.Type) val.Array {
	return val.MakeArray(a, &result.Elems[0], v.Len()+1, func(i int) val.Datum {
		if i == 0 {
			return d
		}
		return v.At(i-1, &array.Elems[0])
	})
}

// ArrayConcat joins arrays.
func ArrayConcat(a *val.Arena, t *types.Type, arrays ...val.Array) val.Array {
	s := newScratch()
	defer s.free()
	for _, v := range arrays {
		for i := range v.Len() {
			s.add(v.At(i, &t.Elems[0]))
		}
	}
	return s.toArray(a, &t.Elems[0])
}

// position is the position of an element from 0, or -1.
func position(v val.Array, d val.Datum, elem *types.Type) int {
	for i := range v.Len() {
		if same(v.At(i, elem), d, elem) {
			return i
		}
	}
	return -1
}

// ArrayContains reports whether there is such an element; NULL is one.
func ArrayContains(v val.Array, d val.Datum, t, _, _ *types.Type) bool {
	return position(v, d, &t.Elems[0]) >= 0
}

// ArrayPosition is the first position of an element from 1, or 0; NULL of NULL.
func ArrayPosition(v val.Array, d val.Datum, t, _, _ *types.Type) (int32, bool) {
	if d.Null {
		return 0, false
	}
	return int32(position(v, d, &t.Elems[0]) + 1), true
}

// ArrayRemove leaves out all elements that are equal to one.
func ArrayRemove(a *val.Arena, v val.Array, d val.Datum, t, _, _ *types.Type) val.Array {
	elem := &t.Elems[0]
	return filter(a, v, elem, func(e val.Datum) bool { return !same(e, d, elem) })
}

func filter(a *val.Arena, v val.Array, elem *types.Type, keep func(val.Datum) bool) val.Array {
	s := newScratch()
	defer s.free()
	for i := range v.Len() {
		if e := v.At(i, elem); keep(e) {
			s.add(e)
		}
	}
	return s.toArray(a, elem)
}

// ArrayDistinct leaves out what is equal to an element before it.
func ArrayDistinct(a *val.Arena, v val.Array, t, _ *types.Type) val.Array {
	return ArrayUnion(a, v, "", t, nil, nil)
}

// ArrayUnion has each element of two arrays once.
func ArrayUnion(a *val.Arena, v, w val.Array, t, _, _ *types.Type) val.Array {
	s := newScratch()
	defer s.free()
	elem := &t.Elems[0]
	for _, x := range [...]val.Array{v, w} {
		for i := range x.Len() {
			s.once(x.At(i, elem), elem)
		}
	}
	return s.toArray(a, elem)
}

// once adds an element unless there is an equal one.
func (s *scratch) once(d val.Datum, t *types.Type) {
	if !slices.ContainsFunc(s.items, func(e val.Datum) bool { return same(e, d, t) }) {
		s.add(d)
	}
}

// ArrayIntersect has each element of both arrays once.
func ArrayIntersect(a *val.Arena, v, w val.Array, t, _, _ *types.Type) val.Array {
	return meeting(a, v, w, &t.Elems[0], true)
}

// ArrayExcept has each element of the first array that isn't in the second
// once.
func ArrayExcept(a *val.Arena, v, w val.Array, t, _, _ *types.Type) val.Array {
	return meeting(a, v, w, &t.Elems[0], false)
}

func meeting(a *val.Arena, v, w val.Array, elem *types.Type, in bool) val.Array {
	s := newScratch()
	defer s.free()
	for i := range v.Len() {
		if e := v.At(i, elem); (position(w, e, elem) >= 0) == in {
			s.once(e, elem)
		}
	}
	return s.toArray(a, elem)
}

// ArrayReverse has the elements in reverse order.
func ArrayReverse(a *val.Arena, v val.Array, t, _ *types.Type) val.Array {
	n := v.Len()
	return val.MakeArray(a, &t.Elems[0], n, func(i int) val.Datum { return v.At(n-1-i, &t.Elems[0]) })
}

// ArraySliceFrom has the elements from a position on.
func ArraySliceFrom(a *val.Arena, v val.Array, from int32, t, _, _ *types.Type) val.Array {
	return ArraySlice(a, v, from, int32(v.Len()), t, nil, nil, nil)
}

// ArraySlice has the elements from one position to another, both included.
// Positions count from 1, negative ones from the end; 0 is the first.
func ArraySlice(a *val.Arena, v val.Array, from, to int32, t, _, _, _ *types.Type) val.Array {
	n := v.Len()
	place := func(p int32) int {
		switch {
		case p == 0:
			return 1
		case p < 0:
			return n + 1 + int(p)
		}
		return int(p)
	}
	first, last := max(place(from), 1), min(place(to), n)
	return val.MakeArray(a, &t.Elems[0], max(last-first+1, 0), func(i int) val.Datum {
		return v.At(first-1+i, &t.Elems[0])
	})
}

// ArraySort sorts ascending, NULL first.
func ArraySort(a *val.Arena, v val.Array, t, _ *types.Type) val.Array {
	return sorted(a, v, true, true, t)
}

// ArraySortOrder sorts ascending with NULL first, or descending with NULL last.
func ArraySortOrder(a *val.Arena, v val.Array, ascending bool, t, _, _ *types.Type) val.Array {
	return sorted(a, v, ascending, ascending, t)
}

// ArraySortNulls says for itself where NULL goes.
func ArraySortNulls(a *val.Arena, v val.Array, ascending, nullsFirst bool, t, _, _, _ *types.Type) val.Array {
	return sorted(a, v, ascending, nullsFirst, t)
}

func sorted(a *val.Arena, v val.Array, ascending, nullsFirst bool, t *types.Type) val.Array {
	s := newScratch()
	defer s.free()
	elem := &t.Elems[0]
	for i := range v.Len() {
		s.add(v.At(i, elem))
	}
	slices.SortStableFunc(s.items, func(x, y val.Datum) int {
		c := val.CompareDatum(x, y, elem)
		if x.Null || y.Null {
			if !nullsFirst {
				c = -c
			}
			return c
		}
		if !ascending {
			c = -c
		}
		return c
	})
	return s.toArray(a, elem)
}

// ArrayMax is the greatest element that isn't NULL.
func ArrayMax(v val.Array, t, _ *types.Type) val.Datum { return extreme(v, &t.Elems[0], 1) }

// ArrayMin is the smallest element that isn't NULL.
func ArrayMin(v val.Array, t, _ *types.Type) val.Datum { return extreme(v, &t.Elems[0], -1) }

// extreme keeps the first element until one is beyond it, which nothing is of
// NaN.
func extreme(v val.Array, elem *types.Type, sign int) val.Datum {
	out := val.NullDatum()
	for i := range v.Len() {
		e := v.At(i, elem)
		switch {
		case e.Null:
		case out.Null:
			out = e
		case elem.Approximate() && (e.Float() != e.Float() || out.Float() != out.Float()):
		case val.CompareDatum(e, out, elem) == sign:
			out = e
		}
	}
	return out
}

// ArrayJoin joins the texts that aren't NULL.
func ArrayJoin(a *val.Arena, v val.Array, delimiter string, t, _, _ *types.Type) string {
	return join(a, v, delimiter, nil, t)
}

// ArrayJoinNulls joins the texts, with a replacement for NULL.
func ArrayJoinNulls(a *val.Arena, v val.Array, delimiter, null string, t, _, _, _ *types.Type) string {
	return join(a, v, delimiter, &null, t)
}

func join(a *val.Arena, v val.Array, delimiter string, null *string, t *types.Type) string {
	s := newTextScratch()
	defer s.free()
	first := true
	for i := range v.Len() {
		d := v.At(i, &t.Elems[0])
		if d.Null && null == nil {
			continue
		}
		if !first {
			s.buf = append(s.buf, delimiter...)
		}
		first = false
		if d.Null {
			s.buf = append(s.buf, *null...)
		} else {
			s.buf = append(s.buf, d.Text()...)
		}
	}
	return a.Concat(val.View(s.buf))
}

// Split cuts a text at a delimiter; at each UTF-16 code unit where that is
// empty.
func Split(a *val.Arena, text, delimiter string, _, _, t *types.Type) val.Array {
	s := newScratch()
	defer s.free()
	switch {
	case text == "":
	case delimiter == "":
		for i, r := range text {
			if r > 0xFFFF { // half a character is none
				s.add(val.TextDatum("?"))
				s.add(val.TextDatum("?"))
				continue
			}
			s.add(val.TextDatum(text[i : i+len(string(r))]))
		}
	default:
		for part := range strings.SplitSeq(text, delimiter) {
			s.add(val.TextDatum(part))
		}
	}
	return s.toArray(a, &t.Elems[0])
}
