package val

import "cmp"

// OrNulls is the comparison of two values that may be NULL: what puts the
// first NULL before everything, or else byValue. Where NULLs come last the
// caller swaps the first two.
func OrNulls(xNull, yNull bool, byValue int) int {
	if xNull == yNull {
		return byValue
	}
	return boolRank(yNull) - boolRank(xNull)
}

// OrNullsApart is where a value lies by a bound that may be NULL: what is given
// for one NULL and for two, or else byValue.
func OrNullsApart(xNull, yNull bool, one, two, byValue int) int {
	switch {
	case xNull && yNull:
		return two
	case xNull || yNull:
		return one
	}
	return byValue
}

// CompareBool orders FALSE before TRUE.
func CompareBool(x, y bool) int { return boolRank(x) - boolRank(y) }

// CompareFloat orders numbers as Java's compare does: NaN is the greatest.
func CompareFloat[T ~float32 | ~float64](x, y T) int { return compareFloat(float64(x), float64(y)) }

// CompareShiftedInt compares x with y + by, which may be beyond all integers.
func CompareShiftedInt(x, y, by int64) int {
	sum := y + by
	switch {
	case by > 0 && sum < y:
		return -1
	case by < 0 && sum > y:
		return 1
	}
	return cmp.Compare(x, sum)
}

// CompareShiftedTimestamp compares x with the point in time so many
// milliseconds behind y.
func CompareShiftedTimestamp(x, y Timestamp, by int64) int {
	y.Milli += by
	return x.Cmp(y)
}

// CompareShiftedDecimal compares x with y + by, numbers of one shape.
func CompareShiftedDecimal(x, y, by Decimal, s Shape) int {
	sum, ok := AddDecimal(y, s.Scale, by, s.Scale, Shape{MaxPrecision, s.Scale})
	if !ok { // beyond all numbers, on the side of the distance
		return -by.Cmp(Decimal{})
	}
	return x.Cmp(sum)
}
