package parquetio

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	declaration "pyfc/rt/format/parquet"
	"pyfc/rt/val"
)

// written returns the bytes of a file with the rows that add writes.
func written(t testing.TB, tab *conn.Table, n int, add func(w val.Writer, i int)) []byte {
	t.Helper()
	w, err := NewWriter(tab)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	f, err := w.NewFile(&out)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		add(w, i)
		if err := f.Add(); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What is read from a file is written so that the same is read again, in whatever
// row groups and codecs.
func TestWritesWhatItReads(t *testing.T) {
	for _, c := range []struct {
		file   string
		schema types.Schema
	}{{"rows", rowsSchema}, {"nested", nestedSchema}, {"pyflink", pyflinkSchema}} {
		name := c.file
		if name == "rows" {
			name = "rows-zstd"
		}
		data, rows := testFile(t, name+".parquet"), want(t, c.file+".txt")
		for _, options := range [][]string{
			nil,
			{"parquet.compression", "zstd", "parquet.block.size", "5000"},
			{"parquet.compression", "uncompressed", "parquet.enable.dictionary", "false", "parquet.page.size", "300"},
		} {
			tab := table(c.schema, options...)
			d, err := NewDecoder(tab)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Open(bytes.NewReader(data), int64(len(data)), 0, int64(len(data)), 0); err != nil {
				t.Fatal(err)
			}
			arena, loaded := val.NewArena(), 0
			copied := written(t, tab, len(rows), func(w val.Writer, _ int) {
				if loaded == 0 {
					if loaded, err = d.Load(100, arena); err != nil {
						t.Fatal(err)
					}
				}
				loaded--
				d.Split(nil)
				for i := range tab.Columns {
					x, _ := d.Datum(i, nil, nil)
					write(w, x, tab.Columns[i].Of)
				}
			})
			got, err := read(t, copied, tab, 0, 0, 0, 77)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, rows)
		}
	}
}

// write gives a value to the method of a Writer that generated code calls.
func write(w val.Writer, x val.Datum, t *types.Type) {
	switch {
	case x.Null:
		w.Null()
	case t.Kind == types.Boolean:
		w.Bool(x.Bool())
	case t.Kind == types.TinyInt:
		w.Int8(int8(x.Int()))
	case t.Kind == types.SmallInt:
		w.Int16(int16(x.Int()))
	case t.Kind == types.Int:
		w.Int32(int32(x.Int()))
	case t.Kind == types.BigInt:
		w.Int64(x.Int())
	case t.Kind == types.Float:
		w.Float32(float32(x.Float()))
	case t.Kind == types.Double:
		w.Float64(x.Float())
	case t.Kind == types.Decimal:
		w.Decimal(x.Decimal(), t.Scale)
	case t.Kind == types.VarChar || t.Kind == types.Char:
		w.String(x.Text())
	default:
		w.Datum(x, t)
	}
}

// Columns keep the table's order and any names; a text that is given to the
// writer may change when its row has been added; a dictionary ends where it would
// grow without limit.
func TestWritesFiles(t *testing.T) {
	tab := table(types.Schema{{Name: "z-1 ü", Type: types.String()}, {Name: "_a", Type: types.Of(types.BigInt).NotNull()}, {Name: "9", Type: types.String()}}, "parquet.block.size", "1000000")
	buf := make([]byte, 0, 200)
	const n = 60_000
	data := written(t, tab, n, func(w val.Writer, i int) {
		buf = fmt.Appendf(buf[:0], "%d %s", i, strings.Repeat("x", i%60))
		w.String(val.View(buf))
		w.Int64(int64(i))
		w.Null()
	})
	got, err := read(t, data, tab, 0, 0, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != n || got[0] != "+I[0 , 0, null]" || got[n-1] != "+I[59999 "+strings.Repeat("x", 59)+", 59999, null]" {
		t.Errorf("%d rows: %s … %s", len(got), got[0], got[len(got)-1])
	}
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range f.Root().Columns() {
		names = append(names, c.Name())
	}
	if !slices.Equal(names, []string{"z-1 ü", "_a", "9"}) || len(f.RowGroups()) < 2 {
		t.Errorf("columns %q in %d row groups", names, len(f.RowGroups()))
	}
}

// Every codec that tables can name is there.
func TestCodecs(t *testing.T) {
	if got := slices.Sorted(maps.Keys(codecs)); !slices.Equal(got, declaration.Codecs) {
		t.Errorf("the codecs are %v, and %v are declared", got, declaration.Codecs)
	}
}

// A MAP with a NULL key fits no file.
func TestRefusesNullKeys(t *testing.T) {
	tab := table(types.Schema{nestedSchema[2]})
	w, err := NewWriter(tab)
	if err != nil {
		t.Fatal(err)
	}
	f, err := w.NewFile(new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	arena, key, value := val.NewArena(), types.String(), types.Of(types.Int)
	w.Datum(val.TextDatum(val.MakeMap(arena, val.NewArray(arena, &key, val.NullDatum()), val.NewArray(arena, &value, val.IntDatum(int32(1))))), tab.Columns[0].Of)
	if err := f.Add(); err == nil || !strings.Contains(err.Error(), "NULL key") {
		t.Error(err)
	}
}

func BenchmarkWrite(b *testing.B) {
	tab := table(types.Schema{{Name: "id", Type: types.Of(types.BigInt)}, {Name: "word", Type: types.String()}, {Name: "share", Type: types.Of(types.Double)}})
	words := []string{"alpha", "beta", "gamma", "delta"}
	rows := 0
	for b.Loop() {
		written(b, tab, 10_000, func(w val.Writer, i int) {
			w.Int64(int64(i))
			w.String(words[i%4])
			w.Float64(float64(i))
		})
		rows += 10_000
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}
