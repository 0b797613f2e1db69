package bind

import "pyfc/ir/types"

// decimalDigits are the digits of an integer type as a DECIMAL.
var decimalDigits = map[types.Kind]int{types.TinyInt: 3, types.SmallInt: 5, types.Int: 10, types.BigInt: 19}

// asDecimal is an exact number as DECIMAL.
func asDecimal(t types.Type) types.Type {
	if d, ok := decimalDigits[t.Kind]; ok {
		return types.NewDecimal(d, 0).WithNull(t.Nullable)
	}
	return t
}

// common is the type that both types become where one is wanted: branches of
// CASE, elements of a list, sides of a comparison. ok is false where there is
// none.
func common(a, b types.Type) (t types.Type, ok bool) {
	nullable := a.Nullable || b.Nullable
	switch {
	case a.Kind == types.Null:
		return b.WithNull(true), true
	case b.Kind == types.Null:
		return a.WithNull(true), true
	case a.SameRoot(b):
		return a.WithNull(nullable), true
	case a.Numeric() && b.Numeric():
		return commonNumber(a, b).WithNull(nullable), true
	case a.Text() && b.Text():
		t := types.Type{Kind: types.VarChar, Precision: max(a.Precision, b.Precision)}
		if a.Kind == types.Char && b.Kind == types.Char && a.Precision == b.Precision {
			t.Kind = types.Char
		}
		return t.WithNull(nullable), true
	case binary(a) && binary(b):
		return types.Type{Kind: types.VarBinary, Precision: max(a.Precision, b.Precision), Nullable: nullable}, true
	case a.Kind == b.Kind && temporal(a):
		a.Precision = max(a.Precision, b.Precision)
		return a.WithNull(nullable), true
	}
	return types.Type{}, false
}

// commonNumber is the common type of two numbers: the wider integer, a DECIMAL
// that holds both, or the first that is approximate.
func commonNumber(a, b types.Type) types.Type {
	switch {
	case a.Approximate() || b.Approximate():
		return commonApproximate(a, b)
	case a.Kind == types.Decimal || b.Kind == types.Decimal:
		x, y := asDecimal(a), asDecimal(b)
		scale := max(x.Scale, y.Scale)
		return types.NewDecimal(min(38, max(x.Precision-x.Scale, y.Precision-y.Scale)+scale), scale)
	}
	return types.Of(max(a.Kind, b.Kind))
}

// commonApproximate is Flink's rule, which isn't symmetric: of FLOAT and DOUBLE
// the first one counts, and DECIMAL makes either DOUBLE.
func commonApproximate(a, b types.Type) types.Type {
	switch {
	case a.Kind == types.Decimal || b.Kind == types.Decimal:
		return types.Of(types.Double)
	case a.Approximate():
		return types.Of(a.Kind)
	}
	return types.Of(b.Kind)
}

// arithmetic is the type that the operands of a op b get, where op is + - * / or
// %, and neither is DECIMAL.
func arithmetic(op string, a, b types.Type) types.Type {
	nullable := a.Nullable || b.Nullable
	switch {
	case a.Approximate() || b.Approximate():
		return commonApproximate(a, b).WithNull(nullable)
	case op == "%": // the remainder fits the divisor
		return b.WithNull(nullable)
	}
	return types.Of(max(a.Kind, b.Kind)).WithNull(nullable)
}

// exactDecimals reports whether two numbers are computed with as DECIMALs, each
// as it is.
func exactDecimals(a, b types.Type) bool {
	return a.Kind == types.Decimal && b.Numeric() && !b.Approximate() || b.Kind == types.Decimal && a.Numeric() && !a.Approximate()
}

// concatenation is the type of a || b.
func concatenation(a, b types.Type) types.Type {
	t := types.Type{Kind: types.VarChar, Nullable: a.Nullable || b.Nullable, Precision: types.MaxLength}
	if a.Kind == types.Char && b.Kind == types.Char {
		t.Kind = types.Char
	}
	if a.Precision < types.MaxLength-b.Precision {
		t.Precision = a.Precision + b.Precision
	}
	return t
}

// temporal reports whether the type is a date, time, timestamp or interval.
func temporal(t types.Type) bool { return t.Kind >= types.Date && t.Kind <= types.IntervalDayTime }

func binary(t types.Type) bool { return t.Kind == types.Binary || t.Kind == types.VarBinary }

func interval(t types.Type) bool {
	return t.Kind == types.IntervalYearMonth || t.Kind == types.IntervalDayTime
}

func timestamp(t types.Type) bool { return t.Kind == types.Timestamp || t.Kind == types.TimestampLTZ }

// implicit reports whether a value of type from goes into a sink's column or a
// function's parameter of type to without a CAST. Lengths don't count.
func implicit(from, to types.Type) bool {
	switch {
	case from.Kind == types.Null, from.SameRoot(to):
		return true
	case from.Kind == to.Kind && from.Elems == nil:
		return true
	}
	switch to.Kind {
	case types.VarChar:
		return from.Text()
	case types.VarBinary:
		return from.Kind == types.Binary
	case types.SmallInt, types.Int, types.BigInt:
		return from.Integer() && from.Kind < to.Kind
	case types.Float:
		return from.Numeric() && from.Kind != types.Double
	case types.Double, types.Decimal:
		return from.Numeric()
	case types.Date, types.Time:
		return from.Kind == types.Timestamp
	case types.Timestamp, types.TimestampLTZ:
		return timestamp(from)
	}
	return implicitNested(from, to)
}

func implicitNested(from, to types.Type) bool {
	if from.Kind != to.Kind || len(from.Elems) != len(to.Elems) || from.Elems == nil {
		return false
	}
	for i := range from.Elems {
		if !implicit(from.Elems[i], to.Elems[i]) || from.Elems[i].Nullable && !to.Elems[i].Nullable {
			return false
		}
	}
	return true
}

// explicit reports whether CAST converts from one type to another in Flink.
func explicit(from, to types.Type) bool {
	switch {
	case implicit(from, to), to.Text(), from.Text() && to.Elems == nil:
		return true
	case to.Numeric():
		return from.Numeric() || from.Kind == types.Boolean || interval(from) && to.Integer()
	case to.Kind == types.Boolean:
		return from.Integer() || from.Kind == types.Decimal
	case binary(to):
		return binary(from)
	case to.Kind == types.Date || to.Kind == types.Time:
		return timestamp(from)
	case timestamp(to):
		return from.Kind == types.Date || from.Kind == types.Time || timestamp(from)
	case from.Kind == to.Kind && len(from.Elems) == len(to.Elems):
		for i := range from.Elems {
			if !explicit(from.Elems[i], to.Elems[i]) {
				return false
			}
		}
		return true
	}
	return false
}
