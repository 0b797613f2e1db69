// Package fn holds Flink's scalar functions and operators: each file has
// implementations and their declarations side by side. The compiler reads the
// declarations through rt/fn/list.
package fn

import (
	"strings"

	"pyfc/ir/types"
)

// Decl declares a function or operator.
type Decl struct {
	Name    string // upper case; operators by their symbol
	Aliases []string
	Doc     string
	// Volatile functions give another result each time: they aren't computed at
	// compile time, and equal calls aren't shared.
	Volatile bool
	// Overloads are tried in order; the first that takes the arguments is it.
	Overloads []Overload
	// Examples are run by a test and were recorded from PyFlink 1.20.1.
	Examples []Example
}

// Overload is one signature with its implementation.
type Overload struct {
	// Params says for each argument which types it takes.
	Params []Param
	// Variadic says that the last parameter may be there any number of times,
	// also none.
	Variadic bool
	// Unify casts all arguments to their common type before the call.
	Unify bool
	// Coerce, if not nil, has the last word on which arguments the signature
	// takes, and says to which types they are cast before the call.
	Coerce func(args []Arg) (as []types.Type, ok bool)
	// Check, if not nil, says what is wrong with constants among the arguments that
	// PyFlink 1.20.1 refuses before the job starts.
	Check func(args []Arg) error
	// Result is the type for given, already coerced arguments, if none of the
	// values is NULL; it is nullable where even then the result can be. With the
	// null rule Called it says all of the result's nullability.
	Result func(args []Arg) types.Type
	Null   NullRule
	// Impls are the Go functions that compute the result, one for each tuple
	// of Go argument types; usually instances of one generic function.
	//
	// Before the arguments, an implementation may take a pointer to a type of this
	// package, of which each call in a script has its own for all rows and
	// subtasks, zero to begin with; then the *val.Session, the *val.Progress, and
	// then the *val.Arena for a result that is made of new bytes. Among the
	// arguments a val.Datum, or a val.Typed, takes a value of any type and sees
	// NULL; the others are strict: where one is NULL, so is the result, and the
	// function isn't called. Behind the arguments it may take the types that it
	// computes with, as val.Shapes (precision and scale) or as *types.Types: one,
	// that of the result; or one for each argument and then that of the result.
	// The last argument may be variadic; the result's type then goes before the
	// arguments.
	//
	// The result may be a val.Datum of the result's type. After it may come a
	// bool that is false where the result is NULL although no argument is, and
	// last an error that fails the job. The result is then its type's zero
	// value.
	//
	// Nil for the null rules that the code generator expands itself.
	Impls []any
}

// Arg is an argument as a signature sees it: its type, and its value where
// that is a constant.
type Arg struct {
	types.Type
	Const bool
	// Value is that of a constant as ir.Const has it, nil for NULL.
	Value any
}

// Param is the class of argument n.
func (o *Overload) Param(n int) Param {
	if o.Variadic {
		n = min(n, len(o.Params)-1)
	}
	return o.Params[n]
}

// Takes reports whether the signature takes so many arguments.
func (o *Overload) Takes(n int) bool {
	return n == len(o.Params) || o.Variadic && n >= len(o.Params)-1
}

// Signature is the parameters as messages and pages write them.
func (o *Overload) Signature() string {
	if len(o.Params) == 0 {
		return "nothing"
	}
	names := make([]string, len(o.Params))
	for i, p := range o.Params {
		names[i] = p.String()
	}
	text := strings.Join(names, " and ")
	if o.Variadic {
		text += " any number of times"
	}
	return text
}

// Accepts reports whether the signature takes the arguments.
func (o *Overload) Accepts(args []Arg) bool {
	_, ok := o.Conversions(args)
	return ok
}

// Conversions are the types that the arguments are cast to before the call,
// but for Unify; false where the signature doesn't take them.
func (o *Overload) Conversions(args []Arg) ([]types.Type, bool) {
	if !o.Takes(len(args)) {
		return nil, false
	}
	out := make([]types.Type, len(args))
	for i, a := range args {
		p := o.Param(i)
		if !p.Accepts(a) {
			return nil, false
		}
		out[i] = p.become(a.Type)
	}
	if o.Coerce != nil {
		return o.Coerce(args)
	}
	return out, true
}

// Type is the type of a call with these arguments, which the signature must
// take.
func (o *Overload) Type(args []Arg) types.Type {
	t := o.Result(args)
	switch o.Null {
	case IsNull, IsNotNull, Called:
		return t
	}
	for _, a := range args {
		t.Nullable = t.Nullable || a.Nullable
	}
	return t
}

