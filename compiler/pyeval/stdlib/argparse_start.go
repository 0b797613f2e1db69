package stdlib

import (
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
)

// symbolic binds every option to a value that is known at start.
func (p *parser) symbolic(c *pyeval.Call, ns *pyeval.Dict) error {
	for _, o := range p.options {
		if o.action == "help" || o.action == "version" {
			continue
		}
		in := o.input()
		in.Line = p.shortest(o)
		in.Choice, _ = p.choice(o)
		if o.nargs == nargsCommand {
			return in.Missing("a parser with commands")
		}
		v, err := o.symbolic(c, in)
		if err != nil {
			return err
		}
		ns.SetStr(o.dest, v)
	}
	return nil
}

// shortest are the words of a command line with an option and all that the
// parser requires.
func (p *parser) shortest(with *option) []string {
	line := []string{}
	for _, o := range p.options {
		switch {
		case o != with && !o.required && !p.stands(o, with):
		case len(o.flags) == 0:
			line = append(line, strings.ToUpper(o.name()))
		case nargsByAction[o.action] == "0":
			line = append(line, o.name())
		default:
			line = append(line, o.name()+" VALUE")
		}
	}
	return line
}

// stands reports whether an option is the one that the shortest line has of a
// group that requires one.
func (p *parser) stands(o, with *option) bool {
	_, g := p.choice(o)
	return g != nil && g.required && g.options[0] == o && !slices.Contains(g.options, with)
}

// choice is the group that lets only one of its options be given, and its
// number from 1; 0 and nil for an option outside of such groups.
func (p *parser) choice(o *option) (int, *group) {
	for i, g := range p.groups {
		if g.exclusive && slices.Contains(g.options, o) {
			return i + 1, g
		}
	}
	return 0, nil
}

// input is the option as an input of the job, without its value.
func (o *option) input() *pyeval.Input {
	in := &pyeval.Input{Kind: pyeval.ArgumentInput, Name: o.name(), Doc: textOf(o.help)}
	for _, f := range o.flags {
		if f != in.Name {
			in.Aliases = append(in.Aliases, f)
		}
	}
	switch o.action {
	case "store_true":
		in.Constant = "True"
	case "store_false":
		in.Constant = "False"
	}
	return in
}

func (o *option) symbolic(c *pyeval.Call, in *pyeval.Input) (pyeval.Value, error) {
	switch d := o.def.(type) {
	case *pyeval.Sym:
		s := pyeval.NewSym(c.Thread.Interp().Declare(*in, o.where), c.Span)
		return c.Thread.ApplyAtStart("default", d.Kind, s, d)
	case *pyeval.Opaque:
		return d, nil
	}
	_, text := o.def.(*pyeval.Str)
	switch {
	case textOf(o.def) == suppress:
		return nil, in.Missing("an argument that leaves no attribute without a value")
	case o.several() && !o.required && len(o.flags) > 0 && (!text || o.typ == pyeval.None):
		return bake(c, *in, o.def, o.where)
	case o.def == pyeval.None:
		in.Optional = !o.required
	case !text && o.typ == pyeval.None && o.action == "store" && !o.required:
		return bake(c, *in, o.def, o.where)
	default:
		text, err := c.Thread.Str(o.def)
		if err != nil {
			return nil, err
		}
		in.Default, in.HasDefault = text, true
	}
	s := pyeval.NewSym(c.Thread.Interp().Declare(*in, o.where), c.Span)
	switch {
	case o.action == "store_true" || o.action == "store_false":
		s.Kind = pyeval.SymBool
		return s, nil
	case o.action == "count":
		s.Kind = pyeval.SymInt
		return s, nil
	case o.several():
		return nil, in.Missing("an argument with several values or an action of its own")
	case o.typ == pyeval.None || o.typ == pyeval.Value(pyeval.StrClass):
		return s, nil
	case o.typ == pyeval.Value(pyeval.IntClass):
		return c.Thread.ApplyAtStart("int", pyeval.SymInt, s)
	case o.typ == pyeval.Value(pyeval.FloatClass):
		return c.Thread.ApplyAtStart("float", pyeval.SymFloat, s)
	}
	if o.required || o.def == pyeval.None {
		return nil, in.Missing("the conversion of an argument by the script's own type")
	}
	c.Thread.Fix(in.Missing("the conversion of an argument by the script's own type"), in)
	if !text {
		return o.def, nil
	}
	return c.Thread.Call(o.typ, o.def)
}

// several reports whether the option takes a list of words, or makes of one what
// no text does.
func (o *option) several() bool {
	switch o.action {
	case "store_true", "store_false", "count":
		return false
	}
	return o.nargs != "" && o.nargs != "?" || o.action != "store"
}

// record notes the values as baked into the plan.
func (p *parser) record(c *pyeval.Call, ns *pyeval.Dict) {
	for _, o := range p.options {
		if o.commands != nil && o.commands.chosen != nil {
			o.commands.chosen.record(c, ns)
		}
		if v, ok := ns.GetStr(o.dest); ok {
			text, err := c.Thread.Str(v)
			if err == nil {
				in := o.input()
				in.Baked, in.Value = true, text
				c.Thread.Interp().Declare(*in, o.where)
			}
		}
	}
}
