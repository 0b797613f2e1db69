package kafka

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/fetch"

	"pyfc/rt/conn"
)

// The versions of the Fetch API that are spoken: 4 is the first with
// transactions, 10 the first that may answer with zstd.
const (
	minFetchVersion = 4
	maxFetchVersion = 11
)

// fetchLimits are the limits of a fetch request, named as in Kafka.
type fetchLimits struct {
	minBytes, maxBytes, partitionBytes int32
	maxWait                            time.Duration
	committed                          bool
}

// fetchedSet is one partition's share of a fetch answer.
type fetchedSet struct {
	topic       string
	partition   int32
	err         error
	end, stable int64 // behind the last record, and the last of no open transaction
	aborted     []aborted
	records     []byte
}

// fetch asks for the records behind the positions. The answer is in the buffer
// that it returns, which comes from the pool.
func (b *broker) fetch(limits fetchLimits, at []*position, bufs *conn.Buffers) (sets []fetchedSet, buf []byte, err error) {
	if err := b.conn.SetDeadline(time.Now().Add(b.timeout + limits.maxWait)); err != nil {
		return nil, nil, err
	}
	b.id++
	if err := protocol.WriteRequest(b.conn, b.fetchV, b.id, b.clientID, fetchRequest(limits, at)); err != nil {
		return nil, nil, err
	}
	if buf, err = b.answer(bufs); err != nil {
		return nil, nil, err
	}
	if sets, err = parseFetch(buf, b.fetchV, b.id); err != nil {
		bufs.Put(buf)
		return nil, nil, err
	}
	return sets, buf, nil
}

// answer reads an answer as it is, into a buffer of the pool.
func (b *broker) answer(bufs *conn.Buffers) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(b.r, head[:]); err != nil {
		return nil, err
	}
	size := int32(binary.BigEndian.Uint32(head[:]))
	if size < 4 {
		return nil, fmt.Errorf("an answer of %d bytes is malformed", size)
	}
	buf := bufs.Get(int(size))
	if _, err := io.ReadFull(b.r, buf); err != nil {
		bufs.Put(buf)
		return nil, err
	}
	return buf, nil
}

func fetchRequest(limits fetchLimits, at []*position) *fetch.Request {
	req := &fetch.Request{
		ReplicaID:    -1,
		MaxWaitTime:  int32(limits.maxWait.Milliseconds()),
		MinBytes:     limits.minBytes,
		MaxBytes:     limits.maxBytes,
		SessionEpoch: -1, // no session
	}
	if limits.committed {
		req.IsolationLevel = 1
	}
	for _, p := range at {
		n := len(req.Topics)
		if n == 0 || req.Topics[n-1].Topic != p.topic {
			req.Topics = append(req.Topics, fetch.RequestTopic{Topic: p.topic})
			n++
		}
		req.Topics[n-1].Partitions = append(req.Topics[n-1].Partitions, fetch.RequestPartition{
			Partition:          p.partition,
			CurrentLeaderEpoch: -1,
			FetchOffset:        p.fetch,
			LogStartOffset:     -1,
			PartitionMaxBytes:  limits.partitionBytes,
		})
	}
	return req
}

// wire reads the fields of an answer; a field beyond its end sets short.
type wire struct {
	data  []byte
	short bool
}

func (w *wire) take(n int) []byte {
	if n < 0 || n > len(w.data) {
		w.short = true
		return make([]byte, 8)
	}
	b := w.data[:n:n]
	w.data = w.data[n:]
	return b
}

func (w *wire) int16() int16 { return int16(binary.BigEndian.Uint16(w.take(2))) }
func (w *wire) int32() int32 { return int32(binary.BigEndian.Uint32(w.take(4))) }
func (w *wire) int64() int64 { return int64(binary.BigEndian.Uint64(w.take(8))) }

// count reads the length of a list whose elements have a least size.
func (w *wire) count(least int) int {
	n := int(w.int32())
	if n > len(w.data)/least {
		w.short = true
		return 0
	}
	return max(n, 0) // -1 is a null list
}

// parseFetch reads an answer of the Fetch API. The record sets are views of
// it.
func parseFetch(answer []byte, version int16, id int32) ([]fetchedSet, error) {
	w := wire{data: answer}
	if got := w.int32(); got != id {
		return nil, fmt.Errorf("an answer to request %d came for request %d", got, id)
	}
	w.int32() // throttled for so long
	if version >= 7 {
		if err := protocolError(w.int16()); err != nil {
			return nil, err
		}
		w.int32() // session
	}
	var sets []fetchedSet
	for range w.count(6) {
		topic := string(w.take(int(w.int16())))
		for range w.count(30) {
			sets = append(sets, w.fetchedSet(topic, version))
		}
	}
	if w.short {
		return nil, errors.New("an answer to a fetch request is cut off")
	}
	return sets, nil
}

func (w *wire) fetchedSet(topic string, version int16) fetchedSet {
	s := fetchedSet{topic: topic, partition: w.int32(), err: protocolError(w.int16())}
	s.end = w.int64()    // high watermark
	s.stable = w.int64() // the broker sends nothing behind it to read_committed
	if version >= 5 {
		w.int64() // log start
	}
	for range w.count(16) {
		s.aborted = append(s.aborted, aborted{producer: w.int64(), first: w.int64()})
	}
	// The broker lists them by where they end.
	slices.SortFunc(s.aborted, func(a, b aborted) int { return cmp.Compare(a.first, b.first) })
	if version >= 11 {
		w.int32() // preferred replica
	}
	s.records = w.take(max(int(w.int32()), 0))
	return s
}
