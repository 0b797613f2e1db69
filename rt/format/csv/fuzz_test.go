package csv

import (
	"reflect"
	"testing"

	"pyfc/rt/val"
)

// FuzzSplit checks that nothing panics, that the fast path agrees with the
// careful one, and that a file read in pieces is the file read at once.
func FuzzSplit(f *testing.F) {
	for _, path := range []string{"testdata/message.json", "testdata/file.json", "testdata/oldfile.json"} {
		for _, g := range readRecording(f, path).Groups {
			for _, c := range g.Cases {
				f.Add(c.Record, byte(len(g.Options)))
			}
		}
	}
	columns := []string{"a STRING", "b BIGINT", "c DOUBLE", "d BOOLEAN"}
	variants := []map[string]string{
		{}, {"csv.ignore-parse-errors": "true"}, {"csv.ignore-parse-errors": "true", "csv.escape-character": `\`},
		{"csv.allow-comments": "true", "csv.field-delimiter": ";"}, {"csv.disable-quote-character": "true", "csv.null-literal": ""},
	}
	f.Fuzz(func(t *testing.T, data []byte, variant byte) {
		if len(data) > 1<<10 {
			return // reading in pieces looks at an open quote's text again and again
		}
		options := variants[int(variant)%len(variants)]
		message := tableOf(columns, options, "connector", "kafka", "format", "csv")
		d, err := NewDecoder(message)
		if err != nil {
			t.Fatal(err)
		}
		arena := val.NewArena()
		decode := func(ok bool, err error) []any {
			if !ok || err != nil {
				return nil
			}
			r, err := row(d, message.Columns, arena)
			if err != nil {
				return nil
			}
			return r
		}
		fast := decode(d.Split(data))
		d.rec, d.n, d.foreign = data, 0, false
		if careful := decode(d.splitCarefully()); !reflect.DeepEqual(fast, careful) {
			t.Errorf("the fast path reads %v, the careful one %v", fast, careful)
		}
		for _, kind := range [][]string{{"connector", "filesystem", "format", "csv"}, {"connector.type", "filesystem", "format.type", "csv"}} {
			file := tableOf(columns, map[string]string{}, kind...)
			if kind[0] == "connector" {
				file = tableOf(columns, options, kind...)
			}
			whole, err := readFile(file, data, len(data)+1)
			pieces, piecesErr := readFile(file, data, 3)
			if !reflect.DeepEqual(whole, pieces) || (err == nil) != (piecesErr == nil) {
				t.Errorf("%v: at once %v %v, in pieces %v %v", kind, whole, err, pieces, piecesErr)
			}
		}
	})
}
