package fn_test

import (
	"strconv"
	"testing"

	"pyfc/compiler/bind"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/fn/list"
	"pyfc/rt/val"
)

// TestExamples computes every declared example with the function that a job
// calls, and compares with what PyFlink gave.
func TestExamples(t *testing.T) {
	for _, d := range list.All {
		if len(d.Examples) == 0 && !d.Volatile {
			t.Errorf("%s has no example", d.Name)
		}
		for _, e := range d.Examples {
			t.Run(e.SQL, func(t *testing.T) { check(t, e) })
		}
	}
}

// TestCastExamples does so for conversions.
func TestCastExamples(t *testing.T) {
	for _, e := range castExamples {
		t.Run(e.SQL, func(t *testing.T) { check(t, e) })
	}
}

func check(t *testing.T, e fn.Example) {
	t.Helper()
	if got := evaluate(t, e.SQL); got != e.Want {
		t.Errorf("%s = %s, PyFlink has %s", e.SQL, got, e.Want)
	}
}

// evaluate binds an expression and computes CAST(… AS STRING) of it; "error"
// for one whose evaluation fails.
func evaluate(t *testing.T, text string) string {
	t.Helper()
	e := bound(t, "SELECT "+text)
	if e.Type().Nested() {
		e = bound(t, "SELECT CAST("+text+" AS STRING)")
	}
	d, err := compute(e)
	if err != nil {
		return "error"
	}
	if d.Null {
		return "NULL"
	}
	return stringOf(t, d, e.Type())
}

func bound(t *testing.T, query string) ir.Expr {
	t.Helper()
	var ds diag.List
	stmts, faults := sql.Parse(query, nil)
	if len(faults) > 0 {
		t.Fatal(faults[0])
	}
	rel := bind.NewSession(&ds).Execute(stmts[0]).Query
	if ds.HasErrors() {
		t.Fatal(query, ds.Sorted()[0])
	}
	return ir.MapExpr(rel.(*ir.Project).Columns[0], opt.Fold)
}

func stringOf(t *testing.T, d val.Datum, typ types.Type) string {
	t.Helper()
	switch typ.Kind {
	case types.Float:
		return string(val.AppendFloat(nil, float32(d.Float())))
	case types.Double:
		return string(val.AppendDouble(nil, d.Float()))
	case types.Decimal:
		return ir.NewConst(typ, d.Decimal().Big(), diag.Pos{}).Literal()
	case types.Date:
		return string(val.AppendDate(nil, val.Date(d.Int())))
	case types.Time:
		return string(val.AppendTime(nil, val.Time(d.Int()), typ.Precision))
	case types.Timestamp, types.TimestampLTZ:
		return string(val.AppendTimestamp(nil, d.Timestamp(), typ.Precision))
	case types.IntervalYearMonth:
		return string(val.AppendMonths(nil, val.Months(d.Int())))
	case types.IntervalDayTime:
		return string(val.AppendMillis(nil, val.Millis(d.Int())))
	case types.Boolean:
		return fn.BoolToText(d.Bool())
	}
	if typ.Integer() {
		return strconv.FormatInt(d.Int(), 10)
	}
	return d.Text()
}

