package main

import "testing"

// TestDifference: lines count with their number, their order doesn't.
func TestDifference(t *testing.T) {
	if d := difference("want.out", "a\nb\nb\n", "b\na\nb\n"); d != "" {
		t.Errorf("another order is no difference: %s", d)
	}
	want := "  want.out: - b\n  want.out: + c\n  want.out: + c\n"
	if d := difference("want.out", "a\nb\nb\n", "c\na\nb\nc\n"); d != want {
		t.Errorf("got\n%swant\n%s", d, want)
	}
}
