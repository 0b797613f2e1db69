package fn

import "pyfc/rt/val"

type ordered interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~float32 | ~float64 | ~string
}

// Equal and the others compare two values of one type.
func Equal[T comparable](a, b T) bool { return a == b }

// NotEqual returns a <> b.
func NotEqual[T comparable](a, b T) bool { return a != b }

// Less returns a < b.
func Less[T ordered](a, b T) bool { return a < b }

// LessOrEqual returns a <= b.
func LessOrEqual[T ordered](a, b T) bool { return a <= b }

// Greater returns a > b.
func Greater[T ordered](a, b T) bool { return a > b }

// GreaterOrEqual returns a >= b.
func GreaterOrEqual[T ordered](a, b T) bool { return a >= b }

// LessBool returns a < b: FALSE comes before TRUE.
func LessBool(a, b bool) bool { return !a && b }

// LessOrEqualBool returns a <= b.
func LessOrEqualBool(a, b bool) bool { return !a || b }

// GreaterBool returns a > b.
func GreaterBool(a, b bool) bool { return a && !b }

// GreaterOrEqualBool returns a >= b.
func GreaterOrEqualBool(a, b bool) bool { return a || !b }

// LessTimestamp returns a < b.
func LessTimestamp(a, b val.Timestamp) bool { return a.Cmp(b) < 0 }

// LessOrEqualTimestamp returns a <= b.
func LessOrEqualTimestamp(a, b val.Timestamp) bool { return a.Cmp(b) <= 0 }

// GreaterTimestamp returns a > b.
func GreaterTimestamp(a, b val.Timestamp) bool { return a.Cmp(b) > 0 }

// GreaterOrEqualTimestamp returns a >= b.
func GreaterOrEqualTimestamp(a, b val.Timestamp) bool { return a.Cmp(b) >= 0 }

// Not returns NOT a.
func Not(a bool) bool { return !a }

func comparison(name, doc string, decimal any, impls ...any) Decl {
	return Decl{Name: name, Doc: doc, Overloads: []Overload{
		{Params: []Param{Decimal, Decimal}, Result: alwaysBoolean, Impls: []any{decimal}},
		{Params: []Param{Comparable, Comparable}, Unify: true, Result: alwaysBoolean, Impls: impls}}}
}

// also adds signatures to a declaration.
func (d Decl) also(overloads []Overload) Decl {
	d.Overloads = append(d.Overloads, overloads...)
	return d
}

// with adds examples to a declaration.
func (d Decl) with(examples ...Example) Decl {
	d.Examples = examples
	return d
}

