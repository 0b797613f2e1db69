package pyflink

import (
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// textOf is a str as the job has it: with parts that are bound at start.
func textOf(v pyeval.Value, pos diag.Pos) (ir.Text, error) {
	sym, ok := v.(*pyeval.Sym)
	if !ok {
		return ir.Literal(textValue(v)), nil
	}
	var out ir.Text
	for _, p := range sym.Parts {
		part, err := textPart(sym, p, pos)
		if err != nil {
			return nil, err
		}
		out = append(out, part)
	}
	return out, nil
}

// textPart is one part of a symbolic value. The operations that a binary does
// at start apply to one input; what can't be said so needs the input at build.
func textPart(whole *pyeval.Sym, p pyeval.SymPart, pos diag.Pos) (ir.TextPart, error) {
	switch {
	case p.Lit != nil:
		return ir.TextPart{Literal: p.Lit.String()}, nil
	case p.Input != nil:
		return ir.TextPart{Input: inputOf(p.Input)}, nil
	}
	refused := needs(whole, p.Op+"()", pos)
	value, args, ok := symbolicArgument(p)
	if !ok || len(value.Parts) != 1 || value.Parts[0].Lit != nil {
		return ir.TextPart{}, refused
	}
	out, err := textPart(whole, value.Parts[0], pos)
	if err != nil {
		return out, err
	}
	op, ok := startOp(p.Op, args)
	switch {
	case !ok:
		return out, refused
	case op.Name != "":
		out.Apply = append(out.Apply, op)
	}
	return out, nil
}

// symbolicArgument is the one symbolic argument of an operation; args are the
// others, in order, with nil in its place.
func symbolicArgument(p pyeval.SymPart) (value *pyeval.Sym, args []pyeval.Value, ok bool) {
	for _, a := range p.Args {
		if s, symbolic := a.(*pyeval.Sym); symbolic {
			if value != nil {
				return nil, nil, false
			}
			value, a = s, nil
		}
		args = append(args, a)
	}
	return value, args, value != nil
}

// startOp is an operation of pyeval as the binary knows it; one without a name
// does nothing to the text.
func startOp(name string, args []pyeval.Value) (op ir.TextOp, ok bool) {
	var texts []string
	plain := args[0] == nil // nothing but the value, and arguments left out
	for _, a := range args[1:] {
		s, isText := a.(*pyeval.Str)
		if isText {
			texts = append(texts, s.String())
		}
		plain = plain && (a == pyeval.None || a == pyeval.NewInt(10) && name == "int")
	}
	switch name {
	case "str":
		return op, plain
	case "or":
		return ir.TextOp{Name: "or", Args: texts}, args[0] == nil && len(texts) == 1
	case "int", "str.strip", "str.lower", "str.upper":
		return ir.TextOp{Name: strings.TrimPrefix(name, "str.")}, plain
	case "str.replace":
		all := len(args) < 4 || args[3] == pyeval.NewInt(-1)
		return ir.TextOp{Name: "replace", Args: texts}, args[0] == nil && len(texts) == 2 && all
	case "os.path.join":
		if args[0] == nil { // the value comes first
			return ir.TextOp{Name: "append_path", Args: texts}, len(texts) == len(args)-1
		}
		first, isText := args[0].(*pyeval.Str)
		if !isText || args[len(args)-1] != nil { // what follows the value can't be said
			return op, false
		}
		return ir.TextOp{Name: "join_path", Args: append([]string{first.String()}, texts...)}, true
	}
	return op, false
}

func needs(s *pyeval.Sym, what string, pos diag.Pos) *diag.Diagnostic {
	d := s.Needs(what)
	d.Pos = pos
	return d
}

// inputOf is an input of the script as the job has it.
func inputOf(in *pyeval.Input) *ir.Input {
	out := &ir.Input{Kind: string(in.Kind), Name: in.Name, Aliases: in.Aliases, Constant: in.Constant,
		Default: in.Default, HasDefault: in.HasDefault, Optional: in.Optional, Supply: pyeval.BuildOptions(in)}
	if len(in.Where) > 0 {
		out.Pos = in.Where[0].Pos()
	}
	return out
}

// sqlText is a str argument that holds SQL: its text, the places in it that are
// bound at start, and where in the script it stands.
func sqlText(c *pyeval.Call, param string) (string, []sql.Hole, sql.Locator, error) {
	if sym, ok := c.Arg(param).(*pyeval.Sym); ok {
		return symText(sym, c.Where(param))
	}
	return c.Str(param), nil, func(off int) diag.Pos { return c.Locate(param, off).Pos() }, nil
}

// fixed is a text in which the parts that the parser needs to know are what
// they are by default; nil if there are none, or one has no default.
func fixed(c *pyeval.Call, param string, ds []*diag.Diagnostic) (*pyeval.Sym, error) {
	sym, ok := c.Arg(param).(*pyeval.Sym)
	if !ok {
		return nil, nil
	}
	needed := map[string]*diag.Diagnostic{}
	for _, d := range ds {
		if d.Code == diag.InputSymbolic {
			for _, m := range d.Missing {
				needed[m.Name] = d
			}
		}
	}
	out, changed := &pyeval.Sym{Where: sym.Where}, false
	for _, p := range sym.Parts {
		part := &pyeval.Sym{Parts: []pyeval.SymPart{p}, Where: sym.Where}
		inputs := part.Inputs()
		if len(inputs) == 0 || needed[inputs[0].Name] == nil {
			out.Parts = append(out.Parts, p)
			continue
		}
		v, err := c.Thread.AtDefaults(part)
		if v == nil || err != nil {
			return nil, err
		}
		text, err := c.Thread.Str(v)
		if err != nil {
			return nil, err
		}
		c.Thread.Fix(needed[inputs[0].Name], inputs...)
		out.Parts, changed = append(out.Parts, pyeval.SymPart{Lit: pyeval.NewStr(text)}), true
	}
	if !changed {
		return nil, nil
	}
	return out, nil
}

// symText is a text that is only known at start, with a hole for each unknown
// part.
func symText(sym *pyeval.Sym, at pyast.Span) (string, []sql.Hole, sql.Locator, error) {
	var b strings.Builder
	var holes []sql.Hole
	var lits []litAt
	for _, p := range sym.Parts {
		if p.Lit != nil {
			lits = append(lits, litAt{b.Len(), p.Lit})
			b.WriteString(p.Lit.String())
			continue
		}
		part, err := textPart(sym, p, at.Pos())
		if err != nil {
			return "", nil, nil, err
		}
		holes = append(holes, sql.Hole{Offset: b.Len(), Value: part})
	}
	return b.String(), holes, locateIn(lits, at), nil
}

// litAt is a known part of a symbolic text and where it begins.
type litAt struct {
	offset int
	text   *pyeval.Str
}

func locateIn(lits []litAt, at pyast.Span) sql.Locator {
	return func(off int) diag.Pos {
		for i := len(lits) - 1; i >= 0; i-- {
			if off >= lits[i].offset {
				if span, ok := lits[i].text.Locate(off - lits[i].offset); ok {
					return span.Pos()
				}
				break
			}
		}
		return at.Pos()
	}
}
