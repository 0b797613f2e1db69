package gobuild

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// packed are the parts of the checkout that an installed pyfc needs: what jobs
// link, and the demo.
var packed = []string{"go.mod", "go.sum", "LICENSE", "rt", "udfbridge", "ir/types", "ir/diag", "demo/servers", "golden/examples"}

// Pack makes the folder of an installed pyfc from the checkout: its program,
// the sources that jobs need, and their modules, so that builds need neither
// the checkout nor a network. The folder must not exist yet.
func Pack(ctx context.Context, dir string) error {
	root, err := Root()
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil {
		return fmt.Errorf("%s is there already", dir)
	}
	lib := filepath.Join(dir, "lib", "pyfc")
	for _, part := range packed {
		if err := copySources(filepath.Join(root, part), filepath.Join(lib, part)); err != nil {
			return err
		}
	}
	if err := packModules(ctx, root, filepath.Join(lib, proxyDir)); err != nil {
		return err
	}
	return goBuild(root, makeParent(filepath.Join(dir, "bin", "pyfc")), nil, "-trimpath")
}

func makeParent(file string) string {
	_ = os.MkdirAll(filepath.Dir(file), 0o755) // the writer of the file tells
	return file
}

// packModules finds out which modules a build takes by letting it take them
// from the cache of this machine into an empty one.
func packModules(ctx context.Context, root, proxy string) (err error) {
	out, err := goCommand(ctx, root, nil, "env", "GOMODCACHE").Output()
	if err != nil {
		return err
	}
	fresh, err := os.MkdirTemp("", "pyfc-modules-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	env := []string{
		"GOPROXY=file://" + filepath.ToSlash(filepath.Join(strings.TrimSpace(string(out)), "cache", "download")),
		"GOMODCACHE=" + fresh, "GOFLAGS=-modcacherw", "GOSUMDB=off", "GONOPROXY=none",
	}
	if out, err := buildEverythingWith(ctx, root, env); err != nil {
		return fmt.Errorf("taking the modules: %w\n%s", err, out)
	}
	return copyTree(filepath.Join(fresh, "cache", "download"), proxy, func(path string) bool {
		return !strings.HasSuffix(path, ".lock") && !strings.HasPrefix(path, "sumdb")
	})
}

// copySources copies a file or a folder but for tests.
func copySources(from, to string) error {
	return copyTree(from, to, func(path string) bool {
		return !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "testdata"+string(filepath.Separator)) && !strings.Contains(path, "__pycache__")
	})
}

// copyTree copies the files that wanted takes, by their path within from.
func copyTree(from, to string, wanted func(path string) bool) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil || !wanted(rel) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(makeParent(filepath.Join(to, rel)), data, 0o644)
	})
}
