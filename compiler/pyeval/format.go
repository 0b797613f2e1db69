package pyeval

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pyfc/rt/pytext"
)

// spec is a parsed format specification:
// [[fill]align][sign][z][#][0][width][,][.precision][type]
type spec struct {
	fill      rune
	align     byte // '<', '>', '^', '=' or 0
	sign      byte // '+', '-', ' ' or 0
	noNegZero bool
	alt       bool
	width     int
	group     byte // ',' or '_' or 0
	precision int  // -1 when absent
	typ       byte // 0 when absent
}

// parseSpec reads a format specification; typeName is for the message.
func parseSpec(s, typeName string) (spec, error) {
	f := spec{fill: ' ', precision: -1}
	bad := Errorf(ValueError, "Invalid format specifier '%s' for object of type '%s'", s, typeName)
	rest := s
	if r, n := utf8.DecodeRuneInString(rest); n > 0 && len(rest) > n && strings.IndexByte("<>^=", rest[n]) >= 0 {
		f.fill, f.align, rest = r, rest[n], rest[n+1:]
	} else if rest != "" && strings.IndexByte("<>^=", rest[0]) >= 0 {
		f.align, rest = rest[0], rest[1:]
	}
	take := func(set string) byte {
		if rest != "" && strings.IndexByte(set, rest[0]) >= 0 {
			c := rest[0]
			rest = rest[1:]
			return c
		}
		return 0
	}
	number := func() (int, error) {
		n := 0
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		v, err := strconv.Atoi(rest[:n])
		rest = rest[n:]
		if err != nil || v > 1<<20 {
			return 0, Errorf(ValueError, "Too many decimal digits in format string")
		}
		return v, nil
	}
	f.sign = take("+- ")
	f.noNegZero = take("z") != 0
	f.alt = take("#") != 0
	if take("0") != 0 && f.align == 0 {
		f.fill, f.align = '0', '='
	}
	var err error
	if rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		if f.width, err = number(); err != nil {
			return f, err
		}
	}
	f.group = take(",_")
	if take(".") != 0 {
		if rest == "" || rest[0] < '0' || rest[0] > '9' {
			return f, Errorf(ValueError, "Format specifier missing precision")
		}
		if f.precision, err = number(); err != nil {
			return f, err
		}
	}
	if rest != "" {
		f.typ, rest = rest[0], rest[1:]
	}
	if rest != "" {
		return f, bad
	}
	return f, nil
}

// Format is format(v, spec) as a value: a *Str, *Sym or *Opaque.
func (t *Thread) Format(v Value, text string) (Value, error) {
	if m := operatorMethod(v, "__format__"); m != nil {
		return t.callMethod(m, v, NewStr(text))
	}
	if text == "" {
		return t.Text(v)
	}
	switch x := v.(type) {
	case *Opaque:
		return x, nil
	case *Sym:
		known, err := t.Assume(x, "a format specification")
		if err != nil {
			return nil, err
		}
		return t.Format(known, text)
	}
	p := plain(v)
	f, err := parseSpec(text, v.Class().name)
	if err != nil {
		return nil, err
	}
	if err := t.alloc(f.width); err != nil {
		return nil, err
	}
	var out string
	switch x := p.(type) {
	case *Str:
		out, err = f.str(x.s)
	case Float:
		out, err = f.float(float64(x))
	case Int, Bool:
		i, _ := asInt(x)
		out, err = f.int(i)
	default:
		return nil, Errorf(TypeError, "unsupported format string passed to %s.__format__", v.Class().name)
	}
	return NewStr(out), err
}

func (f spec) str(s string) (string, error) {
	if f.typ != 0 && f.typ != 's' {
		return "", f.unknown("str")
	}
	switch {
	case f.sign == ' ':
		return "", Errorf(ValueError, "Space not allowed in string format specifier")
	case f.sign != 0:
		return "", Errorf(ValueError, "Sign not allowed in string format specifier")
	case f.alt:
		return "", Errorf(ValueError, "Alternate form (#) not allowed in string format specifier")
	case f.group != 0:
		return "", Errorf(ValueError, "Cannot specify '%c' with 's'.", f.group)
	}
	if f.align == '=' {
		if f.fill != '0' {
			return "", Errorf(ValueError, "'=' alignment not allowed in string format specifier")
		}
		f.align = '<' // {:05} of a str pads on the right
	}
	if f.precision >= 0 {
		runes := []rune(s)
		s = string(runes[:min(len(runes), f.precision)])
	}
	return f.pad(s, '<'), nil
}

