package services

import (
	"slices"
	"testing"
)

// database is what every database server offers to tests.
type database interface {
	Exec(t testing.TB, stmts ...string)
	Query(t testing.TB, query string) [][]string
	Restart(t testing.TB)
	Kill()
}

// testRestarts checks that the server keeps its data and its port over a
// restart and over a crash.
func testRestarts(t *testing.T, db database) {
	db.Exec(t, "CREATE TABLE t (a INT PRIMARY KEY, b INT)", "INSERT INTO t VALUES (1, 7)")
	db.Restart(t)
	db.Exec(t, "INSERT INTO t VALUES (2, NULL)")
	db.Kill()
	db.Restart(t)
	got := db.Query(t, "SELECT a, b FROM t ORDER BY a")
	if want := [][]string{{"1", "7"}, {"2", "NULL"}}; !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMariaDB(t *testing.T) {
	m := StartMariaDB(t, MariaDBOptions{Charset: "latin1"})
	testRestarts(t, m)
	if got := m.Query(t, "SELECT @@character_set_server"); got[0][0] != "latin1" {
		t.Errorf("character set %s", got[0][0])
	}
}

func TestPostgres(t *testing.T) { testRestarts(t, StartPostgres(t, PostgresOptions{})) }
