package kafka

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"pyfc/rt/conn"
)

// spec describes a batch for encode.
type spec struct {
	base       int64
	deltas     []int64  // of the offsets; 0, 1, 2, … when nil
	last       int64    // offset delta of the last record that ever was; -1: of the last one here
	values     []string // "NULL" is a record without a value
	keys       []string // "" is a record without a key
	codec      int
	producer   int64
	attributes int16
	compress   func([]byte) []byte
}

// encode writes a record batch, byte for byte as the protocol describes it.
func (s spec) encode() []byte {
	var records []byte
	delta := int64(0)
	for i, v := range s.values {
		if delta = int64(i); s.deltas != nil {
			delta = s.deltas[i]
		}
		r := appendVarint([]byte{0}, int64(i)*1000) // attributes, timestamp
		r = appendVarint(r, delta)
		if i < len(s.keys) && s.keys[i] != "" {
			r = append(appendVarint(r, int64(len(s.keys[i]))), s.keys[i]...)
		} else {
			r = appendVarint(r, -1)
		}
		if v == "NULL" {
			r = appendVarint(r, -1)
		} else {
			r = append(appendVarint(r, int64(len(v))), v...)
		}
		r = appendVarint(r, 1) // one header
		r = append(appendVarint(r, 1), 'h')
		r = append(appendVarint(r, 2), "hv"...)
		records = append(appendVarint(records, int64(len(r))), r...)
	}
	if s.last >= 0 {
		delta = s.last
	}
	if s.compress != nil {
		records = s.compress(records)
	}
	b := make([]byte, headerSize, headerSize+len(records))
	binary.BigEndian.PutUint64(b, uint64(s.base))
	binary.BigEndian.PutUint32(b[atLength:], uint32(headerSize-atLength-4+len(records)))
	b[atMagic] = 2
	binary.BigEndian.PutUint16(b[atAttributes:], uint16(s.attributes)|uint16(s.codec))
	binary.BigEndian.PutUint32(b[atLastDelta:], uint32(delta))
	binary.BigEndian.PutUint64(b[atProducer:], uint64(s.producer))
	binary.BigEndian.PutUint32(b[atCount:], uint32(len(s.values)))
	b = append(b, records...)
	binary.BigEndian.PutUint32(b[atCRC:], crc32.Checksum(b[atAttributes:], castagnoli))
	return b
}

// marker is the control batch that ends a producer's transaction.
func marker(base, producer int64, commit byte) []byte {
	return spec{base: base, last: -1, producer: producer, attributes: control | transactional, keys: []string{string([]byte{0, 0, 0, commit})}, values: []string{"\x00\x00\x00\x00\x00\x00"}}.encode()
}

// visible decodes a record set as a fetcher and its source do.
func visible(t testing.TB, set []byte, from, stop int64, f filter) (out []string, next int64) {
	t.Helper()
	d := decompressor{bufs: &conn.Buffers{}}
	defer d.close()
	next = from
	for {
		b, rest, ok, err := nextBatch(set)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return out, next
		}
		set = rest
		keep, err := f.keeps(&b)
		if err != nil {
			t.Fatal(err)
		}
		if keep {
			if codec := int(b.attributes & compressionMask); codec != codecNone {
				if b.records, err = d.decompress(codec, b.records); err != nil {
					t.Fatal(err)
				}
			}
			c := cursor{data: b.records, left: b.count, base: b.base}
			for c.left > 0 { // one at a time: a batch may be left in its middle
				var values [][]byte
				if values, next, err = valuesOf(&c, nil, 1, next, stop); err != nil {
					t.Fatal(err)
				}
				for _, v := range values {
					if v == nil {
						out = append(out, "NULL")
					} else {
						out = append(out, string(v))
					}
				}
			}
		}
		next = max(next, b.last+1)
	}
}

// valuesOf appends the values of records.
func valuesOf(c *cursor, out [][]byte, limit int, from, stop int64) ([][]byte, int64, error) {
	_, next, err := c.values(limit, from, stop, func(_ int64, r *record) error {
		out = append(out, r.value)
		return nil
	})
	return out, next, err
}

func TestBatchOffsets(t *testing.T) {
	set := slices.Concat(
		spec{base: 10, last: -1, values: []string{"a", "NULL", ""}, keys: []string{"k", "", "k2"}}.encode(),
		// Compaction has taken out 14, 15 and the last one, 18.
		spec{base: 13, last: 5, deltas: []int64{0, 3, 4}, values: []string{"b", "c", "d"}}.encode(),
		// Compaction has taken out all of it.
		spec{base: 19, last: 4}.encode(),
		spec{base: 30, last: -1, values: []string{"e"}}.encode(),
	)
	for _, c := range []struct {
		name       string
		set        []byte
		from, stop int64
		want       []string
		next       int64
	}{
		{"all", set, 10, unbounded, []string{"a", "NULL", "", "b", "c", "d", "e"}, 31},
		{"from the middle of a batch", set, 12, unbounded, []string{"", "b", "c", "d", "e"}, 31},
		{"from a gap", set, 14, unbounded, []string{"c", "d", "e"}, 31},
		{"up to the middle of a batch", set, 10, 12, []string{"a", "NULL"}, 31},
		{"up to a gap", set, 10, 15, []string{"a", "NULL", "", "b"}, 31},
		{"cut off in a header", set[:len(set)-65], 10, unbounded, []string{"a", "NULL", "", "b", "c", "d"}, 24},
		{"cut off in records", set[:len(set)-1], 10, unbounded, []string{"a", "NULL", "", "b", "c", "d"}, 24},
		{"empty", nil, 10, unbounded, nil, 10},
	} {
		got, next := visible(t, c.set, c.from, c.stop, filter{})
		if !slices.Equal(got, c.want) || next != c.next {
			t.Errorf("%s: got %q, next %d; want %q, next %d", c.name, got, next, c.want, c.next)
		}
	}
}

