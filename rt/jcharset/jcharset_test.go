package jcharset

import "testing"

// The answers are those of Java 17, whose tables were compared as a whole when
// they were written.
func TestSingleByteSets(t *testing.T) {
	for _, c := range []struct{ name, bytes, text string }{
		{"ISO-8859-2", "\xb1\x80", "ą\u0080"},
		{"iso8859_5", "\xd0\x9f", "а\u009f"},
		{"ISO-8859-7", "\xe1", "α"},
		{"ISO-8859-7", "\xd2", "\ufffd"},
		{"windows-1252", "\x80\x81", "€\ufffd"},
		{"cp1253", "\xe1\xd2", "α\ufffd"},
		{"windows-1255", "\xca\xe0", "\ufffdא"},
		{"KOI8-U", "\xae\xbe\xc1", "╝╬а"},
		{"IBM850", "\x9b", "ø"},
	} {
		cs, err := Find(c.name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := cs.Decode(c.bytes)
		if err != nil || got != c.text {
			t.Errorf("%s: %x is %q (%v), want %q", c.name, c.bytes, got, err, c.text)
		}
	}
	for _, c := range []struct{ name, text, bytes string }{
		{"ISO-8859-15", "€¤", "\xa4?"}, {"windows-1251", "Жé", "\xc6?"}, {"ISO-8859-2", "\u0085ą😀", "\x85\xb1?"},
	} {
		cs, err := Find(c.name)
		if err != nil {
			t.Fatal(err)
		}
		if got := cs.Encode(c.text); got != c.bytes {
			t.Errorf("%s: %q is %x, want %x", c.name, c.text, got, c.bytes)
		}
	}
	for _, name := range []string{"Shift_JIS", "Big5", "EUC-KR", "nowhere"} {
		if _, err := Find(name); err == nil {
			t.Errorf("%s is found", name)
		}
	}
}
