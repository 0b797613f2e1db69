package list

import (
	"reflect"
	"runtime"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Signature is what reflection tells of an implementation; fn.Overload.Impls
// says what forms there are.
type Signature struct {
	Name    string // in package fn, without type arguments
	Generic bool
	Arena   bool // takes the arena first
	Args    []reflect.Type
	Shapes  int // 0; 1, the result's; or len(Args)+1
	Result  reflect.Type
	Partial bool // says whether the result isn't NULL
	Fails   bool // returns an error
}

// SignatureOf reflects on an implementation.
func SignatureOf(impl any) Signature {
	v := reflect.ValueOf(impl)
	name := runtime.FuncForPC(v.Pointer()).Name()
	name, _, generic := strings.Cut(name[strings.LastIndex(name, "/fn.")+len("/fn."):], "[")
	t := v.Type()
	s := Signature{Name: name, Generic: generic, Result: t.Out(0)}
	for i := range t.NumIn() {
		switch in := t.In(i); {
		case i == 0 && in == reflect.TypeFor[*val.Arena]():
			s.Arena = true
		case in == reflect.TypeFor[val.Shape]():
			s.Shapes++
		default:
			s.Args = append(s.Args, in)
		}
	}
	for i := 1; i < t.NumOut(); i++ {
		s.Partial = s.Partial || t.Out(i).Kind() == reflect.Bool
		s.Fails = s.Fails || t.Out(i) == reflect.TypeFor[error]()
	}
	return s
}

// ShapesOf are the shapes to pass for arguments and a result of these types.
func (s Signature) ShapesOf(args []types.Type, result types.Type) []val.Shape {
	all := append(append([]types.Type(nil), args...), result)
	var out []val.Shape
	for _, t := range all[len(all)-s.Shapes:] {
		out = append(out, val.Shape{Precision: t.Precision, Scale: t.Scale})
	}
	return out
}

// CastCanBeNull reports whether a conversion can give NULL for a value that
// isn't: a number that doesn't fit.
func CastCanBeNull(from, to types.Type) bool {
	d, ok := Cast(from.Kind, to.Kind)
	return ok && d.Impl != nil && SignatureOf(d.Impl).Partial && (d.Fits == nil || !d.Fits(from, to))
}
