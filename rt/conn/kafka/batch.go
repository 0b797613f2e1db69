package kafka

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// The layout of a record batch, format v2: offsets of the header's fields.
const (
	atLength     = 8  // int32: bytes behind this field
	atMagic      = 16 // int8: 2
	atEpoch      = 12 // int32: of the partition's leader
	atCRC        = 17 // uint32: CRC-32C of all that follows
	atAttributes = 21 // int16
	atLastDelta  = 23 // int32: offset of the last record, relative to the first
	atFirstTime  = 27 // int64
	atLastTime   = 35 // int64
	atProducer   = 43 // int64
	atCount      = 57 // int32
	headerSize   = 61
)

// Attributes of a batch.
const (
	compressionMask = 0x07
	appendTime      = 0x08 // the time is the broker's, and lastTime that of all
	transactional   = 0x10
	control         = 0x20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// batch is one record batch: a view of a fetched record set.
type batch struct {
	base       int64 // offset of the first record
	last       int64 // offset of the last one that was ever in it
	attributes int16
	producer   int64
	epoch      int32 // of the partition's leader; -1 if it isn't known
	firstTime  int64 // to which those of records are relative
	lastTime   int64
	count      int    // records that are still in it; compaction takes some out
	records    []byte // as stored, perhaps compressed
}

func (b *batch) control() bool       { return b.attributes&control != 0 }
func (b *batch) transactional() bool { return b.attributes&transactional != 0 }

// nextBatch cuts the first batch off a record set. It returns ok = false at
// the end, which may lie within a batch: a broker cuts the set where its limit
// is.
func nextBatch(set []byte) (b batch, rest []byte, ok bool, err error) {
	if len(set) < atMagic+1 {
		return b, nil, false, nil
	}
	size := int64(atLength+4) + int64(int32(binary.BigEndian.Uint32(set[atLength:])))
	if magic := set[atMagic]; magic != 2 {
		return b, nil, false, fmt.Errorf("record format v%d, older than Kafka 0.11, isn't supported", magic)
	}
	if size < headerSize {
		return b, nil, false, fmt.Errorf("a record batch of %d bytes is damaged", size)
	}
	if size > int64(len(set)) {
		return b, nil, false, nil
	}
	data := set[:size]
	if want, got := binary.BigEndian.Uint32(data[atCRC:]), crc32.Checksum(data[atAttributes:], castagnoli); want != got {
		return b, nil, false, fmt.Errorf("a record batch is damaged: checksum %08x, expected %08x", got, want)
	}
	b = batch{
		base:       int64(binary.BigEndian.Uint64(data)),
		attributes: int16(binary.BigEndian.Uint16(data[atAttributes:])),
		producer:   int64(binary.BigEndian.Uint64(data[atProducer:])),
		epoch:      int32(binary.BigEndian.Uint32(data[atEpoch:])),
		firstTime:  int64(binary.BigEndian.Uint64(data[atFirstTime:])),
		lastTime:   int64(binary.BigEndian.Uint64(data[atLastTime:])),
		count:      int(int32(binary.BigEndian.Uint32(data[atCount:]))),
		records:    data[headerSize:],
	}
	b.last = b.base + int64(int32(binary.BigEndian.Uint32(data[atLastDelta:])))
	return b, set[size:], true, nil
}

// abortMarker reports whether a control batch ends a transaction by aborting
// it. The key of its record is a version and a type: 0 aborts, 1 commits.
func (b *batch) abortMarker() (bool, error) {
	c := cursor{data: b.records, left: 1}
	key, err := c.key()
	if err != nil {
		return false, err
	}
	return len(key) >= 4 && binary.BigEndian.Uint16(key[2:]) == 0, nil
}

// aborted is a transaction that was rolled back: records of the producer from
// the offset on don't count, up to its abort marker.
type aborted struct {
	producer int64
	first    int64
}

// filter drops what a reader of committed records must not see. It goes
// through the batches of one fetched record set in order.
type filter struct {
	committed bool      // isolation level read_committed
	aborted   []aborted // by first offset
	open      map[int64]bool
}

// keeps reports whether the batch's records are data that the reader sees.
// Control batches never are.
func (f *filter) keeps(b *batch) (bool, error) {
	if !f.committed {
		return !b.control(), nil
	}
	for len(f.aborted) > 0 && f.aborted[0].first <= b.last {
		if f.open == nil {
			f.open = map[int64]bool{}
		}
		f.open[f.aborted[0].producer] = true
		f.aborted = f.aborted[1:]
	}
	if b.control() {
		abort, err := b.abortMarker()
		if abort {
			delete(f.open, b.producer)
		}
		return false, err
	}
	return !b.transactional() || !f.open[b.producer], nil
}

// cursor walks over the records of a decompressed batch.
type cursor struct {
	data []byte
	pos  int
	left int   // records
	base int64 // offset of the batch
}

var errRecord = errors.New("a record is damaged")

// record is one record: views of its batch. What isn't there is nil.
type record struct {
	delta      int64 // of its time to the batch's
	key, value []byte
	headers    []byte
}

// values hands the records with offsets from ≤ offset < stop to take, up to limit
// of them, and returns how many, with the offset behind the last record that was
// looked at.
func (c *cursor) values(limit int, from, stop int64, take func(offset int64, r *record) error) (taken int, next int64, err error) {
	next = from
	data, pos := c.data, c.pos
	var r record
	for c.left > 0 && taken < limit {
		size, at := varint(data, pos)
		end := at + int(size)
		if at < 0 || size < 0 || size > int64(len(data)) || end > len(data) {
			return taken, next, errRecord
		}
		rec := data[:end]
		at++                          // attributes: unused
		r.delta, at = varint(rec, at) // of the time
		delta, at := varint(rec, at)  // of the offset
		r.key, at = field(rec, at)
		if at >= 0 {
			r.value, at = field(rec, at)
		}
		if at < 0 {
			return taken, next, errRecord
		}
		r.headers = rec[at:]
		offset := c.base + delta
		if offset >= stop {
			c.left = 0
			return taken, stop, nil
		}
		pos = end
		c.left--
		if offset < next {
			continue // a batch is sent whole, though the reader asked for its middle
		}
		next = offset + 1
		if err := take(offset, &r); err != nil {
			return taken, next, err
		}
		taken++
	}
	c.pos = pos
	return taken, next, nil
}

// key returns the key of the next record.
func (c *cursor) key() ([]byte, error) {
	size, at := varint(c.data, c.pos)
	if at < 0 || size < 0 || size > int64(len(c.data)-at) {
		return nil, errRecord
	}
	record := c.data[:at+int(size)]
	at++
	_, at = varint(record, at)
	_, at = varint(record, at)
	keySize, at := varint(record, at)
	end := skip(record, at, keySize)
	if end < 0 {
		return nil, errRecord
	}
	return record[at:end], nil
}

// skip returns the place n bytes behind at, or -1 if that is outside of the
// record. A negative n stands for nothing.
func skip(record []byte, at int, n int64) int {
	if n <= 0 {
		return at
	}
	if at < 0 || n > int64(len(record)-at) {
		return -1
	}
	return at + int(n)
}

// varint reads a zigzag-encoded integer at b[at] and returns the place behind
// it, or -1 where there is none; at may be such a -1.
func varint(b []byte, at int) (int64, int) {
	if uint(at) < uint(len(b)) {
		if c := b[at]; c < 0x80 {
			return int64(c>>1) ^ -int64(c&1), at + 1
		}
	}
	return longVarint(b, at)
}

func longVarint(b []byte, at int) (int64, int) {
	if at < 0 || at > len(b) {
		return 0, -1
	}
	u, n := binary.Uvarint(b[at:])
	if n <= 0 {
		return 0, -1
	}
	return int64(u>>1) ^ -int64(u&1), at + n
}
