package jcharset

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// pairsText says where Java differs from the Web's tables. It was made by
// comparing all pairs and all characters with Java 17.
//
//go:embed pairs.txt
var pairsText string

// pairs is a character set of one and two bytes a character, and maybe of more.
type pairs struct {
	single [256]rune // 0 where a byte is none
	double map[uint16]rune
	lead   [256]bool // begins a pair
	encode map[rune]string
	// broken is how many bytes of a pair that is none are one fault; nil stands
	// for what most of Java's tables do.
	broken func(second byte) int
	// long reads a character of three or four bytes at the start of a text; it
	// returns the number of bytes that it takes, 0 where pairs decide. write writes
	// what encode lacks. Both may be nil.
	long  func(s string) (rune, int)
	write func(r rune) (string, bool)
}

func (p *pairs) Encode(text string) string {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		b, ok := p.encode[r]
		if !ok && p.write != nil {
			b, ok = p.write(r)
		}
		if !ok {
			b = "?"
		}
		out = append(out, b...)
	}
	return string(out)
}

func (p *pairs) Decode(text string) string {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := p.next(text)
		out = utf8.AppendRune(out, r)
		text = text[n:]
	}
	return string(out)
}

// next reads a character and the number of its bytes.
func (p *pairs) next(s string) (rune, int) {
	if r := p.single[s[0]]; r != 0 || s[0] == 0 {
		return r, 1
	}
	if p.long != nil {
		if r, n := p.long(s); n > 0 {
			return r, n
		}
	}
	if len(s) == 1 {
		return utf8.RuneError, 1
	}
	if r, ok := p.double[pair(s[0], s[1])]; ok {
		return r, 2
	}
	if p.broken != nil {
		return utf8.RuneError, p.broken(s[1])
	}
	// The second byte is left where it may begin a character.
	if !p.lead[s[0]] || p.lead[s[1]] || p.single[s[1]] != 0 || s[1] == 0 {
		return utf8.RuneError, 1
	}
	return utf8.RuneError, 2
}

func pair(first, second byte) uint16 { return uint16(first)<<8 | uint16(second) }

// newPairs makes the character set of a name of pairsText from the Web's table.
func newPairs(name string, web encoding.Encoding) *pairs {
	p := &pairs{double: map[uint16]rune{}, encode: map[rune]string{}}
	for i := range 256 {
		if r, ok := decodeOne(web, string([]byte{byte(i)})); ok && (i < 0x80 || r > 0x80 && r != '€') {
			p.single[i] = r
			continue
		}
		for j := range 256 {
			if r, ok := decodeOne(web, string([]byte{byte(i), byte(j)})); ok {
				p.double[pair(byte(i), byte(j))] = r
			}
		}
	}
	var prefer, yield []string
	for line := range strings.Lines(section(name)) {
		if words, ok := strings.CutPrefix(line, "prefer "); ok {
			prefer = strings.Fields(words)
			continue
		}
		if words, ok := strings.CutPrefix(line, "yield "); ok {
			yield = strings.Fields(words)
			continue
		}
		for _, w := range strings.Fields(line) {
			p.change(w)
		}
	}
	p.invert(prefer, yield)
	return p
}

// decodeOne is the only character that bytes are.
func decodeOne(e encoding.Encoding, bytes string) (rune, bool) {
	text, err := e.NewDecoder().String(bytes)
	r, n := utf8.DecodeRuneInString(text)
	return r, err == nil && n == len(text) && r != utf8.RuneError
}

func section(name string) string {
	_, after, ok := strings.Cut(pairsText, "["+name+"]\n")
	if !ok {
		panic("jcharset: no section " + name)
	}
	text, _, _ := strings.Cut(after, "[")
	return text
}

// change does what a word of pairsText says.
func (p *pairs) change(word string) {
	codes, first, filled := strings.Cut(word, "=")
	from, to, ok := strings.Cut(codes, "-")
	if !ok {
		to = from
	}
	r := hex(first)
	for i := hex(from) >> 8; i <= hex(to)>>8; i++ {
		for j := hex(from) & 0xff; j <= hex(to)&0xff; j++ {
			switch key := pair(byte(i), byte(j)); {
			case j == 0x7f:
			case filled:
				p.double[key] = r
				r++
			default:
				delete(p.double, key)
			}
		}
	}
}

// hex reads a number of pairsText; the empty text is 0.
func hex(s string) rune {
	n, err := strconv.ParseUint("0"+s, 16, 32)
	if err != nil {
		panic(fmt.Sprintf("jcharset: %v", err))
	}
	return rune(n)
}

