package gobuild

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	connlist "pyfc/rt/conn/list"
)

// everything is a job that links all that jobs are made of: with it compiled,
// a build compiles a job's own code alone.
func everything() []byte {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n")
	for _, pkg := range slices.Concat(connlist.Packages(), []string{
		"pyfc/rt/agg/list", "pyfc/rt/fn/list", "pyfc/rt/job", "pyfc/rt/op", "pyfc/udfbridge",
	}) {
		fmt.Fprintf(&b, "\t_ %q\n", pkg)
	}
	b.WriteString(")\n\nfunc main() {}\n")
	return b.Bytes()
}

// Inspection says how far this machine is from building jobs.
type Inspection struct {
	Version string // of the Go toolchain, such as go1.26.8
	Wanted  string // the least version, as go.mod has it
	Root    string // the sources of pyfc
	// Modules says that all modules are in the cache, Built that the runtime is
	// compiled.
	Modules, Built bool
}

// Inspect looks at toolchain and caches, but changes nothing. Its error wraps
// ErrToolchain where there is no toolchain or no sources.
func Inspect(ctx context.Context) (Inspection, error) {
	var i Inspection
	version, err := exec.CommandContext(ctx, "go", "env", "GOVERSION").Output()
	if err != nil {
		return i, fmt.Errorf("%w: %v", ErrToolchain, err)
	}
	i.Version = strings.TrimSpace(string(version))
	if i.Root, err = Root(); err != nil {
		return i, err
	}
	mod, err := os.ReadFile(filepath.Join(i.Root, "go.mod"))
	if err != nil {
		return i, err
	}
	for line := range strings.Lines(string(mod)) {
		if v, ok := strings.CutPrefix(line, "go "); ok {
			i.Wanted = "go" + strings.TrimSpace(v)
		}
	}
	// What the build would do: it fails where modules are missing.
	plan, err := buildEverything(ctx, i.Root, "-n")
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		return i, err
	}
	i.Modules = err == nil
	i.Built = i.Modules && compiles(plan) <= 1 // the job that links everything
	return i, nil
}

// compiles counts the packages that a build's plan compiles.
func compiles(plan string) int {
	n := 0
	for line := range strings.Lines(plan) {
		if tool, _, ok := strings.Cut(line, " "); ok && strings.HasSuffix(tool, "/compile") {
			n++
		}
	}
	return n
}

// CompileEverything compiles all that jobs are made of, and downloads what is
// missing of the modules.
func CompileEverything(ctx context.Context) error {
	root, err := Root()
	if err != nil {
		return err
	}
	if err := fetchModules(ctx, root); err != nil {
		return err
	}
	if out, err := buildEverything(ctx, root); err != nil {
		return fmt.Errorf("compiling the runtime: %w\n%s", err, out)
	}
	return nil
}

// buildEverything runs go build on the job that links everything, with the
// modules that there are.
func buildEverything(ctx context.Context, root string, flags ...string) (output string, err error) {
	return buildEverythingWith(ctx, root, modules(root), flags...)
}

func buildEverythingWith(ctx context.Context, root string, env []string, flags ...string) (output string, err error) {
	dir, err := os.MkdirTemp("", "pyfc-runtime-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	files, err := Module(Files{"main.go": everything()}, root)
	if err != nil {
		return "", err
	}
	if err := Write(files, dir); err != nil {
		return "", err
	}
	cmd := goCommand(ctx, dir, env, append(append([]string{"build"}, buildFlags(filepath.Join(dir, "job"))...), append(flags, "-mod=mod", ".")...)...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// fetchModules downloads what a checkout needs; an installed pyfc has it all.
func fetchModules(ctx context.Context, root string) error {
	if installed(root) {
		return nil
	}
	if out, err := goCommand(ctx, root, nil, "mod", "download").CombinedOutput(); err != nil {
		return fmt.Errorf("go mod download: %w\n%s", err, out)
	}
	return nil
}
