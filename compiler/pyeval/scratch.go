package pyeval

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"pyfc/compiler/pyast"
)

// scratch holds what a script writes below temporary folders of its own. It
// lives in memory and as long as the build: nothing outside is changed, and a
// job cannot read it.
type scratch struct {
	files map[string]string
	dirs  map[string]bool
	roots map[string]bool // what was made as temporary, also after its removal
	made  int
}

// ScratchRoot is the folder that tempfile names as the system's.
const ScratchRoot = "/tmp"

// NewScratch makes a temporary folder, or file, and returns its path.
func (t *Thread) NewScratch(dir, prefix, suffix string, folder bool) string {
	s := &t.in.scratch
	if s.dirs == nil {
		s.files, s.dirs, s.roots = map[string]string{}, map[string]bool{}, map[string]bool{}
	}
	s.made++
	p := path.Join(dir, fmt.Sprintf("%spyfc%04d%s", prefix, s.made, suffix))
	s.roots[p] = true
	if folder {
		s.dirs[p] = true
	} else {
		s.files[p] = ""
	}
	return p
}

// Scratch reports whether a path lies in a temporary folder of the script.
func (t *Thread) Scratch(p string) bool {
	for p = path.Clean(p); p != "/" && p != "."; p = path.Dir(p) {
		if t.in.scratch.roots[p] {
			return true
		}
	}
	return false
}

// list names what is directly in a folder.
func (s *scratch) list(dir string) []string {
	var out []string
	for p := range s.files {
		if path.Dir(p) == dir {
			out = append(out, path.Base(p))
		}
	}
	for p := range s.dirs {
		if path.Dir(p) == dir && p != dir {
			out = append(out, path.Base(p))
		}
	}
	sort.Strings(out)
	return out
}

// read returns a file's contents.
func (s *scratch) read(p string) (string, error) {
	p = path.Clean(p)
	if s.dirs[p] {
		return "", osError("IsADirectoryError", 21, "Is a directory", p)
	}
	data, ok := s.files[p]
	if !ok {
		return "", noFile(p)
	}
	return data, nil
}

func osError(class string, errno int64, text string, paths ...string) error {
	k, _ := builtins.dict.GetStr(class)
	args := []Value{NewInt(errno), NewStr(text)}
	for i, p := range paths {
		if i == 1 {
			args = append(args, None)
		}
		args = append(args, NewStr(p))
	}
	return raise(k.(*Class), args...)
}

// write makes or replaces a file.
func (s *scratch) write(p, data string) error {
	p = path.Clean(p)
	if s.dirs[p] {
		return osError("IsADirectoryError", 21, "Is a directory", p)
	}
	if !s.dirs[path.Dir(p)] && !s.roots[p] {
		return noFile(p)
	}
	s.files[p] = data
	return nil
}

// scratchEffect does to temporary files what a function would do to files;
// done is false when it concerns others.
func (t *Thread) scratchEffect(what string, args []Arg, where pyast.Span) (done bool, err error) {
	var paths []string
	flags := map[string]bool{}
	var extra []Value
	for i, a := range args {
		if a.Name != "" {
			flags[a.Name] = a.Value == True
			continue
		}
		p, err := t.Path(a.Value)
		if err != nil || i > 0 && !strings.Contains("rename replace move copy", lastName(what)) && !strings.HasPrefix(lastName(what), "copy") {
			extra = append(extra, a.Value)
			continue
		}
		paths = append(paths, path.Clean(p))
	}
	if len(paths) == 0 {
		return false, nil
	}
	for _, p := range paths {
		if !t.Scratch(p) {
			return false, nil
		}
	}
	return true, t.in.scratch.apply(lastName(what), paths, extra, flags)
}

func lastName(what string) string { return what[strings.LastIndexByte(what, '.')+1:] }

func (s *scratch) apply(name string, paths []string, extra []Value, flags map[string]bool) error {
	p := paths[0]
	data, isFile := s.files[p]
	switch name {
	case "remove", "unlink":
		if s.dirs[p] {
			return osError("IsADirectoryError", 21, "Is a directory", p)
		}
		if !isFile && flags["missing_ok"] {
			return nil
		}
		if !isFile {
			return noFile(p)
		}
		delete(s.files, p)
	case "rmdir":
		if !s.dirs[p] {
			return noFile(p)
		}
		if len(s.list(p)) > 0 {
			return osError("OSError", 39, "Directory not empty", p)
		}
		delete(s.dirs, p)
	case "rmtree":
		if !s.dirs[p] && !flags["ignore_errors"] {
			return noFile(p)
		}
		s.removeTree(p)
	case "mkdir", "makedirs":
		return s.makeDir(p, flags["exist_ok"], flags["parents"] || name == "makedirs")
	case "write_text", "write_bytes":
		for _, v := range extra {
			switch v := plain(v).(type) {
			case *Str:
				return s.write(p, v.s)
			case Bytes:
				return s.write(p, string(v))
			}
		}
	case "touch":
		if !isFile {
			return s.write(p, "")
		}
	case "rename", "replace", "move":
		return s.move(paths)
	case "copy", "copy2", "copyfile", "copytree":
		if name == "copytree" {
			s.eachBelow(p, func(from string) { s.put(paths[1]+strings.TrimPrefix(from, p), from) })
			return nil
		}
		if !isFile {
			return noFile(p)
		}
		to := paths[1]
		if s.dirs[to] {
			to = path.Join(to, path.Base(p))
		}
		return s.write(to, data)
	}
	return nil
}

func (s *scratch) put(to, from string) {
	if data, ok := s.files[from]; ok {
		s.files[to] = data
	} else {
		s.dirs[to] = true
	}
}

// eachBelow calls f for a folder and all in it.
func (s *scratch) eachBelow(dir string, f func(p string)) {
	var all []string
	for p := range s.files {
		all = append(all, p)
	}
	for p := range s.dirs {
		all = append(all, p)
	}
	sort.Strings(all)
	for _, p := range all {
		if p == dir || strings.HasPrefix(p, dir+"/") {
			f(p)
		}
	}
}

func (s *scratch) removeTree(dir string) {
	s.eachBelow(dir, func(p string) {
		delete(s.files, p)
		delete(s.dirs, p)
	})
}

func (s *scratch) makeDir(p string, existOK, parents bool) error {
	_, isFile := s.files[p]
	if s.dirs[p] && existOK {
		return nil
	}
	if s.dirs[p] || isFile {
		return osError("FileExistsError", 17, "File exists", p)
	}
	if !s.dirs[path.Dir(p)] && !parents {
		return noFile(p)
	}
	for d := p; !s.dirs[d] && d != "/"; d = path.Dir(d) {
		s.dirs[d] = true
	}
	return nil
}

func (s *scratch) move(paths []string) error {
	if len(paths) < 2 {
		return Errorf(TypeError, "rename() missing required argument 'dst'")
	}
	from, to := paths[0], paths[1]
	data, isFile := s.files[from]
	switch {
	case isFile:
		if s.dirs[to] {
			to = path.Join(to, path.Base(from))
		}
		delete(s.files, from)
		return s.write(to, data)
	case s.dirs[from]:
		s.eachBelow(from, func(p string) { s.put(to+strings.TrimPrefix(p, from), p) })
		s.removeTree(from)
		return nil
	}
	return noFile(from)
}
