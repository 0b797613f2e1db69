package agg

import (
	"unsafe"

	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/val"
)

// Collect counts values. A value may be taken back before it comes.
type Collect struct {
	Counts map[val.Datum]int64
	order  []val.Datum // the values in the order in which they first came
}

// Add takes a value in.
func (c *Collect) Add(v val.Datum) { c.change(v, 1) }

// Retract takes a value back.
func (c *Collect) Retract(v val.Datum) { c.change(v, -1) }

func (c *Collect) change(v val.Datum, n int64) {
	if v.Null {
		return
	}
	count, known := c.Counts[v]
	v = v.Keep() // also if it is known: the map may take over the key at hand
	if !known {
		if c.Counts == nil {
			c.Counts = map[val.Datum]int64{}
		}
		c.order = append(c.order, v)
	}
	c.Counts[v] = count + n
	if count+n == 0 {
		c.forget(v)
	}
}

func (c *Collect) forget(v val.Datum) {
	delete(c.Counts, v)
	for i, o := range c.order {
		if o == v {
			c.order = append(c.order[:i], c.order[i+1:]...)
			return
		}
	}
}

// Value returns the multiset; without values it is empty.
func (c *Collect) Value(arena *val.Arena, _, t *types.Type) (val.Map, bool) {
	keys := val.MakeArray(arena, &t.Elems[0], len(c.order), func(i int) val.Datum { return c.order[i] })
	counts := val.MakeArray(arena, val.MapValue(t), len(c.order), func(i int) val.Datum { return val.IntDatum(c.Counts[c.order[i]]) })
	return val.MakeMap(arena, keys, counts), true
}

// Bytes is what the values take, in bytes, roughly, without what they view.
func (c *Collect) Bytes() int { return len(c.order) * (2*datumBytes + entryBytes) }

// AppendState implements State.
func (c *Collect) AppendState(dst []byte) []byte {
	dst = val.EncodeInt(dst, int64(len(c.order)))
	for _, v := range c.order {
		dst = val.EncodeInt(val.EncodeDatum(dst, v), c.Counts[v])
	}
	return dst
}

// ReadState implements State.
func (c *Collect) ReadState(src []byte) ([]byte, error) {
	n := 0
	src, err := val.DecodeCount(src, &n)
	for i := 0; err == nil && i < n; i++ {
		var v val.Datum
		var count int64
		if src, err = val.DecodeDatum(src, &v); err == nil {
			src, err = val.DecodeInt(src, &count)
		}
		if err == nil {
			c.change(v, count)
		}
	}
	return src, err
}

// datumBytes is the size of a value of any type.
const datumBytes = int(unsafe.Sizeof(val.Datum{}))

func multisetOf(args []fn.Arg) types.Type {
	return types.Type{Kind: types.Multiset, Elems: []types.Type{args[0].Type}}
}

// CollectDecl declares COLLECT.
var CollectDecl = Decl{Name: "COLLECT", Doc: "The multiset of the values that are not NULL.",
	Overloads: []Overload{{Params: []fn.Param{fn.Any}, Result: multisetOf, Acc: Collect{}}}}

// ArrayAgg collects values in their order, NULL included.
type ArrayAgg struct{ Items []val.Datum }

// Add takes a value in.
func (a *ArrayAgg) Add(v val.Datum) { a.Items = append(a.Items, v.Keep()) }

// Value returns the array, and false when it would be empty.
func (a *ArrayAgg) Value(arena *val.Arena, _, t *types.Type) (val.Array, bool) {
	if len(a.Items) == 0 {
		return "", false
	}
	return val.NewArray(arena, &t.Elems[0], a.Items...), true
}

// Bytes is what the values take, in bytes, roughly, without what they view.
func (a *ArrayAgg) Bytes() int { return len(a.Items) * datumBytes }

// AppendState implements State.
func (a *ArrayAgg) AppendState(dst []byte) []byte {
	dst = val.EncodeInt(dst, int64(len(a.Items)))
	for _, v := range a.Items {
		dst = val.EncodeDatum(dst, v)
	}
	return dst
}

// ReadState implements State.
func (a *ArrayAgg) ReadState(src []byte) ([]byte, error) {
	n := 0
	src, err := val.DecodeCount(src, &n)
	for i := 0; err == nil && i < n; i++ {
		var v val.Datum
		src, err = val.DecodeDatum(src, &v)
		a.Items = append(a.Items, v)
	}
	return src, err
}

// ArrayAggRetracting is ARRAY_AGG over rows that are taken back.
type ArrayAggRetracting struct {
	sequence
	items []val.Datum // what Value makes the array of
}

// Add takes a value in.
func (a *ArrayAggRetracting) Add(v val.Datum) { a.add(v) }

// Retract takes a value back.
func (a *ArrayAggRetracting) Retract(v val.Datum) { a.remove(v) }

// Value returns the array, and false when it would be empty.
func (a *ArrayAggRetracting) Value(arena *val.Arena, _, t *types.Type) (val.Array, bool) {
	a.items = a.items[:0]
	a.each(func(v val.Datum) bool {
		a.items = append(a.items, v)
		return true
	})
	if len(a.items) == 0 {
		return "", false
	}
	return val.NewArray(arena, &t.Elems[0], a.items...), true
}

func arrayOf(args []fn.Arg) types.Type {
	return types.Type{Kind: types.Array, Nullable: args[0].Nullable, Elems: []types.Type{args[0].Type}}
}

// ArrayAggDecl declares ARRAY_AGG.
var ArrayAggDecl = Decl{Name: "ARRAY_AGG", Doc: "The array of all values, in the order in which they come; NULL if there are none.",
	Overloads: []Overload{{Params: []fn.Param{fn.Any}, Result: arrayOf, Acc: ArrayAgg{}, Retracting: ArrayAggRetracting{}}}}
