package sql

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"pyfc/compiler/words"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// Parse reads SQL statements separated by semicolons. at gives the places of
// the text; nil counts lines and columns of the text itself. A statement with
// a fault yields diagnostics and no tree.
func Parse(text string, at Locator, holes ...Hole) ([]Stmt, []*diag.Diagnostic) {
	p := newParser(text, at, flinkSQL, holes)
	return p.statements(), p.diags.Sorted()
}

// statements takes all statements; one with a fault is left out.
func (p *parser) statements() []Stmt {
	malformed := p.faults > 0 // by the lexer: no statement can be trusted
	var stmts []Stmt
	if t := p.tok(); p.atOp(";") {
		p.fault(t.start, t.end, "no statement stands before the semicolon")
	}
	for {
		for p.gotOp(";") {
		}
		if p.tok().kind == tokEOF {
			return stmts
		}
		before := p.faults
		var s Stmt
		p.recovering(func() {
			s = p.statement()
			if !p.atOp(";") && p.tok().kind != tokEOF {
				if len(p.ends) == 0 {
					p.ends = []string{endOfStatement}
				}
				p.unexpected(p.ends...)
			}
		})
		if p.faults == before && !malformed {
			stmts = append(stmts, s)
		}
		p.skipTo(func(t token) bool { return t.kind == tokOp && t.text == ";" })
	}
}

// ParseExpressions reads the comma-separated expressions of a string argument
// of the legacy Table API, such as "a, sum(b) as c", whose grammar differs from
// SQL's.
func ParseExpressions(text string, at Locator) ([]Expr, []*diag.Diagnostic) {
	p := newParser(text, at, stringExpressions, nil)
	var out []Expr
	p.recovering(func() {
		out = list(p, p.namedStringExpr)
		if p.tok().kind != tokEOF {
			p.unexpected(",", "an operator", "as")
		}
	})
	if p.faults > 0 {
		out = nil
	}
	return out, p.diags.Sorted()
}

// TextLocator counts lines and columns of a text that is a file of its own.
func TextLocator(file, text string) Locator {
	places := make([]struct{ line, column int32 }, len(text)+1)
	line, column := int32(1), int32(1)
	for i := range len(text) {
		if utf8.RuneStart(text[i]) && i > 0 {
			column++
			if text[i-1] == '\n' {
				line, column = line+1, 1
			}
		}
		places[i].line, places[i].column = line, column
	}
	end := &places[len(text)]
	end.line, end.column = line, column+1
	if text == "" {
		end.column = 1
	} else if text[len(text)-1] == '\n' {
		end.line, end.column = line+1, 1
	}
	return func(offset int) diag.Pos {
		return diag.Pos{File: file, Line: int(places[offset].line), Column: int(places[offset].column)}
	}
}

const (
	// maxDepth bounds the nesting of expressions, types and queries, so that
	// no text exhausts the stack.
	maxDepth = 200
	// maxChain bounds the operators of one level, whose tree is as deep.
	maxChain = 10_000
	// maxFaults is how many faults of one text are reported.
	maxFaults = 100
)

// parser is a recursive descent over tokens. A function that meets a fault
// reports it and panics with bailout; lists and statements recover.
type parser struct {
	dialect dialect
	text    string
	at      Locator
	tokens  []token
	i       int
	depth   int
	diags   diag.List
	faults  int  // diagnostics that forbid a tree
	doubts  int  // the others
	misused bool // a part of the text is known only at start
	// refused is the offset of the last token that unexpected reported; -1 before.
	refused int
	// ends are what may have followed the statement's end, for a message.
	ends []string
	// defaults says that DEFAULT may stand in the bracket that is next.
	defaults bool
	// soft is the position in tokens of an alias without AS, which may be a
	// misspelt keyword; -1 without.
	soft int
	// intervals says that INTERVAL is a data type everywhere, as in the types
	// of the Table API; in SQL only CAST takes it.
	intervals bool
}

type bailout struct{}

// endOfStatement is what may follow, for a message.
const endOfStatement = "the end of the statement"

func newParser(text string, at Locator, d dialect, holes []Hole) *parser {
	if at == nil {
		at = TextLocator("", text)
	}
	p := &parser{dialect: d, text: text, at: at, soft: -1, refused: -1}
	l := &lexer{text: text, dialect: d, holes: holes, fault: p.fault, misuse: p.misuse}
	p.tokens = l.run()
	return p
}

// recovering runs f and reports whether it got through without a bailout.
func (p *parser) recovering(f func()) (ok bool) {
	depth := p.depth
	defer func() {
		if r := recover(); r != nil {
			if _, mine := r.(bailout); !mine {
				panic(r)
			}
			p.depth = depth
		}
	}()
	f()
	return true
}

// deeper bounds recursion; the caller defers p.shallower.
func (p *parser) deeper() {
	p.depth++
	if p.depth > maxDepth {
		t := p.tok()
		p.fault(t.start, t.end, "the text is nested too deeply")
		panic(bailout{})
	}
}

