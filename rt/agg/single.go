package agg

import (
	"errors"

	"pyfc/rt/fn"
	"pyfc/rt/val"
)

var errSeveral = errors.New("the query must yield one row, but there are more")

// SingleValue is the value of the only row, for sub-queries that stand for a
// value.
type SingleValue struct {
	V val.Datum
	N int64 // rows
}

// Add takes a row in; there must be one only.
func (s *SingleValue) Add(v val.Datum) error {
	if s.N > 0 {
		return errSeveral
	}
	s.V = v.Keep()
	s.N++
	return nil
}

// Retract takes a row back.
func (s *SingleValue) Retract(v val.Datum) {
	s.V = val.Datum{}
	s.N--
}

// Value returns the value, and false when it is NULL or there is no row.
func (s *SingleValue) Value() (val.Datum, bool) { return s.V, s.N != 0 && !s.V.Null }

// AppendState implements State.
func (s *SingleValue) AppendState(dst []byte) []byte {
	return val.EncodeDatum(val.EncodeInt(dst, s.N), s.V)
}

// ReadState implements State.
func (s *SingleValue) ReadState(src []byte) ([]byte, error) {
	src, err := val.DecodeInt(src, &s.N)
	if err == nil {
		src, err = val.DecodeDatum(src, &s.V)
	}
	return src, err
}

// SingleValueDecl declares SINGLE_VALUE.
var SingleValueDecl = Decl{Name: "SINGLE_VALUE", Doc: "The value of the only row; the job fails if there are more.",
	Overloads: []Overload{{Params: []fn.Param{fn.Any}, Result: sameNullable, Acc: SingleValue{}}}}
