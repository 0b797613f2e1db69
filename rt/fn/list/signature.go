package list

import (
	"reflect"
	"runtime"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/val"
)

// Signature is what reflection tells of an implementation; fn.Overload.Impls
// says what forms there are.
type Signature struct {
	Name     string // in package fn, without type arguments
	Generic  bool
	State    reflect.Type // what a call keeps from row to row, of which it takes a pointer first; or nil
	Session  bool         // takes the session first, but for that
	Progress bool         // then how far the time of events is
	Arena    bool         // then the arena
	Args     []reflect.Type
	Variadic bool // the last of Args may be there any number of times
	Shapes   int  // 0; 1, the result's; or one more than the arguments
	Types    int  // likewise
	Result   reflect.Type
	Partial  bool // says whether the result isn't NULL
	Fails    bool // returns an error
}

var (
	sessionType  = reflect.TypeFor[*val.Session]()
	progressType = reflect.TypeFor[*val.Progress]()
	arenaType    = reflect.TypeFor[*val.Arena]()
	shapeType    = reflect.TypeFor[val.Shape]()
	typeType     = reflect.TypeFor[*types.Type]()
	datumType    = reflect.TypeFor[val.Datum]()
	typedType    = reflect.TypeFor[val.Typed]()
	stateHome    = reflect.TypeFor[fn.Random]().PkgPath()
)

