package pyeval

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Root is the script's folder, which relative paths start from and which the
// script may read below.
func (in *Interp) Root() string { return in.root }

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

// resolve maps a path of the script to one on the build machine. Outside the
// script's folder nothing is known but what --file supplies.
func (t *Thread) resolve(path string) (string, error) {
	if real, ok := t.in.opts.Files[path]; ok {
		return real, nil
	}
	abs := t.absolute(path)
	if real, ok := t.in.opts.Files[abs]; ok {
		return real, nil
	}
	if abs != t.in.root && !strings.HasPrefix(abs, t.in.root+string(filepath.Separator)) {
		return "", diag.New(diag.InputFile, diag.Pos{}, "the driver looks at %s, which lies outside its own folder", path).
			WithHint("%s", SupplyFile(path)).
			WithMissing("file", path)
	}
	return abs, nil
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
	real, err := t.resolve(path)
	if d, ok := err.(*diag.Diagnostic); ok {
		if t.asksToRemove() && t.leavesToRun(path) {
			return true, true, nil
		}
		d.Code, d.Pos = diag.InputAbsent, t.Where().Pos()
		d.Message = "the driver asks for " + path + ", which lies outside its own folder; the build takes it as absent"
		t.in.diags.Add(d)
		t.in.absent = append(t.in.absent, path)
		return false, false, nil
	}
	info, err := os.Stat(real)
	if err != nil {
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
	real, err := t.resolve(path)
	if err != nil && t.asksToRemove() && t.leavesToRun(path) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(real)
	if err != nil {
		return nil, noFile(path)
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
	real, err := t.resolve(path)
	if d, ok := err.(*diag.Diagnostic); ok {
		// The run goes on with what is there, so that all such files are told at once.
		real = t.absolute(path)
		if info, stat := os.Stat(real); stat != nil || !info.Mode().IsRegular() {
			return "", err
		}
		t.suspect(d.WithHint("supply it: pyfc build job.py --file %s", real))
	} else if err != nil {
		return "", err
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
