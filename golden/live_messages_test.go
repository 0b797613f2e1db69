package golden

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// messages kills jobs that write topics in mid-run, and takes rows from databases.
func (w *live) messages(t *testing.T) {
	t.Run("Mirror", w.mirrors)
	t.Run("Upserts", w.upserts)
	t.Run("Transfer", w.transfers)
}

// contents are the values of the messages in a topic.
func (w *live) contents(t *testing.T, topic string, partitions int) (out []string) {
	t.Helper()
	for p := range partitions {
		for _, m := range w.kafka.Messages(t, topic, p) {
			out = append(out, string(m.Value))
		}
	}
	return out
}

// objects are the messages that a mirrored ledger becomes.
func (l *ledger) objects() (out []string) {
	for _, e := range l.entries {
		amount := "null"
		if !e.null {
			amount = fmt.Sprint(e.amount)
		}
		out = append(out, fmt.Sprintf(`{"id":%d,"k":"%s","amount":%s}`, e.id, e.k, amount))
	}
	return out
}

// mirrors kills a job that writes a topic: every row is there at least once, and
// no other; after an orderly stop nothing repeats.
func (w *live) mirrors(t *testing.T) {
	topic := w.topic(t, partitions)
	into := topic + "_out"
	w.kafka.CreateTopic(t, into, partitions)
	log := newLedger()
	job := w.program(t, "mirror", topic, "--set", "mirror.topic="+into, "--set", "mirror.properties.bootstrap.servers="+w.kafka.Addr())
	distinct := func() []string {
		all := slices.Sorted(slices.Values(w.contents(t, into, partitions)))
		return slices.Compact(all)
	}
	p := job.start(t, "--parallelism", "2")
	for _, parallelism := range []string{"1", "3", "2"} {
		n := len(w.contents(t, into, partitions))
		w.produce(t, topic, partitions, log.make(3000)...)
		p.until(t, func() string {
			if len(w.contents(t, into, partitions)) == n {
				return "no messages arrive"
			}
			return ""
		})
		p.kill()
		p = job.start(t, "--parallelism", parallelism)
	}
	p.until(t, func() string { return differ(log.objects(), distinct()) })
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	n := len(w.contents(t, into, partitions))
	p = job.start(t)
	w.produce(t, topic, partitions, log.make(10)...)
	p.until(t, func() string { return differ(log.objects(), distinct()) })
	if got := len(w.contents(t, into, partitions)); got > n+10 {
		t.Errorf("%d messages after a stop and ten new rows, want at most %d", got, n+10)
	}
	p.kill()
}

// upserts kills a job that writes a table's changes as messages, and one that
// makes a table of them: it comes out right.
func (w *live) upserts(t *testing.T) {
	topic := w.topic(t, partitions)
	into := topic + "_changes"
	w.kafka.CreateTopic(t, into, partitions)
	s := w.onMaria(t, "rare", "subscribed", "k VARCHAR(50) PRIMARY KEY, n BIGINT")
	log := newLedger()
	publish := w.program(t, "publish", topic, "--set", "published.topic="+into, "--set", "published.properties.bootstrap.servers="+w.kafka.Addr())
	subscribe := w.program(t, "subscribe", into, s.args...)
	from, to := publish.start(t, "--parallelism", "2"), subscribe.start(t, "--parallelism", "2")
	for _, parallelism := range []string{"1", "3", "2"} {
		before := s.rows(t)
		w.produce(t, topic, partitions, log.make(8000)...)
		to.until(t, func() string {
			if differ(before, s.rows(t)) == "" {
				return "nothing changes in the table"
			}
			return ""
		})
		from.kill()
		to.kill()
		from, to = publish.start(t, "--parallelism", parallelism), subscribe.start(t, "--parallelism", parallelism)
	}
	s.holds(t, to, log.rare())
	from.kill()
	to.kill()
}

// transfers takes rows of a table that the database chooses.
func (w *live) transfers(t *testing.T) {
	topic := w.topic(t, 1)
	const columns = "id BIGINT PRIMARY KEY, k VARCHAR(50), amount BIGINT"
	log := newLedger()
	log.make(500)
	var values, want []string
	for _, e := range log.entries {
		values = append(values, fmt.Sprintf("(%d, '%s', %d)", e.id, e.k, e.amount))
		if e.id > 10 && e.k != "group1-1" {
			want = append(want, fmt.Sprint(e.id, " ", e.k, " ", number(float64(e.amount))))
		}
	}
	for name, on := range map[string]func(*testing.T, string, string, string) *store{"MariaDB": w.onMaria, "PostgreSQL": w.onPostgres} {
		t.Run(name, func(t *testing.T) {
			from, to := on(t, "taken", "taken", columns), on(t, "copied", "transferred", columns)
			from.exec(t, "INSERT INTO "+from.table+" VALUES "+strings.Join(values, ", "))
			args := append(slices.Clone(from.args), to.args...)
			args = append(args, "--set", "taken.scan.partition.column=id", "--set", "taken.scan.partition.num=4",
				"--set", "taken.scan.partition.lower-bound=1", "--set", "taken.scan.partition.upper-bound=500")
			job := w.program(t, "transfer", topic, args...)
			job.args = job.args[6:] // it reads no topic
			if got := job.run(t, "--parallelism", "2"); got.code != 0 {
				t.Fatalf("exit code %d\n%s", got.code, got.stderr)
			}
			if diff := differ(want, to.rows(t)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
