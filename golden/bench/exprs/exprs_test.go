package exprs

import (
	"testing"
)

// TestGeneratedExpressionsDontAllocate measures all cases: the code compiles,
// and no row costs an allocation.
func TestGeneratedExpressionsDontAllocate(t *testing.T) {
	figures, err := Measure(t.TempDir(), "1ms", 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(figures) != len(Cases) {
		t.Errorf("%d figures for %d cases", len(figures), len(Cases))
	}
	for _, f := range figures {
		t.Logf("%6.2f ns, by hand %6.2f: %5.2f  allocations per 1000 rows %.1f, by hand %.1f  %s", f.Generated, f.Hand, f.Generated/f.Hand, f.Allocs, f.HandAllocs, f.SQL)
		if f.Allocs > 1 {
			t.Errorf("%s: %.1f allocations per 1000 rows", f.SQL, f.Allocs)
		}
	}
}
