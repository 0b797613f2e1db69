package gobuild

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pyfc/rt/cachedir"
)

func mainFile(body string) Files {
	return Files{"main.go": []byte("package main\n\nimport \"pyfc/rt/val\"\n\nfunc main() { " + body + " }\n")}
}

func TestBuildIsCachedByContent(t *testing.T) {
	t.Setenv("PYFC_CACHE", t.TempDir())
	out := filepath.Join(t.TempDir(), "job")
	for i, want := range []bool{false, true} {
		cached, err := Build(mainFile(`println(val.Keep("same"))`), out)
		if err != nil || cached != want {
			t.Fatalf("build %d: cached %v, want %v, error %v", i, cached, want, err)
		}
	}
	cached, err := Build(mainFile(`println(val.Keep("other"))`), out)
	if err != nil || cached {
		t.Fatalf("other content: cached %v, error %v", cached, err)
	}
	output, err := exec.Command(out).CombinedOutput()
	if err != nil || strings.TrimSpace(string(output)) != "other" {
		t.Fatalf("output %q, error %v", output, err)
	}
}

func TestUnusedBuildsAreDropped(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("PYFC_CACHE", cache)
	build := func(text string) (cached bool) {
		t.Helper()
		cached, err := Build(mainFile("println(val.Keep(`"+text+"`))"), filepath.Join(t.TempDir(), "job"))
		if err != nil {
			t.Fatal(err)
		}
		return cached
	}
	age := func() {
		t.Helper()
		entries, err := os.ReadDir(filepath.Join(cache, "build"))
		if err != nil {
			t.Fatal(err)
		}
		old := time.Now().Add(-cachedir.KeptFor - time.Hour)
		for _, e := range entries {
			if err := os.Chtimes(filepath.Join(cache, "build", e.Name()), old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	build("a")
	build("b")
	age()
	if !build("b") {
		t.Error("an old build isn't used, though nothing was built since")
	}
	build("c")
	if !build("b") {
		t.Error("a build used lately was dropped")
	}
	if build("a") {
		t.Error("an unused build is still there")
	}
}

func TestKeyFollowsTheRuntimeSources(t *testing.T) {
	root := t.TempDir()
	if err := Write(Files{"go.mod": nil, "go.sum": nil, "rt/a.go": []byte("a"), "udfbridge/b.go": nil, "ir/types/c.go": nil, "ir/diag/d.go": nil}, root); err != nil {
		t.Fatal(err)
	}
	before, err := contentKey(nil, root, Target{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(root, "rt/a.go"), time.Time{}, time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	after, err := contentKey(nil, root, Target{})
	if err != nil || after == before {
		t.Fatalf("key %s, before %s, error %v", after, before, err)
	}
}

func TestFaultyCodeIsReportedWithItsFolder(t *testing.T) {
	t.Setenv("PYFC_CACHE", t.TempDir())
	_, err := Build(mainFile("undefined()"), filepath.Join(t.TempDir(), "job"))
	failed, ok := err.(*CompileError)
	if !ok || !strings.Contains(failed.Output, "undefined") {
		t.Fatalf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(failed.Dir, "main.go")); err != nil {
		t.Fatal(err)
	}
}