// Recorded from PyFlink 1.20.1, texts from a column and not as constants.
var castExamples = []fn.Example{
	{"CAST(300 AS TINYINT)", "44"},
	{"CAST(CAST(1.9e0 AS DOUBLE) AS INT)", "1"},
	{"CAST(-1.9e0 AS INT)", "-1"},
	{"CAST(1e20 AS INT)", "2147483647"},
	{"CAST(1e20 AS TINYINT)", "-1"},
	{"CAST(300.7e0 AS TINYINT)", "44"},
	{"CAST(CAST('NaN' AS DOUBLE) AS INT)", "0"},
	{"CAST(-1e20 AS SMALLINT)", "0"},
	{"CAST(1e20 AS BIGINT)", "9223372036854775807"},
	{"CAST(16777217 AS FLOAT)", "1.6777216E7"},
	{"CAST(1e300 AS FLOAT)", "Infinity"},
	{"CAST(9007199254740993 AS DOUBLE)", "9.007199254740992E15"},
	{"CAST(TRUE AS STRING)", "TRUE"},
	{"CAST(7 AS STRING)", "7"},
	{"CAST(-9223372036854775807 AS STRING)", "-9223372036854775807"},
	{"CAST('12' AS INT)", "12"},
	{"CAST(' 12 ' AS INT)", "12"},
	{"CAST('+12' AS INT)", "12"},
	{"CAST('12.7' AS INT)", "12"},
	{"CAST('-12.7' AS BIGINT)", "-12"},
	{"CAST('12.' AS INT)", "12"},
	{"CAST('.5' AS INT)", "0"},
	{"CAST('.' AS INT)", "0"},
	{"CAST('-.' AS TINYINT)", "0"},
	{"CAST('-2147483648' AS INT)", "-2147483648"},
	{"CAST('2147483648' AS INT)", "error"},
	{"CAST('128' AS TINYINT)", "error"},
	{"CAST('9223372036854775807' AS BIGINT)", "9223372036854775807"},
	{"CAST('9223372036854775808' AS BIGINT)", "error"},
	{"CAST('' AS INT)", "error"},
	{"CAST('-' AS INT)", "error"},
	{"CAST('- 1' AS INT)", "error"},
	{"CAST('--1' AS INT)", "error"},
	{"CAST('1e3' AS INT)", "error"},
	{"CAST('1.x' AS INT)", "error"},
	{"CAST('1_000' AS INT)", "error"},
	{"CAST('0x10' AS INT)", "error"},
	{"CAST('١٢' AS INT)", "error"},
	{"CAST('\t12' AS INT)", "error"},
	{"TRY_CAST('x' AS INT)", "NULL"},
	{"TRY_CAST('12.7' AS INT)", "12"},
	{"CURRENT_DATABASE()", "default_database"},
	{"TYPEOF(GREATEST(CAST(1 AS FLOAT), CAST(2.5 AS DOUBLE)))", "DOUBLE NOT NULL"},
	{"TYPEOF(GREATEST(CAST(1 AS DECIMAL(5, 2)), CAST(2.5 AS FLOAT)))", "FLOAT NOT NULL"},
	{"LEAST(CAST(1 AS FLOAT), CAST(2.5 AS DOUBLE))", "1.0"},
	{"TYPEOF(1)", "INT NOT NULL"},
	{"TYPEOF(NULL)", "NULL"},
	{"TYPEOF(CAST(NULL AS STRING), FALSE)", "STRING"},
	{"TYPEOF(ARRAY[1, 2], TRUE)", "ARRAY<INT NOT NULL> NOT NULL"},
	{"TYPEOF(ROW(1, 'a'))", "ROW<`EXPR$0` INT NOT NULL, `EXPR$1` CHAR(1) NOT NULL> NOT NULL"},
	{"CAST('1.5' AS DOUBLE)", "1.5"},
	{"CAST(' 1.5 ' AS DOUBLE)", "1.5"},
	{"CAST('\t12' AS DOUBLE)", "12.0"},
	{"CAST('1.5d' AS DOUBLE)", "1.5"},
	{"CAST('1F' AS DOUBLE)", "1.0"},
	{"CAST('Infinity' AS DOUBLE)", "Infinity"},
	{"CAST('-Infinity' AS FLOAT)", "-Infinity"},
	{"CAST('NaN' AS DOUBLE)", "NaN"},
	{"CAST('inf' AS DOUBLE)", "error"},
	{"CAST('nan' AS DOUBLE)", "error"},
	{"CAST('0x1p3' AS DOUBLE)", "8.0"},
	{"CAST('0x10' AS DOUBLE)", "error"},
	{"CAST('1_0' AS DOUBLE)", "error"},
	{"CAST('1e400' AS DOUBLE)", "Infinity"},
	{"CAST('1e-400' AS DOUBLE)", "0.0"},
	{"CAST('+1.5' AS DOUBLE)", "1.5"},
	{"CAST('5.' AS DOUBLE)", "5.0"},
	{"CAST('.5' AS DOUBLE)", "0.5"},
	{"CAST('.' AS DOUBLE)", "error"},
	{"CAST('' AS DOUBLE)", "error"},
	{"CAST('1,5' AS DOUBLE)", "error"},
	{"CAST('2147483647' AS FLOAT)", "2.14748365E9"},
	{"CAST(DATE '2020-01-02' AS STRING)", "2020-01-02"},
	{"CAST('1:2:3' AS TIME)", "01:02:03"},
	{"CAST('2020-2-9' AS TIMESTAMP(3))", "2020-02-09 00:00:00.000"},
	{"CAST(CAST('1960-02-09 01:02:03.129' AS TIMESTAMP(6)) AS TIMESTAMP(2))", "1960-02-09 01:02:03.13"},
	{"CAST(CAST('1960-02-09 01:02:03.1299999' AS TIMESTAMP(9)) AS TIMESTAMP(5))", "1960-02-09 01:02:03.12999"},
	{"CAST(CAST('1960-02-09 01:02:03.1299999' AS TIMESTAMP(9)) AS DATE)", "1960-02-10"},
	{"CAST(CAST('1960-02-09 01:02:03.1299999' AS TIMESTAMP(9)) AS TIME)", "01:02:03"},
	{"CAST(CAST('01:02:03' AS TIME) AS TIMESTAMP(3))", "1970-01-01 01:02:03.000"},
	{"CAST(INTERVAL '13' HOUR AS STRING)", "+0 13:00:00.000"},
	{"CAST('2020-02-30' AS DATE)", "error"},
	{"TRY_CAST('1 02:03:04' AS DATE)", "0001-01-01"},
	{"TRY_CAST('x' AS TIMESTAMP)", "NULL"},
	{"CAST('2020-02-09' AS DATE) = '2020-2-9 foo'", "TRUE"},
	{"TIMESTAMP '2020-02-09 00:00:00' = '2020-02-09'", "TRUE"},
	{"INTERVAL '1' YEAR = INTERVAL '12' MONTH", "TRUE"},
}

