package stdlib

import (
	"maps"
	"path"
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
)

func init() {
	loaders["os"] = fillOS
	loaders["os.path"] = fillPath
}

func fillOS(_ *pyeval.Thread, m *pyeval.Module) {
	environ := environClass.Make(&assigned{pyeval.NewDict()})
	m.Set("sep", pyeval.NewStr("/")).Set("linesep", pyeval.NewStr("\n")).Set("pathsep", pyeval.NewStr(":")).
		Set("name", pyeval.NewStr("posix")).Set("curdir", pyeval.NewStr(".")).Set("pardir", pyeval.NewStr("..")).
		Set("devnull", pyeval.NewStr("/dev/null")).Set("environ", environ).Set("error", pyeval.OSError).
		Set("extsep", pyeval.NewStr(".")).Set("altsep", pyeval.None).Set("PathLike", pathLikeClass)
	m.Def("getenv(key: str, default=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		return variable(c, environ, c.Arg("default"))
	})
	m.Def("putenv(key: str, value: text, /)", none) // changes no environ in CPython either
	m.Def("stat(path)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := c.Thread.Path(c.Arg("path"))
		if err != nil {
			return nil, err
		}
		return statOf(c, p)
	})
	for name, n := range (pyeval.Named[int64]{{"F_OK", 0}, {"X_OK", 1}, {"W_OK", 2}, {"R_OK", accessRead}, {"SEEK_SET", 0}, {"SEEK_CUR", 1}, {"SEEK_END", 2}, {"EX_OK", 0}}).All() {
		m.Set(name, pyeval.NewInt(n))
	}
	m.Def("access(path, mode: int)", func(c *pyeval.Call) (pyeval.Value, error) {
		if c.Int("mode")&^accessRead != 0 { // only the machine knows
			return &pyeval.Opaque{Origin: "os.access(…)", Module: "os", Where: c.Span, Late: c.Thread.Interp().Options().Beside}, nil
		}
		p, err := c.Thread.Path(c.Arg("path"))
		if err != nil {
			return nil, err
		}
		file, dir, err := c.Thread.Stat(p)
		return pyeval.Bool(file || dir), err
	})
	m.Def("getcwd()", func(c *pyeval.Call) (pyeval.Value, error) { return str(c.Thread.Interp().Root()) })
	m.Def("fspath(path)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := c.Thread.Path(c.Arg("path"))
		return pyeval.NewStr(p), err
	})
	m.Def("listdir(path='.')", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := c.Thread.Path(c.Arg("path"))
		if err != nil {
			return nil, err
		}
		names, err := c.Thread.List(p)
		return strs(names), err
	})
	effect := func(kind string, names ...string) {
		for _, name := range names {
			m.Def(name+"(*args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
				return pyeval.None, c.Thread.Effect(kind, "os."+name, c.Passed(), c.Span)
			})
		}
	}
	effect("remove", "remove", "unlink", "rmdir", "removedirs")
	effect("makedirs", "makedirs", "mkdir")
	effect("write", "rename", "replace", "chmod", "link", "symlink", "truncate", "utime")
	effect("process", "system", "popen", "kill", "killpg", "fork", "forkpty", "execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe",
		"spawnl", "spawnle", "spawnlp", "spawnv", "spawnve", "spawnvp", "posix_spawn", "posix_spawnp", "chdir")
	rest := m.Fallback
	m.Fallback = func(t *pyeval.Thread, name string) (pyeval.Value, error) {
		if name == "path" { // not imported above, since that imports os first
			return t.Import("os.path")
		}
		return rest(t, name)
	}
}

// accessRead is os.R_OK: the files that a build reads are.
const accessRead = 4

// environClass is os.environ: what the build was given is there, all else is
// symbolic.
var environClass = pyeval.NewClass("os", "_Environ")

// assigned are the variables that the script itself has set.
type assigned struct{ vars *pyeval.Dict }

