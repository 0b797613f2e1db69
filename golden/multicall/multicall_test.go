package multicall

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/codegen/gobuild"
)

// TestRefusedJobsAreLeftOut links jobs of which one doesn't compile, and chooses
// the other one and a step of it.
func TestRefusedJobsAreLeftOut(t *testing.T) {
	var b Binary
	good := b.Add(gobuild.Files{"main.go": []byte("package main\n"), "job/job.go": []byte(`package job

import "pyfc/rt/job"

func New() *job.Spec {
	return &job.Spec{Name: "two", Steps: []job.Step{{Print: job.Text{{Literal: "first"}}}, {Print: job.Text{{Literal: "second"}}}}}
}
`)})
	bad := b.Add(gobuild.Files{"job/job.go": []byte(`package job

import "pyfc/rt/job"

func New() *job.Spec { return missing }
`)})
	out := filepath.Join(t.TempDir(), "jobs")
	if err := b.Build(out); err != nil {
		t.Fatal(err)
	}
	if text := b.Broken[bad]; !strings.Contains(text, "undefined: missing") || len(b.Broken) != 1 {
		t.Errorf("broken: %v", b.Broken)
	}
	for args, want := range map[string]string{good: "firstsecond", Step(good, 1): "second"} {
		if text, err := exec.Command(out, args).CombinedOutput(); err != nil || string(text) != want {
			t.Errorf("%s: %s (%v)", args, text, err)
		}
	}
}
