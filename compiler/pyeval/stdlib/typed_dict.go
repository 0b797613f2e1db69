package stdlib

import "pyfc/compiler/pyeval"

// typedDictClass is TypedDict; what derives from it makes plain dicts.
var (
	typedDictMeta  = pyeval.NewClass("typing", "_TypedDictMeta", pyeval.TypeClass)
	typedDictClass = pyeval.NewClass("typing", "TypedDict").SetMeta(typedDictMeta)
)

func init() {
	typedDictMeta.Static("__new__(meta, name: str, bases: tuple, ns: dict, /, total: bool=True)", func(c *pyeval.Call) (pyeval.Value, error) {
		var bases []*pyeval.Class
		for _, b := range c.Elems("bases") {
			if k, ok := b.(*pyeval.Class); ok && k != typedDictClass {
				bases = append(bases, k)
			}
		}
		return typedDict(c.Thread, c.Str("name"), bases, c.Keywords("ns"), c.Bool("total"))
	})
	typedDictMeta.Def("__call__(cls, *args, total: bool=True, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		args := c.Elems("args")
		if c.Args()[0] != pyeval.Value(typedDictClass) {
			return c.Thread.Invoke(pyeval.DictClass, c.Passed()[1:], c.Span, c.At)
		}
		if len(args) != 2 {
			return nil, pyeval.Errorf(pyeval.TypeError, "TypedDict takes a name and a dict of types")
		}
		ns := pyeval.NewDict()
		ns.SetStr("__annotations__", args[1])
		return typedDict(c.Thread, textOf(args[0]), nil, ns, c.Bool("total"))
	})
}

// typedDict makes the class: its annotations are those of the bases too, and
// it knows which keys must be there.
func typedDict(t *pyeval.Thread, name string, bases []*pyeval.Class, ns *pyeval.Dict, total bool) (pyeval.Value, error) {
	notes := pyeval.NewDict()
	required, optional := pyeval.NewFrozenSet(), pyeval.NewFrozenSet()
	for _, b := range bases {
		inherited, _ := b.Lookup("__annotations__").(*pyeval.Dict)
		if inherited == nil {
			continue
		}
		for k, v := range inherited.Items() {
			notes.SetStr(textOf(k), v)
		}
		for attr, to := range (pyeval.Named[*pyeval.Set]{{"__required_keys__", required}, {"__optional_keys__", optional}}).All() {
			keys, err := t.Iterate(b.Lookup(attr))
			if err != nil {
				return nil, err
			}
			for _, k := range keys {
				if err := to.Add(t, k); err != nil {
					return nil, err
				}
			}
		}
	}
	if own, _ := ns.GetStr("__annotations__"); own != nil {
		d, ok := own.(*pyeval.Dict)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "TypedDict takes a name and a dict of types")
		}
		for k, v := range d.Items() {
			notes.SetStr(textOf(k), v)
			form, _, _, _ := pyeval.Subscripted(v)
			to := optional
			if form == "typing.Required" || total && form != "typing.NotRequired" {
				to = required
			}
			if err := to.Add(t, k); err != nil {
				return nil, err
			}
		}
	}
	k, err := t.NewType(typedDictMeta, name, []pyeval.Value{pyeval.DictClass}, ns)
	if err != nil {
		return nil, err
	}
	return k.Set("__annotations__", notes).Set("__total__", pyeval.Bool(total)).Set("__required_keys__", required).Set("__optional_keys__", optional), nil
}
