package pyeval

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// futureFeature is what "from __future__ import name" binds.
type futureFeature string

var futureClass = NewClass("__future__", "_Feature")

// builtinFirst are modules that the script's folder cannot shadow: those that
// are built into CPython, and pyflink, which must be the model.
var builtinFirst = map[string]bool{"sys": true, "builtins": true, "time": true, "math": true, "itertools": true, "pyflink": true, "__future__": true}

func (t *Thread) execImport(s *pyast.Import) error {
	for _, a := range s.Names {
		t.frame.at = a.Span
		m, err := t.importName(a.Name, a.Span)
		if err != nil {
			return locate(err, a.Span)
		}
		if a.AsName == "" {
			top, _, _ := strings.Cut(a.Name, ".")
			t.store(top, t.in.modules[top])
		} else {
			t.store(a.AsName, m)
		}
	}
	return nil
}

func (t *Thread) execImportFrom(s *pyast.ImportFrom) error {
	name := s.Module
	if s.Level > 0 {
		base, err := t.relative(s)
		if err != nil {
			return err
		}
		name = strings.Trim(base+"."+s.Module, ".")
	}
	if name == "__future__" {
		for _, a := range s.Names {
			t.store(a.Bound(), futureClass.Make(futureFeature(a.Name)))
		}
		return nil
	}
	m, err := t.importName(name, s.Span)
	if err != nil {
		return err
	}
	for _, a := range s.Names {
		if a.Name == "*" {
			if err := t.importStar(m); err != nil {
				return locate(err, a.Span)
			}
			continue
		}
		t.frame.at = a.Span
		v, err := t.importMember(m, name, a)
		if err != nil {
			return locate(err, a.Span)
		}
		t.store(a.Bound(), v)
	}
	return nil
}

// relative resolves the leading dots of an import to a package.
func (t *Thread) relative(s *pyast.ImportFrom) (string, error) {
	m := t.frame.module
	pkg := m.name
	if m.path == nil {
		pkg = parentOf(pkg)
	}
	if m.name == "__main__" || pkg == "" {
		return "", Errorf(ImportError, "attempted relative import with no known parent package")
	}
	for range s.Level - 1 {
		if pkg = parentOf(pkg); pkg == "" {
			return "", Errorf(ImportError, "attempted relative import beyond top-level package")
		}
	}
	return pkg, nil
}

func parentOf(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return ""
	}
	return name[:i]
}

// importMember is one name of from … import: an attribute or a submodule.
func (t *Thread) importMember(m Value, name string, a pyast.Alias) (Value, error) {
	if o, ok := m.(*Opaque); ok {
		return o.derive(o.Origin+"."+a.Name, a.Span), nil
	}
	v, err := t.attr(m, a.Name)
	if v != nil || err != nil {
		return v, err
	}
	if mod := m.(*Module); mod.path != nil || t.in.loaders[name+"."+a.Name] != nil {
		sub, err := t.importName(name+"."+a.Name, a.Span)
		if err == nil || !isRaised(err, ModuleNotFoundError) {
			return sub, err
		}
	}
	candidates := append(attrNames(m), t.submodules(m.(*Module))...)
	err = suggest(withFact(Errorf(ImportError, "cannot import name '%s' from '%s'", a.Name, name), "name", NewStr(name)), a.Name, candidates)
	if t.in.ofPackage(name) {
		if missing, ok := t.lacks(err, name, a.Name, a.Span, "ImportError"); ok {
			return missing, nil
		}
	}
	return nil, err
}

// submodules lists what a package could import.
func (t *Thread) submodules(m *Module) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(t.in.loaders)) {
		if rest, ok := strings.CutPrefix(name, m.name+"."); ok && !strings.Contains(rest, ".") {
			out = append(out, rest)
		}
	}
	for _, dir := range m.path {
		entries, _ := os.ReadDir(dir) // only for a suggestion
		for _, e := range entries {
			if n, ok := strings.CutSuffix(e.Name(), ".py"); ok || e.IsDir() {
				out = append(out, n)
			}
		}
	}
	sort.Strings(out)
	return out
}

