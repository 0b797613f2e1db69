package python

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"pyfc/rt/cachedir"
)

// minPython is the least minor version of Python 3 that the worker runs on.
const minPython = 8

// pins are the worker's packages for each minor version of Python 3; a newer
// one takes the last line.
var pins = []struct {
	minor    int
	packages []string
}{
	{8, []string{"grpcio==1.70.0", "protobuf==5.29.6", "pyarrow==17.0.0"}},
	{9, []string{"grpcio==1.80.1", "protobuf==6.33.6", "pyarrow==21.0.0"}},
	{10, []string{"grpcio==1.85.1", "protobuf==6.33.6", "pyarrow==25.0.1"}},
	{11, []string{"grpcio==1.85.1", "protobuf==6.33.6", "pyarrow==26.0.1"}},
}

// Interpreter is a Python that can run the worker.
type Interpreter struct {
	Path    string
	Version [2]int // major, minor
}

// Find returns an interpreter with the worker's packages: the one that
// the configuration or PYFC_PYTHON names, or the first on PATH. Where it lacks
// them, or the choice is pyfc's, it is that of an environment in the user's
// cache, made if it isn't there, which also has the job's requirements (the text
// of a requirements file) and what the named interpreter has.
func Find(ctx context.Context, executable, requirements string, log *slog.Logger) (Interpreter, error) {
	if executable == "" {
		executable = os.Getenv("PYFC_PYTHON")
	}
	if executable != "" {
		return givenPython(ctx, executable, requirements, log)
	}
	base, err := ownBase(ctx)
	if err != nil {
		return Interpreter{}, &SetupError{err}
	}
	py, err := environment(ctx, base, defaultPackages(base, requirements), log)
	if err != nil {
		return Interpreter{}, &SetupError{err}
	}
	return py, nil
}

// givenPython is the interpreter that the user has chosen, or where that lacks
// the worker's packages one that has them and all that it has.
func givenPython(ctx context.Context, executable, requirements string, log *slog.Logger) (Interpreter, error) {
	modules := maps.Clone(workerModules)
	for _, p := range []string{pandas, numpy} {
		if slices.Contains(strings.Fields(requirements), p) {
			modules[p] = p
		}
	}
	p, err := probe(ctx, executable, modules)
	if err != nil {
		return Interpreter{}, &SetupError{fmt.Errorf("python.executable %s: %w", executable, err)}
	}
	if len(p.Missing) == 0 {
		if requirements != "" {
			log.Info("the job's requirements are expected in the given Python", "python", executable, "requirements", strings.Fields(requirements))
		}
		return Interpreter{executable, p.Version}, nil
	}
	py, err := environment(ctx, p, defaultPackages(p, requirements), log)
	if err != nil {
		return py, &SetupError{fmt.Errorf("python.executable %s lacks %s; install: %s -m pip install %s (%w)",
			executable, strings.Join(p.Missing, ", "), executable, quoted(Packages(p.Version)), err)}
	}
	return py, nil
}

// ownBase is what environments of pyfc's own choice are made of: the first
// suitable interpreter on PATH. What is installed beside it is no part of a job.
func ownBase(ctx context.Context) (probed, error) {
	base, err := systemPython(ctx, workerModules)
	base.Sites = nil
	return base, err
}

// systemPython returns the first suitable interpreter on PATH.
func systemPython(ctx context.Context, modules map[string]string) (probed, error) {
	names := []string{"python3", "python"}
	for minor := 20; minor >= minPython; minor-- {
		names = append(names, fmt.Sprintf("python3.%d", minor))
	}
	var found []string
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		p, err := probe(ctx, path, modules)
		if err == nil {
			return p, nil
		}
		found = append(found, fmt.Sprintf("%s: %v", path, err))
	}
	if found == nil {
		return probed{}, fmt.Errorf("no python3 on PATH; install Python 3.%d or later, or set python.executable", minPython)
	}
	return probed{}, fmt.Errorf("no suitable python3 on PATH: %s", strings.Join(found, "; "))
}

// probed is what an interpreter says of itself.
type probed struct {
	Executable string   `json:"executable"` // without links, so that it names one installation
	Version    [2]int   `json:"version"`
	Full       string   `json:"full"`
	Missing    []string `json:"missing"`
	// Sites are the folders of installed packages that an environment made of
	// the interpreter has, too.
	Sites []string `json:"sites"`
}

// workerModules are those that the worker imports, by the name of the package
// that has them.
var workerModules = map[string]string{"grpcio": "grpc", "protobuf": "google.protobuf", "pyarrow": "pyarrow"}

const probeScript = `
import importlib.util, json, os, site, sys
def there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False
print(json.dumps({"executable": os.path.realpath(sys.executable), "version": sys.version_info[:2], "full": sys.version,
    "sites": site.getsitepackages() + [site.getusersitepackages()] * bool(site.ENABLE_USER_SITE),
    "missing": [p for p, m in sorted(json.loads(sys.argv[1]).items()) if not there(m)]}))
`

// probe asks an interpreter; modules are what may be missing, by package.
func probe(ctx context.Context, executable string, modules map[string]string) (probed, error) {
	var p probed
	wanted, err := json.Marshal(modules)
	if err != nil {
		return p, err
	}
	out, err := run(ctx, executable, "-c", probeScript, string(wanted))
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(out, &p); err != nil {
		return p, fmt.Errorf("it is no Python interpreter: %w", err)
	}
	if p.Version[0] != 3 || p.Version[1] < minPython {
		return p, fmt.Errorf("it is Python %d.%d; workers need 3.%d or later", p.Version[0], p.Version[1], minPython)
	}
	return p, nil
}

