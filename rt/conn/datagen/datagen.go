// Package datagen is the connector that makes up rows: columns that count, and
// random ones.
package datagen

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Connector declares the connector.
var Connector = conn.Connector{
	Name:    "datagen",
	Doc:     "Makes up rows: columns that count, and random ones.",
	Package: "pyfc/rt/conn/datagen",
	Source:  true,
	Bounded: func(options any) bool { return options.(*Options).Rows != nil }, // as PyFlink 1.20.1 has it
	Options: func() any { return new(Options) },
	Check: func(options any, t *conn.Table) []conn.OptionError {
		_, _, errs := plan(options.(*Options), t)
		return errs
	},
}

// Options are the connector's options.
type Options struct {
	Connector   string            `opt:"connector" required:"true" doc:"The connector's name: datagen."`
	Rate        int64             `opt:"rows-per-second" default:"10000" doc:"How many rows all subtasks together make in a second."`
	Rows        *int64            `opt:"number-of-rows" doc:"How many rows there are; without it they end where a column that counts does, or never."`
	Parallelism *int              `opt:"scan.parallelism" planned:"a parallelism of the source's own" doc:"The source's parallelism."`
	Fields      map[string]string `opt:"fields.*" doc:"Of a column: fields.NAME.kind (random, sequence), .min, .max, .length, .var-len, .max-past, .null-rate of random ones, .start and .end of those that count."`
}

// stripe is a share of the rows: those of the numbers next, next+step, ….
type stripe struct{ next, step int64 }

// Source hands out the numbers of rows; the decoder makes rows of them.
type Source struct {
	sub     *stream.Subtask
	rate    int64
	end     int64 // number of rows
	stripes []stripe
	begun   time.Time
	made    int64 // since begun
}

// NewSource returns the source of one subtask.
func NewSource(sub *stream.Subtask, t *conn.Table) (*Source, error) {
	o := new(Options)
	errs := conn.Parse(t.Options, o, conn.Modern)
	_, end, more := plan(o, t)
	if err := conn.Fatal(t.Name, append(errs, more...)); err != nil {
		return nil, err
	}
	return &Source{sub: sub, rate: max(1, o.Rate/int64(sub.Parallelism)), end: end}, nil
}

// Open implements stream.Opener.
func (s *Source) Open(context.Context) error {
	s.begun = time.Now()
	return nil
}

// Close implements stream.Closer.
func (s *Source) Close() error { return nil }

// Poll implements conn.ByteSource: as many rows as are due, and at least one.
func (s *Source) Poll(ctx context.Context, wake <-chan struct{}, r *conn.Records, limit int) error {
	for len(s.stripes) > 0 && s.stripes[0].next >= s.end {
		s.stripes = s.stripes[1:]
	}
	if len(s.stripes) == 0 {
		return io.EOF
	}
	due := int64(time.Since(s.begun).Seconds()*float64(s.rate)) + 1 - s.made
	if due <= 0 {
		pause := time.NewTimer(time.Duration(float64(time.Second) * float64(1-due) / float64(s.rate)))
		defer pause.Stop()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-wake:
			return nil
		case <-pause.C:
			due = 1
		}
	}
	r.Arena = val.NewArena()
	at := &s.stripes[0]
	for range min(due, int64(limit)) {
		if at.next >= s.end {
			break
		}
		r.Values = append(r.Values, binary.LittleEndian.AppendUint64(r.Arena.Alloc(8)[:0], uint64(at.next)))
		at.next += at.step
		s.made++
	}
	return nil
}

// Snapshot implements conn.ByteSource: one entry per share of the rows.
func (s *Source) Snapshot(snap *state.Snapshot) error {
	for _, st := range s.stripes {
		snap.List = append(snap.List, val.EncodeInt(val.EncodeInt(nil, st.next), st.step))
	}
	return nil
}

// Restore implements conn.ByteSource. The shares are dealt out anew.
func (s *Source) Restore(r *state.Restored) error {
	if r.Fresh {
		s.stripes = []stripe{{int64(s.sub.Index), int64(s.sub.Parallelism)}}
		return nil
	}
	for _, entry := range r.Share(s.sub.Index, s.sub.Parallelism) {
		var st stripe
		rest, err := val.DecodeInt(entry, &st.next)
		if err == nil {
			_, err = val.DecodeInt(rest, &st.step)
		}
		if err == nil && st.step <= 0 {
			err = fmt.Errorf("a step of %d", st.step)
		}
		if err != nil {
			return fmt.Errorf("position in generated rows: %w", err)
		}
		s.stripes = append(s.stripes, st)
	}
	return nil
}

// unbounded is the number of rows where nothing ends them.
const unbounded = math.MaxInt64
