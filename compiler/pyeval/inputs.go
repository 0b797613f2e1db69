package pyeval

import (
	"slices"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Declare records that the script asks for an input at a place and returns the
// one record of it; equal inputs with other defaults, or whose value the plan
// depends on, are others.
func (in *Interp) Declare(input Input, where pyast.Span) *Input {
	for _, o := range in.inputs {
		if o.Kind == input.Kind && o.Name == input.Name && o.Default == input.Default &&
			o.HasDefault == input.HasDefault && o.Optional == input.Optional && o.Baked == input.Baked && o.Value == input.Value && o.Absent == input.Absent {
			o.Where = append(o.Where, where)
			return o
		}
	}
	input.Where = []pyast.Span{where}
	in.inputs = append(in.inputs, &input)
	return &input
}

// Fix takes inputs that the script looks into as a start without them would
// find them: as their defaults, or as missing. The plan depends on that, so that a
// run with other values is refused; d becomes the warning that says so, once.
func (t *Thread) Fix(d *diag.Diagnostic, inputs ...*Input) {
	before, taken := len(t.in.inputs), "it as missing"
	for _, in := range inputs {
		fixed := *in
		fixed.Baked, fixed.Value, fixed.Absent = true, in.Default, !in.HasDefault
		where := t.Where()
		if len(in.Where) > 0 {
			where = in.Where[0]
		}
		t.in.Declare(fixed, where)
		if in.HasDefault {
			taken = "its default"
		}
	}
	if len(inputs) > 1 {
		taken = "their defaults"
	}
	if len(t.in.inputs) == before {
		return
	}
	t.in.fixed = append(t.in.fixed, fixedInput{d, d.Code, d.Message, inputs})
	d.Code = diag.InputFixed
	d.Message += "; the build takes " + taken
	if d.Pos.Known() {
		t.Report(d)
	} else {
		t.unplaced = append(t.unplaced, d)
	}
}

// fixedInput is what was said of an input that was fixed, and would have been
// said had it no default.
type fixedInput struct {
	*diag.Diagnostic
	code    diag.Code
	message string
	inputs  []*Input
}

// Unfix takes back that inputs have been fixed, since the script comes to
// nothing without them: it ends by what end says, as an exception or sys.exit(1).
// It reports whether there are any.
func (in *Interp) Unfix(end string, where diag.Pos) bool {
	return in.unfixSince(0, end, where)
}

// unfixSince takes back what has been fixed but for the first n.
func (in *Interp) unfixSince(n int, end string, where diag.Pos) bool {
	since := in.fixed[n:]
	in.fixed = in.fixed[:n]
	for _, f := range since {
		for _, i := range f.inputs {
			i.needed = true
		}
		f.Code = f.code
		f.Message = f.message + "; without it the script ends by " + end
		if where.Known() {
			f.WithNote(where, "it ends here")
		}
	}
	return len(since) > 0
}

// FixArguments fixes the symbolic arguments of a call that has looked into one,
// as err says; false where it hasn't, or an argument has no default.
func (c *Call) FixArguments(err error) bool {
	d, ok := err.(*diag.Diagnostic)
	if !ok || d.Code != diag.InputSymbolic {
		return false
	}
	var inputs []*Input
	fixed := true
	known := func(v Value) Value {
		s, symbolic := v.(*Sym)
		if !symbolic {
			return v
		}
		at, err := c.Thread.AtDefaults(s)
		if at == nil || err != nil {
			fixed = false
			return v
		}
		inputs = append(inputs, s.Inputs()...)
		return at
	}
	slots := slices.Clone(c.slots)
	for i, v := range slots {
		slots[i] = known(v)
		if rest, ok := v.(*Tuple); ok { // what a parameter gathers
			elems := slices.Clone(rest.elems)
			for k, e := range elems {
				elems[k] = known(e)
			}
			slots[i] = NewTuple(elems...)
		}
	}
	if !fixed || len(inputs) == 0 {
		return false
	}
	c.slots = slots
	c.Thread.Fix(d, inputs...)
	return true
}

// Missing is the diagnostic for a driver that asks which inputs there are, or
// whether one is there, which only the start can say.
func (in *Input) Missing(what string) *diag.Diagnostic {
	return diag.New(diag.InputMissing, diag.Pos{}, "%s needs %s, which the build wasn't given", what, in).
		WithHint("%s", supply(in)).
		WithMissing(string(in.Kind), in.Name)
}
