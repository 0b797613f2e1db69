package val

// OrNulls is the comparison of two values that may be NULL: what puts the
// first NULL before everything, or else byValue. Where NULLs come last the
// caller swaps the first two.
func OrNulls(xNull, yNull bool, byValue int) int {
	if xNull == yNull {
		return byValue
	}
	return boolRank(yNull) - boolRank(xNull)
}

// CompareBool orders FALSE before TRUE.
func CompareBool(x, y bool) int { return boolRank(x) - boolRank(y) }

// CompareFloat orders numbers as Java's compare does: NaN is the greatest.
func CompareFloat[T ~float32 | ~float64](x, y T) int { return compareFloat(float64(x), float64(y)) }
