package json_test

import (
	"testing"

	"pyfc/rt/json"
)

// FuzzJSON parses any text and follows any path in it. What was read is written
// and read again to the same text.
func FuzzJSON(f *testing.F) {
	for _, s := range []struct{ text, path string }{
		{`{"a":[1,2.5e3,"x\u00e9",null,true]}`, "$.a[0]"}, {`[[1],{"b":{}}]`, "lax $..b"},
		{`{"x":[{"y":5}]}`, "$.x[?(@.y>=5 && @.y in [5,'a'])]"}, {"", "$['a','b'][1:-1].length()"},
	} {
		f.Add(s.text, s.path)
	}
	f.Fuzz(func(t *testing.T, text, path string) {
		p := json.Compile(path)
		d, err := json.Parse(text)
		if err != nil {
			_, _ = p.Find(nil)
			return
		}
		defer d.Free()
		_, _ = p.Find(d.Root())
		once := string(json.Append(nil, d.Root()))
		again, err := json.Parse(once)
		if err != nil {
			t.Fatalf("%q was read, but not %q", text, once)
		}
		defer again.Free()
		if twice := string(json.Append(nil, again.Root())); twice != once {
			t.Fatalf("%q became %q", once, twice)
		}
	})
}
