package parquetio

import (
	"fmt"
	"time"

	"github.com/parquet-go/parquet-go"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// node is a type of the table in the tree of a file's schema.
type node struct {
	typ *types.Type
	// leaf holds values of a type that isn't nested.
	leaf *leaf
	// kids are the element of an ARRAY, key and value of a MAP, and the fields of a
	// ROW; nil is a field that the file doesn't have.
	kids []*node
	// def is the definition level from which on the value isn't NULL; of an ARRAY or
	// MAP entry is that from which on there is an entry, and rep the repetition level
	// of entries behind the first.
	def, entry, rep byte
	first           *leaf // whose levels tell about the value
}

// match finds how the values of a column of a file are those of a type.
func match(c *parquet.Column, t *types.Type, zone *time.Location) (*node, error) {
	n := &node{typ: t, def: byte(c.MaxDefinitionLevel())}
	switch {
	case c.Repeated() && t.Kind != types.Array:
		return nil, fmt.Errorf("the file has a repeated %s there, which is no %s", describe(c), t)
	case t.Kind == types.Array:
		return n.array(c, zone)
	case t.Kind == types.Map || t.Kind == types.Multiset:
		return n.entries(c, zone)
	case t.Kind == types.Row:
		return n.row(c, zone)
	case !c.Leaf():
		return nil, fmt.Errorf("the file has a group there, which is no %s", t)
	}
	f, err := converterOf(c, t, zone)
	if err != nil {
		return nil, err
	}
	kind := c.Type().Kind()
	n.leaf = &leaf{
		index: c.Index(), maxDef: byte(c.MaxDefinitionLevel()), maxRep: byte(c.MaxRepetitionLevel()), convert: f,
		keepPage: kind == parquet.ByteArray && t.Kind != types.Decimal,
	}
	n.first = n.leaf
	return n, nil
}

// array matches a list: a group of one repeated field, whose only field, if it is
// a group that isn't named for being the element, is the element.
func (n *node) array(c *parquet.Column, zone *time.Location) (*node, error) {
	list := c
	if !c.Repeated() {
		if c.Leaf() || len(c.Columns()) != 1 || !c.Columns()[0].Repeated() {
			return nil, fmt.Errorf("the file has %s there, which is no %s", describe(c), n.typ)
		}
		list = c.Columns()[0]
	} else {
		n.def-- // a repeated field without a group around it is never NULL
	}
	n.entry, n.rep = byte(list.MaxDefinitionLevel()), byte(list.MaxRepetitionLevel())
	if !list.Leaf() && len(list.Columns()) == 1 && list.Name() != "array" && list.Name() != c.Name()+"_tuple" {
		return n.with(zone, list.Columns()[0], &n.typ.Elems[0])
	}
	elem, err := matchElement(list, &n.typ.Elems[0], zone)
	if err != nil {
		return nil, err
	}
	n.kids, n.first = []*node{elem}, elem.first
	return n, nil
}

// matchElement matches a repeated field that is an element itself.
func matchElement(c *parquet.Column, t *types.Type, zone *time.Location) (*node, error) {
	switch {
	case t.Kind == types.Row && !c.Leaf():
		return (&node{typ: t, def: byte(c.MaxDefinitionLevel())}).row(c, zone)
	case !c.Leaf():
		return nil, fmt.Errorf("the file has %s there, which is no %s", describe(c), t)
	}
	f, err := converterOf(c, t, zone)
	if err != nil {
		return nil, err
	}
	l := &leaf{index: c.Index(), maxDef: byte(c.MaxDefinitionLevel()), maxRep: byte(c.MaxRepetitionLevel()), convert: f, keepPage: c.Type().Kind() == parquet.ByteArray && t.Kind != types.Decimal}
	return &node{typ: t, leaf: l, first: l, def: l.maxDef}, nil
}

// entries matches a map: a group of one repeated group of key and value.
func (n *node) entries(c *parquet.Column, zone *time.Location) (*node, error) {
	if c.Leaf() || len(c.Columns()) != 1 || !c.Columns()[0].Repeated() || len(c.Columns()[0].Columns()) != 2 {
		return nil, fmt.Errorf("the file has %s there, which is no %s", describe(c), n.typ)
	}
	list := c.Columns()[0]
	n.entry, n.rep = byte(list.MaxDefinitionLevel()), byte(list.MaxRepetitionLevel())
	if n, err := n.with(zone, list.Columns()[0], &n.typ.Elems[0]); err != nil {
		return n, err
	}
	return n.with(zone, list.Columns()[1], val.MapValue(n.typ))
}

// with adds a kid.
func (n *node) with(zone *time.Location, c *parquet.Column, t *types.Type) (*node, error) {
	kid, err := match(c, t, zone)
	if err != nil {
		return nil, err
	}
	n.kids = append(n.kids, kid)
	if n.first == nil {
		n.first = kid.first
	}
	return n, nil
}

// row matches a group by the names of its fields.
func (n *node) row(c *parquet.Column, zone *time.Location) (*node, error) {
	if c.Leaf() {
		return nil, fmt.Errorf("the file has %s there, which is no %s", describe(c), n.typ)
	}
	for i, name := range n.typ.Names {
		field := c.Column(name)
		if field == nil {
			n.kids = append(n.kids, nil)
			continue
		}
		if _, err := n.with(zone, field, &n.typ.Elems[i]); err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
	}
	if n.first == nil {
		return nil, fmt.Errorf("the file has none of the fields of %s there", n.typ)
	}
	return n, nil
}

// each calls f for the leaves below.
func (n *node) each(f func(l *leaf) error) error {
	if n == nil {
		return nil
	}
	if n.leaf != nil {
		return f(n.leaf)
	}
	for _, kid := range n.kids {
		if err := kid.each(f); err != nil {
			return err
		}
	}
	return nil
}

// begin starts with a row group.
func (n *node) begin(chunks []parquet.ColumnChunk) error {
	return n.each(func(l *leaf) error { l.begin(chunks); return nil })
}

// levels takes in the values of rows, with their levels.
func (n *node) levels(rows int) error {
	return n.each(func(l *leaf) error { return l.levels(rows) })
}

// pass goes on to the next entry, where there is no value.
func (n *node) pass() val.Datum {
	n.each(func(l *leaf) error { l.at++; return nil }) // can't fail
	return val.NullDatum()
}

// build makes a value of the entries that come next.
func (d *Decoder) build(n *node, arena *val.Arena) val.Datum {
	if n.leaf != nil {
		x := n.leaf.values[n.leaf.at]
		n.leaf.at++
		return x
	}
	first := n.first
	if first.defs[first.at] < n.def {
		return n.pass()
	}
	if n.typ.Kind == types.Row {
		from := len(d.items)
		for _, kid := range n.kids {
			x := val.NullDatum()
			if kid != nil {
				x = d.build(kid, arena)
			}
			d.items = append(d.items, x)
		}
		x := val.NewRow(arena, n.typ, d.items[from:]...)
		d.items = d.items[:from]
		return val.TextDatum(x)
	}
	return d.buildList(n, arena)
}

// buildList makes an ARRAY, or a MAP of the arrays of its keys and values.
func (d *Decoder) buildList(n *node, arena *val.Arena) val.Datum {
	first, from, count := n.first, len(d.items), 0
	if first.defs[first.at] < n.entry {
		n.pass()
	} else {
		for more := true; more; more = first.at < len(first.reps) && first.reps[first.at] == n.rep {
			for _, kid := range n.kids {
				d.items = append(d.items, d.build(kid, arena))
			}
			count++
		}
	}
	items, width := d.items[from:], len(n.kids)
	every := func(kid int, t *types.Type) val.Array {
		return val.MakeArray(arena, t, count, func(i int) val.Datum { return items[i*width+kid] })
	}
	x := every(0, &n.typ.Elems[0])
	d.items = d.items[:from]
	if width == 1 {
		return val.TextDatum(x)
	}
	return val.TextDatum(val.MakeMap(arena, x, every(1, val.MapValue(n.typ))))
}
