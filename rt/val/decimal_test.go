package val

import (
	"bytes"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
)

// The arithmetic is compared with math/big, done as Java's BigDecimal does it.

var (
	bigTen = big.NewInt(10)
	bigMax = bigPow(MaxPrecision)
)

func bigPow(n int) *big.Int { return new(big.Int).Exp(bigTen, big.NewInt(int64(n)), nil) }

// roundHalfUp is num/den as an integer, halves away from zero.
func roundHalfUp(num, den *big.Int) *big.Int {
	neg := num.Sign()*den.Sign() < 0
	n := new(big.Int).Abs(num)
	d := new(big.Int).Abs(den)
	n.Add(n.Lsh(n, 1), d)
	n.Quo(n, d.Lsh(d, 1))
	if neg {
		n.Neg(n)
	}
	return n
}

// fraction is an exact value num/den with den > 0.
type fraction struct{ num, den *big.Int }

func fractionOf(d Decimal, scale int) fraction { return fraction{d.Big(), bigPow(scale)} }

func (f fraction) to(s Shape) (Decimal, bool) {
	v := roundHalfUp(new(big.Int).Mul(f.num, bigPow(s.Scale)), f.den)
	if v.CmpAbs(bigPow(s.Precision)) >= 0 {
		return Decimal{}, false
	}
	return DecimalOfBig(v)
}

// to38 rounds to 38 significant digits.
func (f fraction) to38() fraction {
	if f.num.Sign() == 0 {
		return f
	}
	shift := 2*MaxPrecision + 2
	for ; ; shift-- {
		den := f.den
		num := f.num
		if shift >= 0 {
			num = new(big.Int).Mul(num, bigPow(shift))
		} else {
			den = new(big.Int).Mul(den, bigPow(-shift))
		}
		if new(big.Int).Quo(num, den).CmpAbs(bigMax) >= 0 {
			continue
		}
		v := roundHalfUp(num, den)
		if shift >= 0 {
			return fraction{v, bigPow(shift)}
		}
		return fraction{v.Mul(v, bigPow(-shift)), big.NewInt(1)}
	}
}

type operation struct {
	name string
	ours func(a Decimal, as int, b Decimal, bs int, to Shape) (Decimal, bool)
	big  func(a, b fraction) fraction
}

var operations = []operation{
	{"+", AddDecimal, func(a, b fraction) fraction {
		x, y := new(big.Int).Mul(a.num, b.den), new(big.Int).Mul(b.num, a.den)
		return fraction{x.Add(x, y), new(big.Int).Mul(a.den, b.den)}
	}},
	{"-", SubDecimal, func(a, b fraction) fraction {
		x, y := new(big.Int).Mul(a.num, b.den), new(big.Int).Mul(b.num, a.den)
		return fraction{x.Sub(x, y), new(big.Int).Mul(a.den, b.den)}
	}},
	{"*", MulDecimal, func(a, b fraction) fraction {
		return fraction{new(big.Int).Mul(a.num, b.num), new(big.Int).Mul(a.den, b.den)}
	}},
	{"/", DivDecimal, func(a, b fraction) fraction {
		f := fraction{new(big.Int).Mul(a.num, b.den), new(big.Int).Mul(a.den, b.num)}
		if f.den.Sign() < 0 {
			f.num.Neg(f.num)
			f.den.Neg(f.den)
		}
		return f.to38()
	}},
}

// check compares all operations for one pair of values.
func check(t *testing.T, a Decimal, as int, b Decimal, bs int, to Shape) {
	t.Helper()
	fa, fb := fractionOf(a, as), fractionOf(b, bs)
	in := fmt.Sprintf("%s, %s to %v", AppendDecimal(nil, a, as), AppendDecimal(nil, b, bs), to)
	for _, o := range operations {
		if o.name == "/" && b == (Decimal{}) {
			continue
		}
		got, ok := o.ours(a, as, b, bs, to)
		if want, fits := o.big(fa, fb).to(to); got != want || ok != fits {
			t.Errorf("%s: %s: got %v %v, want %v %v", o.name, in, got, ok, want, fits)
		}
	}
	if got, ok := a.Rescale(as, to); true {
		if want, fits := fa.to(to); got != want || ok != fits {
			t.Errorf("rescale %s: got %v %v, want %v %v", in, got, ok, want, fits)
		}
	}
	x, y := new(big.Int).Mul(fa.num, fb.den), new(big.Int).Mul(fb.num, fa.den)
	if got := CmpDecimal(a, as, b, bs); got != x.Cmp(y) {
		t.Errorf("compare %s: got %d", in, got)
	}
	if b != (Decimal{}) {
		checkRem(t, in, a, as, b, bs, to)
	}
	checkForms(t, a, as)
}

