package pyeval

import (
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// A symbolic value that the script looks into is what the script gets when
// nothing is supplied: its default, or None. The build says so, and the binary
// refuses to start with anything else. Without a default the script would stop,
// and so does the run.
//
// An opaque value that the script looks into is reported, and the run goes on
// with what the script would most likely see, so that all faults come at once: it
// is assumed to be true, empty and unequal to everything; what a refused call
// gave, likewise. What follows from an assumption is never built, since an error
// has been reported; an exception that ends such a run may be of the assumption's
// making and isn't reported.

// Assume fixes a symbolic value that what looks into, and returns it.
func (t *Thread) Assume(s *Sym, what string) (Value, error) {
	return t.assumed(s, s.Needs(what))
}

func (t *Thread) assumed(s *Sym, d *diag.Diagnostic) (Value, error) {
	v, err := t.AtDefaults(s)
	if v == nil || err != nil {
		return nil, d
	}
	t.Fix(d, s.Inputs()...)
	return v, nil
}

// AssumeOpaque reports that an opaque value is looked into; what says how, as
// for Refuse.
func (t *Thread) AssumeOpaque(o *Opaque, what string) {
	if asLate(o) != nil {
		t.sawLate(o)
		return
	}
	t.guessed = true
	if t.leaveUnknown(o, what) {
		return
	}
	if d, ok := o.Refuse(what).(*diag.Diagnostic); ok {
		t.suspect(d)
	}
}

// leaveUnknown reports whether CPython runs a script that depends on a value
// which isn't modelled. This evaluation goes on with an assumption.
func (t *Thread) leaveUnknown(o *Opaque, what string) bool {
	unknown := t.in.opts.Unknown
	return !o.Reported && unknown != nil && unknown(o, what, t.Where())
}

// suspect reports a diagnostic that gets its place from the expression that is
// being evaluated.
func (t *Thread) suspect(d *diag.Diagnostic) {
	t.guessed = true
	if d.Pos.Known() {
		t.Report(d)
		return
	}
	t.unplaced = append(t.unplaced, d)
}

// settle gives an error, and the diagnostics that have no place yet, the place
// of what has been evaluated.
func (t *Thread) settle(err error, where pyast.Span) error {
	for _, d := range t.unplaced {
		d.Pos = where.Pos()
		t.Report(d)
	}
	t.unplaced = t.unplaced[:0]
	return locate(err, where)
}

// AtDefaults is a symbolic value when nothing is supplied; nil if it has no
// default, or the script ends by it.
func (t *Thread) AtDefaults(s *Sym) (Value, error) {
	if len(s.Parts) == 1 && s.Parts[0].Lit == nil {
		v, err := t.partAtDefaults(s.Parts[0])
		if v == nil || err != nil || v == None {
			return v, err
		}
		return t.ofKind(s.Kind, v)
	}
	var text strings.Builder
	for _, p := range s.Parts {
		v, err := t.partAtDefaults(p)
		if v == nil || err != nil {
			return nil, err
		}
		x, err := t.Str(v)
		if err != nil {
			return nil, err
		}
		text.WriteString(x)
	}
	return t.ofKind(s.Kind, NewStr(text.String()))
}

// ofKind reads a text as a number or truth value.
func (t *Thread) ofKind(k SymKind, v Value) (Value, error) {
	text, ok := v.(*Str)
	if !ok {
		return v, nil
	}
	switch k {
	case SymInt:
		return t.Call(IntClass, v)
	case SymFloat:
		return t.Call(FloatClass, v)
	case SymBool:
		return Bool(text.s == "True"), nil
	}
	return v, nil
}

func (t *Thread) partAtDefaults(p SymPart) (Value, error) {
	switch in := p.Input; {
	case p.Lit != nil:
		return p.Lit, nil
	case in != nil && in.Baked:
		return NewStr(in.Value), nil
	case in != nil && in.needed:
		return nil, nil
	case in != nil && in.HasDefault:
		return NewStr(in.Default), nil
	case in != nil && in.Optional:
		return None, nil
	case in != nil:
		return nil, nil
	}
	args := make([]Value, len(p.Args))
	for i, a := range p.Args {
		args[i] = a
		s, ok := a.(*Sym)
		if !ok {
			continue
		}
		v, err := t.AtDefaults(s)
		if err != nil {
			return nil, err
		}
		if v == nil && p.Op != "default" {
			return nil, nil
		}
		args[i] = v
	}
	return t.applyNow(p.Op, args)
}

// applyNow does now what is otherwise applied at start.
func (t *Thread) applyNow(op string, args []Value) (Value, error) {
	switch method, isMethod := strings.CutPrefix(op, "str."); {
	case isMethod:
		fn, err := t.GetAttr(args[0], method)
		if err != nil {
			return nil, err
		}
		return t.Call(fn, args[1:]...)
	case op == "default": // the value if it is there, else what is given
		if args[0] == nil {
			return args[1], nil
		}
		return args[0], nil
	case op == "or":
		yes, err := t.Truth(args[0], "a condition")
		if yes || err != nil {
			return args[0], err
		}
		return args[1], nil
	case op == "str":
		return t.Text(args[0])
	case op == "int", op == "float":
		if args[0] == None { // an option without a value
			return None, nil
		}
		return t.Call(map[string]*Class{"int": IntClass, "float": FloatClass}[op], args[0])
	}
	mod, name := op[:strings.LastIndexByte(op, '.')], op[strings.LastIndexByte(op, '.')+1:]
	m, err := t.Import(mod)
	if err != nil {
		return nil, err
	}
	fn, err := t.GetAttr(m, name)
	if err != nil {
		return nil, err
	}
	return t.Call(fn, args...)
}
