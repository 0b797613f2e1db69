package sql

import (
	"slices"
	"strings"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// The JSON calls have a syntax of their own. In the tree they are plain calls,
// whose options are literals, all of them or, where the text has none, none:
//
//	IS JSON            x, kind
//	JSON_EXISTS        json, path, on error
//	JSON_VALUE         json, path, NULL of the returned type, on empty, its default, on error, its default
//	JSON_QUERY         json, path, NULL of the returned type, wrapper, on empty, on error
//	JSON_OBJECT        on null, key, value, key, value …
//	JSON_ARRAY         on null, value …
//	JSON_OBJECTAGG     on null, key, value
//	JSON_ARRAYAGG      on null, value
const OpIsJSON = "IS JSON"

// JSONKinds are what IS JSON tests for.
var JSONKinds = []string{"VALUE", "SCALAR", "ARRAY", "OBJECT"}

var jsonCalls = []string{
	"JSON_EXISTS", "JSON_VALUE", "JSON_QUERY", "JSON_OBJECT", "JSON_ARRAY", "JSON_OBJECTAGG", "JSON_ARRAYAGG",
}

// jsonKind takes what may follow IS JSON.
func (p *parser) jsonKind(x Expr) []Expr {
	at := p.tokens[p.i-1]
	if w := p.gotWord(JSONKinds...); w != "" {
		return []Expr{x, Text(p.where(p.tokens[p.i-1]), w)}
	}
	return []Expr{x, Text(p.where(at), JSONKinds[0])}
}

// jsonCall takes a call of one of jsonCalls.
func (p *parser) jsonCall() Expr {
	if p.ahead(1).text != "(" {
		return nil
	}
	c, start := p.special()
	switch c.Func {
	case "JSON_OBJECT", "JSON_OBJECTAGG":
		c.Args = p.jsonMembers()
		if c.Func == "JSON_OBJECTAGG" && len(c.Args) != 3 {
			p.unexpected("a key and its value")
		}
	case "JSON_ARRAY", "JSON_ARRAYAGG":
		c.Args = p.jsonElements(c)
	default:
		c.Args = []Expr{p.expr()}
		p.wantOp(",")
		c.Args = append(c.Args, p.expr())
		if !p.atOp(")") {
			c.Args = append(c.Args, p.jsonOptions(c.Func)...)
		}
	}
	return p.endCall(c, start)
}

// jsonOptions takes the options behind json and path.
func (p *parser) jsonOptions(name string) []Expr {
	at := p.where(p.tok())
	returning := Null(at, types.String())
	if name != "JSON_EXISTS" && p.got("RETURNING") {
		returning = Null(at, p.dataType(false))
	}
	wrapper := Text(at, "WITHOUT")
	if name == "JSON_QUERY" {
		wrapper = p.jsonWrapper(at)
	}
	empty, onError := p.jsonBehaviours(name)
	switch name {
	case "JSON_EXISTS":
		return onError[:1]
	case "JSON_QUERY":
		return []Expr{returning, wrapper, empty[0], onError[0]}
	}
	return append(append([]Expr{returning}, empty...), onError...)
}

// jsonWrapper takes WITHOUT [ARRAY] WRAPPER, or WITH [CONDITIONAL |
// UNCONDITIONAL] [ARRAY] WRAPPER.
func (p *parser) jsonWrapper(at diag.Pos) *Literal {
	word := p.gotWord("WITHOUT", "WITH")
	if word == "" {
		return Text(at, "WITHOUT")
	}
	if word == "WITH" {
		if word = p.gotWord("CONDITIONAL", "UNCONDITIONAL"); word == "" {
			word = "UNCONDITIONAL"
		}
	}
	p.got("ARRAY")
	p.want("WRAPPER")
	return Text(at, word)
}

// jsonReactions are what a function may do where there is no value, or on an
// error.
var jsonReactions = map[string][]string{
	"JSON_EXISTS": {"TRUE", "FALSE", "UNKNOWN", "ERROR"},
	"JSON_VALUE":  {"NULL", "ERROR", "DEFAULT"},
	"JSON_QUERY":  {"NULL", "ERROR", "EMPTY ARRAY", "EMPTY OBJECT"},
}

// jsonBehaviours takes reaction ON EMPTY and reaction ON ERROR. Each is a
// literal and the value of DEFAULT.
func (p *parser) jsonBehaviours(name string) (empty, onError []Expr) {
	at := p.where(p.tok())
	none := "NULL"
	if name == "JSON_EXISTS" {
		none = "FALSE"
	}
	noValue := Null(at, types.Of(types.Null))
	empty, onError = []Expr{Text(at, none), noValue}, []Expr{Text(at, none), noValue}
	events := []string{"EMPTY", "ERROR"}
	if name == "JSON_EXISTS" {
		events = events[1:]
	}
	for n := 0; n < len(events) && !p.atOp(")"); n++ {
		reaction := p.jsonReaction(name)
		p.want("ON")
		switch event := p.gotWord(events...); {
		case event == "EMPTY" && n == 0:
			empty = reaction
		case event == "ERROR":
			onError = reaction
			return empty, onError
		default:
			p.unexpected(events...)
		}
	}
	return empty, onError
}

func (p *parser) jsonReaction(name string) []Expr {
	t := p.tok()
	for _, r := range jsonReactions[name] {
		if !p.got(strings.Fields(r)...) {
			continue
		}
		at := p.where(t)
		if r == "DEFAULT" {
			return []Expr{Text(at, r), p.expr()}
		}
		return []Expr{Text(at, r), Null(at, types.Of(types.Null))}
	}
	p.unexpected(append(slices.Clone(jsonReactions[name]), ")")...)
	return nil
}

// jsonOnNull takes NULL ON NULL or ABSENT ON NULL.
func (p *parser) jsonOnNull(otherwise string) *Literal {
	t := p.tok()
	for _, word := range []string{"NULL", "ABSENT"} {
		if p.got(word, "ON", "NULL") {
			return Text(p.where(t), word)
		}
	}
	return Text(p.where(t), otherwise)
}

// jsonMembers takes [KEY] key VALUE value, or key : value, and so on.
func (p *parser) jsonMembers() []Expr {
	const otherwise = "NULL"
	if onNull := p.jsonOnNull(otherwise); p.atOp(")") {
		return []Expr{onNull}
	}
	members := list(p, func() []Expr {
		if p.atWords("KEY") && p.ahead(1).text != ":" && p.ahead(1).upper != "VALUE" {
			p.take()
		}
		key := p.expr()
		if !p.gotOp(":") && !p.got("VALUE") {
			p.unexpected("VALUE")
		}
		return []Expr{key, p.expr()}
	})
	return append([]Expr{p.jsonOnNull(otherwise)}, slices.Concat(members...)...)
}

// jsonElements takes value, value … and the ORDER BY of an aggregate.
func (p *parser) jsonElements(c *Call) []Expr {
	const otherwise = "ABSENT"
	if c.Func == "JSON_ARRAYAGG" {
		value := p.expr()
		c.OrderBy = p.orderBy()
		return []Expr{p.jsonOnNull(otherwise), value}
	}
	if p.atOp(")") {
		return []Expr{p.jsonOnNull(otherwise)}
	}
	values := list(p, p.expr)
	return append([]Expr{p.jsonOnNull(otherwise)}, values...)
}

// json prints the arguments of a JSON call; false for a call that isn't one,
// or doesn't have the arguments that the parser makes.
func (w *printer) json(c *Call) bool {
	if !slices.Contains(jsonCalls, c.Func) {
		return false
	}
	n := map[string]int{"JSON_EXISTS": 3, "JSON_VALUE": 7, "JSON_QUERY": 6}[c.Func]
	switch onNull := jsonWord(c, 0); {
	case n == 0 && onNull == "":
		return false
	case len(c.Args) == 1: // there is nothing that could be NULL
	case strings.HasPrefix(c.Func, "JSON_OBJECT"):
		for i := 1; i+1 < len(c.Args); i += 2 {
			w.add([]string{"", ", "}[min(i-1, 1)], "KEY ")
			w.expr(c.Args[i])
			w.add(" VALUE ")
			w.expr(c.Args[i+1])
		}
		w.add(" ", onNull, " ON NULL")
	case n == 0:
		w.exprs(c.Args[1:])
		w.orderBy(" ", c.OrderBy)
		w.add(" ", onNull, " ON NULL")
	case len(c.Args) != n:
		return false
	default:
		w.jsonOptions(c)
	}
	return true
}

// jsonOptions prints json, path and the options.
func (w *printer) jsonOptions(c *Call) {
	w.exprs(c.Args[:2])
	reaction := func(i int, event string) {
		w.add(" ", jsonWord(c, i))
		if jsonWord(c, i) == "DEFAULT" {
			w.add(" ")
			w.expr(c.Args[i+1])
		}
		w.add(" ON ", event)
	}
	if lit, ok := c.Args[2].(*Literal); ok && c.Func != "JSON_EXISTS" {
		w.add(" RETURNING ", lit.Type.WithNull(true).String())
	}
	switch c.Func {
	case "JSON_EXISTS":
		reaction(2, "ERROR")
	case "JSON_VALUE":
		reaction(3, "EMPTY")
		reaction(5, "ERROR")
	case "JSON_QUERY":
		if wrapper := jsonWord(c, 3); wrapper == "WITHOUT" {
			w.add(" WITHOUT WRAPPER")
		} else {
			w.add(" WITH ", wrapper, " WRAPPER")
		}
		reaction(4, "EMPTY")
		reaction(5, "ERROR")
	}
}

// jsonWord is an option of a call, "" for what is none.
func jsonWord(c *Call, i int) string {
	if i >= len(c.Args) {
		return ""
	}
	lit, _ := c.Args[i].(*Literal)
	if lit == nil {
		return ""
	}
	word, _ := lit.Value.(string)
	return word
}
