package agg_test

import (
	"testing"

	"pyfc/rt/agg"
	"pyfc/rt/val"
)

func TestLag(t *testing.T) {
	var one agg.Lag
	var two agg.LagBy
	var or agg.LagOr
	value := func(v val.Datum, ok bool) string {
		if !ok {
			return "NULL"
		}
		return v.Text()
	}
	for i, c := range []struct{ in, one, two, or string }{
		{"a", "NULL", "NULL", "none"}, {"b", "a", "NULL", "none"}, {"", "b", "a", "a"}, {"d", "NULL", "b", "b"}, {"e", "d", "NULL", "NULL"},
	} {
		v := val.TextDatum(c.in).Unless(c.in == "")
		one.Add(v)
		two.Add(v, 2)
		or.Add(v, 2, val.TextDatum("none"))
		var again agg.LagBy
		data := two.AppendState(nil)
		if rest, err := again.ReadState(data); err != nil || len(rest) > 0 {
			t.Fatal(rest, err)
		}
		if _, err := new(agg.LagBy).ReadState(data[:len(data)-1]); err == nil {
			t.Error("a part of the state passes for it")
		}
		if got := value(one.Value()); got != c.one {
			t.Errorf("%d: LAG(v) is %s, want %s", i, got, c.one)
		}
		if got := value(again.Value()); got != c.two {
			t.Errorf("%d: LAG(v, 2) is %s, want %s", i, got, c.two)
		}
		if got := value(or.Value()); got != c.or {
			t.Errorf("%d: LAG(v, 2, 'none') is %s, want %s", i, got, c.or)
		}
	}
}
