package stdlib

import (
	"strings"
	"unicode"

	"pyfc/compiler/pyeval"
)

func init() { loaders["dataclasses"] = fillDataclasses }

var (
	fieldClass       = pyeval.NewClass("dataclasses", "Field")
	frozenErrorClass = pyeval.NewClass("dataclasses", "FrozenInstanceError", pyeval.AttributeError)
	missingClass     = pyeval.NewClass("dataclasses", "_MISSING_TYPE")
	kwOnlyClass      = pyeval.NewClass("dataclasses", "_KW_ONLY_TYPE")
	missing          = missingClass.Make(nil)
	kwOnly           = kwOnlyClass.Make(nil)
)

// initVarName is the type of what only __post_init__ gets.
const initVarName = "dataclasses.InitVar"

// field is one field of a dataclass, also what field(…) returns.
type field struct {
	name                string
	typ                 pyeval.Value
	def, factory        pyeval.Value // nil when absent
	init, repr, compare bool
	hash                pyeval.Value // None: as compare
	kwOnly              bool
	passed              bool // an InitVar: no attribute
	object              *pyeval.Instance
}

// parameter is the field in the signature of __init__.
func (f *field) parameter() string {
	if f.def != nil || f.factory != nil {
		return f.name + "=..."
	}
	return f.name
}

// dataclassOptions are the flags of dataclass(…).
const dataclassOptions = "init: bool=True, repr: bool=True, eq: bool=True, order: bool=False, unsafe_hash: bool=False, frozen: bool=False, match_args: bool=True, kw_only: bool=False, slots: bool=False, weakref_slot: bool=False"

func fillDataclasses(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(fieldClass, frozenErrorClass).Set("MISSING", missing).Set("KW_ONLY", kwOnly).Set("InitVar", pyeval.NewAlias(initVarName, nil))
	m.Def("dataclass(cls=None, /, *, "+dataclassOptions+")", func(c *pyeval.Call) (pyeval.Value, error) {
		options := c
		if c.Arg("cls") != pyeval.None {
			return makeDataclass(c.Thread, c.Arg("cls"), options)
		}
		return pyeval.NewNative("dataclass(cls, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			return makeDataclass(c.Thread, c.Arg("cls"), options)
		}), nil
	})
	m.Def("make_dataclass(cls_name: str, fields, *, bases: tuple=(), namespace=None, "+dataclassOptions+")", func(c *pyeval.Call) (pyeval.Value, error) {
		k, err := classOfFields(c)
		if err != nil {
			return nil, err
		}
		return makeDataclass(c.Thread, k, c)
	})
	m.Def("field(*, default=..., default_factory=..., init: bool=True, repr: bool=True, hash=None, compare: bool=True, metadata=None, kw_only=...)", newField)
	m.Def("is_dataclass(obj, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		_, ok := dataFields(classOf(c.Arg("obj")))
		return pyeval.Bool(ok), nil
	})
	m.Def("fields(obj, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		fields, ok := dataFields(classOf(c.Arg("obj")))
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "must be called with a dataclass type or instance")
		}
		var out []pyeval.Value
		for _, f := range fields {
			if !f.passed {
				out = append(out, f.object)
			}
		}
		return pyeval.NewTuple(out...), nil
	})
	for name, param := range (pyeval.Named[string]{{"asdict", "dict_factory"}, {"astuple", "tuple_factory"}}).All() {
		m.Def(name+"(obj, /, *, "+param+"=None)", func(c *pyeval.Call) (pyeval.Value, error) {
			if _, ok := dataFields(c.Arg("obj").Class()); !ok {
				return nil, pyeval.Errorf(pyeval.TypeError, "%s() should be called on dataclass instances", name)
			}
			p := plainer{t: c.Thread, dict: name == "asdict", factory: c.Arg(param)}
			return p.of(c.Arg("obj"))
		})
	}
	m.Def("replace(obj, /, **changes)", replaceFields)
}

