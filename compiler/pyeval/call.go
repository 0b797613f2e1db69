package pyeval

import (
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Arg is one argument of a call.
type Arg struct {
	Name  string // empty for a positional argument
	Value Value
	Expr  pyast.Expr // nil when it isn't written out (from Go, or *args)
}

// Call is a call of a native function: the bound arguments and where they
// stand in the script.
type Call struct {
	Thread *Thread
	// Name is the qualified name of the function, for messages.
	Name string
	// Span is the place of the whole call or operator; At that of the called
	// name alone, where an error about the call as such belongs.
	Span pyast.Span
	At   pyast.Span

	params *params
	args   []Arg
	slots  []Value
	from   []int
}

// Self returns the first argument of a method; for an instance of a class that
// derives from a built-in one that is the built-in value.
func (c *Call) Self() Value { return plain(c.slots[0]) }

// Arg returns an argument or its default; nil if the default is "...". It
// panics when the signature has no such parameter.
func (c *Call) Arg(name string) Value { return c.slots[c.index(name)] }

// Args returns the bound arguments in the order of the signature; nil for one
// that is absent and has no default.
func (c *Call) Args() []Value { return c.slots }

// Passed returns the arguments as they were passed.
func (c *Call) Passed() []Arg { return c.args }

// Given reports whether the caller passed the argument.
func (c *Call) Given(name string) bool { return c.from[c.index(name)] >= 0 }

// Str returns an argument that is declared str; an absent one or None is "".
func (c *Call) Str(name string) string {
	if s, ok := plain(c.Arg(name)).(*Str); ok {
		return s.s
	}
	return ""
}

// Int returns an argument that is declared int; an absent one or None is 0,
// one that doesn't fit is cut to the nearest int64.
func (c *Call) Int(name string) int64 {
	i, _ := asInt(c.Arg(name))
	if n, ok := i.Int64(); ok {
		return n
	}
	if i.Sign() < 0 {
		return -1 << 63
	}
	return 1<<63 - 1
}

// Bool returns an argument that is declared bool; absent or None is false.
func (c *Call) Bool(name string) bool {
	i, ok := asInt(c.Arg(name))
	return ok && i.Sign() != 0
}

// Float returns an argument that is declared float; absent or None is 0.
func (c *Call) Float(name string) float64 {
	if f, ok := plain(c.Arg(name)).(Float); ok {
		return float64(f)
	}
	i, _ := asInt(c.Arg(name))
	f, _ := i.float()
	return f
}

// Elems returns the elements of an argument that is declared list, tuple or
// seq, or of *rest; absent or None has none.
func (c *Call) Elems(name string) []Value {
	switch v := plain(c.Arg(name)).(type) {
	case *List:
		return v.elems
	case *Tuple:
		return v.elems
	}
	return nil
}

// Keywords returns the argument **name.
func (c *Call) Keywords(name string) *Dict {
	d, _ := plain(c.Arg(name)).(*Dict)
	return d
}

// Named returns what **keywords took as arguments that can be passed on.
func (c *Call) Named(name string) []Arg {
	var out []Arg
	for k, v := range c.Keywords(name).Items() {
		out = append(out, Arg{Name: k.(*Str).s, Value: v})
	}
	return out
}

// Where returns the place of an argument: of its expression if it is written
// out, else of the call. elem chooses an element of *rest.
func (c *Call) Where(name string, elem ...int) pyast.Span {
	i := c.index(name)
	if i == c.params.rest && len(elem) > 0 {
		n := c.params.pos + elem[0]
		for _, a := range c.args {
			if a.Name != "" {
				continue
			}
			if n == 0 && a.Expr != nil {
				return a.Expr.Where()
			}
			n--
		}
		return c.Span
	}
	if j := c.from[i]; j >= 0 && c.args[j].Expr != nil {
		return c.args[j].Expr.Where()
	}
	return c.Span
}

// Locate maps a byte offset in a str argument to the script: into the string
// constant that made the text if that is known, else the argument's place.
func (c *Call) Locate(name string, off int) pyast.Span {
	if s, ok := plain(c.Arg(name)).(*Str); ok {
		if span, ok := s.Locate(off); ok {
			return span
		}
	}
	return c.Where(name)
}

func (c *Call) index(name string) int {
	for i := range c.params.list {
		if c.params.list[i].name == name {
			return i
		}
	}
	panic("pyeval: " + c.Name + " has no parameter " + name)
}

// newCall binds and checks the arguments of a native function.
func (t *Thread) newCall(n *Native, args []Arg, span, at pyast.Span) (*Call, error) {
	slots, from, err := n.params.bind(n.qualname, args)
	if err == nil {
		err = n.params.missing(n.qualname, slots)
	}
	if err != nil {
		return nil, err
	}
	if err := n.receiver(slots); err != nil {
		return nil, err
	}
	c := &Call{Thread: t, Name: n.fullName(), Span: span, At: at, params: n.params, args: args, slots: slots, from: from}
	for i, p := range n.params.list {
		if slots[i] == nil {
			slots[i] = p.value
			continue
		}
		if len(p.types) == 0 || i == n.params.keywords {
			continue
		}
		if i == n.params.rest {
			for j, v := range c.Elems(p.name) {
				if err := c.check(p, v, c.Where(p.name, j)); err != nil {
					return nil, err
				}
			}
		} else if slots[i], err = c.known(p, c.indexed(p, slots[i]), c.Where(p.name)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// receiver checks that a method is called on an object of its class, so that
// its Go code may rely on it.
func (n *Native) receiver(slots []Value) error {
	if n.owner == nil || len(slots) == 0 || !n.method {
		return nil
	}
	self := plain(slots[0])
	if s, ok := self.(*Sym); ok && n.owner == StrClass && symTable["str."+n.name] == needsInput {
		return s.Needs("." + n.name + "()")
	}
	_, bare := self.(*Instance)
	if !slots[0].Class().IsA(n.owner) || bare && n.owner.valueClass() {
		return Errorf(TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object", n.name, n.owner.name, slots[0].Class().name)
	}
	return nil
}

// valueClass reports whether the objects of the class are Go values of their
// own, not Instances.
func (c *Class) valueClass() bool {
	return c.module == "builtins" && c != ObjectClass && !c.IsA(BaseException)
}

// indexed is the number that an object gives by __index__ where one is wanted.
func (c *Call) indexed(p param, v Value) Value {
	if _, ok := plain(v).(*Instance); !ok || p.types[0] != "int" {
		return v
	}
	m := operatorMethod(v, "__index__")
	if m == nil {
		return v
	}
	if n, err := c.Thread.callMethod(m, v); err == nil {
		return n
	}
	return v
}

// known is an argument that fits its parameter: one that must be known and is
// only known at start is assumed.
func (c *Call) known(p param, v Value, where pyast.Span) (Value, error) {
	err := c.check(p, v, where)
	s, symbolic := v.(*Sym)
	d, ok := err.(*diag.Diagnostic)
	if !symbolic || !ok {
		return v, err
	}
	if v, err = c.Thread.assumed(s, d); err != nil {
		return nil, err
	}
	return v, c.check(p, v, where)
}

// check tests an argument against the declared types of its parameter.
func (c *Call) check(p param, v Value, where pyast.Span) error {
	for _, t := range p.types {
		if matches(t, v) {
			return nil
		}
	}
	short := c.Name[strings.LastIndexByte(c.Name, '.')+1:]
	switch v := v.(type) {
	case *Sym:
		d := v.Needs("argument '" + p.name + "' of " + short + "()")
		d.Pos = where.Pos()
		return d
	case *Opaque:
		d, _ := v.Refuse("is passed to " + short + "()").(*diag.Diagnostic)
		d.Pos = where.Pos()
		return d
	}
	want := strings.ReplaceAll(strings.Join(p.types, " or "), "text", "str")
	if strings.HasPrefix(c.Name, "str.") && len(p.types) == 1 {
		for i := range c.params.list {
			if c.params.list[i].name == p.name && i == 1 && (len(c.params.list) == 2 || p.name == "sub") {
				return Errorf(TypeError, "must be %s, not %s", want, v.Class().name)
			} else if c.params.list[i].name == p.name && i > 0 {
				return Errorf(TypeError, "%s() argument %d must be %s, not %s", short, i, want, v.Class().name)
			}
		}
	}
	if strings.HasPrefix(c.Name, "str.") && strings.HasSuffix(short, "with") {
		return Errorf(TypeError, "%s first arg must be str or a tuple of str, not %s", short, v.Class().name)
	}
	return Errorf(TypeError, "%s() argument '%s' must be %s, not %s", short, p.name, want, v.Class().name)
}

// matches reports whether a value fits a declared type.
func matches(typ string, v Value) bool {
	switch v := v.(type) {
	case *Sym:
		return typ == "any" || typ == "text" && v.Kind == SymStr
	case *Opaque:
		return typ == "any" || typ == "opaque" || v.Reported
	case *Class:
		if typ == "class" {
			return true
		}
	}
	switch typ {
	case "any":
		return true
	case "text":
		typ = "str"
	case "None":
		return v == None
	case "float":
		if _, ok := asInt(v); ok {
			return true
		}
	case "seq":
		return matches("list", v) || matches("tuple", v)
	case "callable":
		return Callable(v)
	}
	for _, k := range v.Class().mro {
		if k.name == typ {
			return true
		}
	}
	return false
}
