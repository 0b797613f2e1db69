// Package list names every aggregate function. Only the compiler imports it.
package list

import (
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/agg"
	"pyfc/rt/fn"
)

// All are the declared functions.
var All = []agg.Decl{
	agg.CountDecl, agg.ApproxCountDistinctDecl, agg.SumDecl, agg.Sum0Decl, agg.AvgDecl, agg.MinDecl, agg.MaxDecl, agg.FirstValueDecl, agg.LastValueDecl,
	agg.ListAggDecl, agg.CollectDecl, agg.ArrayAggDecl, agg.JSONObjectAggDecl, agg.JSONArrayAggDecl, agg.SingleValueDecl,
	agg.VarPopDecl, agg.VarSampDecl, agg.StddevPopDecl, agg.StddevSampDecl,
}

// Lookup finds a function by name, in any case.
func Lookup(name string) (*agg.Decl, bool) {
	for i := range All {
		if strings.EqualFold(All[i].Name, name) {
			return &All[i], true
		}
		for _, a := range All[i].Aliases {
			if strings.EqualFold(a, name) {
				return &All[i], true
			}
		}
	}
	return nil, false
}

// Names lists all names, for the did-you-mean.
func Names() []string {
	var out []string
	for _, d := range All {
		out = append(append(out, d.Name), d.Aliases...)
	}
	return out
}

// ArgsOf are arguments of these types that aren't constants.
func ArgsOf(ts []types.Type) []fn.Arg {
	args := make([]fn.Arg, len(ts))
	for i, t := range ts {
		args[i].Type = t
	}
	return args
}
