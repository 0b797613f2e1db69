package types

// decimalDigits are the digits of an integer type as a DECIMAL.
var decimalDigits = map[Kind]int{TinyInt: 3, SmallInt: 5, Int: 10, BigInt: 19}

// AsDecimal is an exact number as DECIMAL.
func (t Type) AsDecimal() Type {
	if d, ok := decimalDigits[t.Kind]; ok {
		return NewDecimal(d, 0).WithNull(t.Nullable)
	}
	return t
}

// Common is the type that both types become where one is wanted: branches of
// CASE, elements of a list, sides of a comparison. ok is false where there is
// none.
func Common(a, b Type) (t Type, ok bool) {
	nullable := a.Nullable || b.Nullable
	switch {
	case a.Kind == Null:
		return b.WithNull(true), true
	case b.Kind == Null:
		return a.WithNull(true), true
	case a.SameRoot(b):
		return a.WithNull(nullable), true
	case a.Numeric() && b.Numeric():
		return CommonNumber(a, b).WithNull(nullable), true
	case a.Text() && b.Text():
		t := Type{Kind: VarChar, Precision: max(a.Precision, b.Precision)}
		if a.Kind == Char && b.Kind == Char && a.Precision == b.Precision {
			t.Kind = Char
		}
		return t.WithNull(nullable), true
	case a.Binary() && b.Binary():
		return Type{Kind: VarBinary, Precision: max(a.Precision, b.Precision), Nullable: nullable}, true
	case a.Kind == b.Kind && a.Temporal(), a.Timestamp() && b.Timestamp():
		// Of timestamps with and without zone, the first one counts.
		a.Precision = max(a.Precision, b.Precision)
		return a.WithNull(nullable), true
	case a.Kind == b.Kind && a.Nested() && len(a.Elems) == len(b.Elems):
		return commonNested(a, b, nullable)
	}
	return Type{}, false
}

// Merged is the common type of the arguments of COALESCE and IFNULL, which for
// some pairs isn't that of CASE: DOUBLE counts wherever it stands, DECIMAL and
// FLOAT are FLOAT, a date or time counts before a timestamp, and one with a
// zone before one without.
func Merged(a, b Type) (t Type, ok bool) {
	nullable := a.Nullable || b.Nullable
	switch {
	case a.Approximate() && b.Approximate():
		return Of(max(a.Kind, b.Kind)).WithNull(nullable), true
	case a.Kind == Decimal && b.Approximate():
		return b.WithNull(nullable), true
	case a.Timestamp() && b.Timestamp():
		t := Of(max(a.Kind, b.Kind))
		t.Precision = max(a.Precision, b.Precision)
		return t.WithNull(nullable), true
	case a.Kind == Timestamp && (b.Kind == Date || b.Kind == Time):
		return b.WithNull(nullable), true
	case b.Kind == Timestamp && (a.Kind == Date || a.Kind == Time):
		return a.WithNull(nullable), true
	}
	return Common(a, b)
}

// commonNested unifies element by element; a row keeps the names of the first.
func commonNested(a, b Type, nullable bool) (Type, bool) {
	elems := make([]Type, len(a.Elems))
	for i := range elems {
		var ok bool
		if elems[i], ok = Common(a.Elems[i], b.Elems[i]); !ok {
			return Type{}, false
		}
	}
	a.Elems = elems
	return a.WithNull(nullable), true
}

// CommonOf is the common type of all types.
func CommonOf(ts []Type) (t Type, ok bool) {
	for i, u := range ts {
		if i == 0 {
			t, ok = u, true
		} else if t, ok = Common(t, u); !ok {
			return Type{}, false
		}
	}
	return t, ok
}

// CommonNumber is the common type of two numbers: the wider integer, a DECIMAL
// that holds both, or the first that is approximate.
func CommonNumber(a, b Type) Type {
	switch {
	case a.Approximate() || b.Approximate():
		return CommonApproximate(a, b)
	case a.Kind == Decimal || b.Kind == Decimal:
		x, y := a.AsDecimal(), b.AsDecimal()
		scale := max(x.Scale, y.Scale)
		return NewDecimal(min(38, max(x.Precision-x.Scale, y.Precision-y.Scale)+scale), scale)
	}
	return Of(max(a.Kind, b.Kind))
}

// CommonApproximate is Flink's rule, which isn't symmetric: of FLOAT and DOUBLE
// the first one counts, and DECIMAL makes either DOUBLE.
func CommonApproximate(a, b Type) Type {
	switch {
	case a.Kind == Decimal || b.Kind == Decimal:
		return Of(Double)
	case a.Approximate():
		return Of(a.Kind)
	}
	return Of(b.Kind)
}
