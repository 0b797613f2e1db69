package json

import (
	"testing"

	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// legacyTable is a table of the legacy generation with a column x of a type.
func legacyTable(t *testing.T, column string) *conn.Table {
	out, _ := table(t, []string{"x " + column})
	out.Options = map[string]string{"connector.type": "kafka", "format.type": "json"}
	return out
}

// TestLegacyTimes reads what the JsonRowDeserializationSchema of PyFlink 1.20.1,
// which the legacy generation had in 1.10 and 1.11 too, was asked about.
func TestLegacyTimes(t *testing.T) {
	for _, c := range []struct{ typ, value, want string }{ // no want: the record fails
		{"TIMESTAMP(9)", `"2020-01-02T03:04:05Z"`, "+I[2020-01-02T03:04:05]"},
		{"TIMESTAMP(9)", `"2020-01-02T03:04:05.1Z"`, "+I[2020-01-02T03:04:05.100]"},
		{"TIMESTAMP(9)", `"2020-01-02T03:04:05.123456789Z"`, "+I[2020-01-02T03:04:05.123456789]"},
		{"TIMESTAMP(9)", `"2020-01-02T03:04:05+08:00"`, ""},
		{"TIMESTAMP(9)", `"2020-01-02T03:04:05"`, ""},
		{"TIMESTAMP(9)", `"2020-01-02 03:04:05"`, ""},
		{"TIMESTAMP(9)", `"2020-01-02 03:04:05Z"`, ""},
		{"TIMESTAMP(9)", `"2020-01-02T03:04Z"`, ""},
		{"TIMESTAMP(9)", `"2020-1-2T03:04:05Z"`, ""},
		{"TIMESTAMP(9)", `1577934245000`, ""},
		{"TIMESTAMP(9)", `""`, ""},
		{"TIMESTAMP(9)", `null`, "+I[null]"},
		{"TIMESTAMP(9)", `"2020-02-30T03:04:05Z"`, "+I[2020-02-29T03:04:05]"},
		{"TIMESTAMP(9)", `"2020-01-02t03:04:05z"`, ""},
		{"TIMESTAMP(9)", `"2020-01-02T24:00:00Z"`, "+I[2020-01-03T00:00]"},
		{"TIMESTAMP(9)", `"2020-01-02T03:04:05.Z"`, "+I[2020-01-02T03:04:05]"},
		{"TIMESTAMP(9)", `"1969-12-31T23:59:59.5Z"`, "+I[1969-12-31T23:59:59.500]"},
		{"DATE", `"2020-01-02"`, "+I[2020-01-02]"},
		{"DATE", `"2020-1-2"`, ""},
		{"DATE", `"2020-02-30"`, ""},
		{"DATE", `18263`, ""},
		{"DATE", `"2020-01-02Z"`, ""},
		{"TIME", `"03:04:05Z"`, "+I[03:04:05]"},
		{"TIME", `"03:04:05"`, ""},
		{"TIME", `"03:04:05.5Z"`, ""},
		{"TIME", `"3:04:05Z"`, ""},
		{"TIME", `"03:04:05+08:00"`, ""},
	} {
		d, err := NewDecoder(legacyTable(t, c.typ))
		if err != nil {
			t.Fatal(err)
		}
		_, typs := table(t, []string{"x " + c.typ})
		row, err := decode(d, typs, []byte(`{"x":`+c.value+`}`))
		if c.want == "" {
			if err == nil {
				t.Errorf("%s of %s: got %v, want an error", c.typ, c.value, row)
			}
		} else if err != nil || len(row) != 1 || row[0] != c.want {
			t.Errorf("%s of %s: got %v, %v, want %s", c.typ, c.value, row, err, c.want)
		}
	}
}

// TestLegacyTimesAreWritten writes what the JsonRowSerializationSchema of PyFlink
// 1.20.1 was given.
func TestLegacyTimesAreWritten(t *testing.T) {
	for _, c := range []struct {
		typ  string
		x    val.Datum
		want string
	}{
		{"TIMESTAMP(9)", val.TimestampDatum(val.TimestampFromUnix(1577934245, 120_000_000)), `{"x":"2020-01-02T03:04:05.12Z"}`},
		{"TIMESTAMP(9)", val.TimestampDatum(val.TimestampFromUnix(1577934240, 0)), `{"x":"2020-01-02T03:04:00Z"}`},
		{"DATE", val.IntDatum(val.DateOf(2020, 1, 2)), `{"x":"2020-01-02"}`},
		{"TIME", val.IntDatum(val.Time(11045000)), `{"x":"03:04:05Z"}`},
	} {
		out := legacyTable(t, c.typ)
		w, err := NewWriter(out)
		if err != nil {
			t.Fatal(err)
		}
		_, typs := table(t, []string{"x " + c.typ})
		w.Datum(c.x, &typs[0])
		if record, err := w.Record(); err != nil || string(record) != c.want {
			t.Errorf("got %s, %v, want %s", record, err, c.want)
		}
	}
}
