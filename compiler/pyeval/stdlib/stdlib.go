// Package stdlib models the part of Python's standard library that driver
// scripts use while they describe a job. Each file holds a few modules as
// tables of native members. A member that CPython has and the model has not may
// be passed on, but a call of it is refused by its name (names.txt lists
// CPython's); what depends on the machine is opaque; a member that neither has
// is an error.
package stdlib

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"pyfc/compiler/pyeval"
)

//go:embed names.txt
var namesText string

// known holds the public names of CPython's modules.
var known = func() map[string][]string {
	out := map[string][]string{}
	for _, line := range strings.Split(namesText, "\n") {
		if f := strings.Fields(line); len(f) > 0 {
			out[f[0]] = f[1:]
		}
	}
	return out
}()

// loaders makes each module when it is first imported.
var loaders = map[string]func(t *pyeval.Thread, m *pyeval.Module){}

var completed sync.Once

// Register makes the modelled modules importable.
func Register(in *pyeval.Interp) {
	completed.Do(withLibrary)
	for name, fill := range loaders {
		in.RegisterModule(name, func(t *pyeval.Thread) *pyeval.Module {
			m := pyeval.NewModule(name)
			m.Fallback = func(t *pyeval.Thread, member string) (pyeval.Value, error) {
				if loaders[name+"."+member] != nil {
					return t.Import(name + "." + member)
				}
				return unmodelled(t, name, member), nil
			}
			fill(t, m)
			return m
		})
	}
}

// unmodelled is a member that CPython has and the model has not; nil if
// CPython hasn't it either.
func unmodelled(t *pyeval.Thread, module, member string) pyeval.Value {
	if !slices.Contains(known[module], member) {
		return nil
	}
	o := &pyeval.Opaque{Origin: module + "." + member, Module: module, Import: t.Where(), Where: t.Where(), Late: t.Interp().Options().Beside}
	names, some := ofMachine[module]
	o.Unmodelled = !some || names != nil && !slices.Contains(names, member)
	return o
}

// ofMachine are the members that tell of the machine, its clock or the running
// process, which a build can't know; nil means all that aren't modelled.
var ofMachine = map[string][]string{
	"time": nil, "sys": nil, "uuid": nil, "random": nil, "shutil": nil, "tempfile": nil,
	"importlib": nil,
	"os.path":   {"getatime", "getctime", "getmtime", "islink", "ismount"},
	"os": {"cpu_count", "getegid", "geteuid", "getgid", "getloadavg", "getlogin", "getpgid", "getpid", "getppid", "getrandom", "getuid", "get_terminal_size",
		"sched_getaffinity", "times", "umask", "uname", "urandom"},
}

// str makes a result.
func str(s string) (pyeval.Value, error) { return pyeval.NewStr(s), nil }

// none is the result of a call for its effect.
func none(*pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil }

// strs makes a list of strs.
func strs(texts []string) *pyeval.List {
	l := pyeval.NewList()
	for _, s := range texts {
		l.Append(pyeval.NewStr(s))
	}
	return l
}
