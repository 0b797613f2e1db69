package pyast

import (
	"regexp"
	"strconv"
	"strings"
)

var dumpPlace = regexp.MustCompile(` \d+:\d+-\d+:\d+`)

// sameLine compares a line of our dump with CPython's: floating-point numbers
// by value, and without the position where CPython has none.
func sameLine(ours, theirs string) bool {
	if strings.Contains(theirs, " ?") {
		ours = dumpPlace.ReplaceAllString(ours, " ?")
	}
	if ours == theirs {
		return true
	}
	head, want, ok := strings.Cut(theirs, " float ")
	if !ok {
		head, want, ok = strings.Cut(theirs, " complex ")
	}
	if !ok || !strings.HasPrefix(ours, head+" ") {
		return false
	}
	fields := strings.Fields(ours)
	a, errA := strconv.ParseFloat(strings.TrimRight(fields[len(fields)-1], "jJ"), 64)
	b, errB := strconv.ParseFloat(strings.TrimRight(want, "jJ"), 64)
	return a == b && (errA == nil || a > 1e308) && errB == nil
}
