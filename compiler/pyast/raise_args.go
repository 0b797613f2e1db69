package pyast

import (
	"sort"

	"github.com/go-python/gpython/ast"
)

// arguments raises the arguments in the call brackets at open. Unpackings
// arrive as lambdas among the positional arguments and go where they belong.
func (r *raiser) arguments(args []ast.Expr, keywords []*ast.Keyword, open int) ([]Expr, []Keyword) {
	type placed struct {
		token int
		Keyword
	}
	var named []placed
	for _, k := range keywords {
		i := r.token(k)
		value, x := r.expr(k.Value)
		named = append(named, placed{i, Keyword{r.tokens[i].text, value, r.at(i, x.last)}})
	}
	var values []Expr
	var firsts []int
	for _, arg := range args {
		if l, ok := arg.(*ast.Lambda); ok && r.is(r.token(l), "**") {
			value, x := r.expr(l.Body)
			i := r.token(l)
			named = append(named, placed{i, Keyword{Value: value, Span: r.at(i, x.last)}})
			continue
		}
		value, x := r.expr(arg)
		if g, ok := value.(*GeneratorExp); ok && len(args)+len(keywords) > 1 && x.first == open {
			fail(g.Elt.Where(), "Generator expression must be parenthesized")
		}
		values = append(values, value)
		firsts = append(firsts, x.first)
	}
	sort.SliceStable(named, func(i, j int) bool { return named[i].token < named[j].token })
	out := make([]Keyword, len(named))
	firstNamed, firstUnpacked := len(r.tokens), len(r.tokens)
	for i := len(named) - 1; i >= 0; i-- {
		out[i] = named[i].Keyword
		firstNamed = named[i].token
		if out[i].Name == "" {
			firstUnpacked = firstNamed
		}
	}
	for i, value := range values {
		checkOrder(value, firsts[i] > firstNamed, firsts[i] > firstUnpacked)
	}
	return values, out
}

// checkOrder refuses a positional argument that may not stand behind keyword
// arguments or behind an unpacked dict.
func checkOrder(value Expr, behindNamed, behindUnpacked bool) {
	_, unpacks := value.(*Starred)
	switch {
	case unpacks && behindUnpacked:
		fail(value.Where(), "iterable argument unpacking follows keyword argument unpacking")
	case behindUnpacked:
		fail(value.Where(), "positional argument follows keyword argument unpacking")
	case behindNamed && !unpacks:
		fail(value.Where(), "positional argument follows keyword argument")
	}
}

// parameters raises a parameter list; open is its bracket, or the lambda.
func (r *raiser) parameters(a *ast.Arguments, open int) *Arguments {
	out := &Arguments{}
	slash := r.slashes[open]
	defaulted := false
	for _, p := range a.Args {
		arg, x := r.parameter(p)
		if x.last < slash {
			out.PosOnly = append(out.PosOnly, arg)
		} else {
			out.Args = append(out.Args, arg)
		}
		has := r.is(x.last+1, "=")
		if defaulted && !has {
			fail(arg.Span, "non-default argument follows default argument")
		}
		defaulted = has
	}
	out.Defaults, _ = r.list(a.Defaults)
	defaults := a.KwDefaults
	for _, p := range a.Kwonlyargs {
		arg, x := r.parameter(p)
		var value Expr
		if r.is(x.last+1, "=") {
			value, _ = r.expr(defaults[0])
			defaults = defaults[1:]
		}
		out.KwOnly = append(out.KwOnly, arg)
		out.KwDefaults = append(out.KwDefaults, value)
	}
	if a.Vararg != nil {
		out.VarArg, _ = r.parameter(a.Vararg)
	}
	if a.Kwarg != nil {
		out.KwArg, _ = r.parameter(a.Kwarg)
	}
	return out
}

func (r *raiser) parameter(p *ast.Arg) (*Arg, extent) {
	i := r.token(p)
	annotation, x := r.optional(p.Annotation, extent{i, i})
	x.first = i
	return &Arg{r.node(x), r.tokens[i].text, annotation}, x
}
