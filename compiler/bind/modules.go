package bind

import (
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir/diag"
)

// CoreModule is the module of the built-in functions, the only one.
const CoreModule = "core"

// Modules lists the names of the modules that are loaded.
func (s *Session) Modules() []string {
	if s.unloaded {
		return nil
	}
	return []string{CoreModule}
}

// hasModule reports whether a module is loaded, or that it isn't.
func (s *Session) hasModule(n sql.Name) bool {
	if n.Text == CoreModule && !s.unloaded || slices.Contains(s.foreign, n.Text) {
		return true
	}
	s.unknownName(n, "module", s.Modules())
	return false
}

func (s *Session) useModules(names []sql.Name) {
	var seen []string
	for _, n := range names {
		if s.hasModule(n) && slices.Contains(seen, n.Text) {
			s.Diags.Errorf(diag.DuplicateName, n.Pos, "module %s is named twice", n.Text)
		}
		seen = append(seen, n.Text)
	}
}

// RefuseModule takes a module that has been refused for loaded: nothing is said
// of what needs it.
func (s *Session) RefuseModule(name string) { s.foreign = append(s.foreign, name) }

func (s *Session) loadModule(st *sql.LoadModule) {
	if o, ok := option(st.Options, "type"); ok {
		s.Diags.Errorf(diag.OptionUnknown, o.Key.Pos, "a module is found by its name, so it has no option 'type'")
		return
	}
	switch {
	case strings.EqualFold(st.Name.Text, "hive"):
		s.Diags.Errorf(diag.APIJava, st.Name.Pos, "the module hive needs its Java classes, and a compiled job has none")
		s.RefuseModule(st.Name.Text)
	case st.Name.Text != CoreModule:
		s.unknownName(st.Name, "module", []string{CoreModule})
	case !s.unloaded:
		s.Diags.Errorf(diag.DuplicateName, st.Name.Pos, "module %s is loaded already", st.Name.Text)
	default:
		s.unloaded = false
	}
}

func (s *Session) unloadModule(st *sql.UnloadModule) {
	if !s.hasModule(st.Name) {
		return
	}
	if st.Name.Text == CoreModule {
		s.unloaded = true
	}
	s.foreign = slices.DeleteFunc(s.foreign, func(n string) bool { return n == st.Name.Text })
}
