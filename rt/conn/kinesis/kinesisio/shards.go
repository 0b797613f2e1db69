package kinesisio

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// shards is what the subtasks of a source know of the stream's shards: one list for
// all of them, so that they agree on which were there in the beginning, and which
// shards have been read to their end, so that those that came of them begin.
type shards struct {
	mu      sync.Mutex
	known   map[string]shard // nil before the first list
	done    map[string]bool
	changed chan struct{} // closed when something of it changes
	ended   chan struct{} // capacity 1: shards have ended, others may have come
}

// shard is what a list says about one.
type shard struct {
	parents []string // that it came of by resharding
	closed  bool     // takes no more records
}

func newShards() *shards {
	return &shards{done: map[string]bool{}, changed: make(chan struct{}), ended: make(chan struct{}, 1)}
}

// first returns the shards of the first list, which the first caller asks for.
func (s *shards) first(ctx context.Context, list func(context.Context) (map[string]shard, error)) (map[string]shard, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		known, err := list(ctx)
		if err != nil {
			return nil, err
		}
		s.known = known
	}
	return maps.Clone(s.known), nil
}

// renew takes another list. Shards that are in none any more are too old to have
// records.
func (s *shards) renew(list map[string]shard) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = list
	s.signal()
}

// finish notes that a shard has been read to its end.
func (s *shards) finish(shard string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done[shard] {
		return
	}
	s.done[shard] = true
	s.signal()
}

// end notes that a shard has been read to its end now: others may have come of it.
func (s *shards) end(shard string) {
	s.finish(shard)
	select {
	case s.ended <- struct{}{}:
	default:
	}
}

func (s *shards) signal() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// ready returns, in order, the shards whose parents have been read, and a channel
// that is closed when there may be others.
func (s *shards) ready() ([]string, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, name := range slices.Sorted(maps.Keys(s.known)) {
		waits := func(parent string) bool {
			_, there := s.known[parent]
			return there && !s.done[parent]
		}
		if !s.done[name] && !slices.ContainsFunc(s.known[name].parents, waits) {
			out = append(out, name)
		}
	}
	return out, s.changed
}

// list asks for the stream's shards, with those that are closed and still have
// records.
func (c *client) list(ctx context.Context) (map[string]shard, error) {
	out := map[string]shard{}
	in := &kinesis.ListShardsInput{StreamName: c.name, StreamARN: c.arn}
	for {
		res, err := c.api.ListShards(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, s := range res.Shards {
			var known shard
			for _, parent := range []*string{s.ParentShardId, s.AdjacentParentShardId} {
				if parent != nil {
					known.parents = append(known.parents, *parent)
				}
			}
			known.closed = s.SequenceNumberRange != nil && s.SequenceNumberRange.EndingSequenceNumber != nil
			out[*s.ShardId] = known
		}
		if res.NextToken == nil {
			return out, nil
		}
		in = &kinesis.ListShardsInput{NextToken: res.NextToken} // which stands for the stream
	}
}
