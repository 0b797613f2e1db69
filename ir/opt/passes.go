// Package opt rewrites plans: from what the binder makes of the script to what
// the code generator takes. The passes are a list; the reason for the order
// stands beside each.
package opt

import (
	"fmt"

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
	// numbered counts the operators that have a name, shared those that have
	// several consumers.
	numbered, shared int
}

// sortsAnyColumn is the setting that lets a bounded streaming job sort by
// columns that aren't time attributes, at its end.
const sortsAnyColumn = "__table.exec.sort.non-temporal.enabled__"

// Pass is one rewriting of the plans of sinks that run as one job.
type Pass struct {
	Name string
	Run  func(sinks []*ir.Sink, c *Context)
}

// each makes a pass of the rewriting of one sink's plan.
func each(f func(s *ir.Sink, c *Context)) func([]*ir.Sink, *Context) {
	return func(sinks []*ir.Sink, c *Context) {
		for _, s := range sinks {
			f(s, c)
		}
	}
}

// Passes are run in this order. ir.Verify runs after each.
var Passes = []Pass{
	// Before any pass that asks for a setting.
	{"check_settings", checkSettings},
	{"check_sources", each(checkSources)},
	// First, so that later passes see constants as constants.
	{"fold_constants", each(foldConstants)},
	// Before all that moves columns or conditions: a row is completed before
	// anything looks at it.
	{"normalize_sources", each(normalizeSources)},
	// Before split_joins, which keeps what is left of joins' conditions.
	{"push_predicates", each(pushPredicates)},
	// After push_predicates, which makes conditions of joins of what stands in
	// WHERE; before split_joins, which keeps what is left of those.
	{"order_joins", each(orderJoins)},
	// Before merge_projects and split_bridge: it makes projections, which may
	// call Python functions.
	{"split_joins", each(splitJoins)},
	// After push_predicates, which brings conditions next to what they rank;
	// before prune_columns, which drops numbers that nobody reads.
	{"find_ranks", each(findRanks)},
	// After find_ranks, since ranks don't wait for the watermark; before
	// merge_projects, which it keeps apart.
	{"drop_watermarks", each(dropWatermarks)},
	// Before split_bridge, so that a function call that an outer projection
	// drops or a neighbour repeats is seen in one place.
	{"merge_projects", each(mergeProjects)},
	// Before prune_columns, which then finds the columns that only a bridge
	// reads.
	{"split_bridge", each(splitBridge)},
	// Before prune_columns: who reads a column for a condition that the source
	// decides needs it no more.
	{"push_into_sources", each(pushIntoSources)},
	// After all passes that look through projections: it renumbers columns.
	{"prune_columns", each(pruneColumns)},
	// After merge_projects and split_bridge, which decide what is a column.
	{"missing_items", each(missingItems)},
	// After prune_columns, which says what each scan needs.
	{"align_scans", alignScans},
	// After prune_columns, which says how much of a source is read; before
	// drop_identity, since it makes projections.
	{"choose_build_sides", each(chooseBuildSides)},
	// Before anything is decided on what a streaming job computes.
	{"check_orders", each(checkOrders)},
	// After all that looks through to the sources.
	{"add_clocks", each(addClocks)},
	// Pruning leaves projections that only pass columns on.
	{"drop_identity", each(dropIdentity)},
	// After window_groups, whose groups are none to split, and all that looks for
	// aggregates of the query; before what asks for keys and kinds of rows.
	{"bucket_distinct", each(bucketDistinct)},
	// Wants the final shape of the query; decides how the sink updates, which
	// changelog_modes reads.
	{"sink_keys", each(sinkKeys)},
	// Asks which row kinds come in, as if all were wanted.
	{"check_aggregates", each(checkAggregates)},
	// After check_aggregates, which drops DISTINCT where it changes nothing, and
	// refuses groups that batch mode can't have.
	{"split_distinct", each(splitDistinct)},
	{"changelog_modes", each(changelogModes)},
	// After changelog_modes: it asks whether anybody wants update-befores.
	{"coalesce_updates", each(coalesceUpdates)},
	// Exchanges depend on keys only, and nothing after looks through them.
	{"insert_exchanges", each(insertExchanges)},
	// After all that changes a plan for what becomes of its rows.
	{"share_relations", shareRelations},
	// After sink_keys and insert_exchanges, which know the columns by the query's
	// expressions: what reaches the sink is fitted last.
	{"enforce_sinks", each(enforceSinks)},
	// After share_relations, since all consumers decide.
	{"watermark_grains", watermarkGrains},
	// Names are given to what is left.
	{"number", number},
}

// Run rewrites the plans of sinks that run as one job in place. trace, if not
// nil, is called for each sink after each pass that ran. The error is a fault of
// pyfc; the user's faults are in the context's list.
func Run(sinks []*ir.Sink, c *Context, trace func(pass string, s *ir.Sink)) error {
	for _, s := range sinks {
		if err := ir.Verify(s); err != nil {
			return fmt.Errorf("before the first pass: %w", err)
		}
	}
	for _, p := range Passes {
		p.Run(sinks, c)
		if c.Diags.HasErrors() {
			return nil
		}
		for _, s := range sinks {
			if err := ir.Verify(s); err != nil {
				return fmt.Errorf("after %s: %w", p.Name, err)
			}
			if trace != nil {
				trace(p.Name, s)
			}
		}
	}
	return nil
}
