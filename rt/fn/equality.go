package fn

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// same reports whether two values are equal, NULL and NULL included.
func same(a, b val.Datum, t *types.Type) bool {
	if a.Null || b.Null {
		return a.Null && b.Null
	}
	return equals(a, b, t)
}

// equals is a = b for values that aren't NULL: inside of them NULL is equal to
// NULL, but NaN isn't to NaN.
func equals(a, b val.Datum, t *types.Type) bool {
	switch t.Kind {
	case types.Array:
		return equalArrays(a.Array(), b.Array(), t)
	case types.Map, types.Multiset:
		return equalMaps(a.Map(), b.Map(), t)
	case types.Row:
		return equalRows(a.Row(), b.Row(), t)
	case types.Float, types.Double:
		return a.Float() == b.Float()
	}
	return val.EqualDatum(a, b, t)
}

func equalArrays(a, b val.Array, t *types.Type) bool {
	if a.Len() != b.Len() {
		return false
	}
	elem := &t.Elems[0]
	for i := range a.Len() {
		if !same(a.At(i, elem), b.At(i, elem), elem) {
			return false
		}
	}
	return true
}

func equalMaps(a, b val.Map, t *types.Type) bool {
	if a.Len() != b.Len() {
		return false
	}
	for i := range a.Len() {
		key, value := a.At(i, t)
		other, ok := b.Lookup(key, t)
		if !ok || !same(value, other, val.MapValue(t)) {
			return false
		}
	}
	return true
}

func equalRows(a, b val.Row, t *types.Type) bool {
	for i := range t.Elems {
		if !same(a.Field(i, t), b.Field(i, t), &t.Elems[i]) {
			return false
		}
	}
	return true
}

// EqualArrays is a = b.
func EqualArrays(a, b val.Array, t, _, _ *types.Type) bool { return equalArrays(a, b, t) }

// EqualMaps is a = b.
func EqualMaps(a, b val.Map, t, _, _ *types.Type) bool { return equalMaps(a, b, t) }

// EqualRows is a = b.
func EqualRows(a, b val.Row, t, _, _ *types.Type) bool { return equalRows(a, b, t) }

// NotEqualArrays is a <> b.
func NotEqualArrays(a, b val.Array, t, _, _ *types.Type) bool { return !equalArrays(a, b, t) }

// NotEqualMaps is a <> b.
func NotEqualMaps(a, b val.Map, t, _, _ *types.Type) bool { return !equalMaps(a, b, t) }

// NotEqualRows is a <> b.
func NotEqualRows(a, b val.Row, t, _, _ *types.Type) bool { return !equalRows(a, b, t) }

// equalityOfNested are the signatures of = and <> for nested values.
func equalityOfNested(array, maps, row any) []Overload {
	return []Overload{
		{Params: []Param{Array, Array}, Unify: true, Result: alwaysBoolean, Impls: []any{array}},
		{Params: []Param{Map, Map}, Unify: true, Result: alwaysBoolean, Impls: []any{maps}},
		{Params: []Param{multiset, multiset}, Unify: true, Result: alwaysBoolean, Impls: []any{maps}},
		{Params: []Param{Row, Row}, Unify: true, Result: alwaysBoolean, Impls: []any{row}},
	}
}
