package stdlib

import (
	"net/url"
	"strings"

	"pyfc/compiler/pyeval"
)

func init() { loaders["pathlib"] = fillPathlib }

// The classes of pathlib; the data of their instances is the path's text.
var (
	purePathClass      = pyeval.NewClass("pathlib", "PurePath", pathLikeClass)
	purePosixPathClass = pyeval.NewClass("pathlib", "PurePosixPath", purePathClass)
	pathClass          = pyeval.NewClass("pathlib", "Path", purePathClass)
	posixPathClass     = pyeval.NewClass("pathlib", "PosixPath", pathClass, purePosixPathClass)
)

func fillPathlib(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(purePathClass, purePosixPathClass, pathClass, posixPathClass)
}

func pathOf(c *pyeval.Call) string {
	p, _ := pyeval.Data[string](c.Self())
	return p
}

// pathRoot is "/" for an absolute path, "//" if it begins with just two.
func pathRoot(p string) string {
	switch {
	case strings.HasPrefix(p, "//") && !strings.HasPrefix(p, "///"):
		return "//"
	case strings.HasPrefix(p, "/"):
		return "/"
	}
	return ""
}

// pathParts are the components below the root.
func pathParts(p string) []string {
	var parts []string
	for _, part := range strings.Split(p, "/") {
		if part != "" && part != "." {
			parts = append(parts, part)
		}
	}
	return parts
}

// cleanPath drops what pathlib drops: "." parts and doubled slashes, not "..".
func cleanPath(p string) string {
	out := pathRoot(p) + strings.Join(pathParts(p), "/")
	if out == "" {
		return "."
	}
	return out
}

// newPath makes a path of the class of another, or of the class itself.
func newPath(like pyeval.Value, p string) pyeval.Value {
	k, ok := like.(*pyeval.Class)
	if !ok {
		k = like.Class()
	}
	switch k {
	case pathClass:
		k = posixPathClass
	case purePathClass:
		k = purePosixPathClass
	}
	return k.Make(cleanPath(p))
}

// joinPaths joins like the operator /.
func joinPaths(t *pyeval.Thread, like pyeval.Value, base string, more []pyeval.Value) (pyeval.Value, error) {
	for _, v := range more {
		if o, ok := v.(*pyeval.Opaque); ok {
			return o, nil
		}
		p, err := t.Path(v)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(p, "/") || base == "" {
			base = p
		} else {
			base += "/" + p
		}
	}
	return newPath(like, base), nil
}

func init() {
	purePathClass.Static("__new__(cls, *parts)", func(c *pyeval.Call) (pyeval.Value, error) {
		return joinPaths(c.Thread, c.Arg("cls"), "", c.Elems("parts"))
	})
	text := func(signature string, f func(p string) string) {
		purePathClass.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) { return str(f(pathOf(c))) })
	}
	same := func(p string) string { return p }
	text("__str__(self)", same)
	text("__fspath__(self)", same)
	purePathClass.Def("__bytes__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		s, err := c.Thread.Str(c.Self())
		return pyeval.Bytes(s), err
	})
	text("as_posix(self)", same)
	purePathClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return str(c.Self().Class().Name() + "(" + pyeval.Quote(pathOf(c)) + ")")
	})
	purePathClass.Def("as_uri(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		if pathRoot(pathOf(c)) == "" {
			return nil, pyeval.Errorf(pyeval.ValueError, "relative path can't be expressed as a file URI")
		}
		parts := strings.Split(pathOf(c), "/")
		for i, p := range parts {
			parts[i] = strings.NewReplacer("+", "%2B", "%7E", "~").Replace(url.PathEscape(p))
		}
		return str("file://" + strings.Join(parts, "/"))
	})
	purePathClass.Def("is_absolute(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Bool(pathRoot(pathOf(c)) != ""), nil
	})
	purePathClass.Def("__truediv__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return joinPaths(c.Thread, c.Self(), pathOf(c), []pyeval.Value{c.Arg("other")})
	})
	purePathClass.Def("__rtruediv__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return joinPaths(c.Thread, c.Self(), "", []pyeval.Value{c.Arg("other"), c.Self()})
	})
	purePathClass.Def("joinpath(self, *others)", func(c *pyeval.Call) (pyeval.Value, error) {
		return joinPaths(c.Thread, c.Self(), pathOf(c), c.Elems("others"))
	})
	defPathNames()
	defPathRelations()
	defPathComparison()
	defPathFiles()
}

