// Package agg holds Flink's aggregate functions: accumulators and their
// declarations side by side. An accumulator is a plain struct that generated
// code embeds by value; its zero value is the empty group.
package agg

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/fn"
)

// Decl declares an aggregate function.
type Decl struct {
	Name    string // upper case
	Aliases []string
	Doc     string
	// Overloads are tried in order; the first that takes the arguments is it.
	Overloads []Overload
	// Idempotent says that taking a value in again changes nothing, so that
	// DISTINCT doesn't either.
	Idempotent bool
}

// For finds the overload for the arguments, none for COUNT(*).
func (d *Decl) For(args []fn.Arg) (*Overload, bool) {
	for i := range d.Overloads {
		if d.Overloads[i].Accepts(args) {
			return &d.Overloads[i], true
		}
	}
	return nil, false
}

// Overload is one signature with its accumulators.
type Overload struct {
	// Params says for each argument which types it takes.
	Params []fn.Param
	// Result is the type for given arguments, nullable if none of them were a
	// value.
	Result func(args []fn.Arg) types.Type
	// Acc is the zero value of the accumulator for inputs that only insert. Of a
	// generic type any instance will do: the code generator takes the one for
	// the first argument's Go type. Its pointer has these methods:
	//
	//	Add(args…) [error]        takes a row in
	//	Retract(args…) [error]    takes a row back; only where the function can
	//	Value(…) (value, bool)    the result so far; false where it is NULL
	//	AppendState, ReadState    State
	//	Bytes() int               what it keeps outside of itself, in bytes,
	//	                          roughly; only where that grows with the rows.
	//	                          What a row views isn't counted: who adds it
	//	                          knows
	//
	// Add and Retract get the Go values of the arguments: all, or as many as
	// they take. A val.Datum takes a value of any type and sees NULL; a row with
	// NULL for another argument is passed over. Behind the arguments they may
	// take *types.Types, those of the arguments or of as many as they want. An
	// argument is only valid during the call: what is kept is cloned. An error
	// fails the job. Nil for a function that the binder makes of others.
	//
	// Value may take a *val.Arena for what it makes, and behind it the types of
	// the arguments and the result: as val.Shapes or *types.Types, all or the
	// last ones. The value may be a val.Datum. It is valid until the accumulator
	// changes, or as long as the arena.
	Acc any
	// Retracting is the accumulator for inputs that take rows back; nil where
	// that is Acc, or there is none.
	Retracting any
	// Overflows says that the result can be NULL although there are values: they
	// are too large.
	Overflows bool
}

// Takes says as messages do what a function with so many parameters takes; ""
// where it can't have so many.
func (d *Decl) Takes(params int) string {
	var out []string
	for _, o := range d.Overloads {
		names := make([]string, len(o.Params))
		for i, p := range o.Params {
			names[i] = p.String()
		}
		if text := strings.Join(names, " and "); len(names) == params && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return strings.Join(out, ", or ")
}

// Arity says how many arguments the function takes by name, as messages do.
func (d *Decl) Arity() string {
	most := 1
	for _, o := range d.Overloads {
		most = max(most, len(o.Params))
	}
	least := most
	for _, o := range d.Overloads {
		if n := len(o.Params); n > 0 {
			least = min(least, n)
		}
	}
	switch {
	case least < most:
		return fmt.Sprintf("%d or %d arguments", least, most)
	case most == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", most)
}

// Accepts reports whether the signature takes the arguments.
func (o *Overload) Accepts(args []fn.Arg) bool {
	if len(args) != len(o.Params) {
		return false
	}
	for i, a := range args {
		if !o.Params[i].Accepts(a) {
			return false
		}
	}
	return true
}

// For is the accumulator for an input that does or doesn't take rows back; nil
// where there is none.
func (o *Overload) For(updating bool) any {
	switch {
	case !updating:
		return o.Acc
	case o.Retracting != nil:
		return o.Retracting
	case retracts(o.Acc):
		return o.Acc
	}
	return nil
}

// State is the part of an accumulator that checkpoints use.
type State interface {
	// AppendState encodes the accumulator behind dst.
	AppendState(dst []byte) []byte
	// ReadState decodes it and returns the rest of src.
	ReadState(src []byte) ([]byte, error)
}

var errShortState = errors.New("state: accumulator is cut off")

func readVarint(src []byte, v *int64) ([]byte, error) {
	x, n := binary.Varint(src)
	if n <= 0 {
		return nil, errShortState
	}
	*v = x
	return src[n:], nil
}

// The classes of numbers whose accumulators differ.
var (
	integers     = fn.NewParam(aNumber, types.Type.Integer)
	approximates = fn.NewParam(aNumber, types.Type.Approximate)
	decimals     = fn.NewParam(aNumber, func(t types.Type) bool { return t.Kind == types.Decimal })
)

const aNumber = "a number"

// The result types that several functions have.

func sameNullable(args []fn.Arg) types.Type { return args[0].WithNull(true) }

func sameAsArgument(args []fn.Arg) types.Type { return args[0].Type }

func bigintNotNull([]fn.Arg) types.Type { return types.Of(types.BigInt).NotNull() }
