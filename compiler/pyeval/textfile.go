package pyeval

import "strings"

// textFile is an open file: one of the script, one below a temporary folder,
// or one in memory (io.StringIO, io.BytesIO).
type textFile struct {
	name, mode string
	data       string
	pos        int
	binary     bool
	closed     bool
	writable   bool
	unreadable bool
	appends    bool
	path       string // of a temporary file, which is written through
}

var (
	fileClass     = NewClass("_io", "TextIOWrapper")
	stringIOClass = NewClass("_io", "StringIO", fileClass)
	bytesIOClass  = NewClass("_io", "BytesIO", fileClass)
)

// unsupported is io.UnsupportedOperation.
var unsupported = NewClass("io", "UnsupportedOperation", OSError, ValueError)

// IOClasses are the classes that module io offers.
func IOClasses() []*Class { return []*Class{stringIOClass, bytesIOClass, fileClass, unsupported} }

func init() {
	stringIOClass.Static("__new__(cls, initial_value: str|None='', newline=None)", func(c *Call) (Value, error) {
		class, _ := c.Arg("cls").(*Class)
		return class.Make(&textFile{data: c.Str("initial_value"), writable: true}), nil
	})
	bytesIOClass.Static("__new__(cls, initial_bytes=...)", func(c *Call) (Value, error) {
		class, _ := c.Arg("cls").(*Class)
		f := &textFile{binary: true, writable: true}
		if v, ok := plain(c.Arg("initial_bytes")).(Bytes); ok {
			f.data = string(v)
		}
		return class.Make(f), nil
	})
	builtins.Def("open(file, mode: str='r', buffering: int=-1, encoding: str|None=None, errors: str|None=None, newline=None, closefd=True, opener=None)", builtinOpen)
	defFileReading()
	defFileWriting()
	defFileState()
}

// fileMethod defines a method that needs an open file.
func fileMethod(signature string, f func(c *Call, f *textFile) (Value, error)) {
	fileClass.Def(signature, func(c *Call) (Value, error) {
		file, ok := Data[*textFile](c.Self())
		if !ok || file.closed {
			if ok && file.name == "" { // in memory
				return nil, Errorf(ValueError, "I/O operation on closed file")
			}
			return nil, Errorf(ValueError, "I/O operation on closed file.")
		}
		return f(c, file)
	})
}

func defFileReading() {
	reading := func(signature string, f func(c *Call, f *textFile) (Value, error)) {
		fileMethod(signature, func(c *Call, file *textFile) (Value, error) {
			if file.unreadable {
				return nil, Errorf(unsupported, "not readable")
			}
			return f(c, file)
		})
	}
	reading("read(self, size: int|None=-1, /)", func(c *Call, f *textFile) (Value, error) {
		rest := f.data[min(f.pos, len(f.data)):]
		n := len(rest)
		if k := c.Int("size"); c.Arg("size") != None && k >= 0 {
			n = int(min(k, int64(n)))
			if !f.binary {
				n = NewStr(rest).byteOffset(n)
			}
		}
		return f.take(n), nil
	})
	reading("readline(self, size: int=-1, /)", func(c *Call, f *textFile) (Value, error) {
		at := f.pos
		v := f.line()
		if k := c.Int("size"); k >= 0 && int64(builtinLen(v)) > k {
			f.pos = at
			return f.take(NewStr(f.data[at:]).byteOffset(int(k))), nil
		}
		return v, nil
	})
	reading("readlines(self, hint: int|None=-1, /)", func(c *Call, f *textFile) (Value, error) {
		elems, err := c.Thread.Iterate(f.lines())
		return NewList(elems...), err
	})
	reading("__iter__(self)", func(c *Call, f *textFile) (Value, error) { return c.Self(), nil })
	reading("__next__(self)", func(_ *Call, f *textFile) (Value, error) {
		if f.pos >= len(f.data) {
			return nil, raise(StopIteration)
		}
		return f.line(), nil
	})
}

