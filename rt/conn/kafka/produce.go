package kafka

import (
	"encoding/binary"
	"fmt"
	"net"
	"time"

	"github.com/segmentio/kafka-go/protocol"

	"pyfc/rt/conn"
)

// The versions of the Produce API that are spoken: 3 is the first with batches of
// format v2, 7 the first that takes zstd.
const (
	minProduceVersion = 3
	maxProduceVersion = 7
)

// produceRequest sends batches, one a partition, to a broker.
type produceRequest struct {
	acks    int16
	timeout time.Duration
	batches []*builder
}

// fail says of all batches why the broker doesn't have them, and returns them.
func (r *produceRequest) fail(err error) []*builder {
	for _, b := range r.batches {
		b.err = err
	}
	return r.batches
}

// send seals the batches and writes the request; receive waits for its answer.
func (r *produceRequest) send(b *broker, packer *compressor) error {
	be := binary.BigEndian
	text := func(dst []byte, s string) []byte { return append(be.AppendUint16(dst, uint16(len(s))), s...) }
	b.id++
	head := make([]byte, 4, 64+len(b.clientID))
	head = be.AppendUint16(head, uint16(protocol.Produce))
	head = be.AppendUint16(head, uint16(b.produceV))
	head = be.AppendUint32(head, uint32(b.id))
	head = text(head, b.clientID)
	head = be.AppendUint16(head, ^uint16(0)) // no transaction
	head = be.AppendUint16(head, uint16(r.acks))
	head = be.AppendUint32(head, uint32(r.timeout.Milliseconds()))
	head = be.AppendUint32(head, 1) // topics
	head = text(head, r.batches[0].partition.topic)
	head = be.AppendUint32(head, uint32(len(r.batches)))
	out := net.Buffers{head}
	size := len(head)
	for _, batch := range r.batches {
		data, err := batch.seal(packer)
		if err != nil {
			return err
		}
		p := be.AppendUint32(nil, uint32(batch.partition.partition))
		p = be.AppendUint32(p, uint32(len(data)))
		out = append(out, p, data)
		size += len(p) + len(data)
	}
	be.PutUint32(head, uint32(size-4))
	if err := b.conn.SetDeadline(time.Now().Add(b.timeout)); err != nil {
		return err
	}
	_, err := out.WriteTo(b.conn)
	return err
}

// receive returns what became of each partition's batch: nil where the broker has
// it.
func (r *produceRequest) receive(b *broker, bufs *conn.Buffers) (map[topicPartition]error, error) {
	if err := b.conn.SetDeadline(time.Now().Add(b.timeout)); err != nil {
		return nil, err
	}
	buf, err := b.answer(bufs)
	if err != nil {
		return nil, err
	}
	defer bufs.Put(buf)
	w := wire{data: buf}
	if got := w.int32(); got != b.id {
		return nil, fmt.Errorf("an answer to request %d came for request %d", b.id, got)
	}
	result := map[topicPartition]error{}
	for range w.count(6) {
		topic := string(w.take(int(w.int16())))
		for range w.count(22) {
			tp := topicPartition{topic, w.int32()}
			result[tp] = protocolError(w.int16())
			w.int64() // offset
			w.int64() // the broker's time
			if b.produceV >= 5 {
				w.int64() // where the partition's log begins
			}
		}
	}
	if w.short {
		return nil, fmt.Errorf("an answer to a produce request is cut off")
	}
	return result, nil
}
