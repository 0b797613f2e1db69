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
	if _, err := Find("nowhere"); err == nil {
		t.Error("nowhere is found")
	}
}

// The answers are those of Java 17, with which all pairs of bytes, all characters
// below U+20000 and 20,000 random texts of bytes a set were compared when this was
// written.
func TestSetsOfSeveralBytes(t *testing.T) {
	for _, c := range []struct{ name, bytes, text string }{
		{"Shift_JIS", "\x93\xfa\x96\x7b\xb1", "日本ｱ"},
		{"SJIS", "\x81\x5c\x81\x60\x87\x40\x41", "—〜\ufffd@A"},
		{"ms932", "\x87\x40\xf0\x40\xfa\x68", "①\ue000丨"},
		{"EUC-JP", "\xc6\xfc\x8e\xb1\x8f\xb0\xa9", "日ｱ丨"},
		{"euc_jp", "\xdb\x5c\x8f\x80\xfe\x41\x8f", "\ufffd\ufffdA\ufffd"},
		{"EUC-KR", "\xb0\xa1\x81\x41\xa2\xe6", "가\ufffdA€"},
		{"ms949", "\x81\x41\xc9\xa1", "갂\ue000"},
		{"GB2312", "\xd6\xd0\xa1\xaa\x80\x81\x40", "中―\ufffd\ufffd@"},
		{"GBK", "\xd6\xd0\xaa\xa1\x80", "中\ue000\ufffd"},
		{"GB18030", "\xa2\xe3\xa6\xd9\x84\x31\x82\x36\x81\x30\x84\x36", "€︐\ue78d¥"},
		{"gb18030", "\x81\x30\x41\x41\x81\x30\xff\x90\x30\x81\x30", "\ufffdA\ufffd𐀀"},
		{"Big5", "\xa4\xa4\xc6\xa1\xf9\xd6\x41", "中ヾ\ufffd淲"},
		{"UTF-16", "\xff\xfeA\x00\x3d\xd8\x00\xde", "A😀"},
		{"UTF-16", "\xd8\x3d\x00A\x00B\xd8\x00\x01", "\ufffdB\ufffd"},
		{"UTF-16LE", "\xff\xfeA\x00\x00\xdcB", "\ufeffA\ufffd\ufffd"},
		{"UTF-32", "\xff\xfe\x00\x00A\x00\x00\x00", "A"},
		{"UTF-32BE", "\x00\x00\x00A\x00\x11\x00\x00", "A\ufffd"},
	} {
		cs, err := Find(c.name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := cs.Decode(c.bytes); err != nil || got != c.text {
			t.Errorf("%s: %x is %+q (%v), want %+q", c.name, c.bytes, got, err, c.text)
		}
	}
	for _, c := range []struct{ name, text, bytes string }{
		{"Shift_JIS", "日¥①\x00", "\x93\xfa\\?\x00"}, {"windows-31j", "ⅰ¬①", "\xfa\x40\x81\xca\x87\x40"},
		{"EUC-JP", "日ｱ丨😀", "\xc6\xfc\x8e\xb1\x8f\xb0\xa9?"}, {"EUC-KR", "가갂€", "\xb0\xa1?\xa2\xe6"},
		{"GB2312", "中€é", "\xd6\xd0?\xa8\xa6"}, {"GBK", "\ue000€", "\xaa\xa1\xa2\xe3"},
		{"GB18030", "\ue78d︐😀", "\x84\x31\x82\x36\xa6\xd9\x94\x39\xfc\x36"}, {"Big5", "中_十", "\xa4\xa4_\xa4\x51"},
		{"UTF-32", "A", "\x00\x00\x00A"}, {"UTF-16", "A", "\xfe\xff\x00A"},
	} {
		cs, err := Find(c.name)
		if err != nil {
			t.Fatal(err)
		}
		if got := cs.Encode(c.text); got != c.bytes {
			t.Errorf("%s: %q is %x, want %x", c.name, c.text, got, c.bytes)
		}
	}
}
