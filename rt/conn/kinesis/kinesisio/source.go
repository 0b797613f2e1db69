// Package kinesisio reads and writes data streams of Amazon Kinesis. Their shards
// are read as Kafka's partitions are: each in its order, from a position that
// checkpoints keep; a shard that came of others by resharding follows these.
package kinesisio

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon/amazonio"
	declaration "pyfc/rt/conn/kinesis"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Source reads the shards that fall to one subtask. Background goroutines fetch;
// the task's goroutine hands out what they fetched.
type Source struct {
	sub    *stream.Subtask
	table  *conn.Table
	opts   *declaration.Options
	client *client
	shards *shards

	restored  map[string]*position // of all subtasks; nil on a fresh start
	positions []*position

	fetched chan *fetched
	cancel  context.CancelFunc
	work    sync.WaitGroup

	current *fetched // what is being handed out
	record  int      // in current
	inside  bool     // that record is begun
	parts   [][]byte // of it
	handed  int      // of these
}

var _ conn.ByteSource = (*Source)(nil)

// NewSource returns the source of one subtask of table t.
func NewSource(sub *stream.Subtask, t *conn.Table) (conn.ByteSource, error) {
	o, err := declaration.ParseSource(t)
	if err != nil {
		return nil, err
	}
	known := sub.Shared.Get(func() any { return newShards() }).(*shards)
	return &Source{sub: sub, table: t, opts: o, shards: known, fetched: make(chan *fetched)}, nil
}

// Restore takes the positions of the checkpoint, those of all subtasks.
func (s *Source) Restore(r *state.Restored) error {
	if r.Fresh {
		return nil
	}
	s.restored = map[string]*position{}
	for _, entry := range r.List {
		stream, p, err := decodePosition(entry)
		if err != nil {
			return err
		}
		if stream != s.opts.Name() {
			continue // the table had another one; shards of all have the same names
		}
		s.restored[p.shard] = p
		if p.done {
			s.shards.finish(p.shard)
		}
	}
	return nil
}

// Open finds the positions to start from, which the first checkpoint then pins,
// and begins to fetch.
func (s *Source) Open(ctx context.Context) (err error) {
	if s.client, err = newClient(ctx, s.opts, s.table.Name); err != nil {
		return err
	}
	var list map[string]shard
	err = amazonio.Within(ctx, s.opts.Service(), s.sub.Log, func() (err error) {
		list, err = s.shards.first(ctx, s.client.list)
		return err
	})
	if err != nil {
		return amazonio.Blame(s.table.Name, s.opts.Service(), err)
	}
	waiting := map[string]*position{}
	for _, name := range slices.Sorted(maps.Keys(list)) {
		if !s.owns(name) {
			continue
		}
		p := s.begin(name, list[name])
		s.list(p)
		if p.done {
			s.shards.finish(name)
			continue
		}
		if err := s.pin(ctx, p); err != nil {
			return amazonio.Blame(s.table.Name, s.opts.Service(), fmt.Errorf("shard %s: %w", name, err))
		}
		waiting[name] = p
	}
	s.missed(list)
	run, cancel := context.WithCancel(ctx)
	s.cancel = cancel
	v := &supervisor{s: s, waiting: waiting, started: map[string]bool{}, turns: make(chan struct{}, turns)}
	for _, p := range v.start(run) {
		s.reads(p)
	}
	s.work.Go(func() { v.run(run) })
	return nil
}

func (s *Source) owns(shard string) bool {
	return owner(s.opts.Name(), shard, s.sub.Parallelism) == s.sub.Index
}

// missed tells of shards of the checkpoint that aren't there any more.
func (s *Source) missed(list map[string]shard) {
	for name, p := range s.restored {
		if _, there := list[name]; !there && !p.done && s.owns(name) {
			s.sub.Log.Warn("a shard of the checkpoint isn't there any more; records that weren't read are lost", "shard", name)
		}
	}
}

// begin is where a shard of the first list starts: where the checkpoint has it, at
// its beginning if the checkpoint doesn't know it, or on a fresh start where the
// table says. A closed shard has nothing behind its latest record.
func (s *Source) begin(name string, known shard) *position {
	if s.restored != nil {
		if p := s.restored[name]; p != nil {
			return p
		}
		return at(name, point{kind: types.ShardIteratorTypeTrimHorizon})
	}
	p := point{kind: types.ShardIteratorType(s.opts.Start)}
	switch p.kind {
	case types.ShardIteratorTypeLatest:
		p.milli = time.Now().UnixMilli()
	case types.ShardIteratorTypeAtTimestamp:
		t, _ := s.opts.StartTime(time.Now()) // checked by ParseSource
		p.milli = t.UnixMilli()
	}
	out := at(name, p)
	out.done = known.closed && p.kind == types.ShardIteratorTypeLatest
	return out
}

