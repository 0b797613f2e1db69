package pyast

import "pyfc/compiler/tree"

// Walk calls visit for a node and those inside it, in the order of their fields;
// what visit answers false about isn't entered. The node may be nil.
func Walk(n Node, visit func(Node) bool) { tree.Walk(n, visit) }

// WalkAll walks through several nodes.
func WalkAll[N Node](nodes []N, visit func(Node) bool) {
	for _, n := range nodes {
		Walk(n, visit)
	}
}
