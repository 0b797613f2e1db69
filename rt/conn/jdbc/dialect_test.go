package jdbc

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pyfc/golden/services"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// TestMariaDB has what only MariaDB does.
func TestMariaDB(t *testing.T) {
	db := database{services.StartMariaDB(t, services.MariaDBOptions{Charset: "latin1", Args: []string{
		"--sql-mode=ANSI_QUOTES", "--max-allowed-packet=64K", "--init-connect=SET NAMES latin1",
	}}), "mysql", "root", "root"}
	t.Run("Text", func(t *testing.T) {
		db.Exec(t, "ALTER DATABASE flink CHARACTER SET utf8mb4")
		testText(t, db)
		db.Exec(t, "ALTER DATABASE flink CHARACTER SET latin1")
	})
	t.Run("Charset", func(t *testing.T) { testCharset(t, db) })
	t.Run("Infinity", func(t *testing.T) { testInfinity(t, db) })
	t.Run("Packets", func(t *testing.T) { testPackets(t, db) })
	t.Run("NoUniqueKey", func(t *testing.T) { testNoUniqueKey(t, db) })
}

// testCharset checks that text goes through a latin1 server unharmed, or is
// refused; ??? is never stored.
func testCharset(t *testing.T, db database) {
	db.create(t, "latin", ", PRIMARY KEY (province)")
	k := mustTask(t, db.table("latin", []int{0}))
	k.must(ins("é", 1))
	k.mustBarrier()
	db.want(t, "latin", "é=1")
	k.must(ins("a", 1), ins("b", 1), ins("北京", 1), ins("c", 1))
	err := k.barrier()
	var bad *conn.BadData
	if !errors.As(err, &bad) || bad.Column != "province" || bad.Expr != "ip_to_province(client_ip)" || bad.Row != "(province) = ('北京')" {
		t.Errorf("got %v", err)
	}
	db.want(t, "latin", "é=1")
}

func testInfinity(t *testing.T, db database) {
	db.create(t, "infinite", ", PRIMARY KEY (province)")
	for f, word := range map[float64]string{math.Inf(1): "Infinity", math.Inf(-1): "-Infinity", math.NaN(): "NaN"} {
		k := mustTask(t, db.table("infinite", []int{0}))
		err := k.process(ins("a", 1), change{val.UpdateAfter, stat{"b", 1, f}})
		want := "table infinite, column speed (sum(response_size) * 1.0 / sum(request_time)), row with (province) = ('b'): MySQL cannot store " + word
		var bad *conn.BadData
		if !errors.As(err, &bad) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// testPackets has more rows than one packet of 64 KiB holds, and then a row
// that no packet holds.
func testPackets(t *testing.T, db database) {
	db.Exec(t, "CREATE TABLE packets (province TEXT, access_count BIGINT, speed DOUBLE)")
	k := mustTask(t, db.table("packets", nil, "sink.buffer-flush.max-rows", "0"))
	for range 100 {
		k.must(ins(strings.Repeat("'", 5000), 1))
	}
	k.must(ins(strings.Repeat("x", 60_000), 1))
	k.mustBarrier()
	if got := db.Query(t, "SELECT COUNT(*), SUM(LENGTH(province)) FROM packets")[0]; got[0] != "101" || got[1] != "560000" {
		t.Errorf("%s rows of %s bytes", got[0], got[1])
	}
	k.must(ins(strings.Repeat("x", 70_000), 1))
	var bad *conn.BadData
	if err := k.barrier(); !errors.As(err, &bad) || !strings.Contains(err.Error(), "the server's limit is") || len(err.Error()) > 1000 {
		t.Errorf("got %v", err)
	}
}

func testNoUniqueKey(t *testing.T, db database) {
	db.create(t, "loose", "")
	k := mustTask(t, db.table("loose", []int{0}))
	if !strings.Contains(k.log.String(), "no unique index") {
		t.Errorf("no warning: %s", k.log.String())
	}
	k.must(ins("a", 1), upd("a", 2))
	k.mustBarrier()
	k.must(upd("a", 3))
	k.mustBarrier()
	db.want(t, "loose", "a=2 a=3") // as Flink: the table's own keys decide
	k.must(del("a"))
	k.mustBarrier()
	db.want(t, "loose", "")
}

// TestPostgres has what only PostgreSQL does.
func TestPostgres(t *testing.T) {
	db := database{services.StartPostgres(t, services.PostgresOptions{}), "postgresql", "postgres", "postgres"}
	t.Run("Infinity", func(t *testing.T) {
		db.create(t, "infinite", ", PRIMARY KEY (province)")
		k := mustTask(t, db.table("infinite", []int{0}))
		k.must(change{val.Insert, stat{"a", 1, math.Inf(1)}}, change{val.Insert, stat{"b", 1, math.NaN()}})
		k.mustBarrier()
		got := db.Query(t, "SELECT speed FROM infinite ORDER BY province")
		if got[0][0] != "Infinity" || got[1][0] != "NaN" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("NoUniqueKey", func(t *testing.T) {
		db.create(t, "loose", "")
		_, err := newTask(t, db.table("loose", []int{0}))
		var mis *conn.Misconfigured
		if !errors.As(err, &mis) || !strings.Contains(err.Error(), "unique index over (province)") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("Zero", func(t *testing.T) {
		db.create(t, "zero", "")
		err := mustTask(t, db.table("zero", nil)).process(ins("a\x00b", 1))
		if err == nil || !strings.Contains(err.Error(), "U+0000") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("Names", func(t *testing.T) {
		db.Exec(t, `CREATE SCHEMA "My"`, `CREATE TABLE "My"."Stat" (Province TEXT PRIMARY KEY, "Access_Count" BIGINT, SPEED FLOAT8)`)
		k := mustTask(t, db.table("My.Stat", []int{0}))
		k.must(ins("a", 1), upd("a", 2))
		k.mustBarrier()
		db.create(t, `"my-table"`, "")
		mustTask(t, db.table("my-table", nil))
		if got := db.Query(t, `SELECT "Access_Count" FROM "My"."Stat"`); len(got) != 1 || got[0][0] != "2" {
			t.Errorf("got %v", got)
		}
	})
}

// TestUnreachable checks that a start without a database ends, and how.
func TestUnreachable(t *testing.T) {
	db := database{scheme: "mysql", server: nowhere{services.FreePort(t)}}
	for _, scheme := range []string{"mysql", "postgresql"} {
		db.scheme = scheme
		_, err := newTask(t, db.table("t", []int{0}, "connection.max-retry-timeout", "200ms"))
		var un *conn.Unreachable
		if !errors.As(err, &un) || !strings.Contains(err.Error(), db.Addr()) {
			t.Errorf("%s: got %v", scheme, err)
		}
	}
}

// nowhere is a server that isn't there.
type nowhere struct{ port int }

func (nowhere) Exec(testing.TB, ...string)          {}
func (nowhere) Query(testing.TB, string) [][]string { return nil }
func (nowhere) Stop()                               {}
func (nowhere) Kill()                               {}
func (nowhere) Restart(testing.TB)                  {}
func (n nowhere) Addr() string                      { return fmt.Sprintf("127.0.0.1:%d", n.port) }
