package sql

import (
	"slices"
	"strings"

	"pyfc/ir"
	"pyfc/ir/diag"
)

// statementKinds are the statements by first word, but for queries.
var statementKinds map[string]func(p *parser) Stmt

func init() { // not a composite literal: the functions refer to the map
	statementKinds = map[string]func(p *parser) Stmt{
		"CREATE": (*parser).create, "REPLACE": (*parser).create, "DROP": (*parser).drop, "ALTER": (*parser).alter,
		"INSERT": (*parser).insertStmt, "UPSERT": (*parser).insertStmt, "UPDATE": (*parser).update,
		"DELETE": (*parser).deleteStmt, "MERGE": (*parser).merge, "TRUNCATE": (*parser).truncate, "CALL": (*parser).callProcedure,
		"EXECUTE": (*parser).execute, "COMPILE": (*parser).compile, "BEGIN": (*parser).command, "END": (*parser).command,
		"DESCRIBE": (*parser).describe, "DESC": (*parser).describe, "EXPLAIN": (*parser).explain, "ANALYZE": (*parser).analyze,
		"SHOW": (*parser).show, "USE": (*parser).use, "LOAD": (*parser).loadModule, "UNLOAD": (*parser).unloadModule,
		"SET": (*parser).set, "RESET": (*parser).reset, "ADD": (*parser).jar, "REMOVE": (*parser).jar, "STOP": (*parser).stopJob,
		"HELP": (*parser).command, "CLEAR": (*parser).command, "QUIT": (*parser).command, "EXIT": (*parser).command,
	}
}

// statement takes one statement, without a semicolon.
func (p *parser) statement() Stmt {
	p.soft = -1
	p.ends = []string{endOfStatement}
	if p.atOp("(") || p.atQuery() {
		return p.query()
	}
	f := statementKinds[p.tok().upper]
	if f == nil || p.tok().kind != tokIdent {
		p.noStatement()
	}
	return f(p)
}

// noStatement reports a word that begins no statement.
func (p *parser) noStatement() {
	t := p.tok()
	d := p.fault(t.start, t.end, "no statement begins with %s", t.describe())
	words := []string{"SELECT", "VALUES", "WITH", "TABLE"}
	for w := range statementKinds {
		words = append(words, w)
	}
	slices.Sort(words)
	d.DidYouMean(t.upper, words)
	panic(bailout{})
}

// options takes ('key' = 'value', …).
func (p *parser) options() []Option {
	p.wantOp("(")
	if p.gotOp(")") {
		return nil
	}
	out := list(p, func() Option {
		if p.atOp(")") {
			p.unexpected("an option")
		}
		key := p.chained(p.constant("an option's key"), true)
		p.wantOp("=")
		return Option{key, p.chained(p.string("the option's value"), false)}
	})
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
	return out
}

// chained adds the strings that continue s on the following lines. What
// stands before = is a key: of two strings with nothing between them, a comma
// or = is missing.
func (p *parser) chained(s *String, key bool) *String {
	for p.tok().kind == tokString && (p.ahead(1).text == "=") == key {
		before := p.tokens[p.i-1]
		next := p.tok()
		more := p.string("a string")
		if !strings.ContainsAny(p.text[before.end:next.start], "\n\r") {
			p.doubt(diag.SQLSyntax, next.start, next.end, "a string is continued on the same line").
				WithHint("a quote inside a string is written twice")
		}
		s.Value = append(append(ir.Text{}, s.Value...), more.Value...)
	}
	return s
}

// withOptions takes WITH (…) where it is next.
func (p *parser) withOptions() []Option {
	if !p.got("WITH") {
		return nil
	}
	return p.options()
}

// keys takes ('key', …).
func (p *parser) keys() []*String {
	p.wantOp("(")
	if p.gotOp(")") {
		return nil
	}
	out := list(p, func() *String { return p.chained(p.constant("an option's key"), false) })
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
	return out
}

// optionalComment takes COMMENT 'text' where it is next.
func (p *parser) optionalComment() *String {
	if !p.got("COMMENT") {
		return nil
	}
	return p.constant("a comment")
}

// partitionValues takes (column = literal, …); optional says that a column may
// have none.
func (p *parser) partitionValues(optional bool) []Assignment {
	p.wantOp("(")
	out := list(p, func() Assignment {
		a := Assignment{Column: p.name("a column")}
		if optional && !p.atOp("=") {
			return a
		}
		p.wantOp("=")
		a.X = p.literal()
		return a
	})
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
	return out
}

// literal takes a constant.
func (p *parser) literal() Expr {
	t := p.tok()
	x := p.prefix()
	if _, ok := x.(*Literal); !ok && !signed(x) {
		p.fault(t.start, p.tokens[p.i-1].end, "expected a constant")
		panic(bailout{})
	}
	return x
}

