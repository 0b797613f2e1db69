package pyast

import "reflect"

var nodeType = reflect.TypeFor[Node]()

// Walk calls visit for a node and those inside it, in the order of their fields;
// what visit answers false about isn't entered.
func Walk(n Node, visit func(Node) bool) { walk(reflect.ValueOf(n), visit) }

func walk(v reflect.Value, visit func(Node) bool) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	case reflect.Pointer:
		if v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return
		}
		if v.Type().Implements(nodeType) && !visit(v.Interface().(Node)) {
			return
		}
		walkFields(v.Elem(), visit)
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		walkFields(v, visit)
	}
}

func walkFields(v reflect.Value, visit func(Node) bool) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); !f.Anonymous && f.IsExported() && f.Type != spanType {
			walk(v.Field(i), visit)
		}
	}
}
