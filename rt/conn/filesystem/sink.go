package filesystem

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Sink writes the rows of one subtask into files. A file that is being written
// has a name that begins with a dot, which readers pass over; it gets its own
// name when it is finished and, in batch, the whole job is, or, in streaming, a
// checkpoint has it: each row is there exactly once.
type Sink[R any] struct {
	files
	write   func(*R, val.Writer)
	changes conn.ChangeEncoder // nil for a format of rows
}

// NewSink returns the sink of one subtask; write gives a row's columns to the
// encoder of the table's format, a conn.Encoder of records, which are lines then,
// or a conn.FileEncoder.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer), encoder val.Writer) (*Sink[R], error) {
	opts, store, path, err := optionsOf(&t)
	if err != nil {
		return nil, err
	}
	s := &Sink[R]{write: write}
	replaces := conn.GenerationOf(t.Options) == conn.Legacy && t.Options["format.write-mode"] == "OVERWRITE"
	s.changes, _ = encoder.(conn.ChangeEncoder)
	format, whole := encoder.(conn.FileEncoder)
	if record, ok := encoder.(conn.Encoder); ok {
		format = lines{record}
		_, whole = encoder.(conn.BulkEncoder)
	}
	s.files = files{
		sub: sub, table: t.Name, store: store, path: path, opts: opts, batch: t.Batch, overwrite: t.Overwrite || replaces && t.Batch, clears: replaces && !t.Batch,
		format: format, whole: whole || !store.Resumes(), router: newRouter(&t, encoder, opts.PartitionName),
		prefix: fmt.Sprintf("part-%s-%d-%d-", processName(), t.Serial, sub.Index),
		open:   map[string]*file{}, partitions: map[string]time.Time{}, create: store.Create,
	}
	return s, nil
}

// processName tells the files of this process from those of all others.
var processName = sync.OnceValue(rand.Text)

// Process implements stream.Consumer.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	defer b.Release()
	for i := range b.Rows {
		s.write(&b.Rows[i], s.router)
		if s.changes != nil {
			s.changes.Change(b.Kind(i))
		}
		if err := s.put(); err != nil {
			return err
		}
	}
	s.sub.Count.Written.Add(int64(len(b.Rows)))
	return s.rollOld(time.Now())
}

// files is the part of a sink that doesn't depend on the row's type.
type files struct {
	sub       *stream.Subtask
	table     string
	store     Store
	path      string
	opts      *Options
	batch     bool
	overwrite bool
	clears    bool // a stream's first start removes what is there
	format    conn.FileEncoder
	whole     bool // each checkpoint finishes all files: they can't be gone on with, or Flink doesn't
	router    *router
	prefix    string // of the names of files
	create    func(folder, name string) (Output, error)

	open     map[string]*file // by folder below path
	count    int              // of files so far
	finished []finished       // since the last checkpoint
	// partitions are the folders that aren't made known yet, with the time of
	// their first file; ended says that nothing more comes into them.
	partitions map[string]time.Time
	ended      bool
	promised   []finished // by the checkpoint under way, or a restored one
}

// maxOpen is how many files a subtask writes at a time.
const maxOpen = 128

// Open implements stream.Opener: it makes the folder, if it isn't there, and
// publishes what the restored checkpoint has.
func (f *files) Open(context.Context) error {
	if err := f.store.Prepare(f.path, "."+f.prefix+"probe"); err != nil {
		return &conn.Misconfigured{Table: f.table, Err: err}
	}
	if f.clears {
		if err := f.removeOthers(); err != nil {
			return err
		}
	}
	return f.Committed(0)
}

// put writes the row that the router holds.
func (f *files) put() error {
	dir := f.router.row()
	out := f.open[string(dir)]
	if out == nil {
		var err error
		if out, err = f.begin(string(dir)); err != nil {
			return err
		}
	}
	if err := out.rows.Add(); err != nil {
		if failure := out.failure(); failure != nil {
			return f.failed(failure)
		}
		return &conn.BadData{Table: f.table, Err: err}
	}
	if out.rows.Size() >= int64(f.opts.RollSize) {
		return f.finish(string(dir), out)
	}
	return nil
}

// begin opens a file in a folder.
func (f *files) begin(dir string) (*file, error) {
	if len(f.open) >= maxOpen {
		if err := f.finishAll(); err != nil {
			return nil, err
		}
	}
	folder := filepath.Join(f.path, filepath.FromSlash(dir))
	name := fmt.Sprintf("%s%d", f.prefix, f.count)
	f.count++
	out := &file{begun: time.Now()}
	var err error
	if out.out, err = f.create(folder, name); err != nil {
		return nil, f.failed(err)
	}
	out.buf = bufio.NewWriterSize(out.out, 64<<10)
	if out.rows, err = f.format.NewFile(out.buf); err != nil {
		return nil, f.failed(err)
	}
	f.beginPartition(folder, out.begun)
	f.open[dir] = out
	return out, nil
}

// failed is an error of the file system as the job reports it.
func (f *files) failed(err error) error {
	return &conn.Unreachable{Table: f.table, System: f.store.Name(f.path), Err: err}
}

// finish closes a file.
func (f *files) finish(dir string, out *file) error {
	delete(f.open, dir)
	if err := out.close(); err != nil {
		return f.failed(err)
	}
	f.finished = append(f.finished, out.names())
	return nil
}

func (f *files) finishAll() error {
	for dir, out := range f.open {
		if err := f.finish(dir, out); err != nil {
			return err
		}
	}
	return nil
}

// rollOld finishes files that have been written to for long; in batch they are
// only finished at the end.
func (f *files) rollOld(now time.Time) error {
	if f.batch {
		return nil
	}
	for dir, out := range f.open {
		if now.Sub(out.begun) >= f.opts.RollInterval {
			if err := f.finish(dir, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// Control implements stream.Consumer.
func (f *files) Control(c stream.Control) error {
	if c.Kind == stream.End {
		f.ended = true
		return f.finishAll()
	}
	return nil
}

// Ready implements stream.Consumer.
func (f *files) Ready() bool { return true }
