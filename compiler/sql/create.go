package sql

import (
	"slices"

	"pyfc/ir/diag"
)

// create takes CREATE [OR REPLACE] [TEMPORARY] …, and REPLACE TABLE.
func (p *parser) create() Stmt {
	first := p.take()
	start := first.start
	if first.upper == "REPLACE" {
		p.want("TABLE")
		c := p.createTable(start, false, false).(*CreateTable)
		c.ReplaceOnly = true
		if c.Query == nil {
			p.unexpected("WITH", "AS")
		}
		return c
	}
	replace := p.got("OR", "REPLACE")
	t := p.tok()
	temporary := p.got("TEMPORARY")
	switch {
	case p.got("TABLE"):
		return p.createTable(start, replace, temporary)
	case p.got("VIEW"):
		return p.createView(start, replace, temporary)
	case p.got("FUNCTION"):
		return p.createFunction(start, replace, temporary, false)
	case temporary && p.got("SYSTEM"):
		p.want("FUNCTION")
		return p.createFunction(start, replace, temporary, true)
	case p.got("DATABASE"):
		return p.createDatabase(start, replace, temporary)
	case p.got("MODEL"):
		return p.createModel(start, replace, temporary)
	case !temporary && p.got("CATALOG"):
		return p.createCatalog(start, replace)
	case p.got("MATERIALIZED"):
		p.want("TABLE")
		if temporary || replace {
			p.fault(t.start, t.end, "a materialized table is neither temporary nor replaced")
			panic(bailout{})
		}
		return p.createMaterialized(start)
	}
	if temporary {
		p.unexpected("TABLE", "VIEW", "FUNCTION", "SYSTEM FUNCTION")
	}
	p.unexpected("TABLE", "VIEW", "FUNCTION", "TEMPORARY", "CATALOG", "DATABASE")
	return nil
}

func (p *parser) createTable(start int, replace, temporary bool) Stmt {
	c := &CreateTable{Replace: replace, Temporary: temporary, IfNotExists: p.got("IF", "NOT", "EXISTS")}
	c.Name = p.path("a table name")
	ends := []string{"COMMENT", "PARTITIONED BY", "WITH", "LIKE", "AS", endOfStatement}
	p.ends = append([]string{"("}, ends...)
	if p.gotOp("(") {
		list(p, func() bool { p.tableElement(c); return true })
		if !p.gotOp(")") {
			p.unexpected(",", ")")
		}
		p.ends = ends // the columns have left theirs behind
	}
	if c.Comment = p.optionalComment(); c.Comment != nil {
		p.ends = ends[1:]
	}
	if p.got("DISTRIBUTED") {
		c.DistributeBy = p.distribution()
	}
	if p.got("PARTITIONED") {
		p.want("BY")
		c.PartitionBy = p.names("a column")
		p.ends = []string{"WITH", "LIKE", "AS", endOfStatement}
	}
	if w := p.tok(); p.got("WITH") {
		c.Options = p.options()
		c.OptionsWhere = p.where(w)
		p.ends = []string{"LIKE", "AS", endOfStatement}
	}
	p.tableSource(c)
	c.At = p.since(start)
	return c
}

// tableSource takes LIKE table (…), or AS query.
func (p *parser) tableSource(c *CreateTable) {
	switch w := p.tok(); {
	case p.got("LIKE"):
		c.Like = p.tableLike(w)
		p.ends = []string{endOfStatement}
	case p.got("AS"):
		c.QueryWord = p.where(w)
		c.Query = p.query()
	}
}

// distribution takes what follows DISTRIBUTED or DISTRIBUTION.
func (p *parser) distribution() *Distribution {
	start := p.tok().start
	d := &Distribution{}
	if p.got("BY") {
		d.Kind = p.gotWord("HASH", "RANGE")
		d.Columns = p.names("a column")
	} else if !p.atWords("INTO") {
		p.unexpected("BY", "INTO")
	}
	if p.got("INTO") {
		d.Buckets, d.Counted = p.wholeNumber(), true
		p.want("BUCKETS")
	}
	d.At = p.since(start)
	return d
}

