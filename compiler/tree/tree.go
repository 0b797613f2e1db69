// Package tree walks through syntax trees, whose nodes are pointers to structs.
// The types say what is in a node: a new one needs no code here.
package tree

import (
	"reflect"
	"sync"
)

// Walk calls visit for a node and, where visit answers true, for the nodes in
// it, in the order of the fields. N is the interface that all nodes of a tree
// implement; the node may be nil.
func Walk[N any](n N, visit func(N) bool) { walk(reflect.ValueOf(n), visit) }

func walk[N any](v reflect.Value, visit func(N) bool) {
	switch v.Kind() {
	case reflect.Interface:
		walk(v.Elem(), visit)
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if n, ok := v.Interface().(N); ok && !visit(n) {
			return
		}
		walk(v.Elem(), visit)
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		for _, i := range fieldsOf[N](v.Type()) {
			walk(v.Field(i), visit)
		}
	}
}

// inner is a type of a tree with the interface of the tree's nodes.
type inner struct{ node, in reflect.Type }

// fields has the fields of a type that may hold nodes.
var fields sync.Map // inner → []int

func fieldsOf[N any](t reflect.Type) []int {
	key := inner{reflect.TypeFor[N](), t}
	if known, ok := fields.Load(key); ok {
		return known.([]int)
	}
	out := holders(key, map[reflect.Type]bool{})
	fields.Store(key, out)
	return out
}

// holders lists the fields of a type that may hold nodes: those of a type that is
// being looked at may.
func holders(t inner, within map[reflect.Type]bool) (out []int) {
	within[t.in] = true
	defer delete(within, t.in)
	for i := range t.in.NumField() {
		f := t.in.Field(i)
		if (f.IsExported() || f.Anonymous) && holds(inner{t.node, f.Type}, within) {
			out = append(out, i)
		}
	}
	return out
}

func holds(t inner, within map[reflect.Type]bool) bool {
	switch t.in.Kind() {
	case reflect.Slice, reflect.Pointer:
		return t.in.Implements(t.node) || holds(inner{t.node, t.in.Elem()}, within)
	case reflect.Interface:
		return t.in.Implements(t.node)
	case reflect.Struct:
		return within[t.in] || len(holders(t, within)) > 0
	}
	return false
}
