package pyeval

import (
	"math"
	"math/big"
	"sort"
	"strconv"
	"strings"

	"pyfc/ir/diag"
)

// builtins is the module of names that every script sees.
var builtins = NewModule("builtins")

func init() {
	builtins.Add(ObjectClass, TypeClass, IntClass, BoolClass, FloatClass, StrClass, BytesClass, ListClass, TupleClass,
		DictClass, SetClass, frozensetClass, rangeClass, sliceClass, propertyClass, staticmethodClass, classmethodClass, superClass)
	builtins.Add(BaseException, Exception, SystemExit, KeyboardInterrupt, generatorExit, ArithmeticError, OverflowError,
		ZeroDivisionError, AssertionError, AttributeError, ImportError, ModuleNotFoundError, LookupError, IndexError,
		KeyError, NameError, UnboundLocalError, OSError, FileNotFoundError, PermissionError, RuntimeError,
		NotImplementedError, RecursionError, StopIteration, TypeError, ValueError, UnicodeError, UnicodeDecodeError,
		UnicodeEncodeError, syntaxError)
	for name, base := range (Named[*Class]{
		{"EOFError", Exception}, {"BufferError", Exception}, {"MemoryError", Exception},
		{"SystemError", Exception}, {"ReferenceError", Exception}, {"StopAsyncIteration", Exception},
		{"FloatingPointError", ArithmeticError}, {"FileExistsError", OSError}, {"IsADirectoryError", OSError},
		{"NotADirectoryError", OSError}, {"ConnectionError", OSError}, {"TimeoutError", OSError}, {"InterruptedError", OSError},
		{"ChildProcessError", OSError}, {"BlockingIOError", OSError}, {"ProcessLookupError", OSError}, {"Warning", Exception},
		{"UnicodeTranslateError", UnicodeError}, {"IndentationError", syntaxError},
	}).All() {
		builtins.Add(NewClass("builtins", name, base))
	}
	for child, parent := range (Named[string]{
		{"UserWarning", "Warning"}, {"DeprecationWarning", "Warning"}, {"RuntimeWarning", "Warning"}, {"FutureWarning", "Warning"},
		{"PendingDeprecationWarning", "Warning"}, {"SyntaxWarning", "Warning"}, {"ImportWarning", "Warning"}, {"UnicodeWarning", "Warning"},
		{"BytesWarning", "Warning"}, {"ResourceWarning", "Warning"}, {"EncodingWarning", "Warning"}, {"TabError", "IndentationError"},
		{"ConnectionRefusedError", "ConnectionError"}, {"ConnectionResetError", "ConnectionError"},
		{"BrokenPipeError", "ConnectionError"}, {"ConnectionAbortedError", "ConnectionError"},
	}).All() {
		base, _ := builtins.dict.GetStr(parent)
		builtins.Add(NewClass("builtins", child, base.(*Class)))
	}
	builtins.Set("IOError", OSError).Set("EnvironmentError", OSError).Set("NotImplemented", NotImplemented).
		Set("Ellipsis", Ellipsis).Set("__debug__", True)

	builtins.Def("print(*values, sep: str|None=' ', end: text|None='\n', file=None, flush=False)", builtinPrint)
	builtins.Def("len(obj, /)", func(c *Call) (Value, error) {
		n, err := c.Thread.Len(c.Arg("obj"))
		return NewInt(int64(n)), err
	})
	builtins.Def("repr(obj, /)", func(c *Call) (Value, error) { return c.Thread.convert(c.Arg("obj"), 'r') })
	builtins.Def("ascii(obj, /)", func(c *Call) (Value, error) { return c.Thread.convert(c.Arg("obj"), 'a') })
	builtins.Def("format(value, format_spec: str='', /)", func(c *Call) (Value, error) {
		return c.Thread.Format(c.Arg("value"), c.Str("format_spec"))
	})
	builtins.Def("callable(obj, /)", func(c *Call) (Value, error) { return Bool(Callable(c.Arg("obj"))), nil })
	builtins.Def("id(obj, /)", func(c *Call) (Value, error) { return NewInt(c.Thread.id(c.Arg("obj"))), nil })
	builtins.Def("hash(obj, /)", func(c *Call) (Value, error) {
		n, err := c.Thread.Hash(c.Arg("obj"))
		return NewInt(n), err
	})
	builtins.Def("isinstance(obj, classes, /)", func(c *Call) (Value, error) {
		return c.Thread.isInstance(c.Arg("obj"), c.Arg("classes"))
	})
	builtins.Def("issubclass(cls, classes, /)", func(c *Call) (Value, error) {
		k, ok := c.Arg("cls").(*Class)
		if !ok {
			return nil, Errorf(TypeError, "issubclass() arg 1 must be a class")
		}
		return c.Thread.matchClass(k, c.Arg("classes"), "issubclass")
	})
	defAttributeBuiltins()
	defNumberBuiltins()
	defIterBuiltins()
	defScopeBuiltins()
}