func newField(c *pyeval.Call) (pyeval.Value, error) {
	f := &field{def: c.Arg("default"), factory: c.Arg("default_factory"), init: c.Bool("init"), repr: c.Bool("repr"), compare: c.Bool("compare"), hash: c.Arg("hash")}
	if f.def == pyeval.Value(missing) {
		f.def = nil
	}
	if f.def != nil && f.factory != nil {
		return nil, pyeval.Errorf(pyeval.ValueError, "cannot specify both default and default_factory")
	}
	f.object = fieldClass.Make(f)
	metadata := c.Arg("metadata")
	if metadata == pyeval.None {
		metadata = pyeval.NewDict()
	}
	f.object.Dict().SetStr("metadata", proxyClass.Make(metadata))
	f.kwOnly = c.Given("kw_only") && c.Arg("kw_only") == pyeval.True
	return f.object, nil
}

// describe gives the field's object its attributes.
func (f *field) describe() {
	orMissing := func(v pyeval.Value) pyeval.Value {
		if v == nil {
			return missing
		}
		return v
	}
	if f.object == nil {
		f.object = fieldClass.Make(f)
		f.object.Dict().SetStr("metadata", proxyClass.Make(pyeval.NewDict()))
	}
	for name, v := range (pyeval.Named[pyeval.Value]{{"name", pyeval.NewStr(f.name)}, {"type", f.typ}, {"default", orMissing(f.def)}, {"default_factory", orMissing(f.factory)},
		{"init", pyeval.Bool(f.init)}, {"repr", pyeval.Bool(f.repr)}, {"hash", f.hash}, {"compare", pyeval.Bool(f.compare)}, {"kw_only", pyeval.Bool(f.kwOnly)}}).All() {
		f.object.Dict().SetStr(name, v)
	}
}

func replaceFields(c *pyeval.Call) (pyeval.Value, error) {
	fields, ok := dataFields(c.Arg("obj").Class())
	if !ok {
		return nil, pyeval.Errorf(pyeval.TypeError, "replace() should be called on dataclass instances")
	}
	var args []pyeval.Arg
	changes := c.Keywords("changes")
	own := map[string]bool{}
	for _, f := range fields {
		own[f.name] = true
		v, changed := changes.GetStr(f.name)
		switch {
		case !f.init && changed:
			return nil, pyeval.Errorf(pyeval.ValueError, "field %s is declared with init=False, it cannot be specified with replace()", f.name)
		case !f.init:
			continue
		case f.passed && !changed && f.def == nil:
			return nil, pyeval.Errorf(pyeval.ValueError, "InitVar %s must be specified with replace()", pyeval.Quote(f.name))
		case f.passed && !changed:
			v = f.def
		case !changed:
			var err error
			if v, err = c.Thread.GetAttr(c.Arg("obj"), f.name); err != nil {
				return nil, err
			}
		}
		args = append(args, pyeval.Arg{Name: f.name, Value: v})
	}
	for k, v := range changes.Items() {
		if !own[textOf(k)] {
			args = append(args, pyeval.Arg{Name: textOf(k), Value: v}) // __init__ refuses it
		}
	}
	return c.Thread.Invoke(c.Arg("obj").Class(), args, c.Span, c.At)
}

func classOf(v pyeval.Value) *pyeval.Class {
	if k, ok := v.(*pyeval.Class); ok {
		return k
	}
	return v.Class()
}

const fieldsName = "__dataclass_fields__"

// dataFields are the fields of a dataclass in order; ok is false for other
// classes.
func dataFields(k *pyeval.Class) (fields []*field, ok bool) {
	d, ok := k.Lookup(fieldsName).(*pyeval.Dict)
	if !ok {
		return nil, false
	}
	for _, v := range d.Items() {
		if f, ok := pyeval.Data[*field](v); ok {
			fields = append(fields, f)
		}
	}
	return fields, true
}

// makeDataclass collects the fields from the annotations and adds the methods.
func makeDataclass(t *pyeval.Thread, v pyeval.Value, opts *pyeval.Call) (pyeval.Value, error) {
	k, ok := v.(*pyeval.Class)
	if !ok {
		return v, nil
	}
	if opts.Bool("order") && !opts.Bool("eq") {
		return nil, pyeval.Errorf(pyeval.ValueError, "eq must be true if order is true")
	}
	fields, err := inherited(k, opts.Bool("frozen"))
	if err != nil {
		return nil, err
	}
	own, err := ownFields(t, k, opts)
	if err != nil {
		return nil, err
	}
	for _, f := range own {
		fields = put(fields, f)
	}
	all := pyeval.NewDict()
	for _, f := range fields {
		all.SetStr(f.name, f.object)
	}
	k.Set(fieldsName, all).Set("__dataclass_params__", pyeval.Bool(opts.Bool("frozen")))
	return k, addMethods(t, k, fields, own, opts)
}

