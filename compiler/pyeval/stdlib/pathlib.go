package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

func init() { loaders["pathlib"] = fillPathlib }

// pathClass is pathlib.Path; its data is the path's text.
var pathClass = pyeval.NewClass("pathlib", "Path")

func fillPathlib(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(pathClass)
	for _, name := range []string{"PurePath", "PosixPath", "PurePosixPath"} {
		m.Set(name, pathClass)
	}
}

func pathOf(c *pyeval.Call) string {
	p, _ := pyeval.Data[string](c.Self())
	return p
}

// cleanPath drops what pathlib drops: "." parts and doubled slashes, not "..".
func cleanPath(p string) string {
	var parts []string
	for _, part := range strings.Split(p, "/") {
		if part != "" && part != "." {
			parts = append(parts, part)
		}
	}
	out := strings.Join(parts, "/")
	if strings.HasPrefix(p, "/") {
		return "/" + out
	}
	if out == "" {
		return "."
	}
	return out
}

func newPath(p string) pyeval.Value { return pathClass.Make(cleanPath(p)) }

// joinPaths joins like the operator /.
func joinPaths(t *pyeval.Thread, base string, more []pyeval.Value) (pyeval.Value, error) {
	for _, v := range more {
		if o, ok := v.(*pyeval.Opaque); ok {
			return o, nil
		}
		p, err := t.Path(v)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(p, "/") {
			base = p
		} else {
			base += "/" + p
		}
	}
	return newPath(base), nil
}

func init() {
	pathClass.Static("__new__(cls, *parts)", func(c *pyeval.Call) (pyeval.Value, error) {
		parts := c.Elems("parts")
		if len(parts) == 0 {
			return newPath("."), nil
		}
		if o, ok := parts[0].(*pyeval.Opaque); ok {
			return o, nil
		}
		base, err := c.Thread.Path(parts[0])
		if err != nil {
			return nil, err
		}
		return joinPaths(c.Thread, base, parts[1:])
	})
	pathClass.Static("cwd()", func(c *pyeval.Call) (pyeval.Value, error) { return newPath(c.Thread.Interp().Root()), nil })
	text := func(signature string, f func(p string) string) {
		pathClass.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) { return str(f(pathOf(c))) })
	}
	same := func(p string) string { return p }
	text("__str__(self)", same)
	text("__fspath__(self)", same)
	text("as_posix(self)", same)
	text("__repr__(self)", func(p string) string { return "PosixPath('" + p + "')" })
	pathClass.Def("as_uri(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		if !strings.HasPrefix(pathOf(c), "/") {
			return nil, pyeval.Errorf(pyeval.ValueError, "relative path can't be expressed as a file URI")
		}
		return str("file://" + pathOf(c))
	})
	defPathParts()
	for _, name := range []string{"resolve(self, strict=False)", "absolute(self)"} {
		pathClass.Def(name, func(c *pyeval.Call) (pyeval.Value, error) { return newPath(abspath(c, pathOf(c))), nil })
	}
	pathClass.Def("__truediv__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return joinPaths(c.Thread, pathOf(c), []pyeval.Value{c.Arg("other")})
	})
	pathClass.Def("__rtruediv__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := c.Thread.Path(c.Arg("other"))
		if err != nil {
			return nil, err
		}
		return joinPaths(c.Thread, p, []pyeval.Value{c.Self()})
	})
	pathClass.Def("joinpath(self, *others)", func(c *pyeval.Call) (pyeval.Value, error) {
		return joinPaths(c.Thread, pathOf(c), c.Elems("others"))
	})
	pathClass.Def("with_suffix(self, suffix: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		root, _ := splitExt(pathOf(c))
		return newPath(root + c.Str("suffix")), nil
	})
	pathClass.Def("with_name(self, name: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		return newPath(dirname(pathOf(c)) + "/" + c.Str("name")), nil
	})
	pathClass.Def("__eq__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		o, ok := pyeval.Data[string](c.Arg("other"))
		return pyeval.Bool(ok && o == pathOf(c)), nil
	})
	pathClass.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		n, err := c.Thread.Hash(pyeval.NewStr(pathOf(c)))
		return pyeval.NewInt(n), err
	})
	defPathFiles()
}

