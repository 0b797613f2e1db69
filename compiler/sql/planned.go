package sql

import (
	"strings"

	"pyfc/ir/diag"
)

// What is Flink SQL but isn't run yet is known here by name.

// plannedStatements are the statements by first words, the longest first.
var plannedStatements = []string{
	"ALTER CATALOG", "ALTER DATABASE", "ALTER FUNCTION", "ALTER MATERIALIZED TABLE", "ALTER TABLE", "ALTER VIEW",
	"ADD JAR", "ANALYZE TABLE", "BEGIN STATEMENT SET", "CALL", "COMPILE AND EXECUTE PLAN", "COMPILE PLAN",
	"CREATE CATALOG", "CREATE DATABASE", "CREATE MATERIALIZED TABLE", "CREATE OR REPLACE TABLE",
	"DELETE", "DESCRIBE", "DESC", "DROP CATALOG", "DROP DATABASE", "DROP MATERIALIZED TABLE",
	"EXECUTE STATEMENT SET", "EXECUTE PLAN", "EXPLAIN", "END", "INSERT OVERWRITE", "LOAD MODULE", "REMOVE JAR",
	"REPLACE TABLE", "RESET", "SHOW CATALOGS", "SHOW COLUMNS", "SHOW CREATE TABLE", "SHOW CREATE VIEW",
	"SHOW CREATE CATALOG", "SHOW CURRENT CATALOG", "SHOW CURRENT DATABASE", "SHOW DATABASES", "SHOW FULL MODULES",
	"SHOW FUNCTIONS", "SHOW JARS", "SHOW JOBS", "SHOW MODULES", "SHOW PARTITIONS", "SHOW PROCEDURES",
	"SHOW TABLES", "SHOW USER FUNCTIONS", "SHOW VIEWS", "STOP JOB", "TRUNCATE TABLE", "UNLOAD MODULE", "UPDATE",
	"USE CATALOG", "USE MODULES", "USE",
}

// plannedClauses are the clauses and operators of queries, by first words.
var plannedClauses = []string{
	"CROSS JOIN", "EXCEPT", "FETCH", "FOR SYSTEM_TIME AS OF", "FULL JOIN", "FULL OUTER JOIN", "INNER JOIN",
	"INTERSECT", "JOIN", "LATERAL", "LEFT JOIN", "LEFT OUTER JOIN", "LIMIT", "MATCH_RECOGNIZE", "MINUS",
	"NATURAL", "OFFSET", "ORDER BY", "OVER", "PIVOT", "RIGHT JOIN", "RIGHT OUTER JOIN", "TABLESAMPLE", "UNION",
	"UNNEST", "UNPIVOT", "WINDOW", "MEMBER OF", "SUBMULTISET OF", "MULTISET", "OVERLAPS", "CONTAINS", "WITH",
}

// plannedCalls are what a skipped clause may hold: functions that are part of
// a query's shape, and set quantifiers.
var plannedCalls = []string{
	"TUMBLE", "HOP", "CUMULATE", "SESSION", "GROUPING SETS", "ROLLUP", "CUBE", "EXISTS",
}

// groupWindows are the legacy window functions of GROUP BY.
var groupWindows = wordSet(`
	TUMBLE TUMBLE_START TUMBLE_END TUMBLE_ROWTIME TUMBLE_PROCTIME
	HOP HOP_START HOP_END HOP_ROWTIME HOP_PROCTIME
	SESSION SESSION_START SESSION_END SESSION_ROWTIME SESSION_PROCTIME`)

// planned reports something that is well-formed but isn't run yet.
func (p *parser) planned(start, end int, name string) {
	p.report(diag.SQLPlanned, start, end, "%s isn't supported yet", name).WithMissing("sql", name)
}

// plannedHere reports that the next token begins something planned, together
// with what is planned in the rest of the query, and bails out.
func (p *parser) plannedHere(name string) {
	t := p.tok()
	p.planned(t.start, t.end, name)
	p.skipPlanned(t.depth)
	panic(bailout{})
}

// plannedAhead reports whether the next tokens begin a planned clause; if so
// it is reported and skipped.
func (p *parser) plannedAhead() bool {
	t := p.tok()
	if p.inQuery == 0 {
		return false
	}
	if t.kind == tokOp && t.text == "/*+" {
		p.planned(t.start, t.end, "hint "+p.ahead(1).upper)
		p.skipPlanned(t.depth)
		return true
	}
	name := p.plannedName(plannedClauses)
	if name == "" {
		return false
	}
	p.planned(t.start, p.ahead(strings.Count(name, " ")).end, shortName(name))
	p.skipPlanned(t.depth)
	return true
}

// shortName drops the kind of a join: the part that is missing is JOIN.
func shortName(name string) string {
	if strings.HasSuffix(name, "JOIN") || name == "NATURAL" {
		return "JOIN"
	}
	return name
}

// plannedName returns the entry of a list whose words come next, or "".
func (p *parser) plannedName(names []string) string {
	if p.tok().kind != tokIdent {
		return ""
	}
	best := ""
	for _, n := range names {
		if len(n) > len(best) && p.atWords(strings.Fields(n)...) {
			best = n
		}
	}
	return best
}

// skipPlanned skips the rest of a planned clause, to the bracket that closes
// it or the end of the statement, and reports what else in it is planned, each
// name once.
func (p *parser) skipPlanned(depth int) {
	seen := map[string]bool{}
	for _, d := range p.diags.Sorted() {
		for _, m := range d.Missing {
			seen[m.Name] = true
		}
	}
	p.skipTo(func(t token) bool {
		if t.depth < depth || t.depth == 0 && t.text == ";" {
			return true
		}
		name := shortName(p.plannedName(plannedClauses))
		if call := p.plannedName(plannedCalls); call != "" && p.ahead(1+strings.Count(call, " ")).text == "(" {
			name = call
		}
		switch name {
		case "", "WITH", "CONTAINS": // parts of other clauses
		default:
			if !seen[name] {
				seen[name] = true
				p.planned(t.start, t.end, name)
			}
		}
		return false
	})
}
