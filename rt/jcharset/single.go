package jcharset

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// single is a character set of a byte a character.
type single struct {
	decode [256]rune // U+FFFD where a byte is none
	encode map[rune]byte
}

func (s *single) Encode(text string) string {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		b, ok := s.encode[r]
		if !ok {
			b = '?'
		}
		out = append(out, b)
	}
	return string(out)
}

func (s *single) Decode(text string) string {
	out := make([]byte, 0, len(text))
	for i := range len(text) {
		out = utf8.AppendRune(out, s.decode[text[i]])
	}
	return string(out)
}

// variant says where Java differs from the Web's table of a character set.
type variant struct {
	charmap *charmap.Charmap
	// controls says that 0x80 to 0x9F are control characters, as ISO has them.
	controls bool
	// bytes are those with another character, or U+FFFD for none.
	bytes map[byte]rune
}

func (v variant) table() *single {
	s := &single{encode: map[rune]byte{}}
	for i := range 256 {
		b := byte(i)
		r := v.charmap.DecodeByte(b)
		if v.controls && b >= 0x80 && b < 0xa0 {
			r = rune(b)
		}
		if other, ok := v.bytes[b]; ok {
			r = other
		}
		s.decode[b] = r
		if r != utf8.RuneError {
			s.encode[r] = b
		}
	}
	return s
}

// addSingles adds the character sets of a byte a character to those by name.
func addSingles(to names) {
	add := func(names string, v variant) {
		to.add(names, func() table { return v.table() })
	}
	iso := func(names string, m *charmap.Charmap) { add(names, variant{charmap: m, controls: true}) }
	iso("ISO-8859-2 ISO8859-2 ISO8859_2 8859_2 ISO_8859-2 ISO_8859-2:1987 LATIN2 L2 IBM912 IBM-912 CP912 912", charmap.ISO8859_2)
	iso("ISO-8859-3 ISO8859-3 ISO8859_3 8859_3 ISO_8859-3 ISO_8859-3:1988 LATIN3 L3 IBM913 IBM-913 CP913 913", charmap.ISO8859_3)
	iso("ISO-8859-4 ISO8859-4 ISO8859_4 8859_4 ISO_8859-4 ISO_8859-4:1988 LATIN4 L4 IBM914 IBM-914 CP914 914", charmap.ISO8859_4)
	iso("ISO-8859-5 ISO8859-5 ISO8859_5 8859_5 ISO_8859-5 ISO_8859-5:1988 CYRILLIC IBM915 IBM-915 CP915 915", charmap.ISO8859_5)
	iso("ISO-8859-6 ISO8859-6 ISO8859_6 8859_6 ISO_8859-6 ISO_8859-6:1987 ARABIC ASMO-708 ECMA-114 IBM1089 IBM-1089 CP1089 1089", charmap.ISO8859_6)
	iso("ISO-8859-7 ISO8859-7 ISO8859_7 8859_7 ISO_8859-7 ISO_8859-7:1987 GREEK GREEK8 ELOT_928 ECMA-118 IBM813 IBM-813 CP813 813", charmap.ISO8859_7)
	iso("ISO-8859-8 ISO8859-8 ISO8859_8 8859_8 ISO_8859-8 ISO_8859-8:1988 HEBREW IBM916 IBM-916 CP916 916", charmap.ISO8859_8)
	iso("ISO-8859-9 ISO8859-9 ISO8859_9 8859_9 ISO_8859-9 ISO_8859-9:1989 LATIN5 L5 IBM920 IBM-920 CP920 920", charmap.ISO8859_9)
	iso("ISO-8859-13 ISO8859-13 ISO8859_13 8859_13 ISO_8859-13", charmap.ISO8859_13)
	iso("ISO-8859-15 ISO8859-15 ISO8859_15 8859_15 ISO_8859-15 LATIN9 LATIN-9 LATIN0 L9 IBM923 IBM-923 CP923 923", charmap.ISO8859_15)
	iso("ISO-8859-16 ISO8859_16 ISO_8859-16 ISO_8859-16:2001 LATIN10 L10", charmap.ISO8859_16)
	same := func(names string, m *charmap.Charmap) { add(names, variant{charmap: m}) }
	same("WINDOWS-1250 CP1250 CP5346", charmap.Windows1250)
	same("WINDOWS-1251 CP1251 CP5347 ANSI-1251", charmap.Windows1251)
	same("WINDOWS-1252 CP1252 CP5348 IBM-1252 IBM1252", charmap.Windows1252)
	same("WINDOWS-1253 CP1253 CP5349", charmap.Windows1253)
	same("WINDOWS-1254 CP1254 CP5350", charmap.Windows1254)
	add("WINDOWS-1255 CP1255", variant{charmap: charmap.Windows1255, bytes: map[byte]rune{0xca: utf8.RuneError}})
	same("WINDOWS-1256 CP1256", charmap.Windows1256)
	same("WINDOWS-1257 CP1257 CP5353", charmap.Windows1257)
	same("WINDOWS-1258 CP1258", charmap.Windows1258)
	same("X-WINDOWS-874 WINDOWS-874 MS874 MS-874", charmap.Windows874)
	same("KOI8-R KOI8_R KOI8 CSKOI8R", charmap.KOI8R)
	add("KOI8-U KOI8_U", variant{charmap: charmap.KOI8U, bytes: map[byte]rune{0xae: '╝', 0xbe: '╬'}})
	same("IBM437 IBM-437 CP437 437 CSPC8CODEPAGE437 WINDOWS-437", charmap.CodePage437)
	same("IBM850 IBM-850 CP850 850 CSPC850MULTILINGUAL", charmap.CodePage850)
	same("IBM852 IBM-852 CP852 852 CSPCP852", charmap.CodePage852)
	same("IBM855 IBM-855 CP855 855 CSPCP855", charmap.CodePage855)
	same("IBM00858 IBM-858 IBM858 CP858 CP00858 858 CCSID00858", charmap.CodePage858)
	same("IBM862 IBM-862 CP862 862 CSIBM862", charmap.CodePage862)
	same("IBM866 IBM-866 CP866 866 CSIBM866", charmap.CodePage866)
	same("X-MACROMAN MACROMAN", charmap.Macintosh)
}
