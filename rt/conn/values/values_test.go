package values

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

func table(data, mode string) *conn.Table {
	return &conn.Table{Name: "t", Options: map[string]string{"connector": "values", "data": data, "changelog-mode": mode},
		Columns: []val.Column{{Name: "a", Type: "INT"}, {Name: "b", Type: "STRING"}}}
}

// options parses a table's options and checks them, as a build does.
func options(t *conn.Table) []conn.OptionError {
	var o Options
	faults := conn.Parse(t.Options, &o, conn.Modern)
	return append(faults, check(&o, t)...)
}

func TestRowsAreCheckedAtBuild(t *testing.T) {
	for _, c := range []struct{ data, mode, want string }{
		{`[[1, "a"], [null, null]]`, "I", ""},
		{``, "I", ""},
		{`[[1, "a"], {"-U": [1, "a"]}, {"+U": [2, "a"]}]`, "I,UB,UA", ""},
		{`[[1]]`, "I", "1 values, the table 2 columns"},
		{`[1, 2]`, "I", "is no row"},
		{`[[1, "a"]`, "I", "no JSON array"},
		{`[{"-U": [1, "a"]}]`, "I", "changelog-mode I has no -U"},
		{`[{"?": [1, "a"]}]`, "I", "is no row of one kind"},
		{`[{"-U": [1, "a"], "+U": [1, "a"]}]`, "I,UB,UA", "is no row of one kind"},
		{`[]`, "I,X", `"X" is no kind of row`},
	} {
		faults := options(table(c.data, c.mode))
		switch {
		case c.want == "" && len(faults) > 0:
			t.Errorf("%s: %v", c.data, faults)
		case c.want != "" && (len(faults) != 1 || !strings.Contains(faults[0].Message, c.want)):
			t.Errorf("%s: got %v, want %q", c.data, faults, c.want)
		}
	}
}

// TestSourceGoesOnWhereItWas reads some rows, takes a checkpoint and goes on in
// another source.
func TestSourceGoesOnWhereItWas(t *testing.T) {
	tab := table(`[[1, "a"], {"-D": [1, "a"]}, [2, "b"]]`, "I,D")
	s := open(t, tab, 0)
	var r conn.Records
	if err := s.Poll(t.Context(), nil, &r, 2); err != nil || len(r.Values) != 2 {
		t.Fatalf("%d rows, %v", len(r.Values), err)
	}
	if r.Kinds[0] != val.Insert || r.Kinds[1] != val.Delete {
		t.Errorf("kinds %v", r.Kinds)
	}
	var snap state.Snapshot
	if err := s.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	again := open(t, tab, 0)
	if err := again.Restore(&state.Restored{List: snap.List}); err != nil {
		t.Fatal(err)
	}
	r = conn.Records{}
	if err := again.Poll(t.Context(), nil, &r, 10); !errors.Is(err, io.EOF) || len(r.Values) != 1 || string(r.Values[0]) != `[2, "b"]` {
		t.Errorf("rows %q, %v", r.Values, err)
	}
	if err := open(t, tab, 1).Poll(t.Context(), nil, &r, 10); !errors.Is(err, io.EOF) {
		t.Errorf("the second subtask reads too: %v", err)
	}
}

func open(t *testing.T, tab *conn.Table, index int) *Source {
	t.Helper()
	s, err := NewSource(&stream.Subtask{Index: index, Parallelism: 2}, tab)
	if err == nil {
		err = s.Open(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestValues reads a value of each type and shows it as PyFlink's rows do:
// those that the project's cases don't hold.
func TestValues(t *testing.T) {
	elem := func(k types.Kind, elems ...types.Type) types.Type {
		return types.Type{Kind: k, Nullable: true, Elems: elems}
	}
	for _, c := range []struct {
		typ        types.Type
		json, want string // want is empty for a value that is refused
	}{
		{types.Of(types.Boolean), `true`, "true"},
		{types.Of(types.Boolean), `1`, ""},
		{types.Of(types.TinyInt), `-128`, "-128"},
		{types.Of(types.TinyInt), `128`, "-128"},
		{types.Of(types.BigInt), `9223372036854775807`, "9223372036854775807"},
		{types.Of(types.Int), `1.5`, ""},
		{types.Of(types.Int), `"1"`, ""},
		{types.Of(types.Float), `"-Infinity"`, "-Infinity"},
		{types.Of(types.Float), `0.1`, "0.1"},
		{types.Of(types.Double), `"nan"`, ""},
		{types.NewDecimal(5, 3), `"12.34"`, "12.340"},
		{types.NewDecimal(5, 3), `"123.45"`, ""},
		{types.String(), `"a\n☺"`, "a\n☺"},
		{types.Of(types.VarBinary), `"00fF"`, "[0, -1]"},
		{types.Of(types.VarBinary), `"0"`, ""},
		{types.Of(types.Date), `"1969-12-31"`, "1969-12-31"},
		{types.Of(types.Date), `"2021-02-29"`, ""},
		{types.Of(types.Time), `"12:34:56.123"`, "12:34:56.123"},
		{types.Of(types.Timestamp), `"1969-12-31T23:59:59.999999999"`, "1969-12-31T23:59:59.999999999"},
		{types.Of(types.Timestamp), `"2020-01-01T00:00:00Z"`, ""},
		{types.Of(types.TimestampLTZ), `"2020-01-01T00:00:00.5Z"`, "2020-01-01T00:00:00.500Z"},
		{types.Of(types.IntervalYearMonth), `-14`, "P-14M"},
		{types.Of(types.IntervalDayTime), `-90061500`, "PT-25H-1M-1.5S"},
		{elem(types.Array, types.String()), `["a", null]`, "[a, null]"},
		{elem(types.Multiset, types.String()), `[["a", 2]]`, "{a=2}"},
		{elem(types.Map, types.String(), types.Of(types.Date)), `[["a", "2020-01-01"], ["b", null]]`, "{a=2020-01-01, b=null}"},
		{elem(types.Map, types.String(), types.Of(types.Date)), `["a"]`, ""},
		{types.Type{Kind: types.Row, Elems: []types.Type{types.Of(types.Int)}, Names: []string{"x"}}, `[1, 2]`, ""},
	} {
		d := &Decoder{table: &conn.Table{Columns: []val.Column{{Name: "a"}}}}
		if _, err := d.Split([]byte("[" + c.json + "]")); err != nil {
			t.Fatal(err)
		}
		x, err := d.Datum(0, &c.typ, val.NewArena())
		switch {
		case c.want == "" && err == nil:
			t.Errorf("%s is taken for %s", c.json, c.typ)
		case c.want == "":
		case err != nil:
			t.Errorf("%s as %s: %v", c.json, c.typ, err)
		default:
			if got := string(val.AppendJava(nil, x, &c.typ)); got != c.want {
				t.Errorf("%s as %s: got %s, want %s", c.json, c.typ, got, c.want)
			}
		}
	}
}
