package sql

import (
	"strconv"

	"pyfc/ir/diag"
)

// second reports a part that a table may have once only.
func (p *parser) second(what string, pos, first diag.Pos) {
	p.faults++
	p.diags.Errorf(diag.SQLSyntax, pos, "a table has one %s only", what).WithNote(first, "the first is here")
}

// oneKey sets the primary key, of which there may be one.
func (p *parser) oneKey(to **PrimaryKey, k *PrimaryKey) {
	if *to != nil {
		p.doubts++
		p.diags.Errorf(diag.DuplicateName, k.Pos, "a table has one primary key only").WithNote((*to).Pos, "the first is here")
		return
	}
	*to = k
}

// wholeNumber takes a number without sign, point and exponent.
func (p *parser) wholeNumber() int {
	t := p.tok()
	n, err := strconv.Atoi(t.text)
	if t.kind != tokNumber || err != nil {
		p.unexpected("a whole number")
	}
	p.i++
	return n
}

// noColumn reports the word COLUMN of other dialects before a column.
func (p *parser) noColumn() {
	if t := p.tok(); p.atWords("COLUMN") {
		p.fault(t.start, t.end, "Flink names the column alone, without COLUMN").WithHint("drop the word")
		panic(bailout{})
	}
}

// alter takes ALTER.
func (p *parser) alter() Stmt {
	start := p.take().start
	a := &Alter{}
	switch {
	case p.got("TABLE"):
		a.Kind = TableObject
	case p.got("VIEW"):
		a.Kind = ViewObject
	case p.got("CATALOG"):
		a.Kind = CatalogObject
	case p.got("DATABASE"):
		a.Kind = DatabaseObject
	case p.got("MODEL"):
		a.Kind = ModelObject
	case p.got("MATERIALIZED"):
		p.want("TABLE")
		a.Kind = MaterializedTableObject
	case p.atWords("SYSTEM"), p.atWords("SESSION"):
		return p.alterScope(start)
	case p.atWords("FUNCTION"), p.atWords("TEMPORARY"):
		return p.alterFunction(start)
	default:
		p.unexpected("TABLE", "VIEW", "CATALOG", "DATABASE", "FUNCTION", "MATERIALIZED TABLE")
	}
	if a.Kind == TableObject || a.Kind == ModelObject {
		a.IfExists = p.got("IF", "EXISTS")
	}
	if a.Kind == CatalogObject {
		n := p.name("a catalog")
		a.Name = Path{Parts: []Name{n}, Pos: n.Pos}
	} else {
		a.Name = p.path("a name")
	}
	p.ends = []string{endOfStatement}
	a.Action = p.action(a.Kind)
	a.At = p.since(start)
	return a
}

// actions are the actions of each kind of object, by first word.
var actions map[ObjectKind]map[string]func(p *parser) Action

func init() { // not a composite literal: the functions refer to the map
	actions = map[ObjectKind]map[string]func(p *parser) Action{
		TableObject: {
			"RENAME": (*parser).renaming, "SET": (*parser).setOptions, "RESET": (*parser).resetOptions,
			"ADD": (*parser).add, "MODIFY": (*parser).modify, "DROP": (*parser).dropAction,
			"PARTITION": (*parser).compact, "COMPACT": (*parser).compact,
		},
		ViewObject:     {"RENAME": (*parser).renameTo, "AS": (*parser).asQuery},
		CatalogObject:  {"SET": (*parser).setOptions, "RESET": (*parser).resetOptions, "COMMENT": (*parser).setComment},
		DatabaseObject: {"SET": (*parser).setOptions},
		ModelObject:    {"RENAME": (*parser).renameTo, "SET": (*parser).setOptions},
		MaterializedTableObject: {
			"SUSPEND": (*parser).refreshing, "RESUME": (*parser).refreshing, "REFRESH": (*parser).refreshing,
			"SET": (*parser).setRefreshing, "RESET": (*parser).resetOptions,
		},
	}
}

func (p *parser) action(kind ObjectKind) Action {
	f := actions[kind][p.tok().upper]
	if f == nil || p.tok().kind != tokIdent {
		var words []string
		for _, w := range []string{"RENAME", "SET", "RESET", "ADD", "MODIFY", "DROP", "AS", "COMMENT", "SUSPEND", "RESUME", "REFRESH"} {
			if actions[kind][w] != nil {
				words = append(words, w)
			}
		}
		p.unexpected(words...)
	}
	return f(p)
}

func (p *parser) renameTo() Action {
	start := p.take().start
	p.want("TO")
	r := &RenameTo{Name: p.path("a name")}
	r.At = p.since(start)
	return r
}

// renaming takes RENAME TO table, or RENAME column TO name.
func (p *parser) renaming() Action {
	if p.ahead(1).upper == "TO" {
		return p.renameTo()
	}
	start := p.take().start
	p.noColumn()
	r := &RenameColumn{Column: p.path("a column").Parts}
	p.want("TO")
	r.Name = p.name("a name")
	r.At = p.since(start)
	return r
}

func (p *parser) setOptions() Action {
	start := p.take().start
	s := &SetOptions{Options: p.options()}
	s.At = p.since(start)
	return s
}

func (p *parser) resetOptions() Action {
	start := p.take().start
	r := &ResetOptions{Keys: p.keys()}
	r.At = p.since(start)
	return r
}

func (p *parser) setComment() Action {
	start := p.tok().start
	c := &SetComment{Comment: p.optionalComment()}
	c.At = p.since(start)
	return c
}

func (p *parser) asQuery() Action {
	start := p.take().start
	a := &AsQuery{Query: p.query()}
	a.At = p.since(start)
	return a
}