func init() {
	missing := func(c *pyeval.Call, what string) error {
		in := pyeval.Input{Kind: pyeval.EnvInput, Name: "NAME"}
		return in.Missing(what)
	}
	own := func(c *pyeval.Call, name string) (pyeval.Value, bool) { return setByScript(c.Self(), name) }
	environClass.Def("__getitem__(self, key: str, /)", func(c *pyeval.Call) (pyeval.Value, error) { return variable(c, c.Self(), nil) })
	environClass.Def("get(self, key: str, default=None, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return variable(c, c.Self(), c.Arg("default"))
	})
	set := func(c *pyeval.Call, v pyeval.Value) (pyeval.Value, error) {
		switch v.(type) {
		case *pyeval.Str, *pyeval.Sym, *pyeval.Opaque:
		default:
			return nil, pyeval.Errorf(pyeval.TypeError, "str expected, not %s", v.Class().Name())
		}
		a, _ := pyeval.Data[*assigned](c.Self())
		a.vars.SetStr(c.Str("key"), v)
		return v, nil
	}
	environClass.Def("__setitem__(self, key: str, value, /)", func(c *pyeval.Call) (pyeval.Value, error) { return set(c, c.Arg("value")) })
	environClass.Def("setdefault(self, key: str, value, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		v, err := variable(c, c.Self(), c.Arg("value"))
		if err != nil {
			return nil, err
		}
		return set(c, v)
	})
	environClass.Def("__contains__(self, key: str, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if _, ok := own(c, c.Str("key")); ok {
			return pyeval.True, nil
		}
		if _, ok := c.Thread.Interp().Options().Env[c.Str("key")]; ok {
			return pyeval.True, nil
		}
		in := &pyeval.Input{Kind: pyeval.EnvInput, Name: c.Str("key")}
		c.Thread.Fix(in.Missing("the operator in"), in)
		return pyeval.False, nil
	})
	environClass.Def("update(self, other=(), /, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		all, err := c.Thread.Call(pyeval.DictClass, c.Arg("other"))
		if err != nil {
			return nil, err
		}
		for _, d := range []*pyeval.Dict{all.(*pyeval.Dict), c.Keywords("kw")} {
			for k, v := range d.Items() {
				if err := c.Thread.SetIndex(c.Self(), k, v); err != nil {
					return nil, err
				}
			}
		}
		return pyeval.None, nil
	})
	// remove takes away a variable that the script has set: of the others only
	// the start can say whether they are there.
	remove := func(c *pyeval.Call) (pyeval.Value, error) {
		v, ok := own(c, c.Str("key"))
		if !ok {
			in := pyeval.Input{Kind: pyeval.EnvInput, Name: c.Str("key")}
			return nil, in.Missing("the removal of a variable")
		}
		a, _ := pyeval.Data[*assigned](c.Self())
		a.vars.DeleteStr(c.Str("key"))
		return v, nil
	}
	environClass.Def("pop(self, key: str, default=None, /)", remove)
	environClass.Def("__delitem__(self, key: str, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		_, err := remove(c)
		return pyeval.None, err
	})
	for _, name := range []string{"__iter__", "__len__", "keys", "items", "values", "copy"} {
		environClass.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			all := wholeEnvironment(c)
			if all == nil {
				return nil, missing(c, "a look at the whole environment")
			}
			return method(c.Thread, all, name)
		})
	}
}

// wholeEnvironment is what the build was given and the script has set; nil if
// the build was given nothing.
func wholeEnvironment(c *pyeval.Call) *pyeval.Dict {
	in := c.Thread.Interp()
	if len(in.Options().Env) == 0 {
		return nil
	}
	all := pyeval.NewDict()
	for _, name := range slices.Sorted(maps.Keys(in.Options().Env)) {
		v := in.Options().Env[name]
		in.Declare(pyeval.Input{Kind: pyeval.EnvInput, Name: name, Baked: true, Value: v}, c.Span)
		all.SetStr(name, pyeval.NewStr(v))
	}
	if a, ok := pyeval.Data[*assigned](c.Self()); ok {
		for k, v := range a.vars.Items() {
			all.SetStr(textOf(k), v)
		}
	}
	return all
}

// setByScript is a variable that the script has set.
func setByScript(environ pyeval.Value, name string) (pyeval.Value, bool) {
	a, ok := pyeval.Data[*assigned](environ)
	if !ok {
		return nil, false
	}
	return a.vars.GetStr(name)
}

