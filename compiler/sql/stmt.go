package sql

import (
	"strings"

	"pyfc/ir"
	"pyfc/ir/diag"
)

// statementWords begin the statements that are handled, for messages.
var statementWords = []string{"SELECT", "VALUES", "INSERT", "CREATE", "DROP", "SET"}

// statement takes one statement, without a semicolon.
func (p *parser) statement() Stmt {
	p.soft = -1
	p.ends = []string{"the end of the statement"}
	if p.atQuery() && !p.atWords("WITH") {
		return p.query()
	}
	if name := p.plannedName(plannedStatements); name != "" {
		t := p.tok()
		p.planned(t.start, p.ahead(strings.Count(name, " ")).end, name)
		panic(bailout{})
	}
	switch {
	case p.atWords("CREATE"):
		return p.create()
	case p.atWords("DROP"):
		return p.drop()
	case p.atWords("INSERT"):
		return p.insert()
	case p.atWords("SET"):
		return p.set()
	case p.atWords("WITH"):
		p.plannedHere("WITH")
	case p.atWords("USE"), p.atWords("SHOW"):
		p.plannedHere(p.tok().upper)
	}
	p.noStatement()
	return nil
}

// noStatement reports a word that begins no statement.
func (p *parser) noStatement() {
	t := p.tok()
	d := p.fault(t.start, t.end, "no statement begins with %s", t.describe())
	words := statementWords
	for _, s := range plannedStatements {
		words = append(words[:len(words):len(words)], strings.Fields(s)[0])
	}
	if near := diag.Nearest(t.upper, words); near != "" {
		d.WithHint("did you mean %s?", near)
	}
	panic(bailout{})
}

func (p *parser) create() Stmt {
	start := p.take().start
	temporary := p.got("TEMPORARY")
	switch {
	case p.got("TABLE"):
		return p.createTable(start, temporary)
	case p.got("VIEW"):
		return p.createView(start, temporary)
	case p.got("FUNCTION"):
		return p.createFunction(start, temporary, false)
	case temporary && p.got("SYSTEM"):
		p.want("FUNCTION")
		return p.createFunction(start, temporary, true)
	case p.atWords("OR", "REPLACE"):
		p.plannedHere("CREATE OR REPLACE")
	}
	if temporary {
		p.unexpected("TABLE", "VIEW", "FUNCTION", "SYSTEM FUNCTION")
	}
	p.unexpected("TABLE", "VIEW", "FUNCTION", "TEMPORARY", "CATALOG", "DATABASE")
	return nil
}

func (p *parser) createTable(start int, temporary bool) Stmt {
	c := &CreateTable{Temporary: temporary, IfNotExists: p.got("IF", "NOT", "EXISTS")}
	c.Name = p.path("a table name")
	p.ends = []string{"(", "COMMENT", "PARTITIONED BY", "WITH", "the end of the statement"}
	if p.gotOp("(") {
		list(p, func() bool { p.tableElement(c); return true })
		if !p.gotOp(")") {
			p.unexpected(",", ")")
		}
		p.ends = p.ends[1:]
	}
	if p.got("COMMENT") {
		c.Comment = p.constant("a comment")
		p.ends = p.ends[1:]
	}
	if p.atWords("DISTRIBUTED") {
		p.plannedHere("DISTRIBUTED")
	}
	if p.got("PARTITIONED") {
		p.want("BY")
		c.PartitionBy = p.names("a column")
		p.ends = []string{"WITH", "the end of the statement"}
	}
	if w := p.tok(); p.got("WITH") {
		c.Options = p.options()
		c.OptionsWhere = p.where(w)
		p.ends = []string{"the end of the statement"}
	}
	if p.atWords("LIKE") || p.atWords("AS") {
		p.plannedHere("CREATE TABLE " + p.tok().upper)
	}
	c.At = p.since(start)
	return c
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
		key := p.constant("an option's key")
		p.wantOp("=")
		return Option{key, p.string("the option's value")}
	})
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
	return out
}

// tableElement takes a column, a watermark or a constraint into c.
func (p *parser) tableElement(c *CreateTable) {
	start := p.tok().start
	switch {
	case p.got("WATERMARK"):
		p.watermark(c, start)
	case p.atWords("CONSTRAINT"), p.atWords("PRIMARY"), p.atWords("UNIQUE"):
		p.constraint(c, nil, start)
	case p.atWords("PERIOD", "FOR"):
		p.fault(start, p.ahead(1).end, "Flink has no PERIOD FOR SYSTEM_TIME")
		panic(bailout{})
	default:
		p.column(c)
	}
	if t := p.tok(); !p.atOp(",") && !p.atOp(")") && t.kind != tokEOF {
		p.unexpected(",", ")", "NOT NULL", "COMMENT", "METADATA", "PRIMARY KEY")
	}
}

func (p *parser) watermark(c *CreateTable, start int) {
	p.want("FOR")
	w := &Watermark{Column: p.path("a column").Parts}
	p.want("AS")
	w.Expr = p.expr()
	w.At = p.since(start)
	if c.Watermark != nil {
		p.report(diag.SQLSyntax, start, p.tokens[p.i-1].end, "a table has one WATERMARK only").WithNote(c.Watermark.Pos, "the first is here")
		return
	}
	c.Watermark = w
}

