package stream

import (
	"sync"
	"sync/atomic"
	"time"

	"pyfc/rt/state"
)

// Checkpoint is one snapshot of the whole job while it is being taken.
// Barriers carry it; each operator puts its state into it.
type Checkpoint struct {
	ID int64
	// Final is set when the job stops after this checkpoint: sources read
	// nothing more behind its barrier.
	Final bool

	begun   time.Time
	pending atomic.Int32 // tasks that haven't passed the barrier

	mu    sync.Mutex
	parts map[string][]*state.Snapshot // by UID, by subtask
}

// add puts an operator subtask's state into the checkpoint.
func (c *Checkpoint) add(sub *Subtask, s *state.Snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.parts[sub.UID] == nil {
		c.parts[sub.UID] = make([]*state.Snapshot, sub.Parallelism)
	}
	c.parts[sub.UID][sub.Index] = s
}

// Store keeps complete checkpoints.
type Store interface {
	// NextID returns the number of the checkpoint that is taken next; numbers
	// rise over all runs of a job.
	NextID() int64
	// Save makes a checkpoint durable and returns its size in bytes. Final says
	// that the job stops after it, finished that it had come to its end.
	Save(id int64, final, finished bool, parts map[string][]*state.Snapshot) (int64, error)
}

// CheckpointStats tells about the checkpoints of a running job.
type CheckpointStats struct {
	Completed    int64
	LastID       int64
	LastDuration time.Duration // from the trigger until it was durable
	LastBytes    int64
	UnderWay     bool
}

// progress holds the statistics for readers on other goroutines.
type progress struct {
	mu    sync.Mutex
	stats CheckpointStats
}

func (p *progress) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats.UnderWay = true
}

func (p *progress) complete(c *Checkpoint, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats = CheckpointStats{
		Completed:    p.stats.Completed + 1,
		LastID:       c.ID,
		LastDuration: time.Since(c.begun),
		LastBytes:    bytes,
	}
}

// Checkpoints returns the statistics; safe to call from any goroutine.
func (g *Graph) Checkpoints() CheckpointStats {
	g.progress.mu.Lock()
	defer g.progress.mu.Unlock()
	return g.progress.stats
}

// begin has all source tasks emit the barrier of a new checkpoint.
func (g *Graph) begin(final bool) *Checkpoint {
	c := &Checkpoint{
		ID:    g.cfg.Store.NextID(),
		Final: final,
		begun: time.Now(),
		parts: map[string][]*state.Snapshot{},
	}
	c.pending.Store(int32(len(g.tasks)))
	g.progress.begin()
	for _, t := range g.sources {
		t.post(func() error { return t.input.(sourceInput).barrier(c) })
	}
	return c
}

// complete saves a checkpoint that every task has acknowledged and tells the
// operators.
func (g *Graph) complete(c *Checkpoint, finished bool) error {
	bytes, err := g.cfg.Store.Save(c.ID, c.Final, finished, c.parts)
	if err != nil {
		return err
	}
	g.progress.complete(c, bytes)
	g.cfg.Log.Debug("checkpoint", "id", c.ID, "final", c.Final, "bytes", bytes, "duration", time.Since(c.begun))
	for _, t := range g.tasks {
		t.post(func() error { return t.committed(c.ID) })
	}
	return nil
}
