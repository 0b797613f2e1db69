package udfbridge

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

func TestFoldersOfKilledJobsGo(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	mine, err := newScratch()
	if err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(os.TempDir(), scratchPrefix+"left")
	if err := os.MkdirAll(filepath.Join(left, "code"), 0o700); err != nil {
		t.Fatal(err)
	}
	removeStale(slog.New(slog.DiscardHandler))
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("what a killed job left is still there: %v", err)
	}
	if _, err := os.Stat(mine.path); err != nil {
		t.Errorf("the folder of a job that runs: %v", err)
	}
	if err := mine.remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(mine.path); !os.IsNotExist(err) {
		t.Errorf("the folder stays: %v", err)
	}
}
