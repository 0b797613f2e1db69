package stdlib

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
)

func init() {
	loaders["tempfile"] = fillTempfile
	loaders["shutil"] = fillShutil
	loaders["hashlib"] = fillHashlib
	loaders["base64"] = fillBase64
}

func fillTempfile(_ *pyeval.Thread, m *pyeval.Module) {
	m.Set("_root", pyeval.NewStr(pyeval.ScratchRoot))
	m.Def("_new(dir, prefix: str, suffix: str, folder: bool)", func(c *pyeval.Call) (pyeval.Value, error) {
		dir, err := c.Thread.Path(c.Arg("dir"))
		if err != nil {
			return nil, err
		}
		return str(c.Thread.NewScratch(dir, c.Str("prefix"), c.Str("suffix"), c.Bool("folder")))
	})
}

func fillShutil(_ *pyeval.Thread, m *pyeval.Module) {
	for name, kind := range (pyeval.Named[string]{{"rmtree", "remove"}, {"move", "write"}, {"chown", "write"}, {"make_archive", "write"}, {"unpack_archive", "write"}}).All() {
		m.Def(name+"(*args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
			err := c.Thread.Effect(kind, "shutil."+name, c.Passed(), c.Span)
			if name == "move" && len(c.Elems("args")) > 1 {
				return c.Elems("args")[1], err
			}
			return pyeval.None, err
		})
	}
}

// hashes are the algorithms by hashlib's names.
var hashes = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

// digest is a hash object: what it was fed, since it may be copied.
type digest struct{ name, data string }

var hashClass = pyeval.NewClass("_hashlib", "HASH")

func init() {
	with := func(signature string, f func(c *pyeval.Call, d *digest) (pyeval.Value, error)) {
		hashClass.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) {
			d, _ := pyeval.Data[*digest](c.Self())
			return f(c, d)
		})
	}
	sum := func(d *digest) []byte {
		h := hashes[d.name]()
		h.Write([]byte(d.data))
		return h.Sum(nil)
	}
	with("update(self, data, /)", func(c *pyeval.Call, d *digest) (pyeval.Value, error) {
		s, err := rawBytes(c, c.Arg("data"))
		d.data += s
		return pyeval.None, err
	})
	with("digest(self)", func(_ *pyeval.Call, d *digest) (pyeval.Value, error) { return pyeval.Bytes(sum(d)), nil })
	with("hexdigest(self)", func(_ *pyeval.Call, d *digest) (pyeval.Value, error) { return str(hex.EncodeToString(sum(d))) })
	with("copy(self)", func(_ *pyeval.Call, d *digest) (pyeval.Value, error) {
		again := *d
		return hashClass.Make(&again), nil
	})
	get := func(name string, f func(d *digest) pyeval.Value) {
		hashClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) {
			d, _ := pyeval.Data[*digest](c.Self())
			return f(d), nil
		})
	}
	get("name", func(d *digest) pyeval.Value { return pyeval.NewStr(d.name) })
	get("digest_size", func(d *digest) pyeval.Value { return pyeval.NewInt(int64(hashes[d.name]().Size())) })
	get("block_size", func(d *digest) pyeval.Value { return pyeval.NewInt(int64(hashes[d.name]().BlockSize())) })
}

// rawBytes takes bytes or a bytearray.
func rawBytes(c *pyeval.Call, v pyeval.Value) (string, error) {
	switch x := pyeval.Builtin(v).(type) {
	case pyeval.Bytes:
		return string(x), nil
	case *pyeval.Sym:
		return "", x.Needs(c.Name + "()")
	case *pyeval.Opaque:
		return "", x.Refuse("is passed to " + c.Name + "()")
	case *pyeval.Str:
		if strings.HasPrefix(c.Name, "base64.") {
			return x.String(), nil
		}
		return "", pyeval.Errorf(pyeval.TypeError, "Strings must be encoded before hashing")
	}
	return "", pyeval.Errorf(pyeval.TypeError, "object supporting the buffer API required")
}