func checkRem(t *testing.T, in string, a Decimal, as int, b Decimal, bs int, to Shape) {
	t.Helper()
	scale := bigPow(max(as, bs))
	x := new(big.Int).Mul(a.Big(), new(big.Int).Quo(scale, bigPow(as)))
	y := new(big.Int).Mul(b.Big(), new(big.Int).Quo(scale, bigPow(bs)))
	q, rem := new(big.Int).QuoRem(x, y, new(big.Int))
	for q.CmpAbs(bigMax) >= 0 && new(big.Int).Rem(q, bigTen).Sign() == 0 {
		q.Quo(q, bigTen)
	}
	got, ok, whole := RemDecimal(a, as, b, bs, to)
	if whole != (q.CmpAbs(bigMax) < 0) {
		t.Errorf("%%: %s: possible %v", in, whole)
	}
	if want, fits := (fraction{rem, scale}).to(to); whole && (got != want || ok != fits) {
		t.Errorf("%%: %s: got %v %v, want %v %v", in, got, ok, want, fits)
	}
}

// checkForms takes a value to its other forms and back.
func checkForms(t *testing.T, d Decimal, scale int) {
	t.Helper()
	s := Shape{MaxPrecision, scale}
	for _, text := range [][]byte{AppendDecimal(nil, d, scale), AppendPlainDecimal(nil, d, scale)} {
		if got, ok, err := ParseDecimal(string(text), s); got != d || !ok || err != nil {
			t.Errorf("%s: read back as %v %v %v", text, got, ok, err)
		}
	}
	stripped, less := d.StripZeros(scale)
	text := AppendDecimal(nil, stripped, less)
	if got, ok, err := ParseDecimal(string(text), s); got != d || !ok || err != nil {
		t.Errorf("%s: without zeros %s, read back as %v %v %v", AppendDecimal(nil, d, scale), text, got, ok, err)
	}
	if got, ok := DecimalOfBig(d.Big()); got != d || !ok {
		t.Errorf("%v: through big %v", d, got)
	}
	var back Decimal
	if rest, err := DecodeDecimal(append(EncodeDecimal(nil, d), 1), &back); err != nil || len(rest) != 1 || back != d {
		t.Errorf("%v: state form gives %v %v", d, back, err)
	}
	want := new(big.Int).Quo(d.Big(), bigPow(scale))
	if got := d.Int64(scale); got != int64(want.And(want, new(big.Int).SetUint64(1<<64-1)).Uint64()) {
		t.Errorf("%v: as integer %d", d, got)
	}
}

// someDecimal is a value of a random number of digits, often at an edge.
func someDecimal(r *rand.Rand) (Decimal, int) {
	digits := r.IntN(MaxPrecision + 1)
	v := new(big.Int)
	switch limit := bigPow(digits); r.IntN(8) {
	case 0:
		v.Sub(limit, big.NewInt(1))
	case 1:
		v.Quo(limit, bigTen)
	case 2:
		v.Quo(limit, big.NewInt(2))
	case 3:
		v.Lsh(big.NewInt(1), uint(r.IntN(126)))
	default:
		for range 5 {
			v.Lsh(v, 32).Or(v, big.NewInt(int64(r.Uint32())))
		}
		v.Rem(v, limit)
	}
	if r.IntN(2) == 0 {
		v.Neg(v)
	}
	d, _ := DecimalOfBig(v)
	return d, r.IntN(MaxPrecision + 1)
}

