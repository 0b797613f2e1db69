package kafka

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"pyfc/golden/services"
	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// rec is a row of the tests: a key, a value, and what is beside them.
type rec struct {
	k, v   string
	noK    bool // the key's column is NULL
	time   int64
	header string
}

// text is an encoder of texts, joined by commas; NULL is empty.
type text struct {
	buf   []byte
	begun bool
	conn.Discard
}

func (e *text) next() {
	if e.begun {
		e.buf = append(e.buf, ',')
	}
	e.begun = true
}

func (e *text) Null()           { e.next() }
func (e *text) String(v string) { e.next(); e.buf = append(e.buf, v...) }
func (e *text) Record() ([]byte, error) {
	out := e.buf
	e.buf, e.begun = e.buf[:0], false
	return out, nil
}

var (
	stamp     = types.Of(types.TimestampLTZ)
	headerMap = types.Type{Kind: types.Map, Nullable: true, Elems: []types.Type{headerName.WithNull(true), headerValue.WithNull(true)}}
)

// columnsOf writes key and value, and what is beside them if it is there.
func columnsOf(arena *val.Arena, beside bool) func(r *rec, w val.Writer) {
	return func(r *rec, w val.Writer) {
		if r.noK {
			w.Null()
		} else {
			w.String(r.k)
		}
		w.String(r.v)
		if !beside {
			return
		}
		w.Datum(val.TimestampDatum(val.Timestamp{Milli: r.time}), &stamp)
		entry := val.TextDatum(r.header).Unless(r.header == "")
		w.Datum(val.TextDatum(val.MakeMap(arena, val.NewArray(arena, &headerName, val.TextDatum("h"), val.TextDatum("none")),
			val.NewArray(arena, &headerValue, entry, val.NullDatum()))), &headerMap)
	}
}

// sinkTable makes a table of the columns k and v, with options in pairs.
func sinkTable(k *services.Kafka, topic string, options ...string) conn.Table {
	t := *table(k, topic, options...)
	delete(t.Options, "properties.group.id")
	t.Columns = []val.Column{{Name: "k", Type: "STRING"}, {Name: "v", Type: "STRING"}}
	return t
}

// keyed makes k the key.
func keyed(t conn.Table, apart bool) conn.Table {
	t.Options["key.format"], t.Options["key.fields"] = "raw", "k"
	t.RecordKey = conn.RecordKey{Columns: []int{0}, Apart: apart}
	if apart {
		t.Options["value.fields-include"] = "EXCEPT_KEY"
	}
	return t
}

