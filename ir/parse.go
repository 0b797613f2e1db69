package ir

import (
	"slices"
	"strings"

	"pyfc/ir/types"
)

// Parse reads a plan as Print writes it, behind the declarations of its tables and
// functions. The plan satisfies Verify.
func Parse(text string) (rel Rel, err error) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case *syntaxError:
			rel, err = nil, x
		default:
			panic(x)
		}
	}()
	p := &planParser{tables: map[string]*Table{}, udfs: map[string]*UDF{}, shared: map[int]Rel{}}
	for i, s := range strings.Split(text, "\n") {
		if strings.TrimSpace(s) != "" {
			p.lines = append(p.lines, planLine{i + 1, s})
		}
	}
	for p.declaration() {
	}
	rel = p.rel(0)
	if len(p.lines) > 0 {
		p.begin().failf("nothing consumes this relation")
	}
	if err := Verify(rel); err != nil {
		return nil, err
	}
	return rel, nil
}

type planLine struct {
	number int
	text   string
}

type planParser struct {
	lines  []planLine
	tables map[string]*Table
	udfs   map[string]*UDF
	shared map[int]Rel
}

// begin takes the next line.
func (p *planParser) begin() *lineParser {
	if len(p.lines) == 0 {
		panic(&syntaxError{0, "the plan ends where a relation is expected"})
	}
	line := p.lines[0]
	p.lines = p.lines[1:]
	return tokenize(line.number, line.text)
}

// declaration reads a line that declares a table or function; it reports
// whether the next line is one.
func (p *planParser) declaration() bool {
	if len(p.lines) == 0 {
		return false
	}
	switch word, _, _ := strings.Cut(p.lines[0].text, " "); word {
	case "Table":
		l := p.begin()
		t := l.table()
		if p.tables[t.Name] != nil {
			l.failf("Table %s is declared twice", t.Name)
		}
		p.tables[t.Name] = t
		return true
	case "Function":
		l := p.begin()
		u := l.function()
		if p.udfs[u.Name] != nil {
			l.failf("Function %s is declared twice", u.Name)
		}
		p.udfs[u.Name] = u
		return true
	}
	return false
}

func (l *lineParser) table() *Table {
	l.expect("Table")
	t := &Table{Name: l.name(), Connector: l.setting("connector")}
	t.Legacy = l.accept("legacy")
	if l.peek().isWord("format") {
		t.Format = l.setting("format")
	}
	key, keyed := l.optionalKey()
	var parts []columnText
	if l.accept("partitioned") {
		l.expect("=")
		parts = l.columnList()
	}
	l.expect(":")
	schema := l.schema()
	for _, c := range schema {
		t.Columns = append(t.Columns, TableColumn{Column: c})
	}
	if keyed {
		t.Key = l.resolve(key, schema)
	}
	if parts != nil {
		t.PartitionBy = l.resolve(parts, schema)
	}
	l.end()
	return t
}

func (l *lineParser) function() *UDF {
	l.expect("Function")
	u := &UDF{Name: l.name()}
	l.expect("(")
	if l.accept("*") {
		l.expect(")")
	} else {
		u.Args = []types.Type{}
		for i := 0; !l.accept(")"); i++ {
			if i > 0 {
				l.expect(",")
			}
			u.Args = append(u.Args, l.typ())
		}
	}
	l.expect(":")
	u.Result = l.typ()
	for k := range udfKinds {
		if l.accept(udfKinds[k]) {
			u.Kind = UDFKind(k)
		}
	}
	u.WholeRow = l.accept("whole_row")
	u.Deterministic = !l.accept("nondeterministic")
	l.end()
	return u
}

// setting reads "key=word".
func (l *lineParser) setting(key string) string {
	l.expect(key, "=")
	return l.name()
}

func (l *lineParser) end() {
	if t := l.peek(); t.kind != endToken {
		l.failf("expected the end of the line, found %s", t)
	}
}

// columnText is a column as printed: a name, and its position where the name
// isn't enough.
type columnText struct {
	name  string
	index int // or -1
}