func someShape(r *rand.Rand) Shape {
	p := 1 + r.IntN(MaxPrecision)
	if r.IntN(2) == 0 {
		p = MaxPrecision
	}
	return Shape{p, r.IntN(p + 1)}
}

func TestDecimalArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		a, as := someDecimal(r)
		b, bs := someDecimal(r)
		check(t, a, as, b, bs, someShape(r))
		if t.Failed() {
			return
		}
	}
}

// TestDecimalQuotients looks for quotients near a half, where rounding to 38
// digits first makes a difference.
func TestDecimalQuotients(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	twice := 0
	for range 5000 {
		b := DecimalOf(1 + r.Int64N(1e6))
		scale := r.IntN(8)
		q, _ := someDecimal(r)
		// a is as near to b * (q + 1/2) as its digits allow.
		v := new(big.Int).Mul(b.Big(), new(big.Int).Add(new(big.Int).Lsh(q.Big(), 1), big.NewInt(1)))
		as := 0
		for next := v; next.CmpAbs(bigMax) < 0 && as+scale < MaxPrecision; as++ {
			v, next = next, new(big.Int).Mul(next, bigTen)
		}
		a, ok := DecimalOfBig(v.Quo(v, big.NewInt(2)))
		if !ok {
			continue
		}
		to := Shape{MaxPrecision, scale}
		check(t, a, as+scale, b, 0, to)
		once, _ := fraction{a.Big(), new(big.Int).Mul(bigPow(as+scale), b.Big())}.to(to)
		if got, _ := DivDecimal(a, as+scale, b, 0, to); got != once {
			twice++
		}
	}
	if twice == 0 {
		t.Error("no quotient is rounded twice")
	}
}

func FuzzDecimal(f *testing.F) {
	f.Add(int64(1), uint64(2), 3, int64(-1), uint64(5), 0, 38, 6)
	f.Fuzz(func(t *testing.T, ah int64, al uint64, as int, bh int64, bl uint64, bs, p, s int) {
		a, aok := DecimalOfBig(Decimal{ah, al}.Big())
		b, bok := DecimalOfBig(Decimal{bh, bl}.Big())
		inRange := func(n, high int) bool { return n >= 0 && n <= high }
		if !aok || !bok || p < 1 || !inRange(p, MaxPrecision) || !inRange(s, p) || !inRange(as, MaxPrecision) || !inRange(bs, MaxPrecision) {
			t.Skip()
		}
		check(t, a, as, b, bs, Shape{p, s})
	})
}

// FuzzParseDecimal reads any text without a fault, and what it takes as
// math/big does.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"1.5", "-.5e3", "+0012.e-1", "1e", "٣.١٤", "1e2147483648", ""} {
		f.Add(s, 38, 10)
	}
	f.Fuzz(func(t *testing.T, s string, p, scale int) {
		if p < 1 || p > MaxPrecision || scale < 0 || scale > p {
			t.Skip()
		}
		got, fits, err := ParseDecimal(s, Shape{p, scale})
		_, exp, expErr := splitExponent(s)
		if err != nil || expErr != nil || exp > 200 || exp < -200 {
			return
		}
		ascii := []rune(s)
		for i, r := range ascii {
			if v, ok := Digit(r); ok {
				ascii[i] = rune('0' + v)
			}
		}
		r, ok := new(big.Rat).SetString(string(ascii))
		if !ok {
			t.Fatalf("%q isn't a number", s)
		}
		if want, ok := (fraction{r.Num(), r.Denom()}).to(Shape{p, scale}); got != want || fits != ok {
			t.Errorf("%q: got %v %v, want %v %v", s, got, fits, want, ok)
		}
	})
}

