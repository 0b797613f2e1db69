package print

import (
	"bytes"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

type row struct {
	kind val.RowKind
	i    int8
	s    string
	null bool
}

var (
	someBytes = []byte{97, 255}
	bytesType = types.Of(types.VarBinary)
)

func writeRow(r *row, w val.Writer) {
	w.Int8(r.i)
	if r.null {
		w.Null()
	} else {
		w.String(r.s)
	}
	w.Float64(2e23)
	w.Float32(0.1)
	w.Bool(true)
	w.Datum(val.TextDatum(string(someBytes)), &bytesType)
}

func run(t *testing.T, sub *stream.Subtask, options map[string]string, rows ...row) string {
	t.Helper()
	sub.Count = new(stream.Counters)
	s, err := NewSink(sub, conn.Table{Name: "p", Options: options}, writeRow)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s.out = &out
	var pool stream.Pool[row]
	b := pool.Get()
	for _, r := range rows {
		*b.AddKind(r.kind) = r
	}
	if err := s.Process(b); err != nil {
		t.Fatal(err)
	}
	if got := sub.Count.Written.Load(); got != int64(len(rows)) {
		t.Errorf("counted %d rows", got)
	}
	return out.String()
}

// The lines are as PyFlink 1.20.1 prints them.
func TestLines(t *testing.T) {
	got := run(t, &stream.Subtask{Parallelism: 1}, map[string]string{"connector": "print"},
		row{val.Insert, 1, "abc", false},
		row{val.UpdateBefore, -3, `a,b "q"`, false},
		row{val.UpdateAfter, 0, "", true},
		row{val.Delete, 0, "", false})
	want := `+I[1, abc, 1.9999999999999998E23, 0.1, true, [97, -1]]
-U[-3, a,b "q", 1.9999999999999998E23, 0.1, true, [97, -1]]
+U[0, null, 1.9999999999999998E23, 0.1, true, [97, -1]]
-D[0, , 1.9999999999999998E23, 0.1, true, [97, -1]]
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestPrefix(t *testing.T) {
	for _, c := range []struct {
		identifier         string
		index, parallelism int
		want               string
	}{
		{"", 0, 1, ""},
		{"ID", 0, 1, "ID> "},
		{"", 1, 2, "2> "},
		{"ID", 1, 2, "ID:2> "},
	} {
		if got := prefix(c.identifier, nil, &stream.Subtask{Index: c.index, Parallelism: c.parallelism}); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

func TestUnknownOption(t *testing.T) {
	_, err := NewSink(&stream.Subtask{}, conn.Table{Name: "p", Options: map[string]string{"connector": "print", "print-identifer": "x"}}, writeRow)
	if err == nil {
		t.Error("accepted")
	}
}

func BenchmarkProcess(b *testing.B) {
	sub := &stream.Subtask{Parallelism: 1, Count: new(stream.Counters)}
	s, err := NewSink(sub, conn.Table{Options: map[string]string{"connector": "print"}}, writeRow)
	if err != nil {
		b.Fatal(err)
	}
	s.out = new(discard)
	var pool stream.Pool[row]
	b.ReportAllocs()
	for range b.N {
		batch := pool.Get()
		for range 100 {
			*batch.Add() = row{i: 1, s: "abc"}
		}
		if err := s.Process(batch); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (*discard) Write(p []byte) (int, error) { return len(p), nil }

func TestStaticPartitions(t *testing.T) {
	if got, want := prefix("id", []string{"p=x", "h=5"}, &stream.Subtask{Parallelism: 1}), "id:p=x:h=5> "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
