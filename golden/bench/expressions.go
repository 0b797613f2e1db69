package main

import (
	"fmt"
	"math"

	"pyfc/golden/bench/exprs"
)

// expressions measures generated code for typical expressions beside what one
// would write by hand, both over the same batch of rows.
func expressions(b *bench) (section, error) {
	sec := section{Title: "exprs: generated and hand-written Go for one expression, ns a row, and allocations per 1000 rows"}
	figures, err := exprs.Measure(b.dir, "100ms", b.rounds)
	if err != nil {
		return sec, err
	}
	logs := 0.0
	var allocs series
	for _, f := range figures {
		sec.Series = append(sec.Series,
			series{Name: f.SQL, Unit: "ns", Values: []float64{f.Generated}},
			series{Name: fmt.Sprintf("  by hand (ratio %.2f)", f.Generated/f.Hand), Unit: "ns", Values: []float64{f.Hand}})
		logs += math.Log(f.Generated / f.Hand)
		allocs.Values = append(allocs.Values, f.Allocs)
	}
	mean := math.Exp(logs / float64(len(figures)))
	sec.Goals = []goal{
		goal{Name: "geometric mean, generated / by hand", Value: mean, Low: mean, High: mean}.atMost(1.5),
		of("allocations per 1000 rows", allocs).atMost(0),
	}
	return sec, nil
}
