package stdlib

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

func init() {
	parserClass.Def("parse_args(self, args=None, namespace=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		ns, rest, err := parse(c)
		if err == nil && len(rest) > 0 {
			p, _ := pyeval.Data[*parser](c.Self())
			err = p.fail(c.Thread, "unrecognized arguments: %s", strings.Join(rest, " "))
		}
		return ns, err
	})
	parserClass.Def("parse_known_args(self, args=None, namespace=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		c.Thread.Interp().TakeExtraArguments()
		ns, rest, err := parse(c)
		return pyeval.NewTuple(ns, strs(rest)), err
	})
	parserClass.Def("exit(self, status=0, message=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		if c.Arg("message") != pyeval.None {
			if err := writeTo(c.Thread, "stderr", textOf(c.Arg("message"))); err != nil {
				return nil, err
			}
		}
		return nil, pyeval.Raise(pyeval.SystemExit, c.Arg("status"))
	})
	parserClass.Def("error(self, message: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, _, err := container(c)
		if err != nil {
			return nil, err
		}
		usage, err := p.usageText(c.Thread)
		if err != nil {
			return nil, err
		}
		if err := writeTo(c.Thread, "stderr", usage+p.prog+": error: "+c.Str("message")+"\n"); err != nil {
			return nil, err
		}
		exit := pyeval.Raise(pyeval.SystemExit, pyeval.NewInt(2))
		return nil, pyeval.WithDiagnostic(exit, diag.New(diag.PyRaised, diag.Pos{}, "the script refuses its arguments: %s", c.Str("message")))
	})
}

// writeTo writes to sys.stdout or sys.stderr as the script has set them.
func writeTo(t *pyeval.Thread, stream, text string) error {
	sys, err := t.Import("sys")
	if err != nil {
		return err
	}
	s, err := t.GetAttr(sys, stream)
	if err != nil {
		return err
	}
	_, err = method(t, s, "write", pyeval.NewStr(text))
	return err
}

// fail ends the parsing by the parser's method error, which scripts override.
func (p *parser) fail(t *pyeval.Thread, format string, args ...any) error {
	if _, err := method(t, p.object, "error", pyeval.NewStr(fmt.Sprintf(format, args...))); err != nil {
		return err
	}
	return pyeval.Errorf(pyeval.TypeError, "cannot unpack non-iterable NoneType object")
}

// failAt is fail for a fault of one option.
func (p *parser) failAt(t *pyeval.Thread, o *option, format string, args ...any) error {
	return p.fail(t, "argument %s: %s", o.spelled(), fmt.Sprintf(format, args...))
}

// spelled is how messages name the option.
func (o *option) spelled() string {
	switch m := textOf(o.metavar); {
	case len(o.flags) > 0:
		return strings.Join(o.flags, "/")
	case m != "":
		return m
	}
	return o.dest
}

