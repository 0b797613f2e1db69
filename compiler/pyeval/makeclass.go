package pyeval

import (
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/pyast"
)

// classSpec is what a class statement or a call of type() says.
type classSpec struct {
	name     string
	bases    []Value
	ns       *Dict
	meta     Value // explicit metaclass or nil
	keywords []Arg
	node     *pyast.ClassDef // nil without a statement
	methods  *frame          // frame of the body, whose functions become methods
}

// makeClass makes a class by its metaclass, then tells its members and bases.
func (t *Thread) makeClass(s *classSpec) (Value, error) {
	bases, opaque, err := s.classes()
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(s.bases, isSubscripted) {
		s.ns.SetStr("__orig_bases__", NewTuple(s.bases...))
	}
	meta, err := t.metaclass(s, bases)
	if err != nil {
		return nil, err
	}
	if meta == nil {
		c, err := t.newScriptClass(s, bases, opaque, nil)
		if err != nil {
			return nil, err
		}
		return c, t.announce(c, s)
	}
	t.pending = append(t.pending, s)
	defer func() { t.pending = t.pending[:len(t.pending)-1] }()
	args := []Arg{{Value: NewStr(s.name)}, {Value: NewTuple(s.bases...)}, {Value: s.ns}}
	return t.Invoke(meta, append(args, s.keywords...), t.Where(), t.Where())
}

// classes are the bases that are classes, and one that isn't known.
func (s *classSpec) classes() (bases []*Class, opaque *Opaque, err error) {
	for _, b := range s.bases {
		switch b := b.(type) {
		case *Class:
			bases = append(bases, b)
		case *alias:
			if b.origin != nil {
				bases = append(bases, b.origin)
			}
		case *Opaque:
			opaque = b
		default:
			return nil, nil, Errorf(TypeError, "a base of class %s is no class but '%s'", s.name, b.Class().name)
		}
	}
	return bases, opaque, nil
}

// prepare is the namespace in which the body of a class begins: what the
// metaclass's __prepare__ gives.
func (t *Thread) prepare(s *classSpec) (*Dict, error) {
	bases, _, err := s.classes()
	if err != nil {
		return nil, err
	}
	meta, err := t.metaclass(s, bases)
	if err != nil {
		return nil, err
	}
	k, ok := meta.(*Class)
	if !ok || k.Lookup("__prepare__") == nil {
		return NewDict(), nil
	}
	f, err := t.classAttr(k, "__prepare__")
	if err != nil {
		return nil, err
	}
	v, err := t.Invoke(f, append([]Arg{{Value: NewStr(s.name)}, {Value: NewTuple(s.bases...)}}, s.keywords...), t.Where(), t.Where())
	if err != nil {
		return nil, err
	}
	ns, ok := plain(v).(*Dict)
	if !ok {
		return nil, Errorf(TypeError, "%s.__prepare__() must return a mapping, not %s", k.name, v.Class().name)
	}
	return ns, nil
}

func isSubscripted(v Value) bool {
	_, ok := v.(*alias)
	return ok
}