func (f spec) unknown(typ string) error {
	return Errorf(ValueError, "Unknown format code '%c' for object of type '%s'", f.typ, typ)
}

// pad fills to the width; def is the alignment when none is given.
func (f spec) pad(s string, def byte) string {
	n := f.width - utf8.RuneCountInString(s)
	if n <= 0 {
		return s
	}
	if f.align != 0 {
		def = f.align
	}
	fill := string(f.fill)
	switch def {
	case '<':
		return s + strings.Repeat(fill, n)
	case '^':
		return strings.Repeat(fill, n/2) + s + strings.Repeat(fill, n-n/2)
	case '=':
		body := strings.TrimLeft(s, "+- ")
		head := s[:len(s)-len(body)]
		if len(body) > 1 && body[0] == '0' && strings.IndexByte("xXob", body[1]) >= 0 && f.alt {
			head, body = head+body[:2], body[2:]
		}
		return head + strings.Repeat(fill, n) + body
	}
	return strings.Repeat(fill, n) + s
}

// signed puts the sign before the digits.
func (f spec) signed(neg bool, digits string) string {
	switch {
	case neg:
		return "-" + digits
	case f.sign == '+' || f.sign == ' ':
		return string(f.sign) + digits
	}
	return digits
}

func (f spec) int(i Int) (string, error) {
	base, prefix := 10, ""
	switch f.typ {
	case 0, 'd', 'n':
	case 'x':
		base, prefix = 16, "0x"
	case 'X':
		base, prefix = 16, "0X"
	case 'o':
		base, prefix = 8, "0o"
	case 'b':
		base, prefix = 2, "0b"
	case 'c':
		return f.char(i)
	case 'e', 'E', 'f', 'F', 'g', 'G', '%':
		v, ok := i.float()
		if !ok {
			return "", Errorf(OverflowError, "int too large to convert to float")
		}
		return f.float(v)
	default:
		return "", f.unknown("int")
	}
	if f.precision >= 0 {
		return "", Errorf(ValueError, "Precision not allowed in integer format specifier")
	}
	digits := new(big.Int).Abs(i.Big()).Text(base)
	if f.typ == 'X' {
		digits = strings.ToUpper(digits)
	}
	every := 3
	if base != 10 {
		every = 4
	}
	if base != 10 && f.group == ',' || f.typ == 'n' && f.group != 0 {
		return "", f.noGroups()
	}
	digits = f.grouped(digits, every, i.Sign() < 0)
	if f.alt {
		digits = prefix + digits
	}
	return f.pad(f.signed(i.Sign() < 0, digits), '>'), nil
}

// char is the character with a number.
func (f spec) char(i Int) (string, error) {
	switch {
	case f.precision >= 0:
		return "", Errorf(ValueError, "Precision not allowed in integer format specifier")
	case f.sign != 0:
		return "", Errorf(ValueError, "Sign not allowed with integer format specifier 'c'")
	case f.alt:
		return "", Errorf(ValueError, "Alternate form (#) not allowed with integer format specifier 'c'")
	case f.group != 0:
		return "", f.noGroups()
	}
	s, err := charOf(i)
	return f.pad(s, '<'), err
}

func charOf(i Int) (string, error) {
	n, ok := i.Int64()
	if !ok || n < 0 || n > unicode.MaxRune {
		return "", Errorf(OverflowError, "%%c arg not in range(0x110000)")
	}
	return string(rune(n)), nil
}

func (f spec) noGroups() error {
	return Errorf(ValueError, "Cannot specify '%c' with '%c'.", f.group, f.typ)
}

