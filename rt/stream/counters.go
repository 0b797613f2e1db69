package stream

import "sync/atomic"

// Counters account for the rows of one operator subtask. In is counted in
// front of every operator; the others are the operator's own business.
type Counters struct {
	Read         atomic.Int64 // records taken from outside
	In           atomic.Int64 // rows handled
	Written      atomic.Int64 // rows given to the outside
	Malformed    atomic.Int64 // records dropped because they could not be decoded
	Late         atomic.Int64 // rows behind the watermark, dropped
	DeadLettered atomic.Int64 // rows set aside by an on-error policy
	Failed       atomic.Int64 // rows with a NULL in place of a failed function's result
	// Lag is the number of records between a source's position and the end of
	// its input, as last seen.
	Lag atomic.Int64
}
