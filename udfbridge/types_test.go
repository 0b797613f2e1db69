package udfbridge

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"testing"

	"pyfc/internal/expect"
	"pyfc/ir/types"
	"pyfc/rt/stream"
	"pyfc/rt/val"
	"pyfc/udfbridge/python"
)

// wide has a column of each type; nulls has a bit for each, in this order.
type wide struct {
	nulls   uint64
	boolean bool
	tiny    int8
	small   int16
	integer int32
	big     int64
	float   float32
	double  float64
	text    string
	data    []byte
}

var wideColumns = []types.Type{
	types.Of(types.Boolean), types.Of(types.TinyInt), types.Of(types.SmallInt), types.Of(types.Int),
	types.Of(types.BigInt), types.Of(types.Float), types.Of(types.Double), types.String(), types.Of(types.VarBinary),
}

// appender is what all builders have in common.
type appender[T any] interface {
	Append(T)
	AppendNull()
}

func fill[T any](in []wide, column int, b appender[T], get func(*wide) T) {
	for i := range in {
		if in[i].nulls&(1<<column) != 0 {
			b.AppendNull()
		} else {
			b.Append(get(&in[i]))
		}
	}
}

var wideCodec = Codec[wide, wide]{
	Args: func(in []wide, a *Args, _ *val.Arena) error {
		fill(in, 0, a.Bool(0), func(r *wide) bool { return r.boolean })
		fill(in, 1, a.Int8(1), func(r *wide) int8 { return r.tiny })
		fill(in, 2, a.Int16(2), func(r *wide) int16 { return r.small })
		fill(in, 3, a.Int32(3), func(r *wide) int32 { return r.integer })
		fill(in, 4, a.Int64(4), func(r *wide) int64 { return r.big })
		fill(in, 5, a.Float32(5), func(r *wide) float32 { return r.float })
		fill(in, 6, a.Float64(6), func(r *wide) float64 { return r.double })
		fill(in, 7, a.String(7), func(r *wide) string { return r.text })
		fill(in, 8, a.Bytes(8), func(r *wide) []byte { return r.data })
		return nil
	},
	Result: func(in *wide, i int, r *Results, out *wide) error {
		for c := range wideColumns {
			if r.IsNull(c, i) {
				out.nulls |= 1 << c
			}
		}
		out.boolean, out.tiny, out.small, out.integer = r.Bool(0, i), r.Int8(1, i), r.Int16(2, i), r.Int32(3, i)
		out.big, out.float, out.double = r.Int64(4, i), r.Float32(5, i), r.Float64(6, i)
		out.text, out.data = r.String(7, i), r.Bytes(8, i)
		return nil
	},
}

// TestTypes sends values of all types, and NULLs, through a function that
// checks their Python types and returns them.
func TestTypes(t *testing.T) {
	const source = `
def f(kind):
    def same(v):
        if v is not None and type(v) is not kind:
            raise TypeError("%r is not of type %s" % (v, kind))
        return v
    return same
`
	spec := &Spec{Code: &Code{Sources: []Source{{Module: "__main__", File: "job.py", Text: source}}}, Columns: wideColumns}
	for i, python := range []string{"bool", "int", "int", "int", "int", "float", "float", "str", "bytes"} {
		spec.Functions = append(spec.Functions, Function{Name: "f", Module: "__main__", Expression: "f(" + python + ")"})
		spec.Results = append(spec.Results, Result{Call: Expr{Function: i, Args: []Arg{Column(i)}}, Type: wideColumns[i]})
	}
	all := uint64(1<<len(wideColumns) - 1)
	rows := []wide{
		{0, true, math.MaxInt8, math.MaxInt16, math.MaxInt32, math.MaxInt64, math.MaxFloat32, math.MaxFloat64, "中文 🙂", []byte{0, 0xff}},
		{all, false, 0, 0, 0, 0, 0, 0, "", nil},
		{0, false, math.MinInt8, math.MinInt16, math.MinInt32, math.MinInt64, -0.1, math.Inf(-1), "", []byte{}},
		{all &^ 0b10101, true, 0, 7, 0, 9, 0, 0, "", nil},
		{all &^ 0b101000000, false, 0, 0, 0, 0, 0, math.Copysign(0, -1), "", []byte("x")},
	}
	tk := newTask(t)
	out := &collector[wide]{keep: func(r wide) wide {
		r.text, r.data = val.Keep(r.text), append([]byte{}, r.data...)
		return r
	}}
	op, err := NewCall(tk.sub, NewPool(config(t), "", tk.sub.Log), spec, wideCodec, out)
	if err != nil {
		t.Fatal(err)
	}
	defer op.Close()
	if err := op.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	var pool stream.Pool[wide]
	b := pool.Get()
	b.Rows = append(b.Rows, rows...)
	if err := op.Process(b); err != nil {
		t.Fatal(err)
	}
	if err := tk.until(func() bool { return len(out.rows) == len(rows) }); err != nil {
		t.Fatal(err)
	}
	for i, got := range out.rows {
		want := rows[i]
		want.data = append([]byte{}, want.data...)
		if !reflect.DeepEqual(got, want) || math.Signbit(got.double) != math.Signbit(want.double) {
			t.Errorf("row %d: got  %+v\nwant %+v", i, got, want)
		}
	}
}