// constraint takes [CONSTRAINT name] PRIMARY KEY … NOT ENFORCED, of the table,
// or of the column if it isn't nil.
func (p *parser) constraint(c *CreateTable, column *Name, start int) {
	if p.got("CONSTRAINT") {
		p.name("a constraint's name")
	}
	t := p.tok()
	if p.got("UNIQUE") {
		p.fault(t.start, t.end, "Flink doesn't support UNIQUE constraints")
		panic(bailout{})
	}
	p.want("PRIMARY", "KEY")
	k := &PrimaryKey{}
	if column != nil {
		k.Columns = []Name{*column}
	} else {
		k.Columns = p.names("a column")
	}
	k.At = p.since(start)
	if !p.got("NOT", "ENFORCED") {
		end := p.tokens[p.i-1].end
		if p.got("ENFORCED") {
			end = p.tokens[p.i-1].end
		}
		p.fault(t.start, end, "Flink doesn't enforce a primary key, so the script must say NOT ENFORCED").
			WithHint("write PRIMARY KEY … NOT ENFORCED")
	}
	if c.PrimaryKey != nil {
		p.report(diag.DuplicateName, t.start, p.tokens[p.i-1].end, "a table has one primary key only").
			WithNote(c.PrimaryKey.Pos, "the first is here")
		return
	}
	c.PrimaryKey = k
}

func (p *parser) column(c *CreateTable) {
	start := p.tok().start
	col := &Column{Name: p.name("a column")}
	c.Columns = append(c.Columns, col)
	switch {
	case p.got("AS"):
		col.Kind = Computed
		col.Expr = p.expr()
	default:
		if t := p.tok(); t.kind != tokIdent {
			p.unexpected("a data type", "AS")
		}
		col.Type = p.dataType(true)
		if p.got("METADATA") {
			col.Kind = Metadata
			if p.got("FROM") {
				col.Key = p.constant("a metadata key")
			}
			col.Virtual = p.got("VIRTUAL")
		}
		if p.atWords("PRIMARY") || p.atWords("CONSTRAINT") || p.atWords("UNIQUE") {
			p.constraint(c, &col.Name, p.tok().start)
		}
	}
	if p.got("COMMENT") {
		col.Comment = p.constant("a comment")
	}
	col.At = p.since(start)
}

func (p *parser) createView(start int, temporary bool) Stmt {
	v := &CreateView{Temporary: temporary, IfNotExists: p.got("IF", "NOT", "EXISTS")}
	v.Name = p.path("a view name")
	p.ends = []string{"(", "COMMENT", "AS"}
	if p.atOp("(") {
		v.Columns = p.names("a column")
	}
	if p.got("COMMENT") {
		v.Comment = p.constant("a comment")
	}
	p.want("AS")
	v.Query = p.query()
	v.At = p.since(start)
	return v
}

func (p *parser) createFunction(start int, temporary, system bool) Stmt {
	f := &CreateFunction{Temporary: temporary, System: system, Language: "JAVA"}
	f.IfNotExists = p.got("IF", "NOT", "EXISTS")
	f.Name = p.path("a function name")
	p.want("AS")
	f.Class = p.constant("a class name")
	p.ends = []string{"LANGUAGE", "the end of the statement"}
	if p.got("LANGUAGE") {
		t := p.tok()
		if f.Language = p.gotWord("PYTHON", "JAVA", "SCALA"); f.Language == "" {
			p.unexpected("PYTHON", "JAVA", "SCALA")
		}
		p.ends = []string{"the end of the statement"}
		if f.Language != "PYTHON" {
			p.refuseLanguage(t, f.Language)
		}
	} else {
		p.refuseLanguage(p.tokens[p.i-1], "JAVA")
	}
	if p.atWords("USING") {
		p.plannedHere("USING JAR")
	}
	f.At = p.since(start)
	return f
}

// refuseLanguage reports a function that needs the Java virtual machine.
func (p *parser) refuseLanguage(t token, language string) {
	name := map[string]string{"JAVA": "Java", "SCALA": "Scala"}[language]
	p.report(diag.APIJava, t.start, t.end, "the function is written in %s, which needs the Java virtual machine", name).
		WithHint("a Python function is declared with LANGUAGE PYTHON")
}

func (p *parser) drop() Stmt {
	start := p.take().start
	d := &Drop{Temporary: p.got("TEMPORARY")}
	d.System = d.Temporary && p.got("SYSTEM")
	switch {
	case !d.System && p.got("TABLE"):
		d.Kind = TableObject
	case !d.System && p.got("VIEW"):
		d.Kind = ViewObject
	case p.got("FUNCTION"):
		d.Kind = FunctionObject
	default:
		p.unexpected("TABLE", "VIEW", "FUNCTION")
	}
	d.IfExists = p.got("IF", "EXISTS")
	d.Name = p.path("a name")
	d.At = p.since(start)
	return d
}

func (p *parser) insert() Stmt {
	start := p.take().start
	p.want("INTO")
	s := &Insert{Into: p.path("a table")}
	if p.atWords("PARTITION") {
		p.plannedHere("PARTITION")
	}
	if p.atOp("/*+") {
		p.plannedHere("hint " + p.ahead(1).upper)
	}
	if p.atOp("(") && !p.atQuery() {
		s.Columns = p.names("a column")
	}
	s.Query = p.query()
	s.At = p.since(start)
	return s
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
	s.Key = p.setting("a key", func(t token) bool { return t.text == "=" || t.text == ";" })
	p.wantOp("=")
	s.Value = p.setting("a value", func(t token) bool { return t.text == ";" })
	s.At = p.since(start)
	return s
}

// setting takes a string, or the bare text up to a token that ends it.
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
	return &String{At: At{p.pos(t.start, last.end)}, Value: ir.Literal(p.text[t.start:last.end])}
}
