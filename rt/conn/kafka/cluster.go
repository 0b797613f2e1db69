package kafka

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol/findcoordinator"
	"github.com/segmentio/kafka-go/protocol/listoffsets"
	"github.com/segmentio/kafka-go/protocol/metadata"
	"github.com/segmentio/kafka-go/protocol/offsetcommit"
	"github.com/segmentio/kafka-go/protocol/offsetfetch"
)

// The versions of the APIs that are spoken: what Kafka 0.11 has already and
// Kafka 4 still has.
const (
	metadataVersion     = 4
	listOffsetsVersion  = 2
	offsetFetchVersion  = 3
	offsetCommitVersion = 3
	coordinatorVersion  = 1
)

// topicPartition names a partition.
type topicPartition struct {
	topic     string
	partition int32
}

func (tp topicPartition) String() string { return fmt.Sprintf("%s-%d", tp.topic, tp.partition) }

// named puts the partition on an error.
func named(tp fmt.Stringer, err error) error { return fmt.Errorf("partition %s: %w", tp, err) }

// topics says which topics a table reads: a list, or all whose whole name
// matches a pattern.
type topics struct {
	names   []string
	pattern *regexp.Regexp
	// create asks for topics that aren't there, which brokers make if they are
	// set up so.
	create bool
}

func (t topics) String() string {
	if t.pattern != nil {
		return "topic pattern " + t.pattern.String()
	}
	return "topic " + strings.Join(t.names, ", ")
}

// layout is what the cluster's metadata says about the partitions of interest:
// the address of each one's leader, "" while there is none.
type layout map[topicPartition]string

// sorted returns the partitions in order.
func (l layout) sorted() []topicPartition {
	out := make([]topicPartition, 0, len(l))
	for tp := range l {
		out = append(out, tp)
	}
	slices.SortFunc(out, func(a, b topicPartition) int {
		if c := strings.Compare(a.topic, b.topic); c != 0 {
			return c
		}
		return int(a.partition - b.partition)
	})
	return out
}

// cluster asks a Kafka cluster about its topics and offsets. It is used by one
// goroutine.
type cluster struct {
	dialer    dialer
	bootstrap []string
	group     string
	committed bool
	conns     map[string]*broker
	others    []string // brokers that the last metadata told of
}

// on returns a connection to addr, a new one if need be.
func (c *cluster) on(ctx context.Context, addr string) (*broker, error) {
	if b := c.conns[addr]; b != nil {
		return b, nil
	}
	b, err := c.dialer.dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	if c.conns == nil {
		c.conns = map[string]*broker{}
	}
	c.conns[addr] = b
	return b, nil
}

// drop closes the connection to addr after an error on it.
func (c *cluster) drop(addr string) {
	if b := c.conns[addr]; b != nil {
		b.close()
		delete(c.conns, addr)
	}
}

func (c *cluster) close() {
	for addr := range c.conns {
		c.drop(addr)
	}
}

