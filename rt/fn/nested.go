package fn

import (
	"errors"
	"strconv"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// NewArray makes ARRAY[…].
func NewArray(a *val.Arena, t *types.Type, items ...val.Datum) val.Array {
	return val.NewArray(a, &t.Elems[0], items...)
}

// NewMap makes MAP[k, v, …]; of equal keys, the last one's value counts.
func NewMap(a *val.Arena, t *types.Type, items ...val.Datum) val.Map {
	s := newScratch()
	defer s.free()
	for i := 0; i+1 < len(items); i += 2 {
		s.put(items[i], items[i+1], &t.Elems[0])
	}
	return s.toMap(a, t)
}

// NewRow makes ROW(…).
func NewRow(a *val.Arena, t *types.Type, fields ...val.Datum) val.Row {
	return val.NewRow(a, t, fields...)
}

// ArrayItem is the element at an index from 1; NULL where there is none.
func ArrayItem(v val.Array, i int32, array, _, _ *types.Type) val.Datum {
	if i < 1 || int(i) > v.Len() {
		return val.NullDatum()
	}
	return v.At(int(i)-1, &array.Elems[0])
}

// MapItem is the value of a key; NULL where there is none, or for NULL.
func MapItem(v val.Map, key val.Datum, t, _, _ *types.Type) val.Datum {
	if key.Null {
		return key
	}
	value, _ := v.Lookup(key, t)
	return value
}

// Field is the field at a position from 0.
func Field(v val.Row, i int32, row, _, _ *types.Type) val.Datum { return v.Field(int(i), row) }

// ArrayLen is the number of elements.
func ArrayLen(v val.Array) int32 { return int32(v.Len()) }

// MapLen is the number of entries.
func MapLen(v val.Map) int32 { return int32(v.Len()) }

// ErrSeveralElements is what ELEMENT fails with.
var ErrSeveralElements = errors.New("the array has more than one element")

// Element is the only element; NULL of an empty array.
func Element(v val.Array, array, _ *types.Type) (val.Datum, error) {
	switch v.Len() {
	case 0:
		return val.NullDatum(), nil
	case 1:
		return v.At(0, &array.Elems[0]), nil
	}
	return val.NullDatum(), ErrSeveralElements
}

// arrayOf is ARRAY<elem> NOT NULL.
func arrayOf(elem types.Type) types.Type {
	return types.Type{Kind: types.Array, Elems: []types.Type{elem}}
}

func mapOf(key, value types.Type) types.Type {
	return types.Type{Kind: types.Map, Elems: []types.Type{key, value}}
}

// commonType is the common type of arguments; false where they have none, or
// only NULLs without a type.
func commonType(args []Arg) (types.Type, bool) {
	ts := make([]types.Type, len(args))
	for i, a := range args {
		ts[i] = a.Type
	}
	t, ok := types.CommonOf(ts)
	return t, ok && t.Kind != types.Null
}

// repeated is n times the type.
func repeated(t types.Type, n int) []types.Type {
	out := make([]types.Type, n)
	for i := range out {
		out[i] = t
	}
	return out
}

// everyOther are the arguments from i in steps of two.
func everyOther(args []Arg, i int) []Arg {
	var out []Arg
	for ; i < len(args); i += 2 {
		out = append(out, args[i])
	}
	return out
}

func arrayElements(args []Arg) ([]types.Type, bool) {
	t, ok := commonType(args)
	return repeated(t, len(args)), ok
}

func mapEntries(args []Arg) ([]types.Type, bool) {
	key, ok := commonType(everyOther(args, 0))
	value, ok2 := commonType(everyOther(args, 1))
	if !ok || !ok2 || len(args)%2 != 0 {
		return nil, false
	}
	out := repeated(key, len(args))
	for i := 1; i < len(out); i += 2 {
		out[i] = value
	}
	return out, true
}

func typesOf(args []Arg) []types.Type {
	out := make([]types.Type, len(args))
	for i, a := range args {
		out[i] = a.Type
	}
	return out
}

// rowOf is the type of ROW(…), whose fields have the names that Flink's SQL
// gives them.
func rowOf(args []Arg) types.Type {
	t := types.Type{Kind: types.Row, Elems: typesOf(args)}
	for i := range args {
		t.Names = append(t.Names, "EXPR$"+strconv.Itoa(i))
	}
	return t
}

// KeyOf takes an array's index or a map's key.
func mapKey(args []Arg) ([]types.Type, bool) {
	want, given := args[0].Elems[0], args[1].Type
	fits := types.Implicit(given, want) || types.Implicit(want, given) && want.Integer() == given.Integer()
	return []types.Type{args[0].Type, want}, fits
}

// fieldType is the type of a row's field; NULL of a row that is.
func fieldType(args []Arg) types.Type {
	i, _ := args[1].Value.(int64)
	return args[0].Elems[i]
}

// index is an array index: INT, and from 1 where it is a literal.
func arrayIndex(args []Arg) ([]types.Type, bool) {
	i, isInt := args[1].Value.(int64)
	return typesOf(args), !isInt || i >= 1
}

func elementOrNull(args []Arg) types.Type { return args[0].Elems[0].WithNull(true) }

// present is a class of types without the NULL that has none.
var (
	present    = NewParam("any type", func(types.Type) bool { return true })
	plainInt   = kindParam(types.Int)
	intOrNull  = NewParam("INT", func(t types.Type) bool { return t.Integer() && t.Kind <= types.Int }).AsKind(types.Int).OrNull(types.Int)
	textOrNull = Text.OrNull(types.VarChar)
	multiset   = kindParam(types.Multiset)
)

// Declarations.
var (
	ArrayDecl = Decl{Name: "ARRAY", Doc: "An array of the values, which get their common type.",
		Overloads: []Overload{{Params: []Param{Any}, Variadic: true, Null: Called, Coerce: arrayElements,
			Result: func(args []Arg) types.Type { return arrayOf(anyNull(args)) }, Impls: []any{NewArray}}},
		Examples: []Example{{"ARRAY[1, 2, 3]", "[1, 2, 3]"}, {"ARRAY[1, NULL]", "[1, NULL]"}, {"ARRAY[1, 2.5]", "[1.0, 2.5]"}, {"ARRAY['a', 'bcd']", "[a, bcd]"}, {"ARRAY[ARRAY[1], NULL]", "[[1], NULL]"}, {"ARRAY[ARRAY[1], ARRAY[2.5]]", "[[1.0], [2.5]]"}, {"ARRAY[ROW(1, 'a'), ROW(2.5, 'bc')]", "[(1.0, a), (2.5, bc)]"}}}
	MapDecl = Decl{Name: "MAP", Doc: "A map of keys, each with its value behind it; of equal keys the last one counts.",
		Overloads: []Overload{{Params: []Param{Any}, Variadic: true, Null: Called, Coerce: mapEntries,
			Result: func(args []Arg) types.Type {
				return mapOf(anyNull(everyOther(args, 0)), anyNull(everyOther(args, 1)))
			}, Impls: []any{NewMap}}},
		Examples: []Example{{"MAP[1, 'a']", "{1=a}"}, {"MAP[1, 'a', 1, 'b']", "{1=b}"}, {"MAP[CAST(NULL AS INT), 1]", "{NULL=1}"}, {"MAP[ARRAY[1], 2]", "{[1]=2}"}}}
	RowDecl = Decl{Name: "ROW", Doc: "A row of the values.",
		Overloads: []Overload{{Params: []Param{present}, Variadic: true, Null: Called, Result: rowOf, Impls: []any{NewRow}}},
		Examples:  []Example{{"ROW(1, ROW(2, 'x'))", "(1, (2, x))"}, {"(1, 'foo', TRUE)", "(1, foo, TRUE)"}, {"ROW(CAST(NULL AS INT))", "(NULL)"}}}
	ItemDecl = Decl{Name: "ITEM", Doc: "The element of an array at an index from 1, or the value of a map's key; NULL where there is none, but for columns and constants whose elements are never NULL: they have -1, FALSE or an empty text, as in PyFlink 1.20.1.",
		Overloads: []Overload{
			{Params: []Param{Array, plainInt}, Coerce: arrayIndex, Result: elementOrNull, Impls: []any{ArrayItem}},
			{Params: []Param{Map, present}, Coerce: mapKey, Null: Called,
				Result: func(args []Arg) types.Type { return args[0].Elems[1].WithNull(true) }, Impls: []any{MapItem}}},
		Examples: []Example{{"ARRAY[1, 2, 3][1]", "1"}, {"ARRAY[1, NULL][4]", "NULL"}, {"ARRAY[1, NULL][1 - 1]", "NULL"}, {"MAP['a', 1]['a']", "1"}, {"MAP['a', CAST(NULL AS INT)]['b']", "NULL"}, {"MAP[1, 'a'][CAST(1 AS BIGINT)]", "a"}, {"MAP[CAST(NULL AS STRING), 1][CAST(NULL AS STRING)]", "NULL"}, {"MAP[ARRAY[1], 'a'][ARRAY[1]]", "a"}}}
	FieldDecl = Decl{Name: ".", Doc: "A field of a row, by its position.",
		Overloads: []Overload{{Params: []Param{Row, plainInt.Literal()}, Result: fieldType, Impls: []any{Field}}},
		Examples:  []Example{{"ROW(1, 'x').EXPR$0", "1"}, {"ROW(1, ROW(2, 'x')).EXPR$1.EXPR$1", "x"}}}
	CardinalityDecl = Decl{Name: "CARDINALITY", Doc: "The number of elements or entries.",
		Overloads: []Overload{
			{Params: []Param{Array}, Result: alwaysInt, Impls: []any{ArrayLen}},
			{Params: []Param{Map}, Result: alwaysInt, Impls: []any{MapLen}},
			{Params: []Param{multiset}, Result: alwaysInt, Impls: []any{MapLen}}},
		Examples: []Example{{"CARDINALITY(ARRAY[1, 2])", "2"}, {"CARDINALITY(MAP['a', 1])", "1"}, {"CARDINALITY(CAST(NULL AS ARRAY<INT>))", "NULL"}}}
	ElementDecl = Decl{Name: "ELEMENT", Doc: "The only element of an array, NULL of an empty one; fails where there are several.",
		Overloads: []Overload{{Params: []Param{Array}, Result: elementOrNull, Impls: []any{Element}}},
		Examples:  []Example{{"ELEMENT(ARRAY[1])", "1"}, {"ELEMENT(ARRAY[1, 2])", "error"}, {"ELEMENT(CAST(NULL AS ARRAY<INT>))", "NULL"}}}
)

// anyNull is the type of the first argument, nullable where any one is.
func anyNull(args []Arg) types.Type {
	t := args[0].Type
	for _, a := range args {
		t.Nullable = t.Nullable || a.Nullable
	}
	return t
}