// importStar binds what __all__ lists, or all public names.
func (t *Thread) importStar(m Value) error {
	mod, ok := m.(*Module)
	if !ok {
		t.AssumeOpaque(m.(*Opaque), "binds unknown names by import *")
		return nil
	}
	if mod.Fallback != nil { // it may complete the module
		if _, err := mod.Fallback(t, "__all__"); err != nil {
			return err
		}
	}
	names := mod.dict.names()
	if all, ok := mod.dict.GetStr("__all__"); ok {
		elems, err := t.Iterate(all)
		if err != nil {
			return err
		}
		names = nil
		for _, e := range elems {
			s, err := t.Str(e)
			if err != nil {
				return err
			}
			names = append(names, s)
		}
	} else {
		public := names[:0]
		for _, n := range names {
			if !strings.HasPrefix(n, "_") {
				public = append(public, n)
			}
		}
		names = public
	}
	for _, n := range names {
		v, err := t.GetAttr(mod, n)
		if err != nil {
			return err
		}
		t.store(n, v)
	}
	return nil
}

// Import imports a module by its full name, as import statements do.
func (t *Thread) Import(name string) (Value, error) { return t.importName(name, t.Where()) }

// importName imports a module and its parents, and binds each in its parent.
func (t *Thread) importName(name string, where pyast.Span) (Value, error) {
	if m, ok := t.in.modules[name]; ok {
		return m, nil
	}
	parentName := parentOf(name)
	if parentName == "" {
		return t.loadTop(name, where)
	}
	parent, err := t.importName(parentName, where)
	if err != nil {
		return nil, err
	}
	last := name[len(parentName)+1:]
	if o, ok := parent.(*Opaque); ok {
		sub := o.derive(name, where)
		t.in.modules[name] = sub
		return sub, nil
	}
	p := parent.(*Module)
	m, err := t.loadFrom(p.path, name, last, where)
	if err != nil {
		return nil, err
	}
	if m == nil {
		if m = t.loadNative(name); m == nil && p.Fallback != nil {
			if m, err = p.Fallback(t, last); err != nil {
				return nil, err
			}
		}
		if m == nil {
			err := suggest(withFact(Errorf(ModuleNotFoundError, "No module named '%s'", name), "name", NewStr(name)), last, t.submodules(p))
			if t.in.ofPackage(name) {
				if missing, ok := t.lacks(err, parentName, last, where, "ImportError", "ModuleNotFoundError"); ok {
					t.in.modules[name] = missing
					return missing, nil
				}
			}
			return nil, err
		}
	}
	p.dict.SetStr(last, m)
	return m, nil
}

// loadTop finds a top-level module: in the script's folder and those before it on
// sys.path, among the modelled ones, in those behind it, or else it is opaque.
func (t *Thread) loadTop(name string, where pyast.Span) (Value, error) {
	before, behind := t.searched()
	if !builtinFirst[name] {
		m, err := t.loadFrom(before, name, name, where)
		if m != nil || err != nil {
			return m, err
		}
	}
	if m := t.loadNative(name); m != nil {
		return m, nil
	}
	if m, err := t.loadFrom(behind, name, name, where); m != nil || err != nil {
		return m, err
	}
	o := &Opaque{Origin: name, Module: name, Import: where, Where: where, Late: t.in.opts.Beside, root: t.in.root}
	t.in.modules[name] = o
	return o, nil
}

// searched are the folders, and files, in which modules are found, until and
// behind the script's folder: those of Options.Path, or of sys.path once the
// script has it. Where packages are installed isn't searched: they aren't
// evaluated.
func (t *Thread) searched() (before, behind []string) {
	all := append([]string{t.in.root}, t.in.opts.Path...)
	if sys, ok := t.in.modules["sys"].(*Module); ok {
		if list, ok := sys.dict.GetStr("path"); ok {
			all = t.pathsIn(list)
		}
	}
	i := max(slices.Index(all, t.in.root), 0)
	for n, p := range all {
		switch {
		case strings.Contains(p, "-packages"):
		case n <= i || slices.Contains(t.in.opts.Path, p):
			before = append(before, p)
		default:
			behind = append(behind, p)
		}
	}
	return before, behind
}

