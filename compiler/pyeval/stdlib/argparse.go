package stdlib

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

func init() { loaders["argparse"] = fillArgparse }

var (
	parserClass    = pyeval.NewClass("argparse", "ArgumentParser")
	namespaceClass = pyeval.NewClass("argparse", "Namespace")
	actionClass    = pyeval.NewClass("argparse", "Action")
)

// parser is an ArgumentParser with what its groups add.
type parser struct {
	options  []*option
	defaults *pyeval.Dict // of set_defaults
}

// option is one declared argument.
type option struct {
	flags    []string // empty for a positional argument
	dest     string
	action   string
	typ      pyeval.Value // None for str
	def      pyeval.Value
	constant pyeval.Value
	choices  pyeval.Value
	nargs    string // "", "?", "*", "+" or a number
	required bool
	help     string
	where    pyast.Span // of add_argument
}

func fillArgparse(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(parserClass, namespaceClass)
	for _, name := range []string{"RawTextHelpFormatter", "RawDescriptionHelpFormatter", "ArgumentDefaultsHelpFormatter", "HelpFormatter"} {
		m.Add(pyeval.NewClass("argparse", name))
	}
	m.Set("SUPPRESS", pyeval.NewStr("==SUPPRESS==")).Set("REMAINDER", pyeval.NewStr("..."))
}

func init() {
	parserClass.Def("__init__(self, *args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		c.Self().(*pyeval.Instance).Data = &parser{defaults: pyeval.NewDict()}
		return pyeval.None, nil
	})
	parserClass.Def("add_argument(self, *flags: str, dest: str|None=None, action='store', type=None, default=None, const=None, "+
		"nargs: str|int|None=None, choices=None, required: bool=False, help: any=None, metavar=None, version=None)", addArgument)
	for _, name := range []string{"add_argument_group", "add_mutually_exclusive_group"} {
		parserClass.Def(name+"(self, *args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil })
	}
	parserClass.Def("set_defaults(self, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, _ := pyeval.Data[*parser](c.Self())
		for k, v := range c.Keywords("kw").Items() {
			if err := p.defaults.Set(c.Thread, k, v); err != nil {
				return nil, err
			}
		}
		return pyeval.None, nil
	})
	parserClass.Def("parse_args(self, args=None, namespace=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		ns, rest, err := parse(c)
		if err == nil && len(rest) > 0 {
			err = usage(c, "unrecognized arguments: %s", strings.Join(rest, " "))
		}
		return ns, err
	})
	parserClass.Def("parse_known_args(self, args=None, namespace=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		c.Thread.Interp().TakeExtraArguments()
		ns, rest, err := parse(c)
		return pyeval.NewTuple(ns, strs(rest)), err
	})
	parserClass.Def("error(self, message: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		return nil, usage(c, "%s", c.Str("message"))
	})
	for _, sig := range []string{"print_help(self, file=None)", "print_usage(self, file=None)"} {
		parserClass.Def(sig, none)
	}
	namespaceClass.Def("__init__(self, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		for k, v := range c.Keywords("kw").Items() {
			c.Self().(*pyeval.Instance).Dict().SetStr(k.(*pyeval.Str).String(), v)
		}
		return pyeval.None, nil
	})
	namespaceClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		var parts []string
		for k, v := range c.Self().(*pyeval.Instance).Dict().Items() {
			s, err := c.Thread.Repr(v)
			if err != nil {
				return nil, err
			}
			parts = append(parts, k.(*pyeval.Str).String()+"="+s)
		}
		return str("Namespace(" + strings.Join(parts, ", ") + ")")
	})
	namespaceClass.Def("__contains__(self, key: str, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		_, ok := c.Self().(*pyeval.Instance).Dict().GetStr(c.Str("key"))
		return pyeval.Bool(ok), nil
	})
}

// usage is what argparse prints before it exits with status 2; at build it is
// an error at the call.
func usage(_ *pyeval.Call, format string, args ...any) error {
	return diag.New(diag.PyRaised, diag.Pos{}, "the script refuses its arguments: "+format, args...)
}

