package agg

import (
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/val"
)

// anyValue is a value of any type that may be there.
type anyValue struct {
	V    val.Datum
	Some bool
}

// Value returns the value, and false when there is none.
func (k *anyValue) Value() (val.Datum, bool) { return k.V, k.Some }

// AppendState implements State.
func (k *anyValue) AppendState(dst []byte) []byte {
	return val.EncodeDatum(val.EncodeBool(dst, k.Some), k.V)
}

// ReadState implements State.
func (k *anyValue) ReadState(src []byte) ([]byte, error) {
	src, err := val.DecodeBool(src, &k.Some)
	if err == nil {
		src, err = val.DecodeDatum(src, &k.V)
	}
	return src, err
}

// FirstValue keeps the first value that isn't NULL.
type FirstValue struct{ anyValue }

// Add takes a value in.
func (f *FirstValue) Add(v val.Datum) {
	if !f.Some && !v.Null {
		f.V, f.Some = v.Keep(), true
	}
}

// LastValue keeps the last value that isn't NULL.
type LastValue struct{ anyValue }

// Add takes a value in.
func (l *LastValue) Add(v val.Datum) {
	if !v.Null {
		l.V, l.Some = v.Keep(), true
	}
}

// values is a sequence without NULL.
type values struct{ sequence }

// Add takes a value in.
func (s *values) Add(v val.Datum) {
	if !v.Null {
		s.add(v)
	}
}

// Retract takes a value back.
func (s *values) Retract(v val.Datum) {
	if !v.Null {
		s.remove(v)
	}
}

// FirstValueRetracting is FIRST_VALUE over rows that are taken back.
type FirstValueRetracting struct{ values }

// Value returns the first value, and false when there is none.
func (f *FirstValueRetracting) Value() (val.Datum, bool) { return f.first() }

// LastValueRetracting is LAST_VALUE over rows that are taken back.
type LastValueRetracting struct{ values }

// Value returns the last value, and false when there is none.
func (l *LastValueRetracting) Value() (val.Datum, bool) { return l.last() }

// plain are the types that Flink keeps the first and last value of.
var plain = fn.NewParam("a number, BOOLEAN or STRING", func(t types.Type) bool {
	return t.Numeric() || t.Kind == types.Boolean || t.Kind == types.VarChar
})

// FirstValueDecl and LastValueDecl declare FIRST_VALUE and LAST_VALUE.
var (
	FirstValueDecl = Decl{Name: "FIRST_VALUE", Doc: "The first value that is not NULL.",
		Overloads: []Overload{{Params: []fn.Param{plain}, Result: sameNullable, Acc: FirstValue{}, Retracting: FirstValueRetracting{}}}}
	LastValueDecl = Decl{Name: "LAST_VALUE", Doc: "The last value that is not NULL.",
		Overloads: []Overload{{Params: []fn.Param{plain}, Result: sameNullable, Acc: LastValue{}, Retracting: LastValueRetracting{}}}}
)
