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
	pyast.WalkAll(body, e.visit)
	return e
}

// effectsOfExpr analyses an expression.
func effectsOfExpr(x pyast.Expr) *effects {
	e := newEffects()
	pyast.Walk(x, e.visit)
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

// visit takes what a node does itself.
func (e *effects) visit(n pyast.Node) bool {
	switch n := n.(type) {
	case *pyast.Name:
		if n.Ctx == pyast.Load {
			e.reads[n.ID] = true
		} else {
			e.binds[n.ID] = true
		}
	case *pyast.Attribute:
		e.part(n, n.Ctx)
	case *pyast.Subscript:
		e.part(n, n.Ctx)
	case *pyast.Assign:
		for _, t := range n.Targets {
			e.alias(t, n.Value)
		}
	case *pyast.AugAssign:
		if name, ok := n.Target.(*pyast.Name); ok {
			e.reads[name.ID] = true
		}
	case *pyast.AnnAssign:
		if n.Value == nil {
			pyast.Walk(n.Annotation, e.visit)
			return false
		}
		e.alias(n.Target, n.Value)
	case *pyast.NamedExpr:
		e.alias(n.Target, n.Value)
	case *pyast.For:
		e.alias(n.Target, n.Iter)
	case *pyast.ExceptHandler:
		if n.Name != "" {
			e.binds[n.Name] = true
		}
	case *pyast.Import:
		e.imports(n.Names)
	case *pyast.ImportFrom:
		e.imports(n.Names)
	case *pyast.Global:
		e.declare(n.Names)
	case *pyast.Nonlocal:
		e.declare(n.Names)
	case *pyast.Call:
		e.call(n)
	default:
		return !e.scope(n)
	}
	return true
}

// part takes an attribute or an element of an object, which changes the object
// where it is a target.
func (e *effects) part(x pyast.Expr, c pyast.Context) {
	if r := root(x); r != "" && c != pyast.Load {
		e.mutates[r] = true
	}
}

func (e *effects) imports(names []pyast.Alias) {
	for _, a := range names {
		if a.Name == "*" {
			e.star = true
		} else {
			e.binds[a.Bound()] = true
		}
	}
}

func (e *effects) declare(outer []string) {
	for _, n := range outer {
		e.outer[n] = true
	}
}

// scope takes a node that opens a scope; other nodes it leaves.
func (e *effects) scope(n pyast.Node) bool {
	clauses, results := pyast.Comprehended(n)
	if clauses != nil {
		e.comprehension(clauses, results)
		return true
	}
	pyast.WalkAll(pyast.Outside(n), e.visit)
	switch n := n.(type) {
	case *pyast.FunctionDef:
		e.binds[n.Name] = true
		e.function(n.Name, n.Args, effectsOf(n.Body...))
	case *pyast.ClassDef:
		e.binds[n.Name] = true
		e.class(n)
	case *pyast.Lambda:
		e.function("", n.Args, effectsOfExpr(n.Body))
	default:
		return false
	}
	return true
}

// call takes a call: the callee's object and the arguments may change by it,
// but not by a builtin such as len.
func (e *effects) call(c *pyast.Call) {
	switch f := c.Func.(type) {
	case *pyast.Name:
		e.calls[f.ID] = true
		if pure[f.ID] {
			return
		}
	case *pyast.Attribute:
		e.calls["."+f.Attr] = true
		if r := root(f.Value); r != "" && !pureMethods[f.Attr] {
			e.calledOn[r] = true
		}
	}
	for _, a := range c.Args {
		if s, ok := a.(*pyast.Starred); ok {
			a = s.Value
		}
		e.pass(a)
	}
	for _, k := range c.Keywords {
		e.pass(k.Value)
	}
}

func (e *effects) pass(x pyast.Expr) {
	if r := root(x); r != "" {
		e.passes[r] = true
	}
}

// comprehension evaluates its parts in a scope of its own, which sees this one.
func (e *effects) comprehension(gens []pyast.Comprehension, results []pyast.Expr) {
	in, own := newEffects(), newEffects()
	for _, g := range gens {
		pyast.Walk(g.Iter, in.visit)
		pyast.Walk(g.Target, own.visit)
		pyast.WalkAll(g.Ifs, in.visit)
	}
	pyast.WalkAll(results, in.visit)
	e.reads.addAllBut(in.reads, own.binds)
	e.run(in, own.binds) // binds: of := inside
}

// function takes over what the body of a function that is defined here does to
// this scope: its reads at once, the rest when it is called.
func (e *effects) function(name string, args *pyast.Arguments, body *effects) {
	local := names{}
	local.addAll(body.binds)
	for _, p := range args.Params() {
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
	for n := range effectsOfExpr(target).binds {
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
