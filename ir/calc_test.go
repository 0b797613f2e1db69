package ir

import (
	"testing"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// A key stays one behind conversions that keep its values apart, and behind no
// others. So does PyFlink 1.20.1, whose sinks then need no upsert materialiser.
func TestKeysBehindConversions(t *testing.T) {
	varchar := func(n int) types.Type {
		v := types.Of(types.VarChar)
		v.Precision = n
		return v
	}
	for _, c := range []struct {
		from, to types.Type
		key      bool
	}{
		{types.NewChar(1), types.Of(types.VarChar), true},
		{varchar(3), varchar(9), true},
		{varchar(9), varchar(3), false},
		{types.NewChar(1), types.NewChar(5), false}, // blanks are added
		{types.Of(types.Int), types.Of(types.BigInt), true},
		{types.Of(types.BigInt), types.Of(types.Int), false},
		{types.Of(types.BigInt), types.Of(types.Double), false},
		{types.Of(types.Float), types.Of(types.Double), true},
		{types.Of(types.Int), types.Of(types.VarChar), false},
	} {
		table := &Table{Columns: []TableColumn{{Column: types.Column{Name: "k", Type: c.from}}, {Column: types.Column{Name: "v", Type: c.from}}}, Key: Key{0}}
		scan := NewScan(table, Append, diag.Pos{})
		column := func(i int) Expr { return NewColumnRef(scan.Schema, i, diag.Pos{}) }
		cast := NewCast(column(0), c.to, true, false, diag.Pos{})
		p := NewProject(scan, []Expr{column(1), cast}, []string{"v", "k"}, diag.Pos{})
		if got := len(p.Keys) == 1 && p.Keys[0].Contains(Key{1}); got != c.key {
			t.Errorf("%s as %s: keys %v", c.from, c.to, p.Keys)
		}
	}
}
