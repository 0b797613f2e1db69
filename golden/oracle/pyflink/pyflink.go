// Package pyflink installs the real PyFlink, which goldens are recorded from
// and benchmarks are measured against.
package pyflink

import (
	"os"

	"pyfc/golden/oracle/venv"
)

// Version is the release that pyfc follows.
const Version = "1.20.1"

// Python makes a virtual environment with PyFlink once, in pyfc's cache, and
// returns its interpreter. PYFC_ORACLE_PYTHON names one that is there already.
func Python() (string, error) {
	if python := os.Getenv("PYFC_ORACLE_PYTHON"); python != "" {
		return python, nil
	}
	return venv.Python("oracle", "apache-flink", Version)
}
