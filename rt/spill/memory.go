// Package spill lets batch operators work on more data than fits into memory.
//
// A job has one Memory, the budget of all its operators. Each operator subtask
// opens an Account and asks Grow before it keeps more; where that says no, the
// operator writes what it keeps into Files, gives the memory back with Shrink,
// and goes on with the files: rows are bytes there, in the form of the
// operator's state. Files lie in a folder of their own below the system's
// folder for temporary files, which is made with the first one and removed by
// Memory.Close, also after a failure; a file that is no longer needed is
// removed at once by File.Remove.
//
// Accounting is by estimate: the size of a row's struct, its bytes, and what an
// index adds. An operator that has nothing left to spill may go beyond the
// budget by its guaranteed share; where even one row more than that is asked
// for, Account.Must returns an ExhaustedError, which says what to do.
package spill

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// Memory is the budget of a job's operators. Its methods may be called from any
// goroutine.
type Memory struct {
	limit  int64
	parent string

	mu       sync.Mutex
	used     int64
	accounts int64
	dir      string // made with the first file
	files    int
}

// New returns a budget of limit bytes, whose files lie below parent; "" means
// the system's folder for temporary files.
func New(limit int64, parent string) *Memory { return &Memory{limit: limit, parent: parent} }

// Close removes all files.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dir == "" {
		return nil
	}
	err := os.RemoveAll(m.dir)
	m.dir = ""
	return err
}

// Account is what one operator subtask has of the budget. It belongs to one
// goroutine.
type Account struct {
	memory *Memory
	used   int64 // taken from the budget
	free   int64 // of it, not given out yet: the budget isn't asked for every row
}

// Open returns the account of one operator. A nil Memory has no limit.
func (m *Memory) Open() *Account {
	if m != nil {
		m.mu.Lock()
		m.accounts++
		m.mu.Unlock()
	}
	return &Account{memory: m}
}

// Close gives back all that the account has.
func (a *Account) Close() {
	if a.memory == nil {
		return
	}
	a.Clear()
	a.memory.mu.Lock()
	a.memory.accounts--
	a.memory.mu.Unlock()
}

// Grow asks for n bytes more. It is refused where the budget has no more of
// them and the account has its share: half of what would be left for each if all
// took the same.
func (a *Account) Grow(n int64) bool {
	m := a.memory
	if m == nil {
		return true
	}
	if a.free < n && !a.take(max(n, min(m.limit/256, 64<<10))) && !a.take(n) {
		return false
	}
	a.free -= n
	return true
}

// take takes n bytes from the budget, if they are there.
func (a *Account) take(n int64) bool {
	m := a.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.used+n > m.limit && a.used+n > m.limit/(2*m.accounts) {
		return false
	}
	m.used += n
	a.used += n
	a.free += n
	return true
}

// Must takes n bytes for what can't be spilled. It fails with an ExhaustedError
// where this alone is more than the whole budget.
func (a *Account) Must(n int64) error {
	m := a.memory
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if a.used+n > m.limit {
		return &ExhaustedError{Need: a.used + n, Limit: m.limit}
	}
	m.used += n
	a.used += n
	return nil
}

// Shrink gives n bytes back.
func (a *Account) Shrink(n int64) {
	m := a.memory
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used -= n
	a.used -= n
}

// Clear gives all back that was asked for.
func (a *Account) Clear() {
	a.Shrink(a.used)
	a.free = 0
}

// ExhaustedError says that one piece of work needs more memory than the budget
// has.
type ExhaustedError struct{ Need, Limit int64 }

func (e *ExhaustedError) Error() string {
	return fmt.Sprintf("needs %s of memory at once, which is more than the budget of %s; give the job more with --memory",
		Size(e.Need), Size(e.Limit))
}

// Size prints a number of bytes as options are written: "64mb", "1500b".
func Size(n int64) string {
	for _, u := range units {
		if n >= u.bytes && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10) + "b"
}

var units = []struct {
	name  string
	bytes int64
}{{"gb", 1 << 30}, {"mb", 1 << 20}, {"kb", 1 << 10}}

// Create makes an empty file.
func (a *Account) Create() (*File, error) {
	m := a.memory
	if m == nil {
		return nil, errors.New("no folder for files: the job has no budget of memory")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dir == "" {
		dir, err := os.MkdirTemp(m.parent, "pyfc-spill-")
		if err != nil {
			return nil, fmt.Errorf("folder for what doesn't fit into memory: %w", err)
		}
		m.dir = dir
	}
	m.files++
	f, err := os.Create(filepath.Join(m.dir, strconv.Itoa(m.files)))
	if err != nil {
		return nil, fmt.Errorf("file for what doesn't fit into memory: %w", err)
	}
	return &File{f: f}, nil
}