// addMethods adds what the class hasn't got itself.
func addMethods(t *pyeval.Thread, k *pyeval.Class, fields, own []*field, opts *pyeval.Call) error {
	lacks := func(name string) bool { _, ok := k.Dict().GetStr(name); return !ok }
	if opts.Bool("init") {
		if err := addInit(k, fields, opts.Bool("frozen")); err != nil {
			return err
		}
	}
	if lacks("__repr__") && opts.Bool("repr") {
		addRepr(k, fields)
	}
	explicitHash := !lacks("__hash__")
	if h, _ := k.Dict().GetStr("__hash__"); h == pyeval.None && !lacks("__eq__") {
		explicitHash = false // None stands there because of __eq__
	}
	if opts.Bool("eq") {
		if err := addComparison(k, fields, opts.Bool("order")); err != nil {
			return err
		}
	}
	switch {
	case opts.Bool("unsafe_hash") && explicitHash:
		return pyeval.Errorf(pyeval.TypeError, "Cannot overwrite attribute __hash__ in class %s", k.Name())
	case opts.Bool("unsafe_hash"), opts.Bool("eq") && opts.Bool("frozen") && !explicitHash:
		addHash(k, fields)
	case opts.Bool("eq") && !explicitHash:
		k.Set("__hash__", pyeval.None)
	}
	if opts.Bool("frozen") {
		addFreeze(k, fields)
	}
	if opts.Bool("match_args") && lacks("__match_args__") {
		var names []pyeval.Value
		for _, f := range fields {
			if f.init && !f.kwOnly {
				names = append(names, pyeval.NewStr(f.name))
			}
		}
		k.Set("__match_args__", pyeval.NewTuple(names...))
	}
	if opts.Bool("slots") {
		addSlots(k, own)
	}
	if lacks("__doc__") {
		s, err := signatureText(t, fields)
		if err != nil {
			return err
		}
		k.Set("__doc__", pyeval.NewStr(k.Name()+"("+s+")"))
	}
	return nil
}

// addSlots makes the fields the only attributes.
func addSlots(k *pyeval.Class, own []*field) {
	var names []string
	for _, f := range own {
		if !f.passed {
			names = append(names, f.name)
			k.Dict().DeleteStr(f.name)
		}
	}
	k.Restrict(names)
	k.Set("__slots__", pyeval.NewTuple(strs(names).Elems()...))
}

// inherited are the fields of the bases, the nearest last.
func inherited(k *pyeval.Class, frozen bool) ([]*field, error) {
	var fields []*field
	mro := k.MRO()
	for i := len(mro) - 1; i > 0; i-- {
		if _, own := mro[i].Dict().GetStr(fieldsName); !own {
			continue
		}
		if base, _ := mro[i].Dict().GetStr("__dataclass_params__"); base != pyeval.Value(pyeval.Bool(frozen)) {
			if frozen {
				return nil, pyeval.Errorf(pyeval.TypeError, "cannot inherit frozen dataclass from a non-frozen one")
			}
			return nil, pyeval.Errorf(pyeval.TypeError, "cannot inherit non-frozen dataclass from a frozen one")
		}
		all, _ := dataFields(mro[i])
		for _, f := range all {
			fields = put(fields, f)
		}
	}
	return fields, nil
}

// put adds a field, or replaces the one of its name where it stands.
func put(fields []*field, f *field) []*field {
	for i := range fields {
		if fields[i].name == f.name {
			out := append([]*field(nil), fields...)
			out[i] = f
			return out
		}
	}
	return append(fields, f)
}

