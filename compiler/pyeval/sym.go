package pyeval

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Input is something outside the script that a job depends on.
type Input struct {
	Kind InputKind
	// Name is the variable's name; for an argument the option as the script
	// declares it ("--topic"), or its position ("1").
	Name string
	// Aliases are an option's other spellings, such as "-t".
	Aliases []string
	// Constant is what an option without a value sets, such as "True".
	Constant string
	// Line are the words of a shortest command line that the script takes and
	// that has the argument, such as "--in VALUE"; nil where only the script
	// knows.
	Line []string
	// Choice is the same for arguments of which only one can be given; 0 for all
	// others.
	Choice int
	// Default is the value at start when nothing else is given.
	Default    string
	HasDefault bool
	// Optional says that without a value the script gets None.
	Optional bool
	// Baked says that the build was given Value and the plan may depend on it;
	// otherwise the value is bound at start.
	Baked bool
	Value string
	// Absent says of a baked input that the build took it for missing.
	Absent bool
	Doc    string // an argument's help text
	Where  []pyast.Span

	// needed says that the script ends without the input, default or not.
	needed bool
}

// InputKind says where an input comes from.
type InputKind string

// The kinds of inputs.
const (
	EnvInput      InputKind = "env"
	ArgumentInput InputKind = "argument"
)

// String names the input for a message.
func (in *Input) String() string {
	if in.Kind == EnvInput {
		return "environment variable " + in.Name
	}
	return "argument " + in.Name
}

// BuildOptions is the part of a build line that supplies inputs.
func BuildOptions(inputs ...*Input) string {
	var options, args []string
	chosen := map[int]bool{0: true}
	for _, in := range inputs {
		if in.Choice != 0 && chosen[in.Choice] {
			continue
		}
		chosen[in.Choice] = true
		line := in.Line
		switch {
		case in.Kind == EnvInput:
			options = append(options, "--env "+in.Name+"=VALUE")
			continue
		case line == nil:
			line = []string{"ARGUMENTS"}
		}
		for _, words := range line {
			if !slices.Contains(args, words) {
				args = append(args, words)
			}
		}
	}
	if args != nil {
		options = append(append(options, "--"), args...)
	}
	return strings.Join(options, " ")
}

// supply is the hint that gives the build line.
func supply(inputs ...*Input) string {
	hint := "give it at build: pyfc build job.py " + BuildOptions(inputs...)
	if in := inputs[0]; len(inputs) == 1 && in.Kind == ArgumentInput && (in.Constant != "" || in.Optional) {
		without := slices.DeleteFunc(slices.Clone(in.Line), func(words string) bool { return words == in.Name || strings.HasPrefix(words, in.Name+" ") })
		hint += "; without the option: pyfc build job.py " + strings.Join(append([]string{"--"}, without...), " ")
	}
	return hint
}

// SymKind is the Python type of a Sym.
type SymKind uint8

// The types of symbolic values.
const (
	SymStr SymKind = iota
	SymInt
	SymFloat
	SymBool
)

// Sym is a value that is known only when the job starts: the concatenation of
// its parts, read as Kind.
type Sym struct {
	Kind  SymKind
	Parts []SymPart
	Where pyast.Span // where it was made
}

// SymPart is one of: a literal text, an input, or an operation of symops.go
// with its arguments (*Sym, *Str, Int or None; the first is what it is applied
// to).
type SymPart struct {
	Lit   *Str
	Input *Input
	Op    string
	Args  []Value
}

// Class returns the class that the value will have.
func (s *Sym) Class() *Class {
	return [...]*Class{StrClass, IntClass, FloatClass, BoolClass}[s.Kind]
}

// String shows the value for a message: inputs as ${NAME}, operations as
// calls.
func (s *Sym) String() string {
	var b strings.Builder
	for _, p := range s.Parts {
		switch {
		case p.Lit != nil:
			b.WriteString(p.Lit.s)
		case p.Input != nil:
			b.WriteString("${" + p.Input.Name + "}")
		default:
			args := make([]string, len(p.Args))
			for i, a := range p.Args {
				args[i] = fmt.Sprint(a)
			}
			b.WriteString("${" + p.Op + "(" + strings.Join(args, ", ") + ")}")
		}
	}
	return b.String()
}

// Inputs returns the inputs that the value depends on, each once.
func (s *Sym) Inputs() []*Input {
	var out []*Input
	var walk func(s *Sym)
	walk = func(s *Sym) {
	parts:
		for _, p := range s.Parts {
			if p.Input != nil {
				for _, in := range out {
					if in == p.Input {
						continue parts
					}
				}
				out = append(out, p.Input)
			}
			for _, a := range p.Args {
				if a, ok := a.(*Sym); ok {
					walk(a)
				}
			}
		}
	}
	walk(s)
	return out
}

// Needs is the diagnostic for a symbolic value that is looked into; what says
// by what, e.g. "the branch". Its place is set when it leaves the expression,
// unless the caller sets one.
func (s *Sym) Needs(what string) *diag.Diagnostic {
	inputs := s.Inputs()
	names := make([]string, len(inputs))
	for i, in := range inputs {
		names[i] = in.String()
	}
	d := diag.New(diag.InputSymbolic, diag.Pos{}, "%s needs the value of %s, which is only known at start",
		what, strings.Join(names, " and "))
	d.WithHint("%s", supply(inputs...))
	if s.Where.File != nil {
		d.WithNote(s.Where.Pos(), "the value was made here")
	}
	for _, in := range inputs {
		d.WithMissing(string(in.Kind), in.Name)
	}
	return d
}
