package filesystem

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pyfc/rt/state"
)

// Complete implements stream.Completer: in batch all files get their names.
func (f *files) Complete() error {
	if f.overwrite {
		if err := f.removeOthers(); err != nil {
			return err
		}
	}
	done := f.finished
	f.finished = nil
	return f.publish(done)
}

// publish gives files their names. What has its name already was published
// before a restart.
func (f *files) publish(list []finished) error {
	folders := map[string]bool{}
	for _, d := range list {
		if err := f.store.Publish(d.from, d.to); err != nil {
			return f.failed(err)
		}
		folders[filepath.Dir(d.to)] = true
	}
	for folder := range folders {
		if err := f.store.Settle(folder); err != nil {
			return f.failed(err)
		}
	}
	return f.commitPartitions(time.Now())
}

// commitPartitions makes known the partitions that were begun long enough ago, at
// the end of the input all, once their files have their names.
func (f *files) commitPartitions(now time.Time) error {
	for folder, begun := range f.partitions {
		if !f.ended && now.Before(begun.Add(f.opts.CommitDelay)) || f.writes(folder) {
			continue
		}
		delete(f.partitions, folder)
		if err := f.store.Mark(filepath.Join(folder, f.opts.SuccessFile)); err != nil {
			return f.failed(err)
		}
		if err := f.store.Settle(folder); err != nil {
			return f.failed(err)
		}
	}
	return nil
}

// writes reports whether there is a file in a folder that hasn't its name yet.
func (f *files) writes(folder string) bool {
	for _, out := range f.open {
		if filepath.Dir(out.out.To()) == folder {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(f.finished, f.promised), func(d finished) bool { return filepath.Dir(d.to) == folder })
}

// beginPartition notes when the folder of a partition got its first file since it
// was made known, if it is to be.
func (f *files) beginPartition(folder string, now time.Time) {
	if _, known := f.partitions[folder]; !known && len(f.opts.CommitPolicy) > 0 && folder != filepath.Clean(f.path) {
		f.partitions[folder] = now
	}
}

const successFile = "success-file"

// removeOthers removes what INSERT OVERWRITE or a legacy sink's write mode
// replaces: the files in the folders
// that got new ones, or in all of a table that isn't partitioned, but for those of
// the other subtasks.
func (f *files) removeOthers() error {
	folders := map[string]bool{}
	if len(f.router.prefixes) == 0 && f.sub.Index == 0 {
		folders[filepath.Clean(f.path)] = true
	}
	for _, d := range f.finished {
		folders[filepath.Dir(d.to)] = true
	}
	own := strings.TrimSuffix(f.prefix, fmt.Sprintf("%d-", f.sub.Index))
	for folder := range folders {
		visible, err := f.store.List(folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return f.failed(err)
		}
		for _, other := range visible {
			if strings.HasPrefix(filepath.Base(other.Path), own) {
				continue
			}
			if err := f.store.Remove(other.Path); err != nil {
				return f.failed(err)
			}
		}
	}
	return nil
}

// Snapshot implements stream.Stateful: it makes what was written durable and
// notes each file with its size, and each partition that isn't known yet with the
// time of its first file. Finished files are published when the checkpoint is
// complete.
func (f *files) Snapshot(snap *state.Snapshot) error {
	if f.whole {
		if err := f.finishAll(); err != nil {
			return err
		}
	}
	for _, out := range f.open {
		if err := out.sync(); err != nil {
			return f.failed(err)
		}
		snap.List = append(snap.List, out.names().encode(out.rows.Size()))
	}
	f.promised, f.finished = append(f.promised, f.finished...), nil
	for _, d := range f.promised {
		snap.List = append(snap.List, d.encode(whole))
	}
	for folder, begun := range f.partitions {
		snap.List = append(snap.List, finished{to: folder}.encode(begun.UnixMilli()))
	}
	return nil
}

// Committed implements stream.CommitListener.
func (f *files) Committed(int64) error {
	done := f.promised
	f.promised = nil
	return f.publish(done)
}

// Restore implements stream.Stateful. A file that was being written is cut to
// what the checkpoint has of it, and is finished so.
func (f *files) Restore(r *state.Restored) error {
	f.clears = f.clears && r.Fresh
	for _, entry := range r.Share(f.sub.Index, f.sub.Parallelism) {
		d, size, err := decodeFinished(entry)
		if err != nil {
			return err
		}
		if d.from == "" { // a partition
			f.partitions[d.to] = time.UnixMilli(size)
			continue
		}
		if size != whole {
			err = f.store.Cut(d.from, d.to, size)
		}
		if err != nil {
			return f.failed(err)
		}
		f.promised = append(f.promised, d)
	}
	return nil
}

// Close implements stream.Closer. In batch what was written without success is
// removed; a streaming job that is started again still needs it.
func (f *files) Close() error {
	var errs []error
	for _, out := range f.open {
		errs = append(errs, out.out.Close())
		if f.batch {
			f.finished = append(f.finished, out.names())
		}
	}
	if f.batch {
		for _, d := range f.finished {
			errs = append(errs, f.store.Discard(d.from, d.to))
		}
	}
	return errors.Join(errs...)
}
