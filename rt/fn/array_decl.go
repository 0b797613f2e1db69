package fn

import "pyfc/ir/types"

// withElement takes an array and one value of its element's type.
func withElement(args []Arg) ([]types.Type, bool) {
	elem := args[0].Elems[0]
	return []types.Type{args[0].Type, elem}, types.Implicit(args[1].Type, elem)
}

// grown is the array's type where an element is added.
func grown(args []Arg) types.Type {
	elem := args[0].Elems[0]
	return arrayOf(elem.WithNull(elem.Nullable || args[1].Nullable))
}

// ofArray is the type where only NULL in place of the array gives NULL.
func ofArray(f func([]Arg) types.Type) func([]Arg) types.Type {
	return func(args []Arg) types.Type { return f(args).WithNull(args[0].Nullable) }
}

// elements is the class of arrays whose elements are of a class.
func elements(name string, accepts func(types.Type) bool) Param {
	return NewParam(name, func(t types.Type) bool { return t.Kind == types.Array && accepts(t.Elems[0]) })
}

var (
	// sortable has the elements that Flink both compares and orders.
	sortable = elements("an array of numbers, strings, dates or times", func(t types.Type) bool {
		return t.Numeric() || t.Text() || t.Binary() || t.Temporal() && !t.Interval()
	})
	texts         = elements("an array of strings", types.Type.Text)
	booleanOrNull = Boolean.OrNull(types.Boolean)
)

// pairOfArrays is a function of two arrays, which get their common type.
func pairOfArrays(name, doc string, impl any, examples ...Example) Decl {
	return Decl{Name: name, Doc: doc, Examples: examples,
		Overloads: []Overload{{Params: []Param{Array, Array}, Unify: true, Result: sameAsFirst, Impls: []any{impl}}}}
}

