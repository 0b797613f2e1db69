package spill

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRecordsComeBackInOrder(t *testing.T) {
	dir := t.TempDir()
	m := New(1000, dir)
	a := m.Open()
	f, err := a.Create()
	if err != nil {
		t.Fatal(err)
	}
	record := func(i int) string { return strings.Repeat(fmt.Sprint(i), i%50) }
	for i := range 5000 {
		if err := f.Append([]byte(record(i))); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		r, err := f.Reader()
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5000 {
			got, err := r.Next()
			if err != nil || string(got) != record(i) {
				t.Fatalf("record %d: %q, %v", i, got, err)
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("behind the last one: %v", err)
		}
	}
	if f.Bytes() == 0 {
		t.Error("5000 records of 0 bytes")
	}
	if err := f.Remove(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	if _, err := a.Create(); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left after Close: %v", left)
	}
}

func TestATruncatedFileIsAnError(t *testing.T) {
	m := New(1000, t.TempDir())
	defer m.Close()
	f, err := m.Open().Create()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := f.Append([]byte("abcdef")); err != nil {
			t.Fatal(err)
		}
	}
	r, err := f.Reader()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(f.f.Name(), 10); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func TestNoFolder(t *testing.T) {
	m := New(1000, filepath.Join(t.TempDir(), "missing"))
	if _, err := m.Open().Create(); err == nil || !strings.Contains(err.Error(), "doesn't fit into memory") {
		t.Error(err)
	}
	var none *Memory
	if _, err := none.Open().Create(); err == nil {
		t.Error("a file without a budget")
	}
}

func TestBudget(t *testing.T) {
	m := New(100, t.TempDir())
	a, b := m.Open(), m.Open()
	if !a.Grow(90) || a.Grow(20) {
		t.Error("a takes what is there, and no more")
	}
	if !b.Grow(25) || b.Grow(1) {
		t.Error("b has its share of a quarter, whatever a has")
	}
	a.Shrink(60)
	if !b.Grow(40) || b.used-b.free != 65 {
		t.Errorf("b gets what a gave back: %d", b.used-b.free)
	}
	var exhausted *ExhaustedError
	if err := a.Must(80); !errors.As(err, &exhausted) || exhausted.Need != 110 || !strings.Contains(err.Error(), "--memory") {
		t.Errorf("more than the budget: %v", err)
	}
	if err := a.Must(70); err != nil {
		t.Errorf("what can't be spilled: %v", err)
	}
	b.Close()
	a.Close()
	if m.used != 0 || m.accounts != 0 {
		t.Errorf("%d bytes, %d accounts", m.used, m.accounts)
	}
	var none *Memory
	c := none.Open()
	if !c.Grow(1<<60) || c.Must(1<<60) != nil {
		t.Error("no budget has a limit")
	}
	c.Close()
}

func TestSizes(t *testing.T) {
	for n, want := range map[int64]string{0: "0b", 1500: "1500b", 2048: "2kb", 64 << 20: "64mb", 3 << 30: "3gb"} {
		if got := Size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
