// Package opt rewrites plans: from what the binder makes of the script to what
// the code generator takes. The passes are a list; the reason for the order
// stands beside each.
package opt

import (
	"fmt"
	"strings"

	"pyfc/ir"
	"pyfc/ir/diag"
)

// Context is what passes know besides the plan.
type Context struct {
	// Batch says that only final results count.
	Batch bool
	Diags *diag.List
	// Config has the settings of the job.
	Config []ir.Setting
	// numbered counts the operators that have a name.
	numbered int
}

// enabled reports whether a setting is true; the last one of a key counts.
func (c *Context) enabled(key string) bool {
	on := false
	for _, s := range c.Config {
		if s.Key == key {
			value, _ := s.Value.Const()
			on = strings.EqualFold(value, "true")
		}
	}
	return on
}

// sortsAnyColumn is the setting that lets a bounded streaming job sort by
// columns that aren't time attributes, at its end.
const sortsAnyColumn = "__table.exec.sort.non-temporal.enabled__"

// Pass is one rewriting of a sink's plan.
type Pass struct {
	Name string
	Run  func(s *ir.Sink, c *Context)
}

// Passes are run in this order for each sink. ir.Verify runs after each.
var Passes = []Pass{
	// First, so that later passes see constants as constants.
	{"fold_constants", foldConstants},
	// Before all that moves columns or conditions: a row is completed before
	// anything looks at it.
	{"normalize_sources", normalizeSources},
	// Before split_joins, which keeps what is left of joins' conditions.
	{"push_predicates", pushPredicates},
	// After push_predicates, which makes conditions of joins of what stands in
	// WHERE; before split_joins, which keeps what is left of those.
	{"order_joins", orderJoins},
	// Before merge_projects and split_bridge: it makes projections, which may
	// call Python functions.
	{"split_joins", splitJoins},
	// After push_predicates, which brings conditions next to what they rank;
	// before prune_columns, which drops numbers that nobody reads.
	{"find_ranks", findRanks},
	// Before split_bridge, so that a function call that an outer projection
	// drops or a neighbour repeats is seen in one place.
	{"merge_projects", mergeProjects},
	// Before prune_columns, which then finds the columns that only a bridge
	// reads.
	{"split_bridge", splitBridge},
	// After all passes that look through projections: it renumbers columns.
	{"prune_columns", pruneColumns},
	// Before anything is decided on what a streaming job computes.
	{"check_orders", checkOrders},
	// Pruning leaves projections that only pass columns on.
	{"drop_identity", dropIdentity},
	// Wants the final shape of the query; decides how the sink updates, which
	// changelog_modes reads.
	{"sink_keys", sinkKeys},
	// Asks which row kinds come in, as if all were wanted.
	{"check_aggregates", checkAggregates},
	{"check_windows", checkWindows},
	{"changelog_modes", changelogModes},
	// After changelog_modes: it asks whether anybody wants update-befores.
	{"coalesce_updates", coalesceUpdates},
	// Exchanges depend on keys only, and nothing after looks through them.
	{"insert_exchanges", insertExchanges},
	// Names are given to what is left.
	{"number", number},
}

// Run rewrites the plan of one sink in place. trace, if not nil, is called
// after each pass that ran. The error is a fault of pyfc; the user's faults
// are in the context's list.
func Run(s *ir.Sink, c *Context, trace func(pass string, s *ir.Sink)) error {
	if err := ir.Verify(s); err != nil {
		return fmt.Errorf("before the first pass: %w", err)
	}
	for _, p := range Passes {
		p.Run(s, c)
		if c.Diags.HasErrors() {
			return nil
		}
		if err := ir.Verify(s); err != nil {
			return fmt.Errorf("after %s: %w", p.Name, err)
		}
		if trace != nil {
			trace(p.Name, s)
		}
	}
	return nil
}
