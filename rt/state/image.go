package state

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Image is a checkpoint read back.
type Image struct {
	path      string
	manifest  *manifest
	operators map[string][]*Snapshot
}

// DamagedError says that a checkpoint can't be used.
type DamagedError struct {
	Path string
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("checkpoint %s is damaged: %v", e.Path, e.Err)
}

// Unwrap returns the cause.
func (e *DamagedError) Unwrap() error { return e.Err }

// MissingError says that there is nothing to restore at a path.
type MissingError struct{ Path string }

func (e *MissingError) Error() string { return e.Path + " holds no checkpoint to restore" }

// FormatError says that a checkpoint was written by a pyfc whose format this
// one doesn't know.
type FormatError struct {
	Path   string
	Format int
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s has format %d; this pyfc reads format %d", e.Path, e.Format, formatVersion)
}

// FingerprintError says that a checkpoint belongs to another plan.
type FingerprintError struct {
	Path       string
	Have, Want string // of the checkpoint, of the job
}

func (e *FingerprintError) Error() string {
	return fmt.Sprintf("checkpoint %s was taken by another plan: its fingerprint is %s, this job's is %s",
		e.Path, e.Have, e.Want)
}

// load reads and verifies a checkpoint. Whatever is wrong with its content is
// a *DamagedError.
func load(path string) (*Image, error) {
	img := &Image{path: path, operators: map[string][]*Snapshot{}}
	m, err := readManifest(filepath.Join(path, manifestName))
	if err == nil {
		img.manifest = m
		err = img.readData(filepath.Join(path, dataName))
	}
	var format *FormatError
	var system *fs.PathError
	switch {
	case err == nil:
		return img, nil
	case errors.As(err, &format), errors.As(err, &system) && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return nil, &DamagedError{path, err}
}

func (i *Image) readData(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	if hex.EncodeToString(sum[:]) != i.manifest.Data.SHA256 {
		return errors.New("the data's checksum is wrong")
	}
	for _, op := range i.manifest.Operators {
		for _, at := range op.Subtasks {
			if at.Offset < 0 || at.Length < 0 || at.Offset+at.Length > int64(len(data)) {
				return fmt.Errorf("%s: section outside of the data", op.UID)
			}
			snap, err := readSnapshot(data[at.Offset : at.Offset+at.Length])
			if err != nil {
				return fmt.Errorf("%s: %w", op.UID, err)
			}
			i.operators[op.UID] = append(i.operators[op.UID], snap)
		}
	}
	return nil
}

func (i *Image) check(id Identity) error {
	if i.manifest.Fingerprint != id.Fingerprint {
		return &FingerprintError{i.path, i.manifest.Fingerprint, id.Fingerprint}
	}
	return nil
}

// ID returns the checkpoint's number, Path its place.
func (i *Image) ID() int64 { return i.manifest.ID }

// Path returns the checkpoint's folder.
func (i *Image) Path() string { return i.path }

// Run returns which of the job's runs the checkpoint belongs to.
func (i *Image) Run() int { return i.manifest.Run }

// Finished reports whether that run had read all of its input.
func (i *Image) Finished() bool { return i.manifest.Finished }

// Parallelism returns the parallelism that the checkpoint was taken at.
func (i *Image) Parallelism() int { return i.manifest.Parallelism }

// Restored returns what falls to a subtask of an operator at the parallelism
// it has now.
func (i *Image) Restored(uid string, index, parallelism int) *Restored {
	r := &Restored{Groups: map[int][][]byte{}}
	for _, snap := range i.operators[uid] {
		for g, entries := range snap.Groups {
			if len(entries) > 0 && Owner(g, parallelism) == index {
				r.Groups[g] = append(r.Groups[g], entries)
			}
		}
		r.List = append(r.List, snap.List...)
	}
	return r
}
