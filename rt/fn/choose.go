package fn

import (
	"math"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Greatest is the greatest argument; NULL where one is.
func Greatest(t *types.Type, args ...val.Datum) val.Datum { return choose(t, 1, args) }

// Least is the smallest argument; NULL where one is.
func Least(t *types.Type, args ...val.Datum) val.Datum { return choose(t, -1, args) }

func choose(t *types.Type, sign int, args []val.Datum) val.Datum {
	out := args[0]
	for _, d := range args {
		if d.Null {
			return d
		}
		if val.CompareDatum(d, out, t) == sign {
			out = d
		}
	}
	return out
}

// HashCode is Java's hash code of the value as Flink holds it.
func HashCode(v val.Datum, t, _ *types.Type) (int32, bool) {
	if v.Null {
		return 0, false
	}
	return hash(v, t), true
}

func hash(v val.Datum, t *types.Type) int32 {
	switch t.Kind {
	case types.Boolean:
		if v.Bool() {
			return 1231
		}
		return 1237
	case types.BigInt:
		return hashLong(v.Int())
	case types.Float:
		return int32(math.Float32bits(float32(v.Float())))
	case types.Double:
		return hashLong(int64(math.Float64bits(v.Float())))
	case types.Timestamp, types.TimestampLTZ:
		ts := v.Timestamp()
		return 31*hashLong(ts.Milli) + ts.Nano
	case types.Char, types.VarChar:
		return hashText(v.Text())
	case types.Decimal:
		return 31*hashBig(v.Decimal()) + int32(t.Scale)
	}
	return int32(v.Int())
}

func hashLong(v int64) int32 { return int32(v ^ int64(uint64(v)>>32)) }

// hashText is String.hashCode, which goes by UTF-16 code units.
func hashText(s string) int32 {
	var h int32
	for _, r := range s {
		if r > 0xFFFF {
			r -= 0x10000
			h = 31*h + 0xD800 + r>>10
			r = 0xDC00 + r&0x3FF
		}
		h = 31*h + r
	}
	return h
}

// hashBig is BigInteger.hashCode: the magnitude in 32-bit words, with the sign.
func hashBig(d val.Decimal) int32 {
	hi, lo, sign := uint64(d.Hi), d.Lo, int32(1)
	if d.Hi < 0 {
		sign = -1
		lo = -lo
		hi = ^hi
		if lo == 0 {
			hi++
		}
	}
	var h int32
	for _, word := range [...]uint64{hi >> 32, hi & math.MaxUint32, lo >> 32, lo & math.MaxUint32} {
		h = 31*h + int32(uint32(word))
	}
	return h * sign
}

// choosable has the types that GREATEST and LEAST order.
var choosable = NewParam("a number, string, date, time, interval or BOOLEAN", func(t types.Type) bool {
	return t.Numeric() || t.Text() || t.Temporal() || t.Kind == types.Boolean
})

// hashable has the types that HASH_CODE takes.
var hashable = NewParam("a number, string, date, time or BOOLEAN", func(t types.Type) bool {
	return t.Numeric() || t.Text() || t.Temporal() || t.Kind == types.Boolean
})

func choice(name, doc string, impl any, examples ...Example) Decl {
	return Decl{Name: name, Doc: doc, Examples: examples,
		Overloads: []Overload{{Params: []Param{choosable, choosable}, Variadic: true, Coerce: merge, Result: chosen, Impls: []any{impl}}}}
}

// Declarations.
var (
	GreatestDecl = choice("GREATEST", "The greatest of the values; NULL where one is.", Greatest,
		Example{"GREATEST(1, 2)", "2"}, Example{"GREATEST(1, 2.5)", "2.5"}, Example{"GREATEST('b', 'abc')", "b"}, Example{"GREATEST(CAST(NULL AS INT), 1)", "NULL"}, Example{"GREATEST(TRUE, FALSE)", "TRUE"}, Example{"GREATEST(CAST('NaN' AS DOUBLE), 1)", "NaN"})
	LeastDecl = choice("LEAST", "The smallest of the values; NULL where one is.", Least,
		Example{"LEAST(1, 2)", "1"}, Example{"LEAST(1, 2.5)", "1.0"})
	HashCodeDecl = Decl{Name: "HASH_CODE", Doc: "Java's hash code of the value.",
		Overloads: []Overload{{Params: []Param{hashable}, Result: alwaysInt, Impls: []any{HashCode}}},
		Examples:  []Example{{"HASH_CODE('hello')", "99162322"}, {"HASH_CODE(1)", "1"}, {"HASH_CODE(1.5)", "466"}, {"HASH_CODE(TRUE)", "1231"}, {"HASH_CODE(CAST(1.5 AS DOUBLE))", "1073217536"}, {"HASH_CODE('日本')", "835047"}, {"HASH_CODE(CAST(NULL AS STRING))", "NULL"}}}
)

// chosen is the type that merge converts to; of texts, which keep their own
// types, the one that holds them all.
func chosen(args []Arg) types.Type {
	t, _ := merge(args)
	return t[0].NotNull()
}

// merge converts all arguments to what types.Merged makes of them.
func merge(args []Arg) ([]types.Type, bool) {
	t := args[0].Type
	for _, a := range args[1:] {
		var ok bool
		if t, ok = types.Merged(t, a.Type); !ok {
			return nil, false
		}
	}
	return repeated(t, len(args)), t.Kind != types.Null
}
