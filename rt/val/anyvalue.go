package val

// Values of a Go type that a type parameter names: for containers of which
// there is one per type of value.

// KeepAny is v with memory of its own.
func KeepAny[T any](v T) T {
	switch x := any(v).(type) {
	case string:
		return any(Keep(x)).(T)
	case Bytes:
		return any(Keep(x)).(T)
	}
	return v
}

// EncodeAny encodes a value that Go orders.
func EncodeAny[T any](dst []byte, v T) []byte {
	switch x := any(v).(type) {
	case int8:
		return EncodeInt(dst, int64(x))
	case int16:
		return EncodeInt(dst, int64(x))
	case int32:
		return EncodeInt(dst, int64(x))
	case int64:
		return EncodeInt(dst, x)
	case Date:
		return EncodeInt(dst, int64(x))
	case Time:
		return EncodeInt(dst, int64(x))
	case Months:
		return EncodeInt(dst, int64(x))
	case Millis:
		return EncodeInt(dst, int64(x))
	case float32:
		return EncodeFloat(dst, float64(x))
	case float64:
		return EncodeFloat(dst, x)
	case string:
		return EncodeText(dst, x)
	case Bytes:
		return EncodeText(dst, string(x))
	}
	panic("val: no state form for this type")
}

// DecodeAny decodes what EncodeAny has encoded.
func DecodeAny[T any](src []byte, v *T) ([]byte, error) {
	switch p := any(v).(type) {
	case *int8:
		return DecodeInt(src, p)
	case *int16:
		return DecodeInt(src, p)
	case *int32:
		return DecodeInt(src, p)
	case *int64:
		return DecodeInt(src, p)
	case *Date:
		return DecodeInt(src, p)
	case *Time:
		return DecodeInt(src, p)
	case *Months:
		return DecodeInt(src, p)
	case *Millis:
		return DecodeInt(src, p)
	case *float32:
		return DecodeFloat(src, p)
	case *float64:
		return DecodeFloat(src, p)
	case *string:
		return DecodeText(src, p)
	case *Bytes:
		return DecodeText(src, p)
	}
	panic("val: no state form for this type")
}
