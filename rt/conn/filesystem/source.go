package filesystem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/jregex"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// blockSize is how much of a file is read at once.
const blockSize = 256 << 10

// split is a file with the position of its next record.
type split struct {
	path   string
	offset int64
	done   bool
}

// Source reads the files of one subtask, one after the other.
type Source struct {
	sub      *stream.Subtask
	table    *conn.Table
	path     string
	opts     *Options
	splitter conn.Splitter
	pattern  *jregex.Pattern // of the files that are read; nil for all
	splits   []split
	restored bool
	// known are the files that have been found, and due is when the folder is
	// listed again: of a source that waits for new ones.
	known map[string]bool
	due   time.Time

	at    int // in splits
	file  *os.File
	block []byte     // what has been read of the file
	pos   int        // of the next record in block
	eof   bool       // block ends where the file ends
	arena *val.Arena // owns block
	bufs  conn.Buffers
	aside []val.Datum // of the current file, for each of its records
}

// NewSource returns the source of one subtask. The splitter finds the records
// of the table's format.
func NewSource(sub *stream.Subtask, t *conn.Table, splitter conn.Splitter) (*Source, error) {
	o, path, err := optionsOf(t)
	if err != nil {
		return nil, err
	}
	pattern, err := pathPattern(o.PathRegex)
	if err != nil {
		return nil, &conn.Misconfigured{Table: t.Name, Err: err}
	}
	return &Source{sub: sub, table: t, path: path, opts: o, splitter: splitter, pattern: pattern, known: map[string]bool{}}, nil
}

// pathPattern is the pattern that a file's whole path must match; nil for none.
func pathPattern(text string) (*jregex.Pattern, error) {
	if text == "" {
		return nil, nil
	}
	if _, err := jregex.Compile(text); err != nil {
		return nil, err
	}
	return jregex.Compile(`\A(?:` + text + `)\z`)
}

// Open lists the files; after a restore they are those of the checkpoint.
func (s *Source) Open(context.Context) error {
	if s.opts.MonitorInterval > 0 {
		for _, sp := range s.splits {
			s.known[sp.path] = true
		}
		return s.discover()
	}
	if s.restored {
		return nil
	}
	files, err := s.list()
	if err != nil {
		return err
	}
	for i, f := range files {
		if i%s.sub.Parallelism == s.sub.Index {
			s.splits = append(s.splits, split{path: f})
		}
	}
	return nil
}

// discover takes in the files that are new since the folder was listed last. Each
// belongs to the subtask that its path says, so that no two take one.
func (s *Source) discover() error {
	s.due = time.Now().Add(s.opts.MonitorInterval)
	files, err := s.list()
	if err != nil {
		return err
	}
	for _, f := range files {
		if s.owns(f) && !s.known[f] {
			s.known[f] = true
			s.splits = append(s.splits, split{path: f})
		}
	}
	return nil
}

func (s *Source) owns(path string) bool {
	return int(val.HashText(val.HashSeed, path)%uint64(s.sub.Parallelism)) == s.sub.Index
}

// await waits until the folder is to be listed again; it is false where there is
// something else to do before.
func (s *Source) await(ctx context.Context, wake <-chan struct{}) (bool, error) {
	timer := time.NewTimer(time.Until(s.due))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-wake:
		return false, nil
	case <-timer.C:
		return true, s.discover()
	}
}

// sizeOf is how much the table's files hold, if they are there.
func sizeOf(t *conn.Table) (bytes int64, ok bool) {
	_, path, err := optionsOf(t)
	if err != nil {
		return 0, false
	}
	files, err := list(path)
	for _, f := range files {
		info, e := os.Stat(f)
		if e != nil {
			return 0, false
		}
		bytes += info.Size()
	}
	return bytes, err == nil
}

