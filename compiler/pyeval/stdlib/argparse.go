package stdlib

import (
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

func init() { loaders["argparse"] = fillArgparse }

var (
	parserClass    = pyeval.NewClass("argparse", "ArgumentParser")
	groupClass     = pyeval.NewClass("argparse", "_ArgumentGroup")
	namespaceClass = pyeval.NewClass("argparse", "Namespace")
	actionClass    = pyeval.NewClass("argparse", "Action")
	booleanClass   = pyeval.NewClass("argparse", "BooleanOptionalAction", actionClass)
	commandsClass  = pyeval.NewClass("argparse", "_SubParsersAction", actionClass)
	formatterClass = pyeval.NewClass("argparse", "HelpFormatter")
	typeErrorClass = pyeval.NewClass("argparse", "ArgumentTypeError", pyeval.Exception)
	argErrorClass  = pyeval.NewClass("argparse", "ArgumentError", pyeval.Exception)
)

// The values of nargs and defaults that have a meaning of their own.
const (
	nargsRest    = "..."  // all that follows
	nargsCommand = "A..." // a command and all that follows
	suppress     = "==SUPPRESS=="
)

// parser is an ArgumentParser with what its groups add.
type parser struct {
	object      pyeval.Value // the ArgumentParser, whose class may be the script's
	prog        string
	usage       pyeval.Value
	description string
	epilog      string
	formatter   pyeval.Value // formatter_class
	noAbbrev    bool
	argDefault  pyeval.Value // argument_default
	options     []*option
	groups      []*group     // in the order of the help text; the first two are Python's
	defaults    *pyeval.Dict // of set_defaults
}

// group is a titled part of the help text, or a set of options of which one
// may be given.
type group struct {
	title, description string
	options            []*option
	exclusive          bool
	required           bool
	parser             *parser
	parent             *group // where an exclusive group's options are shown
}

// option is one declared argument.
type option struct {
	flags    []string // empty for a positional argument
	dest     string
	action   string       // the name of argparse's action, "" for one of the script's own
	custom   pyeval.Value // the action object of the script's own class
	typ      pyeval.Value // None for str
	def      pyeval.Value
	constant pyeval.Value
	choices  pyeval.Value
	nargs    string // "", "?", "*", "+", a number, nargsRest or nargsCommand
	metavar  pyeval.Value
	required bool
	help     pyeval.Value
	version  pyeval.Value
	commands *commands  // of add_subparsers
	where    pyast.Span // of add_argument
}

func fillArgparse(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(parserClass, namespaceClass, actionClass, booleanClass, formatterClass, typeErrorClass, argErrorClass)
	for _, name := range []string{"RawTextHelpFormatter", "RawDescriptionHelpFormatter", "ArgumentDefaultsHelpFormatter", "MetavarTypeHelpFormatter"} {
		m.Add(pyeval.NewClass("argparse", name, formatterClass))
	}
	m.Set("SUPPRESS", pyeval.NewStr(suppress)).Set("REMAINDER", pyeval.NewStr(nargsRest)).Set("PARSER", pyeval.NewStr(nargsCommand))
	m.Set("OPTIONAL", pyeval.NewStr("?")).Set("ZERO_OR_MORE", pyeval.NewStr("*")).Set("ONE_OR_MORE", pyeval.NewStr("+"))
}

// nargsByAction are argparse's actions; those that take no value have the
// count "0".
var nargsByAction = map[string]string{"store": "", "append": "", "extend": "", "store_true": "0", "store_false": "0",
	"store_const": "0", "append_const": "0", "count": "0", "help": "0", "version": "0", "boolean": "0", "parsers": nargsCommand}

func init() {
	parserClass.Def("__init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=None, prefix_chars='-', "+
		"fromfile_prefix_chars=None, argument_default=None, conflict_handler='error', add_help: bool=True, allow_abbrev: bool=True, exit_on_error=True)", newParser)
	const declared = "add_argument(self, *flags: str, dest: str|None=None, action='store', type=None, default=None, const=None, " +
		"nargs: str|int|None=None, choices=None, required: bool=False, help: any=None, metavar=None, version=None, **more)"
	parserClass.Def(declared, addArgument)
	groupClass.Def(declared, addArgument)
	addGroup := func(c *pyeval.Call, g *group) (pyeval.Value, error) {
		p, at, err := container(c)
		if err != nil {
			return nil, err
		}
		g.parser, g.parent = p, at
		p.groups = append(p.groups, g)
		return groupClass.Make(g), nil
	}
	for _, k := range []*pyeval.Class{parserClass, groupClass} {
		k.Def("add_argument_group(self, title=None, description=None)", func(c *pyeval.Call) (pyeval.Value, error) {
			return addGroup(c, &group{title: textOf(c.Arg("title")), description: textOf(c.Arg("description"))})
		})
		k.Def("add_mutually_exclusive_group(self, *, required: bool=False)", func(c *pyeval.Call) (pyeval.Value, error) {
			return addGroup(c, &group{exclusive: true, required: c.Bool("required")})
		})
		k.Def("set_defaults(self, **kw)", setDefaults)
	}
	parserClass.Def("get_default(self, dest: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, _, err := container(c)
		if err != nil {
			return nil, err
		}
		for _, o := range p.options {
			if o.dest == c.Str("dest") && o.def != pyeval.None {
				return o.def, nil
			}
		}
		if v, ok := p.defaults.GetStr(c.Str("dest")); ok {
			return v, nil
		}
		return pyeval.None, nil
	})
	defNamespace()
}