// variable is the call's key in the environment and what the script has set.
func variable(c *pyeval.Call, environ, def pyeval.Value) (pyeval.Value, error) {
	if v, ok := setByScript(environ, c.Str("key")); ok {
		return v, nil
	}
	return env(c, c.Str("key"), def)
}

// env is a variable of the environment. A default of nil means that the
// script requires it.
func env(c *pyeval.Call, name string, def pyeval.Value) (pyeval.Value, error) {
	in := c.Thread.Interp()
	where := c.Where("key")
	if v, ok := in.Options().Env[name]; ok {
		in.Declare(pyeval.Input{Kind: pyeval.EnvInput, Name: name, Baked: true, Value: v}, where)
		return pyeval.NewStr(v), nil
	}
	input := pyeval.Input{Kind: pyeval.EnvInput, Name: name}
	switch d := def.(type) {
	case nil:
	case pyeval.NoneType:
		input.Optional = true
	case *pyeval.Str:
		input.Default, input.HasDefault = d.String(), true
	case *pyeval.Sym:
		s := pyeval.NewSym(in.Declare(input, where), c.Span)
		return c.Thread.ApplyAtStart("default", d.Kind, s, d)
	default:
		return typedDefault(c, input, d)
	}
	return pyeval.NewSym(in.Declare(input, where), c.Span), nil
}

// typedDefault is os.getenv(name, 8080): what the script gets depends on whether
// the variable is set, in its type even, so that the default shapes the plan.
func typedDefault(c *pyeval.Call, input pyeval.Input, def pyeval.Value) (pyeval.Value, error) {
	if o, ok := def.(*pyeval.Opaque); ok {
		return o, nil
	}
	return bake(c, input, def, c.Where("key"))
}

// bake notes that the plan depends on an input that the build wasn't given: a run
// that gives it another value than the default is refused.
func bake(c *pyeval.Call, input pyeval.Input, def pyeval.Value, where pyast.Span) (pyeval.Value, error) {
	text, err := c.Thread.Str(def)
	if err != nil {
		return nil, err
	}
	input.Baked, input.Value = true, text
	c.Thread.Interp().Declare(input, where)
	return def, nil
}

func fillPath(_ *pyeval.Thread, m *pyeval.Module) {
	m.Set("sep", pyeval.NewStr("/"))
	m.Pure("join(path, *paths)", pathJoin)
	text := func(name string, f func(c *pyeval.Call, p string) pyeval.Value) {
		m.Pure(name+"(path, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			p, err := c.Thread.Path(c.Arg("path"))
			if err != nil {
				return nil, err
			}
			return f(c, p), nil
		})
	}
	text("dirname", func(_ *pyeval.Call, p string) pyeval.Value { return pyeval.NewStr(dirname(p)) })
	text("basename", func(_ *pyeval.Call, p string) pyeval.Value { return pyeval.NewStr(p[strings.LastIndexByte(p, '/')+1:]) })
	text("isabs", func(_ *pyeval.Call, p string) pyeval.Value { return pyeval.Bool(strings.HasPrefix(p, "/")) })
	text("normpath", func(_ *pyeval.Call, p string) pyeval.Value { return pyeval.NewStr(normPath(p)) })
	for _, name := range []string{"abspath", "realpath"} {
		text(name, func(c *pyeval.Call, p string) pyeval.Value { return pyeval.NewStr(abspath(c, p)) })
	}
	text("split", func(_ *pyeval.Call, p string) pyeval.Value {
		return pyeval.NewTuple(pyeval.NewStr(dirname(p)), pyeval.NewStr(p[strings.LastIndexByte(p, '/')+1:]))
	})
	text("splitext", func(_ *pyeval.Call, p string) pyeval.Value {
		root, ext := splitExt(p)
		return pyeval.NewTuple(pyeval.NewStr(root), pyeval.NewStr(ext))
	})
	for name, test := range (pyeval.Named[func(file, dir bool) bool]{
		{"exists", func(f, d bool) bool { return f || d }},
		{"lexists", func(f, d bool) bool { return f || d }},
		{"isfile", func(f, _ bool) bool { return f }},
		{"isdir", func(_, d bool) bool { return d }},
	}).All() {
		m.Pure(name+"(path, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			p, err := c.Thread.Path(c.Arg("path"))
			if err != nil {
				return nil, err
			}
			file, dir, err := c.Thread.Stat(p)
			return pyeval.Bool(test(file, dir)), err
		})
	}
	m.Def("expanduser(path, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := c.Thread.Path(c.Arg("path"))
		if err != nil {
			return nil, err
		}
		p, err = expandUser(c, p)
		return pyeval.NewStr(p), err
	})
	m.Def("getsize(path, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := c.Thread.Path(c.Arg("path"))
		if err != nil {
			return nil, err
		}
		stat, err := statOf(c, p)
		if err != nil {
			return nil, err
		}
		return c.Thread.GetAttr(stat, "st_size")
	})
	m.Pure("relpath(path, start=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := c.Thread.Path(c.Arg("path"))
		if err != nil {
			return nil, err
		}
		start := "."
		if c.Arg("start") != pyeval.None {
			if start, err = c.Thread.Path(c.Arg("start")); err != nil {
				return nil, err
			}
		}
		return str(relative(abspath(c, p), abspath(c, start)))
	})
}