// The texts are those of Java's BigDecimal.toString.
func TestDecimalText(t *testing.T) {
	for _, c := range []struct {
		digits int64
		scale  int
		want   string
		plain  string
	}{
		{0, 0, "0", "0"}, {0, 2, "0.00", "0.00"}, {0, 6, "0.000000", "0.000000"}, {0, 7, "0E-7", "0.0000000"}, {0, 18, "0E-18", "0.000000000000000000"},
		{1, 6, "0.000001", "0.000001"}, {-1, 7, "-1E-7", "-0.0000001"}, {123, 9, "1.23E-7", "0.000000123"}, {12345, 2, "123.45", "123.45"},
		{-5, 1, "-0.5", "-0.5"}, {100, 3, "0.100", "0.100"},
	} {
		d := DecimalOf(c.digits)
		if got := string(AppendDecimal(nil, d, c.scale)); got != c.want {
			t.Errorf("%d scale %d: %s, want %s", c.digits, c.scale, got, c.want)
		}
		if got := string(AppendPlainDecimal(nil, d, c.scale)); got != c.plain {
			t.Errorf("%d scale %d: %s, want %s", c.digits, c.scale, got, c.plain)
		}
	}
	for want, scale := range map[string]int{"1E+2": -2, "1.5E+3": -2, "2E+38": -38} {
		d, _, err := ParseDecimal(want, Shape{MaxPrecision, 0})
		if scale == -38 {
			d, scale = DecimalOf(2), -38
		} else {
			d, scale = d.StripZeros(0)
		}
		if got := AppendDecimal(nil, d, scale); err != nil || string(got) != want {
			t.Errorf("got %s %v, want %s", got, err, want)
		}
	}
}

func TestDecimalFloat(t *testing.T) {
	for _, c := range []struct {
		text  string
		shape Shape
		want  float64
	}{
		{"0.1", Shape{5, 1}, 0.1}, {"-12.5", Shape{38, 10}, -12.5}, {"99999999999999999999.9999999999", Shape{30, 10}, 1e20},
		{"9007199254.7409933", Shape{18, 7}, 9007199254740993.0 * 10 / 1e7}, {"0", Shape{38, 38}, 0},
	} {
		d, ok, err := ParseDecimal(c.text, c.shape)
		if got := d.Float64(c.shape); !ok || err != nil || got != c.want {
			t.Errorf("%s: %v, want %v", c.text, got, c.want)
		}
	}
}

func TestDecimalStateIsCutOff(t *testing.T) {
	full := EncodeDecimal(nil, Decimal{-1, 12345})
	for n := range full {
		var d Decimal
		if _, err := DecodeDecimal(full[:n], &d); err == nil {
			t.Errorf("%d bytes are taken", n)
		}
	}
}

func TestDecimalAllocatesNothing(t *testing.T) {
	buf := make([]byte, 0, 64)
	a, b := Decimal{54210108624275221, 1 << 63}, DecimalOf(-7777777)
	text := []byte("-123456789012345678901234567890.12345")
	n := testing.AllocsPerRun(100, func() {
		c, _ := AddDecimal(a, 10, b, 2, Shape{38, 6})
		d, _ := DivDecimal(c, 6, b, 2, Shape{38, 6})
		e, _ := MulDecimal(d, 6, b, 2, Shape{38, 6})
		g, _, _ := ParseDecimal(View(text), Shape{38, 5})
		_ = e.Float64(Shape{38, 6})
		buf = AppendDecimal(buf[:0], g, 5)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
	if !bytes.Equal(buf, text) {
		t.Errorf("%s", buf)
	}
}

func BenchmarkDecimal(b *testing.B) {
	x, y := DecimalOf(123456789012), DecimalOf(98765)
	big := Decimal{54210108624275221, 1 << 63}
	b.Run("add", func(b *testing.B) {
		for range b.N {
			AddDecimal(x, 2, y, 2, Shape{20, 2})
		}
	})
	b.Run("mul", func(b *testing.B) {
		for range b.N {
			MulDecimal(x, 2, y, 2, Shape{38, 4})
		}
	})
	b.Run("div", func(b *testing.B) {
		for range b.N {
			DivDecimal(x, 1, y, 0, Shape{38, 17})
		}
	})
	b.Run("div-wide", func(b *testing.B) {
		for range b.N {
			DivDecimal(big, 6, big.Neg(), 2, Shape{38, 6})
		}
	})
}
