package pyeval

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Root is the script's folder, which relative paths start from and which the
// script may read below.
func (in *Interp) Root() string { return in.root }

// Path takes a str or an object with __fspath__ as a path.
func (t *Thread) Path(v Value) (string, error) {
	switch x := plain(v).(type) {
	case *Str:
		return x.s, nil
	case *Sym:
		known, err := t.Assume(x, "a path")
		if err != nil {
			return "", err
		}
		return t.Path(known)
	case *Opaque:
		return "", x.Refuse("is used as a path")
	}
	if m := operatorMethod(v, "__fspath__"); m != nil {
		p, err := t.callMethod(m, v)
		if err != nil {
			return "", err
		}
		return t.Path(p)
	}
	return "", Errorf(TypeError, "expected str, bytes or os.PathLike object, not %s", v.Class().name)
}

// resolve maps a path of the script to one on the build machine. Outside the
// script's folder nothing is known but what --file supplies.
func (t *Thread) resolve(path string) (string, error) {
	if real, ok := t.in.opts.Files[path]; ok {
		return real, nil
	}
	abs := path
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(t.in.root, abs)
	}
	abs = filepath.Clean(abs)
	if real, ok := t.in.opts.Files[abs]; ok {
		return real, nil
	}
	if abs != t.in.root && !strings.HasPrefix(abs, t.in.root+string(filepath.Separator)) {
		return "", diag.New(diag.InputFile, diag.Pos{}, "the driver looks at %s, which lies outside its own folder", path).
			WithHint("supply it: pyfc build job.py --file %s=FILE", path).
			WithMissing("file", path)
	}
	return abs, nil
}

// Stat says what a path of the script is: a file, a folder, or neither.
func (t *Thread) Stat(path string) (file, dir bool, err error) {
	real, err := t.resolve(path)
	if err != nil {
		return false, false, err
	}
	info, err := os.Stat(real)
	if err != nil {
		return false, false, nil
	}
	return info.Mode().IsRegular(), info.IsDir(), nil
}

