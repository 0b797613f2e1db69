package filesystem

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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
		err := os.Rename(d.from, d.to)
		if errors.Is(err, fs.ErrNotExist) {
			if _, e := os.Stat(d.to); e == nil {
				continue
			}
		}
		if err != nil {
			return f.failed(err)
		}
		folders[filepath.Dir(d.to)] = true
	}
	for folder := range folders {
		if err := f.announce(folder); err != nil {
			return f.failed(err)
		}
	}
	return nil
}

// announce syncs a folder and writes the file that says that a partition is
// there.
func (f *files) announce(folder string) error {
	if f.opts.CommitPolicy == successFile && folder != filepath.Clean(f.path) {
		if err := os.WriteFile(filepath.Join(folder, f.opts.SuccessFile), nil, 0o666); err != nil {
			return err
		}
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

const successFile = "success-file"

// removeOthers removes what INSERT OVERWRITE replaces: the files in the folders
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
		visible, err := list(folder)
		if err != nil {
			return f.failed(err)
		}
		for _, path := range visible {
			if strings.HasPrefix(filepath.Base(path), own) {
				continue
			}
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return f.failed(err)
			}
		}
	}
	return nil
}

// Snapshot implements stream.Stateful: it makes what was written durable and
// notes each file with its size. Finished files are published when the
// checkpoint is complete.
func (f *files) Snapshot(snap *state.Snapshot) error {
	for _, out := range f.open {
		if err := out.sync(); err != nil {
			return f.failed(err)
		}
		snap.List = append(snap.List, out.encode(out.size))
	}
	f.promised, f.finished = append(f.promised, f.finished...), nil
	for _, d := range f.promised {
		snap.List = append(snap.List, d.encode(whole))
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
	for _, entry := range r.Share(f.sub.Index, f.sub.Parallelism) {
		d, size, err := decodeFinished(entry)
		if err != nil {
			return err
		}
		if size != whole {
			err = os.Truncate(d.from, size)
			if _, e := os.Stat(d.to); e == nil && errors.Is(err, fs.ErrNotExist) {
				err = nil // an earlier restart has published it
			}
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
			f.finished = append(f.finished, out.finished)
		}
	}
	if f.batch {
		for _, d := range f.finished {
			errs = append(errs, os.Remove(d.from))
		}
	}
	return errors.Join(errs...)
}