// metaclass chooses the most derived metaclass; nil means type.
func (t *Thread) metaclass(s *classSpec, bases []*Class) (Value, error) {
	meta, ok := s.meta.(*Class)
	if s.meta != nil && !ok {
		return s.meta, nil
	}
	for _, b := range bases {
		switch {
		case b.meta == nil:
		case meta == nil || b.meta.IsA(meta):
			meta = b.meta
		case !meta.IsA(b.meta):
			return nil, Errorf(TypeError, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases")
		}
	}
	if meta == nil || meta == TypeClass {
		return nil, nil
	}
	return meta, nil
}

// newScriptClass makes the class object.
func (t *Thread) newScriptClass(s *classSpec, bases []*Class, opaque *Opaque, meta *Class) (*Class, error) {
	if len(bases) == 0 {
		bases = []*Class{ObjectClass}
	}
	c := &Class{name: s.name, qualname: s.name, module: "builtins", bases: bases, dict: s.ns, meta: meta, node: s.node, opaque: opaque, made: true}
	if q, ok := s.ns.GetStr("__qualname__"); ok {
		if q, ok := q.(*Str); ok {
			c.qualname = q.s
		}
		s.ns.DeleteStr("__qualname__")
	}
	if t.frame != nil {
		c.module = t.frame.module.name
		if c.source = t.frame.module; c.source.library {
			c.source = nil
		}
	}
	if err := c.inherit(); err != nil {
		return nil, err
	}
	adaptSpecial(s.ns)
	if s.methods != nil {
		own(c, s.methods)
	}
	if err := t.layOut(c); err != nil {
		return nil, err
	}
	for _, b := range bases {
		if b.made {
			b.derived = append(b.derived, c)
		}
	}
	return c, t.alloc(256)
}

// inherit puts the classes in order in which attributes are looked for.
func (c *Class) inherit() error {
	for i, b := range c.bases {
		if slices.Contains(c.bases[:i], b) {
			return Errorf(TypeError, "duplicate base class %s", b.name)
		}
		if b == BoolClass || b == NoneClass || b == functionClass || b == rangeClass || b == sliceClass {
			return Errorf(TypeError, "type '%s' is not an acceptable base type", b.name)
		}
	}
	if c.linearize() {
		return nil
	}
	names := make([]string, len(c.bases))
	for i, b := range c.bases {
		names[i] = b.name
	}
	return Errorf(TypeError, "Cannot create a consistent method resolution\norder (MRO) for bases %s", strings.Join(names, ", "))
}

// adaptSpecial makes of a class body's special methods what CPython takes them
// for.
func adaptSpecial(ns *Dict) {
	if _, ok := ns.GetStr("__eq__"); ok {
		if _, ok := ns.GetStr("__hash__"); !ok {
			ns.SetStr("__hash__", None)
		}
	}
	for _, name := range []string{"__init_subclass__", "__class_getitem__", "__new__"} {
		v, _ := ns.GetStr(name)
		f, ok := v.(*Function)
		switch {
		case !ok:
		case name == "__new__":
			ns.SetStr(name, &StaticMethod{f})
		default:
			ns.SetStr(name, &ClassMethod{f})
		}
	}
}

// layOut notes which attributes the objects of a class may have, and who is
// asked for them.
func (t *Thread) layOut(c *Class) error {
	if ask, owner := c.lookup("__getattribute__"); owner != nil && owner.made {
		c.asks = ask
	}
	declared, ok := c.dict.GetStr("__slots__")
	if !ok {
		return nil
	}
	names := []Value{declared}
	if _, one := declared.(*Str); !one {
		var err error
		if names, err = t.Iterate(declared); err != nil {
			return err
		}
	}
	var slots []string
	for _, n := range names {
		s, ok := n.(*Str)
		if !ok {
			return Errorf(TypeError, "__slots__ items must be strings, not '%s'", n.Class().name)
		}
		slots = append(slots, s.s)
	}
	c.Restrict(slots)
	return nil
}

// Restrict leaves the objects of a class no attributes but those with the
// names and those of its bases; a base without such a limit lifts it.
func (c *Class) Restrict(names []string) {
	slots := map[string]bool{}
	for _, b := range c.mro[1:] {
		if b == ObjectClass || b.module == "typing" || b.module == "abc" {
			continue
		}
		if b.slots == nil {
			return // its objects have a __dict__
		}
		maps.Copy(slots, b.slots)
	}
	for _, n := range names {
		slots[n] = true
	}
	if !slots["__dict__"] {
		c.slots = slots
	}
}

// own tells the functions of a class body which class they belong to.
func own(c *Class, body *frame) {
	var mark func(v Value)
	mark = func(v Value) {
		switch v := v.(type) {
		case *Function:
			if v.outer == body {
				v.owner = c
			}
		case *StaticMethod:
			mark(v.fn)
		case *ClassMethod:
			mark(v.fn)
		case *Property:
			mark(v.get)
			mark(v.set)
			mark(v.del)
		}
	}
	for _, v := range c.dict.Items() {
		mark(v)
	}
	body.class = c
}

// announce calls __set_name__ of the members and __init_subclass__ of the
// bases.
func (t *Thread) announce(c *Class, s *classSpec) error {
	for k, v := range c.dict.Items() {
		if i, ok := v.(*Instance); ok {
			if set := i.class.Lookup("__set_name__"); set != nil {
				if _, err := t.callMethod(set, i, c, k); err != nil {
					return err
				}
			}
		}
	}
	init, err := t.superAttr(&superObject{start: c, self: c}, "__init_subclass__")
	if err != nil {
		return err
	}
	_, err = t.Invoke(init, s.keywords, t.Where(), t.Where())
	return err
}

// NewType makes a class as type(name, bases, ns) does; meta is the metaclass.
// It is what a native metaclass's __new__ calls; __init_subclass__ of the bases
// gets the keywords.
func (t *Thread) NewType(meta *Class, name string, bases []Value, ns *Dict, keywords ...Arg) (*Class, error) {
	s := &classSpec{name: name, bases: bases, ns: ns.copyDict(), keywords: keywords}
	if n := len(t.pending); n > 0 && t.pending[n-1].name == name {
		s.node, s.methods = t.pending[n-1].node, t.pending[n-1].methods
	}
	classes, opaque, err := s.classes()
	if err != nil {
		return nil, err
	}
	s.meta = meta
	if most, err := t.metaclass(s, classes); err != nil {
		return nil, err
	} else if k, ok := most.(*Class); ok && k != meta {
		args := []Arg{{Value: NewStr(name)}, {Value: NewTuple(bases...)}, {Value: ns}}
		made, err := t.construct(k, append(args, keywords...), t.Where(), t.Where())
		c, _ := made.(*Class)
		return c, err
	}
	if meta == TypeClass {
		meta = nil
	}
	c, err := t.newScriptClass(s, classes, opaque, meta)
	if err != nil {
		return nil, err
	}
	return c, t.announce(c, s)
}

// SetMeta gives a native class a metaclass.
func (c *Class) SetMeta(meta *Class) *Class {
	c.meta = meta
	return c
}

// Derived makes an instance of a class that derives from a built-in value
// class, e.g. a namedtuple.
func Derived(c *Class, builtin Value) *Instance {
	return &Instance{class: c, dict: NewDict(), builtin: builtin}
}

// Builtin returns the built-in value of an instance of a class that derives
// from a built-in one, and v itself for all others.
func Builtin(v Value) Value { return plain(v) }

// CopyFrom makes the instance a shallow copy of another of its class.
func (i *Instance) CopyFrom(o *Instance) {
	i.dict, i.builtin, i.Data = o.dict.copyDict(), o.builtin, o.Data
	switch b := o.builtin.(type) {
	case *Dict:
		i.builtin = b.copyDict()
	case *List:
		i.builtin = NewList(append([]Value(nil), b.elems...)...)
	case *Set:
		i.builtin = b.clone()
	}
}