// textOf is a text argument; None is empty.
func textOf(v pyeval.Value) string {
	if s, ok := v.(*pyeval.Str); ok {
		return s.String()
	}
	return ""
}

func newParser(c *pyeval.Call) (pyeval.Value, error) {
	if textOf(c.Arg("prefix_chars")) != "-" || c.Arg("fromfile_prefix_chars") != pyeval.None {
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "an ArgumentParser with prefix_chars or fromfile_prefix_chars")
	}
	p := &parser{object: c.Self(), prog: textOf(c.Arg("prog")), usage: c.Arg("usage"), description: textOf(c.Arg("description")),
		epilog: textOf(c.Arg("epilog")), formatter: c.Arg("formatter_class"), noAbbrev: !c.Bool("allow_abbrev"), defaults: pyeval.NewDict()}
	if p.prog == "" {
		p.prog = c.Thread.Interp().Main().File().Name
	}
	if c.Given("argument_default") {
		p.argDefault = c.Arg("argument_default")
	}
	p.groups = []*group{{title: "positional arguments", parser: p}, {title: "options", parser: p}}
	self := c.Self().(*pyeval.Instance)
	self.Data = p
	for name, v := range (pyeval.Named[pyeval.Value]{{"prog", pyeval.NewStr(p.prog)}, {"description", c.Arg("description")}, {"epilog", c.Arg("epilog")}}).All() {
		self.Dict().SetStr(name, v)
	}
	if c.Bool("add_help") {
		p.add(&option{flags: []string{"-h", "--help"}, dest: "help", action: "help", nargs: "0", typ: pyeval.None, def: pyeval.NewStr(suppress),
			constant: pyeval.None, choices: pyeval.None, metavar: pyeval.None, help: pyeval.NewStr("show this help message and exit")}, p.groups[1])
	}
	parents, err := c.Thread.Iterate(c.Arg("parents"))
	if err != nil {
		return nil, err
	}
	for _, v := range parents {
		if base, ok := pyeval.Data[*parser](v); ok {
			p.inherit(base)
		}
	}
	return pyeval.None, nil
}

// inherit takes over what a parent parser declares.
func (p *parser) inherit(base *parser) {
	p.options = append(p.options, base.options...)
	for i, g := range base.groups {
		if i < 2 {
			p.groups[i].options = append(p.groups[i].options, g.options...)
			continue
		}
		own := *g
		own.parser = p
		p.groups = append(p.groups, &own)
	}
	for k, v := range base.defaults.Items() {
		p.defaults.SetStr(textOf(k), v)
	}
}

