package pyeval

import (
	"fmt"
	"strings"

	"pyfc/rt/pytext"
)

// Repr is repr(v).
func (t *Thread) Repr(v Value) (string, error) {
	switch v := v.(type) {
	case *Str:
		return pytext.Quote(v.s), nil
	case *Sym:
		known, err := t.Assume(v, "repr()")
		if err != nil {
			return "", err
		}
		return t.Repr(known)
	case *Opaque:
		t.AssumeOpaque(v, "is shown")
		return "<" + v.Origin + ">", nil
	case *Instance:
		return t.instanceRepr(v)
	case *List, *Tuple, *Dict, *Set, *dictView:
		return t.containerRepr(v)
	case *Class:
		if m := operatorMethod(v, "__repr__"); m != nil {
			return t.callText(m, v, "__repr__")
		}
	}
	return simpleRepr(v), nil
}

// simpleRepr shows the values that contain no others.
func simpleRepr(v Value) string {
	switch v := v.(type) {
	case NoneType:
		return "None"
	case EllipsisType:
		return "Ellipsis"
	case NotImplementedType:
		return "NotImplemented"
	case Bool:
		if v {
			return "True"
		}
		return "False"
	case Int:
		return v.String()
	case Float:
		return pytext.Float(float64(v))
	case Bytes:
		return bytesRepr(string(v))
	case *Range:
		if v.step == 1 {
			return fmt.Sprintf("range(%d, %d)", v.start, v.stop)
		}
		return fmt.Sprintf("range(%d, %d, %d)", v.start, v.stop, v.step)
	case *Slice:
		return "slice(" + simpleRepr(v.start) + ", " + simpleRepr(v.stop) + ", " + simpleRepr(v.step) + ")"
	case *Class:
		if v.module == "builtins" {
			return "<class '" + v.qualname + "'>"
		}
		return "<class '" + v.module + "." + v.qualname + "'>"
	case *Module:
		return "<module '" + v.name + "'>"
	case *Function:
		return "<function " + v.qualname + ">"
	case *Native:
		return "<built-in function " + v.name + ">"
	case *BoundMethod:
		return "<bound method " + strings.Trim(simpleRepr(v.fn), "<>") + ">"
	case *alias:
		return v.String()
	}
	return "<" + v.Class().name + " object>"
}

func (t *Thread) instanceRepr(v *Instance) (string, error) {
	if m := operatorMethod(v, "__repr__"); m != nil {
		return t.callText(m, v, "__repr__")
	}
	if e, ok := v.Data.(*exception); ok {
		args, err := t.Repr(e.shownArgs(v.class))
		if len(e.shownArgs(v.class).elems) == 1 {
			args = strings.TrimSuffix(args, ",)") + ")"
		}
		return v.class.name + args, err
	}
	if v.builtin != nil {
		return t.Repr(v.builtin)
	}
	return "<" + v.class.module + "." + v.class.qualname + " object>", nil
}

// callText calls a method that must return a str.
func (t *Thread) callText(m, v Value, name string) (string, error) {
	r, err := t.callMethod(m, v)
	if err != nil {
		return "", err
	}
	switch r := plain(r).(type) {
	case *Str:
		return r.s, nil
	case *Sym:
		return "", r.Needs(name + "()")
	case *Opaque:
		return "", r.Refuse("is shown")
	}
	return "", Errorf(TypeError, "%s returned non-string (type %s)", name, r.Class().name)
}

func (t *Thread) containerRepr(v Value) (string, error) {
	for _, outer := range t.showing {
		if outer == v {
			return cyclic(v), nil
		}
	}
	t.showing = append(t.showing, v)
	defer func() { t.showing = t.showing[:len(t.showing)-1] }()
	if err := t.enter(); err != nil {
		return "", err
	}
	defer t.leave()
	switch v := v.(type) {
	case *List:
		s, err := t.joinReprs(v.elems)
		return "[" + s + "]", err
	case *Tuple:
		s, err := t.joinReprs(v.elems)
		if len(v.elems) == 1 {
			s += ","
		}
		return "(" + s + ")", err
	case *dictView:
		s, err := t.joinReprs(v.elems())
		name := map[byte]string{'k': "dict_keys", 'v': "dict_values", 'i': "dict_items"}[v.kind]
		return name + "([" + s + "])", err
	case *Set:
		return t.setRepr(v)
	}
	return t.dictRepr(v.(*Dict))
}

