package json

import (
	"fmt"
	"testing"
)

// Paths that are data may be many; the memory for them is bounded, but goes on
// taking those that are repeated.
func TestPathsAreRemembered(t *testing.T) {
	for i := range 2500 {
		path := fmt.Sprintf("$.a[%d]", i)
		if first := Compile(path); first != Compile(path) {
			t.Fatalf("%s is compiled again", path)
		}
	}
}
