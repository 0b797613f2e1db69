package sql

import "pyfc/compiler/tree"

// Walk calls f for x and all expressions in it, outer ones first. It doesn't
// go into subqueries.
func Walk(x Expr, f func(Expr)) {
	Inspect(x, func(n Node) bool {
		if _, query := n.(Query); query {
			return false
		}
		if e, ok := n.(Expr); ok {
			f(e)
		}
		return true
	})
}

// Inspect calls f for n and, where f returns true, for the nodes in it, in the
// order of the text.
func Inspect(n Node, f func(Node) bool) { tree.Walk(n, f) }
