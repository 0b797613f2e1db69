package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

// newEnum makes the class, then a member for each plain value in its body.
func newEnum(c *pyeval.Call) (pyeval.Value, error) {
	t, ns := c.Thread, pyeval.NewDict()
	var names []string
	values := map[string]pyeval.Value{}
	for k, v := range c.Keywords("ns").Items() {
		if name := textOf(k); isMember(name, v) {
			names = append(names, name)
			values[name] = v
		} else {
			ns.SetStr(name, v)
		}
	}
	for _, b := range c.Elems("bases") {
		if k, ok := b.(*pyeval.Class); ok && members(b).Len() > 0 {
			return nil, pyeval.Errorf(pyeval.TypeError, "<enum %s> cannot extend <enum %s>", pyeval.Quote(c.Str("name")), pyeval.Quote(k.Name()))
		}
	}
	meta, ok := c.Arg("meta").(*pyeval.Class)
	if !ok {
		return nil, pyeval.Errorf(pyeval.TypeError, "EnumMeta.__new__(X): X is not a type object")
	}
	k, err := t.NewType(meta, c.Str("name"), c.Elems("bases"), ns)
	if err != nil {
		return nil, err
	}
	m := &enumMaker{t: t, class: k, autos: map[pyeval.Value]pyeval.Value{}, all: pyeval.NewDict()}
	k.Set(membersName, m.all)
	for _, name := range names {
		if err := m.add(name, values[name]); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// isMember reports whether a name of the class's body becomes a member.
func isMember(name string, v pyeval.Value) bool {
	if strings.HasPrefix(name, "_") {
		return false
	}
	switch v := v.(type) {
	case *pyeval.Function, *pyeval.Property, *pyeval.StaticMethod, *pyeval.ClassMethod, *pyeval.Class, *pyeval.Native:
		return false
	case *pyeval.Instance:
		return v.Class().Lookup("__get__") == nil
	}
	return true
}

// enumMaker makes the members of one class in their order.
type enumMaker struct {
	t     *pyeval.Thread
	class *pyeval.Class
	all   *pyeval.Dict
	autos map[pyeval.Value]pyeval.Value // what each auto() has become
	last  []pyeval.Value                // the values so far
}

func (m *enumMaker) add(name string, v pyeval.Value) error {
	v, err := m.resolve(name, v)
	if err != nil {
		return err
	}
	made, err := m.member(name, v)
	if err != nil {
		return err
	}
	value, _ := made.Dict().GetStr("_value_")
	m.last = append(m.last, value)
	m.all.SetStr(name, made)
	m.class.Set(name, made)
	return nil
}

// operation is what an operator makes of auto() before its value is known.
type operation struct {
	op   string
	a, b pyeval.Value
}

func init() {
	for op, name := range (pyeval.Named[string]{{"|", "or"}, {"&", "and"}, {"^", "xor"}}).All() {
		autoClass.Def("__"+name+"__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			return autoClass.Make(operation{op, c.Self(), c.Arg("other")}), nil
		})
		autoClass.Def("__r"+name+"__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			return autoClass.Make(operation{op, c.Arg("other"), c.Self()}), nil
		})
	}
}

// resolve puts values in place of auto().
func (m *enumMaker) resolve(name string, v pyeval.Value) (pyeval.Value, error) {
	if tuple, ok := v.(*pyeval.Tuple); ok {
		elems := make([]pyeval.Value, len(tuple.Elems()))
		for i, e := range tuple.Elems() {
			r, err := m.resolve(name, e)
			if err != nil {
				return nil, err
			}
			elems[i] = r
		}
		return pyeval.NewTuple(elems...), nil
	}
	if v.Class() != autoClass {
		return v, nil
	}
	if known, ok := m.autos[v]; ok {
		return known, nil
	}
	var out pyeval.Value
	var err error
	if o, ok := pyeval.Data[operation](v); ok {
		a, err := m.resolve(name, o.a)
		if err != nil {
			return nil, err
		}
		b, err := m.resolve(name, o.b)
		if err != nil {
			return nil, err
		}
		out, err = m.t.Binary(o.op, a, b)
		if err != nil {
			return nil, err
		}
	} else if out, err = m.next(name); err != nil {
		return nil, err
	}
	m.autos[v] = out
	return out, nil
}

// next is the value of auto(): by the class's _generate_next_value_, the name
// of a StrEnum's member, the next bit of a flag, or one more than the largest.
func (m *enumMaker) next(name string) (pyeval.Value, error) {
	if f := m.class.Lookup("_generate_next_value_"); f != nil {
		if s, ok := f.(*pyeval.StaticMethod); ok {
			f = s.Func()
		}
		return m.t.Call(f, pyeval.NewStr(name), pyeval.NewInt(1), pyeval.NewInt(int64(len(m.last))), pyeval.NewList(m.last...))
	}
	if m.class.IsA(strEnumClass) {
		return pyeval.NewStr(strings.ToLower(name)), nil
	}
	var largest int64
	for _, v := range m.last {
		n, ok := pyeval.Builtin(v).(pyeval.Int)
		k, fits := n.Int64()
		if !ok || !fits {
			continue
		}
		largest = max(largest, k)
	}
	if !m.class.IsA(flagClass) {
		return pyeval.NewInt(largest + 1), nil
	}
	bit := int64(1)
	for bit <= largest {
		bit <<= 1
	}
	return pyeval.NewInt(bit), nil
}

