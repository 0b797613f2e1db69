package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/rt/conn"
)

// producer writes messages to the partitions of a topic. It gathers a batch for
// each partition and sends all of them at a time; while they are under way the
// next are gathered. It is used by one goroutine, but for the log.
type producer struct {
	cluster *cluster
	topic   topics
	settings
	fixed  int // the partition, if there are so many; -1: by key, or in turn
	log    *slog.Logger
	table  string
	opts   *Options
	wrote  func(rows int)
	bufs   conn.Buffers
	packer compressor

	layout     layout
	partitions int
	refreshed  time.Time
	turn       int // the partition of messages without a key
	gathering  []*builder
	bytes      int
	rows       int
	underway   []*produceRequest
	brokers    []string // of underway
	free       []*builder
}

// settings are those of Kafka's own producers that hold here.
type settings struct {
	acks       int16
	codec      int
	batchBytes int           // of one batch, before compression
	maxMessage int           // bytes of one message
	delivery   time.Duration // how long a batch is tried
	linger     time.Duration // how long a message may wait for others
	maxAge     time.Duration // of what is known about the topic's partitions
}

// totalBytes is how much is gathered over all partitions.
const totalBytes = 1 << 20

// open finds the topic's partitions.
func (p *producer) open(ctx context.Context, limit time.Duration) error {
	return p.cluster.within(ctx, limit, p.log, func() error { return p.refresh(ctx) })
}

// refresh asks for the topic's partitions anew.
func (p *producer) refresh(ctx context.Context) error {
	l, err := p.cluster.layout(ctx, p.topic)
	if err == nil && len(l) == 0 {
		err = kafka.LeaderNotAvailable // a topic that has just been made
	}
	if err != nil {
		return err
	}
	p.layout, p.partitions, p.refreshed = l, len(l), time.Now()
	for len(p.gathering) < p.partitions {
		p.gathering = append(p.gathering, nil)
	}
	return nil
}

// put takes a message over and reports whether it is time to send.
func (p *producer) put(m *outgoing) (enough bool, err error) {
	if n := len(m.key) + len(m.value) + len(m.headers); n > p.maxMessage {
		return false, fmt.Errorf("the message takes %d bytes, and properties.max.request.size is %d", n, p.maxMessage)
	}
	i := p.choose(m.key)
	b := p.gathering[i]
	if b == nil {
		b = p.fresh(topicPartition{p.topic.names[0], int32(i)})
		p.gathering[i] = b
	}
	before := b.size()
	b.add(m)
	p.bytes += b.size() - before
	p.rows++
	return p.bytes >= totalBytes || b.size() >= p.batchBytes, nil
}

// choose returns the partition of a message.
func (p *producer) choose(key []byte) int {
	switch {
	case p.fixed >= 0:
		return p.fixed % p.partitions
	case key == nil:
		return p.turn % p.partitions
	}
	return int(murmur2(key)&0x7fffffff) % p.partitions
}

func (p *producer) fresh(tp topicPartition) *builder {
	if n := len(p.free); n > 0 {
		b := p.free[n-1]
		p.free = p.free[:n-1]
		b.partition = tp
		return b
	}
	return &builder{partition: tp}
}

// send gives what has been gathered to the brokers, once they have what was given
// to them before.
func (p *producer) send(ctx context.Context) error {
	if err := p.await(ctx); err != nil {
		return err
	}
	if p.rows == 0 {
		return nil
	}
	if time.Since(p.refreshed) > p.maxAge {
		if err := p.refresh(ctx); err != nil {
			p.log.Warn("can't look for new Kafka partitions", "error", err)
			p.refreshed = time.Now()
		}
	}
	var ready []*builder
	for i, b := range p.gathering {
		if b != nil {
			ready = append(ready, b)
			p.gathering[i] = nil
		}
	}
	p.bytes, p.rows = 0, 0
	p.turn++
	if failed := p.start(ctx, ready); len(failed) > 0 {
		return p.retry(ctx, append(failed, p.finish()...))
	}
	return nil
}

// await waits until the brokers have what is under way.
func (p *producer) await(ctx context.Context) error {
	if failed := p.finish(); len(failed) > 0 {
		return p.retry(ctx, failed)
	}
	return nil
}