func defFileWriting() {
	fileMethod("write(self, text, /)", func(c *Call, f *textFile) (Value, error) { return f.write(c.Thread, c.Arg("text")) })
	fileMethod("writelines(self, lines, /)", func(c *Call, f *textFile) (Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("lines"))
		for i := 0; err == nil && i < len(elems); i++ {
			_, err = f.write(c.Thread, elems[i])
		}
		return None, err
	})
	fileMethod("truncate(self, size: int|None=None, /)", func(c *Call, f *textFile) (Value, error) {
		n := f.pos
		if c.Arg("size") != None {
			n = int(min(max(c.Int("size"), 0), int64(len(f.data))))
		}
		f.data = f.data[:min(n, len(f.data))]
		return NewInt(int64(n)), f.save(c.Thread)
	})
	contents := func(c *Call) (Value, error) {
		f, ok := Data[*textFile](c.Self())
		if !ok || f.closed {
			return nil, Errorf(ValueError, "I/O operation on closed file")
		}
		if f.binary {
			return Bytes(f.data), nil
		}
		return NewStr(f.data), nil
	}
	stringIOClass.Def("getvalue(self)", contents)
	bytesIOClass.Def("getvalue(self)", contents)
	bytesIOClass.Def("getbuffer(self)", contents)
}

// write puts text at the position.
func (f *textFile) write(t *Thread, v Value) (Value, error) {
	if !f.writable {
		return nil, Errorf(unsupported, "not writable")
	}
	var s string
	switch x := plain(v).(type) {
	case *Str:
		if f.binary {
			return nil, Errorf(TypeError, "a bytes-like object is required, not 'str'")
		}
		s = x.s
	case Bytes:
		if !f.binary {
			return nil, Errorf(TypeError, "string argument expected, got 'bytes'")
		}
		s = string(x)
	case *Sym:
		return nil, x.Needs("write()")
	case *Opaque:
		return nil, x.Refuse("is written")
	default:
		if f.binary {
			return nil, Errorf(TypeError, "a bytes-like object is required, not '%s'", v.Class().name)
		}
		if f.path != "" {
			return nil, Errorf(TypeError, "write() argument must be str, not %s", v.Class().name)
		}
		return nil, Errorf(TypeError, "string argument expected, got '%s'", v.Class().name)
	}
	if f.appends || f.pos > len(f.data) {
		f.pos = len(f.data)
	}
	if f.pos == len(f.data) {
		f.data += s
	} else {
		f.data = f.data[:f.pos] + s + f.data[min(len(f.data), f.pos+len(s)):]
	}
	f.pos += len(s)
	if err := t.alloc(len(s)); err != nil {
		return nil, err
	}
	if f.binary {
		return NewInt(int64(len(s))), f.save(t)
	}
	return NewInt(int64(NewStr(s).Len())), f.save(t)
}

// save writes a temporary file through.
func (f *textFile) save(t *Thread) error {
	if f.path == "" {
		return nil
	}
	return t.in.scratch.write(f.path, f.data)
}

func defFileState() {
	fileMethod("seek(self, offset: int, whence: int=0, /)", func(c *Call, f *textFile) (Value, error) {
		base := [...]int64{0, int64(f.pos), int64(len(f.data))}
		w := c.Int("whence")
		if w < 0 || w > 2 {
			return nil, Errorf(ValueError, "invalid whence (%d, should be 0, 1 or 2)", w)
		}
		f.pos = int(max(base[w]+c.Int("offset"), 0))
		return NewInt(int64(f.pos)), nil
	})
	fileMethod("tell(self)", func(_ *Call, f *textFile) (Value, error) { return NewInt(int64(f.pos)), nil })
	fileMethod("flush(self)", func(*Call, *textFile) (Value, error) { return None, nil })
	fileMethod("isatty(self)", func(*Call, *textFile) (Value, error) { return False, nil })
	fileMethod("seekable(self)", func(*Call, *textFile) (Value, error) { return True, nil })
	fileMethod("readable(self)", func(_ *Call, f *textFile) (Value, error) { return Bool(!f.unreadable), nil })
	fileMethod("writable(self)", func(_ *Call, f *textFile) (Value, error) { return Bool(f.writable), nil })
	fileMethod("__enter__(self)", func(c *Call, _ *textFile) (Value, error) { return c.Self(), nil })
	for _, sig := range []string{"close(self)", "__exit__(self, *exc)"} {
		fileClass.Def(sig, func(c *Call) (Value, error) {
			if f, ok := Data[*textFile](c.Self()); ok {
				f.closed = true
			}
			return None, nil
		})
	}
	get := func(name string, of func(f *textFile) Value) {
		fileClass.Getter(name, func(c *Call) (Value, error) {
			f, ok := Data[*textFile](c.Self())
			if !ok {
				return nil, Errorf(AttributeError, "'TextIOWrapper' object has no attribute '%s'", name)
			}
			return of(f), nil
		})
	}
	get("name", func(f *textFile) Value { return NewStr(f.name) })
	get("mode", func(f *textFile) Value { return NewStr(f.mode) })
	get("closed", func(f *textFile) Value { return Bool(f.closed) })
	get("encoding", func(*textFile) Value { return NewStr("UTF-8") })
}

