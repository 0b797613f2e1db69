package pyudf

import "pyfc/compiler/pyast"

// names is a set of identifiers.
type names map[string]bool

func (n names) addAll(m names) {
	for k := range m {
		n[k] = true
	}
}

// effects is what running a piece of code may do to the names of the scope in
// which it stands.
type effects struct {
	// binds are names that get a value; star says that "import *" binds
	// names that aren't listed.
	binds names
	star  bool
	// reads are names that are looked up, bodies of functions included.
	reads names
	// mutates are names whose object is changed by x.a = 1 or x[0] = 1.
	mutates names
	// calledOn are names whose object may be changed by a call of its methods:
	// x in x.append(1); passes those that are given to a call: x in f(x).
	calledOn, passes names
	// calls are the names called, methods as ".name".
	calls names
	// onCall is what calling a function or class that the code defines does in
	// this scope; functions under their name, methods under ".name".
	onCall map[string]*effects
	// aliases are pairs of names that may denote the same object afterwards.
	aliases [][2]string
	// outer are names that the code declares global or nonlocal.
	outer names
}

func newEffects() *effects {
	return &effects{binds: names{}, reads: names{}, mutates: names{}, calledOn: names{}, passes: names{}, calls: names{},
		onCall: map[string]*effects{}, outer: names{}}
}

func (n names) addAllBut(m, except names) {
	for k := range m {
		if !except[k] {
			n[k] = true
		}
	}
}

// effectsOf analyses statements that run in one scope.
func effectsOf(body ...pyast.Stmt) *effects {
	e := newEffects()
	e.stmts(body)
	return e
}

// effectsOfExpr analyses an expression.
func effectsOfExpr(x pyast.Expr) *effects {
	e := newEffects()
	e.expr(x)
	return e
}

// pureMethods are methods that don't change their object, whatever it is.
var pureMethods = map[string]bool{
	"get": true, "items": true, "keys": true, "values": true, "copy": true, "index": true, "count": true,
	"format": true, "join": true, "split": true, "strip": true, "lower": true, "upper": true, "replace": true,
	"startswith": true, "endswith": true, "encode": true, "decode": true,
	"match": true, "search": true, "fullmatch": true, "findall": true, "finditer": true, "sub": true,
}

// pure are builtins that don't change what they are given.
var pure = map[string]bool{
	"print": true, "len": true, "str": true, "int": true, "float": true, "bool": true, "repr": true, "list": true,
	"tuple": true, "dict": true, "set": true, "frozenset": true, "sorted": true, "min": true, "max": true, "sum": true,
	"abs": true, "round": true, "range": true, "enumerate": true, "zip": true, "any": true, "all": true, "type": true,
	"isinstance": true, "issubclass": true, "hash": true, "id": true, "format": true, "bytes": true, "ord": true,
	"chr": true, "hasattr": true, "callable": true, "super": true, "staticmethod": true, "classmethod": true,
	"property": true, "reversed": true,
}

func (e *effects) stmts(body []pyast.Stmt) {
	for _, s := range body {
		e.stmt(s)
	}
}

func (e *effects) stmt(s pyast.Stmt) {
	switch s := s.(type) {
	case *pyast.FunctionDef:
		e.exprs(s.Decorators)
		e.signature(s.Args, s.Returns)
		e.binds[s.Name] = true
		e.function(s.Name, s.Args, effectsOf(s.Body...))
	case *pyast.ClassDef:
		e.exprs(s.Decorators)
		e.exprs(s.Bases)
		for _, k := range s.Keywords {
			e.expr(k.Value)
		}
		e.binds[s.Name] = true
		e.class(s)
	case *pyast.Return:
		e.expr(s.Value)
	case *pyast.Delete:
		e.targets(s.Targets)
	case *pyast.Assign:
		e.expr(s.Value)
		e.targets(s.Targets)
		for _, t := range s.Targets {
			e.alias(t, s.Value)
		}
	case *pyast.AugAssign:
		e.expr(s.Value)
		e.expr(s.Target)
		e.target(s.Target)
	case *pyast.AnnAssign:
		e.expr(s.Annotation)
		if s.Value != nil {
			e.expr(s.Value)
			e.target(s.Target)
			e.alias(s.Target, s.Value)
		}
	case *pyast.For:
		e.expr(s.Iter)
		e.target(s.Target)
		e.alias(s.Target, s.Iter)
		e.stmts(s.Body)
		e.stmts(s.OrElse)
	case *pyast.While:
		e.expr(s.Test)
		e.stmts(s.Body)
		e.stmts(s.OrElse)
	case *pyast.If:
		e.expr(s.Test)
		e.stmts(s.Body)
		e.stmts(s.OrElse)
	case *pyast.With:
		for _, it := range s.Items {
			e.expr(it.Context)
			e.target(it.Vars)
		}
		e.stmts(s.Body)
	case *pyast.Raise:
		e.expr(s.Exc)
		e.expr(s.Cause)
	case *pyast.Try:
		e.stmts(s.Body)
		for _, h := range s.Handlers {
			e.expr(h.Type)
			if h.Name != "" {
				e.binds[h.Name] = true
			}
			e.stmts(h.Body)
		}
		e.stmts(s.OrElse)
		e.stmts(s.FinalBody)
	case *pyast.Assert:
		e.expr(s.Test)
		e.expr(s.Msg)
	case *pyast.Import:
		for _, a := range s.Names {
			e.binds[bound(a)] = true
		}
	case *pyast.ImportFrom:
		for _, a := range s.Names {
			if a.Name == "*" {
				e.star = true
			} else {
				e.binds[bound(a)] = true
			}
		}
	case *pyast.Global:
		for _, n := range s.Names {
			e.outer[n] = true
		}
	case *pyast.Nonlocal:
		for _, n := range s.Names {
			e.outer[n] = true
		}
	case *pyast.ExprStmt:
		e.expr(s.Value)
	}
}

