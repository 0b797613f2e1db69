package parquetio

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// The tables of the files in testdata; make.py says where these come from.
var (
	rowsSchema = types.Schema{
		{Name: "id", Type: types.Of(types.BigInt)}, {Name: "word", Type: types.String()}, {Name: "text", Type: types.String()},
		{Name: "num", Type: types.Of(types.Int)}, {Name: "ok", Type: types.Of(types.Boolean)}, {Name: "price", Type: types.NewDecimal(20, 2)},
		{Name: "at", Type: types.Type{Kind: types.Timestamp, Nullable: true, Precision: 6}}, {Name: "share", Type: types.Of(types.Double)},
	}
	inner        = types.Type{Kind: types.Row, Nullable: true, Names: []string{"a", "b"}, Elems: []types.Type{types.Of(types.Int), {Kind: types.Array, Nullable: true, Elems: []types.Type{types.String()}}}}
	nestedSchema = types.Schema{
		{Name: "id", Type: types.Of(types.Int)}, {Name: "items", Type: types.Type{Kind: types.Array, Nullable: true, Elems: []types.Type{inner}}},
		{Name: "attrs", Type: types.Type{Kind: types.Map, Nullable: true, Elems: []types.Type{types.String(), types.Of(types.Int)}}}, {Name: "pos", Type: inner},
	}
)

// pyflinkSchema has a column of each type.
var pyflinkSchema = func() types.Schema {
	timestamp := func(kind types.Kind, precision int) types.Type {
		return types.Type{Kind: kind, Nullable: true, Precision: precision}
	}
	list := []types.Column{
		{Name: "b", Type: types.Of(types.Boolean)}, {Name: "i8", Type: types.Of(types.TinyInt)}, {Name: "i16", Type: types.Of(types.SmallInt)},
		{Name: "i32", Type: types.Of(types.Int)}, {Name: "i64", Type: types.Of(types.BigInt)}, {Name: "f", Type: types.Of(types.Float)},
		{Name: "d", Type: types.Of(types.Double)}, {Name: "d5", Type: types.NewDecimal(5, 2)}, {Name: "d15", Type: types.NewDecimal(15, 4)},
		{Name: "d30", Type: types.NewDecimal(30, 10)}, {Name: "s", Type: types.String()}, {Name: "c", Type: types.NewChar(3)},
		{Name: "bin", Type: types.Of(types.VarBinary)}, {Name: "dt", Type: types.Of(types.Date)}, {Name: "tm", Type: types.Of(types.Time)},
		{Name: "ts", Type: timestamp(types.Timestamp, 6)}, {Name: "ts9", Type: timestamp(types.Timestamp, 9)},
		{Name: "ts3", Type: timestamp(types.Timestamp, 3)}, {Name: "ltz", Type: timestamp(types.TimestampLTZ, 6)},
		{Name: "arr", Type: types.Type{Kind: types.Array, Nullable: true, Elems: []types.Type{types.Of(types.Int)}}},
		{Name: "m", Type: nestedSchema[2].Type},
		{Name: "r", Type: types.Type{Kind: types.Row, Nullable: true, Names: []string{"x", "y"}, Elems: []types.Type{types.Of(types.Int), types.String()}}},
		{Name: "missing", Type: types.String()},
	}
	return list
}()

func table(schema types.Schema, options ...string) *conn.Table {
	t := &conn.Table{Name: "t", Options: map[string]string{"connector": "filesystem", "path": "p", "format": "parquet", "parquet.utc-timezone": "true"}}
	for i := range schema {
		t.Columns = append(t.Columns, val.Column{Name: schema[i].Name, Type: schema[i].Type.String(), Of: &schema[i].Type})
		t.Read = append(t.Read, i)
	}
	for i := 0; i < len(options); i += 2 {
		t.Options[options[i]] = options[i+1]
	}
	return t
}

// read returns the rows of the bytes from lo to hi of a file as PyFlink prints
// them; hi 0 stands for its end.
func read(t *testing.T, data []byte, tab *conn.Table, lo, hi, skip int64, limit int) ([]string, error) {
	t.Helper()
	d, err := NewDecoder(tab)
	if err != nil {
		t.Fatal(err)
	}
	if hi == 0 {
		hi = int64(len(data))
	}
	if err := d.Open(bytes.NewReader(data), int64(len(data)), lo, hi, skip); err != nil {
		return nil, err
	}
	var rows []string
	for {
		arena := val.NewArena()
		n, err := d.Load(limit, arena)
		if err != nil || n == 0 {
			return rows, err
		}
		for range n {
			if keep, err := d.Split(nil); err != nil || !keep {
				t.Fatal(keep, err)
			}
			var row []string
			for _, i := range tab.Read {
				x, err := d.Datum(i, tab.Columns[i].Of, arena)
				if err != nil {
					t.Fatal(err)
				}
				text := "null"
				if !x.Null {
					text = string(val.AppendJava(nil, x, tab.Columns[i].Of))
				}
				row = append(row, text)
			}
			rows = append(rows, "+I["+strings.Join(row, ", ")+"]")
		}
		arena.Release()
	}
}

func testFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func want(t *testing.T, name string) []string {
	return strings.Split(strings.TrimSpace(string(testFile(t, name))), "\n")
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got) || i >= len(want):
			t.Fatalf("%d rows, want %d", len(got), len(want))
		case got[i] != want[i]:
			t.Fatalf("row %d: %s, want %s", i, got[i], want[i])
		}
	}
}

func TestReadsWhatOthersWrite(t *testing.T) {
	rows := want(t, "rows.txt")
	for _, codec := range []string{"none", "snappy", "gzip", "zstd", "brotli"} {
		t.Run(codec, func(t *testing.T) {
			got, err := read(t, testFile(t, "rows-"+codec+".parquet"), table(rowsSchema), 0, 0, 0, 512)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, rows)
		})
	}
	t.Run("pyflink", func(t *testing.T) {
		got, err := read(t, testFile(t, "pyflink.parquet"), table(pyflinkSchema), 0, 0, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, got, want(t, "pyflink.txt"))
	})
	t.Run("nested", func(t *testing.T) {
		for _, limit := range []int{1, 2, 100} {
			got, err := read(t, testFile(t, "nested.parquet"), table(nestedSchema), 0, 0, 0, limit)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, want(t, "nested.txt"))
		}
	})
}

// Each part of a file has rows of its own, and a part goes on behind any row.
func TestReadsParts(t *testing.T) {
	data, rows := testFile(t, "rows-snappy.parquet"), want(t, "rows.txt")
	var got []string
	for i := range int64(3) {
		size := int64(len(data))
		part, err := read(t, data, table(rowsSchema), size*i/3, size*(i+1)/3, 0, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(part) == 0 || len(part) == len(rows) {
			t.Errorf("part %d has %d rows", i, len(part))
		}
		got = append(got, part...)
	}
	compare(t, got, rows)
	for _, skip := range []int64{1, 1099, 1100, 1777, 3000} {
		got, err := read(t, data, table(rowsSchema), 0, 0, skip, 333)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, got, rows[skip:])
	}
}

// Columns are found by name, and what isn't read isn't looked at.
func TestReadsColumnsByName(t *testing.T) {
	tab := table(types.Schema{
		{Name: "share", Type: types.Of(types.Double)}, {Name: "none", Type: types.String()}, {Name: "num", Type: types.String()}, {Name: "id", Type: types.Of(types.BigInt)},
	})
	tab.Read = []int{0, 1, 3}
	got, err := read(t, testFile(t, "rows-gzip.parquet"), tab, 0, 0, 2999, 10)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, got, []string{"+I[374.875, null, 2999]"})
}

// Damaged files and those of another schema are errors that say so.
func TestRefusesFiles(t *testing.T) {
	good := testFile(t, "rows-none.parquet")
	changed := bytes.Clone(good)
	for i := 4; i < 2000; i++ {
		changed[i] ^= 0xA5
	}
	for _, c := range []struct {
		name string
		data []byte
		col  types.Column
		want string
	}{
		{"magic", []byte("id,word\n1,x\n2,y and so on\n"), rowsSchema[0], "can't be read as parquet"},
		{"empty", nil, rowsSchema[0], "can't be read as parquet"},
		{"truncated", good[:len(good)-100], rowsSchema[0], "can't be read as parquet"},
		{"damaged", changed, rowsSchema[0], "column id"},
		{"text for number", good, types.Column{Name: "id", Type: types.String()}, "column id: the file has INT64 there, which is no STRING"},
		{"narrower number", good, types.Column{Name: "num", Type: types.Of(types.BigInt)}, "column num: the file has INT32 there, which is no BIGINT"},
		{"other scale", good, types.Column{Name: "price", Type: types.NewDecimal(20, 4)}, "column price: the file has DECIMAL(20,2) there, which is no DECIMAL(20, 4)"},
		{"number for time", good, types.Column{Name: "id", Type: rowsSchema[6].Type}, "column id: the file has INT64 there, which is no TIMESTAMP(6)"},
		{"lz4", testFile(t, "rows-lz4.parquet"), rowsSchema[0], "it is compressed with LZ4"},
		{"row", good, types.Column{Name: "id", Type: inner}, "column id: the file has INT64 there, which is no ROW"},
	} {
		_, err := read(t, c.data, table(types.Schema{c.col}), 0, 0, 0, 100)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	data, err := os.ReadFile("testdata/rows-snappy.parquet")
	if err != nil {
		b.Fatal(err)
	}
	tab := table(rowsSchema)
	rows := 0
	for b.Loop() {
		d, err := NewDecoder(tab)
		if err != nil {
			b.Fatal(err)
		}
		if err := d.Open(bytes.NewReader(data), int64(len(data)), 0, int64(len(data)), 0); err != nil {
			b.Fatal(err)
		}
		for {
			arena := val.NewArena()
			n, err := d.Load(1024, arena)
			if err != nil {
				b.Fatal(err)
			}
			arena.Release()
			if n == 0 {
				break
			}
			rows += n
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}
