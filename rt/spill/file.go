package spill

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// bufferSize is that of a file's buffer, which is there only while the file is
// written or read.
const bufferSize = 32 << 10

// File holds records: written one after the other, then read from the start as
// often as it takes.
type File struct {
	f       *os.File
	w       *bufio.Writer
	length  [binary.MaxVarintLen64]byte
	records int64
	bytes   int64
	size    int64 // with the lengths
}

// Append adds a record, which it copies.
func (f *File) Append(record []byte) error {
	if f.w == nil {
		f.w = bufio.NewWriterSize(f.f, bufferSize)
	}
	n := binary.PutUvarint(f.length[:], uint64(len(record)))
	if _, err := f.w.Write(f.length[:n]); err != nil {
		return f.wrap(err)
	}
	if _, err := f.w.Write(record); err != nil {
		return f.wrap(err)
	}
	f.records++
	f.bytes += int64(len(record))
	f.size += int64(n + len(record))
	return nil
}

func (f *File) wrap(err error) error {
	return fmt.Errorf("what doesn't fit into memory, in %s: %w", f.f.Name(), err)
}

// Bytes is the size of the records.
func (f *File) Bytes() int64 { return f.bytes }

// Position is a place between two records.
type Position struct{ offset, record int64 }

// End is the place behind the last record.
func (f *File) End() Position { return Position{f.size, f.records} }

// Reader starts to read from the first record; nothing may be appended
// afterwards.
func (f *File) Reader() (*Reader, error) { return f.ReaderFrom(Position{}) }

// ReaderFrom starts to read behind a position.
func (f *File) ReaderFrom(p Position) (*Reader, error) {
	if f.w != nil {
		if err := f.w.Flush(); err != nil {
			return nil, f.wrap(err)
		}
		f.w = nil
	}
	return &Reader{file: f, next: p.record, r: bufio.NewReaderSize(io.NewSectionReader(f.f, p.offset, 1<<62-p.offset), bufferSize)}, nil
}

// Remove deletes the file.
func (f *File) Remove() error {
	err := errors.Join(f.f.Close(), os.Remove(f.f.Name()))
	f.w = nil
	return err
}

// Reader reads a file's records in order.
type Reader struct {
	file *File
	r    *bufio.Reader
	next int64 // number of the next record
	buf  []byte
}

// Next returns the next record, which is valid until the call after it, and
// io.EOF behind the last one.
func (r *Reader) Next() ([]byte, error) {
	if r.next == r.file.records {
		return nil, io.EOF
	}
	n, err := binary.ReadUvarint(r.r)
	if err != nil {
		return nil, r.file.wrap(damaged(err))
	}
	if uint64(cap(r.buf)) < n {
		r.buf = make([]byte, n)
	}
	r.buf = r.buf[:n]
	if _, err := io.ReadFull(r.r, r.buf); err != nil {
		return nil, r.file.wrap(damaged(err))
	}
	r.next++
	return r.buf, nil
}

// damaged is err for a file that ends too early.
func damaged(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
