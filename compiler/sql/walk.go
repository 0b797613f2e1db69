package sql

// Walk calls f for x and all expressions in it, outer ones first.
func Walk(x Expr, f func(Expr)) {
	if x == nil {
		return
	}
	f(x)
	switch x := x.(type) {
	case *Call:
		for _, a := range x.Args {
			Walk(a, f)
		}
		Walk(x.Filter, f)
	case *Cast:
		Walk(x.X, f)
	case *Alias:
		Walk(x.X, f)
	case *Case:
		Walk(x.Operand, f)
		for _, w := range x.Whens {
			Walk(w.Cond, f)
			Walk(w.Then, f)
		}
		Walk(x.Else, f)
	}
}
