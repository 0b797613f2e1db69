// Package types holds Flink's logical SQL types: what a column, an expression
// or a function argument is, with nullability, as PyFlink 1.20.1 names them.
// It is a leaf: every other package may import it, it imports none of them.
package types

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is the root of a logical type: the type without its parameters.
type Kind uint8

// The kinds, in the order in which Flink lists them.
const (
	Invalid Kind = iota
	Boolean
	TinyInt
	SmallInt
	Int
	BigInt
	Float
	Double
	Decimal
	Char
	VarChar
	Binary
	VarBinary
	Date
	Time
	Timestamp
	TimestampLTZ
	IntervalYearMonth
	IntervalDayTime
	Array
	Map
	Multiset
	Row
	Null
	numKinds
)

// MaxLength is the length of STRING and BYTES, that is of VARCHAR and
// VARBINARY without a limit.
const MaxLength = 1<<31 - 1

// Type is one logical type. The zero value is the invalid type, which stands
// for an expression that already has a diagnostic.
type Type struct {
	Kind     Kind
	Nullable bool
	// Precision is the length of CHAR, VARCHAR, BINARY and VARBINARY, the
	// digits of DECIMAL, the fractional digits of TIME and the timestamps.
	Precision int
	// Scale is the fractional digits of DECIMAL.
	Scale int
	// Time says that a streaming job's values are a time attribute; types that
	// differ in nothing else are equal.
	Time TimeAttribute
	// Unit is the one field that an interval has, as a literal or a cast says;
	// empty where it has several, or nothing tells. Values are the same with
	// any, and so are types.
	Unit string
	// Elems are the element of ARRAY and MULTISET, key and value of MAP, and
	// the fields of ROW.
	Elems []Type
	// Names are the field names of ROW, in the order of Elems.
	Names []string
}

// TimeAttribute says what the timestamps of a column order.
type TimeAttribute uint8

// The time attributes of streaming jobs.
const (
	NoAttribute TimeAttribute = iota
	// Rowtime is the time of events, which a watermark follows.
	Rowtime
	// Proctime is the time at which a row is processed.
	Proctime
)

var timeAttributes = [...]string{"", "ROWTIME", "PROCTIME"}

// String is the attribute's name as types print it between asterisks.
func (a TimeAttribute) String() string { return timeAttributes[a] }

// Column is a named type: one column of a schema.
type Column struct {
	Name string
	Type Type
}

// Schema is the ordered columns of a relation.
type Schema []Column

