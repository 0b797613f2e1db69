package jdbc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pyfc/golden/services"
	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// stat is a row of the test's sinks. A province of "NULL" is NULL.
type stat struct {
	province string
	count    int64
	speed    float64
}

func writeStat(r *stat, w val.Writer) {
	if r.province == "NULL" {
		w.Null()
	} else {
		w.String(r.province)
	}
	w.Int64(r.count)
	w.Float64(r.speed)
}

var statColumns = []val.Column{
	{Name: "province", Type: "STRING", Expr: "ip_to_province(client_ip)"},
	{Name: "access_count", Type: "BIGINT", Expr: "count(uuid)"},
	{Name: "speed", Type: "DOUBLE", Expr: "sum(response_size) * 1.0 / sum(request_time)"},
}

// server is a database under test.
type server interface {
	Exec(t testing.TB, stmts ...string)
	Query(t testing.TB, query string) [][]string
	Addr() string
	Stop()
	Kill()
	Restart(t testing.TB)
}

type database struct {
	server
	scheme, user, password string
}

// each runs f against every database.
func each(t *testing.T, f func(t *testing.T, db database)) {
	t.Run("MariaDB", func(t *testing.T) {
		f(t, database{services.StartMariaDB(t, services.MariaDBOptions{}), "mysql", "root", "root"})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		f(t, database{services.StartPostgres(t, services.PostgresOptions{}), "postgresql", "postgres", "postgres"})
	})
}

// table declares a sink table; options are added in pairs.
func (db database) table(name string, key []int, options ...string) conn.Table {
	t := conn.Table{
		Name: name, Columns: statColumns, Key: key,
		Options: map[string]string{
			"connector": "jdbc", "url": "jdbc:" + db.scheme + "://" + db.Addr() + "/flink", "table-name": name,
			"username": db.user, "password": db.password, "sink.buffer-flush.interval": "0",
		},
	}
	for i := 0; i < len(options); i += 2 {
		t.Options[options[i]] = options[i+1]
	}
	return t
}

