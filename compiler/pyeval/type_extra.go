package pyeval

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

func init() {
	IntClass.Def("as_integer_ratio(self)", func(c *Call) (Value, error) { return NewTuple(c.Self(), NewInt(1)), nil })
	IntClass.Def("to_bytes(self, length: int=1, byteorder: str='big', *, signed: bool=False)", intToBytes)
	IntClass.ClassMethod("from_bytes(cls, data, byteorder: str='big', *, signed: bool=False)", func(c *Call) (Value, error) {
		v, err := c.Thread.Call(BytesClass, c.Arg("data"))
		if err != nil {
			return nil, err
		}
		b := []byte(v.(Bytes))
		if c.Str("byteorder") == "little" {
			slices.Reverse(b)
		}
		n := new(big.Int).SetBytes(b)
		if c.Bool("signed") && len(b) > 0 && b[0]&0x80 != 0 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
		if c.Arg("cls") == Value(IntClass) {
			return NewBig(n), nil
		}
		return c.Thread.Call(c.Arg("cls"), NewBig(n))
	})
	IntClass.Def("bit_count(self)", func(c *Call) (Value, error) {
		i, _ := asInt(c.Self())
		n := 0
		for _, w := range i.Big().Bits() {
			n += bits.OnesCount(uint(w))
		}
		return NewInt(int64(n)), nil
	})
	FloatClass.ClassMethod("fromhex(cls, text: str, /)", func(c *Call) (Value, error) {
		s := strings.ToLower(strings.TrimSpace(c.Str("text")))
		body := strings.TrimLeft(s, "+-")
		if !strings.HasPrefix(body, "0x") && body != "inf" && body != "nan" && body != "infinity" {
			s = strings.TrimSuffix(s, body) + "0x" + body
		}
		if !strings.Contains(s, "p") && strings.Contains(s, "0x") {
			s += "p0"
		}
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, Errorf(ValueError, "invalid hexadecimal floating-point string")
		}
		if c.Arg("cls") == Value(FloatClass) {
			return Float(f), nil
		}
		return c.Thread.Call(c.Arg("cls"), Float(f))
	})
	for i, name := range []string{"start", "stop", "step"} {
		sliceClass.Getter(name, func(c *Call) (Value, error) {
			s := c.Self().(*Slice)
			return [...]Value{s.start, s.stop, s.step}[i], nil
		})
	}
	sliceClass.Def("indices(self, length: int, /)", func(c *Call) (Value, error) {
		if c.Int("length") < 0 {
			return nil, Errorf(ValueError, "length should not be negative")
		}
		s := c.Self().(*Slice)
		n := int(c.Int("length"))
		start, step, count, err := c.Thread.bounds(s, n)
		if err != nil {
			return nil, err
		}
		stop := start + count*step
		if s.stop == None {
			stop = n
			if step < 0 {
				stop = -1
			}
		} else if i, ok := asInt(s.stop); ok {
			k, _ := i.Int64()
			if k < 0 {
				k += int64(n)
			}
			low, high := int64(0), int64(n)
			if step < 0 {
				low, high = -1, int64(n-1)
			}
			stop = int(min(max(k, low), high))
		}
		return NewTuple(NewInt(int64(start)), NewInt(int64(stop)), NewInt(int64(step))), nil
	})
}

// intToBytes is two's complement if it is signed.
func intToBytes(c *Call) (Value, error) {
	i, _ := asInt(c.Self())
	n := int(min(max(c.Int("length"), 0), 1<<20))
	limit := new(big.Int).Lsh(big.NewInt(1), uint(8*n))
	v := i.Big()
	if c.Bool("signed") {
		half := new(big.Int).Rsh(limit, 1)
		if v.Cmp(half) >= 0 || v.Cmp(new(big.Int).Neg(half)) < 0 {
			return nil, Errorf(OverflowError, "int too big to convert")
		}
		if v.Sign() < 0 {
			v = new(big.Int).Add(v, limit)
		}
	}
	switch {
	case v.Sign() < 0:
		return nil, Errorf(OverflowError, "can't convert negative int to unsigned")
	case v.Cmp(limit) >= 0:
		return nil, Errorf(OverflowError, "int too big to convert")
	}
	b := v.FillBytes(make([]byte, n))
	switch c.Str("byteorder") {
	case "little":
		slices.Reverse(b)
	case "big":
	default:
		return nil, Errorf(ValueError, "byteorder must be either 'little' or 'big'")
	}
	return Bytes(b), nil
}

// floatHex writes a float with all digits of its mantissa, as C's %a does.
func floatHex(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	sign := ""
	if math.Signbit(f) {
		sign = "-"
	}
	bits := math.Float64bits(f)
	mantissa, exp := bits&(1<<52-1), int(bits>>52&0x7ff)
	switch {
	case exp == 0 && mantissa == 0:
		return sign + "0x0.0p+0"
	case exp == 0:
		return fmt.Sprintf("%s0x0.%013xp-1022", sign, mantissa)
	}
	return fmt.Sprintf("%s0x1.%013xp%+d", sign, mantissa, exp-1023)
}
