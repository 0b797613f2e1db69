package pyeval

import (
	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// stage says what an operation does with a value that is known only at start.
type stage uint8

const (
	needsInput stage = iota // looks into the value: the build needs it
	kept                    // the result is symbolic, its text known in part
	atStart                 // recorded, and applied when the job starts
)

// symTable is the closed table of operations on symbolic values: every method
// of str, every operator and every builtin that looks at its argument has an
// entry; a test walks them. Operations that are applied at start are named in
// SymPart.Op by their entry.
var symTable = map[string]stage{
	// Operators and protocols.
	"+": kept, "*": needsInput, "%": kept, "-": needsInput, "/": needsInput, "//": needsInput, "**": needsInput,
	"@": needsInput, "<<": needsInput, ">>": needsInput, "&": needsInput, "|": needsInput, "^": needsInput,
	"==": needsInput, "!=": needsInput, "<": needsInput, "<=": needsInput, ">": needsInput, ">=": needsInput,
	"neg": needsInput, "pos": needsInput, "invert": needsInput, "not": needsInput, "truth": needsInput,
	"or": atStart, "default": atStart, "in": needsInput, "index": needsInput, "iter": needsInput, "hash": needsInput, "call": needsInput,
	"is None":  kept, // known where the input has a default
	"f-string": kept, "format spec": needsInput, "%s": kept, "%d": needsInput,
	// Builtins.
	"str": kept, "print": kept, "int": atStart, "float": atStart, "bool": needsInput, "repr": needsInput,
	"len": needsInput, "isinstance": kept, "type": kept, "os.path.join": atStart,
	// Methods of str.
	"str.join": kept, "str.format": kept,
	"str.strip": atStart, "str.lstrip": atStart, "str.rstrip": atStart, "str.lower": atStart, "str.upper": atStart,
	"str.replace":    atStart,
	"str.capitalize": needsInput, "str.casefold": needsInput, "str.center": needsInput, "str.count": needsInput,
	"str.encode": needsInput, "str.endswith": needsInput, "str.expandtabs": needsInput, "str.find": needsInput,
	"str.format_map": needsInput, "str.index": needsInput, "str.isalnum": needsInput, "str.isalpha": needsInput,
	"str.isascii": needsInput, "str.isdecimal": needsInput, "str.isdigit": needsInput, "str.isidentifier": needsInput,
	"str.islower": needsInput, "str.isnumeric": needsInput, "str.isprintable": needsInput, "str.isspace": needsInput,
	"str.istitle": needsInput, "str.isupper": needsInput, "str.ljust": needsInput, "str.partition": needsInput,
	"str.removeprefix": needsInput, "str.removesuffix": needsInput, "str.rfind": needsInput, "str.rindex": needsInput,
	"str.rjust": needsInput, "str.rpartition": needsInput, "str.rsplit": needsInput, "str.split": needsInput,
	"str.splitlines": needsInput, "str.startswith": needsInput, "str.swapcase": needsInput, "str.title": needsInput,
	"str.__len__": needsInput, "str.__iter__": needsInput, "str.__contains__": needsInput, "str.__getitem__": needsInput,
	"str.__eq__": needsInput, "str.__ne__": needsInput, "str.__rmul__": needsInput,
	"str.__add__": needsInput, "str.__mul__": needsInput, "str.__mod__": needsInput, "str.__lt__": needsInput,
	"str.__le__": needsInput, "str.__gt__": needsInput, "str.__ge__": needsInput,
	"str.translate": needsInput, "str.zfill": needsInput, "str.maketrans": needsInput,
}

// asStr is str(s): the parts stay, only the kind changes. The text of a number
// is that of the parsed value, so the conversion stays in the tree.
func (s *Sym) asStr(where pyast.Span) Value {
	if s.Kind == SymStr {
		return s
	}
	return &Sym{Parts: []SymPart{{Op: "str", Args: []Value{s}}}, Where: where}
}

// NewSym makes a symbolic str of one input.
func NewSym(in *Input, where pyast.Span) *Sym {
	return &Sym{Parts: []SymPart{{Input: in}}, Where: where}
}

// ApplyAtStart makes the symbolic result of an operation of the table that is
// applied at start.
func (t *Thread) ApplyAtStart(op string, kind SymKind, args ...Value) (*Sym, error) {
	if symTable[op] != atStart {
		return nil, diag.New(diag.InternalError, diag.Pos{}, "operation %s isn't one that is applied at start", op)
	}
	for _, a := range args {
		if o, ok := a.(*Opaque); ok {
			return nil, o.Refuse("is mixed with a value that is known at start")
		}
	}
	return &Sym{Kind: kind, Parts: []SymPart{{Op: op, Args: args}}, Where: t.Where()}, nil
}

// symAttr is a method of a symbolic value.
func (t *Thread) symAttr(s *Sym, name string) (Value, error) {
	if name == "__class__" {
		return s.Class(), nil
	}
	m, ok := s.Class().Lookup(name).(*Native)
	if !ok {
		return nil, nil
	}
	if s.Kind != SymStr || symTable["str."+name] == needsInput {
		v, err := t.Assume(s, "."+name+"()")
		if err != nil {
			return nil, err
		}
		return t.attr(v, name)
	}
	return &BoundMethod{s, m}, nil
}

// symMethod is the call of a str method that the table keeps or applies at
// start, where the text or an argument is symbolic.
func symMethod(c *Call, op string) (Value, error) {
	args := make([]Value, 0, len(c.slots))
	for _, v := range c.slots {
		switch v.(type) {
		case nil:
		case *Str, *Sym, Int, NoneType, *Opaque:
			args = append(args, v)
		default:
			return nil, Errorf(TypeError, "%s() argument must be str, not %s", op, v.Class().name)
		}
	}
	return c.Thread.ApplyAtStart(op, SymStr, args...)
}

// symBinary is an operator with a symbolic operand.
func (t *Thread) symBinary(op string, a, b Value) (Value, error) {
	if op == "+" && isText(a) && isText(b) {
		var out textBuilder
		out.add(a)
		out.add(b)
		return out.value(t.Where()), nil
	}
	if s, ok := plain(a).(*Str); ok && op == "%" {
		return t.percent(s, b)
	}
	for _, v := range []Value{a, b} {
		if s, ok := v.(*Sym); ok {
			if x := other(a, b, v); op == "+" && s.Kind == SymStr && !isText(x) {
				return nil, sequenceError(op, NewStr(""), x)
			}
			known, err := t.Assume(s, "operator "+op)
			if err != nil {
				return nil, err
			}
			if v == a {
				return t.Binary(op, known, b)
			}
			return t.Binary(op, a, known)
		}
	}
	return nil, nil
}

func other(a, b, v Value) Value {
	if v == a {
		return b
	}
	return a
}

// isText reports whether a value is a str, now or at start.
func isText(v Value) bool {
	switch v := plain(v).(type) {
	case *Str:
		return true
	case *Sym:
		return v.Kind == SymStr
	}
	return false
}

// symCompare is a comparison with a symbolic operand. None differs from every
// text, which is all that is known.
func (t *Thread) symCompare(op string, a, b Value) (Value, error) {
	if (op == "==" || op == "!=") && (a == None || b == None) {
		same, err := t.symIsNone(a, b)
		return Bool(same == (op == "==")), err
	}
	for _, v := range []Value{a, b} {
		if s, ok := v.(*Sym); ok {
			known, err := t.Assume(s, "the comparison "+op)
			if err != nil {
				return nil, err
			}
			if v == a {
				return t.Compare(op, known, b)
			}
			return t.Compare(op, a, known)
		}
	}
	return nil, nil
}

// symIsNone is s is None: False for every text that is there at start in any
// case; an optional input without a default must be known.
func (t *Thread) symIsNone(a, b Value) (bool, error) {
	s, ok := a.(*Sym)
	if !ok {
		s = b.(*Sym)
	}
	if len(s.Parts) == 1 && s.Parts[0].Input != nil && s.Parts[0].Input.Optional {
		d := s.Needs("the comparison with None")
		d.Code = diag.InputMissing
		v, err := t.assumed(s, d)
		return v == None, err
	}
	return false, nil
}

// symTruth is bool(s): true when a part of the text is known.
func (t *Thread) symTruth(s *Sym, what string) (bool, error) {
	for _, p := range s.Parts {
		if s.Kind == SymStr && p.Lit != nil && p.Lit.s != "" {
			return true, nil
		}
	}
	v, err := t.Assume(s, what)
	if err != nil {
		return false, err
	}
	return t.Truth(v, what)
}

// optional is the only part of a symbolic value if that is an input that may be
// missing.
func (s *Sym) optional() *Input {
	if len(s.Parts) == 1 && s.Kind == SymStr && s.Parts[0].Input != nil && s.Parts[0].Input.Optional {
		return s.Parts[0].Input
	}
	return nil
}

// symOr is s or x, where s is symbolic and x the operand after i: the first
// text that isn't empty, chosen at start.
func (t *Thread) symOr(s *Sym, e *pyast.BoolOp, i int) (Value, error) {
	if i != len(e.Values)-2 || s.Kind != SymStr {
		return t.symOrAssumed(s, e, i)
	}
	x, err := t.eval(e.Values[i+1])
	if err != nil {
		return nil, err
	}
	if !isText(x) {
		if in := s.optional(); in != nil { // where it is given, the type is another
			baked := *in
			baked.Baked = true
			t.Interp().Declare(baked, e.Values[i].Where())
			return x, nil
		}
		v, err := t.Assume(s, "operator or")
		if err = t.settle(err, e.Values[i].Where()); err != nil {
			return nil, err
		}
		if yes, err := t.Truth(v, "operator or"); yes || err != nil {
			return v, err
		}
		return x, nil
	}
	t.frame.at = e.Span
	return t.ApplyAtStart("or", SymStr, s, x)
}

// symOrAssumed is the operator or from operand i on, whose value s must be
// known.
func (t *Thread) symOrAssumed(s *Sym, e *pyast.BoolOp, i int) (Value, error) {
	v, err := t.Assume(s, "operator or")
	if err = t.settle(err, e.Values[i].Where()); err != nil {
		return nil, err
	}
	if yes, err := t.Truth(v, "operator or"); yes || err != nil {
		return v, err
	}
	rest := *e
	rest.Values = e.Values[i+1:]
	if len(rest.Values) == 1 {
		return t.eval(rest.Values[0])
	}
	return t.eval(&rest)
}