// container is the parser of a call of a method of a parser or group, and the
// group, nil for the parser itself.
func container(c *pyeval.Call) (*parser, *group, error) {
	if g, ok := pyeval.Data[*group](c.Self()); ok {
		return g.parser, g, nil
	}
	if p, ok := pyeval.Data[*parser](c.Self()); ok {
		return p, nil, nil
	}
	return nil, nil, pyeval.Errorf(pyeval.AttributeError, "ArgumentParser.__init__() wasn't called")
}

// add declares an option; g is the group it was declared in, nil for none.
func (p *parser) add(o *option, g *group) {
	p.options = append(p.options, o)
	shown := g
	if g != nil && g.exclusive {
		g.options = append(g.options, o)
		shown = g.parent
	}
	if shown == nil {
		shown = p.groups[1]
		if len(o.flags) == 0 {
			shown = p.groups[0]
		}
	}
	shown.options = append(shown.options, o)
}

func setDefaults(c *pyeval.Call) (pyeval.Value, error) {
	p, _, err := container(c)
	if err != nil {
		return nil, err
	}
	for k, v := range c.Keywords("kw").Items() {
		p.defaults.SetStr(textOf(k), v)
		for _, o := range p.options {
			if o.dest == textOf(k) {
				o.def = v
			}
		}
	}
	return pyeval.None, nil
}

func addArgument(c *pyeval.Call) (pyeval.Value, error) {
	p, g, err := container(c)
	if err != nil {
		return nil, err
	}
	o := &option{dest: textOf(c.Arg("dest")), typ: c.Arg("type"), def: c.Arg("default"), constant: c.Arg("const"), choices: c.Arg("choices"),
		required: c.Bool("required"), metavar: c.Arg("metavar"), help: c.Arg("help"), version: c.Arg("version"), where: c.Span}
	if !c.Given("default") {
		if v, ok := p.defaults.GetStr(o.dest); ok {
			o.def = v
		} else if p.argDefault != nil {
			o.def = p.argDefault
		}
	}
	switch n := c.Arg("nargs").(type) {
	case *pyeval.Str:
		o.nargs = n.String()
	case pyeval.Int:
		o.nargs = n.String()
	}
	o.named(c)
	switch a := c.Arg("action").(type) {
	case *pyeval.Str:
		o.action = a.String()
	case *pyeval.Class:
		if a != booleanClass {
			return addCustom(c, p, g, o, a)
		}
		o.action = "boolean"
	}
	nargs, known := nargsByAction[o.action]
	if !known || o.action == "parsers" {
		return nil, pyeval.Errorf(pyeval.ValueError, "unknown action \"%s\"", textOf(c.Arg("action")))
	}
	if nargs != "" {
		o.nargs = nargs
	}
	o.complete(c)
	p.add(o, g)
	return actionObject(actionClass, o), nil
}

// named takes the flags, or the name of a positional argument.
func (o *option) named(c *pyeval.Call) {
	for _, f := range c.Elems("flags") {
		o.flags = append(o.flags, textOf(f))
	}
	if len(o.flags) > 0 && !strings.HasPrefix(o.flags[0], "-") {
		o.dest, o.flags = o.flags[0], nil
	}
	if len(o.flags) == 0 {
		o.required = o.nargs != "?" && o.nargs != nargsRest && (o.nargs != "*" || c.Given("default"))
	} else if o.dest == "" {
		o.dest = strings.ReplaceAll(strings.TrimLeft(o.longest(), "-"), "-", "_")
	}
}

