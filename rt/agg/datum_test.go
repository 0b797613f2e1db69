package agg_test

import (
	"fmt"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/agg"
	"pyfc/rt/val"
)

// datumAcc is an accumulator over values of any type, as the steps below drive
// it.
type datumAcc interface {
	agg.State
	add(v val.Datum)
	back(v val.Datum)
	text() string
}

// through runs steps such as "+a +b -a", ~ being NULL, and returns the value
// after each; the state goes through its encoded form between any two steps.
func through[A any, P interface {
	*A
	datumAcc
}](t *testing.T, steps string) string {
	t.Helper()
	acc := P(new(A))
	var out []string
	for _, s := range strings.Fields(steps) {
		v := val.TextDatum(s[1:])
		if s[1:] == "~" {
			v = val.NullDatum()
		}
		if s[0] == '+' {
			acc.add(v)
		} else {
			acc.back(v)
		}
		out = append(out, acc.text())
		acc = restoredAcc[A, P](t, acc)
	}
	return strings.Join(out, " ")
}

// restoredAcc reads the state back, and none of its beginnings.
func restoredAcc[A any, P interface {
	*A
	datumAcc
}](t *testing.T, acc P) P {
	t.Helper()
	form := acc.AppendState(nil)
	for n := range form {
		if _, err := P(new(A)).ReadState(form[:n]); err == nil {
			t.Errorf("%T: %d of %d bytes are taken for a state", acc, n, len(form))
		}
	}
	again := P(new(A))
	if rest, err := again.ReadState(append(form, "behind"...)); err != nil || string(rest) != "behind" {
		t.Fatalf("%T: %q is left, %v", acc, rest, err)
	}
	if a, b := acc.text(), again.text(); a != b {
		t.Errorf("%T: %s comes back as %s", acc, a, b)
	}
	return again
}

var textType = types.String()

func shown(v val.Datum, ok bool) string {
	if !ok {
		return "NULL"
	}
	return v.Text()
}

type (
	first    struct{ agg.FirstValue }
	last     struct{ agg.LastValue }
	firstOf  struct{ agg.FirstValueRetracting }
	lastOf   struct{ agg.LastValueRetracting }
	least    struct{ agg.MinRetracting }
	most     struct{ agg.MaxRetracting }
	joined   struct{ agg.ListAggRetracting }
	joinedBy struct{ agg.ListAggWithRetracting }
	bag      struct{ agg.Collect }
	list1    struct{ agg.ArrayAgg }
	listOf   struct{ agg.ArrayAggRetracting }
	json1    struct{ agg.JSONArrayAgg }
	object   struct{ agg.JSONObjectAgg }
)

func (a *first) add(v val.Datum)     { a.Add(v) }
func (a *first) back(val.Datum)      { panic("takes nothing back") }
func (a *first) text() string        { return shown(a.Value()) }
func (a *last) add(v val.Datum)      { a.Add(v) }
func (a *last) back(val.Datum)       { panic("takes nothing back") }
func (a *last) text() string         { return shown(a.Value()) }
func (a *firstOf) add(v val.Datum)   { a.Add(v) }
func (a *firstOf) back(v val.Datum)  { a.Retract(v) }
func (a *firstOf) text() string      { return shown(a.Value()) }
func (a *lastOf) add(v val.Datum)    { a.Add(v) }
func (a *lastOf) back(v val.Datum)   { a.Retract(v) }
func (a *lastOf) text() string       { return shown(a.Value()) }
func (a *least) add(v val.Datum)     { a.Add(v, &textType) }
func (a *least) back(v val.Datum)    { a.Retract(v, &textType) }
func (a *least) text() string        { return shown(a.Value()) }
func (a *most) add(v val.Datum)      { a.Add(v, &textType) }
func (a *most) back(v val.Datum)     { a.Retract(v, &textType) }
func (a *most) text() string         { return shown(a.Value()) }
func (a *joined) add(v val.Datum)    { a.Add(v) }
func (a *joined) back(v val.Datum)   { a.Retract(v) }
func (a *joined) text() string       { v, ok := a.Value(val.NewArena()); return shown(val.TextDatum(v), ok) }
func (a *joinedBy) add(v val.Datum)  { a.Add(v, "/") }
func (a *joinedBy) back(v val.Datum) { a.Retract(v, "/") }
func (a *joinedBy) text() string {
	v, ok := a.Value(val.NewArena())
	return shown(val.TextDatum(v), ok)
}
func (a *bag) add(v val.Datum)     { a.Add(v) }
func (a *bag) back(v val.Datum)    { a.Retract(v) }
func (a *list1) add(v val.Datum)   { a.Add(v) }
func (a *list1) back(val.Datum)    { panic("takes nothing back") }
func (a *listOf) add(v val.Datum)  { a.Add(v) }
func (a *listOf) back(v val.Datum) { a.Retract(v) }
func (a *json1) add(v val.Datum)   { a.Add(v) }
func (a *json1) back(v val.Datum)  { a.Retract(v) }
func (a *json1) text() string      { v, _ := a.Value(val.NewArena()); return v }
func (a *object) add(v val.Datum)  { a.Add(val.TextDatum("k"+v.Text()), v) }
func (a *object) back(v val.Datum) { a.Retract(val.TextDatum("k"+v.Text()), v) }
func (a *object) text() string     { v, _ := a.Value(val.NewArena()); return v }

