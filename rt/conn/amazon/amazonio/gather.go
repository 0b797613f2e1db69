package amazonio

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Service is what takes records.
type Service struct {
	Name      string // for messages: "Amazon Kinesis at us-east-1"
	MaxBytes  int    // of the records of one request
	MaxRecord int    // bytes of one record
	// Put sends records and returns those that the service refused. It is called by
	// several goroutines, and has the time that an answer may take.
	Put func(ctx context.Context, records []Record) ([]Refused, error)
}

// Record is what a service takes.
type Record struct {
	Key  string // empty for services whose records have none
	Data []byte
}

// Refused is a record that a service didn't take.
type Refused struct {
	Record
	Code, Message string
}

// passing are the codes of refusals that another attempt may cure.
var passing = map[string]bool{
	"ProvisionedThroughputExceededException": true, "InternalFailure": true, "ServiceUnavailableException": true, "LimitExceededException": true,
}

// Sender makes records of rows, gathers them and sends them, several requests at a
// time. It is used by one goroutine, a task's.
type Sender struct {
	sub     *stream.Subtask
	table   string
	record  conn.Encoder
	changes conn.ChangeEncoder // the record; nil for a format of rows
	service Service
	options *amazon.Gathering
	linger  *stream.Timer

	ctx     context.Context
	free    chan *batch // those that aren't under way
	current *batch      // that is gathered; nil if nothing is
	failed  chan error  // the first failure that lasts
	work    sync.WaitGroup
}

// batch is what one request sends.
type batch struct {
	buf     []byte // keys and data, one after the other
	ends    []int  // in buf, of keys and data in turn
	records []Record
}

// NewSender returns one that has nothing gathered.
func NewSender(sub *stream.Subtask, table string, record conn.Encoder, options *amazon.Gathering, service Service) *Sender {
	s := &Sender{sub: sub, table: table, record: record, options: options, service: service, free: make(chan *batch, options.InFlight), failed: make(chan error, 1)}
	s.changes, _ = record.(conn.ChangeEncoder)
	for range options.InFlight {
		s.free <- &batch{}
	}
	s.linger = sub.NewTimer(func() error {
		if s.current != nil {
			s.send()
		}
		return nil
	})
	return s
}

// Open begins the time in which records are sent; ctx ends when the job is abandoned.
func (s *Sender) Open(ctx context.Context) { s.ctx = ctx }

// Control implements stream.Consumer for the sinks that hold the sender. Rows
// before a barrier or the end have been delivered when it returns.
func (s *Sender) Control(c stream.Control) error {
	if c.Kind != stream.Barrier && c.Kind != stream.End {
		return nil
	}
	return s.Await()
}

// Ready implements stream.Consumer.
func (s *Sender) Ready() bool { return true }

// Close implements stream.Closer: it ends what is under way.
func (s *Sender) Close() error {
	if s == nil { // of a sink that couldn't be made
		return nil
	}
	s.linger.Stop()
	s.work.Wait()
	return nil
}

// Encode returns the record of the row that the encoder holds.
func (s *Sender) Encode(kind val.RowKind) ([]byte, error) {
	if s.changes != nil {
		s.changes.Change(kind)
	}
	data, err := s.record.Record()
	if err != nil {
		return nil, &conn.BadData{Table: s.table, Err: err}
	}
	return data, nil
}

// Put takes a record over.
func (s *Sender) Put(key, data []byte) error {
	if n := len(key) + len(data); n > s.service.MaxRecord {
		return &conn.BadData{Table: s.table, Err: fmt.Errorf("the record takes %d bytes, and the service takes up to %d", n, s.service.MaxRecord)}
	}
	most := min(s.options.BufferBytes, int64(s.service.MaxBytes))
	if s.current != nil && int64(len(s.current.buf)+len(key)+len(data)) > most {
		s.send()
	}
	if s.current == nil {
		if err := s.take(&s.current); err != nil {
			return err
		}
	}
	b := s.current
	b.buf = append(b.buf, key...)
	b.ends = append(b.ends, len(b.buf))
	b.buf = append(b.buf, data...)
	b.ends = append(b.ends, len(b.buf))
	if len(b.ends) == 2*s.options.BatchSize {
		s.send()
	}
	return nil
}

// Linger has what is gathered sent when it has waited long enough.
func (s *Sender) Linger() {
	if s.current != nil {
		s.linger.Set(time.Duration(s.options.BufferMillis) * time.Millisecond)
	}
}

// take waits for a batch that isn't under way, or for a failure.
func (s *Sender) take(into **batch) error {
	select {
	case err := <-s.failed:
		return err
	default:
	}
	select {
	case err := <-s.failed:
		return err
	case <-s.ctx.Done():
		return s.ctx.Err()
	case *into = <-s.free:
		return nil
	}
}

// Await sends what is gathered, and returns when the service has all.
func (s *Sender) Await() error {
	if s.current != nil {
		s.send()
	}
	taken := make([]*batch, s.options.InFlight)
	for i := range taken {
		if err := s.take(&taken[i]); err != nil {
			return err
		}
	}
	for _, b := range taken {
		s.free <- b
	}
	select {
	case err := <-s.failed:
		return err
	default:
		return nil
	}
}

// send has the current batch delivered.
func (s *Sender) send() {
	b := s.current
	s.current = nil
	s.work.Go(func() {
		if err := s.deliver(b.seal()); err != nil {
			select {
			case s.failed <- err:
			default:
			}
		}
		b.buf, b.ends = b.buf[:0], b.ends[:0]
		s.free <- b
	})
}

// seal makes records of what the batch holds.
func (b *batch) seal() []Record {
	b.records = b.records[:0]
	from := 0
	for i := 0; i < len(b.ends); i += 2 {
		b.records = append(b.records, Record{Key: val.View(b.buf[from:b.ends[i]]), Data: b.buf[b.ends[i]:b.ends[i+1]]})
		from = b.ends[i+1]
	}
	return b.records
}

// put sends records once, and waits for the answer as long as the options have it.
func (s *Sender) put(records []Record) ([]Refused, error) {
	ctx, cancel := context.WithTimeout(s.ctx, time.Duration(s.options.ReadTimeout)*time.Millisecond)
	defer cancel()
	return s.service.Put(ctx, records)
}

// deliver sends records until the service has them all.
func (s *Sender) deliver(records []Record) error {
	for wait := conn.MinBackoff; ; wait = min(2*wait, conn.MaxBackoff) {
		refused, err := s.put(records)
		switch {
		case s.ctx.Err() != nil:
			return s.ctx.Err()
		case err == nil:
			s.sub.Count.Written.Add(int64(len(records) - len(refused)))
			if len(refused) == 0 {
				return nil
			}
			records = records[:0]
			for _, r := range refused {
				err = fmt.Errorf("%d records are refused: %s: %s", len(refused), r.Code, r.Message)
				if s.options.FailOnError || !passing[r.Code] {
					return &conn.BadData{Table: s.table, Err: err}
				}
				records = append(records, r.Record)
			}
		case s.options.FailOnError || !Passing(err):
			return Blame(s.table, s.service.Name, err)
		}
		if wait == conn.MinBackoff {
			s.sub.Log.Warn("records aren't taken, trying again until they are", slog.String("service", s.service.Name), "error", err)
		}
		if err := conn.Pause(s.ctx, wait); err != nil {
			return err
		}
	}
}
