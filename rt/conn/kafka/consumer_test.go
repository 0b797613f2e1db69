package kafka

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/golden/services"
	"pyfc/rt/conn"
	"pyfc/rt/state"
)

// run runs the Java program and returns what it prints.
func run(t testing.TB, k *services.Kafka, args ...string) []string {
	t.Helper()
	cmd := k.Java(t, "testdata/Transactions.java", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var lines []string
	for s := bufio.NewScanner(&stdout); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

// asJava compares what a source reads with what Java's consumer does.
func asJava(t *testing.T, k *services.Kafka, topic, isolation string) {
	t.Helper()
	java := func() []string { return run(t, k, "read", k.Addr(), topic, isolation) }
	sorted := func(lines []string) []string { return slices.Sorted(slices.Values(lines)) } // partitions come in any order
	for want := java(); ; {
		got, ends := all(t, k, topic, isolation)
		wrong := differences(got, ends, want)
		if len(wrong) == 0 {
			return
		}
		before := want
		if want = java(); slices.Equal(sorted(before), sorted(want)) { // else the broker has compacted the topic meanwhile
			t.Fatalf("%s: %s", isolation, strings.Join(wrong, "\n"))
		}
	}
}

// all reads a topic to its end: the records of each partition, and the positions at
// the end.
func all(t *testing.T, k *services.Kafka, topic, isolation string) (got map[string][]string, positions []*position) {
	t.Helper()
	s := opened(t, subtask(0, 1), table(k, topic, "scan.startup.mode", "earliest-offset", "scan.bounded.mode", "latest-offset", "properties.isolation.level", isolation), nil)
	got = map[string][]string{}
	for {
		var r conn.Records
		err := s.Poll(t.Context(), nil, &r, 1)
		if err == io.EOF {
			return got, s.positions
		}
		if err != nil {
			t.Fatal(err)
		}
		text := "NULL"
		if r.Values[0] != nil {
			text = string(r.Values[0])
		}
		p := s.current.sets[s.set].position // its next offset is behind the record
		got[fmt.Sprint(p.partition)] = append(got[fmt.Sprint(p.partition)], fmt.Sprint(p.next-1, " ", text))
		r.Arena.Release()
	}
}

// differences says how records and positions are others than those that Java's
// consumer printed.
func differences(got map[string][]string, ends []*position, java []string) (out []string) {
	want := map[string][]string{}
	positions := map[string]bool{}
	for _, line := range java {
		f := strings.SplitN(line, " ", 4)
		if f[0] == "position" {
			positions[f[1]+" "+f[2]] = true
			continue
		}
		want[f[1]] = append(want[f[1]], f[2]+" "+f[3])
	}
	if len(want) == 0 {
		out = append(out, "Java's consumer sees nothing")
	}
	for _, p := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(got[p], want[p]) {
			out = append(out, fmt.Sprintf("partition %s: got %d records, Java %d:\n%v\n%v", p, len(got[p]), len(want[p]), got[p], want[p]))
		}
	}
	for _, p := range ends {
		if !positions[fmt.Sprint(p.partition, " ", p.next)] {
			out = append(out, fmt.Sprintf("partition %d: the position at the end is %d, Java's are %v", p.partition, p.next, positions))
		}
	}
	return out
}

func TestTransactionsReadAsInJava(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "transactions", 3)
	run(t, k, "write", k.Addr(), "transactions", "3")
	asJava(t, k, "transactions", "read_committed")
	asJava(t, k, "transactions", "read_uncommitted")
}

func TestCompactedTopicReadsAsInJava(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "compacted", 1, "cleanup.policy", "compact", "segment.ms", "100", "min.cleanable.dirty.ratio", "0.01", "delete.retention.ms", "100", "max.compaction.lag.ms", "200")
	for round := range 8 {
		var records []produced
		for i := range 50 {
			r := produced{fmt.Appendf(nil, "key-%d", i*i%37), fmt.Appendf(nil, "value-%d-%d", round, i)}
			if i%7 == 0 {
				r.value = nil
			}
			records = append(records, r)
		}
		send(t, k, "compacted", 0, kafka.Compression(round%5), records...)
		time.Sleep(120 * time.Millisecond) // segments roll by time; only closed ones are compacted
	}
	deadline := time.Now().Add(3 * time.Minute)
	for {
		n := 0
		for _, line := range run(t, k, "read", k.Addr(), "compacted", "read_uncommitted") {
			if strings.HasPrefix(line, "record") {
				n++
			}
		}
		if n < 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the broker hasn't compacted the topic: %d records", n)
		}
	}
	asJava(t, k, "compacted", "read_uncommitted")
	asJava(t, k, "compacted", "read_committed")
}

