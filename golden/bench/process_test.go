package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pyfc/golden/services"
)

// TestMeasure holds that descendants count, also those whose parent has ended,
// and that none is left.
func TestMeasure(t *testing.T) {
	script := `(sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; exec sleep 60' & echo $!; sleep 0.5); sleep 0.5`
	u, out, err := measure(t.Context(), exec.Command("sh", "-c", script), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	orphan, err := strconv.Atoi(strings.TrimSpace(out))
	if err != nil {
		t.Fatal(err)
	}
	if u.cpu < 2*clockTick {
		t.Errorf("%v of CPU: the orphan's loop isn't in it", u.cpu)
	}
	if u.wall < time.Second || u.rss < 1<<20 {
		t.Errorf("%v, %d bytes", u.wall, u.rss)
	}
	if stat, err := readStat(orphan); err == nil && !stat.zombie && syscall.Kill(orphan, 0) == nil {
		t.Errorf("process %d was left", orphan)
	}
}

func TestMeasureFailure(t *testing.T) {
	_, _, err := measure(t.Context(), exec.Command("sh", "-c", "echo why >&2; exit 3"), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "why") {
		t.Errorf("%v", err)
	}
}

func TestGuard(t *testing.T) {
	var dir string
	err := services.Guard(func(h *services.Host) error {
		dir = h.TempDir()
		h.Cleanup(func() { h.Fatalf("cleaning up") })
		h.Fatal("started ", "badly")
		return nil
	})
	if err == nil || err.Error() != "started badly\ncleaning up" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", dir, err)
	}
}

func TestReport(t *testing.T) {
	a, b := series{Values: []float64{30, 10, 20}}, series{Values: []float64{4, 2}}
	g := ratio("", a, b)
	if g.Value != 20.0/3 || g.Low != 10.0/4 || g.High != 30.0/2 {
		t.Errorf("%+v", g)
	}
	for want, g := range map[string]goal{
		"goal ≥ 5: met": g.atLeast(5), "goal ≥ 7: MISSED": g.atLeast(7),
		"goal ≤ 7: met": g.atMost(7), "goal ≤ 5: MISSED": g.atMost(5), "": g,
	} {
		if got := g.verdict(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
