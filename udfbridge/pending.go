package udfbridge

import (
	"time"

	"pyfc/rt/stream"
)

// pending is what a Call has taken and not yet passed on: batches, and control
// elements behind them, in input order.
type pending[In any] struct {
	items  []*item[In]
	next   int // first item with rows that haven't been sent
	unsent int // rows
}

// item is a batch or, without one, a control element.
type item[In any] struct {
	batch      *stream.Batch[In]
	sent, done int // rows
	control    stream.Control
}

// segment is the share of one batch in a request.
type segment[In any] struct {
	item     *item[In]
	from, to int
}

func (p *pending[In]) addBatch(b *stream.Batch[In]) {
	p.items = append(p.items, &item[In]{batch: b})
	p.unsent += len(b.Rows)
}

func (p *pending[In]) addControl(c stream.Control) {
	p.items = append(p.items, &item[In]{control: c})
}

// take marks up to n rows as sent and returns where they are.
func (p *pending[In]) take(n int) []segment[In] {
	var out []segment[In]
	for n > 0 && p.unsent > 0 {
		it := p.items[p.next]
		if it.batch == nil || it.sent == len(it.batch.Rows) {
			p.next++
			continue
		}
		to := min(it.sent+n, len(it.batch.Rows))
		out = append(out, segment[In]{it, it.sent, to})
		n -= to - it.sent
		p.unsent -= to - it.sent
		it.sent = to
	}
	return out
}

// rewind marks all rows that aren't done as unsent, and returns how many were
// sent.
func (p *pending[In]) rewind() int {
	sent := 0
	for _, it := range p.items {
		sent += it.sent - it.done
		it.sent = it.done
	}
	p.next = 0
	p.unsent += sent
	return sent
}

// pop removes and returns the first item if nothing is to be done for it any
// more.
func (p *pending[In]) pop() *item[In] {
	if len(p.items) == 0 {
		return nil
	}
	first := p.items[0]
	if first.batch != nil && first.done < len(first.batch.Rows) {
		return nil
	}
	p.items[0] = nil
	p.items = p.items[1:]
	p.next = max(p.next-1, 0)
	return first
}

// The size of requests.
const (
	targetTime  = 20 * time.Millisecond // of work
	targetBytes = 4 << 20
	// maxRows bounds what is in memory: with more rows a request, a cheap
	// function is no faster.
	maxRows   = 4 << 10
	maxGrowth = 8
)

// sizer measures rows, so that a request is about 20 ms of work.
type sizer struct {
	least   int // rows below which a request never is
	rows    int // of the next request
	perRow  float64
	perByte float64 // bytes a row
}

func newSizer(concurrency int) sizer {
	least := 1
	if concurrency > 1 {
		least = 4 * concurrency // keeps the threads busy behind a slow row
	}
	return sizer{least: least, rows: least}
}

// sent takes the size of a request into account.
func (s *sizer) sent(rows, bytes int) {
	s.perByte = smooth(s.perByte, float64(bytes)/float64(rows))
}

// answered takes the time that the worker spent on a request into account.
func (s *sizer) answered(rows int, busy time.Duration) {
	s.perRow = smooth(s.perRow, float64(busy)/float64(rows))
	n := float64(targetTime) / max(s.perRow, 1)
	if s.perByte > 0 {
		n = min(n, targetBytes/s.perByte)
	}
	s.rows = max(s.least, min(int(n), s.rows*maxGrowth, maxRows))
}

// smooth moves an estimate towards a measurement: at once to a greater one,
// which makes requests smaller, by half to a lesser one.
func smooth(old, measured float64) float64 {
	if old == 0 || measured > old {
		return measured
	}
	return (old + measured) / 2
}
