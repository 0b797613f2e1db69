package pyflink

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

//go:generate sh -c "python3 known_gen.py $PYFLINK_SOURCE $LEGACY_API > known.txt"

// knownText lists the names of the real package; see known_gen.py.
//
//go:embed known.txt
var knownText string

// knownModule is what the real package has in one module.
type knownModule struct {
	classes   []knownClass
	functions []string
	constants []string
	from      []knownImport
}

// knownImport are names that a module passes on.
type knownImport struct {
	source string
	names  []string
}

// knownClass is a class of the real package.
type knownClass struct {
	name    string // "Schema.Builder" for a nested one
	bases   []string
	members []string // with the suffixes of known.txt
}

// known are the modules of the real package by name.
var known = sync.OnceValue(func() map[string]*knownModule {
	out := map[string]*knownModule{}
	var m *knownModule
	for line := range strings.Lines(knownText) {
		words := strings.Fields(line)
		if !strings.HasPrefix(line, " ") {
			m = &knownModule{}
			out[words[0]] = m
			continue
		}
		switch words[0] {
		case "def":
			m.functions = words[1:]
		case "const":
			m.constants = words[1:]
		case "from":
			m.from = append(m.from, knownImport{words[1], words[2:]})
		default:
			name, bases, _ := strings.Cut(strings.TrimSuffix(words[0], ")"), "(")
			m.classes = append(m.classes, knownClass{name, strings.FieldsFunc(bases, func(r rune) bool { return r == ',' }), words[1:]})
		}
	}
	return out
})

// PublicNames are the names of the real package, by module.
func PublicNames() map[string][]string {
	out := map[string][]string{}
	for name, m := range known() {
		names := append(slices.Clone(m.functions), m.constants...)
		for _, c := range m.classes {
			if !strings.Contains(c.name, ".") {
				names = append(names, c.name)
			}
		}
		for _, passed := range m.from {
			names = append(names, passed.names...)
		}
		slices.Sort(names)
		out[name] = slices.Compact(names)
	}
	return out
}

// addPlanned gives a class the members of the real one that it lacks; using
// them is refused.
func addPlanned(class *pyeval.Class, k knownClass) {
	for i, m := range k.members {
		name := strings.TrimRight(m, "()!=")
		if class.Lookup(name) != nil {
			continue
		}
		refuse := plannedMember(class, class.ModuleName(), k.name+"."+name)
		switch {
		case strings.HasSuffix(m, "()"):
			addTo(class, onClass(name+"(*args, **kwargs)", "", refuse))
		case strings.HasSuffix(m, "!"):
			addTo(class, get(name, "", refuse))
		case numbered[k.name]:
			class.Set(name, pyeval.NewInt(int64(i)))
		case strings.HasSuffix(m, "="):
			class.Set(name, constantClass.Make(k.name+"."+name))
		default:
			addTo(class, plannedMethod(name, refuse))
		}
	}
}

// numbered are the classes whose constants are the numbers from 0 on.
var numbered = map[string]bool{"ResultKind": true, "SqlDialect": true, "WriteMode": true, "ExplainDetail": true}

// plannedMethod refuses a call. What begins with create_ or register_ defines
// something under its first argument.
func plannedMethod(name string, refuse pyeval.NativeFunc) member {
	if strings.HasPrefix(name, "create_") || strings.HasPrefix(name, "register_") {
		return def(name+"(self, name = None, *args, **kwargs)", "", refuse).naming("name")
	}
	m := def(name+"(self, *args, **kwargs)", "", refuse)
	m.chained = name == "connect"
	return m
}

// constantClass is the type of values that only planned members take.
var constantClass = pyeval.NewClass("pyflink", "constant")

func init() {
	constantClass.Def("__eq__(self, other)", func(c *pyeval.Call) (pyeval.Value, error) {
		a, _ := pyeval.Data[string](c.Self())
		b, ok := pyeval.Data[string](c.Arg("other"))
		return pyeval.Bool(ok && a == b), nil
	})
	constantClass.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		text, _ := pyeval.Data[string](c.Self())
		h := fnv.New32a()
		h.Write([]byte(text))
		return pyeval.NewInt(int64(h.Sum32())), nil
	})
}

// streamModules hold the DataStream API, and what only it takes.
var streamModules = []string{"pyflink.datastream"}

// ofStreams reports whether a module belongs to the DataStream API.
func ofStreams(module string) bool {
	return slices.ContainsFunc(streamModules, func(m string) bool { return strings.HasPrefix(module, m) })
}

// inertModules hold values that only calls of the DataStream API take: making
// one is no fault, since the call is.
var inertModules = []string{"pyflink.common.typeinfo", "pyflink.common.time"}

// describingModules hold classes whose objects describe what calls of the
// DataStream API do; making one is no fault either, and their members give
// objects of the same class.
var describingModules = []string{"pyflink.common.serialization", "pyflink.common.watermark_strategy"}

// plannedMember refuses the use of a known member of a module, or of a class in
// it, that isn't implemented.
func plannedMember(of *pyeval.Class, module, name string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		switch {
		case slices.Contains(inertModules, module):
			return constantClass.Make(name), nil
		case of != nil && slices.Contains(describingModules, module):
			return of.Make(nil), nil
		}
		class, short, _ := strings.Cut(name, ".")
		if r := refusalOf(class, short); r != nil {
			return nil, diag.New(r.code, c.At.Pos(), "%s isn't supported: %s", name, r.why).WithMissing("api", name)
		}
		d := planned(c.At.Pos(), name)
		if ofStreams(module) {
			d.Code = diag.APIStream
		}
		return nil, d
	}
}

// summarized joins what is refused of the DataStream API to one diagnostic at
// the first place, with a note for each of the others: a script that uses it
// does so in every line.
func summarized(all []*diag.Diagnostic) []*diag.Diagnostic {
	var out []*diag.Diagnostic
	var first *diag.Diagnostic
	for _, d := range all {
		if d.Code != diag.APIStream {
			out = append(out, d)
			continue
		}
		name := d.Missing[0].Name
		if first == nil {
			summary := *d
			first = &summary
			out = append(out, first)
		} else {
			first.WithNote(d.Pos, "%s is used here", name)
			first.WithMissing("api", name)
		}
	}
	if first != nil && len(first.Notes) > 0 {
		first.Message = fmt.Sprintf("the script uses the DataStream API, which isn't supported yet: %d calls, the first is %s", len(first.Notes)+1, first.Missing[0].Name)
	}
	return out
}

// planned is the refusal of a part of the package that pyfc doesn't run yet.
func planned(pos diag.Pos, name string) *diag.Diagnostic {
	return diag.New(diag.APIPlanned, pos, "%s isn't supported yet", name).WithMissing("api", name)
}

// plannedClass stands for a class of the real package that isn't implemented:
// a script may name it and derive from it, but not make an object of it.
func plannedClass(module string, k knownClass, base *pyeval.Class) *pyeval.Class {
	short := k.name[strings.LastIndexByte(k.name, '.')+1:]
	class := pyeval.NewClass(module, short, base)
	if slices.Contains(k.bases, "Generic") {
		class.TakesTypes()
	}
	addPlanned(class, k)
	make := plannedMember(class, module, k.name)
	if slices.Contains(describingModules, module) {
		make = func(c *pyeval.Call) (pyeval.Value, error) { return c.Arg("cls").(*pyeval.Class).Make(nil), nil }
	}
	addTo(class, onClass("__new__(cls, *args, **kwargs)", "", make))
	return class
}