// openSink opens a sink; it is closed with the test.
func openSink(t testing.TB, sub *stream.Subtask, table conn.Table) *Sink[rec] {
	t.Helper()
	var key conn.Encoder
	if len(table.RecordKey.Columns) > 0 {
		key = &text{}
	}
	s, err := NewSink(sub, table, columnsOf(val.NewArena(), len(table.Aside) > 0), &text{}, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// give has the sink take rows, all insertions unless kinds has theirs.
func give(t testing.TB, s *Sink[rec], kinds []val.RowKind, rows ...rec) {
	t.Helper()
	b := &stream.Batch[rec]{Rows: slices.Clone(rows), Kinds: slices.Clone(kinds)} // a release clears them
	b.Retain()
	if err := s.Process(b); err != nil {
		t.Fatal(err)
	}
}

func barrier(t testing.TB, s *Sink[rec]) {
	t.Helper()
	if err := s.Control(stream.Control{Kind: stream.Barrier}); err != nil {
		t.Fatal(err)
	}
}

// there lists the messages of a topic: "partition key=value", "NULL" for none.
func there(t testing.TB, k *services.Kafka, topic string) (out []string) {
	t.Helper()
	in := table(k, topic, "scan.startup.mode", "earliest-offset", "scan.bounded.mode", "latest-offset")
	in.RecordKey = conn.RecordKey{Columns: []int{0}}
	in.Aside = []conn.Aside{{Metadata: "partition"}, {Metadata: "headers"}, {Metadata: "timestamp"}}
	src := opened(t, subtask(0, 1), in, nil)
	show := func(b []byte) string {
		if b == nil {
			return "NULL"
		}
		return string(b)
	}
	for {
		var r conn.Records
		err := src.Poll(t.Context(), nil, &r, 1000)
		for i, v := range r.Values {
			line := fmt.Sprintf("%d %s=%s", r.Aside[3*i].Int(), show(r.Keys[i]), show(v))
			if h := r.Aside[3*i+1].Map(); h.Len() > 0 {
				name, value := h.At(0, &headerMap)
				line += fmt.Sprintf(" %s=%s at %d", name.Text(), value.Text(), r.Aside[3*i+2].Timestamp().Milli)
			}
			out = append(out, line)
		}
		r.Arena.Release()
		if err != nil {
			return out
		}
	}
}

// without drops the partition of each line.
func without(lines []string) []string {
	for i, l := range lines {
		_, lines[i], _ = strings.Cut(l, " ")
	}
	return lines
}

func expect(t testing.TB, got []string, want ...string) {
	t.Helper()
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWritesKeysToTheirPartitions(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "keyed", 3)
	s := openSink(t, subtask(0, 1), keyed(sinkTable(k, "keyed"), true))
	// As Kafka's own producer deals them out, recorded from PyFlink 1.20.1.
	give(t, s, nil, rec{k: `{"name":"a"}`, v: "1"}, rec{k: `{"name":"b"}`, v: "2"}, rec{k: `{"name":"c"}`, v: "3"}, rec{k: `2,bé`, v: "4"}, rec{k: `,"c,d ""x"""`, v: "5"})
	barrier(t, s)
	expect(t, there(t, k, "keyed"), `0 {"name":"c"}=3`, `1 2,bé=4`, `1 {"name":"a"}=1`, `2 ,"c,d ""x"""=5`, `2 {"name":"b"}=2`)
}

func TestWritesWithoutKeys(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "keyless", 2)
	s := openSink(t, subtask(0, 1), sinkTable(k, "keyless", "sink.partitioner", "fixed"))
	other := openSink(t, subtask(1, 2), sinkTable(k, "keyless", "sink.partitioner", "fixed"))
	give(t, s, nil, rec{k: "a", v: "1"}, rec{noK: true, v: ""})
	give(t, other, nil, rec{k: "b", v: "2"})
	barrier(t, s)
	barrier(t, other)
	expect(t, there(t, k, "keyless"), "0 NULL=,", "0 NULL=a,1", "1 NULL=b,2")
}

func TestWritesMetadata(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "beside", 1, "retention.ms", "-1")
	table := keyed(sinkTable(k, "beside"), false)
	for i, key := range []string{"timestamp", "headers"} {
		table.Columns = append(table.Columns, val.Column{Name: key, Metadata: true})
		table.Aside = append(table.Aside, conn.Aside{Column: 2 + i, Metadata: key})
	}
	s := openSink(t, subtask(0, 1), table)
	give(t, s, nil, rec{k: "a", v: "1", time: 5000, header: "x"}, rec{k: "b", v: "2", time: 1700000000123, header: "yy"}, rec{k: "c", v: "3"})
	barrier(t, s)
	expect(t, there(t, k, "beside"), "0 a=a,1 h=x at 5000", "0 b=b,2 h=yy at 1700000000123", "0 c=c,3")
}

func TestWritesAllCodecs(t *testing.T) {
	k := sharedBroker(t)
	for name := range codecs {
		topic := "written-" + name
		k.CreateTopic(t, topic, 2)
		s := openSink(t, subtask(0, 1), keyed(sinkTable(k, topic, "properties.compression.type", name), true))
		var want []string
		for i := range 5000 {
			give(t, s, nil, rec{k: fmt.Sprint("key-", i%17), v: fmt.Sprintf("%05d some text that compresses well", i)})
			want = append(want, fmt.Sprintf("key-%d=%05d some text that compresses well", i%17, i))
		}
		barrier(t, s)
		slices.Sort(want)
		expect(t, without(there(t, k, topic)), want...)
	}
}

