package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Identity says whose checkpoints a folder holds.
type Identity struct {
	Job string
	// Fingerprint is that of the plan; state fits no other plan.
	Fingerprint string
	// Runs is the number of dataflows that the job runs one after the other.
	Runs int
}

// Store is a job's checkpoint folder:
//
//	lock              held while the job runs, with its process id
//	chk-<n>/          one checkpoint
//	  manifest.json   whose, when, what is where in the data, source positions
//	  data            the operators' state
//
// A checkpoint is written under another name, synced and renamed, so that a
// crash leaves either all of it or nothing. The newest two undamaged ones are
// kept.
type Store struct {
	dir  string
	id   Identity
	log  *slog.Logger
	lock *os.File
	next int64
	// run and its parallelism are those of Begin.
	run, parallelism int

	damaged map[int64]bool // found so by Latest
}

// retained is the number of checkpoints that are kept.
const retained = 2

const (
	lockName   = "lock"
	chkPrefix  = "chk-"
	tempPrefix = ".tmp-"
)

// LockedError says that another process works on a checkpoint folder.
type LockedError struct {
	Dir string
	PID int // 0 if it can't be told
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("checkpoint folder %s is locked by process %d", e.Dir, e.PID)
}

// Open makes the folder if need be and locks it. A second process gets a
// *LockedError.
func Open(dir string, id Identity, log *slog.Logger) (*Store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	lock, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, id: id, log: log, lock: lock, damaged: map[int64]bool{}}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return s, nil
}

// acquire takes the lock. It tries for a moment: Running holds it for an
// instant.
func acquire(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for range 10 {
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			if err := writePID(f); err != nil {
				return nil, errors.Join(err, f.Close())
			}
			return f, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	defer f.Close()
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	pid, err := readPID(f)
	if err != nil {
		return nil, err
	}
	return nil, &LockedError{Dir: dir, PID: pid}
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	return err
}

func readPID(f *os.File) (int, error) {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 32))
	if err != nil {
		return 0, err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, nil // not written yet
	}
	return pid, nil
}

// Running returns the process id of the job that works on the folder, 0 if
// there is none.
func Running(dir string) (int, error) {
	f, err := os.Open(filepath.Join(dir, lockName))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer f.Close()
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if err == nil {
		return 0, nil // Close gives the lock back
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return 0, err
	}
	return readPID(f)
}

// prepare removes what a crash left half-written and finds the next number.
func (s *Store) prepare() error {
	left, err := filepath.Glob(filepath.Join(s.dir, tempPrefix+"*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	ids, err := s.list()
	if err != nil {
		return err
	}
	s.next = 1
	if len(ids) > 0 {
		s.next = ids[0] + 1
	}
	return nil
}

// list returns the numbers of the checkpoints, newest first.
func (s *Store) list() ([]int64, error) { return checkpoints(s.dir) }

func checkpoints(dir string) ([]int64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, e := range entries {
		if digits, ok := strings.CutPrefix(e.Name(), chkPrefix); ok {
			if id, err := strconv.ParseInt(digits, 10, 64); err == nil {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids, nil
}

func checkpointPath(dir string, id int64) string {
	return filepath.Join(dir, chkPrefix+strconv.FormatInt(id, 10))
}

// Dir returns the folder.
func (s *Store) Dir() string { return s.dir }

// Close gives the lock back.
func (s *Store) Close() error { return s.lock.Close() }

// Begin says which of the job's runs, from 0, the checkpoints belong to that
// are saved from now on, and its parallelism, which manifests note: a checkpoint
// restores at any.
func (s *Store) Begin(run, parallelism int) { s.run, s.parallelism = run, parallelism }

// NextID returns the number of the checkpoint that is taken next; numbers rise
// over all runs of a job.
func (s *Store) NextID() int64 {
	s.next++
	return s.next - 1
}

// Save makes a checkpoint durable and returns its size in bytes. Final says
// that the run stops after it, finished that its input had ended.
func (s *Store) Save(id int64, final, finished bool, parts map[string][]*Snapshot) (int64, error) {
	m := &manifest{
		Format: formatVersion, Job: s.id.Job, Fingerprint: s.id.Fingerprint, ID: id,
		Time: time.Now().UTC(), Parallelism: s.parallelism,
		Run: s.run, Final: final, Finished: finished, Complete: finished && s.run == s.id.Runs-1,
	}
	temp := filepath.Join(s.dir, tempPrefix+chkPrefix+strconv.FormatInt(id, 10))
	err := m.write(temp, parts)
	if err == nil {
		err = os.Rename(temp, checkpointPath(s.dir, id))
	}
	if err == nil {
		err = syncDir(s.dir)
	}
	if err == nil {
		err = s.prune()
	}
	if err != nil {
		return 0, errors.Join(fmt.Errorf("save checkpoint %d: %w", id, err), os.RemoveAll(temp))
	}
	return m.Data.Bytes, nil
}

// prune removes all but the newest undamaged checkpoints.
func (s *Store) prune() error {
	ids, err := s.list()
	if err != nil {
		return err
	}
	kept := 0
	for _, id := range ids {
		if !s.damaged[id] && kept < retained {
			kept++
			continue
		}
		// Renamed first, so that a crash leaves no half of a checkpoint.
		temp := filepath.Join(s.dir, tempPrefix+strconv.FormatInt(id, 10))
		if err := os.Rename(checkpointPath(s.dir, id), temp); err != nil {
			return err
		}
		if err := os.RemoveAll(temp); err != nil {
			return err
		}
	}
	return nil
}

// Latest returns the newest whole checkpoint, nil if there is none or if the
// job's last run had finished with it: then the next start is a fresh one. A damaged one is passed over with an error in
// the log; if all are, that is the error.
func (s *Store) Latest() (*Image, error) {
	return latest(s.dir, s.id, s.log, s.damaged)
}

// Load returns the checkpoint at path, which may also be a checkpoint folder:
// then it is the newest whole one there.
func Load(path string, id Identity, log *slog.Logger) (*Image, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, &MissingError{path}
	}
	if strings.HasPrefix(filepath.Base(path), chkPrefix) {
		img, err := load(path)
		if err != nil {
			return nil, err
		}
		return img, img.check(id)
	}
	img, err := latest(path, id, log, map[int64]bool{})
	if err == nil && img == nil {
		err = &MissingError{path}
	}
	return img, err
}

func latest(dir string, id Identity, log *slog.Logger, damaged map[int64]bool) (*Image, error) {
	ids, err := checkpoints(dir)
	if err != nil {
		return nil, err
	}
	var faults []error
	for _, n := range ids {
		img, err := load(checkpointPath(dir, n))
		var bad *DamagedError
		if errors.As(err, &bad) {
			log.Error("checkpoint is damaged, looking for an older one", "path", bad.Path, "error", bad.Err)
			damaged[n] = true
			faults = append(faults, err)
			continue
		}
		if err != nil {
			return nil, err
		}
		if img.manifest.Complete {
			return nil, nil
		}
		return img, img.check(id)
	}
	return nil, errors.Join(faults...)
}

// Ended describes the newest checkpoint of a folder whose job isn't running:
// whether it is the final one of a stopped or finished job.
func Ended(dir string) (final bool, err error) {
	ids, err := checkpoints(dir)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	img, err := load(checkpointPath(dir, ids[0]))
	if err != nil {
		return false, err
	}
	return img.manifest.Final, nil
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
