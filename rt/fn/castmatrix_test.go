package fn_test

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/fn/list"
)

// castMatrix says which conversions PyFlink 1.20.1 takes, from the kind of the
// row to that of the column; 1 where only intervals of one field are taken,
// and none here.
var castMatrix = strings.Fields(`
	++++++++++------------ ++++++++++------++---- ++++++++++------++---- ++++++++++------++---- ++++++++++------++----
	++++++++++------------ ++++++++++------------ ++++++++++------------
	++++++++++++++++------ ++++++++++++++++------
	--------++++---------- --------++++----------
	--------++--+-++------ --------++---+++------ --------++--++++------ --------++--++++------
	-1111--1++------+----- -1111--1++-------+----
	--------++--------+--- --------++---------+-- --------++----------+- --------++-----------+`)

// castSample is a type of the kind, for conversions from and to it.
func castSample(k types.Kind) types.Type {
	t := types.Of(k)
	switch k {
	case types.Array, types.Multiset:
		t.Elems = []types.Type{types.Of(types.Int)}
	case types.Map:
		t.Elems = []types.Type{types.Of(types.Int), types.String()}
	case types.Row:
		t.Elems, t.Names = []types.Type{types.Of(types.Int)}, []string{"x"}
	}
	return t
}

func TestCastMatrix(t *testing.T) {
	for i, row := range castMatrix {
		for j, want := range row {
			from, to := castSample(types.Boolean+types.Kind(i)), castSample(types.Boolean+types.Kind(j))
			castable := types.Castable(from, to)
			if castable != (want == '+') {
				t.Errorf("%s to %s: CAST %v, PyFlink has %c", from, to, castable, want)
			}
			if via, ok := list.CastVia(from, to); ok {
				to = via
			}
			if _, built := list.Cast(from.Kind, to.Kind); castable && !built && !from.Nested() && !from.SameRoot(to) {
				t.Errorf("the conversion from %s to %s isn't built", from, to)
			}
		}
	}
}

//go:embed testdata/casts.txt
var recordedCasts string

func TestRecordedCasts(t *testing.T) {
	for line := range strings.Lines(recordedCasts) {
		sql, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		if !ok {
			continue
		}
		e := bound(t, "SELECT "+sql)
		got := "NULL"
		switch d, err := compute(e); {
		case err != nil:
			got = "error"
		case d.Null:
		case e.Type().Text():
			got = fmt.Sprintf("'%s'", d.Text())
		case e.Type().Binary():
			got = fmt.Sprintf("x'%x'", d.Text())
		default:
			got = stringOf(t, d, e.Type())
		}
		if got != want {
			t.Errorf("%s = %s, PyFlink has %s", sql, got, want)
		}
	}
}