// lastName is the last component, empty for a root and for ".".
func lastName(p string) string {
	parts := pathParts(p)
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

// parentOf is the path without its last component.
func parentOf(p string) string {
	parts := pathParts(p)
	if len(parts) == 0 {
		return p
	}
	return cleanPath(pathRoot(p) + strings.Join(parts[:len(parts)-1], "/"))
}

// stemAndSuffix splits a name at its last dot, if that is inside.
func stemAndSuffix(name string) (stem, suffix string) {
	if i := strings.LastIndexByte(name, '.'); i > 0 && i < len(name)-1 {
		return name[:i], name[i:]
	}
	return name, ""
}

// defPathNames adds the attributes that take a path apart and the methods
// that change its last component.
func defPathNames() {
	part := func(name string, f func(p string) string) {
		purePathClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) { return str(f(pathOf(c))) })
	}
	part("name", lastName)
	part("stem", func(p string) string { stem, _ := stemAndSuffix(lastName(p)); return stem })
	part("suffix", func(p string) string { _, suffix := stemAndSuffix(lastName(p)); return suffix })
	part("root", pathRoot)
	part("anchor", pathRoot)
	part("drive", func(string) string { return "" })
	purePathClass.Getter("suffixes", func(c *pyeval.Call) (pyeval.Value, error) {
		name := lastName(pathOf(c))
		out := pyeval.NewList()
		if strings.HasSuffix(name, ".") {
			return out, nil
		}
		for _, p := range strings.Split(strings.TrimLeft(name, "."), ".")[1:] {
			out.Append(pyeval.NewStr("." + p))
		}
		return out, nil
	})
	purePathClass.Getter("parent", func(c *pyeval.Call) (pyeval.Value, error) { return newPath(c.Self(), parentOf(pathOf(c))), nil })
	purePathClass.Getter("parents", func(c *pyeval.Call) (pyeval.Value, error) {
		var out []pyeval.Value
		for p, q := pathOf(c), parentOf(pathOf(c)); q != p; p, q = q, parentOf(q) {
			out = append(out, newPath(c.Self(), q))
		}
		return pyeval.NewTuple(out...), nil
	})
	purePathClass.Getter("parts", func(c *pyeval.Call) (pyeval.Value, error) {
		parts := pathParts(pathOf(c))
		if root := pathRoot(pathOf(c)); root != "" {
			parts = append([]string{root}, parts...)
		}
		return pyeval.NewTuple(strs(parts).Elems()...), nil
	})
	renamed := func(signature string, f func(c *pyeval.Call, name string) (string, error)) {
		purePathClass.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) {
			p := pathOf(c)
			name := lastName(p)
			if name == "" {
				return nil, pyeval.Errorf(pyeval.ValueError, "%s(%s) has an empty name", c.Self().Class().Name(), pyeval.Quote(p))
			}
			changed, err := f(c, name)
			if err != nil {
				return nil, err
			}
			if changed == "" || changed == "." || strings.Contains(changed, "/") {
				return nil, pyeval.Errorf(pyeval.ValueError, "Invalid name %s", pyeval.Quote(changed))
			}
			return newPath(c.Self(), strings.TrimSuffix(p, name)+changed), nil
		})
	}
	renamed("with_name(self, name: str)", func(c *pyeval.Call, _ string) (string, error) { return c.Str("name"), nil })
	renamed("with_stem(self, stem: str)", func(c *pyeval.Call, name string) (string, error) {
		_, suffix := stemAndSuffix(name)
		return c.Str("stem") + suffix, nil
	})
	renamed("with_suffix(self, suffix: str)", func(c *pyeval.Call, name string) (string, error) {
		stem, _ := stemAndSuffix(name)
		suffix := c.Str("suffix")
		if suffix != "" && (suffix[0] != '.' || suffix == "." || strings.Contains(suffix, "/")) {
			return "", pyeval.Errorf(pyeval.ValueError, "Invalid suffix %s", pyeval.Quote(suffix))
		}
		return stem + suffix, nil
	})
}

