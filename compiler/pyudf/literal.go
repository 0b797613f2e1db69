package pyudf

import (
	"fmt"
	"math"
	"strings"

	"pyfc/compiler/pyeval"
)

// maxDepth bounds the nesting of data that travels as a literal; deeper, or
// cyclic, data doesn't.
const maxDepth = 40

// literal writes plain data as Python source. A value that is known only at
// start becomes a name that the worker is given. ok is false for anything that
// isn't data.
func (s *slicer) literal(v pyeval.Value) (text string, ok bool) {
	w := &literalWriter{inputs: s.found.inputs}
	if !w.write(v, 0) {
		return "", false
	}
	s.found.inputs = w.inputs
	return w.b.String(), true
}

type literalWriter struct {
	b      strings.Builder
	inputs []Input
}

func (w *literalWriter) write(v pyeval.Value, depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch v := v.(type) {
	case pyeval.NoneType, pyeval.Bool, pyeval.Int, *pyeval.Str, pyeval.Bytes:
		return w.repr(v)
	case pyeval.Float:
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			fmt.Fprintf(&w.b, "float('%v')", f)
			return true
		}
		return w.repr(v)
	case *pyeval.Sym:
		switch v.Kind { // what the worker is given is text
		case pyeval.SymInt, pyeval.SymFloat:
			fmt.Fprintf(&w.b, "%s(%s)", v.Class().Name(), w.input(v))
		case pyeval.SymStr:
			w.b.WriteString(w.input(v))
		}
		return v.Kind != pyeval.SymBool
	case *pyeval.List:
		return w.seq("[", "]", v.Elems(), depth)
	case *pyeval.Tuple:
		if len(v.Elems()) == 1 {
			return w.seq("(", ",)", v.Elems(), depth)
		}
		return w.seq("(", ")", v.Elems(), depth)
	case *pyeval.Set:
		return w.set(v, depth)
	case *pyeval.Dict:
		return w.dict(v, depth)
	case *pyeval.Instance:
		if !isNamespace(v.Class()) {
			return false
		}
		fmt.Fprintf(&w.b, "__import__(%q).%s(**", v.Class().ModuleName(), v.Class().Name())
		ok := w.dict(v.Dict(), depth)
		w.b.WriteString(")")
		return ok
	}
	return false
}

// isNamespace reports whether objects of a class are nothing but attributes:
// what argparse gives, and types.SimpleNamespace.
func isNamespace(c *pyeval.Class) bool {
	return c.ModuleName() == "argparse" && c.Name() == "Namespace" || c.ModuleName() == "types" && c.Name() == "SimpleNamespace"
}

func (w *literalWriter) repr(v pyeval.Value) bool {
	text, err := new(pyeval.Thread).Repr(v)
	w.b.WriteString(text)
	return err == nil
}

func (w *literalWriter) seq(open, end string, elems []pyeval.Value, depth int) bool {
	w.b.WriteString(open)
	for i, e := range elems {
		if i > 0 {
			w.b.WriteString(", ")
		}
		if !w.write(e, depth+1) {
			return false
		}
	}
	w.b.WriteString(end)
	return true
}

func (w *literalWriter) set(v *pyeval.Set, depth int) bool {
	elems, err := new(pyeval.Thread).Iterate(v)
	return err == nil && w.seq(v.Class().Name()+"([", "])", elems, depth)
}

func (w *literalWriter) dict(d *pyeval.Dict, depth int) bool {
	w.b.WriteString("{")
	first := true
	for k, v := range d.Items() {
		if !first {
			w.b.WriteString(", ")
		}
		first = false
		if !w.write(k, depth+1) {
			return false
		}
		w.b.WriteString(": ")
		if !w.write(v, depth+1) {
			return false
		}
	}
	w.b.WriteString("}")
	return true
}

// input returns the name under which the worker is given a symbolic value.
func (w *literalWriter) input(v *pyeval.Sym) string {
	for _, in := range w.inputs {
		if in.Value == v {
			return in.Name
		}
	}
	name := fmt.Sprintf("_pyfc_input_%d", len(w.inputs))
	w.inputs = append(w.inputs, Input{name, v})
	return name
}

// holdsInput reports whether plain data has a part that is only known at
// start.
func holdsInput(v pyeval.Value) bool {
	if v == nil {
		return false
	}
	w := &literalWriter{}
	w.write(v, 0)
	return len(w.inputs) > 0
}

// mutable reports whether a call that is given the object can change it in a
// way that a function would notice.
func mutable(v pyeval.Value) bool {
	switch v.(type) {
	case *pyeval.List, *pyeval.Dict, *pyeval.Set, *pyeval.Opaque:
		return true
	}
	o, ok := v.(*pyeval.Instance)
	return v == nil || ok && o.Class().Source() != nil
}
