package kinesisio

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"pyfc/rt/conn/amazon/amazonio"
	declaration "pyfc/rt/conn/kinesis"
)

// client asks Kinesis about one stream.
type client struct {
	api       *kinesis.Client
	name, arn *string // one of both
}

// newClient returns the client of a table. Requests are tried once: the callers
// know better when to try again.
func newClient(ctx context.Context, o *declaration.Options, table string) (*client, error) {
	cfg, err := amazonio.Config(ctx, &o.Options, table)
	if err != nil {
		return nil, err
	}
	c := &client{api: kinesis.NewFromConfig(cfg, func(k *kinesis.Options) {
		k.BaseEndpoint = o.BaseEndpoint()
		k.Retryer = aws.NopRetryer{}
	})}
	if o.ARN != "" {
		c.arn = &o.ARN
	} else {
		c.name = &o.Stream
	}
	return c, nil
}

// iterator asks for what a fetch at a point of a shard needs.
func (c *client) iterator(ctx context.Context, shard string, p point) (*string, error) {
	in := &kinesis.GetShardIteratorInput{StreamName: c.name, StreamARN: c.arn, ShardId: &shard, ShardIteratorType: p.kind}
	switch p.kind {
	case types.ShardIteratorTypeAtSequenceNumber, types.ShardIteratorTypeAfterSequenceNumber:
		in.StartingSequenceNumber = &p.sequence
	case types.ShardIteratorTypeAtTimestamp:
		in.Timestamp = aws.Time(time.UnixMilli(p.milli))
	}
	res, err := c.api.GetShardIterator(ctx, in)
	if err != nil {
		return nil, err
	}
	return res.ShardIterator, nil
}

// expired reports whether a fetch failed because its iterator is too old.
func expired(err error) bool {
	var e *types.ExpiredIteratorException
	return errors.As(err, &e)
}
