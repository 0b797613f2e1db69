package jdbc

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// input declares a table to read, with all of its columns ("id BIGINT").
func (db database) input(name string, columns []string, options ...string) *conn.Table {
	t := db.table(name, nil, options...)
	t.Columns = nil
	for i, c := range columns {
		name, typ, _ := strings.Cut(c, " ")
		t.Columns = append(t.Columns, val.Column{Name: name, Type: typ})
		t.Read = append(t.Read, i)
	}
	return &t
}

func reader(t testing.TB, in *conn.Table, index, parallelism int, restored *state.Restored) (*Source, error) {
	t.Helper()
	s, err := NewSource(&stream.Subtask{UID: "source", Index: index, Parallelism: parallelism, Log: slog.New(slog.DiscardHandler)}, in)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if restored == nil {
		restored = &state.Restored{Fresh: true}
	}
	if err := s.Restore(restored); err != nil {
		return nil, err
	}
	return s, s.Open(t.Context())
}

// rows reads up to limit rows, by commas; a NULL is NULL.
func rows(t testing.TB, s *Source, limit int) (out []string) {
	t.Helper()
	d := &Decoder{table: s.table, cells: make([][]byte, len(s.table.Read))}
	for len(out) < limit {
		var r conn.Records
		err := s.Poll(t.Context(), nil, &r, limit-len(out))
		for _, v := range r.Values {
			if _, err := d.Split(v); err != nil {
				t.Fatal(err)
			}
			cells := make([]string, len(d.cells))
			for i, c := range d.cells {
				if cells[i] = string(c); c == nil {
					cells[i] = "NULL"
				}
			}
			out = append(out, strings.Join(cells, ","))
		}
		r.Arena.Release()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

const all = 1 << 30

func TestSource(t *testing.T) {
	each(t, func(t *testing.T, db database) {
		for name, f := range map[string]func(*testing.T, database){
			"Types": testReadTypes, "Parts": testReadParts, "Pushed": testReadPushed, "Resumed": testReadResumed, "Misfits": testReadMisfits, "Query": testReadQuery,
		} {
			t.Run(name, func(t *testing.T) { f(t, db) })
		}
	})
}

func (db database) numbers(t *testing.T, name string, n int) {
	t.Helper()
	db.Exec(t, "CREATE TABLE "+name+" (id BIGINT PRIMARY KEY, name VARCHAR(20))")
	for i := range n {
		db.Exec(t, fmt.Sprintf("INSERT INTO %s VALUES (%d, 'n%d')", name, i, i))
	}
}

// testReadTypes reads what PyFlink 1.20.1 read as shown from such a table.
func testReadTypes(t *testing.T, db database) {
	binary, double, stamp := "VARBINARY(10)", "DOUBLE", "DATETIME(6)"
	hi := "x'6869'"
	if db.scheme == "postgresql" {
		binary, double, stamp, hi = "BYTEA", "DOUBLE PRECISION", "TIMESTAMP(6)", `'\x6869'`
	}
	db.Exec(t, "CREATE TABLE kinds (id BIGINT PRIMARY KEY, name VARCHAR(20), price DECIMAL(10,3), d DATE, tm TIME, ts "+stamp+", ok BOOLEAN, db "+double+", b "+binary+", f REAL)",
		"INSERT INTO kinds VALUES (1, '北京', 9999999.999, '2020-01-02', '01:02:03', '2020-01-02 03:04:05.123456', TRUE, -2.25, "+hi+", 0.1)",
		"INSERT INTO kinds (id, name, ok, b) VALUES (2, '', FALSE, '')")
	in := db.input("kinds", []string{"id BIGINT", "NAME STRING", "price DECIMAL(10,2)", "d DATE", "tm TIME(0)", "ts TIMESTAMP(3)", "ok BOOLEAN", "db DOUBLE", "b BYTES", "f FLOAT"})
	s, err := reader(t, in, 0, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDecoder(in)
	if err != nil {
		t.Fatal(err)
	}
	var r conn.Records
	if err := s.Poll(t.Context(), nil, &r, 10); !errors.Is(err, io.EOF) || len(r.Values) != 2 {
		t.Fatalf("%d rows, %v", len(r.Values), err)
	}
	decimal, timestamp := types.NewDecimal(10, 2), types.Of(types.Timestamp)
	timestamp.Precision = 3
	shown := func(i int) string {
		if _, err := d.Split(r.Values[i]); err != nil {
			t.Fatal(err)
		}
		var row val.RowText
		row.Begin(val.Insert)
		note := func(ok bool, err error, put func()) {
			switch {
			case err != nil:
				t.Error(err)
			case !ok:
				row.Null()
			default:
				put()
			}
		}
		id, ok, err := d.BigInt(0)
		note(ok, err, func() { row.Int64(id) })
		name, ok := d.Text(1, r.Arena)
		note(ok, nil, func() { row.String(name) })
		price, ok, err := d.Decimal(2, val.Shape{Precision: 10, Scale: 2})
		note(ok, err, func() { row.Decimal(price, decimal.Scale) })
		for i, typ := range map[int]types.Type{3: types.Of(types.Date), 4: types.Of(types.Time), 5: timestamp} {
			x, err := d.Datum(i, &typ, r.Arena)
			note(!x.Null, err, func() { row.Datum(x, &typ) })
		}
		truth, ok, err := d.Boolean(6)
		note(ok, err, func() { row.Bool(truth) })
		double, ok, err := d.Double(7)
		note(ok, err, func() { row.Float64(double) })
		bytes := types.Of(types.VarBinary)
		x, err := d.Datum(8, &bytes, r.Arena)
		note(!x.Null, err, func() { row.Datum(x, &bytes) })
		single, ok, err := d.Float(9)
		note(ok, err, func() { row.Float32(single) })
		row.End()
		return string(row.Buf)
	}
	for i, want := range [][]string{
		{"+I[1, 北京, 10000000.00, ", "2020-01-02", "01:02:03", "2020-01-02T03:04:05.123", ", true, -2.25, [104, 105], 0.1]"},
		{"+I[2, , null, null, null, null, false, null, [], null]"},
	} {
		for _, part := range want {
			if got := shown(i); !strings.Contains(got, part) {
				t.Errorf("%s has no %s", got, part)
			}
		}
	}
	r.Arena.Release()
}

func testReadParts(t *testing.T, db database) {
	db.numbers(t, "parts", 10)
	options := []string{"scan.partition.column", "id", "scan.partition.num", "3", "scan.partition.lower-bound", "1", "scan.partition.upper-bound", "8"}
	var got []string
	for i := range 2 {
		s, err := reader(t, db.input("parts", []string{"id BIGINT"}, options...), i, 2, nil)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rows(t, s, all)...)
	}
	// As in Flink: three, three and two values; what is outside of the bounds
	// isn't read.
	if want := []string{"1", "2", "3", "7", "8", "4", "5", "6"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func testReadPushed(t *testing.T, db database) {
	db.numbers(t, "pushed", 20)
	in := db.input("pushed", []string{"ID BIGINT", "name STRING"})
	in.Read = []int{1}
	big, text := types.Of(types.BigInt), types.Of(types.VarChar)
	in.Filter = []conn.Condition{
		{Op: ">=", Column: 0, Type: &big, Value: val.IntDatum(int64(5))},
		{Op: "OR", Args: []conn.Condition{
			{Op: "=", Column: 1, Type: &text, Value: val.TextDatum("n7")},
			{Op: "LIKE", Column: 1, Type: &text, Value: val.TextDatum("n1%")},
			{Op: "IS NULL", Column: 0, Type: &big},
		}},
	}
	in.Limit = 4
	s, err := reader(t, in, 0, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := rows(t, s, all); len(got) != 4 || got[0] != "n7" || got[1] != "n10" {
		t.Errorf("got %v", got)
	}
}

func testReadResumed(t *testing.T, db database) {
	db.numbers(t, "resumed", 12)
	options := []string{"scan.partition.column", "id", "scan.partition.num", "3", "scan.partition.lower-bound", "0", "scan.partition.upper-bound", "11"}
	in := func() *conn.Table { return db.input("resumed", []string{"id BIGINT"}, options...) }
	first, err := reader(t, in(), 0, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := rows(t, first, 6) // one part and a half
	var c state.Snapshot
	if err := first.Snapshot(&c); err != nil {
		t.Fatal(err)
	}
	for i := range 2 { // at another parallelism
		s, err := reader(t, in(), i, 2, &state.Restored{List: c.List})
		if err != nil {
			t.Fatal(err)
		}
		var again state.Snapshot // before anything is read
		if err := s.Snapshot(&again); err != nil || len(again.List) != 1 {
			t.Errorf("subtask %d keeps %d entries of the checkpoint, %v", i, len(again.List), err)
		}
		got = append(got, rows(t, s, all)...)
	}
	if want := []string{"0", "1", "2", "3", "4", "5", "8", "9", "10", "11", "6", "7"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := reader(t, in(), 0, 1, &state.Restored{List: [][]byte{{1}}}); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged entry: %v", err)
	}
}

func testReadMisfits(t *testing.T, db database) {
	db.numbers(t, "misfits", 1)
	for _, c := range []struct {
		table   string
		columns []string
		options []string
		say     string
	}{
		{"absent", []string{"id BIGINT"}, nil, "no table absent"},
		{"misfits", []string{"id BIGINT", "nope STRING"}, nil, "no column nope"},
		{"misfits", []string{"id BIGINT"}, []string{"scan.partition.column", "id"}, "must be given together"},
		{"misfits", []string{"id BIGINT"}, []string{"scan.partition.column", "id", "scan.partition.num", "2", "scan.partition.lower-bound", "9", "scan.partition.upper-bound", "8"}, "lower bound 9 is larger"},
		{"misfits", []string{"id BIGINT"}, []string{"scan.partition.column", "id", "scan.partition.num", "0", "scan.partition.lower-bound", "1", "scan.partition.upper-bound", "8"}, "number of parts is 0"},
		{"misfits", []string{"id BIGINT"}, []string{"password", "wrong"}, ""},
	} {
		_, err := reader(t, db.input(c.table, c.columns, c.options...), 0, 1, nil)
		var wrong *conn.Misconfigured
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%v: got %v, want %q", c.options, err, c.say)
		}
	}
	in := db.input("misfits", []string{"name BIGINT"})
	s, err := reader(t, in, 0, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	var r conn.Records
	if err := s.Poll(t.Context(), nil, &r, 1); err != nil {
		t.Fatal(err)
	}
	d, err := NewDecoder(in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Split(r.Values[0]); err != nil {
		t.Fatal(err)
	}
	var bad *conn.BadData
	if _, _, err := d.BigInt(0); !errors.As(err, &bad) || bad.Column != "name" {
		t.Errorf("got %v", err)
	}
	r.Arena.Release()
}

func testReadQuery(t *testing.T, db database) {
	db.numbers(t, "queried", 3)
	in := db.input("queried", []string{"twice BIGINT"})
	in.Options = map[string]string{"connector.type": "jdbc", "connector.url": in.Options["url"], "connector.table": "queried",
		"connector.username": db.user, "connector.password": db.password, "connector.read.query": "SELECT id * 2 AS twice FROM queried"}
	s, err := reader(t, in, 0, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := rows(t, s, all); !slices.Equal(got, []string{"0", "2", "4"}) {
		t.Errorf("got %v", got)
	}
}

func TestPartsAreThoseOfFlink(t *testing.T) {
	for _, c := range []struct {
		num       int
		low, high int64
		want      []part
	}{
		{1, 1, 3, []part{{1, 3}}},
		{2, 1, 3, []part{{1, 2}, {3, 3}}},
		{5, 1, 3, []part{{1, 1}, {2, 2}, {3, 3}}},
		{3, -4, 5, []part{{-4, -1}, {0, 2}, {3, 5}}},
		{2, -1 << 63, 1<<63 - 1, []part{{-1 << 63, -1}, {0, 1<<63 - 1}}},
	} {
		o := &Options{PartitionColumn: "id", PartitionNum: &c.num, PartitionLower: &c.low, PartitionUpper: &c.high}
		if got := o.parts(); !slices.Equal(got, c.want) {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

func TestDamagedRows(t *testing.T) {
	d, err := NewDecoder(&conn.Table{Columns: make([]val.Column, 2), Read: []int{0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]byte{nil, {0}, {5, 'a'}, {2, 'a', 3, 'b'}, {255}} {
		if ok, err := d.Split(row); ok || err == nil {
			t.Errorf("%v is taken for a row", row)
		}
	}
}
