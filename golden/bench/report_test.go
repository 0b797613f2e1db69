package main

import (
	"strings"
	"testing"
)

// TestPlot draws rates only, with their spread.
func TestPlot(t *testing.T) {
	r := report{Cores: 2, Go: "go1", Sections: []section{{Title: "cdn", Series: []series{
		{Name: "pyfc: throughput", Unit: "rows/s", Values: []float64{1e6, 3e6, 2e6}},
		{Name: "pyfc: peak memory", Unit: "MB", Values: []float64{50}},
	}}}}
	svg := r.plot()
	if !strings.Contains(svg, "cdn, pyfc: throughput") || !strings.Contains(svg, "2.00 M") || strings.Contains(svg, "memory") {
		t.Errorf("the plot:\n%s", svg)
	}
}
