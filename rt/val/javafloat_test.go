package val

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand"
	"os"
	"os/exec"
	"strings"
	"testing"

	"pyfc/golden/services"
)

func TestAppendDouble(t *testing.T) {
	for _, c := range []struct {
		f    float64
		want string
	}{
		{0, "0.0"},
		{math.Copysign(0, -1), "-0.0"},
		{math.NaN(), "NaN"},
		{math.Inf(-1), "-Infinity"},
		{1, "1.0"},
		{-1234567.125, "-1234567.125"},
		{9999999, "9999999.0"},
		{1e7, "1.0E7"},
		{123456789, "1.23456789E8"},
		{0.001, "0.001"},
		{0.002, "0.002"},
		{0.01, "0.01"},
		{0.00099, "9.9E-4"},
		{1.0 / 3, "0.3333333333333333"},
		{1e23, "9.999999999999999E22"},
		{2e23, "1.9999999999999998E23"},
		{8.41e21, "8.409999999999999E21"},
		{1 << 60, "1.15292150460684698E18"},
		{1 << 63, "9.223372036854776E18"},
		{math.SmallestNonzeroFloat64, "4.9E-324"},
		{math.MaxFloat64, "1.7976931348623157E308"},
		{0x1p-1022, "2.2250738585072014E-308"},
	} {
		if got := string(AppendDouble(nil, c.f)); got != c.want {
			t.Errorf("%g: got %s, want %s", c.f, got, c.want)
		}
	}
}

func TestAppendFloat(t *testing.T) {
	for _, c := range []struct {
		f    float32
		want string
	}{
		{0.1, "0.1"},
		{1.0 / 3, "0.33333334"},
		{123456789, "1.23456792E8"},
		{math.SmallestNonzeroFloat32, "1.4E-45"},
		{math.MaxFloat32, "3.4028235E38"},
		{1 << 40, "1.09951163E12"},
	} {
		if got := string(AppendFloat(nil, c.f)); got != c.want {
			t.Errorf("%g: got %s, want %s", c.f, got, c.want)
		}
	}
}

// TestJavaFloatText compares with the JDK itself: a few thousand numbers, or a
// million with PYFC_LONG set.
func TestJavaFloatText(t *testing.T) {
	java, err := exec.LookPath("java")
	if err != nil {
		services.Missing(t, "no java on the path")
	}
	n := 20_000
	if os.Getenv("PYFC_LONG") != "" {
		n = 1_000_000
	}
	patterns := floatPatterns(n)
	in := make([]byte, 0, 8*len(patterns))
	for _, p := range patterns {
		in = binary.BigEndian.AppendUint64(in, p)
	}
	cmd := exec.Command(java, "testdata/ToString.java")
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	compared, failed := 0, 0
	for lines.Scan() && failed < 20 {
		p := patterns[compared]
		compared++
		wantDouble, wantFloat, _ := strings.Cut(lines.Text(), " ")
		if got := string(AppendDouble(nil, math.Float64frombits(p))); got != wantDouble {
			t.Errorf("double %#x: got %s, want %s", p, got, wantDouble)
			failed++
		}
		if got := string(AppendFloat(nil, math.Float32frombits(uint32(p)))); got != wantFloat {
			t.Errorf("float %#x: got %s, want %s", uint32(p), got, wantFloat)
			failed++
		}
	}
	if failed == 0 && compared != len(patterns) {
		t.Errorf("compared %d of %d", compared, len(patterns))
	}
}

// floatPatterns returns n bit patterns with weight on what is special: powers
// of two and ten and their neighbours, short decimals, large integers, ratios
// of counts.
func floatPatterns(n int) []uint64 {
	r := rand.New(rand.NewSource(1))
	// The low half is a float of its own, equally special.
	pattern := func(f float64) uint64 {
		return math.Float64bits(f)&^(1<<32-1) | uint64(math.Float32bits(float32(f)))
	}
	var out []uint64
	for len(out) < n {
		step := uint64(r.Intn(5) - 2)
		pow2 := math.Ldexp(1, r.Intn(2098)-1074)
		pow10 := float64(r.Intn(100)) * math.Pow(10, float64(r.Intn(80)-40))
		integer := float64(r.Uint64() >> r.Intn(64))
		tie := halfway(r)
		out = append(out,
			r.Uint64(), math.Float64bits(tie)+step,
			math.Float64bits(pow2)+step, pattern(pow2)+step,
			math.Float64bits(pow10)+step, pattern(pow10)+step,
			math.Float64bits(integer), pattern(integer),
			math.Float64bits(float64(r.Intn(1e6))/float64(1+r.Intn(1000))),
			math.Float64bits(float64(r.Intn(1e6))/1e4),
			pattern(float64(r.Intn(1e6))/float64(1+r.Intn(1000))),
			math.Float64bits(math.Ldexp(float64(r.Int63n(1<<53)), r.Intn(100)-60)))
	}
	return out
}

// halfway returns a double that has a short decimal exactly half a unit away.
func halfway(r *rand.Rand) float64 {
	p := r.Intn(24)
	m := int64(math.Pow(5, float64(p)))
	q := (1<<53+r.Int63n(1<<53))/m | 1 // m·q is odd and has 54 bits
	exp2 := p + r.Intn(max(1, bits.LeadingZeros64(uint64(q))-7))
	return math.Ldexp(float64(m*q), exp2)
}

func BenchmarkAppendDouble(b *testing.B) {
	var buf []byte
	b.ReportAllocs()
	for i := range b.N {
		buf = AppendDouble(buf[:0], float64(i)*1.1/3)
	}
}
