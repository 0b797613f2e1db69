package exprs

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"pyfc/rt/val"
)

type arena = *val.Arena

// Cases are the expressions.
var Cases = []Case{
	{"a + b", each(func(r *Row, _ arena) (int64, bool) { return r.A + r.B, r.Nulls&(nullA|nullB) != 0 })},
	{"a * 2 + b", each(func(r *Row, _ arena) (int64, bool) { return r.A*2 + r.B, r.Nulls&(nullA|nullB) != 0 })},
	{"a / 3", each(func(r *Row, _ arena) (int64, bool) { return r.A / 3, r.Nulls&nullA != 0 })},
	{"MOD(a, 7)", each(func(r *Row, _ arena) (int32, bool) { return int32(r.A % 7), r.Nulls&nullA != 0 })},
	{"i + a", each(func(r *Row, _ arena) (int64, bool) { return int64(r.I) + r.A, r.Nulls&(nullI|nullA) != 0 })},
	{"d * e + 1.5e0", each(func(r *Row, _ arena) (float64, bool) { return float64(r.D*r.E) + 1.5, r.Nulls&(nullD|nullE) != 0 })},
	{"d / e", each(func(r *Row, _ arena) (float64, bool) { return r.D / r.E, r.Nulls&(nullD|nullE) != 0 })},
	{"SQRT(d)", each(func(r *Row, _ arena) (float64, bool) { return math.Sqrt(r.D), r.Nulls&nullD != 0 })},
	{"ABS(a)", each(func(r *Row, _ arena) (int64, bool) { return max(r.A, -r.A), r.Nulls&nullA != 0 })},
	{"FLOOR(d)", each(func(r *Row, _ arena) (float64, bool) { return math.Floor(r.D), r.Nulls&nullD != 0 })},
	{"a > b", each(func(r *Row, _ arena) (bool, bool) { return r.A > r.B, r.Nulls&(nullA|nullB) != 0 })},
	{"a BETWEEN 10 AND 1000", each(func(r *Row, _ arena) (bool, bool) { return r.A >= 10 && r.A <= 1000, r.Nulls&nullA != 0 })},
	{"a > 5 AND b < 100", each(and)},
	{"f OR a IS NULL", each(func(r *Row, _ arena) (bool, bool) {
		null := r.Nulls&nullA != 0
		return r.F || null, r.Nulls&nullF != 0 && !null
	})},
	{"a IN (1, 5, 9, 13)", each(func(r *Row, _ arena) (bool, bool) {
		return r.A == 1 || r.A == 5 || r.A == 9 || r.A == 13, r.Nulls&nullA != 0
	})},
	{"CASE WHEN a > 500 THEN 'high' WHEN a > 100 THEN 'mid' ELSE 'low' END", each(level)},
	{"COALESCE(a, b, 0)", each(func(r *Row, _ arena) (int64, bool) {
		switch {
		case r.Nulls&nullA == 0:
			return r.A, false
		case r.Nulls&nullB == 0:
			return r.B, false
		}
		return 0, false
	})},
	{"NULLIF(a, b)", each(func(r *Row, _ arena) (int64, bool) {
		return r.A, r.Nulls&nullA != 0 || r.Nulls&nullB == 0 && r.A == r.B
	})},
	{"s = t", each(func(r *Row, _ arena) (bool, bool) { return r.S == r.T, r.Nulls&(nullS|nullT) != 0 })},
	{"s <> 'abc'", each(func(r *Row, _ arena) (bool, bool) { return r.S != "abc", r.Nulls&nullS != 0 })},
	{"UPPER(s)", each(func(r *Row, a arena) (string, bool) { return mapASCII(a, r.S, 'a', 'z'), r.Nulls&nullS != 0 })},
	{"LOWER(s)", each(func(r *Row, a arena) (string, bool) { return mapASCII(a, r.S, 'A', 'Z'), r.Nulls&nullS != 0 })},
	{"CHAR_LENGTH(s)", each(func(r *Row, _ arena) (int32, bool) { return int32(utf8.RuneCountInString(r.S)), r.Nulls&nullS != 0 })},
	{"s || '-' || t", each(func(r *Row, a arena) (string, bool) { return a.Concat(r.S, "-", r.T), r.Nulls&(nullS|nullT) != 0 })},
	{"SUBSTRING(s, 2, 4)", each(substring)},
	{"TRIM(s)", each(func(r *Row, _ arena) (string, bool) { return strings.Trim(r.S, " "), r.Nulls&nullS != 0 })},
	{"s LIKE 'ab%'", each(func(r *Row, _ arena) (bool, bool) { return strings.HasPrefix(r.S, "ab"), r.Nulls&nullS != 0 })},
	{"s LIKE '%bc%'", each(func(r *Row, _ arena) (bool, bool) { return strings.Contains(r.S, "bc"), r.Nulls&nullS != 0 })},
	{"REPLACE(s, 'b', 'xy')", each(replace)},
	{"SPLIT_INDEX(s, ',', 1)", each(splitIndex)},
	{"CAST(a AS STRING)", each(func(r *Row, a arena) (string, bool) {
		var buf [20]byte
		return a.Concat(val.View(strconv.AppendInt(buf[:0], r.A, 10))), r.Nulls&nullA != 0
	})},
	{"TRY_CAST(n AS BIGINT)", each(func(r *Row, _ arena) (int64, bool) {
		v, err := strconv.ParseInt(strings.TrimSpace(r.N), 10, 64)
		return v, err != nil || r.Nulls&nullN != 0
	})},
	{"CAST(a AS DOUBLE)", each(func(r *Row, _ arena) (float64, bool) { return float64(r.A), r.Nulls&nullA != 0 })},
	{"CAST(d AS BIGINT)", each(func(r *Row, _ arena) (int64, bool) { return int64(r.D), r.Nulls&nullD != 0 })},
	{"p + q", each(func(r *Row, _ arena) (int64, bool) { return r.P + r.Q, r.Nulls&(nullP|nullQ) != 0 })},
	{"p > q", each(func(r *Row, _ arena) (bool, bool) { return r.P > r.Q, r.Nulls&(nullP|nullQ) != 0 })},
	{"EXTRACT(YEAR FROM dt)", each(func(r *Row, _ arena) (int64, bool) {
		year, _, _ := val.Date(r.Day).Civil()
		return int64(year), r.Nulls&nullDay != 0
	})},
	{"ts + INTERVAL '1' DAY", each(func(r *Row, _ arena) (int64, bool) { return r.TS + 86_400_000, r.Nulls&nullTS != 0 })},
	{"FLOOR(ts TO HOUR)", each(func(r *Row, _ arena) (int64, bool) {
		return r.TS - val.FloorMod(r.TS, 3_600_000), r.Nulls&nullTS != 0
	})},
	{"CAST(ts AS DATE)", each(func(r *Row, _ arena) (int32, bool) {
		return int32(val.FloorDiv(r.TS, 86_400_000)), r.Nulls&nullTS != 0
	})},
}