// list returns the files of the table that the plan needs.
func (s *Source) list() ([]string, error) {
	if len(s.table.PartitionBy) == 0 {
		return s.filesIn(s.path)
	}
	folders := []string{s.path}
	for _, i := range s.table.PartitionBy {
		var inner []string
		for _, folder := range folders {
			entries, err := os.ReadDir(folder)
			if err != nil {
				return nil, s.unlisted(err)
			}
			for _, e := range entries {
				if name, _, ok := strings.Cut(e.Name(), "="); ok && e.IsDir() && nameOf(name) == s.table.Columns[i].Name {
					inner = append(inner, filepath.Join(folder, e.Name()))
				}
			}
		}
		folders = inner
	}
	var files []string
	for _, folder := range folders {
		if needed, err := s.needs(folder); err != nil {
			return nil, err
		} else if !needed {
			continue
		}
		found, err := s.filesIn(folder)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

// filesIn returns the files in a folder, or the file that this is, whose paths
// match the pattern.
func (s *Source) filesIn(folder string) ([]string, error) {
	files, err := list(folder)
	if err != nil {
		return nil, s.unlisted(err)
	}
	if s.pattern == nil {
		return files, nil
	}
	var matching []string
	for _, f := range files {
		whole, err := filepath.Abs(f)
		if err != nil {
			return nil, s.unlisted(err)
		}
		matches, err := s.pattern.Find(whole)
		if err != nil {
			return nil, &conn.Misconfigured{Table: s.table.Name, Err: fmt.Errorf("source.path.regex-pattern: %w", err)}
		}
		if matches {
			matching = append(matching, f)
		}
	}
	return matching, nil
}

func (s *Source) unlisted(err error) error {
	return &conn.Misconfigured{Table: s.table.Name, Err: err}
}

// needs reports whether the plan needs the partition in a folder.
func (s *Source) needs(folder string) (needed bool, err error) {
	p := s.table.Partitions
	if p == nil {
		return true, nil
	}
	names, err := s.partition(folder)
	if err != nil {
		return false, err
	}
	values := make([]val.Datum, len(p.Columns))
	for i, a := range p.Columns {
		if values[i], err = s.valueOf(a, names); err != nil {
			return false, err
		}
	}
	return needed, p.Holds(values, &needed)
}

// partition are the names of the folders below the table's that a path leads
// through.
func (s *Source) partition(path string) ([]string, error) {
	below, err := filepath.Rel(s.path, path)
	return strings.Split(filepath.ToSlash(below), "/"), err
}

// valueOf is the value of a partition column by the names of folders.
func (s *Source) valueOf(a conn.Aside, folders []string) (val.Datum, error) {
	folder := folders[slices.Index(s.table.PartitionBy, a.Column)]
	_, text, _ := strings.Cut(folder, "=")
	x, err := partitionValue(nameOf(text), a.Type, s.opts.PartitionName)
	if err != nil {
		return x, &conn.BadData{Table: s.table.Name, Column: s.table.Columns[a.Column].Name, Err: fmt.Errorf("folder %s: %w", folder, err)}
	}
	return x, nil
}

// asideOf finds what the records of a file don't hold: the values of partition
// and metadata columns.
func (s *Source) asideOf(path string) error {
	s.aside = s.aside[:0]
	if len(s.table.Aside) == 0 {
		return nil
	}
	info, err := s.file.Stat()
	if err != nil {
		return &conn.Unreachable{Table: s.table.Name, System: path, Err: err}
	}
	folders, err := s.partition(path)
	if err != nil {
		return err
	}
	for _, a := range s.table.Aside {
		if a.Metadata != "" {
			s.aside = append(s.aside, about(a.Metadata, path, info))
			continue
		}
		x, err := s.valueOf(a, folders)
		if err != nil {
			return err
		}
		s.aside = append(s.aside, x)
	}
	return nil
}

// list returns a file, or the visible files below a folder in order.
func list(path string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		hidden := p != path && strings.ContainsAny(filepath.Base(p)[:1], "._")
		switch {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return filepath.SkipDir
		case !hidden && !d.IsDir():
			files = append(files, p)
		}
		return nil
	})
	sort.Strings(files)
	return files, err
}

// Poll implements conn.ByteSource. All records of one call view one block.
func (s *Source) Poll(ctx context.Context, wake <-chan struct{}, r *conn.Records, limit int) error {
	for len(r.Values) < limit {
		if s.file == nil {
			if s.at == len(s.splits) {
				if s.opts.MonitorInterval == 0 {
					return io.EOF
				}
				if len(r.Values) > 0 {
					return nil // they don't wait for others
				}
				if more, err := s.await(ctx, wake); err != nil || !more {
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
	sp := &s.splits[s.at]
	if sp.done {
		s.at++
		return nil
	}
	var err error
	if s.file, err = os.Open(sp.path); err != nil {
		return &conn.Unreachable{Table: s.table.Name, System: sp.path, Err: err}
	}
	if err := s.asideOf(sp.path); err != nil {
		return err
	}
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
		return fmt.Errorf("%s: %w", s.splits[s.at].path, err)
	}
	s.block, s.pos = block[:n+m], 0
	s.arena = val.NewArena()
	s.arena.Adopt(block, s.bufs.Put)
	return nil
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
	s.splits[s.at].done = true
	s.at++
}

// Snapshot implements stream.Stateful: one entry per file.
func (s *Source) Snapshot(snap *state.Snapshot) error {
	for _, sp := range s.splits {
		entry := val.EncodeText(nil, sp.path)
		entry = val.EncodeInt(entry, sp.offset)
		snap.List = append(snap.List, val.EncodeBool(entry, sp.done))
	}
	return nil
}

// Restore implements stream.Stateful. The files are dealt out anew; where new ones
// are waited for, by their paths.
func (s *Source) Restore(r *state.Restored) error {
	s.restored = !r.Fresh
	monitors := s.opts.MonitorInterval > 0
	entries := r.Share(s.sub.Index, s.sub.Parallelism)
	if monitors {
		entries = r.List
	}
	for _, entry := range entries {
		var sp split
		rest, err := val.DecodeText(entry, &sp.path)
		if err == nil {
			rest, err = val.DecodeInt(rest, &sp.offset)
		}
		if err == nil {
			_, err = val.DecodeBool(rest, &sp.done)
		}
		if err != nil {
			return fmt.Errorf("position in a file: %w", err)
		}
		if monitors && !s.owns(sp.path) {
			continue
		}
		s.splits = append(s.splits, sp)
	}
	return nil
}

// Close implements stream.Closer.
func (s *Source) Close() error {
	s.drop()
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
