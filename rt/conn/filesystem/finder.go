package filesystem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/jregex"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// split is a file, or a part of one, with the position of what comes next: of a
// record its first byte, of a row its number in the part.
type split struct {
	path   string
	offset int64
	done   bool
	lo, hi int64 // the bytes that are the part; hi is 0 for a whole file
}

// finder finds the files that a subtask reads.
type finder struct {
	sub      *stream.Subtask
	table    *conn.Table
	store    Store
	path     string
	opts     *Options
	pattern  *jregex.Pattern // of the files that are read; nil for all
	parts    bool            // several subtasks can read one file
	splits   []split
	at       int // in splits
	restored bool
	// known are the files that have been found, and due is when the folder is
	// listed again: of a source that waits for new ones.
	known map[string]bool
	due   time.Time
	aside []val.Datum // of the current file, for each of its records
}

func newFinder(sub *stream.Subtask, t *conn.Table) (finder, error) {
	o, store, path, err := optionsOf(t)
	if err != nil {
		return finder{}, err
	}
	pattern, err := pathPattern(o.PathRegex)
	if err != nil {
		return finder{}, &conn.Misconfigured{Table: t.Name, Err: err}
	}
	return finder{sub: sub, table: t, store: store, path: path, opts: o, pattern: pattern, known: map[string]bool{}}, nil
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
func (s *finder) Open(context.Context) error {
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
	n := 0
	for _, f := range files {
		for _, p := range s.partsOf(f) {
			if n%s.sub.Parallelism == s.sub.Index {
				s.splits = append(s.splits, p)
			}
			n++
		}
	}
	return nil
}

// leastPart is the least number of bytes that make a part of a file worthwhile.
const leastPart = 4 << 20

// partsOf divides a file among the subtasks, if they can share it: all divide it
// in the same way.
func (s *finder) partsOf(f Entry) []split {
	if !s.parts || s.sub.Parallelism == 1 {
		return []split{{path: f.Path}}
	}
	n := min(max(f.Size/leastPart, 1), int64(s.sub.Parallelism))
	var parts []split
	for i := range n {
		parts = append(parts, split{path: f.Path, lo: f.Size * i / n, hi: f.Size * (i + 1) / n})
	}
	return parts
}

// openSplit opens the file of the current split, or steps over the split if it has
// been read, and returns no file.
func (s *finder) openSplit() (Input, error) {
	sp := &s.splits[s.at]
	if sp.done {
		s.at++
		return nil, nil
	}
	f, err := s.store.Open(sp.path)
	if err != nil {
		return nil, &conn.Unreachable{Table: s.table.Name, System: s.store.Name(sp.path), Err: err}
	}
	if err := s.asideOf(f.Entry()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// next steps over the current split, which has been read.
func (s *finder) next() {
	s.splits[s.at].done = true
	s.at++
}

// more looks for further splits behind the last one. Without more the error says
// why: nil where there is something else to do before, such as records to hand
// on.
func (s *finder) more(ctx context.Context, wake <-chan struct{}, pending bool) (bool, error) {
	if s.opts.MonitorInterval == 0 {
		return false, io.EOF
	}
	if pending {
		return false, nil
	}
	return s.await(ctx, wake)
}

// discover takes in the files that are new since the folder was listed last. Each
// belongs to the subtask that its path says, so that no two take one.
func (s *finder) discover() error {
	s.due = time.Now().Add(s.opts.MonitorInterval)
	files, err := s.list()
	if err != nil {
		return err
	}
	for _, f := range files {
		if s.owns(f.Path) && !s.known[f.Path] {
			s.known[f.Path] = true
			s.splits = append(s.splits, split{path: f.Path})
		}
	}
	return nil
}

func (s *finder) owns(path string) bool {
	return int(val.HashText(val.HashSeed, path)%uint64(s.sub.Parallelism)) == s.sub.Index
}

// await waits until the folder is to be listed again; it is false where there is
// something else to do before.
func (s *finder) await(ctx context.Context, wake <-chan struct{}) (bool, error) {
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
	_, store, path, err := optionsOf(t)
	if err != nil || store != (local{}) {
		return 0, false // a build asks nobody
	}
	files, err := store.List(path)
	for _, f := range files {
		bytes += f.Size
	}
	return bytes, err == nil
}

// list returns the files of the table that the plan needs.
func (s *finder) list() ([]Entry, error) {
	if len(s.table.PartitionBy) == 0 {
		return s.filesIn(s.path)
	}
	folders := []string{s.path}
	for _, i := range s.table.PartitionBy {
		var inner []string
		for _, folder := range folders {
			names, err := s.store.Folders(folder)
			if err != nil {
				return nil, s.unlisted(err)
			}
			for _, folderName := range names {
				if name, _, ok := strings.Cut(folderName, "="); ok && nameOf(name) == s.table.Columns[i].Name {
					inner = append(inner, filepath.Join(folder, folderName))
				}
			}
		}
		folders = inner
	}
	var files []Entry
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
func (s *finder) filesIn(folder string) ([]Entry, error) {
	files, err := s.store.List(folder)
	if err != nil {
		return nil, s.unlisted(err)
	}
	if s.pattern == nil {
		return files, nil
	}
	var matching []Entry
	for _, f := range files {
		whole := s.store.Name(f.Path)
		if s.store == (local{}) {
			if whole, err = filepath.Abs(whole); err != nil {
				return nil, s.unlisted(err)
			}
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

func (s *finder) unlisted(err error) error {
	return &conn.Misconfigured{Table: s.table.Name, Err: err}
}

// needs reports whether the plan needs the partition in a folder.
func (s *finder) needs(folder string) (needed bool, err error) {
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
func (s *finder) partition(path string) ([]string, error) {
	below, err := filepath.Rel(s.path, path)
	return strings.Split(filepath.ToSlash(below), "/"), err
}

// valueOf is the value of a partition column by the names of folders.
func (s *finder) valueOf(a conn.Aside, folders []string) (val.Datum, error) {
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
func (s *finder) asideOf(file Entry) error {
	s.aside = s.aside[:0]
	if len(s.table.Aside) == 0 {
		return nil
	}
	folders, err := s.partition(file.Path)
	if err != nil {
		return err
	}
	for _, a := range s.table.Aside {
		if a.Metadata != "" {
			s.aside = append(s.aside, about(a.Metadata, s.store.Name(file.Path), file))
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

// Snapshot implements stream.Stateful: one entry per split.
func (s *finder) Snapshot(snap *state.Snapshot) error {
	for _, sp := range s.splits {
		entry := val.EncodeText(nil, sp.path)
		entry = val.EncodeInt(entry, sp.offset)
		entry = val.EncodeBool(entry, sp.done)
		if sp.hi > 0 {
			entry = val.EncodeInt(val.EncodeInt(entry, sp.lo), sp.hi)
		}
		snap.List = append(snap.List, entry)
	}
	return nil
}

// Restore implements stream.Stateful. The files are dealt out anew; where new ones
// are waited for, by their paths.
func (s *finder) Restore(r *state.Restored) error {
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
			rest, err = val.DecodeBool(rest, &sp.done)
		}
		if err == nil && len(rest) > 0 {
			if rest, err = val.DecodeInt(rest, &sp.lo); err == nil {
				_, err = val.DecodeInt(rest, &sp.hi)
			}
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
