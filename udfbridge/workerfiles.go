package udfbridge

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"pyfc/rt/cachedir"
)

//go:embed all:worker
var workerFiles embed.FS

// WriteWorker writes the Python worker into a folder, for an image or a host
// where it runs as: python FOLDER --listen HOST:PORT.
func WriteWorker(folder string) error {
	return walkWorker(func(path string, content []byte) error {
		name := filepath.Join(folder, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		return os.WriteFile(name, content, 0o644)
	})
}

// walkWorker visits the worker's files in order. Compiled files, which Python
// leaves in a checkout, are not the worker's.
func walkWorker(visit func(path string, content []byte) error) error {
	return fs.WalkDir(workerFiles, "worker", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "__pycache__") {
			return err
		}
		content, err := workerFiles.ReadFile(path)
		if err != nil {
			return err
		}
		return visit(strings.TrimPrefix(path, "worker/"), content)
	})
}

// workerHash identifies the worker's files.
var workerHash = sync.OnceValue(func() string {
	h := sha256.New()
	err := walkWorker(func(path string, content []byte) error {
		fmt.Fprintf(h, "%s %d\n", path, len(content))
		h.Write(content)
		return nil
	})
	if err != nil {
		panic("udfbridge: embedded worker: " + err.Error())
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
})

// InstallWorker returns a folder with this binary's worker and driver. It is kept in the
// cache, so that Python compiles the worker only once.
func InstallWorker() (string, error) {
	cache, err := cachedir.Make("worker")
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, workerHash())
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	temp, err := os.MkdirTemp(cache, "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	if err := WriteWorker(temp); err != nil {
		return "", err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return "", err
	}
	if err := os.Rename(temp, folder); err != nil {
		if _, there := os.Stat(folder); there != nil {
			return "", err
		}
	}
	return folder, nil
}
