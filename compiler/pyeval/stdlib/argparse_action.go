package stdlib

import (
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
)

// store carries out an option's action with the values that it was given;
// flag is how it was spelt, "" for a positional one.
func (r *parsing) store(o *option, flag string, args []string) error {
	v, byDefault, err := r.value(o, args)
	if err != nil {
		return err
	}
	r.seen[o] = true
	if !byDefault {
		r.given[o] = true
		for _, g := range r.p.groups {
			if !g.exclusive || !slices.Contains(g.options, o) {
				continue
			}
			for _, other := range g.options {
				if other != o && r.given[other] {
					return r.p.failAt(r.t, o, "not allowed with argument %s", other.spelled())
				}
			}
		}
	}
	if textOf(v) == suppress {
		return nil
	}
	switch o.action {
	case "":
		option := pyeval.None
		if flag != "" {
			option = pyeval.NewStr(flag)
		}
		_, err := r.t.Call(o.custom, r.p.object, r.ns, v, option)
		return err
	case "store":
		return r.t.SetAttr(r.ns, o.dest, v)
	case "store_true", "store_false", "store_const":
		return r.t.SetAttr(r.ns, o.dest, o.constant)
	case "boolean":
		return r.t.SetAttr(r.ns, o.dest, pyeval.Bool(!strings.HasPrefix(flag, "--no-")))
	case "append":
		return r.extend(o, v)
	case "append_const":
		return r.extend(o, o.constant)
	case "extend":
		more, err := r.t.Iterate(v)
		if err != nil {
			return err
		}
		return r.extend(o, more...)
	case "count":
		old, err := r.t.GetAttr(r.ns, o.dest)
		if err != nil || old == pyeval.None {
			old = pyeval.NewInt(0)
		}
		n, err := r.t.Binary("+", old, pyeval.NewInt(1))
		if err != nil {
			return err
		}
		return r.t.SetAttr(r.ns, o.dest, n)
	case "parsers":
		return r.command(o, args)
	}
	return r.inform(o)
}

// inform prints the help text or the version and ends the script.
func (r *parsing) inform(o *option) error {
	if o.action == "help" {
		if _, err := method(r.t, r.p.object, "print_help"); err != nil {
			return err
		}
	} else {
		text, err := r.p.expand(r.t, o, textOf(o.version))
		if err != nil {
			return err
		}
		if err := writeTo(r.t, "stdout", text+"\n"); err != nil {
			return err
		}
	}
	_, err := method(r.t, r.p.object, "exit")
	return err
}

// extend appends to a copy of the list that the namespace has.
func (r *parsing) extend(o *option, more ...pyeval.Value) error {
	old, err := r.t.GetAttr(r.ns, o.dest)
	if err != nil || old == pyeval.None {
		old = pyeval.NewList()
	}
	elems, err := r.t.Iterate(old)
	if err != nil {
		return err
	}
	return r.t.SetAttr(r.ns, o.dest, pyeval.NewList(append(slices.Clone(elems), more...)...))
}

// value converts what an option was given; byDefault says that it is the
// default for nothing.
func (r *parsing) value(o *option, args []string) (v pyeval.Value, byDefault bool, err error) {
	if o.nargs != nargsRest && o.nargs != nargsCommand {
		if i := slices.Index(args, "--"); i >= 0 {
			args = slices.Delete(slices.Clone(args), i, i+1)
		}
	}
	switch {
	case len(args) == 0 && o.nargs == "?":
		v, byDefault = o.constant, len(o.flags) == 0
		if byDefault {
			v = o.def
		}
		if s, ok := v.(*pyeval.Str); ok && s.String() != suppress {
			v, err = r.checked(o, s.String())
		}
		return v, byDefault, err
	case len(args) == 0 && o.nargs == "*" && len(o.flags) == 0:
		if o.def == pyeval.None {
			return pyeval.NewList(), false, nil
		}
		return o.def, true, nil
	case o.nargs == "" && o.action != "", o.nargs == "?":
		v, err = r.checked(o, args[0])
		return v, false, err
	case o.nargs == "" && len(args) == 1:
		v, err = r.checked(o, args[0])
		return v, false, err
	case o.nargs == nargsCommand:
		return strs(args), false, nil
	}
	list := pyeval.NewList()
	for _, a := range args {
		v, err := r.convert(o, a)
		if err == nil && o.nargs != nargsRest {
			err = r.choose(o, v)
		}
		if err != nil {
			return nil, false, err
		}
		list.Append(v)
	}
	return list, false, nil
}

// checked is a converted text that is among the choices.
func (r *parsing) checked(o *option, text string) (pyeval.Value, error) {
	v, err := r.convert(o, text)
	if err != nil {
		return nil, err
	}
	return v, r.choose(o, v)
}

// convert applies the option's type.
func (r *parsing) convert(o *option, text string) (pyeval.Value, error) {
	if o.typ == pyeval.None {
		return pyeval.NewStr(text), nil
	}
	v, err := r.t.Call(o.typ, pyeval.NewStr(text))
	raised, ok := err.(*pyeval.Raised)
	switch {
	case !ok:
		return v, err
	case raised.Exc.Class().IsA(typeErrorClass):
		message, err := r.t.Str(raised.Exc)
		if err != nil {
			return nil, err
		}
		return nil, r.p.failAt(r.t, o, "%s", message)
	case raised.Exc.Class().IsA(pyeval.ValueError) || raised.Exc.Class().IsA(pyeval.TypeError):
		name, err := r.t.GetAttr(o.typ, "__name__")
		if err != nil {
			repr, err := r.t.Repr(o.typ)
			if err != nil {
				return nil, err
			}
			name = pyeval.NewStr(repr)
		}
		return nil, r.p.failAt(r.t, o, "invalid %s value: %s", textOf(name), pyeval.Quote(text))
	}
	return nil, err
}