func (l *lineParser) columnText() columnText {
	c := columnText{l.name(), -1}
	if l.accept("#") {
		c.index = l.number32()
	}
	return c
}

func (l *lineParser) columnList() []columnText {
	var out []columnText
	l.list(func() { out = append(out, l.columnText()) })
	return out
}

// optionalKey reads key=(…) if it is there.
func (l *lineParser) optionalKey() (key []columnText, ok bool) {
	if !l.accept("key") {
		return nil, false
	}
	l.expect("=")
	return l.columnList(), true
}

// resolve finds the positions of columns.
func (l *lineParser) resolve(columns []columnText, s types.Schema) Key {
	out := make(Key, len(columns))
	for i, c := range columns {
		out[i] = l.position(c, s)
	}
	return out
}

func (l *lineParser) position(c columnText, s types.Schema) int {
	i := c.index
	if i < 0 {
		i = s.Index(c.name)
	}
	if i < 0 || i >= len(s) || s[i].Name != c.name {
		l.failf("there is no column %s in %s", types.Name(c.name), s)
	}
	return i
}

// rel reads a relation and, below it, its inputs.
func (p *planParser) rel(depth int) Rel {
	if len(p.lines) > 0 {
		line := p.lines[0]
		if indent := len(line.text) - len(strings.TrimLeft(line.text, " ")); indent != 2*depth {
			panic(&syntaxError{line.number, "expected a relation with an indentation of two blanks more than its consumer's"})
		}
	}
	l := p.begin()
	name := l.name()
	for _, op := range Ops() {
		if op.String() != name {
			continue
		}
		var inputs []Rel
		for n := op.Info().Inputs; len(inputs) < n || n == Several && p.deeper(depth); {
			inputs = append(inputs, p.rel(depth+1))
		}
		rel := p.details(op, l, inputs)
		l.end()
		return p.once(rel, l)
	}
	l.failf("no operator is called %s", name)
	return nil
}

// once is the relation that was read before under rel's number, if it has one.
func (p *planParser) once(rel Rel, l *lineParser) Rel {
	n := rel.P().Shared
	if n == 0 {
		return rel
	}
	before, ok := p.shared[n]
	if !ok {
		p.shared[n] = rel
		return rel
	}
	if Print(before) != Print(rel) {
		l.failf("shared=%d is another relation, too", n)
	}
	return before
}

// deeper reports whether the next line is indented more than a relation at
// depth.
func (p *planParser) deeper(depth int) bool {
	return len(p.lines) > 0 && strings.HasPrefix(p.lines[0].text, strings.Repeat("  ", depth+1))
}

// details reads a relation's line behind its name.
func (p *planParser) details(op Op, l *lineParser, inputs []Rel) Rel {
	if len(inputs) == 0 {
		switch op {
		case OpScan:
			return p.scan(l)
		case OpValues:
			return values(l)
		}
	} else {
		in := inputs[0]
		e := &exprParser{l, in.P().Schema, p.udfs}
		switch op {
		case OpProject:
			r := &Project{Columns: e.exprs()}
			r.In, r.Props = in, l.props()
			return r
		case OpWatermark:
			return parseWatermark(e, in)
		case OpWindow:
			return parseWindow(l, in)
		case OpExpand:
			r := &Expand{Projects: [][]Expr{e.exprs()}}
			for l.accept(",") {
				r.Projects = append(r.Projects, e.exprs())
			}
			if l.accept("times") {
				l.expect("=")
				r.Times = e.expr()
			}
			r.In, r.Props = in, l.props()
			return r
		case OpFilter:
			return filter(e, in)
		case OpBridge:
			return bridge(e, in)
		case OpExchange:
			l.expect("hash", "=")
			r := &Exchange{Key: l.resolve(l.columnList(), e.in)}
			r.In, r.Props = in, l.props()
			return r
		case OpAggregate:
			return p.aggregate(l, in)
		case OpCorrelate:
			return parseCorrelate(l, in)
		case OpJoin:
			e.in = append(slices.Clone(e.in), inputs[1].P().Schema...)
			return join(e, in, inputs[1])
		case OpUnion:
			r := &Union{In: inputs}
			r.Props = l.props()
			return r
		case OpSort:
			return parseSort(l, in)
		case OpOver:
			return parseOver(e, in)
		case OpRank:
			return parseRank(l, in)
		case OpNormalize:
			return parseNormalize(l, in)
		case OpMaterialize:
			return parseMaterialize(l, in)
		case OpSink:
			return p.sink(l, in)
		}
	}
	l.failf("%s cannot be read", op)
	return nil
}

