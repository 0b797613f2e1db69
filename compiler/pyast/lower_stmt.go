package pyast

// What lowering does at the beginning and end of statements.

// headers are the keywords of compound statements, with the words that
// CPython's message about a missing block has for them.
var headers = map[string]string{
	"class": "class definition", "def": "function definition",
	"if": "'if' statement", "elif": "'elif' statement", "else": "'else' statement",
	"for": "'for' statement", "while": "'while' statement", "with": "'with' statement",
	"try": "'try' statement", "except": "'except' statement", "finally": "'finally' statement",
}

// begin starts a logical line at token i.
func (l *lowerer) begin(i int) {
	l.lineFirst = i
	l.beginSimple(i)
	if i >= len(l.tokens) || l.tokens[i].kind != tokName && l.tokens[i].kind != tokOp {
		return
	}
	switch t := &l.tokens[i]; {
	case headers[t.text] != "":
		l.stmt.header = true
		l.beginHeader(i)
	case t.text == "@":
		l.stmt.decorated = true
	case t.text == "match":
		l.checkMatch(i)
	}
}

// beginSimple starts a statement that is not a compound one.
func (l *lowerer) beginSimple(i int) {
	l.stmt = stmtState{first: i}
	l.frames = append(l.frames[:0], frame{kind: inStmt, open: -1})
}

func (l *lowerer) beginHeader(i int) {
	switch {
	case l.is(i, "except") && l.is(i+1, "*"):
		refuse(l.span(i+1), "Catch the exceptions with except.", "except* is not supported")
	case l.is(i, "with") && l.tokens[i+1].opens():
		l.dropWithBrackets(i + 1)
	}
}

// dropWithBrackets leaves out the parentheses around the items of a with
// statement. What only looks like it is an expression: a tuple that is
// unpacked into, a generator, a yield or an assignment expression.
func (l *lowerer) dropWithBrackets(open int) {
	end := l.tokens[open].partner
	if !l.is(end+1, ":") {
		return
	}
	several := false
	for i := open + 1; i < end; i++ {
		switch t := &l.tokens[i]; {
		case t.is("yield") || t.is(":=") || t.is("for") || t.is("*") && (i == open+1 || l.is(i-1, ",")):
			return
		case t.is(",") || t.is("as"):
			several = true
		case t.partner > i:
			i = t.partner
		}
	}
	if several {
		l.dropped[open], l.dropped[end] = true, true
		l.dropped[end-1] = l.is(end-1, ",")
	}
}

// checkMatch refuses a match statement: "match" begins one if the line ends
// with a colon and is no annotation.
func (l *lowerer) checkMatch(i int) {
	end := i
	for l.tokens[end].kind != tokNewline {
		end++
	}
	if end-1 > i+1 && l.is(end-1, ":") {
		refuse(l.span(i), "Write it with if and elif.", "the match statement is not supported")
	}
}

// checkIndent compares the line that ends at i with the indentation of the
// next one. A header whose colon is missing is left to the parser.
func (l *lowerer) checkIndent(i int) {
	if l.stmt.header {
		return
	}
	wants := l.stmt.first == i && l.is(i-1, ":")
	has := l.tokens[i+1].kind == tokIndent
	next := i + 1
	for l.tokens[next].kind == tokDedent {
		next++
	}
	switch {
	case wants && !has:
		head := &l.tokens[l.lineFirst]
		fail(l.span(next), "expected an indented block after %s on line %d", headers[head.text], head.from.line)
	case has && !wants:
		fail(l.span(i+1), "unexpected indent")
	}
}