// defPathParts adds the attributes that take a path apart.
func defPathParts() {
	part := func(name string, f func(p string) pyeval.Value) {
		pathClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) { return f(pathOf(c)), nil })
	}
	base := func(p string) string { return p[strings.LastIndexByte(p, '/')+1:] }
	part("name", func(p string) pyeval.Value { return pyeval.NewStr(base(p)) })
	part("stem", func(p string) pyeval.Value { root, _ := splitExt(base(p)); return pyeval.NewStr(root) })
	part("suffix", func(p string) pyeval.Value { _, ext := splitExt(base(p)); return pyeval.NewStr(ext) })
	part("parent", func(p string) pyeval.Value { return newPath(dirname(p)) })
	part("parents", func(p string) pyeval.Value {
		var out []pyeval.Value
		for q := cleanPath(dirname(p)); q != p; p, q = q, cleanPath(dirname(q)) {
			out = append(out, newPath(q))
		}
		return pyeval.NewTuple(out...)
	})
	part("parts", func(p string) pyeval.Value {
		out := []pyeval.Value{}
		if strings.HasPrefix(p, "/") {
			out = append(out, pyeval.NewStr("/"))
		}
		for _, x := range strings.Split(strings.Trim(p, "/"), "/") {
			if x != "" && x != "." {
				out = append(out, pyeval.NewStr(x))
			}
		}
		return pyeval.NewTuple(out...)
	})
}

// defPathFiles adds the methods that look at the file system or change it.
func defPathFiles() {
	for name, test := range map[string]func(file, dir bool) bool{
		"exists":  func(f, d bool) bool { return f || d },
		"is_file": func(f, _ bool) bool { return f },
		"is_dir":  func(_, d bool) bool { return d },
	} {
		pathClass.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			file, dir, err := c.Thread.Stat(pathOf(c))
			return pyeval.Bool(test(file, dir)), err
		})
	}
	open := func(c *pyeval.Call, mode string) (pyeval.Value, error) {
		f, err := c.Thread.Builtin("open")
		if err != nil {
			return nil, err
		}
		file, err := c.Thread.Invoke(f, []pyeval.Arg{{Value: c.Self()}, {Value: pyeval.NewStr(mode)}}, c.Span, c.At)
		if err != nil {
			return nil, err
		}
		return method(c.Thread, file, "read")
	}
	pathClass.Def("read_text(self, encoding=None, errors=None)", func(c *pyeval.Call) (pyeval.Value, error) { return open(c, "r") })
	pathClass.Def("read_bytes(self)", func(c *pyeval.Call) (pyeval.Value, error) { return open(c, "rb") })
	pathClass.Def("open(self, *args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		f, err := c.Thread.Builtin("open")
		if err != nil {
			return nil, err
		}
		return c.Thread.Invoke(f, c.Passed(), c.Span, c.At)
	})
	pathClass.Def("iterdir(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		names, err := c.Thread.List(pathOf(c))
		if err != nil {
			return nil, err
		}
		l := pyeval.NewList()
		for _, n := range names {
			l.Append(newPath(pathOf(c) + "/" + n))
		}
		next, err := c.Thread.Iter(l)
		return pyeval.NewIterator(next), err
	})
	for name, kind := range map[string]string{"unlink": "remove", "rmdir": "remove", "mkdir": "makedirs", "write_text": "write", "write_bytes": "write", "touch": "write", "rename": "write"} {
		pathClass.Def(name+"(self, *args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.None, c.Thread.Effect(kind, "Path."+name, c.Passed(), c.Span)
		})
	}
}