// props reads row kinds, unique keys, the number of a shared relation and
// columns.
func (l *lineParser) props() Props {
	p, keys := l.kindsAndKeys()
	if l.accept("shared") {
		l.expect("=")
		if p.Shared = l.number32(); p.Shared < 1 {
			l.failf("relations are numbered from 1")
		}
	}
	l.expect(":")
	p.Schema = l.schema()
	p.Keys = l.resolveAll(keys, p.Schema)
	return p
}

func (l *lineParser) kindsAndKeys() (p Props, keys [][]columnText) {
	l.expect("[")
	for !l.accept("]") {
		if p.Mode != 0 {
			l.expect(",")
		}
		kind := l.name()
		bit := Inserts
		for ; bit <= Deletes && bit.String() != kind; bit <<= 1 {
		}
		if bit > Deletes {
			l.failf("%q is no row kind", kind)
		}
		p.Mode |= bit
	}
	for l.accept("unique") {
		l.expect("=")
		keys = append(keys, l.columnList())
	}
	return p, keys
}

func (l *lineParser) resolveAll(keys [][]columnText, s types.Schema) []Key {
	var out []Key
	for _, k := range keys {
		out = append(out, l.resolve(k, s))
	}
	return out
}

// tableUse reads the table that a relation reads or writes.
func (p *planParser) tableUse(l *lineParser) *Table {
	name := l.name()
	t := p.tables[name]
	if t == nil {
		l.failf("no Table %s is declared", types.Name(name))
	}
	if c := l.setting("connector"); c != t.Connector {
		l.failf("%s is declared with connector=%s", t.Name, t.Connector)
	}
	return t
}

func values(l *lineParser) Rel {
	var rows [][]literal
	for l.peek().isMark("(") {
		var row []literal
		l.list(func() { row = append(row, l.literal()) })
		rows = append(rows, row)
		if !l.accept(",") {
			break
		}
	}
	v := &Values{}
	v.Props = l.props()
	for _, row := range rows {
		if len(row) != len(v.Schema) {
			l.failf("a row of %d values for %d columns", len(row), len(v.Schema))
		}
		consts := make([]*Const, len(row))
		for i, value := range row {
			consts[i] = value.value(l, v.Schema[i].Type)
		}
		v.Rows = append(v.Rows, consts)
	}
	return v
}

func filter(e *exprParser, in Rel) Rel {
	e.expect("(")
	f := &Filter{Cond: e.expr()}
	e.expect(")")
	f.In, f.Props = in, e.props()
	return f
}

func bridge(e *exprParser, in Rel) Rel {
	b := &Bridge{}
	for _, x := range e.exprs() {
		call, ok := x.(*UDFCall)
		if !ok {
			e.failf("%s is no call of a Python function", x)
		}
		b.Calls = append(b.Calls, call)
	}
	b.In, b.Props = in, e.props()
	return b
}

func join(e *exprParser, left, right Rel) Rel {
	j := &Join{}
	kind := e.name()
	i := slices.Index(joinKinds[:], kind)
	if i < 0 {
		e.failf("%q is no kind of join", kind)
	}
	j.Kind = JoinKind(i)
	if e.accept("on") {
		e.expect("=")
		e.list(func() {
			k := JoinKey{Left: e.position(e.columnText(), left.P().Schema)}
			if k.NullSafe = e.accept("IS"); k.NullSafe {
				e.expect("NOT", "DISTINCT", "FROM")
			} else {
				e.expect("=")
			}
			k.Right = e.position(e.columnText(), right.P().Schema)
			j.Equi = append(j.Equi, k)
		})
	}
	if e.accept("(") {
		j.Cond = e.expr()
		e.expect(")")
	}
	windowed, near := e.accept("windowed"), e.accept("within")
	if near {
		e.expect("=")
		e.list(func() { e.number64() })
	}
	e.retentions(&j.Retention[0], &j.Retention[1])
	j.Left, j.Right, j.Props = left, right, e.props()
	if j.deriveTime(); windowed != (j.Window != nil) || near != (j.Interval != nil) {
		e.failf("the join has another window or interval")
	}
	return j
}

