package stream

import (
	"fmt"

	"pyfc/rt/state"
	"pyfc/rt/val"
)

// Position is how many entries of a fixed list a source has handed out. The
// first subtask reads the list, so that its order holds, and notes where it is. A
// source embeds it for its Snapshot and Restore.
type Position struct {
	Next int64
	sub  *Subtask
	of   string
}

// NewPosition is the beginning of a list, which of says what it is for messages.
func NewPosition(sub *Subtask, of string) Position { return Position{sub: sub, of: of} }

// Snapshot implements Stateful.
func (p *Position) Snapshot(s *state.Snapshot) error {
	if p.sub.Index == 0 {
		s.List = append(s.List, val.EncodeInt(nil, p.Next))
	}
	return nil
}

// Restore implements Stateful.
func (p *Position) Restore(r *state.Restored) error {
	for _, entry := range r.List {
		if _, err := val.DecodeInt(entry, &p.Next); err != nil {
			return fmt.Errorf("position in the %s: %w", p.of, err)
		}
	}
	return nil
}