// anyBroker runs f on a connection to one of the known brokers, the first on
// which it works.
func (c *cluster) anyBroker(ctx context.Context, f func(*broker) error) error {
	var errs error
	for _, addr := range append(slices.Clone(c.bootstrap), c.others...) {
		b, err := c.on(ctx, addr)
		if err == nil {
			err = f(b)
		}
		if err == nil {
			return nil
		}
		c.drop(addr)
		errs = errors.Join(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	return errs
}

// layout returns the partitions of the topics. A topic that doesn't exist is
// an error that wraps kafka.UnknownTopicOrPartition.
func (c *cluster) layout(ctx context.Context, t topics) (layout, error) {
	var res *metadata.Response
	err := c.anyBroker(ctx, func(b *broker) (err error) {
		res, err = call[*metadata.Response](b, metadataVersion, &metadata.Request{TopicNames: t.names, AllowAutoTopicCreation: t.create})
		return err
	})
	if err != nil {
		return nil, err
	}
	brokers := map[int32]string{}
	c.others = c.others[:0]
	for _, b := range res.Brokers {
		addr := net.JoinHostPort(b.Host, strconv.Itoa(int(b.Port)))
		brokers[b.NodeID] = addr
		if !slices.Contains(c.bootstrap, addr) {
			c.others = append(c.others, addr)
		}
	}
	l := layout{}
	for _, topic := range res.Topics {
		if t.pattern != nil && (topic.IsInternal || !t.pattern.MatchString(topic.Name)) {
			continue
		}
		switch err := protocolError(topic.ErrorCode); {
		case errors.Is(err, kafka.UnknownTopicOrPartition):
			return nil, fmt.Errorf("the topic %s doesn't exist on %s: %w", topic.Name, strings.Join(c.bootstrap, ","), err)
		case err != nil:
			return nil, fmt.Errorf("topic %s: %w", topic.Name, err)
		}
		for _, p := range topic.Partitions {
			l[topicPartition{topic.Name, p.PartitionIndex}] = brokers[p.LeaderID]
		}
	}
	return l, nil
}

// The timestamps that stand for the ends of a partition in a ListOffsets
// request.
const (
	latest   = -1
	earliest = -2
)

// offsetsAt returns for each partition the first offset whose record has the
// timestamp (milliseconds) or a later one, or an end of the partition. A
// partition without such a record gets -1.
func (c *cluster) offsetsAt(ctx context.Context, l layout, of []topicPartition, timestamp int64) (map[topicPartition]int64, error) {
	byLeader := map[string][]topicPartition{}
	for _, tp := range of {
		if l[tp] == "" {
			return nil, named(tp, kafka.LeaderNotAvailable)
		}
		byLeader[l[tp]] = append(byLeader[l[tp]], tp)
	}
	out := map[topicPartition]int64{}
	for addr, tps := range byLeader {
		b, err := c.on(ctx, addr)
		if err != nil {
			return nil, err
		}
		if err := b.listOffsets(tps, timestamp, c.committed, out); err != nil {
			c.drop(addr)
			return nil, err
		}
	}
	return out, nil
}

func (b *broker) listOffsets(tps []topicPartition, timestamp int64, committed bool, out map[topicPartition]int64) error {
	req := &listoffsets.Request{ReplicaID: -1}
	if committed {
		req.IsolationLevel = 1
	}
	for topic, parts := range byTopic(tps) {
		t := listoffsets.RequestTopic{Topic: topic}
		for _, p := range parts {
			t.Partitions = append(t.Partitions, listoffsets.RequestPartition{Partition: p, CurrentLeaderEpoch: -1, Timestamp: timestamp})
		}
		req.Topics = append(req.Topics, t)
	}
	res, err := call[*listoffsets.Response](b, listOffsetsVersion, req)
	if err != nil {
		return err
	}
	for _, t := range res.Topics {
		for _, p := range t.Partitions {
			tp := topicPartition{t.Topic, p.Partition}
			if err := protocolError(p.ErrorCode); err != nil {
				return named(tp, err)
			}
			out[tp] = p.Offset
		}
	}
	return nil
}

func byTopic(tps []topicPartition) map[string][]int32 {
	m := map[string][]int32{}
	for _, tp := range tps {
		m[tp.topic] = append(m[tp.topic], tp.partition)
	}
	return m
}

// coordinator runs f on a connection to the broker that keeps the group's
// offsets.
func (c *cluster) coordinator(ctx context.Context, f func(*broker) error) error {
	var addr string
	err := c.anyBroker(ctx, func(b *broker) error {
		res, err := call[*findcoordinator.Response](b, coordinatorVersion, &findcoordinator.Request{Key: c.group})
		if err == nil {
			err = protocolError(res.ErrorCode)
		}
		if err == nil {
			addr = net.JoinHostPort(res.Host, strconv.Itoa(int(res.Port)))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("coordinator of group %s: %w", c.group, err)
	}
	b, err := c.on(ctx, addr)
	if err != nil {
		return err
	}
	if err := f(b); err != nil {
		c.drop(addr)
		return fmt.Errorf("offsets of group %s: %w", c.group, err)
	}
	return nil
}

// groupOffsets returns the offsets that the group has committed; a partition
// without one is not in the map.
func (c *cluster) groupOffsets(ctx context.Context, of []topicPartition) (map[topicPartition]int64, error) {
	out := map[topicPartition]int64{}
	if len(of) == 0 {
		return out, nil
	}
	req := &offsetfetch.Request{GroupID: c.group}
	for topic, parts := range byTopic(of) {
		req.Topics = append(req.Topics, offsetfetch.RequestTopic{Name: topic, PartitionIndexes: parts})
	}
	return out, c.coordinator(ctx, func(b *broker) error {
		res, err := call[*offsetfetch.Response](b, offsetFetchVersion, req)
		if err == nil {
			err = protocolError(res.ErrorCode)
		}
		if err != nil {
			return err
		}
		for _, t := range res.Topics {
			for _, p := range t.Partitions {
				tp := topicPartition{t.Name, p.PartitionIndex}
				if err := protocolError(p.ErrorCode); err != nil {
					return named(tp, err)
				}
				if p.CommittedOffset >= 0 {
					out[tp] = p.CommittedOffset
				}
			}
		}
		return nil
	})
}

// commit stores offsets for the group, as a consumer that isn't a member.
func (c *cluster) commit(ctx context.Context, offsets map[topicPartition]int64) error {
	req := &offsetcommit.Request{GroupID: c.group, GenerationID: -1, RetentionTimeMs: -1}
	tps := make([]topicPartition, 0, len(offsets))
	for tp := range offsets {
		tps = append(tps, tp)
	}
	for topic, parts := range byTopic(tps) {
		t := offsetcommit.RequestTopic{Name: topic}
		for _, p := range parts {
			t.Partitions = append(t.Partitions, offsetcommit.RequestPartition{PartitionIndex: p, CommittedOffset: offsets[topicPartition{topic, p}]})
		}
		req.Topics = append(req.Topics, t)
	}
	return c.coordinator(ctx, func(b *broker) error {
		res, err := call[*offsetcommit.Response](b, offsetCommitVersion, req)
		if err != nil {
			return err
		}
		for _, t := range res.Topics {
			for _, p := range t.Partitions {
				if err := protocolError(p.ErrorCode); err != nil {
					return named(topicPartition{t.Name, p.PartitionIndex}, err)
				}
			}
		}
		return nil
	})
}
