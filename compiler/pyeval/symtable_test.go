package pyeval

import (
	"strings"
	"testing"
)

// TestSymTableIsComplete walks the operations that can meet a symbolic value:
// each must have an entry, so that a new one is a decision.
func TestSymTableIsComplete(t *testing.T) {
	has := func(op string) {
		if _, ok := symTable[op]; !ok {
			t.Errorf("operation %s has no entry in symTable", op)
		}
	}
	for name, v := range StrClass.dict.Items() {
		_, isMethod := v.(*Native)
		if s := name.(*Str).s; isMethod {
			has("str." + s)
		}
	}
	for op := range dunder {
		has(op)
	}
	for op := range comparison {
		has(op)
	}
	for op := range symTable {
		if name, ok := strings.CutPrefix(op, "str."); ok && StrClass.Lookup(name) == nil {
			t.Errorf("entry %s is of no method", op)
		}
	}
}

// TestSymMethodsFollowTheTable calls every method of str on a symbolic text
// and checks that it behaves as its entry says.
func TestSymMethodsFollowTheTable(t *testing.T) {
	th := newThread(New(Options{}))
	sym := NewSym(&Input{Kind: EnvInput, Name: "X"}, th.Where())
	args := map[string][]Value{
		"join": {NewList(NewStr("a"), NewStr("b"))}, "replace": {NewStr("a"), NewStr("b")}, "format": {},
		"strip": {}, "lstrip": {}, "rstrip": {}, "lower": {}, "upper": {},
	}
	for name, v := range StrClass.dict.Items() {
		fn, ok := v.(*Native)
		if !ok {
			continue
		}
		method := name.(*Str).s
		got, err := th.Call(fn, append([]Value{sym}, args[method]...)...)
		_, symbolic := got.(*Sym)
		stage := symTable["str."+method]
		switch {
		case method == "format": // the template itself must be known
			if err == nil {
				t.Errorf("%s of a symbolic template gives %v", method, got)
			}
		case stage == needsInput && err == nil:
			t.Errorf("%s gives %v, the table says needsInput", method, got)
		case stage != needsInput && (err != nil || !symbolic):
			t.Errorf("%s gives %v, %v; the table says that it stays symbolic", method, got, err)
		case stage == atStart && got.(*Sym).Parts[0].Op != "str."+method:
			t.Errorf("%s is recorded as %q", method, got.(*Sym).Parts[0].Op)
		}
	}
}