func addArgument(c *pyeval.Call) (pyeval.Value, error) {
	p, ok := pyeval.Data[*parser](c.Self())
	if !ok {
		return nil, pyeval.Errorf(pyeval.AttributeError, "ArgumentParser.__init__() wasn't called")
	}
	o := &option{dest: c.Str("dest"), typ: c.Arg("type"), def: c.Arg("default"), constant: c.Arg("const"),
		choices: c.Arg("choices"), required: c.Bool("required"), action: "store", where: c.Span}
	if a, ok := c.Arg("action").(*pyeval.Str); ok {
		o.action = a.String()
	} else {
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "an argparse action of the script's own")
	}
	if h, ok := c.Arg("help").(*pyeval.Str); ok {
		o.help = h.String()
	}
	switch n := c.Arg("nargs").(type) {
	case *pyeval.Str:
		o.nargs = n.String()
	case pyeval.Int:
		o.nargs = n.String()
	}
	for _, f := range c.Elems("flags") {
		o.flags = append(o.flags, f.(*pyeval.Str).String())
	}
	if len(o.flags) > 0 && !strings.HasPrefix(o.flags[0], "-") {
		o.dest, o.flags = o.flags[0], nil
		o.required = o.nargs != "?" && o.nargs != "*"
	}
	if o.dest == "" && len(o.flags) > 0 {
		o.dest = strings.ReplaceAll(strings.TrimLeft(o.longest(), "-"), "-", "_")
	}
	if !slices.Contains([]string{"store", "store_true", "store_false", "store_const", "append", "count", "help", "version"}, o.action) {
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "argparse's action %q", o.action)
	}
	switch o.action {
	case "store_true":
		o.constant, o.def = pyeval.True, orDefault(c, pyeval.False)
	case "store_false":
		o.constant, o.def = pyeval.False, orDefault(c, pyeval.True)
	}
	p.options = append(p.options, o)
	return actionClass.Make(o), nil
}

func orDefault(c *pyeval.Call, def pyeval.Value) pyeval.Value {
	if c.Given("default") {
		return c.Arg("default")
	}
	return def
}

// longest is the flag that names the option: the first long one.
func (o *option) longest() string {
	for _, f := range o.flags {
		if strings.HasPrefix(f, "--") {
			return f
		}
	}
	return o.flags[0]
}

func (o *option) name() string {
	if len(o.flags) == 0 {
		return o.dest
	}
	return o.longest()
}

// parse makes the namespace: by the arguments that are given, or with
// symbolic values when the build got none.
func parse(c *pyeval.Call) (*pyeval.Instance, []string, error) {
	p, ok := pyeval.Data[*parser](c.Self())
	if !ok {
		return nil, nil, pyeval.Errorf(pyeval.AttributeError, "ArgumentParser.__init__() wasn't called")
	}
	args, symbolic, err := argumentsOf(c)
	if err != nil {
		return nil, nil, err
	}
	ns := namespaceClass.Make(nil)
	for k, v := range p.defaults.Items() {
		ns.Dict().SetStr(k.(*pyeval.Str).String(), v)
	}
	if symbolic {
		return ns, nil, p.symbolic(c, ns.Dict())
	}
	rest, err := p.concrete(c, ns.Dict(), args)
	return ns, rest, err
}

// argumentsOf are the arguments to parse; symbolic says that they aren't
// known.
func argumentsOf(c *pyeval.Call) (args []string, symbolic bool, err error) {
	v := c.Arg("args")
	if v == pyeval.None {
		given := c.Thread.Interp().Options().Args
		return given, given == nil, nil
	}
	if _, ok := pyeval.Data[restOfArgv](v); ok {
		return nil, true, nil
	}
	elems, err := c.Thread.Iterate(v)
	if err != nil {
		return nil, false, err
	}
	for _, e := range elems {
		s, err := c.Thread.Str(e)
		if err != nil {
			return nil, false, err
		}
		args = append(args, s)
	}
	return args, false, nil
}

// symbolic binds every option to a value that is known at start.
func (p *parser) symbolic(c *pyeval.Call, ns *pyeval.Dict) error {
	for _, o := range p.options {
		if o.action == "help" || o.action == "version" {
			continue
		}
		v, err := o.symbolic(c)
		if err != nil {
			return err
		}
		ns.SetStr(o.dest, v)
	}
	return nil
}

