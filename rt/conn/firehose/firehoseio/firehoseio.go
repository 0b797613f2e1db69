// Package firehoseio writes to delivery streams of Amazon Data Firehose.
package firehoseio

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon/amazonio"
	declaration "pyfc/rt/conn/firehose"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// The limits of PutRecordBatch.
const (
	maxRequest = 4 << 20
	maxRecord  = 1000 << 10
)

// Sink writes the rows of one subtask as records. What a checkpoint has been taken
// behind has been delivered: each row at least once.
type Sink[R any] struct {
	records
	write func(*R, val.Writer)
}

// NewSink returns the sink of one subtask; write gives a row's columns to the
// encoder.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer), record conn.Encoder) (*Sink[R], error) {
	s := &Sink[R]{write: write}
	return s, s.init(sub, &t, record)
}

// Process implements stream.Consumer.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	defer b.Release()
	for i := range b.Rows {
		s.write(&b.Rows[i], s.record)
		if err := s.put(b.Kind(i)); err != nil {
			return err
		}
	}
	s.Sender.Linger()
	return nil
}

// records is the part of a sink that doesn't depend on the row's type.
type records struct {
	*amazonio.Sender
	sub    *stream.Subtask
	table  *conn.Table
	opts   *declaration.Options
	record conn.Encoder
	api    *firehose.Client
}

func (r *records) init(sub *stream.Subtask, t *conn.Table, record conn.Encoder) error {
	o, err := declaration.Parse(t)
	if err != nil {
		return err
	}
	r.sub, r.table, r.opts, r.record = sub, t, o, record
	r.Sender = amazonio.NewSender(sub, t.Name, record, &o.Gathering, amazonio.Service{Name: r.service(), MaxBytes: maxRequest, MaxRecord: maxRecord, Put: r.send})
	return nil
}

func (r *records) service() string {
	return fmt.Sprintf("delivery stream %s of Amazon Data Firehose at %s", r.opts.Stream, r.opts.Where())
}

// Open implements stream.Opener: it finds the delivery stream.
func (r *records) Open(ctx context.Context) error {
	r.Sender.Open(ctx)
	cfg, err := amazonio.Config(ctx, &r.opts.Options, r.table.Name)
	if err != nil {
		return err
	}
	r.api = firehose.NewFromConfig(cfg, func(f *firehose.Options) {
		f.BaseEndpoint = r.opts.BaseEndpoint()
		f.Retryer = aws.NopRetryer{}
	})
	err = amazonio.Find(ctx, r.service(), r.sub.Log, func() error {
		_, err := r.api.DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: &r.opts.Stream})
		return err
	})
	if err != nil {
		return amazonio.Blame(r.table.Name, r.service(), err)
	}
	return nil
}

// put takes over the row that the encoder holds.
func (r *records) put(kind val.RowKind) error {
	data, err := r.Encode(kind)
	if err != nil {
		return err
	}
	return r.Sender.Put(nil, data)
}

// send sends records and returns those that were refused.
func (r *records) send(ctx context.Context, records []amazonio.Record) (refused []amazonio.Refused, err error) {
	entries := make([]types.Record, len(records))
	for i := range records {
		entries[i].Data = records[i].Data
	}
	res, err := r.api.PutRecordBatch(ctx, &firehose.PutRecordBatchInput{DeliveryStreamName: &r.opts.Stream, Records: entries})
	if err != nil {
		return nil, err
	}
	if len(res.RequestResponses) != len(records) {
		return nil, fmt.Errorf("%d records were sent, and the answer is about %d", len(records), len(res.RequestResponses))
	}
	for i, entry := range res.RequestResponses {
		if entry.ErrorCode != nil {
			refused = append(refused, amazonio.Refused{Record: records[i], Code: *entry.ErrorCode, Message: aws.ToString(entry.ErrorMessage)})
		}
	}
	return refused, nil
}
