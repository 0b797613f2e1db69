package pyflink

import (
	"slices"
	"strings"
	"sync"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// functionsOf are the functions that are implemented, by module.
func functionsOf(module string) []member {
	switch module {
	case "pyflink.table.expressions":
		return expressionFunctions
	case "pyflink.table.udf":
		return udfFunctions
	}
	return nil
}

// register makes the modules of the package importable.
func register(in *pyeval.Interp) {
	p := &library{own: map[string]*pyeval.Module{}}
	names := []string{"pyflink"}
	for name := range known() {
		for i := range name {
			if name[i] == '.' {
				names = append(names, name[:i])
			}
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		in.RegisterModule(name, func(*pyeval.Thread) *pyeval.Module { return p.module(name) })
	}
	in.RegisterModule("pyflink.java_gateway", javaGateway)
}

// library holds the modules of the package, as far as a script has asked for
// them.
type library struct {
	own map[string]*pyeval.Module // with what they define themselves
}

// module is a module with all its names.
func (p *library) module(name string) *pyeval.Module {
	m := p.defining(name)
	for _, n := range movedFrom(name) {
		m.Set(n, p.find(homeOf(n), n, nil))
	}
	if k := known()[name]; k != nil {
		for _, passed := range k.from {
			for _, n := range passed.names {
				if v := p.find(passed.source, n, nil); v != nil {
					m.Set(n, v)
				}
			}
		}
	}
	return m
}

// defining is a module with the names that it defines itself.
func (p *library) defining(name string) *pyeval.Module {
	if m := p.own[name]; m != nil {
		return m
	}
	m := pyeval.NewModule(name)
	if name == "pyflink" {
		// Scripts print where the package is installed; a binary has none.
		m.Set("__file__", pyeval.NewStr("pyflink/__init__.py"))
	}
	p.own[name] = m
	k := known()[name]
	if k == nil {
		return m
	}
	for _, c := range k.classes {
		p.addClass(m, c)
	}
	addFunctions(m, functionsOf(name))
	for _, f := range k.functions {
		if _, there := m.Dict().GetStr(f); !there {
			addFunctions(m, []member{def(f+"(*args, **kwargs)", "", plannedMember(nil, name, f))})
		}
	}
	for _, c := range k.constants {
		m.Set(c, constantClass.Make(c))
	}
	return m
}

// addClass puts a class into its module, or into the class that it is nested
// in.
func (p *library) addClass(m *pyeval.Module, c knownClass) {
	class := implemented()[m.Name()+"."+c.name]
	if class == nil {
		if base := p.base(m, c); base.IsA(pyeval.Exception) {
			class = pyeval.NewClass(m.Name(), c.name, base)
		} else {
			class = plannedClass(m.Name(), c, base)
		}
	}
	outer, short, nested := strings.Cut(c.name, ".")
	if !nested {
		m.Set(c.name, class)
		return
	}
	if v, ok := m.Dict().GetStr(outer); ok {
		v.(*pyeval.Class).Set(short, class)
	}
}

// base is the first base of a class that the package knows.
func (p *library) base(m *pyeval.Module, c knownClass) *pyeval.Class {
	for _, b := range c.bases {
		if b == pyeval.Exception.Name() {
			return pyeval.Exception
		}
		v, _ := m.Dict().GetStr(b)
		if v == nil {
			v = p.findImported(m.Name(), b, nil)
		}
		if class, ok := v.(*pyeval.Class); ok {
			return class
		}
	}
	return pyeval.ObjectClass
}

// find looks a name up in the module that defines it, through modules that
// pass it on; seen guards against circles.
func (p *library) find(module, name string, seen []string) pyeval.Value {
	if known()[module] == nil || slices.Contains(seen, module) {
		return nil
	}
	if v, ok := p.defining(module).Dict().GetStr(name); ok {
		return v
	}
	return p.findImported(module, name, append(seen, module))
}

func (p *library) findImported(module, name string, seen []string) pyeval.Value {
	for _, passed := range known()[module].from {
		if slices.Contains(passed.names, name) {
			return p.find(passed.source, name, seen)
		}
	}
	return nil
}

// javaMembers lead from an object of the package into the Java process.
var javaMembers = []string{"_j_tenv", "_j_table", "_j_expr", "_j_stream_execution_environment", "_j_configuration",
	"_j_statement_set", "_j_table_config", "_jvm", "_gateway", "_j_environment_settings", "_j_schema"}

// implemented are the declared classes by module and name, completed by the
// members of the real ones that they lack.
var implemented = sync.OnceValue(func() map[string]*pyeval.Class {
	out := map[string]*pyeval.Class{}
	for _, d := range declared {
		out[nameIn(d.class)] = d.class
		name := strings.TrimPrefix(nameIn(d.class), d.class.ModuleName()+".")
		if k := known()[d.class.ModuleName()]; k != nil {
			for _, c := range k.classes {
				if c.name == name {
					addPlanned(d.class, c)
				}
			}
		}
		if !madeByCall(d) {
			addTo(d.class, onClass("__new__(cls, *args, **kwargs)", "", func(c *pyeval.Call) (pyeval.Value, error) {
				if cls := c.Arg("cls").(*pyeval.Class); cls.Lookup("__init__") != pyeval.ObjectClass.Lookup("__init__") {
					return cls.Make(nil), nil // a derived class that says how it is made
				}
				return nil, argument(c.Span.Pos(), "%s objects aren't made by a call: methods of PyFlink give them", name)
			}))
		}
		for _, name := range javaMembers {
			if d.class.Lookup(name) == nil {
				addTo(d.class, get(name, "", func(c *pyeval.Call) (pyeval.Value, error) { return nil, javaRefusal(c.Span.Pos(), name) }))
			}
		}
	}
	return out
})

// madeByCall reports whether a script can make an object of a class, or of its own
// class that derives from it, by calling the class: where there is nothing to be
// said of the object, where the class says how it is made, and where it is the
// base of Python functions. PyFlink makes all others of Java's objects.
func madeByCall(d *declaration) bool {
	told := func(m member) bool { return m.kind != static && !strings.HasPrefix(m.Name(), "__") }
	return !slices.ContainsFunc(d.members, told) || d.class.Lookup("__init__") != pyeval.ObjectClass.Lookup("__init__") ||
		d.class.IsA(userFunctionClass)
}

func javaRefusal(pos diag.Pos, name string) error {
	return diag.New(diag.APIJava, pos, "%s leads into PyFlink's Java process; a compiled job has none", name)
}

// javaGateway is pyflink.java_gateway.
func javaGateway(*pyeval.Thread) *pyeval.Module {
	m := pyeval.NewModule("pyflink.java_gateway")
	addFunctions(m, []member{def("get_gateway()", "", func(c *pyeval.Call) (pyeval.Value, error) {
		return nil, javaRefusal(c.At.Pos(), "get_gateway()")
	})})
	return m
}