func TestRowsWaitNoLongerThanLinger(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "linger", 1)
	sub := subtask(0, 1)
	posted := make(chan func() error, 10)
	sub.Post = func(f func() error) { posted <- f }
	s := openSink(t, sub, sinkTable(k, "linger", "properties.linger.ms", "1"))
	give(t, s, nil, rec{k: "a", v: "1"})
	if err := (<-posted)(); err != nil {
		t.Fatal(err)
	}
	src := opened(t, subtask(0, 1), table(k, "linger", "scan.startup.mode", "earliest-offset"), nil)
	if got := read(t, src, 1); !slices.Equal(got, []string{"a,1"}) {
		t.Errorf("got %q", got)
	}
}

func TestSplitsBatchesTooLargeForTheTopic(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "small", 1, "max.message.bytes", "3000")
	s := openSink(t, subtask(0, 1), sinkTable(k, "small"))
	var want []string
	for i := range 100 {
		give(t, s, nil, rec{k: fmt.Sprintf("%03d", i), v: strings.Repeat("x", 400)})
		want = append(want, fmt.Sprintf("0 NULL=%03d,%s", i, strings.Repeat("x", 400)))
	}
	barrier(t, s)
	if got := there(t, k, "small"); !slices.Equal(got, want) { // in order, too
		t.Errorf("got %d messages, want %d", len(got), len(want))
	}
	give(t, s, nil, rec{k: "a", v: strings.Repeat("x", 4000)})
	var bad *conn.BadData
	if err := s.Control(stream.Control{Kind: stream.Barrier}); !errors.As(err, &bad) || !strings.Contains(err.Error(), "too large for the topic") {
		t.Errorf("got %v", err)
	}
}

func TestRefusesMessagesOverTheLimit(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "limited", 1)
	s := openSink(t, subtask(0, 1), sinkTable(k, "limited", "properties.max.request.size", "100"))
	b := &stream.Batch[rec]{Rows: []rec{{k: "a", v: strings.Repeat("x", 200)}}}
	b.Retain()
	var bad *conn.BadData
	if err := s.Process(b); !errors.As(err, &bad) || !strings.Contains(err.Error(), "max.request.size") {
		t.Errorf("got %v", err)
	}
}

func TestSinkOutlivesBrokerRestarts(t *testing.T) {
	k := services.StartKafka(t, services.KafkaOptions{})
	k.CreateTopic(t, "t", 2)
	var log logged
	sub := subtask(0, 1)
	sub.Log = slog.New(slog.NewTextHandler(&log, nil))
	s := openSink(t, sub, keyed(sinkTable(k, "t"), true))
	var want []string
	for i, stop := range []func(){k.Stop, k.Kill} {
		give(t, s, nil, rec{k: "a", v: fmt.Sprint(i)}, rec{k: "b", v: fmt.Sprint(i)})
		want = append(want, fmt.Sprint("a=", i), fmt.Sprint("b=", i))
		barrier(t, s)
		seen := log.count("trying again")
		stop()
		give(t, s, nil, rec{k: "c", v: fmt.Sprint(i)})
		want = append(want, fmt.Sprint("c=", i))
		done := make(chan error)
		go func() { done <- s.Control(stream.Control{Kind: stream.Barrier}) }()
		log.wait(t, "trying again", seen+1)
		k.Restart(t)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)
	expect(t, without(there(t, k, "t")), want...)
	if lost, back := log.count("trying again"), log.count("takes messages again"); lost != back {
		t.Errorf("%d lines say that Kafka takes no messages, %d that it does again", lost, back)
	}
}

