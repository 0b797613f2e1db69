package fn

import (
	"fmt"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// MapKeys are the keys.
func MapKeys(v val.Map) val.Array { return v.Keys() }

// MapValues are the values.
func MapValues(v val.Map) val.Array { return v.Values() }

// MapEntries are rows of key and value.
func MapEntries(a *val.Arena, v val.Map, t, result *types.Type) val.Array {
	s := newScratch()
	defer s.free()
	entry := &result.Elems[0]
	for i := range v.Len() {
		key, value := v.At(i, t)
		s.add(val.TextDatum(val.NewRow(a, entry, key, value)))
	}
	return s.toArray(a, entry)
}

// MapFromArrays joins keys with values; equal keys stay.
func MapFromArrays(a *val.Arena, keys, values val.Array) (val.Map, error) {
	if keys.Len() != values.Len() {
		return "", fmt.Errorf("MAP_FROM_ARRAYS: %d keys, but %d values", keys.Len(), values.Len())
	}
	return val.MakeMap(a, keys, values), nil
}

// MapUnion has the entries of all maps; of equal keys, the last one's value
// counts.
func MapUnion(a *val.Arena, t *types.Type, maps ...val.Map) val.Map {
	s := newScratch()
	defer s.free()
	for _, m := range maps {
		for i := range m.Len() {
			key, value := m.At(i, t)
			s.put(key, value, &t.Elems[0])
		}
	}
	return s.toMap(a, t)
}

// Declarations.
var (
	MapKeysDecl = Decl{Name: "MAP_KEYS", Doc: "The keys of a map.",
		Overloads: []Overload{{Params: []Param{Map}, Impls: []any{MapKeys},
			Result: func(args []Arg) types.Type { return arrayOf(args[0].Elems[0]) }}},
		Examples: []Example{{"MAP_KEYS(MAP['a', 1, 'b', 2])", "[a, b]"}, {"MAP_KEYS(CAST(NULL AS MAP<INT, INT>))", "NULL"}}}
	MapValuesDecl = Decl{Name: "MAP_VALUES", Doc: "The values of a map.",
		Overloads: []Overload{{Params: []Param{Map}, Impls: []any{MapValues},
			Result: func(args []Arg) types.Type { return arrayOf(args[0].Elems[1]) }}},
		Examples: []Example{{"MAP_VALUES(MAP['a', 1, 'b', 2])", "[1, 2]"}}}
	MapEntriesDecl = Decl{Name: "MAP_ENTRIES", Doc: "The entries of a map, as rows of key and value.",
		Overloads: []Overload{{Params: []Param{Map}, Impls: []any{MapEntries},
			Result: func(args []Arg) types.Type {
				return arrayOf(types.Type{Kind: types.Row, Nullable: true, Elems: args[0].Elems, Names: []string{"key", "value"}})
			}}},
		Examples: []Example{{"MAP_ENTRIES(MAP['a', 1, 'b', 2])", "[(a, 1), (b, 2)]"}}}
	MapFromArraysDecl = Decl{Name: "MAP_FROM_ARRAYS", Doc: "A map of an array of keys and one of values, of the same length.",
		Overloads: []Overload{{Params: []Param{Array, Array}, Impls: []any{MapFromArrays},
			Result: func(args []Arg) types.Type { return mapOf(args[0].Elems[0], args[1].Elems[0]) }}},
		Examples: []Example{{"MAP_FROM_ARRAYS(ARRAY[1, 2], ARRAY['a', 'b'])", "{1=a, 2=b}"}, {"MAP_FROM_ARRAYS(ARRAY[1], ARRAY['a', 'b'])", "error"}, {"MAP_FROM_ARRAYS(ARRAY[1, NULL], ARRAY['a', NULL])", "{1=a, NULL=NULL}"}}}
	MapUnionDecl = Decl{Name: "MAP_UNION", Doc: "The entries of all maps; of equal keys the last one's value.",
		Overloads: []Overload{{Params: []Param{Map, Map}, Variadic: true, Unify: true, Result: sameAsFirst, Impls: []any{MapUnion}}},
		Examples:  []Example{{"MAP_UNION(MAP['a', 1])", "{a=1}"}, {"MAP_UNION(MAP[1, 1], CAST(NULL AS MAP<INT, INT>))", "NULL"}}}
)
