// Package agg holds Flink's aggregate functions: accumulators and their
// declarations side by side. An accumulator is a plain struct that generated
// code embeds by value; its zero value is the empty group.
package agg

import (
	"encoding/binary"
	"errors"

	"pyfc/ir/types"
)

// Decl declares an aggregate function.
type Decl struct {
	Name    string // upper case
	Aliases []string
	Doc     string
	// Overloads are tried in order.
	Overloads []Overload
	// Idempotent says that taking a value in again changes nothing, so that
	// DISTINCT doesn't either.
	Idempotent bool
}

// For finds the overload for an argument of the given kind; Invalid stands for
// the * of COUNT(*).
func (d *Decl) For(arg types.Kind) (*Overload, bool) {
	if arg == types.Char {
		arg = types.VarChar
	}
	for i := range d.Overloads {
		if o := &d.Overloads[i]; o.Arg == arg || o.Arg == types.Null && arg != types.Invalid {
			return o, true
		}
	}
	return nil, false
}

// Overload is one signature with its accumulator.
type Overload struct {
	// Arg is the kind of the argument; Invalid for COUNT(*), Null for any.
	Arg types.Kind
	// Result is the type for the argument's type.
	Result func(arg types.Type) types.Type
	// Acc is the accumulator's zero value. Its pointer has the methods of
	// Accumulator over the argument's Go type (or none, for COUNT). Value may
	// take precision and scale of argument and result as two val.Shapes.
	Acc any
	// Overflows says that the result can be NULL although there are values: they
	// are too large.
	Overflows bool
	// Retracts says that the accumulator can take values back.
	Retracts bool
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
