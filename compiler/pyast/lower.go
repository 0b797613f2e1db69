package pyast

import (
	"strings"

	"pyfc/compiler/words"
)

// Lowering writes the tokens of a file again as Python 3.4, which is what
// gpython parses. Newer syntax becomes older syntax of the same shape, and the
// place where each token was written is kept, so that the raiser finds the
// source token behind every node and, from its text, what the node really is:
//
//	name := value        lambda name: value
//	*value, in a call,   lambda: value        (any number, anywhere)
//	  set, index, return
//	**value, in a call   lambda: value
//	**value, in a dict   0: value
//	target: type = value target; type; value
//	a = b = c            a; b; c
//	a += b               a; b
//	del a, b             return a, b
//	def f(a, /, b)       def f(a, b)
//	@decorator           @_(decorator)
//	with (a as b, c):    with a as b, c:
//	async def f()        def f()
//
// String literals become "" or b"" (one for adjacent ones) and numbers 0; the
// raiser reads their values from the source. Commas that older grammars don't
// take before a closing parenthesis are left out. Each logical line is written
// on one line of its own.
type lowerer struct {
	src    *source
	tokens []token
	out    strings.Builder
	line   int // of out, from 1
	start  int // offset in out of the line's start
	level  int // of indentation
	// lineFirst is the first token of the logical line.
	lineFirst int
	notes
	dropped map[int]bool // brackets and commas that are not written
	async   bool         // an asynchronous function has been seen
	frames  []frame
	stmt    stmtState
}

// notes is what the raiser must know besides the tokens.
type notes struct {
	marks   []mark
	slashes map[int]int // the bracket or lambda of a parameter list → its "/"
}

// mark says which token was written at a place of the lowered text.
type mark struct {
	line, col int // line from 1, col from 0 in bytes, as gpython counts
	token     int
}

// frameKind is the kind of construct that a token stands in.
type frameKind uint8

const (
	inStmt   frameKind = iota // not in brackets
	inGroup                   // tuple or parentheses
	inList                    // list display
	inCall                    // arguments, of a class too
	inIndex                   // subscript
	inBrace                   // set or dict display
	inParams                  // parameters of a def
	inLambda                  // parameters of a lambda
)

// frame is an open construct. Its stars are lowered unless a target may stand
// where they do.
type frame struct {
	kind    frameKind
	open    int  // its first token
	item    int  // the first token of the current item
	equals  int  // the last "=" of a call
	target  bool // between "for" and "in"
	valued  bool // behind return, yield or in, where no target can follow
	hasStar bool
}

// stmtState is the state of the statement being written.
type stmtState struct {
	first     int
	header    bool // its colon begins a block and hasn't come yet
	assigned  bool // an "=", ":" or the like has come
	decorated bool // the line is a decorator, whose parenthesis is open
}

// lower writes the tokens as older Python.
func lower(src *source, tokens []token) (string, notes) {
	l := &lowerer{
		src: src, tokens: tokens, line: 1, dropped: map[int]bool{}, frames: []frame{{kind: inStmt, open: -1}},
		notes: notes{slashes: map[int]int{}},
	}
	if tokens[0].kind == tokIndent {
		fail(l.span(0), "unexpected indent")
	}
	l.begin(0)
	for i := 0; i < len(tokens); i++ {
		l.token(i)
	}
	return l.out.String(), l.notes
}

func (l *lowerer) span(i int) Span { return l.src.span(l.tokens[i].from, l.tokens[i].to) }

func (l *lowerer) top() *frame { return &l.frames[len(l.frames)-1] }

func (l *lowerer) push(kind frameKind, open int) {
	l.frames = append(l.frames, frame{kind: kind, open: open, item: open + 1})
}

func (l *lowerer) pop() { l.frames = l.frames[:len(l.frames)-1] }

// is reports whether token i exists and is the keyword or operator s.
func (l *lowerer) is(i int, s string) bool {
	return i >= 0 && i < len(l.tokens) && l.tokens[i].is(s)
}

// emit writes text for token i, behind a blank so that tokens never merge.
func (l *lowerer) emit(i int, text string) {
	if l.out.Len() == l.start {
		l.out.WriteString(strings.Repeat(" ", l.level))
	} else {
		l.out.WriteByte(' ')
	}
	l.marks = append(l.marks, mark{l.line, l.out.Len() - l.start, i})
	l.out.WriteString(text)
}

// endLine ends a line; the blank lets gpython's position of an error tell the
// line's end from its last token.
func (l *lowerer) endLine(i int) {
	l.marks = append(l.marks, mark{l.line, l.out.Len() - l.start, i})
	l.out.WriteString(" \n")
	l.line++
	l.start = l.out.Len()
}

