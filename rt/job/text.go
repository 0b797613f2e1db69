package job

import (
	"cmp"
	"fmt"
	"path"
	"strings"
	"unicode"
)

// resolve returns the text with its inputs' values; values is by "env NAME" or
// "argument NAME".
func (t Text) resolve(values map[string]string) (string, error) {
	var b strings.Builder
	for _, p := range t {
		if p.Input == "" {
			b.WriteString(p.Literal)
			continue
		}
		v := values[p.Input]
		for _, op := range p.Apply {
			apply, ok := operations[op.Name]
			if !ok {
				return "", fmt.Errorf("operation %s on %s is unknown", op.Name, p.Input)
			}
			var err error
			if v, err = apply(v, op.Args); err != nil {
				return "", fmt.Errorf("%s: %w", p.Input, err)
			}
		}
		b.WriteString(v)
	}
	return b.String(), nil
}

// operations are what a script may do with an input's value at start, as
// Python does them.
var operations = map[string]func(value string, args []string) (string, error){
	"strip": func(v string, _ []string) (string, error) { return strings.TrimFunc(v, isSpace), nil },
	"lower": func(v string, _ []string) (string, error) { return strings.ToLower(v), ascii(v, "lower") },
	"upper": func(v string, _ []string) (string, error) { return strings.ToUpper(v), ascii(v, "upper") },
	"int":   func(v string, _ []string) (string, error) { return pythonInt(v) },
	"or":    func(v string, args []string) (string, error) { return cmp.Or(v, args[0]), nil },
	"replace": func(v string, args []string) (string, error) {
		return strings.ReplaceAll(v, args[0], args[1]), nil
	},
	"join_path": func(v string, args []string) (string, error) {
		return joinPath(append(args[:len(args):len(args)], v)), nil
	},
	"append_path": func(v string, args []string) (string, error) {
		return joinPath(append([]string{v}, args...)), nil
	},
}

// isSpace is str.isspace: Unicode's white space and the four separators.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// ascii refuses what Go and Python may map to different letters.
func ascii(v, op string) error {
	for _, r := range v {
		if r > unicode.MaxASCII {
			return fmt.Errorf("%s() of the letter %q is not supported at start", op, r)
		}
	}
	return nil
}

// pythonInt is str(int(v)).
func pythonInt(v string) (string, error) {
	fault := fmt.Errorf("invalid literal for int() with base 10: %q", v)
	digits := strings.TrimFunc(v, isSpace)
	sign := ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	} else {
		digits = strings.TrimPrefix(digits, "+")
	}
	for i := range len(digits) {
		digit := digits[i] >= '0' && digits[i] <= '9'
		if !digit && (digits[i] != '_' || i == 0 || i == len(digits)-1 || digits[i-1] == '_') {
			return "", fault
		}
	}
	if digits == "" {
		return "", fault
	}
	digits = strings.TrimLeft(strings.ReplaceAll(digits, "_", ""), "0")
	if digits == "" {
		return "0", nil
	}
	return sign + digits, nil
}

// joinPath is os.path.join: an absolute part starts anew.
func joinPath(parts []string) string {
	joined := parts[0]
	for _, p := range parts[1:] {
		switch {
		case path.IsAbs(p):
			joined = p
		case joined == "" || strings.HasSuffix(joined, "/"):
			joined += p
		default:
			joined += "/" + p
		}
	}
	return joined
}
