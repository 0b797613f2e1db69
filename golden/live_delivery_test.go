package golden

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pyfc/golden/cases"
)

// ledger makes lines for the table "lines" and keeps what they say.
type ledger struct {
	rand    *rand.Rand
	lines   int
	entries []entry
}

type entry struct {
	id     int
	k      string
	amount int64
	null   bool // there is no amount
}

func newLedger() *ledger { return &ledger{rand: rand.New(rand.NewSource(7))} }

// make makes n lines; some have too many columns and don't count.
func (l *ledger) make(n int) []string {
	out := make([]string, n)
	for i := range out {
		l.lines++
		e := entry{id: l.lines, k: fmt.Sprintf("group%d-%d", l.rand.Intn(7), l.rand.Intn(30)), amount: l.rand.Int63n(1000), null: l.rand.Intn(20) == 0}
		out[i] = fmt.Sprintf("%d,%s,%d", e.id, e.k, e.amount)
		if e.null {
			out[i] = fmt.Sprintf("%d,%s,", e.id, e.k)
		}
		if l.rand.Intn(50) == 0 {
			out[i] += ",more"
			continue
		}
		l.entries = append(l.entries, e)
	}
	return out
}

// totals, rare, counts and copied are the rows that the tables of the jobs
// must hold, the columns separated by blanks.

func (l *ledger) totals() []string {
	type total struct{ n, sum int64 }
	all := map[string]*total{}
	for _, e := range l.entries {
		name, _, _ := strings.Cut(e.k, "-")
		if all[name] == nil {
			all[name] = &total{}
		}
		all[name].n++
		if !e.null {
			all[name].sum += e.amount
		}
	}
	var out []string
	for name, t := range all {
		out = append(out, fmt.Sprint(name, " ", t.n, " ", t.sum, " ", number(float64(t.sum)/float64(t.n))))
	}
	return out
}

func (l *ledger) perKey() map[string]int {
	n := map[string]int{}
	for _, e := range l.entries {
		n[e.k]++
	}
	return n
}

func (l *ledger) rare() (out []string) {
	for k, n := range l.perKey() {
		if n <= 100 {
			out = append(out, fmt.Sprint(k, " ", n))
		}
	}
	return out
}

func (l *ledger) counts() (out []string) {
	ks := map[int]int{}
	for _, n := range l.perKey() {
		ks[n]++
	}
	for n, count := range ks {
		out = append(out, fmt.Sprint(n, " ", count))
	}
	return out
}

func (l *ledger) copied() (out []string) {
	for _, e := range l.entries {
		amount := "NULL"
		if !e.null {
			amount = number(float64(e.amount))
		}
		out = append(out, fmt.Sprint(e.id, " ", e.k, " ", amount))
	}
	return out
}

// number prints numbers alike, whatever a database makes of them.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// store is a database with a table of the sink.
type store struct {
	query func(testing.TB, string) [][]string
	exec  func(testing.TB, ...string)
	table string
	args  []string // --set options of the job's sink
}

// onMaria and onPostgres make a table for the sink of the name.
func (w *live) onMaria(t *testing.T, sink, table, columns string) *store {
	s := &store{query: w.maria.Query, exec: w.maria.Exec, table: "flink." + table, args: []string{
		"--set", sink + ".url=jdbc:mysql://" + w.maria.Addr() + "/flink?rewriteBatchedStatements=true", "--set", sink + ".table-name=" + table,
	}}
	s.exec(t, "CREATE TABLE "+s.table+" ("+columns+") CHARSET utf8mb4")
	return s
}

func (w *live) onPostgres(t *testing.T, sink, table, columns string) *store {
	s := &store{query: w.pg.Query, exec: w.pg.Exec, table: table, args: []string{
		"--set", sink + ".url=jdbc:postgresql://" + w.pg.Addr() + "/flink", "--set", sink + ".table-name=" + table,
		"--set", sink + ".username=postgres", "--set", sink + ".password=postgres",
	}}
	s.exec(t, "CREATE TABLE "+table+" ("+strings.ReplaceAll(columns, "DOUBLE", "DOUBLE PRECISION")+")")
	return s
}

// rows are those of the table, as the ledger prints them.
func (s *store) rows(t testing.TB) []string {
	var out []string
	for _, row := range s.query(t, "SELECT * FROM "+s.table) {
		for i, cell := range row {
			if v, err := strconv.ParseFloat(cell, 64); err == nil {
				row[i] = number(v)
			}
		}
		out = append(out, strings.Join(row, " "))
	}
	return out
}

// holds waits until the table holds the rows.
func (s *store) holds(t *testing.T, p *process, want []string) {
	t.Helper()
	p.until(t, func() string { return differ(want, s.rows(t)) })
}

