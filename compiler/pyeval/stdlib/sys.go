package stdlib

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
)

func init() { loaders["sys"] = fillSys }

// streamClass is sys.stdout and sys.stderr.
var streamClass = pyeval.NewClass("_io", "TextIOWrapper")

// argvClass is a symbolic sys.argv: only the script's own name is known.
var argvClass = pyeval.NewClass("sys", "argv")

func fillSys(t *pyeval.Thread, m *pyeval.Module) {
	m.Def("_getframe(depth: int=0, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if f := c.Thread.FrameObject(int(c.Int("depth"))); f != nil {
			return f, nil
		}
		return nil, pyeval.Errorf(pyeval.ValueError, "call stack is not deep enough")
	})
	in := t.Interp()
	m.Set("argv", newArgv(in)).Set("path", strs(append([]string{in.Root()}, in.Options().Path...))).Set("modules", pyeval.NewDict())
	m.Set("stdout", streamClass.Make(false)).Set("stderr", streamClass.Make(true))
	m.Set("platform", pyeval.NewStr("linux")).Set("byteorder", pyeval.NewStr("little"))
	m.Set("maxsize", pyeval.NewInt(1<<63-1)).Set("executable", pyeval.NewStr("python3"))
	version := pyeval.NewTuple(pyeval.NewInt(3), pyeval.NewInt(11), pyeval.NewInt(0), pyeval.NewStr("final"), pyeval.NewInt(0))
	m.Set("version_info", pyeval.Derived(versionClass, version)).Set("version", pyeval.NewStr("3.11.0 (pyfc)"))
	m.Def("exit(code=None, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return nil, pyeval.Raise(pyeval.SystemExit, c.Arg("code"))
	})
	m.Def("getrecursionlimit()", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(1000), nil })
	m.Def("setrecursionlimit(n: int, /)", none)
	m.Def("getdefaultencoding()", func(*pyeval.Call) (pyeval.Value, error) { return str("utf-8") })
	m.Def("exc_info()", func(c *pyeval.Call) (pyeval.Value, error) {
		if e := c.Thread.Handling(); e != nil {
			return pyeval.NewTuple(e.Class(), e, pyeval.None), nil
		}
		return pyeval.NewTuple(pyeval.None, pyeval.None, pyeval.None), nil
	})
	m.Set("maxunicode", pyeval.NewInt(0x10ffff)).Set("hexversion", pyeval.NewInt(0x030b00f0)).Set("float_info", floatInfo()).
		Set("implementation", named(pyeval.Named[pyeval.Value]{{"name", pyeval.NewStr("cpython")}})).Set("stdin", pyeval.None).
		Set("dont_write_bytecode", pyeval.False).Set("prefix", pyeval.NewStr("/usr")).Set("warnoptions", pyeval.NewList())
	m.Def("intern(s: str, /)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Arg("s"), nil })
	m.Def("getfilesystemencoding()", func(*pyeval.Call) (pyeval.Value, error) { return str("utf-8") })
	m.Def("getsizeof(obj, default=None)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(64), nil })
}

var versionClass = newStructClass("sys.version_info", "major", "minor", "micro", "releaselevel", "serial")

func init() {
	streamClass.Def("write(self, text: text|opaque, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		stderr, _ := pyeval.Data[bool](c.Self())
		return pyeval.None, c.Thread.Print(c.Arg("text"), stderr)
	})
	streamClass.Def("flush(self)", none)
	streamClass.Def("reconfigure(self, **kw)", none)
	streamClass.Def("isatty(self)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.False, nil })

	argvClass.Def("__getitem__(self, key, /)", argvItem)
	for name, what := range (pyeval.Named[string]{{"__len__(self)", "len(sys.argv)"}, {"__iter__(self)", "a loop over sys.argv"},
		{"__contains__(self, x, /)", "the operator in on sys.argv"}, {"__eq__(self, x, /)", "a comparison with sys.argv"},
		{"__bool__(self)", "the truth of sys.argv"}, {"__repr__(self)", "the text of sys.argv"}}).All() {
		method, _, _ := strings.Cut(name, "(")
		argvClass.Def(name, func(c *pyeval.Call) (pyeval.Value, error) { return noArguments(c, what, method, c.Args()[1:]...) })
	}
}

// noArguments is a method of sys.argv in a script that looks at which arguments
// there are, of which the build was given none: neither may the start be.
func noArguments(c *pyeval.Call, what, method string, args ...pyeval.Value) (pyeval.Value, error) {
	first := argument("1")
	c.Thread.Fix(first.Missing(what), first)
	list := pyeval.NewList()
	if script, ok := pyeval.Data[string](c.Self()); ok {
		list.Append(pyeval.NewStr(script))
	}
	if method == "__bool__" {
		return pyeval.Bool(len(list.Elems()) > 0), nil
	}
	m, err := c.Thread.GetAttr(list, method)
	if err != nil {
		return nil, err
	}
	return c.Thread.Call(m, args...)
}

// counted reports whether the script has looked at which arguments there are.
func counted(c *pyeval.Call) bool {
	return slices.ContainsFunc(c.Thread.Interp().Inputs(), func(in *pyeval.Input) bool {
		return in.Kind == pyeval.ArgumentInput && in.Name == "1" && in.Absent
	})
}

func argument(name string) *pyeval.Input {
	return &pyeval.Input{Kind: pyeval.ArgumentInput, Name: name}
}

// newArgv is sys.argv: a list when the build was given arguments.
func newArgv(in *pyeval.Interp) pyeval.Value {
	script := in.Main().File().Name
	args := in.Options().Args
	if args == nil {
		return argvClass.Make(script)
	}
	for i, a := range args {
		in.Declare(pyeval.Input{Kind: pyeval.ArgumentInput, Name: fmt.Sprint(i + 1), Baked: true, Value: a}, in.Thread().Where())
	}
	return strs(append([]string{script}, args...))
}

// argvItem is one argument of a symbolic sys.argv, or its rest, which only
// argparse can take.
func argvItem(c *pyeval.Call) (pyeval.Value, error) {
	switch k := c.Arg("key").(type) {
	case pyeval.Int:
		n, ok := k.Int64()
		if ok && n < 0 {
			return noArguments(c, "an index from the end of sys.argv", "__getitem__", k)
		}
		if !ok || n > 0 && counted(c) {
			return nil, pyeval.Errorf(pyeval.IndexError, "list index out of range")
		}
		if n == 0 {
			script, _ := pyeval.Data[string](c.Self())
			return str(script)
		}
		in := c.Thread.Interp().Declare(*argument(fmt.Sprint(n)), c.Span)
		return pyeval.NewSym(in, c.Span), nil
	case *pyeval.Slice:
		if start, stop, step := k.Bounds(); start == pyeval.Value(pyeval.NewInt(1)) && stop == pyeval.None && step == pyeval.None {
			return argvClass.Make(restOfArgv{}), nil
		}
	}
	return noArguments(c, "a slice of sys.argv", "__getitem__", c.Arg("key"))
}

// restOfArgv marks sys.argv[1:].
type restOfArgv struct{}

// named is an object with the given attributes.
func named(members pyeval.Named[pyeval.Value]) *pyeval.Instance {
	i := simpleNamespaceClass.Make(nil)
	for k, v := range members.All() {
		i.Dict().SetStr(k, v)
	}
	return i
}

func floatInfo() *pyeval.Instance {
	return named(pyeval.Named[pyeval.Value]{
		{"max", pyeval.Float(math.MaxFloat64)}, {"min", pyeval.Float(0x1p-1022)}, {"epsilon", pyeval.Float(0x1p-52)}, {"dig", pyeval.NewInt(15)},
		{"mant_dig", pyeval.NewInt(53)}, {"max_exp", pyeval.NewInt(1024)}, {"min_exp", pyeval.NewInt(-1021)}, {"max_10_exp", pyeval.NewInt(308)},
		{"min_10_exp", pyeval.NewInt(-307)}, {"radix", pyeval.NewInt(2)}, {"rounds", pyeval.NewInt(1)},
	})
}
