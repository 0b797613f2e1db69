package sql

import (
	"strconv"

	"pyfc/compiler/words"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// typeNames are the names that begin a data type, for did-you-mean.
var typeNames = []string{
	"ARRAY", "BIGINT", "BINARY", "BOOLEAN", "BYTES", "CHAR", "CHARACTER", "DATE", "DEC", "DECIMAL", "DOUBLE",
	"FLOAT", "INT", "INTEGER", "INTERVAL", "MAP", "MULTISET", "NUMERIC", "RAW", "ROW", "SMALLINT", "STRING",
	"TIME", "TIMESTAMP", "TIMESTAMP_LTZ", "TINYINT", "VARBINARY", "VARCHAR",
}

// plainTypes take no parameters.
var plainTypes = map[string]types.Kind{
	"BOOLEAN": types.Boolean, "TINYINT": types.TinyInt, "SMALLINT": types.SmallInt, "INT": types.Int,
	"INTEGER": types.Int, "BIGINT": types.BigInt, "FLOAT": types.Float, "DATE": types.Date,
	"STRING": types.VarChar, "BYTES": types.VarBinary,
}

// dataType takes a data type, with its nullability where nulls says that it
// may be written; nullable where it isn't. An unknown name yields the invalid
// type, after a diagnostic.
func (p *parser) dataType(nulls bool) types.Type {
	p.deeper()
	defer p.shallower()
	t := p.baseType()
	for {
		if nulls && p.got("NOT", "NULL") {
			t.Nullable = false
		} else if nulls {
			p.got("NULL")
		}
		switch {
		case p.got("ARRAY"):
			t = types.Type{Kind: types.Array, Nullable: true, Elems: []types.Type{t}}
		case p.got("MULTISET"):
			t = types.Type{Kind: types.Multiset, Nullable: true, Elems: []types.Type{t}}
		default:
			return t
		}
	}
}

func (p *parser) baseType() types.Type {
	t := p.tok()
	if t.kind != tokIdent && t.kind != tokQuoted {
		p.unexpected("a data type")
	}
	if k, ok := plainTypes[t.upper]; ok {
		p.i++
		return types.Of(k)
	}
	if p.intervals && t.upper == "INTERVAL" {
		return p.intervalType()
	}
	p.i++
	switch t.upper {
	case "DOUBLE":
		p.got("PRECISION")
		return types.Of(types.Double)
	case "DECIMAL", "DEC", "NUMERIC":
		return p.decimalType()
	case "CHAR", "CHARACTER":
		if p.got("VARYING") {
			return p.characters(types.VarChar)
		}
		return p.characters(types.Char)
	case "VARCHAR":
		return p.characters(types.VarChar)
	case "BINARY":
		if p.got("VARYING") {
			return p.sized(types.VarBinary, 1, types.MaxLength)
		}
		return p.sized(types.Binary, 1, types.MaxLength)
	case "VARBINARY":
		return p.sized(types.VarBinary, 1, types.MaxLength)
	case "TIME":
		out := p.sized(types.Time, 0, 9)
		if !p.got("WITHOUT", "TIME", "ZONE") && p.got("WITH", "LOCAL", "TIME", "ZONE") {
			p.doubt(diag.UnknownType, t.start, p.tokens[p.i-1].end, "Flink has no TIME WITH LOCAL TIME ZONE")
		}
		return out
	case "TIMESTAMP":
		return p.timestampType()
	case "TIMESTAMP_LTZ":
		return p.sized(types.TimestampLTZ, 0, 9)
	case "ARRAY", "MULTISET", "MAP":
		if t.upper != "MAP" || p.atOp("<") {
			return p.collectionType(t.upper)
		}
	case "ROW":
		return p.rowType()
	case "RAW":
		return p.rawType(t)
	}
	p.i--
	return p.otherType()
}

// intervalType takes INTERVAL and its qualifier, a type in CAST only.
func (p *parser) intervalType() types.Type {
	p.take()
	kind, q := p.intervalQualifier()
	return types.Of(kind).WithUnit(q.unit())
}

// unusableTypes are the reserved words that Flink's grammar takes for types and
// its planner refuses.
var unusableTypes = words.Set("REAL ANY")

// elsewhere are types of other databases, and what Flink calls them.
var elsewhere = map[string]string{
	"TEXT": "STRING", "LONGTEXT": "STRING", "CLOB": "STRING", "UUID": "STRING", "JSON": "STRING", "JSONB": "STRING",
	"NVARCHAR": "VARCHAR", "VARCHAR2": "VARCHAR", "DATETIME": "TIMESTAMP(3)", "TIMESTAMPTZ": "TIMESTAMP_LTZ(3)",
	"LONG": "BIGINT", "INT64": "BIGINT", "INT8": "BIGINT", "INT32": "INT", "INT4": "INT", "SERIAL": "INT",
	"FLOAT64": "DOUBLE", "FLOAT32": "FLOAT", "NUMBER": "DECIMAL", "MONEY": "DECIMAL", "BLOB": "BYTES", "BYTEA": "BYTES",
}

// otherType takes a name that is no type of ours. Flink's grammar takes any
// path for a structured type.
func (p *parser) otherType() types.Type {
	t := p.tok()
	if unusableTypes[t.upper] {
		p.i++
	} else {
		if t.upper == "GEOMETRY" || t.kind == tokIdent && reserved[t.upper] {
			p.unexpected("a data type")
		}
		p.path("a data type")
	}
	report := p.doubt
	parameters := p.atOp("(") || p.atOp("<")
	if parameters && t.upper != "ANY" { // a structured type has none
		report = p.report
	}
	d := report(diag.UnknownType, t.start, p.tokens[p.i-1].end, "no data type is called %s", t.describe())
	if here := elsewhere[t.upper]; here != "" {
		d.WithHint("Flink calls it %s", here)
	} else {
		d.DidYouMean(t.upper, typeNames)
	}
	if p.atOp("(") {
		p.skipBrackets()
	} else if parameters {
		panic(bailout{})
	}
	return types.Type{}
}

// rawType takes ('class', 'serializer snapshot'), which only the Java virtual
// machine can read.
func (p *parser) rawType(t token) types.Type {
	p.wantOp("(")
	p.constant("a class name")
	p.wantOp(",")
	p.constant("a serializer's snapshot")
	p.wantOp(")")
	p.doubt(diag.SQLPlanned, t.start, p.tokens[p.i-1].end, "RAW isn't supported yet").WithMissing("sql", "RAW")
	return types.Type{}
}

// sized takes an optional (n) with n from low to high.
func (p *parser) sized(k types.Kind, low, high int) types.Type {
	t := types.Of(k)
	if p.gotOp("(") {
		t.Precision = p.count(k.String(), low, high)
		p.wantOp(")")
	}
	return t
}

// characters takes an optional (n), and a character set, which says nothing.
func (p *parser) characters(k types.Kind) types.Type {
	t := p.sized(k, 1, types.MaxLength)
	if p.got("CHARACTER", "SET") {
		p.name("a character set")
	}
	return t
}

// count takes a whole number, a parameter of the type called name.
func (p *parser) count(name string, low, high int) int {
	t := p.tok()
	n, err := strconv.Atoi(t.text)
	if t.kind != tokNumber || err != nil && !isAllDigits(t.text) {
		p.unexpected("a whole number")
	}
	p.i++
	if err != nil || n < low || n > high {
		p.doubt(diag.SQLSyntax, t.start, t.end, "%s takes a number from %d to %d here, not %s", name, low, high, t.text)
	}
	return min(max(n, low), high)
}

func isAllDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func (p *parser) decimalType() types.Type {
	t := types.Of(types.Decimal)
	if p.gotOp("(") {
		t.Precision = p.count("DECIMAL", 1, 38)
		if p.gotOp(",") {
			t.Scale = p.count("DECIMAL", 0, t.Precision)
		}
		p.wantOp(")")
	}
	return t
}

func (p *parser) timestampType() types.Type {
	start := p.tokens[p.i-1]
	t := p.sized(types.Timestamp, 0, 9)
	switch {
	case p.got("WITHOUT", "TIME", "ZONE"):
	case p.got("WITH", "LOCAL", "TIME", "ZONE"):
		t.Kind = types.TimestampLTZ
	case p.got("WITH", "TIME", "ZONE"):
		p.fault(start.start, p.tokens[p.i-1].end, "Flink has no TIMESTAMP WITH TIME ZONE").
			WithHint("TIMESTAMP_LTZ is a point in time, TIMESTAMP a date and time without zone")
	}
	return t
}

// collectionType takes <t> or, for MAP, <k, v>.
func (p *parser) collectionType(name string) types.Type {
	t := types.Type{Kind: types.Array, Nullable: true}
	p.wantOp("<")
	t.Elems = []types.Type{p.dataType(true)}
	switch name {
	case "MULTISET":
		t.Kind = types.Multiset
	case "MAP":
		t.Kind = types.Map
		p.wantOp(",")
		t.Elems = append(t.Elems, p.dataType(true))
	}
	p.wantOp(">")
	return t
}

// rowType takes <name type ['comment'], …>, or the same in round brackets.
func (p *parser) rowType() types.Type {
	t := types.Type{Kind: types.Row, Nullable: true}
	if p.gotOp("<>") {
		return t
	}
	closing := ">"
	if p.gotOp("(") {
		closing = ")"
		if p.gotOp(closing) {
			return t
		}
	} else {
		p.wantOp("<")
	}
	for {
		n := p.name("a field")
		for _, other := range t.Names {
			if other == n.Text {
				at := p.tokens[p.i-1]
				p.doubt(diag.DuplicateName, at.start, at.end, "two fields of a row are called %s", n.Text)
			}
		}
		t.Names = append(t.Names, n.Text)
		t.Elems = append(t.Elems, p.dataType(true))
		if p.tok().kind == tokString {
			p.constant("a comment")
		}
		if !p.gotOp(",") {
			p.wantOp(closing)
			return t
		}
	}
}