// concatText appends a literal to a text that may be symbolic or opaque.
func concatText(v Value, s string) Value {
	var b textBuilder
	b.add(v)
	b.add(NewStr(s))
	var zero Thread
	return b.value(zero.Where())
}

// Print hands a text to the host.
func (t *Thread) Print(text Value, stderr bool) error {
	if o, ok := text.(*Opaque); ok {
		t.AssumeOpaque(o, "is printed")
		return nil
	}
	if h := t.in.opts.Host; h != nil {
		h.Print(text, stderr, t.Where())
	}
	return nil
}

func builtinPrint(c *Call) (Value, error) {
	t := c.Thread
	sep := " "
	if c.Arg("sep") != None {
		sep = c.Str("sep")
	}
	var b textBuilder
	for i, v := range c.Elems("values") {
		if i > 0 {
			b.add(NewStr(sep))
		}
		text, err := t.Text(v)
		if err != nil {
			return nil, locate(err, c.Where("values", i))
		}
		b.add(text)
	}
	end := c.Arg("end")
	if end == None {
		end = NewStr("\n")
	}
	b.add(end)
	text := b.value(c.Span)
	f := c.Arg("file")
	if f == None {
		f = t.redirected()
	}
	if f != None {
		write, err := t.GetAttr(f, "write")
		if err != nil {
			return nil, err
		}
		_, err = t.Call(write, text)
		return None, err
	}
	return None, t.Print(text, false)
}

// redirected is the object that the script put in place of sys.stdout, None if
// it is still the stream.
func (t *Thread) redirected() Value {
	sys, ok := t.in.modules["sys"].(*Module)
	if !ok {
		return None
	}
	out, _ := sys.dict.GetStr("stdout")
	if _, stream := Data[bool](out); stream || out == nil {
		return None
	}
	return out
}

// isInstance is isinstance(v, classes).
func (t *Thread) isInstance(v, classes Value) (Value, error) {
	if k, ok := classes.(*Class); ok && k.meta != nil {
		if m := operatorMethod(k, "__instancecheck__"); m != nil {
			r, err := t.callMethod(m, k, v)
			if err != nil {
				return nil, err
			}
			yes, err := t.Truth(r, "isinstance()")
			return Bool(yes), err
		}
	}
	if o, ok := v.(*Opaque); ok {
		return o.derive("isinstance("+o.Origin+", …)", t.Where()), nil
	}
	return t.matchClass(v.Class(), classes, "isinstance")
}

// isVirtual asks an abstract class, and those registered with it or derived
// from it, about a class that doesn't derive from it.
func (t *Thread) isVirtual(c, k *Class) (Value, error) {
	if m := operatorMethod(k, "__subclasscheck__"); m != nil {
		return t.callMethod(m, k, c)
	}
	if hook, err := t.classAttr(k, "__subclasshook__"); hook != nil || err != nil {
		if err != nil {
			return nil, err
		}
		r, err := t.Call(hook, c)
		if err != nil || r != NotImplemented {
			return r, err
		}
	}
	for _, v := range k.virtual {
		if r, err := t.matchClass(c, v, "issubclass"); err != nil || r == True {
			return r, err
		}
	}
	for _, d := range k.derived {
		if r, err := t.matchClass(c, d, "issubclass"); err != nil || r == True {
			return r, err
		}
	}
	return False, nil
}