// parse makes the namespace: by the arguments that are given, or with
// symbolic values when the build got none.
func parse(c *pyeval.Call) (pyeval.Value, []string, error) {
	p, _, err := container(c)
	if err != nil {
		return nil, nil, err
	}
	args, symbolic, err := argumentsOf(c)
	if err != nil {
		return nil, nil, err
	}
	ns := c.Arg("namespace")
	if ns == pyeval.None {
		ns = namespaceClass.Make(nil)
	}
	if made, ok := ns.(*pyeval.Instance); ok && symbolic {
		for k, v := range p.defaults.Items() {
			made.Dict().SetStr(textOf(k), v)
		}
		return ns, nil, p.symbolic(c, made.Dict())
	}
	rest, err := p.concrete(c.Thread, ns, args)
	if made, ok := ns.(*pyeval.Instance); ok && err == nil {
		p.record(c, made.Dict())
	}
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

// parsing is one run over a list of arguments. shape has a letter for each: O
// for an option, A for a value, - for the mark that ends the options.
type parsing struct {
	t           *pyeval.Thread
	p           *parser
	ns          pyeval.Value
	args        []string
	shape       string
	options     []matched // by index of args
	positionals []*option
	extras      []string
	seen        map[*option]bool
	given       map[*option]bool // seen with a value of its own
}

// matched is an argument that is an option: unknown when o is nil.
type matched struct {
	o        *option
	flag     string
	value    string // after = or, for a short flag, right behind it
	attached bool
}

// concrete parses given arguments and returns those that it doesn't know.
func (p *parser) concrete(t *pyeval.Thread, ns pyeval.Value, args []string) ([]string, error) {
	r := &parsing{t: t, p: p, ns: ns, args: args, seen: map[*option]bool{}, given: map[*option]bool{}}
	if err := r.setDefaults(); err != nil {
		return nil, err
	}
	if err := r.classify(); err != nil {
		return nil, err
	}
	for _, o := range p.options {
		if len(o.flags) == 0 {
			r.positionals = append(r.positionals, o)
		}
	}
	i := 0
	for last := strings.LastIndexByte(r.shape, 'O'); i <= last; {
		next := i + strings.IndexByte(r.shape[i:], 'O')
		var err error
		if i != next {
			var end int
			if end, err = r.takePositionals(i); err != nil {
				return nil, err
			}
			if end > i {
				i = end
				continue
			}
			r.extras = append(r.extras, args[i:next]...)
		}
		if i, err = r.takeOption(next); err != nil {
			return nil, err
		}
	}
	i, err := r.takePositionals(i)
	if err != nil {
		return nil, err
	}
	r.extras = append(r.extras, args[i:]...)
	return r.extras, r.finish()
}

// setDefaults gives the namespace every default that it hasn't got.
func (r *parsing) setDefaults() error {
	set := func(name string, v pyeval.Value) error {
		if _, err := r.t.GetAttr(r.ns, name); err == nil || name == suppress || textOf(v) == suppress {
			return nil
		}
		return r.t.SetAttr(r.ns, name, v)
	}
	for _, o := range r.p.options {
		if err := set(o.dest, o.def); err != nil {
			return err
		}
	}
	for k, v := range r.p.defaults.Items() {
		if err := set(textOf(k), v); err != nil {
			return err
		}
	}
	return nil
}

func (r *parsing) classify() error {
	var shape strings.Builder
	r.options = make([]matched, len(r.args))
	for i, a := range r.args {
		if a == "--" {
			shape.WriteString("-" + strings.Repeat("A", len(r.args)-i-1))
			break
		}
		m, is, err := r.p.match(r.t, a)
		if err != nil {
			return err
		}
		r.options[i] = m
		if is {
			shape.WriteByte('O')
		} else {
			shape.WriteByte('A')
		}
	}
	r.shape = shape.String()
	return nil
}

var negative = regexp.MustCompile(`^-\d+$|^-\d*\.\d+$`)

// match tells whether an argument is an option, and which.
func (p *parser) match(t *pyeval.Thread, a string) (m matched, is bool, err error) {
	if len(a) < 2 || a[0] != '-' {
		return m, false, nil
	}
	if o := p.flag(a); o != nil {
		return matched{o: o, flag: a}, true, nil
	}
	name, value, attached := strings.Cut(a, "=")
	if o := p.flag(name); attached && o != nil {
		return matched{o, name, value, true}, true, nil
	}
	found := p.abbreviated(a)
	switch {
	case len(found) > 1:
		flags := make([]string, len(found))
		for i, f := range found {
			flags[i] = f.flag
		}
		return m, false, p.fail(t, "ambiguous option: %s could match %s", a, strings.Join(flags, ", "))
	case len(found) == 1:
		return found[0], true, nil
	case negative.MatchString(a):
		looksNegative := func(o *option) bool { return slices.ContainsFunc(o.flags, negative.MatchString) }
		return m, slices.ContainsFunc(p.options, looksNegative), nil
	}
	return m, !strings.Contains(a, " "), nil
}

// flag is the option with this flag, the last declared one; nil for none.
func (p *parser) flag(name string) *option {
	for i := len(p.options) - 1; i >= 0; i-- {
		if slices.Contains(p.options[i].flags, name) {
			return p.options[i]
		}
	}
	return nil
}

// abbreviated are the options that an argument may stand for: by the beginning
// of a long flag, or by a short one with its value right behind.
func (p *parser) abbreviated(a string) []matched {
	var out []matched
	name, value, attached := strings.Cut(a, "=")
	long := strings.HasPrefix(a, "--")
	for _, o := range p.options {
		for _, f := range o.flags {
			switch {
			case !long && f == a[:2]:
				out = append(out, matched{o, f, a[2:], true})
			case (long || !strings.HasPrefix(f, "--")) && !p.noAbbrev && strings.HasPrefix(f, name):
				out = append(out, matched{o, f, value, attached})
			case !long && !p.noAbbrev && strings.HasPrefix(f, a):
				out = append(out, matched{o, f, "", false})
			}
		}
	}
	return out
}

// pattern is the shape of the arguments that an option takes.
func (o *option) pattern() string {
	p := map[string]string{"": "(-*A-*)", "?": "(-*A?-*)", "*": "(-*[A-]*)", "+": "(-*A[A-]*)", nargsRest: "([-AO]*)", nargsCommand: "(-*A[-AO]*)"}[o.nargs]
	if n, err := strconv.Atoi(o.nargs); err == nil {
		p = "(-*" + strings.Repeat("A-*", n) + ")"
	}
	if len(o.flags) > 0 {
		p = strings.ReplaceAll(strings.ReplaceAll(p, "-*", ""), "-", "")
	}
	return p
}

// takePositionals gives the arguments from i to as many positional options as
// they suffice for, and returns where the rest begins.
func (r *parsing) takePositionals(i int) (int, error) {
	for n := len(r.positionals); n > 0; n-- {
		var pattern strings.Builder
		for _, o := range r.positionals[:n] {
			pattern.WriteString(o.pattern())
		}
		re, err := regexp.Compile("^" + pattern.String())
		if err != nil {
			return 0, pyeval.Errorf(pyeval.ValueError, "nargs is no count and none of ?, *, +")
		}
		groups := re.FindStringSubmatch(r.shape[i:])
		if groups == nil {
			continue
		}
		taken := r.positionals[:n]
		r.positionals = r.positionals[n:]
		for k, o := range taken {
			values := r.args[i : i+len(groups[k+1])]
			i += len(values)
			if err := r.store(o, "", values); err != nil {
				return 0, err
			}
		}
		return i, nil
	}
	return i, nil
}

// takeOption carries out the option at i with the values behind it and returns
// where the rest begins. Short flags may stand in one word: -vvn5.
func (r *parsing) takeOption(i int) (int, error) {
	m := r.options[i]
	if m.o == nil {
		r.extras = append(r.extras, r.args[i])
		return i + 1, nil
	}
	for m.attached {
		re, err := regexp.Compile("^" + m.o.pattern())
		if err != nil {
			return 0, err
		}
		takes := re.FindString("A")
		switch {
		case takes != "":
			return i + 1, r.store(m.o, m.flag, []string{m.value})
		case strings.HasPrefix(m.flag, "--") || m.value == "" || re.FindStringIndex("A") == nil:
			return 0, r.p.failAt(r.t, m.o, "ignored explicit argument %s", pyeval.Quote(m.value))
		}
		if err := r.store(m.o, m.flag, nil); err != nil {
			return 0, err
		}
		next := r.p.flag("-" + m.value[:1])
		if next == nil {
			return 0, r.p.failAt(r.t, m.o, "ignored explicit argument %s", pyeval.Quote(m.value))
		}
		m = matched{next, "-" + m.value[:1], m.value[1:], len(m.value) > 1}
	}
	re, err := regexp.Compile("^" + m.o.pattern())
	if err != nil {
		return 0, err
	}
	found := re.FindStringIndex(r.shape[i+1:])
	if found == nil {
		return 0, r.p.failAt(r.t, m.o, "expected %s", m.o.expects())
	}
	end := i + 1 + found[1]
	return end, r.store(m.o, m.flag, r.args[i+1:end])
}

// expects tells how many arguments an option takes.
func (o *option) expects() string {
	switch o.nargs {
	case "", "1":
		if o.nargs == "" {
			return "one argument"
		}
		return "1 argument"
	case "?":
		return "at most one argument"
	case "+":
		return "at least one argument"
	}
	return o.nargs + " arguments"
}

// finish looks for what is missing and converts the defaults that are left.
func (r *parsing) finish() error {
	var missing []string
	for _, o := range r.p.options {
		switch s, isText := o.def.(*pyeval.Str); {
		case r.seen[o]:
		case o.required:
			missing = append(missing, o.spelled())
		case isText && s.String() != suppress && o.typ != pyeval.None:
			now, err := r.t.GetAttr(r.ns, o.dest)
			if err != nil || now != pyeval.Value(s) {
				continue
			}
			v, err := r.convert(o, s.String())
			if err != nil {
				return err
			}
			if err := r.t.SetAttr(r.ns, o.dest, v); err != nil {
				return err
			}
		}
	}
	if missing != nil {
		return r.p.fail(r.t, "the following arguments are required: %s", strings.Join(missing, ", "))
	}
	for _, g := range r.p.groups {
		if g.required && !slices.ContainsFunc(g.options, func(o *option) bool { return r.given[o] }) {
			names := make([]string, len(g.options))
			for i, o := range g.options {
				names[i] = o.spelled()
			}
			return r.p.fail(r.t, "one of the arguments %s is required", strings.Join(names, " "))
		}
	}
	return nil
}
