package stdlib

import "pyfc/compiler/pyeval"

func init() { loaders["inspect"] = fillInspect }

// fillInspect gives the part in Python what only the evaluator knows of a
// function.
func fillInspect(_ *pyeval.Thread, m *pyeval.Module) {
	m.Def("_parameters(f, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		f, ok := c.Arg("f").(*pyeval.Function)
		if !ok {
			return pyeval.None, nil
		}
		out := pyeval.NewList()
		for _, p := range f.Parameters() {
			parts := []pyeval.Value{pyeval.NewStr(p.Name), pyeval.NewInt(int64(p.Kind))}
			if p.Default != nil {
				parts = append(parts, p.Default)
			}
			out.Append(pyeval.NewTuple(parts...))
		}
		return out, nil
	})
	m.Def("_yields(f, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		f, ok := c.Arg("f").(*pyeval.Function)
		return pyeval.Bool(ok && f.IsGenerator()), nil
	})
}
