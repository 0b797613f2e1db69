package kafka

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// builder makes a record batch, format v2, of the messages for one partition.
type builder struct {
	partition topicPartition
	buf       []byte // the header's place, then the records
	count     int
	firstTime int64
	lastTime  int64
	packed    []byte // the batch as it is sent, if it is compressed
	err       error  // why the broker doesn't have it
}

// outgoing is a message to be written; nil key or value stands for none.
type outgoing struct {
	key, value []byte
	headers    []byte // encoded, nil for none
	time       int64  // milliseconds since the epoch
}

var noHeaders = []byte{0}

// add appends a message.
func (b *builder) add(m *outgoing) {
	if b.count == 0 {
		b.buf = append(b.buf[:0], make([]byte, headerSize)...)
		b.firstTime, b.lastTime = m.time, m.time
	}
	headers := m.headers
	if headers == nil {
		headers = noHeaders
	}
	time, offset := m.time-b.firstTime, int64(b.count)
	size := 1 + varintSize(time) + varintSize(offset) + fieldSize(m.key) + fieldSize(m.value) + len(headers)
	b.buf = appendVarint(b.buf, int64(size))
	b.buf = append(b.buf, 0) // attributes
	b.buf = appendVarint(b.buf, time)
	b.buf = appendVarint(b.buf, offset)
	b.buf = appendField(b.buf, m.key)
	b.buf = appendField(b.buf, m.value)
	b.buf = append(b.buf, headers...)
	b.lastTime = max(b.lastTime, m.time)
	b.count++
}

// size is the batch's size so far, without compression.
func (b *builder) size() int { return len(b.buf) }

// seal returns the finished batch.
func (b *builder) seal(c *compressor) ([]byte, error) {
	out := b.buf
	if c.codec != codecNone {
		var err error
		if b.packed, err = c.compress(append(b.packed[:0], b.buf[:headerSize]...), b.buf[headerSize:]); err != nil {
			return nil, err
		}
		out = b.packed
	}
	be := binary.BigEndian
	be.PutUint64(out, 0) // offset of the first record: the broker's to say
	be.PutUint32(out[atLength:], uint32(len(out)-atLength-4))
	be.PutUint32(out[atEpoch:], ^uint32(0))
	out[atMagic] = 2
	be.PutUint16(out[atAttributes:], uint16(c.codec))
	be.PutUint32(out[atLastDelta:], uint32(b.count-1))
	be.PutUint64(out[atFirstTime:], uint64(b.firstTime))
	be.PutUint64(out[atLastTime:], uint64(b.lastTime))
	be.PutUint64(out[atProducer:], ^uint64(0))   // none
	be.PutUint16(out[atProducer+8:], ^uint16(0)) // its epoch
	be.PutUint32(out[atProducer+10:], ^uint32(0))
	be.PutUint32(out[atCount:], uint32(b.count))
	be.PutUint32(out[atCRC:], crc32.Checksum(out[atAttributes:], castagnoli))
	return out, nil
}

// split deals the messages out to two batches of half as many.
func (b *builder) split() (first, second *builder, err error) {
	first, second = &builder{partition: b.partition}, &builder{partition: b.partition}
	c := cursor{data: b.buf[headerSize:], left: b.count}
	_, _, err = c.values(b.count, 0, unbounded, func(offset int64, r *record) error {
		half := first
		if int(offset) >= b.count/2 {
			half = second
		}
		half.add(&outgoing{key: r.key, value: r.value, headers: r.headers, time: b.firstTime + r.delta})
		return nil
	})
	return first, second, err
}

func appendVarint(b []byte, v int64) []byte {
	return binary.AppendUvarint(b, uint64(v<<1)^uint64(v>>63))
}

// varintSize is the length of what appendVarint appends.
func varintSize(v int64) int {
	return (bits.Len64(uint64(v<<1)^uint64(v>>63)|1) + 6) / 7
}

// appendField appends bytes behind their length, which is -1 for none.
func appendField(dst, b []byte) []byte {
	if b == nil {
		return appendVarint(dst, -1)
	}
	return append(appendVarint(dst, int64(len(b))), b...)
}

func fieldSize(b []byte) int {
	if b == nil {
		return varintSize(-1)
	}
	return varintSize(int64(len(b))) + len(b)
}

// murmur2 is the hash by which Kafka's own producers choose a key's partition.
func murmur2(data []byte) uint32 {
	const m, r = 0x5bd1e995, 24
	h := 0x9747b28c ^ uint32(len(data))
	for ; len(data) >= 4; data = data[4:] {
		k := binary.LittleEndian.Uint32(data) * m
		k = (k ^ k>>r) * m
		h = h*m ^ k
	}
	switch len(data) {
	case 3:
		h ^= uint32(data[2]) << 16
		fallthrough
	case 2:
		h ^= uint32(data[1]) << 8
		fallthrough
	case 1:
		h = (h ^ uint32(data[0])) * m
	}
	h = (h ^ h>>13) * m
	return h ^ h>>15
}
