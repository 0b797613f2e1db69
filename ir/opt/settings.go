package opt

import (
	"slices"
	"strconv"
	"strings"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conf"
	"pyfc/rt/conn"
)

// choice is a setting with a fixed list of values, of which the first holds where
// it isn't set.
type choice struct {
	key    string
	values []string
}

// The settings that shape plans. Those without a use here shape nothing that
// pyfc's plans have, and are only checked.
var (
	// notNullEnforcer says what becomes of a row with NULL in a NOT NULL column of
	// its sink.
	notNullEnforcer = choice{"table.exec.sink.not-null-enforcer", []string{"ERROR", "DROP"}}
	// lengthEnforcer says whether texts and binary strings get the length that
	// their sink declares. By default they are taken to have it.
	lengthEnforcer = choice{"table.exec.sink.type-length-enforcer", []string{"IGNORE", "TRIM_PAD"}}
	// materializer says when the last row of each key of a sink is kept: where
	// rows of several keys of the query may go into one, or always.
	materializer = choice{"table.exec.sink.upsert-materialize", []string{"AUTO", "NONE", "FORCE"}}
	// duplicates says that sources may repeat changes.
	duplicates = choice{"table.exec.source.cdc-events-duplicate", []string{"false", "true"}}
	// splitsDistinct lets aggregates with DISTINCT compute in two steps.
	splitsDistinct = choice{"table.optimizer.distinct-agg.split.enabled", []string{"false", "true"}}
	// miniBatch makes PyFlink emit changes of aggregates for several rows at once;
	// pyfc emits them for each row, whose last ones are the same.
	miniBatch = choice{"table.exec.mini-batch.enabled", []string{"false", "true"}}

	choices = []choice{
		notNullEnforcer, lengthEnforcer, materializer, duplicates, splitsDistinct, miniBatch,
		{"table.exec.sink.keyed-shuffle", []string{"AUTO", "NONE", "FORCE"}},
		{"table.optimizer.agg-phase-strategy", []string{"AUTO", "ONE_PHASE", "TWO_PHASE"}},
		{"table.optimizer.incremental-agg-enabled", []string{"true", "false"}},
	}
)

// find returns the setting of a key, the last one of several.
func (c *Context) find(key string) (ir.Setting, bool) {
	for _, s := range slices.Backward(c.Config) {
		if s.Key == key {
			return s, true
		}
	}
	return ir.Setting{}, false
}

// setting is a setting's value, or what it is by default.
func (c *Context) setting(key string, byDefault bool) bool {
	s, ok := c.find(key)
	if !ok {
		return byDefault
	}
	value, _ := s.Value.Const()
	return strings.EqualFold(value, "true")
}

// enabled reports whether a setting is true.
func (c *Context) enabled(key string) bool { return c.setting(key, false) }

// chosen is the value of a choice, as it is declared; checkSettings has told of
// what is none.
func (c *Context) chosen(ch choice) string {
	if s, ok := c.find(ch.key); ok {
		text, _ := s.Value.Const()
		for _, v := range ch.values {
			if strings.EqualFold(v, text) {
				return v
			}
		}
	}
	return ch.values[0]
}

// on reports whether a choice between true and false is true.
func (c *Context) on(ch choice) bool { return c.chosen(ch) == "true" }

// checkSettings reports choices that aren't there, those that are known only at
// start, which is too late for a plan, and what the runtime couldn't read.
func checkSettings(sinks []*ir.Sink, c *Context) {
	for i, s := range c.Config {
		text, known := s.Value.Const()
		if !known || slices.ContainsFunc(c.Config[i+1:], func(later ir.Setting) bool { return later.Key == s.Key }) {
			continue
		}
		if err := conf.Check(s.Key, text); err != nil {
			c.Diags.Errorf(diag.OptionValue, s.Pos, "%s: %v", s.Key, err)
		}
	}
	for _, ch := range choices {
		s, ok := c.find(ch.key)
		if !ok {
			continue
		}
		text, known := s.Value.Const()
		if !known {
			c.Diags.Errorf(diag.InputSymbolic, s.Pos, "%s is %s: it shapes the plan, and must be known when the job is built", s.Key, s.Value.Display())
			continue
		}
		if slices.ContainsFunc(ch.values, func(v string) bool { return strings.EqualFold(v, text) }) {
			continue
		}
		c.Diags.Errorf(diag.OptionValue, s.Pos, "could not parse value %q for key %s: expected one of %s", text, s.Key, strings.Join(ch.values, ", ")).
			DidYouMean(strings.ToUpper(text), ch.values)
	}
	if c.on(miniBatch) && !c.Batch && slices.ContainsFunc(sinks, aggregates) {
		c.checkMiniBatch()
	}
}

// aggregates reports whether there is an aggregate in a sink's plan.
func aggregates(s *ir.Sink) (found bool) {
	ir.Walk(s, func(r ir.Rel) { found = found || r.Op() == ir.OpAggregate })
	return found
}

// checkMiniBatch reports a mini-batch without bounds, as PyFlink does.
func (c *Context) checkMiniBatch() {
	enabled, _ := c.find(miniBatch.key)
	positive := func(key string, parse func(string) bool) {
		s, ok := c.find(key)
		if text, known := s.Value.Const(); ok && (!known || parse(text)) {
			return
		}
		pos := s.Pos
		if !ok {
			pos = enabled.Pos
		}
		c.Diags.Errorf(diag.OptionValue, pos, "%s must be greater than 0 where %s is true", key, miniBatch.key)
	}
	positive("table.exec.mini-batch.allow-latency", func(text string) bool {
		d, err := conn.ParseDuration(text)
		return err == nil && d > 0
	})
	positive("table.exec.mini-batch.size", func(text string) bool {
		n, err := strconv.ParseInt(text, 10, 64)
		return err == nil && n > 0
	})
}
