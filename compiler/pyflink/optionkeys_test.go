package pyflink

import (
	"slices"
	"testing"

	"pyfc/ir/diag"
)

// TestOptionKeys: the list must be sorted, and hold the keys that pyfc reads
// itself.
func TestOptionKeys(t *testing.T) {
	if !slices.IsSorted(optionKeys()) {
		t.Error("the keys aren't sorted")
	}
	for _, k := range []string{retentionKey, maxWidthKey, zoneKey, "parallelism.default", "execution.runtime-mode", "pipeline.name", "python.executable"} {
		if _, ok := slices.BinarySearch(optionKeys(), k); !ok {
			t.Errorf("%s is missing", k)
		}
	}
}

// TestMisspeltKeys sets keys in the ways that a script has.
func TestMisspeltKeys(t *testing.T) {
	for src, near := range map[string]string{
		`t_env.get_config().set("parallelism.defalt", "2")`:                               "parallelism.default",
		`t_env.get_config().get_configuration().set_string("table.exec.sate.ttl", "1 h")`: "table.exec.state.ttl",
		`t_env.get_config().set("table.local-time-zne", "UTC")`:                           "table.local-time-zone",
		`t_env.get_config().set("table.exec.mini_batch.allow_latency", "1 s")`:            "table.exec.mini-batch.allow-latency",
		`t_env.get_config().set("parallelism.default", "2")`:                              "",
		`t_env.get_config().set("state.backend.rocksdb.memory.managed", "true")`:          "",
		`t_env.get_config().set("pipeline.base", "2")`:                                    "",
		`t_env.get_config().set("my.own.key", "2")`:                                       "",
	} {
		var got []*diag.Diagnostic
		for _, d := range script(t, tables+src, nil).Diags {
			if d.Code == diag.OptionWarn {
				got = append(got, d)
			}
		}
		switch {
		case near == "" && got != nil:
			t.Errorf("%s: got %v", src, got)
		case near != "" && (len(got) != 1 || got[0].Hint != "did you mean "+near+"?" || got[0].Pos.Line != 7):
			t.Errorf("%s: got %v, want %s", src, got, near)
		}
	}
}