// Java's letters, each with its upper and lower case as PyFlink gave them.
func TestCasing(t *testing.T) {
	arena := val.NewArena()
	for _, c := range []struct{ text, upper, lower string }{
		{"", "", ""},
		{"aBc", "ABC", "abc"},
		{"straße", "STRASSE", "straße"},
		{"ǆ", "Ǆ", "ǆ"},
		{"ﬁ", "FI", "ﬁ"},
		{"ı", "I", "ı"},
		{"İ", "İ", "i̇"},
		{"ΑΣ", "ΑΣ", "ας"},
		{"ΑΣ Β", "ΑΣ Β", "ας β"},
		{"Σ", "Σ", "σ"},
		{"ΑΣ.", "ΑΣ.", "ας."},
		{"ΑΣΑ", "ΑΣΑ", "ασα"},
		{"ŉ", "ʼN", "ŉ"},
		{"\u0390", "\u0399\u0308\u0301", "\u0390"},
		{"ᾳ", "ΑΙ", "ᾳ"},
		{"ᾼ", "ΑΙ", "ᾳ"},
		{"ǰ", "J̌", "ǰ"},
		{"𐐨", "𐐀", "𐐨"},
		{"北京Ab", "北京AB", "北京ab"},
	} {
		if got := fn.Upper(arena, c.text); got != c.upper {
			t.Errorf("UPPER(%q) = %q, PyFlink has %q", c.text, got, c.upper)
		}
		if got := fn.Lower(arena, c.text); got != c.lower {
			t.Errorf("LOWER(%q) = %q, PyFlink has %q", c.text, got, c.lower)
		}
	}
}

// What makes new bytes makes them in the arena.
func TestTextIsMadeInTheArena(t *testing.T) {
	arena := val.NewArena()
	arena.Alloc(1)
	for name, f := range map[string]func(){
		"UPPER": func() { fn.Upper(arena, "straße") }, "LOWER": func() { fn.Lower(arena, "ΑΣ") },
		"||": func() { fn.Concat(arena, "a", "b") }, "CAST": func() { fn.IntToText(arena, int64(123456)) },
		"DATE_FORMAT": func() {
			if _, err := fn.FormatTimestamp(arena, val.Timestamp{}, "yyyy-MM-dd HH:mm:ss.SSS"); err != nil {
				t.Error(err)
			}
		},
		"CAST of TIMESTAMP": func() { fn.TimestampToText(arena, val.Timestamp{}, val.Shape{Precision: 9}, val.Shape{}) },
	} {
		if n := testing.AllocsPerRun(100, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestDeclarations walks all functions: each is found by its names, and says
// what it does.
func TestDeclarations(t *testing.T) {
	for _, d := range list.All {
		if d.Doc == "" || len(d.Overloads) == 0 {
			t.Errorf("%s has no doc or no overload", d.Name)
		}
		for _, name := range append([]string{d.Name}, d.Aliases...) {
			if found, ok := list.Lookup(name); !ok || found.Name != d.Name {
				t.Errorf("%s isn't found as %s", d.Name, name)
			}
		}
		for i, o := range d.Overloads {
			if (o.Null == fn.Strict || o.Null == fn.Called) != (len(o.Impls) > 0) {
				t.Errorf("overload %d of %s: the null rule and the implementations don't agree", i, d.Name)
			}
		}
	}
}