// likeStrategies and likeParts are the words of LIKE's options.
var (
	likeStrategies = []string{"INCLUDING", "EXCLUDING", "OVERWRITING"}
	likeParts      = []string{
		"ALL", "CONSTRAINTS", "DISTRIBUTION", "GENERATED", "METADATA", "OPTIONS", "PARTITIONS", "WATERMARKS",
	}
)

func (p *parser) tableLike(w token) *TableLike {
	l := &TableLike{Table: p.path("a table")}
	if p.gotOp("(") {
		for len(l.Options) == 0 || !p.gotOp(")") {
			o := LikeOption{Strategy: p.gotWord(likeStrategies...)}
			if o.Strategy == "" {
				p.unexpected(append(slices.Clone(likeStrategies), ")")...)
			}
			if o.Part = p.gotWord(likeParts...); o.Part == "" {
				p.unexpected(likeParts...)
			}
			l.Options = append(l.Options, o)
		}
	}
	l.At = p.since(w.start)
	return l
}

// tableElement takes a column, a watermark or a constraint into c.
func (p *parser) tableElement(c *CreateTable) {
	p.schemaElement(&c.Schema, false)
	if t := p.tok(); !p.atOp(",") && !p.atOp(")") && t.kind != tokEOF {
		p.unexpected(",", ")", "NOT NULL", "COMMENT", "METADATA", "PRIMARY KEY")
	}
}

// schemaElement takes a column, a watermark or a constraint into the schema.
// altered says that it belongs to ALTER TABLE, where columns have places.
func (p *parser) schemaElement(to *Schema, altered bool) {
	start := p.tok().start
	var s Schema // what is broken off half-way isn't taken over
	switch {
	case p.got("WATERMARK"):
		s.Watermark = p.watermark(start)
	case p.atWords("CONSTRAINT"), p.atWords("PRIMARY"), p.atWords("UNIQUE"):
		p.constraint(&s, nil, start)
	default:
		p.column(&s, altered)
	}
	to.Columns = append(to.Columns, s.Columns...)
	to.Unique = append(to.Unique, s.Unique...)
	if s.Watermark != nil {
		if to.Watermark != nil {
			p.second("WATERMARK", s.Watermark.Pos, to.Watermark.Pos)
		}
		to.Watermark = s.Watermark
	}
	if s.PrimaryKey != nil {
		p.oneKey(&to.PrimaryKey, s.PrimaryKey)
	}
}

func (p *parser) watermark(start int) *Watermark {
	p.want("FOR")
	w := &Watermark{Column: p.path("a column").Parts}
	p.want("AS")
	w.Expr = p.plainExpr()
	w.At = p.since(start)
	return w
}

// constraint takes [CONSTRAINT name] PRIMARY KEY … NOT ENFORCED, of the table,
// or of the column if it isn't nil.
func (p *parser) constraint(s *Schema, column *Name, start int) {
	k := &PrimaryKey{Enforced: true}
	if p.got("CONSTRAINT") {
		k.Name = p.name("a constraint's name")
	}
	unique := p.got("UNIQUE")
	if !unique {
		p.want("PRIMARY", "KEY")
	}
	if column != nil {
		k.Columns, k.OfColumn = []Name{*column}, !unique
	} else {
		k.Columns = p.names("a column")
	}
	if p.got("NOT", "ENFORCED") {
		k.Enforced = false
	} else {
		p.got("ENFORCED")
	}
	k.At = p.since(start)
	if unique {
		s.Unique = append(s.Unique, k)
	} else {
		s.PrimaryKey = k
	}
}

