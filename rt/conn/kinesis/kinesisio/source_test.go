package kinesisio

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
)

// table makes a table of the stand-in's stream, with options in pairs.
func (k *standIn) table(options ...string) *conn.Table {
	t := &conn.Table{Name: "t", Options: map[string]string{
		"connector": "kinesis", "stream": clicks, "format": "raw", "aws.region": "us-east-1", "aws.endpoint": k.URL,
		"aws.credentials.basic.accesskeyid": "a", "aws.credentials.basic.secretkey": "b",
		"source.reader.empty-records-fetch-interval": "5 ms", "source.shard.discovery.interval": "20 ms",
		"scan.shard.getrecords.backoff.base": "5", "scan.stream.initpos": "TRIM_HORIZON",
	}}
	for i := 0; i < len(options); i += 2 {
		t.Options[options[i]] = options[i+1]
	}
	return t
}

// job is a source with its subtasks.
type job struct {
	t    *testing.T
	subs []*Source
}

// start opens the source at a parallelism, from a checkpoint unless it is nil.
func (k *standIn) start(t *testing.T, table *conn.Table, parallelism int, from [][]byte) *job {
	t.Helper()
	j := &job{t: t}
	shared := &stream.Shared{}
	for i := range parallelism {
		src, err := NewSource(&stream.Subtask{
			Splits: new(stream.Splits), Shared: shared, UID: "source", Index: i, Parallelism: parallelism, Count: &stream.Counters{},
			Log: slog.New(slog.NewTextHandler(io.Discard, nil)), BatchSize: 1024, Post: func(func() error) {},
		}, table)
		if err != nil {
			t.Fatal(err)
		}
		s := src.(*Source)
		if err := s.Restore(&state.Restored{Fresh: from == nil, List: from}); err != nil {
			t.Fatal(err)
		}
		j.subs = append(j.subs, s)
	}
	for _, s := range j.subs {
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(j.close)
	return j
}

func (j *job) close() {
	for _, s := range j.subs {
		if err := s.Close(); err != nil {
			j.t.Error(err)
		}
	}
}

// read takes n values from the subtasks, a few at a time.
func (j *job) read(n int) (out []string) {
	j.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); len(out) < n; {
		for i := range j.subs {
			out = append(out, j.poll(i, min(3, n-len(out)))...)
		}
		if time.Now().After(deadline) {
			j.t.Fatalf("%d values, want %d: %v", len(out), n, out)
		}
	}
	return out
}

// poll takes up to limit values from one subtask, none if none come soon.
func (j *job) poll(i, limit int) (out []string) {
	j.t.Helper()
	if limit == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(j.t.Context(), 15*time.Millisecond)
	defer cancel()
	var r conn.Records
	if err := j.subs[i].Poll(ctx, nil, &r, limit); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		j.t.Fatal(err)
	}
	for _, v := range r.Values {
		out = append(out, string(v))
	}
	return out
}

// quiet checks that nothing more comes.
func (j *job) quiet() {
	j.t.Helper()
	for range 8 {
		for i := range j.subs {
			if got := j.poll(i, 10); len(got) > 0 {
				j.t.Errorf("more values: %v", got)
			}
		}
	}
}

// snapshot is the state of all subtasks.
func (j *job) snapshot() (list [][]byte) {
	j.t.Helper()
	list = [][]byte{}
	for _, s := range j.subs {
		var c state.Snapshot
		if err := s.Snapshot(&c); err != nil {
			j.t.Fatal(err)
		}
		list = append(list, c.List...)
	}
	return list
}

func numbered(prefix string, n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("%s%03d", prefix, i))
	}
	return out
}