// Declarations.
var (
	ArrayAppendDecl = Decl{Name: "ARRAY_APPEND", Doc: "The array with an element behind it.",
		Overloads: []Overload{{Params: []Param{Array, Any}, Coerce: withElement, Result: grown, Impls: []any{ArrayAppend}}},
		Examples:  []Example{{"ARRAY_APPEND(ARRAY[1, 2], 3)", "[1, 2, 3]"}, {"ARRAY_APPEND(ARRAY[1, 2], NULL)", "[1, 2, NULL]"}, {"ARRAY_APPEND(CAST(NULL AS ARRAY<INT>), 1)", "NULL"}, {"ARRAY_APPEND(ARRAY[ARRAY[1]], ARRAY[2, 3])", "[[1], [2, 3]]"}}}
	ArrayPrependDecl = Decl{Name: "ARRAY_PREPEND", Doc: "The array with an element before it.",
		Overloads: []Overload{{Params: []Param{Array, Any}, Coerce: withElement, Result: grown, Impls: []any{ArrayPrepend}}},
		Examples:  []Example{{"ARRAY_PREPEND(ARRAY[1, 2], 3)", "[3, 1, 2]"}, {"ARRAY_PREPEND(ARRAY[1, 2], NULL)", "[NULL, 1, 2]"}}}
	ArrayConcatDecl = Decl{Name: "ARRAY_CONCAT", Doc: "The arrays one behind the other.",
		Overloads: []Overload{{Params: []Param{Array, Array}, Variadic: true, Unify: true, Result: sameAsFirst, Impls: []any{ArrayConcat}}},
		Examples:  []Example{{"ARRAY_CONCAT(ARRAY[1], ARRAY[2.5])", "[1.0, 2.5]"}, {"ARRAY_CONCAT(ARRAY[1], ARRAY[NULL, 2])", "[1, NULL, 2]"}, {"ARRAY_CONCAT(ARRAY[1], CAST(NULL AS ARRAY<INT>))", "NULL"}, {"ARRAY_CONCAT(ARRAY['a'], ARRAY['bcd'])", "[a, bcd]"}}}
	ArrayContainsDecl = Decl{Name: "ARRAY_CONTAINS", Doc: "Whether the array has an element; NULL can be one.",
		Overloads: []Overload{{Params: []Param{Array, Any}, Coerce: withElement, Null: Called, Result: ofArray(alwaysBoolean), Impls: []any{ArrayContains}}},
		Examples:  []Example{{"ARRAY_CONTAINS(ARRAY[1, 2], 1)", "TRUE"}, {"ARRAY_CONTAINS(ARRAY[1, NULL], NULL)", "TRUE"}, {"ARRAY_CONTAINS(ARRAY[1, 2], NULL)", "FALSE"}, {"ARRAY_CONTAINS(ARRAY[ARRAY[1, 2]], ARRAY[1, 2])", "TRUE"}, {"ARRAY_CONTAINS(ARRAY[CAST('NaN' AS DOUBLE)], CAST('NaN' AS DOUBLE))", "FALSE"}, {"ARRAY_CONTAINS(ARRAY[1.0], 1.00)", "TRUE"}}}
	ArrayPositionDecl = Decl{Name: "ARRAY_POSITION", Doc: "The first position of an element from 1, or 0.",
		Overloads: []Overload{{Params: []Param{Array, Any}, Coerce: withElement, Result: alwaysInt, Impls: []any{ArrayPosition}}},
		Examples:  []Example{{"ARRAY_POSITION(ARRAY[1, 2, 2], 2)", "2"}, {"ARRAY_POSITION(ARRAY[1, NULL], NULL)", "NULL"}, {"ARRAY_POSITION(ARRAY[1], 3)", "0"}}}
	ArrayRemoveDecl = Decl{Name: "ARRAY_REMOVE", Doc: "The array without the elements equal to one; NULL can be it.",
		Overloads: []Overload{{Params: []Param{Array, Any}, Coerce: withElement, Null: Called, Result: ofArray(sameAsFirst), Impls: []any{ArrayRemove}}},
		Examples:  []Example{{"ARRAY_REMOVE(ARRAY[1, 2, 2, NULL], 2)", "[1, NULL]"}, {"ARRAY_REMOVE(ARRAY[1, 2, NULL], NULL)", "[1, 2]"}, {"ARRAY_REMOVE(ARRAY[1], 1)", "[]"}}}
	ArrayDistinctDecl = Decl{Name: "ARRAY_DISTINCT", Doc: "The array with each element once.",
		Overloads: []Overload{{Params: []Param{Array}, Result: sameAsFirst, Impls: []any{ArrayDistinct}}},
		Examples:  []Example{{"ARRAY_DISTINCT(ARRAY[1, 2, 1, NULL, NULL])", "[1, 2, NULL]"}, {"ARRAY_DISTINCT(ARRAY['a', 'A', 'a'])", "[a, A]"}}}
	ArrayUnionDecl = pairOfArrays("ARRAY_UNION", "Each element of two arrays once.", ArrayUnion,
		Example{"ARRAY_UNION(ARRAY[1, 1, 2], ARRAY[2, 3, NULL])", "[1, 2, 3, NULL]"}, Example{"ARRAY_UNION(ARRAY[1], ARRAY[2.5])", "[1.0, 2.5]"})
	ArrayIntersectDecl = pairOfArrays("ARRAY_INTERSECT", "Each element that is in both arrays once.", ArrayIntersect,
		Example{"ARRAY_INTERSECT(ARRAY[1, 2, 2, 3], ARRAY[2, 3])", "[2, 3]"}, Example{"ARRAY_INTERSECT(ARRAY[NULL, 1, NULL], ARRAY[1, NULL])", "[NULL, 1]"})
	ArrayExceptDecl = pairOfArrays("ARRAY_EXCEPT", "Each element of the first array that isn't in the second once.", ArrayExcept,
		Example{"ARRAY_EXCEPT(ARRAY[1, 2, 2, 3], ARRAY[2])", "[1, 3]"}, Example{"ARRAY_EXCEPT(ARRAY[1, NULL, NULL, 1], ARRAY[2])", "[1, NULL]"}, Example{"ARRAY_EXCEPT(ARRAY[1, 2], ARRAY[2.0])", "[1.0]"})
	ArrayReverseDecl = Decl{Name: "ARRAY_REVERSE", Doc: "The elements in reverse order.",
		Overloads: []Overload{{Params: []Param{Array}, Result: sameAsFirst, Impls: []any{ArrayReverse}}},
		Examples:  []Example{{"ARRAY_REVERSE(ARRAY[1, 2, NULL])", "[NULL, 2, 1]"}}}
	ArraySliceDecl = Decl{Name: "ARRAY_SLICE", Doc: "The elements from one position to another, or to the end; negative positions count from the end.",
		Overloads: []Overload{
			{Params: []Param{Array, intOrNull}, Result: sameAsFirst, Impls: []any{ArraySliceFrom}},
			{Params: []Param{Array, intOrNull, intOrNull}, Result: sameAsFirst, Impls: []any{ArraySlice}}},
		Examples: []Example{{"ARRAY_SLICE(ARRAY[1, 2, 3, 4], 2, 3)", "[2, 3]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3, 4], -2)", "[3, 4]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3, 4], 0, 0)", "[1]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3, 4], 1, 0)", "[1]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3, 4], -9, 2)", "[1, 2]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3, 4], -9, -8)", "[]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3, 4], 3, 2)", "[]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3, 4], 1, -2)", "[1, 2, 3]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3], 2147483647, 1)", "[]"}, {"ARRAY_SLICE(ARRAY[1, 2, 3, 4], NULL)", "NULL"}}}
	ArraySortDecl = Decl{Name: "ARRAY_SORT", Doc: "The elements in order; NULL goes first when ascending, last when descending, or as the third argument says.",
		Overloads: []Overload{
			{Params: []Param{sortable}, Result: sameAsFirst, Impls: []any{ArraySort}},
			{Params: []Param{sortable, booleanOrNull}, Result: sameAsFirst, Impls: []any{ArraySortOrder}},
			{Params: []Param{sortable, booleanOrNull, booleanOrNull}, Result: sameAsFirst, Impls: []any{ArraySortNulls}}},
		Examples: []Example{{"ARRAY_SORT(ARRAY[3, 1, NULL, 2])", "[NULL, 1, 2, 3]"}, {"ARRAY_SORT(ARRAY[3, 1, NULL, 2], FALSE)", "[3, 2, 1, NULL]"}, {"ARRAY_SORT(ARRAY[3, 1, NULL, 2], FALSE, TRUE)", "[NULL, 3, 2, 1]"}, {"ARRAY_SORT(ARRAY[3, 1, NULL, 2], TRUE, FALSE)", "[1, 2, 3, NULL]"}, {"ARRAY_SORT(ARRAY['b', 'a', 'B'])", "[B, a, b]"}, {"ARRAY_SORT(ARRAY[3, 1], NULL)", "NULL"}}}
	ArrayMaxDecl = Decl{Name: "ARRAY_MAX", Doc: "The greatest element that isn't NULL.",
		Overloads: []Overload{{Params: []Param{sortable}, Result: elementOrNull, Impls: []any{ArrayMax}}},
		Examples:  []Example{{"ARRAY_MAX(ARRAY[1, 3, NULL])", "3"}, {"ARRAY_MAX(ARRAY[CAST(NULL AS INT)])", "NULL"}, {"ARRAY_MAX(ARRAY['a', 'B'])", "a"}}}
	ArrayMinDecl = Decl{Name: "ARRAY_MIN", Doc: "The smallest element that isn't NULL.",
		Overloads: []Overload{{Params: []Param{sortable}, Result: elementOrNull, Impls: []any{ArrayMin}}},
		Examples:  []Example{{"ARRAY_MIN(ARRAY[1, 3, NULL])", "1"}, {"ARRAY_MIN(ARRAY[1.5, 0.5])", "0.5"}, {"ARRAY_MIN(ARRAY[CAST('NaN' AS DOUBLE), 1])", "NaN"}}}
	ArrayJoinDecl = Decl{Name: "ARRAY_JOIN", Doc: "The strings of an array with a delimiter between them; NULLs are left out, or replaced.",
		Overloads: []Overload{
			{Params: []Param{texts, textOrNull}, Result: alwaysString, Impls: []any{ArrayJoin}},
			{Params: []Param{texts, textOrNull, textOrNull}, Result: alwaysString, Impls: []any{ArrayJoinNulls}}},
		Examples: []Example{{"ARRAY_JOIN(ARRAY['a', 'b'], ',')", "a,b"}, {"ARRAY_JOIN(ARRAY['a', NULL], ',')", "a"}, {"ARRAY_JOIN(ARRAY['a', NULL], ',', 'x')", "a,x"}, {"ARRAY_JOIN(ARRAY['a'], NULL)", "NULL"}}}
	SplitDecl = Decl{Name: "SPLIT", Doc: "The parts of a string between a delimiter, its characters where that is empty.",
		Overloads: []Overload{{Params: []Param{textOrNull, textOrNull}, Impls: []any{Split},
			Result: func([]Arg) types.Type { return arrayOf(types.String()) }}},
		Examples: []Example{{"SPLIT('a,b', ',')", "[a, b]"}, {"SPLIT('a,b', '')", "[a, ,, b]"}, {"SPLIT('', ',')", "[]"}, {"SPLIT('abcab', 'ab')", "[, c, ]"}, {"SPLIT(NULL, ',')", "NULL"}, {"SPLIT('😀a', '')", "[?, ?, a]"}}}
)