func TestStartModes(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "modes", 2)
	produce(t, k, "modes", 0, 0, "a0", "a1", "a2")
	produce(t, k, "modes", 1, 0, "b0", "b1")
	time.Sleep(20 * time.Millisecond) // so that a timestamp lies between
	middle := time.Now().UnixMilli()
	time.Sleep(20 * time.Millisecond)
	produce(t, k, "modes", 0, 0, "a3", "a4")

	all := []string{"a0", "a1", "a2", "a3", "a4", "b0", "b1"}
	for _, c := range []struct {
		name    string
		options []string
		want    []string
	}{
		{"earliest", []string{"scan.startup.mode", "earliest-offset", "scan.bounded.mode", "latest-offset"}, all},
		{"latest", []string{"scan.startup.mode", "latest-offset", "scan.bounded.mode", "latest-offset"}, nil},
		{"timestamp", []string{"scan.startup.mode", "timestamp", "scan.startup.timestamp-millis", fmt.Sprint(middle), "scan.bounded.mode", "latest-offset"}, []string{"a3", "a4"}},
		{"specific", []string{"scan.startup.mode", "specific-offsets", "scan.startup.specific-offsets", "partition:0,offset:4;partition:1,offset:1", "scan.bounded.mode", "latest-offset"}, []string{"a4", "b1"}},
		{"specific, one partition", []string{"scan.startup.mode", "specific-offsets", "scan.startup.specific-offsets", "partition:0,offset:4", "scan.bounded.mode", "latest-offset"}, []string{"a4", "b0", "b1"}},
		{"group without offsets, reset", []string{"properties.auto.offset.reset", "earliest", "scan.bounded.mode", "latest-offset"}, all},
		{"until timestamp", []string{"scan.startup.mode", "earliest-offset", "scan.bounded.mode", "timestamp", "scan.bounded.timestamp-millis", fmt.Sprint(middle)}, []string{"a0", "a1", "a2", "b0", "b1"}},
		{"until specific", []string{"scan.startup.mode", "earliest-offset", "scan.bounded.mode", "specific-offsets", "scan.bounded.specific-offsets", "partition:0,offset:1;partition:1,offset:2"}, []string{"a0", "b0", "b1"}},
	} {
		got := read(t, opened(t, subtask(0, 1), table(k, "modes", c.options...), nil), -1)
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// openError returns the error with which a table's source can't be opened, and
// checks that it is the user's fault or not.
func openError(t *testing.T, tab *conn.Table, user bool) string {
	t.Helper()
	src, err := NewSource(subtask(0, 1), tab)
	if err == nil {
		err = src.(*Source).Restore(&state.Restored{Fresh: true})
	}
	if err == nil {
		err = src.Open(t.Context())
		defer src.Close()
	}
	if err == nil {
		t.Fatal("the source opens")
	}
	var fault *conn.Misconfigured
	if errors.As(err, &fault) != user {
		t.Errorf("the user's fault: want %v: %v", user, err)
	}
	return err.Error()
}

func TestOpenFailsClearly(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "uncommitted", 1)
	begun := time.Now()
	if got := openError(t, table(k, "uncommitted"), true); !strings.Contains(got, "uncommitted-0") || !strings.Contains(got, `group "g-uncommitted"`) || !strings.Contains(got, "auto.offset.reset") {
		t.Errorf("no offset: %s", got)
	}
	if took := time.Since(begun); took > 50*time.Second {
		t.Errorf("it took %v to find that there is no offset", took)
	}
	if got := openError(t, table(k, "nowhere"), true); !strings.Contains(got, "the topic nowhere doesn't exist on "+k.Addr()) {
		t.Errorf("no topic: %s", got)
	}
	closed := fmt.Sprintf("127.0.0.1:%d", services.FreePort(t))
	if got := openError(t, table(k, "uncommitted", "properties.bootstrap.servers", closed, "properties.default.api.timeout.ms", "300"), false); !strings.Contains(got, closed) || !strings.Contains(got, "refused") {
		t.Errorf("no broker: %s", got)
	}
}

