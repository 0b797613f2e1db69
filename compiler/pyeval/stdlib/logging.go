package stdlib

import "pyfc/compiler/pyeval"

func init() {
	loaders["logging"] = fillLogging
	loaders["logging.config"] = func(_ *pyeval.Thread, m *pyeval.Module) {
		m.Def("dictConfig(config)", none)
		m.Def("fileConfig(fname, defaults=None, disable_existing_loggers=True, encoding=None)", none)
	}
}

var (
	loggerClass     = pyeval.NewClass("logging", "Logger")
	handlerClass    = pyeval.NewClass("logging", "Handler")
	streamLogClass  = pyeval.NewClass("logging", "StreamHandler", handlerClass)
	nullLogClass    = pyeval.NewClass("logging", "NullHandler", handlerClass)
	formatterClass  = pyeval.NewClass("logging", "Formatter")
	logLevelNumbers = map[string]int64{"CRITICAL": 50, "FATAL": 50, "ERROR": 40, "WARNING": 30, "WARN": 30, "INFO": 20, "DEBUG": 10, "NOTSET": 0}
	logCalls        = []string{"debug", "info", "warning", "warn", "error", "critical", "exception"}
)

// fillLogging models logging without output: what a driver logs while it
// describes its job is no result of the job.
func fillLogging(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(loggerClass, handlerClass, streamLogClass, nullLogClass, formatterClass)
	for name, n := range logLevelNumbers {
		m.Set(name, pyeval.NewInt(n))
	}
	root := loggerClass.Make("root")
	m.Set("root", root)
	loggers := map[string]*pyeval.Instance{}
	m.Def("getLogger(name: str|None=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		name := c.Str("name")
		if name == "" {
			return root, nil
		}
		if loggers[name] == nil {
			loggers[name] = loggerClass.Make(name)
		}
		return loggers[name], nil
	})
	for _, name := range logCalls {
		m.Def(name+"(msg, *args, **kw)", none)
	}
	for _, sig := range []string{"log(level, msg, *args, **kw)", "basicConfig(**kw)", "disable(level=50)", "captureWarnings(capture)", "addLevelName(level, name)"} {
		m.Def(sig, none)
	}
	m.Def("getLevelName(level)", func(c *pyeval.Call) (pyeval.Value, error) {
		for _, name := range []string{"CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "NOTSET"} {
			same, err := c.Thread.Equal(c.Arg("level"), pyeval.NewInt(logLevelNumbers[name]))
			if err != nil {
				return nil, err
			}
			if same {
				return str(name)
			}
		}
		if s, ok := c.Arg("level").(*pyeval.Str); ok {
			if n, ok := logLevelNumbers[s.String()]; ok {
				return pyeval.NewInt(n), nil
			}
		}
		return str("Level")
	})
}

func init() {
	for _, name := range logCalls {
		loggerClass.Def(name+"(self, msg, *args, **kw)", none)
	}
	for _, sig := range []string{"log(self, level, msg, *args, **kw)", "setLevel(self, level)", "addHandler(self, handler)", "removeHandler(self, handler)", "addFilter(self, filter)"} {
		loggerClass.Def(sig, none)
	}
	loggerClass.Def("isEnabledFor(self, level)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.False, nil })
	loggerClass.Def("getEffectiveLevel(self)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(30), nil })
	loggerClass.Def("hasHandlers(self)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.True, nil })
	loggerClass.Getter("name", func(c *pyeval.Call) (pyeval.Value, error) {
		name, _ := pyeval.Data[string](c.Self())
		return str(name)
	})
	loggerClass.Getter("handlers", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.NewList(), nil })
	handlerClass.Def("__init__(self, *args, **kw)", none)
	for _, sig := range []string{"setLevel(self, level)", "setFormatter(self, fmt)", "addFilter(self, filter)", "flush(self)", "close(self)"} {
		handlerClass.Def(sig, none)
	}
	formatterClass.Def("__init__(self, *args, **kw)", none)
}