const totalsColumns = "name VARCHAR(50) PRIMARY KEY, n BIGINT, total BIGINT, mean DOUBLE"

// delivery kills jobs in mid-run and lets them go on at another parallelism:
// the tables come out right.
func (w *live) delivery(t *testing.T) {
	for _, c := range []struct {
		job, sink, columns string
		want               func(*ledger) []string
	}{
		{"twin_api", "totals", totalsColumns, (*ledger).totals},
		{"twin_sql", "totals", totalsColumns, (*ledger).totals},
		{"rare", "rare", "k VARCHAR(50) PRIMARY KEY, n BIGINT", (*ledger).rare},
		{"counts", "counts", "n BIGINT PRIMARY KEY, ks BIGINT", (*ledger).counts},
	} {
		t.Run(c.job, func(t *testing.T) {
			topic := w.topic(t, partitions)
			stores := []*store{
				w.onMaria(t, c.sink, "delivered_"+c.job, c.columns),
				w.onPostgres(t, c.sink, "delivered_"+c.job, c.columns),
			}
			log := newLedger()
			jobs := make([]*program, len(stores))
			running := make([]*process, len(stores))
			for i, s := range stores {
				jobs[i] = w.program(t, c.job, topic, s.args...)
				running[i] = jobs[i].start(t, "--parallelism", "2")
			}
			for _, parallelism := range []string{"1", "3", "2"} {
				before := stores[0].rows(t)
				w.produce(t, topic, partitions, log.make(4000)...)
				running[0].until(t, func() string {
					if differ(before, stores[0].rows(t)) == "" {
						return "nothing changes in the table"
					}
					return ""
				})
				for i, j := range jobs { // in the middle of it
					workers := running[i].workers(t)
					running[i].kill()
					noneLeft(t, workers)
					running[i] = j.start(t, "--parallelism", parallelism)
				}
			}
			for i, s := range stores {
				s.holds(t, running[i], c.want(log))
			}
		})
	}
	t.Run("copy", w.copies)
	t.Run("files", w.files)
}

// files kills a job that writes files: what is visible in the end has every row
// once, and at no time one twice.
func (w *live) files(t *testing.T) {
	topic := w.topic(t, partitions)
	dir := filepath.Join(t.TempDir(), "filed")
	log := newLedger()
	job := w.program(t, "files", topic, "--set", "filed.path="+dir)
	written := func() []string {
		text, err := cases.SinkText(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		return strings.Fields(text)
	}
	p := job.start(t, "--parallelism", "2")
	for _, parallelism := range []string{"1", "3", "2"} {
		n := len(written())
		w.produce(t, topic, partitions, log.make(3000)...)
		p.until(t, func() string {
			if len(written()) == n {
				return "no file becomes visible"
			}
			return ""
		})
		p.kill() // in the middle of it
		p = job.start(t, "--parallelism", parallelism)
	}
	var want []string
	for _, e := range log.entries {
		amount := fmt.Sprint(e.amount)
		if e.null {
			amount = ""
		}
		want = append(want, fmt.Sprintf("%d,%s,%s", e.id, e.k, amount))
	}
	p.until(t, func() string { return differ(want, written()) })
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if d := differ(want, written()); d != "" {
		t.Errorf("after the stop: %s", d)
	}
}

// copies kills a job that appends: every row is there at least once, and no
// other.
func (w *live) copies(t *testing.T) {
	topic := w.topic(t, partitions)
	s := w.onPostgres(t, "copied", "copied", "id BIGINT, k VARCHAR(50), amount BIGINT")
	log := newLedger()
	job := w.program(t, "copy", topic, s.args...)
	p := job.start(t)
	distinct := func() []string {
		seen := map[string]bool{}
		var out []string
		for _, row := range s.rows(t) {
			if !seen[row] {
				seen[row] = true
				out = append(out, row)
			}
		}
		return out
	}
	for range 3 {
		n := len(s.rows(t))
		w.produce(t, topic, partitions, log.make(3000)...)
		p.until(t, func() string {
			if len(s.rows(t)) == n {
				return "no rows arrive"
			}
			return ""
		})
		p.kill()
		p = job.start(t)
	}
	p.until(t, func() string { return differ(log.copied(), distinct()) })
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	n := len(s.rows(t))
	p = job.start(t) // after an orderly stop nothing repeats
	w.produce(t, topic, partitions, log.make(10)...)
	p.until(t, func() string { return differ(log.copied(), distinct()) })
	if got := len(s.rows(t)); got > n+10 {
		t.Errorf("%d rows after a stop and ten new ones, want at most %d", got, n+10)
	}
}