// legacyTable is a table as scripts for Flink 1.10 declare it.
func legacyTable(k *services.Kafka, topic string, options ...string) *conn.Table {
	t := &conn.Table{Name: "t", Options: map[string]string{
		"connector.type": "kafka", "connector.version": "universal", "connector.topic": topic,
		"connector.properties.0.key": "zookeeper.connect", "connector.properties.0.value": "localhost:2181",
		"connector.properties.bootstrap.servers": k.Addr(), "format.type": "csv", "update-mode": "append",
	}}
	for i := 0; i < len(options); i += 2 {
		t.Options[options[i]] = options[i+1]
	}
	return t
}

func TestLegacyStartsAtLatest(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "legacy", 1)
	produce(t, k, "legacy", 0, 0, "old")
	s := opened(t, subtask(0, 1), legacyTable(k, "legacy"), nil)
	reset := opened(t, subtask(0, 1), legacyTable(k, "legacy", "connector.properties.auto.offset.reset", "earliest"), nil)
	produce(t, k, "legacy", 0, 0, "new")
	if got := read(t, s, 1); !slices.Equal(got, []string{"new"}) {
		t.Errorf("default: %v", got)
	}
	if got := read(t, reset, 2); !slices.Equal(got, []string{"old", "new"}) {
		t.Errorf("reset: %v", got)
	}
}

// snapshot takes a snapshot of sources, as the checkpoint holds it.
func snapshot(t *testing.T, sources ...*Source) *state.Restored {
	t.Helper()
	r := &state.Restored{}
	for _, s := range sources {
		var c state.Snapshot
		if err := s.Snapshot(&c); err != nil {
			t.Fatal(err)
		}
		if len(c.List) != len(c.Notes) {
			t.Errorf("%d entries, %d notes", len(c.List), len(c.Notes))
		}
		r.List = append(r.List, c.List...)
	}
	return r
}

func TestRestoresAtAnotherParallelism(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "restored", 4)
	values := map[int][]string{}
	for p := range 4 {
		values[p] = numbered(fmt.Sprintf("p%d-", p), 100)
		produce(t, k, "restored", p, kafka.Lz4, values[p]...)
	}
	tab := table(k, "restored", "scan.startup.mode", "earliest-offset", "scan.bounded.mode", "latest-offset")
	seen := map[string]int{}
	count := func(values []string) {
		for _, v := range values {
			seen[v]++
		}
	}
	first := opened(t, subtask(0, 1), tab, nil)
	pinned := snapshot(t, first)
	count(read(t, first, 130))
	saved := snapshot(t, first)
	// What is read after the snapshot is read again after a restore.
	read(t, first, 20)
	for i := range 3 {
		count(read(t, opened(t, subtask(i, 3), tab, saved), -1))
	}
	if len(seen) != 400 {
		t.Errorf("%d values, want 400", len(seen))
	}
	for v, n := range seen {
		if n != 1 {
			t.Errorf("%s was read %d times", v, n)
		}
	}
	// The first checkpoint pins the start, and its end too.
	produce(t, k, "restored", 0, 0, "later")
	if got := read(t, opened(t, subtask(0, 1), tab, pinned), -1); len(got) != 400 {
		t.Errorf("from the first checkpoint: %d values, want 400", len(got))
	}
}

