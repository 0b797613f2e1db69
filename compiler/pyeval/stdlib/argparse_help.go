package stdlib

import (
	"strconv"
	"strings"

	"pyfc/compiler/pyeval"
)

// The measures of a help text: CPython's in a terminal of 80 columns.
const (
	helpWidth  = 78
	helpColumn = 24
)

func init() {
	for name, make := range (pyeval.Named[func(p *parser, t *pyeval.Thread) (string, error)]{{"usage", (*parser).usageText}, {"help", (*parser).helpText}}).All() {
		text := func(c *pyeval.Call) (string, error) {
			p, _, err := container(c)
			if err != nil {
				return "", err
			}
			return make(p, c.Thread)
		}
		parserClass.Def("format_"+name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			s, err := text(c)
			return pyeval.NewStr(s), err
		})
		parserClass.Def("print_"+name+"(self, file=None)", func(c *pyeval.Call) (pyeval.Value, error) {
			s, err := text(c)
			if err != nil {
				return nil, err
			}
			if c.Arg("file") != pyeval.None {
				_, err := method(c.Thread, c.Arg("file"), "write", pyeval.NewStr(s))
				return pyeval.None, err
			}
			return pyeval.None, writeTo(c.Thread, "stdout", s)
		})
	}
}

// usageText is the line or lines that tell how to call the script.
func (p *parser) usageText(t *pyeval.Thread) (string, error) {
	if s, ok := p.usage.(*pyeval.Str); ok {
		text, err := p.expand(t, nil, s.String())
		return "usage: " + text + "\n", err
	}
	var optional, positional []string
	for i := 0; i < len(p.options); i++ {
		o := p.options[i]
		if textOf(o.help) == suppress {
			continue
		}
		if g := p.exclusiveAt(i); g != nil {
			part, err := g.usage(t)
			if err != nil {
				return "", err
			}
			optional = append(optional, part)
			i += len(g.options) - 1
			continue
		}
		part, err := o.usage(t)
		switch {
		case err != nil:
			return "", err
		case len(o.flags) == 0:
			positional = append(positional, part)
		case o.required:
			optional = append(optional, part)
		default:
			optional = append(optional, "["+part+"]")
		}
	}
	return "usage: " + layUsage(p.prog, optional, positional) + "\n", nil
}

// exclusiveAt is the group whose options are those from the i-th on.
func (p *parser) exclusiveAt(i int) *group {
	for _, g := range p.groups {
		n := len(g.options)
		if !g.exclusive || n == 0 || i+n > len(p.options) || g.options[0] != p.options[i] || len(g.options[0].flags) == 0 {
			continue
		}
		for k, o := range g.options {
			if p.options[i+k] != o {
				return nil
			}
		}
		return g
	}
	return nil
}

