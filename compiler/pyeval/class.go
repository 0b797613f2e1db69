package pyeval

import "pyfc/compiler/pyast"

// Class is a Python class, of the script or written in Go.
type Class struct {
	name     string
	qualname string
	module   string
	bases    []*Class
	mro      []*Class // itself first
	dict     *Dict
	meta     *Class          // nil means type
	node     *pyast.ClassDef // nil for classes written in Go and by type()
	source   *Module         // the script module that defined it, else nil
	opaque   *Opaque         // an opaque base that answers for what isn't here
	made     bool            // at run time: by a class statement or a call of type()
	virtual  []*Class        // registered as subclasses by ABCMeta.register
	derived  []*Class        // those that derive from a class of the script
	generic  bool            // takes type arguments: C[int]
	slots    map[string]bool // the only attributes of its objects, nil for any
	asks     Value           // a __getattribute__ of the script's
}

// NewClass makes a class written in Go. It is meant for package variables:
// scripts may derive from it but not change it. Without bases it derives from
// object.
func NewClass(module, name string, bases ...*Class) *Class {
	if len(bases) == 0 {
		bases = []*Class{ObjectClass}
	}
	return newClass(module, name, bases...)
}

// newClass makes a class; it panics if its bases have no consistent order.
func newClass(module, name string, bases ...*Class) *Class {
	c := &Class{name: name, qualname: name, module: module, bases: bases, dict: NewDict()}
	for _, b := range bases {
		if b.meta != nil {
			c.meta = b.meta
		}
	}
	if !c.linearize() {
		panic("pyeval: class " + name + " has inconsistent bases")
	}
	return c
}

// Class returns the metaclass.
func (c *Class) Class() *Class {
	if c.meta != nil {
		return c.meta
	}
	return TypeClass
}

// Name returns the class's __name__.
func (c *Class) Name() string { return c.name }

// Qualname returns the class's __qualname__.
func (c *Class) Qualname() string { return c.qualname }

// ModuleName returns the class's __module__.
func (c *Class) ModuleName() string { return c.module }

// Node returns the class statement, nil for classes without one.
func (c *Class) Node() *pyast.ClassDef { return c.node }

// Source returns the script module whose class statement made it, or nil.
func (c *Class) Source() *Module { return c.source }

// MRO returns the method resolution order, the class itself first.
func (c *Class) MRO() []*Class { return c.mro }

// Dict returns the class's own names.
func (c *Class) Dict() *Dict { return c.dict }

// IsA reports whether the class is base or derives from it.
func (c *Class) IsA(base *Class) bool {
	for _, k := range c.mro {
		if k == base {
			return true
		}
	}
	return false
}

// Register makes sub a virtual subclass: isinstance and issubclass know it.
func (c *Class) Register(sub *Class) {
	if c.made { // those of pyfc itself are shared by all scripts
		c.virtual = append(c.virtual, sub)
	}
}

// native reports whether the class is written in Go.
func (c *Class) native() bool { return !c.made }

// Lookup finds a name in the class and its bases; nil when it isn't there.
func (c *Class) Lookup(name string) Value {
	v, _ := c.lookup(name)
	return v
}

func (c *Class) lookup(name string) (v Value, owner *Class) {
	for _, k := range c.mro {
		if v, ok := k.dict.GetStr(name); ok {
			return v, k
		}
	}
	return nil, nil
}

// Def adds a method, e.g. Def("select(self, *fields)", tableSelect); see
// ParseSignature for the notation. Dunder methods give operators, calls,
// iteration and so on. It panics on a malformed signature.
func (c *Class) Def(signature string, f NativeFunc) *Class {
	n := c.newMethod(signature, f)
	c.dict.SetStr(n.name, n)
	return c
}

// Static adds a static method. One called __new__, with cls as its first
// parameter, answers calls of the class and of those that derive from it;
// without it an empty Instance is made, which __init__ fills.
func (c *Class) Static(signature string, f NativeFunc) *Class {
	n := c.newMethod(signature, f)
	n.method, n.owner = false, nil
	c.dict.SetStr(n.name, &StaticMethod{n})
	return c
}

// ClassMethod adds a class method; the signature begins with cls.
func (c *Class) ClassMethod(signature string, f NativeFunc) *Class {
	n := c.newMethod(signature, f)
	n.owner = nil
	c.dict.SetStr(n.name, &ClassMethod{n})
	return c
}

// Getter adds a read-only property.
func (c *Class) Getter(name string, f NativeFunc) *Class {
	n := c.newMethod(name+"(self)", f)
	n.implicit = true
	c.dict.SetStr(name, &Property{get: n})
	return c
}

// Set adds a class attribute.
func (c *Class) Set(name string, v Value) *Class {
	c.dict.SetStr(name, v)
	return c
}

func (c *Class) newMethod(signature string, f NativeFunc) *Native {
	n := NewNative(signature, f)
	n.qualname, n.home, n.method, n.owner = c.name+"."+n.name, c.module, true, c
	return n
}

// Make returns an instance that carries a Go value.
func (c *Class) Make(data any) *Instance {
	return &Instance{class: c, dict: NewDict(), Data: data}
}

// Instance is an object of a class of the script, or of a native class that
// isn't one of Python's built-in value types.
type Instance struct {
	class   *Class
	dict    *Dict
	builtin Value // the str, dict, … that an instance of a derived class is
	// Data is the Go value behind an instance of a native class.
	Data any
	// Where is the place of the call that made it, zero if Go made it.
	Where pyast.Span
	made  *frame // in which that call stands
}

// Variable returns what a variable of an enclosing function was in the call of
// it that made the object, nil if there is none.
func (i *Instance) Variable(of *pyast.FunctionDef, name string) Value {
	return i.made.variable(of, name)
}

// Class returns the object's class.
func (i *Instance) Class() *Class { return i.class }

// Dict returns the object's own attributes.
func (i *Instance) Dict() *Dict { return i.dict }

// Data returns the Go value of type T behind an instance of a native class.
func Data[T any](v Value) (T, bool) {
	if i, ok := v.(*Instance); ok {
		d, ok := i.Data.(T)
		return d, ok
	}
	var zero T
	return zero, false
}

// linearize sets the C3 method resolution order; false means there is none.
func (c *Class) linearize() bool {
	var seqs [][]*Class
	for _, b := range c.bases {
		seqs = append(seqs, b.mro)
	}
	seqs = append(seqs, c.bases)
	c.mro = []*Class{c}
	for {
		var head *Class
		done := true
		for _, s := range seqs {
			if len(s) == 0 {
				continue
			}
			done = false
			if !inTail(seqs, s[0]) {
				head = s[0]
				break
			}
		}
		if head == nil {
			return done
		}
		c.mro = append(c.mro, head)
		for i, s := range seqs {
			if len(s) > 0 && s[0] == head {
				seqs[i] = s[1:]
			}
		}
	}
}

func inTail(seqs [][]*Class, c *Class) bool {
	for _, s := range seqs {
		for i := 1; i < len(s); i++ {
			if s[i] == c {
				return true
			}
		}
	}
	return false
}