func fillHashlib(_ *pyeval.Thread, m *pyeval.Module) {
	for _, name := range slices.Sorted(maps.Keys(hashes)) {
		m.Pure(name+"(string=..., *, usedforsecurity=True)", func(c *pyeval.Call) (pyeval.Value, error) {
			d := &digest{name: name}
			if v := c.Arg("string"); v != nil {
				s, err := rawBytes(c, v)
				if err != nil {
					return nil, err
				}
				d.data = s
			}
			return hashClass.Make(d), nil
		})
	}
	m.Pure("new(name: str, data=..., *, usedforsecurity=True)", func(c *pyeval.Call) (pyeval.Value, error) {
		d := &digest{name: strings.ToLower(c.Str("name"))}
		if hashes[d.name] == nil {
			return nil, pyeval.Errorf(pyeval.ValueError, "unsupported hash type %s", c.Str("name"))
		}
		if v := c.Arg("data"); v != nil {
			s, err := rawBytes(c, v)
			if err != nil {
				return nil, err
			}
			d.data = s
		}
		return hashClass.Make(d), nil
	})
}

func fillBase64(_ *pyeval.Thread, m *pyeval.Module) {
	for name, enc := range (pyeval.Named[*base64.Encoding]{{"b64", base64.StdEncoding}, {"standard_b64", base64.StdEncoding}, {"urlsafe_b64", base64.URLEncoding}}).All() {
		m.Pure(name+"encode(s, altchars=None)", func(c *pyeval.Call) (pyeval.Value, error) {
			if _, ok := pyeval.Builtin(c.Arg("s")).(*pyeval.Str); ok {
				return nil, pyeval.Errorf(pyeval.TypeError, "a bytes-like object is required, not 'str'")
			}
			s, err := rawBytes(c, c.Arg("s"))
			return pyeval.Bytes(enc.EncodeToString([]byte(s))), err
		})
		m.Pure(name+"decode(s, altchars=None, validate=False)", func(c *pyeval.Call) (pyeval.Value, error) {
			s, err := rawBytes(c, c.Arg("s"))
			if err != nil {
				return nil, err
			}
			s = strings.Map(func(r rune) rune {
				if r < 128 && (r == '=' || strings.ContainsRune("+/-_", r) || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z') {
					return r
				}
				return -1
			}, s)
			b, err := enc.DecodeString(s)
			if err != nil {
				return nil, pyeval.Errorf(pyeval.ValueError, "Incorrect padding")
			}
			return pyeval.Bytes(b), nil
		})
	}
	m.Pure("b32encode(s)", func(c *pyeval.Call) (pyeval.Value, error) {
		s, err := rawBytes(c, c.Arg("s"))
		return pyeval.Bytes(base32.StdEncoding.EncodeToString([]byte(s))), err
	})
	m.Pure("b32decode(s, casefold: bool=False)", func(c *pyeval.Call) (pyeval.Value, error) {
		s, err := rawBytes(c, c.Arg("s"))
		if err != nil {
			return nil, err
		}
		if c.Bool("casefold") {
			s = strings.ToUpper(s)
		}
		b, err := base32.StdEncoding.DecodeString(s)
		if err != nil {
			return nil, pyeval.Errorf(pyeval.ValueError, "Incorrect padding")
		}
		return pyeval.Bytes(b), nil
	})
	m.Pure("b16encode(s)", func(c *pyeval.Call) (pyeval.Value, error) {
		s, err := rawBytes(c, c.Arg("s"))
		return pyeval.Bytes(strings.ToUpper(hex.EncodeToString([]byte(s)))), err
	})
	m.Pure("b16decode(s, casefold=False)", func(c *pyeval.Call) (pyeval.Value, error) {
		s, err := rawBytes(c, c.Arg("s"))
		if err != nil {
			return nil, err
		}
		b, err := hex.DecodeString(s)
		if err != nil {
			return nil, pyeval.Errorf(pyeval.ValueError, "Non-base16 digit found")
		}
		return pyeval.Bytes(b), nil
	})
}
