package val

import (
	"testing"

	"pyfc/ir/types"
)

var nestedRow = types.Type{Kind: types.Row, Names: []string{"a", "b", "c", "d", "e", "f"}, Elems: []types.Type{
	types.Of(types.Int), types.String(), {Kind: types.Array, Nullable: true, Elems: []types.Type{types.String()}},
	types.NewDecimal(5, 2), types.Of(types.Timestamp), types.Of(types.Float)}}

func sampleRow(a *Arena, n int64) Datum {
	texts := NewArray(a, &nestedRow.Elems[2].Elems[0], TextDatum("x"), NullDatum(), TextDatum("long enough"))
	return TextDatum(NewRow(a, &nestedRow, IntDatum(n), TextDatum("text"), TextDatum(texts),
		DecimalDatum(DecimalOf(-12345)), TimestampDatum(Timestamp{-1, 999999}), FloatDatum(float32(0.1))))
}

func TestNestedValuesReadBack(t *testing.T) {
	a := NewArena()
	rows := types.Type{Kind: types.Array, Elems: []types.Type{nestedRow}}
	arr := NewArray(a, &nestedRow, sampleRow(a, -7), NullDatum(), sampleRow(a, 8))
	if arr.Len() != 3 || !arr.At(1, &nestedRow).Null {
		t.Fatalf("length %d", arr.Len())
	}
	r := arr.At(0, &nestedRow).Row()
	texts := r.Field(2, &nestedRow).Array()
	elem := &nestedRow.Elems[2].Elems[0]
	if got := r.Field(0, &nestedRow).Int(); got != -7 {
		t.Errorf("a = %d", got)
	}
	if got := texts.At(2, elem).Text(); got != "long enough" || !texts.At(1, elem).Null {
		t.Errorf("c = %q", got)
	}
	if got := r.Field(3, &nestedRow).Decimal(); got != DecimalOf(-12345) {
		t.Errorf("d = %v", got)
	}
	if got := r.Field(4, &nestedRow).Timestamp(); got != (Timestamp{-1, 999999}) {
		t.Errorf("e = %v", got)
	}
	if got := float32(r.Field(5, &nestedRow).Float()); got != 0.1 {
		t.Errorf("f = %v", got)
	}
	if x, y := arr.At(0, &nestedRow), arr.At(2, &nestedRow); CompareDatum(x, y, &nestedRow) != -1 || EqualDatum(x, y, &nestedRow) {
		t.Error("-7 isn't below 8")
	}
	if again := NewArray(a, &nestedRow, sampleRow(a, -7), NullDatum(), sampleRow(a, 8)); again != arr || !EqualDatum(TextDatum(arr), TextDatum(again), &rows) {
		t.Error("equal values have different encodings")
	}
}

func TestMapsAreEqualInAnyOrder(t *testing.T) {
	a := NewArena()
	m := types.Type{Kind: types.Map, Elems: []types.Type{types.String().NotNull(), types.Of(types.Int)}}
	make := func(keys []string, values ...Datum) Datum {
		ks := MakeArray(a, &m.Elems[0], len(keys), func(i int) Datum { return TextDatum(keys[i]) })
		return TextDatum(MakeMap(a, ks, NewArray(a, &m.Elems[1], values...)))
	}
	x := make([]string{"a", "b"}, IntDatum(int32(1)), NullDatum())
	y := make([]string{"b", "a"}, NullDatum(), IntDatum(int32(1)))
	z := make([]string{"b", "a"}, IntDatum(int32(1)), NullDatum())
	if !EqualDatum(x, y, &m) || EqualDatum(x, z, &m) {
		t.Error("equality of maps")
	}
	if v, ok := x.Map().Lookup(TextDatum("b"), &m); !ok || !v.Null {
		t.Error("b isn't there with NULL")
	}
	if _, ok := x.Map().Lookup(TextDatum("c"), &m); ok {
		t.Error("c is there")
	}
}

// Nested values are built in the arena alone.
func TestNestedValuesDontAllocate(t *testing.T) {
	a := NewArena()
	a.Alloc(1)
	if n := testing.AllocsPerRun(50, func() { sampleRow(a, 3) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
