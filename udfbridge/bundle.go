package udfbridge

import (
	"embed"
	"io/fs"
	"log/slog"
	"strings"
)

// Files reads the embedded files below dir, by their path therein. It is for
// Code.Files of generated code, whose files are there.
func Files(bundle embed.FS, dir string) map[string]string {
	files := map[string]string{}
	err := fs.WalkDir(bundle, dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := bundle.ReadFile(path)
		files[strings.TrimPrefix(path, dir+"/")] = string(data)
		return err
	})
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return files
}

// Workers returns the pool of workers for a job's configuration.
func Workers(config map[string]string, requirements string, log *slog.Logger) (*Pool, error) {
	cfg, err := ParseConfig(config)
	if err != nil {
		return nil, err
	}
	return NewPool(cfg, requirements, log), nil
}