// grouped puts separators between digits; zero padding takes part in them.
func (f spec) grouped(digits string, every int, neg bool) string {
	if f.group == 0 {
		return digits
	}
	if f.align == '=' && f.fill == '0' {
		width := f.width
		if neg || f.sign != 0 && f.sign != '-' {
			width--
		}
		for len(digits)+(len(digits)-1)/every < width {
			digits = "0" + digits
		}
	}
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%every == 0 {
			b.WriteByte(f.group)
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (f spec) float(v float64) (string, error) {
	neg := math.Signbit(v) && !math.IsNaN(v)
	body, err := f.floatBody(math.Abs(v))
	if err != nil {
		return "", err
	}
	if f.noNegZero && !strings.ContainsAny(body, "123456789in") {
		neg = false
	}
	if f.group != 0 && body[0] >= '0' && body[0] <= '9' {
		n := strings.IndexFunc(body, func(r rune) bool { return r < '0' || r > '9' })
		if n < 0 {
			n = len(body)
		}
		tail := body[n:]
		f.width -= len(tail)
		body = f.grouped(body[:n], 3, neg) + tail
		f.width += len(tail)
	}
	return f.pad(f.signed(neg, body), '>'), nil
}

// floatBody formats a magnitude.
func (f spec) floatBody(v float64) (string, error) {
	prec := f.precision
	if prec < 0 {
		prec = 6
	}
	if math.IsInf(v, 0) || math.IsNaN(v) {
		s := pytext.Float(v)
		if f.typ == 'F' || f.typ == 'E' || f.typ == 'G' {
			s = strings.ToUpper(s)
		}
		if f.typ == '%' {
			s += "%"
		}
		return s, nil
	}
	switch f.typ {
	case 0:
		if f.precision < 0 {
			return pytext.Float(v), nil
		}
		s := general(v, max(prec, 1), f.alt)
		if !strings.ContainsAny(s, ".e") {
			s += ".0"
		}
		return s, nil
	case 'f', 'F':
		s := strconv.FormatFloat(v, 'f', prec, 64)
		if f.alt && prec == 0 {
			s += "."
		}
		return s, nil
	case 'e', 'E':
		s := strconv.FormatFloat(v, f.typ, prec, 64)
		if f.alt && prec == 0 {
			s = s[:1] + "." + s[1:]
		}
		return s, nil
	case 'g', 'G', 'n':
		s := general(v, max(prec, 1), f.alt)
		if f.typ == 'G' {
			s = strings.ToUpper(s)
		}
		return s, nil
	case '%':
		return strconv.FormatFloat(v*100, 'f', prec, 64) + "%", nil
	}
	return "", f.unknown("float")
}

// general is C's %g.
func general(v float64, prec int, alt bool) string {
	s := strconv.FormatFloat(v, 'e', prec-1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exp)
	if e >= -4 && e < prec {
		s = strconv.FormatFloat(v, 'f', prec-1-e, 64)
		if !alt && strings.Contains(s, ".") {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
		return s
	}
	if !alt && strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	return mantissa + "e" + exp
}

// percentBytes is b % args: through text, where each byte is a code point.
func (t *Thread) percentBytes(b Bytes, args Value) (Value, error) {
	text := strings.ReplaceAll(latin(b).(*Str).s, "%b", "%s")
	v, err := t.percent(NewStr(text), latin(args))
	return unlatin(v), err
}

// percent is s % args. A symbolic argument under a plain %s keeps the result
// symbolic.
func (t *Thread) percent(s *Str, args Value) (Value, error) {
	p := percentArgs{t: t, args: args}
	if tuple, ok := plain(args).(*Tuple); ok {
		p.list, p.tuple = tuple.elems, true
	} else {
		p.list = []Value{args}
	}
	var b textBuilder
	for i := 0; i < len(s.s); {
		next := strings.IndexByte(s.s[i:], '%')
		if next < 0 {
			b.add(s.slice(i, len(s.s)))
			break
		}
		b.add(s.slice(i, i+next))
		i += next + 1
		n, err := p.item(s.s[i:], &b)
		if err != nil {
			return nil, err
		}
		i += n
	}
	if p.tuple && p.used < len(p.list) || !p.tuple && p.used == 0 && !p.mapped && !isMapping(args) {
		return nil, Errorf(TypeError, "not all arguments converted during string formatting")
	}
	return b.value(t.Where()), t.alloc(b.size)
}

func isMapping(v Value) bool {
	switch plain(v).(type) {
	case *Dict, *List, *Opaque:
		return true
	}
	return operatorMethod(v, "__getitem__") != nil
}

type percentArgs struct {
	t      *Thread
	args   Value
	list   []Value
	used   int
	tuple  bool
	mapped bool
}

// next returns the next positional argument.
func (p *percentArgs) next() (Value, error) {
	if p.used >= len(p.list) {
		return nil, Errorf(TypeError, "not enough arguments for format string")
	}
	p.used++
	return p.list[p.used-1], nil
}

// star is the number that "*" stands for.
func (p *percentArgs) star() (int, error) {
	v, err := p.next()
	if err != nil {
		return 0, err
	}
	n, ok := asInt(v)
	if !ok {
		return 0, Errorf(TypeError, "* wants int")
	}
	return int(n.n), nil
}

// item formats one conversion; s begins after the percent sign. It returns how
// much of s it used. A malformed conversion fails where CPython comes to it.
func (p *percentArgs) item(s string, b *textBuilder) (int, error) {
	if strings.HasPrefix(s, "(") {
		p.mapped = true
		if !isMapping(p.args) || p.tuple {
			return 0, Errorf(TypeError, "format requires a mapping")
		}
	}
	c, malformed := parsePercent(s)
	var v Value
	var err error
	if c.hasKey {
		if v, err = p.t.Index(p.args, NewStr(c.key)); err != nil {
			return 0, err
		}
	}
	if c.starWidth {
		if c.width, err = p.star(); err != nil {
			return 0, err
		}
	}
	if c.starPrecision {
		if c.precision, err = p.star(); err != nil {
			return 0, err
		}
	}
	if malformed != nil {
		return 0, malformed
	}
	if c.typ == '%' {
		b.add(NewStr("%"))
		return c.used, nil
	}
	if v == nil {
		if v, err = p.next(); err != nil {
			return 0, err
		}
	}
	return c.used, p.t.percentItem(c.spec, v, b)
}

// conversion is what stands behind a percent sign.
type conversion struct {
	spec
	key                      string
	hasKey                   bool
	starWidth, starPrecision bool // an argument says them
	used                     int  // how long it is
}

// parsePercent reads a conversion, as far as it isn't malformed.
func parsePercent(s string) (c conversion, err error) {
	c.spec = spec{fill: ' ', align: '>', precision: -1}
	i := 0
	if i < len(s) && s[i] == '(' {
		end := strings.IndexByte(s, ')')
		if end < 0 {
			return c, Errorf(ValueError, "incomplete format key")
		}
		c.key, c.hasKey, i = s[1:end], true, end+1
	}
	left, zero := false, false
	for ; i < len(s) && strings.IndexByte("-+ 0#", s[i]) >= 0; i++ {
		switch s[i] {
		case '-':
			left = true
		case '0':
			zero = true
		case '#':
			c.alt = true
		case '+':
			c.sign = '+'
		case ' ':
			if c.sign == 0 {
				c.sign = ' '
			}
		}
	}
	if c.width, c.starWidth, err = percentNumber(s, &i, "width"); err != nil {
		return c, err
	}
	if i < len(s) && s[i] == '.' {
		i++
		if c.precision, c.starPrecision, err = percentNumber(s, &i, "precision"); err != nil {
			return c, err
		}
	}
	if i >= len(s) {
		return c, Errorf(ValueError, "incomplete format")
	}
	c.typ, c.used = s[i], i+1
	switch {
	case left:
		c.align = '<'
	case zero && c.typ != 's' && c.typ != 'r':
		c.fill, c.align = '0', '='
	}
	return c, nil
}

// percentNumber reads a number, 0 where none stands, or "*".
func percentNumber(s string, i *int, what string) (n int, star bool, err error) {
	if *i < len(s) && s[*i] == '*' {
		*i++
		return 0, true, nil
	}
	from := *i
	for *i < len(s) && s[*i] >= '0' && s[*i] <= '9' {
		*i++
	}
	if from == *i {
		return 0, false, nil
	}
	if n, err = strconv.Atoi(s[from:*i]); err != nil || n > 1<<20 {
		return 0, false, Errorf(ValueError, "%s too big", what)
	}
	return n, false, nil
}

// percentItem formats one value.
func (t *Thread) percentItem(f spec, v Value, b *textBuilder) error {
	switch x := v.(type) {
	case *Opaque:
		b.add(x)
		return nil
	case *Sym:
		if f.typ != 's' || f.width != 0 || f.precision >= 0 {
			known, err := t.Assume(x, "the format %"+string(f.typ))
			if err != nil {
				return err
			}
			return t.percentItem(f, known, b)
		}
	}
	var text string
	var err error
	switch f.typ {
	case 's':
		var x Value
		if x, err = t.Text(v); err != nil {
			return err
		}
		s, ok := x.(*Str)
		if !ok || f.width == 0 && f.precision < 0 {
			b.add(x)
			return nil
		}
		text, err = f.withPrecision(s.s), nil
	case 'r', 'a':
		text, err = t.Repr(v)
		if f.typ == 'a' {
			text = asciiRepr(text)
		}
		text = f.withPrecision(text)
	case 'c':
		text, err = percentChar(v)
		text = f.pad(text, '>')
	case 'd', 'i', 'u', 'x', 'X', 'o', 'e', 'E', 'f', 'F', 'g', 'G':
		text, err = t.percentNumber(f, v)
	default:
		return Errorf(ValueError, "unsupported format character '%c' (0x%x) at index %d", f.typ, f.typ, b.size+1)
	}
	if err != nil {
		return err
	}
	b.add(NewStr(text))
	return nil
}

func (f spec) withPrecision(s string) string {
	if f.precision >= 0 {
		runes := []rune(s)
		s = string(runes[:min(len(runes), f.precision)])
	}
	return f.pad(s, '>')
}

func percentChar(v Value) (string, error) {
	switch v := plain(v).(type) {
	case *Str:
		if v.Len() == 1 {
			return v.s, nil
		}
	case Int:
		return charOf(v)
	}
	return "", Errorf(TypeError, "%%c requires int or char")
}

func (t *Thread) percentNumber(f spec, v Value) (string, error) {
	p := plain(v)
	if _, ok := p.(*Instance); ok {
		name := "__float__"
		if strings.ContainsRune("diu", rune(f.typ)) {
			name = "__int__"
		}
		if m := operatorMethod(v, name); m != nil {
			n, err := t.callMethod(m, v)
			if err != nil {
				return "", err
			}
			p = plain(n)
		}
	}
	fl, isFloat := p.(Float)
	i, isInt := asInt(p)
	if strings.IndexByte("eEfFgG", f.typ) >= 0 {
		x, ok, err := toFloat(p)
		if err != nil {
			return "", err
		}
		if !ok {
			return "", Errorf(TypeError, "must be real number, not %s", v.Class().name)
		}
		return f.float(x)
	}
	if isFloat && strings.IndexByte("diu", f.typ) >= 0 {
		x, err := floatToInt(math.Trunc(float64(fl)))
		if err != nil {
			return "", err
		}
		i, isInt = x.(Int), true
	}
	if !isInt {
		kind := "a real number"
		if strings.IndexByte("xXo", f.typ) >= 0 {
			kind = "an integer"
		}
		return "", Errorf(TypeError, "%%%c format: %s is required, not %s", f.typ, kind, v.Class().name)
	}
	if f.typ == 'i' || f.typ == 'u' {
		f.typ = 'd'
	}
	if f.precision > 0 {
		digits := fmt.Sprintf("%0*s", f.precision, new(big.Int).Abs(i.Big()).String())
		return f.pad(f.signed(i.Sign() < 0, digits), '>'), nil
	}
	f.precision = -1
	return f.int(i)
}
