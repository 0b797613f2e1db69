package pyflink

import (
	"cmp"
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// State is what becomes of a member that a script uses.
type State uint8

// The states of members.
const (
	Runs    State = iota // it does what PyFlink's does
	Planned              // it is known by name and reported as not run yet
	Refused              // it leads to what a compiled job has none of
)

// String is the word for the page.
func (s State) String() string { return [...]string{"runs", "planned", "refused"}[s] }

// Member is a user-facing member of the package: a class, where Name is empty;
// a member of a class; or, where Class is empty, a function or constant of a
// module.
type Member struct {
	Module, Class, Name string
	// Signature and Doc are empty for what isn't declared: it is known by name
	// alone.
	Signature, Doc string
	State          State
	Reason         string // why it is refused
}

// Members are those of the real package and of its predecessors, in the order
// of their modules, each with its state.
func Members() []Member {
	own := map[string]*declaration{}
	for _, d := range declared {
		own[nameIn(d.class)] = d
	}
	var out []Member
	for module, k := range known() {
		for _, c := range k.classes {
			out = append(out, membersOf(module, c, own)...)
		}
		functions := functionsOf(module)
		for _, name := range k.functions {
			out = append(out, described(Member{Module: module, Name: name}, functions))
		}
		for _, name := range k.constants {
			out = append(out, Member{Module: module, Name: name})
		}
	}
	slices.SortStableFunc(out, func(a, b Member) int { return cmp.Compare(a.Module, b.Module) })
	return out
}

// membersOf are a class and its members.
func membersOf(module string, k knownClass, own map[string]*declaration) []Member {
	d, there := own[module+"."+k.name]
	first := Member{Module: module, Class: k.name}
	var members []member
	switch {
	case there:
		first.Doc, members = d.doc, d.members
	case !constantsOnly(k):
		first.State = Planned
	}
	out := []Member{first.judged()}
	names := slices.Clone(k.members)
	for _, m := range members {
		has := func(known string) bool { return strings.TrimRight(known, "()!=") == m.Name() }
		if !slices.ContainsFunc(k.members, has) && (m.doc != "" || operatorMethod(m.Name())) {
			names = append(names, m.Name())
		}
	}
	for _, name := range names {
		m := Member{Module: module, Class: k.name, Name: strings.TrimRight(name, "()!=")}
		if strings.HasSuffix(name, "=") {
			out = append(out, m)
			continue
		}
		out = append(out, described(m, inherited(d, own)))
	}
	return out
}

// inherited are the members of a class, its own first, then those of its bases.
func inherited(d *declaration, own map[string]*declaration) []member {
	if d == nil {
		return nil
	}
	var out []member
	for _, c := range d.class.MRO() {
		if base := own[nameIn(c)]; base != nil {
			out = append(out, base.members...)
		}
	}
	return out
}

// operatorMethod reports whether a name is one of Python's own.
func operatorMethod(name string) bool { return strings.HasPrefix(name, "__") }

// constantsOnly reports whether a class is an enumeration, which needs no
// declaration.
func constantsOnly(k knownClass) bool {
	return len(k.members) > 0 && !slices.ContainsFunc(k.members, func(m string) bool { return !strings.HasSuffix(m, "=") })
}

// described completes a member by its declaration, if there is one.
func described(m Member, declared []member) Member {
	i := slices.IndexFunc(declared, func(d member) bool { return d.Name() == m.Name })
	if i < 0 {
		m.State = Planned
		return m.judged()
	}
	m.Signature, m.Doc = declared[i].sig, declared[i].doc
	if declared[i].unrun {
		m.State = Planned
	}
	return m.judged()
}

// judged is the member with its refusal, if it is refused.
func (m Member) judged() Member {
	if r := refusalOf(m.Class, m.Name); r != nil {
		m.State, m.Reason = Refused, r.why
	}
	return m
}

// refusal is why a member will not run.
type refusal struct {
	code diag.Code
	why  string
}

var (
	ofJava   = &refusal{diag.APIJava, "it makes an object of a Java class; a compiled job has no Java process"}
	ofStream = &refusal{diag.APIStream, "it leads to the DataStream API, which isn't supported yet"}
)

// refusedMembers are refused by name: "Class.member", or a whole "Class".
var refusedMembers = map[string]*refusal{
	"TableEnvironment.create_java_function":                  ofJava,
	"TableEnvironment.create_java_temporary_function":        ofJava,
	"TableEnvironment.create_java_temporary_system_function": ofJava,
	"TableEnvironment.register_java_function":                ofJava,
	"TableEnvironment.load_module":                           ofJava,
	"HiveModule":                                             ofJava,
	"Procedure":                                              ofJava,
	"Catalog.get_procedure":                                  ofJava,
	"UserDefinedType":                                        ofJava,
	"DataType.bridged_to":                                    ofJava,
	"StreamTableEnvironment.from_data_stream":                ofStream,
	"StreamTableEnvironment.from_changelog_stream":           ofStream,
	"StreamTableEnvironment.to_data_stream":                  ofStream,
	"StreamTableEnvironment.to_changelog_stream":             ofStream,
	"StreamTableEnvironment.to_append_stream":                ofStream,
	"StreamTableEnvironment.to_retract_stream":               ofStream,
	"StatementSet.attach_as_datastream":                      ofStream,
}

func refusalOf(class, name string) *refusal {
	if r := refusedMembers[class]; r != nil {
		return r
	}
	return refusedMembers[class+"."+name]
}

// nestedIn are the classes that others hold, with these.
var nestedIn = map[*pyeval.Class]*pyeval.Class{}

// nest makes a class a member of another one.
func nest(outer, inner *pyeval.Class) {
	outer.Set(inner.Name(), inner)
	nestedIn[inner] = outer
}

// nameIn is the name of a class with its module and the class that holds it.
func nameIn(c *pyeval.Class) string {
	if outer := nestedIn[c]; outer != nil {
		return nameIn(outer) + "." + c.Name()
	}
	return c.ModuleName() + "." + c.Name()
}