// invert fills what is derived from single and double. Of several pairs the
// first writes a character, those that yield behind all others, unless prefer says
// which.
func (p *pairs) invert(prefer, yield []string) {
	invert := func(i byte) {
		for j := 255; j >= 0; j-- {
			if r, ok := p.double[pair(i, byte(j))]; ok {
				p.lead[i] = true
				p.encode[r] = string([]byte{i, byte(j)})
			}
		}
	}
	for i := len(yield) - 1; i >= 0; i-- {
		invert(byte(hex(yield[i])))
	}
	for i := 255; i >= 0; i-- {
		if !slices.Contains(yield, fmt.Sprintf("%02x", i)) {
			invert(byte(i))
		}
	}
	for i, r := range p.single {
		if r != 0 || i == 0 {
			p.encode[r] = string([]byte{byte(i)})
		}
	}
	for _, w := range prefer {
		r, code, _ := strings.Cut(w, "=")
		if bytes := hex(code); len(code) == 2 {
			p.encode[hex(r)] = string([]byte{byte(bytes)})
		} else {
			p.encode[hex(r)] = string([]byte{byte(bytes >> 8), byte(bytes)})
		}
	}
}

// newEUCJP adds the characters of three bytes, those of JIS X 0212.
func newEUCJP() *pairs {
	p := newPairs("EUC-JP", japanese.EUCJP)
	p.broken = func(byte) int { return 2 }
	p.long = func(s string) (rune, int) {
		if s[0] != 0x8f {
			return 0, 0
		}
		if len(s) < 3 {
			return utf8.RuneError, len(s)
		}
		if r, ok := decodeOne(japanese.EUCJP, s[:3]); ok {
			return r, 3
		}
		return utf8.RuneError, 3
	}
	for i := byte(0xa1); i < 0xff; i++ {
		for j := byte(0xa1); j < 0xff; j++ {
			bytes := string([]byte{0x8f, i, j})
			if r, ok := decodeOne(japanese.EUCJP, bytes); ok && p.encode[r] == "" {
				p.encode[r] = bytes
			}
		}
	}
	return p
}

// newGB18030 adds the characters of four bytes. Those of the edition of 2022 that
// got pairs of the area for private use have changed places with what these
// pairs were before.
func newGB18030() *pairs {
	web := simplifiedchinese.GB18030
	p := newPairs("GB18030", web)
	places := map[string]rune{}
	for key, old := range newPairs("GBK", simplifiedchinese.GBK).double {
		if r := p.double[key]; private(old) && !private(r) {
			if code, err := encodeLong(web, r); err == nil {
				places[code] = old
				p.encode[old] = code
			}
		}
	}
	p.broken = func(second byte) int {
		if second < '0' {
			return 1
		}
		return 2
	}
	p.long = func(s string) (rune, int) {
		switch {
		case s[0] == 0x80 || s[0] == 0xff:
			return utf8.RuneError, 1
		case len(s) < 2 || s[1] < '0' || s[1] > '9':
			return 0, 0
		}
		if len(s) > 2 && (s[2] <= 0x80 || s[2] == 0xff) {
			return utf8.RuneError, 3
		}
		if len(s) < 4 {
			return utf8.RuneError, len(s)
		}
		if r, ok := places[s[:4]]; ok {
			return r, 4
		}
		if r, ok := decodeOne(web, s[:4]); ok {
			return r, 4
		}
		return utf8.RuneError, 4
	}
	p.write = func(r rune) (string, bool) {
		s, err := encodeLong(web, r)
		return s, err == nil
	}
	return p
}

// private reports whether a character is of the area for private use.
func private(r rune) bool { return r >= 0xe000 && r < 0xf900 }

func encodeLong(e encoding.Encoding, r rune) (string, error) {
	s, err := e.NewEncoder().String(string(r))
	if err == nil && len(s) != 4 {
		err = fmt.Errorf("%U has no four bytes", r)
	}
	return s, err
}

// addPairs adds the character sets of one and two bytes a character to those by
// name.
func addPairs(to names) {
	add := func(names string, of func() *pairs) {
		to.add(names, func() table { return of() })
	}
	of := func(name string, web encoding.Encoding) func() *pairs {
		return func() *pairs { return newPairs(name, web) }
	}
	add("SHIFT_JIS SHIFT-JIS X-SJIS SJIS MS_KANJI CSSHIFTJIS", of("Shift_JIS", japanese.ShiftJIS))
	add("WINDOWS-31J MS932 WINDOWS-932 CSWINDOWS31J", of("windows-31j", japanese.ShiftJIS))
	add("EUC-JP CSEUCPKDFMTJAPANESE X-EUC-JP EUCJIS EXTENDED_UNIX_CODE_PACKED_FORMAT_FOR_JAPANESE EUC_JP EUCJP X-EUCJP", newEUCJP)
	add("EUC-KR KSC5601-1987 CSEUCKR KSC5601_1987 KSC5601 5601 EUC_KR KSC_5601 KS_C_5601-1987 EUCKR", of("EUC-KR", korean.EUCKR))
	add("X-WINDOWS-949 WINDOWS949 MS949 WINDOWS-949 MS_949", of("x-windows-949", korean.EUCKR))
	add("GB2312 EUC-CN X-EUC-CN EUCCN EUC_CN GB2312-80 GB2312-1980", of("GB2312", simplifiedchinese.GBK))
	add("GBK CP936 WINDOWS-936", of("GBK", simplifiedchinese.GBK))
	add("GB18030 GB18030-2022", newGB18030)
	add("BIG5 CSBIG5", of("Big5", traditionalchinese.Big5))
}
