package agg

import (
	"testing"

	"pyfc/rt/val"
)

// What accumulators keep outlives the batch whose texts they were given, also
// where a value comes again.
func TestValuesThatComeAgainAreKept(t *testing.T) {
	text := func(f func(v string)) {
		buf := []byte("first value of a batch")
		f(val.View(buf))
		for i := range buf {
			buf[i] = '#'
		}
	}
	var d Distinct[string]
	var c Collect
	var h MaxRetracting
	var l ListAggRetracting
	keep := func(k *string) { *k = val.Keep(*k) }
	for range 3 {
		text(func(v string) {
			d.Add(v, keep)
			c.Add(val.TextDatum(v))
			h.change(val.TextDatum(v), 1, nil, -1)
			l.Add(val.TextDatum(v))
		})
	}
	text(func(v string) {
		if d.Add(v, keep) || d.Retract(v, keep) || len(d.seen) != 1 {
			t.Error("DISTINCT doesn't know a value again")
		}
		if c.Add(val.TextDatum(v)); c.Counts[val.TextDatum(v)] != 4 || len(c.Counts) != 1 {
			t.Errorf("COLLECT has %v", c.Counts)
		}
		if h.change(val.TextDatum(v), -1, nil, -1); h.Counts[val.TextDatum(v)].n != 2 {
			t.Errorf("MAX has %v", h.Counts)
		}
		l.Retract(val.TextDatum(v))
	})
	text(func(v string) {
		l.Retract(val.TextDatum(v))
		l.Retract(val.TextDatum(v))
	})
	if l.len() != 0 {
		t.Errorf("%d texts are left", l.len())
	}
}
