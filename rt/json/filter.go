package json

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// filter is a condition of a path: a connective of others, or a comparison.
type filter struct {
	op          string // "&&", "||", "!" or that of a comparison
	parts       []*filter
	left, right operand
}

// operand is a constant, or a path from the value that is tested or the root.
type operand struct {
	isPath, root bool
	steps        []step
	constant     *Value
	pattern      *regexp.Regexp
}

// filter reads ?( … )].
func (c *compiler) filter() (step, error) {
	c.at++
	c.blanks()
	if c.peek() != '(' {
		return step{}, c.fault("no (")
	}
	f, err := c.either()
	if err != nil {
		return step{}, err
	}
	return step{kind: stepFilter, filter: f}, c.closing()
}

func (c *compiler) either() (*filter, error) { return c.connected("||", c.both) }

func (c *compiler) both() (*filter, error) { return c.connected("&&", c.condition) }

func (c *compiler) connected(op string, part func() (*filter, error)) (*filter, error) {
	f, err := part()
	for err == nil {
		c.blanks()
		if !strings.HasPrefix(c.text[c.at:], op) {
			return f, nil
		}
		c.at += len(op)
		var next *filter
		next, err = part()
		f = &filter{op: op, parts: []*filter{f, next}}
	}
	return nil, err
}

func (c *compiler) condition() (*filter, error) {
	c.blanks()
	switch {
	case c.peek() == '!':
		c.at++
		f, err := c.condition()
		return &filter{op: "!", parts: []*filter{f}}, err
	case c.peek() == '(':
		c.at++
		f, err := c.either()
		if err != nil {
			return nil, err
		}
		c.blanks()
		if c.peek() != ')' {
			return nil, c.fault("no )")
		}
		c.at++
		return f, nil
	}
	left, err := c.operand()
	if err != nil {
		return nil, err
	}
	c.blanks()
	for _, op := range []string{"==", "!=", "<=", ">=", "<", ">", "=~", "in ", "nin ", "contains "} {
		if strings.HasPrefix(strings.ToLower(c.text[c.at:]), op) {
			c.at += len(op)
			c.blanks()
			right, err := c.operand()
			return &filter{op: strings.TrimSpace(op), left: left, right: right}, err
		}
	}
	// Flink's distribution lacks a class that such a test needs.
	return nil, c.fault("a test without a comparison, which fails in Flink 1.20.1,")
}

func (c *compiler) operand() (operand, error) {
	switch b := c.peek(); {
	case b == '@' || b == '$':
		c.at++
		steps, err := c.steps(true)
		return operand{isPath: true, root: b == '$', steps: steps}, err
	case b == '\'' || b == '"':
		s, err := c.string()
		return operand{constant: &Value{Kind: String, Text: s}}, err
	case b == '/':
		return c.regex()
	case b == '[':
		return c.list()
	}
	start := c.at
	for c.at < len(c.text) && !strings.ContainsRune(" )=!<>&|,]", rune(c.text[c.at])) {
		c.at++
	}
	d, err := Parse(c.text[start:c.at])
	if err != nil {
		return operand{}, c.fault("no value")
	}
	v := *d.Root() // a scalar, which the document's memory isn't needed for
	v.Text = strings.Clone(v.Text)
	d.Free()
	return operand{constant: &v}, nil
}

func (c *compiler) regex() (operand, error) {
	end := strings.LastIndexByte(c.text, '/')
	if end <= c.at {
		return operand{}, c.fault("no closing /")
	}
	pattern := c.text[c.at+1 : end]
	c.at = end + 1
	if c.peek() == 'i' {
		c.at++
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return operand{}, c.fault("no regular expression")
	}
	return operand{pattern: re}, nil
}

func (c *compiler) list() (operand, error) {
	c.at++
	out := &Value{Kind: Array}
	for {
		c.blanks()
		if c.peek() == ']' {
			c.at++
			return operand{constant: out}, nil
		}
		o, err := c.operand()
		if err != nil || o.constant == nil {
			return o, fmt.Errorf("no list: %w", c.fault("no value"))
		}
		out.Items = append(out.Items, o.constant)
		c.blanks()
		if c.peek() == ',' {
			c.at++
		}
	}
}

// value is the operand's value; nil for a path that leads nowhere.
func (o *operand) value(v, root *Value) *Value {
	if !o.isPath {
		return o.constant
	}
	if o.root {
		v = root
	}
	found, err := evaluate(o.steps, v, root, true)
	if err != nil {
		return nil
	}
	return found
}

func (f *filter) accepts(v, root *Value) bool {
	switch f.op {
	case "&&":
		return f.parts[0].accepts(v, root) && f.parts[1].accepts(v, root)
	case "||":
		return f.parts[0].accepts(v, root) || f.parts[1].accepts(v, root)
	case "!":
		return !f.parts[0].accepts(v, root)
	}
	a, b := f.left.value(v, root), f.right.value(v, root)
	if f.op == "=~" {
		return a != nil && a.Kind == String && f.right.pattern != nil && f.right.pattern.MatchString(a.Text)
	}
	if a == nil || b == nil {
		return f.op == "!=" && a != b
	}
	switch f.op {
	case "==":
		return equal(a, b)
	case "!=":
		return !equal(a, b)
	case "in":
		return among(a, b)
	case "nin":
		return b.Kind == Array && !among(a, b)
	case "contains":
		return a.Kind == String && b.Kind == String && strings.Contains(a.Text, b.Text) || among(b, a)
	}
	order, ok := compare(a, b)
	switch f.op {
	case "<":
		return ok && order < 0
	case "<=":
		return ok && order <= 0
	case ">":
		return ok && order > 0
	}
	return ok && order >= 0
}

func among(v, list *Value) bool {
	if list.Kind != Array {
		return false
	}
	for _, item := range list.Items {
		if equal(v, item) {
			return true
		}
	}
	return false
}

func (v *Value) number() bool { return v.Kind == Int || v.Kind == Double }

// compare orders numbers, and texts.
func compare(a, b *Value) (int, bool) {
	switch {
	case a.number() && b.number():
		x, ok := new(big.Rat).SetString(a.Text)
		y, ok2 := new(big.Rat).SetString(b.Text)
		if !ok || !ok2 {
			return 0, false
		}
		return x.Cmp(y), true
	case a.Kind == String && b.Kind == String:
		return strings.Compare(a.Text, b.Text), true
	}
	return 0, false
}

func equal(a, b *Value) bool {
	if order, ok := compare(a, b); ok {
		return order == 0
	}
	if a.Kind != b.Kind || a.True != b.True || len(a.Items) != len(b.Items) || a.number() {
		return false
	}
	for i := range a.Items {
		other := b.Items[i]
		if a.Kind == Object {
			other = b.member(a.Keys[i])
		}
		if other == nil || !equal(a.Items[i], other) {
			return false
		}
	}
	return true
}
