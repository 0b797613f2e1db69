package pyflink

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"pyfc/ir/diag"
)

// versionsText lists what other versions of PyFlink have; it says how.
//
//go:embed versions.txt
var versionsText string

// otherVersions says which versions have a name that PyFlink 1.20.1 lacks.
type otherVersions struct {
	since   string
	until   string // empty where the later versions all have it
	instead string // what does its work in 1.20.1, empty if the table tells nothing
}

// versionTable are the names of versions.txt.
var versionTable = sync.OnceValue(func() map[string]otherVersions {
	out := map[string]otherVersions{}
	for line := range strings.Lines(versionsText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := append(strings.Split(strings.TrimSuffix(line, "\n"), "\t"), "")
		v := otherVersions{instead: columns[2]}
		var bounded, open bool
		if v.since, v.until, bounded = strings.Cut(columns[1], "-"); !bounded {
			if v.since, open = strings.CutSuffix(v.since, "+"); !open {
				v.until = v.since
			}
		}
		out[columns[0]] = v
	}
	return out
})

// lacking says of a name that a module or class lacks where PyFlink 1.20.1 has
// it, and which other versions have it there.
func lacking(d *diag.Diagnostic, owner, name string) {
	if owner == "pyflink" && name == "ml" { // a distribution of its own
		d.Code, d.Message, d.Hint = diag.APIPlanned, "pyflink.ml isn't supported yet", ""
		d.WithMissing("api", "pyflink.ml")
		return
	}
	if hint := versionHint(owner, name); hint != "" {
		d.Code, d.Hint = diag.APIVersion, hint
	}
}

// versionHint is what there is to say of a name that belongs to another version
// of PyFlink, empty if none has it.
func versionHint(owner, name string) string {
	var home string
	if module := homeOf(name); module != "" && strings.HasPrefix(owner, "pyflink") {
		home = "from " + module + " import " + name
	}
	v, ok := versionsOf(owner, name)
	switch {
	case !ok && home == "":
		return ""
	case !ok:
		return "PyFlink 1.20.1 has it elsewhere: " + home
	case v.instead != "":
		return v.had() + "; use " + v.instead + " instead"
	case home != "":
		return v.had() + "; use " + home + " instead"
	}
	return v.had() + "; PyFlink 1.20.1 has nothing in its place"
}

// had says which versions have the name.
func (v otherVersions) had() string {
	switch v.until {
	case "":
		return "PyFlink " + v.since + " and later have it"
	case v.since:
		return "PyFlink " + v.since + " had it"
	}
	return "PyFlink " + v.since + "–" + v.until + " had it"
}

// versionsOf looks for a name in a module, or in a class and its bases.
func versionsOf(owner, name string) (otherVersions, bool) {
	if v, ok := versionTable()[owner+"."+name]; ok {
		return v, true
	}
	for _, module := range slices.Sorted(maps.Keys(known())) {
		for _, c := range known()[module].classes {
			if c.name != owner {
				continue
			}
			for _, base := range c.bases {
				if v, ok := versionsOf(base, name); ok {
					return v, true
				}
			}
		}
	}
	return otherVersions{}, false
}

// movedFrom are the names of the DataStream API that a module had in other
// versions and that PyFlink 1.20.1 has elsewhere. A script may import them from
// there: that it uses them is what there is to say of it.
func movedFrom(module string) []string {
	var out []string
	for path := range versionTable() {
		name, ok := strings.CutPrefix(path, module+".")
		if ok && !strings.Contains(name, ".") && ofStreams(homeOf(name)) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
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
