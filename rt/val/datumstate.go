package val

import "encoding/binary"

// EncodeDatum encodes a value of any type; the type isn't part of it.
func EncodeDatum(dst []byte, d Datum) []byte {
	if d.Null {
		return append(dst, 1)
	}
	dst = binary.AppendVarint(append(dst, 0), d.word)
	return EncodeText(binary.AppendVarint(dst, d.high), d.text)
}

// DecodeDatum decodes a value into memory of its own.
func DecodeDatum(src []byte, d *Datum) ([]byte, error) {
	*d = Datum{}
	src, err := DecodeBool(src, &d.Null)
	if err != nil || d.Null {
		return src, err
	}
	if src, err = DecodeInt(src, &d.word); err == nil {
		src, err = DecodeInt(src, &d.high)
	}
	if err == nil {
		src, err = DecodeText(src, &d.text)
	}
	return src, err
}

// DecodeCount decodes the length of a list whose elements take a byte each at
// least.
func DecodeCount(src []byte, n *int) ([]byte, error) {
	var v int64
	src, err := DecodeInt(src, &v)
	if err != nil || v < 0 || v > int64(len(src)) {
		return nil, errShort
	}
	*n = int(v)
	return src, nil
}
