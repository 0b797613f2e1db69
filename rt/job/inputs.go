package job

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pyfc/ir/diag"
)

// bindInputs finds the value of every input in the environment and among the
// script's arguments. All that is missing or that contradicts the build is
// reported at once.
func (s *Spec) bindInputs(env map[string]string, args []string) (map[string]string, error) {
	given, err := s.parseArguments(args)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	var faults faults
	for i := range s.Inputs {
		in := &s.Inputs[i]
		value, ok := given[in]
		if in.Kind == "env" {
			value, ok = env[in.Name]
		}
		switch {
		case in.Baked && in.Absent && ok:
			faults.add("%s is %q here, but the build took it as missing and its plan depends on it (%s); to build for this value: pyfc build %s %s",
				in.title(), in.shown(value), in.Where, s.Script, in.buildOption(in.shown(value)))
		case in.Baked && ok && value != in.Value:
			faults.add("%s is %q here, but the build was given %q and its plan depends on it (%s); to build for this value: pyfc build %s %s",
				in.title(), in.shown(value), in.shown(in.Value), in.Where, s.Script, in.buildOption(in.shown(value)))
		case in.Baked:
			value = in.Value
		case !ok && in.HasDefault:
			value = in.Default
		case !ok && in.Optional && !s.needs(in):
		case !ok:
			faults.add("%s is not set (%s)", in.title(), in.Where)
		}
		values[in.key()] = value
	}
	return values, faults.err("the job can't start")
}

// key is what texts call the input.
func (in *Input) key() string { return in.Kind + " " + in.Name }

// needs reports whether a text of the job has the input's value, and nothing in
// its place where it is missing.
func (s *Spec) needs(in *Input) bool {
	var texts []Text
	for _, c := range slices.Concat(s.Config, s.Python) {
		texts = append(texts, c.Value)
	}
	for i := range s.Tables {
		for _, o := range s.Tables[i].Bound {
			texts = append(texts, o.Value)
		}
	}
	if s.Driver != nil {
		for _, c := range s.Driver.Calls {
			texts = append(texts, c.Text)
		}
	}
	for i := range s.Steps {
		texts = append(texts, s.Steps[i].Print)
	}
	return slices.ContainsFunc(texts, func(t Text) bool {
		return slices.ContainsFunc(t, func(p Part) bool {
			return p.Input == in.key() && (len(p.Apply) == 0 || p.Apply[0].Name != "or")
		})
	})
}

func (in *Input) title() string {
	if in.Kind == "env" {
		return "environment variable " + in.Name
	}
	return "argument " + in.Name
}

// secret recognises the names of values that must not be shown.
var secret = regexp.MustCompile(`(?i)pass|pwd|secret|token|credential`)

// IsSecret reports whether a name sounds as if its value must not be shown.
func IsSecret(name string) bool { return secret.MatchString(name) }

func (in *Input) shown(value string) string {
	if IsSecret(in.Name) {
		return "***"
	}
	return value
}

// buildOption is what gives the build another value.
func (in *Input) buildOption(value string) string {
	switch {
	case in.Kind == "env":
		return fmt.Sprintf("--env %s=%s", in.Name, quote(value))
	case in.position() > 0:
		return "-- " + quote(value)
	case in.Constant != "":
		return "-- " + in.Name
	}
	return fmt.Sprintf("-- %s %s", in.Name, quote(value))
}

// quote makes a word of a shell line.
func quote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// position is the argument's place, 0 for an option.
func (in *Input) position() int {
	n, err := strconv.Atoi(in.Name)
	if err != nil || in.Kind == "env" {
		return 0
	}
	return n
}

// parseArguments reads the script's words as its argparse does: --name VALUE,
// --name=VALUE, -n VALUE, -nVALUE, unique prefixes of long names, positions;
// behind -- everything is a position. A script that declares no option takes
// its words as they are.
func (s *Spec) parseArguments(args []string) (map[*Input]string, error) {
	given := map[*Input]string{}
	var positions []string
	var faults faults
	for i := 0; i < len(args); i++ {
		word := args[i]
		if word == "--" && len(s.Arguments) > 0 {
			positions = append(positions, args[i+1:]...)
			break
		}
		if len(s.Arguments) == 0 || !strings.HasPrefix(word, "-") || word == "-" || isNumber(word) {
			positions = append(positions, word)
			continue
		}
		name, value, attached, err := s.option(word)
		if err != nil {
			if s.ExtraArguments {
				continue
			}
			faults.add("%v", err)
			continue
		}
		in := s.input(name)
		switch {
		case in != nil && in.Constant != "" && attached:
			faults.add("argument %s takes no value", name)
		case in != nil && in.Constant != "":
			value = in.Constant
		case !attached && i+1 < len(args) && (!strings.HasPrefix(args[i+1], "-") || isNumber(args[i+1])):
			i++
			value = args[i]
		case !attached:
			faults.add("argument %s: expected one argument", name)
		}
		if in != nil {
			given[in] = value
		}
	}
	for i := range s.Inputs {
		words := positions
		if s.Inputs[i].Baked { // a script that has looked at its words counts options, too
			words = args
		}
		if n := s.Inputs[i].position(); n > 0 && n <= len(words) {
			given[&s.Inputs[i]] = words[n-1]
		}
	}
	return given, faults.err("the script's arguments")
}

func isNumber(word string) bool {
	_, err := strconv.ParseFloat(word, 64)
	return err == nil
}

// option finds the declared option that a word names, and the value that is
// attached to it.
func (s *Spec) option(word string) (name, value string, attached bool, err error) {
	name, value, attached = strings.Cut(word, "=")
	if slices.Contains(s.Arguments, name) {
		return name, value, attached, nil
	}
	if !strings.HasPrefix(word, "--") {
		if short := word[:2]; slices.Contains(s.Arguments, short) {
			return short, word[2:], true, nil
		}
		return "", "", false, fmt.Errorf("unrecognized argument %s", word)
	}
	var matches []string
	for _, a := range s.Arguments {
		if strings.HasPrefix(a, name) {
			matches = append(matches, a)
		}
	}
	switch len(matches) {
	case 0:
		return "", "", false, fmt.Errorf("unrecognized argument %s%s", name, diag.DidYouMean(name, s.Arguments))
	case 1:
		return matches[0], value, attached, nil
	}
	return "", "", false, fmt.Errorf("argument %s could be any of %s", name, strings.Join(matches, ", "))
}

// input finds the input that an option sets, nil if the plan needs none.
func (s *Spec) input(option string) *Input {
	for i := range s.Inputs {
		in := &s.Inputs[i]
		if in.Kind != "env" && (in.Name == option || slices.Contains(in.Aliases, option)) {
			return in
		}
	}
	return nil
}
