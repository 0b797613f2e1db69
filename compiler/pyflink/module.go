package pyflink

import "pyfc/compiler/pyeval"

// moduleEntryClass is ModuleEntry, a module and whether it is used: its
// instances carry a *moduleEntry.
var moduleEntryClass = pyeval.NewClass("pyflink.table.module", "ModuleEntry")

type moduleEntry struct {
	name string
	used bool
}

func init() {
	entry := func(c *pyeval.Call) *moduleEntry {
		e, _ := pyeval.Data[*moduleEntry](c.Self())
		return e
	}
	text := func(c *pyeval.Call) (pyeval.Value, error) {
		used := "false"
		if entry(c).used {
			used = "true"
		}
		return pyeval.NewStr("ModuleEntry{name='" + entry(c).name + "', used=" + used + "}"), nil
	}
	declare(moduleEntryClass, "A module of functions, and whether it is used.",
		def("__init__(self, name: str, used: bool)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = &moduleEntry{c.Str("name"), c.Bool("used")}
			return pyeval.None, nil
		}),
		def("name(self)", "The module's name.", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewStr(entry(c).name), nil }),
		def("used(self)", "Whether it is used.", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Bool(entry(c).used), nil }),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			other, ok := pyeval.Data[*moduleEntry](c.Arg("other"))
			return pyeval.Bool(ok && *other == *entry(c)), nil
		}),
		def("__repr__(self)", "", text),
		def("__str__(self)", "", text),
	)
}

// fullModules is TableEnvironment.list_full_modules.
func fullModules(c *pyeval.Call) (pyeval.Value, error) {
	out := pyeval.NewList()
	for _, name := range runOf(c).session.Modules() {
		out.Append(moduleEntryClass.Make(&moduleEntry{name, true}))
	}
	return out, nil
}
