package stdlib

import (
	"math/bits"
	"strings"

	"pyfc/compiler/pyeval"
)

// pseudoName is the attribute of a flag class that keeps the combinations
// without a name.
const pseudoName = "_value2member_map_"

// bitsOf is a member's value.
func bitsOf(v pyeval.Value) (int64, bool) {
	i, ok := v.(*pyeval.Instance)
	if !ok {
		n, isInt := v.(pyeval.Int)
		k, fits := n.Int64()
		return k, isInt && fits
	}
	value, _ := i.Dict().GetStr("_value_")
	n, ok := pyeval.Builtin(orNone(value)).(pyeval.Int)
	k, fits := n.Int64()
	return k, ok && fits
}

// listed are the members that iteration gives: of a flag those of one bit.
func listed(v pyeval.Value) []pyeval.Value {
	k, ok := v.(*pyeval.Class)
	if !ok || !k.IsA(flagClass) {
		return distinct(v)
	}
	var out []pyeval.Value
	for _, m := range distinct(v) {
		if n, ok := bitsOf(m); ok && n > 0 && n&(n-1) == 0 {
			out = append(out, m)
		}
	}
	return out
}

// memberOf is the member of a value: Color(2).
func memberOf(t *pyeval.Thread, k *pyeval.Class, v pyeval.Value) (pyeval.Value, error) {
	for _, m := range distinct(k) {
		value, _ := m.(*pyeval.Instance).Dict().GetStr("_value_")
		same, err := t.Equal(value, v)
		if err != nil {
			return nil, err
		}
		if same || m == v {
			return m, nil
		}
	}
	if k.Lookup("_missing_") != nil {
		m, err := method(t, k, "_missing_", v)
		if err != nil || m != pyeval.None {
			return m, err
		}
	}
	if n, ok := bitsOf(v); ok && k.IsA(flagClass) {
		return flagOf(t, k, n)
	}
	s, err := t.Repr(v)
	if err != nil {
		return nil, err
	}
	return nil, pyeval.Errorf(pyeval.ValueError, "%s is not a valid %s", s, k.Qualname())
}

// invalidBits shows the bits that no member has below those that some have.
func invalidBits(k *pyeval.Class, given, all int64) error {
	width := max(bitLen(given), bitLen(all))
	return pyeval.Errorf(pyeval.ValueError, "<flag '%s'> invalid value %d\n    given 0b0 %0*b\n  allowed 0b0 %0*b", k.Name(), given, width, given, width, all)
}

func bitLen(n int64) int { return bits.Len64(uint64(n)) }

// flagOf is the member with these bits, made once.
func flagOf(t *pyeval.Thread, k *pyeval.Class, bits int64) (pyeval.Value, error) {
	var all int64
	for _, m := range distinct(k) {
		n, _ := bitsOf(m)
		if n == bits {
			return m, nil
		}
		all |= n
	}
	if bits < 0 {
		bits &= all
	}
	if bits&^all != 0 && !k.IsA(intFlagClass) {
		return nil, invalidBits(k, bits, all)
	}
	made, ok := k.Dict().GetStr(pseudoName)
	if !ok {
		made = pyeval.NewDict()
		k.Set(pseudoName, made)
	}
	known := made.(*pyeval.Dict)
	if m, err := known.Get(t, pyeval.NewInt(bits)); m != nil || err != nil {
		return m, err
	}
	m := k.Make(nil)
	if k.IsA(pyeval.IntClass) {
		m = pyeval.Derived(k, pyeval.NewInt(bits))
	}
	nameMember(m, combinedName(k, bits), pyeval.NewInt(bits))
	return m, known.Set(t, pyeval.NewInt(bits), m)
}

// combinedName joins the names of the bits; those without one are a number.
func combinedName(k *pyeval.Class, bits int64) string {
	var names []string
	for _, m := range listed(k) {
		if n, _ := bitsOf(m); n&bits != 0 {
			name, _ := m.(*pyeval.Instance).Dict().GetStr("_name_")
			names = append(names, textOf(name))
			bits &^= n
		}
	}
	if bits != 0 && names != nil {
		names = append(names, pyeval.NewInt(bits).String())
	}
	return strings.Join(names, "|")
}

func init() {
	for op, name := range (pyeval.Named[string]{{"|", "or"}, {"&", "and"}, {"^", "xor"}}).All() {
		combine := func(c *pyeval.Call) (pyeval.Value, error) {
			self := c.Args()[0]
			_, number := c.Arg("other").(pyeval.Int)
			if c.Arg("other").Class() != self.Class() && !(number && self.Class().IsA(intFlagClass)) {
				return pyeval.NotImplemented, nil
			}
			a, ok := bitsOf(self)
			b, ok2 := bitsOf(c.Arg("other"))
			if !ok || !ok2 {
				return pyeval.NotImplemented, nil
			}
			return flagOf(c.Thread, self.Class(), map[string]int64{"|": a | b, "&": a & b, "^": a ^ b}[op])
		}
		flagClass.Def("__"+name+"__(self, other, /)", combine)
		flagClass.Def("__r"+name+"__(self, other, /)", combine)
	}
	self := func(c *pyeval.Call) int64 {
		n, _ := bitsOf(c.Args()[0])
		return n
	}
	parts := func(c *pyeval.Call) []pyeval.Value {
		var out []pyeval.Value
		for _, m := range listed(c.Args()[0].Class()) {
			if n, _ := bitsOf(m); n&self(c) != 0 {
				out = append(out, m)
			}
		}
		return out
	}
	flagClass.Def("__invert__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return flagOf(c.Thread, c.Args()[0].Class(), ^self(c)) })
	flagClass.Def("__bool__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Bool(self(c) != 0), nil })
	flagClass.Def("__len__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(len(parts(c)))), nil })
	flagClass.Def("__iter__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		next, err := c.Thread.Iter(pyeval.NewList(parts(c)...))
		return pyeval.NewIterator(next), err
	})
	flagClass.Def("__contains__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		n, ok := bitsOf(c.Arg("other"))
		if !ok || c.Arg("other").Class() != c.Args()[0].Class() {
			return nil, pyeval.Errorf(pyeval.TypeError, "unsupported operand type(s) for 'in': '%s' and '%s'", c.Arg("other").Class().Name(), c.Args()[0].Class().Name())
		}
		return pyeval.Bool(n&self(c) == n), nil
	})
	flagClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		text := pyeval.NewInt(self(c)).String()
		if name := flagName(c); name != "" {
			text = name + ": " + text
		}
		return str("<" + c.Args()[0].Class().Qualname() + map[bool]string{true: ".", false: ": "}[strings.Contains(text, ":")] + text + ">")
	})
	flagClass.Def("__str__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		k := c.Args()[0].Class()
		switch name := flagName(c); {
		case k.IsA(intFlagClass):
			return str(pyeval.NewInt(self(c)).String())
		case name == "":
			return str(k.Qualname() + "(" + pyeval.NewInt(self(c)).String() + ")")
		default:
			return str(k.Qualname() + "." + name)
		}
	})
}

// flagName is the name of the call's flag, empty for one without bits.
func flagName(c *pyeval.Call) string {
	i, ok := c.Args()[0].(*pyeval.Instance)
	if !ok {
		return ""
	}
	name, _ := i.Dict().GetStr("_name_")
	return textOf(orNone(name))
}