// start sends batches to the leaders of their partitions and returns those that it
// couldn't send.
func (p *producer) start(ctx context.Context, batches []*builder) (failed []*builder) {
	byLeader := map[string]*produceRequest{}
	for _, b := range batches {
		addr := p.layout[b.partition]
		if addr == "" {
			b.err = kafka.LeaderNotAvailable
			failed = append(failed, b)
			continue
		}
		if byLeader[addr] == nil {
			byLeader[addr] = &produceRequest{acks: p.acks, timeout: p.cluster.dialer.timeout}
		}
		byLeader[addr].batches = append(byLeader[addr].batches, b)
	}
	for addr, r := range byLeader {
		b, err := p.cluster.on(ctx, addr)
		if err == nil {
			err = r.send(b, &p.packer)
		}
		if err != nil {
			p.cluster.drop(addr)
			failed = append(failed, r.fail(err)...)
			continue
		}
		p.underway, p.brokers = append(p.underway, r), append(p.brokers, addr)
	}
	return failed
}

// finish reads the answers to what is under way and returns the batches that the
// brokers don't have.
func (p *producer) finish() (failed []*builder) {
	for i, r := range p.underway {
		addr := p.brokers[i]
		var result map[topicPartition]error
		err := error(kafka.NetworkException)
		if b := p.cluster.conns[addr]; b != nil {
			result, err = r.receive(b, &p.bufs)
		}
		if err != nil {
			p.cluster.drop(addr)
			failed = append(failed, r.fail(err)...)
			continue
		}
		for _, b := range r.batches {
			var answered bool
			if b.err, answered = result[b.partition]; !answered {
				b.err = kafka.NetworkException
			}
			if b.err != nil {
				failed = append(failed, b)
				continue
			}
			p.wrote(b.count)
			b.count = 0
			p.free = append(p.free, b)
		}
	}
	p.underway, p.brokers = p.underway[:0], p.brokers[:0]
	return failed
}

// retry sends batches again until the brokers have them.
func (p *producer) retry(ctx context.Context, batches []*builder) error {
	begun := time.Now()
	for wait := conn.MinBackoff; ; wait = min(2*wait, conn.MaxBackoff) {
		cause := batches[0].failure()
		var err error
		if batches, err = p.halve(batches); err != nil {
			return err
		}
		if time.Since(begun) > p.delivery {
			return p.blame(cause)
		}
		if wait == conn.MinBackoff {
			p.log.Warn("Kafka doesn't take messages, trying again", "error", cause, "for", p.delivery)
		}
		if err := conn.Pause(ctx, wait); err != nil {
			return err
		}
		switch err := p.refresh(ctx); {
		case err == nil:
			batches = p.inTurn(ctx, batches)
		case !passing(err):
			return p.blame(err)
		default:
			p.cluster.close()
		}
		if len(batches) == 0 {
			p.log.Info("Kafka takes messages again", "after", time.Since(begun).Round(time.Millisecond))
			return nil
		}
	}
}

// inTurn sends one batch after the other and returns those that are left: after a
// failure no other batch of its partition is sent, so that messages keep their
// order.
func (p *producer) inTurn(ctx context.Context, batches []*builder) (left []*builder) {
	stopped := map[topicPartition]bool{}
	for _, b := range batches {
		if !stopped[b.partition] {
			failed := p.start(ctx, []*builder{b})
			if failed = append(failed, p.finish()...); len(failed) == 0 {
				continue
			}
			stopped[b.partition] = true
		}
		left = append(left, b)
	}
	return left
}

// halve makes smaller batches of those that were too large for the broker. The
// error is one that trying again doesn't cure.
func (p *producer) halve(batches []*builder) (out []*builder, err error) {
	for _, b := range batches {
		switch {
		case b.err == nil || !errors.Is(b.err, kafka.MessageSizeTooLarge) && passing(b.err):
			out = append(out, b)
			continue
		case !errors.Is(b.err, kafka.MessageSizeTooLarge):
			return nil, p.blame(b.failure())
		case b.count == 1:
			return nil, &conn.BadData{Table: p.table, Err: fmt.Errorf("a message of %d bytes is too large for the topic: %w", b.size()-headerSize, b.err)}
		}
		first, second, err := b.split()
		if err != nil {
			return nil, err
		}
		out = append(out, first, second)
	}
	return out, nil
}

// failure is why the broker doesn't have the batch.
func (b *builder) failure() error { return named(b.partition, b.err) }

// blame says what a failure that lasts means for the job.
func (p *producer) blame(err error) error { return blame(p.table, p.opts, err) }
