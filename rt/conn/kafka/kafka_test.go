package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/golden/services"
	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

var shared struct {
	sync.Mutex
	kafka *services.Kafka
}

// mainT outlives the single tests: the broker that they share ends with it.
type mainT struct {
	testing.TB
	cleanups []func()
	dir      string
}

func (m *mainT) Cleanup(f func()) { m.cleanups = append(m.cleanups, f) }
func (m *mainT) TempDir() string  { return m.dir }

var main = &mainT{}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "pyfc-kafka")
	if err != nil {
		panic(err)
	}
	main.dir = dir
	code := m.Run()
	for _, f := range slices.Backward(main.cleanups) {
		f()
	}
	if err := os.RemoveAll(dir); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// broker returns the broker that the tests of this package share.
func sharedBroker(t testing.TB) *services.Kafka {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.kafka == nil {
		main.TB = t
		shared.kafka = services.StartKafka(main, services.KafkaOptions{})
	}
	return shared.kafka
}

// table makes a Kafka table with options in pairs.
func table(k *services.Kafka, topic string, options ...string) *conn.Table {
	t := &conn.Table{Name: "t", Options: map[string]string{
		"connector": "kafka", "topic": topic, "properties.bootstrap.servers": k.Addr(), "format": "raw",
		"properties.group.id": "g-" + topic,
	}}
	for i := 0; i < len(options); i += 2 {
		t.Options[options[i]] = options[i+1]
	}
	return t
}

func subtask(index, parallelism int) *stream.Subtask {
	return &stream.Subtask{
		Splits: new(stream.Splits),
		UID:    "source", Index: index, Parallelism: parallelism, Count: &stream.Counters{},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), BatchSize: 1024, Post: func(func() error) {},
	}
}

// opened opens a source; it is closed with the test.
func opened(t testing.TB, sub *stream.Subtask, table *conn.Table, restored *state.Restored) *Source {
	t.Helper()
	src, err := NewSource(sub, table)
	if err != nil {
		t.Fatal(err)
	}
	s := src.(*Source)
	if restored == nil {
		restored = &state.Restored{Fresh: true}
	}
	if err := s.Restore(restored); err != nil {
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

// read takes values from the source until there are n, or to its end if n is
// negative. A value that is null reads as "NULL".
func read(t testing.TB, s *Source, n int) (out []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for n < 0 || len(out) < n {
		var r conn.Records
		err := s.Poll(ctx, nil, &r, 100)
		for _, v := range r.Values {
			if v == nil {
				out = append(out, "NULL")
			} else {
				out = append(out, val.Keep(val.View(v)))
			}
		}
		r.Arena.Release()
		if errors.Is(err, io.EOF) && n < 0 {
			return out
		}
		if err != nil {
			t.Fatalf("after %d values: %v", len(out), err)
		}
	}
	return out
}

// produce writes values to a partition, with a compression codec.
func produce(t testing.TB, k *services.Kafka, topic string, partition int, codec kafka.Compression, values ...string) {
	t.Helper()
	records := make([]produced, len(values))
	for i, v := range values {
		records[i].value = []byte(v)
	}
	send(t, k, topic, partition, codec, records...)
}

type produced struct{ key, value []byte }

func send(t testing.TB, k *services.Kafka, topic string, partition int, codec kafka.Compression, records ...produced) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		batch := make([]kafka.Record, len(records)) // an attempt uses them up
		for i, r := range records {
			batch[i] = kafka.Record{Key: kafka.NewBytes(r.key), Value: kafka.NewBytes(r.value)}
		}
		res, err := k.Client().Produce(t.Context(), &kafka.ProduceRequest{
			Topic: topic, Partition: partition, RequiredAcks: kafka.RequireAll, Compression: codec,
			Records: kafka.NewRecordReader(batch...),
		})
		if err == nil {
			err = res.Error
		}
		if err == nil {
			return
		}
		if time.Now().After(deadline) || !passing(err) {
			t.Fatalf("produce to %s: %v", topic, err)
		}
	}
}

func numbered(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s%d", prefix, i)
	}
	return out
}

func TestReadsAllCodecs(t *testing.T) {
	k := sharedBroker(t)
	var want []string
	k.CreateTopic(t, "codecs", 1)
	for _, codec := range []kafka.Compression{0, kafka.Gzip, kafka.Snappy, kafka.Lz4, kafka.Zstd} {
		values := numbered(codec.String()+"-some-text-that-compresses-well-", 500)
		produce(t, k, "codecs", 0, codec, values...)
		want = append(want, values...)
	}
	s := opened(t, subtask(0, 1), table(k, "codecs", "scan.startup.mode", "earliest-offset", "scan.bounded.mode", "latest-offset"), nil)
	if got := read(t, s, -1); !slices.Equal(got, want) {
		t.Errorf("got %d values, want %d", len(got), len(want))
	}
}
