package parquetio

import (
	"math/big"
	"reflect"

	"github.com/parquet-go/parquet-go"

	"pyfc/ir/types"
	declaration "pyfc/rt/format/parquet"
	"pyfc/rt/val"
)

// branch is a type of the table in the tree of the values of a row: where these
// belong, and by which levels a reader knows what they are.
type branch struct {
	typ *types.Type
	// leaf is the position among the columns of a file, kids is empty then.
	leaf int
	kids []*branch // as those of a node
	// def is the definition level of the value, but for a NULL one; of an ARRAY or
	// MAP entry is that of what is in it, and rep its repetition level behind the
	// first entry.
	def, entry, rep int
	size            int // of a decimal, in bytes
}

// planner makes the schema of a file, as PyFlink 1.20.1 does, but that the keys of
// maps are required, which other readers want.
type planner struct {
	opts       *declaration.Options
	dictionary bool
	leaves     int
}

// group is a group whose fields have the order of the table.
type group struct {
	parquet.Group
	fields []parquet.Field
}

func (g *group) Fields() []parquet.Field { return g.fields }

// GoType implements parquet.Node; no values of Go are written.
func (g *group) GoType() reflect.Type { return reflect.TypeFor[struct{}]() }

type field struct {
	parquet.Node
	name string
}

func (f *field) Name() string                           { return f.name }
func (f *field) Value(base reflect.Value) reflect.Value { return base }

func (g *group) add(name string, n parquet.Node) { g.fields = append(g.fields, &field{n, name}) }

// schema plans the columns of a table.
func (p *planner) schema(columns []val.Column) (*parquet.Schema, []*branch) {
	g, branches := new(group), make([]*branch, len(columns))
	for i := range columns {
		b, n := p.value(columns[i].Of, 0, 0, false)
		g.add(columns[i].Name, n)
		branches[i] = b
	}
	return parquet.NewSchema("flink_schema", g), branches
}

// value plans a value below levels.
func (p *planner) value(t *types.Type, def, rep int, required bool) (*branch, parquet.Node) {
	b := &branch{typ: t, def: def}
	if !required && t.Nullable {
		b.def++
	}
	var n parquet.Node
	switch t.Kind {
	case types.Array:
		b.entry, b.rep = b.def+1, rep+1
		kid, elem := p.value(&t.Elems[0], b.entry, b.rep, false)
		b.kids, n = []*branch{kid}, parquet.List(elem)
	case types.Map, types.Multiset:
		b.entry, b.rep = b.def+1, rep+1
		k, key := p.value(&t.Elems[0], b.entry, b.rep, true)
		v, value := p.value(val.MapValue(t), b.entry, b.rep, false)
		b.kids, n = []*branch{k, v}, parquet.Map(key, value)
	case types.Row:
		g := new(group)
		for i, name := range t.Names {
			kid, n := p.value(&t.Elems[i], b.def, rep, false)
			b.kids = append(b.kids, kid)
			g.add(name, n)
		}
		n = g
	default:
		b.leaf = p.leaves
		p.leaves++
		if t.Kind == types.Decimal {
			b.size = decimalSize(t.Precision)
		}
		n = p.scalar(t)
	}
	if !required && t.Nullable {
		n = parquet.Optional(n)
	}
	return b, n
}

// scalar is the type of the values of a type that isn't nested.
func (p *planner) scalar(t *types.Type) parquet.Node {
	switch t.Kind {
	case types.Boolean:
		return parquet.Leaf(parquet.BooleanType)
	case types.TinyInt:
		return parquet.Int(8)
	case types.SmallInt:
		return parquet.Int(16)
	case types.Int:
		return parquet.Leaf(parquet.Int32Type)
	case types.BigInt:
		return parquet.Leaf(parquet.Int64Type)
	case types.Float:
		return parquet.Leaf(parquet.FloatType)
	case types.Double:
		return parquet.Leaf(parquet.DoubleType)
	case types.Decimal:
		return parquet.Decimal(t.Scale, t.Precision, parquet.FixedLenByteArrayType(decimalSize(t.Precision)))
	case types.Date:
		return parquet.Date()
	case types.Time:
		return parquet.Time(parquet.Millisecond)
	case types.Timestamp, types.TimestampLTZ:
		if p.opts.Int64Time {
			return parquet.TimestampAdjusted(units[p.opts.TimeUnit], false)
		}
		return parquet.Leaf(parquet.Int96Type)
	}
	n := parquet.Leaf(parquet.ByteArrayType)
	if t.Kind == types.Char || t.Kind == types.VarChar {
		n = parquet.String()
	}
	if p.dictionary {
		return parquet.Encoded(n, &parquet.RLEDictionary)
	}
	return n
}

// units are the values of timestamp.time.unit.
var units = map[string]parquet.TimeUnit{"millis": parquet.Millisecond, "micros": parquet.Microsecond, "nanos": parquet.Nanosecond}

// decimalSize is how many bytes the digits of a decimal take, with their sign.
func decimalSize(precision int) int {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(precision)), nil)
	return most.BitLen()/8 + 1 // 10^n is no power of 2
}
