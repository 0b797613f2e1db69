package stream

import "sync/atomic"

// Counters account for the rows of one operator subtask.
type Counters struct {
	Read         atomic.Int64 // records taken from outside
	In           atomic.Int64 // rows handled
	Written      atomic.Int64 // rows given to the outside
	Malformed    atomic.Int64 // records dropped because they could not be decoded
	Late         atomic.Int64 // rows behind the watermark, dropped
	DeadLettered atomic.Int64 // rows set aside by an on-error policy
}
