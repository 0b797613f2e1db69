package pyudf

import (
	"cmp"
	"strings"

	"pyfc/compiler/pyast"
)

// effectful are modules whose calls reach out of the process, and what for.
// Calls into them can never become Go without changing what the job does.
var effectful = map[string]string{
	"urllib": "I/O", "http": "I/O", "socket": "I/O", "ssl": "I/O", "ftplib": "I/O", "smtplib": "I/O", "requests": "I/O",
	"httpx": "I/O", "aiohttp": "I/O", "sqlite3": "I/O", "pymysql": "I/O", "psycopg2": "I/O", "redis": "I/O",
	"pymongo": "I/O", "kafka": "I/O", "boto3": "I/O", "shutil": "I/O", "tempfile": "I/O", "glob": "I/O", "pathlib": "I/O",
	"subprocess": "starts a process", "multiprocessing": "starts a process", "threading": "starts a thread",
	"random": "random", "secrets": "random", "uuid": "random", "time": "clock", "datetime": "clock or time zone",
}

// inertParts are members of effectful modules that only compute.
var inertParts = map[string]bool{"urllib.parse": true, "datetime.timedelta": true}

// effectfulBuiltins are builtins that reach out of the function.
var effectfulBuiltins = map[string]string{
	"open": "I/O", "input": "I/O", "print": "I/O", "exec": "runs text as code", "eval": "runs text as code",
	"compile": "runs text as code", "__import__": "imports at run time", "globals": "looks at its own scope",
	"locals": "looks at its own scope", "vars": "looks at its own scope",
}

// Uncovered is the reason where nothing in a function forbids a translation.
const Uncovered = "no translation rule covers it yet"

// scan looks for the first construct of a function, in the order of the
// source, that keeps it in Python for good, and for the first that does so
// because it isn't translated.
type scan struct {
	imports map[string]string // local name → what it is: "urlopen" → "urllib.request.urlopen"
	local   names             // names bound in the function
	forever string
	reason  string
}

// reasonFor says why a function stays in Python: its node, in the module that
// defines it.
func reasonFor(m *pyast.Module, node pyast.Node) string {
	s := &scan{imports: map[string]string{}, local: names{}}
	pyast.WalkAll(m.Body, func(n pyast.Node) bool {
		s.imported(n)
		_, isDef := n.(*pyast.FunctionDef)
		return !isDef
	})
	switch n := node.(type) {
	case *pyast.FunctionDef:
		s.bind(n.Args, effectsOf(n.Body...))
		pyast.WalkAll(n.Body, s.visit)
	case *pyast.Lambda:
		s.bind(n.Args, newEffects())
		pyast.Walk(n.Body, s.visit)
	}
	return cmp.Or(s.forever, s.reason, Uncovered)
}

func (s *scan) blame(reason string) { s.reason = cmp.Or(s.reason, reason) }

func (s *scan) forbid(reason string) { s.forever = cmp.Or(s.forever, reason) }

func (s *scan) bind(args *pyast.Arguments, body *effects) {
	s.local.addAll(body.binds)
	for _, p := range args.Params() {
		s.local[p.Name] = true
	}
}

// imported notes what an import statement binds.
func (s *scan) imported(n pyast.Node) {
	switch n := n.(type) {
	case *pyast.Import:
		for _, a := range n.Names {
			full := a.Bound()
			if a.AsName != "" {
				full = a.Name
			}
			s.imports[a.Bound()] = full
		}
	case *pyast.ImportFrom:
		for _, a := range n.Names {
			s.imports[a.Bound()] = strings.Repeat(".", n.Level) + n.Module + "." + a.Name
		}
	}
}

// visit judges what a node is itself.
func (s *scan) visit(n pyast.Node) bool {
	switch n := n.(type) {
	case *pyast.Import:
		s.rebind(n, n.Names)
	case *pyast.ImportFrom:
		s.rebind(n, n.Names)
	case *pyast.Global:
		s.blame("keeps a global variable (" + strings.Join(n.Names, ", ") + ")")
	case *pyast.FunctionDef:
		s.blame("defines a function inside (" + n.Name + ")")
	case *pyast.ClassDef:
		s.blame("defines a class inside (" + n.Name + ")")
	case *pyast.With:
		s.blame("uses a with statement")
	case *pyast.Yield, *pyast.YieldFrom:
		s.blame("is a generator")
	case *pyast.Lambda:
		s.blame("defines a function inside (lambda)")
		return false
	case *pyast.Assign: // the value comes first
		pyast.Walk(n.Value, s.visit)
		pyast.WalkAll(n.Targets, s.visit)
		return false
	case *pyast.AnnAssign: // the annotation is never looked at
		pyast.Walk(n.Value, s.visit)
		pyast.Walk(n.Target, s.visit)
		return false
	case *pyast.Call:
		s.call(n)
	case *pyast.Attribute:
		if root(n) == "self" && s.local["self"] {
			s.blame("keeps state in self." + n.Attr)
		}
	}
	return true
}

// rebind takes an import inside the function: its names are no longer local.
func (s *scan) rebind(n pyast.Node, names []pyast.Alias) {
	s.imported(n)
	for _, a := range names {
		delete(s.local, a.Bound())
	}
}

// call judges a call by what the callee's name was imported as.
func (s *scan) call(c *pyast.Call) {
	name := dotted(c.Func)
	first, rest, _ := strings.Cut(name, ".")
	if name == "" || s.local[first] {
		return
	}
	full, isImported := s.imports[first]
	if !isImported {
		if why := effectfulBuiltins[name]; why != "" {
			s.forbid("calls " + name + " (" + why + ")")
		}
		return
	}
	if rest != "" {
		full += "." + rest
	}
	what := "calls " + strings.TrimLeft(full, ".")
	if why := effectOf(full); why != "" {
		s.forbid(what + " (" + why + ")")
	} else {
		s.blame(what + ", which has no translation")
	}
}

// effectOf says how calling a member of a module reaches out of the process,
// "" if it doesn't as far as is known.
func effectOf(full string) string {
	for part := range inertParts {
		if full == part || strings.HasPrefix(full, part+".") {
			return ""
		}
	}
	top, _, _ := strings.Cut(full, ".")
	return effectful[top]
}

// dotted returns a name with attributes, "" for any other expression.
func dotted(x pyast.Expr) string {
	switch x := x.(type) {
	case *pyast.Name:
		return x.ID
	case *pyast.Attribute:
		if v := dotted(x.Value); v != "" {
			return v + "." + x.Attr
		}
	}
	return ""
}
