package main

import (
	"testing"

	"pyfc/rt/conn"
	"pyfc/rt/format/csv"
	"pyfc/rt/val"
)

// TestSplit holds the hand-written rules to those of the format, which are
// recorded from Flink: the ceiling must do the same work.
func TestSplit(t *testing.T) {
	table := &conn.Table{
		Name:    "access_log",
		Options: map[string]string{"connector": "kafka", "format": "csv", "csv.ignore-parse-errors": "true"},
		Columns: []val.Column{
			{Name: "uuid", Type: "STRING"},
			{Name: "client_ip", Type: "STRING"},
			{Name: "request_time", Type: "BIGINT"},
			{Name: "response_size", Type: "BIGINT"},
			{Name: "uri", Type: "STRING"},
		},
		Read: []int{uuid, clientIP, requestTime, responseSize, uri},
	}
	d, err := csv.NewDecoder(table)
	if err != nil {
		t.Fatal(err)
	}
	arena := val.NewArena()
	defer arena.Release()
	for _, line := range []string{
		"u,1.2.3.4,12,345,/v/1.ts", "u,,x", "u", "", ",,,,", "u,i,1,2,/v,", "u,i,1,2,/v, ", "u,i,1,2,/v,more", "u,i,1,2,/v,,",
		`"a,b",i,1,2,/v`, `"a""b",i,1,2,"/v ""x"""`, `"u,i,1,2,/v`, `"u"x,i,1,2,/v`, `"u" ,i,1,2,/v`, `u"v,i,1,2,/v`, `"u",i,1,2,/v,`,
		"u,i, 7 ,-2,/v", "u,i,7x,99999999999999999999,/v", "u,i,+7,9223372036854775807,/v", "u,i,1,2,/v\nsecond,line", "u,i\r\n",
		"\xff,i,1,2,/v", "ü,i,1,2,/ü", "u,i,,,", `"u","","1","2",""`,
	} {
		var row [columns]field
		n := split([]byte(line), &row)
		kept, err := d.Split([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if kept != (n > 0) {
			t.Errorf("%q: kept %v, the format says %v", line, n > 0, kept)
		}
		if !kept || n == 0 {
			continue
		}
		for i := range row {
			if i == requestTime || i == responseSize {
				var got int64
				ok := false
				if i < n {
					got, ok = row[i].int()
				}
				if want, wantOK, err := d.BigInt(i); err != nil || ok != wantOK || ok && got != want {
					t.Errorf("%q: column %d is %d (%v), the format says %d (%v), %v", line, i, got, ok, want, wantOK, err)
				}
				continue
			}
			got := ""
			if i < n {
				got = row[i].string()
			}
			if want, ok := d.Text(i, arena); ok != (i < n) || got != want {
				t.Errorf("%q: column %d is %q (%v), the format says %q (%v)", line, i, got, i < n, want, ok)
			}
		}
	}
}
