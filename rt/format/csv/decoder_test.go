package csv

import (
	"strings"
	"testing"
)

// TestFewFieldsSuffice pins what Flink does where errors aren't ignored: a
// record needs as many fields as columns are read, whichever they are.
func TestFewFieldsSuffice(t *testing.T) {
	table := tableOf([]string{"a STRING", "b BIGINT", "c STRING"}, nil, "connector", "kafka", "format", "csv")
	for _, c := range []struct {
		record string
		read   []int
		ok     bool
	}{
		{"x", []int{0}, true},
		{"x,1", []int{0}, true},
		{"x,1", []int{0, 2}, true}, // c is NULL
		{"x", []int{0, 2}, false},
		{"x,1", []int{0, 1, 2}, false},
	} {
		table.Read = c.read
		d, err := NewDecoder(table)
		if err != nil {
			t.Fatal(err)
		}
		ok, err := d.Split([]byte(c.record))
		if ok != c.ok || (err == nil) != c.ok {
			t.Errorf("%q, reading %v: %v, %v", c.record, c.read, ok, err)
		}
	}
}

func TestBadOptionsAreRefused(t *testing.T) {
	for _, options := range []map[string]string{
		{"csv.field-delimiter": "||"}, {"csv.field-delimiter": "§"}, {"csv.quote-character": "''"},
		{"csv.escape-character": "ab"}, {"csv.quote-character": "'", "csv.disable-quote-character": "true"},
	} {
		_, err := NewDecoder(tableOf([]string{"a STRING"}, options, "connector", "kafka", "format", "csv"))
		if err == nil || !strings.Contains(err.Error(), "quote-character") && !strings.Contains(err.Error(), "one ASCII character") {
			t.Errorf("%v: %v", options, err)
		}
	}
	if _, err := NewDecoder(tableOf([]string{"a STRING"}, nil, "connector", "kafka", "format", "json")); err == nil {
		t.Error("a json table gets a csv decoder")
	}
}