func TestCommitsToTheGroup(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "committed", 1)
	produce(t, k, "committed", 0, 0, "a", "b", "c")
	tab := table(k, "committed", "properties.auto.offset.reset", "earliest")
	s := opened(t, subtask(0, 1), tab, nil)
	if got := read(t, s, 3); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Fatal(got)
	}
	snapshot(t, s)
	if err := s.Committed(1); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil { // makes the commit that is due
		t.Fatal(err)
	}
	produce(t, k, "committed", 0, 0, "d")
	next := opened(t, subtask(0, 1), table(k, "committed"), nil)
	if got := read(t, next, 1); !slices.Equal(got, []string{"d"}) {
		t.Errorf("the next run reads %v", got)
	}
	until := opened(t, subtask(0, 1), table(k, "committed", "scan.startup.mode", "earliest-offset", "scan.bounded.mode", "group-offsets"), nil)
	if got := read(t, until, -1); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("up to the group's offsets: %v", got)
	}
}

func TestFindsNewPartitionsAndTopics(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "grow-1", 1)
	produce(t, k, "grow-1", 0, 0, "old")
	tab := table(k, "", "topic-pattern", "grow-.*", "scan.startup.mode", "latest-offset", "scan.topic-partition-discovery.interval", "100 ms")
	delete(tab.Options, "topic")
	s := opened(t, subtask(0, 1), tab, nil)
	res, err := k.Client().CreatePartitions(t.Context(), &kafka.CreatePartitionsRequest{Topics: []kafka.TopicPartitionsConfig{{Name: "grow-1", Count: 2}}})
	if err != nil || res.Errors["grow-1"] != nil {
		t.Fatal(err, res)
	}
	produce(t, k, "grow-1", 1, 0, "in a new partition")
	if got := read(t, s, 1); got[0] != "in a new partition" {
		t.Errorf("got %v", got)
	}
	k.CreateTopic(t, "grow-2", 1)
	k.CreateTopic(t, "other-grow-3", 1)
	produce(t, k, "other-grow-3", 0, 0, "matches in part only")
	produce(t, k, "grow-2", 0, 0, "in a new topic")
	if got := read(t, s, 1); got[0] != "in a new topic" {
		t.Errorf("got %v", got)
	}
	if entries := snapshot(t, s).List; len(entries) != 3 {
		t.Errorf("%d positions in the snapshot, want 3", len(entries))
	}
}

func TestTopicListAndEmptySubtasks(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "list-a", 1)
	k.CreateTopic(t, "list-b", 1)
	produce(t, k, "list-a", 0, 0, "a")
	produce(t, k, "list-b", 0, 0, "b")
	tab := table(k, "list-a;list-b", "scan.startup.mode", "earliest-offset", "scan.bounded.mode", "latest-offset")
	var got []string
	for i := range 5 { // more subtasks than partitions
		got = append(got, read(t, opened(t, subtask(i, 5), tab, nil), -1)...)
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %v", got)
	}
}

func TestTellsItsLag(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "lag", 1)
	produce(t, k, "lag", 0, 0, numbered("v", 10)...)
	s := opened(t, subtask(0, 1), table(k, "lag", "scan.startup.mode", "earliest-offset"), nil)
	for _, want := range []int64{7, 4, 1, 0} {
		var r conn.Records
		if err := s.Poll(t.Context(), nil, &r, 3); err != nil {
			t.Fatal(err)
		}
		r.Arena.Release()
		if got := s.sub.Count.Lag.Load(); got != want {
			t.Errorf("%d records lie behind, want %d", got, want)
		}
	}
}

// TestLocatesRecords says of each record its partition and offset.
func TestLocatesRecords(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "located", 3)
	for p := range 3 {
		for range 2 { // batches
			produce(t, k, "located", p, 0, numbered(fmt.Sprintf("p%d-", p), 50)...)
		}
	}
	s := opened(t, subtask(0, 1), table(k, "located", "scan.startup.mode", "earliest-offset", "scan.bounded.mode", "latest-offset"), nil)
	next := map[string]int{}
	for seen := 0; ; {
		var r conn.Records
		err := s.Poll(t.Context(), nil, &r, 70)
		for i, v := range r.Values {
			p := string(v[1:2])
			if got, want := s.Locate(i, v), fmt.Sprintf("topic located, partition %s, offset %d", p, next[p]); got != want {
				t.Fatalf("record %d, %s: at %s, want %s", i, v, got, want)
			}
			next[p]++
			seen++
		}
		r.Arena.Release()
		if err == io.EOF {
			if seen != 300 {
				t.Errorf("%d records", seen)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
