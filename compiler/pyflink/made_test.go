package pyflink

import (
	"fmt"
	"strings"
	"testing"
)

// TestMadeByCalling makes an object of every class, and calls what can be called
// on it without arguments: a script that does so gets an answer, never a fault of
// pyfc.
func TestMadeByCalling(t *testing.T) {
	for _, d := range declared {
		if strings.ContainsAny(d.class.Name(), " <") {
			continue
		}
		name := nameIn(d.class)
		for _, args := range []string{"", "None"} {
			src := tables + fmt.Sprintf("import %s\ntry:\n    x = %s(%s)\nexcept Exception:\n    x = None\n", d.class.ModuleName(), name, args)
			for _, m := range d.members {
				if m.kind == static || strings.HasPrefix(m.Name(), "__") {
					continue
				}
				call := "x." + m.Name()
				if m.kind == method {
					call += "()"
				}
				src += "try:\n    " + call + "\nexcept Exception:\n    pass\n"
			}
			func() {
				defer func() {
					if fault := recover(); fault != nil {
						t.Errorf("%s(%s): %v", name, args, fault)
					}
				}()
				script(t, src, nil)
			}()
		}
	}
}
