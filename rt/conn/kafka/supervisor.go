package kafka

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/rt/conn"
)

// supervisor leads the background work of a source: it finds the leader of
// each partition and gives the position to that broker's fetcher, looks for new
// partitions, and commits offsets to the group.
type supervisor struct {
	cluster *cluster
	limits  fetchLimits
	topics  topics
	reset   string
	owns    func(topicPartition) bool
	log     *slog.Logger
	bufs    *conn.Buffers
	out     chan<- *fetched
	events  chan event
	commits chan map[topicPartition]int64

	interval time.Duration // of discovery; 0: never
	known    map[topicPartition]bool
	pending  []*position              // without a fetcher
	invalid  []*position              // whose offset the broker doesn't have
	due      map[topicPartition]int64 // a commit that the end interrupted
	fetchers map[string]*fetcher
	work     sync.WaitGroup
	outage   time.Time          // since when something is out of reach; zero: nothing is
	lost     map[*position]bool // what hasn't been answered since
	backoff  time.Duration
}

// event is what a fetcher tells the supervisor.
type event struct {
	homeless []*position // positions that it can't fetch
	invalid  []*position // positions whose offset doesn't exist
	err      error       // why
	answered []*position // positions of the first answer to new ones
}

func newSupervisor(s *Source, pending []*position) *supervisor {
	v := &supervisor{
		cluster:  s.cluster,
		limits:   s.client.limits,
		topics:   s.topics,
		reset:    s.start.reset,
		owns:     func(tp topicPartition) bool { return owner(tp, s.sub.Parallelism) == s.sub.Index },
		log:      s.sub.Log,
		bufs:     &conn.Buffers{},
		out:      s.fetched,
		events:   make(chan event),
		commits:  s.commits,
		known:    map[topicPartition]bool{},
		lost:     map[*position]bool{},
		pending:  pending,
		fetchers: map[string]*fetcher{},
		backoff:  conn.MinBackoff,
	}
	if s.stop.mode == "unbounded" {
		v.interval = s.opts.Discovery
	}
	for _, p := range s.positions {
		v.known[p.topicPartition] = true
	}
	return v
}

// run works until ctx ends and all fetchers have.
func (v *supervisor) run(ctx context.Context) {
	defer v.work.Wait()
	var discovery <-chan time.Time
	if v.interval > 0 {
		ticker := time.NewTicker(v.interval)
		defer ticker.Stop()
		discovery = ticker.C
	}
	retry := time.NewTimer(0)
	defer retry.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-v.events:
			v.handle(e)
			if len(v.pending)+len(v.invalid) > 0 {
				retry.Reset(v.backoff)
			}
		case <-retry.C:
			if err := v.place(ctx); err != nil {
				v.failed(ctx, err)
				retry.Reset(v.backoff)
			}
		case <-discovery:
			if err := v.discover(ctx); err != nil {
				v.log.Warn("can't look for new Kafka partitions", "error", err)
			} else {
				retry.Reset(0)
			}
		case offsets := <-v.commits:
			if v.commit(ctx, offsets); ctx.Err() != nil {
				v.due = offsets
			}
		}
	}
}

// tell is called by fetchers.
func (v *supervisor) tell(ctx context.Context, e event) {
	select {
	case v.events <- e:
	case <-ctx.Done():
	}
}

func (v *supervisor) handle(e event) {
	v.pending = append(v.pending, e.homeless...)
	v.invalid = append(v.invalid, e.invalid...)
	if e.err != nil {
		v.unreachable(e.err)
	}
	for _, p := range e.answered {
		delete(v.lost, p)
	}
	if len(v.lost) == 0 && !v.outage.IsZero() {
		v.log.Info("Kafka is back", "after", time.Since(v.outage).Round(time.Millisecond))
		v.outage, v.backoff = time.Time{}, conn.MinBackoff
	}
}

// unreachable notes an outage, with one line in the log at its beginning, and makes
// the next pause longer. It is over when all positions without a fetcher have
// been answered.
func (v *supervisor) unreachable(err error) {
	for _, p := range v.pending {
		v.lost[p] = true
	}
	if v.outage.IsZero() {
		v.outage = time.Now()
		v.log.Warn("Kafka is out of reach, trying again until it is back", "error", err)
	}
	v.backoff = min(2*v.backoff, conn.MaxBackoff)
}

