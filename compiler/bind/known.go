package bind

import (
	"maps"
	"slices"

	"pyfc/compiler/words"
)

// knownFunctions are the functions and operators of Flink 1.20.1 that have no
// declaration: those that become others (forms), and those that are planned
// rather than unknown.
var knownFunctions = words.Set(`
	ASC COALESCE CURRENT_DATABASE DAYOFMONTH DAYOFWEEK DAYOFYEAR DESC EXISTS FLATTEN HOUR IF
	IFNULL MINUTE MONTH NULLIF QUARTER ROWS SECOND TO TYPEOF WEEK WITHOUT_COLUMNS WITH_COLUMNS YEAR`)

// known reports whether Flink has a function of that name.
func known(name string) bool { return knownFunctions[name] }

// knownNames lists the names for the did-you-mean.
func knownNames() []string {
	return slices.Sorted(maps.Keys(knownFunctions))
}
