package python

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pyfc/internal/expect"
	"pyfc/rt/cachedir"
)

// TestEnvironment makes an environment once, by one of two at the same time,
// then finds it without a network. It has a package of files instead of the
// worker's, which are large.
func TestEnvironment(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("PIP_INDEX_URL", "http://127.0.0.1:1")
	t.Setenv("PIP_RETRIES", "0")
	project := t.TempDir()
	for name, text := range map[string]string{
		"pyproject.toml":    "[project]\nname = 'pyfc-test-helper'\nversion = '1.0'\n[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
		"backend.py":        backendSource,
		"pyfc_test_help.py": "answer = '42'\n",
	} {
		if err := os.WriteFile(filepath.Join(project, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	log := &bytes.Buffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	base, err := systemPython(t.Context(), workerModules)
	if err != nil {
		t.Fatal(err)
	}
	var made [2]Interpreter
	var errs [2]error
	var both sync.WaitGroup
	for i := range made {
		both.Go(func() { made[i], errs[i] = environment(t.Context(), base, project+"\n", logger) })
	}
	both.Wait()
	if err := errors.Join(errs[:]...); err != nil || made[0] != made[1] {
		t.Fatalf("got %v, %v", made, err)
	}
	if err := os.RemoveAll(project); err != nil {
		t.Fatal(err)
	}
	again, err := environment(t.Context(), base, project+"\n", logger)
	if err != nil || again != made[0] {
		t.Fatalf("got %v, %v, want %v", again, err, made[0])
	}
	if n := strings.Count(log.String(), "making a Python environment"); n != 1 {
		t.Errorf("it was made %d times", n)
	}
	expect.Contains(t, log.String(), "the Python environment is ready")
	out, err := exec.Command(again.Path, "-c", "import pyfc_test_help; print(pyfc_test_help.answer)").CombinedOutput()
	if err != nil || string(out) != "42\n" {
		t.Errorf("got %q, %v", out, err)
	}

	// What cannot be installed is an error that helps, and nothing half-made
	// stays.
	_, err = environment(t.Context(), base, "pyfc-no-such-package==1\n", logger)
	if err == nil {
		t.Fatal("no error")
	}
	expect.Contains(t, err.Error(), "installing the worker's packages", "pyfc-no-such-package", "without a network")
	cache, err := cachedir.Make("venv")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(cache, "*", "pyvenv.cfg"))
	if err != nil || len(folders) != 1 {
		t.Errorf("environments: %v, %v", folders, err)
	}
}

// backendSource builds the helper's wheel with the standard library only.
const backendSource = `
import zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "pyfc_test_helper-1.0-py3-none-any.whl"
    info = "pyfc_test_helper-1.0.dist-info/"
    with zipfile.ZipFile(wheel_directory + "/" + name, "w") as z:
        z.write("pyfc_test_help.py")
        z.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: pyfc-test-helper\nVersion: 1.0\n")
        z.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        z.writestr(info + "RECORD", "")
    return name
`

func TestGivenPython(t *testing.T) {
	good, err := Find(t.Context(), "", "", slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PYFC_PYTHON", good.Path)
	if py, err := Find(t.Context(), "", "", slog.Default()); err != nil || py.Path != good.Path {
		t.Errorf("PYFC_PYTHON: got %v, %v", py, err)
	}

	bare := filepath.Join(t.TempDir(), "bare")
	if out, err := exec.Command("python3", "-m", "venv", "--without-pip", bare).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ownCache(t)
	checkCompleted(t, filepath.Join(bare, "bin", "python"))
	old := filepath.Join(t.TempDir(), "python3.7")
	if err := os.WriteFile(old, []byte("#!/bin/sh\necho '{\"version\": [3, 7]}'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for executable, want := range map[string]string{
		"/nonexistent/python": "python.executable /nonexistent/python: ",
		old:                   "it is Python 3.7; workers need 3.8 or later",
		"echo":                "it is no Python interpreter",
	} {
		_, err := Find(t.Context(), executable, "", slog.Default())
		var setup *SetupError
		if !errors.As(err, &setup) || setup.ExitCode() != 10 {
			t.Fatalf("%s: got %v", executable, err)
		}
		expect.Contains(t, err.Error(), want)
	}
}

// ownCache keeps what a test makes out of the user's cache, but for pip's.
func ownCache(t *testing.T) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PIP_CACHE_DIR", filepath.Join(cache, "pip"))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
}

// checkCompleted checks that a Python without the worker's packages gets them
// beside its own.
func checkCompleted(t *testing.T, bare string) {
	t.Helper()
	site, err := exec.Command(bare, "-c", "import site; print(site.getsitepackages()[0], end='')").Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(string(site), "ours.py"), []byte("answer = 42\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	py, err := Find(t.Context(), bare, "", slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(py.Path, "-c", "import grpc, pyarrow, ours; print(ours.answer, end='')").CombinedOutput()
	if err != nil || string(out) != "42" {
		t.Errorf("%s: %v\n%s", py.Path, err, out)
	}
}

func TestNoPython(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("PYFC_PYTHON", "")
	_, err := Find(t.Context(), "", "", slog.Default())
	if err == nil {
		t.Fatal("no error")
	}
	expect.Contains(t, err.Error(), "no python3 on PATH; install Python 3.8 or later, or set python.executable")
}

func TestPins(t *testing.T) {
	for minor, want := range map[int]string{8: "pyarrow==17.0.0", 11: "pyarrow==26.0.1", 14: "pyarrow==26.0.1"} {
		expect.Contains(t, strings.Join(Packages([2]int{3, minor}), " "), want)
	}
}

// TestPandasPackages: pandas comes with what runs beside it, and a job's own
// choice of versions counts.
func TestPandasPackages(t *testing.T) {
	for _, test := range []struct {
		requirements []string
		want         []string
	}{
		{nil, Packages([2]int{3, 11})},
		{[]string{"six"}, append(Packages([2]int{3, 11}), "six")},
		{[]string{"pandas"}, []string{"grpcio==1.85.1", "protobuf==6.33.6", "pandas==2.3.3", "pyarrow==11.0.0", "numpy==1.24.4"}},
		{[]string{"Pandas<2", "pandas"}, []string{"grpcio==1.85.1", "protobuf==6.33.6", "Pandas<2", "pyarrow==11.0.0", "numpy==1.24.4"}},
		{[]string{"numpy"}, []string{"grpcio==1.85.1", "protobuf==6.33.6", "pyarrow==11.0.0", "numpy==1.24.4"}},
		{[]string{"numpy==2.1"}, []string{"grpcio==1.85.1", "protobuf==6.33.6", "pyarrow==26.0.1", "numpy==2.1"}},
		{[]string{"pandas", "numpy"}, []string{"grpcio==1.85.1", "protobuf==6.33.6", "pandas==2.3.3", "pyarrow==11.0.0", "numpy==1.24.4"}},
		{[]string{"numpy", "pandas", "pyarrow"}, []string{"grpcio==1.85.1", "protobuf==6.33.6", "pandas==2.3.3", "pyarrow==11.0.0", "numpy==1.24.4"}},
		{[]string{"numpy>=2", "pandas"}, []string{"grpcio==1.85.1", "protobuf==6.33.6", "pyarrow==26.0.1", "numpy>=2", "pandas==2.3.3"}},
	} {
		expect.List(t, AllPackages([2]int{3, 11}, test.requirements), test.want...)
	}
}

// TestBroughtToDrivers: a package of a job's functions that the driver needs, too, is
// named once.
func TestBroughtToDrivers(t *testing.T) {
	packages, rest := withBrought([]string{"pandas", "pytz"}, "six==1.0\npandas\nnumpy\npandas<3")
	expect.List(t, packages, "pandas", "pytz", "numpy")
	if rest != "six==1.0\npandas<3" {
		t.Errorf("what is left is %q", rest)
	}
	if packages, rest := withBrought(nil, ""); packages != nil || rest != "" {
		t.Errorf("nothing became %q and %q", packages, rest)
	}
}
