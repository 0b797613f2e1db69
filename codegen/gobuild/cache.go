package gobuild

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// keptFor is how long a build stays in the cache after its last use: as long as
// in Go's own cache.
const keptFor = 5 * 24 * time.Hour

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
// before a time.
func dropUnused(dir string, before time.Time) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if os.IsNotExist(err) {
			continue // another build dropped it
		}
		if err != nil {
			return err
		}
		if info.ModTime().Before(before) {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
