// Package pyflink installs the real PyFlink, which goldens are recorded from
// and benchmarks are measured against.
package pyflink

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"pyfc/codegen/gobuild"
)

// Version is the release that pyfc follows.
const Version = "1.20.1"

// Python makes a virtual environment with PyFlink once, in pyfc's cache, and
// returns its interpreter. PYFC_ORACLE_PYTHON names one that is there already.
func Python() (string, error) {
	if python := os.Getenv("PYFC_ORACLE_PYTHON"); python != "" {
		return python, nil
	}
	root, err := gobuild.CacheDir("oracle", Version)
	if err != nil {
		return "", err
	}
	python := filepath.Join(root, "venv", "bin", "python")
	done := filepath.Join(root, "complete")
	if _, err := os.Stat(done); err == nil {
		return python, nil
	}
	requirement := "apache-flink==" + Version
	fmt.Fprintf(os.Stderr, "installing %s into %s\n", requirement, root)
	for _, command := range [][]string{
		{"python3", "-m", "venv", "--clear", filepath.Join(root, "venv")},
		{python, "-m", "pip", "install", "--quiet", requirement},
	} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return "", fmt.Errorf("%v: %w", command, err)
		}
	}
	return python, os.WriteFile(done, nil, 0o644)
}
