package agg

import (
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

var mostDigits, _, _ = val.ParseDecimal("99999999999999999999999999999999999999", val.Shape{Precision: 38})

// kept takes an accumulator through its state form.
func kept[A comparable, P interface {
	*A
	State
}](t *testing.T, a P) P {
	t.Helper()
	full := a.AppendState(nil)
	for n := range full {
		if _, err := P(new(A)).ReadState(full[:n]); err == nil {
			t.Errorf("%T: %d of %d bytes are taken", a, n, len(full))
		}
	}
	b := P(new(A))
	if rest, err := b.ReadState(append(full, 7)); err != nil || len(rest) != 1 || *b != *a {
		t.Errorf("%T: %v came back as %v (%v)", a, *a, *b, err)
	}
	return b
}

func wantDecimal(t *testing.T, what string, got val.Decimal, ok bool, want int64, wantOK bool) {
	t.Helper()
	if got != val.DecimalOf(want) || ok != wantOK {
		t.Errorf("%s: got %v %v, want %d %v", what, got, ok, want, wantOK)
	}
}

// A sum that overflows begins anew, as PyFlink 1.20.1 does; see also the golden
// decimal/aggregates.
func TestSumDecimal(t *testing.T) {
	s := &SumDecimal{}
	check := func(what string, want int64, ok bool) {
		t.Helper()
		s = kept(t, s)
		got, gotOK := s.Value()
		wantDecimal(t, what, got, gotOK, want, ok)
	}
	check("nothing", 0, false)
	s.Add(val.DecimalOf(7))
	s.Add(val.DecimalOf(-10))
	check("7 - 10", -3, true)
	s.Retract(val.DecimalOf(7))
	s.Retract(val.DecimalOf(-10))
	check("all taken back", 0, false)
	s.Add(mostDigits)
	s.Add(val.DecimalOf(1))
	check("too much", 0, false)
	s.Add(val.DecimalOf(-5))
	check("after too much", -5, true)
}

func TestAvgDecimal(t *testing.T) {
	arg, result := val.Shape{Precision: 10, Scale: 2}, val.Shape{Precision: 38, Scale: 6}
	a := &AvgDecimal{}
	check := func(what string, want int64, ok bool) {
		t.Helper()
		a = kept(t, a)
		got, gotOK := a.Value(arg, result)
		wantDecimal(t, what, got, gotOK, want, ok)
	}
	check("nothing", 0, false)
	for _, v := range []int64{100, 100, 0} {
		a.Add(val.DecimalOf(v))
	}
	check("2/3", 666667, true)
	a.Retract(val.DecimalOf(0))
	check("1", 1000000, true)
	a.Add(mostDigits)
	check("too much", 0, false)
	a.Add(val.DecimalOf(1))
	check("after too much", 0, false)
}

func TestExtremeDecimal(t *testing.T) {
	shape := types.NewDecimal(10, 2)
	least, most := &MinAny{}, &MaxAny{}
	if _, ok := kept(t, least).Value(); ok {
		t.Error("a least of nothing")
	}
	for _, v := range []int64{3, -7, 12, 0} {
		least.Add(val.DecimalDatum(val.DecimalOf(v)), &shape)
		most.Add(val.DecimalDatum(val.DecimalOf(v)), &shape)
	}
	least.Add(val.NullDatum(), &shape)
	got, ok := kept(t, least).Value()
	wantDecimal(t, "least", got.Decimal(), ok, -7, true)
	got, ok = kept(t, most).Value()
	wantDecimal(t, "most", got.Decimal(), ok, 12, true)
}
