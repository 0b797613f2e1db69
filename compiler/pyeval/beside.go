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

func (t *Thread) absolute(path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.in.root, path)
	}
	return filepath.Clean(path)
}

// Changed is a late value if what is at a path has been changed beside the job,
// by a change of the path itself, of one above it or of one below it; else nil.
func (t *Thread) Changed(path, origin string, where pyast.Span) Value {
	path = t.absolute(path)
	for _, c := range t.in.changed {
		if c == path || strings.HasPrefix(path, c+"/") || strings.HasPrefix(c, path+"/") {
			return NewLate(origin, where)
		}
	}
	return nil
}
