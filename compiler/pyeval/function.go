package pyeval

import "pyfc/compiler/pyast"

// Function is a function of the script.
type Function struct {
	name     string
	qualname string
	module   *Module
	def      *pyast.FunctionDef // nil for a lambda
	lambda   *pyast.Lambda
	params   *params
	defaults []Value // by index of params.list, nil where there is none
	scope    *scopeInfo
	outer    *frame // the frame that defined it
	owner    *Class // the class whose body defined it, else nil
	dict     *Dict  // attributes set by the script
}

// Class returns function.
func (*Function) Class() *Class { return functionClass }

// Name returns the function's __name__, "<lambda>" for a lambda.
func (f *Function) Name() string { return f.name }

// Qualname returns the function's __qualname__, e.g. "f.<locals>.g".
func (f *Function) Qualname() string { return f.qualname }

// Module returns the module whose code defines the function.
func (f *Function) Module() *Module { return f.module }

// Def returns the def statement, nil for a lambda.
func (f *Function) Def() *pyast.FunctionDef { return f.def }

// Lambda returns the lambda expression, nil for a def.
func (f *Function) Lambda() *pyast.Lambda { return f.lambda }

// Owner returns the class whose body defines the function, or nil.
func (f *Function) Owner() *Class { return f.owner }

// IsGenerator reports whether a call makes a generator.
func (f *Function) IsGenerator() bool { return f.scope.generator }

// Where returns the place of the definition.
func (f *Function) Where() pyast.Span {
	if f.def != nil {
		return f.def.NameSpan
	}
	return f.lambda.Span
}

// Dict returns the attributes that the script set on the function.
func (f *Function) Dict() *Dict { return f.dict }

// Default returns the default of a parameter as evaluated at definition, nil
// when it has none.
func (f *Function) Default(param string) Value {
	for i, p := range f.params.list {
		if p.name == param {
			return f.defaults[i]
		}
	}
	return nil
}

// Parameter is a parameter of a function of the script.
type Parameter struct {
	Name string
	// Kind is CPython's number for how arguments reach it: 0 by position alone, 1
	// by position or name, 2 the rest by position, 3 by name alone, 4 the rest by
	// name.
	Kind    int
	Default Value // nil when it has none
}

// Parameters returns the parameters in the order in which they are written.
func (f *Function) Parameters() []Parameter {
	var out []Parameter
	for i, p := range f.params.list {
		kind := 3
		switch {
		case i == f.params.rest:
			kind = 2
		case i == f.params.keywords:
			kind = 4
		case i < f.params.posOnly:
			kind = 0
		case i < f.params.pos:
			kind = 1
		}
		out = append(out, Parameter{p.name, kind, f.defaults[i]})
	}
	return out
}

// NativeFunc is a function written in Go. It returns a value, or an error: a
// Python exception made by Errorf, or a *diag.Diagnostic, which ends the run.
type NativeFunc func(c *Call) (Value, error)

// Native is a builtin function or an unbound method of a native class.
type Native struct {
	name     string
	qualname string
	module   string // of a module's function, else ""
	params   *params
	call     NativeFunc
	method   bool   // binds to the object it is taken from
	owner    *Class // whose method it is
	pure     bool   // of an opaque argument it makes an opaque result
	home     string // module that it belongs to, for a Recorder
	implicit bool   // called by looking at an attribute
	late     string // the parameter that takes late values, of a package's method
}

// NewNative makes a function written in Go from its signature; it panics when
// the signature is malformed.
func NewNative(signature string, f NativeFunc) *Native {
	name, p := parseSignature(signature)
	return &Native{name: name, qualname: name, params: p, call: f}
}

// In says which module a function belongs to that no module holds.
func (n *Native) In(module string) *Native {
	n.home = module
	return n
}

// TakesLate says which parameter takes late values, though the function is the
// package's; it comes first, behind the object.
func (n *Native) TakesLate(param string) { n.late = param }

// Class returns builtin_function_or_method.
func (*Native) Class() *Class { return nativeClass }

// Name returns the function's __name__.
func (n *Native) Name() string { return n.name }

// fullName is the name with class or module, e.g. "os.getenv".
func (n *Native) fullName() string {
	if n.module == "" || n.module == "builtins" {
		return n.qualname
	}
	return n.module + "." + n.name
}

// BoundMethod is a function with its first argument.
type BoundMethod struct {
	self Value
	fn   Value
}

// Class returns method.
func (*BoundMethod) Class() *Class { return methodClass }

// Self returns the object that the method was taken from.
func (m *BoundMethod) Self() Value { return m.self }

// Func returns the function.
func (m *BoundMethod) Func() Value { return m.fn }

// Property computes an attribute.
type Property struct{ get, set, del, doc Value }

// Class returns property.
func (*Property) Class() *Class { return propertyClass }

// StaticMethod is a function that isn't bound to the object it is taken from.
type StaticMethod struct{ fn Value }

// Class returns staticmethod.
func (*StaticMethod) Class() *Class { return staticmethodClass }

// Func returns the function.
func (s *StaticMethod) Func() Value { return s.fn }

// ClassMethod is a function that is bound to the class it is taken from.
type ClassMethod struct{ fn Value }

// Class returns classmethod.
func (*ClassMethod) Class() *Class { return classmethodClass }

// Cell is a captured variable of a function.
type Cell struct {
	Name  string
	Value Value // nil while unbound
}

// Closure returns the variables of enclosing functions that the function
// uses, in the order of first use; those of enclosed functions are included.
func (f *Function) Closure() []Cell {
	var out []Cell
	for _, name := range f.scope.free {
		if fr := f.outer.owning(name); fr != nil {
			out = append(out, Cell{name, fr.vars[name]})
		}
	}
	return out
}

// Variable returns what a variable of an enclosing function is, whether the
// function uses it or not; nil if there is none.
func (f *Function) Variable(of *pyast.FunctionDef, name string) Value {
	return f.outer.variable(of, name)
}

// IsModuleLevel reports whether a statement at the top level of the module
// defines the function.
func (f *Function) IsModuleLevel() bool { return f.owner == nil && f.outer.outer == nil }
