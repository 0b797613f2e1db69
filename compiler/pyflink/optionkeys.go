package pyflink

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"pyfc/ir/diag"
)

//go:generate sh -c "python3 optionkeys_gen.py $PYFLINK_INSTALLED > optionkeys.txt"

// optionKeysText lists the keys of Flink's configuration; see optionkeys_gen.py.
//
//go:embed optionkeys.txt
var optionKeysText string

// optionKeys are the keys, sorted.
var optionKeys = sync.OnceValue(func() []string { return strings.Fields(optionKeysText) })

// misspelling is by how many letters a key differs at most from the one that it
// is taken to be meant for: a tenth and at most two, since a script may have keys
// of its own.
func misspelling(key string) int { return min(2, len(key)/10) }

// misspelt warns of entries whose key is almost one of Flink's. PyFlink takes
// any key, and none but its own has an effect.
func (cf *config) misspelt() []*diag.Diagnostic {
	var out []*diag.Diagnostic
	for _, k := range cf.keys {
		if _, is := slices.BinarySearch(optionKeys(), k); is {
			continue
		}
		if near := diag.NearestWithin(k, optionKeys(), misspelling(k)); near != "" {
			out = append(out, diag.New(diag.OptionWarn, cf.values[k].pos, "PyFlink 1.20.1 has no option %q: it has no effect", k).
				WithHint("did you mean %s?", near))
		}
	}
	return out
}