// member makes a member, or finds the one with the same value.
func (m *enumMaker) member(name string, v pyeval.Value) (*pyeval.Instance, error) {
	i, v, err := m.object(v)
	if err != nil {
		return nil, err
	}
	for _, other := range distinct(m.class) {
		old, ok := other.(*pyeval.Instance)
		if !ok {
			continue
		}
		value, _ := old.Dict().GetStr("_value_")
		if same, err := m.t.Equal(value, v); same || err != nil {
			return old, err
		}
	}
	nameMember(i, name, v)
	if init := m.class.Lookup("__init__"); init != nil && init != pyeval.ObjectClass.Lookup("__init__") {
		args := []pyeval.Value{i}
		if tuple, ok := v.(*pyeval.Tuple); ok {
			args = append(args, tuple.Elems()...)
		} else {
			args = append(args, v)
		}
		if _, err := m.t.Call(init, args...); err != nil {
			return nil, err
		}
	}
	return i, nil
}

func nameMember(i *pyeval.Instance, name string, v pyeval.Value) {
	var shown pyeval.Value = pyeval.None
	if name != "" {
		shown = pyeval.NewStr(name)
	}
	for _, attr := range []string{"name", "_name_"} {
		i.Dict().SetStr(attr, shown)
	}
	for _, attr := range []string{"value", "_value_"} {
		i.Dict().SetStr(attr, v)
	}
}

// object makes the member's object and its value: by the script's __new__, or
// as one of the built-in class that the enum derives from.
func (m *enumMaker) object(v pyeval.Value) (*pyeval.Instance, pyeval.Value, error) {
	args := []pyeval.Value{v}
	if tuple, ok := v.(*pyeval.Tuple); ok {
		args = tuple.Elems()
	}
	if s, ok := m.class.Lookup("__new__").(*pyeval.StaticMethod); ok {
		if f, own := s.Func().(*pyeval.Function); own {
			made, err := m.t.Call(f, append([]pyeval.Value{m.class}, args...)...)
			if err != nil {
				return nil, nil, err
			}
			i, ok := made.(*pyeval.Instance)
			if !ok {
				return nil, nil, pyeval.Errorf(pyeval.TypeError, "__new__ of an enum must return a member")
			}
			if set, ok := i.Dict().GetStr("_value_"); ok {
				v = set
			}
			return i, v, nil
		}
	}
	for _, b := range []*pyeval.Class{pyeval.StrClass, pyeval.IntClass, pyeval.FloatClass} {
		if m.class.IsA(b) {
			x, err := m.t.Call(b, args...)
			if err != nil {
				return nil, nil, err
			}
			return pyeval.Derived(m.class, x), x, nil
		}
	}
	return m.class.Make(nil), v, nil
}

// unique refuses a class with two names for one value.
func unique(c *pyeval.Call) (pyeval.Value, error) {
	var twice []string
	for name, m := range members(c.Arg("cls")).Items() {
		i, ok := m.(*pyeval.Instance)
		if !ok {
			continue
		}
		if own, _ := i.Dict().GetStr("_name_"); textOf(own) != textOf(name) {
			twice = append(twice, textOf(name)+" -> "+textOf(own))
		}
	}
	if twice == nil {
		return c.Arg("cls"), nil
	}
	s, err := c.Thread.Repr(c.Arg("cls"))
	if err != nil {
		return nil, err
	}
	return nil, pyeval.Errorf(pyeval.ValueError, "duplicate values found in %s: %s", s, strings.Join(twice, ", "))
}

// enumOfNames is Enum("Color", "RED GREEN"): names in a text or a list, or
// pairs of names and values.
func enumOfNames(c *pyeval.Call, k *pyeval.Class) (pyeval.Value, error) {
	names := c.Arg("names")
	if s, ok := names.(*pyeval.Str); ok {
		names = strs(strings.Fields(strings.ReplaceAll(s.String(), ",", " ")))
	}
	if d, ok := names.(*pyeval.Dict); ok {
		pairs := pyeval.NewList()
		for name, v := range d.Items() {
			pairs.Append(pyeval.NewTuple(name, v))
		}
		names = pairs
	}
	list, err := c.Thread.Iterate(names)
	if err != nil {
		return nil, err
	}
	ns := pyeval.NewDict()
	for i, e := range list {
		if _, ok := e.(*pyeval.Str); ok {
			ns.SetStr(textOf(e), pyeval.NewInt(c.Int("start")+int64(i)))
			continue
		}
		pair, err := c.Thread.Iterate(e)
		if err != nil {
			return nil, err
		}
		if len(pair) != 2 {
			return nil, pyeval.Errorf(pyeval.ValueError, "a member needs a name and a value")
		}
		ns.SetStr(textOf(pair[0]), pair[1])
	}
	bases := []pyeval.Value{k}
	if c.Arg("type") != pyeval.None {
		bases = []pyeval.Value{c.Arg("type"), k}
	}
	return c.Thread.Call(k.Class(), c.Arg("value"), pyeval.NewTuple(bases...), ns)
}
