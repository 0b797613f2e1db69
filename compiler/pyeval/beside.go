package pyeval

import (
	"path/filepath"
	"strings"

	"pyfc/compiler/pyast"
)

// change notes the paths that a call changes which CPython makes beside the job
// (Options.Beside): what is there then, only the run knows.
func (t *Thread) change(args []Arg) {
	for _, a := range args {
		switch a.Value.(type) {
		case *Sym, *Opaque, Bool:
			continue
		}
		if p, err := t.Path(a.Value); err == nil && p != "" {
			t.in.changed = append(t.in.changed, t.absolute(p))
		}
	}
}

// Change notes that the job that the script has submitted writes at a path: what
// is there then, only the run knows.
func (t *Thread) Change(path string) { t.in.changed = append(t.in.changed, t.absolute(path)) }

// absolute is a path of the script from the root of the file system.
func (t *Thread) absolute(path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.in.root, path)
	}
	return filepath.Clean(path)
}

// changedAt is a late value if what is at a path has been changed beside the job,
// by a change of the path itself, of one above it or of one below it; else nil.
func (t *Thread) changedAt(path, origin string, where pyast.Span) Value {
	abs := t.absolute(path)
	for _, c := range t.in.changed {
		if c == abs || strings.HasPrefix(abs, c+"/") || strings.HasPrefix(c, abs+"/") {
			late := NewLate(origin, where)
			if !t.in.opts.Beside && !t.leaveUnknown(late, "reading what the job writes at "+path) {
				return nil
			}
			return late
		}
	}
	return nil
}

// looksAtChanged reports whether what is at a path has been changed beside the
// job or by it. What the function that asks gives is late then.
func (t *Thread) looksAtChanged(path string) bool {
	late, ok := t.changedAt(path, "what is at "+path, t.Where()).(*Opaque)
	if ok {
		t.sawLate(late)
	}
	return ok
}

// leavesToRun reports whether it is left to CPython beside the job what is at a
// path outside the script's folder. What the function that asks gives is late
// then.
func (t *Thread) leavesToRun(path string) bool {
	late := NewLate("what is at "+path, t.Where())
	if !t.in.opts.Beside && !t.leaveUnknown(late, "looking for "+path+", which is to be removed") {
		return false
	}
	t.Change(path)
	t.sawLate(late)
	return true
}
