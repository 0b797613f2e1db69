package csv

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"

	"pyfc/rt/val"
)

// accessLog is a record of the shape that access logs have: four columns are
// read, the last isn't.
func accessLog() (records [][]byte) {
	for i := range 1024 {
		records = append(records, fmt.Appendf(nil, "%08x-%04d,10.%d.%d.7,%d,%d,https://example.com/path/%d", i*7919, i, i%256, i%13, i%1000, i*31%100000, i))
	}
	return records
}

func BenchmarkDecode(b *testing.B) {
	t := tableOf([]string{"uuid STRING", "ip STRING", "took BIGINT", "size BIGINT", "uri STRING"},
		map[string]string{"csv.ignore-parse-errors": "true"}, "connector", "kafka", "format", "csv")
	d, err := NewDecoder(t)
	if err != nil {
		b.Fatal(err)
	}
	records := accessLog()
	arena := val.NewArena()
	var sum int64
	b.ReportAllocs()
	b.SetBytes(int64(len(records[0])))
	for i := 0; b.Loop(); i++ {
		ok, _ := d.Split(records[i%1024])
		if !ok {
			b.Fatal("malformed")
		}
		uuid, _ := d.Text(0, arena)
		ip, _ := d.Text(1, arena)
		took, _, _ := d.BigInt(2)
		size, _, _ := d.BigInt(3)
		sum += took + size + int64(len(uuid)+len(ip))
	}
}

// BenchmarkDecodeByHand is the rival: what a program would do that was written
// for this table alone, with the same rules for bad numbers and surplus fields
// but without quotes.
func BenchmarkDecodeByHand(b *testing.B) {
	records := accessLog()
	var sum int64
	b.ReportAllocs()
	b.SetBytes(int64(len(records[0])))
	for i := 0; b.Loop(); i++ {
		rest := records[i%1024]
		var fields [5][]byte
		n := 0
		for n < 5 {
			at := bytes.IndexByte(rest, ',')
			if at < 0 {
				fields[n] = rest
				break
			}
			fields[n], rest = rest[:at], rest[at+1:]
			n++
		}
		took, err := strconv.ParseInt(val.View(bytes.TrimSpace(fields[2])), 10, 64)
		if err != nil {
			took = 0
		}
		size, err := strconv.ParseInt(val.View(bytes.TrimSpace(fields[3])), 10, 64)
		if err != nil {
			size = 0
		}
		sum += took + size + int64(len(fields[0])+len(fields[1]))
	}
}