func (p *parser) shallower() { p.depth-- }

// notLonger bounds a chain that has n operators so far.
func (p *parser) notLonger(n int) {
	if n > maxChain {
		t := p.tok()
		p.fault(t.start, t.end, "the expression has more than %d operators in a row", maxChain)
		panic(bailout{})
	}
}

// Places.

func (p *parser) pos(start, end int) diag.Pos {
	pos := p.at(start)
	if end > start {
		if e := p.at(end); e.File == pos.File && e.Line == pos.Line {
			pos.EndColumn = e.Column
		}
	}
	return pos
}

// since is the place from start to the end of the last token taken.
func (p *parser) since(start int) At {
	end := start
	if p.i > 0 {
		end = max(end, p.tokens[p.i-1].end)
	}
	return At{p.pos(start, end)}
}

func (p *parser) where(t token) diag.Pos { return p.pos(t.start, t.end) }

// Tokens.

func (p *parser) tok() token { return p.tokens[p.i] }

// ahead is the n-th token after the next one.
func (p *parser) ahead(n int) token { return p.tokens[min(p.i+n, len(p.tokens)-1)] }

func (p *parser) take() token {
	t := p.tokens[p.i]
	if t.kind != tokEOF {
		p.i++
	}
	return t
}

// atWords reports whether the next tokens are these keywords.
func (p *parser) atWords(words ...string) bool {
	for i, w := range words {
		if p.ahead(i).upper != w {
			return false
		}
	}
	return true
}

// got takes the keywords if they are next.
func (p *parser) got(words ...string) bool {
	if !p.atWords(words...) {
		return false
	}
	p.i += len(words)
	return true
}

// want takes the keywords or bails out.
func (p *parser) want(words ...string) {
	for _, w := range words {
		if !p.got(w) {
			p.unexpected(w)
		}
	}
}

func (p *parser) atOp(op string) bool { return p.tok().kind == tokOp && p.tok().text == op }

func (p *parser) gotOp(op string) bool {
	if !p.atOp(op) {
		return false
	}
	p.i++
	return true
}

func (p *parser) wantOp(op string) {
	if !p.gotOp(op) {
		p.unexpected(op)
	}
}

// gotWord takes one of the words and returns it, or "".
func (p *parser) gotWord(words ...string) string {
	for _, w := range words {
		if p.got(w) {
			return w
		}
	}
	return ""
}

// name takes an identifier. what says what it names.
func (p *parser) name(what string) Name {
	t := p.tok()
	switch {
	case t.kind == tokIdent && p.dialect == flinkSQL && reserved[t.upper]:
		p.fault(t.start, t.end, "expected %s, found the reserved word %s", what, t.text).
			WithHint("a name that is a reserved word is quoted: `%s`", t.text)
		panic(bailout{})
	case t.kind != tokIdent && t.kind != tokQuoted:
		p.unexpected(what)
	}
	p.i++
	return Name{Text: t.text, Pos: p.where(t)}
}

// atName reports whether an identifier is next.
func (p *parser) atName() bool {
	t := p.tok()
	return t.kind == tokQuoted || t.kind == tokIdent && !reserved[t.upper]
}

// path takes name{.name}.
func (p *parser) path(what string) Path {
	start := p.tok().start
	parts := []Name{p.name(what)}
	for p.gotOp(".") {
		parts = append(parts, p.name(what))
	}
	return Path{Parts: parts, Pos: p.since(start).Pos}
}

// names takes (name, …).
func (p *parser) names(what string) []Name {
	p.wantOp("(")
	out := list(p, func() Name { return p.name(what) })
	p.wantOp(")")
	return out
}

// string takes a string literal of the statement's own syntax. what says what
// it is.
func (p *parser) string(what string) *String {
	t := p.tok()
	if t.kind != tokString {
		p.unexpected(what + " in single quotes")
	}
	p.i++
	s := &String{At: At{p.where(t)}, Value: t.value}
	if t.value == nil {
		s.Value = ir.Literal(t.text)
	}
	return s
}

// constant is string where a start-time value makes no sense.
func (p *parser) constant(what string) *String {
	t := p.tok()
	s := p.string(what)
	p.known(t)
	return s
}

// known reports the start-time parts of a token.
func (p *parser) known(t token) {
	for _, part := range t.value {
		if part.Input != nil {
			p.misuse(t.start, t.end, part)
		}
	}
}

// list takes element{, element}. After a faulty element it goes on behind the
// next comma of the list, so that one run reports the faults of all elements.
func list[T any](p *parser, element func() T) []T {
	var out []T
	depth := p.tok().depth
	if p.atOp(")") || p.atOp("]") { // an empty list: the bracket stands outside
		depth++
	}
	for {
		if !p.recovering(func() { out = append(out, element()) }) {
			p.skipTo(func(t token) bool {
				return t.depth < depth || t.text == ";" || t.depth == depth && (t.text == "," || clauseWords[t.upper])
			})
		}
		if !p.gotOp(",") {
			return out
		}
	}
}

