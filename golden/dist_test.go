package golden

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/codegen/gobuild"
	"pyfc/compiler/cli"
	"pyfc/golden/services"
	"pyfc/udfbridge/python"
)

// TestInstalled builds a job by an installed pyfc, where there is neither the
// checkout nor a module cache nor a network: HOME is an empty folder and the
// proxy is off. Only what the Go compiler has made already is shared.
func TestInstalled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "opt", "pyfc")
	if err := gobuild.Pack(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	t.Cleanup(func() { removeReadOnly(t, home) })
	pyfc := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(filepath.Join(dir, "bin", "pyfc"), args...)
		cmd.Dir = home
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "GOPROXY=off", "GOCACHE=" + strings.TrimSpace(string(cache))}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("pyfc %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	script := filepath.Join(home, "job.py")
	text, err := os.ReadFile("examples/popularity/job.py")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(script, text, 0o644); err != nil {
		t.Fatal(err)
	}
	pyfc("build", script)
	if plan, err := exec.Command(filepath.Join(home, "job"), "--print-plan").Output(); err != nil || !strings.Contains(string(plan), "Sink popularity") {
		t.Errorf("the job's plan: %v\n%s", err, plan)
	}
	if said := pyfc("doctor"); !strings.Contains(said, filepath.Join(dir, "lib", "pyfc")) || strings.Contains(said, "missing") {
		t.Errorf("the doctor says:\n%s", said)
	}
}

// removeReadOnly removes a folder in which Go's module cache is, whose folders
// can't be written.
func removeReadOnly(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.Command("go", "clean", "-modcache")
	cmd.Env = append(os.Environ(), "HOME="+dir, "GOMODCACHE="+filepath.Join(dir, "go", "pkg", "mod"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestDoctor: what is missing is named with what gets it, and what is there is
// found.
func TestDoctor(t *testing.T) {
	services.Python(t)
	worker, err := python.Find(t.Context(), "", "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := cli.Main([]string{"doctor"}, &out, &errs); code != 0 {
		t.Errorf("exit code %d where pyfc works\n%s%s", code, out.String(), errs.String())
	}
	home := filepath.Dir(filepath.Dir(worker.Path))
	if !strings.Contains(out.String(), "environment of the workers in "+home+"\n") {
		t.Errorf("it doesn't find the environment in %s:\n%s", home, out.String())
	}
	t.Setenv("PATH", t.TempDir())
	out.Reset()
	if code := cli.Main([]string{"doctor"}, &out, &errs); code != 10 {
		t.Errorf("exit code %d without Go", code)
	}
	for _, want := range []string{"missing  Go", "install Go from", "no python3 on PATH"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it doesn't say %q:\n%s", want, out.String())
		}
	}
}
