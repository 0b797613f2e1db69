package cachedir

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestPruneTakesWhatWasUsedFirst(t *testing.T) {
	now := time.Now()
	const day = 24 * time.Hour
	for _, c := range []struct {
		bytes int64
		left  []string
	}{
		{1000, []string{"today", "yesterday"}},
		{150, []string{"today"}},
		{50, nil},
	} {
		dir := t.TempDir()
		for name, age := range map[string]time.Duration{"today": 0, "yesterday": day, "long-ago": 6 * day} {
			entry := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Join(entry, "src"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(entry, "src", "main.go"), make([]byte, 100), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(entry, now, now.Add(-age)); err != nil {
				t.Fatal(err)
			}
		}
		if err := prune(dir, now.Add(-KeptFor), c.bytes); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, e := range entries {
			left = append(left, e.Name())
		}
		if !slices.Equal(left, c.left) {
			t.Errorf("of %d bytes: %v is left, want %v", c.bytes, left, c.left)
		}
	}
}
