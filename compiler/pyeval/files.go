package pyeval

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Root is the script's folder, which relative paths start from.
func (in *Interp) Root() string { return in.root }

// OwnName is a file of the script, or of a module that it imports, by its way from
// where it is imported, with slashes; false for any other.
func (in *Interp) OwnName(path string) (string, bool) {
	for _, m := range in.order {
		if f := m.File(); f != nil && f.Path == path {
			return m.Way(), true
		}
	}
	rel, err := filepath.Rel(in.root, path)
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
}

// Path takes a str or an object with __fspath__ as a path.
func (t *Thread) Path(v Value) (string, error) {
	switch x := plain(v).(type) {
	case *Str:
		return x.s, nil
	case *Sym:
		known, err := t.Assume(x, "a path")
		if err != nil {
			return "", err
		}
		return t.Path(known)
	case *Opaque:
		return "", x.Refuse("is used as a path")
	}
	if m := operatorMethod(v, "__fspath__"); m != nil {
		p, err := t.callMethod(m, v)
		if err != nil {
			return "", err
		}
		return t.Path(p)
	}
	return "", Errorf(TypeError, "expected str, bytes or os.PathLike object, not %s", v.Class().name)
}

// place says where a path of the script leads on the build machine.
type place int

const (
	here      place = iota // supplied by --file, or below the script's folder
	ofProject              // below the folder that pyfc was started in, or the root of the script's project
	elsewhere
)

// resolve maps a path of the script to one on the build machine.
func (t *Thread) resolve(path string) (real string, where place) {
	abs := t.absolute(path)
	for _, p := range []string{path, abs} {
		if real, ok := t.in.opts.Files[p]; ok {
			return real, here
		}
	}
	switch {
	case below(abs, t.in.root):
		if start := t.in.opts.Start; start != "" && !filepath.IsAbs(path) && !exists(abs) {
			if there := filepath.Join(start, path); exists(there) {
				return there, ofProject
			}
		}
		return abs, here
	case below(abs, t.in.project()):
		return abs, ofProject
	}
	return abs, elsewhere
}

func below(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, "/")+"/")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// project is the root of the version-controlled project that holds the script,
// else the script's folder. A home folder that is under version control holds
// more than a project.
func (in *Interp) project() string {
	home, _ := os.UserHomeDir()
	for dir := in.root; dir != home && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		for _, mark := range []string{".git", ".hg", ".svn"} {
			if exists(filepath.Join(dir, mark)) {
				return dir
			}
		}
	}
	return in.root
}

// tellOutside warns, once for each path, that the build depends on what is
// elsewhere on the machine.
func (t *Thread) tellOutside(path string) {
	if slices.Contains(t.in.outside, path) {
		return
	}
	t.in.outside = append(t.in.outside, path)
	t.in.diags.Add(diag.New(diag.InputOutside, t.Where().Pos(), "the driver looks at %s, which lies outside its project; what is there now becomes part of the build", path).
		WithHint("say so: pyfc build job.py --file %s", path))
}

// Stat says what a path of the script is: a file, a folder, or neither.
func (t *Thread) Stat(path string) (file, dir bool, err error) {
	if t.Scratch(path) {
		_, file = t.in.scratch.files[filepath.Clean(path)]
		return file, t.in.scratch.dirs[filepath.Clean(path)], nil
	}
	if t.looksAtChanged(path) {
		return true, true, nil
	}
	real, where := t.resolve(path)
	if where != here && t.asksToRemove() && t.leavesToRun(path) {
		return true, true, nil
	}
	info, err := os.Stat(real)
	if err == nil && where == elsewhere {
		t.tellOutside(path)
	}
	if err != nil {
		if where == elsewhere {
			t.in.diags.Add(diag.New(diag.InputAbsent, t.Where().Pos(), "the driver asks for %s, which isn't on this machine; the build takes it as absent", path).
				WithHint("%s", SupplyFile(path)).WithMissing("file", path))
			t.in.absent = append(t.in.absent, path)
		}
		return false, false, nil
	}
	return info.Mode().IsRegular(), info.IsDir(), nil
}

// List returns the names in a folder of the script.
func (t *Thread) List(path string) ([]string, error) {
	if t.Scratch(path) {
		if !t.in.scratch.dirs[filepath.Clean(path)] {
			return nil, noFile(path)
		}
		return t.in.scratch.list(filepath.Clean(path)), nil
	}
	if t.looksAtChanged(path) {
		return nil, nil
	}
	real, where := t.resolve(path)
	if where != here && t.asksToRemove() && t.leavesToRun(path) {
		return nil, nil
	}
	entries, err := os.ReadDir(real)
	if err != nil {
		return nil, noFile(path)
	}
	if where == elsewhere {
		t.tellOutside(path)
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// ReadFile reads a file of the script and records it with its hash.
func (t *Thread) ReadFile(path string, where pyast.Span) (string, error) {
	if t.Scratch(path) {
		return t.in.scratch.read(path)
	}
	if t.looksAtChanged(path) {
		return "", nil
	}
	real, place := t.resolve(path)
	info, err := os.Stat(real)
	if err != nil || !info.Mode().IsRegular() {
		return "", noFile(path)
	}
	if place == elsewhere {
		t.outsideFile(path, info)
	}
	data, err := os.ReadFile(real)
	if err != nil {
		return "", noFile(path)
	}
	if err := t.alloc(len(data)); err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	if inLibrary(where) {
		where = t.Where()
	}
	read := FileRead{Path: path, Source: real, SHA256: hex.EncodeToString(sum[:]), Where: where}
	for _, f := range t.in.files {
		if f.Path == read.Path && f.SHA256 == read.SHA256 {
			return string(data), nil
		}
	}
	t.in.files = append(t.in.files, read)
	return string(data), nil
}

// outsideFile asks for a file elsewhere that its owner alone may read, which is a
// secret before it is an input; the run goes on with it, so that all such files
// are told at once. Any other is told.
func (t *Thread) outsideFile(path string, info os.FileInfo) {
	if info.Mode().Perm()&0o077 != 0 {
		t.tellOutside(path)
		return
	}
	t.suspect(diag.New(diag.InputFile, diag.Pos{}, "the driver reads %s, which lies outside its project and is private to its owner", path).
		WithHint("to make it part of the build, say so: pyfc build job.py --file %s", path).
		WithMissing("file", path))
}

// noFile is the exception for a file that isn't there; uncaught, it says that
// the build needs the file.
func noFile(path string) error {
	r := raise(FileNotFoundError, NewInt(2), NewStr("No such file or directory"), NewStr(path))
	e := exceptionOf(r.Exc)
	e.code, e.missing, e.hint = diag.InputFile, []diag.Missing{{Kind: "file", Name: path}}, SupplyFile(path)
	return r
}

// SupplyFile is the hint that supplies a file which the driver opens.
func SupplyFile(path string) string {
	return "supply it: pyfc build job.py --file " + path + "=FILE"
}