// add takes ADD of partitions, a distribution or parts of the schema.
func (p *parser) add() Action {
	start := p.take().start
	switch {
	case p.atWords("PARTITION"), p.atWords("IF", "NOT", "EXISTS"):
		a := &AddPartitions{IfNotExists: p.got("IF", "NOT", "EXISTS")}
		for len(a.Partitions) == 0 || p.atWords("PARTITION") {
			p.want("PARTITION")
			s := PartitionSpec{Values: p.partitionValues(false)}
			s.Options = p.withOptions()
			a.Partitions = append(a.Partitions, s)
		}
		a.At = p.since(start)
		return a
	case p.got("DISTRIBUTION"):
		d := &ChangeDistribution{Distribution: p.distribution()}
		d.At = p.since(start)
		return d
	}
	return p.changeSchema(start, false)
}

func (p *parser) modify() Action {
	start := p.take().start
	if p.got("DISTRIBUTION") {
		d := &ChangeDistribution{Modify: true, Distribution: p.distribution()}
		d.At = p.since(start)
		return d
	}
	return p.changeSchema(start, true)
}

// changeSchema takes a part of the schema, or several in brackets.
func (p *parser) changeSchema(start int, modify bool) Action {
	p.noColumn()
	c := &ChangeSchema{Modify: modify, Bracketed: p.gotOp("(")}
	element := func() bool {
		p.schemaElement(&c.Schema, true)
		return true
	}
	if c.Bracketed {
		list(p, element)
		if !p.gotOp(")") {
			p.unexpected(",", ")")
		}
	} else {
		element()
	}
	c.At = p.since(start)
	return c
}

// dropAction takes DROP of partitions, a part of the schema or columns.
func (p *parser) dropAction() Action {
	start := p.take().start
	switch {
	case p.atWords("PARTITION"), p.atWords("IF", "EXISTS"):
		d := &DropPartitions{IfExists: p.got("IF", "EXISTS")}
		d.Partitions = list(p, func() PartitionSpec {
			p.want("PARTITION")
			return PartitionSpec{Values: p.partitionValues(false)}
		})
		d.At = p.since(start)
		return d
	case p.got("PRIMARY"):
		p.want("KEY")
		return &DropPart{At: p.since(start), Part: "PRIMARY KEY"}
	case p.got("WATERMARK"):
		return &DropPart{At: p.since(start), Part: "WATERMARK"}
	case p.got("DISTRIBUTION"):
		return &ChangeDistribution{At: p.since(start)}
	case p.got("CONSTRAINT"):
		n := p.name("a constraint")
		return &DropPart{At: p.since(start), Part: "CONSTRAINT", Name: n}
	}
	p.noColumn()
	d := &DropColumns{Bracketed: p.gotOp("(")}
	column := func() Path { return p.path("a column") }
	if d.Bracketed {
		d.Columns = list(p, column)
		p.wantOp(")")
	} else {
		d.Columns = []Path{column()}
	}
	d.At = p.since(start)
	return d
}

// compact takes [PARTITION (…)] COMPACT.
func (p *parser) compact() Action {
	start := p.tok().start
	c := &Compact{Partition: p.optionalPartition(false)}
	p.want("COMPACT")
	c.At = p.since(start)
	return c
}

// refreshing takes SUSPEND, RESUME [WITH (…)] or REFRESH [PARTITION (…)].
func (p *parser) refreshing() Action {
	t := p.take()
	r := &Refreshing{What: t.upper}
	switch t.upper {
	case "RESUME":
		r.Options = p.withOptions()
	case "REFRESH":
		r.Partition = p.optionalPartition(false)
	}
	r.At = p.since(t.start)
	return r
}

// setRefreshing takes SET FRESHNESS, SET REFRESH_MODE, or SET (options).
func (p *parser) setRefreshing() Action {
	start := p.tok().start
	r := &Refreshing{}
	switch p.ahead(1).upper {
	case "FRESHNESS":
		p.i += 2
		r.What, r.Freshness = "FRESHNESS", p.freshness()
	case "REFRESH_MODE":
		p.i += 2
		r.What, r.Mode = "REFRESH_MODE", p.refreshMode()
	default:
		return p.setOptions()
	}
	r.At = p.since(start)
	return r
}

// alterScope takes ALTER SYSTEM or SESSION, SET name = value or RESET name.
func (p *parser) alterScope(start int) Stmt {
	s := &AlterScope{Scope: p.take().upper}
	switch {
	case p.got("RESET"):
		if p.atWords("ALL") {
			t := p.take()
			s.Key = Path{Parts: []Name{{t.text, p.where(t)}}, Pos: p.where(t)}
		} else {
			s.Key = p.path("a name")
		}
	case p.got("SET"):
		s.Key = p.path("a name")
		p.wantOp("=")
		if t := p.tok(); p.got("ON") {
			s.Value = Col(p.where(t), t.text)
		} else if p.atName() {
			n := p.name("a value")
			s.Value = Col(n.Pos, n.Text)
		} else {
			s.Value = p.literal()
		}
	default:
		p.unexpected("SET", "RESET")
	}
	s.At = p.since(start)
	return s
}

func (p *parser) alterFunction(start int) Stmt {
	f := &AlterFunction{Temporary: p.got("TEMPORARY")}
	f.System = f.Temporary && p.got("SYSTEM")
	p.want("FUNCTION")
	f.IfExists = p.got("IF", "EXISTS")
	f.Name = p.path("a function name")
	p.want("AS")
	f.Class = p.constant("a class name")
	p.ends = []string{"LANGUAGE", endOfStatement}
	if p.got("LANGUAGE") {
		f.Language = p.language()
		p.ends = p.ends[1:]
	}
	f.At = p.since(start)
	return f
}