func and(r *Row, _ arena) (bool, bool) {
	x, xNull := r.A > 5, r.Nulls&nullA != 0
	y, yNull := r.B < 100, r.Nulls&nullB != 0
	switch {
	case !xNull && !x, !yNull && !y:
		return false, false
	case xNull || yNull:
		return false, true
	}
	return true, false
}

func level(r *Row, _ arena) (string, bool) {
	switch known := r.Nulls&nullA == 0; {
	case known && r.A > 500:
		return "high", false
	case known && r.A > 100:
		return "mid", false
	}
	return "low", false
}

// mapASCII changes the case of the letters between from and to; a programmer
// who knows that the texts are ASCII would not do more.
func mapASCII(a arena, s string, from, to byte) string {
	buf := a.Alloc(len(s))
	for i := range len(s) {
		c := s[i]
		if from <= c && c <= to {
			c ^= 0x20
		}
		buf[i] = c
	}
	return val.View(buf)
}

// substring takes four characters from the second on.
func substring(r *Row, _ arena) (string, bool) {
	start, end, n := len(r.S), len(r.S), 0
	for i := range r.S {
		switch n {
		case 1:
			start = i
		case 5:
			end = i
		}
		n++
	}
	return r.S[start:end], r.Nulls&nullS != 0
}

func replace(r *Row, a arena) (string, bool) {
	n := strings.Count(r.S, "b")
	if n == 0 {
		return r.S, r.Nulls&nullS != 0
	}
	buf := a.Alloc(len(r.S) + n)[:0]
	for i := range len(r.S) {
		if r.S[i] == 'b' {
			buf = append(buf, "xy"...)
		} else {
			buf = append(buf, r.S[i])
		}
	}
	return val.View(buf), r.Nulls&nullS != 0
}

func splitIndex(r *Row, _ arena) (string, bool) {
	_, rest, ok := strings.Cut(r.S, ",")
	part, _, _ := strings.Cut(rest, ",")
	return part, !ok || r.Nulls&nullS != 0
}
