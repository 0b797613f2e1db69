package pyeval

import (
	"fmt"
	"strconv"
	"strings"
)

// params are the parameters of a function: positional ones, then *rest, then
// keyword-only ones, then **keywords.
type params struct {
	list     []param
	posOnly  int // the first so many cannot be given by keyword
	pos      int // the first so many can be given by position
	rest     int // index of *rest in list, or -1
	keywords int // index of **keywords in list, or -1
}

type param struct {
	name     string
	types    []string // declared types of a native parameter; none means any
	optional bool
	value    Value // default of a native parameter, nil when absent ("...")
}

// parseSignature reads the notation of native functions:
//
//	name(self, sql: str, opts: dict|None = None, /, *rest, flag: bool = False, **kw)
//
// It is Python's, with types after the colon: any, str, text (a str or a Sym),
// int, float (also takes ints), bool, bytes, list, tuple, seq (list or tuple),
// dict, callable, class, None, or the name of a class. A bare str (not text)
// refuses a Sym as an input that the build needs. An Opaque passes only where
// no type is declared or any is. The default "..." leaves the argument
// absent: Call.Arg returns nil. What follows the closing parenthesis is a
// comment.
func parseSignature(sig string) (string, *params) {
	name, rest, ok := strings.Cut(sig, "(")
	body, _, ok2 := cutClose(rest)
	if !ok || !ok2 {
		panic("pyeval: signature " + sig)
	}
	p := &params{rest: -1, keywords: -1, pos: -1}
	for _, item := range splitTop(body) {
		switch {
		case item == "/":
			p.posOnly = len(p.list)
		case item == "*":
			p.pos = len(p.list)
		case strings.HasPrefix(item, "**"):
			p.keywords = len(p.list)
			p.list = append(p.list, parseParam(sig, item[2:]))
		case strings.HasPrefix(item, "*"):
			p.pos, p.rest = len(p.list), len(p.list)
			p.list = append(p.list, parseParam(sig, item[1:]))
		default:
			p.list = append(p.list, parseParam(sig, item))
		}
	}
	if p.pos < 0 {
		p.pos = len(p.list)
		if p.keywords >= 0 {
			p.pos--
		}
	}
	return strings.TrimSpace(name), p
}

// cutClose splits at the parenthesis that closes an open one.
func cutClose(s string) (before, after string, ok bool) {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth == 0 {
				return s[:i], s[i+1:], true
			}
			depth--
		}
	}
	return s, "", false
}

// splitTop splits at commas outside quotes.
func splitTop(s string) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] == '\'' {
			quoted = !quoted
		}
		if i == len(s) || s[i] == ',' && !quoted {
			if item := strings.TrimSpace(s[start:i]); item != "" {
				out = append(out, item)
			}
			start = i + 1
		}
	}
	return out
}

func parseParam(sig, item string) param {
	decl, def, hasDefault := strings.Cut(item, "=")
	name, types, typed := strings.Cut(decl, ":")
	p := param{name: strings.TrimSpace(name), optional: hasDefault}
	if typed {
		for _, t := range strings.Split(types, "|") {
			p.types = append(p.types, strings.TrimSpace(t))
		}
	}
	if hasDefault {
		p.value = parseDefault(sig, strings.TrimSpace(def))
	}
	return p
}

func parseDefault(sig, s string) Value {
	switch s {
	case "...":
		return nil
	case "None":
		return None
	case "True":
		return True
	case "False":
		return False
	case "()":
		return NewTuple()
	}
	if strings.HasPrefix(s, "'") && strings.HasSuffix(s, "'") && len(s) > 1 {
		return NewStr(s[1 : len(s)-1])
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return NewInt(n)
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return Float(f)
	}
	panic("pyeval: default " + s + " in signature " + sig)
}

// bind matches the arguments of a call with parameters as Python does. slots
// has one value per parameter, from that of the argument it came from; nil
// where the default holds.
func (p *params) bind(fname string, args []Arg) (slots []Value, from []int, err error) {
	slots, from = make([]Value, len(p.list)), make([]int, len(p.list))
	for i := range from {
		from[i] = -1
	}
	var rest []Value
	var keywords *Dict
	npos := 0
	for i, a := range args {
		if a.Name == "" {
			if npos < p.pos {
				slots[npos], from[npos] = a.Value, i
			} else if p.rest >= 0 {
				rest = append(rest, a.Value)
			}
			npos++
			continue
		}
		j := p.byName(a.Name)
		if j < 0 && p.keywords >= 0 {
			if keywords == nil {
				keywords = NewDict()
			}
			keywords.SetStr(a.Name, a.Value)
			continue
		}
		if j < 0 {
			return nil, nil, p.unexpected(fname, a.Name)
		}
		if slots[j] != nil {
			return nil, nil, Errorf(TypeError, "%s() got multiple values for argument '%s'", fname, a.Name)
		}
		slots[j], from[j] = a.Value, i
	}
	if npos > p.pos && p.rest < 0 {
		return nil, nil, p.tooMany(fname, npos)
	}
	if p.rest >= 0 {
		slots[p.rest] = NewTuple(rest...)
	}
	if p.keywords >= 0 {
		if keywords == nil {
			keywords = NewDict()
		}
		slots[p.keywords] = keywords
	}
	return slots, from, nil
}

func (p *params) byName(name string) int {
	for i := p.posOnly; i < len(p.list); i++ {
		if p.list[i].name == name && i != p.rest && i != p.keywords {
			return i
		}
	}
	return -1
}

func (p *params) unexpected(fname, name string) error {
	for _, q := range p.list[:p.posOnly] {
		if q.name == name {
			return Errorf(TypeError, "%s() got some positional-only arguments passed as keyword arguments: '%s'", fname, name)
		}
	}
	var names []string
	for i := p.posOnly; i < len(p.list); i++ {
		names = append(names, p.list[i].name)
	}
	return suggest(Errorf(TypeError, "%s() got an unexpected keyword argument '%s'", fname, name), name, names)
}

func (p *params) tooMany(fname string, given int) error {
	required := 0
	for _, q := range p.list[:p.pos] {
		if !q.optional {
			required++
		}
	}
	takes := fmt.Sprint(p.pos)
	if required < p.pos {
		takes = fmt.Sprintf("from %d to %d", required, p.pos)
	}
	plural := "s"
	if p.pos == 1 && required == 1 {
		plural = ""
	}
	was := "were"
	if given == 1 {
		was = "was"
	}
	return Errorf(TypeError, "%s() takes %s positional argument%s but %d %s given", fname, takes, plural, given, was)
}

// missing says which required arguments a call lacks, nil if none.
func (p *params) missing(fname string, slots []Value) error {
	var pos, kw []string
	for i, q := range p.list {
		if slots[i] != nil || q.optional || i == p.rest || i == p.keywords {
			continue
		}
		if i < p.pos {
			pos = append(pos, "'"+q.name+"'")
		} else {
			kw = append(kw, "'"+q.name+"'")
		}
	}
	kind, names := "positional", pos
	if len(pos) == 0 {
		kind, names = "keyword-only", kw
	}
	if len(names) == 0 {
		return nil
	}
	plural := "s"
	if len(names) == 1 {
		plural = ""
	}
	return Errorf(TypeError, "%s() missing %d required %s argument%s: %s", fname, len(names), kind, plural, englishList(names))
}

// englishList joins names as CPython does: a, b, and c.
func englishList(names []string) string {
	switch n := len(names); n {
	case 1:
		return names[0]
	case 2:
		return names[0] + " and " + names[1]
	default:
		return strings.Join(names[:n-1], ", ") + ", and " + names[n-1]
	}
}
