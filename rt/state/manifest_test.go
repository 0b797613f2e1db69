package state

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestSnapshotForm(t *testing.T) {
	var s Snapshot
	s.Groups[0] = []byte("first")
	s.Groups[KeyGroups-1] = bytes.Repeat([]byte{7}, 300)
	s.List = [][]byte{{}, []byte("entry")}
	got, err := readSnapshot(appendSnapshot(nil, &s))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, &s) {
		t.Errorf("read %v, want %v", got, s)
	}
}

func FuzzReadSnapshot(f *testing.F) {
	var s Snapshot
	s.Groups[3] = []byte("abc")
	s.List = [][]byte{[]byte("x")}
	f.Add(appendSnapshot(nil, &s))
	f.Add([]byte{1, 200, 1})
	f.Add([]byte{0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, src []byte) {
		snap, err := readSnapshot(src)
		if err != nil {
			return
		}
		again, err := readSnapshot(appendSnapshot(nil, snap))
		if err != nil || !bytes.Equal(appendSnapshot(nil, again), appendSnapshot(nil, snap)) {
			t.Errorf("%x reads as %v, then as %v, %v", src, snap, again, err)
		}
	})
}

func TestManifest(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, Identity{Job: "clicks", Fingerprint: "f", Runs: 1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Begin(0, 2)
	note := func(text string) *Snapshot { return &Snapshot{List: [][]byte{{1}}, Notes: []string{text}} }
	bytes, err := s.Save(s.NextID(), false, false, map[string][]*Snapshot{"source": {note("partition 1: 5"), note("partition 0: 7")}})
	if err != nil || bytes != 8 {
		t.Fatalf("%d bytes, %v", bytes, err)
	}
	path := filepath.Join(dir, "chk-1", manifestName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"job": "clicks"`, `"fingerprint": "f"`, `"parallelism": 2`,
		"\"source\": [\n      \"partition 0: 7\",\n      \"partition 1: 5\"\n    ]"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the manifest lacks %s:\n%s", want, text)
		}
	}

	// A later pyfc's checkpoint is not a damaged one, to be passed over.
	newer := strings.Replace(string(text), fmt.Sprintf(`"format": %d`, formatVersion), fmt.Sprintf(`"format": %d`, formatVersion+1), 1)
	if err := os.WriteFile(path, []byte(newer), 0o644); err != nil {
		t.Fatal(err)
	}
	var format *FormatError
	if _, err := s.Latest(); !errors.As(err, &format) || format.Format != formatVersion+1 {
		t.Errorf("err = %v", err)
	}
}
