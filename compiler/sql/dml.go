package sql

func (p *parser) insertStmt() Stmt { return p.insert() }

// insert takes INSERT INTO or OVERWRITE, and UPSERT INTO.
func (p *parser) insert() *Insert {
	first := p.take()
	s := &Insert{Upsert: first.upper == "UPSERT"}
	if s.Overwrite = !s.Upsert && p.got("OVERWRITE"); !s.Overwrite {
		p.want("INTO")
	}
	s.Into = p.path("a table")
	if p.atOp("/*+") {
		s.Hints = p.hints()
	}
	if w := p.tok(); p.atWords("PARTITION") {
		s.Partition = p.optionalPartition(false)
		s.PartitionWord = p.where(w)
	}
	if p.atOp("(") && !p.atBracketedQuery() {
		p.insertColumns(s)
	}
	s.Query = p.query()
	s.At = p.since(first.start)
	return s
}

// insertColumns takes (column, …), where a column may be a path.
func (p *parser) insertColumns(s *Insert) {
	p.wantOp("(")
	paths := list(p, func() Path { return p.path("a column") })
	nested := false
	for _, path := range paths {
		s.Columns = append(s.Columns, path.Parts[len(path.Parts)-1])
		nested = nested || len(path.Parts) > 1
	}
	if nested {
		s.Nested = paths
	}
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
}

// execute takes EXECUTE STATEMENT SET, EXECUTE PLAN, or EXECUTE of a query or
// insertion.
func (p *parser) execute() Stmt {
	start := p.take().start
	switch {
	case p.atWords("STATEMENT", "SET"):
		s := p.statementSet()
		s.Bare = false
		s.At = p.since(start)
		return s
	case p.atWords("PLAN") && p.ahead(1).kind == tokString:
		p.i++
		e := &ExecutePlan{File: p.constant("a file")}
		e.At = p.since(start)
		return e
	}
	e := &Execute{Stmt: p.queryOrInsert()}
	e.At = p.since(start)
	return e
}

// queryOrInsert takes what EXECUTE and EXPLAIN take.
func (p *parser) queryOrInsert() Stmt {
	switch {
	case p.atOp("("), p.atQuery():
		return p.query()
	case p.atWords("INSERT"), p.atWords("UPSERT"):
		return p.insert()
	}
	p.unexpected("SELECT", "INSERT", "STATEMENT SET")
	return nil
}

// statementSet takes STATEMENT SET BEGIN insertions END.
func (p *parser) statementSet() *StatementSet {
	start := p.tok().start
	p.want("STATEMENT", "SET", "BEGIN")
	s := &StatementSet{Bare: true}
	for len(s.Inserts) == 0 || !p.atWords("END") {
		before := p.faults
		var insert *Insert
		ok := p.recovering(func() {
			if !p.atWords("INSERT") && !p.atWords("UPSERT") {
				p.unexpected("INSERT", "END")
			}
			insert = p.insert()
			if !p.atOp(";") {
				p.unexpected(";")
			}
		})
		if !ok || p.faults > before {
			p.skipTo(func(t token) bool { return t.kind == tokOp && t.text == ";" })
			if p.tok().kind == tokEOF {
				panic(bailout{})
			}
		}
		p.wantOp(";")
		s.Inserts = append(s.Inserts, insert)
	}
	p.want("END")
	p.ends = []string{endOfStatement}
	s.At = p.since(start)
	return s
}

// compile takes COMPILE [AND EXECUTE] PLAN 'file' FOR ….
func (p *parser) compile() Stmt {
	start := p.take().start
	c := &CompilePlan{Execute: p.got("AND", "EXECUTE")}
	p.want("PLAN")
	c.File = p.constant("a file")
	if !c.Execute {
		c.IfNotExists = p.got("IF", "NOT", "EXISTS")
	}
	p.want("FOR")
	switch {
	case p.atWords("STATEMENT"):
		c.Stmt = p.statementSet()
	case p.atWords("INSERT"), p.atWords("UPSERT"):
		c.Stmt = p.insert()
	default:
		p.unexpected("INSERT", "STATEMENT SET")
	}
	c.At = p.since(start)
	return c
}

// target takes a table to change, with hints and an alias.
func (p *parser) target(stop string) (table Path, hints []*Hint, alias Name) {
	table = p.path("a table")
	if p.atOp("/*+") {
		hints = p.hints()
	}
	if p.got("AS") || p.atName() && p.tok().upper != stop {
		alias = p.name("a name")
	}
	return table, hints, alias
}

func (p *parser) update() Stmt {
	start := p.take().start
	u := &Update{}
	u.Table, u.Hints, u.Alias = p.target("SET")
	p.want("SET")
	u.Set = list(p, func() Assignment {
		a := Assignment{Column: p.name("a column")}
		p.wantOp("=")
		a.X = p.expr()
		return a
	})
	u.Cond = p.optionalWhere(",")
	u.At = p.since(start)
	return u
}

// optionalWhere takes the condition that ends a statement; without one, others
// might have followed, too.
func (p *parser) optionalWhere(others ...string) Expr {
	if p.got("WHERE") {
		cond := p.expr()
		p.ends = []string{endOfStatement}
		return cond
	}
	p.ends = append(others, "WHERE", endOfStatement)
	return nil
}

func (p *parser) deleteStmt() Stmt {
	start := p.take().start
	p.want("FROM")
	d := &Delete{}
	d.Table, d.Hints, d.Alias = p.target("WHERE")
	d.Cond = p.optionalWhere()
	d.At = p.since(start)
	return d
}

// merge takes MERGE INTO … USING … ON … WHEN ….
func (p *parser) merge() Stmt {
	start := p.take().start
	p.want("INTO")
	m := &Merge{}
	m.Table, m.Hints, m.Alias = p.target("USING")
	p.want("USING")
	m.Using = p.tableRef()
	p.want("ON")
	m.On = p.expr()
	if !p.atWords("WHEN") {
		p.unexpected("WHEN MATCHED", "WHEN NOT MATCHED")
	}
	if p.got("WHEN", "MATCHED") {
		p.want("THEN", "UPDATE", "SET")
		list(p, func() bool {
			m.SetPath = append(m.SetPath, p.path("a column"))
			p.wantOp("=")
			m.Set = append(m.Set, Assignment{X: p.expr()})
			return true
		})
	}
	if p.got("WHEN") {
		p.want("NOT", "MATCHED", "THEN", "INSERT")
		if p.atOp("(") && p.ahead(1).upper != "VALUES" {
			m.Columns = p.names("a column")
		}
		bracketed := p.gotOp("(")
		p.want("VALUES")
		m.Values = p.valuesRow()
		if bracketed {
			p.wantOp(")")
		}
	}
	m.At = p.since(start)
	return m
}

func (p *parser) truncate() Stmt {
	start := p.take().start
	p.want("TABLE")
	t := &Truncate{Table: p.path("a table")}
	t.At = p.since(start)
	return t
}

func (p *parser) callProcedure() Stmt {
	start := p.take().start
	c := &CallProcedure{Call: p.routineCall()}
	c.At = p.since(start)
	return c
}