func TestSinkCannotOpen(t *testing.T) {
	k := sharedBroker(t) // which makes no topics of its own
	s, err := NewSink(subtask(0, 1), sinkTable(k, "absent"), columnsOf(nil, false), &text{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var wrong *conn.Misconfigured
	if err := s.Open(t.Context()); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "absent") {
		t.Errorf("no topic: %v", err)
	}
	far := sinkTable(k, "absent", "properties.bootstrap.servers", "127.0.0.1:1", "properties.default.api.timeout.ms", "100")
	if s, err = NewSink(subtask(0, 1), far, columnsOf(nil, false), &text{}, nil); err != nil {
		t.Fatal(err)
	}
	var off *conn.Unreachable
	if err := s.Open(t.Context()); !errors.As(err, &off) {
		t.Errorf("no broker: %v", err)
	}
}

// BenchmarkProduce writes rows of 70 bytes to a real broker; an operation is one
// row.
func BenchmarkProduce(b *testing.B) {
	k := sharedBroker(b)
	k.CreateTopic(b, "bench-produce", 4)
	for _, codec := range []kafka.Compression{0, kafka.Lz4} {
		name := codec.String()
		if codec == 0 {
			name = "none"
		}
		b.Run(name, func(b *testing.B) {
			s := openSink(b, subtask(0, 1), keyed(sinkTable(k, "bench-produce", "properties.compression.type", name), true))
			rows := make([]rec, 1024)
			for i := range rows {
				rows[i] = rec{k: fmt.Sprintf("%08x", i*7919), v: fmt.Sprintf("10.%d.%d.7,%d,%d,https://example.com/a/path/%d", i%256, i%13, i%1000, i*31%100000, i)}
			}
			batch := &stream.Batch[rec]{}
			b.ReportAllocs()
			for n := 0; n < b.N; n += len(rows) {
				batch.Rows = append(batch.Rows[:0], rows...)
				batch.Retain()
				if err := s.Process(batch); err != nil {
					b.Fatal(err)
				}
			}
			barrier(b, s)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// upsertTable makes a table of connector upsert-kafka whose key is k.
func upsertTable(k *services.Kafka, topic string, options ...string) conn.Table {
	t := keyed(sinkTable(k, topic, options...), true)
	t.Options["connector"], t.Options["value.format"] = "upsert-kafka", "raw"
	t.Key, t.Declared, t.RecordKey.Tombstones = []int{0}, true, true
	delete(t.Options, "format")
	delete(t.Options, "key.fields")
	return t
}

func TestUpsertsAndTombstones(t *testing.T) {
	k := sharedBroker(t)
	kinds := []val.RowKind{val.Insert, val.Insert, val.UpdateAfter, val.Delete, val.UpdateBefore, val.Insert}
	rows := []rec{{k: "a", v: "1"}, {k: "b", v: "2"}, {k: "a", v: "3"}, {k: "b", v: "2"}, {k: "c", v: "4"}, {k: "d", v: ""}}
	for _, c := range []struct {
		topic   string
		options []string
		want    []string
	}{
		{"upserts", nil, []string{"0 a=1", "0 a=3", "0 b=2", "0 b=NULL", "0 c=NULL", "0 d="}},
		// The third and the sixth change make the sink send what it has of each key.
		{"reduced", []string{"sink.buffer-flush.max-rows", "3", "sink.buffer-flush.interval", "1h"}, []string{"0 a=3", "0 b=2", "0 b=NULL", "0 c=NULL", "0 d="}},
		{"gathered", []string{"sink.buffer-flush.max-rows", "100", "sink.buffer-flush.interval", "1h"}, []string{"0 a=3", "0 b=NULL", "0 c=NULL", "0 d="}},
	} {
		k.CreateTopic(t, c.topic, 1)
		s := openSink(t, subtask(0, 1), upsertTable(k, c.topic, c.options...))
		give(t, s, kinds, rows...)
		barrier(t, s)
		expect(t, there(t, k, c.topic), c.want...)
		give(t, s, nil, rec{k: "e", v: "5"}) // what was gathered is gone
		barrier(t, s)
		expect(t, there(t, k, c.topic), append(c.want, "0 e=5")...)
	}
}

func TestGatheredChangesWaitNoLongerThanTheInterval(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "interval", 1)
	sub := subtask(0, 1)
	posted := make(chan func() error, 10)
	sub.Post = func(f func() error) { posted <- f }
	s := openSink(t, sub, upsertTable(k, "interval", "sink.buffer-flush.max-rows", "100", "sink.buffer-flush.interval", "1ms"))
	give(t, s, nil, rec{k: "a", v: "1"}, rec{k: "a", v: "2"})
	if err := (<-posted)(); err != nil {
		t.Fatal(err)
	}
	if err := s.producer.await(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, there(t, k, "interval"), "0 a=2")
}

func TestReadsDeletions(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "deletions", 1)
	send(t, k, "deletions", 0, 0, produced{[]byte("a"), []byte("1")}, produced{[]byte("a"), nil}, produced{nil, []byte("2")})
	in := upsertTable(k, "deletions", "scan.bounded.mode", "latest-offset")
	in.Key = nil // the binary doesn't have a source's
	src := opened(t, subtask(0, 1), &in, nil)
	var r conn.Records
	if err := src.Poll(t.Context(), nil, &r, 10); err != nil {
		t.Fatal(err)
	}
	if want := []val.RowKind{val.Insert, val.Delete, val.Insert}; !slices.Equal(r.Kinds, want) || r.Values[1] != nil || string(r.Keys[1]) != "a" || r.Keys[2] != nil {
		t.Errorf("kinds %v, keys %q, values %q", r.Kinds, r.Keys, r.Values)
	}
	r.Arena.Release()
}

func TestChecksKeysAndSinks(t *testing.T) {
	base := func() conn.Table {
		return conn.Table{Name: "t", Columns: []val.Column{{Name: "k"}, {Name: "v"}, {Name: "m", Metadata: true}},
			Options: map[string]string{"connector": "kafka", "topic": "a", "properties.bootstrap.servers": "h:1", "value.format": "json"}}
	}
	for _, c := range []struct {
		options string // "key=value key=value"
		key     []int
		fault   string
	}{
		{"key.format=csv key.fields=k", nil, ""},
		{"key.format=csv", nil, "key.format needs"},
		{"key.fields=k", nil, "only be given with key.format"},
		{"key.format=csv key.fields=x", nil, "no column x"},
		{"key.format=csv key.fields=m", nil, "no column m"},
		{"key.format=csv key.fields=k key.fields-prefix=p_ value.fields-include=EXCEPT_KEY", nil, "must begin with"},
		{"key.format=csv key.fields=k key.fields-prefix=k", nil, "EXCEPT_KEY would do"},
		{"", []int{0}, "can't have a PRIMARY KEY"},
		{"key.format=csv key.fields=k sink.partitioner=round-robin", nil, "only works without"},
		{"sink.partitioner=my.Partitioner", nil, "isn't run"},
		{"sink.delivery-guarantee=exactly-once sink.transactional-id-prefix=x", nil, "isn't supported yet"},
		{"sink.semantic=exactly-once", nil, "transactional-id-prefix must be given"},
		{"topic=a;b", nil, "writes to one topic"},
		{"properties.acks=2", nil, "acks"},
		{"properties.compression.type=brotli", nil, "compression.type"},
		{"connector=upsert-kafka key.format=csv", nil, "needs a PRIMARY KEY"},
		{"connector=upsert-kafka", []int{0}, "key.format is required"},
		{"connector=upsert-kafka key.format=csv", []int{0}, ""},
		{"connector=upsert-kafka key.format=csv sink.buffer-flush.max-rows=3", []int{0}, "must both be"},
		{"connector=upsert-kafka key.format=csv sink.buffer-flush.max-rows=-3 sink.buffer-flush.interval=1s", []int{0}, "negative"},
	} {
		tab := base()
		tab.Key, tab.Declared = c.key, c.key != nil
		for _, o := range strings.Fields(c.options) {
			k, v, _ := strings.Cut(o, "=")
			tab.Options[k] = v
		}
		var said string
		if _, err := NewSink(subtask(0, 1), tab, columnsOf(nil, false), &text{}, &text{}); err != nil {
			said = err.Error()
		}
		if c.fault == "" && said != "" || !strings.Contains(said, c.fault) {
			t.Errorf("%s: %q, want %q", c.options, said, c.fault)
		}
	}
}