// input is the option as an input of the job, without its value.
func (o *option) input() pyeval.Input {
	in := pyeval.Input{Kind: pyeval.ArgumentInput, Name: o.name(), Doc: o.help}
	for _, f := range o.flags {
		if f != in.Name {
			in.Aliases = append(in.Aliases, f)
		}
	}
	switch o.action {
	case "store_true":
		in.Constant = "True"
	case "store_false":
		in.Constant = "False"
	}
	return in
}

func (o *option) symbolic(c *pyeval.Call) (pyeval.Value, error) {
	in := o.input()
	switch d := o.def.(type) {
	case *pyeval.Sym:
		s := pyeval.NewSym(c.Thread.Interp().Declare(in, o.where), c.Span)
		return c.Thread.ApplyAtStart("default", d.Kind, s, d)
	case *pyeval.Opaque:
		return d, nil
	}
	_, text := o.def.(*pyeval.Str)
	switch {
	case o.def == pyeval.None:
		in.Optional = !o.required
	case !text && o.typ == pyeval.None && o.action == "store":
		return nil, in.Missing("argparse with a default that isn't a text and no type")
	default:
		text, err := c.Thread.Str(o.def)
		if err != nil {
			return nil, err
		}
		in.Default, in.HasDefault = text, true
	}
	s := pyeval.NewSym(c.Thread.Interp().Declare(in, o.where), c.Span)
	switch {
	case o.action == "store_true" || o.action == "store_false":
		s.Kind = pyeval.SymBool
		return s, nil
	case o.action == "count":
		s.Kind = pyeval.SymInt
		return s, nil
	case o.nargs != "" && o.nargs != "?" || o.action == "append" || o.action == "store_const":
		return nil, in.Missing("an argument with several values")
	case o.typ == pyeval.None || o.typ == pyeval.Value(pyeval.StrClass):
		return s, nil
	case o.typ == pyeval.Value(pyeval.IntClass):
		return c.Thread.ApplyAtStart("int", pyeval.SymInt, s)
	case o.typ == pyeval.Value(pyeval.FloatClass):
		return c.Thread.ApplyAtStart("float", pyeval.SymFloat, s)
	}
	return nil, in.Missing("the conversion of an argument by the script's own type")
}

// concrete parses given arguments and returns those that it doesn't know.
func (p *parser) concrete(c *pyeval.Call, ns *pyeval.Dict, args []string) ([]string, error) {
	for _, o := range p.options {
		if _, ok := ns.GetStr(o.dest); !ok && o.action != "help" && o.action != "version" {
			def, err := o.defaultValue(c)
			if err != nil {
				return nil, err
			}
			ns.SetStr(o.dest, def)
		}
	}
	seen := map[*option]bool{}
	var loose, rest []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			loose = append(loose, args[i+1:]...)
			break
		}
		if !strings.HasPrefix(a, "-") || a == "-" || isNumber(a) {
			loose = append(loose, a)
			continue
		}
		flag, value, attached := strings.Cut(a, "=")
		o, err := p.find(c, flag)
		if err != nil {
			return nil, err
		}
		if o == nil {
			rest = append(rest, a)
			continue
		}
		seen[o] = true
		var values []string
		if attached {
			values = []string{value}
		} else if o.takesValue() {
			values, i = p.take(o, args, i)
		}
		if err := o.store(c, ns, values); err != nil {
			return nil, err
		}
	}
	for _, o := range p.options {
		if len(o.flags) > 0 {
			continue
		}
		n := min(len(loose), o.positions(len(loose)))
		if n == 0 && o.required {
			continue
		}
		if n > 0 {
			seen[o] = true
			if err := o.store(c, ns, loose[:n]); err != nil {
				return nil, err
			}
			loose = loose[n:]
		}
	}
	var missing []string
	for _, o := range p.options {
		if o.required && !seen[o] {
			missing = append(missing, o.name())
		}
	}
	if missing != nil {
		return nil, usage(c, "the following arguments are required: %s", strings.Join(missing, ", "))
	}
	p.record(c, ns)
	return append(rest, loose...), nil
}

