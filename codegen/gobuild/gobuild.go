// Package gobuild turns generated Go files into a binary with the Go
// toolchain. Builds are cached by content: an unchanged job isn't compiled
// again.
package gobuild

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sort"
	"strings"
	"sync"

	"pyfc/rt/cachedir"
)

// Files are generated files by their path within the module.
type Files map[string][]byte

// ErrToolchain is wrapped by errors of a missing or unusable Go toolchain.
var ErrToolchain = errors.New("the Go toolchain cannot be used")

// CompileError says that code doesn't compile: generated code, a fault of pyfc.
type CompileError struct {
	Output string // of go build
	Dir    string // where the files are
}

// Error implements error.
func (e *CompileError) Error() string {
	return "the code in " + e.Dir + " doesn't compile:\n" + e.Output
}

// Root finds the sources of pyfc, the folder of the module pyfc: the one that
// PYFC_SRC names, what was installed beside this program, or the checkout that
// it was built from.
func Root() (string, error) {
	if dir := os.Getenv("PYFC_SRC"); dir != "" {
		return dir, nil
	}
	if program, err := os.Executable(); err == nil {
		if program, err = filepath.EvalSymlinks(program); err == nil {
			if dir := filepath.Join(filepath.Dir(program), "..", "lib", "pyfc"); isRoot(dir) {
				return filepath.Clean(dir), nil
			}
		}
	}
	_, file, _, _ := runtime.Caller(0)
	for dir := filepath.Dir(file); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if isRoot(dir) {
			return dir, nil
		}
	}
	return "", fmt.Errorf("%w: the sources of pyfc are neither beside it (../lib/pyfc) nor where it was built (set PYFC_SRC to their folder)", ErrToolchain)
}

func isRoot(dir string) bool {
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && bytes.HasPrefix(mod, []byte("module pyfc\n"))
}

// proxyDir is the folder of an installed pyfc that serves the modules which
// jobs need, as a Go module proxy does.
const proxyDir = "modules"

func installed(root string) bool {
	_, err := os.Stat(filepath.Join(root, proxyDir))
	return err == nil
}

// modules is the environment of a build that must not need the network: with
// the modules of the cache, or those that are installed, whose sums are in
// go.sum.
func modules(root string) []string {
	if !installed(root) {
		return []string{"GOPROXY=off"}
	}
	url := (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(root, proxyDir))}).String()
	return []string{"GOPROXY=" + url, "GONOPROXY=none", "GONOSUMDB=*", "GOSUMDB=off"}
}

// Module adds go.mod and go.sum to the files, so that they build with the
// dependencies of the checkout and nothing else: the network isn't needed.
func Module(files Files, root string) (Files, error) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, err
	}
	out := Files{}
	for name, data := range files {
		out[name] = data
	}
	text := strings.Replace(string(mod), "module pyfc\n", "module "+module+"\n", 1)
	out["go.mod"] = []byte(text + "\nrequire pyfc v0.0.0\n\nreplace pyfc => " + root + "\n")
	out["go.sum"] = sum
	return out, nil
}

