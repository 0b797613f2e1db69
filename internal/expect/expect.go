// Package expect has what tests of several packages compare by.
package expect

import (
	"slices"
	"strings"
	"testing"
)

// List fails a test where a list isn't the wanted one.
func List(tb testing.TB, got []string, want ...string) {
	tb.Helper()
	if !slices.Equal(got, want) {
		tb.Errorf("got  %q\nwant %q", got, want)
	}
}

// Contains fails a test where a text lacks one of the parts.
func Contains(tb testing.TB, text string, parts ...string) {
	tb.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			tb.Errorf("%q is missing in:\n%s", p, text)
		}
	}
}
