package pyeval

import (
	"sort"

	"pyfc/compiler/pyast"
)

// scopeInfo is what the names of a function, class or comprehension mean, by
// CPython's rules: a name that the body binds is local unless it is declared
// global or nonlocal.
type scopeInfo struct {
	locals    map[string]bool
	globals   map[string]bool
	nonlocals map[string]bool
	free      []string        // names that are used and not bound here, by first use
	bound     []string        // what is bound, in the order of the source; may repeat
	imports   map[string]bool // names that an import statement binds
	generator bool            // the body contains yield
}

// scanFunction computes the scope of a function body.
func scanFunction(args *pyast.Arguments, body []pyast.Stmt, expr pyast.Expr) *scopeInfo {
	s := newScanner()
	for _, p := range args.Params() {
		s.bind(p.Name)
	}
	pyast.WalkAll(body, s.visit)
	pyast.Walk(expr, s.visit)
	return s.done()
}

// scanBody computes the scope of a class or module body.
func scanBody(body []pyast.Stmt) *scopeInfo {
	s := newScanner()
	pyast.WalkAll(body, s.visit)
	return s.done()
}

// scanComp computes the scope of a comprehension; its first iterable belongs
// to the enclosing scope. outer are the names that := binds, which belong to
// the enclosing function.
func scanComp(gens []pyast.Comprehension, elts []pyast.Expr) (info *scopeInfo, outer []string) {
	s := newScanner()
	for i, g := range gens {
		pyast.Walk(g.Target, s.visit)
		if i > 0 {
			pyast.Walk(g.Iter, s.visit)
		}
		pyast.WalkAll(g.Ifs, s.visit)
	}
	pyast.WalkAll(elts, s.visit)
	for _, name := range s.walrus {
		delete(s.info.locals, name)
		s.use(name)
	}
	return s.done(), s.walrus
}

type scanner struct {
	info   *scopeInfo
	uses   []string
	seen   map[string]bool
	walrus []string // names bound by :=
	visit  func(pyast.Node) bool
}

func newScanner() *scanner {
	s := &scanner{
		info: &scopeInfo{locals: map[string]bool{}},
		seen: map[string]bool{},
	}
	s.visit = s.node
	return s
}

func (s *scanner) bind(name string) {
	s.info.locals[name] = true
	s.info.bound = append(s.info.bound, name)
}

func (s *scanner) imports(names []pyast.Alias) {
	for _, a := range names {
		name := a.Bound()
		s.bind(name)
		note(&s.info.imports, name)
	}
}

// note adds names to a set, which most scopes don't have.
func note(set *map[string]bool, names ...string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	for _, name := range names {
		(*set)[name] = true
	}
}

func (s *scanner) use(name string) {
	if !s.seen[name] {
		s.seen[name] = true
		s.uses = append(s.uses, name)
	}
}

func (s *scanner) done() *scopeInfo {
	for name := range s.info.globals {
		delete(s.info.locals, name)
	}
	for name := range s.info.nonlocals {
		delete(s.info.locals, name)
	}
	for _, name := range s.uses {
		if !s.info.locals[name] && !s.info.globals[name] {
			s.info.free = append(s.info.free, name)
		}
	}
	return s.info
}

// inner adds what an enclosed scope needs from this one.
func (s *scanner) inner(info *scopeInfo) {
	for _, name := range info.free {
		s.use(name)
	}
	names := make([]string, 0, len(info.nonlocals))
	for name := range info.nonlocals {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		s.use(name)
	}
}

// node takes what a node binds and uses; the scopes inside are scanned by
// themselves.
func (s *scanner) node(n pyast.Node) bool {
	switch n := n.(type) {
	case *pyast.Name:
		if n.Ctx == pyast.Load {
			s.use(n.ID)
		} else {
			s.bind(n.ID)
		}
	case *pyast.AugAssign:
		if name, ok := n.Target.(*pyast.Name); ok {
			s.use(name.ID)
		}
	case *pyast.NamedExpr:
		s.walrus = append(s.walrus, n.Target.ID)
	case *pyast.ExceptHandler:
		if n.Name != "" {
			s.bind(n.Name)
		}
	case *pyast.Import:
		s.imports(n.Names)
	case *pyast.ImportFrom:
		s.imports(n.Names)
	case *pyast.Global:
		note(&s.info.globals, n.Names...)
	case *pyast.Nonlocal:
		note(&s.info.nonlocals, n.Names...)
		for _, name := range n.Names {
			s.use(name)
		}
	case *pyast.Yield, *pyast.YieldFrom:
		s.info.generator = true
	default:
		return !s.scope(n)
	}
	return true
}

// scope scans a node that opens a scope, with what of it belongs to this one;
// other nodes it leaves.
func (s *scanner) scope(n pyast.Node) bool {
	clauses, results := pyast.Comprehended(n)
	if clauses != nil {
		s.comprehension(clauses, results)
		return true
	}
	pyast.WalkAll(pyast.Outside(n), s.visit)
	switch n := n.(type) {
	case *pyast.FunctionDef:
		s.bind(n.Name)
		s.inner(scanFunction(n.Args, n.Body, nil))
	case *pyast.ClassDef:
		s.bind(n.Name)
		s.inner(scanBody(n.Body))
	case *pyast.Lambda:
		s.inner(scanFunction(n.Args, nil, n.Body))
	default:
		return false
	}
	return true
}

func (s *scanner) comprehension(gens []pyast.Comprehension, elts []pyast.Expr) {
	pyast.Walk(gens[0].Iter, s.visit)
	info, outer := scanComp(gens, elts)
	for _, name := range outer {
		s.bind(name)
		s.walrus = append(s.walrus, name)
	}
	s.inner(info)
}
