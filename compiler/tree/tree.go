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
func Walk[N any](n N, visit func(N) bool) {
	kind := reflect.TypeFor[N]()
	known, ok := trees.Load(kind)
	if !ok {
		known, _ = trees.LoadOrStore(kind, &shapes{node: kind})
	}
	walk(known.(*shapes), reflect.ValueOf(n), visit)
}

func walk[N any](t *shapes, v reflect.Value, visit func(N) bool) {
	switch v.Kind() {
	case reflect.Interface:
		walk(t, v.Elem(), visit)
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if n, ok := v.Interface().(N); ok && !visit(n) {
			return
		}
		walk(t, v.Elem(), visit)
	case reflect.Slice:
		for i := range v.Len() {
			walk(t, v.Index(i), visit)
		}
	case reflect.Struct:
		for _, i := range t.fieldsOf(v.Type()) {
			walk(t, v.Field(i), visit)
		}
	}
}

// trees has what is known of the types of each kind of tree, by the interface of
// its nodes.
var trees sync.Map // reflect.Type → *shapes

// shapes knows where the types of a tree may hold nodes.
type shapes struct {
	node   reflect.Type
	fields sync.Map // reflect.Type → []int
}

// fieldsOf are the fields of a type that may hold nodes.
func (t *shapes) fieldsOf(typ reflect.Type) []int {
	if known, ok := t.fields.Load(typ); ok {
		return known.([]int)
	}
	out := t.holders(typ, map[reflect.Type]bool{})
	t.fields.Store(typ, out)
	return out
}

// holders lists the fields of a type that may hold nodes: those of a type that is
// being looked at may.
func (t *shapes) holders(typ reflect.Type, within map[reflect.Type]bool) (out []int) {
	within[typ] = true
	defer delete(within, typ)
	for i := range typ.NumField() {
		f := typ.Field(i)
		if (f.IsExported() || f.Anonymous) && t.holds(f.Type, within) {
			out = append(out, i)
		}
	}
	return out
}

func (t *shapes) holds(typ reflect.Type, within map[reflect.Type]bool) bool {
	switch typ.Kind() {
	case reflect.Slice, reflect.Pointer:
		return typ.Implements(t.node) || t.holds(typ.Elem(), within)
	case reflect.Interface:
		return typ.Implements(t.node)
	case reflect.Struct:
		return within[typ] || len(t.holders(typ, within)) > 0
	}
	return false
}
