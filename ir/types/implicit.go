package types

// Implicit reports whether a value of type from goes into a sink's column or a
// function's parameter of type to without a CAST. Lengths don't count.
func Implicit(from, to Type) bool {
	switch {
	case from.Kind == Null, from.SameRoot(to):
		return true
	case from.Kind == to.Kind && from.Elems == nil:
		return true
	}
	switch to.Kind {
	case VarChar:
		return from.Text()
	case VarBinary:
		return from.Kind == Binary
	case SmallInt, Int, BigInt:
		return from.Integer() && from.Kind < to.Kind
	case Float:
		return from.Numeric() && from.Kind != Double
	case Double, Decimal:
		return from.Numeric()
	case Date, Time:
		return from.Kind == Timestamp
	case Timestamp, TimestampLTZ:
		return from.Timestamp()
	}
	return implicitNested(from, to)
}

// Widens reports whether a conversion makes different values of different ones, so
// that a key stays one.
func Widens(from, to Type) bool {
	switch {
	case from.SameRoot(to):
		return true
	case from.Text():
		return to.Kind == VarChar && to.Precision >= from.Precision
	case from.Kind == Binary || from.Kind == VarBinary:
		return to.Kind == VarBinary && to.Precision >= from.Precision
	case from.Integer():
		return to.Integer() && from.Kind < to.Kind || to.Kind == Double && from.Kind < BigInt
	case from.Kind == to.Kind && from.Elems == nil: // DECIMAL, temporal types
		return from.Scale <= to.Scale && from.Precision-from.Scale <= to.Precision-to.Scale
	}
	return from.Kind == Float && to.Kind == Double
}

func implicitNested(from, to Type) bool {
	if from.Kind != to.Kind || len(from.Elems) != len(to.Elems) || from.Elems == nil {
		return false
	}
	for i := range from.Elems {
		if !Implicit(from.Elems[i], to.Elems[i]) || from.Elems[i].Nullable && !to.Elems[i].Nullable {
			return false
		}
	}
	return true
}
