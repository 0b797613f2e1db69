package javatime

import (
	"fmt"
	"strings"

	"pyfc/rt/val"
)

// Formatter is a compiled pattern of DateTimeFormatter.
type Formatter struct{ elements []element }

// signs says how a number's sign is written and read.
type signs uint8

const (
	normalSign  signs = iota // a minus only
	exceedsSign              // and a plus where there are more digits than wanted
	noSign
)

// element is a part of a pattern: a literal, a field or an optional section.
type element struct {
	letter   byte // 0 for a literal
	count    int  // how often the letter stands there
	literal  string
	optional []element
	pad      int // spaces before it up to this width
	// A number has min to max digits; text is nil for it.
	min, max int
	sign     signs
	text     []string
	// following are the digits of the fixed numbers right behind, which a
	// number of variable width leaves to them.
	following int
}

func (e *element) number() bool { return e.letter != 0 && e.text == nil && e.max > 0 }

func (e *element) fixed() bool { return e.number() && e.min == e.max && e.sign == noSign }

// NewFormatter compiles a pattern.
func NewFormatter(pattern string) (*Formatter, error) {
	c := compiler{pattern: pattern}
	elements, err := c.section(0)
	return &Formatter{elements}, err
}

type compiler struct {
	pattern string
	pos     int
}

func (c *compiler) errorf(format string, args ...any) error {
	return fmt.Errorf("the date pattern %q is wrong: %s", c.pattern, fmt.Sprintf(format, args...))
}

// section compiles up to the end, or to the ] of an optional section.
func (c *compiler) section(depth int) (out []element, err error) {
	number := -1 // index of the number that leaves digits to those behind it
	for c.pos < len(c.pattern) {
		ch := c.pattern[c.pos]
		switch {
		case isLetter(ch):
			e, err := c.field()
			if err != nil {
				return nil, err
			}
			if number >= 0 && e.fixed() && e.pad == 0 {
				out[number].following += e.max
			} else if number = -1; e.number() && e.pad == 0 {
				number = len(out)
			}
			out = append(out, e)
			continue
		case ch == '\'':
			text, ok := c.quoted()
			if !ok {
				return nil, c.errorf("a quotation mark isn't closed")
			}
			out = append(out, element{literal: text})
		case ch == '[':
			c.pos++
			inner, err := c.section(depth + 1)
			if err != nil {
				return nil, err
			}
			out = append(out, element{optional: inner})
		case ch == ']' && depth == 0:
			return nil, c.errorf("] without [")
		case ch == ']':
			c.pos++
			return out, nil
		case strings.IndexByte("{}#", ch) >= 0:
			return nil, c.errorf("%c is reserved", ch)
		default:
			out = append(out, element{literal: c.pattern[c.pos : c.pos+1]})
			c.pos++
		}
		number = -1
	}
	return out, nil // Java closes sections at the end
}

// quoted takes '…', in which a doubled mark is one; alone it is one, too.
func (c *compiler) quoted() (string, bool) {
	rest := c.pattern[c.pos+1:]
	if strings.HasPrefix(rest, "'") {
		c.pos += 2
		return "'", true
	}
	var b strings.Builder
	for i := 0; i < len(rest); i++ {
		if rest[i] == '\'' {
			if i+1 == len(rest) || rest[i+1] != '\'' {
				c.pos += i + 2
				return b.String(), true
			}
			i++
		}
		b.WriteByte(rest[i])
	}
	return "", false
}

// field takes a letter as often as it stands there.
func (c *compiler) field() (element, error) {
	letter, count := c.letters()
	if letter == 'p' {
		if c.pos == len(c.pattern) || !isLetter(c.pattern[c.pos]) {
			return element{}, c.errorf("the pad letter p stands before nothing")
		}
		e, err := c.field()
		e.pad = count
		return e, err
	}
	e := element{letter: letter, count: count}
	switch known, enough := e.define(); {
	case !known:
		return e, c.errorf("%c is no letter of it", letter)
	case !enough:
		return e, c.errorf("%c can't stand there %d times", letter, count)
	}
	return e, nil
}

func (c *compiler) letters() (letter byte, count int) {
	letter = c.pattern[c.pos]
	for c.pos < len(c.pattern) && c.pattern[c.pos] == letter {
		c.pos++
		count++
	}
	return letter, count
}

// texts are the letters that are texts from a count of three on, or always.
var texts = map[byte][3][]string{ // short, long, narrow
	'M': {shortMonths, monthNames, initialMonths}, 'L': {shortMonths, monthNames, initialMonths},
	'E': {shortDays, dayNames, initialDays}, 'e': {shortDays, dayNames, initialDays}, 'c': {shortDays, dayNames, initialDays},
	'Q': {quarterNames, longQuarters, {"1", "2", "3", "4"}}, 'q': {quarterNames, longQuarters, {"1", "2", "3", "4"}},
	'G': {eraNames, longEras, {"B", "A"}}, 'a': {halfNames, nil, nil},
}

