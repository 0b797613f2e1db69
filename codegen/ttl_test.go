package codegen

import (
	"strings"
	"testing"
	"time"

	"pyfc/ir"
	"pyfc/ir/diag"
)

func TestStateTTL(t *testing.T) {
	symbolic := ir.Text{{Input: &ir.Input{Kind: "env", Name: "TTL"}}}
	for _, c := range []struct {
		values []ir.Text
		want   time.Duration
		fault  string
	}{
		{nil, 0, ""},
		{[]ir.Text{ir.Literal("1 h"), ir.Literal("250")}, 250 * time.Millisecond, ""},
		{[]ir.Text{ir.Literal("soon")}, 0, string(diag.OptionValue)},
		{[]ir.Text{symbolic}, 0, string(diag.InputSymbolic)},
	} {
		var diags diag.List
		config := []ir.Setting{{Key: "other", Value: symbolic}}
		for _, v := range c.values {
			config = append(config, ir.Setting{Key: stateTTLKey, Value: v})
		}
		got := lengthOf(stateTTLKey, 0, config, &diags)
		var faults []string
		for _, d := range diags.Sorted() {
			faults = append(faults, string(d.Code))
		}
		if got != c.want || strings.Join(faults, " ") != c.fault {
			t.Errorf("%v: %v, %v", c.values, got, faults)
		}
	}
}
