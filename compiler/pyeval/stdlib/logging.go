package stdlib

import "pyfc/compiler/pyeval"

func init() {
	loaders["logging"] = fillLogging
	loaders["logging.config"] = func(_ *pyeval.Thread, m *pyeval.Module) {
		m.Def("dictConfig(config)", none)
		m.Def("fileConfig(fname, defaults=None, disable_existing_loggers=True, encoding=None)", none)
	}
}

// fillLogging gives the part in Python its way to write. A line with something
// that only the job knows is dropped: no plan depends on it.
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
}