// expandUser puts the home folder, if the build was given it, in place of ~.
func expandUser(c *pyeval.Call, p string) (string, error) {
	rest, ok := strings.CutPrefix(p, "~")
	if !ok || rest != "" && rest[0] != '/' {
		return p, nil
	}
	in := c.Thread.Interp()
	home, ok := in.Options().Env["HOME"]
	if !ok {
		missing := pyeval.Input{Kind: pyeval.EnvInput, Name: "HOME"}
		return "", missing.Missing("the home folder")
	}
	in.Declare(pyeval.Input{Kind: pyeval.EnvInput, Name: "HOME", Baked: true, Value: home}, c.Span)
	return strings.TrimRight(home, "/") + rest, nil
}

// pathJoin is os.path.join; with a symbolic part it is applied at start.
func pathJoin(c *pyeval.Call) (pyeval.Value, error) {
	parts := append([]pyeval.Value{c.Arg("path")}, c.Elems("paths")...)
	out := ""
	for i, v := range parts {
		if _, ok := v.(*pyeval.Sym); ok {
			return c.Thread.ApplyAtStart("os.path.join", pyeval.SymStr, parts...)
		}
		p, err := c.Thread.Path(v)
		if err != nil {
			return nil, err
		}
		switch {
		case strings.HasPrefix(p, "/") || i == 0:
			out = p
		case out == "" || strings.HasSuffix(out, "/"):
			out += p
		default:
			out += "/" + p
		}
	}
	return str(out)
}

func dirname(p string) string {
	head := p[:strings.LastIndexByte(p, '/')+1]
	if strings.Trim(head, "/") != "" {
		head = strings.TrimRight(head, "/")
	}
	return head
}

func abspath(c *pyeval.Call, p string) string {
	if !strings.HasPrefix(p, "/") {
		p = c.Thread.Interp().Root() + "/" + p
	}
	return path.Clean(p)
}

// splitExt splits at the last dot of the last component, not counting those
// that it begins with.
func splitExt(p string) (root, ext string) {
	base := p[strings.LastIndexByte(p, '/')+1:]
	i := strings.LastIndexByte(base, '.')
	if i <= 0 || strings.Trim(base[:i], ".") == "" {
		return p, ""
	}
	i += len(p) - len(base)
	return p[:i], p[i:]
}

func relative(p, start string) string {
	a, b := strings.Split(strings.Trim(p, "/"), "/"), strings.Split(strings.Trim(start, "/"), "/")
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	var out []string
	for range b[i:] {
		out = append(out, "..")
	}
	out = append(out, a[i:]...)
	if len(out) == 0 {
		return "."
	}
	return strings.Join(out, "/")
}

// normPath is path.Clean, but two slashes at the start stay two.
func normPath(p string) string {
	if strings.HasPrefix(p, "//") && !strings.HasPrefix(p, "///") {
		return "/" + path.Clean(p)
	}
	return path.Clean(p)
}

// pathLikeClass is os.PathLike.
var pathLikeClass = pyeval.NewClass("os", "PathLike")
