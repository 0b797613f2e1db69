package types

import "testing"

func TestWidens(t *testing.T) {
	text := func(kind Kind, n int) Type { return Type{Kind: kind, Precision: n, Nullable: true} }
	for _, c := range []struct {
		from, to Type
		want     bool
	}{
		{Of(Int), Of(BigInt), true}, {Of(BigInt), Of(Int), false}, {Of(Int), Of(Double), true}, {Of(BigInt), Of(Double), false},
		{Of(Int), Of(Float), false}, {Of(Float), Of(Double), true}, {Of(Double), Of(Float), false}, {Of(Int).NotNull(), Of(Int), true},
		{text(Char, 3), String(), true}, {text(VarChar, 5), text(VarChar, 3), false}, {String(), text(Char, 9), false}, {Of(Int), String(), false},
		{NewDecimal(10, 2), NewDecimal(12, 2), true}, {NewDecimal(10, 2), NewDecimal(10, 3), false}, {NewDecimal(10, 2), NewDecimal(12, 1), false},
		{Type{Kind: Timestamp, Precision: 3}, Type{Kind: Timestamp, Precision: 6}, true}, {Type{Kind: Timestamp, Precision: 3}, Type{Kind: Timestamp}, false},
		{Of(Date), Of(Timestamp), false},
	} {
		if got := Widens(c.from, c.to); got != c.want {
			t.Errorf("%s to %s: %v", c.from, c.to, got)
		}
	}
}