// define fills in what letter and count mean.
func (e *element) define() (known, count bool) {
	n := e.count
	number := func(min, max int, sign signs) (bool, bool) {
		e.min, e.max, e.sign = min, max, sign
		return true, true
	}
	switch e.letter {
	case 'u', 'y', 'Y':
		switch {
		case n == 2:
			return number(2, 2, noSign)
		case n < 4:
			return number(n, 19, normalSign)
		}
		known, _ = number(n, 19, exceedsSign)
		return known, n <= 19
	case 'd', 'h', 'H', 'k', 'K', 'm', 's', 'D', 'F', 'M', 'L', 'Q', 'q':
		most := map[byte]int{'D': 3, 'F': 1}[e.letter]
		if most == 0 {
			most = 2
		}
		switch {
		case n == 1:
			return number(1, 19, normalSign)
		case n <= most && e.letter == 'D':
			return number(n, 3, noSign)
		case n <= most:
			return number(n, n, noSign)
		}
	case 'w', 'W', 'e', 'c':
		if n == 1 || n == 2 && (e.letter == 'w' || e.letter == 'e') {
			return number(n, 2, noSign)
		}
	case 'S':
		known, _ = number(n, n, noSign)
		return known, n <= 9
	case 'A', 'n', 'N':
		known, _ = number(n, 19, noSign)
		return known, n <= 19
	case 'g':
		return number(n, 19, normalSign)
	case 'B':
		return true, n == 1 || n == 4 || n == 5
	case 'X', 'x', 'Z':
		return true, n <= 5
	case 'O', 'v':
		return true, n == 1 || n == 4
	case 'V':
		return true, n == 2
	case 'z':
		return true, n <= 4
	}
	forms, ok := texts[e.letter]
	if !ok {
		return false, false
	}
	switch {
	case n <= 3 && (n == 3 || strings.IndexByte("EGa", e.letter) >= 0) && !(e.letter == 'a' && n > 1):
		e.text = forms[0]
	case n == 4:
		e.text = forms[1]
	case n == 5:
		e.text = forms[2]
	}
	if e.text != nil && (e.letter == 'e' || e.letter == 'c') {
		e.letter = 'E' // only their numbers begin with Sunday
	}
	return true, e.text != nil
}

// Format appends the wall clock time t by the pattern.
func (f *Formatter) Format(dst []byte, t val.Timestamp) ([]byte, error) {
	fs := fieldsOf(t)
	return appendElements(dst, f.elements, &fs)
}

func appendElements(dst []byte, elements []element, fs *fields) ([]byte, error) {
	for i := range elements {
		e := &elements[i]
		start := len(dst)
		var err error
		switch {
		case e.optional != nil:
			if dst, err = appendElements(dst, e.optional, fs); err != nil {
				dst, err = dst[:start], nil // what can't be written is left out
			}
		case e.letter == 0:
			dst = append(dst, e.literal...)
		default:
			dst, err = e.append(dst, fs)
		}
		if err != nil {
			return dst, err
		}
		if e.pad > 0 {
			if dst, err = pad(dst, start, e.pad); err != nil {
				return dst, err
			}
		}
	}
	return dst, nil
}

// pad puts spaces before what was appended since start.
func pad(dst []byte, start, width int) ([]byte, error) {
	n := len(dst) - start
	if n > width {
		return dst, fmt.Errorf("%q is wider than the pad width %d", dst[start:], width)
	}
	for range width - n {
		dst = append(dst, ' ')
	}
	copy(dst[start+width-n:], dst[start:start+n])
	for i := range width - n {
		dst[start+i] = ' '
	}
	return dst, nil
}

func (e *element) append(dst []byte, fs *fields) ([]byte, error) {
	if e.letter == 'B' {
		return append(dst, dayPeriod(fs, e.count)...), nil
	}
	v, ok := fs.value(e.letter)
	if !ok {
		return dst, fmt.Errorf("the pattern's %q wants a time zone, and a timestamp has none", strings.Repeat(string(rune(e.letter)), e.count))
	}
	if e.text != nil {
		return append(dst, e.text[v-textBase(e.letter)]...), nil
	}
	switch {
	case e.letter == 'S':
		return appendInt(dst, v, 9)[:len(dst)+e.count], nil
	case e.min == 2 && (e.letter == 'y' || e.letter == 'u' || e.letter == 'Y'):
		return appendInt(dst, abs(v)%100, 2), nil
	case v < 0 && e.sign == noSign:
		return dst, fmt.Errorf("%d can't be written by the pattern's %c", v, e.letter)
	case v < 0:
		return appendInt(append(dst, '-'), -v, e.min), nil
	case e.sign == exceedsSign && e.min < 19 && digits(v) > e.min:
		dst = append(dst, '+')
	}
	if e.sign == noSign && digits(v) > e.max {
		return dst, fmt.Errorf("%d can't be written by the pattern's %c", v, e.letter)
	}
	return appendInt(dst, v, e.min), nil
}

// digits counts the digits of a number that isn't negative.
func digits(v int64) int {
	n := 1
	for ; v > 9; v /= 10 {
		n++
	}
	return n
}

func abs(v int64) int64 { return max(v, -v) }

// textBase is the field's value that the first text stands for.
func textBase(letter byte) int64 {
	if letter == 'G' || letter == 'a' {
		return 0
	}
	return 1
}
