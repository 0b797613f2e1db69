package image

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// triples name the folders of a platform's libraries.
var triples = map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}

// loaded are libraries that the C library opens by name.
var loaded = []string{"libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"}

// libraryFiles are the shared libraries that the programs and libraries of the
// layers need and don't bring: those of this machine, with its loader.
func libraryFiles(p Platform, layers []*files) (*files, error) {
	if !hostIs(p) {
		return nil, fmt.Errorf("this machine hasn't the C libraries of %s, which Python needs; give a base that has Python: --base FILE", p)
	}
	l := &linker{folders: []string{"/lib/" + triples[p.Arch], "/usr/lib/" + triples[p.Arch], "/lib64", "/usr/lib64", "/lib", "/usr/lib"}, have: map[string]bool{}, out: newFiles()}
	for _, f := range layers {
		for name := range f.entries {
			l.have[path.Base(name)] = true
		}
	}
	for _, f := range layers {
		for name, e := range f.entries {
			if err := l.entry(e); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	for _, name := range loaded {
		if err := l.library(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return l.out, nil
}

// linker finds libraries as the loader does.
type linker struct {
	folders []string
	have    map[string]bool // by file name
	out     *files
}

var magic = []byte("\x7fELF")

func (l *linker) entry(e entry) error {
	switch {
	case e.link != "" || e.mode.IsDir():
		return nil
	case e.source == "":
		if !bytes.HasPrefix(e.data, magic) {
			return nil
		}
		return l.needs(bytes.NewReader(e.data))
	}
	f, err := os.Open(e.source)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(f, head); err != nil || !bytes.Equal(head, magic) {
		return nil // too short for one, or something else
	}
	return l.needs(f)
}

// needs adds what an ELF file refers to.
func (l *linker) needs(r io.ReaderAt) error {
	f, err := elf.NewFile(r)
	if err != nil {
		return err
	}
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP {
			continue
		}
		name, err := io.ReadAll(p.Open())
		if err != nil {
			return err
		}
		if err := l.add(string(bytes.TrimRight(name, "\x00"))); err != nil {
			return err
		}
	}
	names, err := f.ImportedLibraries()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := l.library(path.Base(name)); err != nil { // $ORIGIN/… is in the layers
			return err
		}
	}
	return nil
}

// library adds one by its name, unless it is there.
func (l *linker) library(name string) error {
	if l.have[name] {
		return nil
	}
	for _, dir := range l.folders {
		if _, err := os.Stat(path.Join(dir, name)); err == nil {
			return l.add(path.Join(dir, name))
		}
	}
	return fmt.Errorf("this machine has no %s: %w", name, os.ErrNotExist)
}

// add adds a file of this machine and what it needs.
func (l *linker) add(name string) error {
	if l.have[path.Base(name)] {
		return nil
	}
	l.have[path.Base(name)] = true
	file, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	l.out.file(name, 0o755, file)
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return l.needs(f)
}
