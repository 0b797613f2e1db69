package pyeval

import (
	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Declare records that the script asks for an input at a place and returns the
// one record of it; equal inputs with other defaults, or whose value the plan
// depends on, are others.
func (in *Interp) Declare(input Input, where pyast.Span) *Input {
	for _, o := range in.inputs {
		if o.Kind == input.Kind && o.Name == input.Name && o.Default == input.Default &&
			o.HasDefault == input.HasDefault && o.Optional == input.Optional && o.Baked == input.Baked && o.Value == input.Value {
			o.Where = append(o.Where, where)
			return o
		}
	}
	input.Where = []pyast.Span{where}
	in.inputs = append(in.inputs, &input)
	return &input
}

// Missing is the diagnostic for a driver that asks which inputs there are, or
// whether one is there, which only the start can say.
func (in *Input) Missing(what string) *diag.Diagnostic {
	return diag.New(diag.InputMissing, diag.Pos{}, "%s needs %s, which the build wasn't given", what, in).
		WithHint("%s", supply(in)).
		WithMissing(string(in.Kind), in.Name)
}
