package pyeval

// fact sets an attribute that the arguments don't tell.
func (e *exception) fact(name string, v Value) {
	if e.facts == nil {
		e.facts = map[string]Value{}
	}
	e.facts[name] = v
}

// withFact is fact for an error that may be an exception.
func withFact(err error, name string, v Value) error {
	if r, ok := err.(*Raised); ok {
		exceptionOf(r.Exc).fact(name, v)
	}
	return err
}

// factNames are the attributes of exceptions that are None unless a fact is set,
// by class.
var factNames = map[*Class][]string{ImportError: {"name", "path"}, NameError: {"name"}, AttributeError: {"name", "obj"}}

// orNone is v, or None for nil.
func orNone(v Value) Value {
	if v == nil {
		return None
	}
	return v
}

// attr is an attribute that every exception of a class has, nil for others.
func (e *exception) attr(class *Class, name string) Value {
	switch name {
	case "args":
		return e.shownArgs(class)
	case "__cause__":
		return orNone(e.cause)
	case "__context__":
		if e.context != nil {
			return e.context
		}
		return None
	case "__traceback__":
		if e.where.File == nil {
			return None
		}
		return tracebackOf(e)
	case "__suppress_context__":
		return Bool(e.quiet)
	}
	if v, ok := e.facts[name]; ok {
		return v
	}
	for owner, names := range factNames {
		for _, n := range names {
			if n == name && class.IsA(owner) {
				return None
			}
		}
	}
	return e.ofArgs(class, name)
}

// ofArgs is an attribute that the arguments tell, nil for others.
func (e *exception) ofArgs(class *Class, name string) Value {
	args := e.args.elems
	first := func() Value {
		if len(args) == 0 {
			return None
		}
		return args[0]
	}
	switch {
	case name == "code" && class.IsA(SystemExit):
		if len(args) > 1 {
			return e.args
		}
		return first()
	case name == "value" && class.IsA(StopIteration), name == "msg" && (class.IsA(ImportError) || class.IsA(syntaxError)):
		return first()
	case class.IsA(OSError):
		for i, n := range []string{"errno", "strerror", "filename"} {
			if n == name && len(args) > max(i, 1) {
				return args[i]
			} else if n == name {
				return None
			}
		}
	}
	return nil
}

// shownArgs are the arguments as scripts see them: an OSError's without the file.
func (e *exception) shownArgs(class *Class) *Tuple {
	if class.IsA(OSError) && len(e.args.elems) > 2 {
		return NewTuple(e.args.elems[:2]...)
	}
	return e.args
}

// errnoClasses are the kinds of OSError by the number of what the system says, on
// Linux.
var errnoClasses = map[int64]string{
	1: "PermissionError", 2: "FileNotFoundError", 3: "ProcessLookupError", 4: "InterruptedError", 10: "ChildProcessError",
	11: "BlockingIOError", 13: "PermissionError", 17: "FileExistsError", 20: "NotADirectoryError", 21: "IsADirectoryError",
	32: "BrokenPipeError", 103: "ConnectionAbortedError", 104: "ConnectionResetError", 110: "TimeoutError", 111: "ConnectionRefusedError",
}

// ofErrno is the class of an exception with such arguments: OSError itself gives
// way to the kind of its number.
func ofErrno(k *Class, args []Value) *Class {
	if k != OSError || len(args) < 2 {
		return k
	}
	no, _ := args[0].(Int)
	n, _ := no.Int64()
	if kind, ok := builtins.dict.GetStr(errnoClasses[n]); ok {
		return kind.(*Class)
	}
	return k
}
