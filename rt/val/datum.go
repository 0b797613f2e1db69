package val

import (
	"cmp"
	"math"
	"strings"

	"pyfc/ir/types"
)

// Bytes is the value of a BINARY or VARBINARY: bytes in a string, so that rows
// compare with ==.
type Bytes string

// Datum is one value of any SQL type, NULL included: what functions over
// values of any type take and give. Which type it has isn't part of it; the
// readers below say which types they are for. It never allocates.
type Datum struct {
	Null bool
	// word holds numbers up to 64 bits, the bits of floating point ones, the low
	// half of a DECIMAL, the milliseconds of a timestamp; high the high half and
	// the nanoseconds.
	word, high int64
	text       string // of texts, bytes and the encoded nested values
}

// NullDatum is NULL.
func NullDatum() Datum { return Datum{Null: true} }

// BoolDatum holds a BOOLEAN.
func BoolDatum(v bool) Datum {
	if v {
		return Datum{word: 1}
	}
	return Datum{}
}

// IntDatum holds an integer, DATE, TIME or interval.
func IntDatum[T ~int8 | ~int16 | ~int32 | ~int64](v T) Datum { return Datum{word: int64(v)} }

// FloatDatum holds a FLOAT or DOUBLE.
func FloatDatum[T ~float32 | ~float64](v T) Datum {
	return Datum{word: int64(math.Float64bits(float64(v)))}
}

// DecimalDatum holds a DECIMAL.
func DecimalDatum(v Decimal) Datum { return Datum{word: int64(v.Lo), high: v.Hi} }

// TimestampDatum holds a TIMESTAMP or TIMESTAMP_LTZ.
func TimestampDatum(v Timestamp) Datum { return Datum{word: v.Milli, high: int64(v.Nano)} }

// TextDatum holds a text, bytes, or a nested value.
func TextDatum[T ~string](v T) Datum { return Datum{text: string(v)} }

// Unless is d, or NULL where null is true. The value of a NULL is dropped.
func (d Datum) Unless(null bool) Datum {
	if null {
		return Datum{Null: true}
	}
	return d
}

// Bool reads a BOOLEAN.
func (d Datum) Bool() bool { return d.word != 0 }

// Int reads an integer, DATE, TIME or interval.
func (d Datum) Int() int64 { return d.word }

// Float reads a FLOAT or DOUBLE.
func (d Datum) Float() float64 { return math.Float64frombits(uint64(d.word)) }

// Decimal reads a DECIMAL.
func (d Datum) Decimal() Decimal { return Decimal{Hi: d.high, Lo: uint64(d.word)} }

// Timestamp reads a TIMESTAMP or TIMESTAMP_LTZ.
func (d Datum) Timestamp() Timestamp { return Timestamp{Milli: d.word, Nano: int32(d.high)} }

// Text reads a text, or the bytes of a BINARY.
func (d Datum) Text() string { return d.text }

// Array reads an ARRAY.
func (d Datum) Array() Array { return Array(d.text) }

// Map reads a MAP or MULTISET.
func (d Datum) Map() Map { return Map(d.text) }

// Row reads a ROW.
func (d Datum) Row() Row { return Row(d.text) }

// Keep is d with memory of its own, for whatever outlives the call.
func (d Datum) Keep() Datum {
	d.text = Keep(d.text)
	return d
}

// CompareDatum orders two values of a type that SQL orders: -1, 0 or 1, with
// NULL before everything, and arrays and rows element by element. NaN is the
// greatest number, as for Java's compare; texts go by their bytes.
func CompareDatum(a, b Datum, t *types.Type) int {
	if a.Null || b.Null {
		return boolRank(!a.Null) - boolRank(!b.Null)
	}
	switch t.Kind {
	case types.Float, types.Double:
		return compareFloat(a.Float(), b.Float())
	case types.Decimal:
		return a.Decimal().Cmp(b.Decimal())
	case types.Timestamp, types.TimestampLTZ:
		return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.high, b.high))
	case types.Char, types.VarChar, types.Binary, types.VarBinary:
		return strings.Compare(a.text, b.text)
	case types.Array:
		return compareArrays(a.Array(), b.Array(), &t.Elems[0])
	case types.Row:
		for i := range t.Elems {
			if c := CompareDatum(a.Row().Field(i, t), b.Row().Field(i, t), &t.Elems[i]); c != 0 {
				return c
			}
		}
		return 0
	}
	return cmp.Compare(a.word, b.word)
}

func boolRank(v bool) int {
	if v {
		return 1
	}
	return 0
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	}
	return boolRank(a != a) - boolRank(b != b)
}

func compareArrays(a, b Array, elem *types.Type) int {
	for i := range min(a.Len(), b.Len()) {
		if c := CompareDatum(a.At(i, elem), b.At(i, elem), elem); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.Len(), b.Len())
}

// EqualDatum reports whether two values of one type are the same; NULL is the
// same as NULL, and the order of a map's entries doesn't count.
func EqualDatum(a, b Datum, t *types.Type) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	switch t.Kind {
	case types.Map, types.Multiset:
		return equalMaps(a.Map(), b.Map(), t)
	case types.Array:
		x, y := a.Array(), b.Array()
		if x.Len() != y.Len() {
			return false
		}
		for i := range x.Len() {
			if !EqualDatum(x.At(i, &t.Elems[0]), y.At(i, &t.Elems[0]), &t.Elems[0]) {
				return false
			}
		}
		return true
	case types.Row:
		for i := range t.Elems {
			if !EqualDatum(a.Row().Field(i, t), b.Row().Field(i, t), &t.Elems[i]) {
				return false
			}
		}
		return true
	}
	return CompareDatum(a, b, t) == 0
}

func equalMaps(a, b Map, t *types.Type) bool {
	if a.Len() != b.Len() {
		return false
	}
	value := MapValue(t)
	for i := range a.Len() {
		k, v := a.At(i, t)
		w, ok := b.Lookup(k, t)
		if !ok || !EqualDatum(v, w, value) {
			return false
		}
	}
	return true
}

func floatBits(d Datum) uint32 { return math.Float32bits(float32(d.Float())) }

func floatDatum(bits uint32) Datum { return FloatDatum(math.Float32frombits(bits)) }

// Typed is a value with its type, for functions whose arguments have types of
// their own each.
type Typed struct {
	Datum
	Type *types.Type
}
