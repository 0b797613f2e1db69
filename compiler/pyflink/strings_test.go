package pyflink

import (
	"strings"
	"testing"

	"pyfc/ir/diag"
)

// stringExpressions are what PyFlink 1.10.3 and 1.11.4 take and refuse in
// string expressions: the columns of select, "name TYPE" without nullability,
// or the code of the refusal.
var stringExpressions = []struct{ expr, want string }{
	{"a.count", "EXPR$0 BIGINT"}, {"count(a)", "EXPR$0 BIGINT"}, {"COUNT(a)", "EXPR$0 BIGINT"}, {"Count(a)", "EXPR$0 BIGINT"},
	{"a.count.distinct", "EXPR$0 BIGINT"}, {"count.distinct(a)", "EXPR$0 BIGINT"}, {"a.sum.distinct", "EXPR$0 INT"},
	{"sum(b) * 1.0 / sum(a)", "_c0 DOUBLE"}, {"sum(b) / sum(b)", "_c0 BIGINT"}, {"avg(b)", "EXPR$0 BIGINT"},
	{"sum(a) as s, count(b)", "s INT, EXPR$1 BIGINT"},
	{"a as z", "z INT"}, {"a AS z", "z INT"}, {"a As z", "z INT"}, {"a.as(z)", "z INT"}, {"a.as('z')", "z INT"}, {"a as (z, y)", "z INT"},
	{"a + 1", "_c0 INT"}, {"a, a + 1", "a INT, _c1 INT"}, {"-a", "_c0 INT"}, {"+a", "_c0 INT"}, {"a % 2", "_c0 INT"}, {"mod(a, 2)", "_c0 INT"},
	{"7 / 2", "_c0 INT"}, {"7 / 2.0", "_c0 DOUBLE"}, {"1.5", "_c0 DOUBLE"}, {"1e3", "_c0 DOUBLE"}, {"1.0f", "_c0 FLOAT"}, {"1.0d", "_c0 DOUBLE"},
	{"3L", "_c0 BIGINT"}, {"2.5p", "_c0 DECIMAL(2, 1)"}, {"2147483648", "BND010"},
	{"'x' + a", "_c0 STRING"}, {"'it''s'", "_c0 CHAR(4)"}, {`"x"`, "_c0 CHAR(1)"},
	{"a === 1", "_c0 BOOLEAN"}, {"a == 1", "_c0 BOOLEAN"}, {"a = 1", "_c0 BOOLEAN"}, {"a <> 1", "_c0 BOOLEAN"}, {"a !== 1", "_c0 BOOLEAN"}, {"a != 1", "_c0 BOOLEAN"},
	{"a > 1 && b < 2L || !f", "_c0 BOOLEAN"}, {"true", "_c0 BOOLEAN"}, {"TRUE", "_c0 BOOLEAN"}, {"True", "_c0 BOOLEAN"},
	{"a.cast(LONG)", "a-BIGINT BIGINT"}, {"cast(b, INT)", "b-INT INT"}, {"a.cast(STRING)", "a-STRING STRING"},
	{"a.isNull", "_c0 BOOLEAN"}, {"isNull(a)", "_c0 BOOLEAN"}, {"*", "a INT, b BIGINT, d DOUBLE, x STRING, f BOOLEAN, ts TIMESTAMP(3)"},
	{"(a > 1).?(b, 4L)", "_c0 BIGINT"}, {"ifThenElse(a > 1, b, b)", "_c0 BIGINT"}, {"Null(INT)", "_c0 INT"}, {"nullOf(INT)", "_c0 INT"},
	{"a.in(1,2)", "_c0 BOOLEAN"}, {"a.between(1,2)", "_c0 BOOLEAN"}, {"x.like('q%')", "_c0 BOOLEAN"},
	{"x.upperCase", "_c0 STRING"}, {"upperCase(x)", "_c0 STRING"}, {"x.substring(1,1)", "_c0 STRING"}, {"round(d,1)", "_c0 DOUBLE"},
	{"ts.floor(HOUR)", "_c0 TIMESTAMP(3)"}, {"ts.extract(YEAR)", "_c0 BIGINT"}, {"'2020-01-01'.toDate", "_c0 DATE"},
	{"array(1,2)", "_c0 ARRAY<INT>"}, {"array(1,2).at(1)", "_c0 INT"}, {"map('k',1).at('k')", "_c0 INT"}, {"row(1,2)", "_c0 ROW<`EXPR$0` INT, `EXPR$1` INT>"},
	{"withColumns(1 to 2)", "a INT, b BIGINT"}, {"withColumns(a to x)", "a INT, b BIGINT, d DOUBLE, x STRING"}, {"withoutColumns(3 to 6)", "a INT, b BIGINT"},
	{"a,\n  b", "a INT, b BIGINT"},
	{"a.stddevPop", "EXPR$0 INT"}, {"a.stddevPop, stddevPop(a)", "BND006"}, {"a, *", "BND006"},
	{"nope(a, 1)", "BND003"}, {"a ? b : b", "SQL001"},
	{"a = 1 and b = 2", "SQL001"}, {"a = 1 or b = 2", "SQL001"}, {"not f", "SQL001"}, {"a is null", "SQL001"}, {"a in (1, 2)", "SQL001"},
	{"a between 1 and 2", "SQL001"}, {"x like 'q%'", "SQL001"}, {"count(distinct a)", "SQL001"},
	{"cast(b, 'INT')", "SQL001"}, {"cast(b, BIGINT)", "BND009"}, {"a.cast(VARCHAR)", "BND009"},
	{"x || 'y'", "BND005"}, {"`a`", "SQL001"}, {"a[1]", "SQL001"}, {"a,", "SQL001"}, {"a b", "SQL001"}, {"", "SQL001"}, {"A", "BND002"},
	{"sum(a) as s, s + 1", "BND002"},
	{"a.sum, sum(b), d.max", "EXPR$0 INT, EXPR$1 BIGINT, EXPR$2 DOUBLE"}, {"a.stddevPop, stddevPop(a)", "BND006"},
	{"1 + a, 'z', b", "_c0 INT, _c1 CHAR(1), b BIGINT"}, {"*, a + 1 as z", "a INT, b BIGINT, d DOUBLE, x STRING, f BOOLEAN, ts TIMESTAMP(3), z INT"}, {"a, *", "BND006"},
	{"10.minutes", "_c0 INTERVAL DAY TO SECOND"}, {"1.hour", "_c0 INTERVAL DAY TO SECOND"}, {"1.day", "_c0 INTERVAL DAY TO SECOND"},
	{"3.months", "_c0 INTERVAL YEAR TO MONTH"}, {"5.millis", "_c0 INTERVAL DAY TO SECOND"}, {"ts + 1.day", "_c0 TIMESTAMP(3)"}, {"ts - 2.hours", "_c0 TIMESTAMP(3)"},
	{"a.cast(BYTE), a.cast(SHORT) as s, a.cast(FLOAT) as f1, a.cast(DOUBLE) as d1", "a-TINYINT TINYINT, s SMALLINT, f1 FLOAT, d1 DOUBLE"},
	{"x.cast(SQL_TIMESTAMP)", "x-TIMESTAMP(3) TIMESTAMP(3)"}, {"x.cast(SQL_DATE)", "x-DATE DATE"}, {"cast(a, STRING)", "a-STRING STRING"},
	{"a.min, a.max, a.avg, a.sum0", "EXPR$0 INT, EXPR$1 INT, EXPR$2 INT, EXPR$3 INT"}, {"a.varSamp", "EXPR$0 INT"}, {"a.collect", "EXPR$0 MULTISET<INT>"},
	{"!(a > 1)", "_c0 BOOLEAN"}, {"!f && f", "_c0 BOOLEAN"}, {"f.isTrue || isFalse(f)", "_c0 BOOLEAN"}, {"a.isNotNull", "_c0 BOOLEAN"},
	{"a > 1 && (b < 2L || x === 'q')", "_c0 BOOLEAN"}, {"x.similar('q%')", "_c0 BOOLEAN"}, {"a.notBetween(1, 2)", "_c0 BOOLEAN"},
	{"x.lowerCase, x.charLength, x.trim, x.initCap", "_c0 STRING, _c1 INT, _c2 STRING, _c3 STRING"}, {"lower(x)", "_c0 STRING"},
	{"concat(x, 'y'), x + 'y'", "_c0 STRING, _c1 STRING"}, {"d.floor, floor(d), d.ceil", "_c0 DOUBLE, _c1 DOUBLE, _c2 DOUBLE"}, {"a.abs, abs(b), d.exp, d.sqrt", "_c0 INT, _c1 BIGINT, _c2 DOUBLE, _c3 DOUBLE"},
	{"ts.ceil(DAY)", "_c0 TIMESTAMP(3)"}, {"extract(ts, MONTH)", "_c0 BIGINT"}, {"'10:11:12'.toTime, '2020-01-01 10:11:12'.toTimestamp", "_c0 TIME(0), _c1 TIMESTAMP(3)"},
	{"map('k', 1, 'l', 2)", "_c0 MAP<CHAR(1), INT>"}, {"row(1, 'x').get(0)", "_c0 INT"}, {"row(1, 'x').flatten()", "_c0 INT, _c1 CHAR(1)"},
	{"withColumns(1 to 2, x)", "a INT, b BIGINT, x STRING"}, {"withoutColumns(a, b)", "d DOUBLE, x STRING, f BOOLEAN, ts TIMESTAMP(3)"},
	{"f.?(a, 1)", "_c0 INT"}, {"(a === 1).?('x', 'yyy')", "_c0 VARCHAR(3)"}, {"Null(STRING)", "_c0 STRING"}, {"(a, b)", "SQL001"},
	{"if(a > 1, b, b)", "BND003"}, {"(a > 1).if(b, b)", "BND003"}, {"a > 1 ? b : b", "SQL001"}, {"count(*)", "BND002"}, {"nofunction(a, 1)", "BND003"},
	{"cast(a, VARCHAR)", "BND009"}, {"a.cast(DECIMAL(10,2))", "SQL001"}, {"1e400", "BND010"}, {"10000000000", "BND010"}, {"10000000000L", "_c0 BIGINT"},
	{"coalesce(a, 1)", "BND003"}, {"ifnull(a, 1)", "BND003"}, {"date_format(ts, 'yyyy')", "BND003"}, {"char_length(x)", "BND003"},
	{"a * 2 / 3 - 1 % 2", "_c0 INT"}, {"-a + -1", "_c0 INT"}, {"(a + 1) * 2 as r, 'it''s' as q", "r INT, q CHAR(4)"}, {"a\n,\n  b", "a INT, b BIGINT"},
	{"a.count.distinct as n", "n BIGINT"}, {"a as (z)", "z INT"}, {"sum(a) + sum(b)", "_c0 BIGINT"}, {"a.in('x')", "BND005"},
	// which only made time attributes of the columns of a data stream
	{"a.rowtime", "BND007"}, {"a.proctime", "BND007"},
}

func TestStringExpressions(t *testing.T) {
	const head = tables + `t_env.execute_sql("CREATE TABLE st (a INT, b BIGINT, d DOUBLE, x STRING, f BOOLEAN, ts TIMESTAMP(3)) WITH ('connector' = 'datagen')")
t_env.from_path("src").select("a, b").insert_into("snk")
t_env.execute("x")
`
	for _, c := range stringExpressions {
		res := script(t, head+"t_env.from_path('st').select('''"+c.expr+" ''').print_schema()", nil)
		got := ""
		for _, a := range res.Job.Actions {
			if text, ok := a.Print.Const(); ok && a.Run == nil {
				lines := strings.Split(strings.TrimSpace(text), "\n")
				for i, l := range lines {
					lines[i] = strings.NewReplacer(" NOT NULL", "").Replace(strings.TrimSpace(l))
				}
				got = strings.Join(lines[1:len(lines)-1], " ")
			}
		}
		for _, d := range res.Diags {
			if d.Severity() == diag.Error {
				got = string(d.Code)
				break
			}
		}
		if strings.ReplaceAll(got, "`", "") != strings.ReplaceAll(c.want, "`", "") {
			t.Errorf("%s: got %s, want %s", c.expr, got, c.want)
		}
	}
}
