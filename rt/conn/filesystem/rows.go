package filesystem

import (
	"context"
	"fmt"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// FileSource reads the rows of the files of one subtask, one after the other, of
// a format whose files aren't a sequence of records. It loads the rows into the
// format's decoder.
type FileSource struct {
	finder
	decoder conn.FileDecoder
	file    Input
}

// NewFileSource returns the source of one subtask.
func NewFileSource(sub *stream.Subtask, t *conn.Table, decoder conn.FileDecoder) (*FileSource, error) {
	f, err := newFinder(sub, t)
	if err != nil {
		return nil, err
	}
	f.parts = true
	return &FileSource{finder: f, decoder: decoder}, nil
}

// Poll implements conn.ByteSource. All rows of one call are of one file.
func (s *FileSource) Poll(ctx context.Context, wake <-chan struct{}, r *conn.Records, limit int) error {
	for {
		if s.file == nil {
			if s.at == len(s.splits) {
				if more, err := s.more(ctx, wake, false); !more {
					return err
				}
				continue
			}
			if err := s.open(); err != nil {
				return err
			}
			continue
		}
		r.Arena = val.NewArena()
		n, err := s.decoder.Load(limit, r.Arena)
		if err != nil {
			return s.failed(err)
		}
		if n > 0 {
			s.splits[s.at].offset += int64(n)
			r.Loaded = n
			for range n {
				r.Aside = append(r.Aside, s.aside...)
			}
			return nil
		}
		r.Arena.Release()
		r.Arena = nil
		s.file.Close() // it was only read
		s.file = nil
		s.next()
	}
}

// open begins or goes on with the current split, or steps over it if it has been
// read.
func (s *FileSource) open() error {
	var err error
	if s.file, err = s.openSplit(); s.file == nil {
		return err
	}
	sp := s.splits[s.at]
	if sp.hi == 0 {
		sp.hi = s.file.Entry().Size
	}
	if err := s.decoder.Open(s.file, s.file.Entry().Size, sp.lo, sp.hi, sp.offset); err != nil {
		return s.failed(err)
	}
	return nil
}

// failed is an error of the decoder with the file that it is about.
func (s *FileSource) failed(err error) error {
	return &conn.BadData{Table: s.table.Name, Err: fmt.Errorf("file %s: %w", s.store.Name(s.splits[s.at].path), err)}
}

// Locate implements conn.Locator: the file.
func (s *FileSource) Locate(int, []byte) string { return s.store.Name(s.splits[s.at].path) }

// Close implements stream.Closer.
func (s *FileSource) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
