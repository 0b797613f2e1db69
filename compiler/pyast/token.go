package pyast

import "pyfc/compiler/words"

type tokenKind uint8

const (
	tokName tokenKind = iota // identifiers and keywords
	tokNumber
	tokString // any literal in quotes, f-strings too
	tokOp
	tokNewline // the end of a logical line
	tokIndent
	tokDedent
	tokEnd
)

// token is a lexical token. Brackets know their partner, so that positions and
// contexts are found without parsing again.
type token struct {
	kind     tokenKind
	text     string // an identifier is NFKC-normalised
	from, to place
	partner  int  // index of the matching bracket
	within   int  // index of the innermost opening bracket around it, or -1
	trailer  bool // an opening bracket that calls or subscripts what precedes it
}

// is reports whether the token is the keyword or operator s.
func (t *token) is(s string) bool {
	return t.text == s && (t.kind == tokOp || t.kind == tokName)
}

// opens reports whether the token is the parenthesis that opens a tuple or a
// parenthesised expression.
func (t *token) opens() bool { return t.kind == tokOp && t.text == "(" && !t.trailer }

func isConstant(s string) bool {
	_, ok := constants[s]
	return ok
}

// isIdentifier reports whether the token is a name that may be bound.
func (t *token) isIdentifier() bool { return t.kind == tokName && !keywords[t.text] }

// IsKeyword reports whether a word can't be a name.
func IsKeyword(word string) bool { return keywords[word] }

var keywords = words.Set(`False None True and as assert async await break class continue def
	del elif else except finally for from global if import in is lambda nonlocal not or
	pass raise return try while with yield`)

// CPython's limits, which also bound the recursion of the later stages.
const (
	maxBrackets = 200
	maxIndents  = 100
)

// endsOperand reports whether an operand can end with the token, so that a
// bracket behind it calls or subscripts.
func (t *token) endsOperand() bool {
	switch t.kind {
	case tokName:
		return !keywords[t.text] || isConstant(t.text)
	case tokNumber, tokString:
		return true
	case tokOp:
		return t.text == ")" || t.text == "]" || t.text == "}" || t.text == "..."
	}
	return false
}

// startsOperand reports whether an operand can begin with the token.
func (t *token) startsOperand() bool {
	switch t.kind {
	case tokName:
		return t.endsOperand()
	case tokNumber, tokString:
		return true
	case tokOp:
		return t.text == "(" || t.text == "[" || t.text == "{" || t.text == "..."
	}
	return false
}
