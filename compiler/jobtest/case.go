// Package jobtest runs the regression tests of users' jobs: a script with
// recorded inputs in place of its sources, whose sinks are compared with what
// they are expected to hold.
//
// A case is a txtar file, or a folder with the same files:
//
//	case.json           how the script is built and run; may be missing
//	in/TABLE.txt        records of a source, one a line, for the table's format
//	in/TABLE.json       rows of a source, as a JSON array of arrays
//	want/TABLE.csv      what a sink holds in the end
//	want/TABLE.changes  what a sink takes, change by change
//	want/stdout         what the script prints
//
// Anything else lies beside the script.
package jobtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

// Case is one test.
type Case struct {
	Path    string // of the txtar file or folder
	Spec    Spec
	files   map[string][]byte // by slash-separated name
	order   []string          // of the archive
	comment []byte            // before the archive's first file
	folder  bool
}

// Spec is case.json.
type Spec struct {
	// Script is the job, from where the case lies; by default job.py, in the
	// case or beside it.
	Script string            `json:"script,omitempty"`
	Args   []string          `json:"args,omitempty"` // of the script
	Env    map[string]string `json:"env,omitempty"`
	// Clock stands still at this time while the job runs; RFC 3339.
	Clock *time.Time `json:"clock,omitempty"`
}

const (
	specName = "case.json"
	inDir    = "in/"
	wantDir  = "want/"
	stdout   = wantDir + "stdout"
)

// Find returns the cases at or below a path, in order of their names: txtar
// files, and folders with a case.json.
func Find(root string) ([]*Case, error) {
	var out []*Case
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var c *Case
		switch {
		case !d.IsDir() && filepath.Ext(p) == ".txtar":
			c, err = readArchive(p)
		case d.IsDir() && exists(filepath.Join(p, specName)):
			if c, err = readFolder(p); err == nil {
				err = fs.SkipDir
			}
		}
		if c != nil {
			out = append(out, c)
		}
		return err
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("no tests at %s: a test is a .txtar file or a folder with a %s (pyfc test --help)", root, specName)
	}
	return out, err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func readArchive(p string) (*Case, error) {
	archive, err := txtar.ParseFile(p)
	if err != nil {
		return nil, err
	}
	c := &Case{Path: p, files: map[string][]byte{}, comment: archive.Comment}
	for _, f := range archive.Files {
		c.set(f.Name, f.Data)
	}
	return c, c.parse()
}

func readFolder(dir string) (*Case, error) {
	c := &Case{Path: dir, files: map[string][]byte{}, folder: true}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		c.set(filepath.ToSlash(rel), data)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, c.parse()
}

func (c *Case) parse() error {
	c.Spec.Script = "job.py"
	data, ok := c.files[specName]
	if !ok {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&c.Spec); err != nil {
		return fmt.Errorf("%s: %s: %w", c.Path, specName, err)
	}
	return nil
}

func (c *Case) set(name string, data []byte) {
	if _, ok := c.files[name]; !ok {
		c.order = append(c.order, name)
	}
	c.files[name] = data
}

// Save writes the case to where it came from.
func (c *Case) Save() error {
	if c.folder {
		for name, data := range c.files {
			if err := write(filepath.Join(c.Path, filepath.FromSlash(name)), data); err != nil {
				return err
			}
		}
		return nil
	}
	archive := &txtar.Archive{Comment: c.comment}
	for _, name := range c.order {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: c.files[name]})
	}
	return write(c.Path, txtar.Format(archive))
}

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

// unpack writes what lies beside the script, and the inputs, into dir; it
// returns the script's path. A script outside of the case stays where it is.
func (c *Case) unpack(dir string) (script string, err error) {
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		data := c.files[name]
		if name == specName || strings.HasPrefix(name, wantDir) {
			continue
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return "", fmt.Errorf("%s: the file %s would lie outside", c.Path, name)
		}
		if err := write(filepath.Join(dir, filepath.FromSlash(name)), data); err != nil {
			return "", err
		}
	}
	if _, inside := c.files[path.Clean(c.Spec.Script)]; inside {
		return filepath.Join(dir, filepath.FromSlash(c.Spec.Script)), nil
	}
	base := filepath.Dir(c.Path)
	if c.folder {
		base = c.Path
	}
	script, err = filepath.Abs(filepath.Join(base, filepath.FromSlash(c.Spec.Script)))
	if err == nil && !exists(script) {
		err = fmt.Errorf("%s: the script %s isn't there", c.Path, c.Spec.Script)
	}
	return script, err
}

// inputs are the names of the tables with an input, and their files.
func (c *Case) inputs() (map[string]string, error) {
	out := map[string]string{}
	var errs []error
	for _, name := range c.order {
		file, ok := strings.CutPrefix(name, inDir)
		if !ok {
			continue
		}
		ext := path.Ext(file)
		if ext != ".txt" && ext != ".json" {
			errs = append(errs, fmt.Errorf("%s: %s: an input is called TABLE.txt (records) or TABLE.json (rows)", c.Path, name))
			continue
		}
		table := strings.TrimSuffix(file, ext)
		if out[table] != "" {
			errs = append(errs, fmt.Errorf("%s: the table %s has two inputs", c.Path, table))
		}
		out[table] = name
	}
	return out, errors.Join(errs...)
}

// wanted are the names of the files with expectations, in order.
func (c *Case) wanted() []string {
	var out []string
	for _, name := range c.order {
		if strings.HasPrefix(name, wantDir) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