// signed reports whether x is a number with a sign before it.
func signed(x Expr) bool {
	c, ok := x.(*Call)
	if !ok || c.Func != OpMinus && c.Func != OpPlus || len(c.Args) != 1 {
		return false
	}
	_, ok = c.Args[0].(*Literal)
	return ok
}

// optionalPartition takes PARTITION (…) where it is next.
func (p *parser) optionalPartition(optional bool) []Assignment {
	if !p.got("PARTITION") {
		return nil
	}
	return p.partitionValues(optional)
}

// set takes SET ['key' = 'value']; key and value may stand without quotes, as
// Flink's own statement of that name allows.
func (p *parser) set() Stmt {
	start := p.take().start
	s := &Set{}
	if p.tok().kind == tokEOF || p.atOp(";") {
		s.At = p.since(start)
		return s
	}
	quoted := p.tok().kind == tokString
	s.Key = p.setting("a key", func(t token) bool { return t.text == "=" || t.text == ";" })
	p.wantOp("=")
	if quoted {
		s.Value = p.string("a value")
	} else {
		s.Value = p.setting("a value", func(t token) bool { return t.text == ";" })
	}
	s.At = p.since(start)
	return s
}

// setting takes a string, or the bare text up to a token that ends it, which
// has no blanks in it.
func (p *parser) setting(what string, end func(token) bool) *String {
	t := p.tok()
	if t.kind == tokString {
		return p.string(what)
	}
	first := p.i
	p.skipTo(end)
	if p.i == first {
		p.unexpected(what)
	}
	last := p.tokens[p.i-1]
	if i := strings.IndexAny(p.text[t.start:last.end], " \t\r\n"); i >= 0 {
		p.fault(t.start, last.end, "%s without quotes has no blanks in it", what).WithHint("put it in quotes: '%s'", p.text[t.start:last.end])
	}
	return &String{At: At{p.pos(t.start, last.end)}, Value: ir.Literal(p.text[t.start:last.end])}
}

// reset takes RESET ['key'].
func (p *parser) reset() Stmt {
	start := p.take().start
	r := &Reset{}
	if p.tok().kind != tokEOF && !p.atOp(";") {
		r.Key = p.setting("a key", func(t token) bool { return t.text == ";" })
	}
	r.At = p.since(start)
	return r
}

// use takes USE [CATALOG] name, or USE MODULES names.
func (p *parser) use() Stmt {
	start := p.take().start
	u := &Use{What: "DATABASE"}
	switch {
	case p.got("CATALOG"):
		u.What = "CATALOG"
		n := p.name("a catalog")
		u.Name = Path{Parts: []Name{n}, Pos: n.Pos}
	case p.got("MODULES"):
		u.What = "MODULES"
		u.Modules = list(p, func() Name { return p.name("a module") })
	default:
		u.Name = p.path("a database")
	}
	u.At = p.since(start)
	return u
}

func (p *parser) loadModule() Stmt {
	start := p.take().start
	p.want("MODULE")
	l := &LoadModule{Name: p.name("a module")}
	l.Options = p.withOptions()
	l.At = p.since(start)
	return l
}

func (p *parser) unloadModule() Stmt {
	start := p.take().start
	p.want("MODULE")
	u := &UnloadModule{Name: p.name("a module")}
	u.At = p.since(start)
	return u
}

// jar takes ADD JAR and REMOVE JAR.
func (p *parser) jar() Stmt {
	t := p.take()
	p.want("JAR")
	j := &Jar{Remove: t.upper == "REMOVE", Path: p.constant("a path")}
	j.At = p.since(t.start)
	return j
}

func (p *parser) stopJob() Stmt {
	start := p.take().start
	p.want("JOB")
	s := &StopJob{ID: p.constant("a job's id")}
	s.Savepoint = p.got("WITH", "SAVEPOINT")
	if t := p.tok(); p.got("WITH", "DRAIN") {
		s.Drain = true
		if !s.Savepoint {
			p.fault(t.start, p.tokens[p.i-1].end, "WITH DRAIN stands behind WITH SAVEPOINT only")
		}
	}
	s.At = p.since(start)
	return s
}

// commands are the statements of the SQL client without parameters.
var commands = map[string]string{
	"BEGIN": "BEGIN STATEMENT SET", "END": "END", "HELP": "HELP", "CLEAR": "CLEAR", "QUIT": "QUIT", "EXIT": "QUIT",
}

func (p *parser) command() Stmt {
	t := p.take()
	c := &Command{Words: commands[t.upper]}
	if words := strings.Fields(c.Words)[1:]; len(words) > 0 {
		p.want(words...)
	}
	c.At = p.since(t.start)
	return c
}
