package agg_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"pyfc/rt/agg"
	"pyfc/rt/agg/list"
	"pyfc/rt/val"
)

// accumulator is what every accumulator over T has.
type accumulator[T, R any] interface {
	agg.State
	Add(v T)
	Value() (R, bool)
}

type retracting[T any] interface{ Retract(v T) }

// step is a value taken in, or taken back.
type step[T any] struct {
	v    T
	back bool
}

func in[T any](vs ...T) []step[T] {
	out := make([]step[T], len(vs))
	for i, v := range vs {
		out[i] = step[T]{v, false}
	}
	return out
}

func back[T any](vs ...T) []step[T] {
	out := in(vs...)
	for i := range out {
		out[i].back = true
	}
	return out
}

// run takes the steps and says what the value is then; after each step the
// state is encoded and read into another accumulator, which goes on.
func run[T, R any, A any, P interface {
	*A
	accumulator[T, R]
}](t *testing.T, name, want string, steps ...[]step[T]) {
	t.Helper()
	acc := P(new(A))
	for _, list := range steps {
		for _, s := range list {
			if s.back {
				any(acc).(retracting[T]).Retract(s.v)
			} else {
				acc.Add(s.v)
			}
			acc = reread[T, R, A, P](t, name, acc)
		}
	}
	got := "NULL"
	if v, ok := acc.Value(); ok {
		got = fmt.Sprint(v)
	}
	if got != want {
		t.Errorf("%s: got %s, want %s", name, got, want)
	}
}

// reread writes the state between other bytes and reads it back.
func reread[T, R any, A any, P interface {
	*A
	accumulator[T, R]
}](t *testing.T, name string, acc P) P {
	t.Helper()
	data := acc.AppendState([]byte("before"))
	if !strings.HasPrefix(string(data), "before") {
		t.Errorf("%s: the state overwrites what is there", name)
	}
	form := data[len("before"):]
	again := P(new(A))
	rest, err := again.ReadState(append(form[:len(form):len(form)], "behind"...))
	if err != nil || string(rest) != "behind" {
		t.Errorf("%s: %q is left, %v", name, rest, err)
	}
	if a, b := fmt.Sprintf("%+v", *acc), fmt.Sprintf("%+v", *again); a != b {
		t.Errorf("%s: %s comes back as %s", name, a, b)
	}
	for n := range form {
		if _, err := P(new(A)).ReadState(form[:n]); err == nil {
			t.Errorf("%s: %d of %d bytes are taken for a state", name, n, len(form))
		}
	}
	return again
}

var nan = math.NaN()

func TestSum(t *testing.T) {
	run[int64, int64, agg.SumInt[int64]](t, "none", "NULL", in[int64]())
	run[int64, int64, agg.SumInt[int64]](t, "three", "6", in[int64](1, 2, 3))
	run[int64, int64, agg.SumInt[int64]](t, "wraps", "-9223372036854775808", in[int64](math.MaxInt64, 1))
	run[int8, int8, agg.SumInt[int8]](t, "TINYINT wraps", "-128", in[int8](127, 1))
	run[int32, int32, agg.SumInt[int32]](t, "INT wraps back", "2147483647", in[int32](math.MaxInt32, 1), back[int32](1))
	run[int64, int64, agg.SumInt[int64]](t, "all taken back", "NULL", in[int64](4, 5), back[int64](5, 4))
	run[int64, int64, agg.SumInt[int64]](t, "taken back first", "3", in[int64](3), back[int64](7), in[int64](7))
	run[float64, float64, agg.SumFloat[float64]](t, "order counts", "0", in(1.0, 1e100, -1e100))
	run[float64, float64, agg.SumFloat[float64]](t, "NaN stays", "NaN", in(1, nan, 2))
	run[float64, float64, agg.SumFloat[float64]](t, "infinite", "+Inf", in(1e308, 1e308))
	run[float32, float32, agg.SumFloat[float32]](t, "FLOAT", "1.6777216e+07", in[float32](16777216, 1))
	run[float64, float64, agg.SumFloat[float64]](t, "taken back", "NULL", in(2.5), back(2.5))
}

func TestAvg(t *testing.T) {
	run[int32, int32, agg.AvgInt[int32]](t, "none", "NULL", in[int32]())
	run[int32, int32, agg.AvgInt[int32]](t, "truncated", "1", in[int32](1, 2))
	run[int32, int32, agg.AvgInt[int32]](t, "toward zero", "-1", in[int32](-1, -2))
	run[int32, int32, agg.AvgInt[int32]](t, "the sum is wider than the values", "2147483647", in[int32](math.MaxInt32, math.MaxInt32))
	run[int64, int64, agg.AvgInt[int64]](t, "the sum of BIGINTs wraps", "-1", in[int64](math.MaxInt64, math.MaxInt64))
	run[int32, int32, agg.AvgInt[int32]](t, "taken back", "4", in[int32](4, 10), back[int32](10))
	run[float64, float64, agg.AvgFloat[float64]](t, "DOUBLE", "1.5", in(1.0, 2))
	run[float32, float32, agg.AvgFloat[float32]](t, "the sum of FLOATs is a DOUBLE", "5.592406e+06", in[float32](16777216, 1, 1))
	run[float64, float64, agg.AvgFloat[float64]](t, "NaN", "NaN", in(nan))
	run[float64, float64, agg.AvgFloat[float64]](t, "all taken back", "NULL", in(1.0), back(1.0))
}

