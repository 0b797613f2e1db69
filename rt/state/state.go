// Package state keeps what a job remembers: keyed state in key groups, lists
// that can be redistributed, and the checkpoints that hold both on disk.
package state

// KeyGroups is the number of groups that keys fall into. A checkpoint can be
// restored at any parallelism up to it.
const KeyGroups = 128

// Group returns the key group of a key's hash. The hash must be stable between
// runs.
func Group(hash uint64) int { return int(hash % KeyGroups) }

// Owner returns the subtask that owns a key group.
func Owner(group, parallelism int) int { return group * parallelism / KeyGroups }

// Snapshot is the contribution of one operator subtask to a checkpoint.
type Snapshot struct {
	// Groups holds the encoded entries of each key group; nil where a group is
	// empty.
	Groups [KeyGroups][]byte
	// List holds entries that any subtask may take over: split positions, rows
	// under way.
	List [][]byte
	// Notes tell people who read the checkpoint's manifest what a source has
	// read: "topic clicks, partition 3: next offset 1042". They are not
	// restored.
	Notes []string
}

// Restored is what an operator subtask gets back: its own key groups and the
// list entries of all former subtasks.
type Restored struct {
	// Groups has the encoded entries of the key groups that this subtask owns;
	// a group that several former snapshots hold has several parts.
	Groups map[int][][]byte
	// List has the list entries of all former subtasks. Every subtask sees all
	// of them and takes those that are its own.
	List [][]byte
	// Fresh is true when there was no checkpoint: the operator starts anew.
	Fresh bool
}

// Share returns the list entries that fall to one subtask when they are dealt
// out in turn.
func (r *Restored) Share(index, parallelism int) [][]byte {
	var out [][]byte
	for i := index; i < len(r.List); i += parallelism {
		out = append(out, r.List[i])
	}
	return out
}
