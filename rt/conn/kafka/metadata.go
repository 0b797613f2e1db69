package kafka

import (
	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// messageMetadata are what messages have beside their keys and values.
var messageMetadata = []conn.Metadata{
	{Key: "topic", Type: "STRING NOT NULL", Readable: true, Doc: "The topic."},
	{Key: "partition", Type: "INT NOT NULL", Readable: true, Doc: "The partition."},
	{Key: "headers", Type: "MAP<STRING NOT NULL, BYTES NOT NULL> NOT NULL", Readable: true, Writable: true, Doc: "The headers; of equal ones the last."},
	{Key: "leader-epoch", Type: "INT", Readable: true, Doc: "The epoch of the partition's leader."},
	{Key: "offset", Type: "BIGINT NOT NULL", Readable: true, Doc: "The offset within the partition."},
	{Key: "timestamp", Type: "TIMESTAMP_LTZ(3) NOT NULL", Readable: true, Writable: true, Doc: "The time of the message."},
	{Key: "timestamp-type", Type: "STRING NOT NULL", Readable: true, Doc: "Whose time that is: CreateTime, LogAppendTime or NoTimestampType."},
}

// message is what a batch and a record say about a message.
type message struct {
	partition topicPartition
	batch     *batch
	offset    int64
	delta     int64 // of its time to the batch's
	headers   []byte
}

// about is the value of a metadata column for a message.
func (m *message) about(key string, arena *val.Arena) (val.Datum, error) {
	switch key {
	case "topic":
		return val.TextDatum(m.partition.topic), nil
	case "partition":
		return val.IntDatum(m.partition.partition), nil
	case "leader-epoch":
		return val.IntDatum(m.batch.epoch).Unless(m.batch.epoch < 0), nil
	case "offset":
		return val.IntDatum(m.offset), nil
	case "timestamp":
		return val.TimestampDatum(val.Timestamp{Milli: m.time()}), nil
	case "timestamp-type":
		return val.TextDatum(m.batch.timeType()), nil
	}
	return m.headerMap(arena)
}

// time is the message's time, in milliseconds since the epoch.
func (m *message) time() int64 {
	if m.batch.attributes&appendTime != 0 {
		return m.batch.lastTime
	}
	return m.batch.firstTime + m.delta
}

func (b *batch) timeType() string {
	switch {
	case b.attributes&appendTime != 0:
		return "LogAppendTime"
	case b.firstTime < 0:
		return "NoTimestampType"
	}
	return "CreateTime"
}

var (
	headerName  = types.Of(types.VarChar)
	headerValue = types.Of(types.VarBinary)
)

// headerMap makes a map of the headers.
func (m *message) headerMap(arena *val.Arena) (val.Datum, error) {
	n, at := varint(m.headers, 0)
	var names, values []val.Datum
	for range n {
		var name, value []byte
		name, at = field(m.headers, at)
		value, at = field(m.headers, at)
		if at < 0 {
			return val.NullDatum(), errRecord
		}
		names, values = setHeader(names, values, val.TextDatum(val.View(name)), val.TextDatum(val.View(value)).Unless(value == nil))
	}
	return val.TextDatum(val.MakeMap(arena, val.NewArray(arena, &headerName, names...), val.NewArray(arena, &headerValue, values...))), nil
}

// setHeader adds a header, or gives one that is there already its last value.
func setHeader(names, values []val.Datum, name, value val.Datum) ([]val.Datum, []val.Datum) {
	for i := range names {
		if names[i].Text() == name.Text() {
			values[i] = value
			return names, values
		}
	}
	return append(names, name), append(values, value)
}

// field reads bytes behind their length; nil where that is negative.
func field(b []byte, at int) ([]byte, int) {
	n, at := varint(b, at)
	end := skip(b, at, n)
	if end < 0 || n < 0 {
		return nil, end
	}
	return b[at:end:end], end
}