// ownFields are those that the annotations of the class itself declare.
func ownFields(t *pyeval.Thread, k *pyeval.Class, opts *pyeval.Call) ([]*field, error) {
	v, _ := k.Dict().GetStr("__annotations__")
	notes, ok := v.(*pyeval.Dict)
	if !ok {
		return nil, nil
	}
	var out []*field
	byKeyword := opts.Bool("kw_only")
	for name, typ := range notes.Items() {
		written, err := t.Str(typ)
		if err != nil {
			return nil, err
		}
		switch {
		case typ == pyeval.Value(kwOnly) || written == "KW_ONLY" || written == "dataclasses.KW_ONLY":
			byKeyword = true
			continue
		case hasForm(written, "typing.ClassVar") || hasForm(written, "ClassVar"):
			continue
		}
		f, err := ownField(k, textOf(name), typ, byKeyword)
		if err != nil {
			return nil, err
		}
		f.passed = hasForm(written, initVarName) || hasForm(written, "InitVar")
		f.describe()
		out = append(out, f)
	}
	return out, nil
}

// hasForm reports whether a type is the form or one of its subscripts.
func hasForm(written, form string) bool {
	rest, ok := strings.CutPrefix(written, form)
	return ok && (rest == "" || rest[0] == '[')
}

func ownField(k *pyeval.Class, name string, typ pyeval.Value, byKeyword bool) (*field, error) {
	def, given := k.Dict().GetStr(name)
	f, isField := pyeval.Data[*field](def)
	if isField {
		k.Dict().DeleteStr(name)
		if f.def != nil {
			k.Set(name, f.def)
		}
	} else {
		f = &field{init: true, repr: true, compare: true, hash: pyeval.None}
		if given {
			f.def = def
		}
	}
	f.name, f.typ, f.kwOnly = name, typ, f.kwOnly || byKeyword
	if f.def != nil && f.def.Class().Lookup("__hash__") == pyeval.None || mutable(f.def) {
		return nil, pyeval.Errorf(pyeval.ValueError, "mutable default <class '%s'> for field %s is not allowed: use default_factory", qualified(f.def.Class()), name)
	}
	return f, nil
}

func mutable(v pyeval.Value) bool {
	switch v := pyeval.Builtin(orNone(v)).(type) {
	case *pyeval.List, *pyeval.Dict:
		return true
	case *pyeval.Set:
		return v.Class() == pyeval.SetClass
	}
	return false
}

func orNone(v pyeval.Value) pyeval.Value {
	if v == nil {
		return pyeval.None
	}
	return v
}

// qualified is a class's name with its module, if that isn't builtins.
func qualified(k *pyeval.Class) string {
	if k.ModuleName() == "builtins" {
		return k.Qualname()
	}
	return k.ModuleName() + "." + k.Qualname()
}

// isIdentifier reports whether a name may stand in a signature.
func isIdentifier(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != ""
}

// classOfFields makes the class that make_dataclass then fills.
func classOfFields(c *pyeval.Call) (*pyeval.Class, error) {
	ns := pyeval.NewDict()
	if d, ok := c.Arg("namespace").(*pyeval.Dict); ok {
		for k, v := range d.Items() {
			ns.SetStr(textOf(k), v)
		}
	}
	notes := pyeval.NewDict()
	specs, err := c.Thread.Iterate(c.Arg("fields"))
	if err != nil {
		return nil, err
	}
	for _, spec := range specs {
		if s, ok := spec.(*pyeval.Str); ok {
			notes.SetStr(s.String(), pyeval.NewStr("typing.Any"))
			continue
		}
		parts, err := c.Thread.Iterate(spec)
		if err != nil {
			return nil, err
		}
		if len(parts) < 2 || len(parts) > 3 {
			return nil, pyeval.Errorf(pyeval.TypeError, "Invalid field: %v", spec)
		}
		notes.SetStr(textOf(parts[0]), parts[1])
		if len(parts) == 3 {
			ns.SetStr(textOf(parts[0]), parts[2])
		}
	}
	for name := range notes.Items() {
		if !isIdentifier(textOf(name)) {
			return nil, pyeval.Errorf(pyeval.TypeError, "Field names must be valid identifiers: %s", pyeval.Quote(textOf(name)))
		}
	}
	ns.SetStr("__annotations__", notes)
	return c.Thread.NewType(pyeval.TypeClass, c.Str("cls_name"), c.Elems("bases"), ns)
}
