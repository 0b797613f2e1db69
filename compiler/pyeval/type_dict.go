package pyeval

func init() {
	DictClass.Static("__new__(cls, *args, **kw)", func(c *Call) (Value, error) { return c.wrap(NewDict()), nil })
	DictClass.Def("__init__(self, source=..., /, **entries)", dictUpdate)
	DictClass.Def("update(self, source=..., /, **entries)", dictUpdate)
	DefaultDictClass.Static("__new__(cls, default_factory=None, *args, **kw)", func(c *Call) (Value, error) {
		d := NewDict()
		if d.factory = c.Arg("default_factory"); d.factory != None && !Callable(d.factory) {
			return nil, Errorf(TypeError, "first argument must be callable or None")
		}
		if k, ok := c.Arg("cls").(*Class); ok && k != DefaultDictClass {
			return Derived(k, d), nil
		}
		return d, nil
	})
	DefaultDictClass.Def("__init__(self, default_factory=None, source=..., /, **entries)", dictUpdate)
	DefaultDictClass.Getter("default_factory", func(c *Call) (Value, error) { return c.Self().(*Dict).factory, nil })
	dict := func(c *Call) *Dict { return c.Self().(*Dict) }
	DictClass.Def("get(self, key, default=None, /)", func(c *Call) (Value, error) {
		if o, ok := c.Arg("key").(*Opaque); ok {
			return o.derive("….get("+o.Origin+")", c.Span), nil
		}
		v, err := dict(c).Get(c.Thread, c.Arg("key"))
		if v == nil {
			v = c.Arg("default")
		}
		return v, err
	})
	DictClass.Def("setdefault(self, key, default=None, /)", func(c *Call) (Value, error) {
		v, err := dict(c).Get(c.Thread, c.Arg("key"))
		if v != nil || err != nil {
			return v, err
		}
		return c.Arg("default"), dict(c).Set(c.Thread, c.Arg("key"), c.Arg("default"))
	})
	DictClass.Def("pop(self, key, default=..., /)", func(c *Call) (Value, error) {
		v, err := dict(c).Delete(c.Thread, c.Arg("key"))
		if v != nil || err != nil {
			return v, err
		}
		if d := c.Arg("default"); d != nil {
			return d, nil
		}
		return nil, raise(KeyError, c.Arg("key"))
	})
	DictClass.Def("popitem(self)", func(c *Call) (Value, error) {
		d := dict(c)
		for i := len(d.entries) - 1; i >= 0; i-- {
			if e := d.entries[i]; e.key != nil {
				d.remove(i)
				return NewTuple(e.key, e.value), nil
			}
		}
		return nil, raise(KeyError, NewStr("popitem(): dictionary is empty"))
	})
	DictClass.Def("clear(self)", func(c *Call) (Value, error) { dict(c).clear(); return None, nil })
	DictClass.Def("copy(self)", func(c *Call) (Value, error) { return dict(c).copyDict(), nil })
	for name, kind := range (Named[byte]{{"keys", 'k'}, {"values", 'v'}, {"items", 'i'}}).All() {
		DictClass.Def(name+"(self)", func(c *Call) (Value, error) { return &dictView{dict(c), kind}, nil })
	}
	DictClass.ClassMethod("fromkeys(cls, iterable, value=None, /)", func(c *Call) (Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return nil, err
		}
		d := NewDict()
		for _, k := range elems {
			if err := d.Set(c.Thread, k, c.Arg("value")); err != nil {
				return nil, err
			}
		}
		return d, nil
	})
}

// dictUpdate is d.update(source, **entries); source is a mapping or pairs.
func dictUpdate(c *Call) (Value, error) {
	t, d := c.Thread, c.Self().(*Dict)
	switch src := c.Arg("source"); {
	case src == nil:
	case isMappingSource(src):
		other, err := t.asDict(src)
		if err != nil {
			return nil, err
		}
		if err := t.updateDict(d, other); err != nil {
			return nil, err
		}
	default:
		pairs, err := t.Iterate(src)
		if err != nil {
			return nil, err
		}
		for i, p := range pairs {
			kv, err := t.Iterate(p)
			if isRaised(err, TypeError) {
				return nil, Errorf(TypeError, "cannot convert dictionary update sequence element #%d to a sequence", i)
			}
			if err != nil {
				return nil, err
			}
			if len(kv) != 2 {
				return nil, Errorf(ValueError, "dictionary update sequence element #%d has length %d; 2 is required", i, len(kv))
			}
			if err := d.Set(t, kv[0], kv[1]); err != nil {
				return nil, err
			}
		}
	}
	return None, t.updateDict(d, c.Keywords("entries"))
}

func isMappingSource(v Value) bool {
	switch plain(v).(type) {
	case *Dict, *Opaque:
		return true
	}
	return operatorMethod(v, "keys") != nil
}
