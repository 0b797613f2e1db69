// Package conf declares the configuration keys that the runtime reads itself, and
// how their values are read. The compiler checks by it what a script sets.
package conf

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/val"
)

// The keys. Those of pyfc have no counterpart in Flink.
const (
	Parallelism = "parallelism.default"
	Interval    = "execution.checkpointing.interval"
	Zone        = "table.local-time-zone"
	BatchSize   = "pyfc.batch-size" // rows in a full batch
	Memory      = "pyfc.memory"     // what batch operators may keep in memory
)

// Settings are the values of these keys.
type Settings struct {
	Parallelism int
	Interval    time.Duration
	Zone        *time.Location
	BatchSize   int
	Memory      int64 // bytes
}

var keys = map[string]func(s *Settings, value string) error{
	Parallelism: func(s *Settings, v string) (err error) { s.Parallelism, err = ParseParallelism(v); return err },
	Interval:    func(s *Settings, v string) (err error) { s.Interval, err = conn.ParseDuration(v); return err },
	Zone:        func(s *Settings, v string) (err error) { s.Zone, err = val.LoadZone(v); return err },
	BatchSize:   func(s *Settings, v string) (err error) { s.BatchSize, err = parsePositive(v); return err },
	Memory:      func(s *Settings, v string) (err error) { s.Memory, err = ParseMemory(v); return err },
}

// Read takes from a configuration what it has of the settings. Each fault names
// its key.
func (s *Settings) Read(config map[string]string) (faults []error) {
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if v, ok := config[key]; ok {
			if err := keys[key](s, v); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", key, err))
			}
		}
	}
	return faults
}

// Check says what is wrong with a value, if the runtime reads its key.
func Check(key, value string) error {
	if set, ok := keys[key]; ok {
		return set(new(Settings), value)
	}
	return nil
}

// ParseMemory reads a size of 1 byte at least.
func ParseMemory(v string) (int64, error) {
	n, err := conn.ParseMemorySize(v)
	if err == nil && n < 1 {
		err = fmt.Errorf("%s is no memory at all", v)
	}
	return int64(n), err
}

// ParseParallelism reads a number of subtasks.
func ParseParallelism(v string) (int, error) {
	n, err := parsePositive(v)
	if err == nil && n > state.KeyGroups {
		err = fmt.Errorf("%d is more than the %d key groups", n, state.KeyGroups)
	}
	return n, err
}

func parsePositive(v string) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a positive number", v)
	}
	return n, nil
}
