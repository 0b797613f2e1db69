package pyeval_test

import "pyfc/compiler/pyeval"

func register(*pyeval.Interp) {}
