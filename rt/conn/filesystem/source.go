package filesystem

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unsafe"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// blockSize is how much of a file is read at once.
const blockSize = 256 << 10

// Source reads the records of the files of one subtask, one after the other.
type Source struct {
	finder
	splitter conn.Splitter

	file  Input
	block []byte     // what has been read of the file
	pos   int        // of the next record in block
	eof   bool       // block ends where the file ends
	arena *val.Arena // owns block
	bufs  conn.Buffers
}

// NewSource returns the source of one subtask. The splitter finds the records
// of the table's format.
func NewSource(sub *stream.Subtask, t *conn.Table, splitter conn.Splitter) (*Source, error) {
	f, err := newFinder(sub, t)
	if err != nil {
		return nil, err
	}
	return &Source{finder: f, splitter: splitter}, nil
}

// Poll implements conn.ByteSource. All records of one call view one block.
func (s *Source) Poll(ctx context.Context, wake <-chan struct{}, r *conn.Records, limit int) error {
	for len(r.Values) < limit {
		if s.file == nil {
			if s.at == len(s.splits) {
				if more, err := s.more(ctx, wake, len(r.Values) > 0); !more {
					return err
				}
				continue
			}
			if err := s.open(); err != nil {
				return err
			}
			continue
		}
		taken, record := s.splitter.Next(s.block[s.pos:], s.eof)
		switch {
		case taken > 0:
			s.pos += taken
			s.splits[s.at].offset += int64(taken)
			if record != nil {
				s.hand(r, record)
			}
		case len(r.Values) > 0:
			return nil // the next block has another arena
		case s.eof:
			s.finish()
		default:
			if err := s.fill(blockSize); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Source) hand(r *conn.Records, record []byte) {
	if r.Arena == nil {
		s.arena.Retain()
		r.Arena = val.NewChild(s.arena) // other batches share the block
	}
	r.Values = append(r.Values, record)
	r.Aside = append(r.Aside, s.aside...)
}

// open begins or goes on with the current file, or steps over it if it has
// been read.
func (s *Source) open() error {
	var err error
	if s.file, err = s.openSplit(); s.file == nil {
		return err
	}
	sp := &s.splits[s.at]
	if sp.offset > 0 {
		_, err = s.file.Seek(sp.offset, io.SeekStart)
		return err
	}
	for size := blockSize; ; size *= 2 {
		if err := s.fill(size); err != nil {
			return err
		}
		if n, ok := s.splitter.Begin(s.block, s.eof); ok {
			s.pos, sp.offset = n, int64(n)
			return nil
		}
	}
}

// fill reads on: what is left of the block moves to the beginning of a new
// one. A record that doesn't fit doubles the block, so that a quote that is
// never closed doesn't take forever.
func (s *Source) fill(size int) error {
	rest := s.block[s.pos:]
	block := s.bufs.Get(len(rest) + max(size, len(rest)))
	n := copy(block, rest)
	s.drop()
	m, err := io.ReadFull(s.file, block[n:])
	if s.eof = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); err != nil && !s.eof {
		return fmt.Errorf("%s: %w", s.store.Name(s.splits[s.at].path), err)
	}
	s.block, s.pos = block[:n+m], 0
	s.arena = val.NewArena()
	s.arena.Adopt(block, s.bufs.Put)
	return nil
}

// Locate implements conn.Locator: the file and the line in which the record begins.
// Lines aren't counted as they are read, so that the file is read again.
func (s *Source) Locate(_ int, record []byte) string {
	sp := s.splits[s.at]
	at := sp.offset - int64(s.pos) // of the block
	if len(record) > 0 {
		at += int64(uintptr(unsafe.Pointer(&record[0])) - uintptr(unsafe.Pointer(&s.block[0])))
	}
	name := s.store.Name(sp.path)
	lines, err := linesBefore(s.store, sp.path, at)
	if err != nil {
		return fmt.Sprintf("%s, byte %d", name, at)
	}
	return fmt.Sprintf("%s:%d", name, lines+1)
}

// linesBefore counts the lines that end in the first n bytes of a file.
func linesBefore(store Store, path string, n int64) (lines int, err error) {
	f, err := store.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	buf := make([]byte, 64<<10)
	for n > 0 {
		m, err := f.Read(buf[:min(n, int64(len(buf)))])
		if lines += bytes.Count(buf[:m], []byte{'\n'}); err != nil {
			return lines, err
		}
		n -= int64(m)
	}
	return lines, nil
}

func (s *Source) drop() {
	s.arena.Release()
	s.arena, s.block, s.pos = nil, nil, 0
}

// finish ends the current file.
func (s *Source) finish() {
	s.file.Close() // it was only read
	s.drop()
	s.file, s.eof = nil, false
	s.next()
}

// Close implements stream.Closer.
func (s *Source) Close() error {
	s.drop()
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