// SignatureOf reflects on an implementation.
func SignatureOf(impl any) Signature {
	v := reflect.ValueOf(impl)
	name := runtime.FuncForPC(v.Pointer()).Name()
	name, _, generic := strings.Cut(name[strings.LastIndex(name, "/fn.")+len("/fn."):], "[")
	t := v.Type()
	s := Signature{Name: name, Generic: generic, Result: t.Out(0), Variadic: t.IsVariadic()}
	for i := range t.NumIn() {
		switch in := t.In(i); {
		case in == sessionType:
			s.Session = true
		case in == progressType:
			s.Progress = true
		case in.Kind() == reflect.Pointer && in.Elem().PkgPath() == stateHome:
			s.State = in.Elem()
		case in == arenaType:
			s.Arena = true
		case in == shapeType:
			s.Shapes++
		case in == typeType:
			s.Types++
		case s.Variadic && i == t.NumIn()-1:
			s.Args = append(s.Args, in.Elem())
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

// Arg is the Go type of argument i.
func (s Signature) Arg(i int) reflect.Type {
	if s.Variadic {
		i = min(i, len(s.Args)-1)
	}
	return s.Args[i]
}

// SeesNull reports whether the implementation is called where argument i is
// NULL.
func (s Signature) SeesNull(i int) bool { return s.Arg(i) == datumType || s.Arg(i) == typedType }

// WantsType reports whether argument i comes as a val.Typed.
func (s Signature) WantsType(i int) bool { return s.Arg(i) == typedType }

// GivesDatum reports whether the result is a val.Datum.
func (s Signature) GivesDatum() bool { return s.Result == datumType }

// takes reports whether the implementation takes the arguments.
func (s Signature) takes(args []fn.Arg) bool {
	if len(args) != len(s.Args) && !(s.Variadic && len(args) >= len(s.Args)-1) {
		return false
	}
	for i, a := range args {
		if !s.SeesNull(i) && s.Arg(i) != goTypes[a.Kind] {
			return false
		}
	}
	return true
}

// goTypes are the Go types of values.
var goTypes = map[types.Kind]reflect.Type{
	types.Boolean: reflect.TypeFor[bool](), types.TinyInt: reflect.TypeFor[int8](), types.SmallInt: reflect.TypeFor[int16](),
	types.Int: reflect.TypeFor[int32](), types.BigInt: reflect.TypeFor[int64](), types.Float: reflect.TypeFor[float32](),
	types.Double: reflect.TypeFor[float64](), types.Decimal: reflect.TypeFor[val.Decimal](),
	types.Char: reflect.TypeFor[string](), types.VarChar: reflect.TypeFor[string](),
	types.Binary: reflect.TypeFor[val.Bytes](), types.VarBinary: reflect.TypeFor[val.Bytes](),
	types.Date: reflect.TypeFor[val.Date](), types.Time: reflect.TypeFor[val.Time](),
	types.Timestamp: reflect.TypeFor[val.Timestamp](), types.TimestampLTZ: reflect.TypeFor[val.Timestamp](),
	types.IntervalYearMonth: reflect.TypeFor[val.Months](), types.IntervalDayTime: reflect.TypeFor[val.Millis](),
	types.Array: reflect.TypeFor[val.Array](), types.Map: reflect.TypeFor[val.Map](),
	types.Multiset: reflect.TypeFor[val.Map](), types.Row: reflect.TypeFor[val.Row](),
}

// GoType is the Go type of values of a kind, as reflection prints it; "" for
// one that pyfc doesn't compute with.
func GoType(k types.Kind) string {
	if t, ok := goTypes[k]; ok {
		return t.String()
	}
	return ""
}

// Implementation is a function that takes certain arguments.
type Implementation struct {
	Signature
	Impl any
}

// For picks the function for the arguments. A generic function's instances
// share their name, so any that takes them will do.
func For(impls []any, args []fn.Arg) (Implementation, bool) {
	for _, f := range impls {
		if f == nil {
			continue
		}
		if s := SignatureOf(f); s.takes(args) {
			return Implementation{s, f}, true
		}
	}
	return Implementation{}, false
}

// Computes are the types that an implementation takes besides arguments and
// for a result of these types: as many as it wants, the result's last.
func (s Signature) Computes(args []types.Type, result types.Type) []types.Type {
	all := append(append([]types.Type(nil), args...), result)
	n := min(max(s.Shapes, s.Types), len(all))
	return all[len(all)-n:]
}

// TypeArgs are Computes as values.
func (s Signature) TypeArgs(args []types.Type, result types.Type) []reflect.Value {
	var out []reflect.Value
	for _, t := range s.Computes(args, result) {
		if s.Shapes > 0 {
			out = append(out, reflect.ValueOf(val.Shape{Precision: t.Precision, Scale: t.Scale}))
		} else {
			out = append(out, reflect.ValueOf(&t))
		}
	}
	return out
}

// Value is d, a value of type t, as argument i.
func (s Signature) Value(i int, d val.Datum, t *types.Type) reflect.Value {
	switch {
	case s.WantsType(i):
		return reflect.ValueOf(val.Typed{Datum: d, Type: t})
	case s.SeesNull(i):
		return reflect.ValueOf(d)
	}
	v := reflect.New(s.Arg(i)).Elem()
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(d.Bool())
	case reflect.String:
		v.SetString(d.Text())
	case reflect.Float32, reflect.Float64:
		v.SetFloat(d.Float())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[val.Decimal]() {
			return reflect.ValueOf(d.Decimal())
		}
		return reflect.ValueOf(d.Timestamp())
	default:
		v.SetInt(d.Int())
	}
	return v
}

// DatumOf is a Go value as a datum; false where values have no such type.
func DatumOf(v reflect.Value) (val.Datum, bool) {
	switch v.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return val.IntDatum(v.Int()), true
	case reflect.Float32, reflect.Float64:
		return val.FloatDatum(v.Float()), true
	case reflect.Bool:
		return val.BoolDatum(v.Bool()), true
	case reflect.String:
		return val.TextDatum(v.String()), true
	}
	switch x := v.Interface().(type) {
	case val.Decimal:
		return val.DecimalDatum(x), true
	case val.Timestamp:
		return val.TimestampDatum(x), true
	case val.Datum:
		return x, true
	}
	return val.Datum{}, false
}

// CastCanBeNull reports whether a conversion can give NULL for a value that
// isn't: a number that doesn't fit.
func CastCanBeNull(from, to types.Type) bool {
	d, ok := Cast(from.Kind, to.Kind)
	return ok && SignatureOf(d.Impl).Partial && (d.Fits == nil || !d.Fits(from, to))
}