// printCodec is pairCodec for a result of any type, which it prints.
func printCodec(t types.Type) Codec[pair, pair] {
	c := pairCodec
	c.Result = func(in *pair, i int, r *Results, out *pair) error {
		*out = *in
		if out.outNull = r.IsNull(0, i); out.outNull {
			return nil
		}
		switch t.Kind {
		case types.Boolean:
			out.out = fmt.Sprint(r.Bool(0, i))
		case types.TinyInt:
			out.out = fmt.Sprint(r.Int8(0, i))
		case types.SmallInt:
			out.out = fmt.Sprint(r.Int16(0, i))
		case types.Int:
			out.out = fmt.Sprint(r.Int32(0, i))
		case types.BigInt:
			out.out = fmt.Sprint(r.Int64(0, i))
		case types.Float:
			out.out = fmt.Sprint(r.Float32(0, i))
		case types.Double:
			out.out = fmt.Sprint(r.Float64(0, i))
		case types.VarChar:
			out.out = r.String(0, i)
		case types.VarBinary:
			out.out = fmt.Sprintf("%x", r.Bytes(0, i))
		}
		return nil
	}
	return c
}

// TestConversion holds what PyFlink 1.20.1's coders (coder_impl_fast) do with
// the values of Python expressions; it was recorded by calling them.
func TestConversion(t *testing.T) {
	const big = "too large to convert to C long"
	const number = "TypeError: an integer is required"
	cases := []struct {
		kind types.Kind
		expr string
		want string // the printed value, or "!" and a part of the error
	}{
		{types.TinyInt, "127", "127"},
		{types.TinyInt, "128", "!OverflowError: value too large to convert to int8_t"},
		{types.TinyInt, "2**63", "!OverflowError: Python int " + big},
		{types.SmallInt, "-32768", "-32768"},
		{types.SmallInt, "32768", "!OverflowError: value too large to convert to int16_t"},
		{types.Int, "2**31", "!OverflowError: value too large to convert to int32_t"},
		{types.BigInt, "2**63-1", "9223372036854775807"},
		{types.BigInt, "2**63", "!OverflowError: Python int " + big},
		{types.BigInt, "True", "1"},
		{types.BigInt, "3.7", "3"},
		{types.BigInt, "-3.7", "-3"},
		{types.BigInt, "__import__('decimal').Decimal('2.5')", "2"},
		{types.BigInt, "float('nan')", "!ValueError: cannot convert float NaN to integer"},
		{types.BigInt, "'5'", "!" + number},
		{types.BigInt, "[1]", "!" + number},
		{types.BigInt, "None", "None"},
		{types.Boolean, "True", "true"},
		{types.Boolean, "0", "false"},
		{types.Boolean, "2.5", "true"},
		{types.Boolean, "-1", "!OverflowError: can't convert negative value to unsigned char"},
		{types.Boolean, "256", "!OverflowError: value too large to convert to unsigned char"},
		{types.Boolean, "'True'", "!" + number},
		{types.Float, "3.7", "3.7"},
		{types.Float, "1e39", "+Inf"},
		{types.Double, "1", "1"},
		{types.Double, "2**63", "9.223372036854776e+18"},
		{types.Double, "float('nan')", "NaN"},
		{types.Double, "'1'", "!TypeError: must be real number, not str"},
		{types.Double, "2**2000", "!OverflowError: int too large to convert to float"},
		{types.VarChar, "'é'", "é"},
		{types.VarChar, "5", "!AttributeError: 'int' object has no attribute 'encode'"},
		{types.VarChar, "b'ab'", "!AttributeError: 'bytes' object has no attribute 'encode'"},
		{types.VarChar, `'\ud800'`, "!UnicodeEncodeError: 'utf-8' codec can't encode"},
		{types.VarChar, "type('S', (str,), {})('sub')", "sub"},
		{types.VarBinary, "b'ab'", "6162"},
		{types.VarBinary, "bytearray(b'q')", "71"},
		{types.VarBinary, "'ab'", "!TypeError: expected bytes, str found"},
		{types.VarBinary, "memoryview(b'z')", "!TypeError: expected bytes, memoryview found"},
	}
	for _, c := range cases {
		for _, policy := range []string{"fail", "null"} {
			t.Run(c.kind.String()+" "+c.expr+" "+policy, func(t *testing.T) {
				testConversion(t, types.Of(c.kind), c.expr, c.want, policy)
			})
		}
	}
}

