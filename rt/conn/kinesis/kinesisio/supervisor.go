package kinesisio

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

// supervisor leads the background work of a source: it starts the fetchers of
// shards when their time has come, and that of the first subtask looks for new
// ones.
type supervisor struct {
	s       *Source
	waiting map[string]*position // of the first list, that aren't started
	started map[string]bool
	turns   chan struct{}
}

// turns is how many shards a subtask fetches at a time.
const turns = 4

// run works until ctx ends.
func (v *supervisor) run(ctx context.Context) {
	var tick <-chan time.Time
	var ended <-chan struct{}
	if v.s.sub.Index == 0 {
		ended = v.s.shards.ended
		if v.s.opts.Discovery > 0 {
			ticker := time.NewTicker(v.s.opts.Discovery)
			defer ticker.Stop()
			tick = ticker.C
		}
	}
	for {
		_, changed := v.s.shards.ready()
		v.start(ctx)
		select {
		case <-ctx.Done():
			return
		case <-changed:
			continue
		case <-ended:
		case <-tick:
		}
		list, err := v.s.client.list(ctx)
		switch {
		case err == nil:
			v.s.shards.renew(list)
		case ctx.Err() == nil:
			v.s.sub.Log.Warn("can't look for new Kinesis shards", "error", err)
		}
	}
}

// start starts the fetchers of the subtask's shards whose parents have been read to
// their end, and returns their positions. A shard that wasn't there in the beginning
// is read from its own.
func (v *supervisor) start(ctx context.Context) (started []*position) {
	ready, _ := v.s.shards.ready()
	for _, name := range ready {
		if v.started[name] || !v.s.owns(name) {
			continue
		}
		v.started[name] = true
		p := v.waiting[name]
		if p == nil {
			v.s.sub.Log.Info("new Kinesis shard", "shard", name)
			p = at(name, point{kind: types.ShardIteratorTypeTrimHorizon})
		}
		delete(v.waiting, name)
		started = append(started, p)
		f := v.fetcher(p)
		v.s.work.Go(func() { f.run(ctx) })
	}
	return started
}

func (v *supervisor) fetcher(p *position) *fetcher {
	o := v.s.opts
	empty, full := o.Pauses()
	return &fetcher{
		position: p, client: v.s.client, limit: int32(o.MaxRecords), empty: empty, full: full,
		base: time.Duration(o.BackoffBase) * time.Millisecond, most: time.Duration(o.BackoffMax) * time.Millisecond,
		log: v.s.sub.Log, out: v.s.fetched, turns: v.turns,
	}
}