func (t *Thread) matchClass(c *Class, classes Value, name string) (Value, error) {
	switch k := classes.(type) {
	case *Class:
		if c.IsA(k) || k.meta == nil {
			return Bool(c.IsA(k)), nil
		}
		return t.isVirtual(c, k)
	case *alias:
		if k.isUnion() {
			return t.matchClass(c, NewTuple(k.args...), name)
		}
		if k.origin != nil && len(k.args) > 0 {
			return nil, Errorf(TypeError, "%s() argument 2 cannot be a parameterized generic", name)
		}
		if k.origin != nil {
			return Bool(c.IsA(k.origin)), nil
		}
	case NoneType:
		return Bool(c == NoneClass), nil
	case *Tuple:
		for _, e := range k.elems {
			if r, err := t.matchClass(c, e, name); err != nil || r == True {
				return r, err
			}
		}
		return False, nil
	case *Opaque:
		// What modelled code makes is never of an unmodelled class.
		return Bool(c.opaqueBase() != nil), nil
	}
	return nil, Errorf(TypeError, "%s() arg 2 must be a type, a tuple of types, or a union", name)
}

func defAttributeBuiltins() {
	builtins.Def("getattr(obj, name: str, default=..., /)", func(c *Call) (Value, error) {
		v, err := c.Thread.GetAttr(c.Arg("obj"), c.Str("name"))
		if d := c.Arg("default"); d != nil && isRaised(err, AttributeError) {
			return d, nil
		}
		return v, err
	})
	builtins.Def("hasattr(obj, name: str, /)", func(c *Call) (Value, error) {
		v, err := c.Thread.GetAttr(c.Arg("obj"), c.Str("name"))
		if isRaised(err, AttributeError) {
			return False, nil
		}
		if o, ok := v.(*Opaque); ok {
			return o.derive("hasattr("+o.Origin+")", c.Span), err
		}
		return True, err
	})
	builtins.Def("setattr(obj, name: str, value, /)", func(c *Call) (Value, error) {
		return None, c.Thread.SetAttr(c.Arg("obj"), c.Str("name"), c.Arg("value"))
	})
	builtins.Def("delattr(obj, name: str, /)", func(c *Call) (Value, error) {
		return None, c.Thread.DelAttr(c.Arg("obj"), c.Str("name"))
	})
	builtins.Def("dir(obj=..., /)", func(c *Call) (Value, error) {
		names := []string{}
		if m := operatorMethod(c.Arg("obj"), "__dir__"); m != nil {
			list, err := c.Thread.callMethod(m, c.Arg("obj"))
			if err != nil {
				return nil, err
			}
			sorted, err := c.Thread.Builtin("sorted")
			if err != nil {
				return nil, err
			}
			return c.Thread.Call(sorted, list)
		}
		if v := c.Arg("obj"); v != nil {
			names = attrNames(v)
		} else if f := c.Thread.frame; f.ns != nil {
			names = f.ns.names()
		} else {
			for n := range f.vars {
				names = append(names, n)
			}
		}
		sort.Strings(names)
		out := NewList()
		for i, n := range names {
			if i == 0 || names[i-1] != n {
				out.Append(NewStr(n))
			}
		}
		return out, nil
	})
	builtins.Def("vars(obj=..., /)", func(c *Call) (Value, error) {
		if c.Arg("obj") == nil {
			return c.Thread.locals(), nil
		}
		d, err := c.Thread.GetAttr(c.Arg("obj"), "__dict__")
		if isRaised(err, AttributeError) {
			return nil, Errorf(TypeError, "vars() argument must have __dict__ attribute")
		}
		return d, err
	})
}

