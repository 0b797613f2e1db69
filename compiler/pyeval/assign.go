package pyeval

import (
	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

func (t *Thread) execAssign(s *pyast.Assign) error {
	v, err := t.eval(s.Value)
	if err != nil {
		return err
	}
	for _, target := range s.Targets {
		if err := t.assign(target, v); err != nil {
			return err
		}
	}
	return nil
}

// assign binds a target, which may be a pattern.
func (t *Thread) assign(target pyast.Expr, v Value) error {
	switch e := target.(type) {
	case *pyast.Name:
		t.store(e.ID, v)
		return nil
	case *pyast.Attribute:
		obj, err := t.eval(e.Value)
		if err != nil {
			return err
		}
		t.frame.at = e.Span
		return t.settle(t.SetAttr(obj, t.frame.mangle(e.Attr), v), e.AttrSpan)
	case *pyast.Subscript:
		obj, err := t.eval(e.Value)
		if err != nil {
			return err
		}
		key, err := t.eval(e.Index)
		if err != nil {
			return err
		}
		t.frame.at = e.Span
		return t.settle(t.SetIndex(obj, key, v), e.Span)
	case *pyast.Tuple:
		return t.settle(t.unpack(e.Elts, v), e.Span)
	case *pyast.List:
		return t.settle(t.unpack(e.Elts, v), e.Span)
	}
	return diag.New(diag.PySyntax, target.Where().Pos(), "cannot assign to this expression")
}

// unpack binds the targets of a pattern, of which one may be starred.
func (t *Thread) unpack(targets []pyast.Expr, v Value) error {
	star := -1
	for i, e := range targets {
		if _, ok := e.(*pyast.Starred); ok {
			star = i
		}
	}
	if o, ok := v.(*Opaque); ok && (star < 0 || o.Late) {
		for _, e := range targets {
			if s, ok := e.(*pyast.Starred); ok {
				e = s.Value
			}
			if err := t.assign(e, o.derive(o.Origin+"[…]", e.Where())); err != nil {
				return err
			}
		}
		return nil
	}
	elems, err := t.Iterate(v)
	if err != nil {
		if isRaised(err, TypeError) && operatorMethod(v, "__iter__") == nil {
			return Errorf(TypeError, "cannot unpack non-iterable %s object", v.Class().name)
		}
		return err
	}
	need := len(targets)
	switch {
	case star >= 0 && len(elems) < need-1:
		return Errorf(ValueError, "not enough values to unpack (expected at least %d, got %d)", need-1, len(elems))
	case star < 0 && len(elems) < need:
		return Errorf(ValueError, "not enough values to unpack (expected %d, got %d)", need, len(elems))
	case star < 0 && len(elems) > need:
		return Errorf(ValueError, "too many values to unpack (expected %d)", need)
	}
	surplus := len(elems) - need + 1
	for i, e := range targets {
		switch {
		case i < star || star < 0:
			err = t.assign(e, elems[i])
		case i == star:
			rest := append([]Value(nil), elems[i:i+surplus]...)
			err = t.assign(e.(*pyast.Starred).Value, NewList(rest...))
		default:
			err = t.assign(e, elems[i+surplus-1])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// execAugAssign evaluates the target's parts once.
func (t *Thread) execAugAssign(s *pyast.AugAssign) error {
	var load func() (Value, error)
	var save func(Value) error
	switch e := s.Target.(type) {
	case *pyast.Name:
		load = func() (Value, error) { return t.load(e.ID) }
		save = func(v Value) error { t.store(e.ID, v); return nil }
	case *pyast.Attribute:
		obj, err := t.eval(e.Value)
		if err != nil {
			return err
		}
		name := t.frame.mangle(e.Attr)
		load = func() (Value, error) { return t.GetAttr(obj, name) }
		save = func(v Value) error { return t.SetAttr(obj, name, v) }
	case *pyast.Subscript:
		obj, err := t.eval(e.Value)
		if err != nil {
			return err
		}
		key, err := t.eval(e.Index)
		if err != nil {
			return err
		}
		load = func() (Value, error) { return t.Index(obj, key) }
		save = func(v Value) error { return t.SetIndex(obj, key, v) }
	default:
		return diag.New(diag.PySyntax, s.Target.Where().Pos(), "this expression is an illegal target of an augmented assignment")
	}
	old, err := load()
	if err = t.settle(err, s.Target.Where()); err != nil {
		return err
	}
	x, err := t.eval(s.Value)
	if err != nil {
		return err
	}
	t.frame.at = s.Span
	if t.augmentLate(old, x) {
		return nil
	}
	v, err := t.Augmented(s.Op, old, x)
	if err != nil {
		if isRaised(err, TypeError) {
			renameOperator(err.(*Raised), s.Op)
		}
		return err
	}
	return t.settle(save(v), s.Target.Where())
}

// augmentLate makes a container late that a late value is added to, or that is
// changed in a region.
func (t *Thread) augmentLate(old, x Value) bool {
	on := asLate(x)
	if t.region != nil {
		on = t.region.on
	}
	switch plain(old).(type) {
	case *List, *Set, *Dict:
		if on != nil {
			t.become(old, on)
			return true
		}
	}
	return false
}

// renameOperator turns "for +:" of a TypeError into "for +=:".
func renameOperator(r *Raised, op string) {
	args := exceptionOf(r.Exc).args
	if len(args.elems) != 1 {
		return
	}
	if s, ok := args.elems[0].(*Str); ok {
		const prefix = "unsupported operand type(s) for "
		if old := prefix + op + ":"; len(s.s) > len(old) && s.s[:len(old)] == old {
			args.elems[0] = NewStr(prefix + op + "=:" + s.s[len(old):])
		}
	}
}

// execAnnAssign also keeps the annotations of module and class variables,
// which dataclasses are made from.
func (t *Thread) execAnnAssign(s *pyast.AnnAssign) error {
	if s.Value != nil {
		v, err := t.eval(s.Value)
		if err != nil {
			return err
		}
		if err := t.assign(s.Target, v); err != nil {
			return err
		}
	}
	name, ok := s.Target.(*pyast.Name)
	if !ok || t.frame.ns == nil {
		return nil
	}
	a, err := t.annotation(s.Annotation)
	if err != nil {
		return err
	}
	notes, ok := t.frame.ns.GetStr("__annotations__")
	if !ok {
		notes = NewDict()
		t.frame.ns.SetStr("__annotations__", notes)
	}
	notes.(*Dict).SetStr(t.frame.mangle(name.ID), a)
	return nil
}

// annotation evaluates an annotation; under "from __future__ import
// annotations" it stays text.
func (t *Thread) annotation(e pyast.Expr) (Value, error) {
	if e == nil {
		return None, nil
	}
	if f, ok := t.frame.module.dict.GetStr("annotations"); ok {
		if d, ok := Data[futureFeature](f); ok && d == "annotations" {
			return NewStr(e.Where().Text()), nil
		}
	}
	return t.eval(e)
}

// delete executes del of one target.
func (t *Thread) delete(target pyast.Expr) error {
	switch e := target.(type) {
	case *pyast.Name:
		return t.unbind(e.ID)
	case *pyast.Attribute:
		obj, err := t.eval(e.Value)
		if err != nil {
			return err
		}
		return t.DelAttr(obj, t.frame.mangle(e.Attr))
	case *pyast.Subscript:
		obj, err := t.eval(e.Value)
		if err != nil {
			return err
		}
		key, err := t.eval(e.Index)
		if err != nil {
			return err
		}
		return t.DelIndex(obj, key)
	case *pyast.Tuple:
		for _, x := range e.Elts {
			if err := t.delete(x); err != nil {
				return err
			}
		}
		return nil
	case *pyast.List:
		for _, x := range e.Elts {
			if err := t.delete(x); err != nil {
				return err
			}
		}
		return nil
	}
	return diag.New(diag.PySyntax, target.Where().Pos(), "cannot delete this expression")
}
