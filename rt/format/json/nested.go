package json

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// What isn't a value of an inner type is NULL where errors are ignored; else it
// makes the whole column no value of its type.

// array converts an ARRAY.
func (d *Decoder) array(v value, t *types.Type, arena *val.Arena) (val.Datum, bool) {
	if v.kind != '[' {
		return val.NullDatum(), false
	}
	base := len(d.stack)
	defer func() { d.stack = d.stack[:base] }()
	s := scanner{text: v.text}
	more, err := s.enter(']')
	for more && err == nil {
		if v, err = s.value(0); err != nil || !d.push(v, &t.Elems[0], arena) {
			return val.NullDatum(), false
		}
		more, err = s.more(']')
	}
	return val.TextDatum(val.NewArray(arena, &t.Elems[0], d.stack[base:]...)), err == nil
}

// push converts an inner value and puts it onto the stack.
func (d *Decoder) push(v value, t *types.Type, arena *val.Arena) bool {
	x, ok := d.datum(v, t, arena)
	if !ok {
		x = val.NullDatum()
	}
	d.stack = append(d.stack, x)
	return ok || d.opts.IgnoreParseErrors
}

// entries converts a MAP or MULTISET; of equal keys the last value counts.
func (d *Decoder) entries(v value, t *types.Type, arena *val.Arena) (val.Datum, bool) {
	if v.kind != '{' {
		return val.NullDatum(), false
	}
	base := len(d.stack) // pairs of key and value
	defer func() { d.stack = d.stack[:base] }()
	s := scanner{text: v.text}
	more, err := s.enter('}')
	for more && err == nil {
		var key value
		if key, err = s.key(); err == nil {
			v, err = s.value(0)
		}
		if err != nil || !d.push(key, &t.Elems[0], arena) || !d.push(v, val.MapValue(t), arena) {
			return val.NullDatum(), false
		}
		d.unite(base, &t.Elems[0])
		more, err = s.more('}')
	}
	pairs := d.stack[base:]
	keys := val.MakeArray(arena, &t.Elems[0], len(pairs)/2, func(i int) val.Datum { return pairs[2*i] })
	values := val.MakeArray(arena, val.MapValue(t), len(pairs)/2, func(i int) val.Datum { return pairs[2*i+1] })
	return val.TextDatum(val.MakeMap(arena, keys, values)), err == nil
}

// unite drops the last pair above base if its key is there already, which then
// gets its value.
func (d *Decoder) unite(base int, key *types.Type) {
	last := len(d.stack) - 2
	for i := base; i < last; i += 2 {
		if val.EqualDatum(d.stack[i], d.stack[last], key) {
			d.stack[i+1] = d.stack[last+1]
			d.stack = d.stack[:last]
			return
		}
	}
}

// row converts a ROW. As in a record, what follows is only checked once there
// are as many members as fields.
func (d *Decoder) row(v value, t *types.Type, arena *val.Arena) (val.Datum, bool) {
	if v.kind != '{' {
		return val.NullDatum(), false
	}
	base := len(d.stack)
	defer func() { d.stack = d.stack[:base] }()
	for range t.Elems {
		d.stack = append(d.stack, val.NullDatum())
	}
	s := scanner{text: v.text}
	found := 0
	more, err := s.enter('}')
	for more && err == nil {
		var key value
		if key, err = s.key(); err == nil {
			v, err = s.value(0)
		}
		if err != nil {
			break
		}
		if i := d.fieldOf(key, t); i >= 0 && found < len(t.Elems) {
			found++
			x, ok := d.datum(v, &t.Elems[i], arena)
			if !ok && !d.opts.IgnoreParseErrors {
				return val.NullDatum(), false
			}
			d.stack[base+i] = x.Unless(!ok)
		}
		more, err = s.more('}')
	}
	if found < len(t.Elems) && d.opts.FailOnMissing {
		return val.NullDatum(), false
	}
	return val.TextDatum(val.NewRow(arena, t, d.stack[base:]...)), err == nil
}

// fieldOf finds the field of a ROW that a key names, -1 for none.
func (d *Decoder) fieldOf(key value, t *types.Type) int {
	name := key.text
	if key.escaped {
		d.scrap = unescape(d.scrap[:0], name)
		name = d.scrap
	}
	for i := range t.Names {
		if t.Names[i] == string(name) {
			return i
		}
	}
	return -1
}