func wantValues(t *testing.T, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestStart(t *testing.T) {
	k := newStandIn(t, 3)
	old := numbered("old", 20)
	k.put(old...)
	time.Sleep(5 * time.Millisecond)
	between := time.Now()
	time.Sleep(5 * time.Millisecond)
	k.put("middle")
	fresh := []string{"new"}
	jobs := map[*job][]string{
		k.start(t, k.table(), 2, nil):                                slices.Concat(old, []string{"middle"}, fresh),
		k.start(t, k.table("scan.stream.initpos", "LATEST"), 2, nil): nil,
		k.start(t, k.table("scan.stream.initpos", "AT_TIMESTAMP", "scan.stream.initpos-timestamp", fmt.Sprintf("%.3f", float64(between.UnixMilli())/1000)), 1, nil): {"middle", "new"},
		k.start(t, k.table("scan.stream.initpos", "AT_TIMESTAMP", "source.init.timestamp", between.UTC().Format("2006-01-02T15:04:05.000Z")), 1, nil):               {"middle", "new"},
	}
	k.put(fresh...)
	for j, want := range jobs {
		if want == nil {
			want = fresh
		}
		wantValues(t, j.read(len(want)), want)
		j.quiet()
	}
}

func TestRestore(t *testing.T) {
	k := newStandIn(t, 4)
	all := numbered("a", 100)
	k.put(all...)
	j := k.start(t, k.table(), 3, nil)
	got := j.read(37)
	for _, parallelism := range []int{1, 2, 4} {
		from := j.snapshot()
		j.close()
		j = k.start(t, k.table(), parallelism, from)
		got = append(got, j.read(15)...)
	}
	got = append(got, j.read(len(all)-len(got))...)
	wantValues(t, got, all)
	j.quiet()
}

// TestAnotherStream gives a table another stream, whose shards have the names of
// those in the checkpoint.
func TestAnotherStream(t *testing.T) {
	k := newStandIn(t, 1)
	k.put("a", "b")
	j := k.start(t, k.table(), 1, nil)
	j.read(2)
	from := j.snapshot()
	j.close()
	const arn = "arn:aws:kinesis:us-east-1:012345678901:stream/"
	table := k.table("stream.arn", arn+"clicks")
	delete(table.Options, "stream")
	j = k.start(t, table, 1, from) // the same, by its other name
	j.quiet()
	table.Options["stream.arn"] = arn + "others"
	j = k.start(t, table, 1, from)
	wantValues(t, j.read(2), []string{"a", "b"})
}

// TestLatestIsPinned checks that what comes while the job is away isn't lost, also
// where there was no record before.
func TestLatestIsPinned(t *testing.T) {
	k := newStandIn(t, 2)
	k.put("old")
	time.Sleep(5 * time.Millisecond)
	j := k.start(t, k.table("source.init.position", "LATEST"), 2, nil)
	j.quiet()
	from := j.snapshot()
	j.close()
	k.put("a", "b", "c")
	j = k.start(t, k.table("source.init.position", "LATEST"), 1, from)
	wantValues(t, j.read(3), []string{"a", "b", "c"})
	j.quiet()
}

// TestReshardingKeepsOrder splits and merges shards that aren't read yet: what came
// of them waits, whichever subtask reads it, also behind a restart.
func TestReshardingKeepsOrder(t *testing.T) {
	k := newStandIn(t, 2)
	first := numbered("first", 40)
	k.put(first...)
	j := k.start(t, k.table(), 2, nil)
	got := j.read(10)
	k.split(0)
	k.split(1)
	second := numbered("second", 40)
	k.put(second...)
	k.merge(3, 4)
	third := numbered("third", 40)
	k.put(third...)
	for _, parallelism := range []int{3, 1, 2} {
		got = append(got, j.read(20)...)
		from := j.snapshot()
		j.close()
		j = k.start(t, k.table(), parallelism, from)
	}
	got = append(got, j.read(120-len(got))...)
	j.quiet()
	wantValues(t, got, slices.Concat(first, second, third))
	place := map[string]int{}
	for i, v := range got {
		place[v] = i
	}
	parent := map[string][]string{}
	last, begin := map[string]int{}, map[string]int{}
	for _, s := range k.shards {
		parent[s.id] = s.parents
		begin[s.id] = len(got)
		for _, r := range s.records {
			at := place[string(r.Data)]
			if at < last[s.id] {
				t.Errorf("shard %s: %s is out of order", s.id, r.Data)
			}
			last[s.id], begin[s.id] = at, min(begin[s.id], at)
		}
	}
	for id, parents := range parent {
		for _, p := range parents {
			if begin[id] < last[p] {
				t.Errorf("shard %s begins at %d, before its parent %s ends at %d", id, begin[id], p, last[p])
			}
		}
	}
	if len(parent) != 7 {
		t.Errorf("%d shards", len(parent))
	}
}

// TestLatestLeavesOutClosedShards also starts again: they aren't read then, either.
func TestLatestLeavesOutClosedShards(t *testing.T) {
	k := newStandIn(t, 1)
	k.put("old")
	k.split(0)
	time.Sleep(5 * time.Millisecond)
	j := k.start(t, k.table("source.init.position", "LATEST"), 2, nil)
	k.put("new")
	wantValues(t, j.read(1), []string{"new"})
	from := j.snapshot()
	j.close()
	j = k.start(t, k.table("source.init.position", "LATEST"), 1, from)
	j.quiet()
}

func TestFailuresThatPass(t *testing.T) {
	k := newStandIn(t, 2)
	k.fail("ListShards", 2)
	k.fail("GetShardIterator", 3)
	k.fail("GetRecords", 5)
	all := numbered("a", 30)
	k.put(all[:20]...)
	j := k.start(t, k.table("source.shard.get-records.max-record-count", "4"), 1, nil)
	got := j.read(12)
	k.expire()
	k.fail("GetRecords", 2)
	k.put(all[20:]...)
	got = append(got, j.read(len(all)-len(got))...)
	wantValues(t, got, all)
	j.quiet()
}

func TestUnknownStream(t *testing.T) {
	k := newStandIn(t, 1)
	src, err := NewSource(&stream.Subtask{Shared: &stream.Shared{}, Parallelism: 1, Splits: new(stream.Splits), Log: slog.New(slog.DiscardHandler)}, k.table("stream", "nowhere"))
	if err != nil {
		t.Fatal(err)
	}
	err = src.Open(t.Context())
	var wrong *conn.Misconfigured
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "stream nowhere of Amazon Kinesis at "+k.URL) || !strings.Contains(err.Error(), "ResourceNotFoundException") {
		t.Errorf("got %v", err)
	}
}

