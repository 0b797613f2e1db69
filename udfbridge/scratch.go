package udfbridge

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
)

// scratch is the temporary folder of one worker process, for its socket and
// its code. It is locked as long as the process that made it lives, so that the
// next one can tell, and remove, what a killed one has left.
type scratch struct {
	path string
	lock *os.File // the folder itself
}

const scratchPrefix = "pyfc-udf."

func newScratch() (*scratch, error) {
	for {
		path, err := os.MkdirTemp("", scratchPrefix)
		if err != nil {
			return nil, err
		}
		s, err := takeScratch(path)
		if s != nil || err != nil {
			return s, err
		}
		// Another process took it for left behind before it was locked.
	}
}

// takeScratch locks a folder. It returns nil if that isn't there any more or
// belongs to a process that lives.
func takeScratch(path string) (*scratch, error) {
	lock, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		_, err = os.Stat(path) // whoever had the lock may have removed it
	}
	if err == nil {
		return &scratch{path, lock}, nil
	}
	lock.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return nil, err
}

// remove deletes the folder.
func (s *scratch) remove() error {
	return errors.Join(os.RemoveAll(s.path), s.lock.Close())
}

// removeStale deletes the folders that killed processes have left.
func removeStale(log *slog.Logger) {
	found, err := filepath.Glob(filepath.Join(os.TempDir(), scratchPrefix+"*"))
	if err != nil {
		log.Debug("looking for folders of killed jobs", "error", err)
	}
	for _, path := range found {
		s, err := takeScratch(path)
		if s != nil {
			err = s.remove()
		}
		if err != nil { // another user's
			log.Debug("a folder of a killed job stays", "path", path, "error", err)
		}
	}
}
