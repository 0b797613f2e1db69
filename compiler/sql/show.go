package sql

import (
	"slices"
	"strings"
)

// describe takes DESCRIBE or DESC of a table, catalog, database, model or job.
func (p *parser) describe() Stmt {
	start := p.take().start
	d := &Describe{What: "TABLE"}
	for _, what := range []string{"CATALOG", "DATABASE", "MODEL"} {
		if d.What == "TABLE" && p.got(what) {
			d.What = what
		}
	}
	if d.What == "TABLE" && p.got("JOB") {
		d.What, d.Job = "JOB", p.constant("a job's id")
		d.At = p.since(start)
		return d
	}
	if d.What == "TABLE" && (p.atWords("TABLE") || p.atWords("STATEMENT") || p.atQuery() || p.atOp("(") || p.atWords("INSERT")) {
		return p.describeOther(start)
	}
	d.Extended = p.got("EXTENDED")
	d.Name = p.path("a table")
	d.At = p.since(start)
	return d
}

// describeOther takes the forms that Calcite's grammar adds: DESCRIBE TABLE t,
// and DESCRIBE of a query, which explains it.
func (p *parser) describeOther(start int) Stmt {
	if p.atWords("TABLE") {
		p.i++
		d := &Describe{What: "TABLE", Name: p.path("a table")}
		d.At = p.since(start)
		return d
	}
	p.got("STATEMENT")
	e := &Explain{Stmt: p.queryOrInsert()}
	e.At = p.since(start)
	return e
}

// explainDetails are the details of EXPLAIN.
var explainDetails = []string{"ESTIMATED_COST", "CHANGELOG_MODE", "JSON_EXECUTION_PLAN", "PLAN_ADVICE"}

// explain takes EXPLAIN [PLAN FOR | details] statement.
func (p *parser) explain() Stmt {
	start := p.take().start
	e := &Explain{}
	if p.got("PLAN") {
		p.want("FOR")
		e.PlanFor = true
	} else if slices.Contains(explainDetails, p.tok().upper) {
		e.Details = list(p, p.explainDetail)
		for i, d := range e.Details {
			if slices.Contains(e.Details[:i], d) {
				t := p.tokens[p.i-1]
				p.fault(t.start, t.end, "a detail of EXPLAIN is named once")
			}
		}
	}
	if p.atWords("STATEMENT", "SET") {
		e.Stmt = p.statementSet()
	} else {
		e.Stmt = p.queryOrInsert()
	}
	e.At = p.since(start)
	return e
}

func (p *parser) explainDetail() string {
	d := p.gotWord(explainDetails...)
	if d == "" {
		p.unexpected(explainDetails...)
	}
	return d
}

// analyze takes ANALYZE TABLE t [PARTITION (…)] COMPUTE STATISTICS [FOR …].
func (p *parser) analyze() Stmt {
	start := p.take().start
	p.want("TABLE")
	a := &Analyze{Table: p.path("a table")}
	a.Partition = p.optionalPartition(true)
	p.want("COMPUTE", "STATISTICS")
	p.ends = []string{"FOR COLUMNS", "FOR ALL COLUMNS", endOfStatement}
	if p.got("FOR") {
		p.ends = []string{endOfStatement}
		if a.AllColumns = p.got("ALL"); a.AllColumns {
			p.want("COLUMNS")
		} else {
			p.want("COLUMNS")
			a.Columns = list(p, func() Name { return p.name("a column") })
		}
	}
	a.At = p.since(start)
	return a
}

// A showForm says what may follow the words of a SHOW.
type showForm struct {
	named     bool // the name of an object
	in        bool // FROM or IN a database
	must      bool // the FROM or IN has to be there, before a table
	like      bool // [NOT] LIKE 'pattern'
	ilike     bool // [NOT] ILIKE, too
	simple    bool // the database is one name
	partition bool // PARTITION (…)
}

// shows are the forms of SHOW by their words.
var shows = map[string]showForm{
	"CATALOGS":         {},
	"CURRENT CATALOG":  {},
	"CURRENT DATABASE": {},
	"DATABASES":        {in: true, like: true, ilike: true, simple: true},
	"TABLES":           {in: true, like: true},
	"VIEWS":            {},
	"COLUMNS":          {in: true, must: true, like: true},
	"PARTITIONS":       {named: true, partition: true},
	"PROCEDURES":       {in: true, like: true, ilike: true},
	"FUNCTIONS":        {in: true, like: true, ilike: true},
	"USER FUNCTIONS":   {in: true, like: true, ilike: true},
	"MODULES":          {},
	"FULL MODULES":     {},
	"MODELS":           {in: true, like: true},
	"JARS":             {},
	"JOBS":             {},
	"CREATE TABLE":     {named: true},
	"CREATE VIEW":      {named: true},
	"CREATE CATALOG":   {named: true},
	"CREATE MODEL":     {named: true},
}

// show takes SHOW.
func (p *parser) show() Stmt {
	start := p.take().start
	s := &Show{What: p.tok().upper}
	if _, ok := shows[s.What]; !ok {
		s.What += " " + p.ahead(1).upper
		if _, ok := shows[s.What]; !ok {
			p.noShow()
		}
		p.i++
	}
	p.i++
	form := shows[s.What]
	if form.named {
		s.Name = p.path("a name")
	}
	p.ends = []string{endOfStatement}
	if form.in {
		p.showIn(s, form)
	}
	if form.like {
		p.showLike(s, form)
	}
	if form.partition {
		s.Partition = p.optionalPartition(false)
	}
	s.At = p.since(start)
	return s
}

// noShow reports words that SHOW doesn't know.
func (p *parser) noShow() {
	first := p.tok().upper
	var next, whole []string
	for words := range shows {
		w := strings.Fields(words)
		if w[0] == first {
			next = append(next, w[1])
		}
		whole = append(whole, w[0])
	}
	slices.Sort(next)
	slices.Sort(whole)
	if next != nil {
		p.i++
		p.unexpected(next...)
	}
	p.unexpected(slices.Compact(whole)...)
}

// showIn takes FROM or IN.
func (p *parser) showIn(s *Show, form showForm) {
	word := p.gotWord("FROM", "IN")
	switch {
	case word != "":
	case form.must:
		p.unexpected("FROM", "IN")
	default:
		return
	}
	s.Word = word
	if form.must {
		s.Name = p.path("a table")
		return
	}
	t := p.tok()
	s.In = p.path("a database")
	if form.simple && len(s.In.Parts) > 1 {
		p.fault(t.start, p.tokens[p.i-1].end, "a catalog's name has one part")
	}
}

// showLike takes [NOT] LIKE 'pattern'.
func (p *parser) showLike(s *Show, form showForm) {
	words := []string{"LIKE", "ILIKE"}
	if !form.ilike {
		words = words[:1]
	}
	s.Not = p.got("NOT")
	if s.Like = p.gotWord(words...); s.Like == "" {
		if s.Not {
			p.unexpected(words...)
		}
		return
	}
	s.Pattern = p.constant("a pattern")
}