// defaultValue is the default; one that is a text goes through the option's
// type, as in Python.
func (o *option) defaultValue(c *pyeval.Call) (pyeval.Value, error) {
	if s, ok := o.def.(*pyeval.Str); ok && o.typ != pyeval.None {
		return c.Thread.Call(o.typ, s)
	}
	return o.def, nil
}

// record notes the values as baked into the plan.
func (p *parser) record(c *pyeval.Call, ns *pyeval.Dict) {
	for _, o := range p.options {
		if v, ok := ns.GetStr(o.dest); ok {
			text, err := c.Thread.Str(v)
			if err == nil {
				in := o.input()
				in.Baked, in.Value = true, text
				c.Thread.Interp().Declare(in, o.where)
			}
		}
	}
}

// find returns the option of a flag or of an unambiguous beginning of one.
func (p *parser) find(c *pyeval.Call, flag string) (*option, error) {
	var found []*option
	for _, o := range p.options {
		for _, f := range o.flags {
			if f == flag {
				return o, nil
			}
			if strings.HasPrefix(flag, "--") && strings.HasPrefix(f, flag) {
				found = append(found, o)
				break
			}
		}
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	return nil, usage(c, "ambiguous option: %s", flag)
}

func (o *option) takesValue() bool {
	return o.action == "store" || o.action == "append"
}

// positions is how many loose arguments a positional one takes.
func (o *option) positions(have int) int {
	switch o.nargs {
	case "", "?":
		return 1
	case "*", "+":
		return have
	}
	var n int
	if _, err := fmt.Sscan(o.nargs, &n); err != nil {
		return 1
	}
	return n
}

// take collects the values after the flag at i; it returns the last index used.
func (p *parser) take(o *option, args []string, i int) ([]string, int) {
	limit := o.positions(len(args))
	var values []string
	for len(values) < limit && i+1 < len(args) && (!strings.HasPrefix(args[i+1], "-") || isNumber(args[i+1])) {
		i++
		values = append(values, args[i])
	}
	return values, i
}

func isNumber(s string) bool {
	return len(s) > 1 && s[0] == '-' && (s[1] >= '0' && s[1] <= '9' || s[1] == '.')
}

func (o *option) store(c *pyeval.Call, ns *pyeval.Dict, values []string) error {
	switch o.action {
	case "store_true", "store_false", "store_const":
		ns.SetStr(o.dest, o.constant)
		return nil
	case "count":
		old, _ := ns.GetStr(o.dest)
		if old == pyeval.None {
			old = pyeval.NewInt(0)
		}
		v, err := c.Thread.Binary("+", old, pyeval.NewInt(1))
		ns.SetStr(o.dest, v)
		return err
	case "help", "version":
		return pyeval.Raise(pyeval.SystemExit, pyeval.NewInt(0))
	}
	if len(values) == 0 && o.nargs != "?" && o.nargs != "*" {
		return usage(c, "argument %s: expected one argument", o.name())
	}
	converted := pyeval.NewList()
	for _, text := range values {
		v, err := o.convert(c, text)
		if err != nil {
			return err
		}
		converted.Append(v)
	}
	var v pyeval.Value = converted
	switch {
	case (o.nargs == "" || o.nargs == "?") && len(values) > 0:
		v = converted.Elems()[0]
	case o.nargs == "?":
		v = o.constant
	}
	if o.action == "append" {
		list, ok := ns.GetStr(o.dest)
		l, isList := list.(*pyeval.List)
		if !ok || !isList {
			l = pyeval.NewList()
		}
		v = pyeval.NewList(append(slices.Clone(l.Elems()), v)...)
	}
	ns.SetStr(o.dest, v)
	return nil
}

func (o *option) convert(c *pyeval.Call, text string) (pyeval.Value, error) {
	var v pyeval.Value = pyeval.NewStr(text)
	if o.typ != pyeval.None {
		x, err := c.Thread.Call(o.typ, v)
		if err != nil {
			return nil, usage(c, "argument %s: invalid value: '%s'", o.name(), text)
		}
		v = x
	}
	if o.choices != pyeval.None {
		in, err := c.Thread.Contains(o.choices, v)
		if err != nil {
			return nil, err
		}
		if !in {
			return nil, usage(c, "argument %s: invalid choice: '%s'", o.name(), text)
		}
	}
	return v, nil
}
