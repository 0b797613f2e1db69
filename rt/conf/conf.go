// Package conf declares the configuration keys that the runtime reads itself, and
// how their values are read. The compiler checks by it what a script sets.
package conf

import (
	"fmt"
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

// Key is a configuration key that the runtime reads.
type Key struct {
	Name, Type, Default, Doc string
	set                      func(s *Settings, value string) error
}

// Keys are all of them.
var Keys = []Key{
	{Parallelism, "Integer", "the processors", "Subtasks of each operator.",
		func(s *Settings, v string) (err error) { s.Parallelism, err = ParseParallelism(v); return err }},
	{Interval, "Duration", "10 s", "Time between checkpoints of a streaming job; with 0 there is the final one alone.",
		func(s *Settings, v string) (err error) { s.Interval, err = conn.ParseDuration(v); return err }},
	{Zone, "String", "default", "Time zone of the session, fixed by the build; default stands for the machine's.",
		func(s *Settings, v string) (err error) { s.Zone, err = val.LoadZone(v); return err }},
	{BatchSize, "Integer", "", "Rows in a full batch.",
		func(s *Settings, v string) (err error) { s.BatchSize, err = parsePositive(v); return err }},
	{Memory, "MemorySize", "a quarter of the machine's", "What a batch job keeps in memory before it uses files.",
		func(s *Settings, v string) (err error) { s.Memory, err = ParseMemory(v); return err }},
}

// Read takes from a configuration what it has of the settings. Each fault names
// its key.
func (s *Settings) Read(config map[string]string) (faults []error) {
	for _, k := range Keys {
		if v, ok := config[k.Name]; ok {
			if err := k.set(s, v); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", k.Name, err))
			}
		}
	}
	return faults
}

// Check says what is wrong with a value, if the runtime reads its key.
func Check(key, value string) error {
	for _, k := range Keys {
		if k.Name == key {
			return k.set(new(Settings), value)
		}
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
