package pyast

import (
	"reflect"
	"sync"
)

var nodeType = reflect.TypeFor[Node]()

// Walk calls visit for a node and those inside it, in the order of their fields;
// what visit answers false about isn't entered. The node may be nil.
func Walk(n Node, visit func(Node) bool) { walk(reflect.ValueOf(n), visit) }

// WalkAll walks through several nodes.
func WalkAll[N Node](nodes []N, visit func(Node) bool) {
	for _, n := range nodes {
		Walk(n, visit)
	}
}

func walk(v reflect.Value, visit func(Node) bool) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	case reflect.Pointer:
		if v.IsNil() {
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
	for _, i := range fieldsOf(v.Type()) {
		walk(v.Field(i), visit)
	}
}

// nodeFields has, for each type of a tree, the fields that may hold nodes.
var nodeFields sync.Map // reflect.Type → []int

func fieldsOf(t reflect.Type) []int {
	if known, ok := nodeFields.Load(t); ok {
		return known.([]int)
	}
	var out []int
	for i := range t.NumField() {
		if f := t.Field(i); !f.Anonymous && f.IsExported() && holdsNodes(f.Type) {
			out = append(out, i)
		}
	}
	nodeFields.Store(t, out)
	return out
}

func holdsNodes(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice:
		return holdsNodes(t.Elem())
	case reflect.Interface, reflect.Pointer:
		return true
	case reflect.Struct:
		return t != spanType
	}
	return false
}
