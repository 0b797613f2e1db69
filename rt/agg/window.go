package agg

import "pyfc/ir/types"

// WindowDecl declares a function that only stands over a window and looks at
// the partition as a whole.
type WindowDecl struct {
	Name string // upper case
	Doc  string
	// MinArgs and MaxArgs say how many arguments it takes.
	MinArgs, MaxArgs int
	// Ranks says that the result depends on the order, which must be given.
	Ranks bool
	// Result is the type for the arguments' types.
	Result func(args []types.Type) types.Type
}

func positionType([]types.Type) types.Type { return types.Of(types.BigInt).NotNull() }

func shareType([]types.Type) types.Type { return types.Of(types.Double).NotNull() }

// shiftedType is that of the value, NULL where there is no other row and no
// default.
func shiftedType(args []types.Type) types.Type {
	return args[0].WithNull(args[0].Nullable || len(args) < 3 || args[2].Nullable)
}

// The functions that only stand over a window.
var (
	RowNumberDecl   = WindowDecl{Name: "ROW_NUMBER", Doc: "The number of the row in its partition, from 1.", Ranks: true, Result: positionType}
	RankDecl        = WindowDecl{Name: "RANK", Doc: "One more than the number of rows before this one; equal rows have the same.", Ranks: true, Result: positionType}
	DenseRankDecl   = WindowDecl{Name: "DENSE_RANK", Doc: "One more than the number of different rows before this one.", Ranks: true, Result: positionType}
	PercentRankDecl = WindowDecl{Name: "PERCENT_RANK", Doc: "The rank from 0 for the first row to 1.", Ranks: true, Result: shareType}
	CumeDistDecl    = WindowDecl{Name: "CUME_DIST", Doc: "The share of the rows that don't come behind this one.", Ranks: true, Result: shareType}
	NtileDecl       = WindowDecl{Name: "NTILE", Doc: "The number, from 1, of the bucket that the row falls into when the partition is cut into so many.", MinArgs: 1, MaxArgs: 1, Ranks: true, Result: positionType}
	LagDecl         = WindowDecl{Name: "LAG", Doc: "A value of the row that lies one or the given number of rows before this one, or the default.", MinArgs: 1, MaxArgs: 3, Result: shiftedType}
	LeadDecl        = WindowDecl{Name: "LEAD", Doc: "A value of the row that lies one or the given number of rows behind this one, or the default.", MinArgs: 1, MaxArgs: 3, Result: shiftedType}
)
