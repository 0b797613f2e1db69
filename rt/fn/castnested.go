package fn

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// ElementCast converts one value inside a nested one: i is 0 for an array's
// elements, 0 and 1 for a map's keys and values, and a row's field. It is never
// called with NULL.
type ElementCast func(i int, d val.Datum, out *val.Datum) error

// caster applies an ElementCast.
type caster struct {
	cast ElementCast
	out  val.Datum
}

func (c *caster) convert(i int, d val.Datum) (val.Datum, error) {
	if d.Null {
		return d, nil
	}
	c.out = val.Datum{}
	err := c.cast(i, d, &c.out)
	return c.out, err
}

// CastArray converts an array's elements.
func CastArray(a *val.Arena, v val.Array, from, to *types.Type, cast ElementCast) (val.Array, error) {
	return castElements(a, 0, v, &from.Elems[0], &to.Elems[0], &caster{cast: cast})
}

func castElements(a *val.Arena, n int, v val.Array, from, to *types.Type, c *caster) (val.Array, error) {
	s := newScratch()
	defer s.free()
	for i := range v.Len() {
		d, err := c.convert(n, v.At(i, from))
		if err != nil {
			return "", err
		}
		s.add(d)
	}
	return s.toArray(a, to), nil
}

// CastMap converts a map's keys and values, or a multiset's elements. Of keys
// that become equal the last one's value counts.
func CastMap(a *val.Arena, v val.Map, from, to *types.Type, cast ElementCast) (val.Map, error) {
	s := newScratch()
	defer s.free()
	c := caster{cast: cast}
	for i := range v.Len() {
		key, value := v.At(i, from)
		key, err := c.convert(0, key)
		if err == nil && from.Kind == types.Map {
			value, err = c.convert(1, value)
		}
		if err != nil {
			return "", err
		}
		s.put(key, value, &to.Elems[0])
	}
	return s.toMap(a, to), nil
}

// CastRow converts a row's fields by position.
func CastRow(a *val.Arena, v val.Row, from, to *types.Type, cast ElementCast) (val.Row, error) {
	s := newScratch()
	defer s.free()
	c := caster{cast: cast}
	for i := range from.Elems {
		d, err := c.convert(i, v.Field(i, from))
		if err != nil {
			return "", err
		}
		s.add(d)
	}
	return val.NewRow(a, to, s.items...), nil
}

// text is a nested value as text, from the texts of what is in it.
type text struct {
	*textScratch
	caster
}

func (t *text) write(i int, d val.Datum) error {
	if d.Null {
		t.buf = append(t.buf, "NULL"...)
		return nil
	}
	d, err := t.convert(i, d)
	t.buf = append(t.buf, d.Text()...)
	return err
}

// list writes n items between brackets.
func (t *text) list(open, end byte, n int, item func(i int) error) error {
	t.buf = append(t.buf, open)
	for i := range n {
		if i > 0 {
			t.buf = append(t.buf, ", "...)
		}
		if err := item(i); err != nil {
			return err
		}
	}
	t.buf = append(t.buf, end)
	return nil
}

// in is the text in the arena, unless err came in between.
func (t *text) in(a *val.Arena, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return a.Concat(val.View(t.buf)), nil
}

// ArrayToText writes [1, 2].
func ArrayToText(a *val.Arena, v val.Array, from, _ *types.Type, cast ElementCast) (string, error) {
	t := text{newTextScratch(), caster{cast: cast}}
	defer t.free()
	err := t.list('[', ']', v.Len(), func(i int) error { return t.write(0, v.At(i, &from.Elems[0])) })
	return t.in(a, err)
}

// MapToText writes {k=1, l=2}.
func MapToText(a *val.Arena, v val.Map, from, _ *types.Type, cast ElementCast) (string, error) {
	t := text{newTextScratch(), caster{cast: cast}}
	defer t.free()
	err := t.list('{', '}', v.Len(), func(i int) error {
		key, value := v.At(i, from)
		if err := t.write(0, key); err != nil {
			return err
		}
		t.buf = append(t.buf, '=')
		return t.write(1, value)
	})
	return t.in(a, err)
}

// RowToText writes (1, 2).
func RowToText(a *val.Arena, v val.Row, from, _ *types.Type, cast ElementCast) (string, error) {
	t := text{newTextScratch(), caster{cast: cast}}
	defer t.free()
	err := t.list('(', ')', len(from.Elems), func(i int) error { return t.write(i, v.Field(i, from)) })
	return t.in(a, err)
}

// NestedCast is a conversion that converts values inside: the Go function, and
// what the types are that its ElementCast converts from and to.
type NestedCast struct {
	Impl     any
	From, To []types.Type
}

// nestedCasts are the functions by kind: into the same kind, and into text.
var nestedCasts = map[types.Kind]struct{ same, text any }{
	types.Array: {CastArray, ArrayToText}, types.Row: {CastRow, RowToText},
	types.Map: {CastMap, MapToText}, types.Multiset: {CastMap, MapToText},
}

// CastNested finds the conversion of a nested type; false where Flink has none.
func CastNested(from, to types.Type) (NestedCast, bool) {
	impls, nested := nestedCasts[from.Kind]
	if !to.Text() {
		return NestedCast{impls.same, from.Elems, to.Elems}, nested && from.Kind == to.Kind && len(from.Elems) == len(to.Elems)
	}
	out := NestedCast{Impl: impls.text, From: from.Elems}
	if from.Kind == types.Multiset {
		out.From = append(from.Elems[:1:1], types.Of(types.Int).NotNull())
	}
	for _, t := range out.From {
		out.To = append(out.To, types.String().WithNull(t.Nullable))
	}
	return out, nested
}

// SameValues reports whether values of two types are the same, so that nothing
// has to be converted: the types differ at most in nullability, field names and
// the lengths of texts that grow.
func SameValues(from, to types.Type) bool {
	switch {
	case from.Text() && to.Kind == types.VarChar, from.Binary() && to.Kind == types.VarBinary:
		return from.Precision <= to.Precision
	case from.Kind != to.Kind || from.Precision != to.Precision || from.Scale != to.Scale || len(from.Elems) != len(to.Elems):
		return false
	}
	for i := range from.Elems {
		if !SameValues(from.Elems[i], to.Elems[i]) {
			return false
		}
	}
	return true
}
