// Package charset finds out in which encoding a record is, and gives it in UTF-8,
// as Jackson does, through which PyFlink reads csv and JSON.
package charset

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// BOM is the byte order mark in UTF-8.
const BOM = "\uFEFF"

// UTF8 returns the record in UTF-8, without byte order mark: record itself, a
// part of it, or its translation in buf. UTF-8 is taken leniently: overlong forms
// and surrogates count as the characters they mean, a lone surrogate as '?'.
// With detect, UTF-16 and UTF-32 are known by the record's first bytes. It
// returns false for what no encoding explains.
func UTF8(record []byte, detect bool, buf *[]byte) ([]byte, bool) {
	*buf = (*buf)[:0]
	if detect {
		if units, ok := wide(record); ok {
			return translate(units, buf), true
		}
		if len(record) > len(BOM) && bytes.HasPrefix(record, []byte(BOM)) {
			record = record[len(BOM):]
		}
	}
	if utf8.Valid(record) {
		return record, true
	}
	units, ok := lenientUTF8(record)
	if !ok {
		return nil, false
	}
	return translate(units, buf), true
}

// translate puts the UTF-8 form of UTF-16 code units into buf, a lone surrogate
// being '?'.
func translate(units []uint16, buf *[]byte) []byte {
	out := *buf
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			r = '?'
			if i+1 < len(units) {
				if pair := utf16.DecodeRune(rune(units[i]), rune(units[i+1])); pair != utf8.RuneError {
					r = pair
					i++
				}
			}
		}
		out = utf8.AppendRune(out, r)
	}
	*buf = out
	return out
}

// wide decodes UTF-16 and UTF-32, which a byte order mark or zero bytes among
// the first four give away.
func wide(b []byte) (units []uint16, ok bool) {
	if len(b) < 2 {
		return nil, false
	}
	if len(b) >= 4 {
		switch quad := binary.BigEndian.Uint32(b); {
		case quad == 0xFEFF:
			return utf32(b[4:], binary.BigEndian), true
		case quad == 0xFFFE0000:
			return utf32(b[4:], binary.LittleEndian), true
		case quad>>16 == 0xFEFF:
			return utf16Units(b[2:], binary.BigEndian), true
		case quad>>16 == 0xFFFE:
			return utf16Units(b[2:], binary.LittleEndian), true
		case quad>>8 == 0:
			return utf32(b, binary.BigEndian), true
		case quad&0x00FFFFFF == 0:
			return utf32(b, binary.LittleEndian), true
		}
	}
	switch {
	case b[0] == 0:
		return utf16Units(b, binary.BigEndian), true
	case b[1] == 0:
		return utf16Units(b, binary.LittleEndian), true
	}
	return nil, false
}

func utf16Units(b []byte, order binary.ByteOrder) []uint16 {
	var units []uint16
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	if len(b) > 0 {
		units = append(units, utf8.RuneError)
	}
	return units
}

func utf32(b []byte, order binary.ByteOrder) []uint16 {
	var units []uint16
	for ; len(b) >= 4; b = b[4:] {
		units = utf16.AppendRune(units, rune(order.Uint32(b)))
	}
	return units
}

// lenientUTF8 decodes as Jackson's UTF8Reader does: by the lengths that the
// lead bytes tell, without a look at the value.
func lenientUTF8(b []byte) ([]uint16, bool) {
	units := make([]uint16, 0, len(b))
	for i := 0; i < len(b); {
		c := int(b[i])
		more := 0
		switch {
		case c < 0x80:
		case c&0xE0 == 0xC0:
			c, more = c&0x1F, 1
		case c&0xF0 == 0xE0:
			c, more = c&0x0F, 2
		case c&0xF8 == 0xF0:
			c, more = c&0x07, 3
		default:
			return nil, false
		}
		if i++; i+more > len(b) {
			return nil, false
		}
		for _, next := range b[i : i+more] {
			if next&0xC0 != 0x80 {
				return nil, false
			}
			c = c<<6 | int(next&0x3F)
		}
		i += more
		if more < 3 {
			units = append(units, uint16(c))
			continue
		}
		c -= 0x10000
		units = append(units, uint16(0xD800+c>>10), uint16(0xDC00|c&0x3FF))
	}
	return units, true
}
