package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/compiler"
	"pyfc/golden/services"
	"pyfc/ir/diag"
)

// reading tests where jobs begin and end to read a topic, and what they see of
// it.
func (w *live) reading(t *testing.T) {
	t.Run("StartModes", w.startModes)
	t.Run("GroupOffsets", w.groupOffsets)
	t.Run("Bounded", w.bounded)
	t.Run("NewPartition", w.newPartition)
	t.Run("Transactions", w.transactions)
	t.Run("Unreadable", w.unreadable)
}

// mode sets a start mode in both generations' spelling; rest are options
// without their prefix.
func mode(legacy bool, mode string, rest ...string) (args []string) {
	prefix := "lines.scan.startup."
	if legacy {
		prefix = "lines.connector.startup-"
	}
	args = []string{"--set", prefix + "mode=" + mode}
	for _, r := range rest {
		if legacy && strings.HasPrefix(r, "specific-offsets") {
			args = append(args, "--set", "lines.connector."+r)
			continue
		}
		args = append(args, "--set", prefix+r)
	}
	return args
}

// startModes starts jobs of both generations on two old messages in each of
// two partitions, and then sends a new one.
func (w *live) startModes(t *testing.T) {
	topic := w.topic(t, 2)
	w.produce(t, topic, 2, "a0", "b0", "a1", "b1")
	between := "timestamp-millis=" + fmt.Sprint(time.Now().Add(time.Minute).UnixMilli())
	var running []*process
	var wants [][]string
	for _, job := range []string{"show", "show_legacy"} {
		legacy := job == "show_legacy"
		all := []string{"+I[a0]", "+I[a1]", "+I[b0]", "+I[b1]", "+I[new]"}
		for _, c := range []struct {
			args []string
			want []string
		}{
			{mode(legacy, "earliest-offset"), all},
			{mode(legacy, "latest-offset"), []string{"+I[new]"}},
			{mode(legacy, "timestamp", "timestamp-millis=1"), all},
			{mode(legacy, "timestamp", between), []string{"+I[new]"}}, // there is no such message yet
			{mode(legacy, "specific-offsets", "specific-offsets=partition:0,offset:1;partition:1,offset:2"), []string{"+I[a1]", "+I[new]"}},
		} {
			running = append(running, w.program(t, job, topic, c.args...).start(t, "--parallelism", "1"))
			wants = append(wants, c.want)
		}
	}
	// The default of the old connector, without a group: what comes from now on.
	running = append(running, w.program(t, "show_legacy", topic).start(t))
	wants = append(wants, []string{"+I[new]"})
	for _, p := range running {
		p.waitReady(t)
	}
	w.produce(t, topic, 2, "new")
	for i, p := range running {
		p.shows(t, wants[i]...)
		if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
			t.Errorf("exit code %d", code)
		}
	}
}

// groupOffsets starts from the offsets of a group, which runs commit.
func (w *live) groupOffsets(t *testing.T) {
	script := `
from pyflink.table import EnvironmentSettings, TableEnvironment
t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE lines (v STRING) WITH ('connector'='kafka','topic'='t','properties.bootstrap.servers'='b:1','format'='csv')")
t_env.execute_sql("CREATE TABLE shown (v STRING) WITH ('connector'='print')")
t_env.execute_sql("INSERT INTO shown SELECT v FROM lines")
`
	res := compileText(t, script)
	if v := res.Verdict(); v != diag.Refused || !strings.Contains(fmt.Sprint(res.Diags.Sorted()), "Property group.id is required") {
		t.Errorf("without a group the job is %s: %v", v, res.Diags.Sorted())
	}
	topic := w.topic(t, 1)
	w.produce(t, topic, 1, "a", "b")
	job := w.program(t, "show", topic, "--set", "lines.properties.group.id="+topic)
	wantFailure(t, job.run(t), 10, "no offset to read partition", topic, "auto.offset.reset")
	p := job.start(t, "--set", "lines.properties.auto.offset.reset=earliest")
	p.shows(t, "+I[a]", "+I[b]")
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	w.produce(t, topic, 1, "c")
	p = job.start(t, "--restore", "none")
	p.shows(t, "+I[c]")
	p.kill()
}

