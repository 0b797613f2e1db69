package pyflink

import (
	"fmt"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
)

// arity is how many positional arguments a Python function takes at least and
// at most; high is -1 for *args. It is unknown for what the script doesn't
// define.
func arity(f pyeval.Value) (low, high int, known bool) {
	switch f := f.(type) {
	case *pyeval.Function:
		return arityOf(f, 0)
	case *pyeval.BoundMethod:
		if fn, ok := f.Func().(*pyeval.Function); ok {
			return arityOf(fn, 1)
		}
	case *pyeval.Instance:
		for _, name := range []string{"eval", "__call__"} {
			if fn, ok := f.Class().Lookup(name).(*pyeval.Function); ok {
				return arityOf(fn, 1)
			}
		}
	}
	return 0, 0, false
}

func arityOf(f *pyeval.Function, bound int) (low, high int, known bool) {
	var a *pyast.Arguments
	if f.Def() != nil {
		a = f.Def().Args
	} else {
		a = f.Lambda().Args
	}
	high = len(a.PosOnly) + len(a.Args) - bound
	low = max(high-len(a.Defaults), 0)
	if a.VarArg != nil {
		high = -1
	}
	return low, high, true
}

// takes says in words how many arguments a function takes.
func takes(low, high int) string {
	switch {
	case high < 0:
		return "at least " + count(low, "argument")
	case low == high:
		return count(low, "argument")
	}
	return fmt.Sprintf("%d to %s", low, count(high, "argument"))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
