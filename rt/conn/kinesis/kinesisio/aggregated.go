package kinesisio

import (
	"bytes"
	"crypto/md5"

	"google.golang.org/protobuf/encoding/protowire"
)

// Records that were written by Amazon's producer library may hold many: a magic
// number, a message of Protocol Buffers, and the MD5 sum of that message.
var aggregatedMagic = []byte{0xf3, 0x89, 0x9a, 0xc2}

// The fields of that message and of the records in it.
const (
	fieldRecords = 3
	fieldData    = 3
)

// unpack appends the records that a record holds: itself, unless it is one of
// many. They are views of it.
func unpack(dst [][]byte, data []byte) [][]byte {
	if data == nil {
		data = []byte{} // a record always has a value
	}
	body, ok := bytes.CutPrefix(data, aggregatedMagic)
	if !ok || len(body) < md5.Size {
		return append(dst, data)
	}
	message, sum := body[:len(body)-md5.Size], body[len(body)-md5.Size:]
	if got := md5.Sum(message); !bytes.Equal(got[:], sum) {
		return append(dst, data)
	}
	begun := len(dst)
	whole := eachField(message, fieldRecords, func(record []byte) bool {
		found := []byte{}
		ok := eachField(record, fieldData, func(data []byte) bool {
			found = data
			return true
		})
		dst = append(dst, found)
		return ok
	})
	if !whole {
		return append(dst[:begun], data)
	}
	return dst
}

// eachField calls f for each value of bytes that a message has in a field, and
// reports whether the message is whole.
func eachField(message []byte, field protowire.Number, f func([]byte) bool) bool {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return false
		}
		message = message[n:]
		if number == field && kind == protowire.BytesType {
			value, n := protowire.ConsumeBytes(message)
			if n < 0 || !f(value) {
				return false
			}
			message = message[n:]
			continue
		}
		if n = protowire.ConsumeFieldValue(number, kind, message); n < 0 {
			return false
		}
		message = message[n:]
	}
	return true
}