func (g *group) usage(t *pyeval.Thread) (string, error) {
	var parts []string
	for _, o := range g.options {
		if textOf(o.help) == suppress {
			continue
		}
		part, err := o.usage(t)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	all := strings.Join(parts, " | ")
	switch {
	case !g.required:
		return "[" + all + "]", nil
	case len(parts) > 1:
		return "(" + all + ")", nil
	}
	return all, nil
}

// layUsage breaks the parts into lines when one is too short for them.
func layUsage(prog string, optional, positional []string) string {
	all := append(append([]string{prog}, optional...), positional...)
	if line := strings.Join(all, " "); len(line) <= helpWidth-len("usage: ") {
		return line
	}
	var lines []string
	fill := func(first string, parts []string, indent int) {
		line := first
		for _, part := range parts {
			if indent+len(line)+1+len(part) > helpWidth && line != "" {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += part
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	indent := len("usage: ") + len(prog) + 1
	if len("usage: ")+len(prog) > helpWidth*3/4 {
		indent = len("usage: ")
		lines = append(lines, prog)
		fill("", optional, indent)
		fill("", positional, indent)
	} else {
		fill("", optional, indent)
		fill("", positional, indent)
		if len(lines) > 0 {
			lines[0] = prog + " " + lines[0]
		}
	}
	return strings.Join(lines, "\n"+strings.Repeat(" ", indent))
}

// usage is the option in the usage line, without brackets.
func (o *option) usage(t *pyeval.Thread) (string, error) {
	if len(o.flags) == 0 {
		return o.values(t, o.positionalName)
	}
	if o.action == "boolean" {
		return strings.Join(o.flags, " | "), nil
	}
	return o.invocation(t, o.flags[:1])
}

// invocation is each of the flags with its values, or the positional's name.
func (o *option) invocation(t *pyeval.Thread, flags []string) (string, error) {
	if len(o.flags) == 0 {
		return o.meta(t, o.positionalName)
	}
	values, err := o.values(t, func() string { return strings.ToUpper(o.dest) })
	parts := make([]string, len(flags))
	for i, f := range flags {
		parts[i] = strings.TrimSuffix(f+" "+values, " ")
	}
	return strings.Join(parts, ", "), err
}

func (o *option) positionalName() string {
	if o.dest == suppress {
		return ""
	}
	return o.dest
}

// meta is the name of a value: metavar, the choices or a default name.
func (o *option) meta(t *pyeval.Thread, fallback func() string) (string, error) {
	switch {
	case o.metavar != pyeval.None:
		if s, ok := o.metavar.(*pyeval.Str); ok {
			return s.String(), nil
		}
		return fallback(), nil
	case o.commands != nil:
		return "{" + strings.Join(o.commands.names, ",") + "}", nil
	case o.choices != pyeval.None:
		all, err := t.Iterate(o.choices)
		if err != nil {
			return "", err
		}
		shown := make([]string, len(all))
		for i, v := range all {
			if shown[i], err = t.Str(v); err != nil {
				return "", err
			}
		}
		return "{" + strings.Join(shown, ",") + "}", nil
	}
	return fallback(), nil
}

// values are the names of an option's values as often as they may come.
func (o *option) values(t *pyeval.Thread, fallback func() string) (string, error) {
	name, err := o.meta(t, fallback)
	switch o.nargs {
	case "":
		return name, err
	case "?":
		return "[" + name + "]", err
	case "*":
		return "[" + name + " ...]", err
	case "+":
		return name + " [" + name + " ...]", err
	case nargsRest:
		return "...", err
	case nargsCommand:
		return name + " ...", err
	}
	n, _ := strconv.Atoi(o.nargs) // takePositionals refuses all else
	names := make([]string, n)
	tuple, _ := o.metavar.(*pyeval.Tuple)
	for i := range names {
		names[i] = name
		if tuple != nil && i < len(tuple.Elems()) {
			names[i] = textOf(tuple.Elems()[i])
		}
	}
	return strings.Join(names, " "), err
}

// commandProg is what stands before a command's name: the program with its
// positional arguments.
func (p *parser) commandProg(t *pyeval.Thread) (string, error) {
	parts := []string{p.prog}
	for _, o := range p.options {
		if len(o.flags) > 0 {
			continue
		}
		part, err := o.usage(t)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " "), nil
}

// is reports whether the parser's formatter is the named class of argparse.
func (p *parser) is(name string) bool {
	k, ok := p.formatter.(*pyeval.Class)
	if !ok {
		return false
	}
	for _, base := range k.MRO() {
		if base.Name() == name {
			return true
		}
	}
	return false
}

// expand fills in what a help text names by %(…)s.
func (p *parser) expand(t *pyeval.Thread, o *option, text string) (string, error) {
	names := pyeval.NewDict()
	names.SetStr("prog", pyeval.NewStr(p.prog))
	if o != nil {
		if o.def != pyeval.None && p.is("ArgumentDefaultsHelpFormatter") && text != "" && textOf(o.def) != suppress &&
			!strings.Contains(text, "%(default)") && (len(o.flags) > 0 || o.nargs == "?" || o.nargs == "*") {
			text += " (default: %(default)s)"
		}
		for name, v := range (pyeval.Named[pyeval.Value]{{"default", o.def}, {"const", o.constant}, {"type", o.typ}, {"dest", pyeval.NewStr(o.dest)}, {"metavar", o.metavar}}).All() {
			if f, err := t.GetAttr(v, "__name__"); err == nil && name == "type" {
				v = f
			}
			names.SetStr(name, v)
		}
		if o.choices != pyeval.None {
			shown, err := o.meta(t, o.positionalName)
			if err != nil {
				return "", err
			}
			names.SetStr("choices", pyeval.NewStr(strings.ReplaceAll(strings.Trim(shown, "{}"), ",", ", ")))
		}
	}
	v, err := t.Binary("%", pyeval.NewStr(text), names)
	return textOf(v), err
}

// helpText is the usage, the description, the options by group and the epilog.
func (p *parser) helpText(t *pyeval.Thread) (string, error) {
	usage, err := p.usageText(t)
	if err != nil {
		return "", err
	}
	parts := []string{usage}
	paragraph := func(text string) error {
		if text == "" {
			return nil
		}
		if strings.Contains(text, "%(prog)") {
			if text, err = p.expand(t, nil, text); err != nil {
				return err
			}
		}
		parts = append(parts, p.wrap(text, helpWidth, 0, p.is("RawDescriptionHelpFormatter") || p.is("RawTextHelpFormatter"))+"\n")
		return nil
	}
	if err := paragraph(p.description); err != nil {
		return "", err
	}
	column, err := p.column(t)
	if err != nil {
		return "", err
	}
	for _, g := range p.groups {
		if g.exclusive || len(g.options) == 0 && g.description == "" {
			continue
		}
		section := g.title + ":\n"
		if g.description != "" {
			section += "  " + p.wrap(g.description, helpWidth-2, 2, p.is("RawDescriptionHelpFormatter") || p.is("RawTextHelpFormatter")) + "\n\n"
		}
		for _, o := range g.options {
			text, err := p.entry(t, o, column, 2)
			if err != nil {
				return "", err
			}
			section += text
		}
		parts = append(parts, section)
	}
	if err := paragraph(p.epilog); err != nil {
		return "", err
	}
	return strings.Join(parts, "\n"), nil
}

// column is where the help texts of the options begin.
func (p *parser) column(t *pyeval.Thread) (int, error) {
	longest := 0
	for _, o := range p.options {
		if textOf(o.help) == suppress {
			continue
		}
		shown, err := o.invocation(t, o.flags)
		if err != nil {
			return 0, err
		}
		longest = max(longest, len(shown)+2)
		if o.commands != nil {
			for _, sub := range o.commands.listed {
				longest = max(longest, len(textOf(sub.metavar))+4)
			}
		}
	}
	return min(longest+2, helpColumn), nil
}

// entry is one option with its help text.
func (p *parser) entry(t *pyeval.Thread, o *option, column, indent int) (string, error) {
	if textOf(o.help) == suppress {
		return "", nil
	}
	head, err := o.invocation(t, o.flags)
	if err != nil {
		return "", err
	}
	text := strings.Repeat(" ", indent) + head
	if o.help == pyeval.None {
		text += "\n"
	} else {
		help, err := p.expand(t, o, textOf(o.help))
		if err != nil {
			return "", err
		}
		if len(text) > column-2 {
			text += "\n" + strings.Repeat(" ", column)
		} else {
			text += strings.Repeat(" ", column-len(text))
		}
		text += p.wrap(help, helpWidth-column, column, p.is("RawTextHelpFormatter")) + "\n"
	}
	if o.commands != nil {
		for _, sub := range o.commands.listed {
			line, err := p.entry(t, sub, column, indent+2)
			if err != nil {
				return "", err
			}
			text += line
		}
	}
	return text, nil
}

// wrap breaks a text at blanks; raw keeps its lines.
func (p *parser) wrap(text string, width, indent int, raw bool) string {
	var lines []string
	if raw {
		lines = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	} else {
		line := ""
		for _, word := range strings.Fields(text) {
			if line != "" && len(line)+1+len(word) > width {
				lines = append(lines, line)
				line = ""
			}
			line = strings.TrimPrefix(line+" "+word, " ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"+strings.Repeat(" ", indent))
}
