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
	for _, st := range m.Body {
		s.imported(st)
	}
	switch n := node.(type) {
	case *pyast.FunctionDef:
		s.bind(n.Args, effectsOf(n.Body...))
		s.stmts(n.Body)
	case *pyast.Lambda:
		s.bind(n.Args, newEffects())
		s.expr(n.Body)
	}
	return cmp.Or(s.forever, s.reason, Uncovered)
}

func (s *scan) blame(reason string) { s.reason = cmp.Or(s.reason, reason) }

func (s *scan) forbid(reason string) { s.forever = cmp.Or(s.forever, reason) }

func (s *scan) bind(args *pyast.Arguments, body *effects) {
	s.local.addAll(body.binds)
	for _, p := range params(args) {
		s.local[p.Name] = true
	}
}

// imported notes what an import statement binds.
func (s *scan) imported(st pyast.Stmt) {
	switch st := st.(type) {
	case *pyast.Import:
		for _, a := range st.Names {
			full := a.Name
			if a.AsName == "" {
				full = bound(a)
			}
			s.imports[bound(a)] = full
		}
	case *pyast.ImportFrom:
		for _, a := range st.Names {
			s.imports[bound(a)] = strings.Repeat(".", st.Level) + st.Module + "." + a.Name
		}
	default:
		for _, body := range bodies(st) {
			if _, isDef := st.(*pyast.FunctionDef); !isDef {
				for _, in := range body {
					s.imported(in)
				}
			}
		}
	}
}

func (s *scan) stmts(body []pyast.Stmt) {
	for _, st := range body {
		s.stmt(st)
	}
}

func (s *scan) stmt(st pyast.Stmt) {
	switch st := st.(type) {
	case *pyast.Import, *pyast.ImportFrom:
		s.imported(st)
		for n := range effectsOf(st).binds {
			delete(s.local, n)
		}
	case *pyast.Global:
		s.blame("keeps a global variable (" + strings.Join(st.Names, ", ") + ")")
	case *pyast.FunctionDef:
		s.blame("defines a function inside (" + st.Name + ")")
	case *pyast.ClassDef:
		s.blame("defines a class inside (" + st.Name + ")")
	case *pyast.With:
		s.blame("uses a with statement")
	}
	for _, x := range exprsOf(st) {
		s.expr(x)
	}
	for _, body := range bodies(st) {
		s.stmts(body)
	}
}

func (s *scan) expr(x pyast.Expr) {
	switch x := x.(type) {
	case nil:
		return
	case *pyast.Yield, *pyast.YieldFrom:
		s.blame("is a generator")
	case *pyast.Lambda:
		s.blame("defines a function inside (lambda)")
	case *pyast.Call:
		s.call(x)
	case *pyast.Attribute:
		if r := root(x); r == "self" && s.local["self"] {
			s.blame("keeps state in self." + x.Attr)
		}
	}
	for _, c := range parts(x) {
		s.expr(c)
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

// exprsOf lists the expressions of a statement itself, in order.
func exprsOf(st pyast.Stmt) []pyast.Expr {
	switch st := st.(type) {
	case *pyast.Return:
		return []pyast.Expr{st.Value}
	case *pyast.Delete:
		return st.Targets
	case *pyast.Assign:
		return append([]pyast.Expr{st.Value}, st.Targets...)
	case *pyast.AugAssign:
		return []pyast.Expr{st.Target, st.Value}
	case *pyast.AnnAssign:
		return []pyast.Expr{st.Value, st.Target}
	case *pyast.For:
		return []pyast.Expr{st.Iter}
	case *pyast.While:
		return []pyast.Expr{st.Test}
	case *pyast.If:
		return []pyast.Expr{st.Test}
	case *pyast.With:
		var out []pyast.Expr
		for _, it := range st.Items {
			out = append(out, it.Context)
		}
		return out
	case *pyast.Raise:
		return []pyast.Expr{st.Exc, st.Cause}
	case *pyast.Assert:
		return []pyast.Expr{st.Test, st.Msg}
	case *pyast.ExprStmt:
		return []pyast.Expr{st.Value}
	}
	return nil
}

// parts lists the direct subexpressions, those of comprehensions included.
func parts(x pyast.Expr) []pyast.Expr {
	gens := func(gs []pyast.Comprehension, out ...pyast.Expr) []pyast.Expr {
		for _, g := range gs {
			out = append(append(out, g.Iter), g.Ifs...)
		}
		return out
	}
	switch x := x.(type) {
	case *pyast.ListComp:
		return gens(x.Generators, x.Elt)
	case *pyast.SetComp:
		return gens(x.Generators, x.Elt)
	case *pyast.GeneratorExp:
		return gens(x.Generators, x.Elt)
	case *pyast.DictComp:
		return gens(x.Generators, x.Key, x.Value)
	case *pyast.NamedExpr:
		return []pyast.Expr{x.Value}
	}
	return children(x)
}
