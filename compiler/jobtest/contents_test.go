package jobtest

import (
	"slices"
	"testing"

	"pyfc/rt/conn/values"
)

func tableOf(t *testing.T, s sink, changes ...values.Line) *contents {
	t.Helper()
	c := &contents{sink: s}
	for _, change := range changes {
		if err := c.apply(change); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func change(kind string, columns ...string) values.Line {
	return values.Line{Table: "t", Kind: kind, Columns: columns}
}

func TestContents(t *testing.T) {
	keyed := sink{name: "t", columns: []string{"k", "n"}, key: []int{0}, id: []int{0}}
	bare := sink{name: "t", columns: []string{"k", "n"}}
	for name, c := range map[string]struct {
		table *contents
		want  string
	}{
		"upsert": {tableOf(t, keyed, change("+I", "b", "1"), change("+U", "b", "2"), change("+I", "a", "1"), change("+I", "c", "1"), change("-D", "c", "9")), "k,n\na,1\nb,2\n"},
		"retract": {tableOf(t, bare, change("+I", "b", "1"), change("+I", "b", "1"), change("-U", "b", "1"), change("+U", "b", "2")),
			"k,n\nb,1\nb,2\n"},
		"quoted": {tableOf(t, bare, change("+I", "a,b", "\"")), "k,n\n\"a,b\",\"\"\"\"\n"},
	} {
		if got, err := c.table.text(); err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n%s\nwant:\n%s", name, err, got, c.want)
		}
	}
	if err := (&contents{sink: bare}).apply(change("-D", "a", "1")); err == nil {
		t.Error("a row that isn't there can be taken away")
	}
}

func TestDifference(t *testing.T) {
	s := sink{name: "t", columns: []string{"k", "n", "m"}, key: []int{0}, id: []int{0}}
	keyed := tableOf(t, s, change("+I", "a", "1", "x"), change("+I", "b", "2", "y"), change("+I", "c", "3", "z"))
	s.key, s.id = nil, nil
	bare := tableOf(t, s, change("+I", "a", "1", "x"), change("+I", "b", "2", "y"))
	for name, c := range map[string]struct {
		table *contents
		want  string
		lines []string
	}{
		"equal, in another order": {keyed, "k,n,m\nc,3,z\nb,2,y\na,1,x\n", nil},
		"some columns":            {keyed, "m,k\nx,a\ny,b\nz,c\n", nil},
		"a column":                {keyed, "k,n,m\na,1,x\nb,9,y\nc,3,z\n", []string{"row k=b, column n: got 2, want 9"}},
		"rows": {keyed, "k,n,m\na,1,x\nb,2,y\nd,3,z\n", []string{
			"row k=d: is missing", "row k=c: shouldn't be there"}},
		"by likeness": {bare, "k,n,m\na,1,x\nb,2,z\n", []string{"row k=b n=2 m=z, column m: got y, want z"}},
	} {
		got, err := c.table.difference([]byte(c.want))
		if err != nil || !slices.Equal(got, c.lines) {
			t.Errorf("%s: %q, %v, want %q", name, got, err, c.lines)
		}
	}
	if _, err := keyed.difference([]byte("k,nn\n")); err == nil || err.Error() != "the table has no column nn; did you mean n?; it has k, n, m" {
		t.Errorf("an unknown column: %v", err)
	}
}

func TestLineDifference(t *testing.T) {
	for _, c := range []struct{ got, want, line string }{
		{"a\nb\n", "a\nc\n", "line 2: got b, want c"},
		{"a\n", "a\nb\n", "line 2: is missing: b"},
		{"a\nb\n", "a\n", "line 2: shouldn't be there: b"},
	} {
		if got := lineDifference(c.got, c.want); len(got) != 1 || got[0] != c.line {
			t.Errorf("%q, %q: %q", c.got, c.want, got)
		}
	}
	if got := lineDifference("a\n", "a\n"); got != nil {
		t.Errorf("equal texts: %q", got)
	}
}