// below is what of a path lies below another; ok is false when it doesn't.
func below(p, base string) (rest string, ok bool) {
	a, b := pathParts(p), pathParts(base)
	if pathRoot(p) != pathRoot(base) || len(b) > len(a) {
		return "", false
	}
	for i := range b {
		if a[i] != b[i] {
			return "", false
		}
	}
	return strings.Join(a[len(b):], "/"), true
}

// defPathRelations adds what compares a path with another one or a pattern.
func defPathRelations() {
	other := func(c *pyeval.Call) (string, error) {
		v, err := joinPaths(c.Thread, c.Self(), "", c.Elems("other"))
		if err != nil {
			return "", err
		}
		return c.Thread.Path(v)
	}
	purePathClass.Def("relative_to(self, *other)", func(c *pyeval.Call) (pyeval.Value, error) {
		base, err := other(c)
		if err != nil {
			return nil, err
		}
		rest, ok := below(pathOf(c), base)
		if !ok {
			return nil, pyeval.Errorf(pyeval.ValueError, "%s is not in the subpath of %s OR one path is relative and the other is absolute.", pyeval.Quote(pathOf(c)), pyeval.Quote(base))
		}
		return newPath(c.Self(), rest), nil
	})
	purePathClass.Def("is_relative_to(self, *other)", func(c *pyeval.Call) (pyeval.Value, error) {
		base, err := other(c)
		_, ok := below(pathOf(c), base)
		return pyeval.Bool(ok), err
	})
	purePathClass.Def("match(self, pattern: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		pattern, parts := pathParts(c.Str("pattern")), pathParts(pathOf(c))
		if len(pattern) == 0 {
			return nil, pyeval.Errorf(pyeval.ValueError, "empty pattern")
		}
		if pathRoot(c.Str("pattern")) != "" && (pathRoot(pathOf(c)) == "" || len(pattern) != len(parts)) || len(pattern) > len(parts) {
			return pyeval.False, nil
		}
		shell, err := c.Thread.Import("fnmatch")
		if err != nil {
			return nil, err
		}
		parts = parts[len(parts)-len(pattern):]
		for i, p := range pattern {
			v, err := method(c.Thread, shell, "fnmatchcase", pyeval.NewStr(parts[i]), pyeval.NewStr(p))
			if err != nil || v == pyeval.False {
				return v, err
			}
		}
		return pyeval.True, nil
	})
}

func defPathComparison() {
	for name, holds := range (pyeval.Named[func(c int) bool]{
		{"__eq__", func(c int) bool { return c == 0 }}, {"__lt__", func(c int) bool { return c < 0 }}, {"__le__", func(c int) bool { return c <= 0 }},
		{"__gt__", func(c int) bool { return c > 0 }}, {"__ge__", func(c int) bool { return c >= 0 }},
	}).All() {
		purePathClass.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			o, ok := pyeval.Data[string](c.Arg("other"))
			if !ok || !c.Arg("other").Class().IsA(purePathClass) {
				return pyeval.NotImplemented, nil
			}
			// Components are compared, so that a/b comes before a.b.
			key := func(p string) string { return pathRoot(p) + strings.Join(pathParts(p), "\x00") }
			return pyeval.Bool(holds(strings.Compare(key(pathOf(c)), key(o)))), nil
		})
	}
	purePathClass.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		n, err := c.Thread.Hash(pyeval.NewStr(pathOf(c)))
		return pyeval.NewInt(n), err
	})
}