func (p *parser) column(s *Schema, altered bool) {
	start := p.tok().start
	col := &Column{Name: p.name("a column")}
	s.Columns = append(s.Columns, col)
	if dot := p.tok(); p.atOp(".") {
		if !altered {
			p.doubt(diag.SQLSyntax, dot.start, dot.end, "a column's name has one part; fields belong to ROW<…>")
		}
		col.Path = []Name{col.Name}
		for p.gotOp(".") {
			col.Path = append(col.Path, p.name("a field"))
		}
	}
	switch {
	case p.got("AS"):
		col.Kind = Computed
		col.Expr = p.plainExpr()
	default:
		if t := p.tok(); t.kind != tokIdent && t.kind != tokQuoted {
			p.unexpected("a data type", "AS")
		}
		col.Type = p.dataType(true)
		if p.got("METADATA") {
			col.Kind = Metadata
			if p.got("FROM") {
				col.Key = p.constant("a metadata key")
			}
			col.Virtual = p.got("VIRTUAL")
		} else if p.atWords("PRIMARY") || p.atWords("CONSTRAINT") || p.atWords("UNIQUE") {
			p.constraint(s, &col.Name, p.tok().start)
		}
	}
	col.Comment = p.optionalComment()
	if altered {
		if p.got("AFTER") {
			col.After = p.path("a column").Parts
		} else {
			col.First = p.got("FIRST")
		}
	}
	col.At = p.since(start)
}

func (p *parser) createMaterialized(start int) Stmt {
	m := &CreateMaterializedTable{Name: p.path("a table name")}
	if p.gotOp("(") {
		s := &Schema{}
		if !p.atWords("CONSTRAINT") && !p.atWords("PRIMARY") && !p.atWords("UNIQUE") {
			p.unexpected("CONSTRAINT", "PRIMARY KEY")
		}
		p.constraint(s, nil, p.tok().start)
		m.PrimaryKey = s.PrimaryKey
		p.wantOp(")")
	}
	m.Comment = p.optionalComment()
	if p.got("PARTITIONED") {
		p.want("BY")
		m.PartitionBy = p.names("a column")
	}
	m.Options = p.withOptions()
	if !p.got("FRESHNESS") {
		p.unexpected("WITH", "FRESHNESS")
	}
	m.Freshness = p.freshness()
	if p.got("REFRESH_MODE") {
		m.RefreshMode = p.refreshMode()
	}
	p.want("AS")
	m.Query = p.query()
	m.At = p.since(start)
	return m
}

// freshness takes = INTERVAL '…' unit.
func (p *parser) freshness() *Literal {
	p.wantOp("=")
	t := p.tok()
	if !p.atWords("INTERVAL") {
		p.unexpected("INTERVAL")
	}
	x, ok := p.interval().(*Literal)
	if !ok {
		p.fault(t.start, p.tokens[p.i-1].end, "FRESHNESS is an interval literal").WithHint("write INTERVAL '3' MINUTE")
		panic(bailout{})
	}
	return x
}

// refreshMode takes = FULL or CONTINUOUS.
func (p *parser) refreshMode() string {
	p.wantOp("=")
	mode := p.gotWord("FULL", "CONTINUOUS")
	if mode == "" {
		p.unexpected("FULL", "CONTINUOUS")
	}
	return mode
}

func (p *parser) createView(start int, replace, temporary bool) Stmt {
	v := &CreateView{Replace: replace, Temporary: temporary, IfNotExists: p.got("IF", "NOT", "EXISTS")}
	v.Name = p.path("a view name")
	p.ends = []string{"(", "COMMENT", "AS"}
	if p.atOp("(") {
		v.Columns = p.names("a column")
	}
	v.Comment = p.optionalComment()
	p.want("AS")
	v.Query = p.query()
	v.At = p.since(start)
	return v
}

