package agg

import (
	"slices"
	"unsafe"

	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/json"
	"pyfc/rt/val"
)

const jsonNull = "null"

// JSONObjectAgg makes an object of keys and values, which are JSON texts.
type JSONObjectAgg struct {
	Members map[string]string
	keys    []string // in the order of Value
}

// Add sets the value of a key.
func (o *JSONObjectAgg) Add(key, value val.Datum) {
	text := jsonNull
	if !value.Null {
		text = val.Keep(value.Text())
	}
	o.set(val.Keep(key.Text()), text)
}

func (o *JSONObjectAgg) set(key, value string) {
	if o.Members == nil {
		o.Members = map[string]string{}
	}
	if _, known := o.Members[key]; !known {
		i, _ := slices.BinarySearchFunc(o.keys, key, json.CompareKeys)
		o.keys = slices.Insert(o.keys, i, key)
	}
	o.Members[key] = value
}

// Retract takes a key away.
func (o *JSONObjectAgg) Retract(key, _ val.Datum) {
	if _, known := o.Members[key.Text()]; known {
		delete(o.Members, key.Text())
		i, _ := slices.BinarySearchFunc(o.keys, key.Text(), json.CompareKeys)
		o.keys = slices.Delete(o.keys, i, i+1)
	}
}

// Value returns the object.
func (o *JSONObjectAgg) Value(arena *val.Arena) (string, bool) {
	buf := []byte{'{'}
	for i, k := range o.keys {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(append(json.AppendString(buf, k), ':'), o.Members[k]...)
	}
	return arena.Concat(val.View(append(buf, '}'))), true
}

// Bytes is what the members take, in bytes, roughly, without their texts.
func (o *JSONObjectAgg) Bytes() int { return len(o.keys) * (3*int(unsafe.Sizeof("")) + entryBytes) }

// AppendState implements State.
func (o *JSONObjectAgg) AppendState(dst []byte) []byte {
	dst = val.EncodeInt(dst, int64(len(o.keys)))
	for _, k := range o.keys {
		dst = val.EncodeText(val.EncodeText(dst, k), o.Members[k])
	}
	return dst
}

// ReadState implements State.
func (o *JSONObjectAgg) ReadState(src []byte) ([]byte, error) {
	n := 0
	src, err := val.DecodeCount(src, &n)
	for i := 0; err == nil && i < n; i++ {
		var key, value string
		if src, err = val.DecodeText(src, &key); err == nil {
			src, err = val.DecodeText(src, &value)
		}
		if err == nil {
			o.set(key, value)
		}
	}
	return src, err
}

// JSONArrayAgg makes an array of JSON texts.
type JSONArrayAgg struct{ sequence }

// Add takes a value in.
func (a *JSONArrayAgg) Add(v val.Datum) { a.add(v) }

// Retract takes a value back.
func (a *JSONArrayAgg) Retract(v val.Datum) { a.remove(v) }

// Value returns the array.
func (a *JSONArrayAgg) Value(arena *val.Arena) (string, bool) {
	buf := []byte{'['}
	a.each(func(v val.Datum) bool {
		if len(buf) > 1 {
			buf = append(buf, ',')
		}
		if v.Null {
			buf = append(buf, jsonNull...)
		} else {
			buf = append(buf, v.Text()...)
		}
		return true
	})
	return arena.Concat(val.View(append(buf, ']'))), true
}

// jsonText is the type that Flink gives JSON aggregates.
func jsonText([]fn.Arg) types.Type {
	return types.Type{Kind: types.VarChar, Precision: 2000}
}

// JSONObjectAggDecl and JSONArrayAggDecl declare the JSON aggregates. Their
// values are JSON texts, which the binder makes.
var (
	JSONObjectAggDecl = Decl{Name: "JSON_OBJECTAGG", Doc: "A JSON object of keys and values.",
		Overloads: []Overload{{Params: []fn.Param{fn.Text, fn.Text}, Result: jsonText, Acc: JSONObjectAgg{}}}}
	JSONArrayAggDecl = Decl{Name: "JSON_ARRAYAGG", Doc: "A JSON array of values.",
		Overloads: []Overload{{Params: []fn.Param{fn.Text}, Result: jsonText, Acc: JSONArrayAgg{}}}}
)
