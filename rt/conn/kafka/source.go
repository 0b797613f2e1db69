package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/segmentio/kafka-go"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Source reads the partitions that fall to one subtask. Background goroutines
// fetch (see supervisor); the task's goroutine turns what they fetched into
// records whose values are views of it.
type Source struct {
	sub     *stream.Subtask
	table   string
	topics  topics
	cluster *cluster
	client  client
	start   point
	stop    point
	opts    *Options

	restored  map[topicPartition]*position // nil on a fresh start
	positions []*position
	open      int // positions that haven't reached their stop

	fetched chan *fetched
	commits chan map[topicPartition]int64
	cancel  context.CancelFunc
	work    sync.WaitGroup

	// What is being handed out.
	current *fetched
	set     int // in current
	inside  bool
	batches []batch // of the set, that aren't begun
	batch   batch   // that is begun
	cursor  cursor
	keys    bool         // keys are wanted
	deletes bool         // a record without a value deletes a row
	aside   []conn.Aside // the metadata columns that are wanted
	into    *conn.Records
	places  []place // of the records of into

	// snapshot holds the offsets of the last snapshot until its checkpoint is
	// complete.
	snapshot map[topicPartition]int64
}

var (
	_ conn.ByteSource       = (*Source)(nil)
	_ stream.CommitListener = (*Source)(nil)
)

// NewSource returns the source of one subtask of table t.
func NewSource(sub *stream.Subtask, t *conn.Table) (conn.ByteSource, error) {
	o, err := parse(t, (*Options).checkSource)
	if err != nil {
		return nil, err
	}
	settings, _ := o.client() // checked by parse
	c, err := settings.load()
	if err != nil {
		return nil, &conn.Misconfigured{Table: t.Name, Err: err}
	}
	s := &Source{
		sub:    sub,
		table:  t.Name,
		opts:   o,
		client: c,
		topics: topics{names: o.Topics},
		cluster: &cluster{
			dialer: c.dialer, bootstrap: o.Servers, group: o.Group, committed: c.limits.committed,
		},
		start:   o.startPoint(c.reset, conn.GenerationOf(t.Options) == conn.Legacy),
		stop:    o.stopPoint(),
		keys:    len(t.RecordKey.Columns) > 0,
		deletes: t.RecordKey.Tombstones,
		aside:   t.Aside,
		fetched: make(chan *fetched),
		commits: make(chan map[topicPartition]int64, 1),
	}
	if o.Pattern != "" {
		s.topics.pattern = regexp.MustCompile(`^(?:` + o.Pattern + `)$`) // checked by parse
	}
	return s, nil
}

// Restore takes the positions of the checkpoint, those of all subtasks.
func (s *Source) Restore(r *state.Restored) error {
	if r.Fresh {
		return nil
	}
	s.restored = map[topicPartition]*position{}
	for _, entry := range r.List {
		p, err := decodePosition(entry)
		if err != nil {
			return err
		}
		s.restored[p.topicPartition] = p
	}
	return nil
}

// Open finds the positions to start from, which the first checkpoint then
// pins, and begins to fetch.
func (s *Source) Open(ctx context.Context) error {
	var positions []*position
	err := s.cluster.within(ctx, s.client.open, s.sub.Log, func() (err error) {
		positions, err = s.settle(ctx)
		return err
	})
	if err != nil {
		s.cluster.close()
		return blame(s.table, s.opts, err)
	}
	s.positions = positions
	var pending []*position
	for i, p := range positions {
		p.listed, p.split = true, i
		if p.next < p.stop {
			pending = append(pending, p)
			s.sub.Splits.Begin(i)
		}
	}
	s.open = len(pending)
	run, cancel := context.WithCancel(ctx)
	s.cancel = cancel
	v := newSupervisor(s, pending)
	s.work.Go(func() {
		v.run(run)
		v.end(ctx)
	})
	return nil
}

// blame says whose fault it is that a table can't be read or written.
func blame(table string, o *Options, err error) error {
	if passing(err) && !errors.Is(err, kafka.UnknownTopicOrPartition) {
		return &conn.Unreachable{Table: table, System: "Kafka at " + strings.Join(o.Servers, ","), Err: err}
	}
	return &conn.Misconfigured{Table: table, Err: err}
}

// Poll hands out records of one fetch answer, whose bytes they share.
func (s *Source) Poll(ctx context.Context, wake <-chan struct{}, r *conn.Records, limit int) error {
	for {
		if s.current != nil {
			if err := s.drain(r, limit); err != nil || len(r.Values) > 0 {
				return err
			}
			continue
		}
		if s.open == 0 && s.stop.mode != "unbounded" {
			return io.EOF
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wake:
			return nil
		case f := <-s.fetched:
			if f.err != nil {
				return f.err
			}
			s.current, s.set, s.inside = f, 0, false
		}
	}
}

