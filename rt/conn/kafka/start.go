package kafka

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/rt/conn"
)

// position is the state of one partition that a subtask reads.
type position struct {
	topicPartition
	stop int64 // offset to end before; math.MaxInt64 in an unbounded source

	// fetch is the offset to fetch next. It belongs to the goroutine that has
	// the position: supervisor or fetcher.
	fetch int64
	// next is the offset behind the last record that was handed out. It
	// belongs to the task.
	next int64
	// end is the offset behind the last record that there was to read when the
	// broker last answered.
	end atomic.Int64
	// listed says that the task has the position in its list, split is the place.
	listed bool
	split  int
}

const unbounded = math.MaxInt64

// point describes where in a partition reading begins or ends.
type point struct {
	mode      string // as in scan.startup.mode
	timestamp int64
	offsets   map[int32]int64
	// reset says what holds for a partition for which the mode names no
	// offset: earliest, latest, or "" and none for an error.
	reset string
}

// startPoint is where reading begins on a fresh start.
func (o *Options) startPoint(reset string, legacy bool) point {
	p := point{mode: o.Startup}
	switch o.Startup {
	case "timestamp":
		p.timestamp, p.reset = *o.StartTimestamp, "latest"
	case "specific-offsets":
		p.offsets, _ = parseOffsets(o.StartOffsets) // checked before
		p.reset = "earliest"
	case "latest-offset":
		p.reset = "latest"
	case "earliest-offset":
		p.reset = "earliest"
	case "group-offsets":
		if p.reset = reset; reset == "" && legacy {
			p.reset = "latest"
		}
	}
	return p
}

// stopPoint is where reading ends; its mode is "unbounded" where it doesn't.
func (o *Options) stopPoint() point {
	p := point{mode: o.Bounded, reset: "earliest"}
	switch o.Bounded {
	case "timestamp":
		p.timestamp, p.reset = *o.StopTimestamp, "latest"
	case "specific-offsets":
		p.offsets, _ = parseOffsets(o.StopOffsets) // checked before
	case "group-offsets":
		p.reset = ""
	}
	return p
}

// resolve finds the offset of a point in each of the partitions.
func (c *cluster) resolve(ctx context.Context, l layout, of []topicPartition, p point) (map[topicPartition]int64, error) {
	var (
		out map[topicPartition]int64
		err error
	)
	switch p.mode {
	case "earliest-offset":
		return c.offsetsAt(ctx, l, of, earliest)
	case "latest-offset":
		return c.offsetsAt(ctx, l, of, latest)
	case "timestamp":
		out, err = c.offsetsAt(ctx, l, of, p.timestamp)
	case "specific-offsets":
		out = map[topicPartition]int64{}
		for _, tp := range of {
			if offset, ok := p.offsets[tp.partition]; ok {
				out[tp] = offset
			}
		}
	case "group-offsets":
		if out = map[topicPartition]int64{}; c.group != "" {
			out, err = c.groupOffsets(ctx, of)
		}
	}
	if err != nil {
		return nil, err
	}
	var missing []topicPartition
	for _, tp := range of {
		if offset, ok := out[tp]; !ok || offset < 0 {
			missing = append(missing, tp)
		}
	}
	rest, err := c.resetOffsets(ctx, l, missing, p.reset)
	for tp, offset := range rest {
		out[tp] = offset
	}
	return out, err
}

// resetOffsets finds the end of the partitions that reset names.
func (c *cluster) resetOffsets(ctx context.Context, l layout, of []topicPartition, reset string) (map[topicPartition]int64, error) {
	switch {
	case len(of) == 0:
		return nil, nil
	case reset == "earliest":
		return c.offsetsAt(ctx, l, of, earliest)
	case reset == "latest":
		return c.offsetsAt(ctx, l, of, latest)
	}
	return nil, &noOffset{of[0], c.group}
}

// noOffset says that nothing tells where to read a partition from.
type noOffset struct {
	partition topicPartition
	group     string
}

func (e *noOffset) Error() string {
	return fmt.Sprintf("no offset to read partition %s from: group %q has none that is valid, and properties.auto.offset.reset isn't earliest or latest", e.partition, e.group)
}