func (l *lowerer) token(i int) {
	t := &l.tokens[i]
	switch t.kind {
	case tokIndent:
		l.level++
		l.begin(i + 1)
	case tokDedent:
		l.level--
		l.begin(i + 1)
	case tokNewline:
		l.newline(i)
	case tokNumber:
		l.emit(i, "0")
	case tokString:
		l.string(i)
	case tokName:
		l.name(i)
	case tokOp:
		l.operator(i)
	case tokEnd:
		l.marks = append(l.marks, mark{l.line, 0, i})
	}
}

func (l *lowerer) newline(i int) {
	if l.stmt.decorated {
		l.emit(i, ")")
	}
	l.checkIndent(i)
	l.endLine(i)
	l.begin(i + 1)
}

// string writes one literal for a run of adjacent ones.
func (l *lowerer) string(i int) {
	if i > 0 && l.tokens[i-1].kind == tokString {
		return
	}
	if literalOf(&l.tokens[i]).bytes {
		l.emit(i, `b""`)
		return
	}
	l.emit(i, `""`)
}

func (l *lowerer) name(i int) {
	t := &l.tokens[i]
	f := l.top()
	if l.is(i+1, ":=") {
		l.checkNamed(i)
		l.emit(i, "lambda")
	}
	if t.text == "async" || t.text == "await" {
		l.asynchronous(i)
		return
	}
	if t.text == "del" {
		l.emit(i, "return")
		return
	}
	l.emit(i, t.text)
	switch t.text {
	case "lambda":
		l.push(inLambda, i)
	case "for":
		f.target, f.valued = true, false
	case "in":
		f.target, f.valued = false, true
	case "return", "yield":
		f.valued = true
	}
}

// asynchronous leaves async and await out from the first asynchronous function
// on: what such a function does is never evaluated.
func (l *lowerer) asynchronous(i int) {
	l.async = l.async || l.is(i, "async") && l.is(i+1, "def")
	if !l.async {
		refuse(l.span(i), "Write the function without async and await.", "asynchronous code is not supported")
	}
	if i == l.stmt.first {
		l.begin(i + 1)
	}
}

// checkNamed refuses an assignment expression where none may stand.
func (l *lowerer) checkNamed(i int) {
	ok := false
	switch l.top().kind {
	case inStmt:
		ok = l.stmt.header && i == l.stmt.first+1 &&
			(l.is(i-1, "if") || l.is(i-1, "elif") || l.is(i-1, "while"))
	case inGroup, inList, inCall, inIndex, inBrace:
		ok = l.startsItem(i)
	}
	if !ok || !l.tokens[i].isIdentifier() {
		fail(l.span(i+1), "invalid syntax")
	}
}

func (l *lowerer) operator(i int) {
	switch t := &l.tokens[i]; t.text {
	case "(", "[", "{":
		l.push(l.bracketKind(i), i)
		if !l.dropped[i] {
			l.emit(i, t.text)
		}
	case ")", "]", "}":
		l.frames = l.frames[:l.frameOf(t.partner)]
		if !l.dropped[i] {
			l.emit(i, t.text)
		}
	case "*", "**":
		l.star(i)
	case "/":
		l.slash(i)
	case ",":
		l.top().item = i + 1
		if !l.dropped[i] && !l.trailingComma(i) {
			l.emit(i, ",")
		}
	case ":", ":=":
		l.colon(i)
	case "<>":
		fail(l.span(i), "invalid syntax")
	case ";":
		l.emit(i, ";")
		l.beginSimple(i + 1)
	case "@", "@=":
		if l.stmt.decorated && i == l.stmt.first {
			l.decorator(i)
			return
		}
		refuse(l.span(i), "Call numpy.matmul or a method instead.", "the matrix multiplication operator is not supported")
	default:
		if separates[t.text] {
			l.assign(i)
			return
		}
		l.emit(i, t.text)
	}
}

// decorator opens a call that takes any expression as its argument: the older
// grammar has only dotted names and calls of them behind the "@".
func (l *lowerer) decorator(i int) {
	l.emit(i, "@")
	l.emit(i, "_")
	l.emit(i, "(")
	l.push(inGroup, i)
}

// frameOf returns the index of the frame that bracket open began.
func (l *lowerer) frameOf(open int) int {
	n := len(l.frames) - 1
	for n > 0 && l.frames[n].open != open {
		n--
	}
	return max(n, 1)
}

func (l *lowerer) bracketKind(i int) frameKind {
	t := &l.tokens[i]
	switch {
	case t.text == "{":
		return inBrace
	case t.text == "[" && t.trailer:
		return inIndex
	case t.text == "[":
		return inList
	case t.trailer && l.is(i-2, "def"):
		return inParams
	case t.trailer:
		return inCall
	}
	return inGroup
}

