package kinesisio

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"pyfc/rt/val"
)

// point is a place in a shard.
type point struct {
	kind types.ShardIteratorType
	// sequence is that of the last record that was read, or of the one of which a
	// part was (AT_SEQUENCE_NUMBER): then skip of the records that it holds were.
	sequence string
	skip     int
	// milli is the time of AT_TIMESTAMP, and of LATEST in a checkpoint: what comes
	// while the job isn't there is behind it.
	milli int64
}

// position is the state of one shard that a subtask reads.
type position struct {
	shard string
	// fetch is where to fetch next. It belongs to the shard's fetcher.
	fetch    point
	iterator *string // the first one, if it is there already
	// next is behind the last record that was handed out. It belongs to the task,
	// as does all that follows.
	next   point
	done   bool // the shard has come to its end
	listed bool // in the task's list
	begun  bool // among the splits that are read
	split  int  // the place there
}

// at returns a shard's position at a point.
func at(shard string, p point) *position { return &position{shard: shard, fetch: p, next: p} }

// encode is the entry in a checkpoint of a position in a stream.
func (p *position) encode(stream string) []byte {
	kind := p.next.kind
	if kind == types.ShardIteratorTypeLatest {
		kind = types.ShardIteratorTypeAtTimestamp
	}
	b := val.EncodeText(nil, stream)
	b = val.EncodeText(b, p.shard)
	b = val.EncodeBool(b, p.done)
	b = val.EncodeText(b, string(kind))
	b = val.EncodeText(b, p.next.sequence)
	b = val.EncodeInt(b, int64(p.next.skip))
	return val.EncodeInt(b, p.next.milli)
}

// decodePosition is the reverse of encode.
func decodePosition(b []byte) (stream string, _ *position, err error) {
	var p position
	var skip int64
	b, errStream := val.DecodeText(b, &stream)
	b, errShard := val.DecodeText(b, &p.shard)
	b, errDone := val.DecodeBool(b, &p.done)
	b, errKind := val.DecodeText(b, &p.next.kind)
	b, errSequence := val.DecodeText(b, &p.next.sequence)
	b, errSkip := val.DecodeInt(b, &skip)
	_, errMilli := val.DecodeInt(b, &p.next.milli)
	if err := errors.Join(errStream, errShard, errDone, errKind, errSequence, errSkip, errMilli); err != nil {
		return "", nil, fmt.Errorf("a Kinesis position in the checkpoint is damaged: %w", err)
	}
	p.next.skip = int(skip)
	p.fetch = p.next
	return stream, &p, nil
}

// String describes the position in notes of a checkpoint.
func (p *position) String() string {
	switch {
	case p.done:
		return fmt.Sprintf("shard %s: at its end", p.shard)
	case p.next.sequence != "":
		return fmt.Sprintf("shard %s: read up to sequence number %s", p.shard, p.next.sequence)
	case p.next.kind == types.ShardIteratorTypeTrimHorizon:
		return fmt.Sprintf("shard %s: before its first record", p.shard)
	}
	return fmt.Sprintf("shard %s: at %s", p.shard, time.UnixMilli(p.next.milli).UTC().Format(time.RFC3339Nano))
}

// owner returns the subtask that reads a shard. The shards of a stream are
// numbered, and fall to the subtasks in turn.
func owner(stream, shard string, parallelism int) int {
	h := fnv.New32a()
	h.Write([]byte(stream)) // never fails
	n := uint64(h.Sum32())
	number, err := strconv.ParseUint(shard[strings.LastIndexByte(shard, '-')+1:], 10, 64)
	if err != nil {
		h.Write([]byte(shard))
		number = uint64(h.Sum32())
	}
	return int((n + number) % uint64(parallelism))
}