// drain takes up to limit records out of the current answer.
func (s *Source) drain(r *conn.Records, limit int) error {
	f := s.current
	f.arena.Retain()
	r.Arena = val.NewChild(f.arena)
	s.into, s.places = r, s.places[:0]
drain:
	for len(r.Values) < limit && s.set < len(f.sets) {
		set := &f.sets[s.set]
		p := set.position
		switch {
		case !s.inside:
			s.inside, s.batches, p.next = true, set.batches, set.from
			if !p.listed { // found while running
				p.listed, p.split = true, len(s.positions)
				s.positions = append(s.positions, p)
				s.sub.Splits.Begin(p.split)
			}
			s.sub.Splits.Current = p.split
		case s.cursor.left > 0:
			var err error
			_, p.next, err = s.cursor.values(limit-len(r.Values), p.next, p.stop, s.take)
			if err != nil {
				return fmt.Errorf("partition %s, offset %d: %w", p, p.next, err)
			}
		case len(s.batches) > 0:
			s.batch, s.batches = s.batches[0], s.batches[1:]
			s.cursor = cursor{data: s.batch.records, left: s.batch.count, base: s.batch.base}
		default:
			s.inside = false
			s.set++
			if p.next = max(p.next, set.to); p.next >= p.stop {
				p.next = p.stop
				s.open--
				s.sub.Splits.End(p.split)
			}
			if s.sub.Splits.Apart && len(r.Values) > 0 {
				break drain
			}
		}
	}
	s.hand(r)
	return nil
}

// hand ends a poll.
func (s *Source) hand(r *conn.Records) {
	if len(r.Values) == 0 {
		r.Arena.Release()
		r.Arena = nil
	}
	if f := s.current; s.set == len(f.sets) {
		f.arena.Release()
		s.current = nil
	}
	s.sub.Count.Lag.Store(s.lag())
}

// take adds a record to those that are handed out.
func (s *Source) take(offset int64, r *record) error {
	out := s.into
	s.place(len(out.Values), offset)
	out.Values = append(out.Values, r.value)
	if s.keys {
		out.Keys = append(out.Keys, r.key)
	}
	if s.deletes {
		kind := val.Insert
		if r.value == nil {
			kind = val.Delete
		}
		out.Kinds = append(out.Kinds, kind)
	}
	if len(s.aside) == 0 {
		return nil
	}
	m := message{s.current.sets[s.set].position.topicPartition, &s.batch, offset, r.delta, r.headers}
	for _, a := range s.aside {
		d, err := m.about(a.Metadata, out.Arena)
		if err != nil {
			return err
		}
		out.Aside = append(out.Aside, d)
	}
	return nil
}

// place is where a record of a poll comes from; those behind it follow, up to the
// next place.
type place struct {
	first    int // number of the record in the poll
	position *position
	offset   int64
}

// place notes where a record comes from if it doesn't follow the one before.
func (s *Source) place(i int, offset int64) {
	p := s.current.sets[s.set].position
	if n := len(s.places); n > 0 {
		if l := s.places[n-1]; l.position == p && l.offset+int64(i-l.first) == offset {
			return
		}
	}
	s.places = append(s.places, place{i, p, offset})
}

// Locate implements conn.Locator: topic, partition and offset.
func (s *Source) Locate(i int, _ []byte) string {
	at := s.places[0]
	for _, p := range s.places {
		if p.first <= i {
			at = p
		}
	}
	return fmt.Sprintf("topic %s, partition %d, offset %d", at.position.topic, at.position.partition, at.offset+int64(i-at.first))
}

// lag is the number of offsets that are still to be read, as last seen.
func (s *Source) lag() (n int64) {
	for _, p := range s.positions {
		n += max(0, min(p.end.Load(), p.stop)-p.next)
	}
	return n
}

// Snapshot adds the position of each partition to a checkpoint.
func (s *Source) Snapshot(c *state.Snapshot) error {
	s.snapshot = map[topicPartition]int64{}
	for _, p := range s.positions {
		c.List = append(c.List, p.encode())
		c.Notes = append(c.Notes, fmt.Sprintf("topic %s, partition %d: next offset %d", p.topic, p.partition, p.next))
		s.snapshot[p.topicPartition] = p.next
	}
	return nil
}

// Committed commits the offsets of the last snapshot to the group. It doesn't
// wait: group offsets tell others how far the job is, they are not what it
// restarts from.
func (s *Source) Committed(int64) error {
	if s.opts.Group == "" || !s.client.commit || len(s.snapshot) == 0 {
		return nil
	}
	select {
	case <-s.commits: // overtaken by this one
	default:
	}
	s.commits <- s.snapshot
	s.snapshot = nil
	return nil
}

// Close ends the background work, after a last commit that is due.
func (s *Source) Close() error {
	if s.cancel == nil {
		return nil
	}
	s.cancel()
	s.work.Wait()
	if s.current != nil {
		s.current.arena.Release()
		s.current = nil
	}
	return nil
}