func (t *Thread) setRepr(v *Set) (string, error) {
	s, err := t.joinReprs(v.elems())
	switch {
	case v.frozen && s == "":
		return "frozenset()", err
	case v.frozen:
		return "frozenset({" + s + "})", err
	case s == "":
		return "set()", err
	}
	return "{" + s + "}", err
}

func (t *Thread) dictRepr(d *Dict) (string, error) {
	var b strings.Builder
	for k, x := range d.Items() {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		ks, err := t.Repr(k)
		if err != nil {
			return "", err
		}
		xs, err := t.Repr(x)
		if err != nil {
			return "", err
		}
		b.WriteString(ks + ": " + xs)
		if err := t.alloc(len(ks) + len(xs)); err != nil {
			return "", err
		}
	}
	if d.factory != nil {
		f := simpleRepr(d.factory)
		return "defaultdict(" + f + ", {" + b.String() + "})", nil
	}
	return "{" + b.String() + "}", nil
}

func cyclic(v Value) string {
	switch v.(type) {
	case *List:
		return "[...]"
	case *Tuple:
		return "(...)"
	}
	return "{...}"
}

func (t *Thread) joinReprs(elems []Value) (string, error) {
	parts := make([]string, len(elems))
	for i, e := range elems {
		s, err := t.Repr(e)
		if err != nil {
			return "", err
		}
		parts[i] = s
		if err := t.alloc(len(s)); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, ", "), nil
}

// Text is str(v) as a value: a *Str, a *Sym, or an *Opaque for an opaque v.
func (t *Thread) Text(v Value) (Value, error) {
	switch v := v.(type) {
	case *Str, *Opaque:
		return v, nil
	case *Sym:
		return v.asStr(t.Where()), nil
	case *Instance:
		if s, ok := v.builtin.(*Str); ok && operatorMethod(v, "__str__") == nil {
			return s, nil
		}
		if m := operatorMethod(v, "__str__"); m != nil {
			r, err := t.callMethod(m, v)
			if err != nil {
				return nil, err
			}
			switch r := plain(r).(type) {
			case *Str, *Sym, *Opaque:
				return r, nil
			}
			return nil, Errorf(TypeError, "__str__ returned non-string (type %s)", r.Class().name)
		}
		if e, ok := v.Data.(*exception); ok {
			return t.exceptionStr(v, e)
		}
	}
	s, err := t.Repr(v)
	return NewStr(s), err
}

// exceptionStr is str() of an exception without a __str__ of its own.
func (t *Thread) exceptionStr(v *Instance, e *exception) (Value, error) {
	switch {
	case len(e.args.elems) == 0:
		return NewStr(""), nil
	case len(e.args.elems) == 1 && !v.class.IsA(KeyError):
		return t.Text(e.args.elems[0])
	case len(e.args.elems) == 1:
		s, err := t.Repr(e.args.elems[0])
		return NewStr(s), err
	case v.class.IsA(OSError):
		no, err := t.Str(e.args.elems[0])
		if err != nil {
			return nil, err
		}
		msg, err := t.Str(e.args.elems[1])
		out := "[Errno " + no + "] " + msg
		if len(e.args.elems) > 2 {
			var file string
			file, err = t.Repr(e.args.elems[2])
			out += ": " + file
		}
		return NewStr(out), err
	}
	s, err := t.Repr(e.args)
	return NewStr(s), err
}

// Str is str(v) where it must be known.
func (t *Thread) Str(v Value) (string, error) {
	x, err := t.Text(v)
	if err != nil {
		return "", err
	}
	switch x := x.(type) {
	case *Sym:
		known, err := t.Assume(x, "a text")
		if err != nil {
			return "", err
		}
		return t.Str(known)
	case *Opaque:
		t.AssumeOpaque(x, "is shown")
		return "<" + x.Origin + ">", nil
	}
	return x.(*Str).s, nil
}

// asciiRepr escapes everything beyond ASCII.
func asciiRepr(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			b.WriteString(pytext.EscapeRune(r))
		}
	}
	return b.String()
}

func bytesRepr(s string) string {
	q := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	var b strings.Builder
	b.WriteString("b" + string(q))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == q || c == '\\':
			b.WriteString(`\` + string(c))
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(q)
	return b.String()
}

// Quote is repr of a text.
func Quote(s string) string { return pytext.Quote(s) }
