package tree

import (
	"slices"
	"testing"
)

type node interface{ name() string }

type leaf struct{ Name string }

func (l *leaf) name() string { return l.Name }

// part is no node; it may lie in a node as such, or by a pointer.
type part struct {
	First node
	Again []part
	Last  *leaf
}

type branch struct {
	leaf
	part
	Any   any // holds no node as far as its type says
	Inner *part
	Lists [][]node
	own   *leaf
}

func TestWalk(t *testing.T) {
	l := func(name string) *leaf { return &leaf{name} }
	root := &branch{
		leaf:  leaf{"root"},
		part:  part{First: l("a"), Again: []part{{First: l("b")}, {Last: l("c")}}},
		Any:   l("any"),
		Inner: &part{First: &branch{leaf: leaf{"inner"}, Lists: [][]node{{l("d"), nil}, {l("e")}}}},
		Lists: [][]node{nil, {l("f")}},
		own:   l("own"),
	}
	visited := func(enter func(node) bool) (out []string) {
		Walk(node(root), func(n node) bool {
			out = append(out, n.name())
			return enter(n)
		})
		return out
	}
	all := visited(func(node) bool { return true })
	if want := []string{"root", "a", "b", "c", "inner", "d", "e", "f"}; !slices.Equal(all, want) {
		t.Errorf("visited %v, want %v", all, want)
	}
	some := visited(func(n node) bool { return n.name() != "inner" })
	if want := []string{"root", "a", "b", "c", "inner", "f"}; !slices.Equal(some, want) {
		t.Errorf("visited %v with a node that isn't entered, want %v", some, want)
	}
	Walk(node(nil), func(n node) bool {
		t.Errorf("visited %v of nothing", n)
		return true
	})
}
