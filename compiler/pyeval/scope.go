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
	for _, p := range paramNames(args) {
		s.bind(p)
	}
	s.stmts(body)
	if expr != nil {
		s.expr(expr)
	}
	return s.done()
}

// scanBody computes the scope of a class or module body.
func scanBody(body []pyast.Stmt) *scopeInfo {
	s := newScanner()
	s.stmts(body)
	return s.done()
}

// scanComp computes the scope of a comprehension; its first iterable belongs
// to the enclosing scope. outer are the names that := binds, which belong to
// the enclosing function.
func scanComp(gens []pyast.Comprehension, elts ...pyast.Expr) (info *scopeInfo, outer []string) {
	s := newScanner()
	for i, g := range gens {
		s.target(g.Target)
		if i > 0 {
			s.expr(g.Iter)
		}
		s.exprs(g.Ifs)
	}
	s.exprs(elts)
	for _, name := range s.walrus {
		delete(s.info.locals, name)
		s.use(name)
	}
	return s.done(), s.walrus
}

// paramNames lists all parameters in the order of their binding.
func paramNames(a *pyast.Arguments) []string {
	var out []string
	add := func(ps ...*pyast.Arg) {
		for _, p := range ps {
			if p != nil {
				out = append(out, p.Name)
			}
		}
	}
	add(a.PosOnly...)
	add(a.Args...)
	add(a.VarArg)
	add(a.KwOnly...)
	add(a.KwArg)
	return out
}

type scanner struct {
	info   *scopeInfo
	uses   []string
	seen   map[string]bool
	walrus []string // names bound by :=
}

func newScanner() *scanner {
	return &scanner{
		info: &scopeInfo{locals: map[string]bool{}, globals: map[string]bool{}, nonlocals: map[string]bool{}},
		seen: map[string]bool{},
	}
}

func (s *scanner) bind(name string) {
	s.info.locals[name] = true
	s.info.bound = append(s.info.bound, name)
}

