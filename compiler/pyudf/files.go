package pyudf

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// Shipper collects what the Python functions of one job need in their worker.
type Shipper struct {
	thread  *pyeval.Thread
	main    *pyeval.Module
	modules []*pyeval.Module
	live    func(pyeval.Value) bool
	root    string // the script's folder, in which modules are looked for
	files   map[string][]byte
	seen    map[string]bool // modules by name
}

// NewShipper makes the shipper of a script that has been evaluated. live says
// which values belong to the job that the script describes: environments,
// tables, results.
func NewShipper(in *pyeval.Interp, live func(pyeval.Value) bool) *Shipper {
	return &Shipper{
		thread: in.Thread(), main: in.Main(), modules: in.Modules(), live: live,
		root: filepath.Dir(in.Main().File().Path), files: map[string][]byte{}, seen: map[string]bool{},
	}
}

// Files returns the files that travel, by path: modules where an import finds
// them, archives under archives/.
func (s *Shipper) Files() []ir.File {
	var out []ir.File
	for _, p := range sorted(s.files) {
		out = append(out, ir.File{Path: p, Data: s.files[p]})
	}
	return out
}

// AddPythonFile adds a file or archive of Python code, as add_python_file does:
// what is in it becomes importable at top level.
func (s *Shipper) AddPythonFile(name string, data []byte, pos diag.Pos) error {
	switch path.Ext(name) {
	case ".zip", ".egg", ".whl":
		return s.addZip(name, data, pos)
	}
	s.addFile(name, data)
	return nil
}

// AddPythonFolder adds the files of a folder of Python code, by their paths
// within it.
func (s *Shipper) AddPythonFolder(files map[string][]byte) {
	for _, name := range sorted(files) {
		s.addFile(name, files[name])
	}
}

// AddArchive adds an archive as add_python_archive does. It is unpacked where
// the job runs, into target.
func (s *Shipper) AddArchive(name string, data []byte, target string) {
	if target == "" {
		target = name
	}
	s.addFile(path.Join("archives", target, name), data)
}

// addFile adds a file; the first one of a name wins, as on Python's path.
func (s *Shipper) addFile(name string, data []byte) {
	if _, taken := s.files[name]; !taken {
		s.files[name] = data
	}
}

func (s *Shipper) addZip(name string, data []byte, pos diag.Pos) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return diag.New(diag.InputFile, pos, "%s is not a zip archive: %v", name, err)
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() || !filepath.IsLocal(f.Name) {
			continue
		}
		in, err := unzip(f)
		if err != nil {
			return diag.New(diag.InputFile, pos, "%s: %s: %v", name, f.Name, err)
		}
		s.addFile(path.Clean(f.Name), in)
	}
	return nil
}

func unzip(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// addModule adds a module of the script with the packages around it and all
// modules of the script that it imports.
func (s *Shipper) addModule(m *pyeval.Module) error {
	return s.addSource(m.Name(), m.AST())
}

func (s *Shipper) addSource(name string, m *pyast.Module) error {
	if s.seen[name] {
		return nil
	}
	s.seen[name] = true
	data, file := []byte(m.File.Src), strings.ReplaceAll(name, ".", "/")
	if isPackage(m.File) {
		s.addFile(file+"/__init__.py", data)
	} else {
		s.addFile(file+".py", data)
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if err := s.addNamed(name[:i]); err != nil {
			return err
		}
	}
	return s.addImports(m.Body, packageOf(name, m.File))
}

func isPackage(f *pyast.File) bool { return filepath.Base(f.Path) == "__init__.py" }

// packageOf is the package in which a module's relative imports start.
func packageOf(name string, f *pyast.File) string {
	if isPackage(f) {
		return name
	}
	i := max(strings.LastIndexByte(name, '.'), 0)
	return name[:i]
}

// addNamed adds the module of a name if it is one of the script's.
func (s *Shipper) addNamed(name string) error {
	for _, m := range s.modules {
		if m.Name() == name && m != s.main {
			return s.addModule(m)
		}
	}
	for _, tail := range []string{".py", "/__init__.py"} {
		file := filepath.Join(s.root, filepath.FromSlash(strings.ReplaceAll(name, ".", "/")+tail))
		src, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return diag.New(diag.InputFile, diag.Pos{}, "%v", err)
		}
		m, d := pyast.Parse(&pyast.File{Name: file, Path: file, Src: string(src)})
		if d != nil {
			return d
		}
		return s.addSource(name, m)
	}
	return nil
}

// addImports adds the modules that code imports anywhere inside.
func (s *Shipper) addImports(body []pyast.Stmt, pkg string) (err error) {
	pyast.WalkAll(body, func(n pyast.Node) bool {
		for _, name := range imported(n, pkg) {
			if err == nil {
				err = s.addNamed(name)
			}
		}
		return err == nil
	})
	return err
}

// imported lists the modules that a statement may import. "from a import b"
// may mean a module a.b.
func imported(st pyast.Node, pkg string) []string {
	switch st := st.(type) {
	case *pyast.Import:
		var out []string
		for _, a := range st.Names {
			out = append(out, withParents(a.Name)...)
		}
		return out
	case *pyast.ImportFrom:
		base := absoluteName(st, pkg)
		out := withParents(base)
		for _, a := range st.Names {
			out = append(out, base+"."+a.Name)
		}
		return out
	}
	return nil
}

// withParents lists a.b.c, a.b and a.
func withParents(name string) []string {
	out := []string{name}
	for i := len(name) - 1; i > 0; i-- {
		if name[i] == '.' {
			out = append(out, name[:i])
		}
	}
	return out
}

// absoluteName is the module that an import statement of a package names.
func absoluteName(st *pyast.ImportFrom, pkg string) string {
	if st.Level == 0 {
		return st.Module
	}
	for i := 1; i < st.Level; i++ {
		pkg = pkg[:max(strings.LastIndexByte(pkg, '.'), 0)]
	}
	return strings.Trim(pkg+"."+st.Module, ".")
}

func (s *slicer) absolute(st *pyast.ImportFrom) string {
	return absoluteName(st, packageOf(s.module.Name(), s.module.File()))
}

// addImportsOf adds the modules that a slice imports.
func (s *Shipper) addImportsOf(sl *slicer) error {
	var body []pyast.Stmt
	for u := range sl.found.keep {
		body = append(body, u.stmt)
	}
	slices.SortFunc(body, func(a, b pyast.Stmt) int {
		x, y := a.Where(), b.Where()
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Col, y.Col))
	})
	return s.addImports(body, packageOf(sl.module.Name(), sl.module.File()))
}

// moduleOf returns the script module in whose file a place is.
func (s *Shipper) moduleOf(at pyast.Span) *pyeval.Module {
	for _, m := range s.modules {
		if m.File() == at.File {
			return m
		}
	}
	return nil
}