// startsItem reports whether token i is the first of an item of its frame.
func (l *lowerer) startsItem(i int) bool { return i == l.top().item }

// star lowers the stars that unpack; those that multiply, collect parameters
// or stand in a target stay.
func (l *lowerer) star(i int) {
	f := l.top()
	text := l.tokens[i].text
	unpacks := false
	switch f.kind {
	case inCall, inIndex, inBrace:
		unpacks = l.startsItem(i) && !f.target
	case inParams:
		unpacks = l.is(i-1, ":")
	case inStmt, inGroup, inList:
		unpacks = f.valued && (l.is(i-1, ",") || l.is(i-1, "return") || l.is(i-1, "yield") || l.is(i-1, "in"))
	}
	switch {
	case unpacks && text == "**" && f.kind == inBrace:
		l.emit(i, "0")
		l.emit(i, ":")
	case unpacks && (text == "*" || f.kind == inCall):
		l.emit(i, "lambda")
		l.emit(i, ":")
	default:
		if (f.kind == inParams || f.kind == inLambda) && l.startsItem(i) {
			f.hasStar = true
			l.checkBareStar(i)
		}
		l.emit(i, text)
	}
}

// checkBareStar refuses a "*" without a name when no parameter follows.
func (l *lowerer) checkBareStar(i int) {
	next := i + 1
	if l.is(next, ",") {
		next++
	}
	if l.is(next, ")") || l.is(next, ":") || next > i+1 && l.is(next, "**") {
		fail(l.span(i), "named arguments must follow bare *")
	}
}

// slash drops the "/" that ends the positional-only parameters.
func (l *lowerer) slash(i int) {
	f := l.top()
	if f.kind != inParams && f.kind != inLambda || !l.is(i-1, ",") {
		l.emit(i, "/")
		return
	}
	if _, twice := l.slashes[f.open]; twice || f.hasStar {
		fail(l.span(i), "invalid syntax")
	}
	l.slashes[f.open] = i
	if l.is(i+1, ",") {
		l.dropped[i+1] = true
	}
}

// trailingComma reports whether the comma is one that the older grammar may
// not take: the last of arguments or parameters.
func (l *lowerer) trailingComma(i int) bool {
	switch f := l.top(); f.kind {
	case inCall, inParams:
		return i-1 != f.open && l.is(i+1, ")")
	case inLambda:
		return i-1 != f.open && l.is(i+1, ":")
	}
	return false
}

func (l *lowerer) colon(i int) {
	switch f := l.top(); {
	case l.tokens[i].text == ":=":
		if !l.tokens[max(i-1, 0)].isIdentifier() {
			fail(l.span(i), "invalid syntax")
		}
		l.emit(i, ":")
	case f.kind == inLambda:
		l.pop()
		l.emit(i, ":")
	case f.kind == inStmt && l.stmt.header:
		l.emit(i, ":")
		l.beginSimple(i + 1)
	case f.kind == inStmt && !l.stmt.assigned && l.inExpression():
		l.stmt.assigned = true
		l.emit(i, ";")
	default:
		l.emit(i, ":")
	}
}

// separates are the operators between the parts of an assignment. The parts
// become statements, so that what may not be assigned to is found by us.
var separates = words.Set("= : += -= *= /= //= %= **= >>= <<= &= |= ^=")

// plainStmts are the keywords of statements that are no expressions.
var plainStmts = words.Set("assert break continue del from global import nonlocal pass raise return")

// inExpression reports whether the statement can be an assignment.
func (l *lowerer) inExpression() bool { return !plainStmts[l.tokens[l.stmt.first].text] }

// assign lowers "=" and its like.
func (l *lowerer) assign(i int) {
	f := l.top()
	switch {
	case f.kind == inStmt && l.inExpression():
		l.stmt.assigned = true
		l.emit(i, ";")
	case f.kind == inCall && l.is(i, "=") && f.equals < f.item:
		f.equals = i
		l.checkKeyword(f.item, i)
		l.emit(i, "=")
	default:
		l.emit(i, l.tokens[i].text)
	}
}

// checkKeyword refuses "=" in arguments behind anything but one name.
func (l *lowerer) checkKeyword(first, equals int) {
	name := &l.tokens[first]
	switch {
	case first != equals-1:
		at := l.src.span(name.from, l.tokens[equals-1].to)
		fail(at, `expression cannot contain assignment, perhaps you meant "=="?`)
	case name.is("True") || name.is("False") || name.is("None"):
		fail(l.span(first), "cannot assign to %s", name.text)
	case !name.isIdentifier():
		fail(l.span(first), `expression cannot contain assignment, perhaps you meant "=="?`)
	}
}