func (s *scanner) imports(names []pyast.Alias) {
	for _, a := range names {
		name := boundName(a)
		s.bind(name)
		if s.info.imports == nil {
			s.info.imports = map[string]bool{}
		}
		s.info.imports[name] = true
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

func (s *scanner) stmts(body []pyast.Stmt) {
	for _, st := range body {
		s.stmt(st)
	}
}

func (s *scanner) stmt(st pyast.Stmt) {
	switch st := st.(type) {
	case *pyast.FunctionDef:
		s.exprs(st.Decorators)
		s.arguments(st.Args)
		s.maybe(st.Returns)
		s.bind(st.Name)
		s.inner(scanFunction(st.Args, st.Body, nil))
	case *pyast.ClassDef:
		s.exprs(st.Decorators)
		s.exprs(st.Bases)
		for _, k := range st.Keywords {
			s.expr(k.Value)
		}
		s.bind(st.Name)
		s.inner(scanBody(st.Body))
	case *pyast.Return:
		s.maybe(st.Value)
	case *pyast.Delete:
		s.targetList(st.Targets)
	case *pyast.Assign:
		s.targetList(st.Targets)
		s.expr(st.Value)
	case *pyast.AugAssign:
		s.target(st.Target)
		s.expr(st.Target)
		s.expr(st.Value)
	case *pyast.AnnAssign:
		s.target(st.Target)
		s.maybe(st.Annotation)
		s.maybe(st.Value)
	case *pyast.Raise:
		s.maybe(st.Exc)
		s.maybe(st.Cause)
	case *pyast.Assert:
		s.expr(st.Test)
		s.maybe(st.Msg)
	case *pyast.Import:
		s.imports(st.Names)
	case *pyast.ImportFrom:
		s.imports(st.Names)
	case *pyast.Global:
		for _, n := range st.Names {
			s.info.globals[n] = true
		}
	case *pyast.Nonlocal:
		for _, n := range st.Names {
			s.info.nonlocals[n] = true
			s.use(n)
		}
	case *pyast.ExprStmt:
		s.expr(st.Value)
	default:
		s.compound(st)
	}
}

// compound scans the statements that contain others.
func (s *scanner) compound(st pyast.Stmt) {
	switch st := st.(type) {
	case *pyast.For:
		s.target(st.Target)
		s.expr(st.Iter)
		s.stmts(st.Body)
		s.stmts(st.OrElse)
	case *pyast.While:
		s.expr(st.Test)
		s.stmts(st.Body)
		s.stmts(st.OrElse)
	case *pyast.If:
		s.expr(st.Test)
		s.stmts(st.Body)
		s.stmts(st.OrElse)
	case *pyast.With:
		for _, it := range st.Items {
			s.expr(it.Context)
			if it.Vars != nil {
				s.target(it.Vars)
			}
		}
		s.stmts(st.Body)
	case *pyast.Try:
		s.try(st)
	}
}

func (s *scanner) try(st *pyast.Try) {
	s.stmts(st.Body)
	for _, h := range st.Handlers {
		s.maybe(h.Type)
		if h.Name != "" {
			s.bind(h.Name)
		}
		s.stmts(h.Body)
	}
	s.stmts(st.OrElse)
	s.stmts(st.FinalBody)
}

// boundName is the name that an import binds.
func boundName(a pyast.Alias) string {
	if a.AsName != "" {
		return a.AsName
	}
	for i, c := range a.Name {
		if c == '.' {
			return a.Name[:i]
		}
	}
	return a.Name
}

func (s *scanner) maybe(e pyast.Expr) {
	if e != nil {
		s.expr(e)
	}
}

func (s *scanner) exprs(es []pyast.Expr) {
	for _, e := range es {
		s.maybe(e)
	}
}

// arguments scans what is evaluated where the function is defined.
func (s *scanner) arguments(a *pyast.Arguments) {
	s.exprs(a.Defaults)
	s.exprs(a.KwDefaults)
	annotation := func(ps ...*pyast.Arg) {
		for _, p := range ps {
			if p != nil {
				s.maybe(p.Annotation)
			}
		}
	}
	annotation(a.PosOnly...)
	annotation(a.Args...)
	annotation(a.VarArg, a.KwArg)
	annotation(a.KwOnly...)
}

func (s *scanner) targetList(es []pyast.Expr) {
	for _, e := range es {
		s.target(e)
	}
}

func (s *scanner) target(e pyast.Expr) {
	switch e := e.(type) {
	case *pyast.Name:
		s.bind(e.ID)
	case *pyast.Tuple:
		s.targetList(e.Elts)
	case *pyast.List:
		s.targetList(e.Elts)
	case *pyast.Starred:
		s.target(e.Value)
	default:
		s.expr(e)
	}
}

func (s *scanner) expr(e pyast.Expr) {
	switch e := e.(type) {
	case *pyast.Name:
		s.use(e.ID)
	case *pyast.Attribute:
		s.expr(e.Value)
	case *pyast.Subscript:
		s.expr(e.Value)
		s.expr(e.Index)
	case *pyast.Slice:
		s.exprs([]pyast.Expr{e.Lower, e.Upper, e.Step})
	case *pyast.Call:
		s.expr(e.Func)
		s.exprs(e.Args)
		for _, k := range e.Keywords {
			s.expr(k.Value)
		}
	case *pyast.Starred:
		s.expr(e.Value)
	case *pyast.Tuple:
		s.exprs(e.Elts)
	case *pyast.List:
		s.exprs(e.Elts)
	case *pyast.Set:
		s.exprs(e.Elts)
	case *pyast.Dict:
		s.exprs(e.Keys)
		s.exprs(e.Values)
	case *pyast.BinOp:
		s.expr(e.Left)
		s.expr(e.Right)
	case *pyast.UnaryOp:
		s.expr(e.Operand)
	case *pyast.BoolOp:
		s.exprs(e.Values)
	case *pyast.Compare:
		s.expr(e.Left)
		s.exprs(e.Comparators)
	case *pyast.IfExp:
		s.exprs([]pyast.Expr{e.Test, e.Body, e.OrElse})
	case *pyast.NamedExpr:
		s.bind(e.Target.ID)
		s.walrus = append(s.walrus, e.Target.ID)
		s.expr(e.Value)
	case *pyast.JoinedStr:
		s.exprs(e.Values)
	case *pyast.FormattedValue:
		s.expr(e.Value)
		if e.FormatSpec != nil {
			s.expr(e.FormatSpec)
		}
	case *pyast.Yield:
		s.info.generator = true
		s.maybe(e.Value)
	case *pyast.YieldFrom:
		s.info.generator = true
		s.expr(e.Value)
	default:
		s.scopedExpr(e)
	}
}

// scopedExpr scans the expressions that open a scope.
func (s *scanner) scopedExpr(e pyast.Expr) {
	switch e := e.(type) {
	case *pyast.Lambda:
		s.arguments(e.Args)
		s.inner(scanFunction(e.Args, nil, e.Body))
	case *pyast.ListComp:
		s.comprehension(e.Generators, e.Elt)
	case *pyast.SetComp:
		s.comprehension(e.Generators, e.Elt)
	case *pyast.DictComp:
		s.comprehension(e.Generators, e.Key, e.Value)
	case *pyast.GeneratorExp:
		s.comprehension(e.Generators, e.Elt)
	}
}

func (s *scanner) comprehension(gens []pyast.Comprehension, elts ...pyast.Expr) {
	s.expr(gens[0].Iter)
	info, outer := scanComp(gens, elts...)
	for _, name := range outer {
		s.bind(name)
		s.walrus = append(s.walrus, name)
	}
	s.inner(info)
}
