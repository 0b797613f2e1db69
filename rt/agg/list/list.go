// Package list names every aggregate function. Only the compiler imports it.
package list

import (
	"strings"

	"pyfc/rt/agg"
)

// All are the declared functions.
var All = []agg.Decl{agg.CountDecl, agg.SumDecl, agg.AvgDecl, agg.MinDecl, agg.MaxDecl}

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
