package val

import "math"

// FloatKey is a FLOAT or DOUBLE as part of a key: NaN equals itself, and 0.0
// isn't -0.0.
type FloatKey int64

var canonicalNaN = FloatKey(math.Float64bits(math.NaN()))

// KeyOfFloat makes the key of a number.
func KeyOfFloat[T ~float32 | ~float64](v T) FloatKey {
	if v != v {
		return canonicalNaN
	}
	return FloatKey(math.Float64bits(float64(v)))
}

// Float is the number.
func (k FloatKey) Float() float64 { return math.Float64frombits(uint64(k)) }