func TestTransactionsAreHonoured(t *testing.T) {
	set := slices.Concat(
		spec{base: 0, last: -1, values: []string{"plain"}, producer: -1}.encode(),
		spec{base: 1, last: -1, values: []string{"committed"}, producer: 7, attributes: transactional}.encode(),
		spec{base: 2, last: -1, values: []string{"aborted"}, producer: 8, attributes: transactional}.encode(),
		marker(3, 7, 1),
		spec{base: 4, last: -1, values: []string{"aborted too"}, producer: 8, attributes: transactional}.encode(),
		marker(5, 8, 0),
		spec{base: 6, last: -1, values: []string{"committed later"}, producer: 8, attributes: transactional}.encode(),
		marker(7, 8, 1),
		spec{base: 8, last: -1, values: []string{"not a transaction"}, producer: 8}.encode(),
	)
	rolledBack := []aborted{{producer: 8, first: 2}}
	want := []string{"plain", "committed", "committed later", "not a transaction"}
	if got, next := visible(t, set, 0, unbounded, filter{committed: true, aborted: rolledBack}); !slices.Equal(got, want) || next != 9 {
		t.Errorf("read_committed: %q, next %d", got, next)
	}
	want = []string{"plain", "committed", "aborted", "aborted too", "committed later", "not a transaction"}
	if got, next := visible(t, set, 0, unbounded, filter{}); !slices.Equal(got, want) || next != 9 {
		t.Errorf("read_uncommitted: %q, next %d", got, next)
	}
}

func xerial(chunk int) func([]byte) []byte {
	return func(b []byte) []byte {
		out := append(slices.Clone(xerialMagic), 0, 0, 0, 1, 0, 0, 0, 1)
		for part := range slices.Chunk(b, chunk) {
			block := snappy.Encode(nil, part)
			out = binary.BigEndian.AppendUint32(out, uint32(len(block)))
			out = append(out, block...)
		}
		return out
	}
}

func TestDecompression(t *testing.T) {
	values := numbered("a text that is long enough to be found again ", 3000)
	gzipped := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	lz4ed := func(b []byte) []byte {
		var out bytes.Buffer
		w := lz4.NewWriter(&out)
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	zstded := func(b []byte) []byte {
		w, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		return w.EncodeAll(b, nil)
	}
	for _, c := range []struct {
		name     string
		codec    int
		compress func([]byte) []byte
	}{
		{"gzip", codecGzip, gzipped},
		{"bare snappy", codecSnappy, func(b []byte) []byte { return snappy.Encode(nil, b) }},
		{"framed snappy", codecSnappy, xerial(32 << 10)},
		{"lz4", codecLZ4, lz4ed},
		{"zstd", codecZstd, zstded},
	} {
		batch := spec{base: 5, last: -1, values: values, codec: c.codec, compress: c.compress}.encode()
		if got, _ := visible(t, batch, 5, unbounded, filter{}); !slices.Equal(got, values) {
			t.Errorf("%s: got %d values", c.name, len(got))
		}
		d := decompressor{bufs: &conn.Buffers{}}
		if _, err := d.decompress(c.codec, batch[headerSize:headerSize+20]); err == nil {
			t.Errorf("%s: a cut batch decompresses", c.name)
		}
	}
}

func TestDamageIsFound(t *testing.T) {
	good := spec{base: 1, last: -1, values: []string{"abc", "def"}}.encode()
	for i := atCRC; i < len(good); i++ {
		bad := slices.Clone(good)
		bad[i] ^= 1
		if _, _, ok, err := nextBatch(bad); err == nil {
			t.Errorf("byte %d: a flipped bit passes (ok %v)", i, ok)
		}
	}
	old := slices.Clone(good)
	old[atMagic] = 1
	if _, _, _, err := nextBatch(old); err == nil {
		t.Error("record format v1 passes")
	}
}

func FuzzRecords(f *testing.F) {
	f.Add(spec{base: 1, last: -1, values: []string{"abc", "NULL", "def"}, keys: []string{"", "k"}}.encode()[headerSize:], 3)
	f.Fuzz(func(t *testing.T, records []byte, count int) {
		c := cursor{data: records, left: count}
		if _, err := c.key(); err != nil && err != errRecord {
			t.Error(err)
		}
		values, _, err := valuesOf(&c, nil, 1000, 0, unbounded)
		if err == nil && len(values) > len(records) {
			t.Errorf("%d values in %d bytes", len(values), len(records))
		}
	})
}

func FuzzFetchAnswer(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, version := range []int16{4, 5, 7, 11} {
			sets, err := parseFetch(answer, version, 1)
			if err == nil && len(sets) > len(answer) {
				t.Error("more partitions than bytes")
			}
		}
	})
}

// BenchmarkCursor walks over records of 70 bytes; an operation is one record.
func BenchmarkCursor(b *testing.B) {
	values := make([]string, 10000)
	for i := range values {
		values[i] = "00001eef-0000,10.1.1.7,31,31,https://example.com/a/path/of/some/length"
	}
	set := spec{last: -1, values: values}.encode()
	batch, _, _, err := nextBatch(set)
	if err != nil {
		b.Fatal(err)
	}
	out := make([][]byte, 0, 1024)
	b.ReportAllocs()
	b.SetBytes(int64(len(values[0])))
	for n := 0; n < b.N; {
		c := cursor{data: batch.records, left: batch.count}
		next := int64(0)
		for c.left > 0 {
			out, next, _ = valuesOf(&c, out[:0], 1024, next, unbounded)
			n += len(out)
		}
	}
}