func defNumberBuiltins() {
	builtins.Def("abs(x, /)", func(c *Call) (Value, error) {
		x := c.Arg("x")
		if m := operatorMethod(x, "__abs__"); m != nil {
			return c.Thread.callMethod(m, x)
		}
		if f, ok := plain(x).(Float); ok {
			return Float(math.Abs(float64(f))), nil
		}
		if i, ok := asInt(x); ok {
			return NewBig(new(big.Int).Abs(i.Big())), nil
		}
		return c.Thread.lookedInto(x, "abs()", Errorf(TypeError, "bad operand type for abs(): '%s'", x.Class().name))
	})
	builtins.Def("round(number, ndigits: int|None=None)", builtinRound)
	for _, k := range []*Class{IntClass, FloatClass} {
		k.Def("__round__(number, ndigits: int|None=None, /)", builtinRound)
	}
	builtins.Def("divmod(a, b, /)", func(c *Call) (Value, error) {
		a, b := c.Arg("a"), c.Arg("b")
		if m := operatorMethod(a, "__divmod__"); m != nil {
			if v, err := c.Thread.callMethod(m, a, b); err != nil || v != NotImplemented {
				return v, err
			}
		}
		if m := operatorMethod(b, "__rdivmod__"); m != nil {
			if v, err := c.Thread.callMethod(m, b, a); err != nil || v != NotImplemented {
				return v, err
			}
		}
		q, err := c.Thread.Binary("//", a, b)
		if err != nil {
			return nil, err
		}
		r, err := c.Thread.Binary("%", a, b)
		return NewTuple(q, r), err
	})
	builtins.Def("pow(base, exp, mod: int|None=None)", func(c *Call) (Value, error) {
		if c.Arg("mod") == None {
			return c.Thread.Binary("**", c.Arg("base"), c.Arg("exp"))
		}
		if m := operatorMethod(c.Arg("base"), "__pow__"); m != nil {
			return c.Thread.callMethod(m, c.Arg("base"), c.Arg("exp"), c.Arg("mod"))
		}
		b, ok1 := asInt(c.Arg("base"))
		e, ok2 := asInt(c.Arg("exp"))
		m, _ := asInt(c.Arg("mod"))
		if !ok1 || !ok2 {
			return nil, Errorf(TypeError, "pow() 3rd argument not allowed unless all arguments are integers")
		}
		if m.Sign() == 0 {
			return nil, Errorf(ValueError, "pow() 3rd argument cannot be 0")
		}
		mod := new(big.Int).Abs(m.Big())
		r := new(big.Int).Exp(b.Big(), e.Big(), mod) // of a negative exponent the inverse
		if r == nil {
			return nil, Errorf(ValueError, "base is not invertible for the given modulus")
		}
		r.Mod(r, mod)
		if m.Sign() < 0 && r.Sign() != 0 {
			r.Add(r, m.Big())
		}
		return NewBig(r), nil
	})
	for name, base := range (Named[int]{{"hex", 16}, {"oct", 8}, {"bin", 2}}).All() {
		prefix := map[int]string{16: "0x", 8: "0o", 2: "0b"}[base]
		builtins.Def(name+"(x: int, /)", func(c *Call) (Value, error) {
			i, _ := asInt(c.Arg("x"))
			sign := ""
			if i.Sign() < 0 {
				sign = "-"
			}
			return NewStr(sign + prefix + new(big.Int).Abs(i.Big()).Text(base)), nil
		})
	}
	builtins.Def("chr(i: int, /)", func(c *Call) (Value, error) {
		n := c.Int("i")
		if n < 0 || n > 0x10ffff {
			return nil, Errorf(ValueError, "chr() arg not in range(0x110000)")
		}
		return NewStr(string(rune(n))), nil
	})
	builtins.Def("ord(c: str|bytes, /)", func(c *Call) (Value, error) {
		v := plain(c.Arg("c"))
		if n := builtinLen(v); n != 1 {
			return nil, Errorf(TypeError, "ord() expected a character, but string of length %d found", n)
		}
		if b, ok := v.(Bytes); ok {
			return NewInt(int64(b[0])), nil
		}
		return NewInt(int64([]rune(v.(*Str).s)[0])), nil
	})
}

