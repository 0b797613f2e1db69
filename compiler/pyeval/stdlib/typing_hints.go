package stdlib

import (
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
)

// fillHints adds what takes types apart.
func fillHints(m *pyeval.Module) {
	m.Def("get_origin(tp, /)", func(c *pyeval.Call) (pyeval.Value, error) { return originOf(c.Thread, c.Arg("tp")) })
	m.Def("get_args(tp, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		_, _, args, _ := pyeval.Subscripted(c.Arg("tp"))
		return pyeval.NewTuple(args...), nil
	})
	m.Def("get_type_hints(obj, globalns=None, localns=None, include_extras: bool=False)", func(c *pyeval.Call) (pyeval.Value, error) {
		out := pyeval.NewDict()
		for _, part := range annotated(c.Arg("obj")) {
			notes, err := c.Thread.GetAttr(part, "__annotations__")
			if err != nil {
				continue
			}
			home, err := homeModule(c.Thread, part)
			if err != nil {
				return nil, err
			}
			d, ok := notes.(*pyeval.Dict)
			if !ok {
				continue
			}
			for name, v := range d.Items() {
				typ, err := resolveHint(c.Thread, v, home, c.Bool("include_extras"))
				if err != nil {
					return nil, err
				}
				out.SetStr(textOf(name), typ)
			}
		}
		return out, nil
	})
}

// annotated are the objects whose annotations count: of a class its bases
// first.
func annotated(v pyeval.Value) []pyeval.Value {
	k, ok := v.(*pyeval.Class)
	if !ok {
		return []pyeval.Value{v}
	}
	var out []pyeval.Value
	for _, base := range slices.Backward(k.MRO()) {
		if _, own := base.Dict().GetStr("__annotations__"); own {
			out = append(out, base)
		}
	}
	return out
}

// homeModule is the module whose names the annotations of an object use.
func homeModule(t *pyeval.Thread, v pyeval.Value) (*pyeval.Module, error) {
	name, err := t.GetAttr(v, "__module__")
	if err != nil {
		return t.Interp().Main(), nil
	}
	m, err := t.Import(textOf(name))
	if err != nil {
		return nil, err
	}
	if home, ok := m.(*pyeval.Module); ok {
		return home, nil
	}
	return t.Interp().Main(), nil
}

// resolveHint puts types in place of their names.
func resolveHint(t *pyeval.Thread, v pyeval.Value, home *pyeval.Module, extras bool) (pyeval.Value, error) {
	if v == pyeval.None {
		return pyeval.NoneClass, nil
	}
	if s, ok := v.(*pyeval.Str); ok {
		typ, err := t.EvalType(s.String(), home)
		if err != nil {
			return nil, err
		}
		return resolveHint(t, typ, home, extras)
	}
	name, _, args, ok := pyeval.Subscripted(v)
	if !ok {
		return v, nil
	}
	if strings.HasPrefix(name, "ForwardRef(") {
		text, err := t.GetAttr(v, "__forward_arg__")
		if err != nil {
			return nil, err
		}
		return resolveHint(t, text, home, extras)
	}
	if len(args) == 0 || name == "typing.Literal" {
		return v, nil
	}
	if name == "typing.Annotated" && !extras {
		return resolveHint(t, args[0], home, extras)
	}
	resolved := slices.Clone(args)
	for i, a := range args {
		if _, isList := a.(*pyeval.List); isList || name == "typing.Annotated" && i > 0 {
			continue
		}
		r, err := resolveHint(t, a, home, extras)
		if err != nil {
			return nil, err
		}
		resolved[i] = r
	}
	return pyeval.WithTypeArgs(v, resolved), nil
}

// originOf is the class or special form that a subscripted type is one of.
func originOf(t *pyeval.Thread, v pyeval.Value) (pyeval.Value, error) {
	name, origin, args, ok := pyeval.Subscripted(v)
	if !ok || v == pyeval.None {
		return pyeval.None, nil
	}
	short, typing := strings.CutPrefix(name, "typing.")
	_, abstract := abcNames.Find(short)
	switch {
	case name == "typing.Annotated" && args != nil:
		return annotatedClass, nil
	case typing && abstract:
		containers, err := t.Import("collections.abc")
		if err != nil {
			return nil, err
		}
		if short == "AbstractSet" {
			short = "Set"
		}
		return t.GetAttr(containers, short)
	case origin != nil:
		return origin, nil
	case name == "|":
		return unionTypeClass, nil
	case len(args) == 0:
		return pyeval.None, nil
	}
	return pyeval.NewAlias(name, nil), nil
}

// annotatedClass is the origin of Annotated[int, …].
var annotatedClass = pyeval.NewClass("typing", "Annotated")

// unionTypeClass is the class of int | str.
var unionTypeClass = pyeval.NewClass("types", "UnionType")
