package job

import (
	"os"
	"strconv"
	"strings"
)

// assumedMemory is the machine's memory where the system doesn't tell.
const assumedMemory = 4 << 30

// machineMemory is the memory that the process may use, in bytes: the machine's,
// or the limit of its container.
func machineMemory() int64 {
	total := int64(assumedMemory)
	if data, err := os.ReadFile("/proc/meminfo"); err == nil {
		if n, ok := memTotal(string(data)); ok {
			total = n
		}
	}
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if data, err := os.ReadFile(path); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64); err == nil { // else "max"
				total = min(total, n)
			}
		}
	}
	return total
}

// memTotal reads the line MemTotal of /proc/meminfo.
func memTotal(text string) (int64, bool) {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return n << 10, err == nil
		}
	}
	return 0, false
}
