package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

func init() { loaders["importlib"] = fillImportlib }

func fillImportlib(_ *pyeval.Thread, m *pyeval.Module) {
	m.Def("import_module(name: str, package=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		name := c.Str("name")
		rest := strings.TrimLeft(name, ".")
		level := len(name) - len(rest)
		if level == 0 {
			return c.Thread.Import(name)
		}
		pkg, ok := c.Arg("package").(*pyeval.Str)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "the 'package' argument is required to perform a relative import for '%s'", name)
		}
		parts := strings.Split(pkg.String(), ".")
		if level > len(parts) {
			return nil, pyeval.Errorf(pyeval.ImportError, "attempted relative import beyond top-level package")
		}
		base := strings.Join(parts[:len(parts)-level+1], ".")
		return c.Thread.Import(strings.TrimSuffix(base+"."+rest, "."))
	})
	m.Def("invalidate_caches()", none)
}
