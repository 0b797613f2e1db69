package state_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/rt/state"
)

var identity = state.Identity{Job: "job", Fingerprint: "f1", Runs: 2}

var silent = slog.New(slog.DiscardHandler)

func open(t *testing.T, dir string) *state.Store {
	t.Helper()
	s, err := state.Open(dir, identity, silent)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.Begin(0, 2)
	return s
}

// keyed makes the snapshots of an operator at parallelism p in which every key
// group holds its number and tag.
func keyed(p int, tag string) []*state.Snapshot {
	out := make([]*state.Snapshot, p)
	for i := range out {
		out[i] = &state.Snapshot{List: [][]byte{fmt.Appendf(nil, "%s of %d", tag, i)}}
	}
	for g := range state.KeyGroups {
		out[state.Owner(g, p)].Groups[g] = fmt.Appendf(nil, "%s%d", tag, g)
	}
	return out
}

func save(t *testing.T, s *state.Store, tag string, final, finished bool) int64 {
	t.Helper()
	id := s.NextID()
	if _, err := s.Save(id, final, finished, map[string][]*state.Snapshot{"agg": keyed(2, tag), "other": keyed(1, "x")}); err != nil {
		t.Fatal(err)
	}
	return id
}

func folders(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "chk-*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i] = filepath.Base(found[i])
	}
	return strings.Join(found, " ")
}

func TestRestoreAtAnotherParallelism(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	save(t, s, "a", false, false)
	img, err := s.Latest()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []int{1, 2, 3, 7, state.KeyGroups} {
		seen := 0
		for index := range p {
			r := img.Restored("agg", index, p)
			if r.Fresh || len(r.List) != 2 {
				t.Fatalf("parallelism %d: restored %v, list of %d", p, r.Fresh, len(r.List))
			}
			for g, entries := range r.Groups {
				seen++
				if state.Owner(g, p) != index || len(entries) != 1 || string(entries[0]) != fmt.Sprintf("a%d", g) {
					t.Fatalf("parallelism %d, subtask %d: group %d is %q", p, index, g, entries)
				}
			}
		}
		if seen != state.KeyGroups {
			t.Errorf("parallelism %d: %d groups", p, seen)
		}
	}
}

func TestNewestTwoAreKept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for range 4 {
		save(t, s, "a", false, false)
	}
	if got := folders(t, dir); got != "chk-3 chk-4" {
		t.Errorf("kept %s", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if id := open(t, dir).NextID(); id != 5 {
		t.Errorf("the next run starts at %d", id)
	}
}

// corrupt flips one bit in the middle of a file.
func corrupt(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestDamage(t *testing.T) {
	damage := map[string]func(t *testing.T, chk string){
		"data": func(t *testing.T, chk string) { corrupt(t, filepath.Join(chk, "data")) },
		"manifest": func(t *testing.T, chk string) {
			path := filepath.Join(chk, "manifest.json")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := bytes.Replace(text, []byte(`"parallelism": 2`), []byte(`"parallelism": 3`), 1)
			if bytes.Equal(text, changed) {
				t.Fatal("nothing changed")
			}
			if err := os.WriteFile(path, changed, 0o644); err != nil {
				t.Fatal(err)
			}
		},
		"missing data": func(t *testing.T, chk string) {
			if err := os.Remove(filepath.Join(chk, "data")); err != nil {
				t.Fatal(err)
			}
		},
		"empty": func(t *testing.T, chk string) {
			if err := os.Truncate(filepath.Join(chk, "manifest.json"), 0); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, hurt := range damage {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var log bytes.Buffer
			s, err := state.Open(dir, identity, slog.New(slog.NewTextHandler(&log, nil)))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			s.Begin(0, 2)
			save(t, s, "a", false, false)
			save(t, s, "b", false, false)
			hurt(t, filepath.Join(dir, "chk-2"))

			img, err := s.Latest()
			if err != nil || img.ID() != 1 {
				t.Fatalf("restored %v, %v", img, err)
			}
			if !strings.Contains(log.String(), "damaged") || !strings.Contains(log.String(), "chk-2") {
				t.Errorf("log is %q", log.String())
			}
			save(t, s, "c", false, false)
			if got := folders(t, dir); got != "chk-1 chk-3" {
				t.Errorf("kept %s: the damaged one must not push out a good one", got)
			}

			hurt(t, filepath.Join(dir, "chk-1"))
			corrupt(t, filepath.Join(dir, "chk-3", "data"))
			var bad *state.DamagedError
			if img, err := s.Latest(); img != nil || !errors.As(err, &bad) {
				t.Errorf("all damaged: %v, %v", img, err)
			}
		})
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := state.Open(dir, identity, silent)
	var locked *state.LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() {
		t.Fatalf("second process: %v", err)
	}
	if pid, err := state.Running(dir); err != nil || pid != os.Getpid() {
		t.Errorf("running: %d, %v", pid, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if pid, err := state.Running(dir); err != nil || pid != 0 {
		t.Errorf("running after close: %d, %v", pid, err)
	}
	open(t, dir)
}

func TestOtherPlanIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	save(t, s, "a", false, false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	other, err := state.Open(dir, state.Identity{Job: "job", Fingerprint: "f2"}, silent)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	_, err = other.Latest()
	var plan *state.FingerprintError
	if !errors.As(err, &plan) || !strings.Contains(err.Error(), "f1") || !strings.Contains(err.Error(), "f2") {
		t.Errorf("err = %v", err)
	}
}

func TestFinishedJobStartsFresh(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	save(t, s, "a", false, false)
	save(t, s, "b", true, true)
	img, err := s.Latest()
	if err != nil || !img.Finished() || img.Run() != 0 {
		t.Fatalf("after the first of two runs: %v, %v", img, err)
	}
	s.Begin(1, 2)
	save(t, s, "c", true, true)
	if img, err := s.Latest(); img != nil || err != nil {
		t.Errorf("restored %v, %v", img, err)
	}
	if final, err := state.Ended(dir); !final || err != nil {
		t.Errorf("ended: %v, %v", final, err)
	}
}

func TestLoadPath(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	save(t, s, "a", false, false)
	save(t, s, "b", false, false)
	for path, want := range map[string]int64{dir: 2, filepath.Join(dir, "chk-1"): 1} {
		img, err := state.Load(path, identity, silent)
		if err != nil || img.ID() != want {
			t.Errorf("load %s: %v, %v", path, img, err)
		}
	}
	if _, err := state.Load(t.TempDir(), identity, silent); err == nil {
		t.Error("an empty folder was loaded")
	}
}

func TestCrashLeftovers(t *testing.T) {
	dir := t.TempDir()
	half := filepath.Join(dir, ".tmp-chk-1")
	if err := os.Mkdir(half, 0o755); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half-written checkpoint is still there: %v", err)
	}
	if img, err := s.Latest(); img != nil || err != nil {
		t.Errorf("restored %v, %v", img, err)
	}
}
