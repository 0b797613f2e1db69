package pyflink

import (
	"slices"
	"strings"

	"pyfc/ir/diag"
)

// lacking says of a name that a module lacks where PyFlink 1.20.1 has it: other
// versions have it in other modules.
func lacking(d *diag.Diagnostic, owner, name string) {
	if home := homeOf(name); home != "" && strings.HasPrefix(owner, "pyflink") {
		d.Code = diag.APIVersion
		d.Hint = "PyFlink 1.20.1 has it elsewhere: from " + home + " import " + name
	}
}

// homeOf is the shortest module from which PyFlink 1.20.1 lets a script import
// a name, empty if there is none.
func homeOf(name string) string {
	var homes []string
	for module, names := range PublicNames() {
		if slices.Contains(names, name) {
			homes = append(homes, module)
		}
	}
	if homes == nil {
		return ""
	}
	return slices.MinFunc(homes, func(a, b string) int {
		if n := len(a) - len(b); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
}
