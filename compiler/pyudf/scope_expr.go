package pyudf

import "pyfc/compiler/pyast"

func (e *effects) exprs(xs []pyast.Expr) {
	for _, x := range xs {
		e.expr(x)
	}
}

// expr handles an expression that is evaluated.
func (e *effects) expr(x pyast.Expr) {
	switch x := x.(type) {
	case *pyast.Name:
		e.reads[x.ID] = true
	case *pyast.Call:
		e.call(x)
	case *pyast.Lambda:
		e.signature(x.Args, nil)
		e.function("", x.Args, effectsOfExpr(x.Body))
	case *pyast.NamedExpr:
		e.expr(x.Value)
		e.binds[x.Target.ID] = true
		e.alias(x.Target, x.Value)
	case *pyast.ListComp:
		e.comprehension(x.Generators, x.Elt)
	case *pyast.SetComp:
		e.comprehension(x.Generators, x.Elt)
	case *pyast.GeneratorExp:
		e.comprehension(x.Generators, x.Elt)
	case *pyast.DictComp:
		e.comprehension(x.Generators, x.Key, x.Value)
	case nil:
	default:
		e.exprs(children(x))
	}
}

// call handles a call: the callee's object and the arguments may change by it,
// but not by a builtin such as len.
func (e *effects) call(c *pyast.Call) {
	e.exprs(children(c))
	harmless := false
	switch f := c.Func.(type) {
	case *pyast.Name:
		e.calls[f.ID] = true
		harmless = pure[f.ID]
	case *pyast.Attribute:
		e.calls["."+f.Attr] = true
		if r := root(f.Value); r != "" && !pureMethods[f.Attr] {
			e.calledOn[r] = true
		}
	}
	if harmless {
		return
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
func (e *effects) comprehension(gens []pyast.Comprehension, results ...pyast.Expr) {
	in := newEffects()
	own := newEffects()
	for _, g := range gens {
		in.expr(g.Iter)
		own.target(g.Target)
		in.exprs(g.Ifs)
	}
	in.exprs(results)
	e.reads.addAllBut(in.reads, own.binds)
	e.run(in, own.binds) // binds: of := inside
}

// children lists the direct subexpressions of an expression that is evaluated
// in the scope where it stands.
func children(x pyast.Expr) []pyast.Expr {
	switch x := x.(type) {
	case *pyast.Attribute:
		return []pyast.Expr{x.Value}
	case *pyast.Subscript:
		return []pyast.Expr{x.Value, x.Index}
	case *pyast.Slice:
		return []pyast.Expr{x.Lower, x.Upper, x.Step}
	case *pyast.Call:
		out := append([]pyast.Expr{x.Func}, x.Args...)
		for _, k := range x.Keywords {
			out = append(out, k.Value)
		}
		return out
	case *pyast.Starred:
		return []pyast.Expr{x.Value}
	case *pyast.Tuple:
		return x.Elts
	case *pyast.List:
		return x.Elts
	case *pyast.Set:
		return x.Elts
	case *pyast.Dict:
		return append(append([]pyast.Expr(nil), x.Keys...), x.Values...)
	case *pyast.BinOp:
		return []pyast.Expr{x.Left, x.Right}
	case *pyast.UnaryOp:
		return []pyast.Expr{x.Operand}
	case *pyast.BoolOp:
		return x.Values
	case *pyast.Compare:
		return append([]pyast.Expr{x.Left}, x.Comparators...)
	case *pyast.IfExp:
		return []pyast.Expr{x.Test, x.Body, x.OrElse}
	case *pyast.JoinedStr:
		return x.Values
	case *pyast.FormattedValue:
		if x.FormatSpec != nil {
			return []pyast.Expr{x.Value, x.FormatSpec}
		}
		return []pyast.Expr{x.Value}
	case *pyast.Yield:
		return []pyast.Expr{x.Value}
	case *pyast.YieldFrom:
		return []pyast.Expr{x.Value}
	}
	return nil
}
