package replay

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
)

func open(t *testing.T, path string, index int) *Source {
	t.Helper()
	s, err := NewSource(&stream.Subtask{Index: index, Parallelism: 2}, &conn.Table{Name: "t", Options: map[string]string{Key: path}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReplay: the lines come in order, once, by the first subtask, and go on
// where a checkpoint was, whoever reads then.
func TestReplay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.txt")
	if err := os.WriteFile(path, []byte("a\n\n\"b\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, 0)
	var r conn.Records
	if err := s.Poll(t.Context(), nil, &r, 2); err != nil || len(r.Values) != 2 || string(r.Values[0]) != "a" || string(r.Values[1]) != "" {
		t.Fatalf("%q, %v", r.Values, err)
	}
	var snap state.Snapshot
	if err := s.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	again := open(t, path, 0)
	if err := again.Restore(&state.Restored{List: snap.List}); err != nil {
		t.Fatal(err)
	}
	r = conn.Records{}
	if err := again.Poll(t.Context(), nil, &r, 10); !errors.Is(err, io.EOF) || len(r.Values) != 1 || string(r.Values[0]) != `"b` {
		t.Errorf("%q, %v", r.Values, err)
	}
	other := open(t, path, 1)
	r = conn.Records{}
	if err := other.Poll(t.Context(), nil, &r, 10); !errors.Is(err, io.EOF) || len(r.Values) != 0 {
		t.Errorf("the second subtask reads %q, %v", r.Values, err)
	}
	if err := again.Restore(&state.Restored{List: [][]byte{{0x80}}}); err == nil {
		t.Error("a damaged position is taken")
	}
}

func TestNothingRecorded(t *testing.T) {
	var wrong *conn.Misconfigured
	if _, err := NewSource(&stream.Subtask{}, &conn.Table{Name: "t"}); !errors.As(err, &wrong) {
		t.Errorf("without a file: %v", err)
	}
	s, err := NewSource(&stream.Subtask{}, &conn.Table{Name: "t", Options: map[string]string{Key: "/nowhere/in.txt"}})
	if err == nil {
		err = s.Open(t.Context())
	}
	if !errors.As(err, &wrong) {
		t.Errorf("a file that isn't there: %v", err)
	}
}

// TestRecord: a record is the value of the only column; one without a value is
// NULL.
func TestRecord(t *testing.T) {
	d, err := NewDecoder(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		record []byte
		ok     bool
	}{{[]byte("x,y"), true}, {[]byte{}, true}, {nil, false}} {
		if keep, err := d.Split(c.record); !keep || err != nil {
			t.Errorf("%q: %v, %v", c.record, keep, err)
		}
		if text, ok := d.Text(0, nil); ok != c.ok || text != string(c.record) {
			t.Errorf("%q: %q, %v", c.record, text, ok)
		}
	}
}
