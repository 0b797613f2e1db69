package pyeval

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
	"pyfc/rt/jmath"
)

// intBinary is an operator on two ints.
func (t *Thread) intBinary(op string, x, y Int) (Value, error) {
	if x.big == nil && y.big == nil {
		if v, ok := smallBinary(op, x.n, y.n); ok {
			return NewInt(v), nil
		}
	}
	switch op {
	case "+":
		return NewBig(new(big.Int).Add(x.Big(), y.Big())), nil
	case "-":
		return NewBig(new(big.Int).Sub(x.Big(), y.Big())), nil
	case "*":
		return NewBig(new(big.Int).Mul(x.Big(), y.Big())), t.alloc((x.Big().BitLen() + y.Big().BitLen()) / 8)
	case "/":
		return intDiv(x, y)
	case "//", "%":
		return floorDiv(op, x, y)
	case "**":
		return t.intPow(x, y)
	case "<<", ">>":
		return t.shift(op, x, y)
	case "&":
		return NewBig(new(big.Int).And(x.Big(), y.Big())), nil
	case "|":
		return NewBig(new(big.Int).Or(x.Big(), y.Big())), nil
	case "^":
		return NewBig(new(big.Int).Xor(x.Big(), y.Big())), nil
	}
	return nil, nil
}

// smallBinary handles what fits int64 without overflow.
func smallBinary(op string, x, y int64) (int64, bool) {
	switch op {
	case "+":
		s := x + y
		return s, (s > x) == (y > 0)
	case "-":
		d := x - y
		return d, (d < x) == (y > 0)
	case "*":
		hi, lo := bits.Mul64(abs(x), abs(y))
		return x * y, hi == 0 && lo < 1<<63
	case "&":
		return x & y, true
	case "|":
		return x | y, true
	case "^":
		return x ^ y, true
	}
	return 0, false
}

func abs(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func zeroDivision(what string) error { return Errorf(ZeroDivisionError, "%s", what) }

// intDiv is true division, rounded once as CPython does.
func intDiv(x, y Int) (Value, error) {
	if y.Sign() == 0 {
		return nil, zeroDivision("division by zero")
	}
	if x.big == nil && y.big == nil && abs(x.n) < 1<<53 && abs(y.n) < 1<<53 {
		return Float(float64(x.n) / float64(y.n)), nil
	}
	f, _ := new(big.Rat).SetFrac(x.Big(), y.Big()).Float64()
	if math.IsInf(f, 0) {
		return nil, Errorf(OverflowError, "integer division result too large for a float")
	}
	return Float(f), nil
}

// floorDiv rounds towards negative infinity; the remainder has the divisor's
// sign.
func floorDiv(op string, x, y Int) (Value, error) {
	if y.Sign() == 0 {
		if op == "%" {
			return nil, zeroDivision("integer modulo by zero")
		}
		return nil, zeroDivision("integer division or modulo by zero")
	}
	q, r := new(big.Int).QuoRem(x.Big(), y.Big(), new(big.Int))
	if r.Sign() != 0 && r.Sign() != y.Sign() {
		q.Sub(q, big.NewInt(1))
		r.Add(r, y.Big())
	}
	if op == "%" {
		return NewBig(r), nil
	}
	return NewBig(q), nil
}

func (t *Thread) intPow(x, y Int) (Value, error) {
	if y.Sign() < 0 {
		f, ok := x.float()
		g, ok2 := y.float()
		if !ok || !ok2 {
			return nil, Errorf(OverflowError, "int too large to convert to float")
		}
		return floatBinary("**", f, g)
	}
	if bitLen := x.Big().BitLen(); bitLen > 1 {
		n, fits := y.Int64()
		if !fits {
			n = math.MaxInt64
		}
		if err := t.allocTimes(bitLen/8+1, n); err != nil {
			return nil, err
		}
	}
	if x.big == nil && (x.n == 0 || x.n == 1 || x.n == -1) {
		y = NewInt(int64(y.Big().Bit(0)) + 2*int64(y.Sign())) // same parity, and 0 stays 0
	}
	return NewBig(new(big.Int).Exp(x.Big(), y.Big(), nil)), nil
}

func (t *Thread) shift(op string, x, y Int) (Value, error) {
	if y.Sign() < 0 {
		return nil, Errorf(ValueError, "negative shift count")
	}
	n, fits := y.Int64()
	if op == ">>" {
		if !fits || n > 1<<31 {
			n = 1 << 31
		}
		return NewBig(new(big.Int).Rsh(x.Big(), uint(n))), nil
	}
	if x.Sign() == 0 {
		return x, nil
	}
	if !fits {
		n = math.MaxInt64
	}
	if err := t.allocTimes(1, n/8); err != nil {
		return nil, err
	}
	return NewBig(new(big.Int).Lsh(x.Big(), uint(n))), nil
}

func intUnary(op string, i Int) Value {
	switch op {
	case "-":
		return NewBig(new(big.Int).Neg(i.Big()))
	case "~":
		return NewBig(new(big.Int).Not(i.Big()))
	}
	return i
}

// floatBinary is an operator on two floats; nil and nil mean that floats don't
// have it.
func floatBinary(op string, f, g float64) (Value, error) {
	switch op {
	case "+":
		return Float(f + g), nil
	case "-":
		return Float(f - g), nil
	case "*":
		return Float(f * g), nil
	case "/":
		if g == 0 {
			return nil, zeroDivision("float division by zero")
		}
		return Float(f / g), nil
	case "//", "%":
		if g == 0 {
			if op == "%" {
				return nil, zeroDivision("float modulo")
			}
			return nil, zeroDivision("float floor division by zero")
		}
		q, r := floatDivmod(f, g)
		if op == "%" {
			return Float(r), nil
		}
		return Float(q), nil
	case "**":
		return floatPow(f, g)
	}
	return nil, nil
}

// floatDivmod follows CPython's float_divmod, also in the signs of zeros.
func floatDivmod(f, g float64) (div, mod float64) {
	mod = math.Mod(f, g)
	div = (f - mod) / g
	if mod != 0 {
		if (g < 0) != (mod < 0) {
			mod += g
			div--
		}
	} else {
		mod = math.Copysign(0, g)
	}
	if div == 0 {
		return math.Copysign(0, f/g), mod
	}
	floor := math.Floor(div)
	if div-floor > 0.5 {
		floor++
	}
	return floor, mod
}

// Pow is x**y to the last digit, as C's library has it nearly always; Go's package
// math often differs there.
func Pow(x, y float64) float64 {
	if x == 1 || math.IsNaN(x) || math.IsInf(x, 0) || math.IsNaN(y) || math.IsInf(y, 0) {
		return math.Pow(x, y) // Java, unlike C, has 1**NaN as NaN
	}
	return jmath.Pow(x, y)
}

func floatPow(f, g float64) (Value, error) {
	switch {
	case f == 0 && g < 0:
		return nil, zeroDivision("0.0 cannot be raised to a negative power")
	case f < 0 && !math.IsInf(f, 0) && g != math.Trunc(g):
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "a power of a negative number that is complex")
	}
	r := Pow(f, g)
	if math.IsInf(r, 0) && !math.IsInf(f, 0) && !math.IsInf(g, 0) {
		return nil, Errorf(OverflowError, "(34, 'Numerical result out of range')")
	}
	return Float(r), nil
}