// task plays the task that runs a sink: one goroutine at a time.
type task struct {
	*Sink[stat]
	t    *testing.T
	mu   sync.Mutex
	pool stream.Pool[stat]
	log  logBuffer
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newTask(t *testing.T, table conn.Table) (*task, error) {
	k := &task{t: t}
	sub := &stream.Subtask{
		UID: "sink", Parallelism: 1, Count: new(stream.Counters), BatchSize: 100,
		Log: slog.New(slog.NewTextHandler(&k.log, nil)),
		Post: func(f func() error) {
			k.mu.Lock()
			defer k.mu.Unlock()
			if err := f(); err != nil {
				t.Errorf("posted: %v", err)
			}
		},
	}
	s, err := NewSink(sub, table, writeStat)
	if err != nil {
		return nil, err
	}
	k.Sink = s
	t.Cleanup(func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return k, s.Open(context.Background())
}

func mustTask(t *testing.T, table conn.Table) *task {
	t.Helper()
	k, err := newTask(t, table)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// change is a row with its kind.
type change struct {
	kind val.RowKind
	stat
}

func ins(p string, n int64) change { return change{val.Insert, stat{p, n, float64(n) / 2}} }
func upd(p string, n int64) change { return change{val.UpdateAfter, stat{p, n, float64(n) / 2}} }
func del(p string) change          { return change{val.Delete, stat{p, 0, 0}} }

func (k *task) process(changes ...change) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	b := k.pool.Get()
	b.Arena = val.NewArena()
	for _, c := range changes {
		r := b.AddKind(c.kind)
		*r = c.stat
		r.province = b.Arena.Concat(c.province) // a view, as in a job
	}
	return k.Process(b)
}

func (k *task) must(changes ...change) {
	k.t.Helper()
	if err := k.process(changes...); err != nil {
		k.t.Fatal(err)
	}
}

func (k *task) barrier() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.Control(stream.Control{Kind: stream.Barrier})
}

func (k *task) mustBarrier() {
	k.t.Helper()
	if err := k.barrier(); err != nil {
		k.t.Fatal(err)
	}
}

// content returns the table's rows, ordered, as "province=count".
func (db database) content(t testing.TB, table string) string {
	t.Helper()
	var out []string
	for _, r := range db.Query(t, "SELECT province, access_count FROM "+table) {
		out = append(out, r[0]+"="+r[1])
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (db database) want(t testing.TB, table, want string) {
	t.Helper()
	if got := db.content(t, table); got != want {
		t.Errorf("table %s holds %q, want %q", table, got, want)
	}
}

func (db database) create(t testing.TB, table, more string) {
	t.Helper()
	float := map[string]string{"mysql": "DOUBLE", "postgresql": "DOUBLE PRECISION"}[db.scheme]
	db.Exec(t, fmt.Sprintf("CREATE TABLE %s (province VARCHAR(50), access_count BIGINT, speed %s%s)", table, float, more))
}

func TestSink(t *testing.T) {
	each(t, func(t *testing.T, db database) {
		t.Run("Upsert", func(t *testing.T) { testUpsert(t, db) })
		t.Run("CompositeKey", func(t *testing.T) { testCompositeKey(t, db) })
		t.Run("NullKey", func(t *testing.T) { testNullKey(t, db) })
		t.Run("Append", func(t *testing.T) { testAppend(t, db) })
		t.Run("Text", func(t *testing.T) { testText(t, db) })
		t.Run("Decimal", func(t *testing.T) { testDecimal(t, db) })
		t.Run("Times", func(t *testing.T) { testTimes(t, db) })
		t.Run("Interval", func(t *testing.T) { testInterval(t, db) })
		t.Run("Legacy", func(t *testing.T) { testLegacy(t, db) })
		t.Run("Refused", func(t *testing.T) { testRefused(t, db) })
		t.Run("Misfit", func(t *testing.T) { testMisfit(t, db) })
		t.Run("Deadlock", func(t *testing.T) { testDeadlock(t, db) })
		t.Run("Credentials", func(t *testing.T) { testCredentials(t, db) })
		t.Run("Restart", func(t *testing.T) { testRestart(t, db) }) // last: a crash
	})
}

func testUpsert(t *testing.T, db database) {
	db.create(t, "upsert", ", PRIMARY KEY (province)")
	k := mustTask(t, db.table("upsert", []int{0}, "sink.buffer-flush.max-rows", "3"))
	k.must(ins("a", 1), change{val.UpdateBefore, stat{"a", 1, 0}}, upd("a", 2), ins("b", 1))
	db.want(t, "upsert", "") // two keys of three
	k.must(ins("c", 1))
	db.want(t, "upsert", "a=2 b=1 c=1")
	k.must(upd("a", 3), del("b"), upd("c", 123456789))
	db.want(t, "upsert", "a=3 c=123456789")
	k.must(del("a"), ins("a", 7), ins("d", 1), del("d"))
	k.mustBarrier()
	db.want(t, "upsert", "a=7 c=123456789")
	k.must(change{val.UpdateBefore, stat{"c", 123456789, 0}}) // the +U was filtered away
	k.mustBarrier()
	db.want(t, "upsert", "a=7")
	if err := k.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatal(err)
	}
	if got := db.Query(t, "SELECT speed FROM upsert WHERE province = 'a'")[0][0]; got != "3.5" {
		t.Errorf("speed %s", got)
	}
}

func testCompositeKey(t *testing.T, db database) {
	db.create(t, "composite", ", PRIMARY KEY (access_count, province)")
	k := mustTask(t, db.table("composite", []int{0, 1}))
	k.must(ins("a", 1), ins("a", 2), ins("b", 1), del("c"))
	k.mustBarrier()
	db.want(t, "composite", "a=1 a=2 b=1")
	k.must(change{val.Delete, stat{"a", 2, 0}}, ins("it's", 1))
	k.mustBarrier()
	db.want(t, "composite", "a=1 b=1 it's=1")
}

// A key of NULL is deleted by IS NULL.
func testNullKey(t *testing.T, db database) {
	db.create(t, "nullkey", ", UNIQUE (province)")
	k := mustTask(t, db.table("nullkey", []int{0}))
	k.must(ins("NULL", 1), ins("a", 1))
	k.mustBarrier()
	db.want(t, "nullkey", "NULL=1 a=1")
	k.must(del("NULL"))
	k.mustBarrier()
	db.want(t, "nullkey", "a=1")
}

func testAppend(t *testing.T, db database) {
	db.create(t, "appended", "")
	k := mustTask(t, db.table("appended", nil, "sink.buffer-flush.max-rows", "0"))
	for range 30 {
		var rows []change
		for range 1000 {
			rows = append(rows, ins(strings.Repeat("x", 50), 1))
		}
		k.must(rows...)
	}
	k.mustBarrier()
	if got := db.Query(t, "SELECT COUNT(*) FROM appended")[0][0]; got != "30000" {
		t.Errorf("%s rows", got)
	}
	if err := k.process(upd("a", 1)); err == nil {
		t.Error("an update was accepted without a key")
	}
}

func testText(t *testing.T, db database) {
	db.create(t, "words", ", PRIMARY KEY (province)")
	k := mustTask(t, db.table("words", []int{0}))
	var want []string
	for i, s := range []string{"北京", "😀", `'; DROP TABLE words; --`, `\`, `\'`, `"`, "a\nb\tc", "%_", "", "`", "$1", "?", ":x", "é"} {
		k.must(ins(s, int64(i)))
		want = append(want, fmt.Sprintf("%s=%d", s, i))
	}
	k.mustBarrier()
	slices.Sort(want)
	db.want(t, "words", strings.Join(want, " "))
	for _, f := range []float64{0, math.Copysign(0, -1), 1.0 / 3, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e23, -123456.789} {
		if db.scheme == "mysql" && f == 0 && math.Signbit(f) {
			continue // a literal of MySQL has no negative zero
		}
		k.must(change{val.Insert, stat{"f", 1, f}})
		k.mustBarrier()
		var got float64
		if _, err := fmt.Sscan(db.Query(t, "SELECT speed FROM words WHERE province = 'f'")[0][0], &got); err != nil || math.Float64bits(got) != math.Float64bits(f) {
			t.Errorf("%g came back as %g, %v", f, got, err)
		}
	}
}

// testDecimal writes DECIMALs of up to 38 digits, as value and as key, and one
// that the database's column is too narrow for.
// testTimes writes dates and times, one of them as the key, into columns of
// their types and into a text.
func testTimes(t *testing.T, db database) {
	stamp := map[string]string{"mysql": "DATETIME(6)", "postgresql": "TIMESTAMP(6)"}[db.scheme]
	db.Exec(t, "CREATE TABLE times (at "+stamp+" PRIMARY KEY, d DATE, c TIME, text VARCHAR(40))")
	table := db.table("times", []int{0})
	kinds := []types.Type{{Kind: types.Timestamp, Precision: 6}, {Kind: types.Date}, {Kind: types.Time}, {Kind: types.Timestamp, Precision: 3}}
	for i, name := range []string{"at", "d", "c", "text"} {
		kinds[i].Nullable = true
		table.Columns = append(table.Columns[:i:i], val.Column{Name: name, Type: kinds[i].String()})
	}
	k := mustTask(t, table)
	at := val.Timestamp{Milli: -1, Nano: 999_000}
	k.write = func(r *stat, w val.Writer) {
		w.Datum(val.TimestampDatum(at), &kinds[0])
		w.Datum(val.IntDatum(val.Date(r.count)), &kinds[1])
		w.Datum(val.IntDatum(val.Time(45_296_789)), &kinds[2])
		w.Datum(val.TimestampDatum(val.Timestamp{Milli: 1_700_000_000_120}), &kinds[3])
	}
	k.must(ins("", 1), upd("", 19_000))
	k.mustBarrier()
	got := db.Query(t, "SELECT at, d, c, text FROM times")
	want := []string{"1969-12-31 23:59:59.999999", "2022-01-08", "12:34:56", "2023-11-14 22:13:20.12"}
	if len(got) != 1 || !slices.Equal(got[0], want) {
		t.Errorf("got %q, want %q", got, want)
	}
	table.Columns[1].Type = "TIMESTAMP(9)"
	if _, err := newTask(t, table); err == nil || !strings.Contains(err.Error(), "column d is TIMESTAMP(9)") {
		t.Errorf("TIMESTAMP(9): %v", err)
	}
}

func testDecimal(t *testing.T, db database) {
	db.Exec(t, "CREATE TABLE prices (province VARCHAR(50), access_count DECIMAL(38, 2) PRIMARY KEY, speed DECIMAL(38, 18))")
	table := db.table("prices", []int{1})
	table.Columns = []val.Column{{Name: "province", Type: "STRING"}, {Name: "access_count", Type: "DECIMAL(38, 2)"}, {Name: "speed", Type: "DECIMAL(38, 18)"}}
	k := mustTask(t, table)
	var price val.Decimal
	k.write = func(r *stat, w val.Writer) {
		w.String(r.province)
		w.Decimal(val.DecimalOf(r.count), 2)
		w.Decimal(price, 18)
	}
	parse := func(text string) {
		var fits bool
		var err error
		if price, fits, err = val.ParseDecimal(text, val.Shape{Precision: val.MaxPrecision, Scale: 18}); err != nil || !fits {
			t.Fatalf("%s: %v", text, err)
		}
	}
	for i, text := range []string{"0.000000000000000000", "99999999999999999999.999999999999999999", "-99999999999999999999.999999999999999999", "0.000000000000000001", "-1234.500000000000000000"} {
		parse(text)
		k.must(ins("before", int64(-i)), upd(text, int64(-i)))
		k.mustBarrier()
	}
	for _, r := range db.Query(t, "SELECT province, speed FROM prices") {
		if r[0] != r[1] {
			t.Errorf("%s came back as %s", r[0], r[1])
		}
	}
	if rows := db.Query(t, "SELECT province FROM prices WHERE access_count = -0.04"); len(rows) != 1 {
		t.Errorf("%d rows have the key", len(rows))
	}
	db.Exec(t, "CREATE TABLE narrow (province VARCHAR(50), access_count DECIMAL(38, 2), speed DECIMAL(5, 2))")
	table = db.table("narrow", nil)
	table.Columns = []val.Column{{Name: "province", Type: "STRING"}, {Name: "access_count", Type: "DECIMAL(38, 2)"}, {Name: "speed", Type: "DECIMAL(38, 18)"}}
	write := k.write
	k = mustTask(t, table)
	k.write = write
	parse("1000")
	k.must(ins("wide", 1))
	var bad *conn.BadData
	if err := k.barrier(); !errors.As(err, &bad) {
		t.Errorf("a value that is too large gives %v", err)
	}
}

func testInterval(t *testing.T, db database) {
	db.create(t, "timed", ", PRIMARY KEY (province)")
	k := mustTask(t, db.table("timed", []int{0}, "sink.buffer-flush.interval", "20ms"))
	for i := range 3 {
		k.must(upd("a", int64(i)))
		want := fmt.Sprintf("a=%d", i)
		for deadline := time.Now().Add(2 * time.Minute); db.content(t, "timed") != want; {
			if time.Now().After(deadline) {
				t.Fatalf("never %q", want)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}

func testLegacy(t *testing.T, db database) {
	db.create(t, "legacy", ", UNIQUE (province)")
	table := db.table("legacy", []int{0})
	table.Options = map[string]string{
		"connector.type": "jdbc", "connector.url": table.Options["url"], "connector.table": "legacy",
		"connector.username": db.user, "connector.password": db.password, "connector.write.flush.max-rows": "2",
	}
	k := mustTask(t, table)
	k.must(ins("a", 1), upd("a", 2))
	db.want(t, "legacy", "")
	k.must(ins("b", 1))
	db.want(t, "legacy", "a=2 b=1")
}

// testRefused checks that a row that the database won't take fails the job at
// once, and that the error names row, column and expression.
func testRefused(t *testing.T, db database) {
	db.create(t, "refused", " NOT NULL, PRIMARY KEY (province)")
	long := strings.Repeat("x", 51)
	for _, c := range []struct {
		name  string
		row   change
		parts []string
	}{
		{"NullKey", ins("NULL", 1), []string{"column province", "(province) = (NULL)"}},
		{"TooLong", ins(long, 1), []string{"(province) = ('" + long + "')"}},
	} {
		k := mustTask(t, db.table("refused", []int{0}))
		k.must(ins("a", 1), ins("b", 1), ins("c", 1), c.row, ins("d", 1))
		start := time.Now()
		err := k.barrier()
		var bad *conn.BadData
		if !errors.As(err, &bad) {
			t.Errorf("%s: got %v", c.name, err)
			continue
		}
		for _, p := range append(c.parts, "table refused") {
			if !strings.Contains(err.Error(), p) {
				t.Errorf("%s: %q isn't in %q", c.name, p, err)
			}
		}
		if d := time.Since(start); d > time.Minute {
			t.Errorf("%s: failed after %v", c.name, d)
		}
	}
	db.want(t, "refused", "")
}

func testMisfit(t *testing.T, db database) {
	db.Exec(t, "CREATE TABLE misfit (province INT, count BIGINT, speed DATE, must INT NOT NULL, optional INT NOT NULL DEFAULT 1)")
	for _, c := range []struct {
		table string
		parts []string
	}{
		{"misfit", []string{"no column access_count (BIGINT)", "column province is int", "column speed is date", "column must"}},
		{"nowhere", []string{"has no table nowhere"}},
	} {
		_, err := newTask(t, db.table(c.table, []int{0}))
		var mis *conn.Misconfigured
		if !errors.As(err, &mis) {
			t.Errorf("%s: got %v", c.table, err)
			continue
		}
		for _, p := range c.parts {
			if !strings.Contains(err.Error(), p) {
				t.Errorf("%q isn't in %q", p, err)
			}
		}
		if diffs, _, _ := strings.Cut(err.Error(), "it is ("); strings.Contains(diffs, "optional") {
			t.Errorf("a column with a default is in %q", err)
		}
	}
}

// testDeadlock makes another session hold what the sink needs, and want what
// the sink holds: one of the two must go back, and both must come through.
func testDeadlock(t *testing.T, db database) {
	db.create(t, "locked", ", PRIMARY KEY (province)")
	db.Exec(t, "INSERT INTO locked VALUES ('a', 0, 0), ('b', 0, 0)")
	victim, other := mustTask(t, db.table("locked", []int{0})), mustTask(t, db.table("locked", []int{0}))
	session := func(k *task, stmt string) {
		t.Helper()
		if err := k.link.session.Exec(context.Background(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	session(other, "BEGIN")
	if db.scheme == "mysql" {
		// MariaDB goes back on who has changed less: make the other heavy.
		for i := range 50 {
			session(other, fmt.Sprintf("INSERT INTO locked VALUES ('z%d', 0, 0)", i))
		}
	} else {
		// Who has waited so long and then notices the circle goes back.
		session(victim, "SET deadlock_timeout = '6s'")
		session(other, "SET deadlock_timeout = '10min'")
	}
	session(other, "UPDATE locked SET access_count = 1 WHERE province = 'b'")
	done := make(chan error)
	go func() {
		if err := victim.process(upd("a", 5), upd("b", 5)); err != nil {
			done <- err
			return
		}
		done <- victim.barrier()
	}()
	waiting := map[string]string{
		"mysql":      "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'",
		"postgresql": "SELECT COUNT(*) FROM pg_locks WHERE NOT granted",
	}[db.scheme]
	for db.Query(t, waiting)[0][0] == "0" {
		select {
		case err := <-done:
			t.Fatalf("the sink didn't wait for the lock: %v", err)
		case <-time.After(150 * time.Millisecond): // InnoDB shows the same for 100 ms after each look
		}
	}
	session(other, "UPDATE locked SET access_count = 1 WHERE province = 'a'")
	session(other, "DELETE FROM locked WHERE province LIKE 'z%'")
	session(other, "COMMIT")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	db.want(t, "locked", "a=5 b=5")
	if !strings.Contains(strings.ToLower(victim.log.String()), "deadlock") {
		t.Errorf("no deadlock was met: %s", victim.log.String())
	}
}

// testCredentials provokes the errors that could show a password.
func testCredentials(t *testing.T, db database) {
	const secret = "s3cr3t/&?"
	closed := fmt.Sprintf("127.0.0.1:%d", services.FreePort(t))
	for _, options := range [][]string{
		{"password", secret},
		{"password", secret, "url", "jdbc:" + db.scheme + "://" + closed + "/flink?connectTimeout=1", "connection.max-retry-timeout", "1ms", "sink.max-retries", "0"},
		{"url", "jdbc:" + db.scheme + "://root:s3cr3t@" + db.Addr() + "/nowhere?password=s3cr3t"},
		{"url", "jdbc:" + db.scheme + "://root:s3cr3t@host:port/flink"},
		{"url", "jdbc:s3cr3t@host"},
		{"password", secret, "sink.buffer-flush.max-rows", "many"},
		{"password", secret, "url", "jdbc:" + db.scheme + "://" + db.Addr() + "/flink?connectTimeout=s3cr3t&socketTimeout=s3cr3t"},
	} {
		k, err := newTask(t, db.table("secret", []int{0}, options...))
		if err == nil {
			t.Errorf("%v: no error", options)
			continue
		}
		if strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%v: the error shows the password: %v", options, err)
		}
		if k != nil && strings.Contains(k.log.String(), "s3cr3t") {
			t.Errorf("%v: the log shows the password: %s", options, k.log.String())
		}
	}
}

func testRestart(t *testing.T, db database) {
	db.create(t, "restarted", ", PRIMARY KEY (province)")
	k := mustTask(t, db.table("restarted", []int{0}, "sink.max-retries", "0"))
	for i, down := range []func(){db.Stop, db.Kill} {
		k.must(upd("a", int64(i)))
		k.mustBarrier()
		down()
		done := make(chan error)
		go func() {
			k.must(upd("a", int64(i)+10))
			done <- k.barrier()
		}()
		select {
		case err := <-done:
			t.Fatalf("written into a stopped database: %v", err)
		case <-time.After(300 * time.Millisecond):
		}
		db.Restart(t)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		db.want(t, "restarted", fmt.Sprintf("a=%d", i+10))
		if n := strings.Count(k.log.String(), "level=WARN"); n != i+1 {
			t.Errorf("%d warnings after %d outages:\n%s", n, i+1, k.log.String())
		}
	}
}
