package kinesisio

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// standIn is a Kinesis with one stream that does what the tests need, resharding
// as Amazon describes it: a closed shard keeps its records and ends behind them.
type standIn struct {
	*httptest.Server
	mu       sync.Mutex
	shards   []*standInShard
	sequence int
	epoch    int            // of iterators: those of an older one have expired
	failures map[string]int // operation → how many of the next fail
	denied   string         // an operation that isn't allowed
	refusals int            // of the next records that are put
	puts     []int          // how many records each request had
}

type standInShard struct {
	id       string
	parents  []string
	low, top uint64 // of hashes, top exclusive
	closed   bool
	records  []standInRecord
}

type standInRecord struct {
	Data                        []byte
	PartitionKey                string
	SequenceNumber              string
	ApproximateArrivalTimestamp float64
	number                      int
}

const clicks = "clicks"

func newStandIn(t testing.TB, shards int) *standIn {
	t.Helper()
	k := &standIn{failures: map[string]int{}}
	k.Server = httptest.NewServer(http.HandlerFunc(k.serve))
	t.Cleanup(k.Close)
	const all = uint64(1) << 32
	for i := range uint64(shards) {
		k.add(nil, i*all/uint64(shards), (i+1)*all/uint64(shards))
	}
	return k
}

func (k *standIn) add(parents []string, low, top uint64) {
	k.shards = append(k.shards, &standInShard{id: fmt.Sprintf("shardId-%012d", len(k.shards)), parents: parents, low: low, top: top})
}

// split closes an open shard and opens two in its place, merge the reverse.
func (k *standIn) split(i int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.shards[i]
	s.closed = true
	k.add([]string{s.id}, s.low, (s.low+s.top)/2)
	k.add([]string{s.id}, (s.low+s.top)/2, s.top)
}

func (k *standIn) merge(i, j int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a, b := k.shards[i], k.shards[j]
	a.closed, b.closed = true, true
	k.add([]string{a.id, b.id}, min(a.low, b.low), max(a.top, b.top))
}

// put writes texts, whose partition keys they are, and returns their shards.
func (k *standIn) put(texts ...string) (shards []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, text := range texts {
		shards = append(shards, k.write(text, []byte(text)).id)
	}
	return shards
}

func (k *standIn) write(key string, data []byte) *standInShard {
	sum := md5.Sum([]byte(key))
	hash := uint64(binary.BigEndian.Uint32(sum[:]))
	for _, s := range k.shards {
		if !s.closed && s.low <= hash && hash < s.top {
			k.sequence++
			s.records = append(s.records, standInRecord{data, key, fmt.Sprintf("4957%020d", k.sequence), float64(time.Now().UnixMilli()) / 1000, k.sequence})
			return s
		}
	}
	panic("no shard is open")
}

// fail has the next requests of an operation fail.
func (k *standIn) fail(operation string, times int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.failures[operation] = times
}

// expire makes all iterators too old.
func (k *standIn) expire() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.epoch++
}

type request struct {
	StreamName, ShardId, ShardIteratorType, StartingSequenceNumber, ShardIterator string
	Timestamp                                                                     float64
	Limit                                                                         int
	Records                                                                       []struct {
		Data         []byte
		PartitionKey string
	}
}

func (k *standIn) serve(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	var in request
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	answer, code := any(nil), ""
	switch {
	case err != nil:
		code = "SerializationException"
	case k.failures[operation] > 0:
		k.failures[operation]--
		code = "ProvisionedThroughputExceededException"
	case operation == k.denied:
		code = "AccessDeniedException"
	case in.StreamName != "" && in.StreamName != clicks:
		code = "ResourceNotFoundException"
	default:
		answer, code = k.answer(operation, &in)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if code != "" {
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]string{"__type": code, "message": "so says the stand-in"}
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		panic(err)
	}
}

func (k *standIn) answer(operation string, in *request) (answer any, code string) {
	switch operation {
	case "ListShards":
		return k.list(), ""
	case "DescribeStreamSummary":
		return map[string]any{"StreamDescriptionSummary": map[string]any{"StreamName": clicks, "StreamStatus": "ACTIVE"}}, ""
	case "GetShardIterator":
		return map[string]any{"ShardIterator": k.iterator(in.ShardId, k.find(in))}, ""
	case "GetRecords":
		return k.get(in)
	case "PutRecords":
		return k.take(in), ""
	}
	return nil, "UnknownOperationException"
}

func (k *standIn) list() any {
	var out []map[string]any
	for _, s := range k.shards {
		numbers := map[string]string{"StartingSequenceNumber": "0"}
		if s.closed {
			numbers["EndingSequenceNumber"] = "9"
		}
		m := map[string]any{"ShardId": s.id, "SequenceNumberRange": numbers, "HashKeyRange": map[string]string{"StartingHashKey": "0", "EndingHashKey": "1"}}
		for i, key := range []string{"ParentShardId", "AdjacentParentShardId"} {
			if i < len(s.parents) {
				m[key] = s.parents[i]
			}
		}
		out = append(out, m)
	}
	return map[string]any{"Shards": out}
}

func (k *standIn) shard(id string) *standInShard {
	return k.shards[slices.IndexFunc(k.shards, func(s *standInShard) bool { return s.id == id })]
}

// find is the place of the first record that an iterator gives.
func (k *standIn) find(in *request) int {
	s := k.shard(in.ShardId)
	at := slices.IndexFunc(s.records, func(r standInRecord) bool {
		switch in.ShardIteratorType {
		case "TRIM_HORIZON":
			return true
		case "AT_TIMESTAMP":
			return r.ApproximateArrivalTimestamp >= in.Timestamp
		case "AT_SEQUENCE_NUMBER":
			return r.SequenceNumber >= in.StartingSequenceNumber
		case "AFTER_SEQUENCE_NUMBER":
			return r.SequenceNumber > in.StartingSequenceNumber
		}
		return false // LATEST
	})
	if at < 0 {
		return len(s.records)
	}
	return at
}

func (k *standIn) iterator(shard string, place int) string {
	return fmt.Sprintf("%s/%d/%d", shard, place, k.epoch)
}

func (k *standIn) get(in *request) (any, string) {
	f := strings.Split(in.ShardIterator, "/")
	if f[2] != strconv.Itoa(k.epoch) {
		return nil, "ExpiredIteratorException"
	}
	s := k.shard(f[0])
	from, err := strconv.Atoi(f[1])
	if err != nil {
		panic(err)
	}
	to := min(from+in.Limit, len(s.records))
	out := map[string]any{"Records": s.records[from:to], "MillisBehindLatest": 0}
	if !s.closed || to < len(s.records) {
		out["NextShardIterator"] = k.iterator(s.id, to)
	}
	return out, ""
}

func (k *standIn) take(in *request) any {
	k.puts = append(k.puts, len(in.Records))
	var out []map[string]string
	for _, r := range in.Records {
		if k.refusals > 0 {
			k.refusals--
			out = append(out, map[string]string{"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slowly"})
			continue
		}
		s := k.write(r.PartitionKey, r.Data)
		out = append(out, map[string]string{"ShardId": s.id, "SequenceNumber": s.records[len(s.records)-1].SequenceNumber})
	}
	return map[string]any{"Records": out}
}

// contents are the records that were put, as "key=data", in their order within
// shards.
func (k *standIn) contents() (out []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.shards {
		for _, r := range s.records {
			out = append(out, r.PartitionKey+"="+string(r.Data))
		}
	}
	return out
}
