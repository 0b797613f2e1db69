package sql

import "slices"

// Split cuts a text into statements as they are typed: each with its
// semicolon. What follows the last one is a statement that isn't complete yet,
// or only blanks and comments. A statement set ends at the semicolon behind its
// END.
func Split(text string) (complete []string, rest string) {
	p := newParser(text, nil, flinkSQL, nil)
	begin, first := 0, 0
	for i, t := range p.tokens {
		if t.kind != tokOp || t.text != ";" {
			continue
		}
		if opensSet(p.tokens[first:i]) && p.tokens[i-1].upper != "END" {
			continue
		}
		complete = append(complete, text[begin:t.end])
		begin, first = t.end, i+1
	}
	return complete, text[begin:]
}

// opensSet reports whether a statement begins as a statement set does, with or
// without EXECUTE.
func opensSet(tokens []token) bool {
	var words []string
	for _, t := range tokens[:min(4, len(tokens))] {
		words = append(words, t.upper)
	}
	return slices.Equal(words, []string{"EXECUTE", "STATEMENT", "SET", "BEGIN"}) ||
		len(words) > 2 && slices.Equal(words[:3], []string{"BEGIN", "STATEMENT", "SET"})
}

// Blank reports whether a text has no statement: only blanks, comments and
// semicolons.
func Blank(text string) bool {
	return !slices.ContainsFunc(newParser(text, nil, flinkSQL, nil).tokens, func(t token) bool {
		return t.kind != tokEOF && (t.kind != tokOp || t.text != ";")
	})
}

// Keywords lists the reserved words in order, as a client completes them.
func Keywords() []string {
	var out []string
	for w := range reserved {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}