const conversionSource = "def f(s, n):\n    return eval(s)\n"

func testConversion(t *testing.T, typ types.Type, expr, want, policy string) {
	address := sharedWorker(t)
	tk := newTask(t)
	out := &collector[pair]{keep: keepPair}
	pool := NewPool(config(t, "python.worker.address", address, "python.udf.on-error", policy), "", tk.sub.Log)
	op, err := NewCall(tk.sub, pool, pairSpec(conversionSource, typ), printCodec(typ), out)
	if err != nil {
		t.Fatal(err)
	}
	defer op.Close()
	if err := op.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	var inputs stream.Pool[pair]
	b := inputs.Get()
	b.Add().s = expr
	if err := op.Process(b); err != nil {
		t.Fatal(err)
	}
	err = tk.until(func() bool { return len(out.rows) == 1 })
	message, fails := strings.CutPrefix(want, "!")
	switch {
	case fails && policy == "fail":
		var failure *FunctionError
		if !errors.As(err, &failure) {
			t.Fatalf("got %v, %+v, want a FunctionError", err, out.rows)
		}
		expect.Contains(t, err.Error(), message, "its result type is "+typ.String())
	case err != nil:
		t.Fatal(err)
	case fails:
		expect.Contains(t, tk.log.String(), "result is NULL", message)
		if !out.rows[0].outNull || tk.sub.Count.Failed.Load() != 1 {
			t.Errorf("got %+v", out.rows[0])
		}
	case out.rows[0].outNull != (want == "None") || want != "None" && out.rows[0].out != want:
		t.Errorf("got %+v, want %s", out.rows[0], want)
	}
}

func TestUnsupportedType(t *testing.T) {
	for _, typ := range []types.Type{types.Of(types.IntervalDayTime), {Kind: types.Multiset, Elems: []types.Type{types.String()}}} {
		if python.Supports(typ) {
			t.Errorf("%s is supported", typ)
		}
		spec := pairSpec(upperSource, types.String())
		spec.Columns = []types.Type{typ}
		_, err := NewCall(newTask(t).sub, NewPool(config(t), "", slog.Default()), spec, pairCodec, &counter[pair]{})
		if err == nil {
			t.Fatalf("%s: no error", typ)
		}
		expect.Contains(t, err.Error(), typ.String()+" cannot travel to a Python function")
	}
}

// TestSupports: what the compiler takes for types that travel are those that have a
// type of Arrow's.
func TestSupports(t *testing.T) {
	for k := types.Boolean; k <= types.Null; k++ {
		typ := types.Type{Kind: k}
		switch k {
		case types.Array, types.Multiset:
			typ.Elems = []types.Type{types.String()}
		case types.Map:
			typ.Elems = []types.Type{types.String(), types.Of(types.Int)}
		case types.Row:
			typ.Elems, typ.Names = []types.Type{types.Of(types.Date)}, []string{"d"}
		}
		for _, typ := range []types.Type{typ, {Kind: types.Array, Elems: []types.Type{typ}}} {
			if got, want := python.Supports(typ), arrowType(typ) != nil; got != want {
				t.Errorf("%s: Supports says %v, the bridge %v", typ, got, want)
			}
		}
	}
}
