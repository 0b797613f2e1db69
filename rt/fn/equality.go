package fn

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// same reports whether two values are equal as SQL's = has it for what lies in
// arrays: NULL is NULL, but NaN isn't NaN, and a row with a NULL field equals
// nothing.
func same(a, b val.Datum, t *types.Type) bool {
	if a.Null || b.Null {
		return a.Null && b.Null
	}
	equal, known := equals(a, b, t)
	return equal && known
}

// equals is a = b in three-valued logic, for values that aren't NULL.
func equals(a, b val.Datum, t *types.Type) (equal, known bool) {
	switch t.Kind {
	case types.Array:
		return equalArrays(a.Array(), b.Array(), t), true
	case types.Map, types.Multiset:
		return equalMaps(a.Map(), b.Map(), t), true
	case types.Row:
		return equalRows(a.Row(), b.Row(), t)
	case types.Float, types.Double:
		return a.Float() == b.Float(), true
	}
	return val.EqualDatum(a, b, t), true
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

func equalRows(a, b val.Row, t *types.Type) (equal, known bool) {
	known = true
	for i := range t.Elems {
		x, y := a.Field(i, t), b.Field(i, t)
		if x.Null || y.Null {
			known = false
			continue
		}
		equal, ok := equals(x, y, &t.Elems[i])
		if ok && !equal {
			return false, true
		}
		known = known && ok
	}
	return true, known
}

// EqualArrays is a = b.
func EqualArrays(a, b val.Array, t, _, _ *types.Type) bool { return equalArrays(a, b, t) }

// EqualMaps is a = b.
func EqualMaps(a, b val.Map, t, _, _ *types.Type) bool { return equalMaps(a, b, t) }

// EqualRows is a = b; false for ok is NULL.
func EqualRows(a, b val.Row, t, _, _ *types.Type) (equal, ok bool) {
	equal, ok = equalRows(a, b, t)
	return equal && ok, ok
}

// NotEqualArrays is a <> b.
func NotEqualArrays(a, b val.Array, t, _, _ *types.Type) bool { return !equalArrays(a, b, t) }

// NotEqualMaps is a <> b.
func NotEqualMaps(a, b val.Map, t, _, _ *types.Type) bool { return !equalMaps(a, b, t) }

// NotEqualRows is a <> b; false for ok is NULL.
func NotEqualRows(a, b val.Row, t, _, _ *types.Type) (differ, ok bool) {
	equal, ok := equalRows(a, b, t)
	return !equal && ok, ok
}

// equalityOfNested are the signatures of = and <> for nested values. That of
// rows is NULL where a field is.
func equalityOfNested(array, maps, row any) []Overload {
	return []Overload{
		{Params: []Param{Array, Array}, Unify: true, Result: alwaysBoolean, Impls: []any{array}},
		{Params: []Param{Map, Map}, Unify: true, Result: alwaysBoolean, Impls: []any{maps}},
		{Params: []Param{multiset, multiset}, Unify: true, Result: alwaysBoolean, Impls: []any{maps}},
		{Params: []Param{Row, Row}, Unify: true, Impls: []any{row}, Result: func(args []Arg) types.Type {
			return types.Of(types.Boolean).WithNull(nullInside(args[0].Type) || nullInside(args[1].Type))
		}},
	}
}

// nullInside reports whether a row has a field that can be NULL, at any depth.
func nullInside(t types.Type) bool {
	for _, e := range t.Elems {
		if e.Nullable || e.Kind == types.Row && nullInside(e) {
			return true
		}
	}
	return false
}
