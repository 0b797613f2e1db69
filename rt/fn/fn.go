// Package fn holds Flink's scalar functions and operators: each file has
// implementations and their declarations side by side. The compiler reads the
// declarations through rt/fn/list.
package fn

import "pyfc/ir/types"

// Decl declares a function or operator.
type Decl struct {
	Name    string // upper case; operators by their symbol
	Aliases []string
	Doc     string
	// Overloads are tried in order; the first that takes the arguments is it.
	Overloads []Overload
	// Examples are run by a test and were recorded from PyFlink 1.20.1.
	Examples []Example
}

// Overload is one signature with its implementation.
type Overload struct {
	// Params says for each argument which types it takes.
	Params []Param
	// Unify casts all arguments to their common type before the call.
	Unify bool
	// Result is the type for given, already coerced argument types, if none of
	// the values is NULL; it is nullable where even then the result can be.
	Result func(args []types.Type) types.Type
	Null   NullRule
	// Impls are the Go functions that compute the result, one for each tuple
	// of Go argument types; usually instances of one generic function.
	//
	// Before the arguments, an implementation may take the *val.Arena for a
	// result that is made of new bytes. Behind them, it may take precision and
	// scale of the types that it computes with as val.Shapes: one, that of the
	// result; or one for each argument and then that of the result.
	//
	// After the result it may return a bool that is false where the result is
	// NULL although no argument is, and last an error that fails the job. The
	// result is then its type's zero value.
	//
	// Nil for the null rules that the code generator expands itself.
	Impls []any
}

// Accepts reports whether the signature takes arguments of these types.
func (o *Overload) Accepts(args []types.Type) bool {
	if len(o.Params) != len(args) {
		return false
	}
	for i, p := range o.Params {
		if !p.Accepts(args[i]) {
			return false
		}
	}
	return true
}

// Type is the type of a call with arguments of these types, which the
// signature must take.
func (o *Overload) Type(args []types.Type) types.Type {
	t := o.Result(args)
	if o.Null == IsNull || o.Null == IsNotNull {
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
	// And and Or are the three-valued connectives.
	And
	Or
	// IsNull and IsNotNull look at nothing but the null bit.
	IsNull
	IsNotNull
)

// Param is the class of types that a parameter takes.
type Param uint8

// The classes.
const (
	Any Param = iota
	Numeric
	Integer
	Approximate
	Text
	Boolean
	Comparable
	Decimal
)

// Accepts reports whether the class takes the type.
func (p Param) Accepts(t types.Type) bool {
	switch p {
	case Numeric:
		return t.Numeric()
	case Integer:
		return t.Integer()
	case Approximate:
		return t.Approximate()
	case Text:
		return t.Text()
	case Boolean:
		return t.Kind == types.Boolean
	case Decimal:
		return t.Kind == types.Decimal
	case Comparable:
		return t.Numeric() || t.Text() || t.Kind == types.Boolean
	}
	return true
}

// String names the class as messages do.
func (p Param) String() string {
	return [...]string{"any type", "a number", "an integer", "FLOAT or DOUBLE", "a string", "BOOLEAN", "a comparable type", "DECIMAL"}[p]
}

func sameAsFirst(args []types.Type) types.Type { return args[0].NotNull() }

func alwaysBoolean([]types.Type) types.Type { return types.Of(types.Boolean).NotNull() }

func alwaysInt([]types.Type) types.Type { return types.Of(types.Int).NotNull() }

func alwaysString([]types.Type) types.Type { return types.String().NotNull() }