// Example is an SQL expression and its value cast to STRING; "NULL" for NULL.
type Example struct{ SQL, Want string }

// NullRule says how a function treats NULL arguments.
type NullRule uint8

// The null rules.
const (
	// Strict yields NULL when any argument is NULL; the implementation never
	// sees one.
	Strict NullRule = iota
	// Called leaves NULL arguments to the implementation, where its parameters
	// are Datums.
	Called
	// And and Or are the three-valued connectives.
	And
	Or
	// IsNull and IsNotNull look at nothing but the null bit.
	IsNull
	IsNotNull
)

// Param is the class of types that a parameter takes, and what becomes of
// them.
type Param struct {
	name    string
	accepts func(types.Type) bool
	as      func(types.Type) types.Type // nil: as it is
	null    types.Kind                  // what NULL without a type is taken for; Invalid: NULL isn't taken
	literal bool
	value   func(any) bool // of the constant; nil: any
}

// NewParam makes a class. The name follows "takes" in messages.
func NewParam(name string, accepts func(types.Type) bool) Param {
	return Param{name: name, accepts: accepts}
}

// As is the class with its arguments cast to another type first.
func (p Param) As(as func(types.Type) types.Type) Param {
	p.as = as
	return p
}

// AsKind is the class with its arguments cast to the kind's plain type.
func (p Param) AsKind(k types.Kind) Param {
	return p.As(func(types.Type) types.Type { return types.Of(k) })
}

// Literal is the class restricted to constants.
func (p Param) Literal() Param {
	p.literal = true
	p.name += " literal"
	return p
}

// WithValue is the class restricted to constants whose value is accepted.
func (p Param) WithValue(accepts func(any) bool) Param {
	p.literal, p.value = true, accepts
	return p
}

// OrNull is the class with NULL that has no type, taken for one of kind k; of
// kind Null it stays what it is, for an implementation that takes Datums.
func (p Param) OrNull(k types.Kind) Param {
	p.null = k
	return p
}

// Accepts reports whether the class takes the argument.
func (p Param) Accepts(a Arg) bool {
	if p.literal && !a.Const || p.value != nil && !p.value(a.Value) {
		return false
	}
	if a.Kind == types.Null {
		return p.null != types.Invalid
	}
	return p.accepts(a.Type)
}

// TakesNull reports whether NULL without a type can be the argument.
func (p Param) TakesNull() bool { return p.null != types.Invalid }

// become is the type that an argument which the class takes is cast to.
func (p Param) become(t types.Type) types.Type {
	nullable := t.Nullable
	if t.Kind == types.Null {
		t = types.Of(p.null)
	}
	if p.as != nil {
		t = p.as(t)
	}
	return t.WithNull(nullable)
}

// String names the class as messages do.
func (p Param) String() string { return p.name }

// The classes.
var (
	Any         = NewParam("any type", func(types.Type) bool { return true }).OrNull(types.Null)
	Numeric     = NewParam("a number", types.Type.Numeric)
	Integer     = NewParam("an integer", types.Type.Integer)
	Exact       = NewParam("an exact number", func(t types.Type) bool { return t.Numeric() && !t.Approximate() })
	Approximate = NewParam("FLOAT or DOUBLE", types.Type.Approximate)
	Text        = NewParam("a string", types.Type.Text)
	Binary      = NewParam("a binary string", types.Type.Binary)
	Boolean     = kindParam(types.Boolean)
	Decimal     = kindParam(types.Decimal)
	Comparable  = NewParam("a comparable type", func(t types.Type) bool {
		return t.Numeric() || t.Text() || t.Binary() || t.Temporal() || t.Kind == types.Boolean
	})
	// Double takes any number and makes it DOUBLE.
	Double = Numeric.AsKind(types.Double)
	Array  = kindParam(types.Array)
	Map    = kindParam(types.Map)
	Row    = kindParam(types.Row)
)

func kindParam(k types.Kind) Param {
	return NewParam(k.String(), func(t types.Type) bool { return t.Kind == k })
}

func sameAsFirst(args []Arg) types.Type { return args[0].NotNull() }

func alwaysBoolean([]Arg) types.Type { return types.Of(types.Boolean).NotNull() }

func alwaysInt([]Arg) types.Type { return types.Of(types.Int).NotNull() }

func alwaysString([]Arg) types.Type { return types.String().NotNull() }
