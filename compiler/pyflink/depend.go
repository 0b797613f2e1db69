package pyflink

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyudf"
	"pyfc/ir/diag"
)

// dependency is something that Python functions need in their worker.
type dependency struct {
	kind   dependencyKind
	path   string // as given
	target string // of an archive
	// data is a file's; files are a folder's, by path within it.
	data  []byte
	files map[string][]byte
	pos   diag.Pos
}

type dependencyKind uint8

const (
	pythonFile dependencyKind = iota
	pythonArchive
	pythonRequirements
)

// dependencyMembers are the methods that environments of both kinds have.
var dependencyMembers = []member{
	def("add_python_file(self, file_path: str)", "Sends a file, folder or archive of Python code to the workers.", addDependency(pythonFile, "file_path", "")),
	def("add_python_archive(self, archive_path: str, target_dir: str|None = None)", "Sends an archive to the workers, where it is unpacked.", addDependency(pythonArchive, "archive_path", "target_dir")),
	def("set_python_requirements(self, requirements_file_path: str, requirements_cache_dir: str|None = None)", "Names the packages that the workers need.", setRequirements),
}

func addDependency(kind dependencyKind, param, target string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		to := ""
		if target != "" {
			to = c.Str(target)
		}
		r := runOf(c)
		d, err := load(scriptFiles{c.Thread, c.Where(param)}, kind, c.Str(param), to, c.Where(param).Pos())
		r.dependencies = append(r.dependencies, d)
		return pyeval.None, err
	}
}

func setRequirements(c *pyeval.Call) (pyeval.Value, error) {
	if c.Str("requirements_cache_dir") != "" {
		return nil, planned(c.Where("requirements_cache_dir").Pos(), "set_python_requirements with a cache folder")
	}
	return addDependency(pythonRequirements, "requirements_file_path", "")(c)
}

// fileReader reads files of the build.
type fileReader interface {
	stat(path string) (file, dir bool, err error)
	list(path string) ([]string, error)
	read(path string) (string, error)
}

// scriptFiles are the files that the script may read; they are recorded as its
// inputs.
type scriptFiles struct {
	thread *pyeval.Thread
	where  pyast.Span
}

func (s scriptFiles) stat(path string) (file, dir bool, err error) { return s.thread.Stat(path) }
func (s scriptFiles) list(path string) ([]string, error)           { return s.thread.List(path) }
func (s scriptFiles) read(path string) (string, error)             { return s.thread.ReadFile(path, s.where) }

// userFiles are the files that the user names on the command line.
type userFiles struct{}

func (userFiles) stat(path string) (file, dir bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, false, err
	}
	return info.Mode().IsRegular(), info.IsDir(), nil
}

func (userFiles) list(path string) ([]string, error) {
	entries, err := os.ReadDir(path)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, err
}

func (userFiles) read(path string) (string, error) {
	data, err := os.ReadFile(path)
	return string(data), err
}

// load reads a dependency. An archive may be given as "FILE#TARGET".
func load(from fileReader, kind dependencyKind, name, target string, pos diag.Pos) (dependency, error) {
	name = strings.TrimPrefix(name, "file://")
	if file, inside, ok := strings.Cut(name, "#"); ok && kind == pythonArchive && target == "" {
		name, target = file, inside
	}
	d := dependency{kind: kind, path: name, target: target, pos: pos}
	file, dir, err := from.stat(name)
	switch {
	case err != nil:
		return d, err
	case dir && kind == pythonFile:
		d.files = map[string][]byte{}
		return d, loadFolder(from, name, "", d.files)
	case !file:
		return d, diag.New(diag.InputFile, pos, "there is no file %s", name).WithHint("%s", pyeval.SupplyFile(name)).WithMissing("file", name)
	}
	data, err := from.read(name)
	d.data = []byte(data)
	return d, err
}

// loadFolder reads a folder but for hidden files and what Python caches.
func loadFolder(from fileReader, root, below string, into map[string][]byte) error {
	names, err := from.list(filepath.Join(root, below))
	if err != nil {
		return err
	}
	for _, n := range names {
		if n == "__pycache__" || strings.HasPrefix(n, ".") {
			continue
		}
		full := filepath.Join(root, below, n)
		_, dir, err := from.stat(full)
		if err != nil {
			return err
		}
		if dir {
			if err := loadFolder(from, root, path.Join(below, n), into); err != nil {
				return err
			}
			continue
		}
		data, err := from.read(full)
		if err != nil {
			return err
		}
		into[path.Join(below, n)] = []byte(data)
	}
	return nil
}

// given are the dependencies of the command line and of the configuration.
func (r *run) given() ([]dependency, error) {
	pos := diag.Pos{File: r.opts.Script}
	var out []dependency
	for _, g := range []struct {
		from fileReader
		kind dependencyKind
		list []string
	}{
		{userFiles{}, pythonFile, r.opts.PyFiles},
		{userFiles{}, pythonArchive, r.opts.Archives},
		{r.configFiles(), pythonFile, splitList(r.config.text("python.files"))},
		{r.configFiles(), pythonArchive, splitList(r.config.text("python.archives"))},
		{r.configFiles(), pythonRequirements, splitList(r.config.text("python.requirements"))},
		{userFiles{}, pythonRequirements, r.opts.Requirements}, // the last one counts
	} {
		for _, name := range g.list {
			d, err := load(g.from, g.kind, name, "", pos)
			if err != nil {
				return nil, diag.New(diag.InputFile, pos, "%v", err)
			}
			out = append(out, d)
		}
	}
	return out, nil
}

// configFiles reads what configuration entries name.
func (r *run) configFiles() fileReader {
	return scriptFiles{r.interp.Thread(), pyast.Span{File: r.interp.Main().File()}}
}

func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// shipDependencies hands over what the script added. Requirements are the
// lines of the last file that names some, without comments.
func shipDependencies(s *pyudf.Shipper, ds []dependency) (requirements []string, err error) {
	for _, d := range ds {
		name := filepath.Base(d.path)
		switch {
		case d.files != nil:
			s.AddPythonFolder(d.files)
		case d.kind == pythonFile:
			err = s.AddPythonFile(name, d.data, d.pos)
		case d.kind == pythonArchive:
			s.AddArchive(name, d.data, d.target)
		default:
			requirements = nil
			for line := range strings.Lines(string(d.data)) {
				line, _, _ = strings.Cut(line, "#")
				if line = strings.TrimSpace(line); line != "" {
					requirements = append(requirements, line)
				}
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return requirements, nil
}