// pathsIn are the paths of a list that are known, absolute.
func (t *Thread) pathsIn(list Value) (out []string) {
	l, ok := list.(*List)
	if !ok {
		return []string{t.in.root}
	}
	for _, e := range l.elems {
		if s, ok := plain(e).(*Str); ok {
			out = append(out, t.absolute(s.s))
		}
	}
	return out
}

// loadNative imports a module written in Go; nil means there is none.
func (t *Thread) loadNative(name string) Value {
	load := t.in.loaders[name]
	if load == nil {
		return nil
	}
	m := load(t)
	t.in.modules[name] = m
	return m
}

// loadFrom looks for a package or module in folders; nil means none is there.
// A folder without __init__.py is a package only if it holds Python files and
// nothing modelled has its name.
func (t *Thread) loadFrom(dirs []string, name, last string, where pyast.Span) (Value, error) {
	for _, dir := range dirs {
		if strings.HasSuffix(dir, ".py") { // a file that was given by itself
			if filepath.Base(dir) == last+".py" {
				return t.loadFile(dir, name, nil, where)
			}
			continue
		}
		base := filepath.Join(dir, last)
		if isFile(filepath.Join(base, "__init__.py")) {
			return t.loadFile(filepath.Join(base, "__init__.py"), name, []string{base}, where)
		}
		if isFile(base + ".py") {
			return t.loadFile(base+".py", name, nil, where)
		}
		if t.in.loaders[name] == nil && holdsPython(base) {
			m := &Module{name: name, dict: NewDict(), path: []string{base}}
			m.dict.SetStr("__name__", NewStr(name))
			t.in.modules[name] = m
			return m, nil
		}
	}
	return nil, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// holdsPython reports whether a folder has Python files, directly or one level
// further down.
func holdsPython(dir string) bool {
	for _, pattern := range []string{"*.py", "*/*.py"} {
		if found, err := filepath.Glob(filepath.Join(dir, pattern)); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}

// loadFile parses and runs a module of the script. An import that fails takes
// the module out of sys.modules again.
func (t *Thread) loadFile(path, name string, pkg []string, where pyast.Span) (Value, error) {
	m, err := t.parseModule(path, name, pkg)
	if err != nil {
		return nil, err
	}
	t.in.modules[name] = m
	if err := t.enter(); err != nil {
		return nil, err
	}
	defer t.leave()
	if err := t.runModule(m); err != nil {
		delete(t.in.modules, name)
		if r, ok := err.(*Raised); ok {
			t.addTrace(r, where)
		}
		return nil, err
	}
	return m, nil
}

func (t *Thread) parseModule(path, name string, pkg []string) (*Module, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, diag.New(diag.InputFile, diag.Pos{}, "cannot read %s: %v", t.in.display(path), err)
	}
	tree, d := pyast.Parse(&pyast.File{Name: t.in.display(path), Path: path, Src: string(src)})
	if d != nil {
		return nil, d
	}
	m := &Module{name: name, dict: NewDict(), ast: tree, path: pkg}
	m.dict.SetStr("__name__", NewStr(name))
	m.dict.SetStr("__file__", NewStr(path))
	m.dict.SetStr("__package__", NewStr(packageOf(name, pkg)))
	doc := docString(tree.Body)
	if doc == nil {
		doc = None
	}
	m.dict.SetStr("__doc__", doc)
	t.in.order = append(t.in.order, m)
	return m, nil
}

func packageOf(name string, pkg []string) string {
	if pkg != nil {
		return name
	}
	return parentOf(name)
}

func (t *Thread) runModule(m *Module) error {
	fr := &frame{info: scanBody(m.ast.Body), ns: m.dict, module: m, caller: t.frame}
	t.frame = fr
	defer func() { t.frame = fr.caller }()
	_, err := t.block(m.ast.Body)
	return err
}

// display is the name of a file in diagnostics: as the user named the script,
// with siblings beside it.
func (in *Interp) display(path string) string {
	rel, err := filepath.Rel(in.root, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return path
	}
	return filepath.Join(in.shown, rel)
}

// Begin stands for a script without text in a folder: what is done on its
// behalf afterwards finds modules and files as the script would.
func (in *Interp) Begin(name, dir string) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	in.root, in.shown = abs, dir
	tree, d := pyast.Parse(&pyast.File{Name: name, Path: filepath.Join(abs, name)})
	if d != nil {
		return d
	}
	in.main = &Module{name: "__main__", dict: NewDict(), ast: tree}
	in.modules["__main__"] = in.main
	return nil
}

