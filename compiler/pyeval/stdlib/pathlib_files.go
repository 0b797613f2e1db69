package stdlib

import (
	"path"
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
)

// defPathFiles adds the methods that look at the file system or change it.
func defPathFiles() {
	for name, test := range (pyeval.Named[func(file, dir bool) bool]{
		{"exists", func(f, d bool) bool { return f || d }},
		{"is_file", func(f, _ bool) bool { return f }},
		{"is_dir", func(_, d bool) bool { return d }},
	}).All() {
		pathClass.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			file, dir, err := c.Thread.Stat(pathOf(c))
			return pyeval.Bool(test(file, dir)), err
		})
	}
	for _, name := range []string{"resolve(self, strict=False)", "absolute(self)"} {
		pathClass.Def(name, func(c *pyeval.Call) (pyeval.Value, error) { return newPath(c.Self(), abspath(c, pathOf(c))), nil })
	}
	pathClass.Def("expanduser(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := expandUser(c, pathOf(c))
		if err != nil {
			return nil, err
		}
		return newPath(c.Self(), p), nil
	})
	pathClass.ClassMethod("cwd(cls)", func(c *pyeval.Call) (pyeval.Value, error) {
		return newPath(c.Arg("cls"), c.Thread.Interp().Root()), nil
	})
	pathClass.ClassMethod("home(cls)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := expandUser(c, "~")
		return newPath(c.Arg("cls"), p), err
	})
	pathClass.Def("samefile(self, other)", func(c *pyeval.Call) (pyeval.Value, error) {
		o, err := c.Thread.Path(c.Arg("other"))
		return pyeval.Bool(abspath(c, o) == abspath(c, pathOf(c))), err
	})
	pathClass.Def("stat(self)", func(c *pyeval.Call) (pyeval.Value, error) { return statOf(c, pathOf(c)) })
	defPathReading()
	defPathListing()
	for name, kind := range (pyeval.Named[string]{{"unlink", "remove"}, {"rmdir", "remove"}, {"mkdir", "makedirs"}, {"write_text", "write"}, {"write_bytes", "write"}, {"touch", "write"},
		{"rename", "write"}, {"replace", "write"}, {"chmod", "write"}, {"symlink_to", "write"}, {"hardlink_to", "write"}}).All() {
		pathClass.Def(name+"(self, *args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.None, c.Thread.Effect(kind, "Path."+name, c.Passed(), c.Span)
		})
	}
}

// statOf is what os.stat tells of a file: its size.
func statOf(c *pyeval.Call, p string) (pyeval.Value, error) {
	text, err := c.Thread.ReadFile(p, c.Span)
	if err != nil {
		return nil, err
	}
	return named(pyeval.Named[pyeval.Value]{{"st_size", pyeval.NewInt(int64(len(text)))}}), nil
}

func defPathReading() {
	open := func(c *pyeval.Call, args []pyeval.Arg) (pyeval.Value, error) {
		f, err := c.Thread.Builtin("open")
		if err != nil {
			return nil, err
		}
		return c.Thread.Invoke(f, args, c.Span, c.At)
	}
	read := func(c *pyeval.Call, args ...pyeval.Arg) (pyeval.Value, error) {
		file, err := open(c, append([]pyeval.Arg{{Value: c.Self()}}, args...))
		if err != nil {
			return nil, err
		}
		return method(c.Thread, file, "read")
	}
	pathClass.Def("read_text(self, encoding=None, errors=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		return read(c, pyeval.Arg{Name: "encoding", Value: c.Arg("encoding")}, pyeval.Arg{Name: "errors", Value: c.Arg("errors")})
	})
	pathClass.Def("read_bytes(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return read(c, pyeval.Arg{Value: pyeval.NewStr("rb")})
	})
	pathClass.Def("open(self, *args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) { return open(c, c.Passed()) })
}

// defPathListing adds iterdir, glob and rglob.
func defPathListing() {
	paths := func(c *pyeval.Call, names []string) (pyeval.Value, error) {
		l := pyeval.NewList()
		for _, n := range names {
			l.Append(newPath(c.Self(), pathOf(c)+"/"+n))
		}
		next, err := c.Thread.Iter(l)
		return pyeval.NewIterator(next), err
	}
	pathClass.Def("iterdir(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		names, err := c.Thread.List(pathOf(c))
		if err != nil {
			return nil, err
		}
		return paths(c, names)
	})
	for name, before := range (pyeval.Named[[]string]{{"glob", nil}, {"rglob", []string{"**"}}}).All() {
		pathClass.Def(name+"(self, pattern: str)", func(c *pyeval.Call) (pyeval.Value, error) {
			if c.Str("pattern") == "" {
				return nil, pyeval.Errorf(pyeval.ValueError, "Unacceptable pattern: ''")
			}
			g := globbing{t: c.Thread, base: pathOf(c)}
			if err := g.find("", append(slices.Clone(before), pathParts(c.Str("pattern"))...)); err != nil {
				return nil, err
			}
			return paths(c, g.found)
		})
	}
}

// globbing collects the paths below base that a pattern names.
type globbing struct {
	t     *pyeval.Thread
	base  string
	found []string
}

func (g *globbing) find(folder string, pattern []string) error {
	if len(pattern) == 0 {
		if !slices.Contains(g.found, folder) {
			g.found = append(g.found, folder)
		}
		return nil
	}
	names, err := g.t.List(path.Join(g.base, folder))
	if err != nil {
		return err
	}
	if pattern[0] == "**" {
		if err := g.find(folder, pattern[1:]); err != nil {
			return err
		}
	}
	for _, name := range names {
		at := strings.TrimPrefix(folder+"/"+name, "/")
		_, dir, err := g.t.Stat(path.Join(g.base, at))
		if err != nil {
			return err
		}
		rest := pattern
		if pattern[0] != "**" {
			ok, err := path.Match(strings.ReplaceAll(pattern[0], "[!", "[^"), name)
			if err != nil || !ok {
				continue
			}
			rest = pattern[1:]
		}
		if dir || len(rest) == 0 {
			if err := g.find(at, rest); err != nil {
				return err
			}
		}
	}
	return nil
}