// Write puts the files below dir.
func Write(files Files, dir string) error {
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// keptBytes is how much the cache keeps of builds.
const keptBytes = 2 << 30

// module is that of generated code.
const module = "pyfcjob"

// Target says what a binary is built for. Its zero value is this machine.
type Target struct {
	OS, Arch string // GOOS and GOARCH
	// Plain leaves inlining out of the job's own packages, which compile in two
	// thirds of the time then and run slower.
	Plain bool
}

func (t Target) env() []string {
	if t.OS == "" {
		return nil
	}
	return []string{"GOOS=" + t.OS, "GOARCH=" + t.Arch}
}

// Build compiles the files for this machine into the executable out; see
// BuildFor.
func Build(files Files, out string) (cached bool, err error) {
	return BuildFor(Target{}, files, out)
}

// BuildFor compiles the files into the executable out. cached reports whether
// an earlier build of the same content was used.
func BuildFor(target Target, files Files, out string) (cached bool, err error) {
	root, err := Root()
	if err != nil {
		return false, err
	}
	key, err := contentKey(files, root, target)
	if err != nil {
		return false, err
	}
	cache, err := cachedir.Make("build", key)
	if err != nil {
		return false, err
	}
	if err := cachedir.Use(cache); err != nil {
		return false, err
	}
	binary := filepath.Join(cache, "job")
	if _, err := os.Stat(binary); err == nil {
		return true, install(binary, out)
	}
	if err := cachedir.Prune(filepath.Dir(cache), keptBytes); err != nil {
		return false, err
	}
	if files, err = Module(files, root); err != nil {
		return false, err
	}
	src := filepath.Join(cache, "src")
	if err := Write(files, src); err != nil {
		return false, err
	}
	if err := compile(target, root, src, binary); err != nil {
		return false, err
	}
	return false, install(binary, out)
}

// compile builds the main package of the module in src into the executable
// binary, which appears whole or not at all. Code that the compiler refuses is
// a *CompileError.
func compile(target Target, root, src, binary string) error {
	flags := "-gcflags=" + module + "/...=-dwarf=false" // the linker would leave that out
	if target.Plain {
		flags += " -l"
	}
	return goBuild(src, binary, append(target.env(), modules(root)...), "-mod=mod", flags)
}

func goBuild(src, binary string, env []string, flags ...string) error {
	tmp := fmt.Sprintf("%s.%d", binary, os.Getpid())
	args := append(append([]string{"build"}, buildFlags(tmp)...), flags...)
	output, err := goCommand(context.Background(), src, env, append(args, ".")...).CombinedOutput()
	if err == nil {
		return os.Rename(tmp, binary)
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return &CompileError{Output: string(output), Dir: src}
	}
	return fmt.Errorf("%w: %v", ErrToolchain, err)
}

// buildFlags are the flags of every build; what is compiled with others isn't
// found in Go's cache.
//
// The tag has Arrow's package do without go-json, which takes longer to compile than
// Arrow itself, and which nothing here calls.
func buildFlags(out string) []string {
	flags := []string{"-buildvcs=false", "-ldflags=-s -w", "-tags=arrow_json_stdlib", "-o", out}
	if trimmed() {
		flags = append(flags, "-trimpath")
	}
	return flags
}

// trimmed reports whether this program was built with -trimpath, as an
// installed pyfc is. Jobs are then built with it, too, and else without: Go's
// cache keeps the two apart, and nearly all packages of a job are pyfc's own,
// which "go run" in a checkout has just compiled.
var trimmed = sync.OnceValue(func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool {
		return s.Key == "-trimpath" && s.Value == "true"
	})
})

func goCommand(ctx context.Context, dir string, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0", "GOTOOLCHAIN=local"), compilerMemory()...)
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// compilerMemory lets the Go compiler collect garbage from a size on that few packages
// reach: a quarter of its time is saved. What the user has set stays.
func compilerMemory() []string {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return []string{"GOGC=off", "GOMEMLIMIT=1GiB"}
}

// Program compiles the main package of a module of the checkout's own that
// isn't part of pyfc, and returns the executable, which is in the cache. What
// the module needs is downloaded where it isn't there yet. Packages that match the
// patterns are compiled without optimisation, in less time; others may be jobs', too.
func Program(src string, patterns ...string) (binary string, err error) {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version())
	if err := stamp(h, src); err != nil {
		return "", err
	}
	cache, err := cachedir.Make("program", hex.EncodeToString(h.Sum(nil)[:16]))
	if err != nil {
		return "", err
	}
	binary = filepath.Join(cache, filepath.Base(src))
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	flags := []string{"-mod=readonly"}
	for _, p := range patterns {
		flags = append(flags, "-gcflags="+p+"=-N -l -dwarf=false")
	}
	return binary, goBuild(src, binary, nil, flags...)
}

// contentKey names a build by everything that goes into it: the generated
// files, the runtime's sources as they are on disk, and the toolchain.
func contentKey(files Files, root string, target Target) (string, error) {
	h := sha256.New()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(h, "%s %d\n", name, len(files[name]))
		h.Write(files[name])
	}
	fmt.Fprintln(h, root, target, runtime.Version(), buildFlags(""))
	for _, dir := range []string{"go.mod", "go.sum", "rt", "udfbridge", "ir/types", "ir/diag"} {
		if err := stamp(h, filepath.Join(root, dir)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// stamp adds size and time of every source file below path.
func stamp(w io.Writer, path string) error {
	return filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(p, "_test.go") || strings.Contains(p, "__pycache__") {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(w, p, info.Size(), info.ModTime().UnixNano())
		return nil
	})
}

// install copies the cached binary to where the user wants it, replacing what
// is there even while it runs.
func install(binary, out string) error {
	in, err := os.Open(binary)
	if err != nil {
		return err
	}
	defer in.Close()
	tmp, err := os.CreateTemp(filepath.Dir(out), ".pyfc-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := io.Copy(tmp, in); err != nil {
		return err
	}
	if err := tmp.Chmod(0o755); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), out)
}