// RunFile evaluates a script as Python runs it: as __main__, with its folder
// first on the module path. The error, if any, is also among Diagnostics.
func (in *Interp) RunFile(path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	in.root, in.shown = filepath.Dir(abs), filepath.Dir(path)
	t := in.thread
	m, err := t.parseModule(abs, "__main__", nil)
	if err == nil {
		in.main = m
		in.modules["__main__"] = m
		err = t.runModule(m)
	}
	if cerr := t.closeGenerators(); err == nil {
		err = cerr
	}
	err = t.settle(err, t.Where())
	if r, ok := err.(*Raised); err != ErrKeepRunning && !(ok && r.Exc.class.IsA(SystemExit)) {
		in.stopped = err
	}
	if err = in.finish(err); err != nil {
		return err
	}
	if in.diags.HasErrors() {
		return errStopped{}
	}
	return nil
}

// finish turns the end of the script into its exit code and diagnostics.
func (in *Interp) finish(err error) error {
	switch e := err.(type) {
	case nil, errKeepRunning:
		return nil
	case errStopped:
		return err
	case *diag.Diagnostic:
		in.diags.Add(e)
		return e
	case *Raised:
		if e.Exc.class.IsA(SystemExit) {
			return in.exited(e.Exc)
		}
		if in.thread.guessed {
			return errStopped{}
		}
		d := in.thread.diagnostic(e)
		if in.Unfix(d.Message, d.Pos) {
			return errStopped{}
		}
		in.BlameAbsent(d)
		in.diags.Add(d)
		return d
	}
	d := diag.New(diag.InternalError, diag.Pos{}, "%v", err)
	in.diags.Add(d)
	return d
}

// BlameAbsent makes a fault one of missing input where the script has looked for
// files that the build wasn't given: most likely it comes from that.
func (in *Interp) BlameAbsent(d *diag.Diagnostic) {
	if len(in.absent) == 0 {
		return
	}
	d.Code = diag.InputFile
	for _, path := range in.absent {
		if slices.ContainsFunc(d.Missing, func(m diag.Missing) bool { return m.Name == path }) {
			continue // said already
		}
		d.WithHint("%s wasn't there for the build; supply it: pyfc build job.py --file %s=FILE", path, path).WithMissing("file", path)
	}
}

// exited takes the argument of sys.exit: nothing, a number, or a text for
// standard error.
func (in *Interp) exited(exc *Instance) error {
	e := exceptionOf(exc)
	if e.exit != nil {
		return in.finish(locate(e.exit, e.where))
	}
	if len(e.args.elems) == 0 || e.args.elems[0] == None {
		return nil
	}
	v := e.args.elems[0]
	if i, ok := asInt(v); ok {
		in.exit = int(i.n) & 0xff
		return nil
	}
	in.exit = 1
	text, err := in.thread.Text(v)
	if err != nil {
		return in.finish(locate(err, e.where))
	}
	in.thread.Print(concatText(text, "\n"), true)
	return nil
}
