package ir

import (
	"strings"
	"testing"
)

// A relation that is printed below each of its consumers is one when it is read
// back; a copy of the plan has one for each again.
func TestSharedRelations(t *testing.T) {
	rel, err := Parse(`Table t connector=kafka format=csv : (a INT)
Union [I] : (a INT)
  Scan t connector=kafka [I] shared=3 : (a INT)
  Scan t connector=kafka [I] shared=3 : (a INT)
`)
	if err != nil {
		t.Fatal(err)
	}
	if in := rel.Inputs(); in[0] != in[1] {
		t.Error("there are two scans")
	}
	if in := Clone(rel).Inputs(); in[0] == in[1] || in[0].P().Shared != 0 {
		t.Error("the copy's scans are one")
	}
	other := *rel.Inputs()[0].(*Scan)
	rel.SetInput(1, &other)
	if err := Verify(rel); err == nil || !strings.Contains(err.Error(), "Scan and Scan are both shared=3") {
		t.Errorf("two relations of one number: %v", err)
	}
}
