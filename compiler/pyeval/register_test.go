package pyeval_test

import (
	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyeval/stdlib"
)

func register(in *pyeval.Interp) { stdlib.Register(in) }
