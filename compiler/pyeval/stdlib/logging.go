package stdlib

import "pyfc/compiler/pyeval"

func init() { loaders["logging"] = fillLogging }

// fillLogging gives the part in Python its way to write, and to know who calls.
// A line with something that only the job knows is dropped: no plan depends on
// it.
func fillLogging(_ *pyeval.Thread, m *pyeval.Module) {
	m.Def("_write(stream, text: any, end: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		if _, ok := c.Arg("text").(*pyeval.Opaque); ok {
			return pyeval.None, nil
		}
		text, err := c.Thread.Binary("+", c.Arg("text"), c.Arg("end"))
		if err != nil {
			return nil, err
		}
		return method(c.Thread, c.Arg("stream"), "write", text)
	})
	m.Def("_caller(stacklevel: int)", func(c *pyeval.Call) (pyeval.Value, error) {
		module, function, line := c.Thread.Caller(max(int(c.Int("stacklevel"))-1, 0))
		if module == nil {
			return pyeval.NewTuple(pyeval.NewStr("(unknown file)"), pyeval.NewInt(0), pyeval.NewStr("(unknown function)")), nil
		}
		path, _ := module.Dict().GetStr("__file__")
		return pyeval.NewTuple(path, pyeval.NewInt(int64(line)), pyeval.NewStr(function)), nil
	})
}
