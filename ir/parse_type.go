package ir

import "pyfc/ir/types"

// simpleTypes are the types that print as one word.
var simpleTypes = map[string]types.Type{
	"BOOLEAN": types.Of(types.Boolean), "TINYINT": types.Of(types.TinyInt), "SMALLINT": types.Of(types.SmallInt),
	"INT": types.Of(types.Int), "BIGINT": types.Of(types.BigInt), "FLOAT": types.Of(types.Float),
	"DOUBLE": types.Of(types.Double), "STRING": types.String(), "BYTES": types.Of(types.VarBinary),
	"DATE": types.Of(types.Date), "NULL": types.Of(types.Null),
}

// sizedTypes print with a length or precision in parentheses.
var sizedTypes = map[string]types.Kind{
	"CHAR": types.Char, "VARCHAR": types.VarChar, "BINARY": types.Binary, "VARBINARY": types.VarBinary,
	"TIME": types.Time, "TIMESTAMP": types.Timestamp, "TIMESTAMP_LTZ": types.TimestampLTZ,
}

// typ reads a type with its nullability.
func (l *lineParser) typ() types.Type {
	t := l.root()
	if l.accept("NOT") {
		l.expect("NULL")
		t.Nullable = false
	}
	if l.accept("*") {
		switch word := l.name(); word {
		case types.Rowtime.String():
			t.Time = types.Rowtime
		case types.Proctime.String():
			t.Time = types.Proctime
		default:
			l.failf("%q is no time attribute", word)
		}
		l.expect("*")
	}
	return t
}

// root reads a type without NOT NULL; it comes out nullable.
func (l *lineParser) root() types.Type {
	defer l.nest()()
	word := l.next()
	if word.kind == nameToken {
		if t, ok := simpleTypes[word.text]; ok {
			return t
		}
		if kind, ok := sizedTypes[word.text]; ok {
			l.expect("(")
			t := types.Type{Kind: kind, Nullable: true, Precision: l.number32()}
			l.expect(")")
			return t
		}
		switch word.text {
		case "DECIMAL":
			return l.decimal()
		case "INTERVAL":
			return l.interval()
		case "ARRAY":
			return l.nested(types.Array, 1)
		case "MULTISET":
			return l.nested(types.Multiset, 1)
		case "MAP":
			return l.nested(types.Map, 2)
		case "ROW":
			return l.row()
		}
	}
	l.failf("expected a type, found %s", word)
	return types.Type{}
}

func (l *lineParser) decimal() types.Type {
	l.expect("(")
	precision := l.number32()
	l.expect(",")
	scale := l.number32()
	l.expect(")")
	return types.NewDecimal(precision, scale)
}

func (l *lineParser) interval() types.Type {
	if l.accept("YEAR") {
		l.expect("TO", "MONTH")
		return types.Of(types.IntervalYearMonth)
	}
	l.expect("DAY", "TO", "SECOND")
	return types.Of(types.IntervalDayTime)
}

// nested reads the n element types of a collection.
func (l *lineParser) nested(kind types.Kind, n int) types.Type {
	t := types.Type{Kind: kind, Nullable: true}
	l.expect("<")
	for i := range n {
		if i > 0 {
			l.expect(",")
		}
		t.Elems = append(t.Elems, l.typ())
	}
	l.expect(">")
	return t
}

func (l *lineParser) row() types.Type {
	t := types.Type{Kind: types.Row, Nullable: true}
	if l.accept("<>") {
		return t
	}
	l.expect("<")
	for i := 0; !l.accept(">"); i++ {
		if i > 0 {
			l.expect(",")
		}
		t.Names = append(t.Names, l.name())
		t.Elems = append(t.Elems, l.typ())
	}
	return t
}

// schema reads columns in parentheses.
func (l *lineParser) schema() types.Schema {
	var s types.Schema
	l.list(func() {
		name := l.name()
		s = append(s, types.Column{Name: name, Type: l.typ()})
	})
	return s
}
