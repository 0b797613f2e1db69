package pyast

import "slices"

// Outside lists what a function, class or lambda evaluates in the scope around
// it: decorators, bases and keywords, defaults and annotations, nil among them
// where there is none. Other nodes have nothing of the kind.
func Outside(n Node) []Expr {
	switch n := n.(type) {
	case *FunctionDef:
		return append(slices.Concat(n.Decorators, n.Args.outside()), n.Returns)
	case *ClassDef:
		out := slices.Concat(n.Decorators, n.Bases)
		for _, k := range n.Keywords {
			out = append(out, k.Value)
		}
		return out
	case *Lambda:
		return n.Args.outside()
	}
	return nil
}

func (a *Arguments) outside() []Expr {
	out := slices.Concat(a.Defaults, a.KwDefaults)
	for _, p := range a.Params() {
		out = append(out, p.Annotation)
	}
	return out
}

// Comprehended are the for clauses of a comprehension and what it computes for
// each of their values: an element, or a key and a value. Other nodes have none.
func Comprehended(n Node) (clauses []Comprehension, results []Expr) {
	switch n := n.(type) {
	case *ListComp:
		return n.Generators, []Expr{n.Elt}
	case *SetComp:
		return n.Generators, []Expr{n.Elt}
	case *GeneratorExp:
		return n.Generators, []Expr{n.Elt}
	case *DictComp:
		return n.Generators, []Expr{n.Key, n.Value}
	}
	return nil, nil
}