// Declarations.
var (
	EqualDecl = comparison("=", "Whether two values are equal.",
		EqualDecimal, Equal[int8], Equal[int16], Equal[int32], Equal[int64], Equal[float32], Equal[float64], Equal[string], Equal[bool], Equal[val.Bytes], Equal[val.Date], Equal[val.Time], Equal[val.Months], Equal[val.Millis], Equal[val.Timestamp]).
		also(equalityOfNested(EqualArrays, EqualMaps, EqualRows)).
		with(Example{"1 = 1", "TRUE"}, Example{"'a' = 'A'", "FALSE"}, Example{"'a' = 'a '", "FALSE"}, Example{"ARRAY[1, NULL] = ARRAY[1, NULL]", "TRUE"}, Example{"ARRAY[1] = ARRAY[1.0]", "TRUE"}, Example{"MAP[1, 2, 3, 4] = MAP[3, 4, 1, 2]", "TRUE"}, Example{"ROW(1, 2) = ROW(1, 2)", "TRUE"}, Example{"ROW(CAST(NULL AS INT), 1) = ROW(CAST(NULL AS INT), 1)", "NULL"})
	NotEqualDecl = comparison("<>", "Whether two values differ.",
		NotEqualDecimal, NotEqual[int8], NotEqual[int16], NotEqual[int32], NotEqual[int64], NotEqual[float32], NotEqual[float64], NotEqual[string], NotEqual[bool], NotEqual[val.Bytes], NotEqual[val.Date], NotEqual[val.Time], NotEqual[val.Months], NotEqual[val.Millis], NotEqual[val.Timestamp]).
		also(equalityOfNested(NotEqualArrays, NotEqualMaps, NotEqualRows)).
		with(Example{"1 <> 2", "TRUE"}, Example{"ARRAY[1] <> ARRAY[2]", "TRUE"})
	LessDecl = comparison("<", "Whether the first value is the smaller one.",
		LessDecimal, Less[int8], Less[int16], Less[int32], Less[int64], Less[float32], Less[float64], Less[string], Less[val.Bytes], Less[val.Date], Less[val.Time], Less[val.Months], Less[val.Millis], LessTimestamp, LessBool).
		with(Example{"'a' < 'b'", "TRUE"}, Example{"'B' < 'a'", "TRUE"})
	LessOrEqualDecl = comparison("<=", "Whether the first value is not the greater one.",
		LessOrEqualDecimal, LessOrEqual[int8], LessOrEqual[int16], LessOrEqual[int32], LessOrEqual[int64], LessOrEqual[float32], LessOrEqual[float64], LessOrEqual[string], LessOrEqual[val.Bytes], LessOrEqual[val.Date], LessOrEqual[val.Time], LessOrEqual[val.Months], LessOrEqual[val.Millis], LessOrEqualTimestamp, LessOrEqualBool).
		with(Example{"2 <= 2", "TRUE"})
	GreaterDecl = comparison(">", "Whether the first value is the greater one.",
		GreaterDecimal, Greater[int8], Greater[int16], Greater[int32], Greater[int64], Greater[float32], Greater[float64], Greater[string], Greater[val.Bytes], Greater[val.Date], Greater[val.Time], Greater[val.Months], Greater[val.Millis], GreaterTimestamp, GreaterBool).
		with(Example{"'名' > 'é'", "TRUE"}, Example{"3 > CAST(NULL AS INT)", "NULL"})
	GreaterOrEqualDecl = comparison(">=", "Whether the first value is not the smaller one.",
		GreaterOrEqualDecimal, GreaterOrEqual[int8], GreaterOrEqual[int16], GreaterOrEqual[int32], GreaterOrEqual[int64], GreaterOrEqual[float32], GreaterOrEqual[float64], GreaterOrEqual[string], GreaterOrEqual[val.Bytes], GreaterOrEqual[val.Date], GreaterOrEqual[val.Time], GreaterOrEqual[val.Months], GreaterOrEqual[val.Millis], GreaterOrEqualTimestamp, GreaterOrEqualBool).
		with(Example{"2 >= 3", "FALSE"})
	NotDecl = Decl{Name: "NOT", Doc: "The opposite truth value; NULL stays NULL.",
		Overloads: []Overload{{Params: []Param{Boolean}, Result: alwaysBoolean, Impls: []any{Not}}},
		Examples:  []Example{{"NOT TRUE", "FALSE"}, {"NOT CAST(NULL AS BOOLEAN)", "NULL"}}}
	AndDecl = Decl{Name: "AND", Doc: "Whether both are true, in three-valued logic.",
		Overloads: []Overload{{Params: []Param{Boolean, Boolean}, Result: alwaysBoolean, Null: And}},
		Examples:  []Example{{"TRUE AND CAST(NULL AS BOOLEAN)", "NULL"}, {"FALSE AND CAST(NULL AS BOOLEAN)", "FALSE"}}}
	OrDecl = Decl{Name: "OR", Doc: "Whether either is true, in three-valued logic.",
		Overloads: []Overload{{Params: []Param{Boolean, Boolean}, Result: alwaysBoolean, Null: Or}},
		Examples:  []Example{{"TRUE OR CAST(NULL AS BOOLEAN)", "TRUE"}, {"FALSE OR CAST(NULL AS BOOLEAN)", "NULL"}}}
	IsNullDecl = Decl{Name: "IS NULL", Doc: "Whether the value is NULL.",
		Overloads: []Overload{{Params: []Param{Any}, Result: alwaysBoolean, Null: IsNull}},
		Examples:  []Example{{"CAST(NULL AS INT) IS NULL", "TRUE"}, {"'' IS NULL", "FALSE"}}}
	IsNotNullDecl = Decl{Name: "IS NOT NULL", Doc: "Whether the value is not NULL.",
		Overloads: []Overload{{Params: []Param{Any}, Result: alwaysBoolean, Null: IsNotNull}},
		Examples:  []Example{{"'' IS NOT NULL", "TRUE"}}}
)
