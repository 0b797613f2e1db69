package pyflink

import (
	"errors"
	"strings"
	"testing"
)

// TestNoLegacyPython: where the old PyFlink can't run, that is told apart from
// an installation that fails.
func TestNoLegacyPython(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("PYFC_CACHE", t.TempDir())
	if _, err := InstallLegacy("1.10.3"); !errors.Is(err, ErrNoLegacyPython) {
		t.Errorf("got %v", err)
	}
	if _, err := InstallLegacy("1.9.0"); err == nil || errors.Is(err, ErrNoLegacyPython) || !strings.Contains(err.Error(), "1.9.0") {
		t.Errorf("an unknown release: %v", err)
	}
}