// complete fills in what the action implies.
func (o *option) complete(c *pyeval.Call) {
	flag := func(set, unset pyeval.Value) {
		o.constant = set
		if !c.Given("default") && o.def == pyeval.None {
			o.def = unset
		}
	}
	switch o.action {
	case "store_true":
		flag(pyeval.True, pyeval.False)
	case "store_false":
		flag(pyeval.False, pyeval.True)
	case "help", "version":
		o.def = pyeval.NewStr(suppress)
		if !c.Given("help") && o.action == "version" {
			o.help = pyeval.NewStr("show program's version number and exit")
		}
	case "boolean":
		for _, f := range slices.Clone(o.flags) {
			if rest, long := strings.CutPrefix(f, "--"); long {
				o.flags = append(o.flags, "--no-"+rest)
			}
		}
		if o.help != pyeval.None && o.def != pyeval.None && textOf(o.def) != suppress {
			o.help = pyeval.NewStr(textOf(o.help) + " (default: %(default)s)")
		}
	}
}

// addCustom declares an option whose action is a class of the script's.
func addCustom(c *pyeval.Call, p *parser, g *group, o *option, class *pyeval.Class) (pyeval.Value, error) {
	flags := pyeval.NewList()
	for _, f := range o.flags {
		flags.Append(pyeval.NewStr(f))
	}
	args := []pyeval.Arg{{Name: "option_strings", Value: flags}, {Name: "dest", Value: pyeval.NewStr(o.dest)}}
	for _, name := range []string{"type", "const", "nargs", "choices", "required", "help", "metavar"} {
		if c.Given(name) {
			args = append(args, pyeval.Arg{Name: name, Value: c.Arg(name)})
		}
	}
	args = append(args, pyeval.Arg{Name: "default", Value: o.def})
	for k, v := range c.Keywords("more").Items() {
		args = append(args, pyeval.Arg{Name: textOf(k), Value: v})
	}
	made, err := c.Thread.Invoke(class, args, c.Span, c.At)
	if err != nil {
		return nil, err
	}
	own, ok := pyeval.Data[*option](made)
	if !ok {
		return nil, pyeval.Errorf(pyeval.TypeError, "%s isn't an argparse.Action", class.Name())
	}
	own.flags, own.required, own.where, own.custom = o.flags, o.required, c.Span, made
	p.add(own, g)
	return made, nil
}

func init() {
	actionClass.Def("__init__(self, option_strings, dest: str, nargs: str|int|None=None, const=None, default=None, type=None, choices=None, "+
		"required: bool=False, help=None, metavar=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		o := &option{dest: c.Str("dest"), typ: c.Arg("type"), def: c.Arg("default"), constant: c.Arg("const"), choices: c.Arg("choices"),
			metavar: c.Arg("metavar"), help: c.Arg("help")}
		if c.Arg("nargs") != pyeval.None {
			n, err := c.Thread.Str(c.Arg("nargs"))
			if err != nil {
				return nil, err
			}
			o.nargs = n
		}
		self := c.Self().(*pyeval.Instance)
		self.Data = o
		for _, name := range []string{"option_strings", "dest", "nargs", "const", "default", "type", "choices", "required", "help", "metavar"} {
			self.Dict().SetStr(name, c.Arg(name))
		}
		return pyeval.None, nil
	})
}

// actionObject is what add_argument returns.
func actionObject(class *pyeval.Class, o *option) *pyeval.Instance {
	i := class.Make(o)
	for name, v := range (pyeval.Named[pyeval.Value]{{"dest", pyeval.NewStr(o.dest)}, {"option_strings", strs(o.flags)}, {"default", o.def}, {"const", o.constant},
		{"type", o.typ}, {"choices", o.choices}, {"help", o.help}, {"metavar", o.metavar}, {"required", pyeval.Bool(o.required)}}).All() {
		i.Dict().SetStr(name, v)
	}
	return i
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

func defNamespace() {
	namespaceClass.Def("__init__(self, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		for k, v := range c.Keywords("kw").Items() {
			c.Self().(*pyeval.Instance).Dict().SetStr(textOf(k), v)
		}
		return pyeval.None, nil
	})
	namespaceClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return namespaceText(c, c.Self().Class().Name())
	})
	namespaceClass.Def("__eq__(self, other, /)", equalAttributes(namespaceClass))
	namespaceClass.Def("__contains__(self, key: str, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		_, ok := c.Self().(*pyeval.Instance).Dict().GetStr(c.Str("key"))
		return pyeval.Bool(ok), nil
	})
}