// checkMode refuses what CPython's open takes for no mode.
func checkMode(c *Call, mode string) error {
	for i, r := range mode {
		if !strings.ContainsRune("rwaxbt+", r) || strings.ContainsRune(mode[i+1:], r) {
			return Errorf(ValueError, "invalid mode: '%s'", mode)
		}
	}
	kinds := 0
	for _, kind := range "rwax" {
		kinds += strings.Count(mode, string(kind))
	}
	binary := strings.Contains(mode, "b")
	switch {
	case binary && strings.Contains(mode, "t"):
		return Errorf(ValueError, "can't have text and binary mode at once")
	case kinds == 0:
		return Errorf(ValueError, "Must have exactly one of create/read/write/append mode and at most one plus")
	case kinds > 1:
		return Errorf(ValueError, "must have exactly one of create/read/write/append mode")
	case binary && c.Arg("encoding") != None:
		return Errorf(ValueError, "binary mode doesn't take an encoding argument")
	}
	return nil
}

func builtinOpen(c *Call) (Value, error) {
	t, mode := c.Thread, c.Str("mode")
	kind := strings.Trim(mode, "bt+")
	if err := checkMode(c, mode); err != nil {
		return nil, err
	}
	path, err := t.Path(c.Arg("file"))
	if err != nil {
		return nil, locate(err, c.Where("file"))
	}
	if late := t.changedAt(path, "open(…)", c.Span); late != nil {
		return late, nil
	}
	f := &textFile{name: path, mode: mode, binary: strings.Contains(mode, "b")}
	if f.writable = kind != "r" || strings.Contains(mode, "+"); f.writable {
		if !t.Scratch(path) {
			return NewLate("open(…)", c.Span), t.Effect("write", "open", []Arg{{Value: c.Arg("file")}}, c.Span)
		}
		f.path, f.appends, f.unreadable = path, kind == "a", !strings.Contains(mode, "+")
		if kind == "r" {
			f.unreadable = false
		}
	}
	if err := f.load(c, kind, path); err != nil {
		return nil, err
	}
	return fileClass.Make(f), nil
}

// load reads what the file holds when it is opened.
func (f *textFile) load(c *Call, kind, path string) error {
	t := c.Thread
	if kind == "w" {
		return f.save(t)
	}
	data, err := t.ReadFile(path, c.Span)
	switch {
	case kind == "x" && err == nil:
		return osError("FileExistsError", 17, "File exists", path)
	case kind != "r" && err != nil:
		return f.save(t)
	case err != nil:
		return err
	}
	if f.binary {
		f.data = data
	} else {
		text, err := decode(data, c.Str("encoding"), c.Str("errors"))
		if err != nil {
			return err
		}
		f.data = text.(*Str).s
		if s, ok := c.Arg("newline").(*Str); !ok || s.s != "" {
			f.data = strings.ReplaceAll(strings.ReplaceAll(f.data, "\r\n", "\n"), "\r", "\n")
		}
	}
	if kind == "a" {
		f.pos = len(f.data)
	}
	return nil
}

// take reads the next n bytes of the text.
func (f *textFile) take(n int) Value {
	at := min(f.pos, len(f.data))
	s := f.data[at : at+n]
	f.pos = at + n
	if f.binary {
		return Bytes(s)
	}
	return NewStr(s)
}

// line reads to the end of the line, which it includes.
func (f *textFile) line() Value {
	rest := f.data[min(f.pos, len(f.data)):]
	n := strings.IndexByte(rest, '\n') + 1
	if n == 0 {
		n = len(rest)
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