func TestExtremes(t *testing.T) {
	run[int64, int64, agg.Min[int64]](t, "none", "NULL", in[int64]())
	run[int64, int64, agg.Min[int64]](t, "least", "-3", in[int64](2, -3, 7))
	run[int64, int64, agg.Max[int64]](t, "greatest", "7", in[int64](2, -3, 7))
	run[int8, int8, agg.Min[int8]](t, "TINYINT", "-128", in[int8](0, -128, 127))
	run[int16, int16, agg.Max[int16]](t, "zero is a value", "0", in[int16](-5, 0))
	run[string, string, agg.Min[string]](t, "texts", "", in("b", "", "a"))
	run[string, string, agg.Max[string]](t, "texts by code point", "名", in("b", "名", "é"))
	run[float32, float32, agg.Max[float32]](t, "FLOAT", "0.1", in[float32](-1, 0.1))
	run[float64, float64, agg.Min[float64]](t, "a later NaN", "1", in(1, nan, 2))
	run[float64, float64, agg.Max[float64]](t, "a later NaN", "2", in(1, nan, 2))
	run[float64, float64, agg.Min[float64]](t, "NaN first", "NaN", in(nan, 1, 2))
	run[float64, float64, agg.Max[float64]](t, "NaN first", "NaN", in(nan, 1, 2))
	run[float64, float64, agg.Min[float64]](t, "infinite", "-Inf", in(1, math.Inf(-1), 3))
}

func TestCount(t *testing.T) {
	c := agg.Count{}
	c.Add()
	c.Add()
	c.Retract()
	var again agg.Count
	if rest, err := again.ReadState(c.AppendState(nil)); err != nil || len(rest) != 0 {
		t.Fatal(rest, err)
	}
	if n, ok := again.Value(); n != 1 || !ok {
		t.Errorf("count %d, %t", n, ok)
	}
	if n, ok := (&agg.Count{}).Value(); n != 0 || !ok {
		t.Errorf("count of nothing: %d, %t", n, ok)
	}
	if _, err := again.ReadState(nil); err == nil {
		t.Error("no bytes are taken for a state")
	}
}

// An extreme outlives the batch whose arena its text views.
func TestExtremesKeepTheirText(t *testing.T) {
	buf := []byte("abc")
	var m agg.Max[string]
	m.Add(val.View(buf))
	copy(buf, "xyz")
	if v, _ := m.Value(); v != "abc" {
		t.Errorf("got %q", v)
	}
}

// TestDeclarations walks all functions: the accumulator of each overload has
// the methods that generated code calls.
func TestDeclarations(t *testing.T) {
	for _, d := range list.All {
		if d.Doc == "" || d.Name != strings.ToUpper(d.Name) {
			t.Errorf("%s: a name in upper case and a sentence are wanted", d.Name)
		}
		if found, ok := list.Lookup(strings.ToLower(d.Name)); !ok || found.Name != d.Name {
			t.Errorf("%s isn't found in lower case", d.Name)
		}
		for _, o := range d.Overloads {
			for _, acc := range []any{o.Acc, o.Retracting} {
				if acc != nil {
					checkAccumulator(t, d.Name, acc, len(o.Params))
				}
			}
			if o.Acc != nil && o.For(true) == nil {
				t.Errorf("%s can't take rows back", d.Name)
			}
		}
	}
	if len(list.Names()) < len(list.All) {
		t.Error("Names leaves functions out")
	}
}

// checkAccumulator checks that generated code finds what it calls.
func checkAccumulator(t *testing.T, name string, acc any, params int) {
	t.Helper()
	p := reflect.New(reflect.TypeOf(acc))
	if _, ok := p.Interface().(agg.State); !ok {
		t.Errorf("%s: %T has no state form", name, acc)
	}
	for _, m := range []string{"Add", "Value"} {
		if !p.MethodByName(m).IsValid() {
			t.Fatalf("%s: %T has no %s", name, acc, m)
		}
	}
	s := list.SignatureOf(acc)
	if len(s.Add.Args) > params || s.Add.Types > params {
		t.Errorf("%s: %T takes %d arguments and %d types of %d", name, acc, len(s.Add.Args), s.Add.Types, params)
	}
	if s.Value.Types > params+1 || s.Value.Shapes > params+1 {
		t.Errorf("%s: %T wants more types than there are", name, acc)
	}
	if r := p.MethodByName("Retract"); r.IsValid() && r.Type().NumIn() != p.MethodByName("Add").Type().NumIn() {
		t.Errorf("%s: Retract of %T takes other arguments than Add", name, acc)
	}
}

func BenchmarkMaxText(b *testing.B) {
	texts := make([]string, 1000)
	for i := range texts {
		texts[i] = fmt.Sprintf("%04d", i*7%1000)
	}
	b.ReportAllocs()
	var m agg.Max[string]
	for i := range b.N {
		m.Add(texts[i%len(texts)])
	}
}

func BenchmarkMinInt(b *testing.B) {
	b.ReportAllocs()
	var m agg.Min[int64]
	for i := range b.N {
		m.Add(int64(-i))
	}
}
