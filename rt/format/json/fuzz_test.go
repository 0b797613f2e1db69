package json

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"pyfc/rt/val"
)

// FuzzDecode checks that nothing panics, that what encoding/json takes for an
// object is taken, and that errors are only ever told where they aren't ignored.
func FuzzDecode(f *testing.F) {
	for _, g := range readRecording(f).Groups {
		for _, c := range g.Cases {
			f.Add(c.Record)
		}
	}
	columns := []string{"a INT", "b STRING", "x MAP<STRING, ARRAY<ROW<a DOUBLE, b BYTES>>>", "t TIMESTAMP(3)", "n DECIMAL(10, 3)"}
	strict, typs := table(f, columns)
	lenient, _ := table(f, columns, "json.ignore-parse-errors", "true")
	s, err := NewDecoder(strict)
	if err != nil {
		f.Fatal(err)
	}
	l, err := NewDecoder(lenient)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		strictly, fault := decode(s, typs, record)
		leniently, err := decode(l, typs, record)
		if err != nil {
			t.Fatalf("%q: %v, though errors are ignored", record, err)
		}
		if fault == nil && len(strictly) > 0 && (len(leniently) == 0 || strictly[0] != leniently[0]) {
			t.Fatalf("%q: %s, but %q where errors are ignored", record, strictly[0], leniently)
		}
		var object map[string]json.RawMessage
		if utf8.Valid(record) && json.Unmarshal(record, &object) == nil && object != nil && len(leniently) == 0 {
			t.Fatalf("%q is dropped", record)
		}
	})
}

// BenchmarkDecode reads a typical message; it doesn't allocate.
func BenchmarkDecode(b *testing.B) {
	tab, _ := table(b, []string{"user_id BIGINT", "item STRING", "price DOUBLE", "ts TIMESTAMP(3)", "tags ARRAY<STRING>"})
	d, err := NewDecoder(tab)
	if err != nil {
		b.Fatal(err)
	}
	_, typs := table(b, []string{"user_id BIGINT", "item STRING", "price DOUBLE", "ts TIMESTAMP(3)", "tags ARRAY<STRING>"})
	record := []byte(`{"user_id": 123456, "item": "a thing", "price": 12.75, "ts": "2020-02-29 12:34:56.789", "tags": ["x", "y"], "more": {"k": [1, 2]}}`)
	arena := val.NewArena()
	b.SetBytes(int64(len(record)))
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%1000 == 0 {
			arena.Release()
			arena = val.NewArena()
		}
		if ok, err := d.Split(record); !ok || err != nil {
			b.Fatal(ok, err)
		}
		for i := range typs {
			if _, err := get(d, i, &typs[i], arena); err != nil {
				b.Fatal(err)
			}
		}
	}
}
