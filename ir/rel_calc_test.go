package ir

import (
	"testing"

	"pyfc/ir/types"
)

// A projection keeps a key whose columns it passes on, or casts to types with
// more values.
func TestProjectKeepsKeys(t *testing.T) {
	in := NewScan(&Table{Name: "t", Key: Key{0}, Columns: []TableColumn{{Column: Column{Name: "a", Type: types.Of(types.Int)}}}}, Upsert, none)
	a := NewColumnRef(in.Schema, 0, none)
	for _, c := range []struct {
		columns []Expr
		want    int // the key's column; -1 for none
	}{
		{[]Expr{NewConst(bigint, nil, none), a}, 1},
		{[]Expr{NewCast(a, bigint, true, false, none)}, 0},
		{[]Expr{NewCast(a, types.Of(types.Float), true, false, none)}, -1},
		{[]Expr{NewConst(bigint, nil, none)}, -1},
	} {
		keys := NewProject(in, c.columns, make([]string, len(c.columns)), none).Keys
		if len(keys) != min(1, c.want+1) || len(keys) == 1 && keys[0][0] != c.want {
			t.Errorf("%v: %v", c.columns, keys)
		}
	}
}
