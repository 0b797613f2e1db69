package kinesisio

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon/amazonio"
	declaration "pyfc/rt/conn/kinesis"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// The limits of PutRecords, and of a partition key in UTF-16 units.
const (
	maxRequest = 5 << 20
	maxRecord  = 1 << 20
	maxKey     = 256
)

// Sink writes the rows of one subtask as records. What a checkpoint has been taken
// behind is in the stream: each row at least once.
type Sink[R any] struct {
	records
	write func(*R, val.Writer)
}

// NewSink returns the sink of one subtask; write gives a row's columns to the
// encoder.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer), value conn.Encoder) (*Sink[R], error) {
	s := &Sink[R]{write: write}
	return s, s.init(sub, &t, value)
}

// Process implements stream.Consumer.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	defer b.Release()
	for i := range b.Rows {
		if s.slots != nil {
			s.write(&b.Rows[i], s.columns.Begin())
		}
		s.write(&b.Rows[i], s.value)
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
	sub     *stream.Subtask
	table   *conn.Table
	opts    *declaration.Options
	value   conn.Encoder
	columns conn.Router // columns of PARTITIONED BY to slots
	slots   []slot      // in the order of PARTITIONED BY; nil for none
	key     []byte
	client  *client
}

func (r *records) init(sub *stream.Subtask, t *conn.Table, value conn.Encoder) error {
	o, err := declaration.ParseSink(t)
	if err != nil {
		return err
	}
	r.sub, r.table, r.opts, r.value = sub, t, o, value
	if len(t.PartitionBy) > 0 {
		r.slots = make([]slot, len(t.PartitionBy))
		r.columns.To = make([]val.Writer, len(t.Columns))
		for i, column := range t.PartitionBy {
			r.columns.To[column] = &r.slots[i]
		}
	}
	r.Sender = amazonio.NewSender(sub, t.Name, value, &o.Gathering, amazonio.Service{Name: o.Service(), MaxBytes: maxRequest, MaxRecord: maxRecord, Put: r.send})
	return nil
}

// Open implements stream.Opener: it finds the stream.
func (r *records) Open(ctx context.Context) (err error) {
	r.Sender.Open(ctx)
	if r.client, err = newClient(ctx, r.opts, r.table.Name); err != nil {
		return err
	}
	err = amazonio.Find(ctx, r.opts.Service(), r.sub.Log, func() error {
		_, err := r.client.api.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: r.client.name, StreamARN: r.client.arn})
		return err
	})
	if err != nil {
		return amazonio.Blame(r.table.Name, r.opts.Service(), err)
	}
	return nil
}

// put takes over the row that the encoder holds.
func (r *records) put(kind val.RowKind) error {
	data, err := r.Encode(kind)
	if err != nil {
		return err
	}
	key := r.partitionKey()
	if len(key) == 0 {
		return &conn.BadData{Table: r.table.Name, Err: errors.New("the columns of PARTITIONED BY are empty, and a partition key has at least one character")}
	}
	return r.Sender.Put(key, data)
}

// partitionKey is the key of the row at hand, which chooses its shard.
func (r *records) partitionKey() []byte {
	r.key = r.key[:0]
	switch {
	case r.slots != nil:
		for i := range r.slots {
			if i > 0 {
				r.key = append(r.key, r.opts.Delimiter...)
			}
			r.key = append(r.key, r.slots[i].text...)
		}
		r.key = cut(r.key)
	case r.opts.Partitioner == "fixed":
		r.key = strconv.AppendInt(r.key, int64(r.sub.Index), 10)
	default:
		r.key = strconv.AppendUint(r.key, rand.Uint64(), 36)
	}
	return r.key
}

// cut cuts a key to the longest that there can be.
func cut(key []byte) []byte {
	if len(key) <= maxKey {
		return key
	}
	units := 0
	for i := 0; i < len(key); {
		c, n := utf8.DecodeRune(key[i:])
		if units += max(1, utf16.RuneLen(c)); units > maxKey {
			return key[:i]
		}
		i += n
	}
	return key
}

// send sends records and returns those that the stream refused.
func (r *records) send(ctx context.Context, records []amazonio.Record) (refused []amazonio.Refused, err error) {
	entries := make([]types.PutRecordsRequestEntry, len(records))
	for i := range records {
		entries[i] = types.PutRecordsRequestEntry{PartitionKey: &records[i].Key, Data: records[i].Data}
	}
	res, err := r.client.api.PutRecords(ctx, &kinesis.PutRecordsInput{StreamName: r.client.name, StreamARN: r.client.arn, Records: entries})
	if err != nil {
		return nil, err
	}
	if len(res.Records) != len(records) {
		return nil, fmt.Errorf("%d records were sent, and the answer is about %d", len(records), len(res.Records))
	}
	for i, entry := range res.Records {
		if entry.ErrorCode != nil {
			refused = append(refused, amazonio.Refused{Record: records[i], Code: *entry.ErrorCode, Message: aws.ToString(entry.ErrorMessage)})
		}
	}
	return refused, nil
}

// slot keeps the text of one column, as Java's toString has it.
type slot struct {
	conn.Discard
	text []byte
}

var _ val.Writer = (*slot)(nil)

// Null implements val.Writer, as do the methods below.
func (s *slot) Null() { s.text = append(s.text[:0], "null"...) }

// Bool keeps a BOOLEAN.
func (s *slot) Bool(v bool) { s.text = strconv.AppendBool(s.text[:0], v) }

// Int8 keeps a TINYINT.
func (s *slot) Int8(v int8) { s.Int64(int64(v)) }

// Int16 keeps a SMALLINT.
func (s *slot) Int16(v int16) { s.Int64(int64(v)) }

// Int32 keeps an INT.
func (s *slot) Int32(v int32) { s.Int64(int64(v)) }

// Int64 keeps a BIGINT.
func (s *slot) Int64(v int64) { s.text = strconv.AppendInt(s.text[:0], v, 10) }

// Float32 keeps a FLOAT.
func (s *slot) Float32(v float32) { s.text = val.AppendFloat(s.text[:0], v) }

// Float64 keeps a DOUBLE.
func (s *slot) Float64(v float64) { s.text = val.AppendDouble(s.text[:0], v) }

// String keeps a text.
func (s *slot) String(v string) { s.text = append(s.text[:0], v...) }
