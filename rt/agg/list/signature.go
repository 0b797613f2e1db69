package list

import (
	"reflect"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Signature is what reflection tells of an accumulator; agg.Overload says what
// forms there are.
type Signature struct {
	Name    string // in package agg, without the type argument
	Generic bool
	Add     Method
	Value   Value
	Grows   bool // it has Bytes
}

// Method is what Add and Retract take.
type Method struct {
	// Args are the Go types of the arguments that are taken. Those of a generic
	// accumulator are those of the instance at hand.
	Args []reflect.Type
	// Types is the number of types behind them.
	Types int
	Fails bool
}

// Value is what the method of that name takes and gives.
type Value struct {
	Arena      bool
	Shapes     int // 0, or as many as it wants of the arguments' and the result's
	Types      int // likewise
	GivesDatum bool
}

var (
	datumType = reflect.TypeFor[val.Datum]()
	typeType  = reflect.TypeFor[*types.Type]()
	shapeType = reflect.TypeFor[val.Shape]()
	arenaType = reflect.TypeFor[*val.Arena]()
)

// SignatureOf reflects on an accumulator.
func SignatureOf(acc any) Signature {
	t := reflect.TypeOf(acc)
	name, _, generic := strings.Cut(t.Name(), "[")
	s := Signature{Name: name, Generic: generic}
	add, _ := reflect.PointerTo(t).MethodByName("Add")
	for i := 1; i < add.Type.NumIn(); i++ {
		if in := add.Type.In(i); in == typeType {
			s.Add.Types++
		} else {
			s.Add.Args = append(s.Add.Args, in)
		}
	}
	s.Add.Fails = add.Type.NumOut() > 0
	value, _ := reflect.PointerTo(t).MethodByName("Value")
	for i := 1; i < value.Type.NumIn(); i++ {
		switch value.Type.In(i) {
		case arenaType:
			s.Value.Arena = true
		case shapeType:
			s.Value.Shapes++
		case typeType:
			s.Value.Types++
		}
	}
	s.Value.GivesDatum = value.Type.Out(0) == datumType
	_, s.Grows = reflect.PointerTo(t).MethodByName("Bytes")
	return s
}

// SeesNull reports whether argument i comes also where it is NULL.
func (m Method) SeesNull(i int) bool { return i < len(m.Args) && m.Args[i] == datumType }
