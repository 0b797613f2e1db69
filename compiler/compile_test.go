package compiler

import (
	"slices"
	"testing"
)

// TestStagesMakeWhatIsRead: a check renders no Go, and only explain keeps the plans
// on the way; what they find is the same.
func TestStagesMakeWhatIsRead(t *testing.T) {
	req := Request{Script: "../golden/examples/popularity/job.py"}
	compiled, checked, explained := Compile(req), Check(req), Explain(req)
	for _, r := range []*Result{checked, explained} {
		if r.Verdict() != compiled.Verdict() || !slices.Equal(r.Plans, compiled.Plans) || len(r.Plans) == 0 {
			t.Errorf("%v with %q, want %v with %q", r.Verdict(), r.Plans, compiled.Verdict(), compiled.Plans)
		}
	}
	for _, c := range []struct {
		name         string
		result       *Result
		files, plans bool
	}{{"Compile", compiled, true, false}, {"Check", checked, false, false}, {"Explain", explained, true, true}} {
		if files, bound, trace := len(c.result.Files) > 0, len(c.result.Bound) > 0, len(c.result.Trace) > 0; files != c.files || bound != c.plans || trace != c.plans {
			t.Errorf("%s: files %v, plans before %v and behind passes %v", c.name, files, bound, trace)
		}
	}
}