// failed handles a failure to place positions. Those that waiting doesn't cure
// fail the job.
func (v *supervisor) failed(ctx context.Context, err error) {
	v.cluster.close()
	if ctx.Err() != nil {
		return
	}
	if passing(err) {
		v.unreachable(err)
		return
	}
	select {
	case v.out <- &fetched{err: err}:
	case <-ctx.Done():
	}
}

// place gives the pending positions to the fetchers of their leaders. Those
// without a leader stay.
func (v *supervisor) place(ctx context.Context) error {
	if len(v.pending)+len(v.invalid) == 0 {
		return nil
	}
	l, err := v.cluster.layout(ctx, v.topics)
	if err != nil {
		return err
	}
	if err := v.resetInvalid(ctx, l); err != nil {
		return err
	}
	var homeless []*position
	for _, p := range v.pending {
		addr := l[p.topicPartition]
		if addr == "" {
			homeless = append(homeless, p)
			continue
		}
		f := v.fetchers[addr]
		if f == nil {
			f = &fetcher{addr: addr, super: v, wake: make(chan struct{}, 1), decomp: decompressor{bufs: v.bufs}}
			v.fetchers[addr] = f
			v.work.Go(func() { f.run(ctx) })
		}
		f.add(p)
	}
	if v.pending = homeless; len(homeless) > 0 {
		return named(homeless[0], kafka.LeaderNotAvailable)
	}
	return nil
}

// resetInvalid moves positions that the broker doesn't have, because it has
// deleted the records or lost them, to where the table's reset strategy says.
func (v *supervisor) resetInvalid(ctx context.Context, l layout) error {
	if len(v.invalid) == 0 {
		return nil
	}
	tps := make([]topicPartition, len(v.invalid))
	for i, p := range v.invalid {
		tps[i] = p.topicPartition
	}
	offsets, err := v.cluster.resetOffsets(ctx, l, tps, v.reset)
	if err != nil {
		return err
	}
	for _, p := range v.invalid {
		v.log.Warn("Kafka doesn't have the offset that is next, records are lost or read again",
			"partition", p.String(), "offset", p.fetch, "continuing", offsets[p.topicPartition])
		p.fetch = offsets[p.topicPartition]
		v.pending = append(v.pending, p)
	}
	v.invalid = nil
	return nil
}

// discover adds partitions that have come into being. They are read from their
// beginning.
func (v *supervisor) discover(ctx context.Context) error {
	l, err := v.cluster.layout(ctx, v.topics)
	if err != nil {
		v.cluster.close()
		return err
	}
	var found []topicPartition
	for _, tp := range l.sorted() {
		if !v.known[tp] && v.owns(tp) {
			found = append(found, tp)
		}
	}
	offsets, err := v.cluster.resetOffsets(ctx, l, found, "earliest")
	if err != nil {
		v.cluster.close()
		return err
	}
	for _, tp := range found {
		v.known[tp] = true
		v.log.Info("new Kafka partition", "partition", tp.String(), "offset", offsets[tp])
		v.pending = append(v.pending, &position{topicPartition: tp, next: offsets[tp], fetch: offsets[tp], stop: unbounded})
	}
	return nil
}

func (v *supervisor) commit(ctx context.Context, offsets map[topicPartition]int64) {
	if err := v.cluster.commit(ctx, offsets); err != nil && ctx.Err() == nil {
		v.log.Warn("can't commit offsets to the Kafka group; the checkpoint holds them", "error", err)
	}
}

// end makes the commit that is still due, if the job hasn't failed, and closes
// the connections.
func (v *supervisor) end(ctx context.Context) {
	const patience = 3 * time.Second
	v.cluster.close() // those that the fetchers' context has closed
	select {
	case v.due = <-v.commits: // newer
	default:
	}
	if v.due != nil {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		v.commit(ctx, v.due)
	}
	v.cluster.close()
}