// owner returns the subtask that reads a partition. Partitions of one topic
// fall to the subtasks in turn; topics begin at different ones.
func owner(tp topicPartition, parallelism int) int {
	h := fnv.New32a()
	h.Write([]byte(tp.topic)) // never fails
	return int((uint64(h.Sum32()) + uint64(tp.partition)) % uint64(parallelism))
}

// settle finds the positions that this subtask starts from: those of the
// checkpoint, the earliest offset for partitions that it doesn't know, or on a
// fresh start what the table says.
func (s *Source) settle(ctx context.Context) ([]*position, error) {
	l, err := s.cluster.layout(ctx, s.topics)
	if err != nil {
		return nil, err
	}
	var out []*position
	var fresh []topicPartition
	for _, tp := range l.sorted() {
		if owner(tp, s.sub.Parallelism) != s.sub.Index {
			continue
		}
		if p := s.restored[tp]; p != nil {
			out = append(out, p)
		} else {
			fresh = append(fresh, tp)
		}
	}
	for tp := range s.restored {
		if _, ok := l[tp]; !ok && owner(tp, s.sub.Parallelism) == s.sub.Index {
			s.sub.Log.Warn("a partition of the checkpoint isn't read any more", "partition", tp.String())
		}
	}
	start := s.start
	if s.restored != nil {
		start = point{mode: "earliest-offset"}
	}
	starts, err := s.cluster.resolve(ctx, l, fresh, start)
	if err != nil {
		return nil, err
	}
	stops, err := s.cluster.stops(ctx, l, fresh, s.stop)
	if err != nil {
		return nil, err
	}
	for _, tp := range fresh {
		out = append(out, &position{topicPartition: tp, next: starts[tp], fetch: starts[tp], stop: stops[tp]})
	}
	return out, nil
}

func (c *cluster) stops(ctx context.Context, l layout, of []topicPartition, p point) (map[topicPartition]int64, error) {
	if p.mode != "unbounded" {
		return c.resolve(ctx, l, of, p)
	}
	out := map[topicPartition]int64{}
	for _, tp := range of {
		out[tp] = unbounded
	}
	return out, nil
}

// within tries again after failures that may pass until the time is over. A topic
// that isn't there gets a moment only: it may have been created just now.
func (c *cluster) within(ctx context.Context, limit time.Duration, log *slog.Logger, f func() error) error {
	begun := time.Now()
	for wait := conn.MinBackoff; ; wait = min(2*wait, conn.MaxBackoff) {
		err := f()
		if err == nil || !passing(err) || ctx.Err() != nil {
			return err
		}
		c.close()
		if errors.Is(err, kafka.UnknownTopicOrPartition) {
			limit = min(limit, 2*time.Second)
		}
		if time.Since(begun)+wait > limit {
			return err
		}
		if wait == conn.MinBackoff {
			log.Warn("Kafka doesn't answer as it should yet, trying again", "error", err, "for", limit)
		}
		if err := conn.Pause(ctx, wait); err != nil {
			return err
		}
	}
}

// encode is the position's entry in a checkpoint.
func (p *position) encode() []byte {
	b := binary.AppendUvarint(nil, uint64(len(p.topic)))
	b = append(b, p.topic...)
	b = binary.AppendVarint(b, int64(p.partition))
	b = binary.AppendVarint(b, p.next)
	return binary.AppendVarint(b, p.stop)
}

func decodePosition(b []byte) (*position, error) {
	damaged := errors.New("a Kafka position in the checkpoint is damaged")
	n, at := binary.Uvarint(b)
	if at <= 0 || n > uint64(len(b)-at) {
		return nil, damaged
	}
	p := &position{topicPartition: topicPartition{topic: string(b[at : at+int(n)])}}
	rest := b[at+int(n):]
	var fields [3]int64
	for i := range fields {
		v, size := binary.Varint(rest)
		if size <= 0 {
			return nil, damaged
		}
		fields[i], rest = v, rest[size:]
	}
	p.partition, p.next, p.fetch, p.stop = int32(fields[0]), fields[1], fields[1], fields[2]
	return p, nil
}
