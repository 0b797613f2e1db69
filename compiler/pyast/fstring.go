package pyast

import "strings"

// strings raises the run of adjacent string literals that begins at token i.
func (r *raiser) strings(i int) (Expr, extent) {
	x := extent{i, i}
	for r.tokens[x.last+1].kind == tokString {
		x.last++
	}
	j := joiner{r: r}
	formatted := false
	isBytes := literalOf(&r.tokens[i]).bytes
	for k := x.first; k <= x.last; k++ {
		body := literalOf(&r.tokens[k])
		if body.bytes != isBytes {
			fail(r.at(x.first, x.last), "cannot mix bytes and nonbytes literals")
		}
		if body.format {
			formatted = true
			f := formatScanner{r: r, body: body, into: &j}
			f.scan(0)
		} else {
			j.add(body, r.at(k, k))
		}
	}
	at := exprNode{r.node(x)}
	if formatted {
		j.flush()
		return &JoinedStr{at, j.values}, x
	}
	kind := ConstStr
	if isBytes {
		kind = ConstBytes
	}
	return &Constant{at, kind, j.text.String(), j.parts}, x
}

// joiner joins adjacent literals, and collects the values of an f-string.
type joiner struct {
	r      *raiser
	values []Expr
	// text and parts are those of the literals since the last value.
	text  strings.Builder
	parts []strPart
}

// add appends a literal that stands at a span.
func (j *joiner) add(body literal, at Span) {
	j.parts = append(j.parts, strPart{j.text.Len(), at, body})
	j.text.WriteString(body.value(j.r.src))
}

// flush turns the pending literals into a value, unless they are empty.
func (j *joiner) flush() {
	if j.text.Len() > 0 {
		at, last := j.parts[0].span, j.parts[len(j.parts)-1].span
		at.EndLine, at.EndCol = last.EndLine, last.EndCol
		c := &Constant{Kind: ConstStr, Text: j.text.String(), parts: j.parts}
		c.Span = at
		j.values = append(j.values, c)
	}
	j.text.Reset()
	j.parts = nil
}

func (j *joiner) value(e Expr) {
	j.flush()
	j.values = append(j.values, e)
}

// formatScanner takes an f-string, or a format specification inside one,
// apart as CPython 3.11 does.
type formatScanner struct {
	r    *raiser
	body literal
	into *joiner
	pos  int // offset in body.text

	// known is the place of the offset asked for last.
	known  place
	offset int
}

// place returns the place of an offset of the body; offsets mostly grow.
func (f *formatScanner) place(offset int) place {
	if f.known.line == 0 || offset < f.offset {
		f.known, f.offset = f.body.at, 0
	}
	f.known = f.known.after(f.body.text[f.offset:offset])
	f.offset = offset
	return f.known
}

func (f *formatScanner) fail(format string, args ...any) {
	fail(f.here(), "f-string: "+format, args...)
}

func (f *formatScanner) failPart(what string) {
	fail(f.here(), "f-string expression part cannot include %s", what)
}

func (f *formatScanner) here() Span {
	at := f.place(min(f.pos, len(f.body.text)))
	return f.r.src.span(at, at.after(" "))
}

// peek returns the next byte, or 0 at the end.
func (f *formatScanner) peek() byte {
	if f.pos < len(f.body.text) {
		return f.body.text[f.pos]
	}
	return 0
}

// scan reads literals and fields to the end, or inside a field (level > 0) to
// the brace that ends the specification.
func (f *formatScanner) scan(level int) {
	for {
		f.literal(level)
		if f.peek() != '{' {
			return
		}
		f.field(level)
	}
}

// literal reads up to the next field or the end. Braces are doubled at the top
// level only.
func (f *formatScanner) literal(level int) {
	start, text := f.pos, f.body.text
	for f.pos < len(text) {
		c := text[f.pos]
		switch {
		case c == '\\' && !f.body.raw && strings.HasPrefix(text[f.pos:], `\N{`):
			end := strings.IndexByte(text[f.pos:], '}')
			if end < 0 {
				end = len(text) - f.pos - 1
			}
			f.pos += end + 1
			continue
		case c == '\\' && !f.body.raw && f.pos+1 < len(text) && text[f.pos+1] != '{' && text[f.pos+1] != '}':
			f.pos += 2
			continue
		case (c == '{' || c == '}') && level == 0 && f.pos+1 < len(text) && text[f.pos+1] == c:
			f.pos += 2
			continue
		case c == '}' && level == 0:
			f.fail("single '}' is not allowed")
		case c == '{' || c == '}':
			f.addLiteral(start, level)
			return
		}
		f.pos++
	}
	f.addLiteral(start, level)
}

