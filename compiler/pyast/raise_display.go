package pyast

import (
	"fmt"

	"github.com/go-python/gpython/ast"
)

func (r *raiser) display(e ast.Expr) (Expr, extent) {
	first := r.token(e)
	switch e := e.(type) {
	case *ast.Tuple:
		if len(e.Elts) == 0 {
			x := extent{first, r.tokens[first].partner}
			return &Tuple{exprNode{r.node(x)}, nil}, x
		}
		elts, x := r.list(e.Elts)
		return r.tuple(first, elts, x)
	case *ast.List:
		x := extent{first, r.tokens[first].partner}
		elts, _ := r.list(e.Elts)
		return &List{exprNode{r.node(x)}, elts}, x
	case *ast.Set:
		elts, x := r.list(e.Elts)
		x = r.brackets(x.first)
		return &Set{exprNode{r.node(x)}, elts}, x
	case *ast.Dict:
		return r.dict(e, first)
	}
	panic(fmt.Sprintf("unknown display %T", e))
}

// tuple makes a tuple of at least one element. It owns the parenthesis at
// first if that closes behind the last element; otherwise it begins with its
// first element and ends with its trailing comma, if there is one.
func (r *raiser) tuple(first int, elts []Expr, x extent) (Expr, extent) {
	t := &r.tokens[first]
	switch {
	case t.opens() && t.partner > x.last:
		x = extent{first, t.partner}
	case r.is(x.last+1, ","):
		x.last++
	}
	return &Tuple{exprNode{r.node(x)}, elts}, x
}

// dict raises a dict display. Keys that stand for "**" become nil.
func (r *raiser) dict(e *ast.Dict, first int) (Expr, extent) {
	if len(e.Keys) == 0 {
		x := extent{first, r.tokens[first].partner}
		return &Dict{exprNode: exprNode{r.node(x)}}, x
	}
	d := &Dict{}
	var x extent
	for i, key := range e.Keys {
		if num, ok := key.(*ast.Num); ok && r.is(r.token(num), "**") {
			d.Keys = append(d.Keys, nil)
		} else {
			k, kx := r.expr(key)
			if _, ok := k.(*Starred); ok {
				fail(r.at(kx.last+1, kx.last+1), "invalid syntax")
			}
			d.Keys = append(d.Keys, k)
		}
		value, vx := r.expr(e.Values[i])
		d.Values = append(d.Values, value)
		x = r.brackets(vx.first)
	}
	d.Span = r.at(x.first, x.last)
	return d, x
}

// comprehension raises a comprehension; its brackets are those around its
// element, which for a generator as the only argument are the call's.
func (r *raiser) comprehension(e ast.Expr) (Expr, extent) {
	element := func(elt ast.Expr) (Expr, extent, exprNode) {
		node, x := r.expr(elt)
		x = r.brackets(x.first)
		return node, x, exprNode{r.node(x)}
	}
	switch e := e.(type) {
	case *ast.ListComp:
		elt, x, at := element(e.Elt)
		return &ListComp{at, elt, r.generators(e.Generators)}, x
	case *ast.SetComp:
		elt, x, at := element(e.Elt)
		return &SetComp{at, elt, r.generators(e.Generators)}, x
	case *ast.GeneratorExp:
		elt, x, at := element(e.Elt)
		return &GeneratorExp{at, elt, r.generators(e.Generators)}, x
	case *ast.DictComp:
		key, x, at := element(e.Key)
		value, _ := r.expr(e.Value)
		return &DictComp{at, key, value, r.generators(e.Generators)}, x
	}
	panic(fmt.Sprintf("unknown comprehension %T", e))
}

func (r *raiser) generators(gs []ast.Comprehension) []Comprehension {
	out := make([]Comprehension, len(gs))
	for i, g := range gs {
		out[i].Target, _ = r.expr(g.Target)
		setContext(out[i].Target, Store)
		out[i].Iter, _ = r.expr(g.Iter)
		out[i].Ifs, _ = r.list(g.Ifs)
	}
	return out
}

// index raises what stands between the brackets of a subscript.
func (r *raiser) index(s ast.Slicer) Expr {
	node, x := r.slice(s)
	if starred, ok := node.(*Starred); ok { // "x[*a]" has an index of one element
		node, _ = r.tuple(x.first, []Expr{starred}, x)
	}
	return node
}

func (r *raiser) slice(s ast.Slicer) (Expr, extent) {
	switch s := s.(type) {
	case *ast.Index:
		return r.expr(s.Value)
	case *ast.Slice:
		return r.bounds(s)
	case *ast.ExtSlice:
		var elts []Expr
		var x extent
		for i, dim := range s.Dims {
			elt, ex := r.slice(dim)
			if i == 0 {
				x = ex
			}
			x.last = ex.last
			elts = append(elts, elt)
		}
		return r.tuple(x.first, elts, x)
	}
	panic(fmt.Sprintf("unknown subscript %T", s))
}

// bounds raises lower:upper:step; it ends with its last bound or colon.
func (r *raiser) bounds(s *ast.Slice) (Expr, extent) {
	n := &Slice{}
	first := r.token(s)
	x := extent{first, first - 1}
	if s.Lower != nil {
		n.Lower, x = r.expr(s.Lower)
	}
	x.last++ // the first colon
	if s.Upper != nil {
		var ux extent
		n.Upper, ux = r.expr(s.Upper)
		x.last = ux.last
	}
	if r.is(x.last+1, ":") {
		x.last++
	}
	if s.Step != nil {
		var sx extent
		n.Step, sx = r.expr(s.Step)
		x.last = sx.last
	}
	n.Span = r.at(x.first, x.last)
	return n, x
}
