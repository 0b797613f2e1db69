package bind

import (
	"strings"
	"testing"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
)

const legacyTables = `
CREATE TABLE log (id VARCHAR, ip VARCHAR, took BIGINT, size BIGINT, uri VARCHAR) WITH (
 'connector.type' = 'kafka', 'connector.version' = 'universal', 'connector.topic' = 'log',
 'connector.properties.zookeeper.connect' = 'h:2181', 'connector.properties.bootstrap.servers' = 'h:9092',
 'format.type' = 'csv', 'format.ignore-parse-errors' = 'true');
CREATE TABLE stats (place VARCHAR, n BIGINT, total BIGINT, speed DOUBLE) WITH (
 'connector.type' = 'jdbc', 'connector.url' = 'jdbc:mysql://h:3306/db', 'connector.table' = 'stats',
 'connector.username' = 'u', 'connector.password' = 'p', 'connector.write.flush.interval' = '1s')`

const modernTables = `
CREATE TABLE log (id STRING, ip STRING, took BIGINT, size BIGINT, uri STRING) WITH (
 'connector' = 'kafka', 'topic' = 'log', 'properties.bootstrap.servers' = 'h:9092', 'properties.group.id' = 'g',
 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
CREATE TABLE stats (place STRING, n BIGINT, total BIGINT, speed DOUBLE, PRIMARY KEY (place) NOT ENFORCED) WITH (
 'connector' = 'jdbc', 'url' = 'jdbc:mysql://h:3306/db', 'table-name' = 'stats', 'username' = 'u', 'password' = 'p',
 'sink.buffer-flush.interval' = '1s')`

// job is a job of the flagship's shape: its tables, and what select and
// group_by get.
type job struct {
	tables                string
	project, keys, result []sql.Expr
}

func stringsOf(t *testing.T, text string) []sql.Expr {
	t.Helper()
	xs, ds := sql.ParseExpressions(text, nil)
	if len(ds) > 0 {
		t.Fatal(ds[0])
	}
	return xs
}

func legacyJob(t *testing.T) job {
	return job{legacyTables,
		stringsOf(t, "id, place_of(ip) as place, size, took"),
		stringsOf(t, "place"),
		stringsOf(t, "place, count(id) as n, sum(size) as total, sum(size) * 1.0 / sum(took) as speed")}
}

// modernJob is built as col("size").sum * 1.0 / col("took").sum builds it.
func modernJob() job {
	pos := diag.Pos{}
	col := func(name string) sql.Expr { return sql.Col(pos, name) }
	sum := func(name string) sql.Expr { return sql.Method(pos, "sum", col(name)) }
	speed := sql.Op(pos, sql.OpDiv, sql.Op(pos, sql.OpTimes, sum("size"), sql.Double(pos, 1)), sum("took"))
	return job{modernTables,
		[]sql.Expr{col("id"), sql.As(pos, sql.CallOf(pos, "place_of", col("ip")), "place"), col("size"), col("took")},
		[]sql.Expr{col("place")},
		[]sql.Expr{col("place"), sql.As(pos, sql.Method(pos, "count", col("id")), "n"),
			sql.As(pos, sum("size"), "total"), sql.As(pos, speed, "speed")}}
}

// optimised binds and optimises the job; it returns the plan below the sink
// and the sink's key.
func optimised(t *testing.T, j job) (string, ir.Key) {
	t.Helper()
	var ds diag.List
	s := NewSession(&ds)
	s.Register("place_of", &ir.UDF{Name: "place_of", Args: []types.Type{types.String()}, Result: types.String(), Deterministic: true})
	stmts, faults := sql.Parse(j.tables, nil)
	if len(faults) > 0 {
		t.Fatal(faults[0])
	}
	for _, st := range stmts {
		s.Execute(st)
	}
	path := func(name string) sql.Path { return sql.Path{Parts: []sql.Name{{Text: name}}} }
	rel := s.Select(s.From(path("log")), j.project, diag.Pos{})
	rel = s.GroupBy(rel, j.keys, diag.Pos{}).Select(j.result, diag.Pos{})
	sink := s.Insert(rel, path("stats"), diag.Pos{})
	if ds.HasErrors() {
		t.Fatal(render(ds.Sorted()))
	}
	if err := opt.Run([]*ir.Sink{sink}, &opt.Context{Diags: &ds}, nil); err != nil || ds.HasErrors() {
		t.Fatal(err, render(ds.Sorted()))
	}
	return ir.Print(sink.In), sink.Key
}

// The legacy form of a job and its modern twin differ in their tables only.
func TestTwinsHaveOnePlan(t *testing.T) {
	legacy, legacyKey := optimised(t, legacyJob(t))
	modern, modernKey := optimised(t, modernJob())
	if legacy != modern {
		t.Errorf("legacy:\n%s\nmodern:\n%s", legacy, modern)
	}
	if len(legacyKey) != 1 || legacyKey[0] != 0 || len(modernKey) != 1 || modernKey[0] != 0 {
		t.Errorf("keys %v and %v, want the first column", legacyKey, modernKey)
	}
	for _, want := range []string{"Bridge (place_of(", "SUM(size)", "speed DOUBLE", "Scan log connector=kafka [I] : (id STRING, ip STRING, took BIGINT, size BIGINT)"} {
		if !strings.Contains(legacy, want) {
			t.Errorf("the plan lacks %q:\n%s", want, legacy)
		}
	}
}
