package golden

import (
	"strings"
	"syscall"
	"testing"
)

// database tests what jobs say of tables and values that don't fit, and that a
// restart of the server does no harm.
func (w *live) database(t *testing.T) {
	t.Run("Misfits", w.misfits)
	t.Run("Values", w.values)
	t.Run("Trouble", w.trouble)
}

// misfits starts jobs whose sink can't be written as it is.
func (w *live) misfits(t *testing.T) {
	topic := w.topic(t, 1)
	w.maria.Exec(t, "CREATE USER guest@localhost IDENTIFIED BY 'guest'")
	fits := w.onMaria(t, "copied", "fits", "id BIGINT, k VARCHAR(50), amount BIGINT")
	other := w.onPostgres(t, "copied", "othercolumns", "id BIGINT, kk VARCHAR(50), amount VARCHAR(9)")
	for _, c := range []struct {
		name  string
		store *store
		args  []string
		code  int
		parts []string
	}{
		{"NoTable", fits, []string{"--set", "copied.table-name=nothing"}, 10, []string{"table copied", "no table nothing"}},
		{"OtherColumns", other, nil, 10, []string{"no column k", "amount", "othercolumns"}},
		{"Password", fits, []string{"--set", "copied.password=wr0ng-pa55word"}, 10, []string{"table copied", "Access denied"}},
		{"NotAllowed", fits, []string{"--set", "copied.username=guest", "--set", "copied.password=guest"}, 10, []string{"table copied", "denied"}},
		{"NoServer", fits, []string{"--set", "copied.url=jdbc:mysql://127.0.0.1:1/flink", "--set", "copied.connection.max-retry-timeout=1s"}, 12, []string{"table copied", "127.0.0.1:1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.program(t, "copy", topic, append(c.store.args, c.args...)...).run(t)
			wantFailure(t, got, c.code, c.parts...)
			if strings.Contains(got.stderr, "pa55word") || strings.Contains(got.stderr, "goroutine ") {
				t.Errorf("it says too much:\n%s", got.stderr)
			}
		})
	}
}

// values sends rows that a database refuses.
func (w *live) values(t *testing.T) {
	for _, c := range []struct {
		name    string
		store   func(*testing.T, string, string, string) *store
		columns string
		lines   []string
		parts   []string
	}{
		{"Infinity", w.onMaria, "k VARCHAR(50) PRIMARY KEY, ratio DOUBLE", []string{"0,a,1"}, []string{"column ratio", "Infinity", "'a'"}},
		{"NaN", w.onMaria, "k VARCHAR(50) PRIMARY KEY, ratio DOUBLE", []string{"0,a,0"}, []string{"column ratio", "NaN", "'a'"}},
		{"Latin1", w.onMaria, "k VARCHAR(50) CHARACTER SET latin1 PRIMARY KEY, ratio DOUBLE", []string{"1,北京市,1"}, []string{"column k", "北京市"}},
		{"TooLong", w.onMaria, "k VARCHAR(3) PRIMARY KEY, ratio DOUBLE", []string{"1,abcd,1"}, []string{"column k", "abcd"}},
		{"NotNull", w.onMaria, "k VARCHAR(50) PRIMARY KEY, ratio DOUBLE NOT NULL", []string{"1,fine,1", "1,a,"}, []string{"column ratio", "'a'"}},
		{"NotNullInPostgres", w.onPostgres, "k VARCHAR(50) PRIMARY KEY, ratio DOUBLE NOT NULL", []string{"1,a,"}, []string{"column ratio", "'a'"}},
		{"NullKey", w.onMaria, "k VARCHAR(50) PRIMARY KEY, ratio DOUBLE", []string{"1"}, []string{"column k", "NULL"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			topic := w.topic(t, 1)
			s := c.store(t, "vals", "vals_"+strings.ToLower(c.name), c.columns)
			p := w.program(t, "values", topic, s.args...).start(t)
			p.waitReady(t)
			w.produce(t, topic, 1, c.lines...)
			if code := p.code(t, runLimit); code != 13 {
				t.Errorf("exit code %d, want 13", code)
			}
			wantFailure(t, p.outcome(), 13, append(c.parts, "table vals")...)
		})
	}
	t.Run("InfinityInPostgres", func(t *testing.T) {
		topic := w.topic(t, 1)
		s := w.onPostgres(t, "vals", "vals_infinity", "k VARCHAR(50) PRIMARY KEY, ratio DOUBLE")
		p := w.program(t, "values", topic, s.args...).start(t)
		w.produce(t, topic, 1, "0,a,1", "0,b,0", "1,北京市,1")
		s.holds(t, p, []string{"a +Inf", "b NaN", "北京市 1"})
		p.kill()
	})
}

// trouble restarts the servers while jobs run.
func (w *live) trouble(t *testing.T) {
	topic := w.topic(t, partitions)
	stores := []*store{w.onMaria(t, "totals", "troubled", totalsColumns), w.onPostgres(t, "totals", "troubled", totalsColumns)}
	log := newLedger()
	var running []*process
	for _, s := range stores {
		p := w.program(t, "twin_sql", topic, s.args...).start(t, "--parallelism", "2")
		p.waitReady(t)
		running = append(running, p)
	}
	feed := func() { w.produce(t, topic, partitions, log.make(500)...) }
	feed()
	w.maria.Restart(t)
	w.pg.Restart(t)
	feed()
	for i, s := range stores {
		s.holds(t, running[i], log.totals())
	}
	for _, p := range running {
		if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
			t.Errorf("exit code %d", code)
		}
	}
}
