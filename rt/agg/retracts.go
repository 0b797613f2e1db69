package agg

import "reflect"

// retracts reports whether an accumulator can take rows back. It is asked at
// compile time only.
func retracts(acc any) bool {
	_, ok := reflect.PointerTo(reflect.TypeOf(acc)).MethodByName("Retract")
	return ok
}