// Packages are the packages that the worker needs on a version of Python, as
// pip takes them.
func Packages(version [2]int) []string {
	best := pins[0].packages
	for _, p := range pins {
		if p.minor <= version[1] {
			best = p.packages
		}
	}
	return best
}

// defaultPackages are the worker's and the job's as a requirements file.
func defaultPackages(base probed, requirements string) string {
	return strings.Join(AllPackages(base.Version, strings.Split(requirements, "\n")), "\n")
}

// Packages that come with PyFlink, among the requirements of jobs whose functions
// use them. Without a version they are those that PyFlink 1.20.1 takes.
const (
	pandas = "pandas"
	numpy  = "numpy"
)

// AllPackages are the packages of the worker and a job's requirements, as pip
// takes them.
func AllPackages(version [2]int, requirements []string) []string {
	out := slices.Clone(Packages(version))
	named, versioned := map[string]bool{}, map[string]bool{}
	for _, r := range requirements {
		p := packageOf(r)
		named[p] = true
		versioned[p] = versioned[p] || r != p
	}
	pins := driverPinsOf(version)
	for _, r := range requirements {
		switch {
		case r != pandas && r != numpy:
			out = append(out, r)
		case r == pandas && !versioned[pandas]:
			out = append(out, r+"=="+pins[r])
		}
	}
	if !named[pandas] && !named[numpy] || versioned[numpy] {
		return out
	}
	// The worker's own pyarrow doesn't run with the numpy of PyFlink 1.20.1.
	if !versioned["pyarrow"] {
		out = slices.DeleteFunc(out, func(p string) bool { return packageOf(p) == "pyarrow" })
		out = append(out, "pyarrow=="+pins["pyarrow"])
	}
	return append(out, numpy+"=="+pins[numpy])
}

// packageOf is the name of a requirement's package.
func packageOf(requirement string) string {
	name := regexp.MustCompile(`^[A-Za-z0-9._-]*`).FindString(strings.TrimSpace(requirement))
	return strings.ToLower(strings.ReplaceAll(name, "_", "-"))
}

// complete is the file that says that an environment is whole.
const complete = "complete"

// environmentFolder is named by all that determines the environment.
func environmentFolder(base probed, packages string) (string, error) {
	cache, err := cachedir.Make("venv")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(strings.Join(append([]string{base.Executable, base.Full, packages}, base.Sites...), "\n")))
	return filepath.Join(cache, hex.EncodeToString(sum[:8])), nil
}

// environment returns the interpreter of a virtual environment with packages,
// the text of a requirements file. Its folder is named by all that determines
// it and complete once it holds the file "complete"; a lock lets one process
// make it while others wait.
func environment(ctx context.Context, base probed, packages string, log *slog.Logger) (Interpreter, error) {
	folder, err := environmentFolder(base, packages)
	if err != nil {
		return Interpreter{}, err
	}
	complete := filepath.Join(folder, complete)
	py := Interpreter{filepath.Join(folder, "bin", "python"), base.Version}
	if exists(complete) {
		return py, nil
	}
	unlock, err := lock(ctx, folder+".lock", log)
	if err != nil {
		return py, err
	}
	defer unlock()
	if exists(complete) {
		return py, nil
	}
	log.Info("making a Python environment for the workers; this happens once", "folder", folder,
		"python", base.Executable, "packages", strings.Fields(packages))
	start := time.Now()
	if err := makeEnvironment(ctx, base, folder, packages); err != nil {
		return py, errors.Join(err, os.RemoveAll(folder))
	}
	if err := os.WriteFile(complete, []byte(packages), 0o644); err != nil {
		return py, err
	}
	log.Info("the Python environment is ready", "folder", folder, "took", time.Since(start).Round(time.Millisecond))
	return py, nil
}

func makeEnvironment(ctx context.Context, base probed, folder, packages string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if _, err := run(ctx, base.Executable, "-m", "venv", folder); err != nil {
		return noVenv(err)
	}
	list := filepath.Join(folder, "requirements.txt")
	if err := os.WriteFile(list, []byte(packages), 0o644); err != nil {
		return err
	}
	_, err := run(ctx, filepath.Join(folder, "bin", "python"), "-m", "pip", "install",
		"--disable-pip-version-check", "--no-input", "--quiet", "-r", list)
	if err != nil {
		return fmt.Errorf("installing the worker's packages: %w (without a network, set python.executable to a Python that has them)", err)
	}
	// Behind the environment's own packages; after pip, which would take theirs
	// for its own.
	home := filepath.Join(folder, "lib", fmt.Sprintf("python%d.%d", base.Version[0], base.Version[1]), "site-packages")
	return os.WriteFile(filepath.Join(home, "given.pth"), []byte(strings.Join(base.Sites, "\n")+"\n"), 0o644)
}

func noVenv(err error) error {
	return fmt.Errorf("making a virtual environment: %w (Debian has it in the package python3-venv)", err)
}

// lock takes a file lock that ends with the process, and waits for it.
func lock(ctx context.Context, path string, log *slog.Logger) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for told := false; ; told = true {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			f.Close()
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		if !told {
			log.Info("waiting for another process that makes the Python environment", "lock", path)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// run runs a command in its own process group and returns what it prints; an
// error ends with the last lines of what it complained about.
func run(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.SysProcAttr = &unix.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return unix.Kill(-cmd.Process.Pid, unix.SIGKILL) }
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		lines := strings.Split(strings.TrimRight(complaint.String(), "\n"), "\n")
		return nil, fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, strings.Join(lines[max(0, len(lines)-10):], "\n"))
	}
	return out, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func quoted(packages []string) string { return "'" + strings.Join(packages, "' '") + "'" }
