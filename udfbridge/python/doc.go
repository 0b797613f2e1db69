// Package python is what compiler and binary both know of the Python that calls a
// job's functions, without the bridge to it: which interpreter runs workers and
// drivers, and the environment that it needs; what a job's configuration says of
// them; the types whose values can travel.
package python

import (
	"slices"

	"pyfc/ir/types"
)

// Supports reports whether values of a type can be arguments and results of
// functions. As in PyFlink, a result's length isn't checked against its type's.
func Supports(t types.Type) bool {
	switch t.Kind {
	case types.Invalid, types.IntervalYearMonth, types.IntervalDayTime, types.Multiset, types.Null:
		return false
	}
	return !slices.ContainsFunc(t.Elems, func(e types.Type) bool { return !Supports(e) })
}