// compileText compiles the text of a script.
func compileText(t *testing.T, script string) *compiler.Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "job.py")
	if err := os.WriteFile(path, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	return compiler.Compile(compiler.Request{Script: path})
}

// bounded reads a topic to its end as of now: the job ends, and its next start
// is a fresh one.
func (w *live) bounded(t *testing.T) {
	topic := w.topic(t, 2)
	w.produce(t, topic, 2, "a", "b", "c")
	job := w.program(t, "show", topic, append(mode(false, "earliest-offset"), "--set", "lines.scan.bounded.mode=latest-offset")...)
	for _, want := range [][]string{{"+I[a]", "+I[b]", "+I[c]"}, {"+I[a]", "+I[b]", "+I[c]", "+I[d]"}} {
		got := job.run(t)
		if diff := differ(want, printed(got.stdout)); got.code != 0 || diff != "" {
			t.Errorf("exit code %d, %s\n%s", got.code, diff, got.stderr)
		}
		w.produce(t, topic, 2, "d")
	}
}

// newPartition adds a partition to a topic that is being read.
func (w *live) newPartition(t *testing.T) {
	topic := w.topic(t, 1)
	job := w.program(t, "show", topic, mode(false, "latest-offset")...)
	p := job.start(t, "--parallelism", "2")
	p.waitReady(t)
	res, err := w.kafka.Client().CreatePartitions(t.Context(), &kafka.CreatePartitionsRequest{
		Topics: []kafka.TopicPartitionsConfig{{Name: topic, Count: 4}},
	})
	if err != nil || res.Errors[topic] != nil {
		t.Fatal(err, res)
	}
	w.produce(t, topic, 4, "a", "b", "c", "d")
	p.shows(t, "+I[a]", "+I[b]", "+I[c]", "+I[d]")
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

const transactionsProgram = "../rt/conn/kafka/testdata/Transactions.java"

// transactions reads what a transactional producer left.
func (w *live) transactions(t *testing.T) {
	topic := w.topic(t, 3)
	if out, err := w.kafka.Java(t, transactionsProgram, "write", w.kafka.Addr(), topic, "3").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, isolation := range []string{"read_committed", "read_uncommitted"} {
		job := w.program(t, "show", topic, append(mode(false, "earliest-offset"),
			"--set", "lines.scan.bounded.mode=latest-offset", "--set", "lines.properties.isolation.level="+isolation)...)
		got := job.run(t, "--parallelism", "1")
		if diff := differ(w.java(t, topic, isolation), printed(got.stdout)); got.code != 0 || diff != "" {
			t.Errorf("%s: exit code %d, %s\n%s", isolation, got.code, diff, got.stderr)
		}
	}
}

// java returns the values that Java's consumer sees, as the print sink shows
// them; a message without one is no row.
func (w *live) java(t *testing.T, topic, isolation string) (rows []string) {
	t.Helper()
	out, err := w.kafka.Java(t, transactionsProgram, "read", w.kafka.Addr(), topic, isolation).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); f[0] == "record" && f[3] != "NULL" {
			rows = append(rows, "+I["+f[3]+"]")
		}
	}
	return rows
}

// unreadable names a topic that isn't there, and a broker that isn't.
func (w *live) unreadable(t *testing.T) {
	got := w.program(t, "show", "nowhere").run(t)
	wantFailure(t, got, 10, "table lines", "the topic nowhere doesn't exist on "+w.kafka.Addr())
	closed := fmt.Sprintf("127.0.0.1:%d", services.FreePort(t))
	got = w.program(t, "show", "nowhere", "--set", "lines.properties.bootstrap.servers="+closed, "--set", "lines.properties.default.api.timeout.ms=500").run(t)
	wantFailure(t, got, 12, "table lines", closed, "refused")
	for _, kind := range []string{"panic", "goroutine"} {
		if slices.Contains(strings.Fields(got.stderr), kind) {
			t.Errorf("a stack trace:\n%s", got.stderr)
		}
	}
}