// parseInt reads an int literal as int(text, base) does; base 0 follows the
// prefix.
func parseInt(s string, base int) (Int, bool) {
	s = asciiDigits(strings.TrimSpace(s))
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg, s = s[0] == '-', s[1:]
	}
	if len(s) > 2 && s[0] == '0' {
		prefixed := map[byte]int{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
		if prefixed != 0 && (base == 0 || base == prefixed) {
			base, s = prefixed, strings.TrimPrefix(s[2:], "_")
		}
	}
	if base == 0 {
		if strings.Trim(s, "0_") != "" && strings.HasPrefix(s, "0") {
			return Int{}, false
		}
		base = 10
	}
	if s == "" || s[0] == '_' || s[len(s)-1] == '_' || strings.Contains(s, "__") || strings.ContainsAny(s, "+-") {
		return Int{}, false
	}
	b, ok := new(big.Int).SetString(strings.ReplaceAll(s, "_", ""), base)
	if !ok {
		return Int{}, false
	}
	if neg {
		b.Neg(b)
	}
	return NewBig(b), true
}

// asciiDigits replaces the decimal digits of other scripts.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
			return r
		}
		zero := r
		for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 { // digits stand in blocks of ten
			zero--
		}
		return '0' + r - zero
	}, s)
}

// parseFloat reads a float as float(text) does.
func parseFloat(s string) (float64, bool) {
	s = asciiDigits(strings.TrimSpace(s))
	if strings.ContainsAny(s, "xXpP") {
		return 0, false
	}
	isDigit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	for i := range len(s) {
		if s[i] == '_' && !(isDigit(i-1) && isDigit(i+1)) {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// constValue makes the value of a literal.
func constValue(c *pyast.Constant) (Value, error) {
	switch c.Kind {
	case pyast.ConstNone:
		return None, nil
	case pyast.ConstTrue:
		return True, nil
	case pyast.ConstFalse:
		return False, nil
	case pyast.ConstEllipsis:
		return Ellipsis, nil
	case pyast.ConstInt:
		if i, ok := parseInt(c.Text, 10); ok {
			return i, nil
		}
	case pyast.ConstFloat:
		if f, ok := parseFloat(c.Text); ok {
			return Float(f), nil
		}
	case pyast.ConstStr:
		return constStr(c), nil
	case pyast.ConstBytes:
		return Bytes(c.Text), nil
	}
	return nil, diag.New(diag.PyUnsupported, c.Span.Pos(), "the literal %s", c.Text)
}

// roundInt is round(i, -n): to a multiple of 10**n, half to even.
func roundInt(i Int, n int64) Int {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil)
	q, r := new(big.Int).DivMod(i.Big(), unit, new(big.Int))
	switch twice := new(big.Int).Lsh(r, 1).Cmp(unit); {
	case twice > 0, twice == 0 && q.Bit(0) == 1:
		q.Add(q, big.NewInt(1))
	}
	return NewBig(q.Mul(q, unit))
}

// floatToInt is int(f) of a float without a fraction.
func floatToInt(f float64) (Value, error) {
	switch {
	case math.IsNaN(f):
		return nil, Errorf(ValueError, "cannot convert float NaN to integer")
	case math.IsInf(f, 0):
		return nil, Errorf(OverflowError, "cannot convert float infinity to integer")
	}
	b, _ := big.NewFloat(f).Int(nil)
	return NewBig(b), nil
}
