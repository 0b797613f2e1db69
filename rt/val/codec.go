package val

import (
	"encoding/binary"
	"errors"
	"math"
)

// The state form of values: what generated code appends rows and keys to
// checkpoints with. Integers are varints, texts have their length before them.

var errShort = errors.New("state: value is cut off")

// EncodeInt encodes an integer.
func EncodeInt(dst []byte, v int64) []byte { return binary.AppendVarint(dst, v) }

// DecodeInt decodes an integer and returns the rest of src.
func DecodeInt[T ~int8 | ~int16 | ~int32 | ~int64](src []byte, v *T) ([]byte, error) {
	x, n := binary.Varint(src)
	if n <= 0 {
		return nil, errShort
	}
	*v = T(x)
	return src[n:], nil
}

// EncodeNulls encodes a row's null bits.
func EncodeNulls(dst []byte, v uint64) []byte { return binary.AppendUvarint(dst, v) }

// DecodeNulls decodes a row's null bits.
func DecodeNulls(src []byte, v *uint64) ([]byte, error) {
	x, n := binary.Uvarint(src)
	if n <= 0 {
		return nil, errShort
	}
	*v = x
	return src[n:], nil
}

// EncodeFloat encodes a FLOAT or DOUBLE.
func EncodeFloat(dst []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
}

// DecodeFloat decodes a FLOAT or DOUBLE.
func DecodeFloat[T ~float32 | ~float64](src []byte, v *T) ([]byte, error) {
	if len(src) < 8 {
		return nil, errShort
	}
	*v = T(math.Float64frombits(binary.LittleEndian.Uint64(src)))
	return src[8:], nil
}

// EncodeDecimal encodes a DECIMAL.
func EncodeDecimal(dst []byte, v Decimal) []byte {
	return binary.LittleEndian.AppendUint64(binary.AppendVarint(dst, v.Hi), v.Lo)
}

// DecodeDecimal decodes a DECIMAL.
func DecodeDecimal(src []byte, v *Decimal) ([]byte, error) {
	src, err := DecodeInt(src, &v.Hi)
	if err != nil || len(src) < 8 {
		return nil, errShort
	}
	v.Lo = binary.LittleEndian.Uint64(src)
	return src[8:], nil
}

// EncodeBool encodes a BOOLEAN.
func EncodeBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// DecodeBool decodes a BOOLEAN.
func DecodeBool(src []byte, v *bool) ([]byte, error) {
	if len(src) == 0 {
		return nil, errShort
	}
	*v = src[0] == 1
	return src[1:], nil
}

// EncodeText encodes a text.
func EncodeText(dst []byte, v string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(v))), v...)
}

// EncodeTimestamp encodes a TIMESTAMP or TIMESTAMP_LTZ.
func EncodeTimestamp(dst []byte, v Timestamp) []byte {
	return binary.AppendVarint(binary.AppendVarint(dst, v.Milli), int64(v.Nano))
}

// DecodeTimestamp decodes a TIMESTAMP or TIMESTAMP_LTZ.
func DecodeTimestamp(src []byte, v *Timestamp) ([]byte, error) {
	src, err := DecodeInt(src, &v.Milli)
	if err != nil {
		return nil, err
	}
	return DecodeInt(src, &v.Nano)
}

// DecodeText decodes a text into memory of its own.
func DecodeText[T ~string](src []byte, v *T) ([]byte, error) {
	n, w := binary.Uvarint(src)
	if w <= 0 || uint64(len(src)-w) < n {
		return nil, errShort
	}
	*v = T(src[w : w+int(n)])
	return src[w+int(n):], nil
}

// The stable hash of keys: multiply and fold over 64-bit words, so that equal
// keys meet in the same key group in every run.

// HashSeed is the hash of nothing.
const HashSeed uint64 = 0xcbf29ce484222325

const hashPrime uint64 = 0x9E3779B97F4A7C15

// HashInt mixes an integer into h.
func HashInt(h, v uint64) uint64 {
	h = (h ^ v) * hashPrime
	return h ^ h>>32
}

// HashBool mixes a BOOLEAN into h.
func HashBool(h uint64, v bool) uint64 {
	if v {
		return HashInt(h, 1)
	}
	return h
}

// HashTimestamp mixes a TIMESTAMP or TIMESTAMP_LTZ into h.
func HashTimestamp(h uint64, v Timestamp) uint64 {
	return HashInt(HashInt(h, uint64(v.Milli)), uint64(v.Nano))
}

// HashText mixes a text into h.
func HashText(h uint64, s string) uint64 {
	for len(s) >= 8 {
		h = HashInt(h, uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|
			uint64(s[4])<<32|uint64(s[5])<<40|uint64(s[6])<<48|uint64(s[7])<<56)
		s = s[8:]
	}
	var tail uint64
	for i := 0; i < len(s); i++ {
		tail |= uint64(s[i]) << (8 * i)
	}
	return HashInt(h, tail^uint64(len(s))<<56)
}

// HashFloat mixes a FLOAT or DOUBLE into h. All NaNs are alike, and so are the two
// zeros, which are equal in joins and apart in groups.
func HashFloat(h uint64, v float64) uint64 {
	if v == 0 {
		v = 0
	}
	return HashInt(h, uint64(KeyOfFloat(v)))
}

// HashDecimal mixes a DECIMAL into h.
func HashDecimal(h uint64, v Decimal) uint64 { return HashInt(HashInt(h, v.Lo), uint64(v.Hi)) }
