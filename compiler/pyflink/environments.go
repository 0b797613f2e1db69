package pyflink

import (
	"slices"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
)

// environment is what one table environment of the script has for itself: its
// catalogs and its configuration.
type environment struct {
	session *bind.Session
	config  *config
	// batchTables says that it was made in batch mode, where rows have no kinds.
	batchTables bool
	made        bool // whether the script has made it, or only begun to configure it
}

// environments are those of a script, which are nearly always one: that in which
// a call of the script is, the first, and whose each object is that came after a
// second was made. An object of the first, or of none, isn't noted.
type environments struct {
	*environment
	all   []*environment
	homes map[*pyeval.Instance]*environment
}

// enter goes to the environment of the object whose method is called.
func (e *environments) enter(c *pyeval.Call) {
	if len(e.all) == 1 || len(c.Args()) == 0 {
		return
	}
	if i, ok := c.Self().(*pyeval.Instance); ok {
		e.environment = e.all[0]
		if home := e.homes[i]; home != nil {
			e.environment = home
		}
	}
}

// remember notes where an object was made.
func (e *environments) remember(v pyeval.Value) {
	if i, ok := v.(*pyeval.Instance); ok && e.homes[i] == nil && e.environment != e.all[0] {
		e.homes[i] = e.environment
	}
}

// begin makes the environment for a call of create: the first time the one
// that there is, later another one.
func (r *run) begin(args []pyeval.Value) {
	if !r.made {
		r.made = true
		return
	}
	next := &environment{session: r.session.Another(), config: r.streamConfig(args), made: true}
	next.session.Batch = next.config.batch
	r.environment, r.all = next, append(r.all, next)
}

// belowTables reports whether a value is an environment that table environments are
// made of; begin has taken its configuration.
func belowTables(v pyeval.Value) bool {
	return v.Class() == streamEnvClass || v.Class() == batchEnvClass
}

// streamConfig is the configuration of the stream environment among the
// arguments, which table environments that are made of it share in PyFlink. Here
// only one has it itself; another one has what isn't of tables.
func (r *run) streamConfig(args []pyeval.Value) *config {
	out := newConfig()
	for _, v := range args {
		cf := configOf(v)
		if cf == nil || !belowTables(v) {
			continue
		}
		if !slices.ContainsFunc(r.all, func(e *environment) bool { return e.config == cf }) {
			return cf
		}
		out.addAll(cf, "")
		for _, key := range slices.Clone(out.keys) {
			if strings.HasPrefix(key, "table.") {
				out.remove(key)
			}
		}
	}
	return out
}