// choose refuses a value that isn't among the choices.
func (r *parsing) choose(o *option, v pyeval.Value) error {
	if o.choices == pyeval.None {
		return nil
	}
	in, err := r.t.Contains(o.choices, v)
	if in || err != nil {
		return err
	}
	all, err := r.t.Iterate(o.choices)
	if err != nil {
		return err
	}
	shown := make([]string, len(all))
	for i, x := range all {
		if shown[i], err = r.t.Repr(x); err != nil {
			return err
		}
	}
	s, err := r.t.Repr(v)
	if err != nil {
		return err
	}
	return r.p.failAt(r.t, o, "invalid choice: %s (choose from %s)", s, strings.Join(shown, ", "))
}

// commands are the parsers that add_subparsers made room for.
type commands struct {
	names  []string  // aliases too
	listed []*option // one for each parser with a help text
	byName map[string]*parser
	prog   string
	class  pyeval.Value // of the parsers
	chosen *parser
}

func init() {
	parserClass.Def("add_subparsers(self, *, title=None, description=None, prog=None, parser_class=None, action=None, "+
		"dest: str='"+suppress+"', required: bool=False, help=None, metavar=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, _, err := container(c)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(p.options, func(o *option) bool { return o.commands != nil }) {
			return nil, p.fail(c.Thread, "cannot have multiple subparser arguments")
		}
		o := &option{dest: c.Str("dest"), action: "parsers", nargs: nargsCommand, typ: pyeval.None, def: pyeval.None, constant: pyeval.None,
			choices: pyeval.None, metavar: c.Arg("metavar"), required: c.Bool("required"), help: c.Arg("help"), where: c.Span}
		prog, err := p.commandProg(c.Thread)
		if err != nil {
			return nil, err
		}
		o.commands = &commands{byName: map[string]*parser{}, prog: prog, class: c.Arg("parser_class")}
		if c.Arg("prog") != pyeval.None {
			o.commands.prog = textOf(c.Arg("prog"))
		}
		if o.commands.class == pyeval.None {
			o.commands.class = c.Self().Class()
		}
		var g *group
		if title := textOf(c.Arg("title")); title != "" || c.Arg("description") != pyeval.None {
			if title == "" {
				title = "subcommands"
			}
			g = &group{title: title, description: textOf(c.Arg("description")), parser: p}
			p.groups = append(p.groups, g)
		}
		p.add(o, g)
		return actionObject(commandsClass, o), nil
	})
	commandsClass.Def("add_parser(self, name: str, *, help=None, aliases=(), **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		o, _ := pyeval.Data[*option](c.Self())
		aliases, err := c.Thread.Iterate(c.Arg("aliases"))
		if err != nil {
			return nil, err
		}
		cs := o.commands
		args := []pyeval.Arg{}
		if _, ok := c.Keywords("kw").GetStr("prog"); !ok {
			args = append(args, pyeval.Arg{Name: "prog", Value: pyeval.NewStr(cs.prog + " " + c.Str("name"))})
		}
		for k, v := range c.Keywords("kw").Items() {
			args = append(args, pyeval.Arg{Name: textOf(k), Value: v})
		}
		made, err := c.Thread.Invoke(cs.class, args, c.Span, c.At)
		if err != nil {
			return nil, err
		}
		sub, ok := pyeval.Data[*parser](made)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "parser_class isn't an ArgumentParser")
		}
		shown := c.Str("name")
		for i, name := range append([]pyeval.Value{c.Arg("name")}, aliases...) {
			cs.byName[textOf(name)] = sub
			cs.names = append(cs.names, textOf(name))
			if i == 1 {
				shown += " (" + textOf(name)
			} else if i > 1 {
				shown += ", " + textOf(name)
			}
		}
		if len(aliases) > 0 {
			shown += ")"
		}
		if c.Arg("help") != pyeval.None {
			cs.listed = append(cs.listed, &option{metavar: pyeval.NewStr(shown), help: c.Arg("help"), typ: pyeval.None, def: pyeval.None, constant: pyeval.None, choices: pyeval.None, nargs: "0"})
		}
		return made, nil
	})
}

// command lets the parser of the command that args begins with take the rest.
func (r *parsing) command(o *option, args []string) error {
	sub := o.commands.byName[args[0]]
	if sub == nil {
		shown := make([]string, len(o.commands.names))
		for i, name := range o.commands.names {
			shown[i] = pyeval.Quote(name)
		}
		return r.p.failAt(r.t, o, "invalid choice: %s (choose from %s)", pyeval.Quote(args[0]), strings.Join(shown, ", "))
	}
	if o.dest != suppress {
		if err := r.t.SetAttr(r.ns, o.dest, pyeval.NewStr(args[0])); err != nil {
			return err
		}
	}
	o.commands.chosen = sub
	own := namespaceClass.Make(nil)
	rest, err := sub.concrete(r.t, own, args[1:])
	if err != nil {
		return err
	}
	r.extras = append(r.extras, rest...)
	for k, v := range own.Dict().Items() {
		if err := r.t.SetAttr(r.ns, textOf(k), v); err != nil {
			return err
		}
	}
	return nil
}
