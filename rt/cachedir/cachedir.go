// Package cachedir is where pyfc keeps what it can make again: builds, and the
// Python environments of workers. What isn't used any more goes.
package cachedir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// KeptFor is how long an entry stays after its last use, as in Go's own cache.
const KeptFor = 5 * 24 * time.Hour

// Make makes and returns a folder of the cache: below $PYFC_CACHE, else below
// the user's cache folder, and without a home below the system's temporary one.
func Make(elem ...string) (string, error) {
	base := os.Getenv("PYFC_CACHE")
	if base == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			user = filepath.Join(os.TempDir(), fmt.Sprintf("cache-%d", os.Getuid()))
		}
		base = filepath.Join(user, "pyfc")
	}
	dir := filepath.Join(append([]string{base}, elem...)...)
	return dir, os.MkdirAll(dir, 0o700)
}

// Use marks an entry of the cache, a folder, as used now.
func Use(entry string) error {
	now := time.Now()
	return os.Chtimes(entry, now, now)
}

// Prune removes the entries of a folder of the cache that nobody has used for
// some days, and of the others those that were used first until the rest has no
// more than so many bytes.
func Prune(dir string, bytes int64) error {
	return prune(dir, time.Now().Add(-KeptFor), bytes)
}

func prune(dir string, before time.Time, bytes int64) error {
	listed, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var entries []fs.FileInfo
	for _, e := range listed {
		switch info, err := e.Info(); {
		case errors.Is(err, fs.ErrNotExist): // another build dropped it
		case err != nil:
			return err
		default:
			entries = append(entries, info)
		}
	}
	slices.SortFunc(entries, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		size, err := sizeOf(path)
		if err != nil {
			return err
		}
		if bytes -= size; bytes < 0 || e.ModTime().Before(before) {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// sizeOf is how many bytes the files below a folder have.
func sizeOf(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var info fs.FileInfo
			if info, err = d.Info(); err == nil {
				n += info.Size()
			}
		}
		if errors.Is(err, fs.ErrNotExist) { // another build drops it
			return nil
		}
		return err
	})
	return n, err
}
