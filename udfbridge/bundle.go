package udfbridge

import (
	"embed"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"

	"pyfc/udfbridge/python"
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

// Names is a source that sets names of a module to texts, before the module's
// own source runs.
func Names(module string, values map[string]string) Source {
	var b strings.Builder
	for _, name := range sortedKeys(values) {
		// Go's escapes in ASCII are Python's, too.
		b.WriteString(name + " = " + strconv.QuoteToASCII(values[name]) + "\n")
	}
	return Source{Module: module, File: "<inputs>", Text: b.String()}
}

// Workers returns the pool of workers for a job's configuration.
func Workers(config map[string]string, requirements string, log *slog.Logger) (*Pool, error) {
	cfg, err := python.ParseConfig(config)
	if err != nil {
		return nil, err
	}
	return NewPool(cfg, requirements, log), nil
}
