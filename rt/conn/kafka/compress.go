package kafka

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"pyfc/rt/conn"
)

// The compression codecs, as in the attributes of a batch.
const (
	codecNone = iota
	codecGzip
	codecSnappy
	codecLZ4
	codecZstd
)

// maxInflated bounds what one batch may decompress to, so that a damaged one
// can't exhaust the memory.
const maxInflated = 1 << 30

// decompressor decompresses batches. It is used by one goroutine.
type decompressor struct {
	bufs *conn.Buffers
	gzip gzip.Reader
	lz4  *lz4.Reader
	zstd *zstd.Decoder
}

// decompress returns the records of a batch in a buffer of the pool.
func (d *decompressor) decompress(codec int, src []byte) ([]byte, error) {
	switch codec {
	case codecGzip:
		if err := d.gzip.Reset(bytes.NewReader(src)); err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		return d.readAll("gzip", &d.gzip, len(src))
	case codecSnappy:
		return d.snappy(src)
	case codecLZ4:
		if d.lz4 == nil {
			d.lz4 = lz4.NewReader(nil)
		}
		d.lz4.Reset(bytes.NewReader(src))
		return d.readAll("lz4", d.lz4, len(src))
	case codecZstd:
		return d.zstandard(src)
	}
	return nil, fmt.Errorf("unknown compression codec %d", codec)
}

func (d *decompressor) readAll(name string, r io.Reader, size int) ([]byte, error) {
	buf := d.bufs.Get(4 * size)[:0]
	for {
		if len(buf) == cap(buf) {
			bigger := append(d.bufs.Get(2 * cap(buf))[:0], buf...)
			d.bufs.Put(buf)
			buf = bigger
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case errors.Is(err, io.EOF):
			return buf, nil
		case err == nil && len(buf) > maxInflated:
			err = errTooLarge
		}
		if err != nil {
			d.bufs.Put(buf)
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
}

var errTooLarge = errors.New("a batch is larger than 1 GiB when decompressed")

func (d *decompressor) zstandard(src []byte) ([]byte, error) {
	if d.zstd == nil {
		var err error
		if d.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxInflated)); err != nil {
			return nil, err
		}
	}
	buf := d.bufs.Get(4 * len(src))
	out, err := d.zstd.DecodeAll(src, buf[:0])
	if err != nil {
		d.bufs.Put(buf)
		return nil, fmt.Errorf("zstd: %w", err)
	}
	if cap(out) != cap(buf) {
		d.bufs.Put(buf)
	}
	return out, nil
}

// xerialMagic begins the framing of the Java snappy library: a header of 16
// bytes, then blocks with their lengths. Other clients send one bare block.
var xerialMagic = []byte{0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0}

const xerialHeader = 16

func (d *decompressor) snappy(src []byte) ([]byte, error) {
	blocks := [][]byte{src}
	if bytes.HasPrefix(src, xerialMagic) && len(src) >= xerialHeader {
		blocks = blocks[:0]
		for rest := src[xerialHeader:]; len(rest) > 0; {
			if len(rest) < 4 || uint64(binary.BigEndian.Uint32(rest)) > uint64(len(rest)-4) {
				return nil, errors.New("snappy: a block is cut off")
			}
			n := 4 + int(binary.BigEndian.Uint32(rest))
			blocks = append(blocks, rest[4:n])
			rest = rest[n:]
		}
	}
	total := 0
	for _, b := range blocks {
		n, err := snappy.DecodedLen(b)
		if err != nil {
			return nil, fmt.Errorf("snappy: %w", err)
		}
		if total += n; n > math.MaxInt32 || total > maxInflated {
			return nil, fmt.Errorf("snappy: %w", errTooLarge)
		}
	}
	buf := d.bufs.Get(total)[:0]
	for _, b := range blocks {
		n, _ := snappy.DecodedLen(b) // checked above
		if _, err := snappy.Decode(buf[len(buf):len(buf)+n], b); err != nil {
			d.bufs.Put(buf)
			return nil, fmt.Errorf("snappy: %w", err)
		}
		buf = buf[:len(buf)+n]
	}
	return buf, nil
}

// close frees what the decompressor holds.
func (d *decompressor) close() {
	if d.zstd != nil {
		d.zstd.Close()
	}
}

// codecs are the codecs by their names in compression.type.
var codecs = map[string]int{"none": codecNone, "gzip": codecGzip, "snappy": codecSnappy, "lz4": codecLZ4, "zstd": codecZstd}

// compressor compresses batches. It is used by one goroutine.
type compressor struct {
	codec int
	out   bytes.Buffer
	gzip  *gzip.Writer
	lz4   *lz4.Writer
	zstd  *zstd.Encoder
}

// compress appends the compressed records of a batch to dst.
func (c *compressor) compress(dst, records []byte) ([]byte, error) {
	switch c.codec {
	case codecSnappy:
		return append(dst, snappy.Encode(nil, records)...), nil
	case codecZstd:
		if c.zstd == nil {
			var err error
			if c.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)); err != nil {
				return dst, err
			}
		}
		return c.zstd.EncodeAll(records, dst), nil
	}
	c.out.Reset()
	w := c.stream()
	if _, err := w.Write(records); err != nil {
		return dst, err
	}
	if err := w.Close(); err != nil {
		return dst, err
	}
	return append(dst, c.out.Bytes()...), nil
}

// stream is the writer of the codecs that have one, set to write to c.out.
func (c *compressor) stream() io.WriteCloser {
	if c.codec == codecGzip {
		if c.gzip == nil {
			c.gzip = gzip.NewWriter(&c.out)
		}
		c.gzip.Reset(&c.out)
		return c.gzip
	}
	if c.lz4 == nil {
		c.lz4 = lz4.NewWriter(&c.out)
	}
	c.lz4.Reset(&c.out)
	return c.lz4
}
