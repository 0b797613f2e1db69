package conn

import (
	"context"

	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// ChangeReader takes the rows out of the messages of a format of changes.
type ChangeReader interface {
	// Read gives the rows of a message to c, as views of the message or of its
	// arena. The error is about the message.
	Read(message []byte, c *Changes) error
	// Ignores reports whether a malformed message is dropped.
	Ignores() bool
}

// Changes is a byte source of rows and their kinds, which the messages of
// another hold.
type Changes struct {
	ByteSource
	sub    *stream.Subtask
	reader ChangeReader
	in     Records
	at     int // of the message in in
	out    *Records
}

// NewChanges returns the source of the rows in the messages of src.
func NewChanges(sub *stream.Subtask, src ByteSource, reader ChangeReader) *Changes {
	return &Changes{ByteSource: src, sub: sub, reader: reader}
}

// Committed implements stream.CommitListener for the byte sources that do.
func (c *Changes) Committed(checkpoint int64) error {
	if l, ok := c.ByteSource.(stream.CommitListener); ok {
		return l.Committed(checkpoint)
	}
	return nil
}

// Poll implements ByteSource. A message may hold several rows.
func (c *Changes) Poll(ctx context.Context, wake <-chan struct{}, r *Records, limit int) error {
	c.in.Arena, c.in.Values, c.in.Keys, c.in.Aside = nil, c.in.Values[:0], c.in.Keys[:0], c.in.Aside[:0]
	end := c.ByteSource.Poll(ctx, wake, &c.in, limit)
	c.out, r.Arena = r, c.in.Arena
	for i, message := range c.in.Values {
		c.at = i
		if len(message) == 0 {
			continue // of Kafka: a tombstone behind a deletion
		}
		err := c.reader.Read(message, c)
		switch {
		case err == nil:
		case c.reader.Ignores():
			c.sub.Count.Malformed.Add(1)
		default:
			r.Values = r.Values[:0]
			return err
		}
	}
	return end
}

// Arena is where a reader keeps rows that aren't in the message as such.
func (c *Changes) Arena() *val.Arena { return c.out.Arena }

// Emit takes a row of the message that is read.
func (c *Changes) Emit(kind val.RowKind, row []byte) {
	c.out.Values = append(c.out.Values, row)
	c.out.Kinds = append(c.out.Kinds, kind)
	if len(c.in.Keys) > 0 {
		c.out.Keys = append(c.out.Keys, c.in.Keys[c.at])
	}
	if n := len(c.in.Aside) / len(c.in.Values); n > 0 {
		c.out.Aside = append(c.out.Aside, c.in.Aside[c.at*n:(c.at+1)*n]...)
	}
}
