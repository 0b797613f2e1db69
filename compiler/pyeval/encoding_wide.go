package pyeval

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// wide describes the encodings with units of 2 and 4 bytes; width is 0 for
// others. Without a byte order in the name a mark says it.
func wide(kind string) (width int, order byteOrder, mark bool) {
	switch {
	case strings.HasPrefix(kind, "utf-16"):
		width = 2
	case strings.HasPrefix(kind, "utf-32"):
		width = 4
	}
	if strings.HasSuffix(kind, "-be") {
		return width, binary.BigEndian, false
	}
	return width, binary.LittleEndian, !strings.HasSuffix(kind, "-le")
}

func encodeWide(s string, width int, order byteOrder, mark bool) []byte {
	runes := []rune(s)
	if mark {
		runes = append([]rune{0xfeff}, runes...)
	}
	var out []byte
	if width == 4 {
		for _, r := range runes {
			out = order.AppendUint32(out, uint32(r))
		}
		return out
	}
	for _, u := range utf16.Encode(runes) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func decodeWide(b, kind string, width int, order byteOrder, mark bool) (Value, error) {
	data := []byte(b)
	if mark && len(data) >= width {
		if width == 2 && data[0] == 0xfe && data[1] == 0xff || width == 4 && data[2] == 0xfe && data[3] == 0xff {
			order = binary.BigEndian
		}
	}
	if len(data)%width != 0 {
		return nil, Errorf(UnicodeDecodeError, "'%s' codec can't decode byte 0x%02x in position %d: truncated data", kind, data[len(data)-1], len(data)-1)
	}
	var runes []rune
	if width == 4 {
		for i := 0; i < len(data); i += 4 {
			r := rune(order.Uint32(data[i:]))
			if !utf8.ValidRune(r) {
				return nil, Errorf(UnicodeDecodeError, "'%s' codec can't decode bytes in position %d-%d: code point not in range(0x110000)", kind, i, i+3)
			}
			runes = append(runes, r)
		}
	} else {
		units := make([]uint16, len(data)/2)
		for i := range units {
			units[i] = order.Uint16(data[2*i:])
		}
		runes = utf16.Decode(units)
	}
	if mark && len(runes) > 0 && runes[0] == 0xfeff {
		runes = runes[1:]
	}
	return NewStr(string(runes)), nil
}
