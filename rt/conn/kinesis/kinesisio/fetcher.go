package kinesisio

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon/amazonio"
)

// fetched is what one answer of Kinesis held, on its way to the task.
type fetched struct {
	position *position
	records  []types.Record
	skip     int  // parts of the first record that have been read
	end      bool // the shard has no more
	err      error
}

// fetcher fetches one shard. It is a goroutine that is one answer ahead of the
// task.
type fetcher struct {
	*position
	client      *client
	limit       int32
	empty, full time.Duration // the pauses between fetches
	base, most  time.Duration // those after failures
	log         *slog.Logger
	out         chan<- *fetched
	// turns holds as many as may fetch at a time, so that answers that wait for the
	// task are few.
	turns chan struct{}
}

// run fetches until the shard or ctx ends, or a failure lasts.
func (f *fetcher) run(ctx context.Context) {
	iterator := f.iterator
	var outage time.Time // since when Kinesis is out of reach; zero: it isn't
	backoff := f.base
	for ctx.Err() == nil {
		next, got, err := f.once(ctx, iterator)
		switch {
		case err == nil:
			if !outage.IsZero() {
				f.log.Info("Kinesis is back", "shard", f.shard, "after", time.Since(outage).Round(time.Millisecond))
				outage, backoff = time.Time{}, f.base
			}
			if next == nil {
				return
			}
			iterator = next
			wait := f.full
			if got == 0 {
				wait = f.empty
			}
			err = conn.Pause(ctx, wait)
		case ctx.Err() != nil:
		case expired(err):
			iterator = nil
		case amazonio.Passing(err):
			if outage.IsZero() {
				outage = time.Now()
				f.log.Warn("Kinesis doesn't answer, trying again until it does", "shard", f.shard, "error", err)
			}
			err = conn.Pause(ctx, backoff)
			backoff = min(2*backoff, f.most)
		default:
			f.deliver(ctx, &fetched{position: f.position, err: err})
			return
		}
		if err != nil && ctx.Err() != nil {
			return
		}
	}
}

// once fetches and hands the answer over. It returns the iterator of the next
// fetch, nil at the shard's end, and how many records there were.
func (f *fetcher) once(ctx context.Context, iterator *string) (next *string, got int, err error) {
	select {
	case f.turns <- struct{}{}:
		defer func() { <-f.turns }()
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	if iterator == nil {
		if iterator, err = f.client.iterator(ctx, f.shard, f.fetch); err != nil {
			return nil, 0, err
		}
	}
	res, err := f.client.api.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: iterator, StreamARN: f.client.arn, Limit: &f.limit})
	if err != nil {
		return iterator, 0, err
	}
	out := &fetched{position: f.position, records: res.Records, skip: f.fetch.skip, end: res.NextShardIterator == nil}
	if n := len(res.Records); n > 0 {
		f.fetch = point{kind: types.ShardIteratorTypeAfterSequenceNumber, sequence: *res.Records[n-1].SequenceNumber}
	}
	if len(out.records) > 0 || out.end {
		f.deliver(ctx, out)
	}
	return res.NextShardIterator, len(res.Records), nil
}

// deliver hands an answer to the task, when it is ready for it.
func (f *fetcher) deliver(ctx context.Context, out *fetched) {
	select {
	case f.out <- out:
	case <-ctx.Done():
	}
}