// List returns the names in a folder of the script.
func (t *Thread) List(path string) ([]string, error) {
	real, err := t.resolve(path)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(real)
	if err != nil {
		return nil, noFile(path)
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// ReadFile reads a file of the script and records it with its hash.
func (t *Thread) ReadFile(path string, where pyast.Span) (string, error) {
	real, err := t.resolve(path)
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(real)
	if err != nil {
		return "", noFile(path)
	}
	if err := t.alloc(len(data)); err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	read := FileRead{Path: path, Source: real, SHA256: hex.EncodeToString(sum[:]), Where: where}
	for _, f := range t.in.files {
		if f.Path == read.Path && f.SHA256 == read.SHA256 {
			return string(data), nil
		}
	}
	t.in.files = append(t.in.files, read)
	return string(data), nil
}

// noFile is the exception for a file that isn't there; uncaught, it says that
// the build needs the file.
func noFile(path string) error {
	r := raise(FileNotFoundError, NewInt(2), NewStr("No such file or directory"), NewStr(path))
	e := exceptionOf(r.Exc)
	e.code, e.missing = diag.InputFile, []diag.Missing{{Kind: "file", Name: path}}
	return r
}

// textFile is an open file of the script, or an io.StringIO.
type textFile struct {
	name   string
	data   string
	pos    int
	binary bool
	closed bool
	memory bool // a StringIO, which may be written
}

var fileClass = NewClass("_io", "TextIOWrapper")

// NewTextIO makes an in-memory text file, io.StringIO.
func NewTextIO(text string) *Instance {
	return fileClass.Make(&textFile{name: "<StringIO>", data: text, memory: true})
}

func init() {
	builtins.Def("open(file, mode: str='r', buffering: int=-1, encoding: str|None=None, errors: str|None=None, newline=None, closefd=True, opener=None)", builtinOpen)
	use := func(signature string, f func(c *Call, f *textFile) (Value, error)) {
		fileClass.Def(signature, func(c *Call) (Value, error) {
			file, ok := Data[*textFile](c.Self())
			if !ok || file.closed {
				return nil, Errorf(ValueError, "I/O operation on closed file.")
			}
			return f(c, file)
		})
	}
	use("read(self, size: int|None=-1, /)", func(c *Call, f *textFile) (Value, error) {
		n := len(f.data) - f.pos
		if k := c.Int("size"); c.Arg("size") != None && k >= 0 {
			n = NewStr(f.data[f.pos:]).byteOffset(int(min(k, int64(n))))
		}
		return f.take(n), nil
	})
	use("readline(self)", func(_ *Call, f *textFile) (Value, error) { return f.line(), nil })
	use("readlines(self)", func(c *Call, f *textFile) (Value, error) {
		elems, err := c.Thread.Iterate(f.lines())
		return NewList(elems...), err
	})
	use("__iter__(self)", func(_ *Call, f *textFile) (Value, error) { return f.lines(), nil })
	use("__next__(self)", func(_ *Call, f *textFile) (Value, error) {
		if f.pos == len(f.data) {
			return nil, raise(StopIteration)
		}
		return f.line(), nil
	})
	use("seek(self, offset: int, whence: int=0, /)", func(c *Call, f *textFile) (Value, error) {
		f.pos = int(min(max(c.Int("offset"), 0), int64(len(f.data))))
		return NewInt(int64(f.pos)), nil
	})
	use("write(self, text: str, /)", func(c *Call, f *textFile) (Value, error) {
		if !f.memory {
			return nil, Errorf(OSError, "not writable")
		}
		f.data = f.data[:f.pos] + c.Str("text") + f.data[min(len(f.data), f.pos+len(c.Str("text"))):]
		f.pos += len(c.Str("text"))
		return NewInt(int64(NewStr(c.Str("text")).Len())), c.Thread.alloc(len(c.Str("text")))
	})
	use("getvalue(self)", func(_ *Call, f *textFile) (Value, error) { return NewStr(f.data), nil })
	use("__enter__(self)", func(c *Call, _ *textFile) (Value, error) { return c.Self(), nil })
	for _, sig := range []string{"close(self)", "__exit__(self, *exc)", "flush(self)"} {
		fileClass.Def(sig, func(c *Call) (Value, error) {
			if f, ok := Data[*textFile](c.Self()); ok && c.Name != "TextIOWrapper.flush" {
				f.closed = true
			}
			return None, nil
		})
	}
	fileClass.Getter("name", func(c *Call) (Value, error) {
		f, _ := Data[*textFile](c.Self())
		return NewStr(f.name), nil
	})
	fileClass.Getter("closed", func(c *Call) (Value, error) {
		f, _ := Data[*textFile](c.Self())
		return Bool(f.closed), nil
	})
}

func builtinOpen(c *Call) (Value, error) {
	t, mode := c.Thread, c.Str("mode")
	if strings.ContainsAny(mode, "wax+") {
		return nil, refuseEffect("write", "open", c.Span)
	}
	path, err := t.Path(c.Arg("file"))
	if err != nil {
		return nil, locate(err, c.Where("file"))
	}
	data, err := t.ReadFile(path, c.Span)
	if err != nil {
		return nil, err
	}
	f := &textFile{name: path, data: data, binary: strings.Contains(mode, "b")}
	if !f.binary {
		text, err := decode(data, c.Str("encoding"), c.Str("errors"))
		if err != nil {
			return nil, err
		}
		f.data = strings.ReplaceAll(strings.ReplaceAll(text.(*Str).s, "\r\n", "\n"), "\r", "\n")
	}
	return fileClass.Make(f), nil
}

// take reads the next n bytes of the text.
func (f *textFile) take(n int) Value {
	s := f.data[f.pos : f.pos+n]
	f.pos += n
	if f.binary {
		return Bytes(s)
	}
	return NewStr(s)
}

// line reads to the end of the line, which it includes.
func (f *textFile) line() Value {
	n := strings.IndexByte(f.data[f.pos:], '\n') + 1
	if n == 0 {
		n = len(f.data) - f.pos
	}
	return f.take(n)
}

func (f *textFile) lines() *Iterator {
	return NewIterator(func() (Value, error) {
		if f.pos >= len(f.data) {
			return nil, nil
		}
		return f.line(), nil
	})
}