func (a *bag) text() string {
	t := types.Type{Kind: types.Multiset, Elems: []types.Type{textType}}
	m, _ := a.Value(val.NewArena(), &textType, &t)
	var out []string
	for i := range m.Len() {
		k, n := m.At(i, &t)
		out = append(out, fmt.Sprintf("%s=%d", k.Text(), n.Int()))
	}
	return "{" + strings.Join(out, ",") + "}"
}

func arrayText(a val.Array, ok bool) string {
	if !ok {
		return "NULL"
	}
	var out []string
	for i := range a.Len() {
		v := a.At(i, &textType)
		out = append(out, shown(v, !v.Null))
	}
	return "[" + strings.Join(out, ",") + "]"
}

func (a *list1) text() string {
	t := types.Type{Kind: types.Array, Elems: []types.Type{textType}}
	return arrayText(a.Value(val.NewArena(), &textType, &t))
}

func (a *listOf) text() string {
	t := types.Type{Kind: types.Array, Elems: []types.Type{textType}}
	return arrayText(a.Value(val.NewArena(), &textType, &t))
}

func TestValuesThatComeAndGo(t *testing.T) {
	check := func(name, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	check("first", through[first](t, "+~ +a +b"), "NULL a a")
	check("last", through[last](t, "+a +~ +b"), "a a b")
	check("first of those left", through[firstOf](t, "+~ +a +b +a -a -b -a"), "NULL a a a b a NULL")
	check("last of those left", through[lastOf](t, "+a +b +a -a -b -a"), "a b a a a NULL")
	check("least", through[least](t, "+b +a +c -a -b +~ -c"), "b a a b c c NULL")
	check("most", through[most](t, "+b +c +c -c -c -b"), "b c c c b NULL")
	check("taken back before it comes", through[most](t, "-b +a +b +b"), "NULL a a b")
	check("joined", through[joined](t, "+a +~ + +b -a -"), "a a a, a,,b ,b b")
	check("joined by", through[joinedBy](t, "+a +b +a -a"), "a a/b a/b/a b/a")
	check("bag", through[bag](t, "+b +a +~ +b -b -a"), "{b=1} {b=1,a=1} {b=1,a=1} {b=2,a=1} {b=1,a=1} {b=1}")
	check("array", through[list1](t, "+a +~"), "[a] [a,NULL]")
	check("array of those left", through[listOf](t, "+a +~ +b +a -a -~ -a"), "[a] [a,NULL] [a,NULL,b] [a,NULL,b,a] [NULL,b,a] [b,a] [b]")
	check("owed", through[listOf](t, "-a +b +a +a"), "NULL [b] [b] [b,a]")
	check("JSON array", through[json1](t, "+1 +~ +2 -1"), "[1] [1,null] [1,null,2] [null,2]")
	check("JSON object", through[object](t, "+2 +~ +1 -2"), `{"k2":2} {"k":null,"k2":2} {"k":null,"k1":1,"k2":2} {"k":null,"k1":1}`)
}

func TestSingleValue(t *testing.T) {
	var s agg.SingleValue
	if _, ok := s.Value(); ok {
		t.Error("a value of no row")
	}
	if err := s.Add(val.TextDatum("a")); err != nil {
		t.Fatal(err)
	}
	var again agg.SingleValue
	if rest, err := again.ReadState(s.AppendState(nil)); err != nil || len(rest) != 0 {
		t.Fatal(rest, err)
	}
	if err := again.Add(val.TextDatum("b")); err == nil {
		t.Error("two rows are taken for one")
	}
	again.Retract(val.TextDatum("a"))
	if err := again.Add(val.NullDatum()); err != nil {
		t.Error(err)
	}
	if _, ok := again.Value(); ok {
		t.Error("NULL is taken for a value")
	}
}

func TestListAgg(t *testing.T) {
	var l agg.ListAggWith
	if _, ok := l.Value(); ok {
		t.Error("a text of nothing")
	}
	l.Add("a", "-")
	early, _ := l.Value()
	l.Add("", "-")
	l.Add("b", "-")
	if v, _ := l.Value(); v != "a--b" || early != "a" {
		t.Errorf("got %q, before %q", v, early)
	}
	var again agg.ListAggWith
	if rest, err := again.ReadState(append(l.AppendState(nil), 7)); err != nil || len(rest) != 1 {
		t.Fatal(rest, err)
	}
	again.Add("c", "-")
	if v, _ := again.Value(); v != "a--b-c" {
		t.Errorf("got %q", v)
	}
}

func TestDistinct(t *testing.T) {
	type key struct{ s string }
	keep := func(k *key) { k.s = val.Keep(k.s) }
	encode := func(dst []byte, k *key) []byte { return val.EncodeText(dst, k.s) }
	decode := func(src []byte, k *key) ([]byte, error) { return val.DecodeText(src, &k.s) }
	var d agg.Distinct[key]
	buf := []byte("a")
	if !d.Add(key{val.View(buf)}, keep) || d.Add(key{"a"}, keep) || !d.Add(key{"b"}, keep) {
		t.Error("new and known values are mixed up")
	}
	copy(buf, "x")
	form := d.AppendState(nil, encode)
	for n := range form {
		if _, err := new(agg.Distinct[key]).ReadState(form[:n], decode); err == nil {
			t.Errorf("%d of %d bytes are taken for a state", n, len(form))
		}
	}
	var again agg.Distinct[key]
	if rest, err := again.ReadState(form, decode); err != nil || len(rest) != 0 {
		t.Fatal(rest, err)
	}
	if again.Retract(key{"a"}, keep) || !again.Retract(key{"a"}, keep) || again.Retract(key{"a"}, keep) || !again.Add(key{"a"}, keep) {
		t.Error("the last one isn't told from the others")
	}
}
