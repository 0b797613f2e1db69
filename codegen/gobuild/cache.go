package gobuild

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A build stays in the cache for keptFor after its last use, as in Go's own
// cache, and the last used ones stay that have keptBytes together.
const (
	keptFor   = 5 * 24 * time.Hour
	keptBytes = 2 << 30
)

// CacheDir makes and returns a folder of pyfc's cache; PYFC_CACHE names
// another place than the user's cache folder.
func CacheDir(elem ...string) (string, error) {
	base := os.Getenv("PYFC_CACHE")
	if base == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no cache folder: %w (set PYFC_CACHE)", err)
		}
		base = filepath.Join(user, "pyfc")
	}
	dir := filepath.Join(append([]string{base}, elem...)...)
	return dir, os.MkdirAll(dir, 0o755)
}

// used marks an entry of the cache, a folder, as used now.
func used(entry string) error {
	now := time.Now()
	return os.Chtimes(entry, now, now)
}

// dropUnused removes the entries of a folder of the cache that were last used
// before a time, and of the others those that were used first until the rest has
// no more than so many bytes.
func dropUnused(dir string, before time.Time, bytes int64) error {
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
