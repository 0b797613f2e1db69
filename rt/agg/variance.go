package agg

import (
	"pyfc/ir/types"
	"pyfc/rt/fn"
)

// meanType is the type of a mean of values: theirs, with a scale of 6 at least.
func meanType(args []fn.Arg) types.Type {
	if args[0].Kind == types.Decimal {
		return decimalMean(args)
	}
	return sameNullable(args)
}

// spread declares a function of sums and counts, which the binder makes of
// these.
func spread(name, doc string, aliases ...string) Decl {
	return Decl{Name: name, Aliases: aliases, Doc: doc, Overloads: []Overload{{Params: []fn.Param{fn.Numeric}, Result: meanType}}}
}

// Declarations.
var (
	VarPopDecl     = spread("VAR_POP", "The population variance of the values that are not NULL, in their own type.")
	VarSampDecl    = spread("VAR_SAMP", "The sample variance of the values that are not NULL, in their own type.", "VARIANCE")
	StddevPopDecl  = spread("STDDEV_POP", "The population standard deviation of the values that are not NULL, in their own type.")
	StddevSampDecl = spread("STDDEV_SAMP", "The sample standard deviation of the values that are not NULL, in their own type.", "STDDEV")
)
