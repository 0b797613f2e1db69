package val

import (
	"math"
	"testing"
)

func TestCompareShifted(t *testing.T) {
	for _, c := range []struct {
		x, y, by int64
		want     int
	}{{3, 2, 1, 0}, {3, 4, -2, 1}, {1, 4, -2, -1}, {math.MaxInt64, math.MaxInt64 - 1, 5, -1}, {math.MinInt64, math.MinInt64 + 1, -5, 1}} {
		if got := CompareShiftedInt(c.x, c.y, c.by); got != c.want {
			t.Errorf("%d against %d%+d: %d", c.x, c.y, c.by, got)
		}
	}
	if CompareShiftedTimestamp(Timestamp{5, 1}, Timestamp{2, 1}, 3) != 0 || CompareShiftedTimestamp(Timestamp{5, 0}, Timestamp{2, 1}, 3) != -1 {
		t.Error("timestamps")
	}
	s := Shape{MaxPrecision, 1}
	most := Decimal{math.MaxInt64, math.MaxUint64}
	for _, c := range []struct {
		x, y, by Decimal
		want     int
	}{{DecimalOf(15), DecimalOf(10), DecimalOf(5), 0}, {DecimalOf(14), DecimalOf(10), DecimalOf(5), -1}, {most, most, DecimalOf(5), -1}} {
		if got := CompareShiftedDecimal(c.x, c.y, c.by, s); got != c.want {
			t.Errorf("%v against %v and %v: %d", c.x, c.y, c.by, got)
		}
	}
	if OrNulls(true, false, 1) != -1 || OrNulls(false, true, -1) != 1 || OrNulls(true, true, 0) != 0 || OrNulls(false, false, 1) != 1 {
		t.Error("NULLs")
	}
	if OrNullsApart(true, false, 1, 2, 3) != 1 || OrNullsApart(false, true, 1, 2, 3) != 1 || OrNullsApart(true, true, 1, 2, 3) != 2 || OrNullsApart(false, false, 1, 2, 3) != 3 {
		t.Error("NULLs lie elsewhere than said")
	}
}
