package main

import (
	"os"
	"path/filepath"
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

// TestPage puts the ratios of a saved report between the marks of a page, and
// leaves a page without marks alone.
func TestPage(t *testing.T) {
	dir := t.TempDir()
	file, page := filepath.Join(dir, "bench.json"), filepath.Join(dir, "page.md")
	r := report{Date: "2026-01-31", CPU: "Abacus 9", Cores: 2, Go: "go1", Load: "0.10 0.2 0.3 1/2 3", Sections: []section{{
		Title: "cdn", Goals: []goal{{Name: "pyfc / PyFlink", Value: 7, Low: 6, High: 8}, {Name: "memory", Value: 0.1, Low: 0.1, High: 0.2}}}}}
	if err := r.save(file); err != nil {
		t.Fatal(err)
	}
	saved, err := load(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + pageBegin + "old\n" + pageEnd + "after\n")
	for range 2 { // again gives the same
		if err := saved.writeInto(page, "bench.svg"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := "before\n" + pageBegin + "Measured 2026-01-31, 2 cores of Abacus 9, go1, load at the start 0.10:\n\n" +
		"| experiment | figure | median | extremes |\n|---|---|---|---|\n" +
		"| cdn | pyfc / PyFlink | 7 | 6 to 8 |\n|  | memory | 0.1 | 0.1 to 0.2 |\n" +
		"\n![rows per second of each side of each experiment](bench.svg)\n" + pageEnd + "after\n"
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	write("nothing\n")
	if err := saved.writeInto(page, ""); err == nil {
		t.Error("a page without marks is taken")
	}
}