// retentions reads what retentionText writes.
func (l *lineParser) retentions(to ...*Retention) {
	if !l.accept("ttl") {
		return
	}
	l.expect("=")
	n := 0
	l.list(func() {
		if r := l.number64(); n < len(to) {
			*to[n] = Retention(r)
		}
		n++
	})
	if n != len(to) {
		l.failf("%d retentions of %d inputs", n, len(to))
	}
}

func (p *planParser) aggregate(l *lineParser, in Rel) Rel {
	schema := in.P().Schema
	l.expect("group", "=")
	a := &Aggregate{Group: l.resolve(l.columnList(), schema)}
	a.Global = len(a.Group) == 0
	l.expect("calls", "=")
	l.list(func() { a.Calls = append(a.Calls, l.aggCall(p.udfs, schema)) })
	a.Coalesce = l.accept("coalesced")
	var end columnText
	a.Window, end = l.groupWindow()
	l.retentions(&a.Retention)
	a.In, a.Props = in, l.props()
	if len(a.Schema) != len(a.Group)+len(a.results()) {
		l.failf("%d columns of %d groups and %d calls", len(a.Schema), len(a.Group), len(a.Calls))
	}
	for i := range a.Calls {
		if u := a.Calls[i].UDF; u != nil {
			a.Calls[i].Type = u.Result
		} else {
			a.Calls[i].Type = a.Schema[len(a.Group)+i].Type
		}
	}
	if a.Window != nil {
		a.Window.End = l.position(end, a.Schema[:len(a.Group)])
	}
	return a
}

func (l *lineParser) aggCall(udfs map[string]*UDF, in types.Schema) AggCall {
	c := AggCall{Filter: -1}
	builtIn := l.peek().kind == nameToken && l.peek().text == strings.ToUpper(l.peek().text)
	if name := l.name(); builtIn {
		c.Fn = name
	} else if c.UDF = udfs[name]; c.UDF == nil {
		l.failf("no Function %s is declared", functionName(name))
	}
	l.expect("(")
	if next := l.after(); l.peek().isWord("DISTINCT") && (next.kind == nameToken || next.kind == quotedToken || next.isMark("*")) {
		l.next()
		c.Distinct = true
	}
	if !l.accept("*") {
		c.Args = []int{l.position(l.columnText(), in)}
		for l.accept(",") {
			c.Args = append(c.Args, l.position(l.columnText(), in))
		}
	}
	l.expect(")")
	if l.accept("FILTER") {
		l.expect("(")
		c.Filter = l.position(l.columnText(), in)
		l.expect(")")
	}
	c.Monotone = l.accept("monotone")
	return c
}

func (p *planParser) sink(l *lineParser, in Rel) Rel {
	s := &Sink{Table: p.tableUse(l)}
	s.Overwrite = l.accept("overwrite")
	if l.peek().isWord("partition") {
		l.expect("partition", "=")
		l.list(func() {
			t := l.next()
			if t.kind != textToken {
				l.failf("expected a text, found %s", t)
			}
			s.Static = append(s.Static, t.text)
		})
	}
	if key, ok := l.optionalKey(); ok {
		s.Key = l.resolve(key, s.Table.Schema())
		s.Declared = s.Table.Key != nil && !s.Table.Legacy
	}
	if s.DropNulls = l.accept("nulls"); s.DropNulls {
		l.expect("=", "drop")
	}
	if s.FitLengths = l.accept("lengths"); s.FitLengths {
		l.expect("=", "fit")
	}
	props, keys := l.kindsAndKeys()
	s.In, s.Props = in, props
	s.Schema = in.P().Schema
	s.Keys = l.resolveAll(keys, s.Schema)
	return s
}
