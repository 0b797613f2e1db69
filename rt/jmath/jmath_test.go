package jmath

import (
	"bufio"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"
)

// TestJDK compares with values of java.lang.Math, JDK 17 on x86-64: function,
// arguments and result, as the bits of doubles. The fdlibm functions must agree
// to the bit, the others but for one value in a hundred, by one unit in the
// last place.
func TestJDK(t *testing.T) {
	file, err := os.Open("testdata/jdk17.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	one := func(f func(float64) float64) func(x, y float64) float64 {
		return func(x, _ float64) float64 { return f(x) }
	}
	functions := map[string]struct {
		f     func(x, y float64) float64
		exact bool
	}{
		"sin": {one(Sin), false}, "cos": {one(Cos), false}, "tan": {one(Tan), false}, "exp": {one(Exp), false},
		"log": {one(Log), false}, "log10": {one(Log10), false}, "pow": {Pow, false},
		"sinh": {one(Sinh), true}, "cosh": {one(Cosh), true}, "tanh": {one(Tanh), true},
		"asin": {one(Asin), true}, "acos": {one(Acos), true}, "atan": {one(Atan), true}, "atan2": {Atan2, true},
	}
	values, off := map[string]int{}, map[string]int{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var name string
		var x, y, want uint64
		if _, err := fmt.Sscanf(lines.Text(), "%s %x %x %x", &name, &x, &y, &want); err != nil {
			t.Fatal(err)
		}
		f := functions[name]
		got := math.Float64bits(f.f(math.Float64frombits(x), math.Float64frombits(y)))
		values[name]++
		if got == want || math.IsNaN(math.Float64frombits(got)) && math.IsNaN(math.Float64frombits(want)) {
			continue
		}
		off[name]++
		if f.exact || got-want+1 > 2 {
			t.Errorf("%s(%g, %g) = %x, Java has %x", name, math.Float64frombits(x), math.Float64frombits(y), got, want)
		}
	}
	for name := range functions {
		if values[name] == 0 || off[name]*100 > values[name] {
			t.Errorf("%s: %d of %d values are off", name, off[name], values[name])
		}
	}
}

func TestSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"sin(Infinity)", Sin(inf), nan}, {"sin(-0)", Sin(math.Copysign(0, -1)), math.Copysign(0, -1)},
		{"cos(NaN)", Cos(nan), nan}, {"sin(1e22)", Sin(1e22), -0.8522008497671888}, {"cos(1e300)", Cos(1e300), -0.5753861119575491},
		{"exp(-Infinity)", Exp(-inf), 0}, {"exp(710)", Exp(710), inf}, {"exp(-745)", Exp(-745), 4.9e-324},
		{"exp(-740)", Exp(-740), 4.2e-322}, {"log(0)", Log(0), -inf}, {"log(-1)", Log(-1), nan}, {"log10(1000)", Log10(1000), 3},
		{"log10(4.9e-324)", Log10(4.9e-324), -323.3062153431158}, {"pow(2, 0.5)", Pow(2, 0.5), 1.4142135623730951}, {"pow(-2, 3)", Pow(-2, 3), -8}, {"pow(-2, 0.5)", Pow(-2, 0.5), nan},
		{"pow(1, NaN)", Pow(1, nan), nan}, {"pow(1, Infinity)", Pow(1, inf), nan}, {"pow(0, -1)", Pow(0, -1), inf}, {"pow(NaN, 0)", Pow(nan, 0), 1},
		{"pow(2, -1074)", Pow(2, -1074), 4.9e-324}, {"pow(10, 308)", Pow(10, 308), 1e308}, {"atan2(0, -1)", Atan2(0, -1), math.Pi},
	} {
		if math.Float64bits(c.got) != math.Float64bits(c.want) && (c.got == c.got || c.want == c.want) {
			t.Errorf("%s = %v, Java has %v", c.name, c.got, c.want)
		}
	}
}

func BenchmarkSin(b *testing.B) {
	for b.Loop() {
		Sin(1.25)
	}
}

func BenchmarkPow(b *testing.B) {
	for b.Loop() {
		Pow(1.25, 3.5)
	}
}

func BenchmarkLog(b *testing.B) {
	for b.Loop() {
		Log(1234567)
	}
}

// TestLogs holds logarithms to those by math/big's arithmetic: e to their power,
// by its series, is the number again to 90 bits.
func TestLogs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		x := math.Ldexp(1+r.Float64(), r.IntN(40)-20)
		if r.IntN(3) == 0 {
			x = 1 + (r.Float64()-0.5)/64
		}
		y := logDD(x)
		power := new(big.Float).SetPrec(200).SetFloat64(y.hi)
		power.Add(power, new(big.Float).SetFloat64(y.lo))
		power.SetMantExp(power, -10)
		sum, term := big.NewFloat(1).SetPrec(200), big.NewFloat(1).SetPrec(200)
		for n := 1; n < 40; n++ {
			term.Mul(term, power).Quo(term, big.NewFloat(float64(n)))
			sum.Add(sum, term)
		}
		for range 10 {
			sum.Mul(sum, sum)
		}
		off, _ := sum.Quo(sum, big.NewFloat(x)).Sub(sum, big.NewFloat(1)).Float64()
		if math.Abs(off) > math.Ldexp(1, -90)*max(1, math.Abs(y.hi)) && math.Abs(off) > math.Ldexp(math.Abs(y.hi), -88) {
			t.Errorf("ln(%v) = %v + %v is off by %g", x, y.hi, y.lo, off)
		}
	}
}

// TestLogNear holds the fast logarithm to its bound, beside the slow one.
func TestLogNear(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	unsure := 0
	const values = 200_000
	for i := range values {
		x := math.Ldexp(1+r.Float64(), r.IntN(2046)-1022)
		switch i % 4 {
		case 0:
			x = 1 + (r.Float64()-0.5)/64
		case 1:
			x = float64(r.IntN(10_000_000) + 1)
		}
		near, exact := logNear(x), logDD(x)
		off := (near.hi - exact.hi) + (near.lo - exact.lo)
		if math.Abs(off) > nearError*math.Abs(exact.hi) {
			t.Fatalf("ln(%v) is off by %g of itself", x, off/exact.hi)
		}
		if y, sure := near.rounded(nearError); !sure {
			unsure++
		} else if y != exact.hi+exact.lo {
			t.Fatalf("ln(%v) = %v, should be %v", x, y, exact.hi+exact.lo)
		}
	}
	if unsure*1000 > values {
		t.Errorf("%d of %d logarithms took the slow way", unsure, values)
	}
}