// pin gets the iterator of LATEST, so that what comes once the job is ready is
// behind it. Should it expire, the time stands for it.
func (s *Source) pin(ctx context.Context, p *position) error {
	if p.fetch.kind != types.ShardIteratorTypeLatest {
		return nil
	}
	return amazonio.Within(ctx, s.opts.Service(), s.sub.Log, func() (err error) {
		if p.iterator, err = s.client.iterator(ctx, p.shard, p.fetch); err == nil {
			p.fetch.kind = types.ShardIteratorTypeAtTimestamp
		}
		return err
	})
}

// list adds a position to those of the task.
func (s *Source) list(p *position) {
	p.listed, p.split = true, len(s.positions)
	s.positions = append(s.positions, p)
}

// reads notes that records of a shard come.
func (s *Source) reads(p *position) {
	if !p.listed { // found while running
		s.list(p)
	}
	if !p.begun {
		p.begun = true
		s.sub.Splits.Begin(p.split)
	}
}

// Poll hands out records of one answer.
func (s *Source) Poll(ctx context.Context, wake <-chan struct{}, r *conn.Records, limit int) error {
	for {
		if s.current != nil {
			if s.drain(r, limit); len(r.Values) > 0 {
				return nil
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wake:
			return nil
		case f := <-s.fetched:
			if f.err != nil {
				return amazonio.Blame(s.table.Name, s.opts.Service(), fmt.Errorf("shard %s: %w", f.position.shard, f.err))
			}
			s.reads(f.position)
			s.current, s.record, s.inside = f, 0, false
		}
	}
}

// drain takes up to limit records out of the current answer.
func (s *Source) drain(r *conn.Records, limit int) {
	f := s.current
	p := f.position
	r.Arena = val.NewArena() // the records are the garbage collector's
	s.sub.Splits.Current = p.split
	for len(r.Values) < limit && s.record < len(f.records) {
		record := &f.records[s.record]
		if !s.inside {
			s.inside, s.parts, s.handed = true, unpack(s.parts[:0], record.Data), 0
			if s.record == 0 {
				s.handed = min(f.skip, len(s.parts))
			}
		}
		n := min(limit-len(r.Values), len(s.parts)-s.handed)
		for _, part := range s.parts[s.handed : s.handed+n] {
			r.Values = append(r.Values, part)
			for _, a := range s.table.Aside {
				r.Aside = append(r.Aside, p.about(a.Metadata, record))
			}
		}
		s.handed += n
		if s.handed < len(s.parts) {
			p.next = point{kind: types.ShardIteratorTypeAtSequenceNumber, sequence: *record.SequenceNumber, skip: s.handed}
			continue
		}
		p.next = point{kind: types.ShardIteratorTypeAfterSequenceNumber, sequence: *record.SequenceNumber}
		s.inside = false
		s.record++
	}
	if len(r.Values) == 0 {
		r.Arena.Release()
		r.Arena = nil
	}
	if s.record < len(f.records) {
		return
	}
	s.current = nil
	if f.end {
		p.done = true
		s.sub.Splits.End(p.split)
		s.shards.end(p.shard)
	}
}

// about is the value of a metadata column for a record of the shard.
func (p *position) about(key string, r *types.Record) val.Datum {
	switch key {
	case "shard-id":
		return val.TextDatum(p.shard)
	case "sequence-number":
		return val.TextDatum(*r.SequenceNumber)
	}
	return val.TimestampDatum(val.Timestamp{Milli: aws.ToTime(r.ApproximateArrivalTimestamp).UnixMilli()})
}

// Snapshot adds the position of each shard to a checkpoint.
func (s *Source) Snapshot(c *state.Snapshot) error {
	for _, p := range s.positions {
		c.List = append(c.List, p.encode(s.opts.Name()))
		c.Notes = append(c.Notes, fmt.Sprintf("stream %s, %s", s.opts.Name(), p))
	}
	return nil
}

// Close ends the background work.
func (s *Source) Close() error {
	if s.cancel != nil {
		s.cancel()
		s.work.Wait()
	}
	return nil
}
