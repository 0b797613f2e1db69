package stream

import (
	"sync"

	"pyfc/rt/state"
)

// Checkpoint is one snapshot of the whole job while it is being taken.
// Barriers carry it; each operator puts its state into it.
type Checkpoint struct {
	ID int64
	// Final is set when the job stops after this checkpoint: sources read
	// nothing more behind its barrier.
	Final bool

	mu    sync.Mutex
	parts map[string][]*state.Snapshot // by UID, by subtask
}