// bound is the name that an import binds: "import a.b" binds a.
func bound(a pyast.Alias) string {
	if a.AsName != "" {
		return a.AsName
	}
	for i := range a.Name {
		if a.Name[i] == '.' {
			return a.Name[:i]
		}
	}
	return a.Name
}

// signature handles what of a function's header is evaluated where it stands.
func (e *effects) signature(a *pyast.Arguments, returns pyast.Expr) {
	e.exprs(a.Defaults)
	e.exprs(a.KwDefaults)
	e.expr(returns)
	for _, p := range params(a) {
		e.expr(p.Annotation)
	}
}

// params lists all parameters.
func params(a *pyast.Arguments) []*pyast.Arg {
	out := append(append(append([]*pyast.Arg(nil), a.PosOnly...), a.Args...), a.KwOnly...)
	for _, p := range []*pyast.Arg{a.VarArg, a.KwArg} {
		if p != nil {
			out = append(out, p)
		}
	}
	return out
}

// function takes over what the body of a function that is defined here does to
// this scope: its reads at once, the rest when it is called.
func (e *effects) function(name string, args *pyast.Arguments, body *effects) {
	local := names{}
	local.addAll(body.binds)
	for _, p := range params(args) {
		local[p.Name] = true
	}
	for g := range body.outer {
		delete(local, g)
	}
	e.reads.addAllBut(body.reads, local)
	when := newEffects()
	for c := range body.calls {
		if in := body.onCall[c]; in != nil && local[c] {
			when.run(in, local)
		}
	}
	when.run(body, local)
	e.define(name, when)
}

// run adds what code inside does to the scopes outside of its local names.
func (e *effects) run(in *effects, local names) {
	e.binds.addAllBut(in.binds, local)
	e.mutates.addAllBut(in.mutates, local)
	e.calledOn.addAllBut(in.calledOn, local)
	e.passes.addAllBut(in.passes, local)
	e.calls.addAllBut(in.calls, local)
}

func (e *effects) define(name string, when *effects) {
	if e.onCall[name] == nil {
		e.onCall[name] = newEffects()
	}
	e.onCall[name].run(when, nil)
}

// class runs the body of a class at once, in a scope that the functions inside
// don't see.
func (e *effects) class(s *pyast.ClassDef) {
	var body []pyast.Stmt
	for _, m := range s.Body {
		f, ok := m.(*pyast.FunctionDef)
		if !ok {
			body = append(body, m)
			continue
		}
		in := effectsOf(f)
		e.reads.addAll(in.reads)
		e.run(in, names{f.Name: true})
		for name, when := range in.onCall {
			e.define("."+name, when)
			e.define(s.Name, when)
		}
	}
	in := effectsOf(body...)
	e.reads.addAllBut(in.reads, in.binds)
	e.run(in, in.binds)
}

func (e *effects) targets(ts []pyast.Expr) {
	for _, t := range ts {
		e.target(t)
	}
}

// target handles an expression that is assigned to or deleted.
func (e *effects) target(t pyast.Expr) {
	switch t := t.(type) {
	case nil:
	case *pyast.Name:
		e.binds[t.ID] = true
	case *pyast.Tuple:
		e.targets(t.Elts)
	case *pyast.List:
		e.targets(t.Elts)
	case *pyast.Starred:
		e.target(t.Value)
	default:
		e.expr(t)
		if r := root(t); r != "" {
			e.mutates[r] = true
		}
	}
}

// alias notes that target may afterwards be the object of value, or a part of
// it.
func (e *effects) alias(target, value pyast.Expr) {
	r := root(value)
	if c, ok := value.(*pyast.Call); ok && r == "" {
		r = root(c.Func) // for k, v in table.items()
	}
	if r == "" {
		return
	}
	for n := range effectsOf(&pyast.Delete{Targets: []pyast.Expr{target}}).binds {
		e.aliases = append(e.aliases, [2]string{n, r})
	}
}

// root is the name at the bottom of a chain of attributes and subscripts.
func root(x pyast.Expr) string {
	for {
		switch v := x.(type) {
		case *pyast.Name:
			return v.ID
		case *pyast.Attribute:
			x = v.Value
		case *pyast.Subscript:
			x = v.Value
		default:
			return ""
		}
	}
}