// lookedInto is the error for a value that an operation looks into: that of
// the symbolic or opaque value, else err.
func (t *Thread) lookedInto(v Value, what string, err error) (Value, error) {
	switch v := v.(type) {
	case *Sym:
		return nil, v.Needs(what)
	case *Opaque:
		return v.derive(what, t.Where()), nil
	}
	return nil, err
}

func builtinRound(c *Call) (Value, error) {
	x := c.Arg("number")
	if m := operatorMethod(x, "__round__"); m != nil {
		if c.Arg("ndigits") != None {
			return c.Thread.callMethod(m, x, c.Arg("ndigits"))
		}
		return c.Thread.callMethod(m, x)
	}
	n := c.Int("ndigits")
	if i, ok := asInt(x); ok {
		if n >= 0 {
			return i, nil
		}
		return roundInt(i, min(-n, 400)), nil
	}
	f, ok := plain(x).(Float)
	if !ok {
		return c.Thread.lookedInto(x, "round()", Errorf(TypeError, "type %s doesn't define __round__ method", x.Class().name))
	}
	if c.Arg("ndigits") == None {
		return floatToInt(math.RoundToEven(float64(f)))
	}
	if math.IsInf(float64(f), 0) || math.IsNaN(float64(f)) || n > 330 {
		return f, nil
	}
	if n < 0 {
		v, err := floatToInt(math.Trunc(float64(f)))
		if err != nil {
			return nil, err
		}
		i := roundInt(v.(Int), min(-n, 400))
		g, _ := i.float()
		return Float(g), nil
	}
	g, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'f', int(n), 64), 64)
	if err != nil {
		return nil, Errorf(OverflowError, "rounded value too large to represent")
	}
	return Float(g), nil
}

func defScopeBuiltins() {
	builtins.Def("globals()", func(c *Call) (Value, error) { return c.Thread.frame.module.dict, nil })
	builtins.Def("locals()", func(c *Call) (Value, error) { return c.Thread.locals(), nil })
	builtins.Def("__import__(name: str, globals=None, locals=None, fromlist=(), level: int=0)", func(c *Call) (Value, error) {
		m, err := c.Thread.importName(c.Str("name"), c.Span)
		if err != nil || len(c.Elems("fromlist")) > 0 {
			return m, err
		}
		top, _, _ := strings.Cut(c.Str("name"), ".")
		return c.Thread.in.modules[top], nil
	})
	for _, name := range []string{"exit", "quit"} {
		builtins.Def(name+"(code=None, /)", func(c *Call) (Value, error) { return nil, raise(SystemExit, c.Arg("code")) })
	}
	for _, name := range []string{"eval", "exec", "compile", "complex", "memoryview", "breakpoint", "help", "aiter", "anext"} {
		builtins.Def(name+"(*args, **kw)", func(c *Call) (Value, error) {
			return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "%s() isn't evaluated at build", c.Name)
		})
	}
	builtins.Def("input(prompt='', /)", func(c *Call) (Value, error) {
		late := NewLate("input(…)", c.Span)
		if c.Thread.in.opts.Beside || c.Thread.leaveUnknown(late, "reading from the terminal by input()") {
			return late, nil
		}
		return nil, diag.New(diag.PyEffect, diag.Pos{}, "the driver reads from the terminal, which a build never does").
			WithHint("take the value from an argument or an environment variable")
	})
}

// locals is the namespace of the current frame; a function's is a copy.
func (t *Thread) locals() *Dict {
	f := t.frame
	if f.ns != nil {
		return f.ns
	}
	names := make([]string, 0, len(f.vars))
	for n, v := range f.vars {
		if v != nil {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	d := NewDict()
	for _, n := range names {
		d.SetStr(n, f.vars[n])
	}
	return d
}

// Builtin returns a builtin function or class by its name.
func (t *Thread) Builtin(name string) (Value, error) {
	if v, ok := builtins.dict.GetStr(name); ok {
		return v, nil
	}
	return nil, Errorf(NameError, "name '%s' is not defined", name)
}