func TestCertificates(t *testing.T) {
	k := newStandIn(t, 1)
	k.put("a")
	secure := httptest.NewTLSServer(k.Config.Handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(secure.Close)
	j := k.start(t, k.table("aws.endpoint", secure.URL, "aws.trust.all.certificates", "true"), 1, nil)
	wantValues(t, j.read(1), []string{"a"})
	src, err := NewSource(&stream.Subtask{Shared: &stream.Shared{}, Parallelism: 1, Splits: new(stream.Splits), Log: slog.New(slog.DiscardHandler)}, k.table("aws.endpoint", secure.URL))
	if err != nil {
		t.Fatal(err)
	}
	var wrong *conn.Misconfigured
	if err := src.Open(t.Context()); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate that nobody knows: %v", err)
	}
}

// aggregated is a record as Amazon's producer library makes it of several.
func aggregated(values ...string) []byte {
	message := protowire.AppendTag(nil, 1, protowire.BytesType)
	message = protowire.AppendString(message, "key")
	for _, v := range values {
		record := protowire.AppendTag(nil, 1, protowire.VarintType)
		record = protowire.AppendVarint(record, 0)
		record = protowire.AppendTag(record, fieldData, protowire.BytesType)
		record = protowire.AppendString(record, v)
		message = protowire.AppendTag(message, fieldRecords, protowire.BytesType)
		message = protowire.AppendBytes(message, record)
	}
	sum := md5.Sum(message)
	return slices.Concat(aggregatedMagic, message, sum[:])
}

func TestAggregatedRecords(t *testing.T) {
	k := newStandIn(t, 1)
	k.put("before")
	k.write("key", aggregated("a", "b", "c", "d", "e"))
	k.write("key", aggregated())
	k.put("after")
	var got []string
	var from [][]byte
	for range 7 { // a checkpoint within the record, too
		j := k.start(t, k.table(), 1, from)
		got = append(got, j.read(1)...)
		from = j.snapshot()
		j.close()
	}
	if want := "before a b c d e after"; strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
	damaged := aggregated("a")
	damaged[len(damaged)-1]++
	if got := unpack(nil, damaged); len(got) != 1 || string(got[0]) != string(damaged) {
		t.Errorf("a record with another sum: %q", got)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte("plain"))
	f.Add(aggregated("a", "b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sum := md5.Sum(data)
		unpack(nil, slices.Concat(aggregatedMagic, data, sum[:]))
		if got := unpack(nil, data); len(got) == 0 && len(data) < len(aggregatedMagic) {
			t.Errorf("%q holds nothing", data)
		}
	})
}

func TestMetadata(t *testing.T) {
	k := newStandIn(t, 1)
	k.put("a")
	table := k.table()
	table.Aside = []conn.Aside{{Metadata: "shard-id"}, {Metadata: "sequence-number"}, {Metadata: "timestamp"}}
	j := k.start(t, table, 1, nil)
	var r conn.Records
	for len(r.Values) == 0 {
		if err := j.subs[0].Poll(t.Context(), nil, &r, 1); err != nil {
			t.Fatal(err)
		}
	}
	record := k.shards[0].records[0]
	if r.Aside[0].Text() != "shardId-000000000000" || r.Aside[1].Text() != record.SequenceNumber ||
		r.Aside[2].Timestamp().Milli != int64(record.ApproximateArrivalTimestamp*1000+0.5) {
		t.Errorf("got %v, want %+v", r.Aside, record)
	}
}