// Index returns the position of the column with the given name, or -1.
func (s Schema) Index(name string) int {
	for i, c := range s {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// Names returns the column names in order.
func (s Schema) Names() []string {
	names := make([]string, len(s))
	for i, c := range s {
		names[i] = c.Name
	}
	return names
}

// At returns the columns at these positions.
func (s Schema) At(columns []int) Schema {
	out := make(Schema, len(columns))
	for i, c := range columns {
		out[i] = s[c]
	}
	return out
}

// String prints the schema as Flink prints a row type: "(a INT, b STRING NOT NULL)".
func (s Schema) String() string {
	var b strings.Builder
	b.WriteByte('(')
	for i, c := range s {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(Name(c.Name))
		b.WriteByte(' ')
		b.WriteString(c.Type.String())
	}
	b.WriteByte(')')
	return b.String()
}

// Of returns the nullable type of a kind that needs no parameters, with
// Flink's defaults for kinds that have them (DECIMAL(10, 0), CHAR(1),
// TIMESTAMP(6), STRING for VARCHAR).
func Of(k Kind) Type {
	t := Type{Kind: k, Nullable: true}
	switch k {
	case Decimal:
		t.Precision = 10
	case Char, Binary:
		t.Precision = 1
	case VarChar, VarBinary:
		t.Precision = MaxLength
	case Timestamp, TimestampLTZ:
		t.Precision = 6
	}
	return t
}

// String is the nullable STRING type.
func String() Type { return Of(VarChar) }

// NewDecimal is the nullable DECIMAL(precision, scale).
func NewDecimal(precision, scale int) Type {
	return Type{Kind: Decimal, Nullable: true, Precision: precision, Scale: scale}
}

// NewChar is the nullable CHAR(length).
func NewChar(length int) Type { return Type{Kind: Char, Nullable: true, Precision: length} }

// NotNull returns the type with nullability removed.
func (t Type) NotNull() Type { t.Nullable = false; return t }

// WithNull returns the type with the given nullability.
func (t Type) WithNull(nullable bool) Type { t.Nullable = nullable; return t }

// WithTime returns the type as a time attribute.
func (t Type) WithTime(a TimeAttribute) Type { t.Time = a; return t }

// WithUnit returns the type of an interval as one with that field alone.
func (t Type) WithUnit(unit string) Type { t.Unit = unit; return t }

// Valid reports whether the type is a real one.
func (t Type) Valid() bool { return t.Kind != Invalid }

// Numeric reports whether the type is an exact or approximate number.
func (t Type) Numeric() bool { return t.Kind >= TinyInt && t.Kind <= Decimal }

// Integer reports whether the type is TINYINT, SMALLINT, INT or BIGINT.
func (t Type) Integer() bool { return t.Kind >= TinyInt && t.Kind <= BigInt }

// Approximate reports whether the type is FLOAT or DOUBLE.
func (t Type) Approximate() bool { return t.Kind == Float || t.Kind == Double }

// Text reports whether the type is CHAR or VARCHAR.
func (t Type) Text() bool { return t.Kind == Char || t.Kind == VarChar }

// Binary reports whether the type is BINARY or VARBINARY.
func (t Type) Binary() bool { return t.Kind == Binary || t.Kind == VarBinary }

// Limited reports whether the type is a text or binary string of a length that is
// declared: not STRING or BYTES.
func (t Type) Limited() bool { return (t.Text() || t.Binary()) && t.Precision < MaxLength }

// Temporal reports whether the type is a date, time, timestamp or interval.
func (t Type) Temporal() bool { return t.Kind >= Date && t.Kind <= IntervalDayTime }

// Interval reports whether the type is an interval.
func (t Type) Interval() bool { return t.Kind == IntervalYearMonth || t.Kind == IntervalDayTime }

// Timestamp reports whether the type is TIMESTAMP or TIMESTAMP_LTZ.
func (t Type) Timestamp() bool { return t.Kind == Timestamp || t.Kind == TimestampLTZ }

// Nested reports whether values of the type have values in them.
func (t Type) Nested() bool { return t.Kind >= Array && t.Kind <= Row }

// Orderable reports whether values of the type can be sorted.
func (t Type) Orderable() bool {
	switch t.Kind {
	case Map, Multiset:
		return false
	}
	return !slices.ContainsFunc(t.Elems, func(e Type) bool { return !e.Orderable() })
}

// Equal reports whether two types are the same, nullability included.
func (t Type) Equal(u Type) bool {
	return t.Nullable == u.Nullable && t.SameRoot(u)
}

// SameRoot reports whether two types are the same but for their own
// nullability; the nullability of nested types counts.
func (t Type) SameRoot(u Type) bool {
	if t.Kind != u.Kind || t.Precision != u.Precision || t.Scale != u.Scale || len(t.Elems) != len(u.Elems) {
		return false
	}
	for i := range t.Elems {
		if !t.Elems[i].Equal(u.Elems[i]) {
			return false
		}
		if t.Kind == Row && t.Names[i] != u.Names[i] {
			return false
		}
	}
	return true
}

// IntervalUnit is one of a field of intervals in months (YEAR, MONTH) or
// milliseconds.
func IntervalUnit(field string) int64 {
	switch field {
	case "YEAR":
		return 12
	case "MONTH":
		return 1
	case "DAY":
		return 86_400_000
	case "HOUR":
		return 3_600_000
	case "MINUTE":
		return 60_000
	}
	return 1000
}

var kindNames = [numKinds]string{
	Invalid: "<invalid>", Boolean: "BOOLEAN", TinyInt: "TINYINT", SmallInt: "SMALLINT", Int: "INT",
	BigInt: "BIGINT", Float: "FLOAT", Double: "DOUBLE", Decimal: "DECIMAL", Char: "CHAR", VarChar: "VARCHAR",
	Binary: "BINARY", VarBinary: "VARBINARY", Date: "DATE", Time: "TIME", Timestamp: "TIMESTAMP",
	TimestampLTZ: "TIMESTAMP_LTZ", IntervalYearMonth: "INTERVAL YEAR TO MONTH",
	IntervalDayTime: "INTERVAL DAY TO SECOND", Array: "ARRAY", Map: "MAP", Multiset: "MULTISET",
	Row: "ROW", Null: "NULL",
}

var kindGoNames = [numKinds]string{
	Invalid: "Invalid", Boolean: "Boolean", TinyInt: "TinyInt", SmallInt: "SmallInt", Int: "Int",
	BigInt: "BigInt", Float: "Float", Double: "Double", Decimal: "Decimal", Char: "Char", VarChar: "VarChar",
	Binary: "Binary", VarBinary: "VarBinary", Date: "Date", Time: "Time", Timestamp: "Timestamp",
	TimestampLTZ: "TimestampLTZ", IntervalYearMonth: "IntervalYearMonth", IntervalDayTime: "IntervalDayTime",
	Array: "Array", Map: "Map", Multiset: "Multiset", Row: "Row", Null: "Null",
}

// GoName returns the name of the kind's constant in this package, for
// generated code.
func (k Kind) GoName() string { return kindGoNames[k] }

// String returns the kind's SQL name.
func (k Kind) String() string { return kindNames[k] }

// String prints the type as Flink's asSummaryString does: "STRING",
// "DECIMAL(38, 18) NOT NULL", "ARRAY<INT>", "ROW<`a` INT>".
func (t Type) String() string {
	s := t.root()
	if !t.Nullable && t.Valid() {
		s += " NOT NULL"
	}
	if t.Time != NoAttribute {
		s += " *" + t.Time.String() + "*"
	}
	return s
}

func (t Type) root() string {
	switch t.Kind {
	case VarChar:
		if t.Precision == MaxLength {
			return "STRING"
		}
		return fmt.Sprintf("VARCHAR(%d)", t.Precision)
	case VarBinary:
		if t.Precision == MaxLength {
			return "BYTES"
		}
		return fmt.Sprintf("VARBINARY(%d)", t.Precision)
	case Char, Binary, Time, Timestamp, TimestampLTZ:
		return fmt.Sprintf("%s(%d)", t.Kind, t.Precision)
	case Decimal:
		return fmt.Sprintf("DECIMAL(%d, %d)", t.Precision, t.Scale)
	case Array, Multiset:
		return fmt.Sprintf("%s<%s>", t.Kind, t.Elems[0])
	case Map:
		return fmt.Sprintf("MAP<%s, %s>", t.Elems[0], t.Elems[1])
	case Row:
		parts := make([]string, len(t.Elems))
		for i, e := range t.Elems {
			parts[i] = Quote(t.Names[i], '`') + " " + e.String()
		}
		return "ROW<" + strings.Join(parts, ", ") + ">"
	}
	return t.Kind.String()
}
