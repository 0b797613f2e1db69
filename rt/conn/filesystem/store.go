package filesystem

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"
)

// Store is a file system. Its paths have no scheme.
type Store interface {
	// List returns a file, or the visible files below a folder, in order; the error
	// of what isn't there is fs.ErrNotExist.
	List(path string) ([]Entry, error)
	// Folders returns the names of the folders in a folder.
	Folders(path string) ([]string, error)
	// Open opens a file for reading.
	Open(path string) (Input, error)
	// Name is a path as metadata columns have it.
	Name(path string) string
	// Prepare makes the folder of a sink, if need be, and fails where nothing can be
	// written; probe is the name of a file that nobody else uses.
	Prepare(folder, probe string) error
	// Create begins a file that nobody sees before it is published.
	Create(folder, name string) (Output, error)
	// Publish makes a file known that has been closed; what is known already stays
	// so. Settle makes that durable for a folder.
	Publish(from, to string) error
	Settle(folder string) error
	// Cut takes back what was written to a file behind size bytes.
	Cut(from, to string, size int64) error
	// Discard drops a file that isn't published.
	Discard(from, to string) error
	// Mark writes an empty file, and Remove removes a file, if it is there.
	Mark(path string) error
	Remove(path string) error
	// Resumes says that a file which is being written can be cut, and then published.
	Resumes() bool
}

// Entry describes a file.
type Entry struct {
	Path     string
	Size     int64 // bytes
	Modified time.Time
}

// Input is a file that is read.
type Input interface {
	io.ReadSeekCloser
	io.ReaderAt
	Entry() Entry
}

// Output is a file that is written. From is what names it until it is published
// as To; it may change with Close.
type Output interface {
	io.WriteCloser
	Sync() error
	From() string
	To() string
}

// stores are the remote file systems that are linked into the binary, by scheme.
var stores = map[string]func(scheme string, settings map[string]string) (Store, error){}

// Register adds a file system; the packages below do when they are imported.
func Register(scheme string, open func(scheme string, settings map[string]string) (Store, error)) {
	stores[scheme] = open
}

// local is the machine's own file system.
type local struct{}

// List implements Store.
func (local) List(path string) ([]Entry, error) {
	var files []Entry
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		hidden := p != path && Hidden(filepath.Base(p))
		switch {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return filepath.SkipDir
		case hidden || d.IsDir():
			return nil
		}
		info, err := os.Stat(p)
		if err != nil {
			return err
		}
		files = append(files, Entry{p, info.Size(), info.ModTime()})
		return nil
	})
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	return files, err
}

// Hidden reports whether readers pass over what has a name.
func Hidden(name string) bool { return name != "" && strings.IndexByte("._", name[0]) >= 0 }

// Folders implements Store.
func (local) Folders(path string) ([]string, error) {
	entries, err := os.ReadDir(path)
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

type localInput struct{ *os.File }

// Open implements Store.
func (local) Open(path string) (Input, error) {
	f, err := os.Open(path)
	return localInput{f}, err
}

// Entry implements Input.
func (f localInput) Entry() Entry {
	info, err := f.Stat()
	if err != nil {
		return Entry{Path: f.Name()}
	}
	return Entry{f.Name(), info.Size(), info.ModTime()}
}

// Name implements Store.
func (local) Name(path string) string { return path }

// Prepare implements Store.
func (local) Prepare(folder, probe string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	path := filepath.Join(folder, probe)
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		return err
	}
	return os.Remove(path)
}

// localOutput has a name that begins with a dot until it is published.
type localOutput struct {
	*os.File
	to string
}

// Create implements Store.
func (local) Create(folder, name string) (Output, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(folder, "."+name+".inprogress"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	return &localOutput{f, filepath.Join(folder, name)}, err
}

func (o *localOutput) From() string { return o.Name() }
func (o *localOutput) To() string   { return o.to }

// Publish implements Store.
func (local) Publish(from, to string) error {
	err := os.Rename(from, to)
	if errors.Is(err, fs.ErrNotExist) {
		if _, e := os.Stat(to); e == nil {
			return nil
		}
	}
	return err
}

// Settle implements Store.
func (local) Settle(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Cut implements Store.
func (local) Cut(from, to string, size int64) error {
	err := os.Truncate(from, size)
	if _, e := os.Stat(to); e == nil && errors.Is(err, fs.ErrNotExist) {
		return nil // an earlier restart has published it
	}
	return err
}

// Discard implements Store.
func (local) Discard(from, _ string) error { return os.Remove(from) }

// Mark implements Store.
func (local) Mark(path string) error { return os.WriteFile(path, nil, 0o666) }

// Remove implements Store.
func (local) Remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Resumes implements Store.
func (local) Resumes() bool { return true }

// s3Schemes are the schemes of the file systems in package s3.
var s3Schemes = []string{"s3", "s3a", "s3n"}

// schemeOf is the scheme of a path in package s3, empty for another path.
func schemeOf(path string) string {
	scheme, _, ok := strings.Cut(path, "://")
	if scheme = strings.ToLower(scheme); ok && slices.Contains(s3Schemes, scheme) {
		return scheme
	}
	return ""
}

// place finds the store of a path, and the path in it.
func place(text string, settings map[string]string) (Store, string, error) {
	scheme := schemeOf(text)
	if scheme == "" {
		p, err := localPath(text)
		return local{}, p, err
	}
	open := stores[scheme]
	if open == nil {
		return nil, "", fmt.Errorf("path %s: this binary was built for local files; build it with a path of %s", text, scheme)
	}
	s, err := open(scheme, settings)
	_, rest, _ := strings.Cut(text, "://")
	return s, path.Clean(rest), err
}
