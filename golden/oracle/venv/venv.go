// Package venv installs Python packages that goldens are compared with.
package venv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"pyfc/rt/cachedir"
)

// Python makes a virtual environment with a package of a version once, in
// pyfc's cache, and returns its interpreter. The error is pip's where the
// package can't be had.
func Python(folder, name, version string) (string, error) {
	root, err := cachedir.Make(folder, version)
	if err != nil {
		return "", err
	}
	python := filepath.Join(root, "venv", "bin", "python")
	done := filepath.Join(root, "complete")
	if _, err := os.Stat(done); err == nil {
		return python, nil
	}
	requirement := name + "==" + version
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