// clauseWords begin a clause after a list that isn't in brackets.
var clauseWords = words.Set("FROM WHERE GROUP HAVING UNION EXCEPT INTERSECT")

// skipTo skips to a token that stop takes, or to the end of the text.
func (p *parser) skipTo(stop func(token) bool) {
	for p.tok().kind != tokEOF && !stop(p.tok()) {
		p.i++
	}
}

// skipBrackets takes an opening bracket and all up to its closing one.
func (p *parser) skipBrackets() {
	depth := p.take().depth
	p.skipTo(func(t token) bool { return t.depth <= depth })
	p.take()
}

// Messages.

// fault reports a syntax error.
func (p *parser) fault(start, end int, format string, args ...any) *diag.Diagnostic {
	return p.report(diag.SQLSyntax, start, end, format, args...)
}

// doubt reports what Flink's parser takes and its validator refuses: there is a
// tree all the same.
func (p *parser) doubt(code diag.Code, start, end int, format string, args ...any) *diag.Diagnostic {
	n := p.faults
	d := p.report(code, start, end, format, args...)
	if n < maxFaults {
		p.faults = n
		p.doubts++
	}
	return d
}

func (p *parser) report(code diag.Code, start, end int, format string, args ...any) *diag.Diagnostic {
	p.faults++
	// Where a part of the text is unknown, what stands there may mend a fault.
	mended := p.misused && code != diag.InputSymbolic && code != diag.SQLPlanned
	if p.faults+p.doubts > maxFaults || mended {
		return &diag.Diagnostic{} // goes nowhere
	}
	return p.diags.Errorf(code, p.pos(start, end), format, args...)
}

// misuse reports a value that is known only at start and stands where the
// parser needs the text.
func (p *parser) misuse(start, end int, part ir.TextPart) {
	in := part.Input
	p.misused = true
	p.report(diag.InputSymbolic, start, end, "the value of %s is known only at start, but here it decides what the SQL means", in).
		WithHint("such a value may stand inside one string literal of WITH or SET; or give it to the build: %s", in.Supply).
		WithNote(in.Pos, "it is read here").
		WithMissing(in.Kind, in.Name)
}

// unexpected reports that the next token is none of the expected ones, and
// bails out.
func (p *parser) unexpected(expected ...string) {
	t := p.tok()
	if t.start == p.refused { // a follow-up: what came before is already reported
		panic(bailout{})
	}
	p.refused = t.start
	shown := make([]string, len(expected))
	var words []string // the keywords among them, by their first word
	for i, e := range expected {
		shown[i] = e
		switch {
		case strings.ContainsAny(e, "(),=.<>"):
			shown[i] = "'" + e + "'"
		case e == strings.ToUpper(e):
			words = append(words, strings.Fields(e)[0])
		}
	}
	d := p.fault(t.start, t.end, "expected %s, found %s", orList(shown), t.describe())
	if hint := p.hint(t, words, len(words) < len(expected)); hint != "" {
		d.WithHint("%s", hint)
	}
	panic(bailout{})
}

// neverNames are the reserved words that nobody means as a name.
var neverNames = words.Set(`
	ALL AND AS BETWEEN BY CASE CREATE CROSS DISTINCT ELSE EXCEPT FROM FULL HAVING IN INNER INSERT INTERSECT
	INTO IS JOIN LIKE NOT ON OR OUTER SELECT THEN UNION USING WHEN WHERE WITH`)

// hint says what would work in place of t, where words are expected keywords,
// and maybe a name.
func (p *parser) hint(t token, words []string, name bool) string {
	if p.dialect == stringExpressions {
		return stringHints[strings.ToLower(t.text)]
	}
	if near := diag.Nearest(t.upper, words); near != "" && t.kind == tokIdent {
		return "did you mean " + near + "?"
	}
	if p.soft >= 0 && p.soft == p.i-1 {
		if near := diag.Nearest(p.tokens[p.soft].upper, words); near != "" {
			return "did you mean " + near + " for " + p.tokens[p.soft].text + "?"
		}
	}
	switch {
	case p.i > 0 && p.tokens[p.i-1].text == "," && (clauseWords[t.upper] || t.kind == tokEOF || t.text == ")"):
		return "drop the comma before it"
	case name && reserved[t.upper] && !neverNames[t.upper]:
		return "a name that is a reserved word is quoted: `" + t.text + "`"
	}
	return ""
}

// describe is the token as a message shows it.
func (t token) describe() string {
	switch t.kind {
	case tokEOF:
		return "the end of the text"
	case tokString:
		return "the string '" + t.text + "'"
	case tokQuoted:
		return "`" + t.text + "`"
	case tokBinary:
		return "X'" + t.text + "'"
	}
	return t.text
}

// orList is "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return fmt.Sprintf("%s or %s", strings.Join(words[:n], ", "), words[n])
}