func (f *formatScanner) addLiteral(start, level int) {
	if start == f.pos {
		return
	}
	body := literal{text: f.body.text[start:f.pos], at: f.place(start), raw: f.body.raw, format: level == 0}
	f.into.add(body, f.r.src.span(body.at, f.place(f.pos)))
}

// maxFormatLevel is how deep format specifications may hold fields.
const maxFormatLevel = 2

// field reads {expression=!conversion:specification}.
func (f *formatScanner) field(level int) {
	if level >= maxFormatLevel {
		f.fail("expressions nested too deeply")
	}
	open := f.pos
	f.pos++
	start := f.pos
	f.skipExpr()
	n := &FormattedValue{Value: f.expr(start, f.pos)}
	debug := f.peek() == '='
	if debug {
		f.pos++
		for strings.IndexByte(" \t\n\r\f\v", f.peek()) >= 0 {
			f.pos++
		}
		body := literal{text: f.body.text[start:f.pos], at: f.place(start), raw: true}
		f.into.add(body, f.r.src.span(body.at, f.place(f.pos)))
	}
	if f.peek() == '!' {
		f.conversion(n)
	}
	if f.peek() == ':' {
		f.pos++
		n.FormatSpec = f.specification(level + 1)
	}
	if f.peek() != '}' {
		f.fail("expecting '}'")
	}
	f.pos++
	if debug && n.FormatSpec == nil && n.Conversion == 0 {
		n.Conversion = 'r'
	}
	n.Span = f.r.src.span(f.place(open), f.place(f.pos))
	f.into.value(n)
}

func (f *formatScanner) conversion(n *FormattedValue) {
	f.pos++
	n.Conversion = f.peek()
	if n.Conversion != 's' && n.Conversion != 'r' && n.Conversion != 'a' {
		f.fail("invalid conversion character: expected 's', 'r', or 'a'")
	}
	f.pos++
}

func (f *formatScanner) specification(level int) *JoinedStr {
	start := f.pos
	inner := &formatScanner{r: f.r, body: f.body, into: &joiner{r: f.r}, pos: f.pos}
	inner.scan(level)
	inner.into.flush()
	f.pos = inner.pos
	return &JoinedStr{exprNode{At{f.r.src.span(f.place(start), f.place(f.pos))}}, inner.into.values}
}

// expr parses the expression between two offsets.
func (f *formatScanner) expr(start, end int) Expr {
	if strings.TrimSpace(f.body.text[start:end]) == "" {
		f.fail("empty expression not allowed")
	}
	from := f.place(start)
	stmts := parseTokens(f.r.src, scanExpr(f.r.src, from, from.off+end-start))
	if len(stmts) == 1 {
		if s, ok := stmts[0].(*ExprStmt); ok {
			return s.Value
		}
	}
	fail(f.r.src.span(from, f.place(end)), "f-string: invalid syntax")
	return nil
}

// skipExpr goes to the end of a field's expression: the first "!", ":", "="
// or "}" that is in no string or bracket and no part of a comparison.
func (f *formatScanner) skipExpr() {
	text := f.body.text
	var open []byte
	for ; f.pos < len(text); f.pos++ {
		switch c := text[f.pos]; c {
		case '\\':
			f.failPart("a backslash")
		case '#':
			f.failPart("'#'")
		case '\'', '"':
			f.skipString()
		case '(', '[', '{':
			if len(open) >= maxBrackets {
				f.fail("too many nested parenthesis")
			}
			open = append(open, c)
		case '!', ':', '=', '<', '>', '}', ')', ']':
			if n := len(open); n > 0 {
				if strings.IndexByte(")]}", c) >= 0 {
					if closing[string(open[n-1])] != string(c) {
						f.fail("closing parenthesis '%c' does not match opening parenthesis '%c'", c, open[n-1])
					}
					open = open[:n-1]
				}
				continue
			}
			switch {
			case c == ')' || c == ']':
				f.fail("unmatched '%c'", c)
			case f.pos+1 < len(text) && text[f.pos+1] == '=' && strings.IndexByte("!=<>", c) >= 0:
				f.pos++
			case c != '<' && c != '>':
				return
			}
		}
	}
	if len(open) > 0 {
		f.fail("unmatched '%c'", open[len(open)-1])
	}
	f.fail("expecting '}'")
}

// skipString goes to the last quote of a string inside an expression.
func (f *formatScanner) skipString() {
	delim := delimiter(f.body.text[f.pos:])
	start := f.pos + len(delim)
	end := strings.Index(f.body.text[start:], delim)
	if end < 0 {
		f.fail("unterminated string")
	}
	if strings.Contains(f.body.text[start:start+end], `\`) {
		f.failPart("a backslash")
	}
	f.pos = start + end + len(delim) - 1
}
