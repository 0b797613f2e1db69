package json

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"pyfc/rt/val"
)

// Path is a compiled path with its mode.
type Path struct {
	// Lax paths find nothing where strict ones fail.
	Lax   bool
	steps []step
	text  string
	err   error // of a path that is malformed
}

type stepKind uint8

const (
	stepKeys   stepKind = iota // .a, ['a'], ['a','b']
	stepIndex                  // [0], [0,2], [-1]
	stepSlice                  // [1:2]
	stepAny                    // .*, [*]
	stepDeep                   // ..
	stepFilter                 // [?(…)]
	stepCall                   // .length()
)

type step struct {
	kind     stepKind
	keys     []string
	indices  []int
	from, to *int
	filter   *filter
	call     string
}

// definite reports whether the step leads to one value at most.
func (s *step) definite() bool {
	switch s.kind {
	case stepKeys, stepCall:
		return true
	case stepIndex:
		return len(s.indices) == 1
	}
	return false
}

func definite(steps []step) bool {
	for i := range steps {
		if !steps[i].definite() {
			return false
		}
	}
	return true
}

// mode is what may stand before a path.
var mode = regexp.MustCompile(`(?is)^\s*(strict|lax)\s+(.+)$`)

var paths val.Cache[*Path]

// Compile gives the path of a text. A malformed one fails when it is used.
func Compile(text string) *Path { return paths.Get(text, compile) }

func compile(text string) *Path {
	p := &Path{text: text}
	spec := p.text
	if m := mode.FindStringSubmatch(spec); m != nil {
		p.Lax = strings.EqualFold(m[1], "lax")
		spec = m[2]
	}
	c := compiler{text: strings.TrimSpace(spec)}
	p.steps, p.err = c.path()
	if p.err != nil {
		p.err = fmt.Errorf("JSON path %q: %w", p.text, p.err)
	}
	return p
}

type compiler struct {
	text string
	at   int
}

func (c *compiler) peek() byte {
	if c.at < len(c.text) {
		return c.text[c.at]
	}
	return 0
}

func (c *compiler) fault(what string) error {
	return fmt.Errorf("%s at character %d", what, c.at+1)
}

func (c *compiler) path() ([]step, error) {
	if c.text == "" {
		return nil, c.fault("nothing")
	}
	if c.peek() != '$' && c.peek() != '@' {
		c.text = "$." + c.text
	}
	if strings.HasSuffix(c.text, ".") {
		return nil, fmt.Errorf("it ends with a point")
	}
	c.at++
	return c.steps(false)
}

// steps reads up to the end, or inside a filter up to what can't belong to a
// path.
func (c *compiler) steps(inside bool) ([]step, error) {
	var out []step
	for c.at < len(c.text) {
		switch c.peek() {
		case '.':
			c.at++
			if c.peek() == '.' {
				c.at++
				out = append(out, step{kind: stepDeep})
			}
			if c.peek() == '[' {
				continue
			}
			s, err := c.named()
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		case '[':
			s, err := c.bracket()
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		default:
			if inside {
				return out, nil
			}
			return nil, c.fault("an unexpected character")
		}
	}
	return out, nil
}

// named reads what follows a point: a key, * or a call.
func (c *compiler) named() (step, error) {
	if c.peek() == '*' {
		c.at++
		return step{kind: stepAny}, nil
	}
	start := c.at
	for c.at < len(c.text) && !strings.ContainsRune(".[( )=!<>&|~,\t", rune(c.text[c.at])) {
		c.at++
	}
	name := c.text[start:c.at]
	switch {
	case name == "":
		return step{}, c.fault("no key")
	case c.peek() == '(':
		if !strings.HasPrefix(c.text[c.at:], "()") {
			return step{}, c.fault("a function with arguments")
		}
		c.at += 2
		if !calls[name] {
			return step{}, c.fault("no function " + name)
		}
		return step{kind: stepCall, call: name}, nil
	}
	return step{kind: stepKeys, keys: []string{name}}, nil
}

// bracket reads [ … ].
func (c *compiler) bracket() (step, error) {
	c.at++
	c.blanks()
	switch b := c.peek(); {
	case b == '\'' || b == '"':
		return c.quoted()
	case b == '*':
		c.at++
		return step{kind: stepAny}, c.closing()
	case b == '?':
		return c.filter()
	}
	end := strings.IndexByte(c.text[c.at:], ']')
	if end < 0 {
		return step{}, c.fault("no ]")
	}
	inner := c.text[c.at : c.at+end]
	c.at += end + 1
	if from, to, ok := strings.Cut(inner, ":"); ok {
		return c.slice(from, to)
	}
	s := step{kind: stepIndex}
	for part := range strings.SplitSeq(inner, ",") {
		i, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return s, c.fault("no index")
		}
		s.indices = append(s.indices, i)
	}
	return s, nil
}

func (c *compiler) slice(from, to string) (step, error) {
	s := step{kind: stepSlice}
	for _, end := range []struct {
		text string
		into **int
	}{{from, &s.from}, {to, &s.to}} {
		text := strings.TrimSpace(end.text)
		if text == "" {
			continue
		}
		i, err := strconv.Atoi(text)
		if err != nil {
			return s, c.fault("no index")
		}
		*end.into = &i
	}
	if s.from == nil && s.to == nil {
		return s, c.fault("no index")
	}
	return s, nil
}

func (c *compiler) blanks() {
	for c.peek() == ' ' {
		c.at++
	}
}

func (c *compiler) closing() error {
	c.blanks()
	if c.peek() != ']' {
		return c.fault("no ]")
	}
	c.at++
	return nil
}

// quoted reads ['a', 'b'].
func (c *compiler) quoted() (step, error) {
	s := step{kind: stepKeys}
	for {
		c.blanks()
		key, err := c.string()
		if err != nil {
			return s, err
		}
		s.keys = append(s.keys, key)
		c.blanks()
		if c.peek() != ',' {
			return s, c.closing()
		}
		c.at++
	}
}

// string reads a key or text in single or double quotes.
func (c *compiler) string() (string, error) {
	mark := c.peek()
	if mark != '\'' && mark != '"' {
		return "", c.fault("no quote")
	}
	c.at++
	var b strings.Builder
	for c.at < len(c.text) {
		ch := c.text[c.at]
		c.at++
		switch {
		case ch == mark:
			return b.String(), nil
		case ch == '\\' && c.at < len(c.text):
			b.WriteByte(c.text[c.at])
			c.at++
		default:
			b.WriteByte(ch)
		}
	}
	return "", c.fault("no closing quote")
}