func (p *parser) createFunction(start int, replace, temporary, system bool) Stmt {
	f := &CreateFunction{Replace: replace, Temporary: temporary, System: system, Language: "JAVA"}
	f.IfNotExists = p.got("IF", "NOT", "EXISTS")
	if system {
		n := p.name("a function name")
		f.Name = Path{Parts: []Name{n}, Pos: n.Pos}
	} else {
		f.Name = p.path("a function name")
	}
	p.want("AS")
	f.Class = p.constant("a class name")
	f.LanguageWhere = f.Class.Pos
	p.ends = []string{"LANGUAGE", "USING JAR", endOfStatement}
	if p.got("LANGUAGE") {
		t := p.tok()
		f.Language = p.language()
		f.LanguageWhere = p.where(t)
		p.ends = p.ends[1:]
	}
	if u := p.tok(); p.got("USING") {
		f.Jars = list(p, func() *String { p.want("JAR"); return p.constant("a path") })
		p.ends = []string{",", endOfStatement}
		if f.Language == "PYTHON" || f.Language == "SQL" {
			p.fault(u.start, p.tokens[p.i-1].end, "USING JAR doesn't go with LANGUAGE %s", f.Language)
		}
	}
	f.At = p.since(start)
	return f
}

// language takes the word behind LANGUAGE.
func (p *parser) language() string {
	languages := []string{"PYTHON", "JAVA", "SCALA", "SQL"}
	l := p.gotWord(languages...)
	if l == "" {
		p.unexpected(languages...)
	}
	return l
}

func (p *parser) createCatalog(start int, replace bool) Stmt {
	c := &CreateCatalog{Replace: replace, IfNotExists: p.got("IF", "NOT", "EXISTS")}
	n := p.name("a catalog name")
	c.Name = Path{Parts: []Name{n}, Pos: n.Pos}
	p.ends = []string{"COMMENT", "WITH", endOfStatement}
	c.Comment = p.optionalComment()
	c.Options = p.withOptions()
	c.At = p.since(start)
	return c
}

func (p *parser) createDatabase(start int, replace, temporary bool) Stmt {
	c := &CreateDatabase{Replace: replace, Temporary: temporary, IfNotExists: p.got("IF", "NOT", "EXISTS")}
	c.Name = p.path("a database name")
	p.ends = []string{"COMMENT", "WITH", endOfStatement}
	c.Comment = p.optionalComment()
	c.Options = p.withOptions()
	c.At = p.since(start)
	return c
}

func (p *parser) createModel(start int, replace, temporary bool) Stmt {
	m := &CreateModel{Replace: replace, Temporary: temporary, IfNotExists: p.got("IF", "NOT", "EXISTS")}
	m.Name = p.path("a model name")
	p.ends = []string{"INPUT", "OUTPUT", "COMMENT", "WITH", "AS", endOfStatement}
	columns := func() []*Column {
		s := &Schema{}
		p.wantOp("(")
		list(p, func() bool { p.column(s, false); return true })
		p.wantOp(")")
		return s.Columns
	}
	if p.got("INPUT") {
		m.Input = columns()
	}
	if p.got("OUTPUT") {
		m.Output = columns()
	}
	m.Comment = p.optionalComment()
	m.Options = p.withOptions()
	if p.got("AS") {
		m.Query = p.query()
	}
	m.At = p.since(start)
	return m
}

func (p *parser) drop() Stmt {
	start := p.take().start
	t := p.tok()
	d := &Drop{Temporary: p.got("TEMPORARY")}
	d.System = p.got("SYSTEM")
	switch {
	case p.got("FUNCTION"):
		d.Kind = FunctionObject
	case d.System:
		p.unexpected("FUNCTION")
	case p.got("TABLE"):
		d.Kind = TableObject
	case p.got("VIEW"):
		d.Kind = ViewObject
	case p.got("CATALOG"):
		d.Kind = CatalogObject
	case p.got("DATABASE"):
		d.Kind = DatabaseObject
	case p.got("MODEL"):
		d.Kind = ModelObject
	case p.got("MATERIALIZED"):
		p.want("TABLE")
		d.Kind = MaterializedTableObject
		if d.Temporary {
			p.fault(t.start, t.end, "a materialized table is never temporary")
			panic(bailout{})
		}
	default:
		p.unexpected("TABLE", "VIEW", "FUNCTION", "CATALOG", "DATABASE")
	}
	d.IfExists = p.got("IF", "EXISTS")
	d.Name = p.path("a name")
	if d.Kind == DatabaseObject {
		d.Behavior = p.gotWord("CASCADE", "RESTRICT")
	}
	d.At = p.since(start)
	return d
}
