package csv

import (
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// TestOldTimes reads dates and times of legacy files, and writes them as its sink
// does: without quotes, and with a fraction.
func TestOldTimes(t *testing.T) {
	table := &conn.Table{Name: "t", Options: map[string]string{"connector.type": "filesystem", "format.type": "csv"}}
	kinds := []types.Type{types.String(), {Kind: types.Date}, {Kind: types.Time}, {Kind: types.Timestamp, Precision: 3}}
	for i, name := range []string{"a", "d", "c", "ts"} {
		kinds[i].Nullable = true
		table.Columns = append(table.Columns, val.Column{Name: name, Type: kinds[i].String()})
		table.Read = append(table.Read, i)
	}
	arena := val.NewArena()
	defer arena.Release()
	for line, want := range map[string]string{
		"x y,2020-01-02,03:04:05,2020-01-02 03:04:05.12": "x y,2020-01-02,03:04:05,2020-01-02 03:04:05.12",
		"b,2020-01-02,03:04:05,2020-01-02 00:00:00":      "b,2020-01-02,03:04:05,2020-01-02 00:00:00.0",
		"c,,,":                        "c,,,",
		"c,,,2020-01-02T00:00:00Z":    `"2020-01-02T00:00:00Z" is not a value of type TIMESTAMP(3)`,
		"c, 2020-01-02,03:04:05,":     `" 2020-01-02" is not a value of type DATE`,
		"c,2020-01-02,3 o'clock,x":    `"3 o'clock" is not a value of type TIME`,
		"c,2020-01-02,03:04:05,today": `"today" is not a value`,
	} {
		d, err := NewDecoder(table)
		if err != nil {
			t.Fatal(err)
		}
		w, err := NewWriter(table)
		if err != nil {
			t.Fatal(err)
		}
		if keep, err := d.Split([]byte(line)); !keep || err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		text, _ := d.Text(0, arena)
		w.String(text)
		for i := 1; i < len(kinds) && err == nil; i++ {
			var x val.Datum
			if x, err = d.Datum(i, &kinds[i], arena); err == nil && x.Null {
				w.Null()
			} else if err == nil {
				w.Datum(x, &kinds[i])
			}
		}
		got := ""
		if err != nil {
			got = err.Error()
		} else if record, err := w.Record(); err == nil {
			got = string(record)
		}
		if err == nil && got != want || err != nil && !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}
