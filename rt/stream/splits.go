package stream

// Splits are the parts that a subtask of a source reads, each in an order of its
// own, such as the partitions of a topic. Operators that are chained to the
// source see which one the batch at hand is from.
type Splits struct {
	// Apart is set by an operator that wants each batch to be of one split.
	Apart bool
	// Current is the split of the batch at hand.
	Current int
	open    map[int]bool
}

// Begin notes that the source reads a split.
func (s *Splits) Begin(split int) {
	if s.open == nil {
		s.open = map[int]bool{}
	}
	s.open[split] = true
}

// End notes that a split has come to its end.
func (s *Splits) End(split int) { delete(s.open, split) }

// Open are the splits that are being read; none if the source has no splits.
func (s *Splits) Open() map[int]bool { return s.open }
