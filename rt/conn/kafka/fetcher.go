package kafka

import (
	"context"
	"errors"
	"sync"

	"github.com/segmentio/kafka-go"

	"pyfc/rt/val"
)

// fetched is what one answer of a broker held, on its way to the task.
type fetched struct {
	arena *val.Arena // owns the answer and what was decompressed
	sets  []dataSet
	err   error // fatal: the job fails
}

// dataSet is the data of one partition in an answer.
type dataSet struct {
	position *position
	from, to int64 // the offset asked for, and the one to ask for next
	batches  []batch
}

// fetcher fetches the partitions that one broker leads. It is a goroutine that
// is one answer ahead of the task: the next is under way while one waits to be
// taken.
type fetcher struct {
	addr   string
	super  *supervisor
	decomp decompressor
	untold bool // positions were added, and the supervisor doesn't know of an answer

	mu    sync.Mutex
	added []*position
	wake  chan struct{} // capacity 1: added isn't empty
}

// add hands positions over to the fetcher.
func (f *fetcher) add(p *position) {
	f.mu.Lock()
	f.added = append(f.added, p)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *fetcher) takeAdded() []*position {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.added
	f.added = nil
	return p
}

// run fetches until ctx ends. When the broker can't be reached the positions
// go back to the supervisor, and the fetcher waits for others.
func (f *fetcher) run(ctx context.Context) {
	defer f.decomp.close()
	var (
		b    *broker
		mine []*position
	)
	for ctx.Err() == nil {
		if added := f.takeAdded(); len(added) > 0 {
			mine, f.untold = append(mine, added...), true
		}
		if len(mine) == 0 {
			select {
			case <-f.wake:
			case <-ctx.Done():
			}
			continue
		}
		var err error
		if b == nil {
			b, err = f.super.cluster.dialer.dial(ctx, f.addr)
		}
		if err == nil {
			mine, err = f.once(ctx, b, mine)
		}
		if err != nil {
			if b != nil {
				b.close()
				b = nil
			}
			f.super.tell(ctx, event{homeless: mine, err: err})
			mine = nil
		}
	}
	if b != nil {
		b.close()
	}
}

// once sends one request and hands its answer over. It returns the positions
// to go on with.
func (f *fetcher) once(ctx context.Context, b *broker, mine []*position) ([]*position, error) {
	sets, buf, err := b.fetch(f.super.limits, mine, f.super.bufs)
	if err != nil {
		return mine, err
	}
	out := &fetched{arena: val.NewArena()}
	out.arena.Adopt(buf, f.super.bufs.Put)
	byName := make(map[topicPartition]*position, len(mine))
	for _, p := range mine {
		byName[p.topicPartition] = p
	}
	var news event
	for _, set := range sets {
		p := byName[topicPartition{set.topic, set.partition}]
		if p == nil {
			continue
		}
		switch {
		case errors.Is(set.err, kafka.OffsetOutOfRange):
			news.invalid = append(news.invalid, p)
		case set.err != nil && passing(set.err):
			news.homeless, news.err = append(news.homeless, p), set.err
		case set.err != nil:
			out.err = named(p, set.err)
		default:
			if err := f.decode(out, p, set); err != nil {
				out.err = named(p, err)
			}
			if f.untold {
				news.answered = append(news.answered, p)
			}
		}
	}
	f.untold = false
	if len(news.homeless)+len(news.invalid)+len(news.answered) > 0 {
		f.super.tell(ctx, news)
	}
	f.deliver(ctx, out)
	return remaining(mine, news), nil
}

// remaining returns the positions that are still to be fetched here, rotated,
// so that none starves when the answer's limit is reached before its turn.
func remaining(mine []*position, lost event) []*position {
	gone := map[*position]bool{}
	for _, p := range append(lost.homeless, lost.invalid...) {
		gone[p] = true
	}
	var out []*position
	for i := range mine {
		if p := mine[(i+1)%len(mine)]; !gone[p] && p.fetch < p.stop {
			out = append(out, p)
		}
	}
	return out
}

// decode cuts a record set into the batches that the reader sees, decompressed,
// and moves the position on.
func (f *fetcher) decode(out *fetched, p *position, set fetchedSet) error {
	if p.end.Store(set.end); f.super.limits.committed {
		p.end.Store(set.stable)
	}
	data := dataSet{position: p, from: p.fetch}
	visible := filter{committed: f.super.limits.committed, aborted: set.aborted}
	for rest := set.records; ; {
		b, after, ok, err := nextBatch(rest)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		rest = after
		keep, err := visible.keeps(&b)
		if err != nil {
			return err
		}
		if keep && b.count > 0 && b.last >= p.fetch && b.base < p.stop {
			if codec := int(b.attributes & compressionMask); codec != codecNone {
				if b.records, err = f.decomp.decompress(codec, b.records); err != nil {
					return err
				}
				out.arena.Adopt(b.records, f.super.bufs.Put)
			}
			data.batches = append(data.batches, b)
		}
		p.fetch = max(p.fetch, b.last+1)
	}
	if data.to = p.fetch; data.to > data.from {
		out.sets = append(out.sets, data)
	}
	return nil
}

// deliver hands the answer to the task, when it is ready for it.
func (f *fetcher) deliver(ctx context.Context, out *fetched) {
	if len(out.sets) == 0 && out.err == nil {
		out.arena.Release()
		return
	}
	select {
	case f.super.out <- out:
	case <-ctx.Done():
		out.arena.Release()
	}
}
